"""Checks of a lexicon of one's own: one fault in a file, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.lexicon_check import check
from kg.lexicon_try import coverage, try_sentence

HEAD = """
@prefix my: <https://example.org/league#> .
@prefix kg: <https://kg.example/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
my:playsFor a owl:ObjectProperty ; rdfs:subPropertyOf kg:relatedTo ; rdfs:label "plays for" ;
    kg:domainIncludes kg:Person ; kg:rangeIncludes kg:Organization .
my:sign a kg:VerbEntry ; kg:says my:playsFor ; kg:word "sign" ; kg:frame "subj with" .
"""
SOUND = 'my:keep a kg:VerbEntry ; kg:says my:playsFor ; kg:word "keep goal" ; kg:frame "subj for" .'

# An entry, and (severity, entry, words of the message), or nothing where it is sound.
ROWS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (SOUND, ()),
    (
        'my:a a kg:VerbEntry ; kg:says my:scored ; kg:word "score" ; kg:frame "subj obj" .',
        (("error", "a", "unknown relation"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says my:playsFor ; kg:word "score" ; kg:frame "subj fro" .',
        (("error", "a", "unknown slot 'fro'"),),
    ),
    (
        'my:a a kg:NounEntry ; kg:says my:playsFor ; kg:word "transfer" ; kg:frame "subj to" .',
        (("error", "a", "unknown slot 'subj' for a noun"),),
    ),
    (
        'my:a a kg:NounEntry ; kg:says my:playsFor ; kg:word "debut" ; kg:frame "agent date" .',
        (("error", "a", "takes an entity"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says kg:foundedOn ; kg:word "open" ; kg:frame "obj in" .',
        (("error", "a", "takes a date"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says my:playsFor ; kg:word "swap" ; kg:frame "subj subj" .',
        (("error", "a", "no class is subject and object"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says my:playsFor ; kg:subjectType kg:Place ; kg:word "host" ; kg:frame "subj obj" .',
        (("error", "a", "kg:subjectType is no class"),),
    ),
    (
        'my:a a kg:StructureEntry ; kg:says my:playsFor ; kg:frame "sideways" .',
        (("error", "a", "structure 'sideways' is not known"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says kg:opposes ; kg:word "support" ; kg:frame "subj obj" .',
        (("error", "a", "'support' says opposes, and in supports-support it says supports"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says my:playsFor ; kg:word "Turn out" ; kg:frame "subj for" .',
        (("error", "a", "not in lower case"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says my:playsFor ; kg:word "court-martial" ; kg:frame "subj for" .',
        (("error", "a", "cuts 'court-martial' apart"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says my:playsFor ; kg:word "dribbled" ; kg:frame "subj for" .',
        (("warning", "a", "a form of 'dribble'"),),
    ),
    (
        'my:a a kg:VerbEntry ; kg:says my:playsFor ; kg:word "train with" ; kg:frame "subj with" .',
        (("warning", "a", "write 'train'"),),
    ),
    (
        "my:coaches a owl:ObjectProperty ; rdfs:subPropertyOf kg:relatedTo .",
        (("warning", "coaches", "no entry says this relation"),),
    ),
)


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "league.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_findings(tmp_path: Path, text: str, expected: tuple[tuple[str, str, str], ...]) -> None:
    found = check([_file(tmp_path, text)])
    assert [(one.severity, one.entry) for one in found] == [(severity, entry) for severity, entry, _ in expected]
    for one, (_, _, words) in zip(found, expected, strict=True):
        assert words in one.message
        assert one.file == "league.ttl"


def test_every_fault_of_a_file_is_told(tmp_path: Path) -> None:
    faults = [text for text, expected in ROWS[1:4] for _ in expected]
    text = "\n".join(fault.replace("my:a ", f"my:a{number} ") for number, fault in enumerate(faults))
    assert [one.entry for one in check([_file(tmp_path, text)])] == ["a0", "a1", "a2"]


def test_a_sentence_shows_what_fires_and_what_is_lacking(tmp_path: Path) -> None:
    path = _file(tmp_path, SOUND)
    trial = try_sentence("Maria Lopez signed with Acme Steel and keeps bees for Borealis Group.", [path])
    assert ("Maria Lopez playsFor Acme Steel", "sign:subj with") in trial.claims
    told = {one.entry: (one.fires, one.detail) for one in trial.attempts}
    assert told["sign"] == (True, "Maria Lopez playsFor Acme Steel")
    assert told["keep"] == (False, "lacks “goal” beside “keeps”")
    assert [token[0] for token in trial.tokens[:3]] == ["Maria", "Lopez", "signed"]


@pytest.mark.parametrize(
    ("sentence", "detail"),
    [
        ("Maria Lopez signed with relief.", "subj with: its with “relief” is no known name and stands for none"),
        ("Maria Lopez signed the letter.", "subj with: lacks “with ...”"),
        ("Maria Lopez signed with Pavel Novak.", "subj with: its with Pavel Novak is a Person, which does not fit"),
    ],
)
def test_why_an_entry_does_not_fire(tmp_path: Path, sentence: str, detail: str) -> None:
    trial = try_sentence(sentence, [_file(tmp_path, SOUND)])
    assert [(one.fires, one.detail) for one in trial.attempts if one.entry == "sign"] == [(False, detail)]


def test_a_corpus_tells_of_silent_entries_and_of_verbs_without_entry(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("Maria Lopez signed with Acme Steel. Pavel Novak repainted Maria Lopez.", encoding="utf-8")
    counted = coverage([text], [_file(tmp_path, SOUND)])
    assert counted.documents == 1
    assert counted.fired == (("sign", 1),)
    assert counted.never == ("keep",)
    assert counted.uncovered == (("repainted", 1, "Pavel Novak repainted Maria Lopez."),)


@pytest.mark.parametrize(("text", "status", "errors"), [(SOUND, 0, 0), (ROWS[1][0], 1, 1), (ROWS[-2][0], 0, 0)])
def test_the_exit_status_tells_of_errors(tmp_path: Path, text: str, status: int, errors: int) -> None:
    path = str(_file(tmp_path, text))
    shown = CliRunner().invoke(app, ["lexicon", "check", path, "--format", "json"])
    assert shown.exit_code == status
    assert sum(one["severity"] == "error" for one in json.loads(shown.stdout)) == errors
    table = CliRunner().invoke(app, ["lexicon", "check", path])
    assert table.exit_code == status
    assert f"{errors} error" in table.stdout


def test_a_trial_and_a_corpus_are_shown(tmp_path: Path) -> None:
    path = str(_file(tmp_path, SOUND))
    shown = CliRunner().invoke(app, ["lexicon", "check", path, "--try", "Maria Lopez signed with Acme Steel."])
    assert shown.exit_code == 0
    assert "fires" in shown.stdout
    text = tmp_path / "text.txt"
    text.write_text("Maria Lopez signed with Acme Steel.", encoding="utf-8")
    shown = CliRunner().invoke(app, ["lexicon", "check", path, "--corpus", str(text)])
    assert shown.exit_code == 0
    assert "1 entry never fired in 1 document: keep." in shown.stdout
