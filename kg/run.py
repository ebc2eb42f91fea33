"""The whole way: paths in; the graph, its files and a summary out.  One process or several, the same bytes."""

from __future__ import annotations

import collections
import contextlib
import datetime
import functools
import gc
import itertools
import os
import re
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import RDF, Graph

from kg import ontology, read
from kg.cache import LIMIT, Cache
from kg.corrections import NONE, Corrections
from kg.corrections import load as load_corrections
from kg.entities import Known, Resolution, known_of
from kg.errors import GraphError, InputError, OutputError
from kg.export import read_graph, turtle, write_atomically
from kg.fetch import Web, is_address
from kg.gazetteer import load as load_gazetteer
from kg.graph import triples_of
from kg.ids import BASE, DEFAULT_MODEL, ONTOLOGY
from kg.ledger import FILE, ledger_of, ledger_text
from kg.ontology import Ontology
from kg.retractions import settle
from kg.stream import extractions as extractions_of
from kg.terms import PREFIXES
from kg.triples import Triples, to_graph
from kg.types import Document, Extraction, Skip
from kg.view import render_view

if TYPE_CHECKING:
    from kg.engine_spark import SparkEngine

WEB = Web()
FETCHED = "fetched"
"""The folder beside graph.ttl for what was fetched."""

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
    cached: int = 0
    """Documents whose extraction came from the cache."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """The triples of a build (exactly those of graph.ttl), what each document says, the summary, the files written."""

    triples: Triples
    extractions: tuple[Extraction, ...]
    summary: Summary
    written: tuple[Path, ...] = ()

    @functools.cached_property
    def graph(self) -> Graph:
        """The triples as an rdflib graph, made when it is first asked for."""
        with _without_collector():
            return to_graph(self.triples, {"id": self.triples.base, **PREFIXES})


def build(
    inputs: Inputs,
    *,
    out: str | Path | None = None,
    base: str = BASE,
    date: datetime.date | None = None,
    model: str = DEFAULT_MODEL,
    ontology_files: Sequence[str | Path] = (),
    jobs: int = 1,
    cache: str | Path | None = None,
    cache_limit: int = LIMIT,
    document_limit: int = read.LIMIT,
    keep: str | Path | None = None,
    web: Web = WEB,
    corrections: str | Path | Corrections | None = None,
    keep_ids: str | Path | None = None,
    master: str | None = None,
    progress: Progress | None = None,
) -> Built:
    """The graph of text, HTML, PDF and JSON Lines files, folders of them, pages and feeds, as one set of documents.

    `out` is a folder for graph.ttl and graph.html; without it nothing is written.  `base` starts the IRIs of the
    data, `date` is the day of documents that tell none, `ontology_files` are Turtle files that add relations and
    words, `jobs` is the number of processes (a script that asks for several needs `if __name__ == "__main__"`).
    `cache` is a folder where extractions are kept for the next build, at most `cache_limit` bytes of them; a document
    over `document_limit` bytes is skipped.  Inputs may be addresses of pages and feeds; what `web` lets be fetched is
    put into the folder `keep` (out/fetched where none is given) and read from there, with all that was fetched earlier.
    `corrections` is a file of them (docs/corrections.md) or what kg.corrections.load gave; `keep_ids` is the graph.ttl
    of an earlier build whose IRIs are to stay.
    `master` is the address of a Spark cluster that does the work: then inputs are files or folders of JSON Lines and
    Parquet, in whatever store the cluster knows, `jobs` and `cache` do not count, and the triples are written in parts
    too (docs/spark.md).
    Neither the order of the inputs nor `jobs` nor the cache nor the engine changes the result.

    A document that cannot be read is skipped and named in the summary.  Raises InputError when none can be read or
    a path does not exist, ModelError, OntologyError, OutputError, CorrectionError, and GraphError for a base that is no
    absolute IRI or an earlier build that cannot be read; EngineError where Spark is missing or gives up.
    """
    tell = progress or (lambda stage, done, total: None)
    checked_base(base)
    folder = None if out is None else _writable(Path(out))
    known = ontology.load(extra=_paths(ontology_files))
    fixes = load_corrections(corrections) if isinstance(corrections, str | Path) else corrections or NONE
    earlier = known_of(ledger_of(Path(keep_ids))) if keep_ids is not None else ()
    notes: list[str] = []
    plan = _Plan(known=known, fixes=fixes, earlier=earlier, base=base, folder=folder, tell=tell)
    if master is not None:
        from kg.engine_spark import engine

        with engine(master) as spark:
            tell("Extracting", 0, 0)
            found = spark.extracted(
                [str(path) for path in _inputs(inputs)],
                date=date,
                limit=document_limit,
                model=model,
                ontology_files=_paths(ontology_files),
            )
            if not found.extractions:
                raise InputError(_nothing_read(found.skipped))
            with _without_collector():
                return _assembled(found.extractions, found.skipped, found.notes, plan, spark=spark)
    with _gathered(inputs, keep or (folder and folder / FETCHED), web, notes.append) as (paths, missed):
        documents, skipped = _documents(paths, date, document_limit, notes, missed)
    extractions: list[Extraction] = []
    tell("Extracting", 0, len(documents))
    with _opened(cache, cache_limit, notes.append) as kept:
        for extraction in extractions_of(
            documents, model=model, ontology_files=_paths(ontology_files), jobs=jobs, cache=kept
        ):
            if isinstance(extraction, Skip):
                skipped += (extraction,)
            else:
                extractions.append(extraction)
            tell("Extracting", len(extractions), len(documents))
    if not extractions:
        raise InputError(_nothing_read(skipped))
    with _without_collector():
        return _assembled(extractions, skipped, notes, plan, cached=kept.hits if kept else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a build makes of extractions, whichever engine has made these."""

    known: Ontology
    fixes: Corrections
    earlier: tuple[Known, ...]
    base: str
    folder: Path | None
    tell: Progress


