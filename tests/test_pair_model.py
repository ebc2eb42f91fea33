"""What the trained model adds to the rules: sentences with what must and what must not be claimed of them."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kg import gazetteer, nlp, ontology
from kg.claim_making import MODEL
from kg.extraction import pairs_in, uncalibrated
from kg.gazetteer import Gazetteer
from kg.ontology import Ontology
from kg.pair_features import RELATIONS
from kg.pair_model import LEAST, SCALE, Weights, load_weights, log_odds, probability
from kg.read import document_of
from kg.role_words import role_index
from kg.types import Claim, Extraction, Value

CLAIMED = (
    (
        "Ada Holm lives with her husband Pieter Vos and their two daughters in Oslo.",
        ("Ada Holm", "livesIn", "Oslo"),
    ),
    ("Jonas Vos moved from Bergen to Oslo in 1975.", ("Jonas Vos", "livesIn", "Bergen")),
)
"""Sentences with a claim that must be there, by the words of its two sides."""
NOT_CLAIMED = (
    ("Ada Holm visited Lund University on Monday.", {"studiedAt", "worksFor", "memberOf"}),
    ("Ada Holm flew from Bergen to Oslo with Pieter Vos.", {"livesIn", "bornIn", "spouseOf", "childOf"}),
    ("Ada Holm, who met Pieter Vos in Bergen, spoke of her home town.", {"bornIn", "spouseOf", "childOf"}),
    ("Mayor Ada Holm welcomed the Danish ambassador, Pieter Vos, to Bergen.", {"livesIn", "bornIn", "spouseOf"}),
    ("Pieter Vos sued Northern Data Group in 1987.", {"worksFor", "memberOf", "founded", "leads", "foundedOn"}),
)
"""Sentences with relations that must not be claimed."""


@pytest.fixture(scope="module")
def known() -> Ontology:
    return ontology.load()


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    return gazetteer.load()


def read(
    text: str, pipeline: Language, known: Ontology, names: Gazetteer, weights: Weights | None = None
) -> Extraction:
    parse = nlp.parse_one(document_of(text), pipeline)
    return uncalibrated(parse, known, names, role_index(known), weights).extraction


def words(found: Extraction, claim: Claim) -> tuple[str, str, str]:
    text = found.document.text
    return text[slice(*claim.subject_span)], claim.predicate, text[slice(*claim.object_span)]


@pytest.mark.parametrize(("text", "expected"), CLAIMED)
def test_what_is_claimed(
    text: str, expected: tuple[str, str, str], pipeline: Language, known: Ontology, names: Gazetteer
) -> None:
    found = read(text, pipeline, known, names)
    assert expected in [words(found, c) for c in found.claims if c.rule == MODEL]


@pytest.mark.parametrize(("text", "relations"), NOT_CLAIMED)
def test_what_is_not_claimed(
    text: str, relations: set[str], pipeline: Language, known: Ontology, names: Gazetteer
) -> None:
    found = read(text, pipeline, known, names)
    assert [words(found, c) for c in found.claims if c.predicate in relations] == []


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Ada Holm did not study at Lund University.", "studiedAt"),
        ("Ada Holm was never married to Pieter Vos.", "spouseOf"),
    ],
)
def test_what_is_denied_is_not_asserted(
    text: str, relation: str, pipeline: Language, known: Ontology, names: Gazetteer
) -> None:
    found = read(text, pipeline, known, names)
    assert {c.stance for c in found.claims if c.predicate == relation} == {"denies"}


SURE: Weights = {LEAST: {"livesIn": 0, "bornOn": 0}, "bias": {"livesIn": 3 * SCALE, "bornOn": -2 * SCALE}}
"""A model that believes in homes and in no birthday."""


def test_a_claim_of_the_model_is_like_any_other(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    text = "Two men met. Ada Holm smiled in Bergen."
    found = read(text, pipeline, known, names, SURE)
    (claim,) = [c for c in found.claims if c.rule == MODEL]
    assert words(found, claim) == ("Ada Holm", "livesIn", "Bergen")
    assert text[slice(*claim.evidence)] == "Ada Holm smiled in Bergen."
    assert (claim.stance, claim.modality, claim.confidence) == ("asserts", "actual", probability(3 * SCALE))
    assert claim.trigger is not None
    assert text[slice(*claim.trigger)] == "smiled"


def test_the_word_between_the_two_is_judged(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    found = read("Ada Holm will not smile in Bergen.", pipeline, known, names, SURE)
    assert {c.stance for c in found.claims if c.rule == MODEL} == {"denies"}


def test_a_day_that_the_model_rules_out_is_not_claimed(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    text = "Ada Holm was born on 3 May 1952."
    assert [c.predicate for c in read(text, pipeline, known, names).claims] == ["bornOn"]
    assert read(text, pipeline, known, names, SURE).claims == ()


def test_without_weights_only_the_rules_speak(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    assert MODEL not in {c.rule for c in read(CLAIMED[0][0], pipeline, known, names, {}).claims}


def test_a_pair_is_one_however_often_it_is_mentioned(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    parse = nlp.parse_one(document_of("Ada Holm said that she loved her home in Bergen since 1990."), pipeline)
    found = pairs_in(parse, known, names, role_index(known)).pairs
    assert [(p.relations[0], isinstance(p.object, Value)) for p in found] == [("bornIn", False), ("bornOn", True)]
    assert all(log_odds(load_weights(), p).keys() == set(p.relations) for p in found)


def test_the_table_speaks_of_known_relations(known: Ontology) -> None:
    asked = {name for relations in RELATIONS.values() for name in relations}
    assert asked <= known.relations.keys()
    assert {name for row in load_weights().values() for name in row} <= asked
    assert load_weights()[LEAST].keys() <= asked


def test_probability() -> None:
    assert [probability(s) for s in (-SCALE * 9, 0, SCALE * 9)] == [0.0, 0.5, 1.0]
