"""Nouns that act for a state, a body or a place.  A row is a text, what it must say and what it must not say."""

from __future__ import annotations

import pytest
from claims import said
from spacy.language import Language

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    # people and things of a state or body
    ("Gunmen of the Red Army attacked Kharkiv on Monday.", ("Red Army attacked Kharkiv",), ()),
    ("Rebels from the Free Front shelled Aleppo overnight.", ("Free Front attacked Aleppo",), ()),
    ("Pavel Novak was wounded by men of the Red Army.", ("Red Army injured Pavel Novak",), ()),
    ("Prosecutors for Texas charged Pavel Novak with fraud.", ("Texas charged Pavel Novak",), ()),
    ("Mali's junta arrested Pavel Novak on Monday.", ("Mali arrested Pavel Novak",), ()),
    # who sends them
    ("Hackers working for North Korea attacked Acme Bank.", ("North Korea attacked Acme Bank",), ()),
    ("Hitmen hired by Maria Lopez murdered Pavel Novak.", ("Maria Lopez killed Pavel Novak",), ()),
    ("Gunmen loyal to Maria Lopez murdered Pavel Novak.", (), ("Maria Lopez killed Pavel Novak",)),
    # bodies act for where they sit; soldiers and workers do not
    ("A jury in Cardiff convicted Pavel Novak of theft.", ("Cardiff convicted Pavel Novak",), ()),
    ("Prosecutors in Turin charged Maria Lopez with fraud.", ("Turin charged Maria Lopez",), ()),
    ("Soldiers in Kenya attacked Pavel Novak.", (), ("Kenya attacked Pavel Novak",)),
    # what they do stands for them as a subject, not as an object, and not for where it happens
    ("Israeli fire wounded Pavel Novak on Monday.", ("Israel injured Pavel Novak",), ()),
    ("The Kabul bombing killed Pavel Novak.", (), ("Kabul killed Pavel Novak",)),
    ("Amnesty International's report accuses Kenya of torture.", ("Amnesty International accused Kenya",), ()),
    # a person's lawyer or aide is somebody else; a person's lawyers sue for her
    ("Maria Lopez's lawyer met Pavel Novak on Monday.", (), ("Maria Lopez met Pavel Novak",)),
    ("An aide of Maria Lopez accused Pavel Novak of lying.", (), ("Maria Lopez accused Pavel Novak",)),
    ("Maria Lopez's lawyers sued Acme Bank on Monday.", ("Maria Lopez sued Acme Bank",), ()),
    ("A former spokesman for Acme Bank accused Pavel Novak of lying.", (), ("Acme Bank accused Pavel Novak",)),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_agents(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found
