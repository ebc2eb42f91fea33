"""Apache Spark as the engine of a build: the functions that run on one machine, with their work shared out.

Documents are read from JSON Lines and Parquet in folders or object stores, extracted partition by partition by
processes that hold the model, and names are compared after a shuffle by block key.  The process that started Spark
joins the names and makes the graph, whose triples Spark writes in sorted parts.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import logging
import os
import shutil
import sys
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import formats, read
from kg.blocking import block_keys, block_pairs
from kg.engine_worker import Answer, answers
from kg.errors import EngineError, InputError
from kg.formats_source import source_of
from kg.gazetteer import load as load_gazetteer
from kg.ids import digest
from kg.matching import Match, compare
from kg.profiles import Profile
from kg.records import from_bytes
from kg.types import Document, Extraction, Skip

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext
    from pyspark.sql import DataFrame, SparkSession

LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
TABLES = (".parquet",)
BYTES_A_TASK = 256_000
"""Text in a task: what is lost with a worker, and extracted again."""
MOST_TASKS = 20_000
LEAST_NAMES = 5_000
"""Fewer names than these are compared sooner here than sent around."""
TRIPLES_A_PART = 1_000_000

Place = tuple[str, int, int]
"""Where a record stands: its file, the block of the file, its number."""
Record = Document | Skip | read.Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What all documents say, sorted by id; what was skipped, sorted by path; notes on what was read."""

    extractions: tuple[Extraction, ...]
    skipped: tuple[Skip, ...]
    notes: tuple[str, ...]


