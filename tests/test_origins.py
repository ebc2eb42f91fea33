"""Whom a happening rests on: credit lines, copies, outlets that quote each other."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from rdflib import RDF
from stories import graph_of, said, story

from kg import gazetteer
from kg.claims import ResolvedClaim
from kg.origins import NOTHING, Printing, asserting, copies_of, credit_of, origins
from kg.terms import kg
from kg.types import Document


def document(text: str, key: str = "d1", **known: Any) -> Document:
    return Document(id=key, text=text, blocks=(), **known)


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("PARIS (Reuters) - The minister left.", "Reuters"),
        ("(Reuters) - The minister left.", "Reuters"),
        ("PARIS, May 2 (AP) — The minister left.", "Associated Press"),
        ("The minister left\n\nBy AP\n\nPARIS - The minister left.", "Associated Press"),
        ("By The Associated Press\nThe minister left.", "Associated Press"),
        ("By Anna Berg, Associated Press\nThe minister left.", "Associated Press"),
        ("By Anna Berg of Reuters\nThe minister left.", "Reuters"),
        ("Source: Reuters\nThe minister left.", "Reuters"),
        # no credit
        ("PARIS - The minister left.", None),
        ("PARIS (Elvik) - The minister left.", None),
        ("By Anna Berg\nThe minister left.", None),
        ("The minister told Reuters that he would leave.", None),
        ("The minister (who spoke to Reuters) left.", None),
        ("By Reuters' account of it the minister left, and others went too.", None),
        ("x " * 400 + "\nBy Reuters\n", None),
    ],
)
def test_credit_lines(text: str, credit: str | None) -> None:
    assert credit_of(document(text), gazetteer.load()) == credit


WORDS = " ".join(f"word{n} means thing{n}" for n in range(80))


@pytest.mark.parametrize(
    ("one", "other", "copied"),
    [
        (WORDS, WORDS, True),
        (WORDS, WORDS.upper().replace(" ", "\n"), True),
        (WORDS, f"{WORDS} This paper adds two sentences of its own at the end. Here is the second.", True),
        (WORDS, WORDS.split("word60")[0], True),
        (WORDS, WORDS.replace("means", "is"), False),
        (WORDS, WORDS.split("word10")[0] + " and nothing else", False),
        (WORDS, "Quite another story about a harbour town and its new mayor.", False),
        ("Short.", "Short.", False),
    ],
)
def test_copies(one: str, other: str, copied: bool) -> None:
    early, late = dt.date(2023, 5, 1), dt.date(2023, 5, 2)
    found = copies_of([document(other, "a", date=late), document(one, "b", date=early)])
    assert found == ({"a": "b"} if copied else {})


def test_the_first_of_the_copies_is_the_oldest_dated_one_whatever_the_order() -> None:
    copies = [document(WORDS, "a"), document(WORDS, "b", date=dt.date(2023, 5, 2)), document(WORDS, "c")]
    assert copies_of(copies) == copies_of(copies[::-1]) == {"a": "b", "c": "b"}


# ---------------------------------------------------------------- origins


def claim(where: str = "d1", *by: str, quote: str | None = None, **known: Any) -> ResolvedClaim:
    fields: dict[str, Any] = {
        "id": f"claim-{where}-{'-'.join(by)}-{quote}", "document": where, "published": None, "publisher": None,
        "subject": "anna", "predicate": "met", "object": "bo", "evidence": (0, 9), "stance": "asserts",
        "modality": "actual", "time": None, "place": None, "confidence": 0.9, "rule": "hand", "level": "explicit",
        "label": None, "trigger": None, "derived_from": (),
    }  # fmt: skip
    return ResolvedClaim(**{**fields, "attributed_to": by, "quote": quote or f"said in {where}", **known})


PRINTED = dataclasses.replace(
    NOTHING,
    voice={"d1": "publisher one", "d2": "publisher two", "d3": "publisher three", "wire": "agency"},
    names={"d2": frozenset({"network"})},
    copies={"d3": "d1"},
    outlets=frozenset({"network", "agency"}),
)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([], ()),
        # those that are named
        ([claim("d1", "network"), claim("d2", "network"), claim("d3", "network")], ("network",)),
        ([claim("d1", "network"), claim("d2", "carla")], ("carla", "network")),
        ([claim("d1", "carla", "dov")], ("carla", "dov")),
        # an outlet and whom it cites
        ([claim("d1", "network", "carla")], ("network",)),
        ([claim("d1", "network", "carla"), claim("d2", "network")], ("network",)),
        ([claim("d1", "network", "carla"), claim("d3", "carla")], ("network",)),
        ([claim("d1", "network", "carla"), claim("d3", "dov")], ("dov", "network")),
        # those that speak for themselves
        ([claim("d1")], ("publisher one",)),
        ([claim("d1"), claim("d2")], ("publisher one", "publisher two")),
        ([claim("d1"), claim("unknown")], ("publisher one",)),
        ([claim("unknown")], ()),
        ([claim("d1"), claim("d1", quote="said again")], ("publisher one",)),
        # a document has its news from where it says, wherever it says so
        ([claim("d1", "carla"), claim("d1", quote="said again")], ("carla",)),
        # a document that names the outlet of the others is not one more
        ([claim("d1", "network"), claim("d2")], ("network",)),
        ([claim("d2"), claim("d1")], ("publisher one", "publisher two")),
        # copies
        ([claim("d1"), claim("d3")], ("publisher one",)),
        ([claim("d1", quote="the same"), claim("d2", quote="the  Same")], ("publisher one",)),
        # an agency counts as itself, quoted or printed
        ([claim("wire"), claim("d1", "agency")], ("agency",)),
    ],
)
def test_independent_origins(claims: list[ResolvedClaim], expected: tuple[str, ...]) -> None:
    assert origins(claims, PRINTED) == origins(claims[::-1], PRINTED) == expected


def test_what_is_asserted_as_actual_outweighs_what_is_planned() -> None:
    planned, actual, denied = claim(modality="planned"), claim("d2"), claim("d3", stance="denies")
    assert asserting([planned, actual, denied]) == [actual]
    assert asserting([planned, denied]) == [planned]
    assert asserting([denied]) == []


# ---------------------------------------------------------------- in the graph

TOLD = "Anna Berg leads the Elm Institute, it was said in the Harbour Times of Elvik on a day like any other."


def test_a_state_has_its_status_on_its_claims() -> None:
    def leads(key: str, publisher: str, end: int) -> Any:
        told = said("Anna Berg", "leads", "Elm Institute", evidence=(0, end))
        return story(f"{TOLD} {' '.join(f'{key}{n}' for n in range(60))}", told, key=key, publisher=publisher)

    alone = graph_of(leads("a", "P", 30))
    assert set(alone.objects(None, kg("status"))) == {kg("single-source")}
    assert not set(alone.objects(None, kg("origins")))
    both = graph_of(leads("a", "P", 30), leads("b", "Q", 34))
    claims = set(both.subjects(RDF.type, kg("Claim")))
    assert {both.value(c, kg("status")) for c in claims} == {kg("corroborated")}
    assert {int(str(both.value(c, kg("origins")))) for c in claims} == {2}


def test_a_document_tells_whose_text_it_prints() -> None:
    text = f"ELVIK (Reuters) - Anna Berg met Bo Dahl. {WORDS}"
    told = [story(text, said("Anna Berg", "met", "Bo Dahl"), key=key, publisher=f"P{key}") for key in ("a", "b")]
    graph = graph_of(*told)
    assert {str(credit) for credit in graph.objects(None, kg("credits"))} == {"Reuters"}
    assert len(list(graph.triples((None, kg("copyOf"), None)))) == 1
    assert set(graph.objects(None, kg("status"))) == {kg("single-source")}


def test_the_default_knows_nothing() -> None:
    assert isinstance(NOTHING, Printing)
    assert origins([claim("d1")]) == ()
