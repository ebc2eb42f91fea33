"""The server as clients meet it: a real process on a free port, SPARQLWrapper and plain HTTP."""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree as ET

import psutil
import pytest
from rdflib import Graph
from served import Reply, Served, served
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed
from stories import graph_of, sample, thing

from kg.errors import KgError
from kg.export import write_graph
from kg.query import named_queries
from kg.serve import ServeError, serve
from kg.serve_protocol import TABLES, chosen
from kg.sparql import RefusedError

BASE = "https://kg.example/id/"
WHO = "SELECT ?name { id:anna-berg kg:met/rdfs:label ?name } ORDER BY ?name"
HOSTILE = '<script>alert(1)</script> "& Sons'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    file = tmp_path_factory.mktemp("serve") / "graph.ttl"
    odd = thing("odd-name", "Work", HOSTILE, same_as=("https://www.wikidata.org/entity/Q1", "javascript:alert(1)"))
    write_graph(graph_of(*sample(), also=[odd, thing("ж", "Person", "Ж")]), file)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    with served(file, "--timeout", "2") as running:
        triples = len(Graph().parse(data=running.query("CONSTRUCT WHERE { ?s ?p ?o }").body))
        yield running
        again = len(Graph().parse(data=running.query("CONSTRUCT WHERE { ?s ?p ?o }").body))
        assert (again, triples) == (len(Graph().parse(file)),) * 2
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert [entry.name for entry in file.parent.iterdir()] == ["graph.ttl"]


# ---------------------------------------------------------------- SPARQLWrapper


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper's own use
@pytest.mark.parametrize(("method", "way"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_gets_every_format(server: Served, method: str, way: str) -> None:
    client = SPARQLWrapper(server.endpoint)
    client.setMethod(method)
    client.setRequestMethod(way)
    client.setQuery(WHO)
    client.setReturnFormat(JSON)
    found = client.queryAndConvert()
    assert [row["name"]["value"] for row in found["results"]["bindings"]] == ["Bo Dahl", "Carla Diaz"]
    client.setReturnFormat(XML)
    assert [n.firstChild.data for n in client.queryAndConvert().getElementsByTagName("literal")] == [
        "Bo Dahl", "Carla Diaz",
    ]  # fmt: skip
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode().splitlines() == ["name", "Bo Dahl", "Carla Diaz"]
    client.setReturnFormat(TSV)
    assert client.queryAndConvert().decode().splitlines() == ["?name", '"Bo Dahl"', '"Carla Diaz"']
    client.setQuery("CONSTRUCT { ?a kg:knows ?b } WHERE { ?a kg:met ?b }")
    for form in (TURTLE, RDFXML, JSONLD):
        client.setReturnFormat(form)
        converted = client.queryAndConvert()
        graph = converted if isinstance(converted, Graph) else Graph().parse(data=converted, format="turtle")
        assert len(graph) == 4, form
    client.setQuery("ASK { ?a kg:met ?b }")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"] is True
    client.setQuery("DESCRIBE id:anna-berg")
    client.setReturnFormat(TURTLE)
    assert b"Anna Berg" in client.queryAndConvert()


def test_sparqlwrapper_hears_what_is_wrong_with_a_query(server: Served) -> None:
    client = SPARQLWrapper(server.endpoint)
    client.setQuery("SELECT ?x {\n ?x skso:altLabel }")
    with pytest.raises(QueryBadFormed, match=r"line 2, column 18, .*unknown prefix 'skso:', did you mean 'skos:'"):
        client.query()


# ---------------------------------------------------------------- negotiation


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.2", "text/csv"),
        ("application/*", "application/sparql-results+json"),
        ("TEXT/CSV", "text/csv"),
        ("text/html, */*;q=0.1", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("text/csv;q=0", None),
        ("text/html", None),
        ("text/csv;q=no", None),
        (",,text/csv;;q=1,", "text/csv"),
    ],
)
def test_the_preferred_format_is_chosen(accept: str, media: str | None) -> None:
    assert chosen(accept, TABLES) == media


def test_a_format_that_there_is_not_is_406(server: Served) -> None:
    reply = server.query(WHO, Accept="image/png")
    assert reply.status == 406
    assert "text/csv" in reply.text
    assert server.query(WHO, Accept="text/turtle").status == 406
    assert server.query("CONSTRUCT WHERE { ?a kg:met ?b }", Accept="text/csv").status == 406


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("json", "application/sparql-results+json"), ("xml", "application/sparql-results+xml"), ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
    ],
)  # fmt: skip
def test_the_parameter_format_goes_first(server: Served, form: str, media: str) -> None:
    reply = server.ask("/sparql?" + urlencode({"query": WHO, "format": form}), Accept="text/html")
    assert (reply.status, reply.media) == (200, media)


