"""Date expressions: their first and last day against a document's date, and which word they belong to."""

from __future__ import annotations

import datetime

import pytest
from spacy.language import Language

from kg.dates import date_tokens, date_value, time_of, time_told
from kg.days import days_from, days_of
from kg.nlp import parse_one
from kg.read import document_of
from kg.types import Parse

PUBLISHED = datetime.date(2023, 7, 6)  # a Thursday

DAYS = [
    ("5 May 1990", "1990-05-05", "1990-05-05"),
    ("May 5, 1990", "1990-05-05", "1990-05-05"),
    ("the 5th of May 1990", "1990-05-05", "1990-05-05"),
    ("2019-03-07", "2019-03-07", "2019-03-07"),
    ("on 14 March", "2023-03-14", "2023-03-14"),
    ("on 14 December", "2022-12-14", "2022-12-14"),
    ("in April", "2023-04-01", "2023-04-30"),
    ("in December", "2022-12-01", "2022-12-31"),
    ("in March 2022", "2022-03-01", "2022-03-31"),
    ("in February 2020", "2020-02-01", "2020-02-29"),
    ("in April last year", "2022-04-01", "2022-04-30"),
    ("in 1994", "1994-01-01", "1994-12-31"),
    ("the 1990s", "1990-01-01", "1999-12-31"),
    ("from 2019-21", "2019-01-01", None),
    ("the spring of 2022", "2022-03-01", "2022-05-31"),
    ("in the summer of 1914", "1914-06-01", "1914-08-31"),
    ("the first quarter of 2021", "2021-01-01", "2021-03-31"),
    ("the second half of last year", "2022-07-02", "2022-12-31"),
    ("the 19th century", "1801-01-01", "1900-12-31"),
    ("two months ago", "2023-05-01", "2023-05-31"),
    ("ten days ago", "2023-06-26", "2023-06-26"),
    ("three years ago", "2020-01-01", "2020-12-31"),
    ("yesterday", "2023-07-05", "2023-07-05"),
    ("last night", "2023-07-05", "2023-07-05"),
    ("today", "2023-07-06", "2023-07-06"),
    ("tomorrow", "2023-07-07", "2023-07-07"),
    ("last Thursday", "2023-06-29", "2023-06-29"),
    ("on Tuesday", "2023-07-04", "2023-07-04"),
    ("on Thursday", "2023-07-06", "2023-07-06"),
    ("next Saturday", "2023-07-08", "2023-07-08"),
    ("last week", "2023-06-26", "2023-07-02"),
    ("next month", "2023-08-01", "2023-08-31"),
    ("last year", "2022-01-01", "2022-12-31"),
    ("earlier this year", "2023-01-01", "2023-07-06"),
    ("later this year", "2023-07-06", "2023-12-31"),
    ("by the end of the year", None, "2023-12-31"),
    ("by the end of next year", None, "2024-12-31"),
    ("since at least April", "2023-04-01", None),
    ("until 2014", None, "2014-12-31"),
    ("before 2014", None, "2014-01-01"),
    ("after 2014", "2014-12-31", None),
    ("late July", "2023-07-21", "2023-07-31"),
    ("in early 1945", "1945-01-01", "1945-05-02"),
    ("September 5-7, 2021", "2021-09-05", "2021-09-07"),
    ("from 1988 to 1991", "1988-01-01", "1991-12-31"),
    ("between May 2010 and June 2012", "2010-05-01", "2012-06-30"),
    ("once upon a time", None, None),
    ("31 February 2020", None, None),
]  # fmt: skip

UNDATED = [
    ("in April", None, None),
    ("last Thursday", None, None),
    ("two months ago", None, None),
    ("by the end of the year", None, None),
    ("in the summer", None, None),
    ("on 14 March", None, None),
    ("in 1994", "1994-01-01", "1994-12-31"),
    ("in March 2022", "2022-03-01", "2022-03-31"),
    ("since 1994", "1994-01-01", None),
]  # fmt: skip

