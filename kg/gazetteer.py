"""The bundled tables: places, demonyms, organisations, first names and titles, looked up by a folded name.

`kg/tables/*.tsv` holds them; `scripts/build_tables.py` says where each comes from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, cast

from anyascii import anyascii

from kg.types import EntityType

PlaceKind = Literal["country", "capital", "city", "region", "continent"]
Gender = Literal["male", "female"]

_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,8}")
_APOSTROPHES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "‐": "-", "‑": "-"})
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The key under which a name is looked up: "The U.S." and "us", "São Paulo" and "sao paulo" are one.

    NFKC, straight apostrophes, no dots in acronyms, no leading "the", lower case, ASCII, single spaces.
    """
    if not text.isascii():
        text = anyascii(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES))
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
    text = _SPACE.sub(" ", text.casefold()).strip()
    return text[4:] if text.startswith("the ") and len(text) > 4 else text


def is_acronym(text: str) -> bool:
    """Whether `text` is written as capitals, with or without dots: "NATO", "U.S."."""
    return _ACRONYM.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """A place of the tables.  `country` is a canonical country name, None for what spans countries or where
    several towns of the name are about as likely; `geonames` and `wikidata` are bare ids."""

    name: str
    kind: PlaceKind
    country: str | None = None
    geonames: str | None = None
    wikidata: str | None = None
    population: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRecord:
    """An organisation of the tables.  `kind` is finer than `type`: body, agency, ministry, government,
    parliament, court, military, party, movement, media, think tank, ngo, sport, company, university.
    `country` is that of the government or state it belongs to or, as a metonym, stands for."""

    name: str
    type: EntityType
    kind: str
    country: str | None
    acronyms: tuple[str, ...]
    alternatives: tuple[str, ...]
    wikidata: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gazetteer:
    """All tables; every lookup takes a name as it stands in a text.  Equal only to itself, so that it can be hashed."""

    place_rows: Mapping[str, tuple[str, ...]]
    """Folded name -> rows of places, the likeliest first."""
    exact_places: Mapping[str, tuple[str, str]]
    """Abbreviations that count only as they are written ("US", "Calif.") -> canonical name and kind."""
    demonyms: Mapping[str, tuple[str, str]]
    """Folded word -> country and number (adjective, singular, plural, both)."""
    organizations: Mapping[str, OrganizationRecord]
    organization_acronyms: Mapping[str, OrganizationRecord]
    genders: Mapping[str, str]
    formal_names: Mapping[str, tuple[str, ...]]
    honorifics: frozenset[str]
    ranks: frozenset[str]
    titles: frozenset[str]
    """Words for offices: "president", "prime minister"."""
    title_genders: Mapping[str, str]
    name_particles: frozenset[str]
    regnal_titles: frozenset[str]
    """Titles that belong to the name: "Pope Francis"."""
    name_suffixes: frozenset[str]
    """"jr", "iii": they tell namesakes apart."""
    letters_after_names: frozenset[str]
    family_names_first: frozenset[str]
    """Family names that stand before the given name: "xi"."""
    name_variants: Mapping[str, str]
    """First name -> the first of its spellings in other languages: "sergei" -> "serhiy"."""
    organization_words: Mapping[str, Mapping[str, str]]
    """Kind (spelling, legal, generic, connective, unit, national, modifier) -> word -> value, empty for most kinds."""

    def places(self, name: str) -> tuple[PlaceRecord, ...]:
        """All places of that name, the likeliest first: "Georgia" is a country and a state."""
        return tuple(_place(row) for row in self._rows(name))

    def place(self, name: str) -> PlaceRecord | None:
        """The likeliest place of that name, or None: "Kiev" gives Kyiv."""
        rows = self._rows(name)
        return _place(rows[0]) if rows else None

    def _rows(self, name: str) -> tuple[str, ...]:
        written = name[4:] if name[:4] in ("the ", "The ") else name
        exact = self.exact_places.get(written) or self.exact_places.get(written.replace(".", ""))
        if exact is None:
            return self.place_rows.get(fold(name), ())
        rows = self.place_rows.get(fold(exact[0]), ())
        return tuple(sorted(rows, key=lambda row: row.split("\t")[1] != exact[1]))

    def country(self, name: str) -> PlaceRecord | None:
        """The country of that name, or None."""
        return next((place for place in self.places(name) if place.kind == "country"), None)

    def demonym(self, word: str) -> str | None:
        """The canonical country name behind "Russian", "Russians", "British", "US"; None for other words."""
        found = self.demonyms.get(fold(word))
        if found is None or not word[:1].isupper() or (fold(word) in ("us", "uk") and not is_acronym(word)):
            return None
        return found[0]

    def is_demonym_plural(self, word: str) -> bool:
        """Whether `word` can stand for a people by itself: "Russians", "the British"."""
        return self.demonym(word) is not None and self.demonyms[fold(word)][1] in ("plural", "both")

    def gender(self, first_name: str) -> Gender | None:
        """The gender that a first name shows, or None where it is unknown or used for both."""
        found = self.genders.get(fold(first_name))
        return cast(Gender, found) if found in ("male", "female") else None

    def is_first_name(self, word: str) -> bool:
        """Whether `word` is in the table of first names, of whatever gender."""
        return fold(word) in self.genders

    def title_gender(self, title: str) -> Gender | None:
        """The gender that a title shows ("Mrs.", "spokeswoman"), or None."""
        found = self.title_genders.get(fold(title).rstrip("."))
        return cast(Gender, found) if found in ("male", "female") else None

    def organization(self, name: str) -> OrganizationRecord | None:
        """The organisation of that name or acronym, or None.  Acronyms count only as capitals: "WHO", not "who"."""
        written = name.removeprefix("the ").removeprefix("The ")
        found = self.organization_acronyms.get(written.replace(".", "")) or self.organizations.get(fold(written))
        words = written.split()
        for length in (1, 2) if found is None else ():  # U.S. Coast Guard, United States Secret Service
            front, rest = " ".join(words[:length]), " ".join(words[length:])
            inner = self.organizations.get(fold(rest)) or self.organization_acronyms.get(rest)
            if inner and inner.country and inner.country in (self.demonym(front), front):
                found = inner
        return found

    def nicknames(self, first_name: str) -> tuple[str, ...]:
        """The formal names that a short form stands for: "Bill" gives ("William",)."""
        return self.formal_names.get(fold(first_name), ())


