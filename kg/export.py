"""A graph <-> Turtle 1.1: bytes that depend on the triples alone, written whole or not at all."""

from __future__ import annotations

import functools
import itertools
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import GraphError, OutputError
from kg.terms import DECIMAL, INTEGER, PREFIXES, iri_text
from kg.triples import Term, Triples, Words, base_of, of_graph

__all__ = ["base_of", "iri_text", "parse_file", "read_graph", "turtle", "write_atomically", "write_graph"]

SECTIONS = (
    ("Entities", ("Person", "Organization", "Group", "Country", "Place", "Work", "Product", "Event")),
    ("Relations told by verb phrases of the texts", ("Property",)),
    ("Events", ()),
    ("Claims", ("Claim",)),
    ("Positions", ("Tenure",)),
    ("Quotations", ("Quotation",)),
    ("Unnamed sources", ("UnnamedSource",)),
    ("Evidence", ("Evidence",)),
    ("Documents", ("Document",)),
)
"""Headings of the file with the classes that stand under them; "Events" takes every other class."""

A, STRING = str(RDF.type), str(XSD.string)
SEPARATOR = " ;\n    "

_SECTION_OF = {kind: number for number, (_, kinds) in enumerate(SECTIONS) for kind in kinds}
_OTHER = next(number for number, (_, kinds) in enumerate(SECTIONS) if not kinds)

_FIRST = (
    "rdf:type rdfs:label skos:altLabel owl:sameAs rdfs:subPropertyOf rdf:subject rdf:predicate rdf:object "
    "kg:event kg:stance kg:modality kg:attributedTo kg:unnamedSource kg:confidence kg:rule kg:level "
    "kg:derivedFrom kg:participant kg:place kg:startDate kg:endDate kg:timeText kg:assertedBy kg:deniedBy "
    "kg:status kg:holder kg:title kg:organization kg:tense kg:speaker kg:addressee kg:text kg:evidence "
    "dcterms:source kg:begin kg:end kg:quote dcterms:title dcterms:issued dcterms:publisher dcterms:identifier"
).split()
"""Properties that stand first in a block, in this order; the others follow by IRI."""

_RANK = {PREFIXES[p] + name: n for n, (p, _, name) in enumerate(term.partition(":") for term in _FIRST)}

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_BARE = {INTEGER: re.compile(r"[+-]?[0-9]+"), DECIMAL: re.compile(r"[+-]?[0-9]*\.[0-9]+")}
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def turtle(graph: Graph | Triples) -> bytes:
    """The graph as readable Turtle 1.1 in UTF-8: one block a subject, sections in a fixed order.

    The bytes depend on the triples and on the IRI bound to the prefix `id` alone.  Raises GraphError for a
    blank node: the vocabulary has none, and none could be named the same way on every run.
    """
    if isinstance(graph, Triples):
        return "".join(_lines(graph)).encode("utf-8")
    for node in itertools.chain.from_iterable(graph):
        if isinstance(node, BNode):
            raise GraphError(f"The graph holds the blank node {node}; every node of a knowledge graph has an IRI.")
    return turtle(of_graph(graph))


def _lines(triples: Triples) -> Iterator[str]:
    prefixes = {"id": triples.base, **PREFIXES}
    prefix_of = {iri: prefix for prefix, iri in prefixes.items()}
    iri = functools.lru_cache(maxsize=None)(functools.partial(_iri, base=triples.base, prefixes=prefix_of))
    ordered = functools.lru_cache(maxsize=None)(_in_order)
    section = functools.lru_cache(maxsize=None)(_section)
    sections: list[list[str]] = [[] for _ in range(len(SECTIONS) + 1)]
    for subject, row in triples.about.items():
        sections[min(map(section, row[A])) if A in row else len(SECTIONS)].append(subject)
    for prefix in sorted(prefixes):
        yield f"@prefix {prefix}: <{iri_text(prefixes[prefix])}> .\n"
    for number, subjects in enumerate(sections):
        if subjects:
            yield f"\n# {SECTIONS[number][0] if number < len(SECTIONS) else 'Others'}\n"
        for subject in sorted(subjects):
            row = triples.about[subject]
            parts = []
            for predicate in ordered(tuple(row)):
                terms = [iri(one) if isinstance(one, str) else _literal(one, iri) for one in row[predicate]]
                verb = "a" if predicate == A else iri(predicate)
                parts.append(f"{verb} {terms[0] if len(terms) == 1 else ' , '.join(sorted(terms))}")
            yield f"\n{iri(subject)} {SEPARATOR.join(parts)} .\n"


