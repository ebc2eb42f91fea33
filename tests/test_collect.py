"""Pages and feeds as input, from a real server on loopback: what is kept, what is asked again, what is told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDFS, Literal
from web_server import Page, Site, web_server

import kg
from kg.collect import collect
from kg.errors import InputError
from kg.feeds import is_feed, read_feed
from kg.fetch import Web
from kg.types import Skip

WEB = Web(networks=("127.0.0.1/32",), seconds=10)
RSS = "application/rss+xml"


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as running:
        yield running


def _article(words: str, *, title: str = "A page") -> Page:
    head = f"<html><head><title>{title}</title></head>"
    return Page(body=f"{head}<body><article><h1>{title}</h1><p>{words}</p></article></body></html>".encode())


def _rss(site: Site, *stories: tuple[str, str, str], title: str = "Northern Wire") -> Page:
    rows = "".join(
        f"<item><title>{name}</title><link>{site.address}{path}</link><pubDate>{day}</pubDate></item>"
        for path, name, day in stories
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{rows}</channel></rss>'
    return Page(body=text.encode(), kind=RSS, headers={"ETag": f'"{len(stories)}"'})


def _names(folder: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[0] for path in folder.iterdir() if path.suffix == ".html")


THREE = (
    ("/one.html", "Berg meets Stein", "Mon, 06 Jul 2026 08:00:00 GMT"),
    ("/two.html", "Holm in Oslo", "Tue, 07 Jul 2026 08:00:00 GMT"),
    ("/three.html", "Institute &lt;b&gt;denies&lt;/b&gt;", "Wed, 08 Jul 2026 23:30:00 -0500"),
)


@pytest.fixture
def wire(site: Site) -> Site:
    """A feed of three articles."""
    site.pages |= {
        "/feed": _rss(site, *THREE),
        "/one.html": _article("Anna Berg met Paul Stein in Vienna on Monday."),
        "/two.html": _article("Maria Holm visited Oslo."),
        "/three.html": _article("The Danube Institute denied that Anna Berg had met Paul Stein."),
    }
    return site


# ---------------------------------------------------------------- builds


def test_a_feed_becomes_a_graph_with_dates_titles_and_publisher(wire: Site, tmp_path: Path) -> None:
    built = kg.build(f"{wire.address}/feed", out=tmp_path, web=WEB)
    documents = {e.document.title: e.document for e in built.extractions}
    assert sorted(map(str, documents)) == ["Berg meets Stein", "Holm in Oslo", "Institute denies"]
    first = documents["Berg meets Stein"]
    assert (str(first.date), first.publisher, first.url) == ("2026-07-06", "Northern Wire", f"{wire.address}/one.html")
    assert str(documents["Institute denies"].date) == "2026-07-09", "the day in UTC"
    labels = set(built.graph.objects(None, RDFS.label))
    assert {Literal("Anna Berg"), Literal("Paul Stein"), Literal("Maria Holm")} <= labels
    assert built.summary.skipped == ()
    assert (tmp_path / "graph.ttl").is_file()
    assert len(_names(tmp_path / "fetched")) == 3


def test_the_next_day_adds_its_articles_and_earlier_ones_stay(wire: Site, tmp_path: Path) -> None:
    kg.build(f"{wire.address}/feed", out=tmp_path, web=WEB, cache=tmp_path / "cache")
    wire.pages["/four.html"] = _article("Peter Lund visited Bergen.")
    wire.pages["/feed"] = _rss(wire, ("/four.html", "Lund in Bergen", "Thu, 09 Jul 2026 08:00:00 GMT"), THREE[2])
    wire.asked.clear()
    built = kg.build(f"{wire.address}/feed", out=tmp_path, web=WEB, cache=tmp_path / "cache")
    assert wire.paths() == ["/feed", "/four.html"], "what the feed calls unchanged is not asked for"
    assert (built.summary.documents, built.summary.cached) == (4, 3)
    alone = kg.build(tmp_path / "fetched", out=tmp_path / "again")
    assert alone.summary.documents == 4
    assert (tmp_path / "again" / "graph.ttl").read_bytes() == (tmp_path / "graph.ttl").read_bytes()


def test_a_page_that_is_deleted_from_the_folder_leaves_the_graph(wire: Site, tmp_path: Path) -> None:
    kg.build(f"{wire.address}/feed", out=tmp_path, web=WEB)
    for path in sorted((tmp_path / "fetched").glob("two-*")):
        path.unlink()
    built = kg.build(f"{wire.address}/feed", out=tmp_path, web=WEB)
    assert built.summary.documents == 2
    assert Literal("Maria Holm") not in set(built.graph.objects(None, RDFS.label))


def test_pages_and_files_make_one_graph_and_extract_takes_both(wire: Site, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Peter Lund visited Bergen.\n", encoding="utf-8")
    inputs = [str(tmp_path / "own.txt"), f"{wire.address}/one.html"]
    built = kg.build(inputs, web=WEB)
    assert {Literal("Anna Berg"), Literal("Peter Lund")} <= set(built.graph.objects(None, RDFS.label))
    found = [record for record in kg.extract_each(inputs, web=WEB) if not isinstance(record, Skip)]
    assert len(found) == 2


def test_an_address_that_cannot_be_fetched_is_skipped_among_others_and_alone_an_error(
    wire: Site, tmp_path: Path
) -> None:
    built = kg.build([f"{wire.address}/none", f"{wire.address}/one.html"], web=WEB)
    assert [(skip.path, skip.reason) for skip in built.summary.skipped] == [
        (f"{wire.address}/none", "the server answers 404 Not Found")
    ]
    with pytest.raises(InputError, match="404"):
        kg.build(f"{wire.address}/none", web=WEB)
    with pytest.raises(InputError, match="private address"):
        kg.build(f"{wire.address}/one.html")


# ---------------------------------------------------------------- what is kept and asked again


def test_what_has_not_changed_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = Page(body=_article("One.").body, headers={"ETag": '"1"'})
    for _ in range(2):
        assert collect((f"{site.address}/a",), tmp_path, WEB) == ()
    assert [status for path, _, status in site.asked if path == "/a"] == [200, 304]
    site.pages["/a"] = Page(body=_article("Two.").body, headers={"ETag": '"2"'})
    collect((f"{site.address}/a",), tmp_path, WEB)
    assert b"Two." in next(tmp_path.glob("a-*.html")).read_bytes()
    assert len(_names(tmp_path)) == 1


def test_a_page_that_was_not_written_whole_is_fetched_anew(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = Page(body=_article("One.").body, headers={"ETag": '"1"'})
    collect((f"{site.address}/a",), tmp_path, WEB)
    page = next(tmp_path.glob("a-*.html"))
    page.write_bytes(page.read_bytes()[:20])
    collect((f"{site.address}/a",), tmp_path, WEB)
    assert b"One." in page.read_bytes()


def test_a_page_that_is_gone_stays_with_a_note(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = _article("One.")
    collect((f"{site.address}/a",), tmp_path, WEB)
    site.pages.clear()
    told: list[str] = []
    assert collect((f"{site.address}/a",), tmp_path, WEB, report=lambda url, text: told.append(text)) == ()
    assert told == ["the server answers 404 Not Found; what was fetched earlier stays"]
    assert len(_names(tmp_path)) == 1


def test_an_article_that_failed_is_asked_for_again_though_the_feed_is_unchanged(wire: Site, tmp_path: Path) -> None:
    page = wire.pages.pop("/two.html")
    assert [skip.path for skip in collect((f"{wire.address}/feed",), tmp_path, WEB)] == [f"{wire.address}/two.html"]
    wire.pages["/two.html"] = page
    assert collect((f"{wire.address}/feed",), tmp_path, WEB) == ()
    assert _names(tmp_path) == ["one", "three", "two"]
    wire.asked.clear()
    assert collect((f"{wire.address}/feed",), tmp_path, WEB) == ()
    assert [(path, status) for path, _, status in wire.asked if path != "/robots.txt"] == [("/feed", 304)]


def test_a_page_in_another_encoding_and_a_text_and_a_type_that_is_not_read(site: Site, tmp_path: Path) -> None:
    body = "<html><body><p>Jürgen Köhler besuchte Zürich.</p></body></html>".encode("iso-8859-2")
    site.pages |= {
        "/a": Page(body=body, kind="text/html; charset=iso-8859-2"),
        "/b": Page(body=b"Plain words.", kind="text/plain"),
        "/c": Page(body=b"GIF89a", kind="image/gif"),
        "/d": Page(body=b" \n"),
    }
    skips = collect(tuple(f"{site.address}/{name}" for name in "abcd"), tmp_path, WEB)
    assert "Jürgen Köhler" in next(tmp_path.glob("a-*.html")).read_text(encoding="utf-8")
    assert next(tmp_path.glob("b-*.txt")).read_bytes() == b"Plain words."
    assert [skip.reason for skip in skips] == [
        "of the content type 'image/gif', neither a page nor a feed", "an empty page",
    ]  # fmt: skip


def test_sidecars_hold_what_the_reader_of_files_takes(wire: Site, tmp_path: Path) -> None:
    collect((f"{wire.address}/feed",), tmp_path, WEB)
    sidecar = json.loads(next(tmp_path.glob("one-*.json")).read_text(encoding="utf-8"))
    assert sidecar["title"] == "Berg meets Stein"
    assert sidecar["date"] == "2026-07-06"
    assert sidecar["publisher"] == "Northern Wire"


# ---------------------------------------------------------------- robots.txt


def test_robots_txt_is_respected_also_behind_a_redirect(site: Site, tmp_path: Path) -> None:
    site.pages |= {
        "/robots.txt": Page(body=b"User-agent: *\nDisallow: /closed\n", kind="text/plain"),
        "/closed/a": _article("No."),
        "/open": Page(status=302, headers={"Location": "/closed/b"}),
        "/closed/b": _article("No."),
        "/c": _article("Yes."),
    }
    urls = tuple(f"{site.address}{path}" for path in ("/closed/a", "/open", "/c"))
    skips = collect(urls, tmp_path, WEB)
    assert [skip.reason for skip in skips] == ["robots.txt of the server disallows it"] * 2
    assert site.paths() == ["/open", "/c"]
    assert len([path for path, _, _ in site.asked if path == "/robots.txt"]) == 1


def test_a_server_whose_robots_txt_is_in_trouble_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/robots.txt": Page(status=503), "/a": _article("No.")}
    skips = collect((f"{site.address}/a",), tmp_path, WEB)
    assert ["robots.txt cannot be read" in skip.reason for skip in skips] == [True]
    assert site.paths() == []


def test_a_pause_that_robots_txt_asks_for_is_made(site: Site, tmp_path: Path) -> None:
    site.pages |= {
        "/robots.txt": Page(body=b"User-agent: kg-builder\nCrawl-delay: 0.4\n", kind="text/plain"),
        "/a": _article("One."),
        "/b": _article("Two."),
    }
    begun = time.monotonic()
    assert collect((f"{site.address}/a", f"{site.address}/b"), tmp_path, WEB) == ()
    assert time.monotonic() - begun >= 0.4


# ---------------------------------------------------------------- feeds


ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/news/"><title>Harbour Post</title>
<entry><title type="html">&lt;i&gt;Halden&lt;/i&gt; sold</title><link href="halden.html"/>
<updated>2026-07-06T09:00:00Z</updated></entry>
<entry><title>No address</title><updated>2026-07-06T09:00:00Z</updated></entry>
<entry><title>Again</title><link href="https://example.org/news/halden.html"/></entry>
</feed>"""


