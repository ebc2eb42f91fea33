"""Every command and code block of the documentation runs, in the order of its page; the generated pages are fresh."""

from __future__ import annotations

import doctest
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from rdflib import Graph
from spacy.language import Language

import kg
from kg import gazetteer, ontology
from kg.corrections import parse
from kg.extraction import extract_all
from kg.formats import export
from kg.ids import BASE
from kg.read import document_of
from kg.terms import PREFIXES
from kg.types import Value

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ("api.md", "options.md", "questions.md", "relations.md")
"""Pages that scripts/build_reference.py writes; what they show is tested where it is made."""
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in GENERATED),
]
RUN = frozenset({"sh", "console", "python", "sparql", "json", "toml", "turtle"})
SHOWN = frozenset({"text", "pycon", "cypher", "sql"})
"""Blocks that nothing runs; those that look like something to run need a reason."""
WANTS_A_REASON = frozenset({"cypher", "sql"})

MONDAY = """Ana Moss, the chief executive of Halden Shipping, met Bo Dahl in Oslo. Moss was born in 1952.
William Moss, her brother, did not come. "He is ill," Bill Moss's lawyer said.
"""
TUESDAY = """Ana Moss visited Bergen on Monday. Halden Shipping denied that it had paid Bo Dahl.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, the line it begins at, and why it does not run."""

    language: str
    text: str
    line: int
    reason: str | None


def _blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").split("\n")
    number = 0
    while number < len(lines):
        opening = re.fullmatch(r"( *)```(.*)", lines[number])
        if opening:
            end = next(n for n in range(number + 1, len(lines)) if lines[n].strip() == "```")
            before = re.fullmatch(r" *<!-- not run: (.*) -->", lines[number - 1])
            body = "\n".join(line.removeprefix(opening[1]) for line in lines[number + 1 : end])
            yield Block(language=opening[2], text=body, line=number + 1, reason=before[1] if before else None)
            number = end
        number += 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_has_a_known_language_and_what_does_not_run_a_reason(page: Path) -> None:
    wrong = []
    for block in _blocks(page):
        if block.language not in RUN | SHOWN:
            wrong.append(f"{block.line}: '{block.language}' is no language that is run or shown")
        elif block.language in WANTS_A_REASON and not block.reason:
            wrong.append(f"{block.line}: no reason why it does not run")
        elif block.reason is not None and len(block.reason) < 20:
            wrong.append(f"{block.line}: '{block.reason}' is no reason")
    text = re.sub(r"(?ms)^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"))
    wrong += [f"a command outside a block: {line}" for line in re.findall(r"(?m)^    (?:\$ )?kg [a-z].*", text)]
    assert wrong == []


# ---------------------------------------------------------------- running a page


@pytest.fixture(scope="module")
def stage(seeds_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it: a clone, the built graph of the seeds, and the files that examples go by."""
    folder = tmp_path_factory.mktemp("stage")
    _clone(folder)
    shutil.copytree(seeds_built, folder / "output")
    (folder / "articles").mkdir()
    (folder / "articles" / "monday.txt").write_text(MONDAY, encoding="utf-8")
    (folder / "articles" / "tuesday.txt").write_text(TUESDAY, encoding="utf-8")
    (folder / "a.txt").write_text(MONDAY, encoding="utf-8")
    (folder / "b.html").write_text(f"<html><body><article><p>{TUESDAY * 3}</p></article></body></html>", "utf-8")
    (folder / "wire.jsonl").write_text(json.dumps({"id": "one", "text": MONDAY}) + "\n", encoding="utf-8")
    (folder / "question.rq").write_text("SELECT ?a ?b { ?a kg:met ?b }", encoding="utf-8")
    (folder / "corrections.toml").write_text(
        '[[rename]]\nname = "Halden Shipping"\nto = "Halden Shipping Company"\n', encoding="utf-8"
    )
    for name in ("monday", "tuesday"):
        (folder / name).mkdir()
        shutil.copy(seeds_built / "graph.ttl", folder / name / "graph.ttl")
    (folder / "graphs").mkdir()
    (folder / "gold").mkdir()
    shutil.copy(seeds_built / "graph.ttl", folder / "graphs" / "one.ttl")
    (folder / "gold" / "one.json").write_text(_gold(), encoding="utf-8")
    export(seeds_built / "graph.ttl", folder / "dump.nq")
    return folder


def _clone(folder: Path) -> None:
    """What a fresh clone has after `make venv`, as far as the pages touch it."""
    for name in ("seeds", "docs/examples", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)


def _gold() -> str:
    """The gold that the page of reports shows."""
    return next(block.text for block in _blocks(ROOT / "docs" / "reports.md") if block.language == "json")


FRESH = frozenset({"README.md", "tutorial.md"})
"""Pages that a newcomer follows in a fresh clone, where nothing is built and no example lies about."""
BEFORE = {"corrections.md": "kg build articles/ -o output/"}
"""What the reader of a page has done before it."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run(
    page: Path, stage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "reader"
    if page.name in FRESH:
        _clone(folder)
    else:
        shutil.copytree(stage, folder, symlinks=True)
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "__main__"}
    if page.name in BEFORE:
        _shell(BEFORE[page.name], folder)
    for block in _blocks(page):
        if block.reason is not None:
            continue
        where = f"{page.name}, line {block.line}"
        try:
            _run(block, folder, names)
        except AssertionError:
            raise
        except Exception as error:
            raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error
    capsys.readouterr()


