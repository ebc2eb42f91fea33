"""The public names, their examples, and what a KnowledgeGraph tells."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph

import kg
from kg.errors import GraphError
from kg.listing import Listing, Table

ROOT = Path(__file__).resolve().parent.parent

STABLE = {
    "Built", "Check", "Claim", "Difference", "Document", "Explanation", "Extraction", "GraphClaim", "GraphEntity",
    "GraphFact", "KgError", "KnowledgeGraph", "Listing", "Mention", "Page", "Position", "Quotation", "Skip", "Summary",
    "Table", "build", "examine", "explain", "extract", "extract_each",
}  # fmt: skip
METHODS = {
    "claims_about", "diff", "disputes", "entities", "entity", "explain", "facts", "from_file", "load", "met", "network",
    "of", "query", "related", "save", "timeline", "view",
}  # fmt: skip


@pytest.fixture(scope="session")
def news(seeds_built: Path) -> kg.KnowledgeGraph:
    return kg.KnowledgeGraph.load(seeds_built / "graph.ttl")


# ---------------------------------------------------------------- names


def test_the_public_names_are_these_and_all_are_there() -> None:
    assert set(kg.__all__) >= STABLE, "a name that went away breaks other people's programs"
    assert set(kg.__all__) == STABLE, "a new name belongs into this list too"
    assert {name for name in kg.__all__ if getattr(kg, name, None) is None} == set()
    assert set(kg.__all__) <= set(dir(kg))
    assert {name for name in vars(kg.KnowledgeGraph) if not name.startswith("_")} - {"graph", "path"} == METHODS


def test_every_public_name_is_documented_and_typed() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in kg.__all__ if f"### kg.{name}\n" not in page] == []
    assert [name for name in kg.__all__ if not inspect.getdoc(getattr(kg, name))] == []
    for name in METHODS - {"from_file"}:
        function = getattr(kg.KnowledgeGraph, name)
        assert inspect.getdoc(function), name
        assert inspect.signature(function).return_annotation is not inspect.Signature.empty, name
    assert (ROOT / "kg" / "py.typed").exists()


def test_importing_kg_loads_nothing_heavy() -> None:
    heavy = "spacy rdflib pyoxigraph networkx numpy typer rich".split()
    code = f"import kg, sys; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["doctor", "knowledge", "knowledge_records", "listing"])
def test_the_examples_of_the_docstrings_hold(
    module: str, news: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    monkeypatch.chdir(ROOT)

    @dataclasses.dataclass(frozen=True)
    class Place:
        name: str
        people: int

    names = {"kg": kg, "news": news, "Listing": Listing, "Table": Table, "Place": Place}
    result = doctest.testmod(importlib.import_module(f"kg.{module}"), extraglobs=names, report=True)
    assert result.failed == 0
    if module in ("knowledge", "listing"):
        assert result.attempted > 5


# ---------------------------------------------------------------- what a graph tells


def test_build_gives_the_graph_of_graph_ttl(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Ana Moss met Paul Stein in Oslo.", encoding="utf-8")
    built = kg.build([tmp_path / "one.txt"], out=tmp_path / "out")
    assert isinstance(built.graph, Graph)
    assert set(built.graph) == set(Graph().parse(tmp_path / "out" / "graph.ttl"))
    told = kg.KnowledgeGraph.of(built)
    assert told.graph is built.graph
    assert [one.label for one in told.met("Ana Moss")] == ["Paul Stein"]
    assert [one.label for one in told.met("paul stein")] == ["Ana Moss"], "it holds both ways"
    assert told.explain("Ana Moss")[0].label == "Ana Moss"
    assert told.facts() == kg.KnowledgeGraph.from_file(tmp_path / "out" / "graph.ttl").facts()


def test_a_relation_is_a_method_and_a_misspelt_one_is_named(news: kg.KnowledgeGraph) -> None:
    assert [place.label for place in news.visited("Marcus Oyelaran")] == ["Bergen", "Oslo"]  # type: ignore[attr-defined]
    assert news.visited("Marcus Oyelaran") == news.related("kg:visited", "Marcus Oyelaran")  # type: ignore[attr-defined]
    assert {"visited", "met", "leads"} <= set(dir(news))
    with pytest.raises(AttributeError, match="entities"):
        news.entitis()  # type: ignore[attr-defined]
    with pytest.raises(GraphError, match="visited"):
        news.related("visted", "Oslo")
    with pytest.raises(GraphError, match="Ingrid Solberg"):
        news.met("Ingrid Solbreg")
    with pytest.raises(GraphError, match="Person"):
        news.entities("Persons")


def test_facts_are_the_plain_triples_and_symmetric_ones_are_told_once(news: kg.KnowledgeGraph) -> None:
    met = [(fact.subject, fact.object) for fact in news.facts(relation="met")]
    assert len({frozenset(pair) for pair in met}) == len(met) > 0
    triples = int(news.query("SELECT (COUNT(*) AS ?n) { ?a kg:met ?b }").rows[0][0])
    assert triples == 2 * len(met)
    assert all(fact.claims > 0 for fact in news.facts() if fact.relation == "met")
    assert {fact.subject for fact in news.facts("Ingrid Solberg")} == {"Ingrid Solberg"}
    assert {fact.object: fact.documents for fact in news.facts("Ingrid Solberg", "met")}["Marcus Oyelaran"] == 3


def test_claims_keep_who_denies_and_the_words(news: kg.KnowledgeGraph) -> None:
    denied = news.claims_about("Ingrid Solberg", "met", stance="denies")
    assert [(claim.said_by, claim.outlet) for claim in denied] == [(("Ingrid Solberg",), "West Coast Business Daily")]
    assert all(claim.quote for claim in news.claims_about("Ingrid Solberg") if claim.modality == "actual")
    assert {claim.modality for claim in news.claims_about("Joe Biden", modality="planned")} == {"planned"}


def test_query_gives_numbers_names_and_what_is_missing(news: kg.KnowledgeGraph) -> None:
    (count,) = news.query("SELECT (COUNT(?x) AS ?n) { ?x a kg:Person }").rows[0]
    assert isinstance(count, int)
    assert news.query("ASK { ?x kg:met ?y }").rows == (("yes",),)
    assert "id:ingrid-solberg" in news.query("SELECT ?x { ?x kg:met ?y }").column("x")
    empty = news.query('SELECT ?x { ?x rdfs:label "Ingrid Solbreg" }')
    assert len(empty) == 0
    assert "Ingrid Solberg" in empty.notes[0]
    with pytest.raises(kg.KgError):
        news.query("SELECT")
    with pytest.raises(KeyError, match="there are x"):
        empty.column("y")


def test_save_load_and_diff(news: kg.KnowledgeGraph, tmp_path: Path) -> None:
    assert news.save(tmp_path / "again.ttl") == (tmp_path / "again.ttl",)
    again = kg.KnowledgeGraph.load(tmp_path / "again.ttl")
    assert not news.diff(again)
    (network,) = news.save(tmp_path / "network.gexf")
    assert network.read_bytes().startswith(b"<?xml")
    with pytest.raises(kg.KgError, match="suffix"):
        news.save(tmp_path / "graph.unknown")
    smaller = Graph()
    for prefix, iri in news.graph.namespaces():
        smaller.bind(prefix, iri)
    less = kg.KnowledgeGraph.of(smaller)
    assert less.diff(news).entities_added
    assert "What changed" in less.diff(news)._repr_markdown_()
    with pytest.raises(kg.KgError, match="resolution"):
        less.explain("Ingrid Solberg")


def test_a_notebook_shows_everything_and_runs_nothing_of_a_text(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Ana Moss met Paul Stein <script>alert(1)</script> in Oslo.", encoding="utf-8")
    told = kg.KnowledgeGraph.of(kg.build([tmp_path / "one.txt"]))
    shown = "".join(
        (
            told._repr_html_(), told.claims_about("Ana Moss")._repr_html_(), told.facts()._repr_html_(),
            told.query("SELECT ?q { ?e kg:quote ?q }")._repr_html_(), told.disputes()._repr_html_(),
        )
    )  # fmt: skip
    assert "<script" not in shown
    assert shown.count("<table>") == 3
    assert "nothing found" in shown
    frame = told.view(focus="Ana Moss")._repr_html_()
    assert frame.startswith("<iframe srcdoc=")
    assert "allow-same-origin" not in frame
    assert len(re.findall("<iframe|<script", frame)) == 1, "the page is inside the attribute"


def test_listings_are_tuples_with_a_table() -> None:
    table = Table(columns=("a", "b"), rows=(("x|<b>", 1),))
    assert "&lt;b&gt;" in table._repr_html_()
    assert table.dicts() == [{"a": "x|<b>", "b": 1}]
    assert Listing(()) == ()
    assert "nothing found" in Listing(())._repr_html_()
    assert isinstance(Listing((1, 2, 3))[1:], Listing)