ATTACHED = [
    ("Aldo Bern met the king in April.", "met", "in April"),
    ("Aldo Bern met the king on 5 May 2021.", "met", "on 5 May 2021"),
    ("In May, Aldo Bern met the king.", "met", "In May"),
    ("Aldo Bern will leave the bank by the end of the year.", "leave", "by the end of the year"),
    ("Aldo Bern has led the bank since at least April.", "led", "since at least April"),
    ("Aldo Bern met the king two months ago.", "met", "two months ago"),
    ("Earlier this year Aldo Bern met the king.", "met", "Earlier this year"),
    ("Aldo Bern paid a visit to the king last Thursday.", "visit", "last Thursday"),
    ("The talks took place in the spring of 2022.", "talks", "in the spring of 2022"),
    ("The king said on Tuesday that Aldo Bern met the envoy in April.", "met", "in April"),
    ("The king said on Tuesday that Aldo Bern met the envoy in April.", "said", "on Tuesday"),
    ("Aldo Bern hopes to meet the king next week.", "meet", "next week"),
    ("The April meeting with the king was short.", "meeting", "April"),
    ("Aldo Bern was involved in the April meeting with the king.", "meeting", "April"),
    ("Aldo Bern worked for the bank from 1988 to 1991.", "worked", "from 1988 to 1991"),
    ("Aldo Bern made a visit to Lima to chair the council in April.", "visit", "in April"),
    # --- no time of its own
    ("The king said on Tuesday that Aldo Bern met the envoy.", "met", None),
    ("Aldo Bern, who was born in 1950, met the king.", "met", None),
    ("Aldo Bern met the king, who fled in 1950.", "met", None),
    ("Aldo Bern led the bank for nine years.", "led", None),
    ("Aldo Bern, 91, met the king.", "met", None),
    ("Aldo Bern may meet the king.", "meet", None),
    ("April Bern met the king.", "met", None),
    ("The army will march on the town.", "march", None),
    ("The king threw a party at the summer palace.", "threw", None),
]  # fmt: skip

VALUES = [
    ("Aldo Bern was born on 2 March 1975 in Lima.", "born", "1975-03-02"),
    ("Aldo Bern was born in March 1975.", "born", "1975-03"),
    ("Aldo Bern was born in 1975.", "born", "1975"),
    ("Born on March 2, 1975, Aldo Bern became a judge.", "Born", "1975-03-02"),
    ("The bank was founded in 1850 by the king.", "founded", "1850"),
    ("Aldo Bern died last Thursday.", "died", "2023-06-29"),
    ("Aldo Bern died in Lima.", "died", None),
]  # fmt: skip


def _token(parse: Parse, word: str) -> int:
    return next(t.i for t in parse.tokens if t.text == word)


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("text", "start", "end"), DAYS)
def test_days_against_a_documents_date(text: str, start: str | None, end: str | None) -> None:
    assert days_of(text, PUBLISHED) == (_day(start), _day(end))


@pytest.mark.parametrize(("text", "start", "end"), UNDATED)
def test_without_a_documents_date_no_year_is_invented(text: str, start: str | None, end: str | None) -> None:
    assert days_of(text, None) == (_day(start), _day(end))


@pytest.mark.parametrize(
    ("text", "start"), [("on 3 May", "2024-05-03"), ("in April", "2024-04-01"), ("on Tuesday", "2023-07-11")]
)
def test_a_clause_that_looks_ahead_prefers_a_day_to_come(text: str, start: str) -> None:
    assert days_of(text, PUBLISHED, ahead=True)[0] == _day(start)


@pytest.mark.parametrize(("sentence", "word", "expected"), ATTACHED)
def test_the_time_of_a_word(pipeline: Language, sentence: str, word: str, expected: str | None) -> None:
    parse = parse_one(document_of(sentence, date=PUBLISHED), pipeline)
    found = time_of(parse, _token(parse, word), PUBLISHED)
    assert (found.text if found is not None else None) == expected


@pytest.mark.parametrize(("sentence", "word", "expected"), VALUES)
def test_date_values(pipeline: Language, sentence: str, word: str, expected: str | None) -> None:
    parse = parse_one(document_of(sentence, date=PUBLISHED), pipeline)
    span = date_tokens(parse, _token(parse, word))
    assert (date_value(parse, *span, PUBLISHED) if span is not None else None) == expected


