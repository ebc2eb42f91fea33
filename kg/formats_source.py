"""A graph file as the writers of the other formats need it: sorted triples, by subject, with short names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import GraphError
from kg.export import parse_file
from kg.ids import BASE, ONTOLOGY
from kg.terms import PREFIXES

Object = ox.NamedNode | ox.Literal
Values = Mapping[str, tuple[Object, ...]]
"""Predicate -> objects, both sorted."""

RDF, RDFS, DCTERMS, OWL, SKOS = (PREFIXES[name] for name in ("rdf", "rdfs", "dcterms", "owl", "skos"))

_AT_HOME = frozenset(ONTOLOGY + kind for kind in ("Claim", "Quotation", "Evidence"))
_MINTED = re.compile(r"(.*)(?:claim|evidence|document|event|tenure|quotation)-[0-9a-f]{16}", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A graph.  `about` maps every subject to what is said of it, sorted; `base` starts the IRIs of the data."""

    about: Mapping[str, Values]
    base: str

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of every graph, and `id` for its base."""
        return {"id": self.base, **PREFIXES}

    def triples(self) -> Iterator[ox.Triple]:
        """All triples, sorted by subject, predicate and object."""
        for subject, values in self.about.items():
            node = ox.NamedNode(subject)
            for predicate, objects in values.items():
                verb = ox.NamedNode(predicate)
                for value in objects:
                    yield ox.Triple(node, verb, value)

    def one(self, subject: str, predicate: str) -> str:
        """The first value of a property as text, empty where there is none."""
        return next((value.value for value in self.about.get(subject, {}).get(predicate, ())), "")

    def texts(self, subject: str, predicate: str) -> tuple[str, ...]:
        """All values of a property as texts."""
        return tuple(value.value for value in self.about.get(subject, {}).get(predicate, ()))

    def kinds(self, subject: str) -> tuple[str, ...]:
        """The local names of a node's classes."""
        return tuple(local_name(iri) for iri in self.texts(subject, RDF + "type"))

    def of_kind(self, kind: str) -> Iterator[str]:
        """The subjects of a class of the ontology, sorted."""
        wanted = ox.NamedNode(ONTOLOGY + kind)
        return (subject for subject, values in self.about.items() if wanted in values.get(RDF + "type", ()))

    def short(self, iri: str) -> str:
        """The id of a node in formats without IRIs: what follows the base, or the whole IRI of a foreign node."""
        return iri[len(self.base) :] if iri.startswith(self.base) and len(iri) > len(self.base) else iri


def source_of(path: Path) -> Source:
    """The graph of a Turtle or N-Triples file.  Raises GraphError for a broken file and for a blank node."""
    quads, prefixes = parse_file(path)
    return source_from((quad.triple for quad in quads), base=prefixes.get("id"), where=path)


def source_from(triples: Iterable[ox.Triple], *, base: str | None = None, where: str | Path = "The graph") -> Source:
    """The triples in order, each once; a base that is not given is told from the IRIs of claims and documents.

    Raises GraphError, which names `where`, for a blank node and a triple term.
    """
    found: dict[str, dict[str, set[Object]]] = {}
    for triple in triples:
        subject, verb, value = checked(triple, where)
        found.setdefault(subject.value, {}).setdefault(verb.value, set()).add(value)
    about = {
        subject: {verb: tuple(sorted(values, key=str)) for verb, values in sorted(found[subject].items())}
        for subject in sorted(found)
    }
    return Source(about=about, base=base or base_among(about))


def checked(triple: ox.Triple, where: str | Path) -> tuple[ox.NamedNode, ox.NamedNode, Object]:
    """The parts of the triple.  Raises GraphError, which names `where`, for a blank node and a triple term."""
    subject, value = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode):
        blank = subject if isinstance(subject, ox.BlankNode) else value
        raise GraphError(f"{where}: holds the blank node {blank}; every node of a knowledge graph has an IRI.")
    if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
        raise GraphError(f"{where}: holds a triple term; the vocabulary is plain Turtle 1.1.")
    return subject, triple.predicate, value


def base_among(subjects: Iterable[str]) -> str:
    """What most claims, documents and events begin with; the default base where there are none."""
    counts = Counter(match[1] for match in map(_MINTED.fullmatch, subjects) if match)
    return min(counts, key=lambda base: (-counts[base], base)) if counts else BASE


def local_name(iri: str) -> str:
    """The part of an IRI behind the last "#" or "/", the whole IRI where nothing follows."""
    return re.split(r"[#/]", iri)[-1] or iri


def documents_of(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Claims, quotations and evidence -> the document they stand in; the triples may come in any order.

    One that draws on several documents is left out, and so is its evidence's document unknown.
    """
    kind: dict[str, str] = {}
    sources: dict[str, set[str]] = {}
    evidence: dict[str, set[str]] = {}
    for triple in triples:
        subject, verb, value = (term.value for term in checked(triple, "The graph"))
        if verb == RDF + "type" and value in _AT_HOME:
            kind[subject] = value
        elif verb == DCTERMS + "source":
            sources.setdefault(subject, set()).add(value)
        elif verb == ONTOLOGY + "evidence":
            evidence.setdefault(subject, set()).add(value)
    home = {
        subject: next(iter(found))
        for subject, found in sources.items()
        if len(found) == 1 and kind.get(subject) == ONTOLOGY + "Evidence"
    }
    for subject in [s for s, is_a in kind.items() if is_a != ONTOLOGY + "Evidence"]:
        documents = {home.get(piece, "") for piece in evidence.get(subject, ())}
        if len(documents) == 1 and "" not in documents:
            home[subject] = next(iter(documents))
    return home
