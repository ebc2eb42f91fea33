"""What follows from the claims of a document: each once, the places around a place, the relations that one implies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.claim_making import LEVEL_FACTOR, STATE_CLASSES
from kg.ontology import Ontology
from kg.readings import IMPLIED
from kg.referents import Context
from kg.structures import places_around
from kg.types import Claim


def drawn(context: Context, ontology: Ontology, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims, each once, and what follows from them."""
    said = _once(claims)
    return (*said, *_contained(context, ontology, said), *_implied(context, ontology, said))


def _once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims in text order; of those that say the same of the same in one sentence, the surest."""
    best: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (claim.subject, claim.predicate, claim.object, claim.evidence, claim.stance, claim.modality)
        if key not in best or claim.confidence > best[key].confidence:
            best[key] = claim
    return tuple(
        sorted(
            best.values(), key=lambda c: (c.evidence, c.subject_span, c.object_span, c.predicate, c.stance, c.modality)
        )
    )


def _contained(context: Context, ontology: Ontology, claims: tuple[Claim, ...]) -> Iterator[Claim]:
    """ "born in Graz, Austria" is born in Austria too: derived claims for the places around a named place."""
    names = {m.begin: m for m in context.at.values() if m.kind == "name"}
    for number, claim in enumerate(claims):
        at = names.get(claim.object_span[0])
        if not ontology.relations[claim.predicate].reaches_container or at is None or at.type not in STATE_CLASSES:
            continue
        for around in places_around(context, at):
            if around.entities[0] not in (claim.subject, claim.object):
                yield replace(
                    claim, object=around.entities[0], object_span=(around.begin, around.end), rule="contained",
                    level="inferred", confidence=round(claim.confidence * LEVEL_FACTOR["resolved"], 3),
                    derived_from=(number,),
                )  # fmt: skip


def _implied(context: Context, ontology: Ontology, claims: tuple[Claim, ...]) -> Iterator[Claim]:
    """Claims of the relations that a claim's relation implies, where the classes fit and no sentence says them."""
    said = {(c.subject, c.predicate, c.object) for c in claims}
    for number, claim in enumerate(claims):
        for name in ontology.relations[claim.predicate].implies:
            relation = ontology.relations[name]
            fits = not relation.domain or context.entities[claim.subject].type in relation.domain
            if claim.stance == "denies" or not fits or (claim.subject, name, claim.object) in said:
                continue
            yield replace(
                claim, predicate=name, rule=f"{IMPLIED}:{claim.predicate}", level="inferred", derived_from=(number,),
                confidence=round(claim.confidence * LEVEL_FACTOR["resolved"], 3),
            )  # fmt: skip
