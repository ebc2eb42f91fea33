"""Stance and modality: sentence, trigger word, what the sentence makes of it."""

from __future__ import annotations

import datetime

import pytest
from spacy.language import Language

from kg import ontology
from kg.contrast import is_excluded
from kg.cues import Cues
from kg.factuality import factuality
from kg.nlp import parse_one
from kg.read import document_of
from kg.types import Parse

VERBS = [
    # --- it is so
    ("The minister met the rebels in Lima.", "met", "actual"),
    ("The envoy managed to meet the rebels.", "meet", "actual"),
    ("The army began to attack the town.", "attack", "actual"),
    ("The army continued to attack the town.", "attack", "actual"),
    ("The envoy was seen visiting the camp.", "visiting", "actual"),
    ("The court forced the company to pay the widow.", "pay", "actual"),
    ("The widow was able to visit the camp.", "visit", "actual"),
    ("The company had to pay the widow.", "pay", "actual"),
    ("The mayor regrets that he attacked the widow.", "attacked", "actual"),
    ("The mayor does not regret attacking the widow.", "attacking", "actual"),
    ("The envoy reportedly met the rebels in Lima.", "met", "actual"),
    ("According to police, the guard killed the widow.", "killed", "actual"),
    ("The judge said that the guard killed the widow.", "killed", "actual"),
    ("The guard was convicted of killing the widow.", "killing", "actual"),
    ("Why did the army attack the town?", "attack", "actual"),
    ("Is it any wonder that the cellist quit the orchestra?", "quit", "actual"),
    ("The army did not attack the town until it was provoked.", "attack", "actual"),
    ("The mayor not only met the rebels but paid them.", "met", "actual"),
    ("The envoy did not refuse to meet the rebels.", "meet", "actual"),
    # --- it is not so
    ("The minister did not meet the rebels.", "meet", "denied"),
    ("The minister never met the rebels.", "met", "denied"),
    ("Nobody attacked the town.", "attacked", "denied"),
    ("Neither the army nor the rebels attacked the town.", "attacked", "denied"),
    ("At no point did the minister meet the rebels.", "meet", "denied"),
    ("Not one of the forty firms signed the charter.", "signed", "denied"),
    ("The company offered no praise for its chairman.", "offered", "denied"),
    ("The minister denied that he had met the rebels.", "met", "denied"),
    ("The club denies being part of the cartel.", "being", "denied"),
    ("The minister refused to meet the rebels.", "meet", "denied"),
    ("The striker failed to beat the goalkeeper.", "beat", "denied"),
    ("The mayor has yet to visit the camp.", "visit", "denied"),
    ("The firm stopped short of suing its rival.", "suing", "denied"),
    ("The fund has decided against investing in the mine.", "investing", "denied"),
    ("The mayor ruled out joining the party.", "joining", "denied"),
    ("The singer was unable to visit the camp.", "visit", "denied"),
    ("The union will not join the pact.", "join", "denied"),
    ("The team could not beat its rival.", "beat", "denied"),
    ("Only a phone call kept the colonel from storming the station.", "storming", "denied"),
    ("Without meeting the rebels, the envoy left Lima.", "meeting", "denied"),
    ("Instead of attacking the town, the army went home.", "attacking", "denied"),
    ("The runner nearly won the race.", "won", "denied"),
    ("The banker was acquitted of killing the widow.", "killing", "denied"),
    ("It is not true that the mayor founded the order.", "founded", "denied"),
    ("It is untrue, the office said, that the mayor has left the bloc.", "left", "denied"),
    ("There is no evidence that the sheikh threatened the auctioneer.", "threatened", "denied"),
    ("The ministry called the report that its envoy had met the rebels fake.", "met", "denied"),
    ("The bank dismissed as pure fantasy a claim that it had paid the judge.", "paid", "denied"),
    ("A forged letter said that the mayor had bought the mine.", "bought", "denied"),
    ("A fake release had the ferry company accusing its captain.", "accusing", "denied"),
    ("A video that claims the rebels defeated the army comes from a computer game.", "defeated", "denied"),
    ("The club said it had no plans to arrest the guru.", "arrest", "denied"),
    ("The heir threatened to sue the author but never did.", "sue", "denied"),
    ("She was asked to replace the referee but declined.", "replace", "denied"),
    ("The mayor did not meet or call the widow.", "call", "denied"),
    ("If the delegate had met the rebels, the town would stand.", "met", "denied"),
    # --- it is to be
    ("The minister will meet the rebels.", "meet", "planned"),
    ("The minister is going to meet the rebels.", "meet", "planned"),
    ("The minister plans to meet the rebels.", "meet", "planned"),
    ("The swimmer hopes to join the club.", "join", "planned"),
    ("The firm has agreed to acquire its rival.", "acquire", "planned"),
    ("The two states are due to sign a contract.", "sign", "planned"),
    ("The kingdom has offered to supply the island with gas.", "supply", "planned"),
    ("The firm is in talks to sell its plant.", "sell", "planned"),
    ("The duchy is to leave the cartel.", "leave", "planned"),
    ("The judge said she would sue her neighbour.", "sue", "planned"),
    ("The team plays its rival next week.", "plays", "planned"),
    ("The mayor wants to meet the widow and visit the camp.", "visit", "planned"),
    ("The envoy will travel to Lima to meet the rebels.", "meet", "planned"),
    # --- it may be
    ("The minister may meet the rebels.", "meet", "possible"),
    ("The minister may not meet the rebels.", "meet", "possible"),
    ("Perhaps the inspector had warned the priest.", "warned", "possible"),
    ("Did the minister meet the rebels?", "meet", "possible"),
    ("It is unclear whether the mayor met the rebels.", "met", "possible"),
    ("If the bishop wins the vote, three parishes will leave.", "wins", "possible"),
    ("If the bishop wins the vote, three parishes will leave.", "leave", "possible"),
    ("The guard tried to kill the widow.", "kill", "possible"),
    ("The warlord threatened to shell the town.", "shell", "possible"),
    ("Analysts fear the army could attack the town.", "attack", "possible"),
    ("The airline would have bought its rival.", "bought", "possible"),
    ("It is conceivable, said the historian, that the duke met the sultan.", "met", "possible"),
    ("Police did not say that the guard killed the widow.", "killed", "possible"),
    ("The minister refused to say whether he had met the rebels.", "met", "possible"),
    ("The minister did not deny that he had met the rebels.", "met", "possible"),
    ("The parliament urged the king to sanction the bank.", "sanction", "possible"),
    ("The envoy is considering suing the paper.", "suing", "possible"),
    # --- what is another clause's is not this one's
    ("The minister, who has never visited Lima, met the rebels.", "met", "actual"),
    ("The mayor, who hopes to meet the widow, visited the camp.", "visited", "actual"),
    ("The minister who met the rebels did not resign.", "met", "actual"),
    ("After he met the rebels, the envoy did not leave Lima.", "met", "actual"),
    ("The mayor did not meet the widow but called her lawyer.", "called", "actual"),
    ("The fund bought the mine; its rival will sell nothing.", "bought", "actual"),
]  # fmt: skip

