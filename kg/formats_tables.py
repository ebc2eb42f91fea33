"""A graph as tables: a pair of CSV files for property graphs such as Neo4j, Parquet files for notebooks."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import functools
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO, Literal

import pyoxigraph as ox

from kg.errors import OutputError
from kg.formats_network import ENTITIES, entities
from kg.formats_source import DCTERMS, OWL, RDF, RDFS, SKOS, Object, Source, documents_of, local_name
from kg.ids import ONTOLOGY

Writer = Callable[[BinaryIO], None]

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
ROWS_AT_ONCE = 50_000
"""Rows of a Parquet row group: what is held in memory beside the graph."""


# ---------------------------------------------------------------- CSV for property graphs


def csv_files(source: Source) -> Mapping[str, Writer]:
    """The writers of nodes.csv and relationships.csv: every subject of the graph a node, every triple between two
    of them a relationship, every other triple a property of its node.  Nothing of the graph is left out."""
    return {"nodes.csv": lambda out: _nodes(source, out), "relationships.csv": lambda out: _relationships(source, out)}


def _nodes(source: Source, out: BinaryIO) -> None:
    """Columns: id, iri, labels, then properties by name.  Several values are parted by "|", in them escaped."""
    columns = sorted({local_name(verb) for _, verb, _ in _properties(source)})
    named = frozenset(ENTITIES)
    with _rows(out, ["id", "iri", "labels", *columns]) as write:
        for subject in source.about:
            cells: dict[str, list[str]] = {}
            for _, verb, value in _properties(source, subject):
                # An individual of the ontology (kg:asserts) by its name; an outside IRI in full.
                plain = value.value
                short = isinstance(value, ox.NamedNode) and (plain.startswith(ONTOLOGY) or plain in source.about)
                cells.setdefault(local_name(verb), []).append(_local(source, plain) if short else plain)
            kinds = sorted(source.kinds(subject))
            labels = ["Entity", *kinds] if not named.isdisjoint(kinds) else kinds
            write([source.short(subject), subject, _joined(labels), *(_joined(cells.get(c, ())) for c in columns)])


def _relationships(source: Source, out: BinaryIO) -> None:
    """Columns: start, type, end, and whether it is a fact of the texts or part of a claim's description."""
    relations = {verb for claim in source.of_kind("Claim") for verb in source.texts(claim, RDF + "predicate")}
    with _rows(out, ["start", "type", "end", "fact"]) as write:
        for subject, values in source.about.items():
            for verb, objects in values.items():
                for value in objects:
                    if _is_relationship(source, verb, value):
                        name = _local(source, verb).replace("-", "_")
                        fact = "true" if verb in relations else "false"
                        write([source.short(subject), name, source.short(value.value), fact])


def _properties(source: Source, only: str | None = None) -> Iterator[tuple[str, str, Object]]:
    for subject in (only,) if only is not None else source.about:
        for verb, objects in source.about[subject].items():
            for value in objects:
                if verb != RDF + "type" and not _is_relationship(source, verb, value):
                    yield subject, verb, value


def _is_relationship(source: Source, verb: str, value: Object) -> bool:
    """Whether both ends are nodes.  The predicate of a claim stays a property: it names a relationship."""
    named = isinstance(value, ox.NamedNode) and value.value in source.about
    return named and verb not in (RDF + "predicate", RDF + "type")


def _local(source: Source, iri: str) -> str:
    return source.short(iri) if iri.startswith(source.base) else local_name(iri)


def _joined(values: list[str] | tuple[str, ...]) -> str:
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


@contextlib.contextmanager
def _rows(out: BinaryIO, header: list[str]) -> Iterator[Callable[[list[str]], object]]:
    """Writes rows of CSV (RFC 4180) into a binary file and leaves the file open.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, and so does one that begins
    with an apostrophe, so that the first apostrophe can always be taken off again.
    """
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        yield lambda row: writer.writerow([f"'{cell}" if cell.startswith(_RISKY) else cell for cell in row])
        text.flush()
    finally:
        text.detach()


# ---------------------------------------------------------------- Parquet


Kind = Literal["text", "texts", "date", "number", "integer", "node", "nodes", "name"]
"""What a column holds: texts, a day, numbers, ids of nodes, the local name of a term of the ontology."""

Columns = tuple[tuple[str, str, Kind], ...]
"""Name, predicate and kind of each column."""

