"""Sentences and the surface triples that they must and must not give."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kg.nlp import parse_one
from kg.open import open_triples
from kg.read import document_of
from kg.types import OpenTriple


def triples(text: str, pipeline: Language) -> tuple[OpenTriple, ...]:
    return open_triples(parse_one(document_of(text), pipeline))


def shown(text: str, pipeline: Language) -> list[str]:
    return [f"{t.subject} | {t.relation} | {t.object}" for t in triples(text, pipeline)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # objects, with what stands around them
        ("The minister signed the accord in Oslo.", ["The minister | signed | the accord in Oslo"]),
        ("The crew never paid the harbour fee.", ["The crew | never paid | the harbour fee"]),
        ("The crew has not sold the boat.", ["The crew | has not sold | the boat"]),
        ("They called the report a lie.", ["They | called | the report a lie"]),
        # phrases: one triple each where there is no object
        (
            "The price rose from three to five dollars.",
            ["The price | rose from | three to five dollars"],
        ),
        ("She lives in Oslo with her sister.", ["She | lives in | Oslo with her sister"]),
        ("In May the ship sank near Bergen.", ["the ship | sank near | Bergen In May"]),
        ("The baby slept.", ["The baby | slept | "]),
        # copula
        ("Jane Roe is a pilot from Bergen.", ["Jane Roe | is | a pilot from Bergen"]),
        ("The harbour was empty.", ["The harbour | was | empty"]),
        ("The workers were angry about the pay.", ["The workers | were angry about | the pay"]),
        # passive
        ("The bridge was built by Roman soldiers.", ["The bridge | was built by | Roman soldiers"]),
        # chains of verbs
        ("The firm is struggling to pay its debts.", ["The firm | is struggling to pay | its debts"]),
        ("The firm is likely to close the mine.", ["The firm | is likely to close | the mine"]),
        (
            "The king forced the bishop to sign the letter.",
            ["The king | forced | the bishop", "the bishop | to sign | the letter"],
        ),
        # coordination
        (
            "Jane Roe and John Doe visited the mine and the harbour.",
            [
                "Jane Roe | visited | the mine",
                "Jane Roe | visited | the harbour",
                "John Doe | visited | the mine",
                "John Doe | visited | the harbour",
            ],
        ),
        (
            "The firm bought the mine and closed the harbour.",
            ["The firm | bought | the mine", "The firm | closed | the harbour"],
        ),
        (
            "The herb can be grown or sold in winter.",
            ["The herb | can be sold in | winter"],
        ),
        # relative clauses and participles
        (
            "The soldier who shot the king fled to Norway.",
            ["The soldier | shot | the king", "The soldier | fled to | Norway"],
        ),
        ("The letter that she wrote was lost.", ["she | wrote | The letter"]),
        ("The monks sold the houses built by their fathers.", ["the houses | built by | their fathers"]),
        ("A storm hit the coast, killing six sailors.", ["A storm | killing | six sailors"]),
        # who says it
        (
            "The company said it would close the mine.",
            ["The company | said | it would close the mine", "it | would close | the mine"],
        ),
        ("According to the police, the thief sold the ring.", ["the thief | sold | the ring"]),
        # nouns
        (
            "Jane Roe, the head of the mine, resigned.",
            ["Jane Roe | is | the head of the mine", "Jane Roe | resigned | "],
        ),
        ("Harbour spokesman John Doe resigned.", ["John Doe | is | Harbour spokesman"]),
        ("The company's profits fell.", ["The company | has | profits"]),
    ],
)
def test_triples(pipeline: Language, sentence: str, expected: list[str]) -> None:
    assert set(expected) <= set(shown(sentence, pipeline))


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("There were six sailors on the boat.", "There | were"),
        ("She sold her boat.", "her | has"),
        ("The soldier who shot the king fled.", "who | shot"),
        ("The letter that she wrote was lost.", "she | wrote | that"),
        ("He lost the ability to steer the boat.", "the ability | to steer"),
        ("The crew has not sold the boat.", "The crew | sold"),
        ("According to the police, the thief sold the ring.", "sold According"),
        ("Jane Roe and John Doe visited the mine.", "Jane Roe and John Doe | visited"),
        ("The king forced the bishop to sign the letter.", "The king | sign"),
        ("Jane Roe smiled, and John Doe left the room.", "Jane Roe | left"),
    ],
)
def test_what_is_not_said(pipeline: Language, sentence: str, wrong: str) -> None:
    assert not [triple for triple in shown(sentence, pipeline) if triple.startswith(wrong) or wrong in triple]


@pytest.mark.parametrize("text", ["", "Oslo", "Fishing rights!", "Why?", "(Applause.)", "1:37 P.M.", "— — —"])
def test_nothing_is_made_of_nothing(pipeline: Language, text: str) -> None:
    assert triples(text, pipeline) == ()


STORY = (
    "Jane Roe, the outgoing head of Nordlys Shipping, told reporters on Friday that the firm had sold its two oldest "
    "ships. The ships, which were built in Natal, “never earned a cent”, she said, and the crews – about forty "
    "sailors – will be moved to other ships or paid off."
)


def test_the_words_are_those_of_the_sentence_and_stand_in_its_bounds(pipeline: Language) -> None:
    found = triples(STORY, pipeline)
    assert len(found) >= 6
    for triple in found:
        begin, end = triple.sentence
        sentence = STORY[begin:end]
        parts = (triple.subject, triple.relation, triple.object)
        assert all(word in sentence for part in parts for word in part.split() if word not in ("is", "has"))
        assert all(part == part.strip(" ,.;:") for part in parts)


def test_the_surest_triple_of_a_sentence_comes_first(pipeline: Language) -> None:
    found = triples(STORY, pipeline)
    for begin in {triple.sentence[0] for triple in found}:
        confidences = [triple.confidence for triple in found if triple.sentence[0] == begin]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 < confidence < 1 for confidence in confidences)


def test_long_coordinations_do_not_multiply_without_end(pipeline: Language) -> None:
    ships = ", ".join(f"ship {letter}" for letter in "ABCDEFGHIJKLM")
    assert len(triples(f"{ships} and a boat met {ships} and a raft.", pipeline)) < 60


def test_the_same_parse_gives_the_same_triples(pipeline: Language) -> None:
    parse = parse_one(document_of(STORY), pipeline)
    assert open_triples(parse) == open_triples(parse)
    assert len(set(open_triples(parse))) == len(open_triples(parse))
