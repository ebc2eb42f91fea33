"""Which claims tell of one event, and what is then known of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from rdflib import RDF, Literal
from stories import APRIL, APRIL_12, LATELY, MAY, TYPES, graph_of, resolved, said, story

from kg import ontology
from kg.claims import all_claims
from kg.events import Event, events_of
from kg.ids import slug
from kg.origins import NOTHING, Printing, plain_name
from kg.terms import kg
from kg.types import Extraction, TimeSpan, Value

TEXT = "Anna Berg and Bo Dahl and Carla Diaz met, saw, told Dov Stern in Elvik, Sandby, Northland of the Harbour Times."


def printed(stories: Iterable[Extraction], **known: Any) -> Printing:
    """Where these documents have their texts from: each speaks for its publisher, of whom one is an entity."""
    names = {s.document.id: plain_name(s.document.publisher) for s in stories if s.document.publisher}
    voice = {key: name if name == "harbour-times" else f"publisher {name}" for key, name in names.items()}
    return dataclasses.replace(NOTHING, voice=voice, outlets=frozenset({"harbour-times"}), **known)


def events(*stories: Extraction, **known: Any) -> tuple[Event, ...]:
    relations = ontology.load().relations
    symmetric = {name for name, relation in relations.items() if relation.symmetric}
    claims = all_claims(stories, resolved(*stories).of, symmetric)
    types = {slug(name): kind for name, kind in TYPES.items()}
    occasions = known.pop("occasions", {})
    return events_of(claims, relations, types=types, printed=printed(stories, **known), occasions=occasions)


def met(
    key: str = "d1", *, who: str = "Anna Berg", whom: str = "Bo Dahl", day: int | None = None, **known: Any
) -> Extraction:
    """A document, published on that day of May 2023, with one claim that they met."""
    date = dt.date(2023, 5, day) if day else None
    publisher = known.pop("publisher", None)
    return story(TEXT, said(who, "met", whom, **known), key=key, date=date, publisher=publisher)


FUTURE = TimeSpan(text="in June", start=dt.date(2023, 6, 1), end=dt.date(2023, 6, 30))
SINCE_MAY = TimeSpan(text="since May", start=dt.date(2023, 5, 1))
TURNED = TimeSpan(text="from June to May", start=dt.date(2023, 6, 1), end=dt.date(2023, 5, 1))
PLANNED = {"modality": "planned"}


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        # nothing speaks against it
        ({}, {}, 1),
        ({}, {"who": "Bo Dahl", "whom": "Anna Berg"}, 1),
        ({}, {"stance": "denies"}, 1),
        # participants
        ({}, {"whom": "Carla Diaz"}, 2),
        # time
        ({"time": APRIL}, {}, 1),
        ({"time": APRIL}, {"time": APRIL_12}, 1),
        ({"time": APRIL}, {"time": LATELY}, 1),
        ({"time": APRIL}, {"time": MAY}, 2),
        ({"time": APRIL}, {"time": SINCE_MAY}, 2),
        ({"time": FUTURE}, {"time": SINCE_MAY}, 1),
        ({"time": APRIL}, {"time": TURNED}, 1),
        # what is told as done was done before the document appeared
        ({"time": FUTURE}, {"day": 5}, 2),
        ({"time": FUTURE, "day": 4}, {"time": FUTURE}, 1),
        ({"day": 4}, {"day": 20}, 1),
        # place
        ({"place": "Elvik"}, {}, 1),
        ({"place": "Elvik"}, {"place": "Elvik"}, 1),
        ({"place": "Elvik"}, {"place": "Sandby"}, 2),
        ({"place": "Elvik", "time": APRIL}, {"place": "Elvik", "time": MAY}, 2),
        # a plan and a deed are one only where the dates say that the deed came later
        (PLANNED, {}, 2),
        (PLANNED, PLANNED, 1),
        ({**PLANNED, "day": 4}, {"day": 20}, 1),
        ({**PLANNED, "day": 20}, {"day": 4}, 2),
        ({**PLANNED, "day": 4}, {"day": 4}, 2),
        ({**PLANNED, "day": 4}, {}, 2),
        ({**PLANNED, "day": 4, "time": FUTURE}, {"day": 20}, 2),
        ({**PLANNED, "time": FUTURE}, {"time": FUTURE}, 1),
        ({"modality": "possible"}, {}, 2),
        ({"modality": "possible"}, PLANNED, 1),
    ],
)
def test_claims_of_one_event(one: dict[str, Any], other: dict[str, Any], number: int) -> None:
    first, second = met("d1", **one), met("d2", **other)
    assert len(events(first, second)) == number
    assert events(first, second) == events(second, first)


def test_two_relations_are_two_events() -> None:
    told = story(TEXT, said("Anna Berg", "met", "Bo Dahl"), said("Anna Berg", "talkedWith", "Bo Dahl"))
    assert sorted(event.kind for event in events(told)) == ["Conversation", "Meeting"]


def test_who_does_what_to_whom_matters() -> None:
    told = story(TEXT, said("Anna Berg", "accused", "Bo Dahl"), said("Bo Dahl", "accused", "Anna Berg"))
    assert len(events(told)) == 2


def test_a_place_inside_another_agrees_with_it() -> None:
    inside = said("Elvik", "locatedIn", "Northland")
    places = enumerate(["Elvik", "Northland"])
    both = [said("Anna Berg", "met", "Bo Dahl", place=place, evidence=(0, 9 + n)) for n, place in places]
    assert len(events(story(TEXT, *both))) == 2
    (event,) = events(story(TEXT, *both, inside))
    assert event.places == ("elvik", "northland")


def test_a_ring_of_places_does_no_harm() -> None:
    ring = [said("Elvik", "locatedIn", "Northland"), said("Northland", "partOf", "Elvik")]
    assert len(events(story(TEXT, said("Anna Berg", "met", "Bo Dahl", place="Elvik"), *ring))) == 1


def test_the_object_of_a_visit_is_its_place() -> None:
    (event,) = events(story(TEXT, said("Anna Berg", "visited", "Elvik")))
    assert (event.participants, event.places) == (("anna-berg",), ("elvik",))
    (event,) = events(story(TEXT, said("Anna Berg", "visited", "Harbour Times")))
    assert (event.participants, event.places) == (("anna-berg", "harbour-times"), ())


def test_visits_to_two_places_are_two() -> None:
    told = [said("Anna Berg", "visited", place, trigger="saw") for place in ("Elvik", "Sandby")]
    assert sorted(event.places for event in events(story(TEXT, *told))) == [("elvik",), ("sandby",)]


# ---------------------------------------------------------------- several facts, one event


def both_met(key: str, *whom: str, **known: Any) -> Extraction:
    return story(TEXT, *(said("Anna Berg", "met", name, trigger="met", **known) for name in whom), key=key)


def test_facts_that_hang_on_one_word_are_one_event() -> None:
    (event,) = events(both_met("d1", "Bo Dahl", "Carla Diaz"))
    assert event.participants == ("anna-berg", "bo-dahl", "carla-diaz")
    assert len(event.claims) == 2


def test_facts_of_two_words_are_two_events() -> None:
    told = [said("Anna Berg", "met", whom, trigger=word) for whom, word in (("Bo Dahl", "met"), ("Carla Diaz", "saw"))]
    assert len(events(story(TEXT, *told))) == 2


def test_time_parts_what_one_word_joins() -> None:
    when = {"Bo Dahl": APRIL, "Carla Diaz": MAY}
    told = [said("Anna Berg", "met", whom, time=time, trigger="met") for whom, time in when.items()]
    assert len(events(story(TEXT, *told))) == 2


def test_who_denies_one_meeting_does_not_deny_the_other() -> None:
    denial = met("d2", stance="denies")
    found = events(both_met("d1", "Bo Dahl", "Carla Diaz"), denial)
    status = {event.participants[1]: event.status for event in found}
    assert status == {"bo-dahl": "disputed", "carla-diaz": "single-source"}


def test_a_document_that_lists_many_meetings_does_not_chain_them() -> None:
    alone = [met(f"b{n}") for n in range(3)] + [met(f"c{n}", whom="Carla Diaz") for n in range(3)]
    assert len(events(both_met("list", "Bo Dahl", "Carla Diaz"), *alone)) == 2
    assert len(events(both_met("list", "Bo Dahl", "Carla Diaz"), *alone[:1])) == 1


# ---------------------------------------------------------------- what is known of an event


def test_time_and_words_are_the_narrowest() -> None:
    (event,) = events(met("d1", time=APRIL), met("d2", time=APRIL_12), met("d3", time=LATELY))
    assert (event.start, event.end, event.time_text) == (APRIL_12.start, APRIL_12.end, "on April 12")


def test_open_ends_stay_open() -> None:
    (event,) = events(met("d1", time=SINCE_MAY, day=20))
    assert (event.start, event.end, event.time_text) == (dt.date(2023, 5, 1), None, "since May")
    (event,) = events(met("d1", time=LATELY, day=20))
    assert (event.start, event.end, event.time_text) == (None, None, "lately")


def test_an_undated_claim_joins_the_event_of_its_document_then_the_one_told_most() -> None:
    april, may = [met(f"a{n}", time=APRIL) for n in range(2)], [met("m", time=MAY)]
    found = events(*april, *may, met("x"))
    assert sorted(len(event.claims) for event in found) == [1, 3]
    own = said("Anna Berg", "met", "Bo Dahl", time=MAY), said("Anna Berg", "met", "Bo Dahl", evidence=(0, 7))
    found = events(*april, story(TEXT, *own, key="x"))
    assert sorted(len(event.claims) for event in found) == [2, 2]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([{}], "single-source"),
        ([{"publisher": "P"}, {"publisher": "P"}], "single-source"),
        ([{"publisher": "P"}, {"publisher": "Q"}], "corroborated"),
        ([{"publisher": "P"}, {}], "single-source"),
        ([{"by": ("Carla Diaz",)}, {"by": ("Carla Diaz",), "publisher": "Q"}], "single-source"),
        ([{"by": ("Carla Diaz",)}, {"by": ("Dov Stern",)}], "corroborated"),
        ([{"by": ("Carla Diaz", "Dov Stern")}], "corroborated"),
        ([{"by": ("Carla Diaz",), "publisher": "P"}], "single-source"),
        ([{"by": ("Harbour Times",), "publisher": "P"}, {"publisher": "The Harbour Times"}], "single-source"),
        ([{"publisher": "P"}, {"stance": "denies"}], "disputed"),
        ([{"publisher": "P"}, {"publisher": "Q"}, {"stance": "denies"}], "disputed"),
        ([{"stance": "denies"}], "denied"),
        ([PLANNED, {**PLANNED, "stance": "denies"}], "denied"),
        ([PLANNED, PLANNED], "planned"),
        ([{"modality": "possible"}], "possible"),
        ([{"modality": "possible"}, PLANNED], "planned"),
        ([{**PLANNED, "day": 3, "publisher": "P"}, {"day": 20, "publisher": "Q"}], "planned-then-happened"),
        ([{**PLANNED, "day": 3}, {"day": 20}, {"day": 21, "stance": "denies"}], "disputed"),
    ],
)
def test_status(told: list[dict[str, Any]], status: str) -> None:
    # Evidence of different length: publishers that print the same words are one source.
    stories = [met(f"d{n}", evidence=(0, 40 + n), **known) for n, known in enumerate(told)]
    for order in itertools.permutations(stories):
        (event,) = events(*order)
        assert event.status == status


def test_publishers_that_print_the_same_words_are_one_source() -> None:
    copies = [met(f"d{n}", publisher=f"P{n}") for n in range(3)]
    assert [event.status for event in events(*copies)] == ["single-source"]
    own = met("d3", publisher="P1", evidence=(0, 40))
    assert [event.status for event in events(*copies, own)] == ["corroborated"]


def test_who_asserts_and_who_denies() -> None:
    (event,) = events(
        met("d1", by=("Carla Diaz",)),
        met("d2", by=("Dov Stern",), stance="denies"),
        met("d3", by=("Bo Dahl",)),
        met("d4"),
    )
    assert (event.asserted_by, event.denied_by) == (("bo-dahl", "carla-diaz"), ("dov-stern",))


def test_who_announces_is_not_who_reports() -> None:
    (event,) = events(met("d1", **PLANNED, day=3, by=("Dov Stern",)), met("d2", day=20, by=("Carla Diaz",)))
    assert event.asserted_by == ("carla-diaz",)
    (event,) = events(met("d1", **PLANNED, by=("Dov Stern",)))
    assert event.asserted_by == ("dov-stern",)


def test_an_outlet_is_known_by_its_names() -> None:
    quoted = met("d1", by=("Harbour Times",), publisher="P")
    own = met("d2", publisher="The Harbour  Times")
    graph = graph_of(quoted, own)
    assert list(graph.objects(None, kg("status"))) == [kg("single-source")]


def test_events_do_not_depend_on_order() -> None:
    spans = [None, APRIL, APRIL_12, MAY, LATELY, SINCE_MAY]
    stories = [met(f"d{n}", time=t, place=p) for n, (t, p) in enumerate(itertools.product(spans, [None, "Elvik"]))]
    outcomes = {events(*stories[n:], *stories[:n]) for n in range(len(stories))} | {events(*stories[::-1])}
    assert len(outcomes) == 1


def test_every_event_claim_is_in_exactly_one_event() -> None:
    told = [met(f"d{n}", time=t) for n, t in enumerate([None, APRIL, MAY, APRIL_12, FUTURE])]
    found = [claim for event in events(*told) for claim in event.claims]
    assert len(found) == len(set(found)) == 5


def test_a_relation_to_a_date_has_no_event() -> None:
    graph = graph_of(story("Anna Berg was born.", said("Anna Berg", "bornOn", Value(value="1975"))))
    assert not list(graph.objects(None, kg("event")))
    assert Literal("Anna Berg") in set(graph.objects(None, None))
    assert (None, RDF.type, kg("Claim")) in graph


# ---------------------------------------------------------------- places and days that other claims tell


def test_a_deed_is_where_its_word_says_that_somebody_was() -> None:
    there = said("Anna Berg", "visited", "Elvik", trigger="met")
    (meeting,) = (
        e for e in events(story(TEXT, said("Anna Berg", "met", "Bo Dahl", trigger="met"), there)) if e.kind == "Meeting"
    )
    assert meeting.places == ("elvik",)
    found = events(
        story(
            TEXT,
            said("Anna Berg", "met", "Bo Dahl", trigger="met"),
            said("Anna Berg", "visited", "Elvik", trigger="saw"),
        )
    )
    assert [e.places for e in found if e.kind == "Meeting"] == [()]


def test_who_denies_a_meeting_somewhere_does_not_deny_the_journey() -> None:
    denied = [
        said("Anna Berg", p, o, stance="denies", trigger="met") for p, o in (("met", "Bo Dahl"), ("visited", "Elvik"))
    ]
    assert [event.kind for event in events(story(TEXT, *denied))] == ["Meeting"]
    rejected = [
        said("Anna Berg", p, o, stance="denies", trigger=w, derived_from=(0,))
        for p, o, w in (("met", "Bo Dahl", "met"), ("visited", "Elvik", "saw"))
    ]
    known = said("Anna Berg", "accused", "Bo Dahl")
    assert sorted(event.kind for event in events(story(TEXT, known, *rejected))) == ["Accusation", "Meeting"]
    alone = said("Anna Berg", "visited", "Elvik", stance="denies", trigger="saw")
    assert sorted(event.kind for event in events(story(TEXT, denied[0], alone))) == ["Meeting", "Visit"]


JUNE_1_TO_3 = (dt.date(2023, 6, 1), dt.date(2023, 6, 3))


@pytest.mark.parametrize(
    ("claim", "days"),
    [
        ({"predicate": "met"}, JUNE_1_TO_3),
        ({"predicate": "praised"}, JUNE_1_TO_3),
        ({"predicate": "met", "time": APRIL}, (APRIL.start, APRIL.end)),
        ({"predicate": "met", "time": LATELY}, JUNE_1_TO_3),
        ({"predicate": "appointed"}, (None, None)),
        ({"predicate": "met", "modality": "planned"}, (None, None)),
        ({"predicate": "met", "stance": "denies"}, (None, None)),
    ],
)
def test_what_is_done_on_the_one_occasion_of_a_document(
    claim: dict[str, Any], days: tuple[dt.date | None, dt.date | None]
) -> None:
    known = {name: value for name, value in claim.items() if name != "predicate"}
    told = story(TEXT, said("Anna Berg", claim["predicate"], "Bo Dahl", **known))
    (event,) = events(told, occasions={"d1": JUNE_1_TO_3})
    assert (event.start, event.end) == days


def test_documents_of_two_occasions_date_nothing_together() -> None:
    july = (dt.date(2023, 7, 1), dt.date(2023, 7, 1))
    (event,) = events(met("d1"), met("d2"), occasions={"d1": JUNE_1_TO_3, "d2": july})
    assert (event.start, event.end) == (None, None)
    (event,) = events(met("d1"), met("d2"), occasions={"d1": JUNE_1_TO_3})
    assert (event.start, event.end) == (None, None)