NOUNS = [
    ("The minister made a visit to the camp.", "visit", "actual"),
    ("The visit of the minister did not please the rebels.", "visit", "actual"),
    ("The minister rejected criticism by the bishop.", "criticism", "actual"),
    ("The minister wants to end the war in the hills.", "war", "actual"),
    ("No talks took place between the two states.", "talks", "denied"),
    ("Talks between the two states did not take place.", "Talks", "denied"),
    ("The general cancelled his trip to the island.", "trip", "denied"),
    ("The ministry denied a meeting with the rebels.", "meeting", "denied"),
    ("The proposed merger of the two banks fell through.", "merger", "denied"),
    ("Plans for a visit to the camp were dropped.", "visit", "denied"),
    ("There was no attack on the town.", "attack", "denied"),
    ("He had nothing to do with the attack on the town.", "attack", "denied"),
    ("The palace did not sanction the meeting with the rebels.", "meeting", "denied"),
    ("The minister plans a visit to the camp.", "visit", "planned"),
    ("Plans for a visit to the camp worry the guards.", "visit", "planned"),
    ("Ahead of a visit to the camp next week, the minister met the guards.", "visit", "planned"),
    ("The proposed merger of the two banks worries the staff.", "merger", "planned"),
    ("The bishop called for talks with the rebels.", "talks", "planned"),
    ("A possible attack on the town worries the mayor.", "attack", "possible"),
    ("The state is considering an attack on the town.", "attack", "possible"),
    ("The minister did not rule out a meeting with the rebels.", "meeting", "possible"),
    ("She is not the chief of the bank.", "chief", "denied"),
    ("She is no longer the chief of the bank.", "chief", "denied"),
    ("She will become the chief of the bank.", "chief", "planned"),
    ("The nominee for the court visited the camp.", "nominee", "planned"),
]  # fmt: skip

