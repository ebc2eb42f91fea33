"""Where a build spends its CPU time, stage by stage: `python benchmarks/stage_profile.py`.

With --functions also the functions of each stage that take most of it (which slows all of them).
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import pstats
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measured import SAMPLE, machine, sample

from kg import nlp, ontology, read
from kg.export import turtle
from kg.extraction import extract_all
from kg.garbage import collect_rarely
from kg.gazetteer import load as load_gazetteer
from kg.graph import triples_of
from kg.resolve import resolve
from kg.view import render_view

spent: dict[str, float] = {}


@contextlib.contextmanager
def stage(name: str, functions: int) -> Iterator[None]:
    """Notes the CPU time of what is done inside, and prints its dearest functions if asked."""
    profile = cProfile.Profile()
    begin = time.process_time()
    with profile if functions else contextlib.nullcontext():
        yield
    spent[name] = time.process_time() - begin
    if functions:
        print(f"---- {name}")
        pstats.Stats(profile).sort_stats("tottime").print_stats(functions)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--functions", type=int, default=0)
    parser.add_argument("--input", type=Path, default=SAMPLE)
    options = parser.parse_args()
    many = options.functions
    print(machine())
    collect_rarely()
    with tempfile.TemporaryDirectory() as name:
        path = sample(options.documents, Path(name), options.input)
        with stage("read", many):
            documents = [one for one in read.read([path]) if not isinstance(one, read.Skip)]
    with stage("load", many):
        pipeline, known, gazetteer = nlp.load(), ontology.load(), load_gazetteer()
        for _ in extract_all(documents[:1], pipeline, known, gazetteer):
            pass
    with stage("parse alone", many):
        for _ in nlp.parse(documents, pipeline):
            pass
    with stage("extract", many):
        extractions = list(extract_all(documents, pipeline, known, gazetteer))
    spent["interpret"] = spent.pop("extract") - spent["parse alone"]
    spent["parse"] = spent.pop("parse alone")
    with stage("resolve", many):
        resolution = resolve(extractions, gazetteer)
    with stage("graph", many):
        triples = triples_of(extractions, resolution, known)
    with stage("turtle", many):
        turtle(triples)
    with stage("view", many):
        relations = tuple(known.relations[key] for key in sorted(known.relations))
        render_view(triples, title="Sample", relations=relations)
    total = sum(spent.values())
    for key, seconds in spent.items():
        print(f"{key:10} {seconds:8.2f} CPU s {seconds / total:6.1%}")
    print(f"{'all':10} {total:8.2f} CPU s, {len(documents) / total * 3600:.0f} documents a core-hour")


if __name__ == "__main__":
    main()
