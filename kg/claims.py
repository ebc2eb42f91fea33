"""Claims of documents -> claims between the entities of all documents, each mention of a fact once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import GraphError
from kg.ids import digest
from kg.types import Claim, Extraction, Level, Modality, Stance, TimeSpan, UnnamedSource, Value

PRESENCE = frozenset({"visited"})
"""Relations that a deed elsewhere says by the way: "met X in Y" says that somebody was in Y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedClaim:
    """One mention of one fact in one document.  `subject`, `object`, `place` and `attributed_to` are ids of
    global entities, `document` is a Document.id, `quote` the words at `evidence` in it, `derived_from` holds ids of
    claims of the same document.
    The subject of a symmetric relation is the entity whose id sorts first, so that all claims of a fact
    share subject, predicate and object."""

    id: str
    document: str
    published: dt.date | None
    publisher: str | None
    subject: str
    predicate: str
    object: str | Value
    evidence: tuple[int, int]
    quote: str
    stance: Stance
    modality: Modality
    attributed_to: tuple[str, ...]
    unnamed_sources: tuple[UnnamedSource, ...] = ()
    time: TimeSpan | None
    place: str | None
    confidence: float
    rule: str
    level: Level
    label: str | None
    trigger: tuple[int, int] | None
    derived_from: tuple[str, ...]


def stands_as_fact(claim: ResolvedClaim) -> bool:
    """Whether the claim by itself makes its fact a plain triple: it asserts it, and as actual.

    The one place that decides this; who says so and how surely does not matter (VOCABULARY section 3).
    """
    return claim.stance == "asserts" and claim.modality == "actual"


def resolve_claims(
    extraction: Extraction, entity_of: Mapping[tuple[str, str], str], symmetric: Collection[str]
) -> tuple[ResolvedClaim, ...]:
    """The claims of one document between global entities, sorted by id.

    Claims whose subject or object has no global entity (a cluster without a name) are left out, and so are
    those whose two sides turn out to be one entity.  Claims that say the same in the same sentence are one.
    """
    document = extraction.document
    groups: dict[tuple[object, ...], list[tuple[int, Claim]]] = {}
    elsewhere = _denied_for_more(extraction.claims)
    for number, claim in enumerate(extraction.claims):
        sides = _sides(claim, document.id, entity_of, symmetric)
        if sides is not None and number not in elsewhere:
            place = entity_of.get((document.id, claim.place)) if claim.place else None
            # Entity ids and dates go into the key as they are, so equal keys mean "says the same".
            said = (claim.stance, claim.modality, claim.time, place)
            groups.setdefault((sides, claim.predicate, claim.evidence, said), []).append((number, claim))
    merged = {key: sorted((claim for _, claim in group), key=_rank) for key, group in groups.items()}
    ids = {key: _claim_id(document.id, claims[0]) for key, claims in merged.items()}
    id_at = {number: ids[key] for key, group in groups.items() for number, _ in group}
    found = [_merge(extraction, claims, ids[key], id_at, entity_of, symmetric) for key, claims in merged.items()]
    return tuple(sorted(found, key=lambda claim: claim.id))


def _denied_for_more(claims: Sequence[Claim]) -> frozenset[int]:
    """The denials of a presence that one word denies along with a deed: who did not meet X in Y may have been in Y.

    The same holds of a whole report that somebody rejects.
    """
    denied = [(number, claim) for number, claim in enumerate(claims) if claim.stance == "denies"]
    words = {number: claim.evidence if claim.derived_from else claim.trigger for number, claim in denied}
    deeds = {words[number] for number, claim in denied if claim.predicate not in PRESENCE} - {None}
    return frozenset(number for number, claim in denied if claim.predicate in PRESENCE and words[number] in deeds)


def _sides(
    claim: Claim, document: str, entity_of: Mapping[tuple[str, str], str], symmetric: Collection[str]
) -> tuple[str, str | Value] | None:
    subject = entity_of.get((document, claim.subject))
    if subject is None:
        return None
    if isinstance(claim.object, Value):
        return subject, claim.object
    other = entity_of.get((document, claim.object))
    if other is None or other == subject:
        return None
    if claim.predicate in symmetric and other < subject:
        return other, subject
    return subject, other


def _rank(claim: Claim) -> tuple[object, ...]:
    """Sorts the claim that speaks for the others of its group to the front."""
    return (-claim.confidence, claim.level, claim.subject_span, claim.object_span, claim.rule, claim.trigger or (0, 0))


def _claim_id(document: str, claim: Claim) -> str:
    # The document's own entity ids and spans: the id stays when more documents change what its entities are called.
    sides = (claim.subject, claim.object.value if isinstance(claim.object, Value) else claim.object)
    spans = (*claim.subject_span, *claim.object_span, *claim.evidence)
    time = claim.time or TimeSpan(text="")
    said = (claim.stance, claim.modality, time.text, time.start, time.end, claim.place)
    return "claim-" + digest("claim", document, claim.predicate, claim.label or "", *sides, *spans, *said)


def _merge(
    extraction: Extraction,
    claims: list[Claim],
    own_id: str,
    id_at: Mapping[int, str],
    entity_of: Mapping[tuple[str, str], str],
    symmetric: Collection[str],
) -> ResolvedClaim:
    document, best = extraction.document, claims[0]
    sides = _sides(best, document.id, entity_of, symmetric)
    if sides is None:
        raise GraphError(f"{document.id}: a claim of '{best.predicate}' lost its entities.")
    sources = {entity_of.get((document.id, source)) for claim in claims for source in claim.attributed_to}
    unnamed = {(source.begin, source.end): source for claim in claims for source in claim.unnamed_sources}
    # What one rule sees directly is no inference, whatever another rule needs to get there.
    direct = any(not claim.derived_from for claim in claims)
    origins = set() if direct else {id_at.get(number) for claim in claims for number in claim.derived_from} - {own_id}
    return ResolvedClaim(
        id=own_id,
        document=document.id,
        published=document.date,
        publisher=document.publisher,
        subject=sides[0],
        predicate=best.predicate,
        object=sides[1],
        evidence=best.evidence,
        quote=document.text[slice(*best.evidence)],
        stance=best.stance,
        modality=best.modality,
        attributed_to=tuple(sorted(source for source in sources if source is not None)),
        unnamed_sources=tuple(unnamed[span] for span in sorted(unnamed)),
        time=best.time,
        place=entity_of.get((document.id, best.place)) if best.place else None,
        confidence=best.confidence,
        rule=best.rule,
        level=best.level,
        label=best.label,
        trigger=best.trigger,
        derived_from=tuple(sorted(origin for origin in origins if origin is not None)),
    )


def all_claims(
    extractions: Iterable[Extraction], entity_of: Mapping[tuple[str, str], str], symmetric: Collection[str]
) -> tuple[ResolvedClaim, ...]:
    """The claims of all documents, each once, sorted by id."""
    claims = (claim for extraction in extractions for claim in resolve_claims(extraction, entity_of, symmetric))
    found = {claim.id: claim for claim in claims}
    return tuple(found[own_id] for own_id in sorted(found))