def test_n_triples_and_xml(server: Served) -> None:
    reply = server.query("CONSTRUCT WHERE { ?a kg:met ?b }", Accept="application/n-triples")
    assert (reply.media, len(reply.text.splitlines())) == ("application/n-triples", 4)
    root = ET.fromstring(server.query("ASK {}", Accept="application/sparql-results+xml").text)  # noqa: S314
    assert root.findtext("{http://www.w3.org/2005/sparql-results#}boolean") == "true"


def test_any_page_of_the_web_may_ask(server: Served) -> None:
    reply = server.query(WHO, Origin="https://page.example")
    assert reply.headers["access-control-allow-origin"] == "*"
    asked = server.ask(
        "/sparql", method="OPTIONS", Origin="https://page.example",
        Access_Control_Request_Method="POST", Access_Control_Request_Headers="content-type",
    )  # fmt: skip
    assert asked.status == 200
    assert "POST" in asked.headers["access-control-allow-methods"]


def test_without_a_query_it_describes_itself(server: Served) -> None:
    reply = server.ask("/sparql")
    assert reply.media == "text/turtle"
    assert len(Graph().parse(data=reply.text, publicID=server.endpoint)) > 10
    assert server.ask("/sparql", Accept="text/html").media == "text/html"


# ---------------------------------------------------------------- what is wrong, what is refused

UPDATES = (
    "INSERT DATA { id:a kg:met id:b }",
    "insert data { id:a kg:met id:b }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE DATA { id:anna-berg kg:met id:bo-dahl }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "WITH <http://x/g> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "LOAD <file:///etc/hostname>",
    "LOAD SILENT <http://127.0.0.1:1/x> INTO GRAPH <http://x/g>",
    "CLEAR ALL",
    "CLEAR SILENT DEFAULT",
    "DROP ALL",
    "CREATE GRAPH <http://x/g>",
    "ADD DEFAULT TO <http://x/g>",
    "MOVE DEFAULT TO <http://x/g>",
    "COPY DEFAULT TO <http://x/g>",
    "# a comment\nPREFIX x: <http://x/> DROP DEFAULT",
    "\\u0044ROP ALL",
    "ASK {} ; DROP ALL",
    "DROP ALL ; ASK {}",
)
CALLS = (
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { S\\u0045RVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }",
    "SELECT * FROM NAMED <http://127.0.0.1:1/x> { GRAPH ?g { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } from <file:x.ttl> WHERE { ?s ?p ?o }",
    "DESCRIBE ?s F\\u0052OM <file:x.ttl> { ?s ?p ?o }",
)


@pytest.mark.parametrize("text", UPDATES)
def test_updates_are_refused_in_every_spelling(server: Served, text: str) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    for reply in (
        server.query(text),
        server.ask("/sparql?" + urlencode({"update": text})),
        server.ask("/sparql", method="POST", body=urlencode({"update": text}), **form),
        server.ask("/sparql", method="POST", body=urlencode({"query": text}), **form),
        server.ask("/sparql", method="POST", body=urlencode({"query": "ASK {}", "update": text}), **form),
        server.ask("/sparql", method="POST", body=text, Content_Type="application/sparql-update"),
        server.ask("/sparql", method="POST", body=text, Content_Type="application/sparql-query"),
    ):
        assert reply.status in (400, 403), (reply.status, reply.text)
        assert "refused" in reply.text or "not valid SPARQL" in reply.text or "no query" in reply.text


@pytest.mark.parametrize("text", CALLS)
def test_no_query_opens_a_file_or_calls_a_machine(server: Served, text: str) -> None:
    reply = server.query(text)
    assert reply.status == 403
    assert "is refused" in reply.text


