"""A parsed text as the trained reader first sees it: its words in windows, and for each word the chances of its tags.

A tag tells whether a word begins or goes on with the name of a thing of some class, or with a reference (`tag_of`).
Tags are read before anything else is known of the text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kg.encoder import LONGEST, NAMING, Array, embedded, floats, load_encoder, pieces_in, shape_of, through
from kg.nlp import one_thread
from kg.types import Parse, Sentence

CLASSES: Mapping[str, int] = MappingProxyType(
    {"Person": 1, "Organization": 2, "Place": 3, "Country": 4, "Group": 5, "Work": 6, "Product": 7, "Event": 8}
)
REFERENCE = len(CLASSES) + 1
"""Stands in the tags where the classes stand, for pronouns and roles that mean somebody or something named."""
TAGS = 2 * REFERENCE + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence in a window: its number in the text, and for each of its tokens that is read, from the first on, where
    its pieces begin in the window; one more tells where they end."""

    sentence: int
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Sentences that are read at once; the first stood in the window before too where it is `known`."""

    lines: tuple[Line, ...]
    known: bool
    pieces: tuple[int, ...]
    shapes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReading:
    """The windows of a text, what the first layers make of each, and one row of chances of tags for each token."""

    windows: tuple[Window, ...]
    rows: tuple[Array, ...]
    tags: Array


def tag_of(number: int, *, begins: bool) -> int:
    """The tag of a word of a name of this class, or of a reference: 0 is neither, and each class has one for the first
    word and one for the others."""
    return 2 * number - int(begins)


def references_in(sentence: Sentence, tags: Array) -> Iterator[tuple[int, int]]:
    """Start and stop of the tokens of each reference that the likeliest tags of a sentence's words make."""
    best = tags[sentence.start : sentence.stop].argmax(axis=1).tolist()
    start: int | None = None
    for n, tag in enumerate([*best, 0]):
        if start is not None and tag != tag_of(REFERENCE, begins=False):
            yield sentence.start + start, sentence.start + n
            start = None
        if start is None and (tag + 1) // 2 == REFERENCE:
            start = n


def names_in(reading: TextReading) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """For each token the chance that it begins a name, and that it goes on with one, to two decimals."""
    begins, goes_on = reading.tags[:, 1 : TAGS - 2 : 2].sum(axis=1), reading.tags[:, 2 : TAGS - 2 : 2].sum(axis=1)
    return tuple(begins.round(2).tolist()), tuple(goes_on.round(2).tolist())


def shares(begins: NDArray[np.intp], ends: NDArray[np.intp], size: int) -> Array:
    """One row for each span of pieces: what each of `size` pieces has of it, so that the product is the span's mean;
    nothing for an empty span."""
    at = np.arange(size)
    inside = (at >= begins[:, None]) & (at < ends[:, None])
    found: Array = (inside / np.maximum(ends - begins, 1)[:, None]).astype(np.float32)
    return found


def read_text(parse: Parse) -> TextReading:
    """What the reader sees of a text."""
    windows = tuple(_windows(parse))
    tags = np.zeros((len(parse.tokens), TAGS), dtype=np.float32)
    tags[:, 0] = 1
    rows: tuple[Array, ...] = ()
    if windows:
        encoder = load_encoder()
        with one_thread():
            shapes = floats(NAMING, "shape")
            rows = tuple(
                through(
                    encoder.naming,
                    [embedded(encoder, encoder.naming, one.pieces, shapes[list(one.shapes)]) for one in windows],
                )
            )
            for one, vectors in zip(windows, rows, strict=True):
                for line in one.lines[one.known :]:
                    first = parse.sentences[line.sentence].start
                    worded = [n for n, (a, b) in enumerate(zip(line.starts, line.starts[1:], strict=False)) if a < b]
                    if worded:
                        tags[[first + n for n in worded]] = _chances(vectors[[line.starts[n] for n in worded]])
    return TextReading(windows=windows, rows=rows, tags=tags)


def _chances(vectors: Array) -> Array:
    weights, bias = _tagging()
    scores = vectors @ weights + bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Array = raised / raised.sum(axis=1, keepdims=True)
    return chances


@functools.lru_cache(maxsize=1)
def _tagging() -> tuple[Array, Array]:
    return floats(NAMING, "head.tag"), floats(NAMING, "head.tag.bias")


# ---------------------------------------------------------------- windows


@dataclass(frozen=True, slots=True)
class _Sentence:
    number: int
    pieces: tuple[int, ...]
    shapes: tuple[int, ...]
    starts: tuple[int, ...]


def _windows(parse: Parse) -> Iterator[Window]:
    """The sentences in windows of at most LONGEST pieces; each window begins with the last sentence of the one before,
    where there is room."""
    held: list[_Sentence] = []
    known = False
    for sentence in _sentences(parse):
        if len(held) > known and _size((*held, sentence)) > LONGEST:
            yield _window(held, known=known)
            known = _size((held[-1], sentence)) <= LONGEST
            held = held[-1:] if known else []
        held.append(sentence)
    if held:
        yield _window(held, known=known)


def _size(sentences: Iterable[_Sentence]) -> int:
    return 2 + sum(len(one.pieces) for one in sentences)


def _sentences(parse: Parse) -> Iterator[_Sentence]:
    room = LONGEST - 2
    for number, sentence in enumerate(parse.sentences):
        pieces: list[int] = []
        shapes: list[int] = []
        starts: list[int] = []
        for token in parse.tokens[sentence.start : sentence.stop]:
            word = known_pieces(token.text)
            if len(pieces) + len(word) > room:
                break
            starts.append(len(pieces))
            pieces += word
            shapes += [shape_of(token.text)] * len(word)
        if pieces:
            yield _Sentence(number, tuple(pieces), tuple(shapes), (*starts, len(pieces)))


def _window(held: Sequence[_Sentence], *, known: bool) -> Window:
    encoder = load_encoder()
    pieces, shapes = [encoder.first], [0]
    lines: list[Line] = []
    for one in held:
        lines.append(Line(sentence=one.number, starts=tuple(len(pieces) + start for start in one.starts)))
        pieces += one.pieces
        shapes += one.shapes
    return Window(lines=tuple(lines), known=known, pieces=(*pieces, encoder.last), shapes=(*shapes, 0))


@functools.lru_cache(maxsize=20_000)
def known_pieces(word: str) -> tuple[int, ...]:
    """The pieces of a word."""
    return pieces_in(load_encoder().vocabulary, word)
