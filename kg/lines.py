"""An Extraction as the JSON line that `kg extract` prints (section 6 of the vocabulary)."""

from __future__ import annotations

import calendar
import json
from typing import Any

from kg.types import Claim, Extraction, Position, Quotation, TimeSpan, Value


def line_of(extraction: Extraction) -> str:
    """One line of JSON without a line end, non-ASCII characters as they are.

    A mention of a group whose members are known stands once for each member; a mention that refers to nothing
    known is left out.
    """
    return json.dumps(record_of(extraction), ensure_ascii=False, separators=(", ", ": "))


def record_of(extraction: Extraction) -> dict[str, Any]:
    """The same as plain lists and dictionaries; offsets count the code points of the document's text."""
    document = extraction.document
    known = {"title": document.title, "date": document.date and document.date.isoformat(),
             "url": document.url, "publisher": document.publisher}  # fmt: skip
    return {
        "id": document.id,
        **{key: value for key, value in known.items() if value},
        "mentions": [
            {"begin": m.begin, "end": m.end, "text": m.text, "type": m.type, "entity": entity}
            for m in extraction.mentions
            for entity in m.entities
        ],
        "claims": [_claim(claim) for claim in extraction.claims],
        "positions": [_position(position) for position in extraction.positions],
        "quotations": [_quotation(quotation) for quotation in extraction.quotations],
        "open": [
            {"sentence": list(o.sentence), "subject": o.subject, "relation": o.relation, "object": o.object,
             "confidence": o.confidence}
            for o in extraction.open
        ],
    }  # fmt: skip


def _claim(claim: Claim) -> dict[str, Any]:
    record: dict[str, Any] = {
        "subject": claim.subject,
        "predicate": claim.predicate,
        "object": {"value": claim.object.value} if isinstance(claim.object, Value) else claim.object,
        "subject_span": list(claim.subject_span),
        "object_span": list(claim.object_span),
        "evidence": list(claim.evidence),
        "stance": claim.stance,
        "modality": claim.modality,
        "attributed_to": list(claim.attributed_to),
        "confidence": claim.confidence,
    }
    if claim.unnamed_sources:
        record["unnamed_sources"] = [
            {"begin": s.begin, "end": s.end, "text": s.text, "count": s.count} for s in claim.unnamed_sources
        ]
    if claim.time:
        record["time"] = time_text(claim.time)
    if claim.place:
        record["place"] = claim.place
    if claim.label:
        record["label"] = claim.label
    if claim.derived_from:
        record["derived_from"] = list(claim.derived_from)
    return record


def _position(position: Position) -> dict[str, Any]:
    record: dict[str, Any] = {"holder": position.holder, "title": position.title, "tense": position.tense,
                              "evidence": list(position.evidence)}  # fmt: skip
    if position.organization:
        record["organization"] = position.organization
    if position.since:
        record["since"] = time_text(position.since)
    if position.until:
        record["until"] = time_text(position.until)
    return record


def _quotation(quotation: Quotation) -> dict[str, Any]:
    record: dict[str, Any] = {"speaker": quotation.speaker, "text": quotation.text,
                              "begin": quotation.begin, "end": quotation.end}  # fmt: skip
    if quotation.addressee:
        record["addressee"] = quotation.addressee
    return record


def time_text(time: TimeSpan) -> str:
    """A time as ISO 8601 has it: "2023", "2023-04", "2023-04-06", "2023-04-03/2023-04-09"; where the days are not
    known, the text's own words."""
    first, last = time.start, time.end
    if first is None or last is None:
        known = first or last
        return known.isoformat() if known else time.text
    if first == last:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year:04}"
    month = (first.year, first.month)
    if (last.year, last.month) == month and (first.day, last.day) == (1, calendar.monthrange(*month)[1]):
        return f"{first.year:04}-{first.month:02}"
    return f"{first.isoformat()}/{last.isoformat()}"
