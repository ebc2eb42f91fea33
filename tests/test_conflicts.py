"""Two dates or places of one event, two heads of one body: listed, and only where they exclude each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rdflib import URIRef
from stories import APRIL, APRIL_12, MAY, TYPES, graph_of, said, story

from kg.conflicts import Held, head_conflicts
from kg.terms import kg
from kg.types import Extraction, TimeSpan

TEXT = "Anna Berg met Bo Dahl and saw Elvik and Sandby in Northland, the Harbour Times of {} wrote. {}"
YEAR = TimeSpan(text="in 2021", start=dt.date(2021, 1, 1), end=dt.date(2021, 12, 31))
AUTUMN = TimeSpan(text="in autumn", start=dt.date(2023, 9, 1), end=dt.date(2023, 11, 30))


def told(key: str, predicate: str = "met", whom: str = "Bo Dahl", *, day: int = 1, **known: Any) -> Extraction:
    text = TEXT.format(key, f"{key}{key} " * 60)
    claim = said("Anna Berg", predicate, whom, **known)
    return story(text, claim, key=key, date=dt.date(2024, 1, day), publisher=key)


def conflicts(*stories: Extraction) -> int:
    pairs = {frozenset((s, o)) for s, _, o in graph_of(*stories).triples((None, kg("conflictsWith"), None))}
    return len(pairs)


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        # dates
        ({"time": APRIL}, {"time": MAY}, 1),
        ({"time": APRIL_12}, {"time": MAY}, 1),
        ({"time": APRIL}, {"time": APRIL_12}, 0),
        ({"time": APRIL}, {}, 0),
        ({"time": APRIL}, {"time": AUTUMN}, 0),
        ({"time": APRIL}, {"time": YEAR}, 0),
        ({"time": APRIL, "modality": "planned"}, {"time": MAY}, 0),
        ({"time": APRIL, "stance": "denies"}, {"time": MAY}, 0),
        ({"time": APRIL}, {"time": MAY, "whom": "Elvik"}, 0),
        ({"time": APRIL, "predicate": "praised"}, {"time": MAY, "predicate": "praised"}, 0),
        # places
        ({"place": "Elvik"}, {"place": "Sandby"}, 1),
        ({"place": "Elvik", "time": APRIL}, {"place": "Sandby", "time": APRIL_12}, 1),
        ({"place": "Elvik"}, {"place": "Sandby", "day": 20}, 0),
        ({"place": "Elvik"}, {"place": "Elvik"}, 0),
        ({"predicate": "visited", "whom": "Elvik"}, {"predicate": "visited", "whom": "Sandby"}, 0),
    ],
)
def test_two_accounts_of_one_event(one: dict[str, Any], other: dict[str, Any], number: int) -> None:
    assert conflicts(told("a", **one), told("b", **other)) == number


def test_a_town_agrees_with_its_country() -> None:
    inside = story("Elvik lies in Northland.", said("Elvik", "locatedIn", "Northland"), key="map")
    town, country = (told(k, "visited", w, time=t) for k, w, t in (("a", "Elvik", MAY), ("b", "Northland", APRIL)))
    assert conflicts(town, country) == 0
    assert conflicts(town, country, inside) == 1


def test_the_tables_know_which_town_lies_in_which_country() -> None:
    types = {**TYPES, "Graz": "Place", "Austria": "Country"}
    text = "Anna Berg was in {} of late, as the {} told. {}"

    def seen(key: str, where: str, when: TimeSpan) -> Extraction:
        words = text.format(where, key, f"{key}{key} " * 60)
        return story(words, said("Anna Berg", "visited", where, time=when), key=key, types=types)

    assert conflicts(seen("a", "Graz", MAY), seen("b", "Austria", APRIL)) == 1
    assert conflicts(seen("a", "Graz", MAY), seen("b", "Graz", APRIL)) == 1


def test_a_document_that_tells_both_knows_them_as_two() -> None:
    both = [said("Anna Berg", "met", "Bo Dahl", time=t, evidence=(0, 9 + n)) for n, t in enumerate((APRIL, MAY))]
    assert conflicts(story(TEXT.format("a", ""), *both, key="a")) == 0


def test_a_conflict_stands_both_ways_and_resolves_nothing() -> None:
    graph = graph_of(told("a", time=APRIL), told("b", time=MAY))
    pairs = set(graph.subject_objects(kg("conflictsWith")))
    assert {(b, a) for a, b in pairs} == pairs
    days = {str(graph.value(URIRef(str(event)), kg("startDate"))) for event, _ in pairs}
    assert days == {"2023-04-01", "2023-05-01"}


# ---------------------------------------------------------------- two heads


def held(key: str, holder: str, day: int | None = 1, **known: Any) -> Held:
    told_on = frozenset({dt.date(2024, 1, day)}) if day else frozenset()
    fields: dict[str, Any] = {"title": "chair", "organization": "elm", "tense": "current", "told": told_on}
    return Held(id=key, holder=holder, **{**fields, **known})


HEADS = (("anna", "elm"), ("bo", "elm"), ("anna", "oak"))


@pytest.mark.parametrize(
    ("other", "followed", "number"),
    [
        (held("b", "bo"), (), 1),
        (held("b", "bo", title="Chair"), (), 1),
        (held("b", "bo", None), (), 1),
        (held("b", "bo", told=frozenset({dt.date(2023, 6, 1)})), (), 0),
        (held("b", "bo"), (("bo", "anna"),), 0),
        (held("b", "anna"), (), 0),
        (held("b", "bo", tense="former"), (), 0),
        (held("b", "bo", title="treasurer"), (), 0),
        (held("b", "bo", organization="oak"), (), 0),
        (held("b", "carla"), (), 0),
    ],
)
def test_two_heads_of_one_body(other: Held, followed: tuple[tuple[str, str], ...], number: int) -> None:
    one = held("a", "anna")
    assert len(head_conflicts([one, other], HEADS, followed)) == number
    assert head_conflicts([one, other], HEADS, followed) == head_conflicts([other, one], HEADS, followed)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("{}, president of the Elm Institute, spoke.", 2),
        ("Elm Institute president {} spoke.", 2),
        ("President {} of Northland spoke at the Elm Institute.", 0),
        ("In 1999 {}, president of the Elm Institute, spoke.", 0),
    ],
)
def test_a_title_alone_says_nothing_of_now(words: str, number: int) -> None:
    def spoke(key: str, who: str) -> Extraction:
        text = f"{words.format(who)} {key * 60}"
        claim = said(who, "leads", "Elm Institute")
        posts = [(who, "president", "Elm Institute", "current")]
        return story(text, claim, key=key, positions=posts, date=dt.date(2024, 1, 1))

    graph = graph_of(spoke("a", "Anna Berg"), spoke("b", "Bo Dahl"))
    assert len(list(graph.triples((None, kg("conflictsWith"), None)))) == number
