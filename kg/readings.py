"""What the trained reader adds to the rules, and what it holds of their claims.

It adds a relation that nothing else says of a pair where it is sure enough, and has a voice in how sure each claim is
(kg/confidence.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.ontology import Ontology
from kg.pair_model import fits
from kg.referents import Context
from kg.relation_reader import FAINT, Reading, Seen, known_relations
from kg.types import Claim, EntityType, Mention

IMPLIED = "implied"
"""The rule of a claim whose relation another one implies, before a colon and that relation."""
SURE = 0.3
"""The chance from which a relation is claimed; whether the claim stays, its confidence decides."""
CLOSE: tuple[frozenset[str], ...] = (
    frozenset({"worksFor", "memberOf", "leads", "speaksFor", "founded", "joined", "studiedAt"}),
    frozenset({"met", "talkedWith"}),
    frozenset({"locatedIn", "partOf", "basedIn"}),
    frozenset({"owns", "acquired", "investedIn"}),
    frozenset({"killed", "attacked", "injured"}),
    frozenset({"succeeded", "replaced"}),
    frozenset({"criticized", "accused", "opposes"}),
    frozenset({"praised", "supports"}),
)
"""Relations of which the rules' word for a pair leaves less room for another."""
NEVER: frozenset[tuple[str, EntityType, EntityType]] = frozenset({
    ("memberOf", "Person", "Country"), ("memberOf", "Person", "Place"), ("studiedAt", "Person", "Country"),
    ("worksFor", "Organization", "Organization"), ("worksFor", "Country", "Country"),
})  # fmt: skip
"""What the ontology allows, for other classes, and the reader is not believed."""
POSSESSED = "worksFor-body-s"
"""The rule for a bare "Norvik's Joan Vale": had she an office, the text would say so."""
SURER = 0.6
"""The chance from which a relation is claimed beside a close one that the rules say of the pair."""


Agreed = Mapping[tuple[int, int], float]
"""Span of a reference -> the reader's chance that it means what it is taken to mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A relation that the reader claims, as it was seen."""

    relation: str
    seen: Seen


def unsaid(context: Context, ontology: Ontology, reading: Reading, claims: Iterable[Claim]) -> Iterator[Read]:
    """What the reader sees and the claims do not say, in text order."""
    said: dict[tuple[str, object, tuple[int, int]], set[str]] = defaultdict(set)
    states: dict[str, set[object]] = defaultdict(set)
    owned: set[tuple[str, object, tuple[int, int]]] = set()
    for claim in claims:
        said[claim.subject, claim.object, claim.evidence].add(claim.predicate)
        if claim.predicate == "citizenOf":
            states[claim.subject].add(claim.object)
        if claim.rule.startswith(POSSESSED):
            owned.add((claim.subject, claim.object, claim.evidence))
    for (a, b, span), seen in sorted(reading.items(), key=lambda item: (item[0][2], item[0])):
        there = said[a, b, span]
        for name, one in sorted(seen.items(), key=lambda item: (-item[1].chance, item[0])):
            if name in there or one.chance < _least(name, there) or not _may(context, ontology, a, b, name):
                continue
            if name == "citizenOf" and states[a] - {b} or name == "leads" and (a, b, span) in owned:
                continue
            if ontology.relations[name].symmetric:
                if name in said[b, a, span]:
                    continue
                said[b, a, span].add(name)
            there.add(name)
            yield Read(relation=name, seen=one)


def _may(context: Context, ontology: Ontology, subject: str, target: str, name: str) -> bool:
    classes = context.entities[subject].type, context.entities[target].type
    return (name, *classes) not in NEVER and fits(context, ontology, subject, target, name)


def _least(name: str, there: Iterable[str]) -> float:
    return SURER if any(name in close and not close.isdisjoint(there) for close in CLOSE) else SURE


def agreed(mentions: Iterable[Mention], chances: Mapping[int, float]) -> Agreed:
    """The span of each pronoun and noun that was weighed -> its chance of meaning what it is taken to mean."""
    return {
        (m.begin, m.end): chances[m.head] for m in mentions if m.head in chances and m.kind in ("pronoun", "nominal")
    }


def chance_of_sides(meant: Agreed, claim: Claim) -> float | None:
    """The chance that the sides of a claim are whom it names; None where neither is a reference that was weighed."""
    found = [meant[span] for span in (claim.subject_span, claim.object_span) if span in meant]
    return min(found, default=None)


def chance_of(reading: Reading, claim: Claim) -> float | None:
    """What the reader holds of a claim; None where it has not read the two in that sentence or does not know it.

    A relation that another implies ("a child is a relative") is as likely as that one.
    """
    rule, _, base = claim.rule.partition(":")
    name = base if rule == IMPLIED else claim.predicate
    if not isinstance(claim.object, str) or name not in known_relations():
        return None
    seen = reading.get((claim.subject, claim.object, claim.evidence))
    return None if seen is None else seen[name].chance if name in seen else FAINT
