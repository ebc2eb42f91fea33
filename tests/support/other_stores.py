"""Clients of other triple stores, told apart only by how they are asked for a graph."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import pytest

ANSWER_WITHIN = 60.0
"""Seconds that a store may take to start, and to answer a query."""


def needed(tool: str, how: str) -> str:
    """The path of a program; without it the test is skipped, in CI it fails."""
    found = shutil.which(tool, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if found is None:
        missing(f"{tool} is not installed ({how})")
    return str(found)


def missing(reason: str) -> None:
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason)
    pytest.skip(reason)


class StoreError(Exception):
    """A store refused a query; the message is its own."""


class Server:
    """A process that answers HTTP at `url`; leaving the context stops it."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.process, self.url = process, url

    def __enter__(self) -> Self:
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + ANSWER_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise StoreError(f"{self.process.args!r} ended with {self.process.returncode}")
            with contextlib.suppress(OSError):
                self.ask("SELECT * { <urn:x> <urn:y> ?o } LIMIT 1", {})
                return
            time.sleep(0.1)
        raise StoreError(f"{self.process.args!r} did not answer within {ANSWER_WITHIN:.0f} s")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

    def ask(self, query: str, more: dict[str, str], accept: str = "application/sparql-results+json") -> bytes:
        """The answer of a SPARQL 1.1 Protocol query by POST."""
        data = urllib.parse.urlencode({"query": query, **more}).encode()
        request = urllib.request.Request(self.url, data=data, headers={"Accept": accept})  # noqa: S310  # loopback
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_WITHIN) as reply:  # noqa: S310
                content: bytes = reply.read()
                return content
        except urllib.error.HTTPError as error:
            with error:
                raise StoreError(error.read().decode("utf-8", "replace")[:2000]) from None


Row = tuple[str | None, ...]


class Store:
    """A store that holds every built graph under a name."""

    title: ClassVar[str]

    @staticmethod
    def iri(name: str) -> str:
        return f"https://graphs.example/{name}"

    def select(self, name: str, query: str) -> dict[str, Any]:
        """The answer of a SELECT over the graph of this name, as SPARQL 1.1 Query Results JSON."""
        raise NotImplementedError

    def dump(self, name: str, path: Path) -> None:
        """Writes the graph as N-Triples, as the store itself serialises it."""
        raise NotImplementedError

    def count(self, name: str) -> int:
        found = self.select(name, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        return int(found["results"]["bindings"][0]["n"]["value"])

    def rows(self, name: str, query: str) -> list[Row]:
        """The rows of a SELECT, sorted; a term as its kind, value and language."""
        return rows_of(self.select(name, query))


def rows_of(answer: dict[str, Any]) -> list[Row]:
    """Rows without regard to order; datatypes are left aside, for Virtuoso's counts have one of their own."""
    names = answer["head"]["vars"]
    found = [tuple(_term(binding.get(name)) for name in names) for binding in answer["results"]["bindings"]]
    return sorted(found, key=lambda row: [value or "" for value in row])


def _term(term: dict[str, str] | None) -> str | None:
    if term is None:
        return None
    kind = "literal" if term["type"] == "typed-literal" else term["type"]  # Virtuoso keeps a name of the drafts
    return f"{kind} {term['value']}" + (f"@{term['xml:lang']}" if "xml:lang" in term else "")


class _Endpoint(Store):
    def __init__(self, server: Server) -> None:
        self.server = server

    def select(self, name: str, query: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.server.ask(query, {"default-graph-uri": self.iri(name)}))
        return found

    def dump(self, name: str, path: Path) -> None:
        query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        path.write_bytes(self.server.ask(query, {"default-graph-uri": self.iri(name)}, "application/n-triples"))


class Oxigraph(_Endpoint):
    title = "Oxigraph"


class Virtuoso(_Endpoint):
    title = "Virtuoso"


class Jena(Store):
    """Apache Jena in a Java process, asked line by line."""

    title = "Jena"

    def __init__(self, script: Path) -> None:
        self.script = script

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, str(self.script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            self._answer()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process.stdout.close()

    def load(self, name: str, path: Path) -> int:
        return int(self._ask(load=str(path), name=name)["count"])

    def select(self, name: str, query: str) -> dict[str, Any]:
        return self._ask(query=query, name=name)

    def dump(self, name: str, path: Path, form: str = "N-TRIPLES") -> None:
        self._ask(dump=str(path), name=name, form=form)

    def _ask(self, **asked: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        """The next line.  Raises StoreError when none comes in time."""
        assert self.process.stdout is not None
        line, deadline = b"", time.monotonic() + ANSWER_WITHIN
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            part = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not part:
                raise StoreError("Jena gave no answer")
            line += part
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise StoreError(str(answer["error"]))
        return answer
