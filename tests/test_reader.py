"""The trained reader of sentences: what it holds of two mentions, what it adds to the rules, what is dropped for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from spacy.language import Language

from kg import gazetteer, nlp, ontology
from kg.claim_making import READER
from kg.confidence import LEAST, likely
from kg.encoder import LONGEST, embedded, load_encoder, pieces_in, through
from kg.extraction import interpret, uncalibrated
from kg.gazetteer import Gazetteer
from kg.ontology import Ontology
from kg.read import document_of
from kg.readings import agreed, chance_of, chance_of_sides
from kg.relation_reader import FAINT, Reading, known_relations
from kg.role_words import role_index
from kg.types import Claim, Mention, Value

SEEN = (
    ("Mira Holt flew to Porto on Monday.", ("Mira Holt", "visited", "Porto")),
    ("Ines Duarte, head of Banco Lusa, resigned.", ("Ines Duarte", "leads", "Banco Lusa")),
    ("Police in Lyon arrested Karim Benali after Paula Roux accused him of theft.", ("Paula Roux", "accused", "him")),
    ("Norvik Shipping was bought by Aldgate Capital in 2019.", ("Aldgate Capital", "acquired", "Norvik Shipping")),
)
"""Sentences with a relation that the reader must hold for likely, by the words of its two sides."""
UNSEEN = (
    ("Mira Holt, who never met Ines Duarte, flew to Porto.", ("Ines Duarte", "visited", "Porto")),
    ("Aldgate Capital and Norvik Shipping were both sued by Paula Roux.", ("Aldgate Capital", "sued", "Paula Roux")),
)
CLAIM = Claim(
    subject="e1", predicate="met", object="e2", subject_span=(0, 11), object_span=(16, 27), evidence=(0, 28),
    confidence=0.9, rule="met-meet-2:subj obj",
)  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Ontology:
    return ontology.load()


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    return gazetteer.load()


def chances(text: str, pipeline: Language, known: Ontology, names: Gazetteer) -> dict[tuple[str, str, str], float]:
    """What the reader holds, by the words at which it sees it."""
    said = uncalibrated(nlp.parse_one(document_of(text), pipeline), known, names, role_index(known))
    return {
        (text[one.subject.begin : one.subject.end], name, text[one.object.begin : one.object.end]): one.chance
        for seen in said.read.values()
        for name, one in seen.items()
    }


@pytest.mark.parametrize(("text", "expected"), SEEN)
def test_what_the_reader_sees(
    text: str, expected: tuple[str, str, str], pipeline: Language, known: Ontology, names: Gazetteer
) -> None:
    assert chances(text, pipeline, known, names).get(expected, 0) > 0.5


@pytest.mark.parametrize(("text", "wrong"), UNSEEN)
def test_what_it_does_not_see(
    text: str, wrong: tuple[str, str, str], pipeline: Language, known: Ontology, names: Gazetteer
) -> None:
    assert chances(text, pipeline, known, names).get(wrong, 0) < 0.5


def test_what_it_adds_says_so_and_nothing_is_said_twice(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    text = " ".join(text for text, _ in SEEN)
    said = interpret(nlp.parse_one(document_of(text), pipeline), known, names, role_index(known))
    facts = [
        (c.subject, c.predicate, c.object, c.evidence) for c in said.claims if c.rule in (READER, *known.relations)
    ]
    assert len(facts) == len(set(facts))
    assert all(c.confidence >= LEAST for c in said.claims if c.rule == READER)


def test_a_state_inside_a_name_is_not_looked_at(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    text = "American Airlines, led by Mira Holt, left Norway."
    said = uncalibrated(nlp.parse_one(document_of(text), pipeline), known, names, role_index(known))
    named = {e.id: e.name for e in said.extraction.entities}
    assert "United States" in named.values()
    assert {named[e] for a, b, _ in said.read for e in (a, b)} == {"American Airlines", "Mira Holt", "Norway"}


@pytest.mark.parametrize(
    ("text", "relation", "target"),
    [
        ("The Norvik Institute's Mira Holt spoke.", "leads", "Norvik Institute"),
        ("Danish singer Mira Holt sang. Mira Holt met Tom Lund in Peru.", "citizenOf", "Peru"),
    ],
)
def test_nothing_is_added_against_what_a_rule_says(
    text: str, relation: str, target: str, pipeline: Language, known: Ontology, names: Gazetteer
) -> None:
    parse = nlp.parse_one(document_of(text), pipeline)
    first = uncalibrated(parse, known, names, role_index(known))
    named = {e.name: e.id for e in first.extraction.entities}
    some = next(one for there in first.read.values() for one in there.values())
    pairs = [key for key in first.read if key[:2] == (named["Mira Holt"], named[target])]
    held = {key: {relation: replace(some, chance=0.99)} for key in pairs}
    said = uncalibrated(parse, known, names, role_index(known), reading=held).extraction
    assert pairs
    assert not [c for c in said.claims if c.rule == READER]


def test_the_reader_is_not_believed_what_cannot_be(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    text = "Mira Holt praised Norway."
    parse = nlp.parse_one(document_of(text), pipeline)
    seen = uncalibrated(parse, known, names, role_index(known)).read
    one = next(iter(there for there in seen.values() if there))
    some = replace(next(iter(one.values())), chance=0.9)
    held = {key: {"memberOf": some, "visited": some} for key, there in seen.items() if there}
    said = uncalibrated(parse, known, names, role_index(known), reading=held).extraction
    assert {claim.predicate for claim in said.claims if claim.rule == READER} == {"visited"}


def test_what_is_only_pushed_for_is_planned(pipeline: Language, known: Ontology, names: Gazetteer) -> None:
    text = "Norway launched its bid to be admitted to the Harbour League this week."
    parse = nlp.parse_one(document_of(text), pipeline)
    seen = uncalibrated(parse, known, names, role_index(known)).read
    held = {
        key: {name: replace(one, mode="actual", chance=0.8) for name, one in there.items() if name == "joined"}
        for key, there in seen.items()
    }
    said = uncalibrated(parse, known, names, role_index(known), reading=held).extraction
    ids = {entity.name: entity.id for entity in said.entities}
    made = [c for c in said.claims if (c.subject, c.object) == (ids["Norway"], ids["Harbour League"])]
    assert {claim.modality for claim in made} == {"planned"}


def test_it_tells_nothing_of_dates_and_of_relations_that_it_does_not_know() -> None:
    read: Reading = {("e1", "e2", (0, 28)): {}}
    assert chance_of(read, CLAIM) == FAINT
    assert chance_of(read, replace(CLAIM, object="e3")) is None
    assert chance_of(read, replace(CLAIM, predicate="playsFor")) is None
    assert chance_of(read, replace(CLAIM, predicate="bornOn", object=Value(value="1990"))) is None
    assert {"met", "worksFor", "visited"} <= {*known_relations()}


def test_how_sure_the_sides_of_a_claim_are() -> None:
    she = Mention(
        begin=0, end=3, text="She", type="Person", kind="pronoun", start=0, stop=1, head=0, entities=("e1",)
    )  # fmt: skip
    claim = replace(CLAIM, subject_span=(0, 3))
    assert chance_of_sides(agreed([she], {0: 0.7}), claim) == 0.7
    assert chance_of_sides(agreed([she], {}), claim) is None
    assert chance_of_sides(agreed([she], {0: 0.7}), CLAIM) is None


def test_claims_that_are_likelier_wrong_are_dropped_with_what_follows_from_them() -> None:
    doubtful = replace(CLAIM, predicate="speaksFor", confidence=LEAST - 0.01)
    follows = replace(CLAIM, predicate="worksFor", derived_from=(0,))
    stays = replace(CLAIM, predicate="talkedWith", derived_from=(2,))
    assert likely((doubtful, follows, CLAIM, stays)) == (CLAIM, replace(stays, derived_from=(0,)))
    own = replace(CLAIM, predicate="playsFor", confidence=LEAST - 0.01)
    assert likely((own,)) == (own,)


def test_words_are_cut_into_the_longest_known_pieces() -> None:
    vocabulary = {"un": 0, "##know": 1, "##n": 2, "##known": 3, "é": 4, "e": 5, "-": 6, "well": 7}
    assert pieces_in(vocabulary, "Unknown") == (0, 3)
    assert pieces_in(vocabulary, "well-é") == (7, 6, 5)
    assert pieces_in(vocabulary, "語") == ()


def test_sentences_of_any_length_are_read_in_their_order() -> None:
    encoder = load_encoder()
    sentences = [[encoder.first, *range(200, 200 + n), encoder.last] for n in (3, 60, 1, 126)]
    layers = encoder.relating
    rows = [embedded(encoder, layers, pieces, encoder.places[: len(pieces)]) for pieces in sentences]
    assert [len(row) for row in through(layers, rows)] == [5, 62, 3, 128]
    with pytest.raises(ValueError, match="more than"):
        embedded(encoder, layers, [encoder.first] * (LONGEST + 1), encoder.places)
