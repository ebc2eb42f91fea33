"""Date expressions: found in a sentence and attached to the word they belong to."""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from collections.abc import Iterator

from kg.days import (
    DAY,
    MONTH,
    NUMBER,
    ORDINALS,
    PART,
    SEASON,
    SEASONS,
    UNIT,
    WEEKDAY,
    WHEN,
    YEAR,
    Days,
    days_from,
    days_of,
)
from kg.syntax import ancestors, children, meeting
from kg.types import Parse, TimeSpan, Token

SPACED = {
    name: pattern.replace(" ", r"\s+") for name, pattern in {"part": PART, "when": WHEN, "number": NUMBER}.items()
}

ITS_YEAR = rf"(?:{YEAR}\b|last\s+year|this\s+year|next\s+year)"

# What counts as one time expression, longest alternatives first; matched against the sentence's own words.
EXPRESSION = re.compile(
    rf"""\b(?:
      {YEAR}-\d\d-\d\d
    | (?:from|between)\s+(?:(?:{MONTH})\s+)?{YEAR}\s+(?:to|and|until|till|through)\s+(?:(?:{MONTH})\s+)?{YEAR}\b
    | (?:{SPACED["part"]}\s*)?(?:the\s+)?{DAY}\s+(?:of\s+)?(?:{MONTH})\b(?:\.(?=,?\s+\d))?(?:,?\s+{YEAR}\b)?
    | (?:{SPACED["part"]}[\s-]*)?(?:{MONTH})\b(?:\.(?=,?\s+\d))?\s+{DAY}(?!\d)
      (?:\s*[-–]\s*\d+)?(?:,?\s+{YEAR}\b)?
    | (?:{SPACED["part"]}[\s-]*|last\s+|next\s+|this\s+|this\s+past\s+|earlier\s+in\s+)?
      (?:{MONTH})\b(?:\.(?=,?\s+\d))?(?:(?:,|\s+of)?\s+{ITS_YEAR})?
    | (?:{SPACED["part"]}[\s-]*|last\s+|next\s+|this\s+|this\s+past\s+|the\s+)?
      (?:{SEASON})\b(?:(?:\s+of)?\s+{ITS_YEAR})?
    | {SPACED["part"]}\s+(?:the|this|last|next)\s+(?:year|month|week|decade|century)
    | (?:{SPACED["part"]}[\s-]*)?(?:the\s+)?{YEAR}s\b
    | (?:{SPACED["part"]}[\s-]*)?{YEAR}\s*[-–]\s*(?:{YEAR}|\d\d)\b
    | (?:{SPACED["part"]}[\s-]*)?{YEAR}\b
    | (?:the\s+)?(?:{"|".join(ORDINALS)}|last)\s+(?:quarter|half)\s+of\s+(?:{ITS_YEAR}|the\s+year)
    | (?:the\s+)?\d\d?(?:st|nd|rd|th)\s+century
    | (?:(?:more|less)\s+than\s+|about\s+|around\s+|almost\s+|nearly\s+|over\s+|just\s+|some\s+)?
      {SPACED["number"]}\s+(?:{UNIT})s?\s+(?:ago|earlier|later|before|from\s+now)
    | (?:{UNIT})s\s+ago
    | (?:{SPACED["when"]})\s+(?:{UNIT}|night|morning|afternoon|evening|weekend|{WEEKDAY}|spring|season)\b
    | (?:on\s+)?(?:{WEEKDAY})s?\b(?:\s+(?:morning|afternoon|evening|night))?
    | yesterday|today|tomorrow|tonight
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
SAYS_TIME = re.compile(
    rf"\d|{MONTH}|{SEASON}|{UNIT}|{WEEKDAY}|decade|century|night|morning|afternoon|evening|weekend|season|yesterday|today|"
    "tomorrow"
)
"""Some part of every EXPRESSION, in folded letters: a quick look at a text before the long one."""
DURATION = re.compile(
    r"^(?:for\s+)?(?:about|around|nearly|almost|over|more than|at least|the|past|last)?\s*"
    rf"{NUMBER}[\s-]+(?:{UNIT}|hour|minute|second)s?(?:[\s-]+old)?$",
    re.IGNORECASE,
)
NAMES = frozenset({"WORK_OF_ART", "PERSON", "ORG", "PRODUCT", "FAC", "GPE", "LAW"})
ABBREVIATIONS = frozenset(m.casefold() for m in calendar.month_abbr if m and m != "May") | {"sept"}
WORD_FOR_NAME = frozenset({"may", "march", "mar", "sun", "sat", "fall", "mon", "spring", "august", "april", "june"})
OWN_LEAD = frozenset(
    "by since until till before after from in on at during through throughout around about as within between over "
    "of".split()
)
LEAD = frozenset(
    "by since until till before after from in on at during least as early late around about the end beginning start "
    "middle of mid through within earlier later -".split()
)
"""What may stand between the preposition of a time and the time itself: "by the end of", "since at least"."""
OPEN = frozenset({"by", "since", "until", "till", "before", "after"})
"""Words for a time that is open at one end."""
SAYING_EDGE = frozenset({"ccomp", "relcl", "parataxis"})
CLAUSE_EDGE = SAYING_EDGE | {"advcl", "acl", "conj", "csubj"}
OF_ITS_OWN = SAYING_EDGE | {"acl"}
"""Clauses that may have another time than what they stand in."""
MAX_CLIMB = 8
SINCE_THEN = re.compile(r"\b(?:later|earlier|before|after(?:wards)?)$", re.IGNORECASE)
"""Ends an expression that counts from what was told last and not from the document's day: "two months later"."""
CARRIED_OUT = frozenset(
    "be force have get compel oblige make begin start cease stop continue go come manage fail help cause lead use ask "
    "allow let".split()
)
"""Verbs whose infinitive happens when they do: "was forced to resign in May" tells of the last May."""


def time_of(parse: Parse, i: int, date: datetime.date | None) -> TimeSpan | None:
    """The time expression that belongs to what token i says, in the text's own words with its first and last day.

    Without a document date only what carries its own year is placed; the others keep their words alone.
    """
    found = _attached(parse, i)
    return None if found is None else _placed(parse, found, date, ahead=_looks_ahead(parse, i))


def time_told(parse: Parse, i: int, behind: int, date: datetime.date | None) -> TimeSpan | None:
    """When what token i says happens or holds, as `time_of` gives it.

    A time that begins at token `behind`, where what it happens to ends, comes first: in "degrees from X in 1990 and Y
    in 1992" each has its own.  Where the syntax joins none to token i, it is the only one of the sentence, if that has
    two ends.
    """
    found = _right_behind(parse, behind) or _attached(parse, i) or _only(parse, i)
    return None if found is None else _placed(parse, found, date, ahead=_looks_ahead(parse, i))


def _placed(parse: Parse, found: tuple[int, int], date: datetime.date | None, *, ahead: bool) -> TimeSpan:
    start, stop = found
    # "in the April meeting", "at Thursday's session": the preposition is the noun's.
    inside = parse.tokens[stop - 1].dep in ("compound", "nmod", "amod", "poss") and parse.tokens[stop - 1].head >= stop
    lead = start if inside else _lead_start(parse, start)
    text = parse.document.text[parse.tokens[lead].begin : parse.tokens[stop - 1].end]
    if SINCE_THEN.search(text):
        begin, end = days_from(text, _told_before(parse, start, date))
    else:
        begin, end = days_of(text, date, ahead=ahead)
    return TimeSpan(text=text, start=begin, end=end)


def _told_before(parse: Parse, start: int, date: datetime.date | None) -> Days:
    """The days that the text spoke of last before token `start`, in this sentence or the two before it."""
    here = parse.sentence_of[start]
    for sentence in range(here, max(here - 3, -1), -1):
        if parse.sentences[sentence].kind != "prose":
            continue
        for first, stop in reversed(expressions(parse, sentence)):
            if stop > start:
                continue
            words = parse.document.text[parse.tokens[first].begin : parse.tokens[stop - 1].end]
            found = days_of(words, date) if not SINCE_THEN.search(words) else (None, None)
            if found[0] is not None and found[1] is not None:
                return found
    return None, None


def date_tokens(parse: Parse, i: int) -> tuple[int, int] | None:
    """The tokens [start, stop) of the date expression attached to token i, without its preposition."""
    return _attached(parse, i)


def date_value(parse: Parse, start: int, stop: int, date: datetime.date | None) -> str | None:
    """The expression in tokens [start, stop) as an xsd:date, xsd:gYearMonth or xsd:gYear, as exact as it is said."""
    text = parse.document.text[parse.tokens[start].begin : parse.tokens[stop - 1].end]
    begin, end = days_of(text, date)
    if begin is None or end is None:
        year = re.search(rf"\b{YEAR}\b", text)
        return year.group() if year else None
    if begin == end:
        return begin.isoformat()
    if (begin.year, begin.month) == (end.year, end.month) and begin.day == 1:
        return f"{begin:%Y-%m}"
    return f"{begin:%Y}" if begin.year == end.year else None


# ---------------------------------------------------------------- finding


@functools.lru_cache(maxsize=256)  # a sentence is asked about for each of its claims
def in_words(text: str) -> tuple[re.Match[str], ...]:
    """The time expressions of a text."""
    return tuple(EXPRESSION.finditer(text)) if SAYS_TIME.search(text.casefold()) else ()


def expressions(parse: Parse, sentence: int) -> list[tuple[int, int]]:
    """The time expressions of a sentence as token spans, left to right; durations and ages are none."""
    found: list[tuple[int, int]] = []
    s = parse.sentences[sentence]
    matches = in_words(parse.document.text[s.begin : s.end].replace("\n", " "))
    starts = {parse.tokens[j].begin: j for j in range(s.start, s.stop)} if matches else {}
    ends = {parse.tokens[j].end: j + 1 for j in range(s.start, s.stop)} if matches else {}
    for m in matches:
        start, stop = starts.get(s.begin + m.start()), ends.get(s.begin + m.end())
        if start is None or stop is None:
            continue
        if m.group()[:3].casefold() == "on ":
            start += 1
        if _is_word_for_name(parse, start, stop) or DURATION.match(m.group()):
            continue
        found.append((start, stop))
    for start, stop in _entity_spans(parse, s.start, s.stop):
        words = parse.document.text[parse.tokens[start].begin : parse.tokens[stop - 1].end]
        if not any(start < b and a < stop for a, b in found) and not DURATION.match(words) and _is_dated(words):
            found.append((start, stop))
    return sorted(found)


def _is_word_for_name(parse: Parse, start: int, stop: int) -> bool:
    """ "may" the verb, "March" the verb, "April" a woman: not a time unless it looks like one."""
    token, last = parse.tokens[start], parse.tokens[stop - 1]
    word = token.text.casefold().rstrip(".")
    after = parse.tokens[stop] if stop < len(parse.tokens) else last
    if any(t.entity in NAMES for t in parse.tokens[start:stop]) and not re.search(YEAR, last.text):
        return True
    if last.text.casefold() in SEASONS and last.head == after.i and last.dep in ("compound", "amod", "nmod"):
        return True
    if stop - start > 1:
        return False
    if word in ABBREVIATIONS:
        return token.entity != "DATE" or after.text == "-" or token.dep == "compound"
    if word not in WORD_FOR_NAME:
        return False
    if token.pos in ("AUX", "VERB") or token.text.islower() and word not in ("spring", "fall"):
        return True
    if token.entity == "PERSON":
        return True
    before = parse.tokens[start - 1].text.casefold() if start else ""
    return token.entity not in ("DATE", "TIME") and before not in OWN_LEAD | {
        "the",
        "last",
        "next",
        "this",
        "early",
        "late",
        "mid",
    }


def _entity_spans(parse: Parse, start: int, stop: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < stop:
        end = at + 1
        if parse.tokens[at].entity in ("DATE", "TIME"):
            while (
                end < stop
                and parse.tokens[end].entity == parse.tokens[at].entity
                and not parse.tokens[end].entity_starts
            ):
                end += 1
            yield at, end
        at = end


def _is_dated(words: str) -> bool:
    """Whether words that the model calls a date say when rather than how long or how often."""
    return (
        re.search(
            rf"\b(?:{YEAR}|{MONTH}|{WEEKDAY}|ago|last|next|this|today|yesterday|tomorrow|tonight|week|weekend|century|christmas|easter)\b",
            words,
            re.IGNORECASE,
        )
        is not None
    )


def _attached(parse: Parse, i: int) -> tuple[int, int] | None:
    """The time expression nearest to token i in the tree, within its clause."""
    candidates = []
    up = _clause_path(parse, i)
    for start, stop in expressions(parse, parse.sentence_of[i]):
        cost = _cost(parse, i, start, stop, up)
        if cost is not None:
            candidates.append((cost, abs(start - i), start, stop))
    return min(candidates)[2:] if candidates else None


def _right_behind(parse: Parse, at: int) -> tuple[int, int] | None:
    """The time expression that begins at this token, with the preposition of one."""
    if at >= len(parse.tokens) or parse.tokens[at].text.casefold() not in ("in", "on", "from", "since"):
        return None
    return next((one for one in expressions(parse, parse.sentence_of[at]) if one[0] in (at, at + 1)), None)


def _only(parse: Parse, i: int) -> tuple[int, int] | None:
    """The time expression of a sentence that has one alone, unless it is another clause's.

    Who said on Friday that they had met did not meet on Friday, but who said on Friday that they would meet plans it
    since then.  What a verb tells has no such time with an open end.
    """
    found = expressions(parse, parse.sentence_of[i])
    if len(found) != 1:
        return None
    start, stop = found[0]
    lead = parse.tokens[_lead_start(parse, start)].text.casefold()
    if parse.tokens[i].pos == "VERB" and lead in OPEN:
        return None
    meets = meeting(parse, i, start)
    own = any(a.dep == "relcl" or not _looks_ahead(parse, a.i) for a in _clauses_below(parse, i, meets))
    if own or any(a.dep == "relcl" for a in _clauses_below(parse, start, meets)):
        return None
    return start, stop


def _clauses_below(parse: Parse, i: int, top: int) -> Iterator[Token]:
    """The verbs of the clauses around token i, below token `top`, that speak for themselves."""
    for a in (i, *ancestors(parse, i)):
        if a == top:
            return
        if parse.tokens[a].dep in OF_ITS_OWN and not _is_participle(parse, a):
            yield parse.tokens[a]


def _clause_path(parse: Parse, i: int) -> dict[int, int]:
    """Token i and the governors whose adjuncts also time it, with their distance."""
    path = {i: 0}
    at = i
    for n in range(1, MAX_CLIMB):
        token = parse.tokens[at]
        if token.head == at:
            break
        above = parse.tokens[token.head]
        if token.dep in SAYING_EDGE and not _is_participle(parse, at):
            break
        if token.dep == "advcl" and not _is_participle(parse, at):
            break
        if token.dep in ("appos", "acl") and above.pos in ("NOUN", "PROPN") and token.pos not in ("VERB", "AUX"):
            break
        if token.dep == "acl" or above.pos in ("NOUN", "PROPN") and token.dep in ("poss", "compound", "amod"):
            break
        if token.pos == "NOUN" and _is_title(parse, at):
            break
        path[token.head] = n
        at = token.head
    return path


def _is_title(parse: Parse, n: int) -> bool:
    """Whether noun n says what somebody is ("the minister, X", "as chair"): the time of the clause is not its own."""
    if any(parse.tokens[c].entity == "PERSON" for c in children(parse, n, "appos")):
        return True
    above = parse.tokens[parse.tokens[n].head]
    return above.dep == "prep" and above.text.casefold() == "as" or parse.tokens[n].dep == "oprd"


def _is_participle(parse: Parse, v: int) -> bool:
    """Whether verb v is an infinitive or participle, which takes its time from the verb above it."""
    aux = {parse.tokens[c].tag for c in children(parse, v, "aux", "auxpass")}
    return "TO" in aux or parse.tokens[v].tag in ("VBG",) and not aux & {"VBZ", "VBP", "VBD"}


def _cost(parse: Parse, i: int, start: int, stop: int, up: dict[int, int]) -> int | None:
    """How far the expression is from token i in the tree; None where it belongs to another clause."""
    root = next((j for j in range(stop - 1, start - 1, -1) if not start <= parse.tokens[j].head < stop), stop - 1)
    if start <= i < stop:
        return None
    for steps, a in enumerate((root, *ancestors(parse, root))):
        if a in up:
            shared = up[a]
            if parse.tokens[a].dep == "ROOT" and a != i and _is_conjunct_of(parse, i, a) and start > a:
                return None
            return shared * 2 + steps
        token = parse.tokens[a]
        # "made a visit to chair the council in April": a purpose has the time of its deed.
        purpose = token.dep in ("advcl", "acl") and any(parse.tokens[c].tag == "TO" for c in children(parse, a, "aux"))
        if a != root and token.pos in ("VERB", "AUX") and token.dep in CLAUSE_EDGE and not purpose:
            return None
    return None


def _is_conjunct_of(parse: Parse, i: int, a: int) -> bool:
    while parse.tokens[i].dep == "conj" and parse.tokens[i].pos in ("VERB", "AUX"):
        i = parse.tokens[i].head
        if i == a:
            return True
    return False


def _lead_start(parse: Parse, start: int) -> int:
    """Where the expression begins with its preposition: "by the end of", "since at least"."""
    at = start
    floor = parse.sentences[parse.sentence_of[start]].start
    while at > floor and parse.tokens[at - 1].text.casefold() in LEAD:
        at -= 1
    while at < start and parse.tokens[at].text.casefold() in ("of", "the", "-", "as") and at + 1 <= start:
        if parse.tokens[at].text.casefold() == "the" and at + 1 < start:
            break
        at += 1
    return at


def _looks_ahead(parse: Parse, i: int) -> bool:
    """Whether the clause of token i speaks of the future: will, to, a plan."""
    for a in (i, *ancestors(parse, i)):
        token = parse.tokens[a]
        if token.pos in ("VERB", "AUX"):
            marks = [parse.tokens[c] for c in children(parse, a, "aux")]
            above = parse.tokens[token.head]
            if token.dep == "xcomp" and above.lemma in CARRIED_OUT and any(m.tag == "TO" for m in marks):
                continue
            if any(
                m.text.casefold() in ("will", "'ll", "’ll", "shall", "wo", "would", "may", "might", "could")
                or m.tag == "TO"
                for m in marks
            ):
                return True
            return token.tag in ("VBZ", "VBP") or any(m.tag in ("VBZ", "VBP") and m.lemma == "be" for m in marks)
    return False
