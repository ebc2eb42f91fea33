"""Names that stand together, places around places, life dates in brackets."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Ana Silva lives in Kanata, Ontario.", ("Kanata locatedIn Ontario", "Ana Silva livesIn Kanata", "Ana Silva livesIn Ontario"), ()),
    ("They flew to Paris, Berlin, and Rome.", (), ("Paris locatedIn Berlin", "Berlin locatedIn Rome")),
    ("Teams from Sudan, Iran, Libya and Yemen came.", (), ("Sudan locatedIn Iran", "Iran locatedIn Libya")),
    ("Maria Lopez (3 May 1961 - 4 June 2020) was a Portuguese novelist.",
     ("Maria Lopez bornOn 1961-05-03", "Maria Lopez diedOn 2020-06-04", "Maria Lopez citizenOf Portugal"), ()),
    ("Maria Lopez (born 1961) is a novelist.", ("Maria Lopez bornOn 1961",), ("Maria Lopez diedOn 1961",)),
    ("Maria Lopez (1961, 1964 and 1970) won three times.", (), ("Maria Lopez bornOn 1961", "Maria Lopez diedOn 1970")),
    ("While in Kenya, Maria Lopez met Pavel Novak.", ("Maria Lopez visited Kenya",), ("Pavel Novak visited Kenya",)),
    ("Borealis Group's Harbour Times wrote this.", ("Harbour Times partOf Borealis Group",), ("Harbour Times owns Borealis Group",)),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_structures(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
