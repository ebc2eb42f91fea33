"""The facts of a graph as frozen records, in a fixed order: what the network view shows.

Read from any graph that follows VOCABULARY.md, terms by their local names, so that the ontology's IRI does
not matter.  Facts come from the claims; a plain triple that no claim backs is a fact without evidence.
"""

from __future__ import annotations

import calendar
import dataclasses
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from rdflib import Graph

from kg.errors import GraphError
from kg.triples import Term, Triples, Words, of_graph
from kg.types import Relation
from kg.view_records import (
    Entity,
    Evidence,
    Fact,
    Facts,
    Happening,
    RelationName,
    Saying,
    Source,
    Status,
    Tenure,
)

ENTITY_CLASSES = ("Person", "Organization", "Country", "Place", "Group", "Work", "Product", "Event")
"""The most telling class first: an entity of several classes shows the first of them."""

_RECORDS = frozenset({"Claim", "Evidence", "Document", "Tenure", "Quotation", "UnnamedSource"})
_SCHEMA = frozenset({"Class", "ObjectProperty", "DatatypeProperty", "Property", "SymmetricProperty", "Ontology"})
_META = ("http://www.w3.org/", "http://purl.org/dc/")
_LINKS = ("identifier", "url", "page", "homepage", "isFormatOf", "seeAlso", "source")
"""Properties that may hold the address of a document."""

Properties = Mapping[str, tuple[Term, ...]]


def local_name(iri: str) -> str:
    """The part of an IRI after its last "#" or "/"; the whole IRI where that part is empty."""
    return iri.replace("#", "/").rsplit("/", 1)[-1] or iri


def facts_of(graph: Graph | Triples, *, relations: Iterable[Relation] = ()) -> Facts:
    """The facts of a graph; `relations` gives the ontology's labels where the graph has none.

    Raises GraphError, naming the claim, for a claim without subject, predicate or object.
    """
    known = {relation.name: relation for relation in relations}
    triples = graph if isinstance(graph, Triples) else of_graph(graph)
    rows = _properties(triples)
    types = {iri: _types(row) for iri, row in rows.items()}
    of_type = _by_record(types)
    claims = [_claim(iri, rows[iri], rows) for iri in of_type["Claim"]]
    event_iris = {claim.event for claim in claims if claim.event}
    ends = {claim.subject for claim in claims} | {claim.object for claim in claims if not claim.literal}
    ends |= {speaker for claim in claims for speaker in claim.speakers}
    entity_iris = {
        iri
        for iri, row in rows.items()
        if "label" in row and types[iri] and not types[iri] & (_RECORDS | _SCHEMA) and iri not in event_iris
    } | ends
    happenings = [_happening(iri, rows.get(iri, {}), types.get(iri, frozenset())) for iri in sorted(event_iris)]
    tenures = [_tenure(iri, rows[iri]) for iri in of_type["Tenure"]]
    sayings = [_saying(iri, rows[iri]) for iri in of_type["Quotation"]]
    for happening in happenings:
        named = {*happening.participants, *happening.places, *happening.asserted_by, *happening.denied_by}
        # A graph may let a document assert what it says itself.
        entity_iris |= {iri for iri in named if not types.get(iri, frozenset()) & _RECORDS}
    entity_iris |= {tenure.holder for tenure in tenures}
    entity_iris |= {tenure.organization for tenure in tenures if tenure.organization}
    entity_iris |= {saying.speaker for saying in sayings if saying.speaker}

    names = _relation_names({claim.predicate for claim in claims}, rows, known)
    plain, both_ways = _plain_triples(triples, entity_iris)
    names |= _relation_names({predicate for _, predicate, _ in plain} - names.keys(), rows, known)
    symmetric = {iri for iri, name in names.items() if name.symmetric} | both_ways
    facts = _with_status([*claims, *_unbacked(plain, claims, symmetric)], symmetric)
    evidence_iris = sorted(
        {iri for fact in facts for iri in fact.evidence}
        | {iri for tenure in tenures for iri in tenure.evidence}
        | {iri for saying in sayings for iri in saying.evidence}
    )
    evidence = tuple(_evidence(iri, rows.get(iri, {})) for iri in evidence_iris)
    source_iris = sorted({*of_type["Document"], *(piece.source for piece in evidence if piece.source)})
    return Facts(
        entities=tuple(_entity(iri, rows.get(iri, {}), types.get(iri, frozenset())) for iri in sorted(entity_iris)),
        relations=tuple(
            RelationName(iri=iri, name=name.name, label=name.label, symmetric=iri in symmetric, open=name.open)
            for iri, name in sorted(names.items())
        ),
        facts=tuple(facts),
        happenings=tuple(happenings),
        tenures=tuple(sorted(tenures, key=lambda one: (one.holder, one.title, one.organization, one.iri))),
        sayings=tuple(sorted(sayings, key=lambda one: (one.speaker, one.text, one.evidence, one.iri))),
        sources=tuple(_source(iri, rows.get(iri, {}), rows) for iri in source_iris),
        evidence=evidence,
    )


