"""Whom the trained reader takes the pronouns and roles of a text to mean: one of the names near them, or none.

`scripts/train_text_reader.py` learns it from our own passages, in which every "she" and "the company" that means
somebody or something named is marked.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.encoder import NAMING, Array, floats
from kg.nlp import one_thread
from kg.referents import Context
from kg.text_reader import TextReading, Window, references_in, shares
from kg.types import Mention

FAR = 120
"""Pieces between two mentions: more are as many."""
NOBODY = ""
"""Stands for nothing named near."""
FLOOR = 0.02
"""What the reader is held to leave to everybody."""
WEIGHT = 0.5
"""How much what the reader holds counts beside the cues of a ranker, as an exponent: set on held-out articles."""
Meant = Mapping[str, float]
"""Entity, or NOBODY -> how likely a reference means it, likeliest first."""


def read_references(context: Context, text: TextReading) -> dict[int, Meant]:
    """The head token of each reference that the reader sees -> whom it may mean."""
    names = sorted(
        {m.start: m for m in context.at.values() if m.kind in ("name", "demonym") and len(m.entities) == 1}.values(),
        key=lambda m: m.start,
    )
    by_sentence: dict[int, list[Mention]] = {}
    for m in names:
        by_sentence.setdefault(context.parse.sentence_of[m.start], []).append(m)
    found: dict[int, Meant] = {}
    with one_thread():
        for window, rows in zip(text.windows, text.rows, strict=True):
            found |= dict(_in_window(context, text, window, rows, by_sentence))
    return found


def with_reader(share: Mapping[str, float], meant: Meant) -> dict[str, float]:
    """A ranker's chances together with what the reader holds; of whom it does not see it knows that nobody near is
    meant."""
    unseen = meant.get(NOBODY, 0.0)
    weighed = {e: part * max(FLOOR, meant.get(e, unseen)) ** WEIGHT for e, part in share.items()}
    total = sum(weighed.values())
    return {e: part / total for e, part in weighed.items()}


def _in_window(
    context: Context, text: TextReading, window: Window, rows: Array, names: Mapping[int, list[Mention]]
) -> Iterator[tuple[int, Meant]]:
    entities: list[str] = []
    spans: list[tuple[int, int]] = []
    lines: list[int] = []
    asked: list[tuple[int, int]] = []
    for at, line in enumerate(window.lines):
        sentence = context.parse.sentences[line.sentence]
        for m in names.get(line.sentence, ()):
            first, behind = m.start - sentence.start, m.stop - sentence.start
            if behind < len(line.starts) and line.starts[first] < line.starts[behind]:
                entities.append(m.entities[0])
                spans.append((line.starts[first], line.starts[behind]))
                lines.append(at)
        for start, stop in references_in(sentence, text.tags) if at >= window.known else ():
            first, behind = start - sentence.start, stop - sentence.start
            taken = any(i in context.at for i in range(start, stop)) or behind >= len(line.starts)
            if not taken and line.starts[first] < line.starts[behind]:
                asked.append((_head_of(context, start, stop), len(spans)))
                entities.append("")
                spans.append((line.starts[first], line.starts[behind]))
                lines.append(at)
    if asked:
        mentions = _mentions(rows, np.array(spans))
        for token, number in asked:
            listed = [n for n, entity in enumerate(entities) if entity and lines[n] <= lines[number]]
            if listed:
                yield token, _meant(mentions, spans, lines, number, listed, entities)


def _head_of(context: Context, start: int, stop: int) -> int:
    tokens = context.parse.tokens
    return next((i for i in range(start, stop) if not start <= tokens[i].head < stop or tokens[i].head == i), stop - 1)


def _mentions(rows: Array, spans: NDArray[np.intp]) -> Array:
    mean = shares(spans[:, 0], spans[:, 1], len(rows)) @ rows
    return np.concatenate([mean, rows[spans[:, 0]]], axis=1)


def _meant(
    mentions: Array, spans: list[tuple[int, int]], lines: list[int], m: int, listed: list[int], entities: list[str]
) -> Meant:
    head = _head()
    one = mentions[m]
    asks = one @ head["refers"] + head["refers.bias"]
    scores = (mentions[listed] @ head["named"] + head["named.bias"]) @ asks / math.sqrt(len(asks))
    scores += np.array([stands(spans, lines, m, n) for n in listed]) @ (one @ head["stands"] + head["stands.bias"])
    scores = np.concatenate([one @ head["elsewhere"] + head["elsewhere.bias"], scores])
    return _chances_of(scores, [NOBODY, *(entities[n] for n in listed)])


def _chances_of(scores: Array, names: Sequence[str]) -> dict[str, float]:
    """Name -> its chance, likeliest first; a name may have several scores, whose chances add up."""
    raised = np.exp(scores - scores.max())
    chances: dict[str, float] = {}
    for name, part in zip(names, raised / raised.sum(), strict=True):
        chances[name] = chances.get(name, 0.0) + float(part)
    return {name: round(chances[name], 3) for name in sorted(chances, key=lambda name: (-chances[name], name))}


@functools.lru_cache(maxsize=1)
def _head() -> Mapping[str, Array]:
    names = ("refers", "named", "stands", "elsewhere")
    return {f"{name}{part}": floats(NAMING, f"head.{name}{part}") for name in names for part in ("", ".bias")}


def stands(spans: Sequence[tuple[int, int]], lines: Sequence[int], m: int, other: int) -> tuple[float, ...]:
    """How a name stands to a reference: before it, in its sentence or how many before, and how far."""
    apart = lines[m] - lines[other]
    away = min(abs(spans[m][0] - spans[other][0]), FAR) / FAR
    return float(spans[other][0] < spans[m][0]), float(apart == 0), float(apart), away
