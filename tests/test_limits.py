"""Work in a child process: what comes back, what is stopped, and that nothing of it stays."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
import pytest

from kg.errors import GraphError, QueryError
from kg.limits import MEGABYTE, LimitError, Limits, TimeLimitError, limited, limited_async, seal

T = TypeVar("T")
Run = Callable[[Callable[[], T], Limits], T]


def _async(work: Callable[[], T], limits: Limits) -> T:
    return asyncio.run(limited_async(work, limits))


both = pytest.mark.parametrize("run", [limited, _async], ids=["sync", "async"])


def _processes() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.fixture(autouse=True)
def others() -> set[str]:
    """The processes that other tests have left, such as a notebook's kernel."""
    BEFORE.clear()
    BEFORE.update(_processes())
    return BEFORE


BEFORE: set[str] = set()


def _children() -> int:
    return len(_processes() - BEFORE)


@both
def test_what_the_work_returns_comes_back_whole(run: Run[bytes]) -> None:
    assert run(lambda: b"x" * 3_000_000, Limits()) == b"x" * 3_000_000


@both
def test_it_is_done_elsewhere_and_nothing_stays(run: Run[int]) -> None:
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    assert run(os.getpid, Limits()) != os.getpid()
    assert _children() == 0
    assert len(list(Path("/proc/self/fd").iterdir())) == open_files


@both
def test_errors_come_back(run: Run[object]) -> None:
    def known() -> None:
        raise GraphError("no graph")

    def unknown() -> None:
        raise KeyError("something")

    with pytest.raises(GraphError, match="no graph"):
        run(known, Limits())
    with pytest.raises(RuntimeError, match="KeyError: 'something'"):
        run(unknown, Limits())
    assert _children() == 0


@both
def test_too_long(run: Run[object]) -> None:
    start = time.monotonic()
    with pytest.raises(TimeLimitError, match=r"took longer than 0.2 seconds"):
        run(lambda: time.sleep(60), Limits(seconds=0.2))
    assert time.monotonic() - start < 10
    assert _children() == 0


@both
def test_too_much(run: Run[object]) -> None:
    with pytest.raises(LimitError, match="larger than 1 MB"):
        run(lambda: b"x" * 2_000_000, Limits(size=MEGABYTE))
    with pytest.raises(LimitError, match="more than 64 MB of memory"):
        run(lambda: b"x" * (200 * MEGABYTE), Limits(memory=64 * MEGABYTE))
    assert _children() == 0


def test_an_engine_that_overflows_is_one_clear_error() -> None:
    store = ox.Store()
    deep = "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"
    with pytest.raises(QueryError, match="nested too deeply"):
        limited(lambda: bool(store.query(deep)), Limits())


def test_sealed_work_opens_neither_files_nor_connections(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("secret")

    def read() -> str:
        seal()
        try:
            return file.read_text()
        except OSError as error:
            return type(error).__name__

    def call() -> str:
        seal()
        try:
            socket.socket().close()
        except OSError as error:
            return type(error).__name__
        return "connected"

    assert limited(read, Limits()) == "OSError"
    assert limited(call, Limits()) == "OSError"
    assert file.read_text() == "secret"


def test_a_cancelled_task_stops_its_child() -> None:
    async def cancel() -> None:
        task = asyncio.create_task(limited_async(lambda: time.sleep(60), Limits()))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    start = time.monotonic()
    asyncio.run(cancel())
    assert time.monotonic() - start < 10
    assert _children() == 0
