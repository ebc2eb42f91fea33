"""Denials that reach further than their clause: text, what is denied by whom, and what still is asserted by whom."""

from __future__ import annotations

import pytest
from claims import read
from spacy.language import Language

from kg.types import Extraction

TWO_CLAIMS = """\
The Kivu Herald reported that Olek Brandt met Tove Lind. It said Tove Lind also met Remi Cloutier.

Kenya dismissed the Herald's report as nonsense."""

ROWS: list[tuple[str, list[str], list[str]]] = [
    # --- a whole report, with all that it says
    (
        "The Kivu Herald reported that Olek Brandt met Tove Lind. Kenya called the report fake.",
        ["Kenya: not Olek Brandt met Tove Lind"],
        ["Kivu Herald: Olek Brandt met Tove Lind"],
    ),
    (
        TWO_CLAIMS,
        ["Kenya: not Olek Brandt met Tove Lind", "Kenya: not Tove Lind met Remi Cloutier"],
        ["Kivu Herald: Olek Brandt met Tove Lind", "Kivu Herald: Tove Lind met Remi Cloutier"],
    ),
    (
        "Olek Brandt met Tove Lind, the Kivu Herald reported. Kenya denied the report.",
        ["Kenya: not Olek Brandt met Tove Lind"],
        ["Kivu Herald: Olek Brandt met Tove Lind"],
    ),
    # --- what was said just before
    (
        "Tove Lind said that Remi Cloutier met Olek Brandt. Olek Brandt denied the claim.",
        ["Olek Brandt: not Remi Cloutier met Olek Brandt"],
        ["Tove Lind: Remi Cloutier met Olek Brandt"],
    ),
    (
        "Tove Lind said that Remi Cloutier met Olek Brandt. Olek Brandt has denied it.",
        ["Olek Brandt: not Remi Cloutier met Olek Brandt"],
        ["Tove Lind: Remi Cloutier met Olek Brandt"],
    ),
    # --- who has a claim rejected still claims it
    (
        "Olek Brandt rejected Tove Lind's claim that Remi Cloutier met Ana Silva.",
        ["Olek Brandt: not Remi Cloutier met Ana Silva"],
        ["Tove Lind: Remi Cloutier met Ana Silva"],
    ),
    (
        "Olek Brandt dismissed an allegation by Tove Lind that Remi Cloutier had met Ana Silva.",
        ["Olek Brandt: not Remi Cloutier met Ana Silva"],
        ["Tove Lind: Remi Cloutier met Ana Silva"],
    ),
    # --- none of these denies more
    (
        "Tove Lind said that Remi Cloutier met Ana Silva. Olek Brandt does not deny it.",
        [],
        ["Tove Lind: Remi Cloutier met Ana Silva"],
    ),
    ("Olek Brandt met Tove Lind. Kenya praised the report.", [], [": Olek Brandt met Tove Lind"]),
    ("Olek Brandt met Tove Lind. Kenya called the report fake.", [], [": Olek Brandt met Tove Lind"]),
    (
        "Olek Brandt rejected Tove Lind's claim that Remi Cloutier never met Ana Silva.",
        ["Olek Brandt: not Remi Cloutier met Ana Silva"],
        [],
    ),
    (
        "The Kivu Herald reported that Olek Brandt met Tove Lind. Kenya denied that Remi Cloutier met Ana Silva.",
        ["Kenya: not Remi Cloutier met Ana Silva"],
        ["Kivu Herald: Olek Brandt met Tove Lind"],
    ),
]  # fmt: skip


def _told(extraction: Extraction, stance: str) -> set[str]:
    names = {e.id: e.name or "?" for e in extraction.entities}
    mark = "not " if stance == "denies" else ""
    return {
        f"{', '.join(names[s] for s in c.attributed_to)}: {mark}{names[c.subject]} {c.predicate} {names[str(c.object)]}"
        for c in extraction.claims
        if c.stance == stance and c.predicate == "met"
    }


@pytest.mark.parametrize(("text", "denied", "asserted"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_rejections(pipeline: Language, text: str, denied: list[str], asserted: list[str]) -> None:
    extraction = read(pipeline, text)
    assert _told(extraction, "denies") == set(denied)
    assert _told(extraction, "asserts") == set(asserted)


def test_a_denial_of_a_report_names_the_claim_it_comes_from(pipeline: Language) -> None:
    claims = read(pipeline, ROWS[0][0]).claims
    denials = [c for c in claims if c.rule == "rejected"]
    assert denials
    assert all(claims[c.derived_from[0]].predicate == c.predicate for c in denials)
