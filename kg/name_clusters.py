"""Which names of one document mean the same: surname and full name, acronym and long form, variants of spelling.

Names are compared only inside a block (same surname, same initials, same entry of the tables), so the work grows
with the number of names, not with its square.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kg.gazetteer import Gazetteer, PlaceRecord, fold
from kg.name_persons import bare_names, join_full_names
from kg.name_records import Occurrence, Sets
from kg.name_series import LEGAL_FORMS
from kg.name_words import NameWords

LINKS = frozenset("of for on and the & de du des der von und".split())
STATE = re.compile(r"^(?:(?:Republic|Kingdom|State|Sultanate|Emirate|Principality|Commonwealth) of (?:the )?)")
"""The opening of a country's full name, where the tables have only the short one."""
SAME = LEGAL_FORMS | frozenset(
    "news radio television tv online group holding holdings corp corporation company co".split()
)
"""Words that a body known by its letters may go on with and stay the same: "CBC News"."""
SHORTEST = 4
"""Letters of the shortest last word that can stand for a whole name."""


def cluster(
    occurrences: list[Occurrence],
    gazetteer: Gazetteer,
    words: NameWords,
    brackets: Iterable[tuple[int, int]],
    aliases: Iterable[tuple[int, int]] = (),
) -> list[int]:
    """For each occurrence the number of its cluster, counted by first mention.

    `brackets` are pairs of positions in `occurrences`: a name and the short form defined right behind it, `aliases` a
    name and another one that the text says it is known by.
    """
    sets = Sets()
    keys = [_key(o) for o in occurrences]
    first: dict[str, Occurrence] = {}
    for key, occurrence in zip(keys, occurrences, strict=True):
        if key not in first:
            first[key] = occurrence
            sets.find(key)
            for canonical in _canonical(occurrence, gazetteer):
                sets.join(canonical, key)
    for long, short in brackets:
        if occurrences[long].type != "Person" and _abbreviates(occurrences[short].text, occurrences[long].text):
            sets.join(keys[long], keys[short])
    for one, other in aliases:
        if occurrences[one].type == occurrences[other].type:
            sets.join(keys[one], keys[other])
    _join_organizations(first, sets, gazetteer, words)
    _join_places(first, sets)
    _join_groups(first, sets)
    join_full_names(keys, occurrences, sets, gazetteer)
    bare = bare_names(keys, occurrences, gazetteer)
    numbers: dict[str, int] = {}
    return [numbers.setdefault(sets.find(bare.get(n, key)), len(numbers)) for n, key in enumerate(keys)]


def _key(o: Occurrence) -> str:
    if o.country is not None:
        return f"demonym|{fold(o.country)}"
    return f"{o.type}|{fold(o.text).rstrip('.')}"


def _canonical(o: Occurrence, gazetteer: Gazetteer) -> list[str]:
    """Keys of the tables under which spellings of one thing meet."""
    if o.country is not None:
        return [f"place|{fold(o.country)}"]
    if o.type == "Place" and (place := gazetteer.place(o.text) or full_state(o.text, gazetteer)):
        return [f"place|{fold(place.name)}"]
    if o.type == "Organization" and (organization := gazetteer.organization(o.text)):
        return [f"organization|{fold(organization.name)}"]
    if o.type == "Organization" and (body := _state_body(o.text, gazetteer)):
        return [body]
    return []


def full_state(text: str, gazetteer: Gazetteer) -> PlaceRecord | None:
    """The country that is called in full: "Sultanate of Oman", where the tables have only the short name."""
    short = STATE.sub("", text)
    return gazetteer.country(short) if short != text else None


def _state_body(text: str, gazetteer: Gazetteer) -> str | None:
    """One key for "U.S. District Court" and "United States District Court": the canonical state, then the rest."""
    words = text.split()
    for size in (2, 1):
        state = " ".join(words[:size])
        country = gazetteer.country(state) if len(words) > size + 1 or size == 1 and len(words) > 1 else None
        if country is not None:
            return f"organization|{fold(country.name)} {fold(' '.join(words[size:]))}"
    return None


