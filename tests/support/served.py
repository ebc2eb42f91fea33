"""A real server over a graph file, in a process of its own, on a free port of this machine."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from shared_folder import ROOT


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running server and the file that it serves."""

    address: str
    process: subprocess.Popen[str]
    graph: Path

    @property
    def endpoint(self) -> str:
        return self.address + "sparql"

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | str | None = None,
        timeout: float = 60.0,
        **headers: str,
    ) -> Reply:
        """The reply to one request; headers with "_" for "-"."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=timeout)
        with contextlib.closing(connection):
            sent = body.encode("utf-8") if isinstance(body, str) else body
            connection.request(method, path, sent, {name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(status=response.status, headers=found, body=response.read())

    def query(self, text: str, **headers: str) -> Reply:
        """The reply to a query by GET."""
        return self.ask("/sparql?" + urlencode({"query": text}), **headers)


@contextlib.contextmanager
def served(graph: Path, *options: object) -> Iterator[Served]:
    """A server for as long as the block runs; it must then stop by itself, with status 0 and nothing said."""
    command = [sys.executable, "-m", "kg", "serve", str(graph), "--port", "0", *map(str, options)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found is not None, line + (process.communicate()[1] if process.poll() is not None else "")
        yield Served(address=found[0], process=process, graph=graph)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        # A request that is no HTTP is worth a line, nothing else is.
        assert errors.replace("Invalid HTTP request received.\n", "") == ""
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
