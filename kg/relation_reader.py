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
from kg.types import Mention, MentionKind, Sentence, Token

MODES: tuple[str, ...] = ("actual", "planned", "possible", "denied")
KINDS: Mapping[MentionKind, int] = MappingProxyType({"name": 0, "pronoun": 1, "nominal": 2, "demonym": 3})
LONGEST = 128
"""Pieces of a sentence that are read; what stands behind them is not."""
MANY = 30
"""Mentions in a sentence above which it is a list and not read."""
FAR, NEAR = 40, 3
"""Pieces between two mentions: more than FAR are as many, up to NEAR they stand side by side."""
TOGETHER = 64
"""Sentences whose pairs are judged at once."""
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
    found: dict[Key, dict[str, Seen]] = {}
    views = tuple(views_of(context, mentions))
    if views:
        with one_thread():
            encoder, kinds = load_encoder(), _head().kinds
            rows = through(
                encoder.relating,
                [embedded(encoder, encoder.relating, one.pieces, kinds[np.array(one.kinds)]) for one in views],
            )
            for n in range(0, len(views), TOGETHER):
                _judge(views[n : n + TOGETHER], rows[n : n + TOGETHER], found)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A sentence as the reader sees it: the pieces of its words and over each the class and kind of its mention, each
    mention with the pieces that it covers, and the pairs of mentions that are looked at."""

    span: tuple[int, int]
    pieces: tuple[int, ...]
    kinds: tuple[int, ...]
    spots: tuple[Spot, ...]
    spans: tuple[tuple[int, int], ...]
    pairs: tuple[tuple[int, int], ...]


def views_of(context: Context, mentions: Iterable[Mention]) -> Iterator[View]:
    """The sentences that mention two entities or more, in text order."""
    by_sentence: dict[int, list[Spot]] = defaultdict(list)
    for m in mentions:
        if len(m.entities) == 1 and m.start < m.stop and not _is_inside(context, m):
            by_sentence[context.parse.sentence_of[m.head]].append(_spot(context, m))
    for index, spots in sorted(by_sentence.items()):
        if len({spot.entity for spot in spots}) > 1 and len(spots) <= MANY:
            one = _view(context.parse.sentences[index], context.parse.tokens, spots)
            if one.pairs:
                yield one


def _is_inside(context: Context, m: Mention) -> bool:
    """Whether a state is named within a body's name only: of "American Airlines" the rules know what that says."""
    over = context.at.get(m.head)
    return m.kind == "demonym" and over is not None and over.kind == "name" and over.stop > m.stop


def _spot(context: Context, m: Mention) -> Spot:
    return Spot(
        entity=m.entities[0], type=context.entities[m.entities[0]].type, kind=m.kind,
        begin=m.begin, end=m.end, start=m.start, stop=m.stop, head=m.head,
    )  # fmt: skip


def _view(sentence: Sentence, tokens: Sequence[Token], spots: Sequence[Spot]) -> View:
    encoder = load_encoder()
    pieces = [encoder.first]
    starts: list[int] = []
    for token in tokens[sentence.start : sentence.stop]:
        starts.append(len(pieces))
        pieces += known_pieces(token.text)
        if len(pieces) > LONGEST:
            break
    starts.append(len(pieces))
    pieces.append(encoder.last)
    end = min(len(pieces), LONGEST)
    kinds = [0] * end
    placed: list[Spot] = []
    spans: list[tuple[int, int]] = []
    for spot in spots:
        first, behind = spot.start - sentence.start, spot.stop - sentence.start
        if first >= 0 and behind < len(starts) and starts[first] < min(starts[behind], end):
            a, b = starts[first], min(starts[behind], end)
            placed.append(spot)
            spans.append((a, b))
            kinds[a:b] = [_class_and_kind(spot)] * (b - a)
    return View(
        span=(sentence.begin, sentence.end), pieces=tuple(pieces[:end]), kinds=tuple(kinds),
        spots=tuple(placed), spans=tuple(spans),
        pairs=tuple((i, j) for i, a in enumerate(placed) for j, b in enumerate(placed) if _apart(a, b)),
    )  # fmt: skip


def _apart(a: Spot, b: Spot) -> bool:
    return a.entity != b.entity and (a.stop <= b.start or b.stop <= a.start)


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
    biased = ("subject", "one", "other", "relation", "mode")
    return _Head(
        kinds=floats(RELATING, "kind") * floats(RELATING, "kind.scale")[:, None],
        **{name: floats(RELATING, f"head.{name}") for name in (*biased, "object", "between", "place", "both")},
        **{f"{name}_bias": floats(RELATING, f"head.{name}.bias") for name in biased},
        relations=tuple(bytes(load_arrays(RELATING)["relations"]).decode("ascii").split("\n")),
    )


def known_relations() -> tuple[str, ...]:
    """The relations that the reader knows."""
    return _head().relations


def _judge(views: Sequence[View], rows: Sequence[Array], found: dict[Key, dict[str, Seen]]) -> None:
    """Puts the surest view of each relation of each pair of a sentence's entities into `found`."""
    names = _head().relations
    chances, modes = _chances(views, rows)
    pairs = [(one.span, one.spots[i], one.spots[j]) for one in views for i, j in one.pairs]
    for span, a, b in pairs:
        found.setdefault((a.entity, b.entity, span), {})
    for row, column in zip(*np.nonzero(chances >= FAINT), strict=True):
        span, a, b = pairs[row]
        seen = found[a.entity, b.entity, span]
        chance, name = round(float(chances[row, column]), 3), names[column]
        if name not in seen or chance > seen[name].chance:
            seen[name] = Seen(chance=chance, subject=a, object=b, mode=MODES[modes[row]])


def _chances(views: Sequence[View], rows: Sequence[Array]) -> tuple[Array, NDArray[np.intp]]:
    """For each pair of mentions of all views the chance of each relation, and the number of the likeliest mode."""
    head = _head()
    found = [_sides(one, vectors) for one, vectors in zip(views, rows, strict=True)]
    mention, between, place = (np.concatenate([side[n] for side in found]) for n in range(3))
    at = np.cumsum([0, *(len(one.spans) for one in views)])
    i, j = np.concatenate([np.array(one.pairs) + first for one, first in zip(views, at, strict=False)]).T
    z = (mention @ head.subject + head.subject_bias)[i] + (mention @ head.object)[j]
    z += between @ head.between + place @ head.place
    both = np.tanh(mention @ head.one + head.one_bias)[i] * np.tanh(mention @ head.other + head.other_bias)[j]
    z = gelu(z + both @ head.both)
    scores = z @ head.relation + head.relation_bias
    chances: Array = (1 / (1 + np.exp(-scores))).astype(np.float32)
    modes: NDArray[np.intp] = np.argmax(z @ head.mode + head.mode_bias, axis=1)
    return chances, modes


def _sides(one: View, vectors: Array) -> tuple[Array, Array, Array]:
    """What a view shows of each of its mentions, of what stands between the two of each pair, and of how they stand."""
    starts, stops = np.array(one.spans).T
    i, j = np.array(one.pairs).T
    mention = np.concatenate([shares(starts, stops, len(vectors)) @ vectors, vectors[starts]], axis=1)
    forward = starts[i] < starts[j]
    low = np.where(forward, stops[i], stops[j])
    high = np.maximum(low, np.where(forward, starts[j], starts[i]))
    gap = high - low
    place = np.stack([np.where(forward, 1, -1), np.minimum(gap, FAR) / (FAR / 2), gap <= NEAR], axis=1)
    return mention, shares(low, high, len(vectors)) @ vectors, place.astype(np.float32)