def _place(row: str) -> PlaceRecord:
    name, kind, country, geonames, wikidata, population = row.split("\t")
    return PlaceRecord(
        name=name,
        kind=cast(PlaceKind, kind),
        country=country or None,
        geonames=geonames or None,
        wikidata=wikidata or None,
        population=int(population or 0),
    )


def _lines(table: str) -> Iterator[str]:
    text = files("kg").joinpath("tables", f"{table}.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    next(lines)
    return lines


def _rows(table: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in _lines(table))


def _places() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, str]]]:
    rows: dict[str, tuple[str, ...]] = {}
    for line in _lines("places"):
        key, row = line.split("\t", 1)
        known = rows.get(key)
        rows[key] = (row,) if known is None else (*known, row)
    exact = {written: (name, kind) for written, name, kind in _rows("abbreviations")}
    return rows, exact


def _organizations() -> tuple[dict[str, OrganizationRecord], dict[str, OrganizationRecord]]:
    by_name: dict[str, OrganizationRecord] = {}
    by_acronym: dict[str, OrganizationRecord] = {}
    for name, type_, kind, country, acronyms, alternatives, wikidata in _rows("organizations"):
        record = OrganizationRecord(
            name=name,
            type=cast(EntityType, type_),
            kind=kind,
            country=country or None,
            acronyms=tuple(filter(None, acronyms.split("|"))),
            alternatives=tuple(filter(None, alternatives.split("|"))),
            wikidata=wikidata or None,
        )
        for form in (name, *record.alternatives):
            by_name.setdefault(fold(form), record) if not is_acronym(form) else by_acronym.setdefault(form, record)
        for acronym in record.acronyms:
            by_acronym.setdefault(acronym, record)
    return by_name, by_acronym


def _by_kind(rows: Iterator[list[str]]) -> dict[str, dict[str, str]]:
    kinds: dict[str, dict[str, str]] = {}
    for word, kind, value in rows:
        kinds.setdefault(kind, {})[word] = value
    return kinds


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """The bundled gazetteer, read once a process."""
    places, exact = _places()
    by_name, by_acronym = _organizations()
    titles = [(word, kind, gender) for word, kind, gender in _rows("titles")]
    return Gazetteer(
        place_rows=places,
        exact_places=exact,
        demonyms={word: (country, number) for word, country, number in _rows("demonyms")},
        organizations=by_name,
        organization_acronyms=by_acronym,
        genders={row[0]: row[1] for row in _rows("first_names")},
        formal_names={short: tuple(formal.split("|")) for short, formal in _rows("nicknames")},
        honorifics=frozenset(word for word, kind, _ in titles if kind == "honorific"),
        ranks=frozenset(word for word, kind, _ in titles if kind == "rank"),
        titles=frozenset(word for word, kind, _ in titles if kind == "office"),
        title_genders={word: gender for word, _, gender in titles if gender},
        name_particles=frozenset(word for word, kind, _ in titles if kind == "particle"),
        regnal_titles=frozenset(word for word, kind, _ in titles if kind == "regnal"),
        name_suffixes=frozenset(word for word, kind, _ in titles if kind == "suffix"),
        letters_after_names=frozenset(word for word, kind, _ in titles if kind == "letters"),
        family_names_first=frozenset(_lines("family_first")),
        name_variants={name: line.split("|")[0] for line in _lines("name_variants") for name in line.split("|")},
        organization_words=_by_kind(_rows("organization_words")),
    )
