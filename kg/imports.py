"""Files of other programs -> a graph of this vocabulary: reads every serialisation of RDF, fetches nothing."""

from __future__ import annotations

import functools
import gzip
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import pyoxigraph as ox
from rdflib import Graph

from kg import ontology
from kg.errors import GraphError, OntologyError
from kg.export import read_graph, write_graph
from kg.formats_rdf import plain
from kg.formats_source import DCTERMS, OWL, RDF, RDFS, SKOS, Source, local_name, source_from
from kg.ids import ONTOLOGY
from kg.packed import open_packed
from kg.shapes import validate

FORMATS: Mapping[str, tuple[ox.RdfFormat, tuple[str, ...]]] = MappingProxyType({
    "turtle": (ox.RdfFormat.TURTLE, (".ttl", ".turtle")),
    "ntriples": (ox.RdfFormat.N_TRIPLES, (".nt",)),
    "trig": (ox.RdfFormat.TRIG, (".trig",)),
    "nquads": (ox.RdfFormat.N_QUADS, (".nq",)),
    "jsonld": (ox.RdfFormat.JSON_LD, (".jsonld", ".json")),
    "rdfxml": (ox.RdfFormat.RDF_XML, (".rdf", ".owl", ".xml")),
})  # fmt: skip
"""Name -> format and the suffixes of its files; any of them may be gzipped (.gz)."""

FOREIGN = frozenset({
    RDF + "type", RDF + "subject", RDF + "predicate", RDF + "object", RDFS + "label", RDFS + "subPropertyOf",
    SKOS + "altLabel", OWL + "sameAs",
    *(DCTERMS + name for name in ("identifier", "issued", "publisher", "source", "title")),
})  # fmt: skip
"""Properties of other vocabularies that a graph may use."""

_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_JSON_MARK = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|[\]}]', re.DOTALL)
_DEEPEST = 200
"""Brackets of JSON within each other; the vocabulary needs four, and a parser may crash at some thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The graph, and how many statements the files held (a triple in two named graphs is two)."""

    graph: Graph
    statements: int


def import_graph(
    files: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    form: str | None = None,
    base: str | None = None,
    ontology_files: Sequence[str | Path] = (),
    check: bool = True,
) -> Imported:
    """Writes the graph of `read_dump` as Turtle, as kg build does; errors as there, and OutputError."""
    found = read_dump(files, form=form, base=base, ontology_files=ontology_files, check=check)
    write_graph(found.graph, Path(out))
    return found


def read_dump(
    files: str | Path | Sequence[str | Path],
    *,
    form: str | None = None,
    base: str | None = None,
    ontology_files: Sequence[str | Path] = (),
    check: bool = True,
) -> Imported:
    """One graph of all triples of the files, whatever named graphs they stand in.

    `form` is a key of FORMATS; without it the suffix of each file decides.  `base` is what the IRIs of the data begin
    with, by default told from the prefix `id` or from the IRIs themselves.  `ontology_files` bring relations of
    one's own.  With `check` off only the terms are checked, not the shapes and quotes.

    No parser fetches anything: remote contexts of JSON-LD and entities of XML are refused, owl:imports is no term of
    the vocabulary.  Raises GraphError for a file that cannot be read and for a graph off the vocabulary.
    """
    paths = [Path(file) for file in ([files] if isinstance(files, str | Path) else files)]
    if not paths:
        raise GraphError("There is nothing to import: name a file.")
    counted = 0
    prefixes: dict[str, str] = {}

    def triples() -> Iterator[ox.Triple]:
        nonlocal counted
        for path in paths:
            for quad in _quads(path, form or format_of(path), prefixes):
                counted += 1
                yield quad.triple

    where = ", ".join(map(str, paths))
    source = source_from(plain(triples()), base=base, where=where)
    if base is None and "id" in prefixes and any(s.startswith(prefixes["id"]) for s in source.about):
        source = Source(about=source.about, base=prefixes["id"])
    if not source.about:
        raise GraphError(f"{where}: holds no triple.")
    extra = tuple(Path(file) for file in ontology_files)
    _check_terms(source, _terms(extra), where)
    graph = _graph(source)
    if check:
        problems = validate(graph, ontology_files=extra).problems
        if problems:
            first = problems[0]
            more = f" ({len(problems):,} problems in all)" if len(problems) > 1 else ""
            raise GraphError(f"{where}: does not follow the vocabulary: <{first.node}> {first.message}{more}")
    return Imported(graph=graph, statements=counted)


def format_of(path: Path) -> str:
    """The format that the suffix of a file stands for.  Raises GraphError where it stands for none."""
    plain_name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    for name, (_, suffixes) in FORMATS.items():
        if plain_name.suffix.lower() in suffixes:
            return name
    raise GraphError(f"{path}: this suffix names no RDF format; name one of: {', '.join(FORMATS)}.")


