"""The matters of a graph: each happening or lasting fact with everybody who asserts or denies it, and in which words.

What `kg disputes`, `kg timeline` and `kg diff` report on.  Everything is text for people, in a fixed order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from rdflib import Graph
from rdflib.term import Literal as RdfLiteral

from kg.types import Modality, Relation, Stance
from kg.view_facts import facts_of, local_name
from kg.view_records import Fact, Facts, Source

COPULA: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("member", "citizen", "relative", "child"), "is a {}"),
    **dict.fromkeys(("allied", "based", "located", "part"), "is {}"),
    "born": "was {}",
    "spouse": "is the {}",
    "founded on": "was {}",
})  # fmt: skip
"""A relation's label or its first word that is no verb -> the clause that it makes."""

Sort = Literal["event", "state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One claim as a reader meets it.  `says` names whom the text gives as its source, empty where the document
    speaks for itself; `document` is the IRI; `date` an ISO day or empty."""

    says: tuple[str, ...]
    stance: Stance
    modality: Modality
    quote: str
    document: str
    outlet: str
    title: str
    date: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Subject, relation and object in words; the IRIs are kept for comparing graphs."""

    subject: str
    relation: str
    object: str
    symmetric: bool
    key: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A happening or a lasting fact.  `headline` says it in words, `status` is that of the graph, `origins` counts
    the independent ones; `start` and `end` are ISO days or empty; `conflicts` are the IRIs of matters that may be
    this one told with another date or place."""

    iri: str
    sort: Sort
    kind: str
    headline: str
    statements: tuple[Statement, ...]
    status: str
    origins: int
    people: tuple[str, ...]
    places: tuple[str, ...]
    start: str
    end: str
    time_text: str
    tellings: tuple[Telling, ...]
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A leading post that two are said to hold at one time."""

    iri: str
    holder: str
    title: str
    organization: str
    tellings: tuple[Telling, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """All matters of a graph, those with a day first in order of it; and the posts that two hold."""

    matters: tuple[Matter, ...]
    offices: tuple[Office, ...]
    documents: tuple[Source, ...]


def matters_of(graph: Graph, *, relations: Iterable[Relation] = ()) -> Matters:
    """The matters of a graph; `relations` gives the ontology's labels.  Raises GraphError as `facts_of` does."""
    facts = facts_of(graph, relations=relations)
    extra = _extra(graph)
    names = _Names.of(facts)
    by_matter: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts.facts:
        if fact.backed:
            by_matter[fact.event or f"{fact.subject} {fact.predicate} {fact.object}"].append(fact)
    happenings = {happening.iri: happening for happening in facts.happenings}
    found = []
    for key, group in by_matter.items():
        happening = happenings.get(key)
        statements = names.statements(group)
        own = next((extra[fact.iri] for fact in group if fact.iri in extra), _Extra())
        if happening is not None:
            own = extra.get(key, _Extra())
        found.append(
            Matter(
                iri=happening.iri if happening else min(fact.iri for fact in group),
                sort="event" if happening else "state",
                kind=happening.type if happening else statements[0].relation,
                headline=headline(statements),
                statements=statements,
                status=own.status or _status(group),
                origins=own.origins if own.origins is not None else 1,
                people=names.all(happening.participants if happening else (group[0].subject, group[0].object)),
                places=names.all(happening.places if happening else ()),
                start=happening.start if happening else "",
                end=happening.end if happening else "",
                time_text=happening.time_text if happening else "",
                tellings=names.tellings(group),
                conflicts=own.conflicts,
            )
        )
    return Matters(
        matters=tuple(sorted(found, key=_order)),
        offices=_offices(facts, names, extra),
        documents=facts.sources,
    )


def headline(statements: Sequence[Statement]) -> str:
    """The statements as one clause: "Ann Lee and Bo Dahl met Carla Diaz"."""
    parts: dict[tuple[str, str, bool], list[str]] = {}
    for one in _towards_the_common(statements):
        parts.setdefault((one.subject, one.relation, one.symmetric), []).append(one.object)
    joined: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (subject, relation, _), objects in parts.items():
        joined.setdefault((relation, tuple(dict.fromkeys(objects))), []).append(subject)
    return "; ".join(f"{_and(subjects)} {relation} {_and(objects)}" for (relation, objects), subjects in joined.items())


def _towards_the_common(statements: Sequence[Statement]) -> list[Statement]:
    """Symmetric statements turned so that whoever stands in most of them is their object."""
    count: dict[str, int] = defaultdict(int)
    for one in statements:
        count[one.subject] += 1
        count[one.object] += 1
    return [
        replace(one, subject=one.object, object=one.subject)
        if one.symmetric and count[one.subject] > count[one.object]
        else one
        for one in statements
    ]


def _clause(label: str) -> str:
    """The label of a relation with the verb that a clause needs: "member of" -> "is a member of"."""
    form = COPULA.get(label) or COPULA.get(label.split(maxsplit=1)[0], "{}")
    return form.format(label)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _order(matter: Matter) -> tuple[object, ...]:
    day = matter.start or matter.end
    return (not day, day, matter.end, matter.headline, matter.iri)


def _status(group: Sequence[Fact]) -> str:
    """The status that a graph without kg:status shows by its claims."""
    shown = group[0].status
    return "single-source" if shown == "stated" else shown


# ---------------------------------------------------------------- what the view's records do not hold


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extra:
    status: str = ""
    origins: int | None = None
    conflicts: tuple[str, ...] = ()


def _extra(graph: Graph) -> dict[str, _Extra]:
    status: dict[str, str] = {}
    number: dict[str, int] = {}
    against: dict[str, list[str]] = defaultdict(list)
    for subject, predicate, target in graph:
        name = local_name(str(predicate))
        if name == "status":
            status[str(subject)] = local_name(str(target))
        elif name == "origins" and isinstance(target, RdfLiteral) and str(target).isdecimal():
            number[str(subject)] = int(str(target))
        elif name == "conflictsWith":
            against[str(subject)].append(str(target))
    return {
        iri: _Extra(status=status.get(iri, ""), origins=number.get(iri), conflicts=tuple(sorted(against.get(iri, ()))))
        for iri in sorted({*status, *number, *against})
    }


@dataclass(frozen=True, slots=True)
class _Names:
    """Labels of entities and relations, sources and evidence by IRI."""

    label: Mapping[str, str]
    relation: Mapping[str, tuple[str, bool]]
    source: Mapping[str, Source]
    evidence: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, facts: Facts) -> _Names:
        """The names of what the facts speak of."""
        return cls(
            {entity.iri: entity.label for entity in facts.entities},
            {relation.iri: (relation.label, relation.symmetric) for relation in facts.relations},
            {source.iri: source for source in facts.sources},
            {piece.iri: (piece.quote, piece.source) for piece in facts.evidence},
        )

    def all(self, iris: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.label.get(iri, iri) for iri in iris)

    def statements(self, group: Iterable[Fact]) -> tuple[Statement, ...]:
        found = {}
        for fact in group:
            relation, symmetric = self.relation[fact.predicate]
            words = fact.object if fact.literal else self.label.get(fact.object, fact.object)
            key = (fact.subject, fact.predicate, fact.object)
            found[key] = Statement(
                subject=self.label.get(fact.subject, fact.subject), relation=_clause(relation), object=words,
                symmetric=symmetric, key=key,
            )  # fmt: skip
        return tuple(sorted(found.values(), key=lambda one: (one.relation, one.subject, one.object, one.key)))

    def tellings(self, group: Iterable[Fact]) -> tuple[Telling, ...]:
        found = {
            self.telling(iri, (*self.all(fact.speakers), *fact.unnamed), fact.stance, fact.modality): None
            for fact in group
            for iri in fact.evidence
        }
        return tuple(sorted(found, key=lambda t: (t.date, t.outlet, t.title, t.document, t.quote, t.says, t.modality)))

    def telling(self, evidence: str, says: tuple[str, ...], stance: Stance, modality: Modality) -> Telling:
        quote, where = self.evidence.get(evidence, ("", ""))
        source = self.source.get(where, Source(iri=where))
        return Telling(
            says=says, stance=stance, modality=modality, quote=" ".join(quote.split()), document=where,
            outlet=source.outlet, title=source.title, date=source.date, url=source.url,
        )  # fmt: skip


def _offices(facts: Facts, names: _Names, extra: Mapping[str, _Extra]) -> tuple[Office, ...]:
    found = [
        Office(
            iri=tenure.iri,
            holder=names.label.get(tenure.holder, tenure.holder),
            title=tenure.title,
            organization=names.label.get(tenure.organization, tenure.organization),
            tellings=tuple(
                sorted(
                    (names.telling(iri, (), "asserts", "actual") for iri in tenure.evidence),
                    key=lambda t: (t.date, t.outlet, t.quote),
                )
            ),
            conflicts=extra[tenure.iri].conflicts,
        )
        for tenure in facts.tenures
        if tenure.iri in extra and extra[tenure.iri].conflicts
    ]
    return tuple(sorted(found, key=lambda office: (office.organization, office.title, office.holder, office.iri)))
