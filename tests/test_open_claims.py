"""Open claims: what a sentence says of two named entities with a verb that no relation covers."""

from __future__ import annotations

import pytest
from claims import read
from rdflib import RDF, RDFS, URIRef
from spacy.language import Language

from kg import gazetteer, ontology
from kg.graph import build_graph
from kg.ids import BASE, ONTOLOGY
from kg.lines import record_of
from kg.resolve import resolve
from kg.types import Claim

# A text, and its open claims as "subject | property | label | object".
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Maria Lopez baptised Pavel Novak on Monday.", ("Maria Lopez | relation-baptise | baptised | Pavel Novak",)),
    ("Pavel Novak was baptised by Maria Lopez.", ("Maria Lopez | relation-baptise | baptised | Pavel Novak",)),
    ("Maria Lopez will baptise Pavel Novak.", ("planned Maria Lopez | relation-baptise | baptises | Pavel Novak",)),
    ("Maria Lopez did not baptise Pavel Novak.", ("not Maria Lopez | relation-baptise | baptises | Pavel Novak",)),
    ("Maria Lopez turned down Acme Steel.", ("Maria Lopez | relation-turn-down | turned down | Acme Steel",)),
    (
        "Maria Lopez baptised Pavel Novak and Peter Marsh.",
        (
            "Maria Lopez | relation-baptise | baptised | Pavel Novak",
            "Maria Lopez | relation-baptise | baptised | Peter Marsh",
        ),
    ),
    ("Maria Lopez, who baptised Pavel Novak, left.", ("Maria Lopez | relation-baptise | baptised | Pavel Novak",)),
    (
        "Maria Lopez arrived at noon. She baptised Pavel Novak.",
        ("Maria Lopez | relation-baptise | baptised | Pavel Novak",),
    ),
    (
        "Acme Steel cooperates with Borealis Group.",
        ("Acme Steel | relation-cooperate-with | cooperates with | Borealis Group",),
    ),
    (
        "Maria Lopez lodged an appeal with Acme Steel.",
        ("Maria Lopez | relation-lodge-appeal-with | lodged appeal with | Acme Steel",),
    ),
    (
        "Pavel Novak was compared to Peter Marsh.",
        ("Pavel Novak | relation-be-compare-to | was compared to | Peter Marsh",),
    ),
    # What a relation covers is no open claim, whoever comes first.
    ("Maria Lopez met Pavel Novak.", ()),
    ("Maria Lopez praised Pavel Novak.", ()),
    # Nothing is said of the two.
    ("Maria Lopez wants Pavel Novak to leave.", ()),
    ("Maria Lopez lodged no appeal with Acme Steel.", ()),
    ("Maria Lopez has Pavel Novak.", ()),
    ("The plan to baptise Pavel Novak surprised nobody at Acme Steel.", ()),
    ("Maria Lopez, according to Pavel Novak, slept.", ()),
    ("Maria Lopez baptised the staff about the works.", ()),
    ("The shop that Maria Lopez runs in Graz is shut.", ()),
)  # fmt: skip


def _open(pipeline: Language, text: str) -> list[Claim]:
    return [claim for claim in read(pipeline, text).claims if claim.label is not None]


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[text for text, _ in ROWS])
def test_open_claims(pipeline: Language, text: str, expected: tuple[str, ...]) -> None:
    names = {e.id: e.name for e in read(pipeline, text).entities}
    found = []
    for c in _open(pipeline, text):
        mode = "not " if c.stance == "denies" else "" if c.modality == "actual" else f"{c.modality} "
        found.append(f"{mode}{names[c.subject]} | {c.predicate} | {c.label} | {names[str(c.object)]}")
    assert tuple(found) == expected


def test_an_open_claim_has_source_and_evidence(pipeline: Language) -> None:
    text = "Maria Lopez slept. Pavel Novak said that Maria Lopez had baptised Peter Marsh."
    extraction = read(pipeline, text)
    (claim,) = _open(pipeline, text)
    names = {e.id: e.name for e in extraction.entities}
    assert [names[source] for source in claim.attributed_to] == ["Pavel Novak"]
    assert text[slice(*claim.evidence)] == "Pavel Novak said that Maria Lopez had baptised Peter Marsh."
    assert claim.trigger is not None
    assert text[slice(*claim.trigger)] == "baptised"
    assert claim.rule == "open:subj obj"


def test_every_tense_is_one_property_in_the_graph(pipeline: Language) -> None:
    known = ontology.load()
    extraction = read(pipeline, "Maria Lopez baptised Pavel Novak. Peter Marsh baptises Maria Lopez every day.")
    graph = build_graph([extraction], resolve([extraction], gazetteer.load()), known)
    relation = URIRef(BASE + "relation-baptise")
    assert set(graph.objects(None, RDF.predicate)) == {relation}
    assert graph.value(relation, RDFS.subPropertyOf) == URIRef(ONTOLOGY + "relatedTo")
    assert str(graph.value(relation, RDFS.label)) == "baptised"
    assert len(list(graph.subject_objects(relation))) == 2, "both stand as plain triples"


def test_the_line_of_an_extraction_names_property_and_label(pipeline: Language) -> None:
    (claim,) = record_of(read(pipeline, "Maria Lopez baptised Pavel Novak."))["claims"]
    assert (claim["predicate"], claim["label"]) == ("relation-baptise", "baptised")
