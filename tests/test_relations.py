"""Constructions -> claims.  A row is a text, what it must say and what it must not say."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

MET = "Maria Lopez met Pavel Novak"

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Grenland Radio lost its licence on Monday. The station was founded in 1994 by Ana Silva.",
        ("Ana Silva founded Grenland Radio",),
        (),
    ),
    ("Kenya convicted Ana Silva of fraud.", ("Kenya convicted Ana Silva",), ()),
    (
        "The president of Kenya dismissed the energy minister of Kenya, Ana Silva.",
        (),
        ("Ana Silva left Kenya",),
    ),
    # clauses as complements, causatives, echoes, inversion, reciprocals
    ("Maria Lopez threatened to sue Pavel Novak.", ("Maria Lopez threatened Pavel Novak",), ()),
    (
        "Maria Lopez wants Pavel Novak to resign.",
        ("Maria Lopez urged Pavel Novak",),
        ("Pavel Novak urged Maria Lopez",),
    ),
    (
        "Maria Lopez alleges that Pavel Novak stole the plans.",
        ("Maria Lopez accused Pavel Novak",),
        ("Pavel Novak accused Maria Lopez",),
    ),
    ("Maria Lopez had Pavel Novak sentenced to death.", ("Maria Lopez sentenced Pavel Novak",), ()),
    (
        "Maria Lopez supports Ana Silva, as does Pavel Novak.",
        ("Maria Lopez supports Ana Silva", "Pavel Novak supports Ana Silva"),
        (),
    ),
    (
        "Sued by her agent, Pavel Novak, the singer Maria Lopez left.",
        ("Pavel Novak sued Maria Lopez",),
        ("Maria Lopez sued Pavel Novak",),
    ),
    (
        "Acme Steel named Maria Lopez chief executive, replacing Pavel Novak.",
        ("Maria Lopez replaced Pavel Novak",),
        ("Acme Steel replaced Pavel Novak",),
    ),
    ("Maria Lopez, on a visit to Kenya, said no.", ("Maria Lopez visited Kenya",), ()),
    ("Maria Lopez scolded Pavel Novak by telephone.", ("Maria Lopez talkedWith Pavel Novak",), ()),
    ("The charges against Pavel Novak, brought by Ana Silva, were dropped.", ("Ana Silva charged Pavel Novak",), ()),
    ("The attack on Kenya was the work of Borealis Group.", ("Borealis Group attacked Kenya",), ()),
    ("Acme Steel is controlled by the family of Maria Lopez.", ("Maria Lopez owns Acme Steel",), ()),
    ("Acme Steel is supplied by the family of Maria Lopez.", (), ("Maria Lopez owns Acme Steel",)),
    # active, passive, participles, relative clauses
    ("Maria Lopez met Pavel Novak in Vienna.", (MET,), ()),
    ("Maria Lopez and Pavel Novak met in Vienna.", (MET,), ()),
    (
        "Maria Lopez met with Pavel Novak and Ana Silva on Monday.",
        (MET, "Maria Lopez met Ana Silva"),
        ("Pavel Novak met Ana Silva",),
    ),
    (
        "Pavel Novak was criticized by Maria Lopez.",
        ("Maria Lopez criticized Pavel Novak",),
        ("Pavel Novak criticized Maria Lopez",),
    ),
    (
        "The report says Pavel Novak, criticized by Maria Lopez last week, will retire.",
        ("Maria Lopez criticized Pavel Novak",),
        (),
    ),
    (
        "Ana Silva, who visited Kenya, praised Pavel Novak.",
        ("Ana Silva visited Kenya", "Ana Silva praised Pavel Novak"),
        ("Pavel Novak visited Kenya",),
    ),
    (
        "Acme Steel was bought by Borealis Group in 2019.",
        ("Borealis Group acquired Acme Steel",),
        ("Acme Steel acquired Borealis Group",),
    ),
    (
        "Founded by Maria Lopez in 1998, Acme Steel makes wire.",
        ("Maria Lopez founded Acme Steel", "Acme Steel foundedOn 1998"),
        (),
    ),
    (
        "Maria Lopez founded and runs Acme Steel.",
        ("Maria Lopez founded Acme Steel", "Maria Lopez leads Acme Steel"),
        (),
    ),
    (
        "Pavel Novak was sentenced by the Vienna Regional Court to four years.",
        ("Vienna Regional Court sentenced Pavel Novak",),
        (),
    ),
    # control, raising, perception
    ("Maria Lopez agreed to meet Pavel Novak.", (f"planned {MET}",), (MET,)),
    ("Maria Lopez was seen visiting Kenya.", ("Maria Lopez visited Kenya",), ()),
    (
        "Maria Lopez asked Pavel Novak to visit Kenya.",
        ("Maria Lopez urged Pavel Novak",),
        ("Pavel Novak visited Kenya", "Maria Lopez visited Kenya"),
    ),
    ("Before she left for Kenya, Maria Lopez met Pavel Novak.", (MET,), ("Pavel Novak visited Kenya",)),
    # denial, plan, possibility
    ("Maria Lopez did not meet Pavel Novak.", (f"not {MET}",), (MET,)),
    ("Maria Lopez denied that she had met Pavel Novak.", (f"not {MET}",), (MET,)),
    (
        "Neither Maria Lopez nor Pavel Novak visited Kenya.",
        ("not Maria Lopez visited Kenya", "not Pavel Novak visited Kenya"),
        ("Pavel Novak visited Kenya",),
    ),
    ("Maria Lopez will visit Kenya next week.", ("planned Maria Lopez visited Kenya",), ("Maria Lopez visited Kenya",)),
    ("Maria Lopez may visit Kenya.", ("possible Maria Lopez visited Kenya",), ("Maria Lopez visited Kenya",)),
    (
        "If Maria Lopez visits Kenya, Pavel Novak will resign.",
        ("possible Maria Lopez visited Kenya",),
        ("Maria Lopez visited Kenya",),
    ),
    ("Has Maria Lopez visited Kenya?", (), ("Maria Lopez visited Kenya",)),
    # nouns as events, support verbs
    ("Borealis Group announced the acquisition of Acme Steel.", ("Borealis Group acquired Acme Steel",), ()),
    (
        "After talks with Pavel Novak, Maria Lopez flew to Kenya.",
        ("Maria Lopez talkedWith Pavel Novak", "Maria Lopez visited Kenya"),
        (),
    ),
    ("Maria Lopez paid a visit to Kenya.", ("Maria Lopez visited Kenya",), ()),
    (
        "During a trip to Kenya, Maria Lopez met Pavel Novak.",
        ("Maria Lopez visited Kenya", MET),
        ("Pavel Novak visited Kenya",),
    ),
    ("Pavel Novak's meeting with Maria Lopez lasted an hour.", (MET,), ()),
    ("A meeting between Maria Lopez and Pavel Novak took place in Vienna.", (MET,), ()),
    ("Maria Lopez held talks with Pavel Novak.", ("Maria Lopez talkedWith Pavel Novak",), ()),
    ("Maria Lopez condemned the attack in Kenya.", (), ("Maria Lopez attacked Kenya",)),
    (
        "The United States imposed sanctions on Iran.",
        ("United States sanctioned Iran",),
        ("Iran sanctioned United States",),
    ),
    # who speaks for whom
    ("Russian forces attacked Kharkiv.", ("Russia attacked Kharkiv",), ()),
    ("Three former Russian officials met Maria Lopez.", (), ("Russia met Maria Lopez",)),
    ("Maria Lopez praised Kenya's efforts.", ("Maria Lopez praised Kenya",), ()),
    ("Acme Steel's delegation was led by Maria Lopez.", (), ("Maria Lopez leads Acme Steel",)),
    # lists
    (
        "Kenya, Uganda and Tanzania condemned Russia.",
        ("Kenya criticized Russia", "Uganda criticized Russia", "Tanzania criticized Russia"),
        (),
    ),
    (
        "Maria Lopez, Pavel Novak, and Ana Silva visited Kenya.",
        ("Maria Lopez visited Kenya", "Pavel Novak visited Kenya", "Ana Silva visited Kenya"),
        (),
    ),
    # lives
    (
        "Maria Lopez was born in Lisbon on 3 May 1961.",
        ("Maria Lopez bornIn Lisbon", "Maria Lopez bornOn 1961-05-03"),
        (),
    ),
    ("Maria Lopez was born in Graz, Austria.", ("Maria Lopez bornIn Graz", "Maria Lopez bornIn Austria"), ()),
    ("Maria Lopez married Pavel Novak in 2001.", ("Maria Lopez spouseOf Pavel Novak",), ()),
    (
        "Maria Lopez and her husband Pavel Novak live in Lisbon.",
        ("Maria Lopez spouseOf Pavel Novak", "Pavel Novak livesIn Lisbon"),
        (),
    ),
    (
        "Maria Lopez beat Pavel Novak in the final.",
        ("Maria Lopez defeated Pavel Novak",),
        ("Pavel Novak defeated Maria Lopez",),
    ),
    (
        "Maria Lopez told Pavel Novak that Ana Silva had visited Kenya.",
        ("Ana Silva visited Kenya",),
        ("Maria Lopez visited Kenya",),
    ),
    (
        "Maria Lopez accused Pavel Novak of lying to Ana Silva.",
        ("Maria Lopez accused Pavel Novak",),
        ("Maria Lopez accused Ana Silva",),
    ),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_claims(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
