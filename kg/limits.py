"""Work in a process of its own that can be stopped: limits on time, memory and the size of the answer.

A SPARQL engine offers no way to stop a query that never ends, and a query nested deeply enough overflows its stack.
So the process that holds the graph forks: the child shares the graph's memory, answers through a pipe and goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import gc
import math
import os
import pickle
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from kg.errors import KgError, QueryError

T = TypeVar("T")
MEGABYTE = 1 << 20
_CHUNK = 1 << 16


class LimitError(QueryError):
    """A query took more time, memory or room than it may."""


class TimeLimitError(LimitError):
    """A query took longer than it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one piece of work may take: `seconds` of the clock, bytes of `memory` beyond those of the process that
    starts it, bytes in the `size` of its answer."""

    seconds: float = 30.0
    memory: int = 1024 * MEGABYTE
    size: int = 64 * MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    """A process at work and the pipe through which it answers."""

    pid: int
    pipe: int


def limited(work: Callable[[], T], limits: Limits) -> T:
    """What `work` returns, which is done in a child process.

    Raises what `work` raises if that is a KgError (RuntimeError for anything else), LimitError for more than the
    limits allow, and QueryError when the child dies, which a query that is nested too deeply brings about.
    """
    child = _start(work, limits)
    try:
        answer = _read(child, limits)
    except BaseException:
        _stop(child)
        raise
    return _result(child, answer, limits)


def _read(child: _Child, limits: Limits) -> bytearray:
    """What a child writes until it closes the pipe.  Raises LimitError as soon as it takes too long or is too much."""
    deadline = time.monotonic() + limits.seconds
    answer = bytearray()
    poll = select.poll()
    poll.register(child.pipe, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise _too_slow(limits)
        chunk = os.read(child.pipe, _CHUNK)
        if not chunk:
            return answer
        answer += chunk
        _check_size(answer, limits)


async def limited_async(work: Callable[[], T], limits: Limits) -> T:
    """The same without blocking the event loop; a cancelled task stops its child."""
    loop = asyncio.get_running_loop()
    child = _start(work, limits)
    answer = bytearray()
    ended: asyncio.Future[None] = loop.create_future()

    def read() -> None:
        chunk = os.read(child.pipe, _CHUNK)
        answer.extend(chunk)
        if not ended.done() and (not chunk or len(answer) > limits.size):
            ended.set_result(None)

    loop.add_reader(child.pipe, read)
    try:
        async with asyncio.timeout(limits.seconds):
            await ended
        _check_size(answer, limits)
    except TimeoutError:
        loop.remove_reader(child.pipe)
        _stop(child)
        raise _too_slow(limits) from None
    except BaseException:
        loop.remove_reader(child.pipe)
        _stop(child)
        raise
    loop.remove_reader(child.pipe)
    return _result(child, answer, limits)


def seal() -> None:
    """Lets this process open nothing more, neither files nor connections: called in a child before foreign work."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


# ---------------------------------------------------------------- the child


def _start(work: Callable[[], object], limits: Limits) -> _Child:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _work(work, writing, limits)
    os.close(writing)
    return _Child(pid=pid, pipe=reading)


def _work(work: Callable[[], object], pipe: int, limits: Limits) -> NoReturn:
    """Does the work in the child and ends it; whatever happens, the code of the parent does not go on here."""
    status = 1
    try:
        _separate(pipe)
        _restrain(limits)
        try:
            outcome: object = work()
        except KgError as error:
            outcome = error
        except MemoryError:
            os._exit(_MEMORY)
        except Exception:  # noqa: BLE001 (the parent raises it)
            outcome = RuntimeError(traceback.format_exc())
        answer = memoryview(pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL))
        while answer:
            answer = answer[os.write(pipe, answer) :]
        status = 0
    finally:
        os._exit(status)


_MEMORY = 9
"""The exit status of a child that Python itself told of too little memory."""


def _separate(pipe: int) -> None:
    """Gives up what a child inherits and must not use: signal handlers, sockets, files, standard error."""
    with contextlib.suppress(ValueError):  # only the main thread may
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group: the parent decides
    gc.disable()
    faulthandler.disable()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):  # an engine that runs out of memory writes its last words there
        os.dup2(nowhere, number)
    os.closerange(3, pipe)
    os.closerange(pipe + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _restrain(limits: Limits) -> None:
    """Limits on the child that hold even when nobody watches it any more."""
    cpu = math.ceil(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # no /proc, no measure to start from
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        size = pages * resource.getpagesize() + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


# ---------------------------------------------------------------- the parent


def _result(child: _Child, answer: bytearray, limits: Limits) -> T:  # type: ignore[type-var]
    """What a child that has closed its pipe tells."""
    os.close(child.pipe)
    code = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
    if code == 0:
        outcome: T | KgError | RuntimeError = pickle.loads(answer)  # noqa: S301 (our own child wrote it)
        if isinstance(outcome, KgError | RuntimeError):
            raise outcome
        return outcome
    if code == -signal.SIGXCPU:
        raise _too_slow(limits)
    if code in (_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        raise LimitError(f"The query needs more than {limits.memory // MEGABYTE:,} MB of memory.")
    if code in (-signal.SIGSEGV, -signal.SIGBUS):
        raise QueryError("The query is nested too deeply for the engine.")
    raise QueryError(f"The engine broke off (status {code}).")


def _check_size(answer: bytearray, limits: Limits) -> None:
    if len(answer) > limits.size:
        raise LimitError(f"The answer is larger than {limits.size / MEGABYTE:,.4g} MB; add a LIMIT to the query.")


def _too_slow(limits: Limits) -> TimeLimitError:
    return TimeLimitError(f"The query took longer than {limits.seconds:g} seconds and was stopped.")


def _stop(child: _Child) -> None:
    os.close(child.pipe)
    os.kill(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
