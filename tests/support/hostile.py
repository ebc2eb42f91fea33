"""Bytes that nobody meant well -> what kg makes of them, and what must hold whatever they are.

Each target takes the bytes of one input and a folder to write to.  It comes back quietly where the input is read,
skipped or refused by a KgError of one line; anything else that is raised is a fault.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph
from stories import graph_of, sample

from kg import corrections, gazetteer, nlp, ontology, records
from kg.cache import FILE, Cache
from kg.errors import KgError
from kg.export import read_graph, turtle, write_graph
from kg.extraction import extract
from kg.feeds import is_feed, read_feed
from kg.graph import build_graph
from kg.imports import read_dump
from kg.ledger import ledger_of
from kg.limits import Limits
from kg.lines import line_of
from kg.query import query
from kg.read import Note, document_of, read
from kg.retractions import settle
from kg.types import Document, Extraction, Skip
from kg.view import render_view

Target = Callable[[bytes, Path], None]

LONGEST_PARSED = 4000
"""Code points of a text that is parsed: a fuzzer wants many inputs rather than long ones."""

CHARACTERS = (
    "\x00", "\x07", "\x1b[2J", "\x1b]0;title\x07", "\x7f", "\x85", "\xa0", "\xad", "\u0301" * 8, "\u061c", "\u200b",
    "\u200d", "\u200f", "\u2028", "\u2029", "\u202e", "\u2066", "\u2069", "\ufeff", "\ufffd", "\ufffe", "\uffff",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U000e0041", "\U0010ffff", "İ", "ß", "ﬁ", "Ǆ", "ʼn", "\u0130I",
)  # fmt: skip
"""Characters that programs stumble over: controls, marks of direction, what has no width, what grows in lower case."""

MARKUP = (
    "</script><script>alert(1)</script>", "<!--", "]]>", "&amp;#x0;", "&#0;", "&#xD800;", "{{7*7}}", "${x}", "%s%n",
    "../../../etc/passwd", "file:///etc/passwd", "javascript:alert(1)", "'; DROP TABLE record; --", '"""', "'''",
    "\\u0000", "\\ud83d", "\\", '"', "<", ">", "@", "<< >>", "__import__('os')", "!!python/object:os.system",
)  # fmt: skip
"""Words that mean something to some program behind."""


class Fault(Exception):  # noqa: N818  # what a fuzzer looks for
    """What came out breaks a rule that must hold for every input."""


def must(holds: object, rule: str) -> None:
    """Raises Fault with the rule where it does not hold."""
    if not holds:
        raise Fault(rule)


@contextlib.contextmanager
def refusal() -> object:  # type: ignore[misc]
    """Lets a KgError pass whose message is one line that can be printed."""
    try:
        yield
    except KgError as error:
        printable(str(error))


def printable(text: str) -> None:
    """Raises Fault for a message that is empty, no single line, or cannot be encoded."""
    must(text.strip(), "a message says something")
    must("\n" not in text and "\r" not in text, f"a message is one line: {text!r}")
    must(len(text) < 2000, f"a message is short: {len(text)} characters")
    text.encode("utf-8")


# ---------------------------------------------------------------- reading


