"""What a network tells beyond its single facts: who is central, who belongs together, who links whom, and how.

The network has the entities as nodes and a link wherever a plain triple connects two of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import networkx as nx
import pyoxigraph as ox

from kg.errors import GraphError
from kg.ids import ONTOLOGY
from kg.sparql import nearest
from kg.store import in_memory
from kg.terms import PREFIXES

EXACT = 1500
"""Up to so many entities brokerage is computed exactly, above from so many of them as starting points."""
_SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A name with its class and a score."""

    name: str
    type: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Entities that are linked with each other more than with others; the most central first."""

    size: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """A graph in numbers.  `counts` are by what is counted, `classes` and `relations` by name, most first;
    `components` are the sizes of the connected parts, `central` is by PageRank, `brokers` by betweenness."""

    counts: tuple[tuple[str, int], ...]
    classes: tuple[tuple[str, int], ...]
    relations: tuple[tuple[str, int], ...]
    components: tuple[int, ...]
    central: tuple[Ranked, ...]
    communities: tuple[Community, ...]
    brokers: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A fact on a path, as it is told (`subject` may stand at either end), with the sentences that say it and where
    they stand; a fact that a rule concluded has none of its own."""

    subject: str
    relation: str
    object: str
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A path: the names in order, and for each link the facts that make it."""

    names: tuple[str, ...]
    links: tuple[tuple[Step, ...], ...]


def stats(graph: str | Path, *, top: int = 10) -> Stats:
    """Counts, central names, communities and brokers of a graph file; lists have `top` rows.

    Raises GraphError for a file that cannot be read.
    """
    known = _read(Path(graph))
    network = known.network
    rank = nx.pagerank(network, weight="weight") if network else {}
    between = _betweenness(network)
    parts = sorted((len(part) for part in nx.connected_components(network)), reverse=True)
    return Stats(
        counts=(
            ("triples", len(known.store)),
            ("entities", len(known.labels)),
            ("entities with a fact", len(network)),
            ("facts between entities", len(known.facts)),
            ("linked pairs", network.number_of_edges()),
            *((name, known.count(kind)) for name, kind in _COUNTED),
            ("connected parts", len(parts)),
        ),
        classes=_most(Counter(known.types.values()), top),
        relations=_most(Counter(known.named(predicate) for _, predicate, _ in known.facts), top),
        components=tuple(parts[:top]),
        central=_ranked(known, rank, top),
        communities=_communities(known, rank, top),
        brokers=_ranked(known, {node: score for node, score in between.items() if score > 0}, top),
    )


def paths(graph: str | Path, start: str, end: str, *, most: int = 3) -> tuple[Way, ...]:
    """The shortest paths of facts from one entity to another, at most so many; empty when nothing links them.

    `start` and `end` are names, aliases or IRIs.  Raises GraphError for a file that cannot be read, and for a name
    that nobody or more than one entity bears.
    """
    known = _read(Path(graph))
    first, last = known.find(start), known.find(end)
    if first == last:
        raise GraphError(f"'{start}' and '{end}' are the same: {known.labels[first]}.")
    if first not in known.network or last not in known.network or not nx.has_path(known.network, first, last):
        return ()
    # All of one length, in an order that depends on the names alone.
    found = islice(nx.all_shortest_paths(known.network, first, last), 1000)
    ordered = sorted(found, key=lambda nodes: ([-known.network.degree(node) for node in nodes[1:-1]], nodes))
    between: dict[frozenset[str], list[tuple[str, str, str]]] = defaultdict(list)
    for fact in known.facts:
        between[frozenset((fact[0], fact[2]))].append(fact)
    return tuple(
        Way(
            names=tuple(known.labels[node] for node in nodes),
            links=tuple(tuple(known.steps(between[frozenset(pair)])) for pair in pairwise(nodes)),
        )
        for nodes in ordered[:most]
    )


_COUNTED = (("claims", "Claim"), ("quotations", "Quotation"), ("positions", "Tenure"), ("documents", "Document"))


@dataclass(frozen=True, slots=True)
class _Known:
    """A graph read for its links: labels, aliases and classes of the entities, facts between them, the network."""

    store: ox.Store
    base: str
    labels: Mapping[str, str]
    called: Mapping[str, frozenset[str]]
    types: Mapping[str, str]
    facts: tuple[tuple[str, str, str], ...]
    network: nx.Graph

    def count(self, kind: str) -> int:
        """How many nodes have a class of the ontology."""
        return sum(1 for _ in self.store.quads_for_pattern(None, _TYPE, ox.NamedNode(ONTOLOGY + kind)))

    def find(self, name: str) -> str:
        """The IRI of the entity that is called so."""
        iri = self.base + name.removeprefix("id:") if name.startswith("id:") else name
        if iri in self.labels:
            return iri
        found = sorted(self.called.get(name.casefold(), ()))
        exact = [one for one in found if self.labels[one].casefold() == name.casefold()]
        found = exact or found
        if len(found) > 1:
            raise GraphError(f"'{name}' may be {', '.join(f'<{one}>' for one in found)}; give the IRI.")
        if not found:
            guess = nearest(name, set(self.labels.values()))
            raise GraphError(f"Nothing is called '{name}'." + (f" Did you mean '{guess}'?" if guess else ""))
        return found[0]

    def named(self, iri: str) -> str:
        """The words of a relation."""
        label = next(_texts(self.store, iri, _LABEL), "")
        return label or (iri.removeprefix(ONTOLOGY) if iri.startswith(ONTOLOGY) else iri)

    def steps(self, facts: Iterable[tuple[str, str, str]]) -> Iterator[Step]:
        """The facts of a link; of a symmetric one that stands both ways, the way it is told."""
        told = {fact: self.sentences(fact) for fact in facts}
        for fact in sorted(told):
            back = (fact[2], fact[1], fact[0])
            if back in told and fact != min((fact, back), key=lambda one: (not told[one], one)):
                continue
            subject, predicate, target = fact
            yield Step(
                subject=self.labels[subject],
                relation=self.named(predicate),
                object=self.labels[target],
                sentences=told[fact] + told.get(back, ()),
            )

    def sentences(self, fact: tuple[str, str, str]) -> tuple[tuple[str, str], ...]:
        """The words of the claims that assert a fact, with title and date of their documents."""
        s, p, o = (f"<{term}>" for term in fact)
        rows = self.store.query(
            f"SELECT DISTINCT ?quote ?title ?date {{ ?c rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ; "
            "kg:stance kg:asserts ; kg:modality kg:actual ; kg:evidence ?e . ?e kg:quote ?quote ; dcterms:source ?d . "
            "OPTIONAL { ?d dcterms:title ?title } OPTIONAL { ?d dcterms:issued ?date } } ORDER BY ?date ?title ?quote",
            prefixes=dict(PREFIXES),
        )
        if not isinstance(rows, ox.QuerySolutions):
            return ()
        return tuple(
            (row["quote"].value, ", ".join(term.value for term in (row["title"], row["date"]) if term is not None))
            for row in rows
        )


_LABEL, _ALSO, _TYPE = (
    ox.NamedNode(PREFIXES[prefix] + local)
    for prefix, local in (("rdfs", "label"), ("skos", "altLabel"), ("rdf", "type"))
)
_ENTITIES = frozenset("Person Organization Group Place Country Work Product Event".split())
_FACTS = """
SELECT DISTINCT ?s ?p ?o { ?s ?p ?o . ?o rdfs:label ?to . ?s rdfs:label ?from FILTER(ISIRI(?o) && ?s != ?o) }
"""


def _read(path: Path) -> _Known:
    opened = in_memory(path)
    store = opened.open()
    types: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, _TYPE, None):
        kind = quad.object.value.removeprefix(ONTOLOGY) if isinstance(quad.object, ox.NamedNode) else ""
        if kind in _ENTITIES and isinstance(quad.subject, ox.NamedNode):
            types[quad.subject.value] = kind
    labels = {iri: min(texts) for iri in sorted(types) if (texts := list(_texts(store, iri, _LABEL)))}
    types = {iri: types[iri] for iri in labels}
    called: dict[str, set[str]] = defaultdict(set)
    for iri, label in labels.items():
        for name in (label, *_texts(store, iri, _ALSO)):
            called[name.casefold()].add(iri)
    rows = store.query(_FACTS, prefixes=dict(PREFIXES))
    facts = sorted(
        (row["s"].value, row["p"].value, row["o"].value)
        for row in (rows if isinstance(rows, ox.QuerySolutions) else ())
        if row["s"].value in labels and row["o"].value in labels
    )
    network = nx.Graph()
    for (one, other), weight in sorted(Counter(tuple(sorted((s, o))) for s, _, o in facts).items()):
        network.add_edge(one, other, weight=weight)
    return _Known(
        store=store,
        base=opened.prefixes.get("id", ""),
        labels=labels,
        called={name: frozenset(iris) for name, iris in called.items()},
        types=types,
        facts=tuple(facts),
        network=network,
    )


def _texts(store: ox.Store, iri: str, predicate: ox.NamedNode) -> Iterator[str]:
    for quad in store.quads_for_pattern(ox.NamedNode(iri), predicate, None):
        if isinstance(quad.object, ox.Literal):
            yield quad.object.value


def _betweenness(network: nx.Graph) -> Mapping[str, float]:
    """How often each node lies on the shortest paths of others, 0 to 1."""
    starts = None if len(network) <= EXACT else EXACT // 10
    found: Mapping[str, float] = nx.betweenness_centrality(network, k=starts, seed=_SEED) if network else {}
    return found


def _communities(known: _Known, rank: Mapping[str, float], top: int) -> tuple[Community, ...]:
    """The communities of at least three (Louvain), the largest first."""
    if not known.network:
        return ()
    groups = nx.community.louvain_communities(known.network, weight="weight", seed=_SEED)
    ordered = (sorted(group, key=lambda node: (-round(rank[node], 9), node)) for group in groups if len(group) > 2)
    return tuple(
        Community(size=len(group), names=tuple(known.labels[node] for node in group[:top]))
        for group in sorted(ordered, key=lambda group: (-len(group), group))[:top]
    )


def _ranked(known: _Known, score: Mapping[str, float], top: int) -> tuple[Ranked, ...]:
    # Rounded, so that the last bits of a sum do not decide who comes first.
    best = sorted(score, key=lambda node: (-round(score[node], 9), known.labels[node], node))[:top]
    return tuple(Ranked(name=known.labels[n], type=known.types[n], score=round(score[n], 6)) for n in best)


def _most(counts: Counter[str], top: int) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:top])
