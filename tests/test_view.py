"""The page as a text, and the facts that it is made from; what it does in a browser is tested in tests/browser."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import sample_graph
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from stories import graph_of, sample

from kg.errors import GraphError
from kg.ids import BASE
from kg.matters import matters_of
from kg.ontology import load
from kg.run import write_view
from kg.types import Relation
from kg.view import clean, is_web, render_view, shortened
from kg.view_facts import facts_of, local_name, spelled, status_of
from kg.view_records import Fact, Facts
from kg.view_scope import narrowed

KG = sample_graph.KG


class Parts(HTMLParser):
    """What a browser would make of the page: tags with attributes, and the texts of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.inside:
            attributes, before = self.scripts[-1]
            self.scripts[-1] = (attributes, before + data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        self.inside = False

    def data(self, name: str) -> Any:
        return json.loads(next(text for attributes, text in self.scripts if attributes.get("id") == name))


@pytest.fixture(scope="module")
def small_page() -> str:
    return render_view(sample_graph.small(), title="Small & <b>bold</b>")


@pytest.fixture(scope="module")
def hostile_page() -> str:
    return render_view(sample_graph.hostile(), title="</title><script>alert(0)</script>")


def test_only_the_two_hashed_scripts_run(small_page: str) -> None:
    parts = Parts(small_page)
    policy = next(a["content"] or "" for tag, a in parts.tags if a.get("http-equiv") == "Content-Security-Policy")
    running = [text for attributes, text in parts.scripts if attributes.get("type") != "application/json"]
    hashes = {"'sha256-" + base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() + "'" for t in running}
    directives = {part.split()[0]: set(part.split()[1:]) for part in policy.split(";")}
    assert len(running) == 2
    assert directives["script-src"] == hashes
    style = small_page.split("<style>", 1)[1].split("</style>", 1)[0]
    assert directives["style-src"] == {
        "'sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() + "'"
    }
    assert directives["default-src"] == {"'none'"}
    assert directives["base-uri"] == directives["form-action"] == {"'none'"}


@pytest.mark.parametrize("which", ["small_page", "hostile_page"])
def test_no_tag_asks_for_anything(which: str, request: pytest.FixtureRequest) -> None:
    tags = Parts(request.getfixturevalue(which)).tags
    assert not [tag for tag, a in tags if a.keys() & {"src", "srcset", "data", "action", "background"}]
    assert [a.get("href") for tag, a in tags if tag in {"link", "a", "base"}] == ["data:,"]
    assert not [name for _, a in tags for name in a if name.startswith("on")]
    assert not [tag for tag, _ in tags if tag in {"iframe", "object", "embed", "img"}]


def test_hostile_texts_add_no_tag(small_page: str, hostile_page: str) -> None:
    assert [tag for tag, _ in Parts(hostile_page).tags] == [tag for tag, _ in Parts(small_page).tags]


def test_hostile_texts_are_all_there(hostile_page: str) -> None:
    page = Parts(hostile_page).data("page")
    labels = {entity["label"] for entity in page["entities"]}
    for text in sample_graph.HOSTILE:
        assert (clean(text) or "hostile-16") in labels
    assert all(
        link.startswith("https://") for document in page["documents"] for link in [document.get("url", "https://")]
    )
    assert not any(link for entity in page["entities"] for link in entity.get("links", []) if "<" in link)
    hostile_page.encode("utf-8")


def test_the_title_is_text(small_page: str) -> None:
    assert "<title>Small &amp; &lt;b&gt;bold&lt;/b&gt;</title>" in small_page
    assert Parts(small_page).data("page")["title"] == "Small & <b>bold</b>"


def test_the_same_bytes_whatever_the_order() -> None:
    triples = list(sample_graph.small())
    random.Random(5).shuffle(triples)
    other = Graph()
    for triple in triples:
        other.add(triple)
    assert render_view(other, title="x") == render_view(sample_graph.small(), title="x")


def test_the_same_bytes_in_another_process_with_another_hash_seed(small_page: str) -> None:
    program = (
        "import hashlib, sys, sample_graph; from kg.view import render_view;"
        "page = render_view(sample_graph.small(), title='Small & <b>bold</b>');"
        "print(hashlib.sha256(page.encode()).hexdigest())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "LC_ALL": "C"},
        )
        assert done.stdout.strip() == hashlib.sha256(small_page.encode()).hexdigest()


def test_every_node_is_placed_and_every_pair_is_one_line(small_page: str) -> None:
    parts = Parts(small_page)
    nodes, edges = parts.data("nodes"), parts.data("edges")
    assert all(isinstance(node["x"], int) and isinstance(node["y"], int) for node in nodes)
    pairs = [(edge["from"], edge["to"]) for edge in edges]
    assert len(pairs) == len(set(pairs))
    page = parts.data("page")
    labels = [entity["label"] for entity in page["entities"]]
    pair = tuple(sorted((labels.index("Marta Keller"), labels.index("Ivo Brandt"))))
    assert next(edge["value"] for edge in edges if (edge["from"], edge["to"]) == pair) == 5
    assert "Old Lighthouse" in labels  # named only: found by search, not drawn
    assert labels.index("Old Lighthouse") not in {node["id"] for node in nodes}


def test_physics_is_off(small_page: str) -> None:
    assert json.loads(Parts(small_page).data("options"))["physics"] == {"enabled": False}


def test_above_the_limit_only_the_backbone_is_placed() -> None:
    page = Parts(render_view(sample_graph.large(60), title="x", limit=50, backbone_size=20))
    nodes = page.data("nodes")
    assert 10 < sum("x" in node for node in nodes) <= 20
    assert len(nodes) > 50
    assert len(page.data("page")["claims"]) > 150


def test_an_empty_graph_makes_a_page() -> None:
    parts = Parts(render_view(Graph(), title=""))
    assert parts.data("nodes") == []
    assert parts.data("page")["title"] == "Knowledge graph"


# ---------------------------------------------------------------- facts


def statement(graph: Graph, subject: str, relation: str, object_: str) -> list[Fact]:
    facts = facts_of(graph)
    labels = {entity.iri: entity.label for entity in facts.entities}
    ends = {subject, object_}
    return [
        fact
        for fact in facts.facts
        if local_name(fact.predicate) == relation
        and {labels[fact.subject], labels.get(fact.object, fact.object)} == ends
    ]


@pytest.mark.parametrize(
    ("subject", "relation", "object_", "status", "claims"),
    [
        ("Marta Keller", "met", "Ivo Brandt", "disputed", 3),  # said twice, either way round, and denied
        ("Paul Adeyemi", "met", "Tom Hale", "denied", 1),
        ("Marta Keller", "visited", "Grey Island", "planned", 1),
        ("Ivo Brandt", "visited", "Grey Island", "possible", 1),
        ("Marta Keller", "visited", "Port Almar", "stated", 1),
        ("Sudria", "foundedOn", "1921", "stated", 1),
    ],
)
def test_status_of_statements(subject: str, relation: str, object_: str, status: str, claims: int) -> None:
    found = statement(sample_graph.small(), subject, relation, object_)
    assert [fact.status for fact in found] == [status] * claims
    assert all(fact.evidence for fact in found)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ([("asserts", "actual")], "stated"),
        ([("asserts", "planned"), ("asserts", "actual")], "stated"),
        ([("asserts", "planned"), ("asserts", "possible")], "planned"),
        ([("denies", "actual")], "denied"),
        ([("denies", "actual"), ("asserts", "possible")], "disputed"),
    ],
)
def test_status_rules(claims: list[tuple[Any, Any]], status: str) -> None:
    facts = [
        Fact(iri=str(n), subject="s", predicate="p", object="o", stance=s, modality=m)
        for n, (s, m) in enumerate(claims)
    ]
    assert status_of(facts) == status


