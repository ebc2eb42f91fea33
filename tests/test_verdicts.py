"""What somebody calls somebody, as praise or blame."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Maria Lopez called Pavel Novak a coward.", ("Maria Lopez criticized Pavel Novak",), ()),
    ("Maria Lopez described Pavel Novak as a hero.", ("Maria Lopez praised Pavel Novak",), ()),
    (
        "Maria Lopez described Pavel Novak as no asset.",
        ("Maria Lopez criticized Pavel Novak",),
        ("Maria Lopez praised Pavel Novak",),
    ),
    (
        "Maria Lopez described Pavel Novak as a teacher.",
        (),
        ("Maria Lopez praised Pavel Novak", "Maria Lopez criticized Pavel Novak"),
    ),
    ("Maria Lopez said that Pavel Novak had lied.", ("Maria Lopez accused Pavel Novak",), ()),
    ("Maria Lopez said that Pavel Novak had not lied.", (), ("Maria Lopez accused Pavel Novak",)),
    ("Maria Lopez said that Pavel Novak had left.", (), ("Maria Lopez accused Pavel Novak",)),
    ("Maria Lopez said that Pavel Novak would lie.", (), ("Maria Lopez accused Pavel Novak",)),
    ("Maria Lopez said Pavel Novak was incompetent.", ("Maria Lopez criticized Pavel Novak",), ()),
    ('"He is a coward," said Maria Lopez of Pavel Novak.', ("Maria Lopez criticized Pavel Novak",), ()),
    ("The minister dismissed Pavel Novak.", (), ("Maria Lopez criticized Pavel Novak",)),
    ("Maria Lopez dismissed Pavel Novak as a clown.", ("Maria Lopez criticized Pavel Novak",), ()),
    ("Maria Lopez dismissed Pavel Novak on Monday.", (), ("Maria Lopez criticized Pavel Novak",)),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_verdicts(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
