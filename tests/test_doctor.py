"""`kg doctor` says what is there, what is missing, and what to do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.doctor import examine

ROOT = Path(__file__).resolve().parent.parent


def _kg(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip


def test_everything_that_kg_needs_is_found_here(tmp_path: Path) -> None:
    checks = {check.name: check for check in examine(cache=tmp_path / "cache")}
    assert {"python", "spacy", "ontology", "model", "store", "cache", "browser"} <= set(checks)
    assert [check for check in checks.values() if check.state == "missing"] == []
    assert "relations" in checks["ontology"].found
    assert "3.8.0" in checks["model"].found
    assert not (tmp_path / "cache").exists(), "a check changes nothing"
    assert all(check.advice for check in checks.values() if check.state != "ok")


def test_a_missing_model_is_named_with_the_command_that_installs_it() -> None:
    model = next(check for check in kg.examine(model="en_core_web_missing") if check.name == "model")
    assert model.state == "missing"
    assert "python -m spacy download en_core_web_missing" in model.found


def test_a_cache_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = next(check for check in examine(cache=tmp_path / "file" / "cache") if check.name == "cache")
    assert cache.state == "optional"
    assert "--cache" in cache.advice


def test_a_package_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.doctor.PACKAGES", ("a-package-that-nobody-made",))
    assert "missing" in {check.state for check in examine() if check.name == "a-package-that-nobody-made"}


def test_the_command_prints_a_table_or_json_and_tells_by_its_status() -> None:
    good = _kg("doctor")
    assert (good.returncode, good.stderr) == (0, "")
    assert "everything that kg needs is there" in good.stdout
    assert "\x1b[" not in good.stdout
    bad = _kg("doctor", "--format", "json", "--model", "en_core_web_missing")
    assert bad.returncode == 1
    checks = json.loads(bad.stdout)
    assert {tuple(check) for check in checks} == {("name", "state", "found", "advice")}
    assert [check["name"] for check in checks if check["state"] == "missing"] == ["model"]


# ---------------------------------------------------------------- guidance


def test_kg_alone_guides() -> None:
    ran = _kg()
    shown = ran.stdout + ran.stderr
    assert "kg build seeds/ -o output/" in shown
    assert "kg doctor" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("bild",), "'build'"),
        (("timelin",), "'timeline'"),
        (("query", "g.ttl", "ASK {}", "--fromat", "csv"), "--format"),
    ],
)
def test_a_mistake_is_answered_with_the_nearest(arguments: tuple[str, ...], hint: str) -> None:
    ran = _kg(*arguments)
    assert ran.returncode == 2
    assert hint in ran.stderr


def test_the_shell_completes_commands() -> None:
    script = Path(sys.executable).with_name("kg")  # completion goes by the name of the program
    environment = {**os.environ, "_KG_COMPLETE": "complete_bash", "COMP_WORDS": "kg timel", "COMP_CWORD": "1"}
    ran = subprocess.run([str(script)], capture_output=True, text=True, check=False, env=environment)
    assert ran.stdout.split() == ["timeline"]


def test_no_color_is_respected_in_a_terminal() -> None:
    script = f"import pty, sys; sys.exit(pty.spawn([{sys.executable!r}, '-m', 'kg', '--help']) >> 8)"
    before = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    coloured, plain = (
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True, text=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL,
            env={**before, "TERM": "xterm-256color", **extra},
        )
        for extra in ({}, {"NO_COLOR": "1"})
    )  # fmt: skip
    colour = re.compile(r"\x1b\[(?:\d+;)*3\dm")
    assert colour.search(coloured.stdout)
    assert not colour.search(plain.stdout)
