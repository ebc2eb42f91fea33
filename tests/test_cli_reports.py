"""The commands that report, from their options to what they print and their exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stories import APRIL, graph_of, said, story
from typer.testing import CliRunner

from kg.cli import app
from kg.export import write_graph

TEXT = "Anna Berg met Bo Dahl in Elvik. Carla Diaz denied that Anna Berg met Bo Dahl."


def met(**known: Any) -> Any:
    return said("Anna Berg", "met", "Bo Dahl", **known)


@pytest.fixture
def disputed(tmp_path: Path) -> Path:
    file = tmp_path / "disputed.ttl"
    denial = met(stance="denies", by=("Carla Diaz",), trigger="denied")
    write_graph(graph_of(story(TEXT, met(time=APRIL, trigger="met"), denial, publisher="The Wire")), file)
    return file


@pytest.fixture
def stated(tmp_path: Path) -> Path:
    file = tmp_path / "stated.ttl"
    write_graph(graph_of(story(TEXT, met(time=APRIL, trigger="met"), publisher="The Wire")), file)
    return file


def run(*args: str | Path, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize("command", ["disputes", "timeline"])
def test_a_report_has_three_forms(command: str, disputed: Path) -> None:
    assert "Anna Berg met Bo Dahl" in run(command, disputed)
    assert run(command, disputed, "--format", "markdown").startswith("# ")
    assert "Anna Berg met Bo Dahl" in run(command, disputed, "-f", "markdown")
    assert json.loads(run(command, disputed, "-f", "json"))[0]["headline"] == "Anna Berg met Bo Dahl"


def test_nothing_to_report(stated: Path) -> None:
    assert "no answer" in run("disputes", stated)
    assert json.loads(run("disputes", stated, "-f", "json")) == []


def test_diff_has_three_forms_and_an_exit_status_on_demand(stated: Path, disputed: Path) -> None:
    assert "! Anna Berg met Bo Dahl (disputed)" in run("diff", stated, disputed)
    assert "## Newly denied: 1" in run("diff", stated, disputed, "-f", "markdown")
    assert json.loads(run("diff", stated, disputed, "-f", "json"))["denied"]
    run("diff", stated, disputed, "--exit-code", status=3)
    assert run("diff", stated, stated, "--exit-code") == "Nothing changed.\n"


def test_audit_counts_its_reasons(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Anna Keller dozed while Peter Voss snored.\n", encoding="utf-8")
    out = run("audit", article)
    assert "1  no word of the lexicon" in out
    assert json.loads(run("audit", article, "--reason", "furniture", "-f", "json")) == []
    run("audit", article, "--date", "soon", status=2)


def test_evaluate_shows_figures_and_misses(stated: Path, tmp_path: Path) -> None:
    entities = [
        {"id": n, "name": name, "type": "Person", "aliases": []} for n, name in (("a", "Anna Berg"), ("x", "Ann Oh"))
    ]
    gold = tmp_path / "gold.json"
    gold.write_text(
        json.dumps({"entities": entities, "facts": [], "positions": [], "quotations": []}), encoding="utf-8"
    )
    out = run("evaluate", stated, gold, "--misses", "entities found")
    assert "0.500" in out
    assert out.endswith("Ann Oh\n")
    assert json.loads(run("evaluate", stated, gold, "-f", "json"))["all"]["entities found"]["of"] == 2
    assert "| entities found | 1 | 2 | 0.500 |" in run("evaluate", stated, gold, "-f", "markdown")
    run("evaluate", stated, gold, "--misses", "beauty", status=2)


def test_a_graph_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["disputes", str(tmp_path / "none.ttl")])
    assert result.exit_code == 1
    assert "none.ttl" in str(result.exception)