@contextlib.contextmanager
def engine(master: str) -> Iterator[SparkEngine]:
    """The engine of the cluster at this address ("spark://host:7077", "local[2]"), closed at the end.

    Raises EngineError when Spark or Java is missing, when the cluster does not answer, and when it gives up.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("The Spark engine needs PySpark; install it with: pip install 'kg[spark]'") from error
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise EngineError("The Spark engine needs Java 17; on Debian: apt-get install default-jre-headless")
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        spark = (
            SparkSession.builder.master(master)
            .appName("kg build")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )
    except (PySparkException, Py4JError) as error:
        raise EngineError(f"Spark at {master} does not start: {_first_line(error)}") from error
    try:
        yield SparkEngine(spark=spark)
    except (PySparkException, Py4JError) as error:
        raise EngineError(f"Spark at {master} gave up: {_first_line(error)}") from error
    finally:
        with contextlib.suppress(Py4JError, OSError):
            spark.stop()


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("kg.errors.")]
    return (told or lines or [type(error).__name__])[-1 if told else 0][:300]


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkEngine:
    """A session, and the three things that a build asks of it."""

    spark: SparkSession

    def extracted(
        self,
        inputs: Sequence[str],
        *,
        date: datetime.date | None = None,
        limit: int = read.LIMIT,
        model: str,
        ontology_files: tuple[Path, ...] = (),
    ) -> Extracted:
        """What the documents of JSON Lines and Parquet files say: the same as from one process.

        A document that ends the process that reads it is skipped and named.  Of several with one id the first counts,
        by the names of the files and the order in them.  Raises InputError for an input that is not there.
        """
        files, skipped = self._files(inputs)
        tasks = min(MOST_TASKS, max(self._parallelism, sum(size for _, size in files) // BYTES_A_TASK))
        found: list[Answer | read.Note] = []
        if files:
            keyed = self._lines([name for name, _ in files]).flatMap(functools.partial(_records, date, limit))
            single = keyed.groupByKey(tasks, _spread).flatMap(_first)
            found = single.mapPartitions(functools.partial(_extracted, model, ontology_files)).collect()
        said = [from_bytes(record[1], record[0]) for record in found if isinstance(record, tuple)]
        skipped += [record for record in found if isinstance(record, Skip)]
        return Extracted(
            extractions=tuple(sorted(said, key=lambda extraction: extraction.document.id)),
            skipped=tuple(sorted(skipped, key=lambda skip: (skip.path, skip.reason))),
            notes=tuple(f"{note.path}: {note.text}" for note in found if isinstance(note, read.Note)),
        )

    def compared(self, profiles: Sequence[Profile]) -> Mapping[tuple[int, int], Match]:
        """The comparison of all profiles that share a block, by their positions; what linking.link asks for."""
        partitions = self._parallelism if len(profiles) >= LEAST_NAMES else 1
        blocks = self._context.parallelize(list(enumerate(profiles)), partitions).flatMap(_keyed)
        # A pair that shares several blocks was compared in each, with the same result.
        found: dict[tuple[int, int], Match] = (
            blocks.groupByKey(partitions, _spread).flatMap(_matches).distinct(partitions).collectAsMap()
        )
        return found

    def write(self, graph: Path, folder: Path) -> tuple[Path, ...]:
        """The triples of a graph file in sorted parts (folder/ntriples) and its tables (folder/tables), for loading.

        The parts end where the next begins: read one behind the other they are the sorted N-Triples of the graph.
        """
        source = source_of(graph)
        lines = sorted(f"{triple} ." for triple in source.triples())
        parts, fresh = folder / "ntriples", folder / ".ntriples.part"
        shutil.rmtree(fresh, ignore_errors=True)
        count = max(1, -(-len(lines) // TRIPLES_A_PART))
        self._context.parallelize(lines, count).saveAsTextFile(fresh.absolute().as_uri())
        for path in sorted(fresh.iterdir()):  # loaders go by the suffix
            path.rename(path.with_suffix(".nt")) if path.name.startswith("part-") else path.unlink()
        shutil.rmtree(parts, ignore_errors=True)
        fresh.replace(parts)
        return (parts, *formats.export(graph, folder / "tables", form="parquet"))

    @property
    def _context(self) -> SparkContext:
        return self.spark.sparkContext

    @property
    def _parallelism(self) -> int:
        return max(2, 2 * int(self._context.defaultParallelism))

    def _files(self, inputs: Sequence[str]) -> tuple[list[tuple[str, int]], list[Skip]]:
        """The files to read with their sizes, sorted, and those that this engine does not read.

        Hadoop lists them, so that an input may be an address of any store that the cluster knows ("s3a://...").
        """
        # PySpark has no public way to Hadoop's file systems.
        jvm: Any = self._context._jvm  # noqa: SLF001
        settings = self._context._jsc.hadoopConfiguration()  # noqa: SLF001
        files: dict[str, int] = {}
        skipped: list[Skip] = []
        for name in inputs:
            path = jvm.org.apache.hadoop.fs.Path(name if "://" in name else Path(name).absolute().as_uri())
            store = path.getFileSystem(settings)
            if not store.exists(path):
                raise InputError(f"{name}: no such file or folder")
            listed = store.listFiles(path, True)
            while listed.hasNext():
                status = listed.next()
                file = status.getPath()
                if file.getName().startswith((".", "_")):
                    continue
                if file.getName().lower().endswith((*LINES, *TABLES)):
                    files[file.toString()] = status.getLen()
                else:
                    skipped.append(Skip(path=file.toString(), reason="Spark reads JSON Lines and Parquet files alone"))
        return sorted(files.items()), skipped

    def _lines(self, names: Sequence[str]) -> RDD[tuple[Place, str]]:
        """Each record as a line of JSON, with its place."""
        texts = [name for name in names if name.lower().endswith(LINES)]
        tables = [name for name in names if name.lower().endswith(TABLES)]
        frames: list[DataFrame] = []
        if texts:
            frames.append(_with_place(self.spark.read.text(texts), "value"))
        # Each by itself, for their columns need not agree.
        frames += [_with_place(self.spark.read.parquet(name), "to_json(struct(*))") for name in tables]
        lines: RDD[tuple[Place, str]] = self._context.union([frame.rdd.map(_line_of) for frame in frames])
        return lines


def _with_place(frame: DataFrame, line: str) -> DataFrame:
    return frame.selectExpr(
        "_metadata.file_path AS file", "_metadata.file_block_start AS block", "monotonically_increasing_id() AS number",
        f"{line} AS line",
    )  # fmt: skip


def _line_of(row: Sequence[object]) -> tuple[Place, str]:
    file, block, number, line = row
    return (str(file), int(str(block)), int(str(number))), str(line)


# ---------------------------------------------------------------- what the workers do


def _spread(key: str) -> int:
    """A number for a key that is the same in every process, as that of hash() is not."""
    return zlib.crc32(key.encode())


def _records(
    date: datetime.date | None, limit: int, placed: tuple[Place, str]
) -> Iterator[tuple[str, tuple[Place, Record]]]:
    """The document of a line under its id; under its place what is skipped or noted."""
    place, line = placed
    where = place[0]
    line = line.removeprefix("\ufeff")
    if not line.strip():
        return
    notes: list[read.Note] = []
    record = read.read_line(line.encode(), where, date=date, limit=limit, report=notes.append)
    key = f"id {record.id}" if isinstance(record, Document) else f"at {place}"
    for one in (record, *notes):
        yield (key if one is record else f"at {place}"), (place, one)


def _first(keyed: tuple[str, Iterable[tuple[Place, Record]]]) -> Iterator[Record]:
    """The first of the documents of one id; the others are skipped."""
    found = sorted(keyed[1], key=lambda item: item[0])
    documents = [record for _, record in found if isinstance(record, Document)]
    yield from documents[:1]
    for record in documents[1:]:
        same = digest(record.text) == digest(documents[0].text)
        said = "the same document as" if same else f"its id '{record.id}' is that of"
        yield Skip(path=record.path or record.id, reason=f"{said} {documents[0].path}")
    yield from (record for _, record in found if not isinstance(record, Document))


def _extracted(model: str, ontology_files: tuple[Path, ...], records: Iterable[Record]) -> Iterator[Answer | read.Note]:
    documents: list[Document] = []
    for record in records:
        if isinstance(record, Document):
            documents.append(record)
        else:
            yield record
    documents.sort(key=lambda document: document.id)
    yield from answers(iter(documents), model=model, ontology_files=ontology_files)


def _keyed(placed: tuple[int, Profile]) -> Iterator[tuple[str, tuple[int, Profile]]]:
    for key in block_keys(placed[1], load_gazetteer()):
        yield key, placed


def _matches(keyed: tuple[str, Iterable[tuple[int, Profile]]]) -> Iterator[tuple[tuple[int, int], Match]]:
    block = sorted(keyed[1], key=lambda placed: placed[0])
    gazetteer = load_gazetteer()
    for a, b in block_pairs(range(len(block))):
        (left, one), (right, other) = block[a], block[b]
        yield (left, right), compare(one, other, gazetteer)
