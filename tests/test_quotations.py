"""Direct quotations: text, and for each quotation its first words and the head word of its speaker."""

from __future__ import annotations

import pytest
from claims import read
from spacy.language import Language

from kg import ontology
from kg.cues import Cues
from kg.nlp import parse_one
from kg.quotations import find_quotations
from kg.read import document_of

ROWS: list[tuple[str, list[tuple[str, str | None]]]] = [
    # --- the speaker behind, in front, inside
    ('"We will not leave the valley," Olek Brandt said.', [("We will not leave the valley,", "Brandt")]),
    ('"We will not leave the valley," said Olek Brandt.', [("We will not leave the valley,", "Brandt")]),
    ('Olek Brandt said, "We will not leave the valley."', [("We will not leave the valley.", "Brandt")]),
    ('Olek Brandt told the court: "We will not leave the valley."', [("We will not leave the valley.", "Brandt")]),
    ("“We will not leave the valley,” Olek Brandt said.", [("We will not leave the valley,", "Brandt")]),
    ("'We have nothing to hide,' said Tove Lind.", [("We have nothing to hide,", "Lind")]),
    ("‘We have nothing to hide,’ said Tove Lind.", [("We have nothing to hide,", "Lind")]),
    ('"Withdrew," said Olek Brandt, "in good order."', [("Withdrew,", "Brandt"), ("in good order.", "Brandt")]),
    ('"He was a cobbler," Brandt said, "and a better man."', [("He was", "Brandt"), ("and a", "Brandt")]),
    ('Olek Brandt: "We did not fire on the town."', [("We did not fire on the town.", "Brandt")]),
    ('"We lost to a better side," admitted coach Olek Brandt.', [("We lost to a better side,", "Brandt")]),
    ('"She jumped in after me," her brother, Olek Brandt, recalled.', [("She jumped in after me,", "Brandt")]),
    ('"The bridge is ours tonight," according to Olek Brandt.', [("The bridge is ours tonight,", "Brandt")]),
    ('"It is a long game after all." - Tove Lind', [("It is a long game after all.", "Lind")]),
    ('What Tove Lind actually said was "I would gladly meet him".', [("I would gladly meet him", "Lind")]),
    ('"Rosa did not leave the guild," is how Tove Lind puts it.', [("Rosa did not leave the guild,", "Lind")]),
    ('Olek Brandt\'s verdict: "Too little, too late for us."', [("Too little", "Brandt")]),
    ('"The bridge is not ours," was Tove Lind\'s reply.', [("The bridge", "Lind")]),
    ('Tove Lind was quoted as saying, "We never had any of it."', [("We never", "Lind")]),
    ('A letter from Tove Lind read: "We never had any of it."', [("We never", "Lind")]),
    ('Tove Lind (Kivu Bank): "We never had any of it."', [("We never", "Lind")]),
    ('"A sad day for us all" was the reaction of Tove Lind.', [("A sad day", "Lind")]),
    ('"I am not coming back." These were the words of Tove Lind.', [("I am not", "Lind")]),
    ('Tove Lind\'s advice was to "stay at home tonight".', [("stay at home", "Lind")]),
    ('"It is time to say goodbye," according to a note on Tove Lind\'s website.', [("It is time", "Lind")]),
    ('The Herald quoted Tove Lind as saying: "We never had any of it."', [("We never", "Lind")]),
    ('"We never had any of it," her lawyer, Ruth Hale, quoted Tove Lind as saying.', [("We never", "Lind")]),
    ('Quoting Tove Lind, the Herald called it "the worst storm in memory".', [("the worst", "Lind")]),
    ('"The truce holds", said mediator Tove Lind, hours after the army was said to go.', [("The truce", "Lind")]),
    ("«We never had any of it,» said Tove Lind.", [("We never", "Lind")]),
    ("„We never had any of it“, said Tove Lind.", [("We never", "Lind")]),
    ('“We never had any of it", said Tove Lind.', [("We never", "Lind")]),
    ('Tove Lind tweeted: "We never had any of it."', [("We never", "Lind")]),
    ('Asked about it, Tove Lind replied only, "No comment on that."', [("No comment", "Lind")]),
    ('Tove Lind said it was "bold" and "about time too".', [("bold", "Lind"), ("about time too", "Lind")]),
    ('The plan was described by Tove Lind as "a slap in the face".', [("a slap", "Lind")]),
    ('"A slap in the face" is what Tove Lind called the plan.', [("A slap", "Lind")]),
    ('"It is over," Tove Lind, 41, a nurse from Lima, said.', [("It is over,", "Lind")]),
    # --- over sentences
    ('"It is over," said KCNA. "We won," it added.', [("It is over,", "KCNA"), ("We won,", "KCNA")]),
    ('Tove Lind lost. "It is over," she said. "We all knew."', [("It is over,", "she"), ("We all knew.", "she")]),
    (
        "“It is over,” said Tove Lind.\n\n“We knew it from the first day.”\n\nOlek Brandt did not.",
        [("It is over,", "Lind"), ("We knew", "Lind")],
    ),
    ('Tove Lind shrugged. "We buy their cranes and that is all."', [("We buy their cranes", "Lind")]),
    ('"I saw the whole thing myself." Tove Lind is ninety and sure of it.', [("I saw the whole", "Lind")]),
    ('"It is late," Tove Lind said. "I am going home now."', [("It is late,", "Lind"), ("I am", "Lind")]),
    ('"It is late," said Tove Lind. "I am going home," she added.', [("It is late,", "Lind"), ("I am", "she")]),
    ('"We came. We saw the sea. We left," said Tove Lind.', [("We came. We saw the sea.", "Lind")]),
    (
        "“The night was long and cold,” Tove Lind said. “We waited.\n\n“Then the boats came in.”",
        [("The night was long", "Lind"), ("We waited.", "Lind"), ("Then the boats came in.", "Lind")],
    ),
    # --- fragments that somebody is said to have used
    ('Olek Brandt called the suit "nonsense on stilts".', [("nonsense on stilts", "Brandt")]),
    ('Olek Brandt accused the singer of "stealing my life".', [("stealing my life", "Brandt")]),
    ('Olek Brandt said the delays were "nobody\'s fault but ours".', [("nobody's fault but ours", "Brandt")]),
    ('For Olek Brandt, the deal was "the worst in living memory".', [("the worst", "Brandt")]),
    ('Olek Brandt, who called the plan "a disgrace", left the room.', [("a disgrace", "Brandt")]),
    ('In the words of Tove Lind, the monk "walked out on" the abbey.', [("walked out on", "Lind")]),
    ('Tove Lind is seeking "a full refund and an apology".', [("a full refund", "Lind")]),
    ('Olek Brandt said Peru wants "an end to the madness of it".', [("an end", "Brandt")]),
    ('The study by Tove Lind shows that children "do not get enough salt".', [("do not get", "Lind")]),
    # --- none of these is a quotation
    ("Olek Brandt's brothers' boat isn't fast.", []),
    ("The rock 'n' roll of the '60s wasn't hers.", []),
    ('The choir sang "Ash Wednesday" in the abbey.', []),
    ('The paper printed "The Tide Turns at Noon" on Sunday.', []),
    ('The boxer Olek "Tiger" Brandt won the belt.', []),
    ('The "gift" that the firm made was a bribe.', []),
    ('Nobody owns the word "crusty" in this town.', []),
    ('The so-called "peace bridge" was closed by Tove Lind.', []),
    ('Tove Lind wrote the novel "The Long Winter of the Heart".', []),
    ("The town is 12 miles off and 5' deep.", []),
]  # fmt: skip


