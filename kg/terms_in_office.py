"""Since when and until when a position is held: "chair since 2014", "mayor from 2010 to 2014", "took over in May"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.dates import time_of
from kg.referents import Context
from kg.types import Position, TimeSpan

SINCE = re.compile(r"since\b", re.IGNORECASE)
UNTIL = re.compile(r"(?:until|till|through|up to)\b", re.IGNORECASE)
RANGE = re.compile(r"(?:from|between)\b.*\b(?:to|and|until|till|through)\b|.*\d\s*[-–]\s*\d", re.IGNORECASE)


def in_term(context: Context, position: Position, at: int, *, behind: int | None = None) -> Position:
    """The position with its first and last time, where the words at token `at` (a verb, or the title itself) say them,
    or those right behind token `behind`; who held it until a day that is over holds it no more."""
    parse = context.parse
    time = time_of(parse, at, parse.document.date)
    if behind is not None and (time is None or not _limits(time)):
        time = _right_behind(context, behind) or time
    if behind is not None and _at_the_time(context, behind):
        return replace(position, tense="former")
    if time is None:
        return position
    verb = parse.tokens[at].lemma if parse.tokens[at].pos in ("VERB", "AUX") else ""
    if SINCE.match(time.text):
        return replace(position, since=time)
    if UNTIL.match(time.text):
        return _ended(context, replace(position, until=time))
    if RANGE.match(time.text):
        first, last = replace(time, end=None), replace(time, start=None)
        return _ended(context, replace(position, since=first, until=last))
    if verb in context.cue("leaving"):
        return replace(position, until=time)
    if verb in (context.cue("becoming") | context.cue("naming")) - context.cue("nominating"):
        return replace(position, since=time)
    return position


def _at_the_time(context: Context, behind: int) -> bool:
    """Whether "at the time" stands next to a role that ends at token `behind`."""
    words = [t.text for t in context.parse.tokens[max(0, behind - 3) : behind + 3]]
    return any(words[n : n + 3] in (["at", "the", "time"], ["at", "that", "time"]) for n in range(4))


def _limits(time: TimeSpan) -> bool:
    return any(pattern.match(time.text) for pattern in (SINCE, UNTIL, RANGE))


def _right_behind(context: Context, behind: int) -> TimeSpan | None:
    """The limits that stand next to the role, whatever the parser hangs them on: "mayor of Porto until March 2014"."""
    parse = context.parse
    for token in parse.tokens[max(0, behind - 1) : behind + 1]:
        if token.text.casefold() not in ("since", "until", "till", "from", "between"):
            continue
        for target in (token.head, token.i):
            time = time_of(parse, target, parse.document.date)
            if time is not None and _limits(time) and parse.document.text.startswith(time.text, token.begin):
                return time
    return None


def _ended(context: Context, position: Position) -> Position:
    today, until = context.parse.document.date, position.until
    over = until is not None and (until.end is None or today is None or until.end < today)
    return replace(position, tense="former") if over and position.tense == "current" else position
