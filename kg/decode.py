"""Bytes -> text: encodings told apart, the article taken out of an HTML page, the text out of a PDF.

Every function returns its result or raises UnreadableError, whose message is one clear sentence.  What reads pages and
PDFs is imported where one is read: a build of plain texts does without.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import ftfy
from ftfy.badness import is_bad

from kg.dateline import day_of
from kg.errors import one_line

# What news in English was written in before UTF-8; a free search takes short texts for rare code pages.
ENCODINGS = ("cp1252", "cp1250", "cp1251", "koi8_r", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
CHARSET = re.compile(rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
DETECTION_BYTES = 200_000
# htmldate compares with today unless told otherwise; a result must not depend on the day of the run.
DATE_SEARCH = {"original_date": True, "extensive_search": False, "min_date": "1900-01-01", "max_date": "2200-01-01"}
# A broken PDF fails deep inside pypdf, in any of these ways and those of its own.
PDF_ERRORS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, RecursionError,
    TypeError, ValueError, zlib.error,
)  # fmt: skip

LONGEST_REASON = 400
"""Characters of a reason: what a parser says may repeat the whole input."""
PDF_STEPS = 1_000_000
"""Operators that a PDF is drawn with, over all pages: a page of text takes some hundreds, and a second 15,000."""

logging.getLogger("pypdf").addHandler(logging.NullHandler())


class UnreadableError(Exception):
    """The bytes hold no text that can be read; the message says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(one_line(reason, longest=LONGEST_REASON))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text with what its file tells of it; `notes` are reservations, each one sentence without a full stop."""

    text: str
    notes: tuple[str, ...] = ()
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None
    publisher: str | None = None


def decode_text(data: bytes) -> Decoded:
    """The text of a plain text file: verbatim but for a byte order mark and mended mojibake."""
    text, notes = _characters(data)
    return _mended(Decoded(text=text, notes=notes))


def decode_html(data: bytes) -> Decoded:
    """The article of an HTML page with the title, date, address and publisher that the page gives."""
    import trafilatura

    declared = CHARSET.search(data[:4096])
    page, notes = _characters(data, declared[1].decode("ascii") if declared else None)
    try:
        found = trafilatura.bare_extraction(
            page, with_metadata=True, include_comments=False, date_extraction_params=dict(DATE_SEARCH)
        )
    except AssertionError:  # htmldate removes frames, also one that is the whole page
        found = None
    # A page too small for the article to stand out is taken whole; its furniture is told by its lines.
    text = (getattr(found, "text", None) or "").strip() or trafilatura.html2txt(page).strip()
    if not text:
        raise UnreadableError("the page holds no text")
    known = {name: getattr(found, name, None) or None for name in ("title", "url", "sitename", "hostname", "date")}
    return _mended(
        Decoded(
            text=text,
            notes=notes,
            title=known["title"],
            date=day_of(known["date"]) if known["date"] else None,
            url=known["url"],
            publisher=known["sitename"] or known["hostname"],
        )
    )


def decode_pdf(data: bytes) -> Decoded:
    """The text of a PDF, page after page, with its title where the file gives one."""
    import pypdf
    from pypdf.errors import DeprecationError, PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF is locked by a password")
        count = _counter(PDF_STEPS)
        pages = [page.extract_text(visitor_operand_before=count).strip() for page in reader.pages]
        title = reader.metadata.title if reader.metadata else None
    except (*PDF_ERRORS, PyPdfError, DeprecationError) as error:
        raise UnreadableError(f"the PDF is broken ({type(error).__name__}: {error})") from error
    text = "\n\n".join(page for page in pages if page)
    if not text:
        raise UnreadableError("the PDF holds no text (a scan?)")
    # Programs that print to PDF write the name of their file for a title.
    named = title and " " in title.strip() and not re.search(r"\.\w{2,4}\Z|\AMicrosoft Word", title)
    return _mended(Decoded(text=text, title=title if named else None))


def _counter(most: int) -> Callable[[object, object, object, object], None]:
    """Raises UnreadableError when called more often: a page or a form may be drawn again and again in a small file."""
    steps = 0

    def count(operator: object, *_: object) -> None:
        nonlocal steps
        steps += 100 if operator == b"Do" else 1  # a form is read anew each time that it is drawn
        if steps > most:
            raise UnreadableError(f"the PDF is drawn in more than {most:,} steps")

    return count


# ---------------------------------------------------------------- characters


def _characters(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of the bytes, and a note when it is not plain UTF-8."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text, wrong = _forced(data[len(mark) :] if encoding == "utf-8" else data, encoding)
            return text.removeprefix("\ufeff"), (() if encoding == "utf-8" else (f"read as {encoding}",)) + wrong
    if _is_binary(data):
        raise UnreadableError("a binary file, no text")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    if declared and declared.lower() not in ("utf-8", "utf8"):
        try:
            return data.decode(declared), (f"read as {declared.lower()}, not UTF-8",)
        except (LookupError, UnicodeDecodeError):
            pass
    text = data.decode("utf-8", "replace")
    if 200 * text.count("\ufffd") < sum(c > "\x7f" for c in text):  # UTF-8 with an accident in it
        return text, (f"{text.count(chr(0xFFFD))} bytes that are not UTF-8 were replaced",)
    encoding = _detected(data[:DETECTION_BYTES])
    text, wrong = _forced(data, encoding)
    return text, (f"read as {encoding}, not UTF-8", *wrong)


def _detected(data: bytes) -> str:
    """The encoding the bytes are most likely in, none of Unicode's."""
    # In English the few bytes beyond ASCII are quotes, dashes and accents: too few for statistics, which
    # take a short text for Turkish or Arabic, but easily seen to be right or wrong.
    beyond = sum(byte > 127 for byte in data)
    if 10 * beyond < len(data) and not is_bad(data.decode("cp1252", "replace").replace("\ufffd", "")):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(ENCODINGS)).best()
    if best is None:
        raise UnreadableError("its encoding cannot be told; save it as UTF-8")
    return best.encoding


def _forced(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, "replace")
    wrong = text.count("\ufffd")
    return text, ((f"{wrong} characters could not be read and were replaced",) if wrong else ())


def _is_binary(data: bytes) -> bool:
    head = data[:8192]
    return 50 * sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b\x1c\x1d\x1e" for byte in head) > len(head)


def _mended(decoded: Decoded) -> Decoded:
    """The same with mojibake ("donâ€™t") mended, line by line, before any offset is counted."""
    if not is_bad(decoded.text):
        return decoded
    lines = decoded.text.splitlines(keepends=True)
    mended = [ftfy.fix_encoding(line) if is_bad(line) else line for line in lines]
    changed = sum(a != b for a, b in zip(lines, mended, strict=True))
    if not changed:
        return decoded
    note = f"mojibake mended in {changed} line{'s' if changed > 1 else ''}; offsets count the mended text"
    return Decoded(
        text="".join(mended),
        notes=(*decoded.notes, note),
        title=ftfy.fix_encoding(decoded.title) if decoded.title else None,
        date=decoded.date,
        url=decoded.url,
        publisher=decoded.publisher,
    )