def _assembled(
    extractions: Sequence[Extraction],
    skipped: tuple[Skip, ...],
    notes: Iterable[str],
    plan: _Plan,
    *,
    cached: int = 0,
    spark: SparkEngine | None = None,
) -> Built:
    """Who is who, the graph and its files."""
    known, base = plan.known, plan.base
    documents = [extraction.document for extraction in extractions]
    plan.tell("Building the graph", len(documents), len(documents))
    symmetric = frozenset(name for name, relation in known.relations.items() if relation.symmetric)
    settled = settle(
        extractions, load_gazetteer(), known=plan.earlier, corrections=plan.fixes, base=base, symmetric=symmetric,
        comparer=None if spark is None else spark.compared,
    )  # fmt: skip
    resolution = settled.resolution
    triples = triples_of(settled.extractions, resolution, known, base=base)
    written: tuple[Path, ...] = ()
    if plan.folder is not None:
        plan.tell("Writing", len(documents), len(documents))
        written = _write(triples, resolution, known, documents, plan.folder)
        written += spark.write(written[0], plan.folder) if spark is not None else ()
    summary = Summary(
        documents=len(documents),
        entities=len(resolution.entities),
        claims=sum(1 for kind in triples.objects(str(RDF.type)) if kind == ONTOLOGY + "Claim"),
        plain=_plain(triples),
        disputed=sum(1 for status in triples.objects(ONTOLOGY + "status") if status == ONTOLOGY + "disputed"),
        skipped=skipped,
        notes=tuple(sorted(set(notes))),
        cached=cached,
    )
    return Built(triples=triples, extractions=tuple(extractions), summary=summary, written=written)


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
    cache: str | Path | None = None,
    cache_limit: int = LIMIT,
    document_limit: int = read.LIMIT,
    keep: str | Path | None = None,
    web: Web = WEB,
    report: read.Report | None = None,
) -> Generator[Extraction | Skip, None, None]:
    """What each document says, one at a time, in the order of the inputs.

    A Skip stands for one that cannot be read; it may come a few documents early.

    Raises InputError, before anything is read, when a path does not exist, and ModelError and OntologyError.
    """
    ontology.load(extra=_paths(ontology_files))
    tell = report or (lambda note: None)
    with contextlib.ExitStack() as stack:
        paths, missed = stack.enter_context(
            _gathered(inputs, keep, web, lambda text: tell(read.Note(path="web", text=text)))
        )
        kept = stack.enter_context(_opened(cache, cache_limit, lambda text: tell(read.Note(path="cache", text=text))))
        skipped = collections.deque(missed)
        documents = _set_aside(read.read(paths, date=date, limit=document_limit, report=report), skipped)
        files = _paths(ontology_files)
        for extraction in extractions_of(documents, model=model, ontology_files=files, jobs=jobs, cache=kept):
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


