"""What is disputed in a graph, and what happened when: for a person to read or print, and as JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Literal

from kg.matters import Matter, Matters, Office, Telling

STATUS: Mapping[str, str] = MappingProxyType({
    "single-source": "one source",
    "corroborated": "corroborated",
    "disputed": "disputed",
    "denied": "denied",
    "planned-then-happened": "planned, then happened",
    "planned": "planned",
    "possible": "possible",
})  # fmt: skip
"""The status of a matter as a reader calls it."""

CONTACTS = frozenset({"Meeting", "Conversation"})
"""Event classes that a text may say for one another."""

Reason = Literal["disputed", "dates or places", "post", "denied"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A matter on which the documents do not agree.  `matters` are the accounts: one that some assert and others
    deny, or several that exclude each other; `offices` the holders of one post instead.  `related` are headlines of
    what else is told of the same people without dispute."""

    reason: Reason
    headline: str
    matters: tuple[Matter, ...] = ()
    offices: tuple[Office, ...] = ()
    related: tuple[str, ...] = ()


def disputes(found: Matters) -> tuple[Dispute, ...]:
    """What is disputed: first what some assert and others deny, then the conflicts of dates and places and of posts,
    last what somebody denies and no document asserts.  In each part in order of time."""
    matters = {matter.iri: matter for matter in found.matters}
    grouped = {matter.iri: group for group in _conflicting(found.matters) for matter in group}
    offices = {office.iri: office for office in found.offices}
    told: list[Dispute] = []
    for matter in sorted(found.matters, key=_first_told):
        if matter.status == "disputed":
            group = (matter, *(m for m in grouped.get(matter.iri, ()) if m.iri != matter.iri))
            told.append(
                Dispute(
                    reason="disputed", headline=matter.headline, matters=group, related=_related(matter, found.matters)
                )
            )
    shown = {matter.iri for dispute in told for matter in dispute.matters}
    for group in _conflicting(found.matters):
        if not shown & {matter.iri for matter in group}:
            told.append(Dispute(reason="dates or places", headline=group[0].headline, matters=group))
    for posts in _posts(found.offices, offices):
        names = " or ".join(dict.fromkeys(office.holder for office in posts))
        told.append(
            Dispute(reason="post", headline=f"{posts[0].title}, {posts[0].organization}: {names}", offices=posts)
        )
    told += [
        Dispute(reason="denied", headline=matter.headline, matters=(matters[matter.iri],))
        for matter in sorted(found.matters, key=_first_told)
        if matter.status == "denied"
    ]
    return tuple(told)


def _first_told(matter: Matter) -> tuple[str, str]:
    return (matter.tellings[0].date if matter.tellings else "", matter.headline)


def _conflicting(matters: Sequence[Matter]) -> list[tuple[Matter, ...]]:
    """Groups of matters that exclude each other, the best attested first in each."""
    known = {matter.iri: matter for matter in matters}
    left = {matter.iri for matter in matters if matter.conflicts}
    found = []
    for matter in matters:
        waiting, group = ([matter.iri] if matter.iri in left else []), []
        while waiting:
            iri = waiting.pop()
            if iri in left:
                left.discard(iri)
                group.append(known[iri])
                waiting += known[iri].conflicts
        if len(group) > 1:
            found.append(tuple(sorted(group, key=lambda m: (-m.origins, -len(m.tellings), m.start, m.iri))))
    return found


def _posts(offices: Sequence[Office], known: Mapping[str, Office]) -> list[tuple[Office, ...]]:
    seen: set[str] = set()
    found = []
    for office in offices:
        group = [office, *(known[iri] for iri in office.conflicts if iri in known)]
        if not seen & {one.iri for one in group}:
            found.append(tuple(sorted(group, key=lambda one: (one.holder, one.iri))))
        seen |= {one.iri for one in group}
    return found


def _related(matter: Matter, matters: Iterable[Matter]) -> tuple[str, ...]:
    """The other contacts of the same two that nobody denies: they may be the same happening in other words."""
    pairs = {frozenset((one.key[0], one.key[2])) for one in matter.statements}
    return tuple(
        dict.fromkeys(
            f"{one.subject} {one.relation} {one.object} ({_all(_asserted(other))})"
            for other in matters
            if other.iri != matter.iri and other.kind in CONTACTS and other.status not in ("disputed", "denied")
            for one in other.statements
            if frozenset((one.key[0], one.key[2])) in pairs and _asserted(other)
        )
    )


# ---------------------------------------------------------------- disputes as a page


