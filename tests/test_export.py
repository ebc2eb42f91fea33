"""Turtle: the same bytes for the same triples, for every parser, and never half a file."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from stories import graph_of, sample, story, thing

from kg.errors import GraphError, OutputError
from kg.export import base_of, iri_text, read_graph, turtle, write_atomically, write_graph
from kg.terms import kg

GOLDEN = Path(__file__).parent / "golden" / "story" / "graph.ttl"

HOSTILE = (
    'He said "no"', "it's", '"""', "back\\slash", "two\nlines\r\n\tand a tab", "\x00nul \x01\x08\x0b\x0c\x1b\x7f\x85",
    "trailing \\", "\u202egnirts desrever\u202c", "zero\u200bwidth\u2066\ufeff", "line\u2028separator",
    "lone \ud800 surrogate \udfff", "\U0001f600 \U0010ffff", "\ufffe\uffff\ufdd0", "\\u0041 \\n", "a . b ; c , d",
    "<script>alert(1)</script>", "@en ^^x", "{{{", "combining e\u0301", "  blanks  ",
)  # fmt: skip


def hostile_graph() -> Graph:
    things = [
        thing(f"thing-{n}", "Work", f"{name} {n}", aliases=(name,), same_as=(f"https://x.example/{name}",))
        for n, name in enumerate(HOSTILE)
    ]
    things += [thing(key, "Work", key) for key in ("9-11", "2014", "x" * 300, "_", "a--b", "-")]
    told = story("Anna Berg", title=HOSTILE[4], publisher=HOSTILE[7], url="javascript:alert('<\">') \n\ud800|^`{}")
    return graph_of(*sample(), told, also=things, base="https://x.example/a b<>/")


def oxigraph_triples(content: bytes) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)}


