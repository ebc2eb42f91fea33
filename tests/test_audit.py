"""Sentences that name two and yield no claim: the reason given is the true one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.language import Language

from kg import gazetteer, ontology
from kg.audit import Gap, audit, counts_of, gaps, json_of, markdown_of, rows_of
from kg.nlp import parse_one
from kg.read import document_of
from kg.role_words import role_index


def found(pipeline: Language, text: str) -> list[Gap]:
    known = ontology.load()
    return list(gaps(parse_one(document_of(text), pipeline), known, gazetteer.load(), role_index(known)))


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        ("Anna Keller dozed while Peter Voss snored.", "no word", "no word of the lexicon; the main verb is “doze”"),
        (
            "Anna Keller said that Peter Voss was arrested.",
            "no argument",
            "“arrested” (arrested) lacks a named subject",
        ),
        ("Anna Keller said that Peter Voss visited often.", "no argument", "“visited” (met) lacks a named object"),
    ],
)
def test_the_reason_is_true(pipeline: Language, text: str, reason: str, detail: str) -> None:
    (gap,) = found(pipeline, text)
    assert gap.reason == reason
    assert detail in gap.detail
    assert gap.names == ("Anna Keller", "Peter Voss")
    assert text[gap.begin : gap.end] == gap.sentence == text


@pytest.mark.parametrize(
    "text",
    [
        "Anna Keller met Peter Voss.",
        "Anna Keller did not meet Peter Voss.",
        "Anna Keller smiled.",
        "It rained.",
    ],
)
def test_no_gap(pipeline: Language, text: str) -> None:
    assert found(pipeline, text) == []


def test_a_word_of_the_lexicon_closes_a_gap(pipeline: Language, tmp_path: Path) -> None:
    article, more = tmp_path / "a.txt", tmp_path / "more.ttl"
    article.write_text("Anna Keller impersonated Peter Voss.\n", encoding="utf-8")
    more.write_text(
        """@prefix kg: <https://kg.example/ontology#> . @prefix lex: <https://kg.example/lexicon/en#> .
        lex:impersonate a kg:VerbEntry ; kg:says kg:opposes ; kg:word "impersonate" ; kg:frame "subj obj" .""",
        encoding="utf-8",
    )
    before, skipped = audit([article])
    assert [gap.names for gap in before] == [("Anna Keller", "Peter Voss")]
    assert skipped == ()
    assert audit([article], ontology_files=[more]) == ((), ())


def test_furniture_is_told(pipeline: Language) -> None:
    from kg.types import Block, Document

    text = "Anna Keller met Peter Voss.\n\nRead also: Anna Keller and Peter Voss"
    blocks = (Block(begin=0, end=27, kind="prose"), Block(begin=29, end=len(text), kind="furniture"))
    document = Document(id="d", text=text, blocks=blocks)
    known = ontology.load()
    (gap,) = gaps(parse_one(document, pipeline), known, gazetteer.load(), role_index(known))
    assert (gap.reason, text[gap.begin : gap.end]) == ("furniture", text[29:])


def test_rows_counts_markdown_and_json(pipeline: Language) -> None:
    told = [
        *found(pipeline, "Anna Keller dozed while Peter Voss snored."),
        *found(pipeline, "Anna Keller overslept while Peter Voss snored."),
    ]
    assert counts_of(told) == [("no word of the lexicon", 2)]
    assert rows_of(told)[0][1:3] == ("Anna Keller dozed while Peter Voss snored.", "Anna Keller, Peter Voss")
    assert "## No word of the lexicon: 2" in markdown_of(told)
    assert json.loads(json_of(told))[1]["sentence"] == "Anna Keller overslept while Peter Voss snored."
