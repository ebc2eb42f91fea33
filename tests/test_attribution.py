"""Sources: sentence, word, the head words of who says so, nearest first."""

from __future__ import annotations

import pytest
from claims import read
from spacy.language import Language

from kg import ontology
from kg.attribution import attribution
from kg.cues import Cues
from kg.nlp import parse_one
from kg.quotations import find_quotations
from kg.read import document_of
from kg.types import Parse

ROWS = [
    # --- somebody says so
    ("Olek Brandt said that the army attacked Lima.", "attacked", ["Brandt"]),
    ("The army attacked Lima, Olek Brandt said on Tuesday.", "attacked", ["Brandt"]),
    ("The army attacked Lima, said Olek Brandt.", "attacked", ["Brandt"]),
    ("According to Olek Brandt, the army attacked Lima.", "attacked", ["Brandt"]),
    ("The army attacked Lima, according to two officials.", "attacked", ["officials"]),
    ("Olek Brandt told reporters that the army had attacked Lima.", "attacked", ["Brandt"]),
    ("The clerk wrote that the army had attacked Lima.", "attacked", ["clerk"]),
    ("The Herald's report that the army had attacked Lima shocked the king.", "attacked", ["Herald"]),
    ("As reported by the Herald, the army attacked Lima.", "attacked", ["Herald"]),
    ("As the Herald reported, the army attacked Lima.", "attacked", ["Herald"]),
    ("Her lawyer, Tove Lind, said that the army attacked Lima.", "attacked", ["Lind"]),
    ("In the words of Tove Lind, the army attacked Lima.", "attacked", ["Lind"]),
    ("By Tove Lind's own account, the army attacked Lima.", "attacked", ["Lind"]),
    ("Olek Brandt and Tove Lind said that the army attacked Lima.", "attacked", ["Brandt", "Lind"]),
    ("The judge claims to have met the king.", "met", ["judge"]),
    ("The judge admitted killing the guard.", "killing", ["judge"]),
    ("If the army had attacked Lima, Olek Brandt said, the port would burn.", "attacked", ["Brandt"]),
    ("It is conceivable, said Tove Lind, that the duke met the sultan.", "met", ["Lind"]),
    ("The minister of Peru denied that the army attacked Lima.", "attacked", ["minister"]),
    ("Olek Brandt dismissed reports that the army had attacked Lima.", "attacked", ["Brandt"]),
    ("The duke was accused by Tove Lind of killing a guard.", "killing", ["Lind"]),
    ("Olek Brandt confirmed the visit of the king.", "visit", ["Brandt"]),
    ("The visit of the king was confirmed by Olek Brandt.", "visit", ["Brandt"]),
    # --- chains
    ("The Herald, citing Tove Lind, reported that the army attacked Lima.", "attacked", ["Herald", "Lind"]),
    ("The Herald reported that Tove Lind told friends the army would attack Lima.", "attack", ["Lind", "Herald"]),
    ('"The army attacked Lima," Olek Brandt told the Herald.', "attacked", ["Brandt"]),
    ('"The army attacked Lima," he said. "It then attacked Cusco," he added.', "Cusco", ["he"]),
    ("The embassy of Peru said that the army attacked Lima.", "attacked", ["embassy", "Peru"]),
    ("The Herald wrote of the talks on Monday. The army reportedly attacked Lima.", "attacked", ["Herald"]),
    ("The Herald quoted Tove Lind as saying that the army attacked Lima.", "attacked", ["Lind", "Herald"]),
    # --- heard, learned, made clear
    ("The court heard from Tove Lind that the army attacked Lima.", "attacked", ["Lind"]),
    ("The army attacked Lima, NBC News has learned.", "attacked", ["News"]),
    ("NBC News has learned that the army attacked Lima.", "attacked", ["News"]),
    ("Tove Lind made clear that the army attacked Lima.", "attacked", ["Lind"]),
    ("Tove Lind made it clear that the army attacked Lima.", "attacked", ["Lind"]),
    # --- papers and voices that stand for others
    ("The army attacked Lima, according to a note on Olek Brandt's website.", "attacked", ["Brandt"]),
    ("A statement by Tove Lind said that the army attacked Lima.", "attacked", ["Lind"]),
    ("The Ruritania Bank's announcement that the army had attacked Lima came late.", "attacked", ["Bank"]),
    ("A lawyer for Tove Lind said that the army attacked Lima.", "attacked", ["lawyer", "Lind"]),
    ("Peru had not attacked Lima, a spokeswoman said.", "attacked", ["spokeswoman", "Peru"]),
    ("Peru was calm. The army attacked Lima, a spokesman said.", "attacked", ["spokesman", "Peru"]),
    ("Tove Lind conveyed Peru's support for the king.", "support", ["Lind"]),
    # --- headlines
    ("NATO: Army attacked Lima on Monday night", "attacked", ["NATO"]),
    ("Army attacked Lima on Monday night: Herald", "attacked", ["Herald"]),
    ("Army attacked Lima on Monday - Kivu Herald", "attacked", ["Herald"]),
    # --- "it" that says something
    ("The Ruritania Bank wept. The army attacked Lima, it said.", "attacked", ["it"]),
    # --- nobody
    ("Paris: Army attacked town on Monday night", "attacked", []),
    ("The clerk heard that the army attacked Lima.", "attacked", []),
    ("Tove Lind has learned that the army attacked Lima.", "attacked", []),
    ("A spokesman resigned after the army attacked Lima.", "attacked", []),
    ("Tove Lind conveyed support for the king.", "support", []),
    ("The army attacked Lima; it was raining.", "attacked", []),
    ("Olek Brandt enjoyed the visit of the king.", "visit", []),
    ("The army attacked Lima.", "attacked", []),
    ("The duke is said to have met the sultan.", "met", []),
    ("Olek Brandt accused the army of cowardice.", "accused", []),
    ("Olek Brandt said that the army attacked Lima.", "said", []),
    ("Olek Brandt, who met the king, said that the army attacked Lima.", "met", []),
    ("The duke vowed to attack Lima.", "attack", []),
    ("Tove Lind urged the duke to attack Lima.", "attack", []),
    ("The army attacked Lima; Olek Brandt said nothing.", "attacked", []),
]  # fmt: skip

