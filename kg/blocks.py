"""Text -> blocks: the paragraphs of a document, its headings, and the furniture of the page it stood on.

A line is a block, unless the text is hard-wrapped: then the lines of a paragraph are one.  Blocks are trimmed
of white space, list markers and markup, so that a block begins with its first word.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from kg.types import Block, BlockKind

NOT_LATIN = re.compile("[\u0250-\U0010ffff]")
LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
SPACE = " \t\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
LEADING = re.compile(
    rf"(?:[{SPACE}]+|<[^<>]*>|\#{{1,6}}[{SPACE}]+|[*_]{{2,3}}(?=\S)"
    rf"|(?P<item>(?:[-–—*•·‣▪●◦○►▶✓]|\(?\d{{1,2}}[.)]|\([a-z]\)|\([ivx]+\))[{SPACE}]+(?=\S)|[•‣▪●◦►▶](?=\S)|—(?=\w)))*"
)
BLANKS = " \t\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff" + "".join(map(chr, (*range(0x2000, 0x200B), 0x202F, 0x205F)))
FINAL = re.compile(r"[.!?…][\"'”’»)\]*]*\Z")
SPEAKER = re.compile(r"[A-Z][A-Z.'’\-]*(?:[ ,]+[A-Z][A-Z.'’\-]*){0,5}:|Q:?\s")
TIME = re.compile(r"\(?\d{1,2}(?:[:.]\d{2})?(?::\d{2})?\s*(?:[AaPp]\.?[Mm]\.?)?(?:\s*\(?[A-Z]{2,4}\)?)?\)?")
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?"
DAY = rf"(?:{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {MONTH},? \d{{4}}|\d{{4}}-\d\d-\d\d)"
STAMP = re.compile(
    rf"(?:(?:published|updated|posted|last updated|modified)(?: on)?:? )?(?:{WEEKDAY},? )?{DAY}"
    rf"(?:[ ,T|·–-]+(?:at )?{TIME.pattern})?(?:[ |·–-]+(?:updated|published).*)?\.?",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"(?:[Ww]ritten |[Rr]eported )?[Bb][Yy]:? [A-Z][\w.'’-]*(?:(?: and |,? )[A-Z][\w.'’-]*){0,6}(?: \|.*)?"
)
BREADCRUMB = re.compile(r"(?<!\s)\s+[|›»>]\s+")
NAME_AND_ROLE = re.compile(
    r"(?:(?:[A-Z][\w.'’-]*|of|the|de|van|von|la|for|and) ){1,9}[A-Z][\w.'’-]*(?:, | [–-] |: )[A-Z]"
)
TAGS = re.compile(
    r"(?:\s*</?(?:table|tbody|thead|tr|td|th|div|p|li|ul|ol|br|hr|h[1-6]|figure|figcaption|section)\b[^<>]{0,300}>\s*)+",
    re.IGNORECASE,
)
DATELINE = re.compile(
    r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.-]+(?:[ /][A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.-]+){0,4}(?:, [A-Z][\w.’-]+(?: [A-Z][\w.’-]+)?)?"
    rf"(?:,? (?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH})(?:,? \d{{4}})?)?,?(?: \([\w /.]+\))?\s+[-–—]{{1,2}}\s+(?=\S)"
)
"""WASHINGTON –, NEW YORK, July 6 (Wire) -: where and when the text was written, no part of its first sentence."""
DATELINE_MARKS = re.compile(r"\s+[-–—]{1,2}\s+")
HEADING_WORDS = 15
FIRST_LINE_WORDS = 30
NARROWEST, WIDEST = 40, 110
WORD = re.compile(r"\S")
MARKS = re.compile(r"[\W_]*")
FURNITURE = 400
"""Characters of the longest line that may be furniture by its words."""
LONGEST = 20_000
"""Code points of the longest block: a parser's memory grows with it."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The tables of data/furniture.en.txt."""

    phrases: frozenset[str]
    openings: re.Pattern[str]
    lines: re.Pattern[str]
    credits: re.Pattern[str]
    menu: frozenset[str]
    teasers: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A stretch of the text on its way to a block; `item` says that a list marker stood before it."""

    begin: int
    end: int
    text: str
    item: bool


@functools.lru_cache(maxsize=1)
def patterns() -> Patterns:
    """The furniture patterns that come with the package."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    table = resources.files("kg").joinpath("data/furniture.en.txt").read_text(encoding="utf-8")
    for row in table.splitlines():
        if row.startswith("[") and row.endswith("]") and row[1:-1].isalpha():
            current = sections.setdefault(row[1:-1], [])
        elif row and not row.startswith("#"):
            current.append(row)
    return Patterns(
        phrases=frozenset(map(_bare, sections["phrases"])),
        openings=_either(sections["openings"]),
        lines=_either(sections["lines"]),
        credits=_either(f"{label}(?:s|ed)?(?: by)? ?:" for label in map(re.escape, sections["credits"])),
        menu=frozenset(map(_bare, sections["menu"])),
        teasers=_either(sections["teasers"]),
    )


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text, in order; they do not overlap, and none begins or ends with white space.

    A text of a single line is prose, whatever it looks like, as long as it holds a letter.
    """
    lines = [part for line in _joined(text, list(_lines(text))) for cell in _cells(line) for part in _parts(cell)]
    if sum(any(map(str.isalpha, line.text)) for line in lines) == 1:
        kinds: list[BlockKind] = ["prose" if any(map(str.isalpha, line.text)) else "furniture" for line in lines]
    else:
        lines = [_after_credit(line) for line in lines]
        kinds = _kinds(text, [_without_dateline(line) for line in lines])
    return tuple(block for line, kind in zip(lines, kinds, strict=True) for block in _split(line, kind))


# ---------------------------------------------------------------- lines


def _lines(text: str) -> Iterator[list[_Line]]:
    """The non-empty lines, in groups that blank lines keep apart."""
    group: list[_Line] = []
    last = 0
    for match in LINE.finditer(text):
        if re.search(r"\n\r?\n|\r\r|[\v\f\u2029]", text[last : match.start()]):
            yield group
            group = []
        last = match.end()
        line = _trimmed(text, match.start(), match.end())
        if line is None:
            yield group
            group = []
        else:
            group.append(line)
    yield group


def _trimmed(text: str, begin: int, end: int) -> _Line | None:
    raw = text[begin:end]
    leading = LEADING.match(raw)
    start = leading.end() if leading else 0
    stop = _end(raw)
    if start >= stop:  # nothing but marks
        stripped = raw.strip(BLANKS)
        if not stripped:
            return None
        start = raw.index(stripped)
        stop = start + len(stripped)
    item = bool(leading and leading["item"])
    return _Line(begin + start, begin + stop, raw[start:stop], item)


def _end(raw: str) -> int:
    """Where the words of a line end, before white space, markup and the marks of bold print."""
    stop = len(raw)
    while True:  # without copies of the line: it may be ten megabytes of tags
        while stop and raw[stop - 1] in BLANKS:
            stop -= 1
        tag = raw.rfind("<", 0, stop) if raw.endswith(">", 0, stop) else -1
        bold = re.search(r"[^\s*_][*_]{2,3}\Z", raw[max(0, stop - 4) : stop])
        if tag >= 0 and raw.find(">", tag, stop - 1) < 0:
            stop = tag
        elif bold:
            stop -= len(bold[0]) - 1
        else:
            return stop


def _joined(text: str, groups: list[list[_Line]]) -> Iterator[_Line]:
    """The lines, those of a wrapped paragraph joined into one."""
    width = _wrap_width(groups)
    for group in groups:
        open_line: _Line | None = None
        last: _Line | None = None
        for line in group:
            if open_line is None or last is None:
                open_line = line
            elif width and not line.item and _is_full(last, line, width):
                open_line = _Line(open_line.begin, line.end, text[open_line.begin : line.end], open_line.item)
            else:
                yield open_line
                open_line = line
            last = line
        if open_line is not None:
            yield open_line


def _cells(line: _Line) -> Iterator[_Line]:
    """The line, cut where markup of tables and paragraphs is left in it."""
    at = 0
    for tags in TAGS.finditer(line.text) if "<" in line.text else ():
        if at < tags.start():
            yield _Line(line.begin + at, line.begin + tags.start(), line.text[at : tags.start()], line.item)
        at = tags.end()
    if at < len(line.text):
        yield _Line(line.begin + at, line.end, line.text[at:], line.item)


def _parts(line: _Line) -> Iterator[_Line]:
    """The line, cut at a sentence end, a space or anywhere where it is too long for a block."""
    at = 0
    while len(line.text) - at > LONGEST:
        window = line.text[at : at + LONGEST]
        stop = max(window.rfind(mark) + 1 for mark in (". ", "! ", "? ")) or window.rfind(" ") + 1 or LONGEST
        part = window[:stop].rstrip()
        yield _Line(line.begin + at, line.begin + at + len(part), part, line.item)
        following = WORD.search(line.text, at + stop)
        at = following.start() if following else len(line.text)
    yield _Line(line.begin + at, line.end, line.text[at:], line.item)


def _wrap_width(groups: list[list[_Line]]) -> int:
    """The column at which the text is wrapped, 0 when it is not.

    A wrapped text is known by this: the next line's first word would not have fitted on the line, nearly
    always, and lines break in the middle of sentences.
    """
    pairs = [(a, b) for group in groups for a, b in itertools.pairwise(group)]
    lengths = sorted(len(line.text) for group in groups if len(group) > 1 for line in group)
    if len(pairs) < 2:
        return 0
    width = lengths[int(0.9 * (len(lengths) - 1))]
    if not NARROWEST <= width <= WIDEST:
        return 0
    full = [(a, b) for a, b in pairs if _is_full(a, b, width)]
    broken = [a for a, b in full if b.text[0].islower() and not FINAL.search(a.text)]
    # Last lines of sentences and headings are short, so not every pair is full.
    return width if len(full) >= 0.6 * len(pairs) and len(broken) >= max(1, 0.3 * len(full)) else 0


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    slack = width // 8  # proportional type and ragged right margins
    return len(line.text) + 1 + len(following.text.split(maxsplit=1)[0]) > width - slack


# ---------------------------------------------------------------- kinds


def _kinds(text: str, lines: list[_Line]) -> list[BlockKind]:
    table = patterns()
    latin = _is_latin(text)
    menus = _menus(lines, table)
    seen: set[str] = set()
    kinds: list[BlockKind] = []
    teasers = False
    for n, line in enumerate(lines):
        kind = _kind(line, first=not seen, latin=latin, table=table)
        bare = _bare(line.text)
        loose = kind == "heading" or (kind == "prose" and not FINAL.search(line.text) and len(line.text) < 160)
        teasers = (teasers and (loose or kind == "furniture")) or bool(seen and table.teasers.fullmatch(bare))
        # A headline comes again in menus and teasers; a list item may come again in another list.
        repeated = kind == "heading" and not line.item and bare in seen
        kinds.append("furniture" if repeated or teasers or n in menus else kind)
        if kind != "furniture":
            seen.add(bare)
    return kinds


def _kind(line: _Line, *, first: bool, latin: bool, table: Patterns) -> BlockKind:
    text = line.text
    if _is_furniture(line, latin=latin, table=table):
        return "furniture"
    words = text.split()
    if line.item or FINAL.search(text) or SPEAKER.match(text):
        return "prose"
    if first and len(words) <= FIRST_LINE_WORDS:
        return "heading"
    if NAME_AND_ROLE.match(text):
        return "prose"
    if text[-1] in ",;–—-" and not text.isupper():
        return "prose"  # goes on in the next line
    if text[-1] == ":" and len(words) > 6 and not _is_title_case(words):
        return "prose"
    return "heading" if len(words) <= HEADING_WORDS else "prose"


def _is_furniture(line: _Line, *, latin: bool, table: Patterns) -> bool:
    text = line.text
    bare = _bare(text)
    if not any(map(str.isalpha, re.sub(r"<[^<>]*>", "", text))) or bare in table.phrases:
        return True
    if latin and not _is_latin(text):
        return True
    if STAMP.fullmatch(text) or TIME.fullmatch(text) or BYLINE.fullmatch(text):
        return True
    lowered = text.casefold()
    if len(text) < FURNITURE and not line.item and (table.openings.match(lowered) or table.credits.match(lowered)):
        return True
    if table.lines.fullmatch(lowered):
        return True
    return _is_breadcrumb(text)


def _is_breadcrumb(text: str) -> bool:
    parts = BREADCRUMB.split(text) if len(text) < FURNITURE else ()
    return len(parts) > 1 and not FINAL.search(text) and all(len(part.split()) <= 4 for part in parts)


def _menus(lines: list[_Line], table: Patterns) -> set[int]:
    """The numbers of lines that stand in a menu."""
    found: set[int] = set()
    run: list[int] = []
    for n in range(len(lines) + 1):
        if n < len(lines) and len(lines[n].text.split()) <= 4 and not re.search(r"[.!?,;:]\Z", lines[n].text):
            run.append(n)
            continue
        known = [m for m in run if (bare := _bare(lines[m].text)) in table.menu or bare in table.phrases]
        if len(run) >= 3 and len(known) >= max(2, len(run) / 4):
            found.update(run)
        run = []
    return found


def _after_credit(line: _Line) -> _Line:
    """The line without its "Photo:" where a whole sentence, a caption, follows."""
    label = patterns().credits.match(line.text.casefold())
    if label is None or len(line.text) != len(line.text.casefold()):
        return line
    rest = line.text[label.end() :].lstrip()
    if len(rest.split()) < 9 or not re.search(r"\b(?:[a-z]+(?:s|ed|ing)|is|are|was|were|has|had)\b", rest):
        return line
    begin = line.end - len(rest)
    return _Line(begin, line.end, rest, line.item)


def _without_dateline(line: _Line) -> _Line:
    head = DATELINE.match(line.text)
    return _Line(line.begin + head.end(), line.end, line.text[head.end() :], line.item) if head else line


def _split(line: _Line, kind: BlockKind) -> Iterator[Block]:
    """The block of a line; the place and day that open the first line of a dispatch are a block of their own."""
    rest = _without_dateline(line)
    if rest is not line and kind != "furniture":
        place = DATELINE_MARKS.split(line.text, maxsplit=1)[0]
        yield Block(begin=line.begin, end=line.begin + len(place), kind="dateline")
    yield Block(begin=rest.begin, end=rest.end, kind=kind)


# ---------------------------------------------------------------- helpers


def _bare(text: str) -> str:
    """The words in lower case, without the marks around them; in one go from each end, for there may be thousands."""
    if len(text) > FURNITURE:
        return text  # a paragraph, no menu's or heading's line
    folded = text.casefold().replace("’", "'")
    before, behind = MARKS.match(folded), MARKS.match(folded[::-1])
    begin, end = (before.end() if before else 0), len(folded) - (behind.end() if behind else 0)
    return " ".join(folded[begin:end].split())


def _either(expressions: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{e})" for e in expressions))


def _is_latin(text: str) -> bool:
    foreign = sum(map(str.isalpha, NOT_LATIN.findall(text)))
    return not foreign or 2 * foreign <= sum(map(str.isalpha, text))


def _is_title_case(words: list[str]) -> bool:
    long = [w for w in words if len(w) > 3 and w[0].isalpha()]
    return bool(long) and sum(w[0].isupper() for w in long) >= 0.7 * len(long)
