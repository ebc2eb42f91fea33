"""The days of the one occasion that a document tells of: a meeting, a journey, a day's news."""

from __future__ import annotations

import datetime as dt

from kg.dates import DURATION, SINCE_THEN, in_words
from kg.days import days_of
from kg.sketches import sketch_of
from kg.types import Document, Whole

LENGTH = 5
"""Days that an occasion lasts at the most."""
SOON = 7
"""Days after an occasion in which it is reported."""
NARROW = 7
"""Days of an expression that dates something to a day or a week; a wider one tells of the background."""

Days = tuple[dt.date, dt.date]


def whole_of(document: Document) -> Whole:
    """What the text tells as a whole."""
    return Whole(occasion=occasion_of(document), sketch=sketch_of(document.text))


def occasion_of(document: Document) -> Days | None:
    """First and last day of the occasion; None for a document without a date, or one that tells of several times.

    All that its prose dates to a day or a week, up to the day on which it appeared, lies within a few days shortly
    before; and it does not speak of other times more often than of these.
    """
    if document.date is None:
        return None
    near: list[Days] = []
    others = 0
    for block in document.blocks:
        words = document.text[block.begin : block.end].replace("\n", " ") if block.kind == "prose" else ""
        for match in in_words(words):
            first, last = days_of(match.group(), document.date)
            if first is None or last is None or first > document.date or _counts(match.group()):
                continue
            if (last - first).days < NARROW and (document.date - first).days <= SOON + LENGTH:
                near.append((first, last))
            else:
                others += 1
    if not near or others > len(near):
        return None
    first, last = min(first for first, _ in near), min(max(last for _, last in near), document.date)
    if (last - first).days >= LENGTH or (document.date - last).days > SOON:
        return None
    return first, last


def _counts(words: str) -> bool:
    """Whether the words count days from elsewhere, or tell how long something took, or may be no time at all."""
    return bool(SINCE_THEN.search(words) or DURATION.match(words) or words in ("may", "march", "fall", "spring"))
