"""Contradictions between what documents tell: two dates or places of one event, two heads of one body at one time.

They are listed, never resolved: both sides stay in the graph as they were told.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product

from kg.claims import ResolvedClaim, stands_as_fact
from kg.events import PLACED_BY_OBJECT, Around, Event
from kg.types import Extraction, Position, Tense, Value

REPEATED = frozenset({
    "Accusation", "Appeal", "Attack", "Contest", "Criticism", "Defeat", "Injury", "Killing", "Payment", "Praise",
    "Rescue", "Sale", "Sanctioning", "Supply", "Threat", "Victory", "Warning", "Investment", "Participation",
})  # fmt: skip
"""Event classes of what the same do again and again: two dates are two happenings."""

OWNING = re.compile(r"\W{1,3}(?:s\W+)?(?:\w+\s+)?")
"""Between a body and its post: "Northland's new [president]"."""
OFFICE_OF = re.compile(r"\s+(?:of|at|for)\s+(?:the\s+)?")
NARROW = 100
"""Days that a dating may leave open to be one: "in 2023" dates nothing to this purpose."""
APART = 62
"""Days between two datings of one happening at the most; farther apart they are two happenings."""
SAME_NEWS = 31
"""Days between documents that tell the same news."""
SAME_DAY_NEWS = 7
"""Days between documents that tell the same news of an undated happening."""

_Fact = tuple[str, str, str | Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A tenure with the days on which documents tell of it; `id` is its local name."""

    id: str
    holder: str
    title: str
    organization: str | None
    tense: Tense
    told: frozenset[dt.date]


def event_conflicts(
    events: Iterable[Event], claims: Iterable[ResolvedClaim], around: Around
) -> tuple[tuple[str, str], ...]:
    """The pairs of events, smaller id first, that may be one happening of which documents tell two dates or places.

    Both stand as fact, share who did what to whom (a town agrees with the country around it, by `around`), are told
    by different documents of about one time, and their datings exclude each other by weeks rather than years.
    """
    known = {claim.id: claim for claim in claims}
    told = {e.id: [known[c] for c in e.claims if stands_as_fact(known[c])] for e in events}
    able = [e for e in events if told[e.id] and e.kind not in REPEATED]
    by_doer: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in able:
        for key in sorted({(claim.predicate, claim.subject) for claim in told[event.id]}):
            by_doer[key].append(event)
    pairs = {tuple(sorted((a.id, b.id))) for group in by_doer.values() for a, b in combinations(group, 2)}
    of = {event.id: event for event in able}
    found = [(a, b) for a, b in pairs if _clash(of[a], of[b], told[a], told[b], around)]
    return tuple(sorted(found))


def _clash(a: Event, b: Event, ours: list[ResolvedClaim], theirs: list[ResolvedClaim], around: Around) -> bool:
    # A document that tells both knows them as two.
    if a.kind != b.kind or {c.document for c in ours} & {c.document for c in theirs}:
        return False
    if not any(_one_fact(x, y, around) for x, y in product(ours, theirs)) or not _one_news(ours, theirs, SAME_NEWS):
        return False
    days = _dating(a), _dating(b)
    if days[0] and days[1]:
        gap = max(days[0][0], days[1][0]) - min(days[0][1], days[1][1])
        if gap.days > 0:
            return gap.days <= APART
    elif not _one_news(ours, theirs, SAME_DAY_NEWS):
        return False
    return a.kind not in PLACED_BY_OBJECT and bool(a.places and b.places) and not _near(a.places, b.places, around)


def _one_fact(a: ResolvedClaim, b: ResolvedClaim, around: Around) -> bool:
    if (a.predicate, a.subject) != (b.predicate, b.subject):
        return False
    if a.object == b.object:
        return True
    return isinstance(a.object, str) and isinstance(b.object, str) and _near((a.object,), (b.object,), around)


def _near(some: Iterable[str], others: Iterable[str], around: Around) -> bool:
    return any(a == b or b in around.get(a, ()) or a in around.get(b, ()) for a, b in product(some, others))


def _one_news(ours: Iterable[ResolvedClaim], theirs: Iterable[ResolvedClaim], days: int) -> bool:
    """Whether the documents appeared together; those without a date may have."""
    dates = [(x.published, y.published) for x, y in product(ours, theirs)]
    return any(x is None or y is None or abs((x - y).days) <= days for x, y in dates)


def _dating(event: Event) -> tuple[dt.date, dt.date] | None:
    if event.start is None or event.end is None or (event.end - event.start).days > NARROW:
        return None
    return event.start, event.end


# ---------------------------------------------------------------- two heads


def head_conflicts(
    tenures: Iterable[Held], heads: Iterable[tuple[str, str]], followed: Iterable[tuple[str, str]] = ()
) -> tuple[tuple[str, str], ...]:
    """The pairs of tenures, smaller id first, of two persons who are both said to hold one leading post now.

    `heads` are the (person, body) that stand as "leads", `followed` the (new, old) persons of whom a text says that
    one took over from the other: then the older text is outdated and nothing is in conflict.
    """
    leading, change = frozenset(heads), frozenset(frozenset(pair) for pair in followed)
    posts: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for held in tenures:
        if held.tense == "current" and held.organization and (held.holder, held.organization) in leading:
            posts[held.organization, held.title.casefold()].append(held)
    found = {
        tuple(sorted((a.id, b.id)))
        for group in posts.values()
        for a, b in combinations(group, 2)
        if a.holder != b.holder and frozenset((a.holder, b.holder)) not in change and _at_one_time(a, b)
    }
    return tuple(sorted((a, b) for a, b in found))


def says_who_holds(extraction: Extraction, position: Position) -> bool:
    """Whether the words name title and body together and speak of the document's own time.

    A title in front of a name ("President Carter") stays when the office is gone, and tells nothing of now.
    """
    document = extraction.document
    words = document.text[slice(*position.evidence)]
    years = {int(year) for year in re.findall(r"\b(?:1[5-9]|20)\d\d\b", words)}
    if document.date and any(year < document.date.year for year in years):
        return False
    bodies = next((e.aliases for e in extraction.entities if e.id == position.organization), ())
    folded = words.casefold()
    if position.title.casefold() not in folded:  # patterns are dear, and most titles are told elsewhere
        return False
    title = position.title.casefold()
    return any(_held_in(folded, title, name.casefold()) for name in bodies)


def _held_in(words: str, title: str, body: str) -> bool:
    """Whether the words, in lower case, say the title right behind the body or right before it, "of" between."""
    titles = [found.start() for found in re.finditer(re.escape(title), words)]
    for at in (found.start() for found in re.finditer(re.escape(body), words)):
        behind, begins = at + len(body), not at or not (words[at - 1].isalnum() or words[at - 1] == "_")
        if any(
            begins
            and start > behind
            and OWNING.fullmatch(words, behind, start)
            or start + len(title) < at
            and OFFICE_OF.fullmatch(words, start + len(title), at)
            for start in titles
        ):
            return True
    return False


def _at_one_time(a: Held, b: Held) -> bool:
    return not (a.told and b.told) or any(abs((x - y).days) <= SAME_NEWS for x, y in product(a.told, b.told))
