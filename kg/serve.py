"""A graph on the web: SPARQL endpoint, query page, network view and a page behind every IRI.  It only reads.

Each query runs in a process of its own (kg.limits), so that none can hold up, bring down or change what is served.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg import ontology
from kg.errors import KgError
from kg.export import read_graph
from kg.limits import MEGABYTE, Limits, limited_async
from kg.query import named_queries
from kg.serve_pages import HTML, TEMPLATES, base_of, behind, page
from kg.serve_protocol import (
    UTF8,
    Answer,
    RequestError,
    accepted,
    answer,
    asked,
    chosen,
    description,
    parameters,
    status_of,
)
from kg.sparql import replaced
from kg.store import GraphStore, in_memory, on_disk
from kg.view import render_view

T = TypeVar("T")

HOST, PORT = "127.0.0.1", 8000
VIEW_LIMITS = Limits(seconds=300.0, memory=8192 * MEGABYTE, size=512 * MEGABYTE)
"""The network view is made once; a large graph takes its time."""
GRACE = 3
"""Seconds that requests may go on for after a stop was asked for."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
FILES = {"query.js": "text/javascript", "serve.css": "text/css"}


class ServeError(KgError):
    """The server cannot listen where it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the graph is served: `limits` of one query, how many run at once, how many may wait for their turn, the
    bytes of a request's query."""

    limits: Limits
    running: int
    waiting: int
    request: int = 256 * 1024


class _BusyError(RequestError):
    """More requests wait than may."""


class _Turns:
    """Lets so many run at once and so many wait; whoever comes then is sent away."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.free = asyncio.Semaphore(service.running)
        self.count = 0

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self.count >= self.service.running + self.service.waiting:
            raise _BusyError(503, "Too many queries are running and waiting; try again in a second.")
        self.count += 1
        try:
            async with self.free:
                yield
        finally:
            self.count -= 1


def serve(
    graph: str | Path,
    *,
    host: str = HOST,
    port: int = PORT,
    store: str | Path | None = None,
    limits: Limits | None = None,
    running: int | None = None,
    waiting: int = 256,
    ready: Callable[[str, int], None] = lambda address, triples: None,
) -> None:
    """Serves a graph file until SIGINT or SIGTERM; returns after a clean stop.

    `port` 0 takes a free one; `store` is a folder for an on-disk store in place of memory; `running` queries run at
    once (as many as there are processors, at least two), `waiting` may wait; `ready` is called with the address and
    the number of triples as soon as requests are taken.

    Raises GraphError for the graph file, ServeError when the address cannot be had.
    """
    path = Path(graph)
    opened = in_memory(path) if store is None else on_disk(path, Path(store))
    triples = len(opened.open())
    service = Service(limits=limits or Limits(), running=running or max(2, os.cpu_count() or 2), waiting=waiting)
    with _listening(host, port) as listener:
        app = application(opened, path, service, triples=triples)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=GRACE,
            h11_max_incomplete_event_size=4 * service.request,  # room for a percent-encoded query in the address
        )
        where, taken = listener.getsockname()[:2]
        ready(f"http://{f'[{where}]' if ':' in where else where}:{taken}/", triples)
        _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Stops on SIGINT and SIGTERM and then returns, where uvicorn's own would die of the signal."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes the two signals for as long as the server runs."""
        signals = (signal.SIGINT, signal.SIGTERM)
        former = [signal.signal(number, self.handle_exit) for number in signals]
        try:
            yield
        finally:
            for number, handler in zip(signals, former, strict=True):
                signal.signal(number, handler)


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number is not None and number > 0 else error
        raise ServeError(f"{host}:{port}: cannot be listened on ({reason}).") from error
    with listener:
        yield listener


# ---------------------------------------------------------------- the application


def application(graph: GraphStore, path: Path, service: Service, *, triples: int) -> Starlette:
    """The ASGI application over a graph, whose file is `path`."""
    site = _Site(graph, path, service, triples)
    reading = ["GET", "HEAD"]
    return Starlette(
        routes=[
            Route("/", site.query_page, methods=reading),
            Route("/sparql", _told(site.sparql), methods=["GET", "HEAD", "POST"]),
            Route("/queries/{name}", _told(site.ready_query), methods=reading),
            Route("/id/{local:path}", _told(site.entity), methods=reading),
            Route("/view", _told(site.view), methods=reading),
            Route("/health", site.health, methods=reading),
            Route("/static/{name}", _told(site.static), methods=reading),
        ],
        middleware=[
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"], allow_headers=["*"])
        ],
    )


