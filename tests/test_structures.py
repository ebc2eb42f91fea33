"""Names that stand together, places around places, life dates in brackets."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Ana Silva lives in Kanata, Ontario.",
        ("Kanata locatedIn Ontario", "Ana Silva livesIn Kanata", "Ana Silva livesIn Ontario"),
        (),
    ),
    ("They flew to Paris, Berlin, and Rome.", (), ("Paris locatedIn Berlin", "Berlin locatedIn Rome")),
    ("Teams from Sudan, Iran, Libya and Yemen came.", (), ("Sudan locatedIn Iran", "Iran locatedIn Libya")),
    (
        "Maria Lopez (3 May 1961 - 4 June 2020) was a Portuguese novelist.",
        ("Maria Lopez bornOn 1961-05-03", "Maria Lopez diedOn 2020-06-04", "Maria Lopez citizenOf Portugal"),
        (),
    ),
    ("Queen Maria Lopez (r. 1450-1515) wrote letters.", (), ("Maria Lopez bornOn 1450", "Maria Lopez diedOn 1515")),
    ("Maria Lopez (mayor 1990-2000) wrote letters.", (), ("Maria Lopez bornOn 1990", "Maria Lopez diedOn 2000")),
    ("Maria Lopez (ca. 1450 - 1515) wrote letters.", ("Maria Lopez bornOn 1450", "Maria Lopez diedOn 1515"), ()),
    ("Maria Lopez (born 1961) is a novelist.", ("Maria Lopez bornOn 1961",), ("Maria Lopez diedOn 1961",)),
    ("Maria Lopez (1961, 1964 and 1970) won three times.", (), ("Maria Lopez bornOn 1961", "Maria Lopez diedOn 1970")),
    ("While in Kenya, Maria Lopez met Pavel Novak.", ("Maria Lopez visited Kenya",), ("Pavel Novak visited Kenya",)),
    (
        "Borealis Group's Harbour Times wrote this.",
        ("Harbour Times partOf Borealis Group",),
        ("Harbour Times owns Borealis Group",),
    ),
    (
        "Maria Lopez (1906 in Graz, Austria – 1968 in Linz) was a novelist.",
        ("Maria Lopez bornOn 1906", "Maria Lopez bornIn Graz", "Maria Lopez bornIn Austria", "Maria Lopez diedOn 1968"),
        ("Maria Lopez bornIn Linz",),
    ),
    (
        "Maria Lopez, KCVO (b. November 27, 1939 - d. April 12, 2007) was a judge.",
        ("Maria Lopez bornOn 1939-11-27", "Maria Lopez diedOn 2007-04-12"),
        (),
    ),
    ("The astronomer George Bond (1825–1865) proposed it.", ("George Bond bornOn 1825", "George Bond diedOn 1865"), ()),
    ("Maria Lopez (June 26, 1965) is an American engineer.", ("Maria Lopez bornOn 1965-06-26",), ()),
    ("Maria Lopez (June 26, 2015) said no.", (), ("Maria Lopez bornOn 2015-06-26",)),
    (
        "Maria Lopez (died 5 May 1900 in Paris) was a poet.",
        ("Maria Lopez diedOn 1900-05-05",),
        ("Maria Lopez bornIn Paris",),
    ),
    ("Kenya and Uganda have been allies since 1990.", ("Kenya alliedWith Uganda",), ()),
    ("Maria Lopez and Pavel Novak are not rivals.", (), ("Maria Lopez competedWith Pavel Novak",)),
    ("Harbour Trust is a Swiss bank.", ("Harbour Trust basedIn Switzerland",), ()),
    ("The Iranian-backed group Harbour Front attacked.", (), ("Harbour Front basedIn Iran",)),
    ("Originally from Leeds, Maria Lopez moved to York.", ("Maria Lopez bornIn Leeds",), ("Maria Lopez bornIn York",)),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_structures(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
