"""Claims that corrections take back, with what follows from them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.claims import resolve_claims
from kg.corrections import NONE, Corrections, Reference, Retraction, did_you_mean, is_document
from kg.entities import Known, Member, Remark, Resolution
from kg.errors import CorrectionError
from kg.gazetteer import Gazetteer, fold
from kg.ids import BASE
from kg.linking import Comparer
from kg.resolve import resolve
from kg.rulings import Index, because
from kg.types import Claim, Extraction, Value

OF_POSITIONS = frozenset({"leads", "worksFor", "speaksFor", "memberOf"})
"""Relations that a position yields: who takes one back takes back the position of that sentence too."""

Place = tuple[int, int]
"""A claim: the position of its extraction, and its own in there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted:
    """The extractions without what corrections take back, and a sentence about each for its entities."""

    extractions: tuple[Extraction, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A claim between entities of all documents; `object` is None where it has none, else an id or a value."""

    subject: str | None
    object: str | None
    claim: Claim
    document: str

    def says(self, predicate: str) -> bool:
        """Whether its relation, or for an open claim its verb phrase, is this."""
        return predicate == self.claim.predicate or fold(predicate) == fold(self.claim.label or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a graph is made of: the extractions without retracted claims, and who is who in them."""

    extractions: tuple[Extraction, ...]
    resolution: Resolution


def settle(
    extractions: Sequence[Extraction],
    gazetteer: Gazetteer,
    *,
    known: Iterable[Known] = (),
    corrections: Corrections = NONE,
    base: str = BASE,
    symmetric: Collection[str] = (),
    comparer: Comparer | None = None,
) -> Settled:
    """Who is who in the extractions, and all that corrections change, done.  Arguments and errors are those of resolve
    and retract."""
    resolution = resolve(extractions, gazetteer, known=known, corrections=corrections, base=base, comparer=comparer)
    kept = retract(extractions, resolution, corrections, base=base, symmetric=symmetric)
    remarks = tuple(sorted((*resolution.remarks, *kept.remarks)))
    return Settled(extractions=kept.extractions, resolution=replace(resolution, remarks=remarks))


def retract(
    extractions: Sequence[Extraction],
    resolution: Resolution,
    corrections: Corrections,
    *,
    base: str,
    symmetric: Collection[str],
) -> Retracted:
    """The extractions without the claims that corrections retract, and without all that derives from those alone.

    A position that says the same in the same sentence (who leads a body is its president) goes with its claim.
    `symmetric` are the relations that hold both ways.  Raises CorrectionError for a retraction that fits no claim.
    """
    if not corrections.retractions:
        return Retracted(extractions=tuple(extractions))
    index = Index(resolution, extractions, base)
    said = {
        (number, place): _Said(
            subject=resolution.of.get((extraction.document.id, claim.subject)),
            object=_object(claim, extraction.document.id, resolution.of),
            claim=claim,
            document=extraction.document.id,
        )
        for number, extraction in enumerate(extractions)
        for place, claim in enumerate(extraction.claims)
    }
    doomed: dict[int, set[int]] = defaultdict(set)
    remarks: set[Remark] = set()
    label = {entity.id: entity.label for entity in resolution.entities}
    for retraction in corrections.retractions:
        if retraction.claim:
            found = _by_iri(retraction, extractions, resolution.of, base, symmetric)
        else:
            found = _by_names(retraction, said, index, label, symmetric)
        for number, place in found:
            doomed[number].add(place)
        one = said[min(found)]
        verb = one.claim.label or one.claim.predicate
        times = f" ({len(found)} claims)" if len(found) > 1 else ""
        words = f"“{label.get(one.subject or '')} {verb} {label.get(one.object or '', one.object)}”{times}"
        text = f"That {words} is retracted: {because('a correction says so', retraction.reason)}."
        remarks.update(Remark(id=end, text=text) for end in (one.subject, one.object) if end in label)
    kept = (_without(extraction, doomed[n], resolution.of) for n, extraction in enumerate(extractions))
    return Retracted(extractions=tuple(kept), remarks=tuple(sorted(remarks)))


def _object(claim: Claim, document: str, of: Mapping[Member, str]) -> str | None:
    return claim.object.value if isinstance(claim.object, Value) else of.get((document, claim.object))


# ---------------------------------------------------------------- which claims are meant


def _by_iri(
    retraction: Retraction,
    extractions: Sequence[Extraction],
    of: Mapping[Member, str],
    base: str,
    symmetric: Collection[str],
) -> set[Place]:
    """All that a document says of the fact in the sentence of this claim, which the graph has as one."""
    wanted = retraction.claim.removeprefix(base).removeprefix("id:")
    for number, extraction in enumerate(extractions):
        for claim in resolve_claims(extraction, of, symmetric):
            if claim.id == wanted:
                document = extraction.document.id
                return {
                    (number, place)
                    for place, own in enumerate(extraction.claims)
                    if (own.predicate, own.evidence, own.stance, own.modality, own.time)
                    == (claim.predicate, claim.evidence, claim.stance, claim.modality, claim.time)
                    and (of.get((document, own.place)) if own.place else None) == claim.place
                    and {of.get((document, own.subject)), _object(own, document, of)}
                    == {claim.subject, claim.object.value if isinstance(claim.object, Value) else claim.object}
                }
    raise CorrectionError(f"{retraction.where}: no claim has the IRI {retraction.claim}; kg query shows what there is.")


def _by_names(
    retraction: Retraction,
    said: Mapping[Place, _Said],
    index: Index,
    label: Mapping[str, str],
    symmetric: Collection[str],
) -> set[Place]:
    """The claims of this subject, relation and object, in the one document if it is named."""
    where, predicate = retraction.where, retraction.predicate
    known = sorted({word for one in said.values() for word in (one.claim.predicate, one.claim.label) if word})
    if not any(one.says(predicate) for one in said.values()):
        raise CorrectionError(f"{where}: no claim says '{predicate}'.{did_you_mean(predicate, known)}")
    documents = {one.document for one in said.values()}
    if retraction.document and not any(is_document(retraction.document, document) for document in documents):
        hint = did_you_mean(retraction.document, sorted(documents))
        raise CorrectionError(f"{where}: no claim is of a document '{retraction.document}'.{hint}")
    subject = _end(retraction.subject, said, predicate, index, where)
    target = _end(retraction.object, said, predicate, index, where)
    ends = {(subject, target)} | ({(target, subject)} if predicate in symmetric else set())
    found = {
        place
        for place, one in said.items()
        if (one.subject, one.object) in ends
        and one.says(predicate)
        and (not retraction.document or is_document(retraction.document, one.document))
    }
    if not found:
        told = f"'{retraction.subject} {predicate} {retraction.object}'".replace("''", "'")
        raise CorrectionError(f"{where}: no claim says {told}.{_said_instead(said, predicate, subject, target, label)}")
    return found


def _said_instead(
    said: Mapping[Place, _Said], predicate: str, subject: str, target: str, label: Mapping[str, str]
) -> str:
    """What the claims say of the two, or else whom the relation links the subject with."""
    ends = {subject, target}
    between = {one.claim.label or one.claim.predicate for one in said.values() if {one.subject, one.object} == ends}
    if between:
        return f" Said of the two: {', '.join(sorted(between))}."
    said_with = (one for one in said.values() if one.says(predicate) and subject in (one.subject, one.object))
    others = {end for one in said_with for end in (one.subject, one.object) if end and end != subject}
    names = sorted(label.get(other, other) for other in others)
    return f" Said with {predicate}: {', '.join(names[:5])}." if names else ""


def _end(reference: Reference | None, said: Mapping[Place, _Said], predicate: str, index: Index, where: str) -> str:
    """The id of an entity, or the value of a date relation as it is."""
    if reference is None:  # the file's checks leave none without
        raise CorrectionError(f"{where}: needs 'subject' and 'object'.")
    for one in said.values():
        if isinstance(one.claim.object, Value) and one.object == reference.name and one.says(predicate):
            return reference.name
    return index.find(reference, where)[0].id


# ---------------------------------------------------------------- taking them out


def _without(extraction: Extraction, doomed: set[int], of: Mapping[Member, str]) -> Extraction:
    """The extraction without these claims, what derives from them, and the positions that say the same."""
    if not doomed:
        return extraction
    gone = set(doomed)
    growing = True
    while growing:
        more = {
            n for n, claim in enumerate(extraction.claims) if n not in gone and not gone.isdisjoint(claim.derived_from)
        }
        gone |= more
        growing = bool(more)
    kept = [n for n in range(len(extraction.claims)) if n not in gone]
    number = {old: new for new, old in enumerate(kept)}
    claims = (
        replace(
            extraction.claims[n], derived_from=tuple(number[origin] for origin in extraction.claims[n].derived_from)
        )
        for n in kept
    )
    ended = list(_positions(extraction, doomed, of))
    positions = (p for n, p in enumerate(extraction.positions) if n not in ended)
    return replace(extraction, claims=tuple(claims), positions=tuple(positions))


def _positions(extraction: Extraction, doomed: set[int], of: Mapping[Member, str]) -> Iterator[int]:
    document = extraction.document.id
    for number, position in enumerate(extraction.positions):
        ends = {of.get((document, position.holder)), of.get((document, position.organization or ""))}
        for claim in (extraction.claims[n] for n in sorted(doomed)):
            overlap = max(position.evidence[0], claim.evidence[0]) < min(position.evidence[1], claim.evidence[1])
            same = {of.get((document, claim.subject)), _object(claim, document, of)} == ends
            if overlap and same and claim.predicate in OF_POSITIONS:
                yield number
                break