def rapper_triples(path: Path) -> set[str]:
    """What Raptor reads, told by pyoxigraph, so that only the triples count and not how they are written."""
    rapper = shutil.which("rapper")
    if rapper is None:
        if os.environ.get("CI"):
            pytest.fail("rapper is missing; install it with: apt-get install raptor2-utils")
        pytest.skip("rapper is not installed (apt-get install raptor2-utils)")
    done = subprocess.run(
        [rapper, "-q", "-i", "turtle", "-o", "ntriples", str(path)], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return {str(quad.triple) for quad in ox.parse(done.stdout, format=ox.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("graph", [graph_of(*sample()), hostile_graph()], ids=["sample", "hostile"])
def test_three_parsers_read_the_same_triples(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    write_graph(graph, path)
    by_rdflib = Graph().parse(path, format="turtle")
    by_oxigraph = oxigraph_triples(path.read_bytes())
    assert len(by_rdflib) == len(by_oxigraph) == len(graph) > 50
    assert rapper_triples(path) == by_oxigraph


def test_a_written_graph_reads_back_as_it_was(tmp_path: Path) -> None:
    for number, graph in enumerate([graph_of(*sample()), graph_of(*sample(), base="urn:x:"), Graph()]):
        path = tmp_path / f"{number}.ttl"
        write_graph(graph, path)
        again = read_graph(path)
        assert set(again) == set(graph)
        assert base_of(again) == base_of(graph)
        assert turtle(again) == path.read_bytes()


def test_hostile_names_come_back_letter_by_letter(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    write_graph(hostile_graph(), path)
    labels = {str(o) for o in read_graph(path).objects(None, RDFS.label)}
    for number, name in enumerate(HOSTILE):
        for odd in ("\x00", "\ud800", "\udfff", "\ufffe", "\uffff"):
            name = name.replace(odd, "\ufffd")  # noqa: PLW2901
        assert f"{name} {number}" in labels


def test_nothing_invisible_stands_in_the_file() -> None:
    content = turtle(hostile_graph()).decode("utf-8")
    invisible = {c for c in content if c != "\n" and not c.isprintable()}
    assert not invisible


def test_no_iri_holds_what_no_iri_may_hold() -> None:
    graph = hostile_graph()
    for quad in ox.parse(turtle(graph), format=ox.RdfFormat.TURTLE):
        for term in (quad.subject, quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode):
                assert not set(term.value) & set(' <>"{}|^`\\\n')
    assert "https://x.example/a%20b%3C%3E/anna-berg" in {str(s) for s in graph.subjects()}


TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_survives(words: str) -> None:
    graph = graph_of(also=[thing("x", "Work", words or "x", same_as=(f"https://x.example/{words}",))])
    content = turtle(graph)
    assert len(oxigraph_triples(content)) == len(Graph().parse(data=content, format="turtle")) == len(graph)


def test_the_bytes_are_the_golden_ones() -> None:
    """KG_RENEW_GOLDEN=1 writes the file anew; read the difference before you commit it."""
    content = turtle(graph_of(*sample()))
    if os.environ.get("KG_RENEW_GOLDEN"):
        write_atomically(GOLDEN, content)
    assert content.decode() == GOLDEN.read_text(encoding="utf-8")


def test_the_order_of_triples_does_not_reach_the_bytes() -> None:
    graph = graph_of(*sample())
    turned = Graph(bind_namespaces="none")
    for prefix, iri in sorted(graph.namespaces(), reverse=True):
        turned.bind(prefix, iri)
    for triple in sorted(graph, reverse=True):
        turned.add(triple)
    assert turtle(turned) == turtle(graph)


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        (Literal("5", datatype=XSD.integer), "5"),
        (Literal("-05", datatype=XSD.integer, normalize=False), "-05"),
        (Literal("five", datatype=XSD.integer, normalize=False), '"five"^^xsd:integer'),
        (Literal("0.93", datatype=XSD.decimal), "0.93"),
        (Literal("1.", datatype=XSD.decimal, normalize=False), '"1."^^xsd:decimal'),
        (Literal("1e0", datatype=XSD.double, normalize=False), '"1e0"^^xsd:double'),
        (Literal("x", lang="en"), '"x"@en'),
        (Literal("x", datatype=XSD.string), '"x"'),
        (Literal("1975", datatype=XSD.gYear, normalize=False), '"1975"^^xsd:gYear'),
        (URIRef("https://kg.example/ontology#met"), "kg:met"),
        (URIRef("https://kg.example/id/anna-berg"), "id:anna-berg"),
        (URIRef("https://kg.example/id/a.b"), "<https://kg.example/id/a.b>"),
        (URIRef("https://kg.example/id/"), "<https://kg.example/id/>"),
        (URIRef("https://kg.example/id/x-"), "<https://kg.example/id/x->"),
        (URIRef("https://kg.example/id/x/y"), "<https://kg.example/id/x/y>"),
    ],
)
def test_how_a_term_is_written(literal: Literal | URIRef, written: str) -> None:
    graph = Graph()
    graph.add((kg("s"), kg("p"), literal))
    assert turtle(graph).decode().splitlines()[-1] == f"kg:s kg:p {written} ."
    assert [quad.object.value for quad in ox.parse(turtle(graph), format=ox.RdfFormat.TURTLE)] == [str(literal)]


def test_names_are_short_for_every_base() -> None:
    for base in ("urn:x:", "https://x.example/#", "https://x.example/a/"):
        assert b"\nid:anna-berg a kg:Person ;" in turtle(graph_of(*sample(), base=base))


def test_a_blank_node_is_refused() -> None:
    graph = Graph()
    graph.add((BNode("b1"), RDF.type, kg("Claim")))
    with pytest.raises(GraphError, match="blank node b1"):
        turtle(graph)


def test_iri_text_escapes_as_utf8() -> None:
    assert iri_text("https://x.example/a b/é<\x00>") == "https://x.example/a%20b/é%3C%00%3E"


# ---------------------------------------------------------------- files


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert [file.name for file in tmp_path.iterdir()] == ["out.ttl"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.ttl"
    write_atomically(path, b"old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match=r"out\.ttl: cannot be written \(No space left on device\)"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.ttl"]


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"No such file or directory"):
        write_atomically(tmp_path / "no" / "out.ttl", b"x")
    with pytest.raises(OutputError, match=r"cannot be written"):
        write_atomically(tmp_path, b"x")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"@prefix kg: <https://kg.example/ontology#> .\nkg:a kg:b .", r"g\.ttl: is not valid Turtle \(.*line 2"),
        (b"<https://a> <https://b> <x y> .", r"not valid Turtle \(.*line 1"),
        (b"\x00\xff\xfe binary", "not valid Turtle"),
        (b'<https://a> <https://b> "open', "not valid Turtle"),
    ],
)
def test_broken_turtle_is_one_clear_line(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "g.ttl"
    path.write_bytes(content)
    with pytest.raises(GraphError, match=message) as caught:
        read_graph(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"no\.ttl: cannot be read \(No such file or directory\)"):
        read_graph(tmp_path / "no.ttl")
    with pytest.raises(GraphError, match=r"cannot be read \(Is a directory\)"):
        read_graph(tmp_path)


def test_n_triples_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "g.nt"
    path.write_text('<https://a.example/x> <https://a.example/y> "1e0"^^<http://www.w3.org/2001/XMLSchema#double> .\n')
    assert [str(o) for o in read_graph(path).objects()] == ["1e0"]