def _in_order(predicates: tuple[str, ...]) -> list[str]:
    return sorted(predicates, key=lambda p: (_RANK.get(p, len(_RANK)), p))


def _section(kind: Term) -> int:
    name = kind if isinstance(kind, str) else kind.text
    return _SECTION_OF.get(re.split(r"[#/]", name)[-1], _OTHER)


def _literal(words: Words, iri: Callable[[str], str]) -> str:
    """A literal in Turtle.  The shorthand for numbers is taken only where it keeps the lexical form."""
    text, datatype, language = words
    if datatype in _BARE and _BARE[datatype].fullmatch(text):
        return text
    quoted = f'"{text.translate(_ESCAPES) if text.isprintable() else "".join(map(_escape, text))}"'
    if language:
        return f"{quoted}@{language}"
    return f"{quoted}^^{iri(datatype)}" if datatype and datatype != STRING else quoted


def _iri(iri: str, *, base: str, prefixes: Mapping[str, str]) -> str:
    """An IRI in Turtle."""
    cut = len(base) if iri.startswith(base) else max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = prefixes.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix and _LOCAL.fullmatch(iri[cut:]) else f"<{iri_text(iri)}>"


_ESCAPES = str.maketrans(_SHORT)


def _escape(char: str) -> str:
    """A character of a string; what an editor would not show, or show in a wrong place, as its code point."""
    if char in _SHORT:
        return _SHORT[char]
    if char.isprintable():
        return char
    return f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"


# ---------------------------------------------------------------- files


def write_graph(graph: Graph, path: Path) -> None:
    """Writes the graph as Turtle.  Raises OutputError; the file is then what it was before, or absent."""
    write_atomically(path, turtle(graph))


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file under another name in the same folder, then renames it: nobody sees half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            unfinished.write_bytes(content)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error}).") from error


def read_graph(path: Path) -> Graph:
    """The graph of a Turtle or N-Triples file (.nt), with its prefixes.

    Raises GraphError with file, line and column when the file is missing, unreadable or broken.
    """
    quads, prefixes = parse_file(path)
    graph = Graph(bind_namespaces="none")
    for prefix, iri in {**PREFIXES, **prefixes}.items():
        graph.bind(prefix, iri, override=True, replace=True)
    node = functools.lru_cache(maxsize=None)(_to_rdflib)
    graph.addN((node(quad.subject), node(quad.predicate), node(quad.object), graph) for quad in quads)
    return graph


def parse_file(path: Path) -> tuple[list[ox.Quad], dict[str, str]]:
    """The triples of a Turtle or N-Triples file and its prefixes; errors as in read_graph."""
    kind = ox.RdfFormat.N_TRIPLES if path.suffix == ".nt" else ox.RdfFormat.TURTLE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror}).") from error
    try:
        parser = ox.parse(content, format=kind)
        return list(parser), dict(parser.prefixes)
    except (SyntaxError, ValueError) as error:
        raise GraphError(f"{path}: is not valid {kind.name} ({error}).") from error


def _to_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        # The lexical form is kept as it stands in the file: no "normalised" numbers or dates.
        datatype = None if term.datatype.value == str(XSD.string) else URIRef(term.datatype.value)
        return Literal(term.value, datatype=datatype, normalize=False)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise GraphError("The graph holds a triple term; the vocabulary is plain Turtle 1.1.")
