"""Files, folders, JSON Lines, HTML and PDF -> Documents.

What cannot be read comes back as a Skip with one clear sentence; only a path that does not exist raises.  The
text of a text file or of a JSON Lines record is stored as it stands (a byte order mark is dropped).  Where a
file's mojibake is mended, that happens before anything counts offsets, and a Note says so.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal

from kg.blocks import blocks_of
from kg.dateline import dateline, day_of
from kg.decode import Decoded, UnreadableError, decode_html, decode_pdf, decode_text
from kg.errors import InputError, one_line
from kg.ids import digest, slug
from kg.packed import open_packed
from kg.types import Document, Skip

MEGABYTE = 1_000_000
LIMIT = 20 * MEGABYTE
"""Bytes of the largest document that is read."""
TORN = re.compile(r"[\ud800-\udfff]")

Format = Literal["text", "html", "pdf", "lines"]
FORMATS: tuple[tuple[str, Format], ...] = (
    (".txt", "text"), (".text", "text"), (".md", "text"),
    (".html", "html"), (".htm", "html"), (".xhtml", "html"),
    (".pdf", "pdf"),
    (".jsonl", "lines"), (".ndjson", "lines"), (".jsonl.gz", "lines"),
)  # fmt: skip
DECODERS: dict[Format, Callable[[bytes], Decoded]] = {"text": decode_text, "html": decode_html, "pdf": decode_pdf}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a user should know of a document that was read: its encoding, mended mojibake, a date that is none."""

    path: str
    text: str


Report = Callable[[Note], None]


def read(
    paths: Sequence[str | Path],
    *,
    date: dt.date | None = None,
    limit: int = LIMIT,
    report: Report | None = None,
) -> Iterator[Document | Skip]:
    """The documents of files and folders, one at a time; a Skip stands where one cannot be read.

    Files come in the order given, those of a folder sorted by name, hidden ones left out; a document that was
    there already (the same name and content, or the same id) is skipped.  `date` is for documents that tell
    none; `limit` is the most bytes of one document; `report` is called with a Note on what was read with a
    reservation.

    Raises InputError, before anything is read, when a path does not exist.
    """
    roots = [Path(path) for path in paths]
    for root in roots:
        if not os.path.lexists(root):
            raise InputError(f"{root}: no such file or folder")
    return _unique(_dated(_read_all(roots, limit, report or _ignore), date))


def document_of(
    text: str,
    *,
    id: str | None = None,  # noqa: A002 - the field's name
    title: str | None = None,
    date: dt.date | None = None,
    url: str | None = None,
    publisher: str | None = None,
    path: str | None = None,
) -> Document:
    """The document of a plain text, with its blocks; without an id the text's digest is one."""
    return Document(
        id=id or digest(text),
        text=text,
        blocks=blocks_of(text),
        title=title,
        date=date,
        url=url,
        publisher=publisher,
        path=path,
    )


def read_line(
    line: bytes, where: str, *, date: dt.date | None = None, limit: int = LIMIT, report: Report | None = None
) -> Document | Skip:
    """The document of one line of JSON Lines that stands at `where`; `date` is for one that tells none, `limit` the
    most bytes of a line."""
    if len(line) > limit:
        return _long_line(where, limit)
    return next(_dated([_record(line, where, report or _ignore)], date))


def _ignore(note: Note) -> None:
    """Does nothing: the report of a caller who wants none."""


# ---------------------------------------------------------------- files and folders


def _read_all(roots: Sequence[Path], limit: int, report: Report) -> Iterator[Document | Skip]:
    for root in roots:
        if not root.is_dir():
            yield from _read_file(root, _format_of(root) or _sniffed(root), limit, report)
            continue
        empty = True
        for found in _files(root):
            empty = False
            if isinstance(found, Skip):
                yield found
            else:
                yield from _read_file(found, _format_of(found), limit, report)
        if empty:
            yield Skip(path=str(root), reason="the folder holds no file to read")


