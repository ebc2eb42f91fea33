"""One GET over HTTP: bounded in size, time and redirects, and only of addresses that are meant to be fetched.

The address is checked after the name is resolved and before the connection is made, which then goes to that very
address, for every redirect anew: so no name can lead into a private network.  Proxies are not used, since behind one
nobody could check that.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from kg import __version__

AGENT = "kg-builder"
"""What robots.txt calls this program."""
MEGABYTE = 1_000_000
REDIRECTS = 5
MOVED = frozenset({301, 302, 303, 307, 308})
CHUNK = 65_536
INNER = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 addresses that hold one of IPv4 in their last 32 bits (RFC 6052)."""


class FetchError(Exception):
    """An address could not be fetched; the message is one clear sentence that does not name it.

    `status` is what the server answered, where it did.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What fetching may do: `size` bytes of one answer (unpacked), `seconds` for one fetch with all its redirects.

    `private` allows all private and loopback addresses; `networks` allows only these: ("127.0.0.1/32",).
    """

    private: bool = False
    networks: tuple[str, ...] = ()
    size: int = 20 * MEGABYTE
    seconds: float = 30.0
    redirects: int = REDIRECTS
    robots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer.  `url` is where it came from after all redirects; `body` is unpacked, empty for status 304;
    `kind` is its content type in lower case ("text/html"), `charset` what the server says of it."""

    url: str
    status: int
    kind: str
    charset: str | None
    body: bytes
    etag: str | None = None
    modified: str | None = None


Allowed = Callable[[str], None]
"""Raises FetchError for an address that is not to be fetched: robots.txt."""


def fetch(url: str, web: Web, *, headers: Mapping[str, str] | None = None, allowed: Allowed | None = None) -> Fetched:
    """The answer to a GET, with status 200 or, where `headers` ask for it, 304.

    `allowed` is asked before each request, also of a redirect.  Raises FetchError.
    """
    deadline = time.monotonic() + web.seconds
    seen: list[str] = []
    while True:
        url = tidy(url)
        if url in seen:
            raise FetchError("its redirects go in a circle")
        if len(seen) > web.redirects:
            raise FetchError(f"more than {web.redirects} redirects")
        seen.append(url)
        if allowed is not None:
            allowed(url)
        answer = _get(url, web, deadline, headers or {})
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)


def is_address(text: object) -> bool:
    """Whether an input is an address of the web rather than a path."""
    return isinstance(text, str) and re.match(r"https?://", text, re.IGNORECASE) is not None


def tidy(url: str) -> str:
    """The address without fragment, its host in lower case and ASCII, its path quoted.  Raises FetchError."""
    if any(c < " " or c == "\x7f" for c in url):
        raise FetchError("its address holds a control character")
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = parts.port
    except ValueError as error:
        raise FetchError(f"its address is malformed ({error})") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise FetchError(f"an address of '{parts.scheme}:', neither http nor https")
    if not host:
        raise FetchError("its address names no host")
    if parts.username is not None or parts.password is not None:
        raise FetchError("its address holds a user name or password")
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    safe = "/%:@!$&'()*+,;=~-._"
    return urlunsplit(
        (parts.scheme.lower(), netloc, quote(parts.path, safe=safe) or "/", quote(parts.query, safe=safe + "?"), "")
    )


# ---------------------------------------------------------------- one request


def _get(url: str, web: Web, deadline: float, headers: Mapping[str, str]) -> Fetched | str:
    """The answer, or the address of a redirect."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = urlunsplit(("", "", parts.path, parts.query, ""))
    asked = {
        "User-Agent": f"{AGENT}/{__version__}",
        "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **headers,
    }
    late = False
    try:
        line = _connected(host, port, web, deadline)
        with contextlib.ExitStack() as stack:
            stack.callback(line.close)

            def stop() -> None:
                nonlocal late
                late = True
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

            # A server that sends a byte a second would never run into the timeout of a socket.
            timer = threading.Timer(max(deadline - time.monotonic(), 0.0), stop)
            timer.daemon = True
            timer.start()
            stack.callback(timer.cancel)
            if secure:
                tls = ssl.create_default_context()
                line = tls.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
                stack.callback(line.close)
                line.do_handshake()
            connection = http.client.HTTPConnection(host, port)
            connection.sock = line
            connection.request("GET", target, headers=asked)
            with contextlib.closing(connection.getresponse()) as response:
                answer = _answer(url, response, web)
    except FetchError:
        if late:
            raise _too_slow(web) from None
        raise
    except ssl.SSLCertVerificationError as error:
        raise FetchError(f"its certificate is not valid ({error.verify_message})") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late or isinstance(error, TimeoutError):
            raise _too_slow(web) from error
        raise FetchError(f"cannot be fetched ({_why(error)})") from error
    if late:
        raise _too_slow(web)
    return answer


def _too_slow(web: Web) -> FetchError:
    return FetchError(f"not fetched within {web.seconds:g} seconds")


def _why(error: Exception) -> str:
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())


def _answer(url: str, response: http.client.HTTPResponse, web: Web) -> Fetched | str:
    location = response.headers.get("Location")
    if response.status in MOVED and location:
        return location
    if response.status not in (200, 304):
        raise FetchError(f"the server answers {response.status} {response.reason}".rstrip(), status=response.status)
    charset = response.headers.get_content_charset()
    return Fetched(
        url=url,
        status=response.status,
        kind=response.headers.get_content_type() if "Content-Type" in response.headers else "",
        charset=charset,
        body=b"" if response.status == 304 else _body(response, web.size),
        etag=response.headers.get("ETag"),
        modified=response.headers.get("Last-Modified"),
    )


def _body(response: http.client.HTTPResponse, limit: int) -> bytes:
    """The unpacked body.  Raises FetchError when it is longer than the limit, before it is unpacked further."""
    too_big = FetchError(f"larger than the limit of {limit / MEGABYTE:g} MB")
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"packed as '{encoding}', which was not asked for")
    if response.length is not None and response.length > limit:
        raise too_big
    body = bytearray()
    for chunk in _chunks(response):
        body += chunk
        if len(body) > limit:
            raise too_big
    if not encoding or encoding == "identity":
        return bytes(body)
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(bytes(body), limit + 1)
    except zlib.error as error:
        raise FetchError(f"its packed content is broken ({error})") from error
    if len(plain) > limit:
        raise too_big
    if not unpack.eof:
        raise FetchError("its packed content is cut off")
    return plain


def _chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while chunk := response.read1(CHUNK):
        yield chunk
    if response.length:
        raise FetchError("the connection ended before the page did")


# ---------------------------------------------------------------- which addresses


def _connected(host: str, port: int, web: Web, deadline: float) -> socket.socket:
    """A connection to the first address of the host that answers; all of them must be allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"its host '{host}' is not known ({_why(error)})") from error
    for *_, place in found:
        if not _is_allowed(str(place[0]), web):
            raise FetchError(f"'{host}' is the private address {place[0]}; --allow-private fetches from such")
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, place in found:
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(max(deadline - time.monotonic(), 0.001))
            line.connect(place)
        except OSError as error:
            line.close()
            failure = error
        else:
            return line
    raise failure


def _is_allowed(text: str, web: Web) -> bool:
    """Whether an address is one of the public internet, or of a network that was allowed."""
    if web.private:
        return True
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in ipaddress.ip_network(network) for network in web.networks):
        return True
    inner: ipaddress.IPv4Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.sixtofour or (address.teredo[1] if address.teredo else None)
        if any(address in network for network in INNER):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return _is_public(address) and (inner is None or _is_public(inner))


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified
