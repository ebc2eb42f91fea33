"""Comparers: whether two profiles can be one thing, with a score and a reason that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kg.gazetteer import Gazetteer, fold, is_acronym
from kg.profiles import OrganizationName, PersonName, Profile, contradict, skeleton, transposed

THRESHOLD = 0.8
Direction = Literal["both", "left", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What comparing two profiles gave.  `apart` says that they cannot be one.  `weaker` names the side whose
    name says less (an acronym, a short form): it may join only if no other candidate is left."""

    score: float
    reason: str
    apart: bool = False
    weaker: Direction = "both"
    support: int = 0
    """How many things beside the name speak for one person: between equal scores the better supported goes first."""


NOTHING = Match(score=0.0, reason="")


def compare(left: Profile, right: Profile, gazetteer: Gazetteer) -> Match:
    """The best match that the comparers of the profiles' family find, or the reason that keeps them apart."""
    if left.family != right.family:
        return NOTHING
    if left.person is not None and right.person is not None:
        return _persons(left, right, left.person, right.person, gazetteer)
    if left.organization is not None and right.organization is not None:
        return _organizations(left, right, left.organization, right.organization, gazetteer)
    return _other_names(left, right)


# ---------------------------------------------------------------- persons


def _persons(left: Profile, right: Profile, a: PersonName, b: PersonName, gazetteer: Gazetteer) -> Match:
    if a.title != b.title or a.bare or b.bare:
        return NOTHING
    if a.title:
        return _rulers(a, b)
    if a.given and b.given and a.family != b.family and (a.given[0], a.family) == (b.family, b.given[0]):
        return Match(score=0.9, reason="same names in the other order")
    family = _family_names(a.family, b.family)
    if family.score == 0:
        return _shared_form(left, right) or NOTHING
    patronymic = a.patronymic or b.patronymic
    given = _given_names(a.given, b.given, gazetteer, later=not patronymic and not left.meets(right))
    if given.apart:
        shared = _shared_form(left, right)
        return shared or given
    if left.gender and right.gender and left.gender != right.gender:
        return Match(score=0.0, reason="one is a man, the other a woman", apart=True)
    if contradict(left.births, right.births):
        years = " and ".join(map(str, sorted((min(left.births), min(right.births)))))
        return Match(score=0.0, reason=f"born in {years}", apart=True)
    if a.suffix != b.suffix and (a.suffix and b.suffix):
        return Match(score=0.0, reason=f"{a.suffix} against {b.suffix}", apart=True)
    common = _common(left, right)
    if a.suffix != b.suffix and not (len(a.given) > 1 and a.given == b.given and len(a.given[1]) > 1):
        return _father_or_son(left, right, a, b, common)
    score = min(family.score, given.score)
    reason = "; ".join(filter(None, (family.reason, given.reason))) or "same name"
    if family.score < 1 and given.score < 0.9:
        score -= 0.15  # neither name is sure
    if common:
        # an office is shared by many of one surname, a year of birth by few
        more = 0.2 if left.births & right.births else 0.1
        score, reason = min(1.0, score + more), f"{reason}; both {common[0]}"
    return Match(score=score, reason=reason, support=len(common))


def _common(left: Profile, right: Profile) -> tuple[str, ...]:
    """What two people share beside their names: roles, organisations, the year of birth."""
    years = [f"born in {year}" for year in sorted(left.births & right.births)]
    return (*sorted(left.roles & right.roles), *sorted(left.organizations & right.organizations), *years)


def _rulers(a: PersonName, b: PersonName) -> Match:
    """King Charles and King Charles III, unless the corpus has two of that name."""
    if a.family != b.family or (a.suffix and b.suffix):
        return NOTHING
    return Match(score=0.85, reason=f"{a.title} {a.family}", weaker="right" if a.suffix else "left")


def _father_or_son(left: Profile, right: Profile, a: PersonName, b: PersonName, common: tuple[str, ...]) -> Match:
    """Names of which only one says Jr.: one person only if a role is shared and no document names both."""
    suffix = a.suffix or b.suffix
    if left.meets(right):
        return Match(score=0.0, reason=f"only one is {suffix}, and a document names both", apart=True)
    if common:
        side: Direction = "right" if a.suffix else "left"
        return Match(score=0.85, reason=f"only one is called {suffix}, but both {common[0]}", weaker=side)
    return Match(score=0.5, reason=f"only one is {suffix}")


def _shared_form(left: Profile, right: Profile) -> Match | None:
    """A full name that one document uses for the other's bearer."""
    mine, theirs = ({fold(form) for form, _ in profile.forms if " " in form} for profile in (left, right))
    if fold(left.name) in theirs or fold(right.name) in mine:
        return Match(score=0.95, reason="a document calls one by the other's name")
    return None


def _family_names(a: str, b: str) -> Match:
    if a == b:
        return Match(score=1.0, reason="")
    if skeleton(a) == skeleton(b) and len(skeleton(a)) >= 3:
        return Match(score=0.9, reason=f"spelling {a}/{b}")
    return NOTHING