# ---------------------------------------------------------------- the rows of a graph


def _properties(triples: Triples) -> dict[str, dict[str, tuple[Term, ...]]]:
    """Of every subject, its objects by the local name of the predicate, sorted."""
    name_of = functools.lru_cache(maxsize=None)(local_name)
    rows: dict[str, dict[str, tuple[Term, ...]]] = {}
    for subject, about in triples.about.items():
        row = rows[subject] = {}
        for predicate, objects in about.items():
            name = name_of(predicate)
            together = (*objects, *row.get(name, ()))
            row[name] = together if len(together) == 1 else tuple(sorted(set(together), key=_order))
    return rows


def _order(term: Term) -> tuple[str, str, bool]:
    if isinstance(term, str):
        return ("", term, True)
    # English and untagged texts come first: the view shows the first.
    return ("" if term.language.startswith("en") else term.language, term.text, False)


def _shown(term: Term) -> str:
    return term if isinstance(term, str) else term.text


def _text(row: Properties, *names: str) -> str:
    for name in names:
        for term in row.get(name, ()):
            if found := _shown(term):
                return found
    return ""


def _iris(row: Properties, name: str) -> tuple[str, ...]:
    return tuple([term for term in row.get(name, ()) if isinstance(term, str)])


def _number(row: Properties, name: str) -> float | None:
    try:
        return float(_text(row, name))
    except ValueError:
        return None


def _types(row: Properties) -> frozenset[str]:
    return frozenset(local_name(iri) for iri in _iris(row, "type")) - {"NamedIndividual", "Thing", "Resource"}


def _by_record(types: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {record: [] for record in sorted(_RECORDS)}
    for iri in sorted(types):
        for record in types[iri] & _RECORDS:
            found[record].append(iri)
    return found


def _day(row: Properties, *names: str) -> str:
    """The first of the texts that is a day, month or year of the calendar, in ISO form; empty if none is."""
    for name in names:
        for node in row.get(name, ()):
            if found := re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?![\d-])", _shown(node)):
                year, month, day = (int(part or 1) for part in found.groups())
                if year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
                    return found.group()
    return ""


# ---------------------------------------------------------------- records


def _claim(iri: str, row: Properties, rows: Mapping[str, Properties]) -> Fact:
    for part in ("subject", "predicate", "object"):
        if not row.get(part):
            raise GraphError(f"claim {iri} has no rdf:{part}")
    object_ = row["object"][0]
    stance = local_name(_text(row, "stance"))
    modality = local_name(_text(row, "modality"))
    return Fact(
        iri=iri,
        subject=_text(row, "subject"),
        predicate=_text(row, "predicate"),
        object=_shown(object_),
        literal=isinstance(object_, Words),
        stance="denies" if stance == "denies" else "asserts",
        modality="planned" if modality == "planned" else "possible" if modality == "possible" else "actual",
        confidence=_number(row, "confidence"),
        evidence=_iris(row, "evidence"),
        speakers=_iris(row, "attributedTo"),
        unnamed=tuple(sorted({_text(rows.get(source, {}), "label") for source in _iris(row, "unnamedSource")} - {""})),
        event=_text(row, "event"),
        derived=bool(row.get("derivedFrom")),
        level=local_name(_text(row, "level")) if row.get("level") else "",
    )


def _entity(iri: str, row: Properties, types: frozenset[str]) -> Entity:
    label = _text(row, "label", "prefLabel", "name", "title") or local_name(iri).replace("-", " ")
    others = {_shown(node) for name in ("altLabel", "label") for node in row.get(name, ())} - {label, ""}
    ranked = [name for name in ENTITY_CLASSES if name in types] or sorted(types) or ["Thing"]
    return Entity(iri=iri, label=label, type=ranked[0], aliases=tuple(sorted(others)), links=_iris(row, "sameAs"))


def _happening(iri: str, row: Properties, types: frozenset[str]) -> Happening:
    own = sorted(types - {"Event"}) or ["Event"]
    return Happening(
        iri=iri,
        type=own[0],
        participants=_iris(row, "participant"),
        places=_iris(row, "place"),
        start=_day(row, "startDate"),
        end=_day(row, "endDate"),
        time_text=_text(row, "timeText"),
        asserted_by=_iris(row, "assertedBy"),
        denied_by=_iris(row, "deniedBy"),
        disputed=local_name(_text(row, "status")) == "disputed",
    )