# An outlet's report goes on in the next sentences of its paragraph.
CARRIED = [
    ("NBC News reported that Tove Lind met the duke. The two met again in Lima.", ["News"]),
    ("Tove Lind met the duke, according to NBC News. They met again in Lima.", ["News"]),
    ("Tove Lind met the duke, according to NBC News.\n\nThe pair met again in Lima.", ["News"]),
    ("NBC News reported that Tove Lind saw the duke. She saw him twice. Then she met the king again.", ["News"]),
    # --- not by others, not elsewhere, not in the present tense
    ("NBC News reported that Tove Lind met the duke. Olek Brandt met a priest again.", []),
    ("Tove Lind met the duke, according to NBC News.\n\nOlek Brandt met a priest again.", []),
    ("NBC News reported that Tove Lind saw the duke. She has never met a king again.", []),
    ("Olek Brandt said that Tove Lind saw the duke. She met a king again.", []),
    ("NBC News reported that Tove Lind saw him. Olek Brandt said that it rained. He met a king again.", []),
]

TRANSCRIPT = (
    "Remarks by President Aldo Ferrante and Chancellor Tove Lind\n\nFERRANTE:  Welcome.  I met Olek Brandt in Lima.\n\n"
    "LIND:  Thank you.  Acme Corporation bought Elm Bank.\n\nFERRANTE:  Olek Brandt visited Oslo.\n"
)


def _token(parse: Parse, word: str) -> int:
    return next(t.i for t in parse.tokens if t.text == word)


@pytest.fixture(scope="module")
def cues() -> Cues:
    return ontology.load().cues


@pytest.mark.parametrize(("sentence", "word", "expected"), ROWS)
def test_sources(pipeline: Language, cues: Cues, sentence: str, word: str, expected: list[str]) -> None:
    parse = parse_one(document_of(sentence), pipeline)
    found = attribution(parse, _token(parse, word), find_quotations(parse, cues), cues)
    assert [parse.tokens[s].text for s in found] == expected


@pytest.mark.parametrize(
    ("predicate", "speaker"), [("met", ["Aldo Ferrante"]), ("acquired", ["Tove Lind"]), ("visited", ["Aldo Ferrante"])]
)
def test_a_transcripts_turns_are_said_by_who_speaks(pipeline: Language, predicate: str, speaker: list[str]) -> None:
    extraction = read(pipeline, TRANSCRIPT)
    names = {e.id: e.name for e in extraction.entities}
    claim = next(c for c in extraction.claims if c.predicate == predicate)
    assert [names[s] for s in claim.attributed_to] == speaker


@pytest.mark.parametrize(("text", "expected"), CARRIED)
def test_outlets_carried_over_sentences(pipeline: Language, cues: Cues, text: str, expected: list[str]) -> None:
    parse = parse_one(document_of(text), pipeline)
    again = _token(parse, "again")
    verb = next(t.i for t in reversed(parse.tokens[:again]) if t.text == "met")
    found = attribution(parse, verb, find_quotations(parse, cues), cues)
    assert [parse.tokens[s].text for s in found] == expected


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("Statement by President Tove Lind on the Storm", ["Tove Lind"]),
        ("Remarks by Tove Lind at a Dinner", ["Tove Lind"]),
        ("Readout of a Call with Tove Lind", []),
        ("Tove Lind Makes a Statement", []),
    ],
)
def test_what_a_statement_says_its_author_says(pipeline: Language, headline: str, speaker: list[str]) -> None:
    extraction = read(pipeline, f"{headline}\n\nOlek Brandt met Remi Cloutier in Lima.")
    names = {e.id: e.name for e in extraction.entities}
    (claim,) = (c for c in extraction.claims if c.predicate == "met")
    assert [names[s] for s in claim.attributed_to] == speaker


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Two current officials said that {}.", [("Two current officials", 2)]),
        ("{}, according to three people familiar with the talks.", [("three people familiar with the talks", 3)]),
        ("Officials said that {}.", [("Officials", None)]),
        ("A senior Norwegian official said that {}.", [("A senior Norwegian official", 1)]),
        ("A leaked report said that {}.", [("A leaked report", 1)]),
        ("More than 20 diplomats told the Oslo Herald that {}.", [("More than 20 diplomats", 20)]),
        ("The Oslo Herald, citing two officials, reported that {}.", [("two officials", 2)]),
        # --- whoever is named, or taken to be known, and the text itself
        ("The company said that {}.", []),
        ("His lawyer said that {}.", []),
        ("Tove Lind said that {}.", []),
        ("{}.", []),
    ],
)
def test_who_says_so_without_a_name(pipeline: Language, sentence: str, expected: list[tuple[str, int | None]]) -> None:
    text = sentence.format("Olek Brandt met Remi Cloutier")
    claim = next(c for c in read(pipeline, text).claims if c.predicate == "met")
    assert [(source.text, source.count) for source in claim.unnamed_sources] == expected
    assert all(text[source.begin : source.end] == source.text for source in claim.unnamed_sources)