# ---------------------------------------------------------------- organisations, places, groups


def initials(text: str) -> tuple[str, str]:
    """The initials of a name's capitalised words and of all its words: ("CFR", "COFR")."""
    parts = [p for p in text.replace("-", " ").split() if p[0].isalnum()]
    return "".join(p[0] for p in parts if p[0].isupper()), "".join(p[0].upper() for p in parts)


def _abbreviates(short: str, long: str) -> bool:
    letters = singular(short).replace(".", "").upper()
    if not short[:1].isupper() or len(letters) < 2 or len(long.split()) < 2:
        return False
    if letters in initials(long):
        return True
    if not short.replace(".", "").isupper():
        return short in long
    rest = iter(long.upper())  # its letters in order, the first one first
    return letters[0] == long[0].upper() and all(letter in rest for letter in letters)


def singular(acronym: str) -> str:
    """An acronym without the s of its plural: "SMOs" -> "SMO"."""
    return acronym[:-1] if len(acronym) > 2 and acronym.endswith("s") and acronym[:-1].isupper() else acronym


def short_forms(parts: Sequence[str], words: NameWords) -> Iterator[str]:
    """What a body called `parts` may be called for short: its first words, or its last if no ordinary word ends it.

    "Brasserie Lohest" is "Lohest", but not "Brasserie"; "Hanbit Energy Solution" is "Hanbit" and "Hanbit Energy".
    """
    for n in range(1, len(parts)):
        first, last = parts[:n], parts[n:]
        if not (n == 1 and words.is_common(first[0])) and first[-1] not in LINKS:
            yield " ".join(first)
        inside = last[0] in LINKS or first[-1] in LINKS  # "University of Leiden" is not called "Leiden"
        if not inside and not words.is_common(parts[-1]) and len(parts[-1]) >= SHORTEST:
            yield " ".join(last)


def _join_organizations(first: dict[str, Occurrence], sets: Sets, gazetteer: Gazetteer, words: NameWords) -> None:
    kinds = ("Organization", "Event", "Work", "Product")
    full = {key: o for key, o in first.items() if o.type in kinds and len(o.text.split()) > 1}
    order = {key: n for n, key in enumerate(first)}
    by_initials: dict[str, str] = {}
    by_first: dict[str, list[str]] = {}
    by_last: dict[str, list[str]] = {}
    by_rest: dict[str, str] = {}
    by_end: dict[str, list[str]] = {}
    for key, o in full.items():
        parts = fold(o.text).split()
        for letters in initials(o.text.removeprefix("The ")):
            by_initials.setdefault(letters, key)
        for n in range(1, len(parts)):
            by_first.setdefault(" ".join(parts[:n]), []).append(key)
        by_last.setdefault(parts[-1], []).append(key)
        for n in range(1, len(parts)):
            by_end.setdefault(" ".join(parts[n:]), []).append(key)
        for short in _short_forms(o, parts, gazetteer):
            by_rest.setdefault(short, key)
    for key, o in first.items():
        if o.type not in kinds:
            continue
        text = fold(o.text)
        parts = text.split()
        letters = singular(o.text).replace(".", "")
        if letters.isupper() and 2 <= len(letters) <= 6 and len(parts) == 1:
            if (long := by_initials.get(letters)) and long != key:
                sets.join(long, key)
                continue
        if text in by_rest and first[by_rest[text]].type == o.type:
            sets.join(by_rest[text], key)
        ends = by_end.get(text, ())
        tabled = gazetteer.organization(o.text) or gazetteer.place(o.text)
        if len(ends) == 1 and first[ends[0]].type == o.type and not gazetteer.organization(o.text):
            linked = fold(first[ends[0]].text).split()[-len(parts) - 1] in LINKS
            rare = not linked and not words.is_common(parts[-1]) and len(parts[-1]) >= SHORTEST
            if rare or o.article and not gazetteer.place(o.text):
                sets.join(ends[0], key)
        if o.type != "Organization":
            continue
        longer = by_first.get(text, ())
        starting = [k for k in longer if _is_short_form(o.text, first[k].text, words)]
        if starting and not gazetteer.organization(o.text):
            sets.join(starting[0], key)
        elif len(longer) == 1 and o.article and not tabled and order[longer[0]] < order[key]:
            if _is_opening(parts, fold(first[longer[0]].text).split()):
                sets.join(longer[0], key)
        elif len(parts) == 1 and o.article and parts[0] in words.heads and len(by_last.get(parts[0], ())) == 1:
            sets.join(by_last[parts[0]][0], key)


