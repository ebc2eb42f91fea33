"""What a trained reader holds of each pair of mentions of a sentence: the chance of every relation, and the mode.

The reader is a small transformer (kg/encoder.py) with a head that looks at two mentions, at what stands between them
and at the kinds of the two.  `scripts/train_reader.py` trains it on news passages of our own in which all names and
relations are marked (scripts/data/passages).  What it says is never taken alone: it is one voice beside the rules.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kg.encoder import RELATING, Array, embedded, floats, gelu, load_arrays, load_encoder, through
from kg.nlp import one_thread
from kg.pair_features import Spot
from kg.referents import Context
from kg.text_reader import CLASSES, known_pieces, shares
from kg.types import Mention, MentionKind, Sentence

MODES: tuple[str, ...] = ("actual", "planned", "possible", "denied")
KINDS: Mapping[MentionKind, int] = MappingProxyType({"name": 0, "pronoun": 1, "nominal": 2, "demonym": 3})
LONGEST = 128
"""Pieces of a sentence that are read; what stands behind them is not."""
MANY = 30
"""Mentions in a sentence above which it is a list and not read."""
FAR, NEAR = 40, 3
"""Pieces between two mentions: more than FAR are as many, up to NEAR they stand side by side."""
FAINT = 0.02
"""Chances below this are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the reader holds of a relation of two entities in a sentence: its chance, where it is, in which mode."""

    chance: float
    subject: Spot
    object: Spot
    mode: str


Key = tuple[str, str, tuple[int, int]]
Reading = Mapping[Key, Mapping[str, Seen]]
"""(subject, object, span of the sentence) -> relation -> what is seen of it.  A pair that was not read is missing."""


def read_relations(context: Context, mentions: Iterable[Mention]) -> Reading:
    """What the reader holds of all pairs of entities that one sentence mentions."""
    by_sentence: dict[int, list[Spot]] = defaultdict(list)
    for m in mentions:
        if len(m.entities) == 1 and m.start < m.stop:
            by_sentence[context.parse.sentence_of[m.head]].append(_spot(context, m))
    found: dict[Key, dict[str, Seen]] = {}
    inputs = tuple(_inputs(context, by_sentence))
    if inputs:
        with one_thread():
            encoder = load_encoder()
            rows = through(
                encoder.relating, [embedded(encoder, encoder.relating, one.pieces, _kinds(one)) for one in inputs]
            )
            for one, vectors in zip(inputs, rows, strict=True):
                _judge(one, vectors, found)
    return found


def _spot(context: Context, m: Mention) -> Spot:
    return Spot(
        entity=m.entities[0], type=context.entities[m.entities[0]].type, kind=m.kind,
        begin=m.begin, end=m.end, start=m.start, stop=m.stop, head=m.head,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """A sentence for the reader: the pieces of its words, and each mention with the pieces it covers."""

    span: tuple[int, int]
    pieces: tuple[int, ...]
    spots: tuple[Spot, ...]
    spans: tuple[tuple[int, int], ...]


def _inputs(context: Context, by_sentence: Mapping[int, Sequence[Spot]]) -> Iterator[_Input]:
    for index, spots in sorted(by_sentence.items()):
        if len({spot.entity for spot in spots}) > 1 and len(spots) <= MANY:
            one = _input(context, context.parse.sentences[index], spots)
            if len(one.spots) > 1:
                yield one


def _input(context: Context, sentence: Sentence, spots: Sequence[Spot]) -> _Input:
    encoder = load_encoder()
    pieces = [encoder.first]
    starts: list[int] = []
    for token in context.parse.tokens[sentence.start : sentence.stop]:
        starts.append(len(pieces))
        pieces += known_pieces(token.text)
        if len(pieces) > LONGEST:
            break
    starts.append(len(pieces))
    pieces.append(encoder.last)
    end = min(len(pieces), LONGEST)
    placed: list[tuple[Spot, tuple[int, int]]] = []
    for spot in spots:
        first, behind = spot.start - sentence.start, spot.stop - sentence.start
        if first >= 0 and behind < len(starts) and starts[first] < min(starts[behind], end):
            placed.append((spot, (starts[first], min(starts[behind], end))))
    return _Input(
        span=(sentence.begin, sentence.end), pieces=tuple(pieces[:end]),
        spots=tuple(spot for spot, _ in placed), spans=tuple(span for _, span in placed),
    )  # fmt: skip


def _kinds(one: _Input) -> Array:
    """For each piece the vector of the class and kind of the mention that covers it, the last of several."""
    head = _head()
    kinds = np.zeros(len(one.pieces), dtype=np.intp)
    for spot, (a, b) in zip(one.spots, one.spans, strict=True):
        kinds[a:b] = _class_and_kind(spot)
    return head.kinds[kinds]


def _class_and_kind(spot: Spot) -> int:
    kind = spot.kind if spot.kind != "date" else "nominal"
    return CLASSES.get(spot.type, len(CLASSES) + 1) * len(KINDS) + KINDS[kind]


# ---------------------------------------------------------------- head


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The layer that looks at two mentions."""

    kinds: Array
    subject: Array
    subject_bias: Array
    object: Array
    between: Array
    place: Array
    one: Array
    one_bias: Array
    other: Array
    other_bias: Array
    both: Array
    relation: Array
    relation_bias: Array
    mode: Array
    mode_bias: Array
    relations: tuple[str, ...]


