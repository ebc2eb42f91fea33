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
from kg.text_reader import CLASSES, REFERENCE, tag_of

SHORTEST = 48
"""The fewest pieces to which a window is cut while training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence as numbers: its pieces with their shapes, for the first piece of each word its tag and -1 for others,
    and the mentions (begin, end, whether it is a name, entity)."""

    pieces: tuple[int, ...]
    shapes: tuple[int, ...]
    tags: tuple[int, ...]
    mentions: tuple[tuple[int, int, bool, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A passage as numbers."""

    lines: tuple[Line, ...]
    held_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Sentences as numbers: as in Line the pieces, and the mentions with their entities."""

    pieces: tuple[int, ...]
    shapes: tuple[int, ...]
    tags: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    entities: tuple[int, ...]
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
    return Text(lines=lines, held_out=passage.held_out)


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
            named = is_name(sentence.text[m.begin : m.end])
            mentions.append((covered[0][0], min(covered[-1][1], room), named, m.entity))
    return Line(
        pieces=tuple(pieces[:room]), shapes=tuple(shapes[:room]), tags=tuple(tags[:room]), mentions=tuple(mentions),
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


def _parts(text: Text, rng: random.Random | None) -> Iterator[_Part]:
    lines: list[Line] = []
    known, size = False, 2
    limit = rng.randint(SHORTEST, LONGEST) if rng is not None else LONGEST
    for line in text.lines:
        if len(lines) > known and size + len(line.pieces) > limit:
            yield _Part(lines=tuple(lines), known=known)
            last = lines[-1]
            known = len(last.pieces) + len(line.pieces) + 2 <= LONGEST
            lines = [last] if known else []
            size = 2 + sum(len(one.pieces) for one in lines)
            limit = rng.randint(SHORTEST, LONGEST) if rng is not None else LONGEST
        lines.append(line)
        size += len(line.pieces)
    yield _Part(lines=tuple(lines), known=known)


def _window(parts: Sequence[_Part], first: int, last: int) -> Window:
    pieces, shapes, tags = [first], [0], [-1]
    spans: list[tuple[int, int]] = []
    entities: list[int] = []
    sentences: list[int] = []
    references: list[tuple[int, tuple[int, ...]]] = []
    numbers: dict[tuple[int, str], int] = {}
    for nth, part in enumerate(parts):
        named: list[int] = []
        asked: list[int] = []
        for at, line in enumerate(part.lines):
            for begin, end, name, entity in line.mentions:
                if name:
                    named.append(len(spans))
                elif at >= part.known:
                    asked.append(len(spans))
                spans.append((len(pieces) + begin, len(pieces) + end))
                entities.append(numbers.setdefault((nth, entity), len(numbers)))
                sentences.append(at)
            pieces += line.pieces
            shapes += line.shapes
            tags += [-1] * len(line.tags) if part.known and not at else line.tags
        references += [(m, tuple(n for n in named if sentences[n] <= sentences[m])) for m in asked]
    pieces.append(last)
    return Window(
        pieces=tuple(pieces), shapes=(*shapes, 0), tags=(*tags, -1), spans=tuple(spans), entities=tuple(entities),
        lines=tuple(sentences), references=tuple(reference for reference in references if reference[1]),
    )  # fmt: skip