def _short_forms(o: Occurrence, parts: list[str], gazetteer: Gazetteer) -> Iterator[str]:
    """Folded names that may stand for a name of several words in its document, beside its initials and first words."""
    if parts[-1].isdigit() and len(parts) > 2:
        letters = "".join(p[0] for p in parts[:-1])
        yield f"{letters} {parts[-1]}"  # "HB 5" for "House Bill 5"
        yield f"{letters}{parts[-1]}"
    if len(parts) == 3 and parts[:2] == ["church", "of"]:
        yield parts[2]
    written = o.text.split()
    for n in (1, 2):
        lead, rest = " ".join(written[:n]), parts[n:]
        if len(rest) == 1 and o.type == "Organization" and rest[0].endswith("s") and gazetteer.place(lead):
            yield rest[0]  # "Cubs" for "Chicago Cubs"
        city = n > 1 and written[1] == "City" and gazetteer.place(written[0])
        if len(rest) > 1 and (city or gazetteer.place(lead) or gazetteer.demonym(lead)):
            yield " ".join(rest)
            if rest[-1] == "party" and len(rest) == 2 or rest[1] == "of" and rest[0] in ("house", "senate"):
                yield rest[0]
    if parts[0] in ("department", "ministry") and parts[1] == "of" and len(parts) > 3:
        yield " ".join(parts[2:])


def _is_short_form(short: str, long: str, words: NameWords) -> bool:
    """Whether a name's first words can stand for it: "Nordlys" for "Nordlys Ferries", not "House" for "House Panel"."""
    parts, rest = fold(short).split(), fold(long).split()[len(short.split()) :]
    if not words.local.isdisjoint(rest):
        return False  # "Ambridge" is the town, not Ambridge Council
    if short.isupper() and all(words.is_common(word) and word not in SAME for word in rest):
        return False  # "HBCU" is no "HBCU Initiative"
    return len(rest) == 1 if len(parts) > 1 or words.is_common(parts[0]) else True


def _is_opening(short: list[str], long: list[str]) -> bool:
    """Whether the longer name only tells what the body is for: "Front" for "Front for the Liberation of Ruritania",
    but not "Board of Directors" for "Board of Directors of the Orchard Bank"."""
    return LINKS.isdisjoint(short) and long[len(short)] in ("of", "for")


def _join_places(first: dict[str, Occurrence], sets: Sets) -> None:
    places = {fold(o.text): key for key, o in first.items() if o.type == "Place" and o.country is None}
    for text, key in places.items():
        for longer in (f"{text} city", f"city of {text}", f"{text} dc", f"{text} island", f"{text} river"):
            if longer in places:
                sets.join(key, places[longer])


def _join_groups(first: dict[str, Occurrence], sets: Sets) -> None:
    """Join "Houthi" and "Houthis", of one class."""
    groups = {(o.type, fold(o.text)): key for key, o in first.items() if o.type in ("Group", "Organization")}
    for (kind, text), key in groups.items():
        if (kind, f"{text}s") in groups and len(text) >= SHORTEST:
            sets.join(groups[kind, f"{text}s"], key)