EXCLUDED = [
    ("The bank, not the union, paid the hospital.", "union", True),
    ("The bank, not the union, paid the hospital.", "bank", False),
    ("It was not the economist but his cousin who sang.", "economist", True),
    ("He was born in Kayes and not in Bamako.", "Bamako", True),
    ("He was born in Kayes and not in Bamako.", "Kayes", False),
    ("The mayor did not pay the hospital.", "hospital", False),
]


def _token(parse: Parse, word: str) -> int:
    return next(t.i for t in parse.tokens if t.text == word)


@pytest.fixture(scope="module")
def cues() -> Cues:
    return ontology.load().cues


@pytest.mark.parametrize(("sentence", "trigger", "expected"), VERBS + NOUNS)
def test_factuality(pipeline: Language, cues: Cues, sentence: str, trigger: str, expected: str) -> None:
    parse = parse_one(document_of(sentence), pipeline)
    judged = factuality(parse, _token(parse, trigger), cues)
    assert ("denied" if judged.stance == "denies" else judged.modality) == expected


@pytest.mark.parametrize(("sentence", "participant", "expected"), EXCLUDED)
def test_excluded_participants(pipeline: Language, cues: Cues, sentence: str, participant: str, expected: bool) -> None:
    parse = parse_one(document_of(sentence), pipeline)
    assert is_excluded(parse, _token(parse, participant), cues) is expected


def test_an_excluded_participant_denies_the_fact_for_him_alone(pipeline: Language, cues: Cues) -> None:
    parse = parse_one(document_of("The bank, not the union, paid the hospital."), pipeline)
    paid, bank, union = (_token(parse, w) for w in ("paid", "bank", "union"))
    assert factuality(parse, paid, cues, (bank,)).stance == "asserts"
    assert factuality(parse, paid, cues, (union,)).stance == "denies"


def test_a_present_tense_with_a_day_after_the_documents_is_a_plan(pipeline: Language, cues: Cues) -> None:
    text = "The judge takes office on 3 May 2024."
    before = parse_one(document_of(text, date=datetime.date(2024, 4, 1)), pipeline)
    after = parse_one(document_of(text, date=datetime.date(2024, 6, 1)), pipeline)
    assert factuality(before, _token(before, "takes"), cues).modality == "planned"
    assert factuality(after, _token(after, "takes"), cues).modality == "actual"


def test_without_cues_nothing_fails(pipeline: Language) -> None:
    parse = parse_one(document_of("The minister plans to meet the rebels."), pipeline)
    assert [factuality(parse, t.i, {}).modality for t in parse.tokens].count("actual") == len(parse.tokens)
