"""The whole way: paths in; the graph, its files and a summary out.  One process or several, the same bytes."""

from __future__ import annotations

import collections
import contextlib
import datetime
import itertools
import multiprocessing
import re
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, Graph, Namespace

from kg import nlp, ontology, read
from kg.errors import GraphError, InputError, OutputError
from kg.export import read_graph, turtle, write_atomically
from kg.extraction import extract_all
from kg.gazetteer import load as load_gazetteer
from kg.graph import build_graph
from kg.ids import BASE, ONTOLOGY
from kg.nlp import DEFAULT_MODEL
from kg.ontology import Ontology
from kg.resolve import resolve
from kg.types import Document, Extraction, Skip
from kg.view import render_view

KG = Namespace(ONTOLOGY)
BATCH_DOCUMENTS, BATCH_CHARACTERS = 32, 20_000
"""A batch that is parsed at once ends with whichever is reached first: cut by the documents alone, so that `jobs`
changes nothing."""
AHEAD = 2
"""Batches that wait for each worker, so that none is idle and few are held in memory."""

Inputs = str | Path | Sequence[str | Path]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many documents are through, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a build did, in numbers; `plain` counts the triples that stand as fact, `disputed` the events that
    somebody asserts and somebody denies, `notes` tell what was read with a reservation."""

    documents: int
    entities: int
    claims: int
    plain: int
    disputed: int
    skipped: tuple[Skip, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The graph of a build (exactly that of graph.ttl), what each document says, the summary, the files written."""

    graph: Graph
    extractions: tuple[Extraction, ...]
    summary: Summary
    written: tuple[Path, ...] = ()


def build(
    inputs: Inputs,
    *,
    out: str | Path | None = None,
    base: str = BASE,
    date: datetime.date | None = None,
    model: str = DEFAULT_MODEL,
    ontology_files: Sequence[str | Path] = (),
    jobs: int = 1,
    progress: Progress | None = None,
) -> Built:
    """The graph of text, HTML, PDF and JSON Lines files, or folders of them, as one set of documents.

    `out` is a folder for graph.ttl and graph.html; without it nothing is written.  `base` starts the IRIs of the
    data, `date` is the day of documents that tell none, `ontology_files` are Turtle files that add relations and
    words, `jobs` is the number of processes (a script that asks for several needs `if __name__ == "__main__"`).
    Neither the order of the inputs nor `jobs` changes the result.

    A document that cannot be read is skipped and named in the summary.  Raises InputError when none can be read or
    a path does not exist, ModelError, OntologyError, OutputError, and GraphError for a base that is no absolute IRI.
    """
    tell = progress or (lambda stage, done, total: None)
    checked_base(base)
    folder = None if out is None else _writable(Path(out))
    known = ontology.load(extra=_paths(ontology_files))
    notes: list[str] = []
    documents, skipped = _documents(inputs, date, notes)
    extractions: list[Extraction] = []
    tell("Extracting", 0, len(documents))
    for extraction in _extractions(documents, model=model, ontology_files=ontology_files, jobs=jobs):
        extractions.append(extraction)
        tell("Extracting", len(extractions), len(documents))
    tell("Building the graph", len(documents), len(documents))
    resolution = resolve(extractions, load_gazetteer())
    graph = build_graph(extractions, resolution, known, base=base)
    written: tuple[Path, ...] = ()
    if folder is not None:
        tell("Writing", len(documents), len(documents))
        written = _write(graph, known, documents, folder)
    summary = Summary(
        documents=len(documents),
        entities=len(resolution.entities),
        claims=sum(1 for _ in graph.subjects(RDF.type, KG.Claim)),
        plain=_plain(graph),
        disputed=sum(1 for _ in graph.subjects(KG.status, KG.disputed)),
        skipped=skipped,
        notes=tuple(sorted(set(notes))),
    )
    return Built(graph=graph, extractions=tuple(extractions), summary=summary, written=written)


def extract(path: str | Path, *, date: datetime.date | None = None, model: str = DEFAULT_MODEL) -> Extraction:
    """What the one document of a file says.

    Raises InputError when it cannot be read or the file holds several documents (extract_each takes those).
    """
    found = list(itertools.islice(extract_each(path, date=date, model=model), 2))
    if len(found) > 1:
        raise InputError(f"{path}: holds more than one document; extract_each() takes files of several.")
    if not found:
        raise InputError(f"{path}: holds no document.")
    if isinstance(found[0], Skip):
        raise InputError(f"{found[0].path}: {found[0].reason}")
    return found[0]


def extract_each(
    inputs: Inputs,
    *,
    date: datetime.date | None = None,
    model: str = DEFAULT_MODEL,
    ontology_files: Sequence[str | Path] = (),
    jobs: int = 1,
    report: read.Report | None = None,
) -> Generator[Extraction | Skip, None, None]:
    """What each document says, one at a time, in the order of the inputs.

    A Skip stands for one that cannot be read; it may come a few documents early.

    Raises InputError, before anything is read, when a path does not exist, and ModelError and OntologyError.
    """
    ontology.load(extra=_paths(ontology_files))
    skipped: collections.deque[Skip] = collections.deque()
    records = read.read(_inputs(inputs), date=date, report=report)
    documents = _set_aside(records, skipped)
    for extraction in _extractions(documents, model=model, ontology_files=ontology_files, jobs=jobs):
        while skipped:
            yield skipped.popleft()
        yield extraction
    yield from skipped