def test_a_plain_triple_without_claim_is_a_fact_once() -> None:
    story = sample_graph.Story()
    a, b = story.entity("A", "Person"), story.entity("B", "Person")
    story.graph.add((a, KG.met, b))
    story.graph.add((b, KG.met, a))
    story.graph.add((a, KG.leads, b))
    facts = facts_of(story.graph).facts
    assert [(local_name(fact.predicate), fact.backed) for fact in facts] == [("leads", False), ("met", False)]


def test_events_claims_and_documents_are_no_entities() -> None:
    graph = sample_graph.small()
    event = next(graph.subjects(RDF.type, KG.Meeting))
    graph.add((event, RDFS.label, Literal("a labelled event")))
    kinds = {entity.type for entity in facts_of(graph).entities}
    assert kinds == {"Person", "Country", "Place", "Organization", "Group", "Work", "Product", "Event"}
    assert "a labelled event" not in {entity.label for entity in facts_of(graph).entities}


def names_of(facts: Facts) -> set[str]:
    return {entity.label for entity in facts.entities}


@pytest.mark.parametrize("focus", ["Tom Hale", "hale", "TOM  HÂLE", "tom-hale", BASE + "tom-hale"])
def test_focus_by_name_alias_or_iri(focus: str) -> None:
    part = narrowed(facts_of(sample_graph.small()), focus=focus, hops=1)
    assert names_of(part) == {"Tom Hale", "Dockworkers' Union", "Paul Adeyemi"}
    assert {tenure.title for tenure in part.tenures} == {"president"}
    assert {source.outlet for source in part.sources} == {"Coast Wire"}
    assert all(piece.source in {source.iri for source in part.sources} for piece in part.evidence)


