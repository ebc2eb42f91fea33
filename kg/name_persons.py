"""Which names of persons in one document mean the same person.

Full names meet in blocks of like surname and initial; a bare surname or first name goes to the latest full name
that fits.  So the work grows with the number of names, not with its square.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from kg.gazetteer import Gazetteer, fold
from kg.name_records import Occurrence, Sets

JUNIOR = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "qc", "sc"})
NEXT = 1
"""Sentences after which a name that opened one is not in the foreground any more."""
SHORTEST_VARIANT = 4
"""Letters of the shortest name that may be a misspelling of another."""


def parts_of(text: str) -> list[str]:
    """A person's names, folded, without "Jr" and the like."""
    return [p for p in fold(text.replace(",", " ")).split() if p not in JUNIOR] or fold(text).split()


def compatible(a: str, b: str, gazetteer: Gazetteer) -> bool:
    """Whether two full names with one surname can be one person: "Bill Doe" and "William J. Doe"."""
    one, two = parts_of(a), parts_of(b)
    if len({_generation(a), _generation(b)} - {""}) > 1:
        return False
    if not _same_name(one[-1], two[-1]):
        return False
    if not _same_first(one[0], two[0], gazetteer):
        return False
    middle_one, middle_two = one[1:-1], two[1:-1]
    if not middle_one or not middle_two:
        return True
    if any(len(m) > 2 and m.replace(".", "") in middle_two for m in middle_one):
        return True
    return middle_one[0][0] == middle_two[0][0] and len(middle_one) == len(middle_two)


def _generation(text: str) -> str:
    """The "jr" or "sr" of a name, "" for none."""
    last = fold(text.replace(",", " ")).split()[-1].rstrip(".")
    return last if last in ("jr", "sr", "ii", "iii", "iv") else ""


def _same_name(a: str, b: str) -> bool:
    if a == b:
        return True
    return (
        min(len(a), len(b)) >= SHORTEST_VARIANT
        and a[0] == b[0]
        and Levenshtein.distance(a, b, score_cutoff=1) <= 1
        and abs(len(a) - len(b)) <= 1
    )


def _same_first(a: str, b: str, gazetteer: Gazetteer) -> bool:
    a, b = a.rstrip("."), b.rstrip(".")
    if a == b:
        return True
    if len(a) == 1 or len(b) == 1 or "." in a or "." in b:
        return a[0] == b[0]
    formal_a, formal_b = {a, *map(fold, gazetteer.nicknames(a))}, {b, *map(fold, gazetteer.nicknames(b))}
    if formal_a & formal_b:
        return True
    genders = {gazetteer.gender(a), gazetteer.gender(b)} - {None}
    return (
        len(genders) < 2
        and min(len(a), len(b)) >= SHORTEST_VARIANT
        and a[:2] == b[:2]
        and Levenshtein.distance(a, b, score_cutoff=1) <= 1
    )


def join_full_names(keys: list[str], occurrences: list[Occurrence], sets: Sets, gazetteer: Gazetteer) -> None:
    """Join full names of one person.  Two spellings in one sentence are two persons ("not Jacob but Jakob Stein")."""
    places: dict[str, list[int]] = {}
    for n, (key, o) in enumerate(zip(keys, occurrences, strict=True)):
        if o.type == "Person" and len(parts_of(o.text)) > 1:
            places.setdefault(key, []).append(n)
    sentences = {key: frozenset(occurrences[n].sentence for n in ns) for key, ns in places.items()}
    blocks: dict[tuple[str, str], list[str]] = {}
    for key in sorted(places, key=lambda k: (-len(occurrences[places[k][0]].text), places[k][0])):
        text = occurrences[places[key][0]].text
        met = dict.fromkeys(other for block in _blocks(text, gazetteer) for other in blocks.get(block, ()))
        for other in met:
            apart = sentences[key] & sentences[other]
            if not apart and compatible(text, occurrences[places[other][0]].text, gazetteer):
                sets.join(other, key)
                break
        else:
            for block in _blocks(text, gazetteer):
                blocks.setdefault(block, []).append(key)


