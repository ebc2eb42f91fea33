"""The commands as people run them: real files, the real pipeline, exit statuses, what stands on which stream."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import Graph
from shared_folder import ROOT

from kg import cli

ONE = """Anna Berg met Paul Stein in Vienna on Monday.
"It was a good talk," said Berg, the president of the Danube Institute.
"""
TWO = "The Danube Institute denied that Anna Berg had met Paul Stein.\n"
MENU = "Home | News | Sport\nSubscribe to our newsletter\nFollow us on social\nkeep reading\nShow less\n"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Kg = Callable[..., Ran]


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Kg:
    """Runs a command in this process, through the same function as the console script."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        capfd.readouterr()
        try:
            cli.main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        captured = capfd.readouterr()
        return Ran(status=status, out=captured.out, err=captured.err)

    return run


def _kg(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process of its own."""
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """graph.ttl of two small documents, written by the command in a process of its own."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "in").mkdir()
    (folder / "in" / "one.txt").write_text(ONE, encoding="utf-8")
    (folder / "in" / "one.json").write_text(
        '{"title": "A talk", "date": "2024-05-02", "publisher": "Wire"}', encoding="utf-8"
    )
    (folder / "in" / "two.txt").write_text(TWO, encoding="utf-8")
    ran = _kg("build", folder / "in", "-o", folder / "out")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == "", "no progress bar where standard error is no terminal"
    assert "\x1b[" not in ran.stdout, "no colours in a pipe"
    for row in ("documents", "entities", "claims", "plain triples", "disputed events", "skipped documents", "wrote "):
        assert row in ran.stdout
    return folder / "out" / "graph.ttl"


# ---------------------------------------------------------------- build


def test_build_writes_the_graph_and_its_view(built: Path) -> None:
    graph = Graph().parse(built)
    assert len(graph) > 20
    page = (built.parent / "graph.html").read_text(encoding="utf-8")
    assert "Anna Berg" in page
    assert sorted(path.name for path in built.parent.iterdir()) == ["graph.html", "graph.ttl", "resolution.json"]


def test_a_document_over_the_size_asked_for_is_skipped(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_text("Anna Berg met Bo Dahl in Oslo on Monday.\n")
    (tmp_path / "large.txt").write_text("Anna Berg met Bo Dahl in Oslo on Monday.\n" * 60)
    ran = kg("build", tmp_path, "-o", tmp_path / "out", "--document-size", "0.002", "--no-cache")
    assert "over the limit of 0.002 MB" in ran.out
    ran = kg("extract", tmp_path, "--document-size", "0.002", "--no-cache")
    assert len(ran.out.splitlines()) == 1
    assert "large.txt" in ran.err


def test_build_names_what_it_skipped_and_builds_the_rest(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(ONE, encoding="utf-8")
    (tmp_path / "in" / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "in" / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "in" / "menu.txt").write_text(MENU, encoding="utf-8")
    (tmp_path / "in" / "lines.jsonl").write_text('{"text": "Maria Holm visited Oslo."}\n{"text": \n', encoding="utf-8")
    ran = kg("build", tmp_path / "in", "-o", tmp_path / "out")
    assert ran.status == 0
    skipped = [line for line in ran.out.splitlines() if line.startswith("skipped ") and "documents" not in line]
    assert len(skipped) == 4
    for name in ("empty.txt", "binary.txt", "menu.txt", "lines.jsonl"):
        assert sum(name in line for line in skipped) == 1, name
    assert "Maria Holm" in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")


BAD_INPUTS: dict[str, tuple[bytes | None, str]] = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\n\t\n", "empty"),
    "binary.txt": (bytes(range(256)) * 20, "text"),
    "missing.txt": (None, "no such file"),
    "menu.txt": (MENU.encode(), "furniture"),
    "broken.jsonl": (b'{"text": "Anna Berg\n', "JSON"),
    "textless.jsonl": (b'{"id": "a"}\n', "text"),
    "list.jsonl": (b"[1, 2]\n", "JSON object"),
    "broken.pdf": (b"%PDF-1.4 nothing", "PDF"),
    "picture.png": (b"\x89PNG\r\n\x1a\n", "no text"),
}


@pytest.mark.parametrize("command", ["build", "extract"])
@pytest.mark.parametrize("name", BAD_INPUTS)
def test_a_bad_input_alone_is_one_clear_line(name: str, command: str, kg: Kg, tmp_path: Path) -> None:
    content, reason = BAD_INPUTS[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = kg(command, tmp_path / name, *(("-o", tmp_path / "out") if command == "build" else ()))
    assert ran.status == 1
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert len(lines) == 1, ran.err
    assert all(line.startswith("kg: ") for line in lines)
    assert name in lines[0]
    assert reason in lines[0]
    assert "Traceback" not in ran.err
    assert not list(tmp_path.glob("out/*"))


def test_an_unwritable_output_is_one_clear_line(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(ONE, encoding="utf-8")
    (tmp_path / "taken").write_text("", encoding="utf-8")
    ran = kg("build", tmp_path / "one.txt", "-o", tmp_path / "taken")
    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert "taken" in ran.err


def test_a_missing_model_is_one_line_with_the_command_that_installs_it(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(ONE, encoding="utf-8")
    ran = kg("build", tmp_path / "one.txt", "-o", tmp_path / "out", "--model", "en_core_web_missing")
    assert ran.status == 1
    assert len(ran.err.splitlines()) == 1
    assert "python -m spacy download en_core_web_missing" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("build",),
        ("build", "x.txt"),
        ("build", "x.txt", "-o", "out", "--date", "yesterday"),
        ("build", "x.txt", "-o", "out", "--base", "not an iri"),
        ("build", "x.txt", "-o", "out", "--jobs", "0"),
        ("query", "g.ttl"),
        ("query", "g.ttl", "ASK {}", "--format", "xml"),
        ("extract", "--no-such-option"),
        ("no-such-command",),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], kg: Kg) -> None:
    ran = kg(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err
    assert "Traceback" not in ran.err


# ---------------------------------------------------------------- extract


def test_extract_prints_one_json_line_a_document(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "wire.jsonl").write_text(
        json.dumps({"id": "a", "text": ONE, "date": "2024-05-02"}) + "\n" + json.dumps({"id": "b", "text": TWO}) + "\n",
        encoding="utf-8",
    )
    ran = kg("extract", tmp_path / "wire.jsonl")
    assert (ran.status, ran.err) == (0, "")
    first, second = map(json.loads, ran.out.splitlines())
    assert (first["id"], second["id"]) == ("a", "b")
    for record, text in ((first, ONE), (second, TWO)):
        assert {"id", "mentions", "claims", "quotations", "open"} <= set(record)
        known = {mention["entity"] for mention in record["mentions"]}
        assert all(text[m["begin"] : m["end"]] == m["text"] for m in record["mentions"])
        assert all({c["subject"], c["object"], *c["attributed_to"]} <= known for c in record["claims"])
    met = next(c for c in first["claims"] if c["predicate"] == "met")
    assert (met["stance"], met["modality"], met["time"]) == ("asserts", "actual", "2024-04-29")
    assert ONE[slice(*met["evidence"])].startswith("Anna Berg met")
    quotation = first["quotations"][0]
    assert ONE[quotation["begin"] : quotation["end"]] == quotation["text"]
    denied = next(c for c in second["claims"] if c["predicate"] == "met")
    assert denied["stance"] == "denies"


def test_extract_names_what_it_skips_and_prints_the_rest(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    (tmp_path / "b.txt").write_text(ONE, encoding="utf-8")
    ran = kg("extract", tmp_path)
    assert ran.status == 0
    assert len(ran.out.splitlines()) == 1
    assert ran.err.splitlines() == [f"kg: skipped {tmp_path / 'a.txt'}: the file is empty"]


def test_extract_into_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"id": str(n), "text": TWO}) + "\n" for n in range(50))
    (tmp_path / "wire.jsonl").write_text(rows, encoding="utf-8")
    command = f"{sys.executable} -m kg extract {tmp_path / 'wire.jsonl'} | head -n 1"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert json.loads(ran.stdout)["id"] == "0"
    assert ran.stderr == ""


# ---------------------------------------------------------------- query, validate, view


WHO_MET = 'SELECT ?name { ?x rdfs:label "Anna Berg" ; kg:met ?who . ?who rdfs:label ?name }'


def test_query_answers_in_four_formats(built: Path, kg: Kg) -> None:
    table = kg("query", built, WHO_MET)
    assert table.status == 0
    assert "name" in table.out
    assert "Paul Stein" in table.out
    assert "\x1b[" not in table.out
    rows = list(csv.reader(io.StringIO(kg("query", built, WHO_MET, "--format", "csv").out)))
    assert rows == [["name"], ["Paul Stein"]]
    assert "Paul Stein" in json.dumps(json.loads(kg("query", built, WHO_MET, "-f", "json").out))
    markdown = kg("query", built, WHO_MET, "-f", "markdown").out.splitlines()
    assert markdown[0].startswith("|")
    assert "Paul Stein" in markdown[2]


def test_query_takes_a_file_and_the_questions_of_the_demo_have_answers(built: Path, kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_text(WHO_MET, encoding="utf-8")
    for question in (tmp_path / "who.rq", "who-met-whom", "disputed", "who-leads-what"):
        ran = kg("query", built, question, "--format", "csv")
        assert ran.status == 0, ran.err
        assert len(ran.out.splitlines()) > 1, question


def test_query_without_an_answer_says_so(built: Path, kg: Kg) -> None:
    assert "no answer" in kg("query", built, "SELECT ?x { ?x kg:sued ?y }").out
    assert "yes" in kg("query", built, "ASK { ?x kg:met ?y }").out
    assert "met" in kg("query", built, "CONSTRUCT { ?x kg:met ?y } WHERE { ?x kg:met ?y }", "-f", "turtle").out


@pytest.mark.parametrize(
    ("graph", "sparql", "reason"),
    [("", "SELECT ?x { ?x", ""), ("missing.ttl", "ASK {}", "missing.ttl"), ("broken.ttl", "ASK {}", "broken.ttl")],
)
def test_query_that_fails_is_one_clear_line(
    graph: str, sparql: str, reason: str, built: Path, kg: Kg, tmp_path: Path
) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b>", encoding="utf-8")
    ran = kg("query", tmp_path / graph if graph else built, sparql)
    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("kg: ")
    assert reason in ran.err


def test_validate_passes_what_build_writes_and_fails_what_is_broken(built: Path, kg: Kg, tmp_path: Path) -> None:
    good = kg("validate", built)
    assert (good.status, good.err) == (0, ""), good.out
    assert "conforms" in good.out
    graph = Graph().parse(built)
    stance = next(p for p in graph.predicates() if str(p).endswith("#stance"))
    graph.remove((None, stance, None))
    graph.serialize(tmp_path / "broken.ttl", format="turtle")
    bad = kg("validate", tmp_path / "broken.ttl")
    assert bad.status == 1
    assert "stance" in bad.out
    assert len(bad.err.splitlines()) == 1


def test_view_writes_the_page_of_a_graph(built: Path, kg: Kg, tmp_path: Path) -> None:
    ran = kg("view", built, "-o", tmp_path / "page.html", "--title", "Two <small> documents")
    assert ran.status == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Anna Berg" in page
    assert "Two <small> documents" not in page
    assert kg("view", tmp_path / "none.ttl", "-o", tmp_path / "x.html").status == 1
    assert not (tmp_path / "x.html").exists()


# ---------------------------------------------------------------- manners


def test_help_teaches_and_is_quick() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = _kg("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ran.returncode == 0
    for command in ("build", "extract", "query", "validate", "view"):
        assert command in ran.stdout
    # Twice the target of 0.3 seconds: other processes share the machine's cache.
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.6


@pytest.mark.parametrize("command", ["build", "extract", "query", "validate", "view"])
def test_every_command_shows_examples(command: str, kg: Kg) -> None:
    ran = kg(command, "--help")
    assert ran.status == 0
    assert f"kg {command} " in ran.out.partition("Example")[2]


def test_version(kg: Kg) -> None:
    from kg import __version__

    assert kg("--version").out == f"kg {__version__}\n"


def test_a_terminal_gets_a_progress_bar_on_standard_error(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(ONE, encoding="utf-8")
    primary, secondary = pty.openpty()
    command = [sys.executable, "-m", "kg", "build", str(tmp_path / "one.txt"), "-o", str(tmp_path / "out")]
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=secondary, cwd=ROOT, env=environment) as process:
        os.close(secondary)
        shown = b""
        while True:
            try:
                piece = os.read(primary, 4096)
            except OSError:  # Linux says so when the other end is closed
                break
            if not piece:
                break
            shown += piece
        out = process.stdout.read() if process.stdout else b""
    os.close(primary)
    assert process.returncode == 0
    assert b"Extracting" in shown or b"Building" in shown
    assert b"\x1b[" not in out


def test_an_interrupt_ends_quietly_and_leaves_nothing(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"id": str(n), "text": TWO * 40}) + "\n" for n in range(2000))
    (tmp_path / "wire.jsonl").write_text(rows, encoding="utf-8")
    command = [sys.executable, "-m", "kg", "build", str(tmp_path / "wire.jsonl"), "-o", str(tmp_path / "out")]
    # Whoever runs the tests in the background has them ignore interrupts, and what they start too.
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **heard) as process:  # type: ignore[call-overload]
        deadline = time.monotonic() + 30
        while not (tmp_path / "out").is_dir() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert out == b""
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_terminal_would_obey_is_not_passed_on(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "g.ttl").write_text(
        '<https://a.example/x> <http://www.w3.org/2000/01/rdf-schema#label> "Anna\\u001B[2J\\u202E Berg" .\n',
        encoding="utf-8",
    )
    shown = kg("query", tmp_path / "g.ttl", "SELECT ?l { ?x rdfs:label ?l }").out
    assert "Anna [2J  Berg" in shown
    assert "\x1b" not in shown
    assert "\x1b" not in kg("build", tmp_path / "no\x1b[2Jfile", "-o", tmp_path / "out").err
