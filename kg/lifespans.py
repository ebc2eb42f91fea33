"""Life dates in brackets behind a name: "Jane Doe (2 May 1909 – 30 March 1996)", "(born May 1952 in Graz)", "(1880–1954)".

Encyclopaedic texts and obituaries give births and deaths so, without a word that says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.referents import Context
from kg.types import Mention

BIRTH, DEATH = "birth-in-brackets", "death-in-brackets"
"""Names of the two structures, for the lexicon."""
MAX_TOKENS = 40
DASHES = frozenset({"-", "–", "—", "to"})
BORN = frozenset({"born", "b.", "b", "*"})
DIED = frozenset({"died", "d.", "d", "†"})
YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec.".split()
)
DATE_WORDS = MONTHS | {","}


def life_dates(context: Context) -> Iterator[tuple[Mention, str, int, int]]:
    """(name, structure, start, stop) for each date in brackets behind a person's name; tokens[start:stop] is the date."""
    tokens = context.parse.tokens
    for mention in sorted({m.start: m for m in context.at.values() if m.kind == "name"}.values(), key=lambda m: m.start):
        if mention.type != "Person" or not mention.entities or mention.stop >= len(tokens):
            continue
        opening = mention.stop + (1 if tokens[mention.stop].text == "," else 0)
        if opening >= len(tokens) or tokens[opening].text != "(":
            continue
        closing = next(
            (i for i in range(opening + 1, min(opening + MAX_TOKENS, len(tokens))) if tokens[i].text == ")"), None
        )
        if closing is None:
            continue
        yield from _in_brackets(context, mention, opening + 1, closing)


def _in_brackets(context: Context, mention: Mention, start: int, stop: int) -> Iterator[tuple[Mention, str, int, int]]:
    words = [t.text.casefold() for t in context.parse.tokens[start:stop]]
    dates = _dates(words)
    if not dates or len(dates) > 2:
        return
    born, died = any(w in BORN for w in words), any(w in DIED for w in words)
    if len(dates) == 2:
        between = set(words[dates[0][1] : dates[1][0]])
        if between & DASHES or born and died:
            yield mention, BIRTH, start + dates[0][0], start + dates[0][1]
            yield mention, DEATH, start + dates[1][0], start + dates[1][1]
    elif born or dates[0][0] == 0 and dates[0][1] < len(words) and words[dates[0][1]] in DASHES:
        yield mention, BIRTH, start + dates[0][0], start + dates[0][1]
    elif died:
        yield mention, DEATH, start + dates[0][0], start + dates[0][1]


def _dates(words: list[str]) -> list[tuple[int, int]]:
    """(start, stop) of each run of words that ends in a year and holds nothing but day, month and year."""
    found: list[tuple[int, int]] = []
    for at, word in enumerate(words):
        if not YEAR.fullmatch(word):
            continue
        begin = at
        floor = found[-1][1] if found else 0
        while begin > floor and (words[begin - 1] in DATE_WORDS or words[begin - 1].isdigit() and len(words[begin - 1]) <= 2):
            begin -= 1
        while words[begin] == ",":
            begin += 1
        found.append((begin, at + 1))
    return found
