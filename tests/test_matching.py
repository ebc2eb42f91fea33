"""Names taken apart, block keys and comparers, one pair at a time."""

from __future__ import annotations

import pytest

from kg import gazetteer
from kg.blocking import LIMIT, WINDOW, block_keys, pairs
from kg.matching import THRESHOLD, compare
from kg.merge import corpus_of, profiles_of
from kg.profiles import Profile, organization_name, person_name, skeleton, transposed
from kg.types import Document, EntityType, Extraction, LocalEntity

TABLES = gazetteer.load()


def profile(name: str, kind: EntityType = "Person", *aliases: str, document: str = "d1") -> Profile:
    local = LocalEntity(id="e1", type=kind, name=name, aliases=tuple(sorted({name, *aliases})))
    extraction = Extraction(
        document=Document(id=document, text="", blocks=()),
        entities=(local,),
        mentions=(),
        claims=(),
        positions=(),
        quotations=(),
    )
    return profiles_of(corpus_of([extraction]), TABLES)[0]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("haas", "haass"),
        ("zelensky", "zelenskyy"),
        ("zelensky", "zelenskiy"),
        ("sergei", "sergey"),
        ("sergej", "sergey"),
        ("yevgeny", "evgeni"),
        ("andrii", "andrei"),
        ("schroder", "schroeder"),
        ("sisi", "sissi"),
        ("khan", "han"),
    ],
)
def test_spellings_of_one_sound(a: str, b: str) -> None:
    assert skeleton(a) == skeleton(b)


@pytest.mark.parametrize(("a", "b"), [("johnson", "johnston"), ("gates", "gatos"), ("kerry", "kelly"), ("ash", "ask")])
def test_other_sounds(a: str, b: str) -> None:
    assert skeleton(a) != skeleton(b)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("micheal", "michael", True), ("untied", "united", True), ("iran", "iraq", False), ("dina", "dian", False),
     ("moss", "moss", False), ("stone", "stones", False), ("abcde", "baced", False)],
)  # fmt: skip
def test_transposed(a: str, b: str, *, expected: bool) -> None:
    assert transposed(a, b) == expected


@pytest.mark.parametrize(
    ("name", "given", "family", "suffix", "title"),
    [
        ("Richard Haass", ("richard",), "haass", "", ""),
        ("Richard N. Haass", ("richard", "n"), "haass", "", ""),
        ("George H.W. Bush", ("george", "h", "w"), "bush", "", ""),
        ("JD Vance", ("j", "d"), "vance", "", ""),
        ("Martin Luther King Jr.", ("martin", "luther"), "king", "jr", ""),
        ("Joseph R. Biden, Jr.", ("joseph", "r"), "biden", "jr", ""),
        ("Ursula von der Leyen", ("ursula",), "leyen", "", ""),
        ("Foreign Minister Sergey Lavrov", ("sergey",), "lavrov", "", ""),
        ("U.S. President Joe Biden", ("joe",), "biden", "", ""),
        ("former British Prime Minister Tony Ash", ("tony",), "ash", "", ""),
        ("former President Bill Clinton", ("bill",), "clinton", "", ""),
        ("Lt. Gen. Ada Stone", ("ada",), "stone", "", ""),
        ("Mrs. Clinton", (), "clinton", "", ""),
        ("Lavrov's", (), "lavrov", "", ""),
        ("Dean Smith", ("dean",), "smith", "", ""),
        ("Pope Francis", (), "francis", "", "pope"),
        ("King Charles III", (), "charles", "iii", "king"),
        ("Crown Prince Mohammed bin Salman", ("mohammed",), "salman", "", ""),
        ("Xi Jinping", ("jinping",), "xi", "", ""),
        ("Kim Jong Un", ("jongun",), "kim", "", ""),
        ("Kim Jong-un", ("jongun",), "kim", "", ""),
        ("Kim Campbell", ("kim",), "campbell", "", ""),
        ("Lee Smith", ("lee",), "smith", "", ""),
        ("Lech Wałęsa", ("lech",), "walesa", "", ""),
        ('William "Bill" Moss', ("william",), "moss", "", ""),
        ("Abdel Fattah el-Sisi", ("abdel", "fattah"), "sisi", "", ""),
        ("", (), "", "", ""),
    ],
)
def test_person_names(name: str, given: tuple[str, ...], family: str, suffix: str, title: str) -> None:
    parts = person_name(name, TABLES)
    assert (parts.given, parts.family, parts.suffix, parts.title) == (given, family, suffix, title)
    assert parts.bare == (not given and not title)