def _run(block: Block, folder: Path, names: dict[str, object]) -> None:
    if block.language == "sh":
        _shell(block.text, folder)
    elif block.language == "console":
        _session(block.text, folder)
    elif block.language == "python":
        exec(compile(block.text, f"line {block.line}", "exec"), names)  # noqa: S102  # our own pages
    elif block.language == "sparql":
        assert len(kg.KnowledgeGraph.load(folder / "output" / "graph.ttl").query(block.text)), block.text
    elif block.language == "json":
        json.loads(block.text)
    elif block.language == "toml" and "[[" in block.text:
        parse(block.text)
    elif block.language == "turtle":
        _turtle(block.text, folder)


OF_THE_LEAGUE = ("kg:beat", "kg:captains")
"""Relations of docs/examples/football that a page goes on from."""


def _turtle(text: str, folder: Path) -> None:
    """Reads a block as what it is: a part of an ontology, which must be sound, or a part of a graph."""
    prefixes = {**PREFIXES, "id": BASE, "lex": "https://kg.example/lexicon/en#"}
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items()) + text
    assert len(Graph().parse(data=declared, format="turtle"))
    if "kg:says" in text or "owl:ObjectProperty" in text:
        with (folder / "blocks.ttl").open("a", encoding="utf-8") as file:  # the blocks of a page belong together
            file.write(declared + "\n")
        goes_on = any(name in text for name in OF_THE_LEAGUE)
        football = folder / "docs" / "examples" / "football" / "football.ttl"
        ontology.load(extra=(*((football,) if goes_on else ()), folder / "blocks.ttl"))


def _shell(commands: str, folder: Path) -> str:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", commands],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{commands}\n{ran.stdout[-1000:]}\n{ran.stderr[-2000:]}"
    assert "Traceback" not in ran.stderr
    return ran.stdout


def _session(text: str, folder: Path) -> None:
    """Commands after "$ ", each with what it prints; "..." stands for anything."""
    for part in re.split(r"(?m)^\$ ", text)[1:]:
        command, _, wanted = part.partition("\n")
        found = _shell(command, folder)
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        assert doctest.OutputChecker().check_output(wanted.strip() + "\n", found.strip() + "\n", flags), found


# ---------------------------------------------------------------- generated pages, website


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_reference", ROOT / "scripts" / "build_reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_fresh(reference: ModuleType) -> None:
    pages: dict[Path, str] = reference.pages()
    assert {path.name for path in pages} == set(GENERATED)
    stale = [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: make reference"


def test_every_relation_has_a_sentence_that_says_it(pipeline: Language) -> None:
    rows = [
        line.split("\t") for line in (ROOT / "docs/examples/sentences.tsv").read_text(encoding="utf-8").splitlines()
    ]
    known = ontology.load()
    assert {row[0] for row in rows} == set(known.relations)
    documents = [document_of(row[3]) for row in rows]
    silent = []
    for row, found in zip(rows, extract_all(documents, pipeline, known, gazetteer.load()), strict=True):
        name = {entity.id: entity.name for entity in found.entities}
        said = {
            (one.predicate, name[one.subject], one.object.value if isinstance(one.object, Value) else name[one.object])
            for one in found.claims
            if (one.stance, one.modality) == ("asserts", "actual")
        }
        if (row[0], row[1], row[2]) not in said:
            silent.append((row[0], row[3], sorted(said, key=str)))
    assert silent == []


def test_the_website_builds_without_a_warning_and_loads_nothing_from_a_network(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "WARNING" not in ran.stderr, ran.stderr
    loaded = []
    for page in sorted((tmp_path / "site").rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        loaded += re.findall(r"<(?:script|img|iframe)[^>]+src=\"?(?:https?:)?//[^>\s]+", text)
        loaded += re.findall(r"<link[^>]+(?:stylesheet|preconnect|preload)[^>]+href=\"?(?:https?:)?//[^>\s]+", text)
    assert loaded == []


def test_every_page_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [page.name for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in menu] == []
