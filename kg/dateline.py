"""The day a text was published, from a date written out or from the dateline at its head."""

from __future__ import annotations

import datetime as dt
import re

import dateparser

from kg.blocks import DAY, MONTH, TIME, WEEKDAY

FIRST_LINES = 8
# A line that is a date, or begins with one that a dash, a bar or a new sentence ends.  "July 6, 2023 was a
# Thursday" is none, nor is "On July 6, 2023, he died".
HEAD = re.compile(
    rf"\W{{0,3}}(?:(?:[Pp]ublished|[Pp]osted|[Uu]pdated|PUBLISHED|UPDATED|Date|DATE)(?: on)?:? )?"
    rf"(?:[A-Z][A-Za-z.'’-]*(?: [A-Z][A-Za-z.'’-]*){{0,3}}(?:, [A-Z][A-Za-z. ]{{1,20}})?(?:,| [–—-]+) )?"
    rf"(?P<weekday>{WEEKDAY},? )?(?P<day>{DAY})(?P<rest>.*)",
)
AFTER = re.compile(rf"\s*(?:[.|)]?|[,T]? ?(?:at )?{TIME.pattern}|[ ,]*[–—|/(·-].*|\.? +[A-Z].*)")
SETTINGS = {
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
    "RETURN_AS_TIMEZONE_AWARE": False,
}


def day_of(written: str) -> dt.date | None:
    """The day that a date names with day, month and year, else None; "03/04/2023" could be two days and is none."""
    written = written.strip()
    try:
        return dt.date.fromisoformat(written[:10])
    except ValueError:
        pass
    if not re.search(MONTH, written, re.IGNORECASE) or not re.search(r"\d{4}", written) or len(written) > 60:
        return None
    parsed = dateparser.parse(written, languages=["en"], settings=SETTINGS)
    return parsed.date() if parsed else None


def dateline(text: str) -> dt.date | None:
    """The day that stands at the head of a text: "Friday, August 21, 2015", "LONDON, July 6, 2023 (Reuters) - ..."."""
    lines = [line.strip() for line in text[:5000].splitlines() if line.strip()]
    for line in lines[:FIRST_LINES]:
        match = HEAD.match(line)
        if match is None:
            continue
        rest = match["rest"]
        if match["weekday"] and re.match(r"\s+[A-Z\"“]", rest) or AFTER.fullmatch(rest):
            return day_of(match["day"])
    return None
