"""Addresses of pages and feeds -> files of a folder, which is then read as any other.

Each document is a file named after its address, with a sidecar that holds title, date, address, publisher, and what
the server told of its state (ETag, Last-Modified), so that what has not changed is not sent again.  What was fetched
once stays until somebody deletes it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from protego import Protego

from kg.errors import OutputError
from kg.export import write_atomically
from kg.feeds import Entry, is_feed, read_feed
from kg.fetch import AGENT, Fetched, FetchError, Web, fetch, tidy
from kg.ids import digest, slug
from kg.types import Skip

SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "text/markdown": ".md",
    "application/pdf": ".pdf", "": ".html",
}  # fmt: skip
"""Content types that are read, and the suffix that says so in the folder."""
FEEDS = ".feeds"
"""The folder beside the documents that holds the state of feeds."""
ROBOTS_SIZE = 500_000
"""Bytes of a robots.txt that are read (RFC 9309 asks for at least 500 kB)."""
LONGEST_PAUSE = 30.0
"""Seconds between two requests that a robots.txt may ask for."""

Report = Callable[[str, str], None]
"""Called with an address and what should be known of it."""


def collect(urls: tuple[str, ...], folder: Path, web: Web, *, report: Report | None = None) -> tuple[Skip, ...]:
    """Fetches pages, and the articles of feeds, into the folder; gives what could not be fetched.

    An article that is there already and has not changed stays as it is, also when its server does not answer.
    Raises OutputError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: no folder to write to ({error.strerror}).") from error
    visit = _Visit(folder=folder, web=web, report=report or (lambda url, text: None))
    return tuple(skip for url in urls for skip in visit.address(url))


