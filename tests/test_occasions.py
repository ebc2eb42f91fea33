"""The days of the one occasion that a document tells of."""

from __future__ import annotations

import datetime as dt

import pytest

from kg.occasions import occasion_of
from kg.read import document_of

PUBLISHED = dt.date(2023, 7, 7)  # a Friday


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("The minister met the envoy on Thursday.", ("2023-07-06", "2023-07-06")),
        ("The minister met the envoy today.", ("2023-07-07", "2023-07-07")),
        ("The minister was in Lima on July 3 and in Quito on July 5.", ("2023-07-03", "2023-07-05")),
        ("The minister travelled to Lima on July 3-5, 2023.", ("2023-07-03", "2023-07-05")),
        ("The minister met the envoy on Thursday. He will meet him again on July 20.", ("2023-07-06", "2023-07-06")),
        ("The minister met the envoy on Thursday. The war began in 2022.", ("2023-07-06", "2023-07-06")),
        # other times weigh as much, or the days lie too far apart, or too far back
        ("The minister met the envoy on Thursday. The war began in 2022 after the talks of 2021.", None),
        ("The minister was in Lima on June 28 and in Quito on July 6.", None),
        ("The minister met the envoy on June 20.", None),
        ("The minister met the envoy in April.", None),
        ("The minister will meet the envoy on July 20.", None),
        ("The minister met the envoy.", None),
        ("Two days later the minister met the envoy.", None),
        ("The minister may meet the envoy.", None),
    ],
)
def test_occasions(text: str, days: tuple[str, str] | None) -> None:
    expected = tuple(map(dt.date.fromisoformat, days)) if days else None
    assert occasion_of(document_of(text, date=PUBLISHED)) == expected


def test_a_document_without_a_day_has_none() -> None:
    assert occasion_of(document_of("The minister met the envoy on 6 July 2023.")) is None
