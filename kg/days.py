"""What a time expression means: its first and last day against the document's date."""

from __future__ import annotations

import calendar
import datetime
import re

import dateparser

Day = datetime.date
Days = tuple[Day | None, Day | None]

MONTHS = {m.casefold(): n for n, m in enumerate(calendar.month_name) if m}
MONTHS |= {m.casefold(): n for n, m in enumerate(calendar.month_abbr) if m} | {"sept": 9}
WEEKDAYS = {d.casefold(): n for n, d in enumerate(calendar.day_name)}
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
NUMBERS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
NUMBERS |= {"a": 1, "an": 1, "couple": 2, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50}
ORDINALS = {w: n for n, w in enumerate("first second third fourth".split(), 1)}
UNITS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3650}

MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WEEKDAY = "|".join(WEEKDAYS)
SEASON = "|".join(SEASONS)
UNIT = "|".join(UNITS)
YEAR = r"(?:1[0-9]\d\d|20\d\d)"
NUMBER = rf"(?:\d+|{'|'.join(NUMBERS)}|a couple of|a few|several|some|many)"
DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
PART = r"(?:early|late|mid|mid-|the (?:beginning|start|middle|end|close|first half|second half) of|(?:early|late) in)"
WHEN = (
    r"(?:next|last|this|the (?:next|last|past|same|following|previous|coming)|past|coming|earlier this|later this|"
    r"earlier in|late last|early this|early next|late this|earlier|later)"
)
LEAD = re.compile(
    r"^(?:(?:by|since|until|till|before|after|from|in|on|at|during|around|about|as early as|as late as|at least|as of|"
    r"within|through(?:out)?|just|only|exactly) )+"
)
SHARE = r"(early|late|mid|beginning|start|middle|end|close|first half|second half)"


def days_of(text: str, date: datetime.date | None, *, ahead: bool = False) -> Days:
    """First and last day of a time expression; None for an open end or what cannot be told.

    `date` is the document's: without it nothing but an explicit year is placed.  `ahead` prefers a day after it.
    """
    words = re.sub(r"\s+", " ", text.casefold()).strip()
    if (m := re.match(r"^(?:from|between) (.+?) (?:to|and|until|till|through) (.+)$", words)) is not None:
        first, last = _span(m[1], date, ahead), _span(m[2], date, ahead)
        return first[0], last[1]
    lead = re.match(r"^(?:not )?(by|since|until|till|before|after|from)\b", words)
    body = LEAD.sub("", words)
    begin, end = _span(
        re.sub(r"^(?:at least|about|around) ", "", body), date, ahead or bool(lead and lead.group(1) == "by")
    )
    match lead.group(1) if lead else "":
        case "by" | "until" | "till" | "before":
            return None, (begin if words.startswith("before") else end)
        case "since" | "from" | "after":
            return (end if words.startswith("after") else begin), None
    return begin, end


def days_from(text: str, anchor: Days) -> Days:
    """First and last day of an expression that counts from an earlier one: "two months later" than the anchor.

    None for both where there is no anchor, or the expression tells no number.
    """
    words = re.sub(r"\s+", " ", text.casefold()).strip()
    found = re.search(rf"\b({'|'.join(NUMBERS)}|\d+)(?: of)? ({UNIT})s?\b", words)
    if found is None or anchor[0] is None or anchor[1] is None:
        return None, None
    number = int(found[1]) if found[1].isdigit() else NUMBERS[found[1]]
    number = -number if re.search(r"\b(?:earlier|before)$", words) else number
    return _shifted(anchor[0], number, found[2])[0], _shifted(anchor[1], number, found[2])[1]