_KG = ONTOLOGY
TABLES: Mapping[str, tuple[str, Columns]] = MappingProxyType({
    "claims": ("Claim", (
        ("subject", RDF + "subject", "node"), ("predicate", RDF + "predicate", "name"),
        ("object", RDF + "object", "node"), ("stance", _KG + "stance", "name"),
        ("modality", _KG + "modality", "name"), ("attributed_to", _KG + "attributedTo", "nodes"),
        ("confidence", _KG + "confidence", "number"), ("event", _KG + "event", "node"),
        ("evidence", _KG + "evidence", "nodes"), ("rule", _KG + "rule", "text"), ("level", _KG + "level", "name"),
        ("derived_from", _KG + "derivedFrom", "nodes"),
    )),
    "evidence": ("Evidence", (
        ("document", DCTERMS + "source", "node"), ("begin", _KG + "begin", "integer"),
        ("end", _KG + "end", "integer"), ("quote", _KG + "quote", "text"),
    )),
    "documents": ("Document", (
        ("title", DCTERMS + "title", "text"), ("issued", DCTERMS + "issued", "date"),
        ("publisher", DCTERMS + "publisher", "text"), ("identifiers", DCTERMS + "identifier", "texts"),
    )),
    "tenures": ("Tenure", (
        ("holder", _KG + "holder", "node"), ("title", _KG + "title", "text"),
        ("organization", _KG + "organization", "node"), ("tense", _KG + "tense", "name"),
        ("start_date", _KG + "startDate", "date"), ("end_date", _KG + "endDate", "date"),
        ("evidence", _KG + "evidence", "nodes"),
    )),
    "quotations": ("Quotation", (
        ("speaker", _KG + "speaker", "node"), ("addressee", _KG + "addressee", "node"),
        ("text", _KG + "text", "text"), ("evidence", _KG + "evidence", "nodes"),
    )),
    "events": ("", (
        ("participants", _KG + "participant", "nodes"), ("places", _KG + "place", "nodes"),
        ("start_date", _KG + "startDate", "date"), ("end_date", _KG + "endDate", "date"),
        ("time_text", _KG + "timeText", "text"), ("asserted_by", _KG + "assertedBy", "nodes"),
        ("denied_by", _KG + "deniedBy", "nodes"), ("status", _KG + "status", "name"),
    )),
    "entities": ("", (
        ("label", RDFS + "label", "text"), ("aliases", SKOS + "altLabel", "texts"),
        ("same_as", OWL + "sameAs", "texts"),
    )),
})  # fmt: skip
"""Table -> the class of its rows and its columns; every table has `id`, `iri` and `type` in front."""


def parquet_files(source: Source) -> Mapping[str, Writer]:
    """The writers of one typed table a kind of node, and of `triples`, which holds the whole graph term by term.

    Raises OutputError when pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise OutputError("Parquet needs the package pyarrow; install it with: pip install 'kg[parquet]'") from error

    def writer(names_and_types: list[tuple[str, pa.DataType]], rows: Callable[[], Iterator[list[object]]]) -> Writer:
        schema = pa.schema(names_and_types)

        def write(out: BinaryIO) -> None:
            with parquet.ParquetWriter(out, schema, compression="zstd") as sink:
                for batch in _batches(rows()):
                    columns = zip(*batch, strict=True)
                    sink.write_batch(pa.RecordBatch.from_arrays(
                        [pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)], schema=schema
                    ))  # fmt: skip

        return write

    types: dict[Kind, pa.DataType] = {
        "text": pa.string(), "node": pa.string(), "name": pa.string(), "texts": pa.list_(pa.string()),
        "nodes": pa.list_(pa.string()), "date": pa.date32(), "number": pa.float64(), "integer": pa.int64(),
    }  # fmt: skip
    front = [("id", pa.string()), ("iri", pa.string()), ("type", pa.string())]
    files: dict[str, Writer] = {}
    for name, (_, columns) in sorted(TABLES.items()):
        header = [*front, *((column, types[kind]) for column, _, kind in columns)]
        files[f"{name}.parquet"] = writer(header, functools.partial(_records, source, name))
    names = ("subject", "predicate", "object", "datatype", "language", "document")
    files["triples.parquet"] = writer([(n, pa.string()) for n in names], functools.partial(_triples, source))
    return files


def _records(source: Source, table: str) -> Iterator[list[object]]:
    wanted, columns = TABLES[table]
    if wanted:
        rows: Iterable[str] = source.of_kind(wanted)
    elif table == "entities":
        rows = entities(source)
    else:  # a happening has a participant; a named event (the games) is an entity
        rows = (iri for iri, values in source.about.items() if values.keys() & {_KG + "participant", _KG + "status"})
    for iri in rows:
        kinds = "|".join(source.kinds(iri))
        yield [source.short(iri), iri, kinds, *(_value(source, iri, verb, kind) for _, verb, kind in columns)]


def _value(source: Source, iri: str, verb: str, kind: Kind) -> object:
    """The value of a column, None where the graph has none or one of another type."""
    found = source.texts(iri, verb)
    if kind == "texts":
        return list(found)
    if kind == "nodes":
        return [source.short(value) for value in found]
    if not found:
        return None
    first = found[0]
    try:
        if kind == "date":
            return dt.date.fromisoformat(first)
        if kind == "number":
            return float(first)
        if kind == "integer":
            return int(first)
    except ValueError:
        return None
    if kind == "name":
        return _local(source, first)
    return source.short(first) if kind == "node" else first


def _triples(source: Source) -> Iterator[list[object]]:
    """Subject, predicate, object; datatype (None for an IRI) and language; the document that a claim stands in."""
    home = documents_of(source.triples())
    for subject, values in source.about.items():
        for verb, objects in values.items():
            for value in objects:
                literal = value if isinstance(value, ox.Literal) else None
                datatype = literal.datatype.value if literal is not None else None
                language = literal.language if literal is not None else None
                yield [subject, verb, value.value, datatype, language, home.get(subject)]


def _batches(rows: Iterator[list[object]]) -> Iterator[list[list[object]]]:
    while batch := list(itertools.islice(rows, ROWS_AT_ONCE)):
        yield batch
