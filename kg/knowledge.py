"""A built graph for people who write Python: ask it, list it, look at it, compare it.

    >>> import kg
    >>> news = kg.KnowledgeGraph.of(kg.build(["seeds"]))  # or kg.KnowledgeGraph.load("output/graph.ttl")
    >>> [person.label for person in news.met("Marcus Oyelaran")]
    ['Ingrid Solberg']

Every name may be any name of the entity, its label or another, in upper or lower case, or its IRI ("id:oslo").
"""

from __future__ import annotations

import functools
import html
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import RDF, Graph, URIRef

from kg import ontology, reports
from kg.compare import Difference, compare
from kg.corrections import did_you_mean, is_iri
from kg.errors import GraphError
from kg.export import base_of, read_graph, turtle, write_atomically
from kg.formats import export, format_of
from kg.gazetteer import fold
from kg.knowledge_records import GraphClaim, GraphEntity, GraphFact, Page
from kg.layout import weighted
from kg.ledger import Explanation
from kg.ledger import explain as explanations
from kg.listing import Cell, Listing, Table
from kg.matters import Matters, matters_of
from kg.query import Term, answer, query_text, shorten
from kg.run import Built
from kg.store import GraphStore
from kg.terms import PREFIXES
from kg.types import Modality, Relation, Stance
from kg.view import render_view
from kg.view_facts import facts_of, local_name
from kg.view_records import Facts

if TYPE_CHECKING:
    import networkx as nx

_WHOLE = ("integer", "int", "long", "nonNegativeInteger")
_BROKEN = ("decimal", "double", "float")


