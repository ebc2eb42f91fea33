"""A part of the facts: what is a few steps around somebody, what is not older than a day."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from kg.errors import GraphError
from kg.view_records import Entity, Fact, Facts


def narrowed(facts: Facts, *, focus: str | None = None, hops: int = 2, since: str | None = None) -> Facts:
    """The facts from `since` (an ISO date) on that are at most `hops` steps from the entity called `focus`.

    Without both, the facts as they are.  Raises GraphError when no entity has the name.
    """
    if since is not None:
        facts = _recent(facts, since)
    if focus is not None:
        around = _around(_called(facts.entities, focus).iri, facts.facts, hops)
        kept = (fact for fact in facts.facts if fact.subject in around and (fact.literal or fact.object in around))
        facts = _restricted(facts, tuple(kept), around)
    return facts


def _folded(text: str) -> str:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def _called(entities: Iterable[Entity], focus: str) -> Entity:
    """The entity with that IRI, label or alias, the label before the alias; accents and case do not matter."""
    wanted = _folded(focus)
    ranked = [
        (rank, entity.iri, entity)
        for entity in entities
        for rank, match in enumerate(
            (
                focus == entity.iri or entity.iri.endswith(("/" + focus, "#" + focus)),
                wanted == _folded(entity.label),
                wanted in map(_folded, entity.aliases),
            )
        )
        if match
    ]
    if not ranked:
        raise GraphError(f"nobody and nothing in the graph is called '{focus}'")
    return min(ranked, key=lambda row: row[:2])[2]


def _around(start: str, facts: Iterable[Fact], hops: int) -> frozenset[str]:
    near: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if not fact.literal:
            near[fact.subject].add(fact.object)
            near[fact.object].add(fact.subject)
    found = edge = {start}
    for _ in range(hops):
        edge = {other for one in edge for other in near[one]} - found
        found = found | edge
    return frozenset(found)


def _recent(facts: Facts, since: str) -> Facts:
    """What happened, or else was told, on that day or later; positions and quotations by when they were told."""
    ends = {happening.iri: happening.end or happening.start for happening in facts.happenings}
    published = {source.iri: source.date for source in facts.sources}
    told = {piece.iri: published.get(piece.source, "") for piece in facts.evidence}

    def last_told(evidence: Iterable[str]) -> str:
        return max((told.get(iri, "") for iri in evidence), default="")

    kept = tuple(fact for fact in facts.facts if (ends.get(fact.event) or last_told(fact.evidence)) >= since)
    tenures = tuple(tenure for tenure in facts.tenures if last_told(tenure.evidence) >= since)
    sayings = tuple(saying for saying in facts.sayings if last_told(saying.evidence) >= since)
    held = {tenure.holder for tenure in tenures} | {saying.speaker for saying in sayings}
    return _restricted(dataclasses.replace(facts, tenures=tenures, sayings=sayings), kept, frozenset(held))


def _restricted(facts: Facts, kept: tuple[Fact, ...], others: frozenset[str]) -> Facts:
    """The records that the kept facts and the others need, with the positions and quotations of those who remain."""
    ends = {fact.subject for fact in kept} | {fact.object for fact in kept if not fact.literal} | others
    tenures = tuple(tenure for tenure in facts.tenures if tenure.holder in ends)
    sayings = tuple(saying for saying in facts.sayings if saying.speaker in ends)
    events = {fact.event for fact in kept}
    happenings = tuple(happening for happening in facts.happenings if happening.iri in events)
    predicates = {fact.predicate for fact in kept}
    cited = {iri for fact in kept for iri in fact.evidence}
    cited |= {iri for tenure in tenures for iri in tenure.evidence}
    cited |= {iri for saying in sayings for iri in saying.evidence}
    evidence = tuple(piece for piece in facts.evidence if piece.iri in cited)
    sources = {piece.source for piece in evidence}
    named = ends | {speaker for fact in kept for speaker in fact.speakers}
    named |= {tenure.organization for tenure in tenures}
    for happening in happenings:
        named |= {*happening.participants, *happening.places, *happening.asserted_by, *happening.denied_by}
    return dataclasses.replace(
        facts,
        entities=tuple(entity for entity in facts.entities if entity.iri in named),
        relations=tuple(relation for relation in facts.relations if relation.iri in predicates),
        facts=kept,
        happenings=happenings,
        tenures=tenures,
        sayings=sayings,
        sources=tuple(source for source in facts.sources if source.iri in sources),
        evidence=evidence,
    )