def _tenure(iri: str, row: Properties) -> Tenure:
    return Tenure(
        iri=iri,
        holder=_text(row, "holder"),
        title=_text(row, "title", "label"),
        organization=_text(row, "organization"),
        tense=local_name(_text(row, "tense")),
        start=_day(row, "startDate", "since"),
        end=_day(row, "endDate", "until"),
        evidence=_iris(row, "evidence"),
    )


def _saying(iri: str, row: Properties) -> Saying:
    return Saying(iri=iri, text=_text(row, "text"), speaker=_text(row, "speaker"), evidence=_iris(row, "evidence"))


def _evidence(iri: str, row: Properties) -> Evidence:
    begin, end = _number(row, "begin"), _number(row, "end")
    return Evidence(
        iri=iri,
        quote=_text(row, "quote"),
        source=_text(row, "source"),
        begin=-1 if begin is None else int(begin),
        end=-1 if end is None else int(end),
    )


def _source(iri: str, row: Properties, rows: Mapping[str, Properties]) -> Source:
    publisher = _text(row, "publisher")
    outlet = _text(rows.get(publisher, {}), "label", "name") or publisher
    if outlet == publisher and isinstance(next(iter(row.get("publisher", ())), None), str):
        outlet = local_name(publisher).replace("-", " ")
    links = (_shown(node) for name in _LINKS for node in row.get(name, ()))
    return Source(
        iri=iri,
        title=_text(row, "title", "label"),
        date=_day(row, "issued", "date", "created"),
        outlet=outlet,
        url=next((link for link in links if link.startswith(("http://", "https://"))), ""),
    )


# ---------------------------------------------------------------- relations and status


def spelled(name: str) -> str:
    """A property's local name in words: "signedAgreementWith" -> "signed agreement with"."""
    if re.fullmatch("[A-Z][A-Z0-9_-]*", name):  # a code, such as P31
        return name
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.replace("-", " ").replace("_", " ").strip() or name


def _relation_names(
    iris: Iterable[str], rows: Mapping[str, Properties], known: Mapping[str, Relation]
) -> dict[str, RelationName]:
    names: dict[str, RelationName] = {}
    for iri in sorted(iris):
        row, name = rows.get(iri, {}), local_name(iri)
        relation = known.get(name)
        names[iri] = RelationName(
            iri=iri,
            name=name,
            label=_text(row, "label") or (relation.label if relation else spelled(name)),
            symmetric="SymmetricProperty" in _types(row) or bool(relation and relation.symmetric),
            open="relatedTo" in {local_name(parent) for parent in _iris(row, "subPropertyOf")},
        )
    return names


def _plain_triples(triples: Triples, entities: set[str]) -> tuple[set[tuple[str, str, str]], set[str]]:
    """The plain triples between entities, and the predicates of which every triple stands both ways."""
    plain: set[tuple[str, str, str]] = set()
    for subject in entities & triples.about.keys():
        for predicate, objects in triples.about[subject].items():
            if not predicate.startswith(_META):
                plain.update((subject, predicate, one) for one in objects if isinstance(one, str) and one in entities)
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for first, name, second in plain:
        if first != second:
            pairs[name].add((first, second))
    return plain, {name for name, ways in pairs.items() if all(pair[::-1] in ways for pair in ways)}


def _statement(fact: Fact, symmetric: set[str]) -> tuple[str, str, str]:
    if fact.predicate in symmetric and not fact.literal and fact.object < fact.subject:
        return (fact.object, fact.predicate, fact.subject)
    return (fact.subject, fact.predicate, fact.object)


def _unbacked(plain: set[tuple[str, str, str]], claims: Iterable[Fact], symmetric: set[str]) -> list[Fact]:
    """Facts for the plain triples that no claim is about, one for both ways of a symmetric relation."""
    about = {_statement(claim, symmetric) for claim in claims}
    found: dict[tuple[str, str, str], Fact] = {}
    for subject, predicate, object_ in sorted(plain):
        fact = Fact(iri="", subject=subject, predicate=predicate, object=object_, backed=False)
        if (key := _statement(fact, symmetric)) not in about:
            found.setdefault(key, fact)
    return list(found.values())


def _with_status(claims: Iterable[Fact], symmetric: set[str]) -> list[Fact]:
    statements: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for claim in claims:
        statements[_statement(claim, symmetric)].append(claim)
    facts = [dataclasses.replace(fact, status=status_of(group)) for group in statements.values() for fact in group]
    return sorted(facts, key=lambda fact: (fact.subject, fact.predicate, fact.object, fact.iri))


def status_of(claims: Iterable[Fact]) -> Status:
    """What claims of one statement come to: disputed, stated, planned, possible or denied."""
    group = list(claims)
    asserted = {claim.modality for claim in group if claim.stance == "asserts"}
    if not asserted:
        return "denied"
    if len(group) > sum(claim.stance == "asserts" for claim in group):
        return "disputed"
    if "actual" in asserted:
        return "stated"
    return "planned" if "planned" in asserted else "possible"