def _blocks(text: str, gazetteer: Gazetteer) -> Iterator[tuple[str, str]]:
    """Pairs of a surname with at most one letter dropped and a first letter that the first name may have."""
    parts = parts_of(text)
    surname = parts[-1]
    letters = dict.fromkeys([parts[0][0], *(fold(name)[0] for name in gazetteer.nicknames(parts[0]))])
    spellings = dict.fromkeys([surname, *(surname[:n] + surname[n + 1 :] for n in range(1, len(surname)))])
    for letter in letters:
        for spelling in spellings:
            yield spelling, letter


def bare_names(keys: list[str], occurrences: list[Occurrence], gazetteer: Gazetteer) -> dict[int, str]:
    """The key of the full name for each bare surname or first name: the latest that fits, else the first to come.

    Whoever was called by it before keeps it when somebody else of that name is named in passing ("Roe's son, Tim Roe").
    """
    by_end: dict[str, list[int]] = {}
    by_start: dict[str, list[int]] = {}
    by_middle: dict[str, list[int]] = {}
    by_sound: dict[str, list[int]] = {}
    for n, o in enumerate(occurrences):
        parts = parts_of(o.text)
        if o.type != "Person" or len(parts) == 1:
            continue
        by_sound.setdefault(_skeleton(parts[-1]), []).append(n)
        for size in range(1, len(parts)):
            by_end.setdefault(" ".join(parts[size:]), []).append(n)
        by_start.setdefault(parts[0], []).append(n)
        for part in parts[1:-1]:  # "Bárcena" for "Alicia Bárcena Ibarra"
            if len(part.rstrip(".")) > 1:
                by_middle.setdefault(part, []).append(n)
    found: dict[int, str] = {}
    bearers: dict[str, int] = {}
    for n, o in enumerate(occurrences):
        if o.type != "Person":
            continue
        parts = parts_of(o.text)
        text = " ".join(parts)
        tables = [
            by_end.get(text),
            *([by_start.get(text), by_sound.get(_skeleton(text)), by_middle.get(text)] if len(parts) == 1 else []),
        ]
        for table in tables:
            fitting = _nearest(n, table, occurrences, gazetteer) if table else None
            if table and fitting is not None:
                before = bearers.get(text, _first_beside(fitting, table, occurrences))
                once = sum(keys[m] == keys[fitting] for m in table if m < n) == 1
                if before is not None and once and not _leads(fitting, n, occurrences):
                    fitting = before if _fits(o, occurrences[before], gazetteer) else fitting
                bearers[text] = fitting
                found[n] = keys[fitting]
                break
    return found


def _first_beside(full: int, table: list[int], occurrences: list[Occurrence]) -> int | None:
    """Another full name that is the first person of the same sentence: "Ana Roe ... her son, Tim Roe"."""
    here = occurrences[full].sentence
    people = [m for m in range(full) if occurrences[m].sentence == here and occurrences[m].type == "Person"]
    return people[0] if people and people[0] in table else None


def _leads(full: int, n: int, occurrences: list[Occurrence]) -> bool:
    """Whether a full name is the first of a sentence just before occurrence n: its sentence is about that person."""
    here = occurrences[full].sentence
    first = full == 0 or occurrences[full - 1].sentence != here
    return first and occurrences[n].sentence - here <= NEXT


def _skeleton(name: str) -> str:
    """A name without doubled letters, i for y and j, k for c: "Haass" and "Haas" are one."""
    return re.sub(r"(.)\1+", r"\1", name.translate(str.maketrans("yjc", "iik")))


def _nearest(n: int, table: list[int], occurrences: list[Occurrence], gazetteer: Gazetteer) -> int | None:
    """The last of the full names in front of occurrence n that it can stand for, else the first behind it."""
    at = bisect_left(table, n)
    for m in (*reversed(table[:at]), *table[at:]):
        if _fits(occurrences[n], occurrences[m], gazetteer):
            return m
    return None


def _fits(short: Occurrence, full: Occurrence, gazetteer: Gazetteer) -> bool:
    if short.gender is not None:
        gender = full.gender or gazetteer.gender(parts_of(full.text)[0])
        if gender not in (None, short.gender):
            return False
    office = short.title and short.title not in gazetteer.honorifics and short.title != full.title
    return not (office and short.sentence == full.sentence)  # "Ana Ruiz joined President Ruiz"