def test_even_an_unread_call_reaches_nothing(server: Served) -> None:
    """Whatever the check of the text may miss: the process that answers can open no connection."""
    from kg.limits import Limits, limited
    from kg.serve_protocol import Asked, answer
    from kg.store import in_memory

    graph = in_memory(server.graph)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        text = f"SELECT * {{ SERVICE <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kg.serve_protocol.check", lambda text: None)
            with pytest.raises(KgError):
                limited(lambda: answer(graph, Asked(query=text, accept="")), Limits(seconds=5))
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sparql", "/id/anna-berg", "/", "/health"])
def test_writing_methods_are_not_allowed(server: Served, method: str, path: str) -> None:
    assert server.ask(path, method=method, body="<a> <b> <c> .", Content_Type="text/turtle").status == 405


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("path", "body", "kind", "status", "words"),
    [
        ("?query=ASK%7B%7D&query=ASK%7B%7D", None, "", 400, "there are 2"),
        ("?format=csv", None, "", 400, "there are 0"),
        ("?query=SELECT", None, "", 400, "line 1, column 7"),
        ("?query=", None, "", 400, "no query"),
        ("?query=ASK%7B%7D&default-graph-uri=file%3A%2F%2F%2Fx", None, "", 400, "default-graph-uri is refused"),
        ("?query=ASK%7B%7D&named-graph-uri=http%3A%2F%2Fx", None, "", 400, "named-graph-uri is refused"),
        ("?query=ASK%7B%FF%7D", None, "", 400, "UTF-8"),
        ("", "query=ASK%7B%7D", "text/plain", 415, "application/sparql-query"),
        ("", "query=ASK%7B%7D", "", 415, "application/sparql-query"),
        ("", "ASK {}\xff".encode("latin-1"), "application/sparql-query", 400, "not UTF-8"),
        ("", "x=1", FORM, 400, "there are 0"),
        ("", "ASK {", "application/sparql-query; charset=utf-8", 400, "at its end"),
        ("?query=ASK%7B%7D", "ASK {}", "application/sparql-query", 400, "there are 2"),
    ],
)
def test_what_is_wrong_is_said(
    server: Served, path: str, body: bytes | str | None, kind: str, status: int, words: str
) -> None:
    headers = {"Content_Type": kind} if kind else {}
    reply = server.ask("/sparql" + path, method="GET" if body is None else "POST", body=body, **headers)
    assert (reply.status, reply.media) == (status, "text/plain")
    assert words in reply.text
    assert "Traceback" not in reply.text


@pytest.mark.parametrize("size", [300_000, 1_500_000, 20_000_000])
def test_an_over_long_query_is_413(server: Served, size: int) -> None:
    text = "ASK { ?x rdfs:label '" + "y" * size + "' }"
    for kind, body in (("application/sparql-query", text), (FORM, urlencode({"query": text}))):
        with contextlib.suppress(ConnectionError):  # the server need not read to the end what it refuses
            assert server.ask("/sparql", method="POST", body=body, Content_Type=kind).status == 413
    if size < 500_000:
        assert server.query(text).status == 413
    else:
        with contextlib.suppress(ConnectionError):
            assert server.query(text).status in (400, 413, 414)
    assert server.ask("/health").status == 200


def test_a_long_query_within_the_limit_is_answered(server: Served) -> None:
    text = "ASK { ?x rdfs:label '" + "y" * 200_000 + "' }"
    assert server.query(text).text == '{"head":{},"boolean":false}'
    assert server.ask("/sparql", method="POST", body=text, Content_Type="application/sparql-query").status == 200


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h . ?i ?t ?j }"


def test_a_query_that_never_ends_is_stopped_and_holds_up_nobody(server: Served) -> None:
    replies: list[Reply] = []
    thread = threading.Thread(target=lambda: replies.append(server.query(ENDLESS)))
    start = time.monotonic()
    thread.start()
    time.sleep(0.3)
    assert server.ask("/health").status == 200
    assert server.query(WHO).status == 200
    assert time.monotonic() - start < 1.8, "answered beside the endless query"
    thread.join()
    assert (replies[0].status, "longer than 2 seconds" in replies[0].text) == (504, True)
    assert psutil.Process(server.process.pid).children() == []


