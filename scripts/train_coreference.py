"""Learn the weights of kg/salience.py from GAP: python scripts/train_coreference.py GAP.tsv [--check] [-o TABLE].

GAP is Webster et al. (2018), "Mind the GAP", a tab-separated file of texts with one pronoun and two names each.
With --check no table is written: folds of whole pages are held out one after the other and their scores printed.
The same input gives the same table, byte for byte.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from kg import gazetteer, nlp, ontology
from kg.antecedents import Choice, follow
from kg.coreference import resolve_nouns
from kg.gazetteer import Gazetteer
from kg.names import find_names
from kg.quotations import find_quotations
from kg.read import document_of
from kg.referents import Context, context_of
from kg.roles import Role, find_roles, role_index
from kg.salience import NOBODY
from kg.types import Parse

TABLE = Path(__file__).parent.parent / "kg" / "tables" / "pronoun_weights.tsv"
HEADER = "# Cues of an antecedent and their weights, written by scripts/train_coreference.py from GAP (Apache-2.0).\n"
FOLDS = 5
ROUNDS = 3
"""Each round walks the texts with the weights of the round before."""
STRENGTH = 5.0
"""Of the quadratic penalty on weights."""
GIVEN: Mapping[str, float] = {
    "gender:other:full": -2.5,
    "gender:other:word": -2.5,
    "gender:other:surname": -1.2,
    "gender:other:single-female": -2.0,
    "gender:same:full": 0.6,
    "gender:same:word": 0.6,
}
"""Weights that are set, not learned: GAP picks texts whose two names fit the pronoun, so it cannot show them."""
RARE = 5
"""Cues seen in fewer choices are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text with one labelled pronoun; `gold` maps the entities of its two names to whether they are meant."""

    page: str
    context: Context
    roles: tuple[Role, ...]
    quotes: tuple[tuple[int, int, int | None], ...]
    nouns: Mapping[int, str]
    begin: int
    feminine: bool
    spans: tuple[tuple[int, int, bool], ...]
    gold: Mapping[str, bool]


def examples(rows: Sequence[Mapping[str, str]], parses: Iterable[Parse], names: Gazetteer) -> list[Example]:
    """The examples of GAP's rows and their parses, read by the same modules as any other text."""
    ours = ontology.load()
    index = role_index(ours)
    found: list[Example] = []
    for row, parse in zip(rows, parses, strict=True):
        named = find_names(parse, names)
        context = context_of(parse, named.entities, named.mentions, ours.cues)
        spans = tuple(_span(row, x) for x in "AB")
        gold: dict[str, bool] = {}
        for begin, end, right in spans:
            for m in named.mentions:
                if max(m.begin, begin) < min(m.end, end):
                    gold.update({e: right or gold.get(e, False) for e in m.entities})
        roles = find_roles(context, index)
        nouns, _ = resolve_nouns(context, roles)
        quotes = tuple((q.begin, q.end, q.speaker) for q in find_quotations(parse, ours.cues))
        found.append(Example(
            page=row["URL"], context=context, roles=roles, quotes=quotes,
            nouns={i: entities[0] for i, entities in nouns.items() if len(entities) == 1},
            begin=int(row["Pronoun-offset"]), feminine=row["Pronoun"].lower() in ("she", "her", "hers"),
            spans=spans, gold=gold,
        ))  # fmt: skip
    return found


def _span(row: Mapping[str, str], name: str) -> tuple[int, int, bool]:
    begin = int(row[f"{name}-offset"])
    return begin, begin + len(row[name]), row[f"{name}-coref"].upper() == "TRUE"


def chosen(example: Example, names: Gazetteer, weights: Mapping[str, float]) -> Choice | None:
    """The choice for the labelled pronoun; None where the parse has none there."""
    tokens = example.context.parse.tokens
    walk = follow(example.context, example.roles, names, weights, example.quotes, example.nouns)
    return next((c for c in walk if tokens[c.token].begin == example.begin), None)


# ---------------------------------------------------------------- learning


def learn(training: Sequence[Example], names: Gazetteer) -> dict[str, float]:
    """Weights that make the labelled names likely and the names labelled wrong unlikely."""
    weights: dict[str, float] = {}
    for _ in range(ROUNDS):
        pairs = [(e, c) for e in training if (c := chosen(e, names, weights)) is not None]
        weights = _fit(pairs)
    return weights


def _target(example: Example, choice: Choice) -> list[float] | None:
    """How much each row counts as right: all that may be meant where both names are wrong."""
    right = {e for e, meant in example.gold.items() if meant}
    labelled = any(meant for _, _, meant in example.spans)
    if labelled:
        if not right:
            return None
        found = [sum(part for e, part in c.share.items() if e in right) for c in choice.candidates] + [0.0]
    else:
        found = [sum(part for e, part in c.share.items() if e not in example.gold) for c in choice.candidates] + [1.0]
    return found if sum(found) > 0.05 else None


