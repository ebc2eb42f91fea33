"""SPARQL over graph files: texts, files and named queries; what is refused; the formats."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import time
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.query import Result as RdflibResult
from stories import graph_of, said, sample, story, thing

from kg.errors import GraphError, QueryError
from kg.export import write_graph
from kg.limits import Limits, TimeLimitError
from kg.query import (
    FOLDER,
    Result,
    Term,
    named_queries,
    query,
    query_text,
    table,
    to_csv,
    to_json,
    to_markdown,
    to_turtle,
)
from kg.terms import PREFIXES


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("query") / "graph.ttl"
    odd = thing("odd-name", "Work", 'A "B" | C\n<i>', aliases=("=1+1",))
    write_graph(graph_of(*sample(), also=[odd]), file)
    return file


def rows(result: Result) -> tuple[tuple[str, ...], ...]:
    return table(result)[1]


# ---------------------------------------------------------------- the four forms


def test_the_newcomers_query_is_one_line(path: Path) -> None:
    result = query(path, 'SELECT ?who { ?x rdfs:label "Anna Berg" ; kg:met ?who }')
    assert result.variables == ("who",)
    assert sorted(rows(result)) == [("id:bo-dahl",), ("id:carla-diaz",)]
    assert min(result.rows, key=str)[0] == Term(kind="uri", value="https://kg.example/id/bo-dahl")


@pytest.mark.parametrize(("text", "answer"), [("ASK { ?a kg:met ?b }", True), ("ASK { ?a kg:attacked ?b }", False)])
def test_ask(path: Path, text: str, answer: bool) -> None:
    result = query(path, text)
    assert (result.form, result.answer, rows(result)) == ("ask", answer, (("yes" if answer else "no",),))


def test_construct_gives_each_triple_once_and_sorted(path: Path) -> None:
    result = query(path, "CONSTRUCT { ?a kg:knows ?b } WHERE { { ?a kg:met ?b } UNION { ?b kg:met ?a } }")
    assert result.form == "triples"
    assert rows(result) == tuple(sorted(rows(result)))
    assert len(rows(result)) == 4


def test_describe(path: Path) -> None:
    assert ("id:anna-berg", "rdfs:label", "Anna Berg") in rows(query(path, "DESCRIBE id:anna-berg"))


def test_an_unbound_variable_is_empty(path: Path) -> None:
    result = query(path, "SELECT ?a ?b { ?a rdfs:label 'Anna Berg' OPTIONAL { ?a kg:sued ?b } }")
    assert result.rows[0][1] is None
    assert rows(result) == (("id:anna-berg", ""),)


def test_literals_keep_their_kind(path: Path) -> None:
    found = query(path, "SELECT * { BIND('x'@en AS ?a) BIND(5 AS ?b) BIND('s' AS ?c) }").rows[0]
    assert found == (
        Term(kind="literal", value="x", language="en"),
        Term(kind="literal", value="5", datatype="http://www.w3.org/2001/XMLSchema#integer"),
        Term(kind="literal", value="s"),
    )


def test_all_prefixes_are_known_without_declaring(path: Path) -> None:
    text = "ASK { id:x a kg:x , rdf:x , rdfs:x , skos:x , dcterms:x , owl:x ; kg:y '1'^^xsd:int }"
    assert query(path, text).answer is False
    assert query(path, "PREFIX kg: <https://other.example/> ASK { ?a kg:met ?b }").answer is False


def test_id_stands_for_the_base_of_the_graph(tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    write_graph(graph_of(*sample(), base="https://news.example/kb#"), file)
    assert query(file, "ASK { id:anna-berg kg:met id:bo-dahl }").answer is True


# ---------------------------------------------------------------- named queries

EXPECTED = {
    "who-met-whom": [
        ("Anna Berg", "Bo Dahl", "2023-04-01", "2023-04-30", "Elvik", "disputed"),
        ("Anna Berg", "Carla Diaz", "2023-04-01", "2023-04-30", "Elvik", "single-source"),
    ],
    "who-leads-what": [
        (
            "Elm Institute",
            "Anna Berg",
            "Anna Berg, president of the Elm Institute, will visit Northland.",
        )
    ],
    "plans": [
        (
            *("Anna Berg", "visited", "Northland", "", ""),
            "Anna Berg, president of the Elm Institute, will visit Northland.",
        )
    ],
    "disputed": [
        (
            *("Anna Berg", "met", "Bo Dahl", "Harbour Times"),
            "Anna Berg met Bo Dahl and Carla Diaz in Elvik in April, the Harbour Times said.",
            "Foreign Office",
            "The Foreign Office denied that Bo Dahl met Anna Berg.",
        )
    ],
    "timeline": [
        ("2023-04-01", "2023-04-30", "Meeting", "Anna Berg, Bo Dahl", "Elvik", "disputed"),
        ("2023-04-01", "2023-04-30", "Meeting", "Anna Berg, Carla Diaz", "Elvik", "single-source"),
    ],
    "quotations-of CARLA DIAZ": [("Carla Diaz", "There were no talks at all,", "", "2023-06-02")],
    "network-of Elm Institute": [("Anna Berg", "leads", "Elm Institute")],
    "most-connected": [("Anna Berg", "3"), ("Bo Dahl", "1"), ("Carla Diaz", "1"), ("Elm Institute", "1")],
    "common-contacts \"Bo Dahl\" 'carla diaz'": [("Anna Berg", "met", "met")],
    "co-participants anna berg": [
        ("Bo Dahl", "Meeting", "1", "2023-04-01"),
        ("Carla Diaz", "Meeting", "1", "2023-04-01"),
    ],
    'facts-between "Elm Institute" "Anna Berg"': [
        (
            *("Anna Berg", "leads", "Elm Institute", "asserts", "actual", ""),
            "Anna Berg, president of the Elm Institute, will visit Northland.",
        )
    ],
    "open-claims": [("Anna Berg", "toasted", "Carla Diaz", "asserts", "actual", "She toasted Carla Diaz.")],
    "who-accuses-whom": [],
    "corroborated": [],
    "quotations-of Nobody": [],
}


@pytest.mark.parametrize(("call", "expected"), EXPECTED.items())
def test_named_queries_answer(path: Path, call: str, expected: list[tuple[str, ...]]) -> None:
    assert list(rows(query(path, call))) == expected


@pytest.mark.parametrize(
    ("call", "some"),
    [
        ("positions-of 'Anna Berg'", ("Anna Berg", "President", "Elm Institute", "current")),
        ("who-says-what-about bo dahl", ("Foreign Office", "Anna Berg", "met", "Bo Dahl", "denies", "actual")),
        ("sources-of northland", ("Anna Berg", "visited", "Northland", "asserts", "planned", "")),
        ("network-of carla diaz", ("Anna Berg", "toasted", "Carla Diaz")),
        ("network-of carla diaz", ("Carla Diaz", "bornOn", "1975-03-02")),
    ],
)
def test_named_queries_answer_among_others(path: Path, call: str, some: tuple[str, ...]) -> None:
    assert some in {row[: len(some)] for row in rows(query(path, call))}


def test_accusations_name_their_document(tmp_path: Path) -> None:
    words = "Bo Dahl accused Anna Berg."
    told = story(words, said("Bo Dahl", "accused", "Anna Berg"), title="A row", date=dt.date(2023, 6, 4))
    file = tmp_path / "graph.ttl"
    write_graph(graph_of(told), file)
    assert rows(query(file, "who-accuses-whom")) == (("Bo Dahl", "Anna Berg", words, "A row", "2023-06-04"),)


@pytest.mark.parametrize("call", EXPECTED)
def test_rdflib_gives_equal_rows(path: Path, call: str) -> None:
    known = Graph().parse(path)
    text = query_text(call)
    expected = sorted(tuple("" if t is None else str(t) for t in row) for row in known.query(text, initNs=PREFIXES))
    ours = query(path, call).rows
    assert sorted(tuple("" if t is None else t.value for t in row) for row in ours) == expected


def test_corroborated_events_count_their_documents(tmp_path: Path) -> None:
    told = [
        story(f"Anna Berg met Bo Dahl {n}.", said("Anna Berg", "met", "Bo Dahl"), key=f"d{n}", publisher=f"P{n % 2}")
        for n in range(3)
    ]
    file = tmp_path / "graph.ttl"
    write_graph(graph_of(*told), file)
    assert rows(query(file, "corroborated")) == (("Meeting", "Anna Berg, Bo Dahl", "", "", "2", "3"),)


def test_every_named_query_has_usage_and_description_and_is_tested() -> None:
    called = {call.split()[0] for call in EXPECTED} | {"positions-of", "who-says-what-about", "sources-of"}
    assert called == set(named_queries())
    assert {p.stem for p in FOLDER.glob("*.rq")} == set(named_queries())
    for named in named_queries().values():
        assert named.description.endswith("."), named.name
    assert named_queries()["common-contacts"].usage == "common-contacts ONE OTHER"


@pytest.mark.parametrize("name", ['x" ) } #', "\\", 'A "B" | C\n<i>', "?name", "'"])
def test_an_argument_cannot_break_out(path: Path, name: str) -> None:
    found = rows(query(path, f"positions-of {name}"))
    assert found == ()


def test_quotation_marks_around_one_argument_may_be_left_out(path: Path) -> None:
    assert rows(query(path, "network-of Anna Berg")) == rows(query(path, 'network-of  "Anna Berg" '))


# ---------------------------------------------------------------- queries in files


def test_a_file_is_read(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_text("\ufeff# mine\nASK { ?a kg:met ?b }", encoding="utf-8")
    assert query(path, file).answer is True
    assert query(str(path), str(file)).answer is True
    plain = file.rename(tmp_path / "question.txt")
    assert query(path, str(plain)).answer is True


def test_a_missing_query_file_is_one_clear_line(path: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"no\.rq: cannot be read \(No such file or directory\)"):
        query(path, str(tmp_path / "no.rq"))
    (tmp_path / "latin.rq").write_bytes(b"# caf\xe9")
    with pytest.raises(QueryError, match=r"latin\.rq: cannot be read \(not UTF-8\)"):
        query(path, tmp_path / "latin.rq")


# ---------------------------------------------------------------- errors and refusals


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?x {\n ?x foo:bar ?y }", r"line 2, column 12, .*unknown prefix"),
        ("SELECT ?x { ?x skso:altLabel ?y }", r"unknown prefix 'skso:', did you mean 'skos:'"),
        ("SELECTT ?x { ?x ?y ?z }", r"Did you mean SELECT\?"),
        ("who-met-who", r"Did you mean 'who-met-whom'\?"),
        ("SELECT ?x { ?x kg:met }", r"not valid SPARQL: line 1, column 23, near '}'"),
        ("SELECT ?x {", r"not valid SPARQL: line 1, column 12, at its end"),
        ("SELEKT ?x { ?x ?y ?z }", "opens with SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("", "opens with SELECT"),
        ("who-met-who", "no query 'who-met-who'.*who-met-whom"),
        ("DESCRIBE " + "x" * 5000, "not valid SPARQL: line 1"),
        ("who-met-whom Anna", "needs 0 arguments and got 1: who-met-whom"),
        ("positions-of", "needs 1 arguments and got 0: positions-of NAME"),
        ("common-contacts Anna", "needs 2 arguments and got 1: common-contacts ONE OTHER"),
        ('common-contacts "Anna', "open quotation mark"),
        ("positions-of \udcff", "not valid Unicode"),
        ("ASK { ?x rdfs:label '\udcff' }", "QUERY|query"),
    ],
)
def test_a_wrong_query_is_one_clear_line(path: Path, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        query(path, text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


SERVICES = (
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "select * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?x kg:met ?y . SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVIC\\u0045 <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?x kg:a\\# ?y . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?x kg:a\\' ?y . SERVICE <http://127.0.0.1:1/> { ?s ?p 'o' } }",
    "SELECT * { ?x rdfs:label 'a\\'b' . SERVICE <http://127.0.0.1:1/> { ?s ?p 'o' } }",
    "SELECT * { ?x rdfs:label '''it's''' . SERVICE <http://127.0.0.1:1/> { ?s ?p '''o''' } }",
    "SELECT * { ?x <http://x#y> ?y . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { FILTER(?a<?b) SERVICE<http://127.0.0.1:1/>{?s ?p ?o} }",
    "SELECT * { # comment\rSERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    'SELECT * { ?x rdfs:label "" SERVICE <http://127.0.0.1:1/> { ?s ?p "" } }',
    "SELECT * { ?x rdfs:label 'x'SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?x kg:p 5SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?x kg:p trueSERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { ?x kg:p 5SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?x rdfs:label '\\u0027' . SERVICE <http://127.0.0.1:1/> { ?s ?p '' } }",
    'SELECT * { ?x rdfs:label "\\u0022" . SERVICE <http://127.0.0.1:1/> { ?s ?p "\\u0022" } }',
    'SELECT * { ?x <http://x/\\u0041#a> "\\u0022" . SERVICE <http://127.0.0.1:1/> { ?s ?p "" } }',
    "SELECT * { ?x kg:met 5 .SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
)


@pytest.mark.parametrize("text", SERVICES)
def test_no_other_machine_is_called(path: Path, text: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused"):
        query(path, text)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?x kg:service ?service }",
        "ASK { ?x rdfs:label 'SERVICE' , \"SERVICE <http://x>\" , '''SERVICE''' } # SERVICE",
        "ASK { ?x <http://x.example/SERVICE> <http://SERVICE.example/\\u0041#service> }",
        "# INSERT and LOAD and SERVICE\nASK { ?x kg:insert ?load }",
    ],
)
def test_the_word_alone_is_no_call(path: Path, text: str) -> None:
    assert query(path, text).answer is False


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }",
        "SELECT *FROM<http://127.0.0.1:1/x> { ?s ?p ?o }",
        "ASK FROM NAMED <file:x.ttl> { GRAPH ?g { ?s ?p ?o } }",
        "construct { ?s ?p ?o } from <file:x.ttl> where { ?s ?p ?o }",
        "DESCRIBE ?s fRoM <http://127.0.0.1:1/x> { ?s ?p ?o }",
        "SELECT * \\u0046ROM <file:x.ttl> { ?s ?p ?o }",
        "PREFIX : <http://x.example/> SELECT * FROM:x { ?s ?p ?o }",
    ],
)
def test_no_other_graph_is_opened(path: Path, text: str) -> None:
    with pytest.raises(QueryError, match="FROM is refused"):
        query(path, text)


def test_from_as_a_word_is_no_other_graph(path: Path) -> None:
    text = "PREFIX from: <http://x.example/> ASK { ?from rdfs:label 'FROM' ; from:from <http://x/FROM> } # FROM <x>"
    assert query(path, text).answer is False


# ---------------------------------------------------------------- empty answers, limits, stores


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("SELECT ?x { ?x kg:mett ?y }", ("The graph has no kg:mett. Did you mean kg:met?",)),
        ("SELECT ?y { id:ana-berg kg:met ?y }", ("The graph has no id:ana-berg. Did you mean id:anna-berg?",)),
        ("positions-of Ana Berg", ("Nothing in the graph is called 'Ana Berg'. Did you mean 'Anna Berg'?",)),
        ("ASK { ?x a kg:Persn }", ("The graph has no kg:Persn. Did you mean kg:Person?",)),
        ("ASK { ?x a <https://kg.example/ontology#Persn> }", ("The graph has no kg:Persn. Did you mean kg:Person?",)),
        ("SELECT ?x { ?x kg:met ?x }", ()),
        ("SELECT ?x { ?x kg:met ?y ; rdfs:label 'carla diaz' }", ()),
        ("SELECT ?x { ?x kg:met ?y } LIMIT 1", ()),
        ("PREFIX kg: <https://other.example/> ASK { ?x kg:mett ?y }", ()),
    ],
)
def test_an_empty_answer_comes_with_the_nearest_known_name(path: Path, text: str, notes: tuple[str, ...]) -> None:
    assert query(path, text).notes == notes


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h . ?i ?t ?j }"


def test_a_query_that_never_ends_is_stopped(path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(TimeLimitError, match=r"longer than 0.5 seconds"):
        query(path, ENDLESS, limits=Limits(seconds=0.5))
    assert time.monotonic() - start < 5


def test_a_store_on_disk_gives_the_same_answers(path: Path, tmp_path: Path) -> None:
    for call in EXPECTED:
        assert query(path, call, store=tmp_path / "s").rows == query(path, call).rows


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { id:a kg:met id:b }",
        "PREFIX x: <http://x.example/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:1/x.ttl>",
        "CLEAR ALL",
        "# read only\nDROP DEFAULT",
        "WITH <http://x.example/g> INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(path: Path, text: str) -> None:
    before = path.read_bytes()
    with pytest.raises(QueryError, match="is refused: a query only reads the graph"):
        query(path, text)
    assert path.read_bytes() == before


def test_a_broken_or_missing_graph_is_one_clear_line(path: Path, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"no\.ttl: cannot be read \(No such file or directory\)"):
        query(tmp_path / "no.ttl", "ASK {}")
    (tmp_path / "bad.ttl").write_text("<a> <b> .")
    with pytest.raises(GraphError, match=r"bad\.ttl: is not valid Turtle \(.*line 1"):
        query(tmp_path / "bad.ttl", "ASK {}")


# ---------------------------------------------------------------- formats

ODD = 'SELECT ?x ?y { ?x rdfs:label ?y ; skos:altLabel "=1+1" }'


def test_csv(path: Path) -> None:
    text = to_csv(query(path, ODD))
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["x", "y"],
        ["https://kg.example/id/odd-name", 'A "B" | C\n<i>'],
    ]
    assert to_csv(query(path, "ASK {}")) == "answer\r\ntrue\r\n"


def test_json_follows_the_standard(path: Path) -> None:
    found = json.loads(to_json(query(path, "SELECT ?a ?b ?c { ?a rdfs:label 'Anna Berg' BIND(5 AS ?b) }")))
    assert found == {
        "head": {"vars": ["a", "b", "c"]},
        "results": {
            "bindings": [
                {
                    "a": {"type": "uri", "value": "https://kg.example/id/anna-berg"},
                    "b": {
                        "type": "literal",
                        "value": "5",
                        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
                    },
                }
            ]
        },
    }
    assert json.loads(to_json(query(path, "ASK {}"))) == {"head": {}, "boolean": True}


def test_json_is_what_rdflib_reads(path: Path) -> None:
    parsed = RdflibResult.parse(io.BytesIO(to_json(query(path, ODD)).encode()), format="json")
    assert [str(row.y) for row in parsed] == ['A "B" | C\n<i>']


def test_markdown_cells_stay_cells(path: Path) -> None:
    lines = to_markdown(query(path, ODD)).splitlines()
    assert lines == ["| x | y |", "| --- | --- |", '| id:odd-name | A "B" \\| C \\<i\\> |']


def test_turtle_of_a_construct(path: Path) -> None:
    written = to_turtle(query(path, "CONSTRUCT WHERE { ?a kg:met ?b }"))
    assert len(Graph().parse(data=written, format="turtle")) == 4
    with pytest.raises(QueryError, match="Only CONSTRUCT and DESCRIBE"):
        to_turtle(query(path, "ASK {}"))
