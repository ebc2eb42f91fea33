"""Times the ready queries over a large made-up graph: ours (memory and disk) against rdflib's memory store.

    python benchmarks/query_speed.py --claims 45000 --seconds 30

Prints a Markdown table with the medians and the ratio; rdflib is stopped after `--seconds` a query, and its time is
then a lower bound.  Every answer that rdflib finishes is compared with ours.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rdflib import Graph

from kg.export import read_graph
from kg.limits import MEGABYTE, Limits, TimeLimitError, limited
from kg.query import answer, named_queries, query_text
from kg.store import GraphStore, in_memory, on_disk
from kg.terms import PREFIXES

ARGUMENTS = {"name": "Person 7", "one": "Person 3", "other": "Person 11"}
RELATIONS = ("met", "talkedWith", "visited", "accused", "leads", "worksFor", "supports", "criticised")
SYMMETRIC = ("met", "talkedWith")


def turtle(claims: int) -> Iterator[str]:
    """A graph that follows the vocabulary, as Turtle: about 26 triples a claim, the same for the same number."""
    chance = random.Random(7)  # noqa: S311 (repeatable on purpose)
    people, places = max(20, claims // 15), max(10, claims // 150)
    documents = max(4, claims // 12)
    for prefix, iri in {**PREFIXES, "id": "https://kg.example/id/"}.items():
        yield f"@prefix {prefix}: <{iri}> .\n"
    for number in range(people):
        kind = "Organization" if number % 4 == 0 else "Person"
        yield f'id:p{number} a kg:{kind} ; rdfs:label "Person {number}" ; skos:altLabel "P. {number}" .\n'
    for number in range(places):
        yield f'id:l{number} a kg:Place ; rdfs:label "Place {number}" .\n'
    for number in range(documents):
        day = dt.date(2023, 1, 1) + dt.timedelta(days=number % 700)
        yield (
            f'id:d{number} a kg:Document ; dcterms:identifier "d{number}" ; dcterms:title "Title {number}" ; '
            f'dcterms:issued "{day}"^^xsd:date ; dcterms:publisher "Outlet {number % 40}" .\n'
        )
    told: list[tuple[int, str, int]] = []
    for number in range(claims):
        if told and chance.random() < 0.2:
            subject, relation, target = chance.choice(told)
        else:
            subject, target = (int(people * chance.random() ** 3) for _ in range(2))
            relation = chance.choice(RELATIONS)
            told.append((subject, relation, target))
        stance = "denies" if chance.random() < 0.1 else "asserts"
        modality = chance.choices(("actual", "planned", "possible"), (8, 1, 1))[0]
        status = {"asserts": "single-source", "denies": "denied"}[stance] if modality == "actual" else modality
        status = "corroborated" if chance.random() < 0.1 else status
        day = dt.date(2023, 1, 1) + dt.timedelta(days=chance.randrange(700))
        by = f"kg:attributedTo id:p{int(people * chance.random() ** 2)} ; " if chance.random() < 0.5 else ""
        kind = {"met": "Meeting", "talkedWith": "Conversation", "visited": "Visit"}.get(relation, "Event")
        yield (
            f"id:c{number} a kg:Claim ; rdf:subject id:p{subject} ; rdf:predicate kg:{relation} ; "
            f"rdf:object id:p{target} ; kg:event id:e{number} ; kg:stance kg:{stance} ; kg:modality kg:{modality} ; "
            f'{by}kg:confidence 0.9 ; kg:evidence id:v{number} ; kg:rule "made" .\n'
            f"id:v{number} a kg:Evidence ; dcterms:source id:d{number % documents} ; kg:begin {number} ; "
            f'kg:end {number + 40} ; kg:quote "Person {subject} {relation} Person {target} ({number})." .\n'
            f"id:e{number} a kg:{kind} ; kg:participant id:p{subject} , id:p{target} ; kg:status kg:{status} ; "
            f'kg:startDate "{day}"^^xsd:date ; kg:endDate "{day}"^^xsd:date ; '
            f"kg:place id:l{chance.randrange(places)} .\n"
        )
        if stance == "asserts" and modality == "actual":
            yield f"id:p{subject} kg:{relation} id:p{target} .\n"
            if relation in SYMMETRIC:
                yield f"id:p{target} kg:{relation} id:p{subject} .\n"
        if number % 6 == 0:
            yield (
                f'id:t{number} a kg:Tenure ; kg:holder id:p{subject} ; kg:title "president" ; '
                f"kg:organization id:p{target - target % 4} ; kg:tense kg:current ; kg:evidence id:v{number} .\n"
                f'id:q{number} a kg:Quotation ; kg:speaker id:p{subject} ; kg:text "Words {number}" ; '
                f"kg:evidence id:v{number} .\n"
            )


def seconds(work: Callable[[], object], *, runs: int) -> float:
    """The median of CPU seconds of some runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def call(name: str) -> str:
    """The text of a ready query with arguments that the graph has."""
    parameters = named_queries()[name].parameters
    return query_text(" ".join((name, *(f'"{ARGUMENTS[parameter]}"' for parameter in parameters))))


