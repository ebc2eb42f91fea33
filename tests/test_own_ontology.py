"""The worked example of a user's own ontology: ten relations in Turtle read two articles well enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg import ontology
from kg.types import Extraction, Value

FOOTBALL = Path(__file__).resolve().parent.parent / "docs" / "examples" / "football"
SYMMETRIC = {"drewWith"}
Row = tuple[str, str, str, str]


def _gold() -> set[Row]:
    rows = (line.split("\t") for line in (FOOTBALL / "gold.tsv").read_text(encoding="utf-8").splitlines())
    return {(document, subject, relation, target) for document, subject, relation, target in rows}


def _told(found: Extraction, relations: set[str]) -> Iterator[Row]:
    """What a document asserts, whether done or only to come, in the relations of the example."""
    name = {entity.id: entity.name or "?" for entity in found.entities}
    document = Path(found.document.path or "").stem
    for claim in found.claims:
        if claim.predicate in relations and claim.stance == "asserts" and not isinstance(claim.object, Value):
            ends = [name[claim.subject], name[claim.object]]
            subject, target = sorted(ends) if claim.predicate in SYMMETRIC else ends
            yield document, subject, claim.predicate, target


@pytest.fixture(scope="module")
def extractions() -> tuple[Extraction, ...]:
    found = kg.extract_each([FOOTBALL / "articles"], ontology_files=[FOOTBALL / "football.ttl"])
    return tuple(one for one in found if isinstance(one, Extraction))


def test_the_example_adds_ten_relations_and_no_code() -> None:
    added = ontology.load(extra=(FOOTBALL / "football.ttl",)).relations.keys() - ontology.load().relations.keys()
    assert added == {relation for _, _, relation, _ in _gold()}
    assert len(added) == 10
    assert {path.suffix for path in FOOTBALL.rglob("*") if path.is_file()} == {".ttl", ".tsv", ".txt", ".json"}


def test_the_example_reads_its_articles_with_an_f1_of_at_least_four_fifths(extractions: tuple[Extraction, ...]) -> None:
    gold = _gold()
    found = {row for one in extractions for row in _told(one, {relation for _, _, relation, _ in gold})}
    right = len(gold & found)
    f1 = 2 * right / (len(gold) + len(found))
    assert f1 >= 0.8, f"F1 {f1:.2f}\nmissed {sorted(gold - found)}\nwrong {sorted(found - gold)}"


def test_what_may_happen_and_what_did_not_is_told_apart(extractions: tuple[Extraction, ...]) -> None:
    stances = {
        (claim.predicate, claim.modality)
        for one in extractions
        for claim in one.claims
        if one.document.text[slice(*claim.evidence)].startswith("Westbrook City may sign")
    }
    assert ("signed", "possible") in stances
    assert ("signed", "actual") not in stances
