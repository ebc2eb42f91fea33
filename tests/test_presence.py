"""Who does something in person somewhere was there.  A row is a text, what it must say and what it must not say."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Maria Lopez told investors in Frankfurt that profits had doubled.", ("Maria Lopez visited Frankfurt",), ()),
    ("Maria Lopez opened the new customs hall in Narva.", ("Maria Lopez visited Narva",), ()),
    ("Maria Lopez danced on the pier at Odesa.", ("Maria Lopez visited Odesa",), ()),
    ("Maria Lopez sang in Stockholm on Friday.", ("Maria Lopez visited Stockholm",), ()),
    ("Maria Lopez stepped off the night train in Makurdi.", ("Maria Lopez visited Makurdi",), ()),
    ("Maria Lopez was turned back at the airport of Malabo.", ("Maria Lopez visited Malabo",), ()),
    ("Maria Lopez was fishing in Iceland at the time.", ("Maria Lopez visited Iceland",), ()),
    # both of them
    (
        "Maria Lopez embraced Pavel Novak at a hotel in Geneva.",
        ("Maria Lopez visited Geneva",),
        (),
    ),
    ("Minister Maria Lopez received Pavel Novak in Ankara.", ("Pavel Novak visited Ankara",), ()),
    # plans and denials stay what they are
    ("Maria Lopez will sing in Stockholm on Friday.", (), ("Maria Lopez visited Stockholm",)),
    # what is not done in person, or not there
    ("Maria Lopez discussed the war in Yemen with Pavel Novak.", (), ("Maria Lopez visited Yemen",)),
    ("Maria Lopez stands trial in Iran for fraud.", (), ("Maria Lopez visited Iran",)),
    ("Maria Lopez sits on the Monetary Council in Warsaw.", (), ("Maria Lopez visited Warsaw",)),
    ("Maria Lopez condemned the attack in Kabul.", (), ("Maria Lopez visited Kabul",)),
    ("Maria Lopez lost the primary in Iowa.", (), ("Maria Lopez visited Iowa",)),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_presence(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
