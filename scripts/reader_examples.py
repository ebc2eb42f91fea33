"""The marked passages as windows of numbers, for scripts/train_text_reader.py: what kg/text_reader.py sees of a text.

A window is some sentences that follow each other.  It is cut anew for every round, so that the same sentence is read
now at the start and now behind others; short passages share a window, as what stands beside a sentence must not matter
where it is another matter.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from passages import Marking, Passage, is_name, passages

from kg import encoder, nlp
from kg.encoder import LONGEST
from kg.relation_reader import KINDS, MODES
from kg.text_reader import CLASSES, REFERENCE, tag_of

SYMMETRIC = frozenset(
    "met talkedWith spouseOf relativeOf alliedWith mergedWith signedAgreementWith competedWith".split()
)
RELATIONS = sorted(
    "leads memberOf worksFor speaksFor citizenOf livesIn bornIn basedIn locatedIn partOf owns relativeOf spouseOf "
    "childOf founded alliedWith supports opposes studiedAt met talkedWith visited participatedIn authored published "
    "criticized accused praised threatened warned urged attacked killed injured rescued arrested charged convicted "
    "sentenced sued sanctioned appointed replaced resignedFrom elected succeeded joined left acquired investedIn "
    "mergedWith paid soldTo supplied launched signedAgreementWith defeated competedWith won".split()
)
COLUMN = {name: n for n, name in enumerate(RELATIONS)}
AUTHOR, UNNAMED = 0, 1
"""Whose word a fact is where it is no mention's."""
BACK = 2
"""Sentences before one in which a speaker and the other side of a fact are looked for."""
SHORTEST = 48
"""The fewest pieces to which a window is cut while training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence as numbers: its pieces with their shapes, for the first piece of each word its tag and -1 for others,
    the mentions (begin, end, class and kind, entity), and what is marked."""

    pieces: tuple[int, ...]
    shapes: tuple[int, ...]
    tags: tuple[int, ...]
    mentions: tuple[tuple[int, int, int, str], ...]
    marking: Marking


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A passage as numbers."""

    lines: tuple[Line, ...]
    sourced: bool
    held_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Two mentions: the relations that hold (each fact by its alternatives), the mode or -1, whose word it is.

    `source` is None where that is not known, else AUTHOR, UNNAMED or the mentions of the speaker; `heard` are the
    mentions that may be the speaker.  `apart` counts the sentences from one mention to the other.
    """

    i: int
    j: int
    apart: int
    facts: tuple[tuple[int, ...], ...]
    mode: int
    source: int | tuple[int, ...] | None
    heard: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Sentences as numbers: as in Line the pieces, the mentions with their entities, and the pairs of them."""

    pieces: tuple[int, ...]
    shapes: tuple[int, ...]
    tags: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    kinds: tuple[int, ...]
    entities: tuple[int, ...]
    pairs: tuple[Labelled, ...]
    lines: tuple[int, ...]
    """The sentence of each mention."""
    references: tuple[tuple[int, tuple[int, ...]], ...]
    """Mentions that are no names, each with the names that it may mean: those of its passage up to its sentence."""


def texts(vocabulary: dict[str, int]) -> list[Text]:
    """All passages."""
    tokenize = nlp.load().make_doc
    return [_text(passage, vocabulary, tokenize) for passage in passages()]


def _text(passage: Passage, vocabulary: dict[str, int], tokenize: Callable[[str], Any]) -> Text:
    lines = tuple(_line(sentence, vocabulary, tokenize) for sentence in passage.sentences)
    return Text(lines=lines, sourced=passage.sourced, held_out=passage.held_out)


def _line(sentence: Marking, vocabulary: dict[str, int], tokenize: Callable[[str], Any]) -> Line:
    pieces: list[int] = []
    shapes: list[int] = []
    tags: list[int] = []
    at: list[tuple[int, int, int, int]] = []
    numbers = [CLASSES[m.type] if is_name(sentence.text[m.begin : m.end]) else REFERENCE for m in sentence.mentions]
    marked = list(zip(sentence.mentions, numbers, strict=True))
    for token in tokenize(sentence.text):
        begin = len(pieces)
        pieces += encoder.pieces_in(vocabulary, token.text)
        shapes += [encoder.shape_of(token.text)] * (len(pieces) - begin)
        if len(pieces) > begin:
            end = token.idx + len(token)
            here = next(((m, number) for m, number in marked if m.begin < end and token.idx < m.end), None)
            tag = tag_of(here[1], begins=here[0].begin >= token.idx) if here else 0
            tags += [tag, *[-1] * (len(pieces) - begin - 1)]
        at.append((token.idx, token.idx + len(token), begin, len(pieces)))
    room = LONGEST - 2
    mentions = []
    for m in sentence.mentions:
        covered = [(a, b) for begin, end, a, b in at if begin < m.end and end > m.begin]
        if covered and covered[0][0] < min(covered[-1][1], room):
            words = sentence.text[m.begin : m.end]
            kind = "name" if is_name(words) else "nominal" if " " in words else "pronoun"
            number = CLASSES[m.type] * len(KINDS) + KINDS[kind]
            mentions.append((covered[0][0], min(covered[-1][1], room), number, m.entity))
    return Line(
        pieces=tuple(pieces[:room]), shapes=tuple(shapes[:room]), tags=tuple(tags[:room]), mentions=tuple(mentions),
        marking=sentence,
    )  # fmt: skip


# ---------------------------------------------------------------- windows


def windows(found: Sequence[Text], ends: tuple[int, int], rng: random.Random | None) -> list[Window]:
    """The passages cut into windows; with `rng` each as long as chance will have it, and short ones together."""
    first, last = ends
    parts = [part for text in found for part in _parts(text, rng)]
    if rng is not None:
        rng.shuffle(parts)
    made: list[Window] = []
    together: list[_Part] = []
    size, limit = 2, LONGEST
    for part in parts:
        length = sum(len(line.pieces) for line in part.lines)
        if together and (rng is None or size + length > limit):
            made.append(_window(together, first, last))
            together, size = [], 2
        if not together and rng is not None:
            limit = rng.randint(SHORTEST, LONGEST)
        together.append(part)
        size += length
    if together:
        made.append(_window(together, first, last))
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Lines of one passage that are read together; of the first one nothing is asked where it is `known`."""

    lines: tuple[Line, ...]
    known: bool
    sourced: bool


