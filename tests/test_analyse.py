"""Counts, central names, communities and brokers of small networks drawn by hand; paths with their sentences."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from stories import TYPES, graph_of, said, sample, story

from kg import cli
from kg.analyse import Stats, Step, Way, paths, stats
from kg.errors import GraphError
from kg.export import write_graph

# Two triangles that only Gate links: Ada, Ben, Cal and Dan, Eve, Fay.
PEOPLE = "Ada Ash|Ben Bell|Cal Crow|Dan Dove|Eve Elm|Fay Fox|Gus Gate".split("|")
LINKS = ((0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 6), (6, 3))


@pytest.fixture(scope="module")
def triangles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    types = {**TYPES, **dict.fromkeys(PEOPLE, "Person")}
    text = " ".join(f"{PEOPLE[a]} met {PEOPLE[b]} ({n})." for n, (a, b) in enumerate(LINKS))
    claims = [said(PEOPLE[a], "met", PEOPLE[b], trigger=f"met {PEOPLE[b]} ({n})") for n, (a, b) in enumerate(LINKS)]
    denied = said("Ada Ash", "met", "Fay Fox", stance="denies")
    file = tmp_path_factory.mktemp("analyse") / "graph.ttl"
    write_graph(graph_of(story(text, *claims, denied, types=types, title="Who met")), file)  # type: ignore[arg-type]
    return file


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("analyse") / "graph.ttl"
    write_graph(graph_of(*sample()), file)
    return file


def test_a_broker_links_two_communities(triangles: Path) -> None:
    found = stats(triangles)
    assert [(one.name, one.type) for one in found.brokers[:3]] == [
        ("Gus Gate", "Person"), ("Cal Crow", "Person"), ("Dan Dove", "Person"),
    ]  # fmt: skip
    assert found.brokers[0].score == pytest.approx(9 / 15), "on 9 of the 15 shortest paths between the other six"
    assert found.brokers[1].score == pytest.approx(8 / 15)
    assert len(found.brokers) == 3, "who lies on no path is no broker"
    groups = [set(group.names) - {"Gus Gate"} for group in found.communities]
    assert sorted(map(sorted, groups)) == [PEOPLE[:3], PEOPLE[3:6]]
    assert found.components == (7,)
    assert {one.name for one in found.central[:2]} == {"Cal Crow", "Dan Dove"}
    assert sum(one.score for one in found.central) == pytest.approx(1, abs=1e-4)


def test_counts(told: Path) -> None:
    found = stats(told)
    counts = dict(found.counts)
    assert (counts["documents"], counts["quotations"], counts["positions"]) == (3, 1, 1)
    assert (counts["entities with a fact"], counts["linked pairs"], counts["connected parts"]) == (4, 3, 1)
    assert dict(found.relations) == {"met": 4, "leads": 1, "toasted": 1}
    assert dict(found.classes)["Person"] == 3
    assert found.components == (4,)


def test_the_same_each_time_and_top_cuts(triangles: Path) -> None:
    assert stats(triangles) == stats(triangles)
    small = stats(triangles, top=1)
    assert (len(small.central), len(small.brokers), len(small.communities), len(small.relations)) == (1, 1, 1, 1)


def test_a_graph_without_facts_has_numbers_too(tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    write_graph(graph_of(story("Anna Berg is well.")), file)
    found = stats(file)
    assert isinstance(found, Stats)
    assert (found.central, found.brokers, found.communities, found.components) == ((), (), (), ())
    assert dict(found.counts)["entities"] == 1


# ---------------------------------------------------------------- paths


def test_a_path_tells_its_sentences(triangles: Path) -> None:
    (way,) = paths(triangles, "Ada Ash", "gus gate")
    assert way == Way(
        names=("Ada Ash", "Cal Crow", "Gus Gate"),
        links=(
            (
                Step(
                    subject="Ada Ash", relation="met", object="Cal Crow",
                    sentences=(("Ada Ash met Cal Crow (2).", "Who met"),),
                ),
            ),
            (
                Step(
                    subject="Cal Crow", relation="met", object="Gus Gate",
                    sentences=(("Cal Crow met Gus Gate (6).", "Who met"),),
                ),
            ),
        ),
    )  # fmt: skip


def test_what_is_denied_is_no_path(triangles: Path) -> None:
    assert paths(triangles, "Ada Ash", "Fay Fox")[0].names == ("Ada Ash", "Cal Crow", "Gus Gate", "Dan Dove", "Fay Fox")


def test_all_facts_of_a_link_are_told(told: Path) -> None:
    (way,) = paths(told, "Bo Dahl", "Carla Diaz")
    assert way.names == ("Bo Dahl", "Anna Berg", "Carla Diaz")
    relations = [(step.subject, step.relation, step.object) for step in way.links[1]]
    assert relations == [("Anna Berg", "toasted", "Carla Diaz"), ("Anna Berg", "met", "Carla Diaz")]
    assert [quote.split(",")[0] for quote, _ in way.links[1][1].sentences] == [
        "Anna Berg met Bo Dahl and Carla Diaz in Elvik in April", "Carla Diaz",
    ]  # fmt: skip
    assert all(step.sentences for link in way.links for step in link)


def test_most_limits_the_paths_and_an_iri_is_a_name(tmp_path: Path) -> None:
    names = ["Ada Ash", "Ben Bell", "Cal Crow", "Dan Dove"]
    types = {**TYPES, **dict.fromkeys(names, "Person")}
    claims = [said(a, "met", b) for a in (names[0], names[3]) for b in names[1:3]]
    file = tmp_path / "graph.ttl"
    write_graph(graph_of(story(", ".join(names) + ".", *claims, types=types)), file)  # type: ignore[arg-type]
    assert [way.names[1] for way in paths(file, "id:ada-ash", "https://kg.example/id/dan-dove")] == names[1:3]
    assert len(paths(file, "Ada Ash", "Dan Dove", most=1)) == 1


def test_no_path(told: Path, tmp_path: Path) -> None:
    assert paths(told, "Anna Berg", "Northland") == (), "a planned visit is no fact"


def test_a_name_that_nobody_or_more_than_one_bears(told: Path, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"Nothing is called 'Ana Berg'. Did you mean 'Anna Berg'\?"):
        paths(told, "Ana Berg", "Bo Dahl")
    with pytest.raises(GraphError, match="are the same: Anna Berg"):
        paths(told, "Anna Berg", "id:anna-berg")
    from stories import thing

    twins = [thing("jo-1", "Person", "Jo Holm"), thing("jo-2", "Person", "Jo Holm")]
    file = tmp_path / "graph.ttl"
    write_graph(graph_of(*sample(), also=twins), file)
    with pytest.raises(GraphError, match=r"may be <https://kg.example/id/jo-1>, <https://kg.example/id/jo-2>"):
        paths(file, "Jo Holm", "Bo Dahl")
    with pytest.raises(GraphError, match=r"no\.ttl: cannot be read"):
        stats(tmp_path / "no.ttl")


# ---------------------------------------------------------------- commands


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: object) -> tuple[str, int]:
    monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
    try:
        cli.main()
    except SystemExit as end:
        return capsys.readouterr().out, int(end.code or 0)
    return capsys.readouterr().out, 0


def test_the_commands_print_it(
    triangles: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, status = run(capsys, monkeypatch, "stats", triangles, "--top", 3)
    assert status == 0
    for words in ("Counts", "Most central", "Gus Gate", "Communities", "Brokers"):
        assert words in out, words
    out, status = run(capsys, monkeypatch, "path", triangles, "Ada Ash", "Gus Gate")
    assert status == 0
    assert "Ada Ash – Cal Crow – Gus Gate" in out
    assert '"Cal Crow met Gus Gate (6)." (Who met)' in out
    assert run(capsys, monkeypatch, "path", triangles, "Ada Ash", "Nobody At All")[1] == 1
