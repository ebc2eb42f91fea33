"""Who speaks in an interview or transcript, line by line ("Q: ...", "PRESIDENT ROE: ..."), and whose byline it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from kg.gazetteer import fold
from kg.referents import Context
from kg.types import Block

LABEL = re.compile(r"([A-Z\u00c0-\u00de][A-Z\u00c0-\u00de .'’-]*?)\s?:\s")
BYLINE = re.compile(r"By ([^,\d]{3,40}?)(?:,.*| in [A-Z].*)?")
LONGEST = 40
ANSWERS = frozenset({"a", "answer"})
ASKS = frozenset({"q", "question"})
OPENING_BLOCKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one speaker says: text[begin:end]; the entities of who speaks and who is spoken to, None while unknown."""

    begin: int
    end: int
    speaker: str | None
    hearer: str | None


def turns(context: Context) -> tuple[Turn, ...]:
    """The turns of an interview or transcript, none for a text that has not two labelled lines at least."""
    document = context.parse.document
    blocks = [b for b in document.blocks if b.kind != "furniture"]
    labels = [(n, label) for n, b in enumerate(blocks) if (label := _label(document.text[b.begin : b.end])) is not None]
    if len(labels) < 2:
        return ()
    named = [_bearer(context, label) for _, label in labels]
    questioned = any(fold(label) in ASKS for _, label in labels)
    answering = next((e for e in named if e is not None), None) or _most_named(context, blocks[labels[0][0]].begin)
    found: list[Turn] = []
    for k, (n, label) in enumerate(labels):
        stop = labels[k + 1][0] if k + 1 < len(labels) else n + 1
        speaker = answering if fold(label) in ANSWERS else named[k]
        asks = speaker is None
        begin = blocks[n].begin + len(label) + 1
        found.append(Turn(
            begin=begin, end=blocks[_last(blocks, n, stop)].end, speaker=speaker,
            hearer=answering if asks and (questioned or len({*named} - {None}) == 1) else None,
        ))  # fmt: skip
    return tuple(found)


def byline(context: Context) -> str | None:
    """The person whom a line of its own at the head of the text names as its author, "By Jane Roe", if the text itself
    names that person too."""
    document = context.parse.document
    for block in document.blocks[:OPENING_BLOCKS]:
        found = BYLINE.fullmatch(document.text[block.begin : block.end].strip())
        if found is not None:
            names = {e.id: e.name for e in context.entities.values() if e.type == "Person"}
            return next((i for i, name in sorted(names.items()) if name == found.group(1)), None)
    return None


def _label(text: str) -> str | None:
    found = LABEL.match(text[: LONGEST + 2])
    return found.group(1) if found is not None else None


def _bearer(context: Context, label: str) -> str | None:
    """The one person whose name the label says, titles left out."""
    last = fold(label).split()[-1] if label.split() else ""
    found = [
        e.id for e in context.entities.values()
        if e.type == "Person" and any(last in fold(a).split() for a in (e.name or "", *e.aliases) if a)
    ]  # fmt: skip
    longest = sorted(found, key=lambda i: (-len(context.entities[i].name or ""), i))
    return longest[0] if longest and len(last) > 1 else None


def _most_named(context: Context, before: int) -> str | None:
    """The person whom the text names most before an offset."""
    names = {m.start: m for m in context.at.values() if m.type == "Person" and m.kind == "name" and m.begin < before}
    ranked = Counter(e for m in names.values() for e in m.entities[:1]).most_common(2)
    clear = len(ranked) == 1 or len(ranked) > 1 and ranked[0][1] > ranked[1][1]
    return ranked[0][0] if ranked and clear else None


def _last(blocks: list[Block], n: int, stop: int) -> int:
    """The last block of a turn that begins with block n and ends before block `stop`."""
    at = n
    while at + 1 < stop and blocks[at + 1].kind == "prose":
        at += 1
    return at
