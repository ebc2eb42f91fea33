"""Graphs come back from files of other programs; nothing is fetched, and what is off the vocabulary is refused."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path
from typing import NoReturn

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from stories import graph_of, sample

from kg.errors import GraphError, OutputError
from kg.export import turtle, write_graph
from kg.formats import export
from kg.imports import import_graph, read_dump
from kg.terms import kg

SAMPLE = graph_of(*sample())
XML = b'<?xml version="1.0"?>\n<!-- a > b -->%s<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
SUFFIXES = ("ttl", "nt", "nq", "trig", "jsonld", "rdf")


@pytest.fixture
def sample_file(tmp_path: Path) -> Path:
    write_graph(SAMPLE, tmp_path / "sample.ttl")
    return tmp_path / "sample.ttl"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails the test."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("an import asked the network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("zipped", [False, True])
def test_a_graph_comes_back_byte_for_byte(suffix: str, zipped: bool, sample_file: Path, tmp_path: Path) -> None:
    dump = tmp_path / f"dump.{suffix}"
    export(sample_file, dump)
    if zipped:
        content = dump.read_bytes()
        dump = tmp_path / f"zipped.{suffix}.gz"
        dump.write_bytes(gzip.compress(content))
    found = import_graph(dump, tmp_path / "again.ttl")
    assert (tmp_path / "again.ttl").read_bytes() == sample_file.read_bytes()
    assert found.statements == len(found.graph) == len(SAMPLE)


@pytest.mark.parametrize("form", ["nt", "xml", "pretty-xml", "json-ld", "turtle", "longturtle", "trig", "nquads"])
def test_what_rdflib_writes_comes_back(form: str, tmp_path: Path) -> None:
    suffix = {"xml": "rdf", "pretty-xml": "xml", "json-ld": "json", "nquads": "nq"}.get(form, form)
    path = tmp_path / f"dump.{'ttl' if suffix in ('turtle', 'longturtle') else suffix}"
    graph: Graph = SAMPLE
    if form in ("trig", "nquads"):
        from rdflib import Dataset

        dataset = Dataset()
        named = dataset.graph(URIRef("https://x.example/graph"))
        for triple in SAMPLE:
            named.add(triple)
        graph = dataset
    path.write_bytes(graph.serialize(format=form, encoding="utf-8"))
    assert turtle(read_dump(path).graph) == turtle(SAMPLE)


def test_several_files_and_named_graphs_become_one_graph(sample_file: Path, tmp_path: Path) -> None:
    export(sample_file, tmp_path / "a.nq")
    lines = (tmp_path / "a.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "1.nq").write_text("".join(lines[::2]), encoding="utf-8")
    (tmp_path / "2.nq").write_text("".join(lines[1::2] + lines[:7]), encoding="utf-8")
    found = read_dump([tmp_path / "2.nq", tmp_path / "1.nq"])
    assert turtle(found.graph) == sample_file.read_bytes()
    assert found.statements == len(SAMPLE) + 7


def test_the_base_is_found_or_given(tmp_path: Path) -> None:
    for base in ("https://news.example/x#", "urn:news:"):
        graph = graph_of(*sample(), base=base)
        write_graph(graph, tmp_path / "g.ttl")
        export(tmp_path / "g.ttl", tmp_path / "g.nt")
        assert turtle(read_dump(tmp_path / "g.nt").graph) == turtle(graph)
    written = turtle(read_dump(tmp_path / "g.nt", base="https://other.example/").graph)
    assert b"@prefix id: <https://other.example/> ." in written


def test_a_prefix_of_that_name_with_another_meaning_is_no_base(sample_file: Path, tmp_path: Path) -> None:
    export(sample_file, tmp_path / "g.nt")
    content = b"@prefix id: <https://elsewhere.example/> .\n" + (tmp_path / "g.nt").read_bytes()
    (tmp_path / "h.ttl").write_bytes(content)
    assert turtle(read_dump(tmp_path / "h.ttl").graph) == sample_file.read_bytes()


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonld", b'{"@context": "https://schema.org/", "@id": "urn:x:a"}', "names a context by its address"),
        ("a.jsonld", b'{"@context": {"@import": "https://x.example/c"}, "@id": "urn:x:a"}', "names a context by its"),
        ("a.jsonld", b'{"@id":"urn:x:a","urn:x:p":' * 5000 + b"1" + b"}" * 5000, "nested deeper than 200"),
        ("a.jsonld", b"[" * 100_000, "nested deeper than 200"),
        ("a.jsonld", b'{"@id": ', r"is not valid JSON-LD"),
        ("a.rdf", XML % b'<!DOCTYPE r [<!ENTITY a "b">]>', "entities of XML are refused"),
        ("a.rdf", XML % b'<!DOCTYPE r SYSTEM "https://x.example/r.dtd">', "entities of XML are refused"),
        ("a.rdf", XML % (b"<!-- " + b"x" * 3_000_000 + b" --><!DOCTYPE r>"), "entities of XML are refused"),
        ("a.rdf", b"<rdf:RDF>", "is not valid RDF/XML"),
        ("a.rdf", XML % b"", "holds no triple"),
        ("a.nt", b"", "holds no triple"),
        ("a.nt", b"no triples\n", r"is not valid N-Triples \(.*line 1"),
        ("a.nq", b"\x1f\x8b\x08 not gzip", "is not valid N-Quads"),
        ("a.nq.gz", b"not gzip", "is no whole gzip file"),
        ("a.nq.gz", gzip.compress(b"x" * 9999)[:-9], "is no whole gzip file"),
        ("a.nt", b'_:b <http://www.w3.org/2000/01/rdf-schema#label> "b" .\n', "holds the blank node"),
        ("a.ttl", b"<urn:x:a> <urn:x:p> <<( <urn:x:a> <urn:x:p> 1 )>> .", "holds a triple term"),
        ("a.txt", b"", "this suffix names no RDF format"),
    ],
)  # fmt: skip
def test_what_is_no_graph_is_one_clear_line(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(GraphError, match=message) as caught:
        import_graph(path, tmp_path / "out.ttl")
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_secret_file_does_not_come_in_by_an_entity(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    entity = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'.encode()
    (tmp_path / "a.rdf").write_bytes(XML % entity)
    with pytest.raises(GraphError, match="entities of XML are refused"):
        read_dump(tmp_path / "a.rdf", check=False)


@pytest.mark.parametrize(
    ("triple", "message"),
    [
        (
            (URIRef("urn:x:o"), URIRef("http://www.w3.org/2002/07/owl#imports"), URIRef("https://x.example/o")),
            "imports",
        ),
        ((kg("a"), kg("stanse"), kg("asserts")), r"which the vocabulary does not have; near it is kg:stance"),
        ((kg("a"), RDF.type, kg("Persom")), r"which the vocabulary does not have; near it is kg:Person"),
        ((kg("a"), URIRef("http://xmlns.com/foaf/0.1/name"), Literal("A")), "foaf/0.1/name>, which the vocabulary"),
    ],
)
def test_a_term_off_the_vocabulary_is_refused(
    triple: tuple[URIRef, URIRef, URIRef | Literal], message: str, tmp_path: Path
) -> None:
    graph = Graph()
    graph += SAMPLE
    graph.add(triple)
    write_graph(graph, tmp_path / "g.ttl")
    with pytest.raises(GraphError, match=message):
        read_dump(tmp_path / "g.ttl", check=False)


def test_a_graph_against_the_shapes_is_refused(tmp_path: Path) -> None:
    graph = Graph()
    graph += SAMPLE
    evidence = min(graph.subjects(RDF.type, kg("Evidence")))
    graph.remove((evidence, kg("quote"), None))
    write_graph(graph, tmp_path / "g.ttl")
    with pytest.raises(GraphError, match=r"does not follow the vocabulary: <.*evidence-[0-9a-f]{16}>"):
        import_graph(tmp_path / "g.ttl", tmp_path / "out.ttl")
    assert not (tmp_path / "out.ttl").exists()
    import_graph(tmp_path / "g.ttl", tmp_path / "out.ttl", check=False)
    assert (tmp_path / "out.ttl").exists()


def test_a_relation_of_ones_own_needs_its_file(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "kg:trained a owl:ObjectProperty ; <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> kg:relatedTo ;\n"
        "    <http://www.w3.org/2000/01/rdf-schema#label> 'trained' .\n"
    )
    graph = Graph()
    graph += SAMPLE
    claim = next(graph.subjects(RDF.predicate, kg("leads")))
    subject, target = graph.value(claim, RDF.subject), graph.value(claim, RDF.object)
    graph.set((claim, RDF.predicate, kg("trained")))
    for triple in list(graph.triples((subject, kg("leads"), target))):
        graph.remove(triple)
    graph.add((subject, kg("trained"), target))
    for other in list(graph.subjects(RDF.predicate, kg("leads"))):
        graph.set((other, RDF.predicate, kg("trained")))
    write_graph(graph, tmp_path / "g.ttl")
    with pytest.raises(GraphError, match=r"ontology#trained>, which the vocabulary does not have"):
        read_dump(tmp_path / "g.ttl", check=False)
    assert len(read_dump(tmp_path / "g.ttl", ontology_files=[own], check=False).graph) == len(graph)


def test_wrong_calls(sample_file: Path, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="nothing to import"):
        read_dump([])
    with pytest.raises(GraphError, match="no format 'word' to import"):
        read_dump(sample_file, form="word")
    with pytest.raises(GraphError, match=r"none\.nt: cannot be read \(No such file"):
        read_dump(tmp_path / "none.nt")
    with pytest.raises(OutputError, match="cannot be written"):
        import_graph(sample_file, tmp_path / "no" / "out.ttl")
