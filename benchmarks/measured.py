"""What benchmarks share: the sample, and what a process costs."""

from __future__ import annotations

import gzip
import itertools
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "corpus_whitehouse.jsonl.gz"
KG = str(Path(sys.executable).with_name("kg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds and wall-clock seconds of a process with all that it started, and the largest of them in MB."""

    cpu: float
    wall: float
    peak: float


def cost(command: Sequence[str], **environment: str) -> Cost:
    """What a command costs.  Raises RuntimeError where it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} failed")
    return Cost(cpu=used.ru_utime + used.ru_stime, wall=time.perf_counter() - begin, peak=used.ru_maxrss / 1024)


def sample(count: int, folder: Path, path: Path = SAMPLE, *, of: int = 0) -> Path:
    """A file with the first documents of the sample, or with so many taken evenly from the first `of`."""
    target = folder / f"{count}.jsonl"
    with gzip.open(path, "rt", encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        out.writelines(itertools.islice(lines, 0, of or count, max(1, of // count)))
    return target


def machine() -> str:
    """The machine in one line."""
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((int(line.split()[1]) / 1e6 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    load = os.getloadavg()[0]
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}, load {load:.1f}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