@dataclass(slots=True)
class _Visit:
    """One run: remembers robots.txt of each host and when it was last asked for something."""

    folder: Path
    web: Web
    report: Report
    robots: dict[str, Protego | FetchError] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)

    def address(self, url: str) -> list[Skip]:
        """Fetches what is behind an address that the user named: a page or a feed."""
        try:
            url = tidy(url)
            state = _state(self.folder / FEEDS / f"{digest(url)}.json")
            found = self.get(url, state or self.known(url))
        except FetchError as error:
            return self.failed(url, error)
        if found.status == 304:
            return []
        if is_feed(found.kind, found.body):
            return self.feed(url, found)
        try:
            self.keep(url, found, Entry(url=url), None)
        except FetchError as error:
            return self.failed(url, error)
        return []

    def feed(self, url: str, found: Fetched) -> list[Skip]:
        feed = read_feed(found.body, found.url, charset=found.charset)
        if feed.broken and not feed.entries:
            return [Skip(path=url, reason=f"the feed cannot be read ({feed.broken})")]
        if feed.broken:
            self.report(url, f"the feed is broken ({feed.broken}); {len(feed.entries)} articles could be read")
        skips = [skip for entry in feed.entries for skip in self.article(entry, feed.title)]
        if not skips:  # else the next run asks for the whole feed again
            (self.folder / FEEDS).mkdir(exist_ok=True)
            _write(self.folder / FEEDS / f"{digest(url)}.json", {"url": url, **_validators(found)})
        return skips

    def article(self, entry: Entry, feed: str | None) -> list[Skip]:
        try:
            url = tidy(entry.url)
            known = self.known(url)
            if known and entry.updated and known.get("updated") == entry.updated:
                return []
            found = self.get(url, known)
            if found.status == 200:
                self.keep(url, found, entry, feed)
        except FetchError as error:
            return self.failed(entry.url, error)
        return []

    def failed(self, url: str, error: FetchError) -> list[Skip]:
        """A skip; for a document of an earlier run, which stays, only a note."""
        try:
            earlier = self.known(tidy(url))
        except FetchError:
            earlier = None
        if earlier:
            self.report(url, f"{error}; what was fetched earlier stays")
            return []
        return [Skip(path=url, reason=str(error))]

    # ---------------------------------------------------------------- asking

    def get(self, url: str, known: dict[str, Any] | None) -> Fetched:
        """The answer; 304 where `known` has what there is."""
        headers: dict[str, str] = {}
        for name, header in (("etag", "If-None-Match"), ("modified", "If-Modified-Since")):
            value = (known or {}).get(name)
            if isinstance(value, str) and value.isascii() and value.isprintable():
                headers[header] = value
        return fetch(url, self.web, headers=headers, allowed=self.allowed if self.web.robots else None)

    def allowed(self, url: str) -> None:
        """Raises FetchError where robots.txt disallows an address; waits where it asks for a pause."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.robots:
            self.robots[origin] = self.rules(origin)
        rules = self.robots[origin]
        if isinstance(rules, FetchError):
            # Who does not answer at all would not answer for the page either.
            raise FetchError(f"its robots.txt cannot be read ({rules})" if rules.status else str(rules))
        if not rules.can_fetch(url, AGENT):
            raise FetchError("robots.txt of the server disallows it")
        pause = min(float(rules.crawl_delay(AGENT) or 0.0), LONGEST_PAUSE)
        if pause and origin in self.asked:
            time.sleep(max(self.asked[origin] + pause - time.monotonic(), 0.0))
        self.asked[origin] = time.monotonic()

    def rules(self, origin: str) -> Protego | FetchError:
        """What robots.txt says.  As RFC 9309 has it: none at all allows everything, a server in trouble nothing."""
        try:
            web = Web(private=self.web.private, networks=self.web.networks, size=ROBOTS_SIZE, seconds=self.web.seconds)
            body = fetch(urljoin(origin, "/robots.txt"), web).body
        except FetchError as error:
            return Protego.parse("") if error.status is not None and 400 <= error.status < 500 else error
        return Protego.parse(body.decode("utf-8", "replace"))

    # ---------------------------------------------------------------- keeping

    def known(self, url: str) -> dict[str, Any] | None:
        """The sidecar of a document that is in the folder, whole and as it was fetched; else None."""
        state = _state(self.folder / f"{_name(url)}.json")
        if state is None or not isinstance(state.get("file"), str):
            return None
        try:
            body = (self.folder / Path(state["file"]).name).read_bytes()
        except OSError:
            return None
        return state if hashlib.sha256(body).hexdigest() == state.get("sha256") else None

    def keep(self, url: str, found: Fetched, entry: Entry, feed: str | None) -> None:
        """Writes a document and its sidecar.  Raises FetchError for a content type that is not read."""
        suffix = SUFFIXES.get(found.kind)
        if suffix is None:
            raise FetchError(f"of the content type '{found.kind}', neither a page nor a feed")
        body = _in_utf8(found) if suffix != ".pdf" else found.body
        if not body.strip():
            raise FetchError("an empty page")
        name = _name(url)
        sidecar = {
            "title": entry.title,
            "date": entry.date and entry.date.isoformat(),
            "url": found.url,
            "publisher": feed,
            "updated": entry.updated,
            "file": name + suffix,
            "sha256": hashlib.sha256(body).hexdigest(),
            **_validators(found),
        }
        earlier = _state(self.folder / f"{name}.json")
        # The page first: a sidecar that knows more than its page would keep the page from being fetched again.
        write_atomically(self.folder / (name + suffix), body)
        _write(self.folder / f"{name}.json", sidecar)
        if earlier and isinstance(earlier.get("file"), str) and earlier["file"] != name + suffix:
            (self.folder / Path(earlier["file"]).name).unlink(missing_ok=True)


def _name(url: str) -> str:
    """The stem of the files of an address: its last words, for a person, and its digest."""
    words = [part for part in urlsplit(url).path.split("/") if part]
    return f"{slug(Path(words[-1]).stem if words else urlsplit(url).netloc)}-{digest(url)}"


def _validators(found: Fetched) -> dict[str, str | None]:
    return {"etag": found.etag, "modified": found.modified}


def _in_utf8(found: Fetched) -> bytes:
    """The page in UTF-8 where the server tells another encoding; else as it came, for reading tells encodings too."""
    if found.charset and found.charset.lower() not in ("utf-8", "utf8"):
        try:
            return found.body.decode(found.charset).encode("utf-8")
        except (LookupError, UnicodeError):
            pass
    return found.body


def _state(path: Path) -> dict[str, Any] | None:
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return state if isinstance(state, dict) else None


def _write(path: Path, record: dict[str, Any]) -> None:
    told = {name: value for name, value in record.items() if value is not None}
    write_atomically(path, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))