@pytest.fixture(scope="module")
def cues() -> Cues:
    return ontology.load().cues


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_quotations(pipeline: Language, cues: Cues, text: str, expected: list[tuple[str, str | None]]) -> None:
    parse = parse_one(document_of(text), pipeline)
    found = find_quotations(parse, cues)
    assert [parse.tokens[q.speaker].text if q.speaker is not None else None for q in found] == [
        who for _, who in expected
    ]
    for quote, (words, _) in zip(found, expected, strict=True):
        assert quote.text.startswith(words)
        assert text[quote.begin : quote.end] == quote.text


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ('"We will not leave the valley," Olek Brandt told the court.', "court"),
        ('"Come here at once, son," Olek Brandt said to Tove Lind.', "Lind"),
        ('"We will not leave the valley," Olek Brandt said.', None),
        ('Olek Brandt hailed the pact as "historic".', None),
    ],
)
def test_addressees(pipeline: Language, cues: Cues, text: str, addressee: str | None) -> None:
    parse = parse_one(document_of(text), pipeline)
    (quote,) = find_quotations(parse, cues)
    assert (parse.tokens[quote.addressee].text if quote.addressee is not None else None) == addressee


def test_a_quotation_inside_a_quotation_has_a_speaker_of_its_own(pipeline: Language, cues: Cues) -> None:
    text = "“The clerk said ‘I never signed it’ to my face,” Tove Lind recalled."
    parse = parse_one(document_of(text), pipeline)
    outer, inner = find_quotations(parse, cues)
    assert (parse.tokens[outer.speaker or 0].text, parse.tokens[inner.speaker or 0].text) == ("Lind", "clerk")
    assert inner.text == "I never signed it"


@pytest.mark.parametrize("text", ['He said "and then', '" "', '"', "“”", "‘", 'A "b', "", "«»", "'''"])
def test_odd_marks_do_no_harm(pipeline: Language, cues: Cues, text: str) -> None:
    parse = parse_one(document_of(text), pipeline)
    assert all(0 <= q.begin < q.end <= len(text) for q in find_quotations(parse, cues))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('Tove Lind lost the vote. "The valley has spoken," the candidate of the Green Union told them.', "Tove Lind"),
        ('Olek Brandt praised Tove Lind. "She made the play what it is," the director said.', "Olek Brandt"),
        ('Tove Lind fell. Then came the rain. "We will not leave the valley," the mayor said.', "Tove Lind"),
        # --- what is written somewhere is said by whose it is
        ('A notice on the Harbour Trust website reads "We had no choice at all."', "Harbour Trust"),
        ('The Harbour Trust website says: "We had no choice at all."', "Harbour Trust"),
        # --- nobody is told of, or what speaks is nobody
        ('The vote was lost. "The valley has spoken to us," the candidate told them.', None),
        ('Tove Lind lost the vote. "The valley has spoken to us," a candidate told them.', None),
        ('Tove Lind lost the vote. "The valley has spoken to us," the sign said.', None),
    ],
)
def test_a_role_that_speaks_is_whom_the_text_tells_of(pipeline: Language, text: str, speaker: str | None) -> None:
    extraction = read(pipeline, text)
    names = {e.id: e.name for e in extraction.entities}
    (quotation,) = extraction.quotations
    assert (names[quotation.speaker] if quotation.speaker is not None else None) == speaker
