"""A real Spark cluster on 127.0.0.1: a standalone master and workers of one core each, every one its own process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

STARTS_WITHIN = 90.0


@dataclass
class Cluster:
    """A master at `url`, its workers by their names, and the environment that they and drivers run in."""

    folder: Path
    port: int
    page: int
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    def start(self, name: str, *arguments: str) -> None:
        import pyspark

        program = Path(pyspark.__path__[0]) / "bin" / "spark-class"
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(program), *arguments], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def start_worker(self, name: str) -> None:
        kind = "org.apache.spark.deploy.worker.Worker"
        self.start(
            name, kind, self.url, "--host", "127.0.0.1", "-c", "1", "-m", "1g", "--webui-port", "0",
            "-d", str(self.folder / name),
        )  # fmt: skip

    def kill(self, name: str) -> None:
        """Ends a worker with its executor and all else that it has started, at once."""
        process = self.processes.pop(name)
        started = psutil.Process(process.pid).children(recursive=True)
        for one in started:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def extracts(self, name: str) -> bool:
        """Whether a process that extracts is running under a worker."""
        for one in psutil.Process(self.processes[name].pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if "spawn_main" in " ".join(one.cmdline()):
                    return True
        return False

    def alive(self) -> int:
        """How many workers the master knows as alive."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/", timeout=5) as answer:
                return answer.read().decode().count('"ALIVE"') - 1
        except (urllib.error.URLError, OSError):
            return -1

    def wait_for(self, workers: int) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while self.alive() != workers:
            if time.monotonic() > end:
                logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in self.folder.glob("*.log"))
                raise TimeoutError(f"{workers} workers did not come up within {STARTS_WITHIN:g} s\n{logs}")
            time.sleep(0.3)


@contextlib.contextmanager
def cluster(folder: Path, workers: tuple[str, ...] = ("one", "two")) -> Iterator[Cluster]:
    """A running cluster, ended with all its processes."""
    import pyspark

    port, page = _free_port(), _free_port()
    here = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": pyspark.__path__[0], "PYSPARK_PYTHON": sys.executable}
    found = Cluster(folder=folder, port=port, page=page, environment={**os.environ, **here, "OMP_NUM_THREADS": "1"})
    try:
        found.start(
            "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port),
            "--webui-port", str(page),
        )  # fmt: skip
        for name in workers:
            found.start_worker(name)
        found.wait_for(len(workers))
        yield found
    finally:
        for name in list(found.processes):
            with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
                found.kill(name)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
