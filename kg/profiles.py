"""Names taken apart: what a person's or an organisation's name says about who bears it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.gazetteer import Gazetteer, OrganizationRecord, PlaceRecord, fold
from kg.types import EntityType

_QUOTED = re.compile(r"[\"“”«»][^\"“”«»]*[\"“”«»]|\([^)]*\)")
_INITIALS = re.compile(r"\b([A-Z])\.(?=[A-Z])")
_POSSESSIVE = re.compile(r"['’]s?$")
_FORMER = frozenset({"former", "ex", "then", "late", "acting", "outgoing", "incoming", "the"})
_TRANSLITERATIONS = (
    (re.compile(r"^ye"), "e"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"ck"), "k"),
    (re.compile(r"c(?=[aoukl])"), "k"),
    (re.compile(r"w"), "v"),
    (re.compile(r"t?sch|tch"), "ch"),
    (re.compile(r"oe"), "o"),
    (re.compile(r"ou|ue"), "u"),
    (re.compile(r"(?:[iye][iyj]|ie|[iy])$"), "y"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """A person's name: folded given names or initials, family name, suffix; `title` only where it belongs to the
    name ("pope"); `dropped` is the last title in front that does not."""

    given: tuple[str, ...]
    family: str
    suffix: str = ""
    title: str = ""
    dropped: str = ""
    patronymic: bool = False
    """Whether the names after the first are the father's: "bin", "ibn"."""

    @property
    def bare(self) -> bool:
        """A surname, or a first name, alone."""
        return not self.given and not self.title

    @property
    def key(self) -> str:
        """The name in canonical order: namesakes to the letter share it."""
        return " ".join(filter(None, (self.title, *self.given, self.family, self.suffix)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationName:
    """An organisation's name: folded words without article, legal form, connectives and country."""

    core: tuple[str, ...]
    country: str | None
    words: tuple[str, ...]
    """All folded words, connectives included."""
    initials: tuple[str, ...]
    """Acronyms that the words can form, in capitals."""
    national: bool
    """Whether every state has one: a foreign ministry, a supreme court."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that the documents show under one name (under one surname in one document for a bare surname)."""

    key: tuple[str, ...]
    family: str
    """person, place, organization or event: profiles of different families are never compared."""
    name: str
    types: tuple[tuple[EntityType, int], ...]
    """Types with the number of local entities that have them."""
    forms: tuple[tuple[str, int], ...]
    """Surface forms with the number of local entities that have them."""
    members: tuple[tuple[str, str], ...]
    """Document id and local id."""
    gender: str | None = None
    country: str | None = None
    roles: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    person: PersonName | None = None
    organization: OrganizationName | None = None
    place: PlaceRecord | None = None
    record: OrganizationRecord | None = None
    births: frozenset[int] = frozenset()
    """Years of birth that documents tell."""
    documents: frozenset[str] = frozenset()

    def meets(self, other: Profile) -> bool:
        """Whether one document has both, as two entities."""
        return not self.documents.isdisjoint(other.documents)

    @property
    def bare(self) -> bool:
        """Whether the name alone does not tell which one is meant, so that each document has its own profile."""
        if self.person is not None:
            return self.person.bare
        return self.record is None and self.organization is not None and self.organization.national and not self.country


def contradict(one: Iterable[int], other: Collection[int]) -> bool:
    """Whether years of birth cannot be one person's; a year more or less may be a slip, or counted back from an age."""
    years = [abs(a - b) for a in one for b in other]
    return bool(years) and min(years) > 1


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What transliterations and common misspellings of a folded name share: "zelenskyy" and "zelenskiy" are
    "zelensky", "haass" is "has"."""
    letters = re.sub(r"[^a-z0-9]", "", word)
    for pattern, replacement in _TRANSLITERATIONS:
        letters = pattern.sub(replacement, letters)
    return letters


def transposed(a: str, b: str) -> bool:
    """Whether the words differ by two neighbouring letters that changed places: "micheal", "michael"."""
    if len(a) != len(b) or a == b or len(a) < 5:
        return False
    at = next(i for i in range(len(a)) if a[i] != b[i])
    return a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]


@lru_cache(maxsize=65536)
def person_name(name: str, gazetteer: Gazetteer) -> PersonName:
    """The parts of a person's name as a text writes it; titles, letters after it and nicknames in quotes dropped."""
    text = " ".join(_without_qualifiers(_QUOTED.sub(" ", name).split(), gazetteer))
    words = [_POSSESSIVE.sub("", word.strip(",.;:")) for word in _INITIALS.sub(r"\1. ", text).split()]
    words = [part for word in words if word for part in _split_capitals(word, words)]
    tokens = [fold(word) for word in words]
    tokens = [token for token in tokens if token]
    title, dropped, tokens = _without_titles(tokens, gazetteer)
    suffix = ""
    while len(tokens) > 1 and (tokens[-1] in gazetteer.name_suffixes or tokens[-1] in gazetteer.letters_after_names):
        last = tokens.pop()
        suffix = {"junior": "jr", "senior": "sr"}.get(last, last) if last in gazetteer.name_suffixes else suffix
    if not tokens:
        return PersonName(given=(), family=fold(name))
    if _family_first(tokens, gazetteer):
        joined = "".join(_given(tokens[1:], gazetteer))
        return PersonName(given=(joined,), family=tokens[0], suffix=suffix, dropped=dropped)
    family = re.sub(r"^(?:al|el)-", "", tokens[-1])
    given = _given(tokens[:-1], gazetteer)
    return PersonName(
        given=given,
        family=family,
        suffix=suffix,
        title="" if given else title,
        dropped=dropped,
        patronymic=not {"bin", "ibn", "bint", "ben"}.isdisjoint(tokens[1:-1]),
    )


def _without_qualifiers(words: list[str], gazetteer: Gazetteer) -> list[str]:
    """The words without what may stand before a title: "former U.S. President Ash" is President Ash."""
    start = 0
    while start < len(words) - 2 and (words[start].lower() in _FORMER or gazetteer.demonym(words[start])):
        start += 1
    following = [fold(word) for word in words[start : start + 3]]
    titled = any(_is_title(following[:length], gazetteer) for length in (1, 2, 3))
    return words[start:] if titled else words


def _split_capitals(word: str, words: list[str]) -> tuple[str, ...]:
    """Two capitals before other words are two initials ("JD"), unless all is in capitals."""
    if len(word) == 2 and word.isupper() and word.isalpha() and any(other[1:].islower() for other in words):
        return tuple(word) if word != words[-1] else (word,)
    return (word,)


def _given(tokens: list[str], gazetteer: Gazetteer) -> tuple[str, ...]:
    """Given names without particles; "jae-in" and "jae in" are one spelling."""
    return tuple(token.replace("-", "") for token in tokens if token not in gazetteer.name_particles or len(token) == 1)


def _family_first(tokens: list[str], gazetteer: Gazetteer) -> bool:
    """Whether the family name stands first: "Kim Jong Un", but not "Kim Smith"."""
    if len(tokens) < 2 or tokens[0] not in gazetteer.family_names_first:
        return False
    if "-" in tokens[-1] and len(tokens) == 2 and max(map(len, tokens[-1].split("-"))) <= 5:
        return True
    if len(tokens) == 3 and 1 < len(tokens[1]) <= 5 and len(tokens[2]) <= 5 and gazetteer.gender(tokens[1]) is None:
        return True
    return tokens[0] not in gazetteer.genders and tokens[-1] not in gazetteer.family_names_first


def _without_titles(tokens: list[str], gazetteer: Gazetteer) -> tuple[str, str, list[str]]:
    """A title that belongs to the name, the titles dropped, and the remaining tokens."""
    regnal = ""
    dropped: list[str] = []
    while len(tokens) > 1:
        length = next((n for n in range(min(4, len(tokens) - 1), 0, -1) if _is_title(tokens[:n], gazetteer)), 0)
        if length == 0:
            break
        first_name = length == 1 and len(tokens) == 2 and gazetteer.is_first_name(tokens[0])
        if first_name and tokens[0] not in gazetteer.regnal_titles:  # Dean Smith, Major Garrett
            break
        title = " ".join(tokens[:length])
        regnal = tokens[length - 1] if tokens[length - 1] in gazetteer.regnal_titles else ""
        dropped.append(title)
        tokens = tokens[length:]
    return regnal, dropped[-1] if dropped else "", tokens


def _is_title(tokens: list[str], gazetteer: Gazetteer) -> bool:
    words = " ".join(tokens)
    return words in gazetteer.honorifics or words in gazetteer.ranks or words in gazetteer.titles


@lru_cache(maxsize=65536)
def organization_name(name: str, gazetteer: Gazetteer) -> OrganizationName:
    """The parts of an organisation's name: "U.S. Department of State" is state department, United States."""
    kinds = gazetteer.organization_words
    raw = [word.strip(',.;:"“”()') for word in re.sub(r"[/]", " ", name).split()]
    country, raw = _country_in_front(raw, gazetteer)
    folded = [word for place, word in enumerate(map(fold, raw)) if word and (place or word != "the")]
    words = [kinds["spelling"].get(word, word) for word in folded]
    words = [_POSSESSIVE.sub("", word) for word in words]
    while len(words) > 1 and words[-1] in kinds["legal"]:
        words.pop()
    if country is None and len(words) > 3:
        for length in (3, 2, 1):  # Ministry of Defence of the United Kingdom
            place = gazetteer.country(" ".join(words[-length:])) if words[-length - 1] == "of" else None
            if place is not None and sum(word not in kinds["connective"] for word in words[: -length - 1]) > 1:
                country, words = place.name, words[: -length - 1]
                break
    initials = _initials(words, kinds["connective"])
    if len(words) > 2 and words[0] in kinds["unit"] and words[1] in ("of", "for"):
        words = [*words[2:], words[0]]
    core = [word for word in words if word not in kinds["connective"]]
    if len(core) > 2 and core[-1] == "ministry" and core[-2] == "affairs":
        core = [*core[:-2], core[-1]]
    general = all(word in kinds["national"] or word in kinds["modifier"] for word in core)
    national = bool(core) and core[-1] in kinds["national"] and general
    return OrganizationName(core=tuple(core), country=country, words=tuple(words), initials=initials, national=national)


def _country_in_front(words: list[str], gazetteer: Gazetteer) -> tuple[str | None, list[str]]:
    """The country that a name begins with ("British", "U.S.", "Russia's"), and the words after it."""
    for length in (2, 1):
        if len(words) <= length:
            continue
        front = " ".join(words[:length])
        possessive = _POSSESSIVE.sub("", front)
        place = gazetteer.country(possessive) if possessive != front or front.isupper() else None
        country = place.name if place else gazetteer.demonym(front)
        if country is not None:
            return country, words[length:]
    place = gazetteer.country(" ".join(words[:2])) if len(words) > 3 else None
    return (place.name, words[2:]) if place else (None, words)


def _initials(words: list[str], connectives: Mapping[str, str]) -> tuple[str, ...]:
    """The acronyms of a name with at least two words that carry weight."""
    strong = [word for word in words if word not in connectives]
    if len(strong) < 2:
        return ()
    short = "".join(word[0] for word in strong).upper()
    long = "".join(word[0] for word in words).upper()
    return (short,) if short == long else (short, long)
