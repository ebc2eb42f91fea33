"""Triples as plain strings: what a build makes its files of, at a tenth of what rdflib's terms and store cost."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from kg.ids import BASE


class Words(NamedTuple):
    """A literal.  `datatype` is an IRI, empty for a plain text."""

    text: str
    datatype: str = ""
    language: str = ""


Term = str | Words
"""An IRI, or a literal."""
Triple = tuple[str, str, Term]
About = Mapping[str, Mapping[str, Mapping[Term, None]]]
"""Subject -> predicate -> the objects, as the keys of a mapping: each once, in the order in which they were told."""


@dataclass(frozen=True, slots=True)
class Triples:
    """A set of triples; `base` starts the IRIs of the data."""

    base: str
    about: About

    def __iter__(self) -> Iterator[Triple]:
        for subject, row in self.about.items():
            for predicate, objects in row.items():
                for one in objects:
                    yield subject, predicate, one

    def __len__(self) -> int:
        return sum(len(objects) for row in self.about.values() for objects in row.values())

    def objects(self, predicate: str) -> Iterator[Term]:
        """The objects of all triples with this predicate."""
        return (one for row in self.about.values() for one in row.get(predicate, ()))


def gathered(base: str, triples: Iterable[Triple]) -> Triples:
    """The triples, each once."""
    about: dict[str, dict[str, dict[Term, None]]] = {}
    for subject, predicate, one in triples:
        row = about.get(subject)
        if row is None:
            row = about[subject] = {}
        objects = row.get(predicate)
        if objects is None:
            row[predicate] = {one: None}
        else:
            objects[one] = None
    return Triples(base, about)


def base_of(graph: Graph) -> str:
    """The base IRI of a graph's data: what its prefix `id` stands for, the default base where it has none."""
    return next((str(iri) for prefix, iri in graph.namespaces() if prefix == "id"), BASE)


def of_graph(graph: Graph) -> Triples:
    """The triples of an rdflib graph."""
    return gathered(base_of(graph), ((str(s), str(p), _plain(o)) for s, p, o in graph))


def _plain(node: Node) -> Term:
    if isinstance(node, Literal):
        return Words(str(node), str(node.datatype or ""), node.language or "")
    return str(node)


def to_graph(triples: Triples, prefixes: Mapping[str, str]) -> Graph:
    """The same as an rdflib graph with these prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, iri in prefixes.items():
        graph.bind(prefix, iri, override=True, replace=True)
    node = functools.lru_cache(maxsize=None)(_node)
    # What Graph.addN would test of every term holds for ours.
    graph.store.addN((node(s), node(p), node(o), graph) for s, p, o in triples)
    return graph


def _node(term: Term) -> URIRef | Literal:
    if isinstance(term, str):
        return URIRef(term)
    # The lexical form is kept as it is: no "normalised" numbers or dates.
    datatype = URIRef(term.datatype) if term.datatype else None
    return Literal(term.text, lang=term.language or None, datatype=datatype, normalize=False)
