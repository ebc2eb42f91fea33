"""The bundled tables answer for names as texts write them."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from kg import gazetteer
from kg.gazetteer import fold

TABLES = gazetteer.load()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The U.S.", "us"),
        ("U.S.A.", "usa"),
        ("São Paulo", "sao paulo"),
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("Wałęsa", "walesa"),
        ("the West", "west"),
        ("the", "the"),
        ("New  York\n", "new york"),
        ("St. Louis", "st. louis"),
        ("", ""),
    ],
)
def test_fold(text: str, key: str) -> None:
    assert fold(text) == key


@pytest.mark.parametrize(
    ("name", "canonical", "kind", "country"),
    [
        ("Kiev", "Kyiv", "capital", "Ukraine"),
        ("Peking", "Beijing", "capital", "China"),
        ("Burma", "Myanmar", "country", "Myanmar"),
        ("Turkiye", "Turkey", "country", "Turkey"),
        ("Türkiye", "Turkey", "country", "Turkey"),
        ("Czech Republic", "Czechia", "country", "Czechia"),
        ("Holland", "Netherlands", "country", "Netherlands"),
        ("UK", "United Kingdom", "country", "United Kingdom"),
        ("Britain", "United Kingdom", "country", "United Kingdom"),
        ("US", "United States", "country", "United States"),
        ("U.S.", "United States", "country", "United States"),
        ("the United States", "United States", "country", "United States"),
        ("America", "United States", "country", "United States"),
        ("DPRK", "North Korea", "country", "North Korea"),
        ("South Korea", "South Korea", "country", "South Korea"),
        ("Georgia", "Georgia", "country", "Georgia"),
        ("Washington", "Washington", "capital", "United States"),
        ("Washington, D.C.", "Washington", "capital", "United States"),
        ("New York", "New York", "city", "United States"),
        ("N.Y.", "New York", "region", "United States"),
        ("Calif.", "California", "region", "United States"),
        ("TX", "Texas", "region", "United States"),
        ("Scotland", "Scotland", "region", "United Kingdom"),
        ("Ontario", "Ontario", "region", "Canada"),
        ("Crimea", "Crimea", "region", None),
        ("Donbas", "Donbas", "region", "Ukraine"),
        ("the Middle East", "Middle East", "region", None),
        ("the West", "West", "region", None),
        ("Europe", "Europe", "continent", None),
        ("St. Petersburg", "Saint Petersburg", "city", "Russia"),
        ("Odessa", "Odesa", "city", "Ukraine"),
        ("Soviet Union", "Soviet Union", "country", "Soviet Union"),
    ],
)
def test_places(name: str, canonical: str, kind: str, country: str | None) -> None:
    place = TABLES.place(name)
    assert place is not None
    assert (place.name, place.kind, place.country) == (canonical, kind, country)


@pytest.mark.parametrize(
    "name", ["us", "Reading", "Nice", "Lincoln", "Bath", "Mobile", "in", "IN", "calif", "", "Xyzzy"]
)
def test_words_that_are_hardly_places(name: str) -> None:
    assert TABLES.place(name) is None


def test_a_name_of_several_towns_alike_has_no_outside_id() -> None:
    for name in ("Springfield", "Essex"):
        place = TABLES.place(name)
        assert place is not None
        assert place.geonames is None


def test_all_places_of_a_name() -> None:
    assert [place.kind for place in TABLES.places("Georgia")] == ["country", "region"]
    country = TABLES.country("Georgia")
    assert country is not None
    assert country.geonames == "614540"
    assert TABLES.country("Paris") is None


@pytest.mark.parametrize(
    ("word", "country", "plural"),
    [
        ("Russian", "Russia", False),
        ("Russians", "Russia", True),
        ("German", "Germany", False),
        ("American", "United States", False),
        ("British", "United Kingdom", True),
        ("US", "United States", False),
        ("U.S.", "United States", False),
        ("Dutch", "Netherlands", True),
        ("Danes", "Denmark", True),
        ("Chinese", "China", True),
        ("Iraqi", "Iraq", False),
        ("Kazakhs", "Kazakhstan", True),
        ("us", None, False),
        ("polish", None, False),
        ("Russia", None, False),
        ("Europeans", None, False),
    ],
)
def test_demonyms(word: str, country: str | None, *, plural: bool) -> None:
    assert TABLES.demonym(word) == country
    assert TABLES.is_demonym_plural(word) == plural


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("James", "male"),
        ("Mary", "female"),
        ("Sergei", "male"),
        ("Volodymyr", "male"),
        ("Ursula", "female"),
        ("Oleksandr", "male"),
        ("Fatima", "female"),
        ("Michel", "male"),
        ("José", "male"),
        ("Lindsey", None),
        ("Andrea", None),
        ("Kim", None),
        ("Jean", None),
        ("Table", None),
    ],
)
def test_genders(name: str, gender: str | None) -> None:
    assert TABLES.gender(name) == gender


@pytest.mark.parametrize(
    ("name", "full", "country"),
    [
        ("NATO", "NATO", None),
        ("North Atlantic Treaty Organization", "NATO", None),
        ("the UN", "United Nations", None),
        ("U.N.", "United Nations", None),
        ("WHO", "World Health Organization", None),
        ("CIA", "Central Intelligence Agency", "United States"),
        ("NBC", "NBC News", "United States"),
        ("the Kremlin", "Kremlin", "Russia"),
        ("White House", "White House", "United States"),
        ("Downing Street", "Downing Street", "United Kingdom"),
        ("United States National Security Council", "National Security Council", "United States"),
        ("American Federal Aviation Administration", "Federal Aviation Administration", "United States"),
        ("U.S. Labor Department", "Department of Labor", "United States"),
        ("the Pentagon", "Department of Defense", "United States"),
        ("US Department of State", "State Department", "United States"),
        ("British Labour Party", "Labour Party", "United Kingdom"),
        ("The New York Times", "New York Times", "United States"),
    ],
)
def test_organizations(name: str, full: str, country: str | None) -> None:
    record = TABLES.organization(name)
    assert record is not None
    assert (record.name, record.country) == (full, country)


@pytest.mark.parametrize(
    "name", ["who", "nato summit", "ice", "Times", "State", "Post", "German NATO", "Russian CIA", ""]
)
def test_words_that_are_no_organizations(name: str) -> None:
    assert TABLES.organization(name) is None


def test_every_country_of_an_organization_is_a_canonical_name() -> None:
    for record in TABLES.organizations.values():
        if record.country is not None:
            place = TABLES.country(record.country)
            assert place is not None, record
            assert place.name == record.country


def test_no_name_stands_for_two_organizations() -> None:
    for record in TABLES.organizations.values():
        for form in (record.name, *record.alternatives, *record.acronyms):
            assert TABLES.organization(form) == record, form


def test_every_demonym_names_a_country_of_the_table() -> None:
    for country, number in TABLES.demonyms.values():
        assert TABLES.country(country) is not None, country
        assert number in ("adjective", "singular", "plural", "both")


def test_short_first_names() -> None:
    assert "William" in TABLES.nicknames("Bill")
    assert TABLES.nicknames("bob") == ("Robert",)
    assert TABLES.nicknames("Xyzzy") == ()


def test_titles_are_lower_case_and_kept_apart() -> None:
    assert {"mr", "dr", "sir"} <= TABLES.honorifics
    assert {"general", "rear admiral"} <= TABLES.ranks
    assert {"president", "prime minister", "senator"} <= TABLES.titles
    assert {"van", "bin", "de"} <= TABLES.name_particles
    assert all(word == word.casefold() for word in TABLES.honorifics | TABLES.ranks | TABLES.titles)
    assert TABLES.title_gender("Mrs.") == "female"
    assert TABLES.title_gender("spokesman") == "male"
    assert TABLES.title_gender("president") is None


def test_the_gazetteer_is_loaded_once_and_travels_to_other_processes() -> None:
    assert gazetteer.load() is TABLES
    again = pickle.loads(pickle.dumps(TABLES))  # noqa: S301
    assert again.place("Kiev") == TABLES.place("Kiev")


TABLE_FILES = sorted((Path(gazetteer.__file__).parent / "tables").glob("*.tsv"))
LOADED = (
    "abbreviations demonyms family_first first_names name_variants nicknames organization_words organizations places"
)


@pytest.mark.parametrize(
    "name", [*LOADED.split(), "titles", "regions", "spellings", "demonym_words", "first_names_hand"]
)
def test_every_table_names_its_source_and_has_whole_rows(name: str) -> None:
    path = next(path for path in TABLE_FILES if path.stem == name)
    source, columns, *rows = path.read_text("utf-8").splitlines()
    assert source.startswith("# ")
    assert "MIT" in source or "Generated" in source
    assert {row.count("\t") for row in rows} == {columns.count("\t")}
    assert path.stat().st_size < 1_500_000


def test_loading_is_quick() -> None:
    code = (
        "import time; from kg import gazetteer; start = time.process_time(); gazetteer.load();"
        "print(time.process_time() - start)"
    )
    seconds = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=dict(os.environ)
    ).stdout
    assert float(seconds) < 0.5  # 0.03 on an idle machine