def _given_names(a: tuple[str, ...], b: tuple[str, ...], gazetteer: Gazetteer, *, later: bool) -> Match:
    """Given names compared; `later` allows one to go by a middle name of the other (Mitt Romney: Willard Mitt)."""
    if "".join(a) == "".join(b):
        return Match(score=1.0, reason="")
    first = _first_names(a[0], b[0], gazetteer) if a and b else NOTHING
    if not first.apart:
        return _middle_names(a[1:], b[1:], first)
    for short, long in ((a, b), (b, a)) if later else ():
        for name in long[1:]:
            middle = _first_names(short[0], name, gazetteer)
            if not middle.apart and len(name) > 1 and len(short[0]) > 1:
                return Match(score=0.85, reason=f"{name} is a middle name of {' '.join(long)}")
    return first


def _first_names(a: str, b: str, gazetteer: Gazetteer) -> Match:
    if a == b:
        return Match(score=1.0, reason="")
    if len(a) == 1 or len(b) == 1:
        if a[0] == b[0]:
            return Match(score=0.85, reason=f"initial {min(a, b, key=len).upper()}.")
        return Match(score=0.0, reason=f"initials {a[0].upper()} and {b[0].upper()} contradict", apart=True)
    variants = gazetteer.name_variants
    roots_a = {variants.get(name, name) for name in (a, *map(fold, gazetteer.nicknames(a)))}
    roots_b = {variants.get(name, name) for name in (b, *map(fold, gazetteer.nicknames(b)))}
    if variants.get(a, a) == variants.get(b, b) or skeleton(a) == skeleton(b) or transposed(a, b):
        return Match(score=0.95, reason=f"{a} and {b} are spellings of one name")
    if variants.get(a, a) in roots_b or variants.get(b, b) in roots_a:
        return Match(score=0.95, reason=f"{a} and {b}: one is short for the other")
    if roots_a & roots_b:
        return Match(score=0.85, reason=f"{a} and {b} are both short for {min(roots_a & roots_b)}")
    return Match(score=0.0, reason=f"first names {a} and {b} contradict", apart=True)


def _middle_names(a: tuple[str, ...], b: tuple[str, ...], first: Match) -> Match:
    for mine, theirs in zip(a, b, strict=False):
        same = mine == theirs or skeleton(mine) == skeleton(theirs)
        initial = (len(mine) == 1 or len(theirs) == 1) and mine[0] == theirs[0]
        if not same and not initial:
            return Match(score=0.0, reason=f"middle names {mine} and {theirs} contradict", apart=True)
    return first


# ---------------------------------------------------------------- organisations


def _organizations(
    left: Profile, right: Profile, a: OrganizationName, b: OrganizationName, gazetteer: Gazetteer
) -> Match:
    countries = {country for country in (left.country, right.country) if country}
    same_core = a.core == b.core or sorted(a.core) == sorted(b.core)
    if same_core and len(countries) > 1:
        return Match(score=0.0, reason=f"of {' and '.join(sorted(countries))}", apart=True)
    if left.record and right.record and left.record != right.record:
        return Match(score=0.0, reason="two organisations of the table", apart=True)
    if same_core and (a.country == b.country or len(a.core) > 1):
        return Match(score=0.95, reason="same words but for country, article or legal form")
    if len(a.core) > 1 and len(countries) < 2 and transposed(" ".join(a.core), " ".join(b.core)):
        return Match(score=0.85, reason="two letters changed places")
    for short, long, weaker in ((left, right, "left"), (right, left, "right")):
        match = _short_form(short, long, gazetteer)
        if match.score:
            side: Direction = "left" if weaker == "left" else "right"
            return Match(score=match.score, reason=match.reason, weaker=side)
    return _shared_form(left, right) or NOTHING


def _short_form(short: Profile, long: Profile, gazetteer: Gazetteer) -> Match:
    """Whether the first is an acronym, the beginning, or the stem of the second."""
    a, b = short.organization, long.organization
    if a is None or b is None or len(b.core) < 2:
        return NOTHING
    acronym = short.name.replace(".", "")
    if is_acronym(short.name) and len(acronym) > 1:
        if acronym in {form.replace(".", "") for form, _ in long.forms}:
            return Match(score=0.95, reason=f"a document abbreviates it as {acronym}")
        if acronym in b.initials and len(acronym) > 2 and short.record is None:
            return Match(score=0.85, reason=f"acronym {acronym} = {long.name}")
    words = gazetteer.organization_words
    size = len(a.words)
    rest = b.words[size:]
    begins = size >= 2 and len(a.core) >= 2 and b.words[:size] == a.words and rest[:1] != ()
    # one document that has both as two things may mean a branch: "the Service for the Western District"
    whole = not short.meets(long) or (rest[:1] in (("for",), ("on",)) and rest[1:2] != ("the",))
    if begins and whole and short.record is None and rest[0] in words["connective"]:
        return Match(score=0.85, reason=f"{short.name} begins {long.name}")
    stem = len(a.core) == len(b.core) - 1 and b.core[:-1] == a.core and b.core[-1] in words["generic"]
    if stem and len(short.name) > 2 and gazetteer.place(short.name) is None and not gazetteer.demonym(short.name):
        return Match(score=0.8, reason=f"{short.name} and {b.core[-1]}")
    return NOTHING


def _other_names(left: Profile, right: Profile) -> Match:
    a, b = fold(left.name).removesuffix("s"), fold(right.name).removesuffix("s")
    if left.place is None and right.place is None and a == b and left.family != "place":
        return Match(score=0.9, reason="singular and plural")
    return NOTHING
