"""Claims -> events: claims of one happening are gathered where time and place do not speak against it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import Literal

from kg.claims import ResolvedClaim, stands_as_fact
from kg.ids import digest
from kg.origins import NOTHING, Printing, asserting, origins
from kg.types import Relation

Status = Literal["single-source", "corroborated", "disputed", "denied", "planned-then-happened", "planned", "possible"]

PLACED_BY_OBJECT = frozenset({"Visit"})
"""Event classes that take place at their object, where that is a place; it is then no participant."""

PLACES = frozenset({"Place", "Country"})
INSIDE = frozenset({"locatedIn", "partOf"})
"""Relations that say of two places that one lies in the other."""

CO_TOLD = 0.5
"""Two facts are one happening when at least this share of the documents that tell either tell both with one word.
A lower share would chain a person's many meetings into one through the few sentences that list them together."""

OF_AN_OCCASION = frozenset(
    {"Meeting", "Conversation", "Statement", "Criticism", "Accusation", "Praise", "Warning", "Threat", "Appeal"}
)
"""Event classes of what is done on an occasion, and dated with it where the text gives no day of its own."""

EARLIEST, LATEST = dt.date.min.toordinal(), dt.date.max.toordinal()

NOWHERE: Mapping[str, str] = MappingProxyType({})

NO_OCCASION: Mapping[str, tuple[dt.date, dt.date]] = MappingProxyType({})

Around = Mapping[str, frozenset[str]]
"""Place -> the places it lies in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A happening.  `claims` are the ids of the claims that tell of it; `start` and `end` are its first and
    last possible day as far as the texts tell, `time_text` the words that tell it most narrowly."""

    id: str
    kind: str
    participants: tuple[str, ...]
    places: tuple[str, ...]
    start: dt.date | None
    end: dt.date | None
    time_text: str | None
    asserted_by: tuple[str, ...]
    denied_by: tuple[str, ...]
    status: Status
    origins: tuple[str, ...]
    """Whom the assertion rests on, each independent origin once (`kg.origins.origins`)."""
    claims: tuple[str, ...]


def events_of(
    claims: Iterable[ResolvedClaim],
    relations: Mapping[str, Relation],
    *,
    types: Mapping[str, str],
    printed: Printing = NOTHING,
    around: Around | None = None,
    occasions: Mapping[str, tuple[dt.date, dt.date]] = NO_OCCASION,
) -> tuple[Event, ...]:
    """The events that the claims tell of, sorted by id; every claim of an event relation is in exactly one.

    Claims of one fact from any documents are one event unless time or place speak against it; facts that hang on
    one word ("A and B met C") are one event too.  `types` maps an entity to its type, `printed` tells where the
    documents have their texts from, `around` which places lie in which (by default what `places_around` gives),
    `occasions` the days of the one occasion that a document tells of.  Independent of order.
    """
    known = _with_places(sorted(claims, key=lambda claim: claim.id), relations, types)
    around = places_around(known, types) if around is None else around
    facts: dict[tuple[object, ...], list[ResolvedClaim]] = defaultdict(list)
    for claim in known:
        if _kind(claim, relations) is not None:
            facts[claim.predicate, claim.subject, claim.object].append(claim)
    gathered = [g for told in facts.values() for g in _by_time_and_place(told, relations, types, around)]
    events = [_event(g, printed, types, occasions) for g in _join_co_told(gathered, around)]
    return tuple(sorted(events, key=lambda event: event.id))


def _kind(claim: ResolvedClaim, relations: Mapping[str, Relation]) -> str | None:
    relation = relations.get(claim.predicate) if claim.label is None else None
    return relation.event if relation else None


def _with_places(
    claims: Sequence[ResolvedClaim], relations: Mapping[str, Relation], types: Mapping[str, str]
) -> list[ResolvedClaim]:
    """The claims, each without a place at the one place where its word says that somebody was: "met X in Y"."""
    visited: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for claim in claims:
        if claim.trigger is not None and isinstance(claim.object, str) and types.get(claim.object) in PLACES:
            if _kind(claim, relations) in PLACED_BY_OBJECT:
                visited[claim.document, claim.trigger].add(claim.object)
    found = []
    for claim in claims:
        places = visited.get((claim.document, claim.trigger), set()) - {claim.subject, claim.object}
        if claim.place is None and len(places) == 1 and _kind(claim, relations) not in (None, *PLACED_BY_OBJECT):
            found.append(replace(claim, place=min(places)))
        else:
            found.append(claim)
    return found


# ---------------------------------------------------------------- what speaks against one event


@dataclass(frozen=True, slots=True)
class _Gathering:
    """Claims that may tell of one event, with the days (as ordinals) and places that all of them allow.

    `deeds` and `plans` tell whether some are actual and some are not; `bounded` whether each of them has the limit
    that parts them: a deed a last day, a plan a first one.
    """

    kind: str
    claims: tuple[ResolvedClaim, ...]
    documents: frozenset[str]
    first: int
    last: int
    places: frozenset[str]
    deeds: bool
    plans: bool
    bounded: bool


