"""Two components of spaCy in a quicker form that annotates the same: the attribute ruler and the entity recogniser.

Together they take half of the time of a small pipeline.  The ruler asks its matcher again for every token what its
rules say of a word, a tag and a dependency; here the answer is kept.  The recogniser takes one step a token and tests
in each whether each of its moves is allowed; but while no entity is open its scores depend on the token alone, so
here those of all tokens are computed at once, and only tokens inside an entity are taken in order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, cast

import numpy as np
from spacy.language import Language
from spacy.pipeline import AttributeRuler, EntityRecognizer
from spacy.strings import StringStore
from spacy.tokens import Doc, Span
from spacy.tokens._retokenize import set_token_attrs

COLUMNS = ("LOWER", "TAG", "DEP", "IS_SPACE")
FEATURES = 3
"""What a step of the recogniser looks at: the token, the first token of the open entity, the token before."""

Array = np.ndarray[Any, Any]
Key = tuple[int, ...]
"""What the rules look at: the columns of one token."""


def quicken(pipeline: Language) -> None:
    """Puts the quicker components in the place of spaCy's, where these are of a kind that they can stand for."""
    for name, component in list(pipeline.pipeline):
        quick: QuickRuler | QuickRecogniser | None = None
        if type(component) is AttributeRuler:
            quick = quick_ruler(component)
        elif type(component) is EntityRecognizer:
            quick = quick_recogniser(component)
        if quick is not None:
            made = f"quick_{name}"
            Language.component(made, func=quick)
            pipeline.add_pipe(made, before=name)
            pipeline.disable_pipe(name)


# ---------------------------------------------------------------- attribute rules


Condition = tuple[int, Callable[[int], bool]]
"""Which column of a key a rule looks at, and what it asks of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """`words` are the conditions on each of the neighbouring tokens, `index` is the token that gets the attributes."""

    number: int
    words: tuple[tuple[Condition, ...], ...]
    index: int


class _Kinds(dict[int, int]):
    """Of each value of a column the first that passed and failed the same tests: for all rules the two are one."""

    def __init__(self, tests: Sequence[Callable[[int], bool]]) -> None:
        super().__init__()
        self._tests = tests
        self._first: dict[tuple[bool, ...], int] = {}

    def __missing__(self, value: int) -> int:
        self[value] = self._first.setdefault(tuple(test(value) for test in self._tests), value)
        return self[value]


@dataclass(slots=True)
class QuickRuler:
    """Applies the rules of an attribute ruler; what they say of a kind of token is found once."""

    attributes: Sequence[Mapping[Any, Any]]
    single: tuple[_Rule, ...]
    pairs: tuple[_Rule, ...]
    kinds: tuple[_Kinds, ...]
    known: dict[Key, tuple[tuple[int, ...], Mapping[Any, Any], tuple[_Rule, ...]]] = field(default_factory=dict)

    def __call__(self, doc: Doc) -> Doc:
        """The document with the attributes that the rules give; of two rules for a token the later one has the word."""
        columns = doc.to_array(list(COLUMNS)).T.tolist()
        keys = list(
            zip(
                *(map(kinds.__getitem__, column) for kinds, column in zip(self.kinds, columns, strict=True)),
                strict=True,
            )
        )
        said = [self.known.get(key) or self._look_up(key) for key in keys]
        paired: dict[int, list[int]] = {}
        for i, (_, _, openings) in enumerate(said[:-1]):
            for rule in openings:
                if _all_hold(rule.words[1], keys[i + 1]):
                    paired.setdefault(i + rule.index, []).append(rule.number)
        for token, (numbers, attributes, _) in zip(doc, said, strict=True):
            more = paired.get(token.i)
            merged = self._merged((*numbers, *more)) if more else attributes
            if merged:
                set_token_attrs(token, dict(merged))
        return doc

    def _look_up(self, key: Key) -> tuple[tuple[int, ...], Mapping[Any, Any], tuple[_Rule, ...]]:
        numbers = tuple(rule.number for rule in self.single if _all_hold(rule.words[0], key))
        openings = tuple(rule for rule in self.pairs if _all_hold(rule.words[0], key))
        self.known[key] = numbers, self._merged(numbers), openings
        return self.known[key]

    def _merged(self, numbers: Sequence[int]) -> Mapping[Any, Any]:
        merged: dict[Any, Any] = {}
        for number in sorted(numbers):
            merged |= self.attributes[number]
        return merged


def quick_ruler(ruler: AttributeRuler) -> QuickRuler | None:
    """The quick form of a ruler; none where a rule looks at more than two tokens or at something else than COLUMNS."""
    rules: list[_Rule] = []
    for number, pattern in enumerate(cast(list[dict[str, Any]], ruler.patterns)):
        for tokens in pattern["patterns"]:
            words = tuple(_conditions(ruler, dict(token)) for token in tokens)
            if len(words) > 2 or not 0 <= pattern["index"] < len(words) or any(word is None for word in words):
                return None
            known = tuple(word for word in words if word is not None)
            rules.append(_Rule(number=number, words=known, index=pattern["index"]))
    return QuickRuler(
        attributes=ruler.attrs,
        single=tuple(rule for rule in rules if len(rule.words) == 1),
        pairs=tuple(rule for rule in rules if len(rule.words) == 2),
        kinds=tuple(_Kinds(_of_column(rules, column)) for column in range(len(COLUMNS))),
    )


def _of_column(rules: Sequence[_Rule], wanted: int) -> list[Callable[[int], bool]]:
    return [test for rule in rules for word in rule.words for column, test in word if column == wanted]


def _conditions(ruler: AttributeRuler, token: Mapping[str, Any]) -> tuple[Condition, ...] | None:
    found: list[Condition] = []
    for name, value in token.items():
        if name.upper() not in COLUMNS:
            return None
        tests = _tests(ruler.vocab.strings, value)
        if tests is None:
            return None
        found += [(COLUMNS.index(name.upper()), test) for test in tests]
    return tuple(found)


def _tests(strings: StringStore, asked: object) -> list[Callable[[int], bool]] | None:
    if isinstance(asked, bool):
        return [frozenset({int(asked)}).__contains__]
    if isinstance(asked, str):
        return [frozenset({strings.add(asked)}).__contains__]
    if not isinstance(asked, dict) or not set(asked) <= {"IN", "NOT_IN", "REGEX"}:
        return None
    tests: list[Callable[[int], bool]] = []
    for how, value in asked.items():
        if how == "REGEX":
            tests.append(partial(_matches, re.compile(value), strings))
            continue
        numbers = frozenset(strings.add(word) if word else 0 for word in value)
        if how == "IN":
            tests.append(numbers.__contains__)
        else:
            tests.append(partial(_is_none_of, numbers))
    return tests


def _matches(pattern: re.Pattern[str], strings: StringStore, number: int) -> bool:
    return pattern.search(strings[number]) is not None


def _is_none_of(numbers: frozenset[int], number: int) -> bool:
    return number not in numbers


def _all_hold(conditions: Sequence[Condition], key: Key) -> bool:
    return all(test(key[column]) for column, test in conditions)


# ---------------------------------------------------------------- entities


class _StateVectors(Protocol):
    def predict(self, ids: Array) -> Array: ...


class _Step(Protocol):
    """What the recogniser's model makes of the texts of one batch."""

    state2vec: _StateVectors

    def clear_memory(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickRecogniser:
    """Finds the entities that a greedy recogniser finds, those of many texts at once.

    `first` and `alone` are the moves that open an entity and that take a single token, `out` the one that takes none;
    `further` and `last` give for each label the moves that stay inside an entity and that close it.
    """

    recogniser: EntityRecognizer
    out: int
    first: Mapping[int, str]
    alone: Mapping[int, str]
    further: Mapping[str, int]
    last: Mapping[str, int]

    def __call__(self, doc: Doc) -> Doc:
        """The document with its entities."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterator[Doc] | Sequence[Doc], batch_size: int = 32) -> Iterator[Doc]:
        """The documents with their entities, in order."""
        stream = iter(docs)
        while batch := list(itertools.islice(stream, batch_size)):
            self._annotate(batch)
            yield from batch

    def _annotate(self, docs: Sequence[Doc]) -> None:
        filled = [doc for doc in docs if len(doc)]
        if not filled:
            return
        step = self.recogniser.model.predict(filled)
        stops = np.cumsum([len(doc) for doc in filled])
        is_space = np.concatenate([doc.to_array("IS_SPACE") for doc in filled]).astype(bool)
        # An entity may go on to the next token unless a sentence or the text ends here.
        goes_on = np.roll(np.concatenate([doc.to_array("SENT_START") for doc in filled]).astype(np.int64) != 1, -1)
        goes_on[stops - 1] = False
        moves = self._outside(step, is_space, goes_on)
        ends = self._ends(step, moves, goes_on)
        step.clear_memory()  # it is part of a cycle, and large
        start = 0
        for doc, stop in zip(filled, stops.tolist(), strict=True):
            doc.set_ents(list(self._spans(doc, start, stop, moves, ends)), default="outside")
            start = stop

    def _outside(self, step: _Step, is_space: Array, goes_on: Array) -> list[int]:
        """The best move at each token while no entity is open."""
        ids = np.full((len(is_space), FEATURES), -1, dtype=np.int32)
        ids[:, 0] = np.arange(len(ids))
        scores = self._scores(step, ids)
        allowed = np.zeros(scores.shape, dtype=bool)
        allowed[:, self.out] = True
        allowed[:, list(self.first)] = (goes_on & ~is_space)[:, None]
        allowed[:, list(self.alone)] = ~is_space[:, None]
        best: list[int] = np.where(allowed, scores, -np.inf).argmax(axis=1).tolist()
        return best

    def _ends(self, step: _Step, moves: Sequence[int], goes_on: Array) -> dict[int, int]:
        """The last token of the entity that would open at a token, for all tokens at which one may open."""
        ends: dict[int, int] = {}
        still_open = [i for i, move in enumerate(moves) if move in self.first]
        length = 1
        while still_open:
            ids = np.array([(i + length, i, i + length - 1) for i in still_open], dtype=np.int32)
            remaining: list[int] = []
            for i, scores in zip(still_open, self._scores(step, ids), strict=True):
                label = self.first[moves[i]]
                further, last = self.further[label], self.last[label]
                # Of two equal scores the earlier move wins.
                stays = (-scores[further], further) < (-scores[last], last)
                if stays and goes_on[i + length]:
                    remaining.append(i)
                else:
                    ends[i] = i + length
            still_open, length = remaining, length + 1
        return ends

    def _scores(self, step: _Step, ids: Array) -> Array:
        scores: Array = self.recogniser.model.get_ref("upper").predict(step.state2vec.predict(ids))
        return scores

    def _spans(self, doc: Doc, start: int, stop: int, moves: Sequence[int], ends: Mapping[int, int]) -> Iterator[Span]:
        i = start
        while i < stop:
            end = ends.get(i, i) + 1
            if moves[i] != self.out:
                label = self.first.get(moves[i]) or self.alone[moves[i]]
                yield Span(doc, i - start, end - start, label=label)
            i = end


def quick_recogniser(recogniser: EntityRecognizer) -> QuickRecogniser | None:
    """The quick form of a recogniser; none for one that searches with a beam or looks at other tokens."""
    model = recogniser.model
    greedy = recogniser.cfg["beam_width"] == 1 and not recogniser.cfg.get("multitasks")
    if not greedy or not model.attrs["has_upper"] or model.attrs["unseen_classes"]:
        return None
    if model.get_ref("lower").get_dim("nF") != FEATURES:
        return None
    of: dict[str, dict[int, str]] = {kind: {} for kind in "BILU"}
    out: list[int] = []
    moves = recogniser.moves
    for number in range(moves.n_moves):
        kind, _, label = moves.get_class_name(number).partition("-")
        if kind in of and label:
            of[kind][number] = label
        elif kind == "O":
            out.append(number)
    if len(out) != 1 or not set(of["B"].values()) <= set(of["I"].values()) & set(of["L"].values()):
        return None
    return QuickRecogniser(
        recogniser=recogniser,
        out=out[0],
        first=of["B"],
        alone=of["U"],
        further={label: number for number, label in of["I"].items()},
        last={label: number for number, label in of["L"].items()},
    )