@dataclass(frozen=True, eq=False)
class KnowledgeGraph:
    """A graph in memory.  `graph` is the rdflib graph (that of graph.ttl), `path` the file it came from.

    It reads the graph once: change the graph, and make a new KnowledgeGraph of it.  Besides the methods below every
    relation of the ontology is a method that tells what a fact leads to: `news.visited("Marcus Oyelaran")`.
    """

    graph: Graph
    path: Path | None = None

    # ------------------------------------------------------------ coming and going

    @classmethod
    def load(cls, path: str | Path) -> KnowledgeGraph:
        """The graph of a file that `kg build` wrote.  Raises GraphError."""
        return cls(read_graph(Path(path)), Path(path))

    from_file = load

    @classmethod
    def of(cls, source: Built | Graph) -> KnowledgeGraph:
        """What `kg.build` gave, or any rdflib graph that follows the vocabulary."""
        if isinstance(source, Graph):
            return cls(source)
        return cls(source.graph, source.written[0] if source.written else None)

    def save(self, path: str | Path) -> tuple[Path, ...]:
        """Writes the graph, and gives the files written back.  The suffix tells the format: .ttl, .nt, .jsonld,
        .graphml, .gexf and the others of `kg export`.

        Raises OutputError, also for a suffix that stands for no format.
        """
        target = Path(path)
        if target.suffix == ".ttl":
            write_atomically(target, turtle(self.graph))
            return (target,)
        form = format_of(target)
        with tempfile.TemporaryDirectory(prefix="kg-") as folder:
            whole = Path(folder) / "graph.ttl"
            whole.write_bytes(turtle(self.graph))
            return export(whole, target, form=form)

    # ------------------------------------------------------------ who and what

    def entities(self, type: str | None = None) -> Listing[GraphEntity]:  # noqa: A002  # the word of the vocabulary
        """All entities, by label; with a `type` those of one class.

        >>> [place.label for place in news.entities("Place")][:2]
        ['Aberdeen', 'Bergen']
        """
        known = {one.type for one in self._entities.values()}
        if type is not None and type not in known:
            raise GraphError(f"No entity is of the class '{type}'; there are {', '.join(sorted(known))}.")
        found = (one for one in self._entities.values() if type in (None, one.type))
        return Listing(sorted(found, key=lambda one: (fold(one.label), one.id)))

    def entity(self, name: str) -> GraphEntity:
        """The entity of a name.  Raises GraphError when nobody, or more than one, has it.

        >>> news.entity("oyelaran").label
        'Marcus Oyelaran'
        """
        return self._entities[self._find(name)]

    def facts(
        self,
        subject: str | None = None,
        relation: str | None = None,
        object: str | None = None,  # noqa: A002
    ) -> Listing[GraphFact]:
        """What stands as fact, of a subject, by a relation, about an object; all of it without them.

        >>> [(fact.subject, fact.documents) for fact in news.facts(relation="met", object="Marcus Oyelaran")]
        [('Ingrid Solberg', 3)]
        """
        wanted = self._predicate(relation) if relation else None
        start = self._find(subject) if subject else None
        end = self._find(object) if object else None
        symmetric = {one.iri for one in self._facts.relations if one.symmetric}
        found = []
        for s, p, o in self._plain:
            if (wanted or p) != p or (start or s) != s or (end or o) != o:
                continue
            if start is None and end is None and p in symmetric and o < s:
                continue  # it stands both ways, and once is enough
            backing = {*self._claims_of[s, p, o], *(self._claims_of[o, p, s] if p in symmetric else ())}
            claims = [self._claims[number] for number in sorted(backing)]
            found.append(
                GraphFact(
                    subject=self._label(s), relation=local_name(p), object=self._label(o),
                    claims=len(claims), documents=len({claim.document for claim in claims}),
                )
            )  # fmt: skip
        return Listing(sorted(found, key=lambda fact: (fact.subject, fact.relation, fact.object)))

    def related(self, relation: str, name: str) -> Listing[GraphEntity]:
        """The entities that facts of a relation lead to from a name.

        >>> "Halden Marine" in [body.label for body in news.related("leads", "Ingrid Solberg")]
        True
        """
        start, wanted = self._find(name), self._predicate(relation)
        ends = {o for s, p, o in self._plain if (s, p) == (start, wanted) and o in self._entities}
        return Listing(sorted((self._entities[end] for end in ends), key=lambda one: (fold(one.label), one.id)))

    def met(self, name: str) -> Listing[GraphEntity]:
        """Whom somebody met, as far as some document asserts it.

        >>> [person.label for person in news.met("Ingrid Solberg")]
        ['Marcus Oyelaran']
        """
        return self.related("met", name)

    if not TYPE_CHECKING:  # a type checker is to find misspelt methods

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                raise AttributeError(name)
            if name not in self._relations:
                hint = did_you_mean(name, [one for one in dir(self) if not one.startswith("_")])
                raise AttributeError(f"A KnowledgeGraph has no '{name}'.{hint}")
            return functools.partial(self.related, name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._relations})

    # ------------------------------------------------------------ who says so

    def claims_about(
        self,
        name: str,
        relation: str | None = None,
        *,
        stance: Stance | None = None,
        modality: Modality | None = None,
    ) -> Listing[GraphClaim]:
        """Every claim that has an entity as subject or object, with who says so and the words.

        >>> denials = news.claims_about("Ingrid Solberg", "met", stance="denies")
        >>> denials[0].said_by, denials[0].quote
        (('Ingrid Solberg',), 'Chief executive Ingrid Solberg said that she had never met Marcus Oyelaran.')
        """
        entity = self._find(name)
        wanted = self._predicate(relation) if relation else None
        return Listing(
            self._claims[number]
            for number, fact in enumerate(self._facts.facts)
            if fact.backed
            and entity in (fact.subject, fact.object)
            and wanted in (None, fact.predicate)
            and stance in (None, fact.stance)
            and modality in (None, fact.modality)
        )

    def disputes(self) -> Table:
        """What is disputed: who asserts it, who denies it (as `kg disputes`).

        >>> news.disputes().columns
        ('matter', 'when and where', 'asserted by', 'origins', 'denied by', 'the documents differ')
        """
        return Table(columns=reports.DISPUTES, rows=tuple(reports.disputes_rows(self._matters)))

    def timeline(self) -> Table:
        """What happened when: every event with a known day, in order of time (as `kg timeline`).

        >>> news.timeline().columns
        ('when', 'what', 'where', 'status', 'who says so', 'told in')
        """
        return Table(columns=reports.TIMELINE, rows=tuple(reports.timeline_rows(self._matters)))

    def explain(self, name: str) -> tuple[Explanation, ...]:
        """Why the names of an entity were joined, or kept apart from others (as `kg explain`).

        Raises GraphError for a graph that was not loaded from, or built into, a folder with its resolution.json.
        """
        if self.path is None:
            raise GraphError(
                "Only a graph with its resolution.json can be explained: build it with out=, or load graph.ttl."
            )
        return explanations(self.path, name)

    # ------------------------------------------------------------ asking, looking, comparing

    def query(self, sparql: str | Path) -> Table:
        """The answer of a SPARQL query, of a file that holds one, or of a ready question by its name.

        >>> news.query("positions-of Marcus Oyelaran").columns[:3]
        ('person', 'title', 'organization')
        >>> news.query('SELECT ?who { ?x rdfs:label "Ingrid Solberg" ; kg:leads/rdfs:label ?who }').rows
        (('Halden Marine',),)

        Numbers are numbers, IRIs are short ("id:oslo"), ASK gives one row of yes or no.  Raises QueryError.
        """
        text = query_text(sparql)
        result = answer(self._store.open(), text, prefixes=self._store.prefixes)
        if result.form == "ask":
            return Table(columns=("answer",), rows=(("yes" if result.answer else "no",),))
        notes: tuple[str, ...] = ()
        if not result.rows:
            from kg.hints import notes_on

            notes = notes_on(self._store.open(), text, prefixes=self._store.prefixes)
        prefixes = dict(result.prefixes)
        rows = tuple(tuple(_cell(term, prefixes) for term in row) for row in result.rows)
        return Table(columns=result.variables, rows=rows, notes=notes)

    def network(self) -> nx.Graph:
        """The facts between entities as a networkx graph: nodes by id with `label` and `type`, one link for two that
        any fact connects, `weight` being the number of facts.

        >>> network = news.network()
        >>> network.nodes["ingrid-solberg"]["label"], network.has_edge("ingrid-solberg", "marcus-oyelaran")
        ('Ingrid Solberg', True)
        """
        pairs = Counter(
            tuple(sorted((local_name(s), local_name(o))))
            for s, p, o in self._plain
            if s in self._entities and o in self._entities and s != o and not (self._is_symmetric(p) and o < s)
        )
        links = [(a, b, float(count)) for (a, b), count in sorted(pairs.items())]
        network = weighted({end for a, b, _ in links for end in (a, b)}, links)
        for one in self._entities.values():
            if one.id in network:
                network.nodes[one.id].update(label=one.label, type=one.type)
        return network

    def view(
        self, *, title: str = "Knowledge graph", focus: str | None = None, hops: int = 2, height: int = 640
    ) -> Page:
        """The network view, shown in place by a notebook: every line leads to its sentences.

        With a `focus`, a name, only what is up to `hops` facts away from it.  `view().save("network.html")` keeps it.

        >>> news.view(focus="Ingrid Solberg", hops=1).html.startswith("<!doctype html>")
        True
        """
        page = render_view(self.graph, title=title, relations=self._known_relations, focus=focus, hops=hops)
        return Page(html=page, height=height)

    def diff(self, later: KnowledgeGraph) -> Difference:
        """What changed from this graph to a later one: entities, facts, new denials, new confirmations.

        >>> bool(news.diff(news))
        False
        """
        return compare(self.graph, later.graph, relations=self._known_relations)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph: {', '.join(f'{count:,} {what}' for what, count in self._counts())}>"

    def _repr_html_(self) -> str:
        types = Counter(one.type for one in self._entities.values()).most_common()
        relations = Counter(fact.relation for fact in self.facts()).most_common(12)
        lines = (
            ("", self._counts()),
            ("entities: ", [(kind, count) for kind, count in types]),
            ("facts: ", [(name, count) for name, count in relations]),
        )
        told = (title + ", ".join(f"{count:,} {html.escape(what)}" for what, count in pairs) for title, pairs in lines)
        return "<p><b>Knowledge graph</b><br>" + "<br>".join(told) + "</p>"

    # ------------------------------------------------------------ what is read once

    def _counts(self) -> list[tuple[str, int]]:
        return [
            ("documents", len(self._facts.sources)),
            ("entities", len(self._entities)),
            ("facts", len(self.facts())),
            ("claims", sum(1 for fact in self._facts.facts if fact.backed)),
        ]

    @functools.cached_property
    def _known_relations(self) -> tuple[Relation, ...]:
        known = ontology.load().relations
        return tuple(known[name] for name in sorted(known))

    @functools.cached_property
    def _facts(self) -> Facts:
        return facts_of(self.graph, relations=self._known_relations)

    @functools.cached_property
    def _matters(self) -> Matters:
        return matters_of(self.graph, relations=self._known_relations)

    @functools.cached_property
    def _store(self) -> GraphStore:
        store = ox.Store()
        store.bulk_load(turtle(self.graph), format=ox.RdfFormat.TURTLE)
        return GraphStore(prefixes={**PREFIXES, "id": base_of(self.graph)}, memory=store)

    @functools.cached_property
    def _entities(self) -> Mapping[str, GraphEntity]:
        return {
            one.iri: GraphEntity(
                id=local_name(one.iri), label=one.label, type=one.type, aliases=one.aliases, same_as=one.links,
                iri=one.iri,
            )
            for one in self._facts.entities
        }  # fmt: skip

    @functools.cached_property
    def _relations(self) -> Mapping[str, str]:
        """Name -> IRI of every relation that the graph has, or that the ontology knows."""
        known = {one.name: one.iri for one in self._known_relations}
        return {**known, **{local_name(one.iri): one.iri for one in self._facts.relations}}

    @functools.cached_property
    def _plain(self) -> tuple[tuple[str, str, str], ...]:
        """The triples that stand as fact, sorted."""
        return tuple(sorted(self._plain_triples()))

    def _plain_triples(self) -> Iterator[tuple[str, str, str]]:
        for one in self._facts.relations:
            for s, o in self.graph.subject_objects(URIRef(one.iri)):
                if (s, RDF.type, RDF.Property) not in self.graph:
                    yield str(s), one.iri, str(o)

    @functools.cached_property
    def _claims(self) -> tuple[GraphClaim, ...]:
        """The claims in words, in the order of the facts."""
        sources = {one.iri: one for one in self._facts.sources}
        evidence = {one.iri: one for one in self._facts.evidence}
        happenings = {one.iri: one for one in self._facts.happenings}
        found = []
        for fact in self._facts.facts:
            pieces = [evidence[iri] for iri in fact.evidence if iri in evidence]
            source = next((sources[piece.source] for piece in pieces if piece.source in sources), None)
            event = happenings.get(fact.event)
            found.append(
                GraphClaim(
                    subject=self._label(fact.subject),
                    relation=local_name(fact.predicate),
                    object=fact.object if fact.literal else self._label(fact.object),
                    stance=fact.stance,
                    modality=fact.modality,
                    said_by=(*(self._label(iri) for iri in fact.speakers), *fact.unnamed),
                    when=reports.days(event.start, event.end) or event.time_text if event else "",
                    quote=" ... ".join(" ".join(piece.quote.split()) for piece in pieces),
                    document=(source.title or local_name(source.iri)) if source else "",
                    outlet=source.outlet if source else "",
                    published=source.date if source else "",
                    confidence=fact.confidence,
                    iri=fact.iri,
                )
            )
        return tuple(found)

    @functools.cached_property
    def _claims_of(self) -> Mapping[tuple[str, str, str], list[int]]:
        """The numbers of the claims that assert a triple as actual."""
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for number, fact in enumerate(self._facts.facts):
            if fact.backed and (fact.stance, fact.modality) == ("asserts", "actual"):
                found[fact.subject, fact.predicate, fact.object].append(number)
        return found

    def _is_symmetric(self, predicate: str) -> bool:
        return any(one.symmetric for one in self._facts.relations if one.iri == predicate)

    def _label(self, iri: str) -> str:
        return self._entities[iri].label if iri in self._entities else iri

    def _find(self, name: str) -> str:
        """The IRI of the entity of a name.  Raises GraphError."""
        if is_iri(name):
            iri = base_of(self.graph) + name.removeprefix("id:") if name.startswith("id:") else name
            if iri in self._entities:
                return iri
        key = fold(name)
        called = [one for one in self._entities.values() if key in map(fold, (one.label, *one.aliases))]
        by_label = [one for one in called if fold(one.label) == key]
        found = by_label or called
        if len(found) == 1:
            return found[0].iri
        if found:
            raise GraphError(
                f"'{name}' may be {' or '.join(f'{one.label} (id:{one.id})' for one in found)}; say which."
            )
        names = [form for one in self._entities.values() for form in (one.label, *one.aliases)]
        raise GraphError(f"Nothing is called '{name}'.{did_you_mean(name, names)}")

    def _predicate(self, relation: str) -> str:
        """The IRI of a relation.  Raises GraphError."""
        name = relation.removeprefix("kg:")
        if name not in self._relations:
            raise GraphError(f"There is no relation '{relation}'.{did_you_mean(name, sorted(self._relations))}")
        return self._relations[name]


def _cell(term: Term | None, prefixes: Mapping[str, str]) -> Cell:
    if term is not None and term.datatype:
        kind = local_name(term.datatype)
        if kind in _WHOLE:
            return int(term.value)
        if kind in _BROKEN:
            return float(term.value)
    return shorten(term, prefixes)