def _files(folder: Path) -> Iterator[Path | Skip]:
    """The files under a folder, sorted; hidden ones and sidecars left out.  Links are never followed out of it."""
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield Skip(path=str(folder), reason=f"cannot be read ({error.strerror})")
        return
    names = {path.name for path in entries}
    for path in entries:
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            problem = _link_problem(path, folder)
            if problem:
                yield Skip(path=str(path), reason=problem)
                continue
        if path.is_dir():
            yield from _files(path)
        elif not (path.suffix == ".json" and any(path.stem + suffix in names for suffix, _ in FORMATS)):
            yield path


def _link_problem(path: Path, folder: Path) -> str:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "a link that leads nowhere"
    if target.is_dir():
        return "a link to a folder is not followed"
    return "" if target.is_relative_to(folder.resolve()) else "a link out of the folder is not followed"


def _format_of(path: Path) -> Format | None:
    name = path.name.lower()
    return next((kind for suffix, kind in FORMATS if name.endswith(suffix)), None)


def _sniffed(path: Path) -> Format | None:
    """The format of a file without a known ending, by how it begins."""
    if path.suffix.lower() == ".json" or not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            head = stream.read(1024).lstrip().lower()
    except OSError:
        return "text"  # reading it will say why it cannot be read
    if head.startswith(b"%pdf-"):
        return "pdf"
    if head.startswith(b"{") and b'"text"' in head:
        return "lines"
    return "html" if head.startswith((b"<!doctype html", b"<html")) else "text"


def _read_file(path: Path, kind: Format | None, limit: int, report: Report) -> Iterator[Document | Skip]:
    try:
        if not path.is_file():
            yield Skip(path=str(path), reason="no regular file" if path.exists() else "a link that leads nowhere")
        elif kind is None and path.suffix.lower() == ".json":
            yield Skip(path=str(path), reason="a .json file without its text; documents in JSON are read from .jsonl")
        elif kind is None:
            yield Skip(path=str(path), reason="no text, HTML, PDF or JSON Lines file by its name")
        elif kind == "lines":
            yield from _read_lines(path, limit, report)
        else:
            yield _read_one(path, kind, limit, report)
    except (OSError, EOFError, zlib.error) as error:
        yield Skip(path=str(path), reason=f"cannot be read ({getattr(error, 'strerror', None) or error})")


def _read_one(path: Path, kind: Format, limit: int, report: Report) -> Document | Skip:
    where = str(path)
    size = path.stat().st_size
    if size > limit:
        return Skip(path=where, reason=f"{size / MEGABYTE:.1f} MB, over the limit of {limit / MEGABYTE:g} MB")
    data = path.read_bytes()
    if not data.strip():
        return Skip(path=where, reason="the file is empty")
    try:
        decoded = DECODERS[kind](data)
        beside = _sidecar(path, report)
    except UnreadableError as problem:
        return Skip(path=where, reason=str(problem))
    for note in decoded.notes:
        report(Note(path=where, text=note))
    known = _Known(
        title=beside.title or decoded.title,
        date=beside.date or decoded.date,
        url=beside.url or decoded.url,
        publisher=beside.publisher or decoded.publisher,
    )
    # The folder is left out, so that a graph does not depend on where its texts lay.
    name = f"{slug(path.stem)}-{digest(path.name, decoded.text, *dataclasses.astuple(known))}"
    return _checked(_document(decoded.text, name, where, known))


def _document(text: str, name: str, where: str, known: _Known) -> Document:
    return document_of(
        text, id=name, path=where, title=known.title, date=known.date, url=known.url, publisher=known.publisher
    )


# ---------------------------------------------------------------- what is known of a document


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None
    publisher: str | None = None


