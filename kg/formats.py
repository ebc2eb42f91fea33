"""The formats that a graph is carried away in, and how a file is written in one of them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from kg import formats_lines as lines
from kg import formats_network as network
from kg import formats_rdf as rdf
from kg import formats_tables as tables
from kg.errors import OutputError
from kg.export import read_graph, turtle
from kg.formats_source import Source, source_of

Writer = Callable[[BinaryIO], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format.  `suffixes` are those of the files that are written in it unasked; `folder` tells that it writes
    several files into a folder."""

    title: str
    suffixes: tuple[str, ...] = ()
    folder: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType({
    "turtle": Format(title="Turtle 1.1, as kg build writes it", suffixes=(".ttl",)),
    "ntriples": Format(title="N-Triples, lines sorted", suffixes=(".nt",)),
    "trig": Format(title="TriG, a graph a document", suffixes=(".trig",)),
    "nquads": Format(title="N-Quads, a graph a document, lines sorted", suffixes=(".nq",)),
    "jsonld": Format(title="JSON-LD 1.1 with its context", suffixes=(".jsonld",)),
    "rdfxml": Format(title="RDF/XML", suffixes=(".rdf", ".owl")),
    "turtle12": Format(title="Turtle 1.2, claims as reified triple terms"),
    "graphml": Format(title="GraphML", suffixes=(".graphml",)),
    "gexf": Format(title="GEXF for Gephi", suffixes=(".gexf",)),
    "cytoscape": Format(title="Cytoscape JSON", suffixes=(".cyjs",)),
    "csv": Format(title="nodes.csv and relationships.csv for Neo4j", folder=True),
    "parquet": Format(title="Parquet tables", folder=True),
})  # fmt: skip

NETWORKS = MappingProxyType({
    "graphml": network.write_graphml, "gexf": network.write_gexf, "cytoscape": network.write_cytoscape,
})  # fmt: skip
DATASETS: Mapping[str, Callable[[Source, BinaryIO], None]] = MappingProxyType({
    "trig": rdf.write_trig, "jsonld": rdf.write_json_ld, "rdfxml": rdf.write_rdf_xml, "turtle12": rdf.write_turtle_12,
})  # fmt: skip
LINES: Mapping[str, Callable[[Path, BinaryIO], None]] = MappingProxyType({
    "ntriples": lines.write_n_triples, "nquads": lines.write_n_quads,
})  # fmt: skip
"""Formats that need no more of the graph in memory than a part of its lines."""
FOLDERS = MappingProxyType({"csv": tables.csv_files, "parquet": tables.parquet_files})


def export(
    graph: str | Path, out: str | Path, *, form: str | None = None, all_claims: bool = False
) -> tuple[Path, ...]:
    """Writes a graph file (Turtle or N-Triples) in another format and returns the files written.

    `form` is a key of FORMATS; without it the suffix of `out` decides.  `csv` and `parquet` take `out` as a folder.
    The networks (graphml, gexf, cytoscape) hold what stands as fact, with `all_claims` the denied and planned too.

    The bytes depend on the graph alone.  Every file is written whole or not at all.  Raises GraphError for a graph
    that is broken or that the format cannot hold, OutputError.
    """
    target = Path(out)
    name = form or format_of(target)
    if name not in FORMATS:
        raise OutputError(f"There is no format '{name}'. There are: {', '.join(FORMATS)}.")
    if name == "turtle":
        content = turtle(read_graph(Path(graph)))
        return _write({target: lambda file: _put(file, content)})
    if name in LINES:
        return _write({target: lambda file: LINES[name](Path(graph), file)})
    source = source_of(Path(graph))
    if name in FOLDERS:
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{target}: no folder to write to ({error.strerror}).") from error
        return _write({target / file: write for file, write in FOLDERS[name](source).items()})
    if name in NETWORKS:
        found = network.network_of(source, all_claims=all_claims)
        return _write({target: lambda file: NETWORKS[name](found, file)})
    return _write({target: lambda file: DATASETS[name](source, file)})


def format_of(path: Path) -> str:
    """The format that the suffix of a file stands for.  Raises OutputError where it stands for none."""
    for name, known in FORMATS.items():
        if path.suffix.lower() in known.suffixes:
            return name
    suffixes = ", ".join(suffix for known in FORMATS.values() for suffix in known.suffixes)
    raise OutputError(f"{path}: no format has this suffix ({suffixes}); name one of: {', '.join(FORMATS)}.")


def _put(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _write(files: Mapping[Path, Writer]) -> tuple[Path, ...]:
    """Writes all files under other names beside their own, then renames them: none is half there, and where one
    cannot be written none is replaced."""
    with contextlib.ExitStack() as stack:
        unfinished = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
        for path, part in unfinished.items():
            with _as_output_error(path):
                stack.callback(part.unlink, missing_ok=True)
                with part.open("wb", buffering=1 << 20) as file:
                    files[path](file)
        for path, part in unfinished.items():
            with _as_output_error(path):
                part.replace(path)
    return tuple(files)


@contextlib.contextmanager
def _as_output_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error}).") from error
