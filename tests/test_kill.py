"""A build that is killed at any moment leaves the last good output, and the next one completes it."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import subprocess
import sys
from pathlib import Path

from pyoxigraph import RdfFormat
from pyoxigraph import parse as parse_rdf

import kg
from kg.cache import state

BUILD = "import sys, kg; kg.build(sys.argv[1], out=sys.argv[2], cache=sys.argv[3])"
KILLED_AT = """
import os, signal, sys
left = int(sys.argv[4])
def hook(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove") and str(arguments[0]).startswith(sys.argv[2] + "/"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""
"""Kills the process before it opens, renames or removes a file of its output for the nth time."""
KILLS = 20
DOCUMENTS = 24


def _documents(path: Path, names: tuple[str, ...], town: str) -> None:
    rng = random.Random(8)
    people = [f"{first} {last}" for first in names for last in ("Berg", "Stein", "Holm", "Lund", "Eide")]
    with path.open("w", encoding="utf-8") as file:
        for n in range(DOCUMENTS):
            a, b, c = rng.sample(people, 3)
            text = f"{a} met {b} in {town} on Monday. {c} criticised {a}. {b} visited Oslo and praised {c}.\n" * 3
            file.write(json.dumps({"id": f"story-{n}", "text": text, "date": "2024-05-02"}) + "\n")


def _files(out: Path) -> dict[str, bytes]:
    """What stands under a final name."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if not path.name.startswith(".")}


class Case:
    """Two sets of documents, and what a build of each writes that nobody disturbs."""

    def __init__(self, home: Path) -> None:
        self.old, self.new = home / "old.jsonl", home / "new.jsonl"
        _documents(self.old, ("Anna", "Paul"), "Vienna")
        _documents(self.new, ("Maria", "Peter", "Ulf"), "Graz")
        kg.build(self.old, out=home / "before", cache=home / "warm")
        kg.build(self.new, out=home / "after", cache=home / "warm")
        self.before, self.after = _files(home / "before"), _files(home / "after")
        assert all(self.before[name] != self.after[name] for name in ("graph.ttl", "graph.html"))

    def check(self, out: Path) -> None:
        """Each file is the whole old or the whole new one."""
        found = _files(out)
        assert set(found) == set(self.before)
        for name, content in found.items():
            assert content in (self.before[name], self.after[name]), f"{name} is neither the old nor the new one"
        assert list(parse_rdf(found["graph.ttl"], format=RdfFormat.TURTLE))


def _wait(build: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        build.wait(seconds)


def test_twenty_random_moments(tmp_path: Path) -> None:
    case = Case(tmp_path)
    rng = random.Random(20240502)
    kills = resumed = folder = 0
    while kills < KILLS:
        folder += 1
        out, cache = tmp_path / f"out{folder}", tmp_path / f"cache{folder}"
        kg.build(case.old, out=out, cache=tmp_path / "warm")
        entries = [0]
        while kills < KILLS:
            build = subprocess.Popen([sys.executable, "-c", BUILD, case.new, out, cache])
            if rng.random() < 0.5:  # at any time, or when some more documents are through
                _wait(build, rng.uniform(0.2, 5))
            else:
                target = entries[-1] + rng.randint(1, 8)
                while build.poll() is None and state(cache).entries < target:
                    _wait(build, 0.02)
            build.kill()  # SIGKILL; nothing where it has ended
            status = build.wait()
            case.check(out)
            if status == 0:
                break
            assert status == -signal.SIGKILL
            kills += 1
            entries.append(state(cache).entries)
            assert entries[-1] >= entries[-2], "what was extracted is not lost"
        last = kg.build(case.new, out=out, cache=cache)
        assert _files(out) == case.after
        assert (last.summary.cached >= entries[-1], last.summary.notes) == (True, ())
        resumed += entries[-1] > 0
    assert resumed, "some builds were killed in the middle of extracting"


def test_every_moment_of_writing(tmp_path: Path) -> None:
    case = Case(tmp_path)
    out = tmp_path / "out"
    kg.build(case.old, out=out, cache=tmp_path / "warm")
    for moment in range(100):
        command = [sys.executable, "-c", KILLED_AT + BUILD, case.new, out, tmp_path / "warm", str(moment)]
        status = subprocess.run(command, check=False).returncode
        case.check(out)
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert moment >= 6, "at least two files are opened and renamed"
    assert _files(out) == case.after
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == [], "nothing unfinished stays"
