"""A small graph against small gold: every figure can be right and wrong."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from stories import APRIL, MAY, graph_of, said, story

from kg import ontology
from kg.errors import InputError
from kg.evaluate import (
    FIGURES,
    Figure,
    agree,
    evaluate,
    evaluate_files,
    json_of,
    paired,
    plain,
    pooled,
    read_gold,
    rows_of,
    span_of,
)
from kg.export import turtle

RELATIONS = tuple(ontology.load().relations.values())
TEXT = 'Anna Berg, chair of the Elm Institute, met Bo Dahl. "We have agreed on all points today," Anna Berg said.'


def gold(**known: Any) -> dict[str, Any]:
    entities = [
        {"id": "a", "name": "Anna Berg", "type": "Person", "aliases": ["Berg"]},
        {"id": "b", "name": "Bo Dahl", "type": "Person", "aliases": []},
        {"id": "e", "name": "The Elm Institute", "type": "Organization", "aliases": ["the institute"]},
    ]
    return {"entities": entities, "facts": [], "positions": [], "quotations": [], "traps": [], **known}


def fact(subject: str, relation: str, target: str, **known: Any) -> dict[str, Any]:
    return {"s": subject, "p": relation, "o": target, "modality": "actual", "salience": "core", **known}


def score(facts: list[Any], *claims: Any, **known: Any) -> dict[str, tuple[int, int]]:
    extra = {key: known.pop(key) for key in ("positions", "quotations", "traps") if key in known}
    graph = graph_of(story(TEXT, *claims, date=dt.date(2023, 6, 1), **known))
    return {f.name: (f.hit, f.of) for f in evaluate(graph, gold(facts=facts, **extra), relations=RELATIONS)}


MET = said("Anna Berg", "met", "Bo Dahl", time=APRIL, by=("Elm Institute",))


def test_every_figure_is_there_in_order() -> None:
    assert tuple(score([])) == FIGURES


def test_entities() -> None:
    found = score([])
    assert found["entities found"] == found["entities right"] == found["classes right"] == (3, 3)
    other = [{"id": "x", "name": "Carla Diaz", "type": "Person", "aliases": []}]
    figures = evaluate(graph_of(story(TEXT)), gold(entities=other), relations=RELATIONS)
    assert [(f.hit, f.of) for f in figures[:2]] == [(0, 1), (0, 3)]
    assert figures[0].missed == ("Carla Diaz",)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (fact("a", "met", "b"), 1),
        (fact("b", "met", "a"), 1),  # both ways
        (fact("a", "talkedWith", "b", also=["met"]), 1),
        (fact("e", "met", "b", s_also=["a"]), 1),
        (fact("a", "talkedWith", "b"), 0),
        (fact("a", "met", "e"), 0),
    ],
)
def test_facts(wanted: dict[str, Any], found: int) -> None:
    scores = score([wanted], MET)
    assert scores["facts found"] == scores["core facts found"] == (found, 1)
    assert scores["facts right"] == (found, 1)


def test_a_directed_relation_counts_one_way() -> None:
    assert score([fact("b", "praised", "a")], said("Anna Berg", "praised", "Bo Dahl"))["facts found"] == (0, 1)


def test_a_relation_outside_the_ontology_is_not_asked_for() -> None:
    assert score([fact("a", "other:brief", "b")], MET)["facts found"] == (0, 0)


@pytest.mark.parametrize(
    ("wanted", "figure", "right"),
    [
        ({}, "stance right", (1, 1)),
        ({"modality": "denied"}, "stance right", (0, 1)),
        ({}, "facts that stand", (1, 1)),
        ({"modality": "denied"}, "denied facts that do not stand", (0, 1)),
        ({"attributed_to": "e"}, "sources right", (1, 1)),
        ({"attributed_to": "b"}, "sources right", (0, 1)),
        ({}, "sources right", (0, 0)),
        ({"time": "2023-04"}, "dates right", (1, 1)),
        ({"time": "2023-04-12"}, "dates right", (1, 1)),
        ({"time": "2023-05"}, "dates right", (0, 1)),
        ({"time": "before the war"}, "dates right", (0, 0)),
    ],
)
def test_qualifiers(wanted: dict[str, Any], figure: str, right: tuple[int, int]) -> None:
    assert score([fact("a", "met", "b", **wanted)], MET)[figure] == right


def test_the_date_of_what_lasts() -> None:
    leads = said("Anna Berg", "leads", "Elm Institute", time=MAY)
    assert score([fact("a", "leads", "e", time="2023-05")], leads)["dates right"] == (1, 1)
    assert score([fact("a", "leads", "e", time="2022")], leads)["dates right"] == (0, 1)


def test_traps() -> None:
    trap = [{"s": "b", "p": "praised", "o": "a", "why": ""}]
    assert score([], said("Bo Dahl", "praised", "Anna Berg"), traps=trap)["traps avoided"] == (0, 1)
    denied = said("Bo Dahl", "praised", "Anna Berg", stance="denies")
    assert score([], denied, traps=trap)["traps avoided"] == (1, 1)


@pytest.mark.parametrize(
    ("title", "org", "tense", "found", "right"),
    [
        ("chair", "e", "current", 1, (1, 1)),
        ("the chair", None, "current", 1, (1, 1)),
        ("chair", "e", "former", 1, (0, 1)),
        ("treasurer", "e", "current", 0, (0, 0)),
        ("chair", "b", "current", 0, (0, 0)),
    ],
)
def test_positions(title: str, org: str | None, tense: str, found: int, right: tuple[int, int]) -> None:
    wanted = [{"person": "a", "title": title, "org": org, "tense": tense}]
    graph = graph_of(story(TEXT, positions=[("Anna Berg", "chair", "Elm Institute", "current")]))
    figures = {f.name: (f.hit, f.of) for f in evaluate(graph, gold(positions=wanted), relations=RELATIONS)}
    assert (figures["positions found"], figures["positions right"]) == ((found, 1), (found, 1))
    assert figures["tense right"] == right


def test_quotations() -> None:
    words = "We have agreed on all points today,"
    graph = graph_of(story(TEXT, quotations=[("Anna Berg", words)]))
    wanted = [{"speaker": s, "text": "We have agreed on all points"} for s in "ab"]
    figures = {f.name: f for f in evaluate(graph, gold(quotations=wanted), relations=RELATIONS)}
    assert (figures["quotations found"].hit, figures["quotations found"].of) == (1, 2)


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("time", "start", "end"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-04-12", "2023-04-12", "2023-04-12"),
        ("2021/2023", "2021-01-01", "2023-12-31"),
        ("2015-11/2016", "2015-11-01", "2016-12-31"),
        ("2023-09-05/2023-09-07", "2023-09-05", "2023-09-07"),
        ("1960s", "1960-01-01", "1969-12-31"),
    ],
)
def test_gold_times(time: str, start: str, end: str) -> None:
    assert span_of(time) == (dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize("time", ["", None, "spring", "2023-13", "2023-02-30", "2021/then", "20230412"])
def test_no_gold_time(time: str | None) -> None:
    assert span_of(time) is None


@pytest.mark.parametrize(
    ("wanted", "told", "right"),
    [
        ("2023-04", "2023-04", True),
        ("2023-04", "2023-04-12", True),
        ("2023-04-12", "2023-04", True),
        ("2023-04-12", "2023-04-13", True),
        ("2023-04-12", "2023-04-14", False),
        ("2023-04-12", "2023", False),
        ("2023-04", "2023", False),
        ("2023", "2023-04", True),
        ("2023-04", "2023-05", False),
        ("2021/2023", "2021", True),
    ],
)
def test_which_dates_agree(wanted: str, told: str, right: bool) -> None:
    one, other = span_of(wanted), span_of(told)
    assert one
    assert other
    assert agree(one, other) is right


def test_open_ends_are_measured_by_the_other_one() -> None:
    wanted = span_of("2021/2023")
    assert wanted
    assert agree(wanted, (dt.date(2021, 1, 1), dt.date.max))
    assert not agree(wanted, (dt.date(2019, 1, 1), dt.date.max))
    assert agree(wanted, (dt.date.min, dt.date(2023, 12, 31)))
    assert not agree(wanted, (dt.date.min, dt.date(2025, 12, 31)))


# ---------------------------------------------------------------- files


def test_names_are_compared_by_their_words() -> None:
    assert plain("The Elm Institute’s") == plain("elm  institute") == "elm institute"


def test_figures_are_pooled_and_shown() -> None:
    one = Figure(name="dates right", hit=1, of=2, missed=("x",))
    (all_,) = [f for f in pooled([[one], [one]]) if f.of]
    assert (all_.hit, all_.of, all_.share, all_.missed) == (2, 4, 0.5, ("x", "x"))
    assert rows_of([all_, Figure(name="tense right", hit=0, of=0)]) == [
        ("dates right", "2", "4", "0.500"),
        ("tense right", "0", "0", "-"),
    ]


def test_files_and_folders(tmp_path: Path) -> None:
    graphs, golds = tmp_path / "graphs", tmp_path / "gold"
    (graphs / "two").mkdir(parents=True)
    golds.mkdir()
    for name, where in (("one", graphs / "one.ttl"), ("two", graphs / "two" / "graph.ttl")):
        (golds / f"{name}.json").write_text(json.dumps(gold(facts=[fact("a", "met", "b")])), encoding="utf-8")
        where.write_bytes(turtle(graph_of(story(TEXT, MET))))
    scores = evaluate_files(paired(graphs, golds), relations=RELATIONS)
    assert [name for name, _ in scores] == ["one", "two"]
    shown = json.loads(json_of(scores))
    assert shown["all"]["facts found"] == {"name": "facts found", "hit": 2, "of": 2, "missed": [], "share": 1.0}
    (golds / "three.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="has no graph"):
        paired(graphs, golds)
    with pytest.raises(InputError, match="two files or two folders"):
        paired(graphs, golds / "one.json")
    with pytest.raises(InputError, match="is no gold"):
        read_gold(golds / "three.json")
    (golds / "three.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(golds / "three.json")