def test_an_atom_feed() -> None:
    feed = read_feed(ATOM, "https://example.org/atom")
    assert feed.title == "Harbour Post"
    assert [(e.url, e.title, str(e.date)) for e in feed.entries] == [
        ("https://example.org/news/halden.html", "Halden sold", "2026-07-06")
    ]


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/rss+xml", b"", True),
        ("text/xml", b'<?xml version="1.0"?>\n<!-- a --><rss version="2.0">', True),
        ("text/html", b"\xef\xbb\xbf<?xml version='1.0'?><feed xmlns='x'>", True),
        ("application/xml", b"<rdf:RDF xmlns='x'>", True),
        ("text/html", b"<!DOCTYPE html><html><p>about &lt;rss&gt; <rss></html>", False),
        ("application/xml", b"<urlset>", False),
    ],
)
def test_what_is_a_feed(kind: str, body: bytes, expected: bool) -> None:
    assert is_feed(kind, body) is expected


def test_a_broken_feed_gives_what_can_be_read_or_says_so(wire: Site, tmp_path: Path) -> None:
    whole = _rss(wire, *THREE)
    assert isinstance(whole, Page)
    wire.pages["/half"] = Page(body=whole.body[: whole.body.index(b"<item><title>Institute")], kind=RSS)
    wire.pages["/nothing"] = Page(body=b"<rss><chan", kind=RSS)
    told: list[str] = []
    assert collect((f"{wire.address}/half",), tmp_path, WEB, report=lambda url, text: told.append(text)) == ()
    assert _names(tmp_path) == ["one", "two"]
    assert "the feed is broken" in told[0]
    skips = collect((f"{wire.address}/nothing",), tmp_path, WEB)
    assert "the feed cannot be read" in skips[0].reason


def test_a_feed_that_swells_when_read_is_no_danger() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "x">{levels}]>'
    bomb = f"{head}<rss><channel><title>&e9;</title></channel></rss>"
    begun = time.process_time()
    feed = read_feed(bomb.encode(), "https://example.org/")
    assert len(feed.title or "") < 1000
    assert time.process_time() - begun < 5


def test_an_entry_of_a_feed_leads_to_no_file(site: Site, tmp_path: Path) -> None:
    text = "<rss><channel><title>x</title><item><link>file:///etc/hostname</link></item></channel></rss>"
    site.pages["/feed"] = Page(body=text.encode(), kind=RSS)
    skips = collect((f"{site.address}/feed",), tmp_path, WEB)
    assert ["neither http nor https" in skip.reason for skip in skips] == [True]