# ---------------------------------------------------------------- parsing


def _quads(path: Path, form: str, prefixes: dict[str, str]) -> Iterator[ox.Quad]:
    """The statements of a file as they are read; its prefixes are added to `prefixes` at the end."""
    if form not in FORMATS:
        raise GraphError(f"There is no format '{form}' to import. There are: {', '.join(FORMATS)}.")
    kind = FORMATS[form][0]
    try:
        _refuse_what_would_expand(path, form)
        with _open(path) as file:
            # Blank nodes of two files are different nodes even where they are called the same.
            parser = ox.parse(file, format=kind, rename_blank_nodes=True)
            yield from parser
            prefixes.update(parser.prefixes)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise GraphError(f"{path}: is no whole gzip file ({error}).") from error
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (SyntaxError, ValueError) as error:
        if "remote context" in str(error):
            raise GraphError(
                f"{path}: names a context by its address; none is fetched, put it into the file."
            ) from error
        raise GraphError(f"{path}: is not valid {kind.name} ({' '.join(str(error).split())}).") from error


def _open(path: Path) -> BinaryIO:
    return open_packed(path) if path.suffix.lower() == ".gz" else path.open("rb")


def _refuse_what_would_expand(path: Path, form: str) -> None:
    """Raises GraphError for XML that declares entities and JSON that nests without end, before a parser sees it."""
    if form == "rdfxml":
        with _open(path) as file:
            before = b""
            while chunk := file.read(1 << 20):
                if any(mark in before + chunk for mark in _DECLARATIONS):
                    raise GraphError(f"{path}: has a document type declaration; entities of XML are refused.")
                before = chunk[-16:]
    if form == "jsonld":
        with _open(path) as file:
            if _depth(file.read()) > _DEEPEST:
                raise GraphError(f"{path}: is nested deeper than {_DEEPEST:,} brackets.")


def _depth(text: bytes) -> int:
    """How deep the brackets of a JSON text stand within each other, strings aside."""
    deepest = depth = 0
    for mark in _JSON_MARK.finditer(text):
        if mark[1]:
            depth += 1
            deepest = max(deepest, depth)
        elif mark[0] in (b"]", b"}"):
            depth -= 1
    return deepest


def _graph(source: Source) -> Graph:
    """The triples for rdflib, with the project's prefixes: by way of a file, so that whatever an import writes has
    been read once by the reader of all commands."""
    with tempfile.TemporaryDirectory(prefix="kg-import-") as folder:
        path = Path(folder) / "graph.nt"
        ox.serialize(source.triples(), str(path), format=ox.RdfFormat.N_TRIPLES)
        graph = read_graph(path)
    graph.bind("id", source.base, override=True, replace=True)
    return graph


# ---------------------------------------------------------------- vocabulary


@functools.lru_cache(maxsize=4)
def _terms(extra: tuple[Path, ...]) -> frozenset[str]:
    """The IRIs that the ontology describes, its own and those of further files."""
    home = next((f for f in (ontology.DEFAULT_FOLDER, ontology.PACKAGED_FOLDER) if f.is_dir()), ontology.DEFAULT_FOLDER)
    files = [path for path in sorted(home.glob("*.ttl")) if not path.name.startswith("shapes")]
    found: set[str] = set()
    for path in [*files, *extra]:
        try:
            parsed = ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
            found.update(quad.subject.value for quad in parsed if isinstance(quad.subject, ox.NamedNode))
        except (OSError, SyntaxError, ValueError) as error:
            raise OntologyError(f"{path}: is not valid Turtle ({error}).") from error
    return frozenset(found)


def _check_terms(source: Source, known: frozenset[str], where: str) -> None:
    """Raises GraphError for a property or class that neither the ontology nor the graph itself describes."""
    own = set(source.about)
    for subject, values in source.about.items():
        for verb, objects in values.items():
            if verb not in FOREIGN and verb not in known and verb not in own:
                raise GraphError(f"{where}: <{subject}> has the property <{verb}>, {_not_known(verb, known)}")
            if verb == RDF + "type":
                for kind in objects:
                    if kind.value not in known and kind.value != RDF + "Property":
                        raise GraphError(
                            f"{where}: <{subject}> has the class <{kind.value}>, {_not_known(kind.value, known)}"
                        )


def _not_known(iri: str, known: Iterable[str]) -> str:
    names = sorted({local_name(term) for term in known if term.startswith(ONTOLOGY)})
    near = get_close_matches(local_name(iri), names, n=1)
    return "which the vocabulary does not have" + (f"; near it is kg:{near[0]}." if near else ".")
