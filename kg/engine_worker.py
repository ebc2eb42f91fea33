"""A process beside the engine's own that extracts documents, so that a document which ends it ends nothing else."""

from __future__ import annotations

import functools
import itertools
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from kg.errors import EngineError
from kg.garbage import collect_rarely
from kg.records import to_bytes
from kg.stream import batches, extract_batch
from kg.types import Document, Skip

ATTEMPTS = 2
"""A document that ends the process this many times, alone, is skipped: once may be the machine's fault."""

Answer = tuple[Document, bytes] | Skip


class Worker:
    """The process.  It is started when it is first asked, with the model loaded once, and anew where it has ended."""

    def __init__(self, model: str, ontology_files: tuple[Path, ...]) -> None:
        self._model = model
        self._ontology_files = ontology_files
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, documents: Sequence[Document]) -> tuple[bytes | Skip, ...] | None:
        """The records of the documents, a Skip for one on which the program fails; None when the process ended before
        it answered.

        Raises EngineError when it cannot even start.
        """
        pipe = self._pipe or self._start()
        try:
            pipe.send(tuple(documents))
            records: tuple[bytes | Skip, ...] = pipe.recv()
        except (EOFError, OSError):
            self._stop()
            return None
        return records

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._model, self._ontology_files), daemon=True, name="kg extraction"
        )
        self._process.start()
        theirs.close()  # only the process itself holds its end: where one of the two dies, the other reads an end
        try:
            self._pipe.recv()
        except (EOFError, OSError) as error:
            self._stop()
            raise EngineError("the process that extracts does not start; the log of the worker says why") from error
        return self._pipe

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None


@functools.lru_cache(maxsize=1)
def worker(model: str, ontology_files: tuple[Path, ...]) -> Worker:
    """The one worker of this process."""
    return Worker(model, ontology_files)


def answers(documents: Iterator[Document], *, model: str, ontology_files: tuple[Path, ...]) -> Iterator[Answer]:
    """Each document with the record of its extraction, or a Skip for one at which the process ends every time."""
    mine = worker(model, ontology_files)
    for batch in batches(documents):
        records = mine.ask(batch)
        if records is not None:
            yield from itertools.starmap(_answer, zip(batch, records, strict=True))
            continue
        for document in batch:
            yield _alone(mine, document)


def _answer(document: Document, record: bytes | Skip) -> Answer:
    return record if isinstance(record, Skip) else (document, record)


def _alone(mine: Worker, document: Document) -> Answer:
    for _ in range(ATTEMPTS):
        records = mine.ask((document,))
        if records is not None:
            return _answer(document, records[0])
    return Skip(path=document.path or document.id, reason=f"'{document.id}' ends the process that reads it, every time")


def _serve(pipe: Connection, model: str, ontology_files: tuple[Path, ...]) -> None:
    """Answers until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()
    extract_batch((), model, ontology_files)
    try:
        pipe.send(os.getpid())
        while True:
            batch = pipe.recv()
            made = extract_batch(batch, model, ontology_files)
            pipe.send(tuple(one if isinstance(one, Skip) else to_bytes(one) for one in made))
    except (EOFError, BrokenPipeError):
        return
