"""A lasting fact at every pair of mentions of its sentence, and persons that a text never names."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kg import extraction, gazetteer, ontology
from kg.read import document_of

LASTING = (
    (
        "Ada Holm lived in Vienna, where she died.",
        "livesIn",
        {("Ada Holm", "Vienna"), ("Ada Holm", "where"), ("she", "Vienna"), ("she", "where")},
    ),
    ("Jonas Vos, who was born in Bergen, paints.", "bornIn", {("Jonas Vos", "Bergen"), ("who", "Bergen")}),
    ("I was born in Bergen and I paint.", "bornIn", {("I", "Bergen")}),
    ("It was founded by Ada Holm in Oslo.", "founded", {("Ada Holm", "It")}),
    ("Jonas Vos was the son of Pieter Vos.", "childOf", {("Jonas Vos", "Pieter Vos")}),
    ("He was the son of Pieter Vos.", "childOf", {("He", "Pieter Vos")}),
    ("Ada Holm met Pieter Vos before she left.", "met", {("Ada Holm", "Pieter Vos")}),
)


@pytest.mark.parametrize(("text", "relation", "expected"), LASTING)
def test_pairs_of_mentions(text: str, relation: str, expected: set[tuple[str, str]], pipeline: Language) -> None:
    found = extraction.extract(document_of(text), pipeline, ontology.load(), gazetteer.load())
    claims = [c for c in found.claims if c.predicate == relation]
    assert {(text[slice(*c.subject_span)], text[slice(*c.object_span)]) for c in claims} == expected
    assert len({(c.subject, c.object) for c in claims}) == 1


def test_the_nameless_are_entities_without_a_name(pipeline: Language) -> None:
    found = extraction.extract(
        document_of("I live in Bergen. My house is small. “I paint,” somebody said."),
        pipeline, ontology.load(), gazetteer.load(),
    )  # fmt: skip
    (narrator,) = [e for e in found.entities if e.name is None and e.type == "Person"]
    assert [m.text for m in found.mentions if m.entities == (narrator.id,)] == ["I", "My"]