def _parts(text: Text, rng: random.Random | None) -> Iterator[_Part]:
    lines: list[Line] = []
    known, size = False, 2
    limit = rng.randint(SHORTEST, LONGEST) if rng is not None else LONGEST
    for line in text.lines:
        if len(lines) > known and size + len(line.pieces) > limit:
            yield _Part(lines=tuple(lines), known=known, sourced=text.sourced)
            last = lines[-1]
            known = len(last.pieces) + len(line.pieces) + 2 <= LONGEST
            lines = [last] if known else []
            size = 2 + sum(len(one.pieces) for one in lines)
            limit = rng.randint(SHORTEST, LONGEST) if rng is not None else LONGEST
        lines.append(line)
        size += len(line.pieces)
    yield _Part(lines=tuple(lines), known=known, sourced=text.sourced)


def _window(parts: Sequence[_Part], first: int, last: int) -> Window:
    pieces, shapes, tags = [first], [0], [-1]
    spans: list[tuple[int, int]] = []
    kinds: list[int] = []
    entities: list[int] = []
    pairs: list[Labelled] = []
    sentences: list[int] = []
    references: list[tuple[int, tuple[int, ...]]] = []
    numbers: dict[tuple[int, str], int] = {}
    for nth, part in enumerate(parts):
        lines: list[list[int]] = []
        before = len(spans)
        for at, line in enumerate(part.lines):
            here = []
            for begin, end, kind, entity in line.mentions:
                here.append(len(spans))
                spans.append((len(pieces) + begin, len(pieces) + end))
                kinds.append(kind)
                entities.append(numbers.setdefault((nth, entity), len(numbers)))
            lines.append(here)
            sentences += [at] * len(here)
            pieces += line.pieces
            shapes += line.shapes
            tags += [-1] * len(line.tags) if part.known and not at else line.tags
        named = tuple(m for m in range(before, len(spans)) if kinds[m] % len(KINDS) == KINDS["name"])
        asked = [m for at, here in enumerate(lines) if at >= part.known for m in here if m not in named]
        references += [(m, tuple(n for n in named if sentences[n] <= sentences[m])) for m in asked]
        names = {number: entity for (of, entity), number in numbers.items() if of == nth}
        pairs += _pairs(part, lines, [names.get(number, "") for number in entities])
    pieces.append(last)
    return Window(
        pieces=tuple(pieces), shapes=(*shapes, 0), tags=(*tags, -1), spans=tuple(spans), kinds=tuple(kinds),
        entities=tuple(entities), pairs=tuple(pairs), lines=tuple(sentences),
        references=tuple(reference for reference in references if reference[1]),
    )  # fmt: skip


def _pairs(part: _Part, lines: Sequence[Sequence[int]], names: Sequence[str]) -> Iterator[Labelled]:
    for at, (line, here) in enumerate(zip(part.lines, lines, strict=True)):
        if at >= part.known:
            for i in here:
                for j in here:
                    if names[i] != names[j]:
                        yield _labelled(part, lines, names, line, at, (i, j, 0))
        if part.sourced:
            for i, j, apart in _across(lines, names, at):
                yield _labelled(part, lines, names, line, at, (i, j, apart))


def _across(lines: Sequence[Sequence[int]], entities: Sequence[str], at: int) -> Iterator[tuple[int, int, int]]:
    """Pairs of a mention of sentence `at` and the last mention, up to BACK sentences before, of an entity that it does
    not mention, both ways; with the sentences from one to the other."""
    here = {entities[m] for m in lines[at]}
    for apart in range(1, min(BACK, at) + 1):
        for m in {entities[m]: m for m in lines[at - apart]}.values():
            if entities[m] not in here:
                for other in lines[at]:
                    yield m, other, apart
                    yield other, m, apart
        here |= {entities[m] for m in lines[at - apart]}


def _labelled(
    part: _Part, lines: Sequence[Sequence[int]], names: Sequence[str], line: Line, at: int, pair: tuple[int, int, int]
) -> Labelled:
    i, j, apart = pair
    a, b = names[i], names[j]
    held = [
        (fact.relations if (fact.subject, fact.object) == (a, b) else tuple(SYMMETRIC & {*fact.relations}), fact)
        for fact in line.marking.facts
        if (fact.subject, fact.object) == (a, b)
        or (fact.object, fact.subject) == (a, b) and SYMMETRIC & {*fact.relations}
    ]  # fmt: skip
    heard = tuple(m for before in range(max(0, at - BACK), at + 1) for m in lines[before])
    source: int | tuple[int, ...] | None = None
    if held and part.sourced:
        word = held[0][1].source
        speakers = tuple(m for m in heard if names[m] == word)
        source = AUTHOR if not word else UNNAMED if word == "?" else speakers or None
    return Labelled(
        i=i, j=j, apart=apart, facts=tuple(tuple(sorted(COLUMN[name] for name in told)) for told, _ in held),
        mode=MODES.index(held[0][1].mode) if held else -1, source=source, heard=heard,
    )  # fmt: skip