@contextlib.contextmanager
def _gathered(
    inputs: Inputs, keep: str | Path | None, web: Web, report: Callable[[str], None]
) -> Iterator[tuple[tuple[str | Path, ...], tuple[Skip, ...]]]:
    """The paths to read, with the folder of what was fetched in the place of addresses, and what could not be fetched.

    Without a folder to keep it in, what was fetched is gone afterwards.
    """
    paths = tuple(path for path in _inputs(inputs) if not is_address(path))
    urls = tuple(str(url) for url in _inputs(inputs) if is_address(url))
    if not urls:
        yield paths, ()
        return
    from kg.collect import collect

    with contextlib.ExitStack() as stack:
        folder = Path(keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-")))
        missed = collect(urls, folder, web, report=lambda url, text: report(f"{url}: {text}"))
        filled = any(not path.name.startswith(".") for path in folder.iterdir())
        yield (*paths, folder) if filled else paths, missed


def _documents(
    inputs: Inputs, date: datetime.date | None, limit: int, notes: list[str], missed: Sequence[Skip] = ()
) -> tuple[tuple[Document, ...], tuple[Skip, ...]]:
    """All documents sorted by id, and what was skipped sorted by path."""
    # Read in sorted order, so that of two documents with one id the same one is kept whatever the order of inputs.
    paths = sorted(map(str, _inputs(inputs)))
    records = list(
        read.read(paths, date=date, limit=limit, report=lambda note: notes.append(f"{note.path}: {note.text}"))
    )
    skipped = sorted((r for r in (*missed, *records) if isinstance(r, Skip)), key=lambda skip: (skip.path, skip.reason))
    documents = sorted((r for r in records if isinstance(r, Document)), key=lambda document: document.id)
    if not documents:
        raise InputError(_nothing_read(skipped))
    return tuple(documents), tuple(skipped)


def _nothing_read(skipped: Sequence[Skip]) -> str:
    if not skipped:
        return "There is nothing to read: name a text, HTML, PDF or JSON Lines file, or a folder of them."
    more = f" ({len(skipped)} in all were skipped)" if len(skipped) > 1 else ""
    return f"No document could be read. {skipped[0].path}: {skipped[0].reason}{more}"


def _set_aside(records: Iterable[Document | Skip], skipped: collections.deque[Skip]) -> Iterator[Document]:
    for record in records:
        if isinstance(record, Skip):
            skipped.append(record)
        else:
            yield record


def _opened(
    folder: str | Path | None, limit: int, report: Callable[[str], None]
) -> contextlib.AbstractContextManager[Cache | None]:
    """The open cache of a folder, or None for none."""
    return contextlib.nullcontext() if folder is None else Cache(Path(folder), limit=limit, report=report)


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
    _sweep(folder)
    write_atomically(folder / ".writable", b"")
    (folder / ".writable").unlink(missing_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    """Removes what builds that were killed left unfinished; those of a process that runs are left to it."""
    for path in sorted(folder.glob(".*.part")):
        number = path.name.split(".")[-2]
        if number.isdecimal() and not _runs(int(number)):
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's, or no number of a process
        return True
    return True


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Python's search for cyclic garbage stops meanwhile: what is being built is large, stays, and has no cycles, and
    looking through it again and again takes a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _write(
    triples: Triples, resolution: Resolution, known: Ontology, documents: Sequence[Document], folder: Path
) -> tuple[Path, ...]:
    count = len(documents)
    title = documents[0].title if count == 1 and documents[0].title else f"Knowledge graph of {count} documents"
    files = {
        folder / "graph.ttl": turtle(triples),
        folder / "graph.html": _page(triples, known, title=title),
        folder / FILE: ledger_text(resolution),
    }
    for path, content in files.items():
        write_atomically(path, content)
    return tuple(files)


def _page(
    graph: Graph | Triples,
    known: Ontology,
    *,
    title: str,
    focus: str | None = None,
    hops: int = 2,
    since: str | None = None,
) -> bytes:
    relations = tuple(known.relations[name] for name in sorted(known.relations))
    page = render_view(graph, title=title, relations=relations, focus=focus, hops=hops, since=since)
    return page.encode("utf-8")


def _plain(triples: Triples) -> int:
    """How many triples stand as fact: their predicate is that of some claim, or a symmetric one read backwards."""
    told = set(triples.objects(str(RDF.predicate)))
    rows = triples.about.values()
    return sum(len(objects) for row in rows for predicate, objects in row.items() if predicate in told)
