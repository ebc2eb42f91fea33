"""The trained reader's first look at a text: windows, tags, and whom references mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from kg import gazetteer, ontology
from kg.encoder import LONGEST, SHAPES, shape_of
from kg.extraction import interpret
from kg.nlp import parse_one
from kg.read import document_of
from kg.role_words import role_index
from kg.text_reader import TAGS, read_text

REFERRING = (
    ("Mira Holt flew to Porto. She was met there by Ines Duarte.", "She", "Mira Holt"),
    ("Rift Coal has sacked Jan Beel. The company gave no reason.", "The company", "Rift Coal"),
    ("Ines Duarte, the finance minister, resigned on Monday. The minister was accused of lying by Paul Roux.",
     "The minister", "Ines Duarte"),
)  # fmt: skip
NOT_REFERRING = ("Mira Holt flew to Porto. It rained all day.", "It")


@pytest.mark.parametrize(("text", "words", "name"), REFERRING)
def test_whom_references_mean(text: str, words: str, name: str, pipeline: Language) -> None:
    assert meant(text, pipeline)[words] == name


def test_what_means_nobody_is_left_alone(pipeline: Language) -> None:
    text, words = NOT_REFERRING
    assert words not in meant(text, pipeline)


def meant(text: str, pipeline: Language) -> dict[str, str | None]:
    known = ontology.load()
    said = interpret(parse_one(document_of(text), pipeline), known, gazetteer.load(), role_index(known))
    names = {e.id: e.name for e in said.entities}
    return {m.text: names[m.entities[0]] for m in said.mentions if m.kind in ("pronoun", "nominal")}


def test_every_token_has_chances_however_long_the_text(pipeline: Language) -> None:
    text = "Mira Holt met Ines Duarte in Porto on Monday. " * 40 + "word " * 600 + "."
    parse = parse_one(document_of(text), pipeline)
    reading = read_text(parse)
    assert reading.tags.shape == (len(parse.tokens), TAGS)
    assert abs(reading.tags.sum(axis=1) - 1).max() < 1e-3
    assert max(len(one.pieces) for one in reading.windows) <= LONGEST
    read = [line.sentence for one in reading.windows for line in one.lines[one.known :]]
    assert read == list(range(len(parse.sentences)))


def test_a_text_without_words_is_read(pipeline: Language) -> None:
    assert read_text(parse_one(document_of("語 語 語"), pipeline)).tags.shape[1] == TAGS


@settings(max_examples=200)
@given(st.text(min_size=1))
def test_every_word_has_a_shape(word: str) -> None:
    assert 0 < shape_of(word) < SHAPES
