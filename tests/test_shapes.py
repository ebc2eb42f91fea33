"""A good graph conforms; every fault seeded into it is found, by the shape that should find it."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from stories import APRIL, graph_of, resolved, said, sample, story, thing

from kg import ids
from kg.errors import GraphError, OntologyError
from kg.export import read_graph, write_graph
from kg.graph import build_graph
from kg.ontology import DEFAULT_FOLDER, load, local_name
from kg.query import FOLDER
from kg.shapes import Problem, validate
from kg.terms import kg
from kg.types import Value


def id_(local: str) -> URIRef:
    return URIRef(ids.BASE + local)


ANNA, BO, PAPER = map(id_, ("anna-berg", "bo-dahl", "document-00000000000000a1"))


def a(graph: Graph, kind: str) -> URIRef:
    """The first node of a class."""
    found = min(graph.subjects(RDF.type, kg(kind)))
    assert isinstance(found, URIRef)
    return found


def drop(kind: str, predicate: URIRef) -> Callable[[Graph], None]:
    return lambda graph: graph.remove((a(graph, kind), predicate, None)) and None


def put(kind: str, predicate: URIRef, value: URIRef | Literal) -> Callable[[Graph], None]:
    def change(graph: Graph) -> None:
        graph.set((a(graph, kind), predicate, value))

    return change


def more(kind: str, predicate: URIRef, value: URIRef | Literal) -> Callable[[Graph], None]:
    return lambda graph: graph.add((a(graph, kind), predicate, value)) and None


def longer_quote(graph: Graph) -> None:
    node = a(graph, "Evidence")
    graph.set((node, kg("quote"), Literal(f"{graph.value(node, kg('quote'))}!")))


def other_words(graph: Graph) -> None:
    """A quote inside of another in which one letter is another."""
    outer = a(graph, "Evidence")
    begin, quote = int(str(graph.value(outer, kg("begin")))), str(graph.value(outer, kg("quote")))
    inner = id_("evidence-inner")
    source = graph.value(outer, DCTERMS.source)
    assert source is not None
    graph.add((inner, RDF.type, kg("Evidence")))
    graph.add((inner, DCTERMS.source, source))
    graph.add((inner, kg("begin"), Literal(begin + 2)))
    graph.add((inner, kg("end"), Literal(begin + 6)))
    graph.add((inner, kg("quote"), Literal("#" + quote[3:6])))


def no_evidence_node(graph: Graph) -> None:
    graph.remove((a(graph, "Evidence"), None, None))


def other_claim_class(graph: Graph) -> None:
    for claim in list(graph.subjects(RDF.type, kg("Claim"))):
        graph.set((claim, RDF.type, URIRef("https://elsewhere.example/terms#Claim")))


DAY = Literal("2023-05-01", datatype=XSD.date)


@pytest.mark.parametrize(
    ("fault", "shape", "words"),
    [
        # entities
        (drop("Person", RDFS.label), "Entity", "exactly one rdfs:label"),
        (more("Person", RDFS.label, Literal("A. Berg")), "Entity", "exactly one rdfs:label"),
        (put("Person", RDFS.label, Literal(" ")), "Entity", "not blank"),
        (more("Person", SKOS.altLabel, Literal("Anna Berg")), "Entity", "differs from the label"),
        (more("Person", OWL.sameAs, Literal("Q1")), "Entity", "sameAs"),
        (more("Person", RDF.type, kg("Organization")), "Entity", "one class"),
        (put("Person", RDF.type, kg("Persen")), "targets", "'Persen' is unknown"),
        (drop("Event", RDFS.label), "NamedEvent", "named event"),
        # claims
        (drop("Claim", RDF.object), "Claim", "exactly one rdf:object"),
        (put("Claim", RDF.object, Literal("somebody")), "Claim", "an xsd:date or an xsd:gYear"),
        (drop("Claim", kg("evidence")), "Claim", "has kg:evidence"),
        (drop("Claim", kg("stance")), "Claim", "exactly one kg:stance"),
        (put("Claim", kg("stance"), kg("doubts")), "Claim", "exactly one kg:stance"),
        (more("Claim", kg("modality"), kg("possible")), "Claim", "exactly one kg:modality"),
        (put("Claim", kg("confidence"), Literal("1.5", datatype=XSD.decimal)), "Claim", "from 0 to 1"),
        (put("Claim", kg("confidence"), Literal("high")), "Claim", "from 0 to 1"),
        (put("Claim", kg("level"), kg("explicit")), "Claim", "kg:level"),
        (put("Claim", kg("attributedTo"), PAPER), "Claim", "attributedTo points to an entity"),
        (put("Claim", kg("derivedFrom"), ANNA), "Claim", "derivedFrom points to a claim"),
        (more("Claim", kg("unnamedSource"), ANNA), "Claim", "points to a kg:UnnamedSource"),
        (drop("UnnamedSource", RDFS.label), "UnnamedSource", "exactly one rdfs:label"),
        (put("UnnamedSource", kg("count"), Literal(0)), "UnnamedSource", "from 1"),
        # evidence
        (longer_quote, "Evidence", "code points, the quote has"),
        (put("Evidence", kg("begin"), Literal(-1)), "Evidence", "from 0"),
        (put("Evidence", kg("begin"), Literal(9999)), "Evidence", "less than kg:end"),
        (put("Evidence", kg("end"), Literal("nine")), "Evidence", "an integer"),
        (drop("Evidence", DCTERMS.source), "Evidence", "exactly one dcterms:source"),
        (no_evidence_node, "dangling", "tells nothing about"),
        (other_words, "Evidence", "differs from that of"),
        # documents
        (put("Document", DCTERMS.issued, Literal("yesterday")), "Document", "is an xsd:date"),
        (drop("Document", DCTERMS.identifier), "Document", "dcterms:identifier"),
        # events
        (drop("Meeting", kg("status")), "Happening", "exactly one kg:status"),
        (put("Meeting", kg("status"), kg("certain")), "Happening", "exactly one kg:status"),
        (drop("Meeting", kg("participant")), "Happening", "has a kg:participant"),
        (put("Meeting", kg("endDate"), Literal("2001-01-01", datatype=XSD.date)), "Happening", "not after kg:endDate"),
        (put("Meeting", kg("startDate"), Literal("in May")), "Happening", "one xsd:date"),
        (more("Meeting", RDF.type, kg("Visit")), "Happening", "one class"),
        # positions and quotations
        (drop("Tenure", kg("holder")), "Tenure", "exactly one kg:holder"),
        (put("Tenure", kg("tense"), kg("past")), "Tenure", "exactly one kg:tense"),
        (put("Tenure", kg("organization"), ANNA), "Tenure", "not the holder"),
        (drop("Quotation", kg("text")), "Quotation", "exactly one kg:text"),
        (drop("Quotation", kg("evidence")), "Quotation", "exactly one kg:evidence"),
        # generated relations
        (lambda g: g.remove((None, RDFS.subPropertyOf, None)) and None, "GeneratedRelation", "sub-property"),
        # agreement of claims and plain triples
        (lambda g: g.remove((ANNA, kg("met"), BO)) and None, "plain triples", "is missing: anna-berg met bo-dahl"),
        (lambda g: g.remove((BO, kg("met"), ANNA)) and None, "plain triples", "is missing: bo-dahl met anna-berg"),
        (lambda g: g.add((ANNA, kg("visited"), id_("northland"))) and None, "plain triples", "No claim asserts"),
        (lambda g: g.add((BO, kg("bornOn"), DAY)) and None, "plain triples", "No claim asserts"),
        (lambda g: g.add((ANNA, kg("met"), id_("nobody"))) and None, "dangling", "nobody"),
        # shapes that would check nothing
        (other_claim_class, "Claim", "checked none of the nodes of class <https://elsewhere.example/terms#Claim>"),
        (lambda g: g.remove((None, None, None)) and None, "targets", "No shape found a node"),
    ],
)
def test_a_seeded_fault_is_found(fault: Callable[[Graph], None], shape: str, words: str) -> None:
    graph = good()
    fault(graph)
    report = validate(graph)
    assert not report.conforms
    assert any(problem.shape == shape and words in problem.message for problem in report.problems), report.problems


def good() -> Graph:
    games = thing("winter-games", "Event", "Winter Games")
    return graph_of(*sample(), also=[games])


def test_a_good_graph_conforms_and_every_shape_looked_at_something() -> None:
    report = validate(good())
    assert report.problems == ()
    assert report.conforms
    assert all(count > 0 for _, count in report.checked), report.checked


def test_a_graph_of_a_document_without_facts_conforms() -> None:
    assert validate(graph_of(story("Nothing happened."))).conforms


def test_a_claim_to_a_year_conforms() -> None:
    told = story("Anna Berg was born in 1975.", said("Anna Berg", "bornOn", Value(value="1975")))
    assert validate(graph_of(told, base="https://news.example/kb#")).conforms


def test_a_symmetric_relation_of_ones_own_needs_its_ontology(tmp_path: Path) -> None:
    extra = tmp_path / "extra.ttl"
    extra.write_text(
        "@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        "kg:hugged a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:subPropertyOf kg:relatedTo ;"
        " kg:eventClass kg:Event ."
    )
    own = load(extra=[extra])
    told = story("Anna Berg hugged Bo Dahl.", said("Anna Berg", "hugged", "Bo Dahl"))
    graph = build_graph([told], resolved(told), own)
    assert validate(graph, ontology=own).conforms
    assert {problem.shape for problem in validate(graph).problems} == {"plain triples"}


def test_own_relations_validate_with_their_file_and_unknown_ones_do_not(tmp_path: Path) -> None:
    extra = tmp_path / "extra.ttl"
    extra.write_text(
        "@prefix kg: <https://kg.example/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix my: <https://mine.example/terms#> ."
        "kg:hugged a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:subPropertyOf kg:relatedTo ."
    )
    told = story("Anna Berg hugged Bo Dahl.", said("Anna Berg", "hugged", "Bo Dahl"))
    graph = build_graph([told], resolved(told), load(extra=[extra]))
    assert validate(graph, ontology_files=[extra]).conforms
    claim = a(graph, "Claim")
    graph.set((claim, RDF.predicate, kg("huged")))
    problems = validate(graph, ontology_files=[extra]).problems
    assert any(p.value == str(kg("huged")) and p.message == "The ontology has no relation huged." for p in problems)


def test_a_shape_of_ones_own_that_finds_no_node_fails(tmp_path: Path) -> None:
    mine = tmp_path / "mine.ttl"
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kg: <https://kg.example/ontology#> .\n"
    shape = "kg:Named a sh:NodeShape ; sh:targetClass kg:{} ; sh:nodeKind sh:IRI ."
    mine.write_text(head + shape.format("Person"))
    assert validate(good(), shapes=mine).conforms
    other = tmp_path / "other.ttl"
    other.write_text(head + shape.format("Persom"))
    report = validate(good(), shapes=other)
    assert not report.conforms
    assert any("found no node to check" in problem.message for problem in report.problems)


def _written(tmp_path: Path) -> tuple[Path, Graph]:
    """The documents of the sample as text files, and the graph with their ids."""
    texts = {e.document.id: e.document.text for e in sample()}
    lines = [json.dumps({"id": key, "text": text}) for key, text in sorted(texts.items())]
    file = tmp_path / "documents.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file, good()


def test_quotes_stand_in_their_documents(tmp_path: Path) -> None:
    file, graph = _written(tmp_path)
    assert validate(graph, documents=[file]).conforms
    node = next(n for n in sorted(graph.subjects(RDF.type, kg("Evidence"))) if graph.value(n, kg("begin")) is not None)
    quote = str(graph.value(node, kg("quote")))
    changed = Graph() + graph
    changed.set((node, kg("quote"), Literal("Q" * len(quote))))
    found = [p for p in validate(changed, documents=[file]).problems if "has other words" in p.message]
    assert [(p.node, p.shape, p.value, p.sentence) for p in found] == [
        (str(node), "Evidence", "Q" * len(quote), "Q" * len(quote))
    ]
    beyond = Graph() + graph
    beyond.set((node, kg("begin"), Literal(90_000)))
    beyond.set((node, kg("end"), Literal(90_000 + len(quote))))
    messages = [p.message for p in validate(beyond, documents=[file]).problems]
    assert any(message.startswith(f"kg:end is {90_000 + len(quote)}, the document has ") for message in messages)


def test_documents_of_another_graph_are_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Dov Stern visited Sandby in the spring of that year.", encoding="utf-8")
    with pytest.raises(GraphError, match="None of the documents"):
        validate(good(), documents=[tmp_path / "other.txt"])


def test_a_problem_names_node_and_value() -> None:
    graph = good()
    graph.set((ANNA, RDFS.label, Literal(" ")))
    assert validate(graph).problems == (
        Problem(
            node=str(ANNA), shape="Entity", value=" ",
            message="An entity has exactly one rdfs:label, which is not blank.",
            sentence="Anna Berg, president of the Elm Institute, will visit Northland.",
        ),
    )  # fmt: skip


def test_a_file_is_checked_with_its_own_base(tmp_path: Path) -> None:
    graph = graph_of(*sample(), base="https://news.example/kb#")
    path = tmp_path / "graph.ttl"
    write_graph(graph, path)
    assert validate(path).conforms
    assert validate(str(path)).conforms
    path.write_text(path.read_text().replace("rdf:object id:bo-dahl", "rdf:object id:bo-dal"))
    assert {problem.shape for problem in validate(path).problems} >= {"dangling", "plain triples"}


def test_the_graph_is_left_as_it_was() -> None:
    graph = good()
    before = set(graph)
    validate(graph)
    assert set(graph) == before


def test_broken_files_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"no\.ttl: cannot be read"):
        validate(tmp_path / "no.ttl")
    with pytest.raises(OntologyError, match=r"no\.ttl: cannot be read"):
        validate(good(), shapes=tmp_path / "no.ttl")


def test_a_thousand_claims_take_seconds() -> None:
    stories = [
        story(
            f"Anna Berg met Bo Dahl in Elvik. Carla Diaz accused Dov Stern. {n}",
            said("Anna Berg", "met", "Bo Dahl", time=APRIL, place="Elvik", by=("Carla Diaz",)),
            said("Carla Diaz", "accused", "Dov Stern"),
            key=f"d{n}", date=dt.date(2023, 5, 1), publisher=f"Outlet {n % 7}",
        )
        for n in range(500)
    ]  # fmt: skip
    graph = graph_of(*stories)
    start = time.process_time()
    report = validate(graph)
    assert report.conforms
    assert dict(report.checked)["Claim"] == 1000
    assert time.process_time() - start < 10


def test_every_term_that_graphs_shapes_and_queries_use_is_described() -> None:
    described = {str(s) for file in DEFAULT_FOLDER.glob("*.ttl") for s in read_graph(file).subjects(RDF.type, None)}
    files = [DEFAULT_FOLDER / "shapes.ttl", *FOLDER.glob("*.rq")]
    used = {name for file in files for name in re.findall(r"\bkg:([\w-]+)", file.read_text(encoding="utf-8"))}
    used |= {local_name(str(t)) for triple in good() for t in triple if str(t).startswith(ids.ONTOLOGY)}
    missing = [f"kg:{name}" for name in sorted(used) if str(kg(name)) not in described]
    assert not missing, f"Described in no file of ontology/: {' '.join(missing)}"
