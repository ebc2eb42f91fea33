"""What is disputed and what happened when, as a page, as rows and as JSON."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from rdflib import Graph
from stories import APRIL, MAY, graph_of, said, story

from kg import ontology
from kg.matters import Matters, Statement, headline, matters_of
from kg.reports import (
    DISPUTES,
    TIMELINE,
    day,
    days,
    disputes,
    disputes_json,
    disputes_markdown,
    disputes_rows,
    timeline,
    timeline_json,
    timeline_markdown,
    timeline_rows,
)


def read(graph: Graph) -> Matters:
    return matters_of(graph, relations=ontology.load().relations.values())


def one_dispute() -> Matters:
    """One meeting that an outlet reports and an office denies, one plan, one denial that nobody asserts."""
    known = {
        "publisher": "The Wire",
        "date": dt.date(2023, 5, 2),
        "title": "A meeting",
        "url": "https://wire.example/1",
    }
    report = story(
        'The Harbour Times wrote that Anna Berg met Bo Dahl in Elvik "at night". Anna Berg will visit Sandby.',
        said("Anna Berg", "met", "Bo Dahl", by=("Harbour Times",), time=APRIL, place="Elvik", trigger="met"),
        said("Anna Berg", "visited", "Sandby", modality="planned", time=MAY, trigger="visit"),
        key="d1",
        **known,
    )
    denial = story(
        "The Foreign Office denied that Anna Berg met Bo Dahl. Carla Diaz never met Dov Stern.",
        said("Anna Berg", "met", "Bo Dahl", by=("Foreign Office",), stance="denies", trigger="met"),
        said("Carla Diaz", "met", "Dov Stern", stance="denies", trigger="never"),
        key="d2",
        publisher="Elvik *Post*",
        date=dt.date(2023, 5, 4),
    )
    return read(graph_of(report, denial))


# ---------------------------------------------------------------- headlines


def says(subject: str, relation: str, target: str, *, symmetric: bool = False) -> Statement:
    return Statement(
        subject=subject, relation=relation, object=target, symmetric=symmetric, key=(subject, relation, target)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([says("A", "met", "B", symmetric=True)], "A met B"),
        ([says("A", "met", "C"), says("B", "met", "C")], "A and B met C"),
        ([says("A", "met", "B"), says("A", "met", "C"), says("A", "met", "D")], "A met B, C and D"),
        ([says("A", "met", "C", symmetric=True), says("C", "met", "D", symmetric=True)], "A and D met C"),
        ([says("A", "visited", "B"), says("C", "visited", "D")], "A visited B; C visited D"),
    ],
)
def test_headlines(statements: list[Statement], expected: str) -> None:
    assert headline(statements) == expected


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("memberOf", "Anna Berg is a member of Elm Institute"),
        ("leads", "Anna Berg leads Elm Institute"),
        ("founded", "Anna Berg founded Elm Institute"),
    ],
)
def test_a_relation_without_a_verb_gets_one(relation: str, expected: str) -> None:
    graph = graph_of(story("Anna Berg and the Elm Institute.", said("Anna Berg", relation, "Elm Institute")))
    assert [matter.headline for matter in read(graph).matters] == [expected]


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2023-04-12", "2023-04-12", "12 April 2023"),
        ("2023-04-01", "2023-04-30", "April 2023"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2024-02-01", "2024-02-28", "1 to 28 February 2024"),
        ("2023-01-01", "2023-12-31", "2023"),
        ("2023-04-10", "2023-05-02", "10 April to 2 May 2023"),
        ("2022-12-30", "2023-01-02", "30 December 2022 to 2 January 2023"),
        ("2023-05-02", "", "since 2 May 2023"),
        ("", "2023-05-02", "until 2 May 2023"),
        ("", "", ""),
    ],
)
def test_spans_in_words(start: str, end: str, expected: str) -> None:
    assert days(start, end) == expected


@pytest.mark.parametrize(
    ("iso", "expected"), [("2023-07-06", "6 July 2023"), ("2023-07", "July 2023"), ("2023", "2023")]
)
def test_days_in_words(iso: str, expected: str) -> None:
    assert day(iso) == expected


# ---------------------------------------------------------------- disputes


def test_a_dispute_has_both_sides_and_their_words() -> None:
    first, second = disputes(one_dispute())
    assert (first.reason, first.headline) == ("disputed", "Anna Berg met Bo Dahl")
    (matter,) = first.matters
    assert [(t.says, t.stance, t.outlet) for t in matter.tellings] == [
        (("Harbour Times",), "asserts", "The Wire"),
        (("Foreign Office",), "denies", "Elvik *Post*"),
    ]
    assert (second.reason, second.headline) == ("denied", "Carla Diaz met Dov Stern")


def test_the_page_tells_the_story() -> None:
    page = disputes_markdown(one_dispute())
    for words in (
        "From 2 documents, 2 May 2023 to 4 May 2023.",
        "### Anna Berg met Bo Dahl",
        "*As asserted: Elvik, April 2023 (“in April”).*",
        "**Asserted** by Harbour Times (1 independent origin in 1 document):",
        "- Harbour Times, in [The Wire](https://wire.example/1), 2 May 2023: “The Harbour Times wrote that",
        "in Elvik ‘at night’.”",
        "**Denied** by Foreign Office:",
        "- Foreign Office, in Elvik \\*Post\\*, 4 May 2023: “The Foreign Office denied",
        "## Denied, and asserted by nobody",
        "- **Carla Diaz met Dov Stern?**",
    ):
        assert words in page
    assert "Sandby" not in page.split("##", 1)[0]


def test_two_datings_are_shown_side_by_side() -> None:
    def told(key: str, time: object) -> object:
        text = f"Anna Berg met Bo Dahl. {' '.join(f'{key}{n}' for n in range(60))}"
        return story(text, said("Anna Berg", "met", "Bo Dahl", time=time), key=key, publisher=f"The {key}")

    found = read(graph_of(told("a", APRIL), told("b", MAY)))  # type: ignore[arg-type]
    (dispute,) = disputes(found)
    assert dispute.reason == "dates or places"
    page = disputes_markdown(found)
    assert "The documents give more than one date:" in page
    assert "- **April 2023 (“in April”)** (1 independent origin in 1 document)" in page
    assert "- **May 2023 (“in May”)**" in page
    ((headline_, *_, differ),) = disputes_rows(found)
    assert (headline_, differ) == ("Anna Berg met Bo Dahl", "April 2023 (“in April”) / May 2023 (“in May”)")


def test_two_heads_are_shown_with_their_words() -> None:
    def leads(key: str, who: str) -> object:
        text = f"{who}, president of the Elm Institute, spoke. {' '.join(f'{key}{n}' for n in range(60))}"
        posts = [(who, "president", "Elm Institute", "current")]
        return story(text, said(who, "leads", "Elm Institute"), key=key, positions=posts)

    found = read(graph_of(leads("a", "Anna Berg"), leads("b", "Bo Dahl")))  # type: ignore[arg-type]
    (dispute,) = disputes(found)
    assert dispute.headline == "president, Elm Institute: Anna Berg or Bo Dahl"
    assert "**Bo Dahl** is president of Elm Institute:" in disputes_markdown(found)
    assert disputes_rows(found)[0][-1] == "who"


def test_nothing_disputed() -> None:
    found = read(graph_of(story("Anna Berg met Bo Dahl.", said("Anna Berg", "met", "Bo Dahl"))))
    assert disputes(found) == ()
    assert "Nothing is disputed." in disputes_markdown(found)
    assert json.loads(disputes_json(found)) == disputes_rows(found) == []


def test_rows_and_json_of_disputes() -> None:
    found = one_dispute()
    rows = disputes_rows(found)
    assert {len(row) for row in rows} == {len(DISPUTES)}
    assert rows[0] == (
        "Anna Berg met Bo Dahl", "Elvik, April 2023 (“in April”)", "Harbour Times", "1", "Foreign Office", "",
    )  # fmt: skip
    first = json.loads(disputes_json(found))[0]
    assert first["matters"][0]["origins"] == 1
    assert [telling["stance"] for telling in first["matters"][0]["tellings"]] == ["asserts", "denies"]


# ---------------------------------------------------------------- timeline


def test_the_timeline_is_in_order_and_leaves_out_what_did_not_happen() -> None:
    found = one_dispute()
    assert [(m.start, m.status) for m in timeline(found)] == [("2023-04-01", "disputed"), ("2023-05-01", "planned")]
    rows = timeline_rows(found)
    assert {len(row) for row in rows} == {len(TIMELINE)}
    assert rows[0][:4] == ("April 2023", "Anna Berg met Bo Dahl", "Elvik", "disputed")
    assert rows[1][:4] == ("May 2023", "Anna Berg visited Sandby", "Sandby", "planned")
    assert "Carla Diaz" not in timeline_markdown(found)
    assert [matter["start"] for matter in json.loads(timeline_json(found))] == ["2023-04-01", "2023-05-01"]


def test_reports_do_not_depend_on_the_order_of_triples() -> None:
    graph = graph_of(story("Anna Berg met Bo Dahl and Carla Diaz.", said("Anna Berg", "met", "Bo Dahl", time=APRIL)))
    turned = Graph()
    for triple in sorted(graph, reverse=True):
        turned.add(triple)
    assert timeline_json(read(graph)) == timeline_json(read(turned))
