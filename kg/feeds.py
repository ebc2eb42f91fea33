"""An RSS or Atom feed -> the articles it lists."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from dataclasses import dataclass

import feedparser

KINDS = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
STATES = ("published", "updated")
START = re.compile(rb"\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article of a feed: its address, and what the feed tells of it; `updated` is the feed's own word for when."""

    url: str
    title: str | None = None
    date: dt.date | None = None
    updated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: its title and its articles in the feed's order, each address once; `broken` says what is wrong."""

    title: str | None
    entries: tuple[Entry, ...]
    broken: str | None = None


def is_feed(kind: str, body: bytes) -> bool:
    """Whether an answer of this content type is a feed: by the type, or by how an XML document begins."""
    return kind in KINDS or START.match(body.removeprefix(b"\xef\xbb\xbf")[:4096]) is not None


def read_feed(body: bytes, url: str, *, charset: str | None = None) -> Feed:
    """The feed in these bytes; addresses in it are relative to `url`.  One that is broken gives what can be read."""
    headers = {
        "content-location": url,
        "content-type": f"application/xml; charset={charset}" if charset else "application/xml",
    }
    # From a stream: feedparser would take a string for an address, and fetch it.
    try:
        found = feedparser.parse(
            io.BytesIO(body), response_headers=headers, resolve_relative_uris=True, sanitize_html=True
        )
    except (ValueError, LookupError, RecursionError) as error:  # half a surrogate pair as an encoding, among others
        return Feed(title=None, entries=(), broken=" ".join(str(error).split()) or type(error).__name__)
    entries: dict[str, Entry] = {}
    for entry in found.entries:
        told = {name: dict.get(entry, name) for name in ("link", "title", *STATES, *(f"{s}_parsed" for s in STATES))}
        link = _text(told["link"])
        if link is None:
            continue
        day = told["published_parsed"] or told["updated_parsed"]
        entries.setdefault(
            link,
            Entry(
                url=link,
                title=_text(told["title"]),
                date=_day(day) if isinstance(day, time.struct_time) else None,
                updated=_text(told["updated"] or told["published"]),
            ),
        )
    trouble = found.get("bozo_exception") if found.get("bozo") else None
    return Feed(
        title=_text(found.feed.get("title")),
        entries=tuple(entries.values()),
        broken=None if trouble is None else " ".join(str(trouble).split()) or type(trouble).__name__,
    )


def _text(value: object) -> str | None:
    """Plain words on one line: a title may hold markup."""
    if not isinstance(value, str):
        return None
    return " ".join(re.sub(r"<[^<>]*>", "", value).split()) or None


def _day(when: time.struct_time) -> dt.date | None:
    try:
        return dt.date(when.tm_year, when.tm_mon, when.tm_mday)
    except ValueError:
        return None
