"""How time and memory of `kg build` grow with the documents: `python benchmarks/build_growth.py`.

For 250, 1,000 and 4,000 documents, each in its own process: CPU seconds, CPU seconds a megabyte of text, peak memory,
and the memory of the finished graph by itself.  The fewer documents are taken evenly from the most, for the documents
of the sample grow longer from year to year.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path

from measured import KG, SAMPLE, cost, machine, sample

STEPS = (250, 1000, 4000)
MOST_TIME, MOST_MEMORY = 1.10, 40.0


def graph_alone(path: Path) -> None:
    """Prints the MB that a process holds with the graph of a file and nothing else."""
    from kg.export import read_graph

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read_graph(path)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, nargs="+", default=STEPS)
    parser.add_argument("--input", type=Path, default=SAMPLE)
    parser.add_argument("--graph", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.graph:
        graph_alone(options.graph)
        return
    print(machine())
    print(f"{'documents':>9} {'MB text':>8} {'CPU s':>8} {'s/doc':>7} {'s/MB':>7} {'peak MB':>8} {'graph MB':>8}")
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for count in options.steps:
            path, out = sample(count, Path(name), options.input, of=max(options.steps)), Path(name) / f"out{count}"
            built = cost([KG, "build", str(path), "-o", str(out), "--no-cache"])
            graph = cost([sys.executable, __file__, "--graph", str(out / "graph.ttl")]).peak
            start = cost([sys.executable, "-c", "import kg.export"]).peak
            size = path.stat().st_size / 1e6
            rows.append((count, size, built, graph - start))
            print(
                f"{count:9} {size:8.1f} {built.cpu:8.1f} {built.cpu / count:7.3f} {built.cpu / size:7.2f} "
                f"{built.peak:8.0f} {graph - start:8.0f}",
                flush=True,
            )
    (least, size, first, _), (most, last_size, last, _) = rows[0], rows[-1]
    print(f"time a document, {most} to {least}: {last.cpu / most / (first.cpu / least):.2f} (at most {MOST_TIME})")
    print(f"time a MB of text: {last.cpu / last_size / (first.cpu / size):.2f}")
    beyond = (last.peak - rows[-1][3]) - (first.peak - rows[0][3])
    print(
        f"memory beyond the graph: {beyond / (most - least) * 1000:.0f} MB a 1,000 documents (at most {MOST_MEMORY:g})"
    )


if __name__ == "__main__":
    main()