def reads(name: str) -> Target:
    """The target that reads the bytes as a file of this name."""

    def target(data: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        notes: list[Note] = []
        for record in read([path], report=notes.append):
            check_record(record)
        for note in notes:
            printable(note.text)

    return target


def sidecar(data: bytes, folder: Path) -> None:
    """The bytes stand beside a text as what is known of it."""
    (folder / "a.txt").write_text("Anna Berg met Bo Dahl in Elvik on Monday.", encoding="utf-8")
    (folder / "a.json").write_bytes(data)
    notes: list[Note] = []
    for record in read([folder], report=notes.append):
        check_record(record)
    for note in notes:
        printable(note.text)


def check_record(record: Document | Skip) -> None:
    """Raises Fault for a document or skip that breaks a rule."""
    if isinstance(record, Skip):
        printable(record.reason)
        return
    text = record.text
    for words in (text, record.id, record.title or "", record.url or "", record.publisher or ""):
        words.encode("utf-8")
    must(text.strip(), "a document has a text")
    last = 0
    for block in record.blocks:
        must(last <= block.begin < block.end <= len(text), "blocks stand in order, not empty, within the text")
        must(text[block.begin : block.end].strip() == text[block.begin : block.end] or block.kind == "furniture"
             or text[block.begin : block.end].strip("\x1f\u1680") != text[block.begin : block.end],
             "a block is trimmed")  # fmt: skip
        last = block.end
    json.dumps(record.title, ensure_ascii=False).encode("utf-8")


# ---------------------------------------------------------------- extracting


def extraction(data: bytes, folder: Path) -> None:
    """What a text says has its offsets right, and goes through the cache and JSON as it is."""
    found = _extracted(data.decode("utf-8", "replace")[:LONGEST_PARSED])
    if found is not None:
        check_extraction(found)


def _extracted(text: str, name: str = "d1") -> Extraction | None:
    if not text.strip():
        return None
    document = document_of(text, id=name)
    return extract(document, nlp.load(), ontology.load(), gazetteer.load())


def check_extraction(found: Extraction) -> None:
    """Raises Fault for offsets out of the text, names that are not there, records that do not come back."""
    text = found.document.text
    known = {entity.id for entity in found.entities}
    must(len(known) == len(found.entities), "each entity has an id of its own")
    for mention in found.mentions:
        must(text[mention.begin : mention.end] == mention.text, "a mention is the text between its offsets")
        must(known.issuperset(mention.entities), "a mention means entities that are there")
    for claim in found.claims:
        for begin, end in (claim.subject_span, claim.object_span, claim.evidence):
            must(0 <= begin < end <= len(text), "the spans of a claim lie in the text")
        must(claim.subject in known, "a claim's subject is there")
        must(not isinstance(claim.object, str) or claim.object in known, "a claim's object is there")
        must(known.issuperset(claim.attributed_to), "whom a claim is attributed to is there")
        must(0.0 < claim.confidence <= 1.0, "a confidence lies between 0 and 1")
    for quotation in found.quotations:
        must(text[quotation.begin : quotation.end] == quotation.text, "a quotation is the text between its offsets")
    again = records.from_bytes(records.to_bytes(found), found.document)
    must(again == found, "an extraction comes back from the cache as it was")
    line = line_of(found)
    must("\n" not in line, "an extraction is one line")
    json.loads(line.encode("utf-8"))


def built(data: bytes, folder: Path) -> None:
    """Two documents become a graph, which comes back from its file, and a page."""
    text = data.decode("utf-8", "replace")[:LONGEST_PARSED]
    cut = len(text) // 2
    found = [e for e in (_extracted(text[:cut], "d1"), _extracted(text[cut:], "d2")) if e is not None]
    if not found:
        return
    known = ontology.load()
    symmetric = frozenset(name for name, relation in known.relations.items() if relation.symmetric)
    settled = settle(found, gazetteer.load(), corrections=corrections.NONE, symmetric=symmetric)
    graph = build_graph(settled.extractions, settled.resolution, known)
    check_graph(graph, folder)


def check_graph(graph: Graph, folder: Path) -> None:
    """Raises Fault for a graph that does not come back from Turtle, or whose page has a third script."""
    content = turtle(graph)
    must(content.isascii() or not _invisible(content.decode("utf-8")), "nothing invisible stands in the file")
    must(len(list(ox.parse(content, format=ox.RdfFormat.TURTLE))) == len(graph), "a graph comes back whole")
    path = folder / "graph.ttl"
    path.write_bytes(content)
    must(turtle(read_graph(path)) == content, "a graph comes back byte for byte")
    page = render_view(graph, title="x", relations=tuple(ontology.load().relations.values()))
    page.encode("utf-8")
    must(page.count("<script") == _scripts(), "no text becomes a script of the page")


def _invisible(text: str) -> bool:
    return any(not (c.isprintable() or c == "\n") for c in text)


@functools.lru_cache(maxsize=1)
def _scripts() -> int:
    """How many script tags the page of an empty graph has."""
    return render_view(Graph(), title="x").count("<script")


# ---------------------------------------------------------------- what stands behind the graph


@functools.lru_cache(maxsize=1)
def _sample() -> bytes:
    return turtle(graph_of(*sample()))


def _sample_file(folder: Path) -> Path:
    path = folder / "graph.ttl"
    if not path.exists():
        path.write_bytes(_sample())
    return path


def asked(data: bytes, folder: Path) -> None:
    """The bytes are a query."""
    with refusal():
        query(_sample_file(folder), data.decode("utf-8", "surrogateescape"), limits=Limits(seconds=3.0))


def graph_file(data: bytes, folder: Path) -> None:
    """The bytes are a graph file, which is read, shown and asked."""
    path = folder / "odd.ttl"
    path.write_bytes(data)
    with refusal():
        graph = read_graph(path)
        render_view(graph, title="x").encode("utf-8")
    with refusal():
        query(path, "SELECT * { ?s ?p ?o } LIMIT 3")


def imports(name: str) -> Target:
    """The target that imports the bytes as a file of this name."""

    def target(data: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        with refusal():
            found = read_dump(path, check=False)
            write_graph(found.graph, folder / "imported.ttl")
            read_graph(folder / "imported.ttl")

    return target


def zipped(name: str) -> Target:
    """The same where the bytes stand in a gzip file: half of the inputs are the packed file itself."""

    def target(data: bytes, folder: Path) -> None:
        packed = data[1:] if data[:1] < b"\x80" else gzip.compress(data[1:], 1)
        imports(name)(packed, folder)

    return target


# ---------------------------------------------------------------- what a user writes, and what kg leaves behind


def corrected(data: bytes, folder: Path) -> None:
    """The bytes are a file of corrections."""
    path = folder / "corrections.toml"
    path.write_bytes(data)
    with refusal():
        corrections.load(path)


def described(data: bytes, folder: Path) -> None:
    """The bytes are a further file of the ontology."""
    path = folder / "mine.ttl"
    path.write_bytes(data)
    with refusal():
        ontology.load(extra=[path])


def record(data: bytes, folder: Path) -> None:
    """The bytes are a record of the cache."""
    with contextlib.suppress(records.BrokenRecordError):
        records.from_bytes(data, document_of("Anna Berg met Bo Dahl.", id="d1"))


def cache_file(data: bytes, folder: Path) -> None:
    """The bytes are the file of the cache, which a build never depends on."""
    for path in folder.glob(f"{FILE}*"):
        path.unlink()
    (folder / FILE).write_bytes(data)
    notes: list[str] = []
    with Cache(folder, report=notes.append) as cache:
        cache.get(b"x" * 32)
        cache.put(b"y" * 32, b"value")
    for note in notes:
        printable(note)


def ledger(data: bytes, folder: Path) -> None:
    """The bytes are the resolution.json of an earlier build."""
    _sample_file(folder)
    (folder / "resolution.json").write_bytes(data)
    with refusal():
        ledger_of(folder / "graph.ttl")


def feed(data: bytes, folder: Path) -> None:
    """The bytes are a feed that a server sent."""
    is_feed("text/xml", data)
    for entry in read_feed(data, "https://news.example/feed").entries:
        must(entry.url.strip(), "an entry has an address")


TARGETS: Mapping[str, Target] = {
    "text": reads("a.txt"),
    "html": reads("a.html"),
    "lines": reads("a.jsonl"),
    "packed-lines": reads("a.jsonl.gz"),
    "pdf": reads("a.pdf"),
    "unnamed": reads("a"),
    "sidecar": sidecar,
    "extraction": extraction,
    "build": built,
    "query": asked,
    "graph": graph_file,
    "corrections": corrected,
    "ontology": described,
    "record": record,
    "cache": cache_file,
    "ledger": ledger,
    "feed": feed,
    "turtle": imports("a.ttl"),
    "ntriples": imports("a.nt"),
    "trig": imports("a.trig"),
    "nquads": imports("a.nq"),
    "jsonld": imports("a.jsonld"),
    "rdfxml": imports("a.rdf"),
    "gzip": zipped("a.nt.gz"),
}
