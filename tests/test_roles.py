"""Titles and roles -> claims and positions."""

from __future__ import annotations

import pytest
from claims import read, said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Borealis Group chief executive Maria Lopez resigned.", ("Maria Lopez leads Borealis Group",), ()),
    ("Maria Lopez, chief executive of Borealis Group, resigned.", ("Maria Lopez leads Borealis Group",), ()),
    ("Kenyan President Ana Silva spoke.", ("Ana Silva leads Kenya",), ("Ana Silva citizenOf Kenya",)),
    ("Ana Silva is the president of Kenya.", ("Ana Silva leads Kenya",), ()),
    ("The president of Kenya, Ana Silva, spoke.", ("Ana Silva leads Kenya",), ()),
    ("President Maria Lopez of Kenya arrived.", ("Maria Lopez leads Kenya",), ()),
    ("Ana Silva, the president of Kenya and the founder of the Harbour Institute, spoke.",
     ("Ana Silva leads Kenya", "Ana Silva founded Harbour Institute"), ("Ana Silva leads Harbour Institute",)),
    ("Maria Lopez served as ambassador to Kenya.", ("Maria Lopez worksFor Kenya",), ()),
    ("Maria Lopez was appointed director of the Harbour Institute.",
     ("Maria Lopez leads Harbour Institute", "Harbour Institute appointed Maria Lopez"), ()),
    ("Maria Lopez resigned as director of the Harbour Institute.", ("Maria Lopez resignedFrom Harbour Institute",), ()),
    ("Maria Lopez will become director of the Harbour Institute.",
     ("planned Maria Lopez leads Harbour Institute",), ("Maria Lopez leads Harbour Institute",)),
    ("Harbour Institute spokesman Pavel Novak denied it.", ("Pavel Novak speaksFor Harbour Institute",), ()),
    ("Pavel Novak, a spokesman for the Harbour Institute, denied it.", ("Pavel Novak speaksFor Harbour Institute",), ()),
    ("The Harbour Institute's Pavel Novak denied it.", ("Pavel Novak worksFor Harbour Institute",), ("Harbour Institute owns Pavel Novak",)),
    ("Pavel Novak of the Harbour Institute denied it.", ("Pavel Novak worksFor Harbour Institute",), ()),
    ("Maria Lopez, wife of Pavel Novak, teaches.", ("Maria Lopez spouseOf Pavel Novak",), ()),
    ("Pavel Novak's sister Ana Silva teaches.", ("Ana Silva relativeOf Pavel Novak",), ()),
    ("French novelist Claire Petit died.", ("Claire Petit citizenOf France",), ("Claire Petit worksFor France",)),
    ("French ambassador Claire Petit died.", ("Claire Petit worksFor France",), ("Claire Petit citizenOf France",)),
    ("Maria Lopez (chair, Borealis Group) would not comment.", ("Maria Lopez leads Borealis Group",), ()),
    ("Deputy director of the Harbour Institute Ana Silva spoke.", ("Ana Silva worksFor Harbour Institute",), ("Ana Silva leads Harbour Institute",)),
    ("Pavel Novak and Ana Silva, president and fellow of the Harbour Institute respectively, spoke.",
     ("Pavel Novak leads Harbour Institute", "Ana Silva worksFor Harbour Institute"), ("Ana Silva leads Harbour Institute",)),
    ("With Maria Lopez as captain, Tema Mariners won.", ("Maria Lopez leads Tema Mariners",), ()),
    ("Ana Silva, of Ohio, to be Ambassador to Kenya.", ("planned Ana Silva worksFor Kenya",), ("Ana Silva worksFor Kenya",)),
    ("Ana Silva, Chief Executive, Borealis Group", ("Ana Silva leads Borealis Group",), ()),
    ("Harbour Bank's economist Maria Lopez and strategist Pavel Novak expect no change.",
     ("Maria Lopez worksFor Harbour Bank", "Pavel Novak worksFor Harbour Bank"), ()),
    ("While in Kenya, Maria Lopez met President Ana Silva.", ("Ana Silva leads Kenya",), ("Maria Lopez leads Kenya",)),
)  # fmt: skip

TENSES = (
    ("Former Borealis Group chairman Pavel Novak died.", "chairman", "former"),
    ("Ana Silva was the president of Kenya.", "president", "former"),
    ("Ana Silva is the president of Kenya.", "president", "current"),
    ("Maria Lopez resigned as director of the Harbour Institute.", "director", "former"),
    ("Maria Lopez will become director of the Harbour Institute.", "director", "future"),
    ("Maria Lopez, an executive vice president of Borealis Group, spoke.", "executive vice president", "current"),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_role_claims(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found


@pytest.mark.parametrize(("text", "title", "tense"), TENSES, ids=[row[0] for row in TENSES])
def test_position(pipeline: Language, text: str, title: str, tense: str) -> None:
    positions = read(pipeline, text).positions
    assert [(p.title, p.tense) for p in positions] == [(title, tense)]
    assert positions[0].organization is not None