def write_view(
    graph: str | Path,
    out: str | Path,
    *,
    title: str | None = None,
    focus: str | None = None,
    hops: int = 2,
    since: datetime.date | None = None,
) -> None:
    """Writes the network view of a graph file as one HTML file.

    `focus` is a name: only what lies within `hops` steps of it is shown; `since` leaves out what older documents say.
    Raises GraphError, also for an unknown focus, and OutputError.
    """
    source = Path(graph)
    known = ontology.load()
    day = since.isoformat() if since is not None else None
    page = _page(read_graph(source), known, title=title or source.stem, focus=focus, hops=hops, since=day)
    write_atomically(Path(out), page)


def checked_base(base: str) -> str:
    """The base IRI itself.  Raises GraphError when it is not absolute or does not end in / or #."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\]*[/#:]", base):
        raise GraphError(f"'{base}' is no base for IRIs; it must look like https://example.org/id/ and end in / or #.")
    return base


# ---------------------------------------------------------------- reading


def _inputs(inputs: Inputs) -> tuple[str | Path, ...]:
    return (inputs,) if isinstance(inputs, str | Path) else tuple(inputs)


def _paths(files: Iterable[str | Path]) -> tuple[Path, ...]:
    return tuple(Path(file) for file in files)


def _documents(
    inputs: Inputs, date: datetime.date | None, notes: list[str]
) -> tuple[tuple[Document, ...], tuple[Skip, ...]]:
    """All documents sorted by id, and what was skipped sorted by path."""
    # Read in sorted order, so that of two documents with one id the same one is kept whatever the order of inputs.
    paths = sorted(map(str, _inputs(inputs)))
    records = list(read.read(paths, date=date, report=lambda note: notes.append(f"{note.path}: {note.text}")))
    skipped = sorted((r for r in records if isinstance(r, Skip)), key=lambda skip: (skip.path, skip.reason))
    documents = sorted((r for r in records if isinstance(r, Document)), key=lambda document: document.id)
    if not documents:
        if not skipped:
            raise InputError(
                "There is nothing to read: name a text, HTML, PDF or JSON Lines file, or a folder of them."
            )
        more = f" ({len(skipped)} in all were skipped)" if len(skipped) > 1 else ""
        raise InputError(f"No document could be read. {skipped[0].path}: {skipped[0].reason}{more}")
    return tuple(documents), tuple(skipped)


def _set_aside(records: Iterable[Document | Skip], skipped: collections.deque[Skip]) -> Iterator[Document]:
    for record in records:
        if isinstance(record, Skip):
            skipped.append(record)
        else:
            yield record


# ---------------------------------------------------------------- extracting


def _extractions(
    documents: Iterable[Document], *, model: str, ontology_files: Sequence[str | Path], jobs: int
) -> Iterator[Extraction]:
    """The extractions in the order of the documents, at most a few batches ahead of what was asked for."""
    extra = _paths(ontology_files)
    pipeline = nlp.load(model)  # a missing model is one clear error here, not one in each worker
    if jobs <= 1:
        for batch in _batches(documents):
            yield from extract_all(batch, pipeline, ontology.load(extra=extra), load_gazetteer())
        return
    waiting: collections.deque[Future[tuple[Extraction, ...]]] = collections.deque()
    context = multiprocessing.get_context("spawn")
    with contextlib.ExitStack() as stack:
        pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_leave_interrupts_to_the_parent)
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        for batch in _batches(documents):
            waiting.append(pool.submit(_extract_batch, batch, model, extra))
            if len(waiting) >= jobs * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _batches(documents: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if len(batch) == BATCH_DOCUMENTS or size >= BATCH_CHARACTERS:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _extract_batch(batch: tuple[Document, ...], model: str, extra: tuple[Path, ...]) -> tuple[Extraction, ...]:
    return tuple(extract_all(batch, nlp.load(model), ontology.load(extra=extra), load_gazetteer()))


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# ---------------------------------------------------------------- writing


def _writable(folder: Path) -> Path:
    """The folder, made where it is missing.  Raises OutputError now rather than after the work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: no folder to write to ({error.strerror}).") from error
    probe = folder / "graph.ttl"
    if probe.is_dir():
        raise OutputError(f"{probe}: is a folder; the graph is to be written there.")
    write_atomically(folder / ".writable", b"")
    (folder / ".writable").unlink(missing_ok=True)
    return folder


def _write(graph: Graph, known: Ontology, documents: Sequence[Document], folder: Path) -> tuple[Path, ...]:
    count = len(documents)
    title = documents[0].title if count == 1 and documents[0].title else f"Knowledge graph of {count} documents"
    files = {folder / "graph.ttl": turtle(graph), folder / "graph.html": _page(graph, known, title=title)}
    for path, content in files.items():
        write_atomically(path, content)
    return tuple(files)


def _page(
    graph: Graph, known: Ontology, *, title: str, focus: str | None = None, hops: int = 2, since: str | None = None
) -> bytes:
    relations = tuple(known.relations[name] for name in sorted(known.relations))
    page = render_view(graph, title=title, relations=relations, focus=focus, hops=hops, since=since)
    return page.encode("utf-8")


def _plain(graph: Graph) -> int:
    """How many triples stand as fact: their predicate is that of some claim, or a symmetric one read backwards."""
    return sum(
        sum(1 for _ in graph.subject_objects(predicate)) for predicate in set(graph.objects(None, RDF.predicate))
    )
