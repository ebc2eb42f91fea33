"""Fetching from a real server on loopback: redirects, limits, addresses, packed content."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from web_server import Page, Site, web_server

from kg.fetch import FetchError, Web, fetch, is_address, tidy

LOOPBACK = Web(networks=("127.0.0.1/32",), seconds=10, size=100_000)


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as running:
        yield running


def _to(address: str, status: int = 302) -> Page:
    return Page(status=status, headers={"Location": address})


def test_a_page_comes_with_its_type_charset_and_state(site: Site) -> None:
    site.pages["/a"] = Page(
        body="Zürich".encode("latin-1"),
        kind="Text/HTML; charset=ISO-8859-1",
        headers={"ETag": '"1"', "Last-Modified": "Mon, 06 Jul 2026 08:00:00 GMT"},
    )
    found = fetch(f"{site.address}/a#part", LOOPBACK)
    assert (found.url, found.status, found.kind, found.charset) == (f"{site.address}/a", 200, "text/html", "iso-8859-1")
    assert found.body.decode("latin-1") == "Zürich"
    assert (found.etag, found.modified) == ('"1"', "Mon, 06 Jul 2026 08:00:00 GMT")
    again = fetch(f"{site.address}/a", LOOPBACK, headers={"If-None-Match": '"1"'})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_also_relative_ones(status: int, site: Site) -> None:
    site.pages |= {"/a": _to("/b", status), "/b": _to("c?d=e f", status), "/c?d=e%20f": Page(body=b"here")}
    found = fetch(f"{site.address}/a", LOOPBACK)
    assert (found.body, found.url) == (b"here", f"{site.address}/c?d=e%20f")


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        ({"/a": _to("/b"), "/b": _to("/a")}, "circle"),
        ({"/a": _to("/a")}, "circle"),
        ({"/a": _to("/1"), **{f"/{n}": _to(f"/{n + 1}") for n in range(1, 9)}}, "more than 5 redirects"),
        ({"/a": _to("file:///etc/passwd")}, "neither http nor https"),
        ({"/a": _to("http://127.0.0.2:1/")}, "private address 127.0.0.2"),
        ({"/a": _to("http://[::1]:1/")}, "private address ::1"),
        ({"/a": _to("http://user:word@127.0.0.1/")}, "user name"),
        ({}, "404"),
        ({"/a": Page(status=500)}, "500"),
        ({"/a": Page(body=b"x" * 100_001)}, "larger than the limit of 0.1 MB"),
        ({"/a": Page(body=b"no gzip", headers={"Content-Encoding": "gzip"})}, "packed content is broken"),
        ({"/a": Page(body=gzip.compress(b"x" * 900)[:-9], headers={"Content-Encoding": "gzip"})}, "cut off"),
        ({"/a": Page(body=b"x", headers={"Content-Encoding": "br"})}, "packed as 'br'"),
    ],
)
def test_what_is_not_fetched(pages: dict[str, Page], why: str, site: Site) -> None:
    site.pages |= pages
    with pytest.raises(FetchError, match=why):
        fetch(f"{site.address}/a", LOOPBACK)


def test_a_packed_page_is_unpacked_and_a_bomb_is_not(site: Site) -> None:
    site.pages["/page"] = Page(body=gzip.compress(b"words " * 1000), headers={"Content-Encoding": "gzip"})
    assert fetch(f"{site.address}/page", LOOPBACK).body == b"words " * 1000
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < LOOPBACK.size, "packed it is below the limit"
    site.pages["/bomb"] = Page(body=bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="larger"):
        fetch(f"{site.address}/bomb", LOOPBACK)


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"x" * 10_000)


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def _dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def _cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x" * 10)


def test_an_endless_page_stops_at_the_limit(site: Site) -> None:
    site.pages["/a"] = _endless
    with pytest.raises(FetchError, match="larger"):
        fetch(f"{site.address}/a", LOOPBACK)


@pytest.mark.parametrize("slow", [_silent, _dripping])
def test_a_server_that_is_too_slow_is_left(slow: object, site: Site) -> None:
    site.pages["/a"] = slow  # type: ignore[assignment]
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"not fetched within 0\.4 seconds"):
        fetch(f"{site.address}/a", Web(private=True, seconds=0.4))
    assert time.monotonic() - begun < 2.5


def test_a_page_that_is_cut_off_is_no_page(site: Site) -> None:
    site.pages["/a"] = _cut_off
    with pytest.raises(FetchError, match=r"ended|cannot be fetched"):
        fetch(f"{site.address}/a", LOOPBACK)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "10.1.2.3",  # noqa: S104 - an address to refuse
     "192.168.0.1", "172.16.5.4", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]",
     "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_no_address_of_a_private_network_is_asked(host: str, site: Site) -> None:
    port = site.address.rpartition(":")[2]
    with pytest.raises(FetchError, match="private address"):
        fetch(f"http://{host}:{port}/", Web(seconds=5))
    assert site.asked == []


def test_private_addresses_are_fetched_when_asked(site: Site) -> None:
    site.pages["/"] = Page(body=b"here")
    assert fetch(site.address, Web(private=True)).body == b"here"


@pytest.mark.parametrize(
    ("url", "tidied"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:8443/a b/ü?q=ä&r=%20#x", "https://example.org:8443/a%20b/%C3%BC?q=%C3%A4&r=%20"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
    ],
)
def test_addresses_are_written_one_way(url: str, tidied: str) -> None:
    assert tidy(url) == tidied


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "http:///a", "http://example.org:x/", "http://a\r\nb/", "http://u@h/"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(FetchError):
        tidy(url)


def test_what_is_an_address_and_what_a_path() -> None:
    assert is_address("https://example.org/feed")
    assert not is_address("articles/http.txt")
    assert not is_address("ftp://example.org/")
