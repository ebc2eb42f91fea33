"""A real web server on loopback whose answers a test gives, and which remembers what it was asked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer.  With an ETag of its own the server answers 304 to who has it."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answer = Page | Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Paths and their answers; `asked` lists (path, headers, status) in order."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str], int]] = []

    def paths(self) -> list[str]:
        """What was asked for, without robots.txt."""
        return [path for path, _, _ in self.asked if path != "/robots.txt"]


@contextlib.contextmanager
def web_server() -> Iterator[Site]:
    """A server with nothing but 404s until the test gives it pages."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = site.pages.get(self.path, Page(status=404, body=b"none"))
            if not isinstance(answer, Page):
                site.asked.append((self.path, dict(self.headers), 0))
                with contextlib.suppress(OSError):
                    answer(self)
                return
            tag = answer.headers.get("ETag")
            status = 304 if tag and self.headers.get("If-None-Match") == tag else answer.status
            site.asked.append((self.path, dict(self.headers), status))
            self.send_response(status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if status != 304:
                with contextlib.suppress(OSError):
                    self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method it replaces
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
