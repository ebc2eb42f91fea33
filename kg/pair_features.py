"""Pairs that may stand in a lasting relation, with the signs by which a model tells whether they do.

A pair is a person or body and another entity (or a date) that one sentence mentions.  Its *signs* are words such as
`top=marry` or `path=<nsubj>prep>pobj`: how the two hang together in the tree, what stands between and around them, what
they are, and what the rules say of them.  However often a sentence mentions the two, they are one pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kg.dates import date_value, expressions
from kg.referents import Context
from kg.types import Claim, EntityType, Mention, MentionKind, Parse, Sentence, Value

RELATIONS: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType({
    ("Person", "Place"): ("bornIn", "livesIn", "citizenOf", "studiedAt", "worksFor"),
    ("Person", "Organization"): ("worksFor", "memberOf", "studiedAt", "founded", "leads"),
    ("Person", "Group"): ("memberOf",),
    ("Person", "Work"): ("founded", "worksFor"),
    ("Person", "Product"): ("founded", "worksFor"),
    ("Person", "Person"): ("spouseOf", "childOf"),
    ("Person", "Date"): ("bornOn", "diedOn"),
    ("Organization", "Place"): ("basedIn", "partOf"),
    ("Organization", "Organization"): ("partOf", "founded"),
    ("Organization", "Date"): ("foundedOn",),
})  # fmt: skip
"""Which relations are asked of which classes; a country is a place."""
DATED = frozenset({"bornOn", "diedOn", "foundedOn"})
NEAR = 14
"""Tokens between the two whose words count one by one."""
PLAIN = 4
"""Tokens between the two up to which the words count as one string."""
LONGEST_PATH = 7
CLOSEST = 3
"""Pairs of mentions of the same two that are looked at, the closest first."""
MANY = 24
"""Mentions in a sentence above which it is a list and not looked at."""
CONTENT = frozenset({"VERB", "NOUN", "ADJ"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A mention of one entity, or a date: tokens[start:stop] with head token `head`, text[begin:end]."""

    entity: str
    type: EntityType | Literal["Date"]
    kind: MentionKind | Literal["date"]
    begin: int
    end: int
    start: int
    stop: int
    head: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two that one sentence mentions: the closest of their mentions, the token where their paths meet, the signs.
    `object` is an entity or a date; `relations` are those that their classes allow."""

    subject: str
    object: str | Value
    subject_spot: Spot
    object_spot: Spot
    sentence: int
    meeting: int
    relations: tuple[str, ...]
    signs: tuple[str, ...]


def pairs(context: Context, mentions: Iterable[Mention], claims: Iterable[Claim]) -> Iterator[Pair]:
    """The pairs of a document, in text order; `claims` are those of the rules."""
    by_sentence: dict[int, list[Spot]] = defaultdict(list)
    for m in mentions:
        if len(m.entities) == 1 and m.start < m.stop:
            kind = context.entities[m.entities[0]].type
            by_sentence[context.parse.sentence_of[m.head]].append(
                Spot(
                    entity=m.entities[0], type="Place" if kind == "Country" else kind, kind=m.kind,
                    begin=m.begin, end=m.end, start=m.start, stop=m.stop, head=m.head,
                )
            )  # fmt: skip
    ruled = _Ruled.of(claims)
    for index, spots in sorted(by_sentence.items()):
        if len(spots) <= MANY:
            yield from _of_sentence(context, context.parse.sentences[index], spots, ruled)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruled:
    """What the rules say: of a pair in a sentence, of a pair anywhere, of each side with others."""

    here: Mapping[tuple[str, object, tuple[int, int]], tuple[Claim, ...]]
    anywhere: Mapping[tuple[str, object], frozenset[str]]
    as_subject: Mapping[tuple[str, tuple[int, int]], frozenset[str]]
    as_object: Mapping[tuple[object, tuple[int, int]], frozenset[str]]

    @staticmethod
    def of(claims: Iterable[Claim]) -> _Ruled:
        here: dict[tuple[str, object, tuple[int, int]], list[Claim]] = defaultdict(list)
        anywhere: dict[tuple[str, object], set[str]] = defaultdict(set)
        as_subject: dict[tuple[str, tuple[int, int]], set[str]] = defaultdict(set)
        as_object: dict[tuple[object, tuple[int, int]], set[str]] = defaultdict(set)
        for c in claims:
            here[c.subject, c.object, c.evidence].append(c)
            anywhere[c.subject, c.object].add(c.predicate)
            as_subject[c.subject, c.evidence].add(c.predicate)
            as_object[c.object, c.evidence].add(c.predicate)
        return _Ruled(
            here={k: tuple(v) for k, v in here.items()},
            anywhere={k: frozenset(v) for k, v in anywhere.items()},
            as_subject={k: frozenset(v) for k, v in as_subject.items()},
            as_object={k: frozenset(v) for k, v in as_object.items()},
        )


def _of_sentence(context: Context, sentence: Sentence, spots: list[Spot], ruled: _Ruled) -> Iterator[Pair]:
    parse = context.parse
    held: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        held[spot.entity].append(spot)
    people = [e for e, s in held.items() if s[0].type in ("Person", "Organization")]
    if not people:
        return
    dates = dict(_dates(parse, sentence))
    view = _View(parse, sentence, (*spots, *dates))
    for a in people:
        for b, others in held.items():
            relations = RELATIONS.get((held[a][0].type, others[0].type), ())
            if a != b and relations:
                yield _pair(view, held[a], others, b, relations, ruled)
        relations = RELATIONS.get((held[a][0].type, "Date"), ())
        for spot, value in dates.items():
            if relations:
                yield _pair(view, held[a], [spot], value, relations, ruled)


def _dates(parse: Parse, sentence: Sentence) -> Iterator[tuple[Spot, Value]]:
    for start, stop in expressions(parse, sentence.index):
        value = date_value(parse, start, stop, parse.document.date)
        if value is not None:
            head = next((i for i in range(stop - 1, start - 1, -1) if not start <= parse.tokens[i].head < stop), start)
            yield (
                Spot(
                    entity="", type="Date", kind="date", begin=parse.tokens[start].begin,
                    end=parse.tokens[stop - 1].end, start=start, stop=stop, head=head,
                ),
                Value(value=value),
            )  # fmt: skip


def _pair(
    view: _View, ours: list[Spot], theirs: list[Spot], other: str | Value, relations: tuple[str, ...], ruled: _Ruled
) -> Pair:
    near = sorted(((view.distance(a, b), n, a, b) for n, (a, b) in enumerate((a, b) for a in ours for b in theirs)))
    signs = dict.fromkeys(sign for _, _, a, b in near[:CLOSEST] for sign in view.signs(a, b))
    _, _, a, b = near[0]
    signs |= dict.fromkeys((*_claimed(ruled, a.entity, other, view.span), *view.around(ours, theirs)))
    return Pair(
        subject=a.entity, object=other, subject_spot=a, object_spot=b, sentence=view.sentence.index,
        meeting=view.meeting(a, b), relations=relations, signs=tuple(signs),
    )  # fmt: skip


def _claimed(ruled: _Ruled, a: str, b: str | Value, span: tuple[int, int]) -> Iterator[str]:
    for c in ruled.here.get((a, b, span), ()):
        yield f"rule={c.predicate}"
        yield f"entry={c.rule}"
        if c.stance == "denies" or c.modality != "actual":
            yield f"rule-not={c.predicate}"
    if isinstance(b, str):
        for c in ruled.here.get((b, a, span), ()):
            yield f"rule-back={c.predicate}"
        for name in sorted(ruled.anywhere.get((b, a), ())):
            yield f"any-back={name}"
    for name in sorted(ruled.anywhere.get((a, b), ())):
        yield f"any={name}"
    for name in sorted(ruled.as_subject.get((a, span), ())):
        yield f"a-has={name}"
    for name in sorted(ruled.as_object.get((b, span), ())):
        yield f"b-has={name}"


class _View:
    """A sentence as the signs see it; what several pairs need is worked out once."""

    def __init__(self, parse: Parse, sentence: Sentence, spots: tuple[Spot, ...]) -> None:
        self.parse, self.sentence = parse, sentence
        self.span = (sentence.begin, sentence.end)
        self.spots = sorted(spots, key=lambda s: s.start)
        self.words = [t.lemma.casefold() for t in parse.tokens[sentence.start : sentence.stop]]
        for spot in self.spots:
            if spot.kind in ("name", "demonym", "date"):
                word = spot.type if spot.kind != "demonym" else "Demonym"
                for i in range(spot.start, spot.stop):
                    self.words[i - sentence.start] = word
        self.above = {spot: self._above(spot.head) for spot in self.spots}
        self.bag = tuple(
            dict.fromkeys(
                f"has={w}"
                for t, w in zip(parse.tokens[sentence.start : sentence.stop], self.words, strict=True)
                if t.pos in CONTENT and not w[:1].isupper()
            )
        )

    def _above(self, i: int) -> tuple[int, ...]:
        found = [i]
        while self.parse.tokens[i].head != i:
            i = self.parse.tokens[i].head
            found.append(i)
        return tuple(found)

    def distance(self, a: Spot, b: Spot) -> tuple[int, int]:
        """Steps in the tree, then tokens between; pronouns count as a little farther."""
        up, down, _ = self.path(a, b)
        return (up + down + (a.kind == "pronoun") + (b.kind == "pronoun"), abs(a.start - b.start))

    def path(self, a: Spot, b: Spot) -> tuple[int, int, int]:
        """Steps up from a, steps down to b, the token where they meet."""
        over = self.above[b]
        for up, i in enumerate(self.above[a]):
            if i in over:
                return up, over.index(i), i
        return LONGEST_PATH, LONGEST_PATH, self.above[a][-1]

    def meeting(self, a: Spot, b: Spot) -> int:
        return self.path(a, b)[2]

    def word(self, i: int) -> str:
        return self.words[i - self.sentence.start] if self.sentence.start <= i < self.sentence.stop else "<>"

    def around(self, ours: list[Spot], theirs: list[Spot]) -> Iterator[str]:
        """Signs of the two by themselves and of the sentence."""
        yield "bias"
        yield f"types={ours[0].type}-{theirs[0].type}"
        for spot in theirs:
            if spot.kind in ("name", "demonym"):
                tokens = self.parse.tokens[spot.start : spot.stop]
                yield f"b-last={tokens[-1].text.casefold()}"
                for t in tokens:
                    yield f"b-name={t.text.casefold()}"
        yield from self.bag

    def signs(self, a: Spot, b: Spot) -> Iterator[str]:
        """Signs of two mentions."""
        tokens = self.parse.tokens
        first, second, order = (a, b, "ab") if a.start <= b.start else (b, a, "ba")
        up, down, meeting = self.path(a, b)
        yield f"order={order}"
        yield f"kinds={a.kind}-{b.kind}"
        if a.kind == "pronoun":
            yield f"a-word={tokens[a.head].text.casefold()}"
        for side, spot in (("a", a), ("b", b)):
            token = tokens[spot.head]
            yield f"{side}-role={token.dep}:{self.word(token.head)}"
            yield f"{side}-dep={token.dep}"
            for c in self.parse.children[spot.head]:
                if not spot.start <= c < spot.stop:
                    yield f"{side}-child={tokens[c].dep}:{self.word(c)}"
        if up + down <= LONGEST_PATH:
            rise, fall = self.above[a][: up + 1], self.above[b][: down + 1]
            steps = [f"<{tokens[i].dep}" for i in rise[:-1]] + [f">{tokens[i].dep}" for i in reversed(fall[:-1])]
            yield "path=" + "".join(steps)
            inner = [*rise[1:-1], meeting, *reversed(fall[1:-1])]
            inner = [i for i in inner if i not in (a.head, b.head)]
            words = [self.word(i) for i in inner]
            yield "way=" + "".join(steps) + ":" + "_".join(words)
            yield "lemmas=" + order + "_".join(words)
            for word in words:
                yield f"on={word}"
            yield f"steps={up}-{down}"
        yield f"top={self.word(meeting)}"
        gap = second.start - first.stop
        between = range(first.stop, second.start)
        yield f"gap={order}{min(gap, 4) if gap < 5 else 8 if gap < 9 else 16 if gap < 17 else 32}"
        if gap <= NEAR:
            words = [self.word(i) for i in between]
            for word in words:
                yield f"w={order}:{word}"
            for one, two in zip(["<", *words], [*words, ">"], strict=True):
                yield f"ww={order}:{one}_{two}"
            if gap <= PLAIN:
                yield f"is={order}:" + "_".join(words)
        else:
            for i in (first.stop, first.stop + 1, second.start - 2, second.start - 1):
                yield f"edge={order}:{self.word(i)}"
        yield f"before={order}:{self.word(first.start - 1)}"
        yield f"before2={order}:{self.word(first.start - 2)}_{self.word(first.start - 1)}"
        yield f"after={order}:{self.word(second.stop)}"
        yield f"after2={order}:{self.word(second.stop)}_{self.word(second.stop + 1)}"
        inside = [s for s in self.spots if first.stop <= s.start and s.stop <= second.start]
        yield f"like-a={min(3, sum(s.type == a.type and s.kind == 'name' for s in inside))}"
        yield f"like-b={min(3, sum(s.type == b.type for s in inside))}"