def disputes_markdown(found: Matters) -> str:
    """A page in Markdown that tells every dispute with who asserts and who denies it, in which words and where."""
    told = disputes(found)
    dates = sorted(source.date for source in found.documents if source.date)
    span = f", {day(dates[0])} to {day(dates[-1])}" if dates and dates[0] != dates[-1] else ""
    lines = ["# What is disputed", "", f"From {_count(len(found.documents), 'document')}{span}.", ""]
    for title, reasons in (
        ("Asserted and denied", ("disputed",)),
        ("Accounts that do not agree", ("dates or places", "post")),
    ):
        part = [dispute for dispute in told if dispute.reason in reasons]
        if part:
            lines += [f"## {title}", ""]
        for dispute in part:
            lines += [f"### {_md(dispute.headline)}", "", *_body(dispute), ""]
    denied = [dispute.matters[0] for dispute in told if dispute.reason == "denied"]
    if denied:
        lines += ["## Denied, and asserted by nobody", ""]
        for matter in denied:
            lines += [f"- **{_md(matter.headline)}?**"]
            lines += [f"  - No: {_sentence(t)}" for t in _denials(matter)]
            lines += [f"  - Only {t.modality}: {_sentence(t)}" for t in _looser(matter)]
        lines += [""]
    if not told:
        lines += ["Nothing is disputed.", ""]
    return "\n".join(lines)


def _body(dispute: Dispute) -> Iterator[str]:
    if dispute.offices:
        for office in dispute.offices:
            yield f"**{_md(office.holder)}** is {_md(office.title)} of {_md(office.organization)}:"
            yield from ("", *(f"- {_where(t)}: {_quoted(t)}" for t in office.tellings), "")
        return
    first, *others = dispute.matters
    if dispute.reason == "disputed":
        yield from _sides(first)
    if others or dispute.reason == "dates or places":
        accounts = dispute.matters
        yield f"The documents give {_difference(accounts)}:"
        yield ""
        for matter in accounts:
            yield f"- **{_md(_when_and_where(matter) or 'undated')}** ({_origins(matter)})"
            yield from (f"  - {_sentence(t)}" for t in matter.tellings if t.stance == "asserts")
        yield ""
        yield "It may be one event told differently, or two events; the documents do not decide it."
    if dispute.related:
        yield ""
        yield f"Told besides, and denied by nobody: {_md('; '.join(dispute.related))}."


def _sides(matter: Matter) -> Iterator[str]:
    if when := _when_and_where(matter):
        yield f"*As asserted: {_md(when)}.*"
        yield ""
    asserted, looser = _asserted(matter), _looser(matter)
    yield f"**Asserted** by {_md(_all(asserted))} ({_origins(matter)}):"
    yield from ("", *(f"- {_sentence(t)}" for t in asserted), "")
    yield f"**Denied** by {_md(_all(_denials(matter)))}:"
    yield from ("", *(f"- {_sentence(t)}" for t in _denials(matter)))
    if looser:
        yield from ("", "Announced or held possible:", "", *(f"- {_sentence(t)}" for t in looser))


def _asserted(matter: Matter) -> list[Telling]:
    return [telling for telling in matter.tellings if telling.stance == "asserts" and telling.modality == "actual"]


def _looser(matter: Matter) -> list[Telling]:
    return [telling for telling in matter.tellings if telling.stance == "asserts" and telling.modality != "actual"]


def _denials(matter: Matter) -> list[Telling]:
    return [telling for telling in matter.tellings if telling.stance == "denies"]


def _difference(accounts: Sequence[Matter]) -> str:
    spans = {(m.start, m.end) for m in accounts}
    places = {m.places for m in accounts}
    if len(spans) > 1:
        return "more than one date"
    return "more than one place" if len(places) > 1 else "accounts that do not fit together"


def _sentence(telling: Telling) -> str:
    """Where it stands and what it says: "NBC News, in Meridian Wire, 6 July 2023: “...”"."""
    where = _where(telling)
    who = f"{_md(', '.join(telling.says))}, in {where}" if telling.says else where
    return f"{who}: {_quoted(telling)}"


def _where(telling: Telling) -> str:
    outlet = telling.outlet or telling.title or "a document without a name"
    link = f"[{_md(outlet)}]({telling.url})" if re.fullmatch(r"https?://[^\s()<>]+", telling.url) else _md(outlet)
    return f"{link}, {day(telling.date)}" if telling.date else link


def _quoted(telling: Telling) -> str:
    # Quotation marks inside a quotation are single ones.
    inner = telling.quote.replace("“", "‘").replace("”", "’")
    inner = re.sub(r'"([^"]*)"', r"‘\1’", inner)
    return f"“{_md(inner)}”"


def _says(telling: Telling) -> str:
    return _names(telling.says) if telling.says else telling.outlet or telling.title or "a document"


def _all(tellings: Iterable[Telling]) -> str:
    """Whoever says so, each once; outlets that speak for themselves behind those whom they quote."""
    told = list(tellings)
    quoted = dict.fromkeys(name for telling in told for name in telling.says)
    own = dict.fromkeys(_says(telling) for telling in told if not telling.says)
    return _names((*quoted, *(name for name in own if name not in quoted))) or "nobody who is named"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def _origins(matter: Matter) -> str:
    documents = len({t.document for t in matter.tellings if t.stance == "asserts"})
    number = max(matter.origins, 1)
    return f"{_count(number, 'independent origin')} in {_count(documents, 'document')}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


