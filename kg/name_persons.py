"""Which names of persons in one document mean the same person.

Full names meet in blocks of like surname and initial; a bare surname or first name goes to the first full name
that fits.  So the work grows with the number of names, not with its square.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from kg.gazetteer import Gazetteer, Gender, fold
from kg.name_records import Occurrence, Sets

JUNIOR = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "qc", "sc"})
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
    """The key of the full name for each bare surname or first name.

    Among several whom it fits it is the first that the text named: whoever comes later with the same surname is named
    in passing ("Roe's son, Tim Roe") and goes on being called by both names.  In a paragraph that begins with a full
    name it is that person.
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
        for part in (*parts[1:-1], *halves(parts[-1])):  # "Bárcena" for "Alicia Bárcena Ibarra"
            if len(part.rstrip(".")) > 1:
                by_middle.setdefault(part, []).append(n)
    found: dict[int, str] = {}
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
            bearer = _bearer(n, table, occurrences, gazetteer) if table else None
            if bearer is not None:
                found[n] = keys[bearer]
                break
    return found


def halves(surname: str) -> tuple[str, ...]:
    """The names of a double surname, of which either may stand alone: "Otero" and "Lasa" for "Otero-Lasa"."""
    names = tuple(surname.split("-"))
    return names if len(names) == 2 and min(map(len, names)) >= SHORTEST_VARIANT else ()


def _bearer(n: int, table: list[int], occurrences: list[Occurrence], gazetteer: Gazetteer) -> int | None:
    """The full name of the table that occurrence n means, None where it fits none."""
    fitting = [m for m in table if _fits(occurrences[n], occurrences[m], gazetteer)]
    before = fitting[: bisect_left(fitting, n)] or fitting[:1]
    here = occurrences[n].paragraph
    opening = [m for m in before if occurrences[m].opens and occurrences[m].paragraph == here]
    known = [m for m in before if _gender(occurrences[m], gazetteer)] if occurrences[n].gender else []
    return next(iter((*opening, *known, *before)), None)


def _gender(full: Occurrence, gazetteer: Gazetteer) -> Gender | None:
    return full.gender or gazetteer.gender(parts_of(full.text)[0])


def _skeleton(name: str) -> str:
    """A name without doubled letters, i for y and j, k for c: "Haass" and "Haas" are one."""
    return re.sub(r"(.)\1+", r"\1", name.translate(str.maketrans("yjc", "iik")))


def _fits(short: Occurrence, full: Occurrence, gazetteer: Gazetteer) -> bool:
    if short.gender is not None:
        if _gender(full, gazetteer) not in (None, short.gender):
            return False
    office = short.title and short.title not in gazetteer.honorifics and short.title != full.title
    return not (office and short.sentence == full.sentence)  # "Ana Ruiz joined President Ruiz"