def test_focus_with_no_step_is_the_entity_alone() -> None:
    part = narrowed(facts_of(sample_graph.small()), focus="Sofia Marin", hops=0)
    assert names_of(part) == {"Sofia Marin"}
    assert [local_name(fact.predicate) for fact in part.facts] == ["bornOn"]


def test_since_looks_at_the_event_and_else_at_the_document() -> None:
    part = narrowed(facts_of(sample_graph.small()), since="2024-06-01")
    assert {source.date for source in part.sources} == {"2024-06-02"}
    assert "Blue Anchor Capital" not in names_of(part)
    assert not [fact for fact in part.facts if fact.status == "disputed"]  # the meeting of March, told in June


def test_an_unknown_focus_is_named() -> None:
    with pytest.raises(GraphError, match="nobody and nothing in the graph is called 'Nemo'"):
        render_view(sample_graph.small(), title="x", focus="Nemo")


def test_a_focussed_page_holds_only_that() -> None:
    page = Parts(render_view(sample_graph.small(), title="x", focus="Tom Hale", hops=1))
    assert {entity["label"] for entity in page.data("page")["entities"]} == {
        "Tom Hale",
        "Dockworkers' Union",
        "Paul Adeyemi",
    }
    assert len(page.data("nodes")) == 3


@pytest.mark.parametrize("part", ["subject", "predicate", "object"])
def test_a_claim_that_is_not_whole_is_named(part: str) -> None:
    graph = sample_graph.small()
    claim = min(graph.subjects(RDF.type, KG.Claim))
    graph.remove((claim, RDF[part], None))
    with pytest.raises(GraphError, match=re.escape(f"claim {claim} has no rdf:{part}")):
        facts_of(graph)


def test_labels_of_relations_come_from_the_graph_the_ontology_or_the_name() -> None:
    known = Relation(
        name="criticized",
        iri="x",
        label="criticised",
        domain=frozenset(),
        range=frozenset(),
        symmetric=False,
        event=None,
        literal=False,
    )
    names = {name.name: name for name in facts_of(sample_graph.small(), relations=[known]).relations}
    assert names["criticized"].label == "criticised"
    assert names["shrug-off"].label == "shrugged off"
    assert names["shrug-off"].open
    assert names["signedAgreementWith"].label == "signed agreement with"
    assert names["met"].symmetric
    assert not names["visited"].symmetric


def test_another_ontology_iri_and_base_make_no_difference() -> None:
    turtle = sample_graph.small().serialize(format="turtle")
    other = turtle.replace("https://kg.example/ontology#", "https://else.example/terms/").replace(BASE, "urn:x:id/")
    here, there = facts_of(sample_graph.small()), facts_of(Graph().parse(data=other))
    assert [entity.label for entity in here.entities] == [entity.label for entity in there.entities]
    assert sorted(fact.status for fact in here.facts) == sorted(fact.status for fact in there.facts)


# ---------------------------------------------------------------- graphs from elsewhere


def other_store(graph: Graph) -> pyoxigraph.Store:
    """The graph in another triple store."""
    store = pyoxigraph.Store()
    store.load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return store


@pytest.mark.parametrize(
    ("ending", "kind", "prefixes"),
    [
        (".nt", pyoxigraph.RdfFormat.N_TRIPLES, None),
        (".ttl", pyoxigraph.RdfFormat.TURTLE, None),
        (".ttl", pyoxigraph.RdfFormat.TURTLE, {"o": str(KG), "x": BASE, "r": str(RDF), "s": str(RDFS)}),
    ],
)
def test_what_another_store_exports_gives_the_same_page(
    ending: str, kind: pyoxigraph.RdfFormat, prefixes: dict[str, str] | None, tmp_path: Path
) -> None:
    file = tmp_path / f"dump{ending}"
    graph = sample_graph.small()
    with file.open("wb") as out:
        other_store(graph).dump(out, format=kind, from_graph=pyoxigraph.DefaultGraph(), prefixes=prefixes)
    write_view(file, tmp_path / "page.html", title="x")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    known = load().relations
    assert page == render_view(graph, title="x", relations=[known[name] for name in sorted(known)])