def _gathering(claim: ResolvedClaim, kind: str, types: Mapping[str, str]) -> _Gathering:
    first, last = _days(claim)
    deed = claim.modality == "actual"
    bounded = last < LATEST if deed else first > EARLIEST
    places = frozenset(_places(claim, kind, types))
    return _Gathering(kind, (claim,), frozenset({claim.document}), first, last, places, deed, not deed, bounded)


def _days(claim: ResolvedClaim) -> tuple[int, int]:
    """The first and last day on which it can have happened: the text's own time, and the tense against the
    document's date: what is told as actual lies not after it, what is planned or possible after it."""
    first, last = _told_days(claim)
    published = claim.published.toordinal() if claim.published else None
    if published is not None and claim.modality == "actual" and first <= published:
        last = min(last, published)
    elif published is not None and claim.modality != "actual" and last > published:
        first = max(first, published + 1)
    return first, last


def _told_days(claim: ResolvedClaim) -> tuple[int, int]:
    time = claim.time
    first = time.start.toordinal() if time and time.start else EARLIEST
    last = time.end.toordinal() if time and time.end else LATEST
    return (first, last) if first <= last else (EARLIEST, LATEST)


def _places(claim: ResolvedClaim, kind: str, types: Mapping[str, str]) -> list[str]:
    found = [claim.place] if claim.place else []
    if kind in PLACED_BY_OBJECT and isinstance(claim.object, str) and types.get(claim.object) in PLACES:
        found.append(claim.object)
    return found


def _agree(one: _Gathering, other: _Gathering, around: Around) -> bool:
    """Whether neither time nor place speaks against one event."""
    if one.kind != other.kind or max(one.first, other.first) > min(one.last, other.last):
        return False
    for a in one.places:
        for b in other.places:
            if a != b and b not in around.get(a, ()) and a not in around.get(b, ()):
                return False
    # A plan and a deed are one event only where dates show that the deed came after the plan.
    mixed = (one.deeds and other.plans) or (one.plans and other.deeds)
    return not mixed or (one.bounded and other.bounded)


def _union(one: _Gathering, other: _Gathering) -> _Gathering:
    return _Gathering(
        kind=one.kind,
        claims=one.claims + other.claims,
        documents=one.documents | other.documents,
        first=max(one.first, other.first),
        last=min(one.last, other.last),
        places=one.places | other.places,
        deeds=one.deeds or other.deeds,
        plans=one.plans or other.plans,
        bounded=one.bounded and other.bounded,
    )


def places_around(
    claims: Iterable[ResolvedClaim], types: Mapping[str, str], countries: Mapping[str, str] = NOWHERE
) -> Around:
    """Which places lie in which, as the claims themselves and a table of countries tell it, steps chained."""
    direct: dict[str, set[str]] = defaultdict(set)
    for place, country in countries.items():
        direct[place].add(country)
    for claim in claims:
        if claim.predicate not in INSIDE or not isinstance(claim.object, str) or not stands_as_fact(claim):
            continue
        if types.get(claim.subject) in PLACES and types.get(claim.object) in PLACES:
            direct[claim.subject].add(claim.object)
    found = {}
    for place in direct:
        seen: set[str] = set()
        waiting = [place]
        while waiting:
            new = direct.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        found[place] = frozenset(seen)
    return found


# ---------------------------------------------------------------- gathering


def _by_time_and_place(
    claims: Sequence[ResolvedClaim], relations: Mapping[str, Relation], types: Mapping[str, str], around: Around
) -> list[_Gathering]:
    """Claims of one fact, parted where time or place speak against one event.

    The claims that say most come first and those that fit several events join the one told most often, so the
    outcome does not depend on the order of the documents.
    """
    kind = _kind(claims[0], relations) or ""
    found: list[_Gathering] = []
    for new in sorted((_gathering(claim, kind, types) for claim in claims), key=_vagueness):
        fitting = [
            (new.documents.isdisjoint(other.documents), -len(other.claims), number)
            for number, other in enumerate(found)
            if _agree(other, new, around)
        ]
        if fitting:
            best = min(fitting)[-1]
            found[best] = _union(found[best], new)
        else:
            found.append(new)
    return found


def _vagueness(gathering: _Gathering) -> tuple[object, ...]:
    told = [_told_days(claim) for claim in gathering.claims]
    return (min(last - first for first, last in told), -len(gathering.places), gathering.claims[0].id)


