"""`kg build` on a Spark cluster of two workers here against two processes: `python benchmarks/engine_speed.py`.

The two must give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from measured import KG, SAMPLE, cost, machine, sample

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))


def main() -> None:
    """Measures and prints."""
    from spark_cluster import cluster

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--input", type=Path, default=SAMPLE)
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = sample(options.documents, folder, options.input)
        local = cost([KG, "build", str(path), "-o", str(folder / "local"), "--no-cache", "--jobs", "2"])
        begin = time.perf_counter()
        with cluster(folder) as running:
            started = time.perf_counter() - begin
            command = [
                KG,
                "build",
                str(path),
                "-o",
                str(folder / "spark"),
                "--engine",
                "spark",
                "--master",
                running.url,
            ]
            spark = cost(command, **running.environment)
        same = (folder / "local" / "graph.ttl").read_bytes() == (folder / "spark" / "graph.ttl").read_bytes()
    print(f"{options.documents} documents: two processes {local.wall:.1f} s, Spark {spark.wall:.1f} s "
          f"(and {started:.1f} s for the cluster to start)")  # fmt: skip
    print(f"Spark / two processes: {spark.wall / local.wall:.2f}; the same graph: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
