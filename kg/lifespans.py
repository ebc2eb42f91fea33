"""Lives in brackets behind a name: "Jane Doe (2 May 1909 – 30 March 1996)", "(born May 1952 in Graz)".

Encyclopaedic texts and obituaries give births and deaths so, without a word that says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.days import days_of
from kg.referents import Context
from kg.types import Mention

BIRTH, DEATH, BIRTHPLACE = "birth-in-brackets", "death-in-brackets", "birthplace-in-brackets"
"""Names of the structures, for the lexicon."""
MAX_LENGTH = 260
MAX_BEFORE = 6
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{MONTH},?\s+|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+|{MONTH},?\s+)?"
    r"(?:1[0-9]{3}|20[0-9]{2})\b",
    re.IGNORECASE,
)
FULL = re.compile(rf"\d{{1,2}}.*{MONTH}|{MONTH}.*\d{{1,2}},?\s", re.IGNORECASE)
DASH = re.compile(r"[-–—]|\bto\b|\bdied\b|\bd\.|†")
BORN = re.compile(r"\b(?:born|b\.)|\*", re.IGNORECASE)
DIED = re.compile(r"\b(?:died|d\.|dead)|†", re.IGNORECASE)
WORD = re.compile(r"\b[a-z]+\b")
OF_LIVES = frozenset("born b died dead d c ca circa in on at near about around or and of the aged".split())
"""Ordinary words that may stand in front of the first date of a life."""
HONOUR = re.compile(r"[A-Z]{2,5}|[JS]r\.?|[IVX]+|Esq\.?|Ph\.?D\.?|M\.?D\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeDate:
    """The birth or death of whoever bears a name: [begin, end) say the date, `value` is the xsd:date, month or year."""

    mention: Mention
    structure: str
    begin: int
    end: int
    value: str


def life_dates(context: Context) -> Iterator[LifeDate]:
    """Each date of birth or death in brackets behind a person's name, in text order."""
    for mention, begin, end in _brackets(context):
        text = context.parse.document.text[begin:end]
        for structure, start, stop in _dates(context, text, end):
            value = _value(text[start:stop])
            if value is not None:
                yield LifeDate(mention=mention, structure=structure, begin=begin + start, end=begin + stop, value=value)


def life_places(context: Context) -> Iterator[tuple[Mention, Mention]]:
    """(person, birthplace) for each place that is named with a birth in brackets."""
    for mention, begin, end in _brackets(context):
        text = context.parse.document.text[begin:end]
        dates = _dates(context, text, end)
        born = BORN.search(text)
        if born is None and [structure for structure, _, _ in dates] != [BIRTH, DEATH]:
            continue
        stop = end
        if len(dates) == 2 or DIED.search(text):
            parting = next((m for m in DASH.finditer(text) if not dates or m.start() >= dates[0][1]), None)
            stop = begin + parting.start() if parting else end
        names = sorted(
            {m.begin: m for m in context.at.values() if m.kind == "name" and begin <= m.begin < stop}.values(),
            key=lambda m: m.begin,
        )
        place = next((m for m in names if m.type in ("Place", "Country") and m.entities), None)
        if place is not None:
            yield mention, place


def _brackets(context: Context) -> Iterator[tuple[Mention, int, int]]:
    """Persons' names with the code points inside the brackets that follow: directly, or behind "Jr." and honours."""
    tokens = context.parse.tokens
    for mention in sorted(
        {m.start: m for m in context.at.values() if m.kind == "name"}.values(), key=lambda m: m.start
    ):
        if mention.type != "Person" or not mention.entities:
            continue
        at = mention.stop
        while (
            at < len(tokens)
            and at - mention.stop < MAX_BEFORE
            and (tokens[at].text == "," or HONOUR.fullmatch(tokens[at].text))
        ):
            at += 1
        if at >= len(tokens) or tokens[at].text != "(":
            continue
        begin = tokens[at].end
        end = _closing(context.parse.document.text, begin)
        if end is not None:
            yield mention, begin, end


def _closing(text: str, begin: int) -> int | None:
    """Where the bracket that opens before `begin` closes."""
    depth = 0
    for i in range(begin, min(begin + MAX_LENGTH, len(text))):
        if text[i] == "(":
            depth += 1
        elif text[i] == ")":
            if depth == 0:
                return i
            depth -= 1
    return None


def _dates(context: Context, text: str, end: int) -> list[tuple[str, int, int]]:
    """(structure, start, stop) of the dates in a bracket's text: birth and death, one of them, or none."""
    dates = [m.span() for m in DATE.finditer(text)]
    if not dates or len(dates) > 2:
        return []
    born, died = BORN.search(text), DIED.search(text)
    if set(WORD.findall(text[: dates[0][0]])) - OF_LIVES:
        return []  # "(r. 1450-1515)", "(president 1996-2000)"
    if len(dates) == 2:
        between = text[dates[0][1] : dates[1][0]]
        if DASH.search(between) or born and died:
            return [(BIRTH, *dates[0]), (DEATH, *dates[1])]
        return []
    (start, stop) = dates[0]
    if died and (not born or born.start() > start or died.start() < start and died.start() > born.start()):
        return [(DEATH, start, stop)]
    open_ended = re.fullmatch(r"\s*[-–—]\s*", text[stop:]) is not None and not text[:start].strip()
    alone = not text[:start].strip() and not text[stop:].strip() and FULL.search(text[start:stop]) is not None
    described = re.match(r"\)\s*,?\s+(?:is|was)\s+an?\b", context.parse.document.text[end : end + 16]) is not None
    if born or open_ended or alone and described:
        return [(BIRTH, start, stop)]
    return []


def _value(words: str) -> str | None:
    begin, end = days_of(words, None)
    if begin is None or end is None:
        return words[-4:]
    if begin == end:
        return begin.isoformat()
    if (begin.year, begin.month) == (end.year, end.month) and begin.day == 1:
        return f"{begin:%Y-%m}"
    return f"{begin:%Y}" if begin.year == end.year else None
