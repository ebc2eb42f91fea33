"""What one graph says and another does not."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from stories import graph_of, said, story

from kg import ontology
from kg.compare import Difference, compare, json_of, lines_of, markdown_of
from kg.types import Extraction

TEXT = "Anna Berg met Bo Dahl in Elvik, and Carla Diaz leads the Elm Institute, {} wrote on day {}. {}"


def told(key: str, *claims: Any, day: int = 1) -> Extraction:
    words = " ".join(f"{key}{n}" for n in range(60))
    return story(TEXT.format(key, day, words), *claims, key=key, publisher=key, date=dt.date(2023, 5, day))


def met(**known: Any) -> Any:
    return said("Anna Berg", "met", "Bo Dahl", **known)


def changed(old: tuple[Extraction, ...], new: tuple[Extraction, ...], **known: str) -> Difference:
    return compare(graph_of(*old, **known), graph_of(*new), relations=ontology.load().relations.values())


def words(told_: Any) -> list[str]:
    return [f"{one.subject} {one.relation} {one.object}" for one in told_]


def test_nothing_changed() -> None:
    found = changed((told("a", met()),), (told("a", met()),))
    assert not found
    assert lines_of(found) == []
    assert "Nothing changed." in markdown_of(found)


def test_entities_and_facts_added_and_gone() -> None:
    leads = said("Carla Diaz", "leads", "Elm Institute")
    old = (story("Anna Berg met Bo Dahl.", met(), key="a"),)
    new = (story("Carla Diaz leads the Elm Institute.", leads, key="b"),)
    found = changed(old, new)
    assert [entity.label for entity in found.entities_added] == ["Carla Diaz", "Elm Institute"]
    assert [entity.label for entity in found.entities_gone] == ["Anna Berg", "Bo Dahl"]
    assert words(found.facts_added) == ["Carla Diaz leads Elm Institute"]
    assert words(found.facts_gone) == ["Anna Berg met Bo Dahl"]
    assert not found.denied
    assert not found.confirmed


def test_newly_denied() -> None:
    denial = told("b", met(stance="denies", by=("Carla Diaz",)), day=2)
    found = changed((told("a", met()),), (told("a", met()), denial))
    assert words(found.denied) == ["Anna Berg met Bo Dahl"]
    assert (found.denied[0].before, found.denied[0].after) == ("single-source", "disputed")
    assert len(found.denied[0].sentences) == 1
    assert not found.facts_gone
    assert not changed((told("a", met()), denial), (told("a", met()), denial))


def test_newly_confirmed_by_another_origin() -> None:
    found = changed((told("a", met()),), (told("a", met()), told("b", met())))
    assert words(found.confirmed) == ["Anna Berg met Bo Dahl"]
    assert (found.confirmed[0].origins_before, found.confirmed[0].origins_after) == (1, 2)


def test_another_document_of_the_same_origin_confirms_nothing() -> None:
    source = met(by=("Carla Diaz",))
    found = changed((told("a", source),), (told("a", source), told("b", source)))
    assert found.confirmed == ()


def test_what_was_planned_and_happened_is_confirmed() -> None:
    plan, deed = told("a", met(modality="planned")), told("b", met(), day=20)
    found = changed((plan,), (plan, deed))
    assert words(found.facts_added) == words(found.confirmed) == ["Anna Berg met Bo Dahl"]
    assert (found.confirmed[0].before, found.confirmed[0].after) == ("planned", "planned-then-happened")


def test_what_is_planned_is_no_fact() -> None:
    assert changed((told("a"),), (told("a", met(modality="planned")),)).facts_added == ()


def test_another_base_is_no_change() -> None:
    assert not changed((told("a", met()),), (told("a", met()),), base="https://example.org/else/")


def test_lines_markdown_and_json() -> None:
    denial = told("b", met(stance="denies"), day=2)
    found = changed((told("a", met()),), (told("a", met()), denial))
    assert lines_of(found)[:2] == ["Newly denied: 1", "! Anna Berg met Bo Dahl (disputed)"]
    assert "## Newly denied: 1" in markdown_of(found)
    assert json.loads(json_of(found))["denied"][0]["after"] == "disputed"
