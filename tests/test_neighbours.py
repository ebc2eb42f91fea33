"""Names with only small words between them."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Maria Lopez, 58, of Leeds, was fined.", ("Maria Lopez livesIn Leeds",), ()),
    ("Maria Lopez (37, Lisbon) won the lottery.", ("Maria Lopez livesIn Lisbon",), ()),
    ("Mayor Maria Lopez of Leeds was fined.", (), ("Maria Lopez livesIn Leeds",)),
    ("Maria Lopez of Kenya came third.", ("Maria Lopez citizenOf Kenya",), ("Maria Lopez livesIn Kenya",)),
    ("President Maria Lopez of Kenya came third.", (), ("Maria Lopez citizenOf Kenya",)),
    ("Maria Lopez, 26, of the Harbour Police, died.", ("Maria Lopez worksFor Harbour Police",), ()),
    ("Maria Lopez, now with Acme Steel, agreed.", ("Maria Lopez worksFor Acme Steel",), ()),
    (
        "Kenya 2-1 Uganda",
        ("Kenya defeated Uganda",),
        ("Uganda defeated Kenya",),
    ),
    ("Kenya 1-1 Uganda", (), ("Kenya defeated Uganda",)),
    ("The town of Leiria in the state of Bavaria was flooded.", ("Leiria locatedIn Bavaria",), ()),
    ("She lives in the Brazilian state of Bahia.", ("Bahia locatedIn Brazil",), ()),
    ("Borealis Group's Acme Steel won.", ("Borealis Group owns Acme Steel",), ()),
    ("Borealis Group's Office of Trade won.", (), ("Borealis Group owns Office of Trade",)),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_neighbours(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