def _told(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The handler; what it raises becomes a response of one line."""

    async def respond(request: Request) -> Response:
        try:
            return await handler(request)
        except KgError as error:
            status = status_of(error)
            headers = {**HEADERS, **({"Retry-After": "1"} if status == 503 else {})}
            return Response(f"{error}\n", status, headers, media_type="text/plain")

    return respond


class _Site:
    """What is served at each address."""

    def __init__(self, graph: GraphStore, path: Path, service: Service, triples: int) -> None:
        self.graph, self.path, self.service, self.triples = graph, path, service, triples
        self.turns = _Turns(service)
        self.view_lock = asyncio.Lock()
        self.view_page: bytes | None = None
        self.files = {name: (TEMPLATES / name).read_bytes() for name in FILES}

    async def sparql(self, request: Request) -> Response:
        """The SPARQL 1.1 Protocol; without a query, the query page or the service description."""
        accept = request.headers.get("accept", "")
        pairs = parameters(request.url.query)
        if request.method != "POST":
            if not pairs:
                if chosen(accept, ["text/turtle", HTML]) == HTML:
                    return await self.query_page(request)
                return Response(description(self.triples), 200, HEADERS, media_type="text/turtle")
            wanted = asked(pairs=pairs, accept=accept)
        else:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            body = await _body(request, limit=self.service.request)
            if kind == "application/x-www-form-urlencoded":
                wanted = asked(pairs=[*pairs, *parameters(body)], accept=accept)
            elif kind == "application/sparql-query":
                wanted = asked(pairs=pairs, accept=accept, query=body)
            elif kind == "application/sparql-update":
                raise RequestError(403, "Updates are refused: this endpoint only reads the graph.")
            else:
                raise RequestError(
                    415, "The body must be application/x-www-form-urlencoded or application/sparql-query."
                )
        if len(wanted.query) > self.service.request:
            raise RequestError(413, f"A query may have {self.service.request:,} characters, not {len(wanted.query):,}.")
        found = await self._run(request, lambda: answer(self.graph, wanted))
        return _response(found)

    async def entity(self, request: Request) -> Response:
        """The page or the triples behind an IRI of the graph."""
        local = str(request.path_params["local"])
        accept = accepted(parameters(request.url.query), request.headers.get("accept", ""))
        found = await self._run(request, lambda: behind(self.graph, local, accept))
        return _response(found)

    async def view(self, request: Request) -> Response:
        """The network view, made at the first request."""
        async with self.view_lock:
            if self.view_page is None:
                self.view_page = await self._run(request, self._render, limits=VIEW_LIMITS)
        # The page brings its own policy, with the hashes of its scripts.
        headers = {**HEADERS, "Content-Security-Policy": "frame-ancestors 'none'"}
        return Response(self.view_page, 200, headers, media_type=HTML)

    def _render(self) -> bytes:
        known = ontology.load()
        relations = tuple(known.relations[name] for name in sorted(known.relations))
        return render_view(read_graph(self.path), title=self.path.stem, relations=relations).encode("utf-8")

    async def query_page(self, _: Request) -> Response:
        """The page on which people ask."""
        ready = [
            {"name": q.name, "parameters": q.parameters, "description": q.description} for q in named_queries().values()
        ]
        base = base_of(self.graph.prefixes)
        content = page("query.html", graph=self.path.name, triples=self.triples, ready=ready, base=base)
        return Response(content, 200, HEADERS, media_type=HTML)

    async def ready_query(self, request: Request) -> Response:
        """The text of a ready query with the arguments of the address filled in."""
        found = named_queries().get(str(request.path_params["name"]).removesuffix(".rq"))
        if found is None:
            raise RequestError(404, f"There is no such query; there are {', '.join(named_queries())}.")
        given = dict(parameters(request.url.query))
        literals = {f"?{key}": json.dumps(given[key], ensure_ascii=False) for key in found.parameters if given.get(key)}
        return Response(replaced(found.text, literals), 200, HEADERS, media_type="application/sparql-query" + UTF8)

    async def health(self, _: Request) -> Response:
        """What a watchdog asks."""
        state = {"status": "ok", "graph": self.path.name, "triples": self.triples, "base": base_of(self.graph.prefixes)}
        return JSONResponse({**state, "queries": self.turns.count}, 200, HEADERS)

    async def static(self, request: Request) -> Response:
        """Script and style of the pages."""
        name = str(request.path_params["name"])
        if name not in self.files:
            raise RequestError(404, "There is no such file.")
        return Response(self.files[name], 200, HEADERS, media_type=FILES[name])

    async def _run(self, request: Request, work: Callable[[], T], *, limits: Limits | None = None) -> T:
        """What the work returns; it is stopped when the client goes away."""
        async with self.turns.turn():
            task = asyncio.create_task(limited_async(work, limits or self.service.limits))
            gone = asyncio.create_task(_disconnected(request))
            try:
                await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
                if not task.done():
                    raise RequestError(499, "The client went away.")
                return task.result()
            finally:
                for pending in (task, gone):
                    pending.cancel()
                await asyncio.gather(task, gone, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request, *, limit: int) -> str:
    """The body as text.  Raises RequestError for one that is longer than a query may be, or not UTF-8."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > 4 * limit:
            raise RequestError(413, f"A query may have {limit:,} characters.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, "The body is not UTF-8.") from error


def _response(found: Answer) -> Response:
    return Response(found.body, 200, HEADERS, media_type=found.media)