@functools.lru_cache(maxsize=1)
def _head() -> _Head:
    arrays = load_arrays(RELATING)
    kinds = floats(RELATING, "kind") * floats(RELATING, "kind.scale")[:, None]
    h = {
        name: floats(RELATING, f"head.{name}")
        for name in ("subject", "object", "between", "place", "one", "other", "both")
    }
    return _Head(
        kinds=kinds, **h, relation=floats(RELATING, "head.relation"), mode=floats(RELATING, "head.mode"),
        subject_bias=floats(RELATING, "head.subject.bias"), one_bias=floats(RELATING, "head.one.bias"),
        other_bias=floats(RELATING, "head.other.bias"), relation_bias=floats(RELATING, "head.relation.bias"),
        mode_bias=floats(RELATING, "head.mode.bias"),
        relations=tuple(bytes(arrays["relations"]).decode("ascii").split("\n")),
    )  # fmt: skip


def known_relations() -> tuple[str, ...]:
    """The relations that the reader knows."""
    return _head().relations


def _judge(one: _Input, vectors: Array, found: dict[Key, dict[str, Seen]]) -> None:
    """Puts the surest view of each relation of each pair of the sentence's entities into `found`."""
    pairs = np.array([(i, j) for i, a in enumerate(one.spots) for j, b in enumerate(one.spots) if _apart(a, b)])
    if not len(pairs):
        return
    chances, modes = _chances(vectors, np.array(one.spans), pairs)
    names = _head().relations
    for row, column in zip(*np.nonzero(chances >= FAINT), strict=True):
        a, b = one.spots[pairs[row][0]], one.spots[pairs[row][1]]
        seen = found.setdefault((a.entity, b.entity, one.span), {})
        chance, name = round(float(chances[row, column]), 3), names[column]
        if name not in seen or chance > seen[name].chance:
            seen[name] = Seen(chance=chance, subject=a, object=b, mode=MODES[modes[row]])
    for i, j in pairs:
        found.setdefault((one.spots[i].entity, one.spots[j].entity, one.span), {})


def _apart(a: Spot, b: Spot) -> bool:
    return a.entity != b.entity and (a.stop <= b.start or b.stop <= a.start)


def _chances(vectors: Array, spans: NDArray[np.intp], pairs: NDArray[np.intp]) -> tuple[Array, NDArray[np.intp]]:
    """For each pair of mentions the chance of each relation, and the number of the likeliest mode."""
    head = _head()
    starts, stops = spans[:, 0], spans[:, 1]
    mention = np.concatenate([shares(starts, stops, len(vectors)) @ vectors, vectors[starts]], axis=1)
    i, j = pairs[:, 0], pairs[:, 1]
    forward = starts[i] < starts[j]
    low = np.where(forward, stops[i], stops[j])
    high = np.maximum(low, np.where(forward, starts[j], starts[i]))
    gap = high - low
    between = shares(low, high, len(vectors)) @ (vectors @ head.between)
    place = np.stack([np.where(forward, 1, -1), np.minimum(gap, FAR) / (FAR / 2), gap <= NEAR], axis=1)
    z = (mention @ head.subject + head.subject_bias)[i] + (mention @ head.object)[j] + between
    z += place.astype(np.float32) @ head.place
    both = np.tanh(mention @ head.one + head.one_bias)[i] * np.tanh(mention @ head.other + head.other_bias)[j]
    z += both @ head.both
    z = gelu(z.astype(np.float32))
    scores = z @ head.relation + head.relation_bias
    chances: Array = (1 / (1 + np.exp(-scores))).astype(np.float32)
    modes: NDArray[np.intp] = np.argmax(z @ head.mode + head.mode_bias, axis=1)
    return chances, modes
