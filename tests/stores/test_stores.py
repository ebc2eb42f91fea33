"""The built graphs in other stores: equal counts, equal rows of every ready question, and the way back."""

from __future__ import annotations

import itertools
import json
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from other_stores import Jena, Row, Store, needed, rows_of
from rdflib import Graph
from shared_folder import ROOT

from kg.export import turtle
from kg.formats import export
from kg.imports import read_dump
from kg.query import named_queries, query_text
from kg.terms import PREFIXES

# Jena's package leaves files to the garbage collector when it unpacks itself for the first time.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

CANNOT: dict[tuple[str, str], str] = {}
"""(query, store) -> why this store answers otherwise; each stands in docs/export.md too."""


def triples(path: Path) -> set[str]:
    kind = ox.RdfFormat.from_extension(path.suffix[1:])
    assert kind is not None
    return {str(quad.triple) for quad in ox.parse(path.read_bytes(), format=kind)}


# ---------------------------------------------------------------- loading


def test_a_store_holds_every_triple(store: Store, name: str, graph: Path) -> None:
    assert store.count(name) == len(triples(graph)) > 2000


def test_raptor_reads_every_triple(graph: Path, tmp_path: Path) -> None:
    rapper = needed("rapper", "apt-get install raptor2-utils")
    for source, form in ((graph, "turtle"), (tmp_path / "g.rdf", "rdfxml"), (tmp_path / "g.nt", "ntriples")):
        if source != graph:
            export(graph, source)
        command = [rapper, "-q", "-i", form, "-o", "ntriples", str(source)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        assert done.stderr == b""
        (tmp_path / "raptor.nt").write_bytes(done.stdout)
        assert triples(tmp_path / "raptor.nt") == triples(graph)


def test_serd_reads_every_triple(graph: Path, tmp_path: Path) -> None:
    serdi = needed("serdi", "apt-get install serdi")
    for source, form in ((graph, "turtle"), (tmp_path / "g.nq", "nquads"), (tmp_path / "g.trig", "trig")):
        if source != graph:
            export(graph, source)
        command = [serdi, "-i", form, "-o", "ntriples", str(source)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        assert done.stderr == b""
        (tmp_path / "serd.nt").write_bytes(done.stdout)
        assert triples(tmp_path / "serd.nt") == triples(graph)


def test_n3_js_reads_every_triple(n3: tuple[str, str, str], graph: Path, tmp_path: Path) -> None:
    for suffix in ("ttl", "nt", "nq", "trig"):
        source, written = tmp_path / f"g.{suffix}", tmp_path / "n3.nq"
        export(graph, source)
        done = subprocess.run([*n3, str(source), str(written)], capture_output=True, check=True, timeout=60)
        assert int(done.stdout) == len(triples(graph))
        assert triples(written) == triples(graph)


# ---------------------------------------------------------------- asking


@dataclass(frozen=True)
class Question:
    """A ready question as it is put to every store, and the rows of Oxigraph as a library, which kg query uses."""

    text: str
    rows: list[Row]


@pytest.fixture(scope="session")
def questions(built: dict[str, Path]) -> dict[tuple[str, str], Question]:
    """The ready questions by graph and name."""
    found: dict[tuple[str, str], Question] = {}
    for name, path in built.items():
        memory = ox.Store()
        memory.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
        connected = [row[0] or "" for row in rows(memory, PROLOGUE + query_text("most-connected"))]
        names = sorted(label.removeprefix("literal ") for label in connected)
        for query, known in named_queries().items():
            # Names that the graph has an answer for, so that equal rows are more than none.
            for given in itertools.permutations(names, len(known.parameters)):
                text = PROLOGUE + query_text(" ".join([query, *map(shlex.quote, given)]))
                found[name, query] = Question(text, rows(memory, text))
                if found[name, query].rows:
                    break
    return found


def rows(store: ox.Store, text: str) -> list[Row]:
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    return rows_of(json.loads(answer.serialize(format=ox.QueryResultsFormat.JSON) or b""))


def test_nearly_every_question_has_an_answer(questions: dict[tuple[str, str], Question]) -> None:
    answered = {query for (_, query), question in questions.items() if question.rows}
    assert len(answered) >= 12
    assert len(answered) >= len(named_queries()) - 1


@pytest.mark.parametrize("query", sorted(named_queries()))
def test_a_store_answers_like_kg_query(
    query: str, store: Store, name: str, questions: dict[tuple[str, str], Question]
) -> None:
    question = questions[name, query]
    found = store.rows(name, question.text)
    if (query, store.title) in CANNOT:
        assert found != question.rows, f"{store.title} can do {query} now: take it off the list"
    else:
        assert found == question.rows


@pytest.fixture(scope="session")
def by_rdflib(built: dict[str, Path]) -> Graph:
    return Graph().parse(built["seeds"], format="turtle")


@pytest.mark.parametrize("query", sorted(named_queries()))
def test_rdflib_answers_like_kg_query(query: str, by_rdflib: Graph, questions: dict[tuple[str, str], Question]) -> None:
    if (query, "rdflib") in CANNOT:
        pytest.skip(CANNOT[query, "rdflib"])
    question = questions["seeds", query]
    answer = by_rdflib.query(question.text).serialize(format="json")
    assert answer is not None
    assert rows_of(json.loads(answer)) == question.rows


def test_what_a_store_cannot_do_is_documented() -> None:
    manual = " ".join((ROOT / "docs" / "export.md").read_text(encoding="utf-8").split())
    for (query, store), reason in CANNOT.items():
        assert f"`{query}` on {store}: {reason}" in manual


# ---------------------------------------------------------------- the way back


def test_a_dump_of_a_store_is_read_back(store: Store, name: str, graph: Path, tmp_path: Path) -> None:
    store.dump(name, tmp_path / "dump.nt")
    assert turtle(read_dump(tmp_path / "dump.nt").graph) == graph.read_bytes()


@pytest.mark.parametrize(("form", "suffix"), [("RDF/XML", "rdf"), ("RDF/XML-ABBREV", "rdf"), ("TURTLE", "ttl")])
def test_what_jena_writes_is_read_back(
    jena: Jena, form: str, suffix: str, built: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / f"dump.{suffix}"
    jena.dump("seeds", path, form)
    assert turtle(read_dump(path, check=False).graph) == built["seeds"].read_bytes()