def test_a_client_that_goes_away_stops_its_query(server: Served) -> None:
    process = psutil.Process(server.process.pid)
    with pytest.raises(TimeoutError):
        server.ask("/sparql?" + urlencode({"query": ENDLESS}), timeout=0.3)
    end = time.monotonic() + 1.2  # before the time limit would
    while process.children() and time.monotonic() < end:
        time.sleep(0.02)
    assert process.children() == []


def test_a_query_that_would_bring_down_the_engine_is_one_clear_line(server: Served) -> None:
    reply = server.ask(
        "/sparql", method="POST", body="ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
        Content_Type="application/sparql-query",
    )  # fmt: skip
    assert (reply.status, reply.text) == (400, "The query is nested too deeply for the engine.\n")
    assert server.query(WHO).status == 200


# ---------------------------------------------------------------- pages


def test_an_iri_leads_to_its_page_and_to_its_triples(server: Served) -> None:
    page = server.ask("/id/anna-berg", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (page.status, page.media) == (200, "text/html")
    for words in ("Anna Berg", "Person", "/id/bo-dahl", "The Foreign Office denied that Bo Dahl met", "2023-06-01"):
        assert words in page.text, words
    for accept, form in (("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml")):
        reply = server.ask("/id/anna-berg", Accept=accept)
        assert (reply.status, reply.media, "Accept" in reply.headers["vary"]) == (200, accept, True)
        graph = Graph().parse(data=reply.body, format=form)
        known = Graph().parse(server.graph)
        node = next(s for s in known.subjects() if str(s) == BASE + "anna-berg")
        expected = {*known.triples((node, None, None)), *known.triples((None, None, node))}
        assert set(graph) == expected
    assert server.ask("/id/anna-berg?format=turtle", Accept="text/html").media == "text/turtle"
    assert server.ask("/id/anna-berg", Accept="image/png").status == 406
    assert server.ask("/id/nobody").status == 404
    assert server.ask("/id/").status == 404


def test_every_node_of_the_graph_has_a_page(server: Served) -> None:
    known = Graph().parse(server.graph)
    for node in sorted({str(s) for s in known.subjects() if str(s).startswith(BASE)}):
        reply = server.ask("/id/" + quote(node.removeprefix(BASE)), Accept="text/html")
        assert reply.status == 200, node
        assert "<h1" in reply.text


def test_names_are_text_and_links_lead_to_the_web_alone(server: Served) -> None:
    page = server.ask("/id/odd-name", Accept="text/html").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'href="https://www.wikidata.org/entity/Q1"' in page
    assert 'href="javascript:' not in page
    evil = quote("<script>alert(1)</script>")
    assert server.ask(f"/id/{evil}", Accept="text/html").media == "text/plain"


def test_pages_run_nothing_but_their_own_script_and_need_no_network(server: Served) -> None:
    for path in ("/", "/id/anna-berg"):
        page = server.ask(path, Accept="text/html")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "://" not in policy
        loaded = [part for part in page.text.split('"') if part.startswith(("http:", "https:", "//"))]
        assert [address for address in loaded if not address.startswith((BASE, "https://kg.example/ontology#"))] == []
    for path in ("/static/query.js", "/static/serve.css"):
        assert server.ask(path).status == 200
        assert "://" not in server.ask(path).text.replace("http://www.w3.org", "")
    assert server.ask("/static/../serve.py").status == 404
    assert server.ask("/static/%2e%2e%2fserve.py").status == 404


def test_the_network_view_and_health(server: Served) -> None:
    page = server.ask("/view", Accept="text/html")
    assert (page.status, "Anna Berg" in page.text) == (200, True)
    state = json.loads(server.ask("/health").text)
    assert (state["status"], state["graph"], state["base"]) == ("ok", "graph.ttl", BASE)
    assert state["triples"] == len(Graph().parse(server.graph))


def test_ready_questions_come_with_their_arguments(server: Served) -> None:
    text = server.ask("/queries/common-contacts?" + urlencode({"one": "Bo Dahl", "other": 'carla "diaz" \\ ж'})).text
    assert 'LCASE("Bo Dahl")' in text
    assert server.query(text).status == 200
    assert "?one" not in text
    for name in named_queries():
        assert server.query(server.ask(f"/queries/{name}").text).status == 200, name
    assert server.ask("/queries/no-such").status == 404


# ---------------------------------------------------------------- start and stop


def test_a_taken_port_is_one_clear_error(server: Served) -> None:
    port = urlsplit(server.address).port
    assert port is not None
    with pytest.raises(ServeError, match=rf"127.0.0.1:{port}: cannot be listened on \(Address already in use\)"):
        serve(server.graph, port=port)


def test_a_broken_graph_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<a> <b> .")
    ran = subprocess.run(
        [sys.executable, "-m", "kg", "serve", tmp_path / "bad.ttl"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (1, "", 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly_while_a_query_runs(server: Served, tmp_path: Path, number: int) -> None:
    with served(server.graph, "--store", tmp_path / "store", "--timeout", "60") as other:
        assert other.query(WHO, Accept="text/csv").text.splitlines() == ["name", "Bo Dahl", "Carla Diaz"]
        with contextlib.suppress(OSError):
            other.ask("/sparql?" + urlencode({"query": ENDLESS}), timeout=0.2)
        children = psutil.Process(other.process.pid).children()
        start = time.monotonic()
        other.process.send_signal(number)
        other.process.wait(timeout=20)
        assert time.monotonic() - start < 10
        assert [child for child in children if child.is_running() and child.status() != "zombie"] == []
    with pytest.raises(ConnectionError):
        other.ask("/health")


# ---------------------------------------------------------------- load


def load(server: Served, *, clients: int, seconds: float) -> tuple[Counter[int], list[int]]:
    """Statuses of all replies to so many clients at once, and the server's memory in bytes, taken now and then."""
    texts = [WHO, "ASK { ?a kg:met ?b }", "CONSTRUCT WHERE { ?a kg:met ?b }", "SELECT ?x { ?x kg:", "DROP ALL"]
    texts += [named_queries()[name].text for name in ("who-met-whom", "timeline", "disputed")]
    statuses: Counter[int] = Counter()
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        count = number
        while time.monotonic() < end:
            reply = server.query(texts[count % len(texts)])
            expected = {3: 400, 4: 403}.get(count % len(texts), 200)
            statuses[reply.status if reply.status == expected else -reply.status] += 1
            count += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    process = psutil.Process(server.process.pid)
    for thread in threads:
        thread.start()
    memory = []
    while time.monotonic() < end:
        time.sleep(seconds / 10)
        memory.append(process.memory_info().rss)
    for thread in threads:
        thread.join()
    return statuses, memory


def test_fifty_clients_at_once_get_right_answers(server: Served) -> None:
    statuses, memory = load(server, clients=50, seconds=3)
    assert set(statuses) == {200, 400, 403}
    assert sum(statuses.values()) > 100
    assert memory[-1] - memory[2] < 20_000_000
    assert psutil.Process(server.process.pid).children() == []


@pytest.mark.speed
def test_fifty_clients_for_twenty_seconds_and_no_growth_of_memory(server: Served) -> None:
    load(server, clients=50, seconds=2)
    statuses, memory = load(server, clients=50, seconds=20)
    assert set(statuses) == {200, 400, 403}
    assert memory[-1] - memory[1] < 2_000_000, (sum(statuses.values()), memory)


def test_who_comes_when_too_many_wait_is_sent_away() -> None:
    import asyncio

    from kg.limits import Limits
    from kg.serve import Service, _Turns
    from kg.serve_protocol import RequestError, status_of

    async def crowd() -> list[int]:
        turns = _Turns(Service(limits=Limits(), running=1, waiting=1))

        async def come() -> int:
            try:
                async with turns.turn():
                    await asyncio.sleep(0.01)
                    return 200
            except RequestError as error:
                return status_of(error)

        return await asyncio.gather(*(come() for _ in range(4)))

    assert asyncio.run(crowd()) == [200, 200, 503, 503]
    assert status_of(RefusedError("x")) == 403