def test_other_bases_and_relations_unknown_to_the_ontology_make_a_whole_page(tmp_path: Path) -> None:
    graph = sample_graph.small()
    known = load().relations
    lines = graph.serialize(format="nt").replace(BASE, "http://archive.example:8080/res/a?id=").splitlines()
    text = "\n".join(lines).replace(str(KG) + "met>", "http://other.example/v1#greetedWarmly>")
    text += "\n<urn:x:one> <http://other.example/v1#P31> <urn:x:two> .\n"
    for name in ("one", "two"):
        text += f"<urn:x:{name}> <{RDF.type}> <http://other.example/v1#Vessel> .\n"
        text += f'<urn:x:{name}> <{RDFS.label}> "Vessel {name}" .\n'
    file = tmp_path / "other.nt"
    file.write_text(text, encoding="utf-8")
    write_view(file, tmp_path / "page.html", focus=None)
    page = Parts((tmp_path / "page.html").read_text(encoding="utf-8")).data("page")
    relations = {relation["name"]: relation["label"] for relation in page["relations"]}
    assert "greetedWarmly" not in known
    assert relations["greetedWarmly"] == "greeted warmly"
    assert relations["P31"] == "P31"
    assert len(page["claims"]) == len(facts_of(graph).facts) + 1
    assert len(page["evidence"]) == len(set(graph.subjects(RDF.type, KG.Evidence)))
    vessels = [entity for entity in page["entities"] if entity["type"] == "Vessel"]
    assert [vessel["label"] for vessel in vessels] == ["Vessel one", "Vessel two"]
    assert page["base"] == "http://archive.example:8080/res/"
    assert page["terms"] == str(KG)


def test_nothing_is_lost_from_the_file() -> None:
    """Above the limit too the page holds every name, claim, sentence, event and document of the graph."""
    graph = sample_graph.large(400)
    page = Parts(render_view(graph, title="x", limit=100, backbone_size=40)).data("page")
    for records, class_ in (("claims", KG.Claim), ("evidence", KG.Evidence), ("documents", KG.Document)):
        iris = {str(iri) for iri in graph.subjects(RDF.type, class_)}
        assert {page["base"] + record["iri"] for record in page[records]} == iris
    assert {piece["quote"] for piece in page["evidence"]} == {str(quote) for quote in graph.objects(None, KG.quote)}
    assert len(page["events"]) == len(set(graph.objects(None, KG.event)))
    names = {name for entity in page["entities"] for name in [entity["label"], *entity.get("aliases", [])]}
    assert {str(name) for name in graph.objects(None, SKOS.altLabel)} <= names
    assert {entity["label"] for entity in page["entities"]} == {str(label) for label in graph.objects(None, RDFS.label)}


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://a.example/x?y=1&z=2#q", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        (" https://a.example", False),
        ('https://a.example/"onclick=', False),
        ("https://a.example/\nx", False),
        ("ftp://a.example", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(text: str, good: bool) -> None:
    assert is_web(text) is good


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u202eb\u202c c", "ab c"),
        (" a \n\t b ", "a b"),
        ("\ud800x", "\ufffdx"),
        ("a\x00b", "ab"),
        ("é漢", "é漢"),
        ("\u200b", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_shortened_and_spelled() -> None:
    assert shortened("abc", limit=3) == "abc"
    assert shortened("abcd efgh", limit=6) == "abcd…"
    assert spelled("signedAgreementWith") == "signed agreement with"
    assert local_name("https://x.example/id/a-b") == "a-b"


def test_labels_prefer_english_and_dates_must_be_dates() -> None:
    story = sample_graph.Story()
    who = URIRef(BASE + "w")
    story.graph.add((who, RDF.type, KG.Place))
    for text, language in (("Wien", "de"), ("Vienna", "en"), ("Bécs", "hu")):
        story.graph.add((who, RDFS.label, Literal(text, lang=language)))
    paper = story.document("t", date="2024-13-01")
    facts = facts_of(story.graph)
    assert (facts.entities[0].label, facts.entities[0].aliases) == ("Vienna", ("Bécs", "Wien"))
    assert next(source.date for source in facts.sources if source.iri == str(paper)) == ""


def test_an_unnamed_source_speaks_and_is_no_entity() -> None:
    facts = facts_of(graph_of(*sample()))
    assert {fact.unnamed for fact in facts.facts if fact.unnamed} == {("two officials",)}
    assert "two officials" not in {entity.label for entity in facts.entities}
    tellings = [t for matter in matters_of(graph_of(*sample())).matters for t in matter.tellings]
    assert ("two officials",) in {telling.says for telling in tellings}