def _fit(pairs: Sequence[tuple[Example, Choice]]) -> dict[str, float]:
    used = [(c, t) for e, c in pairs if (t := _target(e, c)) is not None]
    seen: Counter[str] = Counter()
    for choice, _ in used:
        seen.update({cue for row in choice.rows for cue in row})
    columns = {cue: n for n, cue in enumerate(sorted(cue for cue, count in seen.items() if count >= RARE))}
    lengths = np.array([len(c.rows) for c, _ in used])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    flat = [[columns[cue] for cue in row if cue in columns] for choice, _ in used for row in choice.rows]
    row_of = np.repeat(np.arange(len(flat)), [len(r) for r in flat])
    column_of = np.array([c for r in flat for c in r])
    target = np.array([t for _, ts in used for t in ts])
    group = np.repeat(np.arange(len(used)), lengths)
    given = np.array([GIVEN.get(cue, 0.0) for cue in columns])
    free = np.array([0.0 if cue in GIVEN else 1.0 for cue in columns])

    def loss(learned: np.ndarray) -> tuple[float, np.ndarray]:
        w = learned * free + given
        scores = np.bincount(row_of, weights=w[column_of], minlength=len(flat))
        scores -= np.maximum.reduceat(scores, starts)[group]
        raised = np.exp(scores)
        chance = raised / np.add.reduceat(raised, starts)[group]
        part = chance * target
        right = np.add.reduceat(part, starts)
        gradient = chance - part / right[group]
        value = -np.log(right).sum() + STRENGTH / 2 * (learned @ learned)
        slope = np.bincount(column_of, weights=gradient[row_of], minlength=len(w)) * free
        return value, slope + STRENGTH * learned

    best = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    weights = best.x * free + given
    return {cue: round(float(weights[n]), 3) for cue, n in columns.items() if abs(weights[n]) >= 0.005}


# ---------------------------------------------------------------- checking


def _said(choice: Choice | None, least: float) -> frozenset[str]:
    if choice is None or choice.best.startswith(NOBODY) or choice.share[choice.best] < least:
        return frozenset()
    return frozenset({choice.best})


def check(found: Sequence[tuple[Example, Choice | None]], least: float) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 over the decisions about names, for all, feminine and masculine pronouns."""
    counts: dict[str, Counter[str]] = {k: Counter() for k in ("all", "feminine", "masculine")}
    for example, choice in found:
        said = _said(choice, least)
        at = example.context.at
        tokens = example.context.parse.tokens
        for begin, end, meant in example.spans:
            there = {e for t in tokens if max(t.begin, begin) < min(t.end, end) and t.i in at for e in at[t.i].entities}
            hit = bool(said & there)
            for key in ("all", "feminine" if example.feminine else "masculine"):
                counts[key]["tp" if hit and meant else "fp" if hit else "fn" if meant else "tn"] += 1
    scores = {}
    for key, c in counts.items():
        p, r = c["tp"] / max(1, c["tp"] + c["fp"]), c["tp"] / max(1, c["tp"] + c["fn"])
        scores[key] = (p, r, 2 * p * r / (p + r) if p + r else 0.0)
    return scores


def main() -> None:
    """Learn and write, or check by folds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gap", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=TABLE)
    options = parser.parse_args()
    names = gazetteer.load()
    with options.gap.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    documents = (document_of(row["Text"], id=row["ID"]) for row in rows)
    all_examples = examples(rows, nlp.parse(documents, nlp.load()), names)
    if not options.check:
        weights = learn(all_examples, names)
        table = "".join(f"{cue}\t{weight:.3f}\n" for cue, weight in sorted(weights.items()))
        options.output.write_text(HEADER + "cue\tweight\n" + table, encoding="utf-8")
        return
    pages = {page: n for n, page in enumerate(sorted({e.page for e in all_examples}))}
    found: list[tuple[Example, Choice | None]] = []
    for fold in range(FOLDS):
        weights = learn([e for e in all_examples if pages[e.page] % FOLDS != fold], names)
        found += [(e, chosen(e, names, weights)) for e in all_examples if pages[e.page] % FOLDS == fold]
        sys.stdout.write(f"fold {fold}: {len(weights)} weights\n")
    for least in (0.0, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
        scores = check(found, least)
        line = "  ".join(f"{k} P {p:.3f} R {r:.3f} F1 {f:.3f}" for k, (p, r, f) in scores.items())
        sys.stdout.write(f"least {least:.2f}  {line}  f/m {scores['feminine'][2] / scores['masculine'][2]:.3f}\n")


if __name__ == "__main__":
    main()