def _join_co_told(gathered: Sequence[_Gathering], around: Around) -> list[_Gathering]:
    """Facts joined that most of their documents tell with one word: "A and B met C"."""
    parts = dict(enumerate(sorted(gathered, key=lambda g: min(claim.id for claim in g.claims))))
    by_word: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for number, part in parts.items():
        for claim in part.claims:
            if claim.trigger is not None:
                by_word[claim.document, claim.trigger, claim.stance, claim.modality, part.kind].add(number)
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (document, *_), numbers in by_word.items():
        for pair in combinations(sorted(numbers), 2):
            shared[pair].add(str(document))
    told_in = {number: len(part.documents) for number, part in parts.items()}
    share = {(a, b): len(shared[a, b]) / max(told_in[a], told_in[b]) for a, b in shared}
    home = {number: number for number in parts}
    for a, b in sorted(shared, key=lambda pair: (-share[pair], pair)):
        one, other = _root(home, a), _root(home, b)
        if share[a, b] < CO_TOLD or one == other or not _agree(parts[one], parts[other], around):
            continue
        # Who denies that A met C denies nothing about B.
        if _denied(parts[one]) == _denied(parts[other]):
            parts[one] = _union(parts[one], parts.pop(other))
            home[other] = one
    return list(parts.values())


def _denied(gathering: _Gathering) -> bool:
    return any(claim.stance == "denies" for claim in gathering.claims)


def _root(home: Mapping[int, int], number: int) -> int:
    while home[number] != number:
        number = home[number]
    return number


# ---------------------------------------------------------------- what is known of an event


def _event(
    gathering: _Gathering, printed: Printing, types: Mapping[str, str], occasions: Mapping[str, tuple[dt.date, dt.date]]
) -> Event:
    kind, claims = gathering.kind, tuple(sorted(gathering.claims, key=lambda claim: claim.id))
    placed = {place for claim in claims for place in _places(claim, kind, types)}
    at_object = placed if kind in PLACED_BY_OBJECT else set()
    sides = {side for claim in claims for side in (claim.subject, claim.object) if isinstance(side, str)}
    told = [_told_days(claim) for claim in claims]
    first, last = max(f for f, _ in told), min(t for _, t in told)
    if (first, last) == (EARLIEST, LATEST) and kind in OF_AN_OCCASION and all(map(stands_as_fact, claims)):
        spans = [occasions.get(claim.document) for claim in claims]
        days = [(span[0].toordinal(), span[1].toordinal()) for span in spans if span is not None]
        if len(days) == len(spans) and max(f for f, _ in days) <= min(t for _, t in days):
            first, last = max(f for f, _ in days), min(t for _, t in days)
    texts = sorted((t - f, claim.time.text) for claim, (f, t) in zip(claims, told, strict=True) if claim.time)
    found = origins(asserting(claims), printed)
    return Event(
        id="event-" + digest("event", kind, claims[0].id),
        kind=kind,
        participants=tuple(sorted(sides - (at_object - {claim.subject for claim in claims}))),
        places=tuple(sorted(placed)),
        start=dt.date.fromordinal(first) if first > EARLIEST else None,
        end=dt.date.fromordinal(last) if last < LATEST else None,
        time_text=texts[0][1] if texts else None,
        asserted_by=_attributed(asserting(claims)),
        denied_by=_attributed(claim for claim in claims if claim.stance == "denies"),
        status=status_of(claims, len(found)),
        origins=found,
        claims=tuple(claim.id for claim in claims),
    )


def _attributed(claims: Iterable[ResolvedClaim]) -> tuple[str, ...]:
    return tuple(sorted({source for claim in claims for source in claim.attributed_to}))


def status_of(claims: Iterable[ResolvedClaim], number: int) -> Status:
    """How well the thing that all these claims tell of is attested, by a number of independent origins."""
    told = list(claims)
    actual = any(stands_as_fact(claim) for claim in told)
    denied = any(claim.stance == "denies" for claim in told)
    planned = any(claim.stance == "asserts" and claim.modality == "planned" for claim in told)
    if actual and denied:
        return "disputed"
    if actual:
        return "planned-then-happened" if planned else "corroborated" if number > 1 else "single-source"
    if denied:
        return "denied"
    return "planned" if planned else "possible"


def states_of(
    claims: Iterable[ResolvedClaim], events: Iterable[Event], printed: Printing = NOTHING
) -> dict[str, tuple[Status, int]]:
    """Of each claim that no event tells of, how well its fact is attested and by how many origins."""
    happened = {claim for event in events for claim in event.claims}
    facts: dict[tuple[object, ...], list[ResolvedClaim]] = defaultdict(list)
    for claim in claims:
        if claim.id not in happened:
            facts[claim.predicate, claim.label, claim.subject, claim.object].append(claim)
    found: dict[str, tuple[Status, int]] = {}
    for told in facts.values():
        number = len(origins(asserting(told), printed))
        found |= {claim.id: (status_of(told, number), number) for claim in told}
    return found
