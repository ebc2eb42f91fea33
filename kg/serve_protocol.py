"""SPARQL 1.1 Protocol without the network: what a request asks, in which format, and the answer as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl

import pyoxigraph as ox

from kg.errors import KgError, QueryError
from kg.limits import LimitError, TimeLimitError, seal
from kg.sparql import RefusedError, check, explain
from kg.store import GraphStore

UTF8 = "; charset=utf-8"
TABLES: Mapping[str, ox.QueryResultsFormat] = MappingProxyType({
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
})  # fmt: skip
"""Media types for SELECT and ASK, the preferred one first."""
GRAPHS: Mapping[str, ox.RdfFormat] = MappingProxyType({
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    "application/json": ox.RdfFormat.JSON_LD,
    "text/plain": ox.RdfFormat.N_TRIPLES,
})  # fmt: skip
"""Media types for CONSTRUCT, DESCRIBE and what stands behind an IRI."""
SHORT: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle",),
    "ttl": ("text/turtle",),
    "nt": ("application/n-triples",),
    "jsonld": ("application/ld+json",),
})  # fmt: skip
"""Values of the parameter `format`, for links and for people; it goes before the header Accept."""


class RequestError(KgError):
    """A request that is answered with this HTTP status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query with the media types that the client takes, as in the header Accept."""

    query: str
    accept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The body of a response and its media type."""

    media: str
    body: bytes


def asked(*, pairs: Sequence[tuple[str, str]], accept: str, query: str | None = None) -> Asked:
    """What a request asks; `pairs` are its parameters, `query` the body where that is a query as such.

    Raises RequestError for an update, for another graph, and for no query or two.
    """
    names = [name for name, _ in pairs]
    if "update" in names:
        raise RequestError(403, "Updates are refused: this endpoint only reads the graph.")
    for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"):
        if name in names:
            raise RequestError(400, f"{name} is refused: there is this one graph, the default graph.")
    queries = [value for name, value in pairs if name == "query"] + ([] if query is None else [query])
    if len(queries) != 1:
        raise RequestError(400, f"One parameter 'query' is needed, there are {len(queries)}.")
    return Asked(query=queries[0], accept=accepted(pairs, accept))


def accepted(pairs: Sequence[tuple[str, str]], accept: str) -> str:
    """The media types that a client takes: those of the parameter `format`, else the header Accept."""
    short = next((value.lower() for name, value in pairs if name == "format"), "")
    return ",".join(SHORT.get(short, ())) or accept


def parameters(encoded: str) -> list[tuple[str, str]]:
    """The parameters of a query string or a form.  Raises RequestError for what is not UTF-8 or far too many."""
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as error:
        raise RequestError(400, "The parameters are not valid: percent-encoded UTF-8 is expected.") from error


def chosen(accept: str, offered: Iterable[str]) -> str | None:
    """The offered media type that a header Accept (RFC 9110, section 12.5.1) prefers; the first of equals.

    An empty header takes everything.  None when nothing offered is taken.
    """
    ranges = [_media_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    best, quality = None, 0.0
    for media in offered:
        fitting = [(_narrowness(pattern), q) for pattern, q in ranges if _fits(media, pattern)]
        if fitting and max(fitting)[1] > quality:
            best, quality = media, max(fitting)[1]
    return best


def _media_range(part: str) -> tuple[str, float]:
    pattern, *rest = (piece.strip().lower() for piece in part.split(";"))
    quality = next((piece[2:] for piece in rest if piece.startswith("q=")), "1")
    try:
        return pattern, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return pattern, 0.0


def _fits(media: str, pattern: str) -> bool:
    return pattern in (media, "*/*", "*", media.partition("/")[0] + "/*")


def _narrowness(pattern: str) -> int:
    return 2 - pattern.count("*")


# ---------------------------------------------------------------- answering (in a process of its own)


def answer(graph: GraphStore, wanted: Asked) -> Answer:
    """The answer of a query, in the format that the client prefers.

    Raises QueryError for the query, RequestError when the client takes no format that there is.  The process can
    open nothing afterwards.
    """
    check(wanted.query)
    store = graph.open()
    seal()
    try:
        found = store.query(
            wanted.query, prefixes=dict(graph.prefixes), default_graph=ox.DefaultGraph(), named_graphs=[]
        )
        if isinstance(found, ox.QueryTriples):
            media = _chosen(wanted.accept, GRAPHS)
            body = ox.serialize(found, format=GRAPHS[media], prefixes=dict(graph.prefixes))
        else:
            media = _chosen(wanted.accept, TABLES)
            body = found.serialize(format=TABLES[media])
    except SyntaxError as error:
        raise QueryError(explain(str(error), wanted.query, prefixes=graph.prefixes)) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"The query cannot be answered: {error}.") from error
    return Answer(media=media, body=body or b"")


def _chosen(accept: str, offered: Mapping[str, object]) -> str:
    media = chosen(accept, offered)
    if media is None:
        raise RequestError(406, f"There is {', '.join(offered)}; the request takes only {accept}.")
    return media


def status_of(error: KgError) -> int:
    """The HTTP status of an error: 4xx for the request, 504 for the time limit, 500 for the rest."""
    if isinstance(error, RequestError):
        return error.status
    if isinstance(error, TimeLimitError):
        return 504
    if isinstance(error, LimitError):
        return 422
    if isinstance(error, RefusedError):
        return 403
    return 400 if isinstance(error, QueryError) else 500


# ---------------------------------------------------------------- what the endpoint says of itself

DESCRIPTION = """\
@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix void: <http://rdfs.org/ns/void#> .

<> a sd:Service ;
    sd:endpoint <> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_JSON> ,
        <http://www.w3.org/ns/formats/SPARQL_Results_XML> ,
        <http://www.w3.org/ns/formats/SPARQL_Results_CSV> , <http://www.w3.org/ns/formats/SPARQL_Results_TSV> ,
        <http://www.w3.org/ns/formats/Turtle> , <http://www.w3.org/ns/formats/N-Triples> ,
        <http://www.w3.org/ns/formats/RDF_XML> , <http://www.w3.org/ns/formats/JSON-LD> ;
    sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ; void:triples TRIPLES ] ] .
"""


def description(triples: int) -> str:
    """The service description (SPARQL 1.1 Service Description) of an endpoint over a graph of so many triples."""
    return DESCRIPTION.replace("TRIPLES", str(triples))