def by_rdflib(graph: Graph, text: str, limit: float) -> tuple[float, list[tuple[str, ...]] | None]:
    """Seconds and sorted rows; no rows when it was stopped."""

    def work() -> tuple[float, list[tuple[str, ...]]]:
        start = time.process_time()
        found = [tuple("" if t is None else str(t) for t in row) for row in graph.query(text, initNs=PREFIXES)]  # type: ignore[union-attr, arg-type]
        return time.process_time() - start, sorted(found)

    before = children_seconds()
    try:
        return limited(work, Limits(seconds=limit, memory=16384 * MEGABYTE, size=1024 * MEGABYTE))
    except TimeLimitError:
        return children_seconds() - before, None


def children_seconds() -> float:
    """CPU seconds of the processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows(store: GraphStore, text: str) -> list[tuple[str, ...]]:
    """Our sorted rows."""
    found = answer(store.open(), text, prefixes=store.prefixes).rows
    return sorted(tuple("" if term is None else term.value for term in row) for row in found)


def cold(graph: Path, folder: Path) -> float:
    """CPU seconds of a process that opens the store on disk and answers a query, start of Python included."""
    before = children_seconds()
    command = [sys.executable, "-m", "kg", "query", str(graph), "positions-of Person 7", "--store", str(folder)]
    subprocess.run([*command, "--format", "csv"], check=True, capture_output=True)  # noqa: S603
    return children_seconds() - before


def main() -> None:
    """Makes the graph, times, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=45_000)
    parser.add_argument("--seconds", type=float, default=30.0, help="rdflib is stopped after so many, a query")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.ttl"
        file.write_text("".join(turtle(options.claims)), encoding="utf-8")
        start = time.process_time()
        disk = on_disk(file, Path(folder) / "store")
        built = time.process_time() - start
        opened = statistics.median(cold(file, Path(folder) / "store") for _ in range(3))
        start = time.process_time()
        memory = in_memory(file)
        loaded = time.process_time() - start
        start = time.process_time()
        graph = read_graph(file)
        print(f"{len(graph):,} triples, {file.stat().st_size / 1e6:.0f} MB of Turtle. CPU seconds: our memory loads in")
        print(f"{loaded:.1f}, rdflib's in {time.process_time() - start:.1f}; the store on disk is made in {built:.1f};")
        print(f"`kg query --store` from a cold start to the answer takes {opened:.2f}.\n")
        print("| query | rows | ours, memory | ours, disk | rdflib, memory | ratio |")
        print("|---|--:|--:|--:|--:|--:|", flush=True)
        ratios, ours, theirs = [], [], []
        on = disk.open()
        for name in named_queries():
            text = call(name)
            mine = rows(memory, text)
            fast = seconds(lambda: answer(memory.open(), text, prefixes=memory.prefixes), runs=options.runs)  # noqa: B023
            slow = seconds(lambda: answer(on, text, prefixes=disk.prefixes), runs=options.runs)  # noqa: B023
            took, found = by_rdflib(graph, text, options.seconds)
            if found is not None and found != mine:
                raise SystemExit(f"{name}: rdflib has other rows")
            ratios.append(took / fast)
            ours.append(fast)
            theirs.append(took)
            more = "> " if found is None else ""
            cells = (f"{len(mine):,}", f"{fast:.4f}", f"{slow:.4f}", f"{more}{took:.2f}", f"{more}{took / fast:,.0f}")
            print(f"| `{name}` | {' | '.join(cells)} |", flush=True)
        middle = statistics.median(ours), statistics.median(theirs), statistics.median(ratios)
        print(f"| median | | {middle[0]:.4f} | | {middle[1]:.2f} | {middle[2]:,.0f} |")
        print(f"\nRatio of the medians: {middle[1] / middle[0]:,.0f}")


if __name__ == "__main__":
    main()