def _span(words: str, date: datetime.date | None, ahead: bool) -> Days:
    words = re.sub(r"^the (?=\d|" + MONTH + ")", "", words)
    if (m := re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", words)) is not None:
        return _one_day(int(m[1]), int(m[2]), int(m[3]))
    part = re.match(rf"(?:the )?{SHARE}\b", words)
    rest = re.sub(rf"^(?:the )?{SHARE}(?: of| in)?[ -]*", "", words) if part else words
    begin, end = _whole(rest, date, ahead)
    if part is None or begin is None or end is None:
        return begin, end
    return _part_of(part.group(1), begin, end)


def _part_of(part: str, begin: Day, end: Day) -> Days:
    """A third of the span for early, mid and late; its last month or so for "the end of"."""
    length = (end - begin).days + 1
    third = datetime.timedelta(days=length // 3)
    half = datetime.timedelta(days=length // 2)
    match part:
        case "early" | "beginning" | "start":
            return begin, begin + third
        case "mid" | "middle":
            return begin + third, end - third
        case "first half":
            return begin, begin + half
        case "second half":
            return begin + half, end
    return end - third, end


def _whole(words: str, date: Day | None, ahead: bool) -> Days:
    year = re.search(rf"\b({YEAR})\b", words)
    if (m := re.search(rf"\b({MONTH}) (\d\d?) ?[-–] ?(\d\d?)\b", words)) is not None:
        first, last = (_whole(f"{m[1]} {day}{f' {year[1]}' if year else ''}", date, ahead) for day in (m[2], m[3]))
        return first[0], last[1]
    if (m := re.search(rf"\b({DAY}) (?:of )?({MONTH})\b|\b({MONTH})\b\.? ({DAY})(?!\d)", words)) is not None:
        month, number = MONTHS[m[2] or m[3]], int(re.sub(r"\D", "", m[1] or m[4]))
        if year is not None:
            return _one_day(int(year[1]), month, number)
        return _nearest(month, number, date, ahead, words)
    if (m := re.search(rf"\b({MONTH})\b", words)) is not None:
        return _month(words, MONTHS[m[1]], int(year[1]) if year else None, date, ahead)
    if (m := re.search(rf"\b({SEASON})\b", words)) is not None:
        return _season(words, m[1], int(year[1]) if year else None, date, ahead)
    if (m := re.search(rf"\b({'|'.join(ORDINALS)}|last) (quarter|half)\b", words)) is not None:
        return _fraction(m[1], m[2], _year_of(words, date))
    if (m := re.search(r"\b(1\d\d0|20\d0)s\b", words)) is not None:
        return Day(int(m[1]), 1, 1), Day(int(m[1]) + 9, 12, 31)
    if (m := re.search(r"\b([1-9]\d?)(?:st|nd|rd|th) century\b", words)) is not None:
        return Day((int(m[1]) - 1) * 100 + 1, 1, 1), Day(int(m[1]) * 100, 12, 31)
    if (m := re.search(rf"\b({YEAR})\s*[-–]\s*({YEAR}|\d\d)\b", words)) is not None:
        stop = int(m[2]) if len(m[2]) == 4 else int(m[1][:2] + m[2])
        return Day(int(m[1]), 1, 1), Day(stop, 12, 31)
    if year is not None:
        return Day(int(year[1]), 1, 1), Day(int(year[1]), 12, 31)
    return (None, None) if date is None else _relative(words, date, ahead)


def _one_day(year: int, month: int, day: int) -> Days:
    try:
        return (Day(year, month, day),) * 2
    except ValueError:
        return None, None


def _last_day(year: int, month: int) -> Day:
    return Day(year, month, calendar.monthrange(year, month)[1])


def _year_of(words: str, date: Day | None) -> int | None:
    if (m := re.search(rf"\b{YEAR}\b", words)) is not None:
        return int(m.group())
    if date is None:
        return None
    return date.year + ("next year" in words) - ("last year" in words)


def _nearest(month: int, number: int, date: Day | None, ahead: bool, words: str) -> Days:
    """A day without its year: the last such day before the document's date, or the next one."""
    if date is None:
        return None, None
    stated = re.search(r"\b(last|this|next) year\b", words)
    year = _year_of(words, date) or date.year
    day, _ = _one_day(year, month, number)
    if day is None or stated:
        return day, day
    if ahead and day < date - datetime.timedelta(days=7):
        return _one_day(year + 1, month, number)
    if not ahead and day > date:
        return _one_day(year - 1, month, number)
    return day, day


def _month(words: str, month: int, year: int | None, date: Day | None, ahead: bool) -> Days:
    if year is None:
        if date is None:
            return None, None
        year = _year_of(words, date) if re.search(r"\b(?:last|this|next) year\b", words) else None
        if year is None:
            year = date.year
            if words.startswith("last ") and month >= date.month or not ahead and month > date.month:
                year -= 1
            elif (ahead or words.startswith("next ")) and month < date.month:
                year += 1
    return Day(year, month, 1), _last_day(year, month)


def _season(words: str, season: str, year: int | None, date: Day | None, ahead: bool) -> Days:
    first, last = SEASONS[season]
    if year is None:
        if date is None:
            return None, None
        year = _year_of(words, date) or date.year
        if "year" not in words:
            if words.startswith("last ") and last >= date.month or not ahead and first > date.month:
                year -= 1
            elif (ahead or words.startswith("next ")) and last < date.month:
                year += 1
    return Day(year, first, 1), _last_day(year + (last > 12), (last - 1) % 12 + 1)


def _fraction(which: str, unit: str, year: int | None) -> Days:
    if year is None:
        return None, None
    months = 3 if unit == "quarter" else 6
    n = ORDINALS.get(which, 12 // months)
    if n * months > 12:
        return None, None
    return Day(year, (n - 1) * months + 1, 1), _last_day(year, n * months)


def _relative(words: str, date: Day, ahead: bool) -> Days:
    """What is said relative to the document's date: last Thursday, two months ago, earlier this year."""
    one = datetime.timedelta(days=1)
    if (m := re.search(rf"\b({'|'.join(NUMBERS)}|\d+)(?: of)? ({UNIT})s? (ago|from now)\b", words)) is not None:
        number = int(m[1]) if m[1].isdigit() else NUMBERS[m[1]]
        return _shifted(date, -number if m[3] == "ago" else number, m[2])
    if (m := re.search(r"\b(earlier|later) (?:this|in the|in) (year|month|week)\b", words)) is not None:
        begin, end = _period(date, 0, m[2])
        return (begin, date) if m[1] == "earlier" else (date, end)
    if (
        m := re.search(
            r"\b(last|next|this|past|the|coming|previous)(?: past)? (year|month|week|decade|weekend)\b", words
        )
    ) is not None:
        return _period(date, {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(m[1], 0), m[2])
    if (m := re.search(rf"\b({WEEKDAY})s?\b", words)) is not None:
        return _weekday(WEEKDAYS[m[1]], date, ahead or "next" in words, "last" in words)
    if "yesterday" in words or "last night" in words:
        return date - one, date - one
    if "tomorrow" in words:
        return date + one, date + one
    if re.search(r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b", words):
        return date, date
    return _parsed(words, date)


def _shifted(date: Day, number: int, unit: str) -> Days:
    """A span as exact as its unit: two months ago is that month, ten days ago that day; none before the year 1."""
    if not 1 < date.year + number * UNITS[unit] / 365 < 9000:
        return None, None
    if unit == "year":
        return Day(date.year + number, 1, 1), Day(date.year + number, 12, 31)
    if unit == "decade":
        return Day(date.year + number * 10, 1, 1), Day(date.year + number * 10, 12, 31)
    if unit == "month":
        year, month = divmod(date.year * 12 + date.month - 1 + number, 12)
        return Day(year, month + 1, 1), _last_day(year, month + 1)
    day = date + datetime.timedelta(days=number * UNITS[unit])
    return _period(day, 0, "week") if unit in ("week", "fortnight") else (day, day)


def _period(date: Day, shift: int, unit: str) -> Days:
    if unit == "year":
        return Day(date.year + shift, 1, 1), Day(date.year + shift, 12, 31)
    if unit == "decade":
        first = date.year // 10 * 10 + shift * 10
        return Day(first, 1, 1), Day(first + 9, 12, 31)
    if unit == "month":
        return _shifted(date, shift, "month")
    monday = date - datetime.timedelta(days=date.weekday()) + datetime.timedelta(days=7 * shift)
    return (monday + datetime.timedelta(days=5 if unit == "weekend" else 0)), monday + datetime.timedelta(days=6)


def _weekday(number: int, date: Day, ahead: bool, before: bool) -> Days:
    """The last such weekday up to the document's date; the next one when the clause looks ahead."""
    back = (date.weekday() - number) % 7
    if before and back == 0:
        back = 7
    day = (
        date + datetime.timedelta(days=(-back) % 7 or 7 * before)
        if ahead and not before
        else date - datetime.timedelta(days=back)
    )
    return day, day


def _parsed(words: str, date: Day) -> Days:
    midnight = datetime.datetime.combine(date, datetime.time())
    settings = {"RELATIVE_BASE": midnight, "PREFER_DATES_FROM": "past"}
    found = dateparser.parse(words, languages=["en"], settings=settings)
    return (found.date(), found.date()) if found is not None else (None, None)
