"""The scoreboard on the CHECK articles against the recorded floor.  Only pooled figures are looked at."""

from __future__ import annotations

import importlib.util
import tomllib
from collections import Counter
from types import ModuleType

import pytest
from shared_folder import ROOT, shared

import kg

# The shared scorer leaves its files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
FLOOR = tomllib.loads((ROOT / "tests" / "quality_floor.toml").read_text(encoding="utf-8"))["check"]


def _score_facts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_facts", shared("measure", "score_facts.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The pooled figures of CHECK, each article built alone as measure/dev.py does."""
    score_facts, folder = _score_facts(), tmp_path_factory.mktemp("check")
    total: Counter[str] = Counter()
    per_article: list[tuple[float, float]] = []
    for gold in sorted(shared("gold", "check").glob("*.json")):
        article = next(shared("articles").glob(f"*/{gold.stem}.txt"))
        turtle = folder / f"{gold.stem}.ttl"
        kg.build(article).graph.serialize(turtle, format="turtle")
        scores = score_facts.score(str(gold), str(turtle))
        total.update(scores)
        per_article.append(
            (scores["core_hit"] / max(1, scores["core_gold"]), scores["claims_ok"] / max(1, scores["claims"]))
        )
    count = len(per_article)

    def share(part: str, whole: str) -> float:
        return total[part] / max(1, total[whole])

    return {
        "mean_core_recall": sum(core for core, _ in per_article) / count,
        "mean_precision": sum(precision for _, precision in per_article) / count,
        "entity_recall": share("ent_hit", "ent_gold"),
        "entity_precision": share("ent_hit", "ent_sys"),
        "entity_type": share("ent_type", "ent_hit"),
        "fact_recall": share("fact_hit", "fact_gold"),
        "position_recall": share("pos_hit", "pos_gold"),
        "quotation_recall": share("quote_hit", "quote_gold"),
        "stance": share("mode_ok", "fact_hit"),
    }


def test_every_figure_has_a_floor(figures: dict[str, float]) -> None:
    assert set(FLOOR) == set(figures)


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_no_figure_falls_below_its_floor(name: str, figures: dict[str, float]) -> None:
    assert figures[name] >= FLOOR[name] - 0.0005, f"{name} is {figures[name]:.3f}, the floor is {FLOOR[name]:.3f}"
