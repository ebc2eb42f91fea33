"""N-Triples and N-Quads, a statement a line: read, sorted and written as a stream, whatever the size of the graph."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import GraphError
from kg.formats_source import checked, documents_of

AT_ONCE = 200_000
"""Lines that are held in memory (some 40 MB); a longer file is sorted in parts that are merged from disk."""


def write_n_triples(path: Path, out: BinaryIO) -> None:
    """The graph of a file as canonical N-Triples, each line once, sorted as bytes: `cmp` and `comm` compare graphs.

    Raises GraphError for a broken file, a blank node and a triple term.
    """
    out.writelines(sorted_lines(f"{triple} .\n".encode() for triple in triples(path)))


def write_n_quads(path: Path, out: BinaryIO) -> None:
    """The same with a graph a document, the home of its claims, quotations and evidence; the file is read twice."""
    home = documents_of(triples(path))
    out.writelines(sorted_lines(f"{quad} .\n".encode() for quad in _quads(triples(path), home)))


def triples(path: Path) -> Iterator[ox.Triple]:
    """The triples of a Turtle or N-Triples file, one at a time.  Raises GraphError as they are read."""
    kind = ox.RdfFormat.N_TRIPLES if path.suffix == ".nt" else ox.RdfFormat.TURTLE
    try:
        for quad in ox.parse(path=str(path), format=kind):
            yield ox.Triple(*checked(quad.triple, path))
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (SyntaxError, ValueError) as error:
        raise GraphError(f"{path}: is not valid {kind.name} ({error}).") from error


def _quads(told: Iterable[ox.Triple], home: dict[str, str]) -> Iterator[ox.Quad]:
    graphs = {document: ox.NamedNode(document) for document in set(home.values())}
    everywhere = ox.DefaultGraph()
    for triple in told:
        subject, verb, value = checked(triple, "The graph")
        document = home.get(subject.value)
        yield ox.Quad(subject, verb, value, everywhere if document is None else graphs[document])


def sorted_lines(lines: Iterable[bytes], at_once: int = AT_ONCE) -> Iterator[bytes]:
    """Each line once, sorted as bytes, with at most `at_once` of them in memory; every line ends in a line feed."""
    waiting = iter(lines)
    with contextlib.ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        while run := sorted(itertools.islice(waiting, at_once)):
            if len(run) < at_once:
                runs.append(run)
                break
            file = files.enter_context(tempfile.TemporaryFile(buffering=1 << 20))
            file.writelines(run)
            file.seek(0)
            runs.append(file)
        yield from (line for line, _ in itertools.groupby(heapq.merge(*runs)))
