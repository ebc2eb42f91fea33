"""What the words of a name show of the kind of thing it names, wherever it stands."""

from __future__ import annotations

import re

from kg.gazetteer import Gazetteer
from kg.name_chunks import PARTICLES
from kg.name_words import NameWords

BIG_CITY = 200_000
LINKS = frozenset("of for on and de du del".split())
SHORTEST_BODY = 8
"""Letters of the shortest word that is looked at for the ending of a body: "Regiobank", not "Burbank"."""
GENERATIONS = frozenset("jr sr ii iii iv v vi".split())
NOT_CAMEL = ("Mc", "Mac", "Le", "De", "Di", "La")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}s?|[A-Z]{1,3}\d{1,2}")
_INITIAL = re.compile(r"[A-Z]\.?(?:[A-Z]\.?)?")
_LETTERS = re.compile(r"(?![IVXLC]+$)[A-Z]{2,}")
_MODEL = re.compile(r"[A-Z][A-Za-z]{0,2}-?\d{2,4}[A-Z]?")
_SITE = re.compile(r"\.(?:com|org|net|ai|io)\b")
_VERSION = re.compile(r"\s*\d+(?:\.\d+)*$")
_POSSESSIVE = re.compile(r"['’]s\b|s['’] ")


def form_evidence(text: str, gazetteer: Gazetteer, words: NameWords) -> list[str]:
    """The pieces of evidence in the name itself: tables that know it, its head word, its build."""
    parts = text.split()
    lows = [part.casefold().strip(".,'’") for part in parts]
    names = [low for low in lows if low and low not in PARTICLES]
    known = len(parts) > 1 and gazetteer.country(parts[0]) is not None
    own = parts[1:] if known else parts
    found = _from_tables(text, gazetteer, words) + _from_head(lows, words) + _from_spelling(" ".join(own), own, lows)
    if any(low.endswith(words.endings["Organization"]) and len(low) >= SHORTEST_BODY for low in lows):
        found.append("ending=body")
    if len(names) > 1:
        return found + _from_several(parts, lows, names, gazetteer, words)
    found.append("single")
    if lows[-1] in words.heads:
        found.append(f"single={words.heads[lows[-1]]}")
    if names and first_name(names[0], gazetteer, words) == "known":
        found.append("single=firstname")
    if names and words.is_common(names[0]) and not gazetteer.is_first_name(names[0]):
        found.append("single=common")
    elif lows[-1].endswith(words.endings["Place"]):
        found.append("ending=place")
    return found


def first_name(word: str, gazetteer: Gazetteer, words: NameWords) -> str:
    """How much a name's first word looks like a person's first name: known, rare, doubtful or unknown."""
    word = word.split("-", maxsplit=1)[0]
    if not gazetteer.is_first_name(word):
        return "unknown"
    if words.is_common(word) or gazetteer.place(word):
        return "doubtful"
    return "known" if gazetteer.gender(word) else "rare"


def _from_tables(text: str, gazetteer: Gazetteer, words: NameWords) -> list[str]:
    found: list[str] = []
    low = text.casefold().replace("’", "'")
    famous = words.known.get(low) or words.known.get(_VERSION.sub("", low))
    if famous:
        found.append(f"known={famous}")
    place, organization = gazetteer.place(text), gazetteer.organization(text)
    if place:
        found.append(f"place={place.kind}")
        if place.kind == "city" and place.population > BIG_CITY:
            found.append("place=bigcity")
    if organization:
        found.append(f"organization={organization.type}")
    return found


def _from_head(lows: list[str], words: NameWords) -> list[str]:
    at = next((n for n in range(1, len(lows)) if lows[n] in LINKS and lows[n - 1] in words.spanning), None)
    head = lows[at - 1] if at else lows[-1]
    if len(lows) == 1:
        return []
    kind = words.heads.get(head) or words.heads.get(head.removesuffix("s"))
    return [f"head={kind}"] if kind else []


def _from_several(
    parts: list[str], lows: list[str], names: list[str], gazetteer: Gazetteer, words: NameWords
) -> list[str]:
    common = [words.is_common(low) and not gazetteer.is_first_name(low) for low in names]
    extent = "none" if not any(common) else "all" if all(common) else "last" if common[-1] else "some"
    found = [f"first={first_name(names[0], gazetteer, words)}", f"words={extent}", f"length={min(len(names), 5)}"]
    if names[0] in words.firsts:
        found.append(f"starts={words.firsts[names[0]]}")
    if gazetteer.place(parts[0]) or gazetteer.demonym(parts[0]):
        found.append("starts=place")
    known = gazetteer.country(parts[0]) is not None  # "U.S." is no initial
    if any(_INITIAL.fullmatch(part) for part in parts[known:-1]):
        found.append("initial")
    if PARTICLES.intersection(lows[1:-1]):
        found.append("particle")
    if names[-1] in GENERATIONS:
        found.append("junior")
    if not common[-1] and names[-1].endswith(words.endings["Person"]):
        found.append("ending=person")
    return found


def _from_spelling(text: str, parts: list[str], lows: list[str]) -> list[str]:
    found: list[str] = []
    if _ACRONYM.fullmatch(text):
        found.append("acronym")
    elif any(len(part) > 2 and part.isupper() for part in parts) and not text.isupper():
        found.append("part=acronym")
    if any(re.search(r"[a-z][A-Z]", part) and not part.startswith(NOT_CAMEL) for part in parts):
        found.append("camel" if len(parts) == 1 else "camel-part")
    if len(parts) > 1 and _LETTERS.fullmatch(parts[-1]) and not text.isupper() and lows[-1] != "jr":
        found.append("last=capitals")
    if len(parts) > 1 and _MODEL.fullmatch(parts[-1]):
        found.append("last=model")
    if "&" in text or _SITE.search(text):
        found.append("firmmark")
    if re.search(r"\d", text):
        found.append("digit")
    if _POSSESSIVE.search(text):
        found.append("possessive-inside")
    if {"of", "for", "on"}.intersection(lows):
        found.append("of-inside")
    return found
