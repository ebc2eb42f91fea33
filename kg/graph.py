"""Extractions and their resolved entities -> the RDF graph that VOCABULARY sections 2 to 5 describe."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph
from rdflib.namespace import DCTERMS

from kg import ids
from kg.claims import ResolvedClaim, all_claims, stands_as_fact
from kg.conflicts import Held, event_conflicts, head_conflicts, says_who_holds
from kg.errors import GraphError
from kg.events import Event, Status, events_of, places_around, states_of
from kg.gazetteer import load as load_gazetteer
from kg.occasions import whole_of
from kg.ontology import Ontology
from kg.origins import Printing, plain_name, printing
from kg.resolve import Entity, Resolution
from kg.terms import PREFIXES, Terms, date, integer, iri_text, number, text
from kg.terms import own as kg
from kg.triples import Triple, Triples, Words, gathered, to_graph
from kg.types import Document, Extraction, Tense, TimeSpan

TYPE, PROPERTY, SUBJECT, PREDICATE, OBJECT = (
    str(RDF[name]) for name in ("type", "Property", "subject", "predicate", "object")
)
LABEL, SUB_PROPERTY, RESOURCE = (str(RDFS[name]) for name in ("label", "subPropertyOf", "Resource"))
ALT_LABEL, SAME_AS, ANY_URI = str(SKOS.altLabel), str(OWL.sameAs), str(XSD.anyURI)
SOURCE, REPLACED_BY, IDENTIFIER, TITLE, ISSUED, PUBLISHER = (
    str(DCTERMS[name]) for name in ("source", "isReplacedBy", "identifier", "title", "issued", "publisher")
)


def build_graph(
    extractions: Iterable[Extraction], resolution: Resolution, ontology: Ontology, *, base: str = ids.BASE
) -> Graph:
    """The graph of the extractions as an rdflib graph; arguments and errors as in triples_of."""
    triples = triples_of(extractions, resolution, ontology, base=base)
    return to_graph(triples, {"id": triples.base, **PREFIXES})


def triples_of(
    extractions: Iterable[Extraction], resolution: Resolution, ontology: Ontology, *, base: str = ids.BASE
) -> Triples:
    """The triples of the extractions, the same for every order of them.

    `base` starts the IRIs of the data; it is absolute and ends in "/", "#" or ":".  Raises GraphError for another
    base, for a claim whose relation the ontology does not have, and for two documents of one id.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:(?:.*[/#:])?", base, re.DOTALL):
        raise GraphError(f"The base '{base}' must be an absolute IRI that ends in '/', '#' or ':'.")
    base = iri_text(base)
    documents = tuple(e if e.whole else replace(e, whole=whole_of(e.document)) for e in _by_document(extractions))
    return gathered(base, _triples(documents, resolution, ontology, Terms(base, ontology.relations)))


def _triples(
    documents: tuple[Extraction, ...], resolution: Resolution, ontology: Ontology, terms: Terms
) -> Iterator[Triple]:
    relations = ontology.relations
    symmetric = frozenset(name for name, relation in relations.items() if relation.symmetric)
    claims = all_claims(documents, resolution.of, symmetric)
    types = {entity.id: entity.type for entity in resolution.entities}
    printed = _printing(documents, resolution)
    around = places_around(claims, types, _countries(resolution.entities))
    occasions = {e.document.id: e.whole.occasion for e in documents if e.whole and e.whole.occasion}
    events = events_of(claims, relations, types=types, printed=printed, around=around, occasions=occasions)
    states = states_of(claims, events, printed)

    event_of = {claim: event.id for event in events for claim in event.claims}
    for entity in resolution.entities:
        yield from _entity_triples(entity, terms)
    yield from _replaced_triples(resolution, terms)
    for claim in claims:
        yield from _claim_triples(claim, event_of.get(claim.id), states.get(claim.id), terms)
        if stands_as_fact(claim):
            yield from _fact_triples(claim, terms)
    yield from _relation_triples(claims, terms)
    for event in events:
        yield from _event_triples(event, terms)
    tenures = _tenures(documents, resolution.of)
    yield from _tenure_triples(tenures, terms)
    yield from _conflict_triples(event_conflicts(events, claims, around), terms)
    yield from _conflict_triples(_rival_heads(tenures, documents, claims), terms)
    spans: dict[str, set[tuple[int, int]]] = {extraction.document.id: set() for extraction in documents}
    for own_id, span in (
        *((claim.document, claim.evidence) for claim in claims),
        *(place for tenure in tenures.values() for place in tenure.evidence),
    ):
        spans[own_id].add(span)
    for extraction in documents:
        document = extraction.document
        yield from _document_triples(document, terms)
        yield from _printing_triples(document.id, printed, terms)
        yield from _quotation_triples(extraction, resolution.of, terms)
        spoken = {(quotation.begin, quotation.end) for quotation in extraction.quotations}
        for span in sorted(spans[document.id] | spoken):
            yield from _evidence_triples(document.id, span, document.text, terms)


def _by_document(extractions: Iterable[Extraction]) -> tuple[Extraction, ...]:
    """The extractions sorted by document, equal ones once."""
    found: dict[str, str] = {}
    unique: dict[tuple[str, str], Extraction] = {}
    for extraction in extractions:
        document = extraction.document
        if found.setdefault(document.id, document.text) != document.text:
            where = document.path or document.id
            raise GraphError(f"{where}: another document with a different text has the id '{document.id}'.")
        known = repr((document.title, document.date, document.url, document.publisher))
        unique[document.id, known] = extraction
    return tuple(unique[key] for key in sorted(unique))


def _printing(documents: Iterable[Extraction], resolution: Resolution) -> Printing:
    """Where the documents have their texts from, outlets as entities where just one organisation is called so."""
    called: dict[str, set[str]] = defaultdict(set)
    mentioned: dict[str, set[str]] = defaultdict(set)
    for entity in resolution.entities:
        for document, _ in entity.members:
            mentioned[document].add(entity.id)
        if entity.type == "Organization":
            for name in (entity.label, *entity.aliases):
                called[plain_name(name)].add(entity.id)
    return printing(
        [extraction.document for extraction in documents],
        entities={name: min(bearers) for name, bearers in called.items() if len(bearers) == 1},
        mentioned={document: frozenset(named) for document, named in mentioned.items()},
        gazetteer=load_gazetteer(),
        sketches={extraction.document.id: extraction.whole.sketch for extraction in documents if extraction.whole},
    )


def _countries(entities: Iterable[Entity]) -> dict[str, str]:
    """Place -> the country that the tables put it in, where both are entities."""
    gazetteer = load_gazetteer()
    country_of = {entity.label: entity.id for entity in entities if entity.type == "Country"}
    found = {}
    for entity in entities:
        place = gazetteer.place(entity.label) if entity.type == "Place" else None
        if place is not None and place.country in country_of:
            found[entity.id] = country_of[place.country]
    return found


# ---------------------------------------------------------------- entities, facts, claims


def _entity_triples(entity: Entity, terms: Terms) -> Iterator[Triple]:
    node = terms.entity(entity.id)
    yield node, TYPE, kg(entity.type)
    yield node, LABEL, text(entity.label)
    for alias in entity.aliases:
        if text(alias) != text(entity.label):
            yield node, ALT_LABEL, text(alias)
    for other in entity.same_as:
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", other):
            raise GraphError(f"The entity '{entity.id}' has '{other}' as outside identifier, which is no absolute IRI.")
        yield node, SAME_AS, iri_text(other)


def _replaced_triples(resolution: Resolution, terms: Terms) -> Iterator[Triple]:
    """IRIs of an earlier build, each with the one that stands for it now."""
    for earlier in resolution.replaced:
        node = terms.entity(earlier.id)
        yield node, TYPE, RESOURCE
        yield node, REPLACED_BY, terms.entity(earlier.by)


def _fact_triples(claim: ResolvedClaim, terms: Terms) -> Iterator[Triple]:
    """The plain triple of a claim, both ways for a symmetric relation."""
    subject, predicate, target = terms.entity(claim.subject), terms.predicate(claim), terms.target(claim)
    yield subject, predicate, target
    relation = terms.relations.get(claim.predicate) if claim.label is None else None
    if relation and relation.symmetric and isinstance(target, str):
        yield target, predicate, subject


def _claim_triples(
    claim: ResolvedClaim, event: str | None, state: tuple[Status, int] | None, terms: Terms
) -> Iterator[Triple]:
    node = terms.iri(claim.id)
    yield node, TYPE, kg("Claim")
    yield node, SUBJECT, terms.entity(claim.subject)
    yield node, PREDICATE, terms.predicate(claim)
    yield node, OBJECT, terms.target(claim)
    if event is not None:
        yield node, kg("event"), terms.iri(event)
    if state is not None:
        status, origins = state
        if claim.time is not None:
            yield from _time_triples(node, claim.time.start, claim.time.end)
        yield node, kg("status"), kg(status)
        if origins > 1:  # one is the rule, and claims are many
            yield node, kg("origins"), integer(origins)
    yield node, kg("stance"), kg(claim.stance)
    yield node, kg("modality"), kg(claim.modality)
    for source in claim.attributed_to:
        yield node, kg("attributedTo"), terms.entity(source)
    for unnamed in claim.unnamed_sources:
        own = terms.iri("source-" + ids.digest("source", claim.document, unnamed.begin, unnamed.end))
        yield node, kg("unnamedSource"), own
        yield own, TYPE, kg("UnnamedSource")
        yield own, LABEL, text(unnamed.text)
        if unnamed.count is not None:
            yield own, kg("count"), integer(unnamed.count)
    yield node, kg("confidence"), number(claim.confidence)
    yield node, kg("evidence"), terms.evidence(claim.document, claim.evidence)
    if claim.rule:
        yield node, kg("rule"), text(claim.rule)
    if claim.level != "explicit":
        yield node, kg("level"), kg(claim.level)
    for origin in claim.derived_from:
        yield node, kg("derivedFrom"), terms.iri(origin)


def _relation_triples(claims: Iterable[ResolvedClaim], terms: Terms) -> Iterator[Triple]:
    """The generated properties of open claims."""
    labels: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.label is not None:
            labels[terms.predicate(claim)].add(claim.label)
    for predicate in sorted(labels):
        yield predicate, TYPE, PROPERTY
        yield predicate, SUB_PROPERTY, kg("relatedTo")
        label, *others = sorted(labels[predicate])
        yield predicate, LABEL, text(label)
        for other in others:
            yield predicate, ALT_LABEL, text(other)


def _evidence_triples(document: str, span: tuple[int, int], words: str, terms: Terms) -> Iterator[Triple]:
    begin, end = span
    if not 0 <= begin < end <= len(words):
        raise GraphError(f"Document {document}: evidence {begin}-{end} lies outside its {len(words)} code points.")
    node = terms.evidence(document, span)
    yield node, TYPE, kg("Evidence")
    yield node, SOURCE, terms.document(document)
    yield node, kg("begin"), integer(begin)
    yield node, kg("end"), integer(end)
    yield node, kg("quote"), text(words[begin:end])


def _event_triples(event: Event, terms: Terms) -> Iterator[Triple]:
    node = terms.iri(event.id)
    yield node, TYPE, kg(event.kind)
    for name, entities in (
        ("participant", event.participants),
        ("place", event.places),
        ("assertedBy", event.asserted_by),
        ("deniedBy", event.denied_by),
    ):
        for entity in entities:
            yield node, kg(name), terms.entity(entity)
    yield from _time_triples(node, event.start, event.end)
    if event.time_text is not None:
        yield node, kg("timeText"), text(event.time_text)
    yield node, kg("status"), kg(event.status)
    yield node, kg("origins"), integer(len(event.origins))


def _conflict_triples(pairs: Iterable[tuple[str, str]], terms: Terms) -> Iterator[Triple]:
    for one, other in pairs:
        yield terms.iri(one), kg("conflictsWith"), terms.iri(other)
        yield terms.iri(other), kg("conflictsWith"), terms.iri(one)


def _time_triples(node: str, start: dt.date | None, end: dt.date | None) -> Iterator[Triple]:
    if start is not None:
        yield node, kg("startDate"), date(start)
    if end is not None:
        yield node, kg("endDate"), date(end)


# ---------------------------------------------------------------- positions, quotations, documents


@dataclass(slots=True)
class _Tenure:
    """What all mentions of one tenure say together."""

    titles: dict[str, int]
    evidence: set[tuple[str, tuple[int, int]]]
    since: set[dt.date]
    until: set[dt.date]
    held_now: set[str]
    """The documents that say in so many words who holds the post, by their ids: "Northland's president, Ann Lee"."""


_TenureKey = tuple[str, str, str | None, Tense]
"""Holder, title in lower case, organisation, tense."""


def _tenures(documents: Iterable[Extraction], of: Mapping[tuple[str, str], str]) -> dict[_TenureKey, _Tenure]:
    """The tenures.  The same holder, title, organisation and tense are one tenure, whoever tells of it.

    A mention without organisation ("President Roe") belongs to the tenure of this title that its document tells in
    full, if there is just one.
    """
    found: dict[_TenureKey, _Tenure] = {}
    for extraction in documents:
        document = extraction.document.id
        told = [(p, " ".join(p.title.split()), of.get((document, p.holder))) for p in extraction.positions]
        bodies: dict[tuple[str | None, str, Tense], set[str]] = defaultdict(set)
        for position, title, holder in told:
            body = of.get((document, position.organization)) if position.organization else None
            if body is not None and body != holder:
                bodies[holder, title.casefold(), position.tense].add(body)
        for position, title, holder in told:
            if holder is None or not title:
                continue
            own = of.get((document, position.organization)) if position.organization else None
            known = bodies[holder, title.casefold(), position.tense]
            if own is None and len(known) == 1:
                own = min(known)
            key = (holder, title.casefold(), own if own != holder else None, position.tense)
            tenure = found.setdefault(key, _Tenure({}, set(), set(), set(), set()))
            tenure.titles[title] = tenure.titles.get(title, 0) + 1
            tenure.evidence.add((document, position.evidence))
            if own is not None and position.organization and says_who_holds(extraction, position):
                tenure.held_now.add(document)
            tenure.since |= _days(position.since)
            tenure.until |= _days(position.until)
    return found


def _tenure_id(key: _TenureKey) -> str:
    holder, title, organization, tense = key
    return "tenure-" + ids.digest("tenure", holder, title, organization or "", tense)


def _rival_heads(
    tenures: Mapping[_TenureKey, _Tenure], documents: Iterable[Extraction], claims: Iterable[ResolvedClaim]
) -> tuple[tuple[str, str], ...]:
    """Tenures of two persons who are both said to hold one leading post at one time."""
    published = {extraction.document.id: extraction.document.date for extraction in documents}
    facts = [claim for claim in claims if stands_as_fact(claim) and isinstance(claim.object, str)]
    held = []
    for key, tenure in tenures.items():
        if not tenure.held_now:
            continue
        told = {published[document] for document in tenure.held_now}
        held.append(
            Held(
                id=_tenure_id(key), holder=key[0], title=key[1], organization=key[2], tense=key[3],
                told=frozenset(day for day in told if day is not None),
            )
        )  # fmt: skip
    return head_conflicts(
        held,
        [(claim.subject, str(claim.object)) for claim in facts if claim.predicate == "leads"],
        [(claim.subject, str(claim.object)) for claim in facts if claim.predicate in ("replaced", "succeeded")],
    )


def _tenure_triples(tenures: Mapping[_TenureKey, _Tenure], terms: Terms) -> Iterator[Triple]:
    for key, tenure in tenures.items():
        holder, _, organization, tense = key
        node = terms.iri(_tenure_id(key))
        yield node, TYPE, kg("Tenure")
        yield node, kg("holder"), terms.entity(holder)
        yield node, kg("title"), text(min(tenure.titles, key=lambda form: (-tenure.titles[form], form)))
        if organization is not None:
            yield node, kg("organization"), terms.entity(organization)
        yield node, kg("tense"), kg(tense)
        yield from _time_triples(node, min(tenure.since, default=None), max(tenure.until, default=None))
        for document, span in tenure.evidence:
            yield node, kg("evidence"), terms.evidence(document, span)


def _days(time: TimeSpan | None) -> set[dt.date]:
    return {day for day in (time.start, time.end) if day is not None} if time else set()


def _quotation_triples(extraction: Extraction, of: Mapping[tuple[str, str], str], terms: Terms) -> Iterator[Triple]:
    document = extraction.document
    for quotation in extraction.quotations:
        span = (quotation.begin, quotation.end)
        node = terms.iri("quotation-" + ids.digest("quotation", document.id, *span))
        yield node, TYPE, kg("Quotation")
        for name, local in (("speaker", quotation.speaker), ("addressee", quotation.addressee)):
            entity = of.get((document.id, local)) if local else None
            if entity is not None:
                yield node, kg(name), terms.entity(entity)
        yield node, kg("text"), text(quotation.text)
        yield node, kg("evidence"), terms.evidence(document.id, span)


def _document_triples(document: Document, terms: Terms) -> Iterator[Triple]:
    """A document.  It has two dcterms:identifier: its id, and its address as an xsd:anyURI."""
    node = terms.document(document.id)
    yield node, TYPE, kg("Document")
    yield node, IDENTIFIER, text(document.id)
    if document.title:
        yield node, TITLE, text(document.title)
    if document.date:
        yield node, ISSUED, date(document.date)
    if document.publisher:
        yield node, PUBLISHER, text(document.publisher)
    if document.url:
        yield node, IDENTIFIER, Words(iri_text(document.url), ANY_URI)


def _printing_triples(document: str, printed: Printing, terms: Terms) -> Iterator[Triple]:
    """Whose text a document prints where that is not its own: of an agency, or of another document."""
    node = terms.document(document)
    if document in printed.credits:
        yield node, kg("credits"), text(printed.credits[document])
    if document in printed.copies:
        yield node, kg("copyOf"), terms.document(printed.copies[document])