# ---------------------------------------------------------------- days and places in words


def day(iso: str) -> str:
    """An ISO day, month or year in words: "6 July 2023"."""
    parts = iso.split("-")
    if len(parts) == 3:
        date = dt.date.fromisoformat(iso)
        return f"{date.day} {date:%B %Y}"
    return f"{dt.date(int(parts[0]), int(parts[1]), 1):%B %Y}" if len(parts) == 2 else iso


def days(start: str, end: str) -> str:
    """A span of ISO days in as few words as it takes: "April 2023", "4 to 10 March 2024", "since 2 May 2021"."""
    if not start or not end:
        return f"since {day(start)}" if start else f"until {day(end)}" if end else ""
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    if first == last:
        return day(start)
    whole = first.day == 1 and (last + dt.timedelta(days=1)).day == 1
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    if whole and first.year == last.year and (first.month, last.month) == (1, 12):
        return f"{first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(end)}"
    return f"{first.day} {first:%B} to {day(end)}" if first.year == last.year else f"{day(start)} to {day(end)}"


def _when_and_where(matter: Matter) -> str:
    when = days(matter.start, matter.end) or matter.time_text
    if when and matter.time_text and matter.time_text != when:
        when += f" (“{matter.time_text}”)"
    # A visit says its place in the headline.
    places = [place for place in matter.places if place not in matter.headline]
    return ", ".join(part for part in (_names(places), when) if part)


def _md(text: str) -> str:
    """The text as Markdown shows it to the letter."""
    return re.sub(r"([\\`*_<>\[\]#|])", r"\\\1", " ".join(text.split()))


# ---------------------------------------------------------------- timeline


def timeline(found: Matters) -> tuple[Matter, ...]:
    """The events of which a day is known, in order of time; what is only denied did not happen and is left out."""
    return tuple(m for m in found.matters if m.sort == "event" and (m.start or m.end) and m.status != "denied")


def timeline_markdown(found: Matters) -> str:
    """The timeline as a Markdown table."""
    rows = [TIMELINE, tuple("---" for _ in TIMELINE)]
    lines = [" | ".join(_md(cell) if row is not rows[1] else cell for cell in row) for row in rows]
    lines += [" | ".join(map(_md, row)) for row in timeline_rows(found)]
    return "\n".join(("# Timeline", "", *(f"| {line} |" for line in lines), ""))


TIMELINE = ("when", "what", "where", "status", "who says so", "told in")


def timeline_rows(found: Matters) -> list[tuple[str, ...]]:
    """The timeline as rows of words under `TIMELINE`."""
    return [
        (
            days(m.start, m.end), m.headline, _names(m.places), _status(m),
            _all(t for t in m.tellings if t.stance == "asserts"),
            _names(tuple(dict.fromkeys(t.outlet or t.title or t.document for t in m.tellings))),
        )
        for m in timeline(found)
    ]  # fmt: skip


def _status(matter: Matter) -> str:
    status = STATUS.get(matter.status, matter.status)
    return f"{status}, {matter.origins} origins" if matter.origins > 1 else status


DISPUTES = ("matter", "when and where", "asserted by", "origins", "denied by", "the documents differ")


def disputes_rows(found: Matters) -> list[tuple[str, ...]]:
    """The disputes as rows of words under `DISPUTES`."""
    rows: list[tuple[str, ...]] = []
    for dispute in disputes(found):
        if dispute.offices:
            rows.append((dispute.headline, "", _all(t for o in dispute.offices for t in o.tellings), "", "", "who"))
            continue
        first, *others = dispute.matters
        accounts = [_when_and_where(matter) or "undated" for matter in dispute.matters] if others else []
        asserted = [telling for matter in dispute.matters for telling in _asserted(matter)]
        rows.append(
            (
                first.headline, _when_and_where(first), _all(asserted) if asserted else "",
                str(first.origins) if asserted else "", _all(_denials(first)) if _denials(first) else "",
                " / ".join(accounts),
            )
        )  # fmt: skip
    return rows


def disputes_json(found: Matters) -> str:
    """The disputes as JSON: a list of objects with all sentences."""
    return json.dumps([_record(asdict(dispute)) for dispute in disputes(found)], ensure_ascii=False, indent=1)


def timeline_json(found: Matters) -> str:
    """The timeline as JSON: a list of objects with all sentences."""
    return json.dumps([_record(asdict(matter)) for matter in timeline(found)], ensure_ascii=False, indent=1)


def _record(value: object) -> object:
    """The record without what is empty."""
    if isinstance(value, dict):
        return {key: _record(inner) for key, inner in value.items() if inner not in ("", (), [])}
    return [_record(inner) for inner in value] if isinstance(value, list | tuple) else value
