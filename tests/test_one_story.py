"""One story in five papers, from their texts to the graph: one event, one origin, both sides, two datings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef

import kg as house
from kg import ontology
from kg.matters import Matter, Matters, matters_of
from kg.reports import disputes, disputes_markdown
from kg.terms import kg

PAPERS = {
    "Coast Herald": (
        "Pavel Orlov, the foreign minister of Estonia, met Anna Keller in Vienna in April, Reuters said Thursday. "
        "The Estonian Foreign Ministry denied that Orlov had met Keller. "
        "Mayor Peter Voss travelled to Berlin in May."
    ),
    "Hill Post": (
        "According to Reuters, Anna Keller met Pavel Orlov in Vienna in April. "
        "Keller plans to visit Tallinn. Mayor Peter Voss of Graz visited Germany last month."
    ),
    "Lake Times": "Reuters said that Pavel Orlov had met Anna Keller in April. Nobody in Vienna would comment on it.",
    "Field News": "The April meeting between Anna Keller and Pavel Orlov, reported by Reuters, lasted for three hours.",
    "Valley Echo": "Anna Keller met Pavel Orlov in Vienna. A report by Reuters gave no more than that.",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("papers")
    for outlet, text in PAPERS.items():
        file = folder / f"{outlet.replace(' ', '-')}.txt"
        file.write_text(text + "\n", encoding="utf-8")
        told = {"date": "2023-07-06", "publisher": outlet, "title": f"In the {outlet}"}
        file.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
    return house.build([folder]).graph


@pytest.fixture(scope="module")
def found(built: Graph) -> Matters:
    return matters_of(built, relations=ontology.load().relations.values())


@pytest.fixture(scope="module")
def meeting(found: Matters) -> Matter:
    (matter,) = (m for m in found.matters if m.headline == "Anna Keller met Pavel Orlov")
    return matter


def test_the_meeting_is_one_event_with_place_and_month(meeting: Matter) -> None:
    assert (meeting.kind, meeting.places) == ("Meeting", ("Vienna",))
    assert (meeting.start, meeting.end) == ("2023-04-01", "2023-04-30")


def test_five_papers_have_one_origin(meeting: Matter) -> None:
    asserting = {telling.outlet for telling in meeting.tellings if telling.stance == "asserts"}
    assert asserting == set(PAPERS)
    assert meeting.origins == 1


def test_it_is_disputed_and_both_sides_are_named(meeting: Matter) -> None:
    assert meeting.status == "disputed"
    says = {
        stance: {who for t in meeting.tellings if t.stance == stance for who in t.says}
        for stance in ("asserts", "denies")
    }
    assert says == {"asserts": {"Reuters"}, "denies": {"Estonian Foreign Ministry"}}


def test_two_datings_of_a_journey_are_a_conflict(found: Matters) -> None:
    (conflict,) = (dispute for dispute in disputes(found) if dispute.reason == "dates or places")
    assert {(m.headline, m.start) for m in conflict.matters} == {
        ("Peter Voss visited Berlin", "2023-05-01"),
        ("Peter Voss visited Germany", "2023-06-01"),
    }


def test_nothing_only_planned_or_denied_stands_as_a_plain_triple(built: Graph) -> None:
    asserted = set()
    for claim in built.subjects(RDF.type, kg("Claim")):
        if (claim, kg("stance"), kg("asserts")) in built and (claim, kg("modality"), kg("actual")) in built:
            fact = tuple(built.value(claim, part) for part in (RDF.subject, RDF.predicate, RDF.object))
            asserted |= {fact, fact[::-1]}
    planned = list(built.subjects(kg("modality"), kg("planned")))
    assert planned
    for predicate in set(built.objects(None, RDF.predicate)):
        for subject, target in built.subject_objects(URIRef(str(predicate))):
            assert (subject, predicate, target) in asserted
    tallinn = built.value(None, RDFS.label, Literal("Tallinn"))
    assert not list(built.subjects(kg("visited"), tallinn))


# ---------------------------------------------------------------- the seeds


def test_the_page_on_the_seeds_tells_their_disputes() -> None:
    graph = house.build([Path(__file__).parent.parent / "seeds"]).graph
    page = disputes_markdown(matters_of(graph, relations=ontology.load().relations.values()))
    first, *_ = page.partition("## Denied, and asserted by nobody")
    for words in (
        "### Richard Haass met Sergey Lavrov",
        "**Denied** by Russian Foreign Ministry and Kremlin",
        "### Ingrid Solberg met Marcus Oyelaran",
        "**Denied** by Ingrid Solberg",
        "NBC News, in [Meridian Wire](",
    ):
        assert words in first
    assert "visited New York" not in first, "who denies a meeting does not deny the journey"
    assert "Brightwater Energy signed an agreement with Halden Marine" in page
