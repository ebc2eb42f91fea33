"""A claim -> how often claims like it are right: a logistic regression over what is known of the claim itself.

`kg/tables/confidence.tsv` holds what each sign speaks for; `scripts/calibrate_confidence.py` learns it from claims that
gold judges.  What an entry or the trained model states of itself counts as one sign among others.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.claim_making import MODEL, READER
from kg.name_words import TABLES
from kg.relation_reader import known_relations
from kg.types import Claim

TABLE = TABLES / "confidence.tsv"
SCALE = 50
"""Weights are stored as whole numbers, this many to one unit of log odds."""
LEARNED = (MODEL, READER)
"""The rules of claims that state a probability of their own."""
LOW, HIGH = 0.05, 0.98
"""No claim is surer or less sure than what gold can show."""
LEAST = 0.52
"""The confidence below which a claim is dropped: it is about as likely wrong as right."""
LONG = 240
"""Code points from which a sentence is long."""
STEPS = (15, 40, 80, 160)
"""Code points between the two sides of a claim at which it becomes farther."""

Weights = Mapping[str, int]


def calibrated(
    claim: Claim, chance: float | None = None, sides: float | None = None, weights: Weights | None = None
) -> float:
    """The probability that the claim is right, with two decimals.

    `chance` is what the reader holds of it, `sides` the reader's chance that its sides are whom it names.

    An open claim keeps its own: no gold tells of them, and its rule is one.
    """
    if claim.label is not None:
        return round(claim.confidence, 2)
    table = load_weights() if weights is None else weights
    steps = sum(table.get(sign, 0) * value for sign, value in signs(claim, chance, sides))
    return round(min(HIGH, max(LOW, 1 / (1 + math.exp(-steps / SCALE)))), 2)


def likely(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims without those that are too unlikely, and without what is derived from these.

    Claims of other relations than the reader knows stay: their confidence is what their rules state.
    """
    places: dict[int, int] = {}
    found: list[Claim] = []
    for number, claim in enumerate(claims):
        known = claim.label is None and claim.predicate in known_relations()
        if known and claim.confidence < LEAST or not places.keys() >= {*claim.derived_from}:
            continue
        places[number] = len(found)
        found.append(replace(claim, derived_from=tuple(places[n] for n in claim.derived_from)))
    return tuple(found)


def signs(claim: Claim, chance: float | None = None, sides: float | None = None) -> Iterator[tuple[str, float]]:
    """What is known of a claim, each sign with its value: mostly 1, and log odds for what a rule states of itself."""
    rule, _, frame = claim.rule.partition(":")
    yield "bias", 1.0
    yield f"relation={claim.predicate}", 1.0
    yield f"rule={rule if claim.derived_from or not frame else frame}", 1.0
    yield f"level={claim.level}", 1.0
    yield f"mode={'denied' if claim.stance == 'denies' else claim.modality}", 1.0
    yield f"stated:{rule}" if rule in LEARNED else "stated", log_odds(claim.confidence)
    if chance is not None:
        yield "read", log_odds(chance)
        yield "was-read", 1.0
    if sides is not None:
        yield "sides", log_odds(sides)
        yield "sides-read", 1.0
    if claim.derived_from:
        yield "derived", 1.0
    if claim.attributed_to:
        yield "attributed", 1.0
    if claim.evidence[1] - claim.evidence[0] > LONG:
        yield "long", 1.0
    apart = max(claim.subject_span[0], claim.object_span[0]) - min(claim.subject_span[1], claim.object_span[1])
    for step in STEPS:
        if apart > step:
            yield f"apart>{step}", 1.0


def log_odds(probability: float) -> float:
    """The log odds of a probability, which is kept away from 0 and 1."""
    held = min(0.99, max(0.01, probability))
    return math.log(held / (1 - held))


@functools.cache
def load_weights() -> Weights:
    """The table that comes with the package, read once a process."""
    table: dict[str, int] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sign, weight = line.split("\t")
            table[sign] = int(weight)
    return table