@pytest.mark.parametrize(
    ("name", "core", "country", "national"),
    [
        ("U.S. Department of State", ("state", "department"), "United States", True),
        ("State Department", ("state", "department"), None, True),
        ("Russian Ministry of Foreign Affairs", ("foreign", "ministry"), "Russia", True),
        ("Russia's Foreign Ministry", ("foreign", "ministry"), "Russia", True),
        ("Ministry of Defence of the United Kingdom", ("defense", "ministry"), "United Kingdom", True),
        ("Communist Party of China", ("communist", "party"), "China", True),
        ("South Korean Supreme Court", ("supreme", "court"), "South Korea", True),
        ("The Marlow Foundation, Inc.", ("marlow", "foundation"), None, False),
        ("Council on Foreign Relations", ("council", "foreign", "relations"), None, False),
        ("Bank of Japan", ("bank", "japan"), None, False),
        ("Foreign Affairs", ("foreign", "affairs"), None, False),
        ("Organisation for Tidal Energy", ("organization", "tidal", "energy"), None, False),
        ("Harbour Service", ("harbour", "service"), None, False),
    ],
)
def test_organization_names(name: str, core: tuple[str, ...], country: str | None, *, national: bool) -> None:
    parts = organization_name(name, TABLES)
    assert (parts.core, parts.country, parts.national) == (core, country, national)


def test_initials_leave_out_small_words_or_not() -> None:
    assert "CFR" in organization_name("Council on Foreign Relations", TABLES).initials
    assert "OTAN" in organization_name("Organization for Tidal and Arctic Navigation", TABLES).initials
    assert organization_name("Marlow", TABLES).initials == ()


@pytest.mark.parametrize(
    ("a", "b", "low", "high", "words"),
    [
        ("Ana Moss", "Ana T. Moss", 1.0, 1.0, "same name"),
        ("Ana Moss", "A. Moss", 0.8, 0.9, "initial A."),
        ("Bill Moss", "William Moss", 0.9, 1.0, "short for"),
        ("Bill Moss", "Billy Moss", 0.8, 0.9, "both short for william"),
        ("Sergey Moss", "Sergei Moss", 0.9, 1.0, "spellings"),
        ("Richard Haas", "Richard Haass", 0.8, 0.95, "spelling haas/haass"),
        ("R. Haas", "Richard Haass", 0.0, 0.79, ""),
        ("Ana Moss", "Ana Reed", 0.0, 0.0, ""),
        ("Ana Moss", "Moss", 0.0, 0.0, ""),
    ],
)
def test_scores_of_persons(a: str, b: str, low: float, high: float, words: str) -> None:
    match = compare(profile(a), profile(b), TABLES)
    assert low <= match.score <= high
    assert words in match.reason
    assert not match.apart


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("Bill Moss", "Hilda Moss", "first names"),
        ("George W. Bush", "George H.W. Bush", "middle names"),
        ("A. Moss", "B. Moss", "initials"),
        ("Jon Ash Jr.", "Jon Ash Sr.", "jr against sr"),
    ],
)
def test_what_keeps_persons_apart(a: str, b: str, words: str) -> None:
    match = compare(profile(a), profile(b), TABLES)
    assert match.apart
    assert words in match.reason


@pytest.mark.parametrize(
    ("a", "b", "weaker", "words"),
    [
        ("HIST", "Harbour Institute for Sea Trade", "left", "acronym"),
        ("Harbour Institute for Sea Trade", "HIST", "right", "acronym"),
        ("Harbour Institute", "Harbour Institute for Sea Trade", "left", "begins"),
        ("Wagner", "Wagner Group", "left", "and group"),
        ("Marlow Trust", "Marlow Trust Ltd.", "both", "legal form"),
    ],
)
def test_short_forms_of_organizations_say_which_side_is_weaker(a: str, b: str, weaker: str, words: str) -> None:
    match = compare(profile(a, "Organization"), profile(b, "Organization", document="d2"), TABLES)
    assert match.score >= THRESHOLD
    assert match.weaker == weaker
    assert words in match.reason


def test_comparing_is_symmetric_but_for_the_weaker_side() -> None:
    names = [
        "Ana Moss",
        "A. Moss",
        "Bill Moss",
        "Ana Moss Jr.",
        "Moss Ana",
        "Willard Bill Moss",
        "King Ana",
        "King Ana II",
    ]
    for a in names:
        for b in names:
            left, right = compare(profile(a), profile(b), TABLES), compare(profile(b), profile(a), TABLES)
            assert (left.score, left.apart) == (right.score, right.apart), (a, b)


def test_different_families_of_names_are_never_compared() -> None:
    match = compare(profile("Jordan Lake"), profile("Jordan Lake", "Place"), TABLES)
    assert (match.score, match.apart) == (0.0, False)


def test_profiles_that_can_match_share_a_block() -> None:
    together = [
        (profile("Bill Moss"), profile("William Moss")),
        (profile("Wang Yi"), profile("Yi Wang")),
        (profile("CFR", "Organization"), profile("Council on Foreign Relations", "Organization")),
        (profile("HIST", "Organization"), profile("Harbour Institute for Sea Trade", "Organization")),
        (profile("Wagner", "Organization"), profile("Wagner Group", "Organization")),
    ]
    for a, b in together:
        assert set(block_keys(a, TABLES)) & set(block_keys(b, TABLES)) or a.key == b.key


def test_a_large_block_is_compared_with_neighbours_only() -> None:
    first = [f"{chr(97 + a)}{chr(97 + b)}qv".title() for a in range(26) for b in range(8)]
    crowd = sorted((profile(f"{name} Moss") for name in first), key=lambda item: item.key)
    assert len(crowd) > LIMIT
    assert len(list(pairs(crowd, TABLES))) <= len(crowd) * WINDOW
