"""What a command loads before it works: counted in modules, since seconds depend on the machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "anyascii", "charset_normalizer", "dateparser", "feedparser", "ftfy", "msgspec", "networkx", "numpy", "protego",
    "pyoxigraph", "pypdf", "pyvis", "rdflib", "scipy", "spacy", "sqlite3", "thinc", "trafilatura",
}  # fmt: skip
COUNT = """
import contextlib, sys
from kg import cli
sys.argv = ["kg", *sys.argv[1:]]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(None):
    cli.main()
print(" ".join(sorted(sys.modules)))
"""


def _loaded(*arguments: str) -> set[str]:
    ran = subprocess.run([sys.executable, "-c", COUNT, *arguments], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("build", "--help"), ("extract", "--help"), ("cache", "--help")]
)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert {name.partition(".")[0] for name in _loaded(*arguments)} & HEAVY == set()


def test_help_loads_few_modules() -> None:
    own = {name for name in _loaded("--help") if name.partition(".")[0] == "kg"}
    assert {"kg", "kg.cli", "kg.errors"} <= own
    assert len({name for name in own if not name.startswith("kg.cli")}) <= 6
