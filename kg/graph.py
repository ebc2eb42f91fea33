"""Extractions and their resolved entities -> the RDF graph that VOCABULARY sections 2 to 5 describe."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from kg import ids
from kg.claims import ResolvedClaim, all_claims, stands_as_fact
from kg.errors import GraphError
from kg.events import Event, events_of
from kg.ontology import Ontology
from kg.resolve import Entity, Resolution
from kg.terms import PREFIXES, Terms, date, integer, iri_text, kg, number, text
from kg.types import Document, Extraction, Tense, TimeSpan

Triple = tuple[URIRef, URIRef, URIRef | Literal]


def build_graph(
    extractions: Iterable[Extraction], resolution: Resolution, ontology: Ontology, *, base: str = ids.BASE
) -> Graph:
    """The graph of the extractions, the same for every order of them.

    `base` starts the IRIs of the data; it is absolute and ends in "/", "#" or ":".  Raises GraphError for another
    base, for a claim whose relation the ontology does not have, and for two documents of one id.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:(?:.*[/#:])?", base, re.DOTALL):
        raise GraphError(f"The base '{base}' must be an absolute IRI that ends in '/', '#' or ':'.")
    base = iri_text(base)
    documents = _by_document(extractions)
    relations = ontology.relations
    symmetric = frozenset(name for name, relation in relations.items() if relation.symmetric)
    claims = all_claims(documents, resolution.of, symmetric)
    types = {entity.id: entity.type for entity in resolution.entities}
    events = events_of(claims, relations, types=types, outlets=_outlets(documents, resolution.entities))

    terms = Terms(base, relations)
    texts = {extraction.document.id: extraction.document.text for extraction in documents}
    graph = Graph(bind_namespaces="none")
    for prefix, iri in {"id": base, **PREFIXES}.items():
        graph.bind(prefix, iri, override=True, replace=True)
    event_of = {claim: event.id for event in events for claim in event.claims}
    for entity in resolution.entities:
        _add(graph, _entity_triples(entity, terms))
    for claim in claims:
        _add(graph, _claim_triples(claim, event_of.get(claim.id), terms))
        _add(graph, _evidence_triples(claim.document, claim.evidence, texts[claim.document], terms))
        if stands_as_fact(claim):
            _add(graph, _fact_triples(claim, terms))
    _add(graph, _relation_triples(claims, terms))
    for event in events:
        _add(graph, _event_triples(event, terms))
    _add(graph, _tenure_triples(documents, resolution.of, terms))
    for extraction in documents:
        _add(graph, _document_triples(extraction.document, terms))
        _add(graph, _quotation_triples(extraction, resolution.of, terms))
    return graph


def _add(graph: Graph, triples: Iterable[Triple]) -> None:
    graph.addN((s, p, o, graph) for s, p, o in triples)


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


def _outlets(documents: Iterable[Extraction], entities: Iterable[Entity]) -> dict[str, str]:
    """Publisher -> the one organisation that is called so."""
    called: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        if entity.type == "Organization":
            for name in (entity.label, *entity.aliases):
                called[_plain_name(name)].add(entity.id)
    publishers = {extraction.document.publisher for extraction in documents if extraction.document.publisher}
    found = {publisher: called.get(_plain_name(publisher), set()) for publisher in publishers}
    return {publisher: min(bearers) for publisher, bearers in found.items() if len(bearers) == 1}


def _plain_name(name: str) -> str:
    return ids.slug(name).removeprefix("the-")


# ---------------------------------------------------------------- entities, facts, claims


def _entity_triples(entity: Entity, terms: Terms) -> Iterator[Triple]:
    node = terms.entity(entity.id)
    yield node, RDF.type, kg(entity.type)
    yield node, RDFS.label, text(entity.label)
    for alias in entity.aliases:
        if text(alias) != text(entity.label):
            yield node, SKOS.altLabel, text(alias)
    for other in entity.same_as:
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", other):
            raise GraphError(f"The entity '{entity.id}' has '{other}' as outside identifier, which is no absolute IRI.")
        yield node, OWL.sameAs, URIRef(iri_text(other))


def _fact_triples(claim: ResolvedClaim, terms: Terms) -> Iterator[Triple]:
    """The plain triple of a claim, both ways for a symmetric relation."""
    subject, predicate, target = terms.entity(claim.subject), terms.predicate(claim), terms.target(claim)
    yield subject, predicate, target
    relation = terms.relations.get(claim.predicate) if claim.label is None else None
    if relation and relation.symmetric and isinstance(target, URIRef):
        yield target, predicate, subject


def _claim_triples(claim: ResolvedClaim, event: str | None, terms: Terms) -> Iterator[Triple]:
    node = terms.iri(claim.id)
    yield node, RDF.type, kg("Claim")
    yield node, RDF.subject, terms.entity(claim.subject)
    yield node, RDF.predicate, terms.predicate(claim)
    yield node, RDF.object, terms.target(claim)
    if event is not None:
        yield node, kg("event"), terms.iri(event)
    yield node, kg("stance"), kg(claim.stance)
    yield node, kg("modality"), kg(claim.modality)
    for source in claim.attributed_to:
        yield node, kg("attributedTo"), terms.entity(source)
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
    labels: dict[URIRef, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.label is not None:
            labels[terms.predicate(claim)].add(claim.label)
    for predicate in sorted(labels):
        yield predicate, RDF.type, RDF.Property
        yield predicate, RDFS.subPropertyOf, kg("relatedTo")
        label, *others = sorted(labels[predicate])
        yield predicate, RDFS.label, text(label)
        for other in others:
            yield predicate, SKOS.altLabel, text(other)


def _evidence_triples(document: str, span: tuple[int, int], words: str, terms: Terms) -> Iterator[Triple]:
    begin, end = span
    if not 0 <= begin < end <= len(words):
        raise GraphError(f"Document {document}: evidence {begin}-{end} lies outside its {len(words)} code points.")
    node = terms.evidence(document, span)
    yield node, RDF.type, kg("Evidence")
    yield node, DCTERMS.source, terms.document(document)
    yield node, kg("begin"), integer(begin)
    yield node, kg("end"), integer(end)
    yield node, kg("quote"), text(words[begin:end])


def _event_triples(event: Event, terms: Terms) -> Iterator[Triple]:
    node = terms.iri(event.id)
    yield node, RDF.type, kg(event.kind)
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


def _time_triples(node: URIRef, start: dt.date | None, end: dt.date | None) -> Iterator[Triple]:
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


def _tenure_triples(
    documents: Iterable[Extraction], of: Mapping[tuple[str, str], str], terms: Terms
) -> Iterator[Triple]:
    """The tenures.  The same holder, title, organisation and tense are one tenure, whoever tells of it.

    A mention without organisation ("President Roe") belongs to the tenure of this title that its document tells in
    full, if there is just one.
    """
    found: dict[tuple[str, str, str | None, Tense], _Tenure] = {}
    texts = {extraction.document.id: extraction.document.text for extraction in documents}
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
            tenure = found.setdefault(key, _Tenure({}, set(), set(), set()))
            tenure.titles[title] = tenure.titles.get(title, 0) + 1
            tenure.evidence.add((document, position.evidence))
            tenure.since |= _days(position.since)
            tenure.until |= _days(position.until)
    for (holder, title, organization, tense), tenure in found.items():
        node = terms.iri("tenure-" + ids.digest("tenure", holder, title, organization or "", tense))
        yield node, RDF.type, kg("Tenure")
        yield node, kg("holder"), terms.entity(holder)
        yield node, kg("title"), text(min(tenure.titles, key=lambda form: (-tenure.titles[form], form)))
        if organization is not None:
            yield node, kg("organization"), terms.entity(organization)
        yield node, kg("tense"), kg(tense)
        yield from _time_triples(node, min(tenure.since, default=None), max(tenure.until, default=None))
        for document, span in tenure.evidence:
            yield node, kg("evidence"), terms.evidence(document, span)
            yield from _evidence_triples(document, span, texts[document], terms)


def _days(time: TimeSpan | None) -> set[dt.date]:
    return {day for day in (time.start, time.end) if day is not None} if time else set()


def _quotation_triples(extraction: Extraction, of: Mapping[tuple[str, str], str], terms: Terms) -> Iterator[Triple]:
    document = extraction.document
    for quotation in extraction.quotations:
        span = (quotation.begin, quotation.end)
        node = terms.iri("quotation-" + ids.digest("quotation", document.id, *span))
        yield node, RDF.type, kg("Quotation")
        for name, local in (("speaker", quotation.speaker), ("addressee", quotation.addressee)):
            entity = of.get((document.id, local)) if local else None
            if entity is not None:
                yield node, kg(name), terms.entity(entity)
        yield node, kg("text"), text(quotation.text)
        yield node, kg("evidence"), terms.evidence(document.id, span)
        yield from _evidence_triples(document.id, span, document.text, terms)


def _document_triples(document: Document, terms: Terms) -> Iterator[Triple]:
    """A document.  It has two dcterms:identifier: its id, and its address as an xsd:anyURI."""
    node = terms.document(document.id)
    yield node, RDF.type, kg("Document")
    yield node, DCTERMS.identifier, text(document.id)
    if document.title:
        yield node, DCTERMS.title, text(document.title)
    if document.date:
        yield node, DCTERMS.issued, date(document.date)
    if document.publisher:
        yield node, DCTERMS.publisher, text(document.publisher)
    if document.url:
        yield node, DCTERMS.identifier, Literal(iri_text(document.url), datatype=XSD.anyURI, normalize=False)