FROM = [
    ("two months later", "2023-02", "2023-04-01", "2023-04-30"),
    ("a month earlier", "2023-02", "2023-01-01", "2023-01-31"),
    ("three days later", "2023-02-10", "2023-02-13", "2023-02-13"),
    ("ten years later", "2010", "2020-01-01", "2020-12-31"),
    ("a year before", "2010", "2009-01-01", "2009-12-31"),
    # --- nothing to count from, or nothing to count
    ("two months later", None, None, None),
    ("some time later", "2010", None, None),
    ("soon after", "2010", None, None),
]  # fmt: skip

COUNTED = [
    ("Aldo Bern met the king in February. Two months later he left the bank.", "left", "2023-04-01"),
    ("The war began in May 2020, and a year later Aldo Bern left the bank.", "left", "2021-01-01"),
    ("Aldo Bern met the king. Two months later he left the bank.", "left", None),
    ("Aldo Bern left the bank two months ago.", "left", "2023-05-01"),
    # what somebody was made to do was done; what he agreed to do was not yet
    ("In May, Aldo Bern was forced to resign.", "resign", "2023-05-01"),
    ("In September, Aldo Bern was forced to resign.", "resign", "2022-09-01"),
    ("In September, Aldo Bern began to lead the bank.", "lead", "2022-09-01"),
    ("Aldo Bern plans to resign in September.", "resign", "2023-09-01"),
    ("Aldo Bern hopes to meet the king in May.", "meet", "2024-05-01"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "anchor", "start", "end"), FROM)
def test_days_counted_from_what_was_told(text: str, anchor: str | None, start: str | None, end: str | None) -> None:
    told = days_of(anchor, None) if anchor and len(anchor) != 7 else (None, None)
    if anchor and len(anchor) == 7:
        first = datetime.date.fromisoformat(f"{anchor}-01")
        told = (first, first + datetime.timedelta(days=27))
    assert days_from(text, told) == (_day(start), _day(end))


@pytest.mark.parametrize(("text", "word", "start"), COUNTED)
def test_the_day_of_a_word(pipeline: Language, text: str, word: str, start: str | None) -> None:
    parse = parse_one(document_of(text, date=PUBLISHED), pipeline)
    found = time_of(parse, _token(parse, word), PUBLISHED)
    assert found is not None
    assert found.start == _day(start)


# (text, the word that says it, the word where what it happens to ends) -> the words of its time
TOLD = [
    # each of a list has the time behind it
    ("Aldo Bern took a degree from Turin in 1990 and one from Lima in 1992.", "took", "Turin", "in 1990"),
    ("Aldo Bern took a degree from Turin in 1990 and one from Lima in 1992.", "took", "Lima", "in 1992"),
    ("Aldo Bern ran the bank from 2004 to 2012 and the fund from 2012 to 2014.", "ran", "bank", "from 2004 to 2012"),
    # the only time of a sentence, where the parser joins none to the word
    ("The loan was signed in 2004, and Aldo Bern telephoned Tove Lind at the hotel.", "telephoned", "Lind", "in 2004"),
    ("Rebels fired at a convoy on Sunday, hours before Aldo Bern landed in Lima.", "landed", "Lima", "on Sunday"),
    ("Acme said on Tuesday that Aldo Bern would telephone Tove Lind.", "telephone", "Lind", "on Tuesday"),
    # --- not of another clause
    ("Acme denied on Friday that Aldo Bern had telephoned Tove Lind.", "telephoned", "Lind", None),
    ("Aldo Bern, who telephoned Tove Lind, denied it on Friday.", "telephoned", "Lind", None),
    ("Aldo Bern telephoned Tove Lind, who was elected in 2010.", "telephoned", "Lind", None),
    # --- not of several, and none that is open at one end
    ("The loan was signed in 2004, sold in 2006, and Aldo Bern telephoned Tove Lind.", "telephoned", "Lind", None),
    ("The bank has been shut since 2004, and Aldo Bern telephoned Tove Lind.", "telephoned", "Lind", None),
    ("Aldo Bern telephoned Tove Lind.", "telephoned", "Lind", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "word", "last", "expected"), TOLD)
def test_when_a_claim_holds(pipeline: Language, text: str, word: str, last: str, expected: str | None) -> None:
    parse = parse_one(document_of(text, date=PUBLISHED), pipeline)
    found = time_told(parse, _token(parse, word), _token(parse, last) + 1, PUBLISHED)
    assert (found.text if found is not None else None) == expected
