"""Shows how the time of resolving names grows with their number, over made-up documents that resemble news.

    python benchmarks/resolve_growth.py                # 5,000, 20,000 and 80,000 mentions
    python benchmarks/resolve_growth.py --most 320000

Prints a Markdown table with the pairs of names compared and the CPU seconds at 1x, 4x and 16x, and by how many times
n log n either grows.  Names follow Zipf's law: few are everywhere, most are rare, and common surnames have ever more
bearers.  Exit status 1 when 20,000 mentions take more than 10 seconds or the work grows beyond n log n.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import math
import random
import sys
import time
from collections.abc import Iterator

from kg import gazetteer
from kg.blocking import pairs
from kg.merge import corpus_of, profiles_of
from kg.resolve import resolve
from kg.types import Document, EntityType, Extraction, LocalEntity, Position

PER_DOCUMENT = 10
LIMIT = 10.0
"""CPU seconds for 20,000 mentions."""
RUNS = 2
"""The best of so many runs counts."""
TOLERANCE = 1.5
"""For times, which waver at small sizes, and at large ones memory is slower; the pairs compared have none."""
TITLES = ("mayor", "spokesman", "director", "chief executive", "minister", "professor")
BODIES = ("Trust", "Institute", "Foundation", "Council", "Bank", "Authority", "Group", "Party", "Times", "Ministry")
TOWNS = ("Kyiv", "Kiev", "Oslo", "Paris", "New York", "Denmark", "U.S.", "United States", "Georgia", "Norway")


def documents(mentions: int) -> Iterator[Extraction]:
    """Documents with so many mentions altogether, the same for the same number."""
    chance = random.Random(11)  # noqa: S311 (repeatable on purpose)
    firsts = sorted(name.title() for name in gazetteer.load().genders)[::7][:800]
    syllables = ("mar", "low", "hol", "ken", "rost", "ber", "dal", "vik", "sen", "tor", "pel", "gra", "win", "lund")
    surnames = ["".join(parts).title() for parts in itertools.product(syllables, repeat=3)]
    chance.shuffle(surnames)
    people = max(50, mentions // 6)
    # the number of people grows with the corpus, that of surnames slower: namesakes become more
    cast = [(chance.choice(firsts), surnames[_zipf(chance, len(surnames))]) for _ in range(people)]
    bodies = [
        f"{chance.choice(surnames)} {chance.choice(surnames)} {chance.choice(BODIES)}" for _ in range(people // 2)
    ]
    for number in range(mentions // PER_DOCUMENT):
        yield _document(number, chance, cast, bodies)


def _zipf(chance: random.Random, size: int) -> int:
    """A rank below `size`, low ones far more often."""
    return min(int(size ** chance.random()) - 1, size - 1)


def _document(number: int, chance: random.Random, cast: list[tuple[str, str]], bodies: list[str]) -> Extraction:
    local: list[LocalEntity] = []
    positions: list[Position] = []
    for n in range(1, PER_DOCUMENT + 1):
        kind, name = _name(chance, cast, bodies)
        alias = {name.split()[-1]} if kind == "Person" else set()
        local.append(LocalEntity(id=f"e{n}", type=kind, name=name, aliases=tuple(sorted({name} | alias))))
        if kind == "Person" and chance.random() < 0.3:
            title = chance.choice(TITLES)
            positions.append(Position(holder=f"e{n}", title=title, organization=None, tense="current", evidence=(0, 1)))
    return Extraction(
        document=Document(id=f"d{number:06}", text="", blocks=()),
        entities=tuple(local),
        mentions=(),
        claims=(),
        positions=tuple(positions),
        quotations=(),
    )


def _name(chance: random.Random, cast: list[tuple[str, str]], bodies: list[str]) -> tuple[EntityType, str]:
    first, last = cast[_zipf(chance, len(cast))]
    kind = chance.random()
    if kind < 0.35:
        return "Person", f"{first} {last}"
    if kind < 0.5:
        return "Person", last
    if kind < 0.55:
        return "Person", f"{first[0]}. {last}"
    if kind < 0.6:
        return "Person", f"{first} {chance.choice('ABCDEFGH')}. {last}"
    if kind < 0.8:
        return "Organization", bodies[_zipf(chance, len(bodies))]
    if kind < 0.85:
        body = bodies[_zipf(chance, len(bodies))]
        return "Organization", "".join(word[0] for word in body.split())
    return "Place", chance.choice(TOWNS)


def main() -> int:
    """Measures and prints; the exit status says whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=80_000, metavar="N", help="mentions of the largest run")
    most = parser.parse_args().most
    tables = gazetteer.load()
    resolve(documents(200), tables)  # what is loaded once is no part of the growth
    print("| mentions | times | entities | pairs compared | against n log n | CPU seconds | against n log n |")
    print("|---|---|---|---|---|---|---|")
    first: tuple[int, int, float] | None = None
    good = True
    for times in (1, 4, 16):
        size = most * times // 16
        corpus = list(documents(size))
        full = [profile for profile in profiles_of(corpus_of(corpus), tables) if not profile.bare]
        compared = sum(1 for _ in pairs(full, tables))
        gc.collect()
        gc.freeze()  # the documents are no part of what is measured
        seconds = math.inf
        for _ in range(RUNS):
            start = time.process_time()
            found = resolve(corpus, tables)
            seconds = min(seconds, time.process_time() - start)
        first = first or (size, compared, seconds)
        expected = (size * math.log(size)) / (first[0] * math.log(first[0]))
        work, growth = compared / first[1] / expected, seconds / first[2] / expected
        good = good and work <= 1 and growth <= TOLERANCE and (size > 20_000 or seconds <= LIMIT)
        row = (f"{size:,}", f"{times}x", f"{len(found.entities):,}", f"{compared:,}", f"{work:.2f}")
        print(f"| {' | '.join(row)} | {seconds:.2f} | {growth:.2f} |", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
