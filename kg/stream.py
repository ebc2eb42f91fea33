"""Documents -> their Extractions, in order: out of the cache, or made here, by one process or several."""

from __future__ import annotations

import collections
import contextlib
import functools
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kg.cache import Cache
from kg.errors import KgError, ModelError, one_line
from kg.fingerprint import fingerprint, key_of
from kg.garbage import collect_rarely
from kg.records import BrokenRecordError, from_bytes, to_bytes
from kg.types import Document, Extraction, Skip

BATCH_DOCUMENTS, BATCH_CHARACTERS = 32, 20_000
"""What is sent to a process at once ends with whichever is reached first."""
AHEAD = 2
"""Batches that wait for each worker, so that none is idle and few are held in memory."""

LONGEST_REASON = 300
"""Characters of what a failure says of itself."""

Batch = tuple[Document, ...]
Made = Extraction | Skip
"""What becomes of a document: a Skip where the program fails on it."""
Make = Callable[[Batch], Callable[[], Iterator[Made]]]
"""Begins the extraction of a batch; what it returns gives the extractions, waiting for them where need be."""


def extractions(
    documents: Iterable[Document],
    *,
    model: str,
    ontology_files: tuple[Path, ...] = (),
    jobs: int = 1,
    cache: Cache | None = None,
) -> Iterator[Made]:
    """The extractions in the order of the documents, at most a few batches ahead of what was asked for.

    The same for every number of `jobs` and whatever the cache holds: an extraction depends on its document alone.
    """
    with contextlib.ExitStack() as stack:
        make = _workers(stack, model, ontology_files, jobs) if jobs > 1 else _here(model, ontology_files)
        mark = "" if cache is None else _mark(model, ontology_files)
        plans = (_plan(batch, make, cache, mark) for batch in batches(documents))
        waiting: collections.deque[_Plan] = collections.deque()
        for plan in plans:
            waiting.append(plan)
            if len(waiting) > (jobs * AHEAD - 1 if jobs > 1 else 0):
                yield from _carried_out(waiting.popleft(), cache)
        while waiting:
            yield from _carried_out(waiting.popleft(), cache)


# ---------------------------------------------------------------- what is there, and what is to be made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A batch of which some extractions are there; the others are being made."""

    documents: Batch
    known: dict[int, Extraction]
    keys: tuple[bytes, ...]
    made: Callable[[], Iterator[Made]]


def _plan(batch: Batch, make: Make, cache: Cache | None, mark: str) -> _Plan:
    keys: tuple[bytes, ...] = ()
    known: dict[int, Extraction] = {}
    if cache is not None:
        keys = tuple(key_of(document, mark) for document in batch)
        for place, (document, key) in enumerate(zip(batch, keys, strict=True)):
            record = cache.get(key)
            if record is not None:
                try:
                    known[place] = from_bytes(record, document)
                except BrokenRecordError as error:
                    cache.refuse(key, str(error))
    missing = tuple(document for place, document in enumerate(batch) if place not in known)
    return _Plan(documents=batch, known=known, keys=keys, made=make(missing) if missing else _nothing)


def _nothing() -> Iterator[Made]:
    return iter(())


def _carried_out(plan: _Plan, cache: Cache | None) -> Iterator[Made]:
    made = plan.made()
    for place in range(len(plan.documents)):
        extraction: Made | None = plan.known.get(place)
        if extraction is None:
            extraction = next(made)
            if cache is not None and not isinstance(extraction, Skip):
                cache.put(plan.keys[place], to_bytes(extraction))
        yield extraction


def _mark(model: str, ontology_files: tuple[Path, ...]) -> str:
    """The fingerprint; where the model is missing, the error that says how to get it."""
    try:
        return fingerprint(model, ontology_files)
    except ModelError:
        from kg import nlp

        nlp.load(model)
        raise


def batches(documents: Iterable[Document]) -> Iterator[Batch]:
    """The documents in batches, in order."""
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


# ---------------------------------------------------------------- making


def _extracted(batch: Batch, model: str, ontology_files: tuple[Path, ...]) -> Iterator[Made]:
    """The extractions of a batch.  What reads language is imported here: who has all in the cache does without."""
    from kg.ontology import stamps_of

    interpreted = _reader(model, ontology_files, stamps_of(extra=ontology_files))
    for document in batch:
        try:
            yield interpreted(document)
        except (KgError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  whatever the program trips over in one document, the others are not lost
            what = one_line(f"{type(error).__name__}: {error}", longest=LONGEST_REASON)
            yield Skip(path=document.path or document.id, reason=f"the program failed on it ({what}); please report it")


@functools.lru_cache(maxsize=1)
def _reader(
    model: str, ontology_files: tuple[Path, ...], _stamps: tuple[tuple[Path, int, int], ...]
) -> Callable[[Document], Extraction]:
    # What is made of the ontology is kept as long as no file of it is edited.
    from kg import nlp, ontology
    from kg.extraction import interpret
    from kg.gazetteer import load as load_gazetteer
    from kg.role_words import role_index

    pipeline, known, gazetteer = nlp.load(model), ontology.load(extra=ontology_files), load_gazetteer()
    index = role_index(known)
    return lambda document: interpret(nlp.parse_one(document, pipeline), known, gazetteer, index)


def extract_batch(batch: Batch, model: str, ontology_files: tuple[Path, ...]) -> tuple[Made, ...]:
    """The extractions of a batch; what they need is loaded once a process."""
    return tuple(_extracted(batch, model, ontology_files))


def _here(model: str, ontology_files: tuple[Path, ...]) -> Make:
    return lambda batch: functools.partial(_extracted, batch, model, ontology_files)


def _workers(stack: contextlib.ExitStack, model: str, ontology_files: tuple[Path, ...], jobs: int) -> Make:
    """Makes batches in processes of a pool that starts with the first of them and ends with the stack."""

    @functools.cache
    def pool() -> ProcessPoolExecutor:
        from kg import nlp

        nlp.load(model)  # a missing model is one clear error here, not one in each worker
        context = multiprocessing.get_context("spawn")
        executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
        stack.callback(executor.shutdown, wait=True, cancel_futures=True)
        return executor

    def make(batch: Batch) -> Callable[[], Iterator[Made]]:
        future: Future[tuple[Made, ...]] = pool().submit(extract_batch, batch, model, ontology_files)
        return lambda: iter(future.result())

    return make


def _begin() -> None:
    """Interrupts are left to the parent."""
    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