def _sidecar(path: Path, report: Report) -> _Known:
    """What `name.json` beside `name.txt` tells.  A broken one raises UnreadableError: a document without its date is
    read wrongly, and silently."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return _Known()
    if beside.is_symlink() and not path.is_symlink() and (problem := _link_problem(beside, beside.parent)):
        raise UnreadableError(f"its sidecar {one_line(beside.name)}: {problem}")
    if beside.stat().st_size > MEGABYTE:
        raise UnreadableError(f"its sidecar {one_line(beside.name)} is larger than 1 MB")
    try:
        record = json.loads(beside.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"its sidecar {beside.name} is no JSON ({error})") from error
    if not isinstance(record, dict):
        raise UnreadableError(f"its sidecar {beside.name} is no JSON object")
    return _known(record, str(beside), report)


def _known(record: dict[str, Any], where: str, report: Report) -> _Known:
    texts: dict[str, str | None] = {}
    for name in ("title", "date", "url", "publisher"):
        value = record.get(name)
        if value is not None and (not isinstance(value, str) or _is_torn(value)):
            report(Note(path=where, text=f"its {name} is no text and was left out"))
            value = None
        texts[name] = value.strip() or None if value else None
    written = texts.pop("date")
    day = day_of(written) if written else None
    if written and day is None:
        report(Note(path=where, text=f"its date '{one_line(written, longest=60)}' names no day and was left out"))
    return _Known(date=day, **texts)


# ---------------------------------------------------------------- JSON Lines


def _read_lines(path: Path, limit: int, report: Report) -> Iterator[Document | Skip]:
    number = 0
    empty = True
    with open_packed(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
        while line := stream.readline(limit + 1):
            number += 1
            where = f"{path}:{number}"
            if len(line) > limit:
                _drain(stream, line, limit)
                empty = False
                yield _long_line(where, limit)
                continue
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                empty = False
                yield _record(line, where, report)
    if empty:
        yield Skip(path=str(path), reason="the file is empty")


def _long_line(where: str, limit: int) -> Skip:
    return Skip(path=where, reason=f"a line over the limit of {limit / MEGABYTE:g} MB")


def _drain(stream: BinaryIO, line: bytes, limit: int) -> None:
    """Reads on to the end of a line that is too long."""
    while line and not line.endswith(b"\n"):
        line = stream.readline(limit + 1)


def _record(line: bytes, where: str, report: Report) -> Document | Skip:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Skip(path=where, reason="the line is not UTF-8")
    except (ValueError, RecursionError) as error:
        return Skip(path=where, reason=f"the line is no JSON ({error})")
    if not isinstance(record, dict):
        return Skip(path=where, reason="the line is no JSON object")
    text, name = record.get("text"), record.get("id")
    if not isinstance(text, str):
        return Skip(path=where, reason="the record has no 'text'")
    if name is not None and not isinstance(name, (str, int)):
        return Skip(path=where, reason="the record's 'id' is neither string nor number")
    if _is_torn(text) or _is_torn(str(name)):
        return Skip(path=where, reason="the record holds half a surrogate pair, which is no character")
    return _checked(_document(text, digest(text) if name is None else str(name), where, _known(record, where, report)))


def _is_torn(text: str) -> bool:
    r"""Whether the text holds half a surrogate pair (JSON "\\ud83d"), which no file can be written with."""
    return TORN.search(text) is not None


def _checked(document: Document) -> Document | Skip:
    """The document, with the title and date that its first lines give where nothing else does."""
    where = document.path or document.id
    if not document.text.strip():
        return Skip(path=where, reason="holds no text")
    readable = [block for block in document.blocks if block.kind != "furniture"]
    if not readable:
        return Skip(path=where, reason="holds nothing but page furniture (menus, credits, links)")
    first = readable[0]
    headed = document.title is None and first.kind == "heading" and len(readable) > 1
    return replace(
        document,
        title=" ".join(document.text[first.begin : first.end].split()) if headed else document.title,
        date=document.date or dateline(document.text),
    )


# ---------------------------------------------------------------- over all documents


def _dated(records: Iterable[Document | Skip], date: dt.date | None) -> Iterator[Document | Skip]:
    for record in records:
        yield replace(record, date=date) if isinstance(record, Document) and record.date is None else record


def _unique(records: Iterable[Document | Skip]) -> Iterator[Document | Skip]:
    seen: dict[str, tuple[str, str]] = {}
    for record in records:
        if isinstance(record, Document):
            where, content = record.path or record.id, digest(record.text)
            if record.id in seen:
                earlier, its_content = seen[record.id]
                name = one_line(record.id, longest=60)
                said = "the same document as" if content == its_content else f"its id '{name}' is that of"
                yield Skip(path=where, reason=f"{said} {earlier}")
                continue
            seen[record.id] = (where, content)
        yield record
