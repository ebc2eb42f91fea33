"""Which pairs stand in a lasting relation: a logistic regression for each relation over the signs of a pair.

`kg/tables/pair_weights.tsv` holds what each sign speaks for; `scripts/train_relations.py` learns it.  The rules come
first: the model knows what they say, and adds what they leave out where it is sure enough.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.name_words import TABLES
from kg.ontology import Ontology
from kg.pair_features import DATED, Pair
from kg.referents import Context
from kg.types import Claim, Parse, Value

TABLE = TABLES / "pair_weights.tsv"
SCALE = 50
"""Weights are stored as whole numbers, this many to one unit of log odds."""
LEAST = "least"
"""The row of the table that says from which log odds a relation is claimed; a relation without it never is."""
BELONGING = frozenset({"worksFor", "memberOf"})
HEADING = frozenset({"leads", "speaksFor", "founded", "studiedAt"})
SERVING = frozenset({"worksFor", "speaksFor", "studiedAt"})
"""Ways to have to do with a body.  To work for it is what is left where no other is said; servants do not lead."""
ONCE = frozenset({"bornIn", "bornOn", "diedOn"})
"""What happens to everybody once: where the rules see it in a sentence, the model adds no other."""
DOUBTED = -40
"""Log odds, in steps of the table, below which the model rules out a day that a rule gives."""
DIGITS = 3

Weights = Mapping[str, Mapping[str, int]]
"""Sign -> relation -> weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A relation that the model claims of a pair, with its probability."""

    pair: Pair
    relation: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the model holds of the pairs of a document: `odds` in steps of the table by subject, object and sentence,
    `least` from which odds a relation is claimed."""

    odds: Mapping[tuple[str, str | Value, tuple[int, int]], Mapping[str, int]]
    least: Mapping[str, int]

    def upholds(self, claim: Claim) -> bool:
        """Whether the model holds what a claim says for likelier than not.  It learned to lead a body from companies
        alone: whoever works for a body may lead it and speak for it."""
        odds = self.odds.get((claim.subject, claim.object, claim.evidence), {})
        names = (claim.predicate, "worksFor") if claim.predicate in BELONGING | HEADING else (claim.predicate,)
        return any(odds.get(name, -1) >= 0 for name in names)

    def doubts(self, claim: Claim) -> bool:
        """Whether the model all but rules out the day that a claim gives."""
        odds = self.odds.get((claim.subject, claim.object, claim.evidence), {})
        return claim.predicate in DATED and odds.get(claim.predicate, 0) < DOUBTED


def verdicts(parse: Parse, found: Iterable[Pair], weights: Weights | None = None) -> Verdicts:
    """What the model holds of these pairs."""
    table = load_weights() if weights is None else weights
    odds: dict[tuple[str, str | Value, tuple[int, int]], Mapping[str, int]] = {}
    for pair in found:
        held = log_odds(table, pair)
        odds[pair.subject, pair.object, _span(parse, pair)] = held
    return Verdicts(odds=odds, least=table.get(LEAST, {}))


def _span(parse: Parse, pair: Pair) -> tuple[int, int]:
    sentence = parse.sentences[pair.sentence]
    return sentence.begin, sentence.end


def learned(
    context: Context, ontology: Ontology, found: Iterable[Pair], claims: Iterable[Claim], held: Verdicts
) -> Iterator[Learned]:
    """What the model adds to the claims of the rules, in the order of the pairs."""
    said: dict[tuple[str, object, tuple[int, int]], set[str]] = defaultdict(set)
    of_subject: dict[tuple[str, tuple[int, int]], set[str]] = defaultdict(set)
    states: dict[str, set[object]] = defaultdict(set)
    for claim in claims:
        if claim.predicate == "citizenOf":
            states[claim.subject].add(claim.object)
        said[claim.subject, claim.object, claim.evidence].add(claim.predicate)
        of_subject[claim.subject, claim.evidence].add(claim.predicate)
    for pair in found:
        span = _span(context.parse, pair)
        there = said[pair.subject, pair.object, span]
        odds = held.odds[pair.subject, pair.object, span]
        sure = [name for name in pair.relations if name in held.least and odds[name] >= held.least[name]]
        for name in sure:
            if (
                name in there
                or _is_said_better(name, there, sure)
                or not fits(context, ontology, pair.subject, pair.object, name)
            ):
                continue
            if name in ONCE and name in of_subject[pair.subject, span] or name == "citizenOf" and states[pair.subject]:
                continue
            if ontology.relations[name].symmetric and name in said[str(pair.object), pair.subject, span]:
                continue
            there.add(name)
            yield Learned(pair=pair, relation=name, confidence=probability(odds[name]))


def _is_said_better(name: str, there: Iterable[str], sure: Iterable[str]) -> bool:
    """Whether the pair is known to belong together in a way that leaves no room for this one, or needs it no more."""
    if name == "worksFor":
        return not (BELONGING | HEADING).isdisjoint({*there, *sure} - {name})
    return name in ("memberOf", "leads") and not SERVING.isdisjoint(there)


def log_odds(weights: Weights, pair: Pair) -> dict[str, int]:
    """For each relation asked of the pair the log odds, in steps of the table."""
    sums = dict.fromkeys(pair.relations, 0)
    for sign in pair.signs:
        row = weights.get(sign)
        if row is None:  # most signs weigh nothing
            continue
        for name in row.keys() & sums.keys():
            sums[name] += row[name]
    return sums


def probability(steps: int) -> float:
    """The probability that log odds in steps of the table stand for."""
    return round(1 / (1 + math.exp(-steps / SCALE)), DIGITS)


def fits(context: Context, ontology: Ontology, subject: str, target: str | Value, name: str) -> bool:
    """Whether the ontology knows the relation and its classes allow the two; a date is of no class."""
    relation = ontology.relations.get(name)
    if relation is None:
        return False
    sides = ((subject, relation.domain), (target, relation.range))
    return all(not isinstance(e, str) or not allowed or context.entities[e].type in allowed for e, allowed in sides)


@functools.cache
def load_weights() -> Weights:
    """The table that comes with the package, read once a process."""
    table: dict[str, dict[str, int]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sign, *cells = line.split("\t")
            table[sign] = {name: int(weight) for name, weight in (cell.split(" ") for cell in cells)}
    return table
