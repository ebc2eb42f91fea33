"""Wordings of the press.  A row is a text, what it must say and what it must not say."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Pavel Novak held a knife to the throat of Maria Lopez.", ("Pavel Novak threatened Maria Lopez",), ()),
    ("Russian missiles slammed into Kharkiv on Monday.", ("Russia attacked Kharkiv",), ()),
    ("Pavel Novak robbed Acme Bank in March.", ("Pavel Novak attacked Acme Bank",), ()),
    ("Maria Lopez dragged Pavel Novak from the burning cab.", ("Maria Lopez rescued Pavel Novak",), ()),
    ("The Supreme Court upheld the death penalty for Pavel Novak.", ("Supreme Court sentenced Pavel Novak",), ()),
    ("Canada slapped tariffs on Norway.", ("Canada sanctioned Norway",), ("Norway sanctioned Canada",)),
    ("Acme Club expelled Pavel Novak for cheating.", ("Acme Club sanctioned Pavel Novak",), ()),
    (
        "Acme Bank faces a record fine from the European Commission.",
        ("European Commission sanctioned Acme Bank",),
        ("Acme Bank sanctioned European Commission",),
    ),
    ("Maria Lopez called Pavel Novak a tyrant.", ("Maria Lopez criticized Pavel Novak",), ()),
    ("Maria Lopez called Pavel Novak on Monday.", (), ("Maria Lopez criticized Pavel Novak",)),
    ("The sale of Acme Steel to Borealis Group closed on Monday.", ("Borealis Group acquired Acme Steel",), ()),
    ("Borealis Group poached Pavel Novak from Acme Steel.", ("Pavel Novak left Acme Steel",), ()),
    # who defeated somebody competed with them, and a defeat denied says nothing
    (
        "Maria Lopez beat Pavel Novak in the final.",
        ("Maria Lopez defeated Pavel Novak",),
        ("Pavel Novak defeated Maria Lopez",),
    ),
    ("Maria Lopez did not call Pavel Novak a tyrant.", (), ("Maria Lopez criticized Pavel Novak",)),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_press(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
