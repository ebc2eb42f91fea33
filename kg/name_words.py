"""Word tables that finding and typing names needs, read once from `kg/tables/names_*`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from kg.types import EntityType

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """Closed classes of words, all lower case.

    `heads` maps the head word of a name to its type, `spanning` are the heads that go on with "of", `of_places`
    those that do so before any place; `nouns` maps a common noun in front of a name to the name's type; `tails`
    maps a lower-case last word and what may stand in front of it ("court", "place") to a type.
    """

    common: frozenset[str]
    titles: frozenset[str]
    title_mods: frozenset[str]
    roles: frozenset[str]
    stop: frozenset[str]
    generic: frozenset[str]
    """Phrases that are no name by themselves: "Executive Order"."""
    singles: frozenset[str]
    numbers: frozenset[str]
    heads: dict[str, EntityType]
    spanning: frozenset[str]
    of_places: frozenset[str]
    firsts: dict[str, EntityType]
    nouns: dict[str, EntityType]
    tails: dict[tuple[str, str], EntityType]
    tail_mods: frozenset[str]
    verbs: dict[str, str]
    endings: dict[str, tuple[str, ...]]
    regional: dict[str, str]
    known: dict[str, str]
    """Names in lower case -> their type: world-famous events, products and works."""
    plurals: dict[str, tuple[str, str]]
    """Plural heads -> their singular and where the names that share them stand (of, front, both)."""
    local: frozenset[str]
    """Last words of bodies called after their place, which the first word alone names: "council"."""
    buildings: frozenset[str]
    """Heads that name a house as well as the body in it: "theatre", "church"."""
    postal: dict[str, str]
    """Postal code -> state."""
    parties: dict[str, str]
    """Code -> party."""
    partisans: dict[str, tuple[str, bool]]
    """Words for the people of a party -> the party, and whether the words alone are one of its members."""
    """Codes behind lawmakers' names -> the party."""

    def is_common(self, word: str) -> bool:
        """True for an ordinary English word in any inflection ("firefighters", "leaving"), as a list can tell."""
        word = word.casefold()
        if word in self.common or self.heads.get(word, "Group") != "Group":
            return True
        return any(form in self.common for form in stems(word)) or _is_compound(word)

    def is_role(self, word: str) -> bool:
        """True for a common noun for a person ("novelist", "ex-wife", "midfielders")."""
        return any(
            form in self.roles or form.rsplit("-", 1)[-1] in self.roles
            for form in (word.casefold(), *stems(word.casefold()))
        )


def _is_compound(word: str) -> bool:
    return len(word) > 7 and word.endswith(("workers", "worker", "woman", "women", "keeper", "keepers"))


def stems(word: str) -> tuple[str, ...]:
    """What the word may be an inflection of."""
    found: list[str] = []
    if word.endswith("s") and not word.endswith("ss"):
        found.append(word[:-1])
        if word.endswith("es"):
            found.append(word[:-2])
        if word.endswith("ies"):
            found.append(word[:-3] + "y")
    if word.endswith("men") and len(word) > 5:
        found.append(word[:-3] + "man")
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            found += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                found.append(stem[:-1])
    return tuple(found)


@functools.lru_cache(maxsize=1)
def load_words() -> NameWords:
    """The word tables that come with the package."""
    heads: dict[str, EntityType] = {}
    spanning: set[str] = set()
    for kind, flag, words in _rows("names_heads.tsv"):
        for word in words.split():
            heads.setdefault(word, kind)  # type: ignore[arg-type]
            if flag == "of":
                spanning.add(word)
    firsts, nouns = _types_of("names_firsts.tsv"), _types_of("names_nouns.tsv")
    tails: dict[tuple[str, str], EntityType] = {}
    for kind, front, words in _rows("names_tails.tsv"):
        for word in words.split():
            tails[word, front] = kind  # type: ignore[assignment]
    return NameWords(
        common=_list("names_words.txt"),
        titles=_list("names_titles.txt"),
        title_mods=_list("names_titlemods.txt"),
        roles=_list("names_roles.txt"),
        stop=_list("names_stop.txt"),
        generic=frozenset(_lines("names_generic.txt")),
        singles=_list("names_singles.txt"),
        numbers=_list("names_numbers.txt"),
        heads=heads,
        spanning=frozenset(spanning),
        of_places=_list("names_of_places.txt"),
        firsts=firsts,
        nouns=nouns,
        tails=tails,
        tail_mods=_list("names_tailmods.txt"),
        verbs={lemma: name for name, lemmas in _rows("names_verbs.tsv") for lemma in lemmas.split()},
        endings={kind: tuple(endings.split()) for kind, endings in _rows("names_endings.tsv")},
        known={name: kind for kind, names in _rows("names_known.tsv") for name in names.split("|")},
        regional=dict(_rows("names_regional.tsv")),
        plurals={plural: (singular, where) for plural, singular, where in _rows("names_plurals.tsv")},
        local=_list("names_local.txt"),
        buildings=_list("names_buildings.txt"),
        postal=dict(_rows("names_postal.tsv")),
        parties=dict(_rows("names_parties.tsv")),
        partisans={word: (party, one == "member") for word, party, one in _rows("names_partisans.tsv")},
    )


def _types_of(name: str) -> dict[str, EntityType]:
    found: dict[str, EntityType] = {}
    for kind, words in _rows(name):
        for word in words.split():
            found.setdefault(word, kind)  # type: ignore[arg-type]
    return found


def _lines(name: str) -> list[str]:
    text = (TABLES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _list(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line.split())


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _lines(name)]
