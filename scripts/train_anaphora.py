"""Learn what definite nouns and "it" take up.

Call python scripts/train_anaphora.py [--check].

Every definite singular noun and every "it" of our marked texts (scripts/data/passages) takes up an entity or none; what
is not marked counts less than what is, since marks are missing.  A log-linear model over the cues of
kg/anaphora_cues.py is fitted, with the entities that it found itself as mentions for the next round.  It writes
kg/tables/anaphora_weights.tsv and prints how the articles held out come out; with --check it writes nothing.  Needs
numpy and scipy.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from passages import ARTICLE, is_name
from scipy.optimize import minimize
from train_coreference import Page, Read, Tools, ours_of, pages, read_text

from kg import gazetteer, nlp, ontology
from kg.anaphora import Taken, is_reference, take_up
from kg.anaphora_cues import TABLE
from kg.descriptions import descriptions
from kg.nominals import titles
from kg.read import document_of
from kg.roles import role_index

HEADER = "# Cues of what a noun takes up and their weights, written by scripts/train_anaphora.py from our own texts.\n"
ROUNDS = 3
STRENGTH = 1.0
"""Of the penalty on weights."""
RARE = 12
"""Cues seen in fewer rows are left out."""
SMALL = 0.03
UNMARKED = {"it": 0.3, "noun": 0.5}
"""How much a reference counts that has no mark."""
LEASTS = (0.5, 0.55, 0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The entities that a reference may mean, none where it takes up nothing, and how much it counts."""

    entities: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text with its labelled references, by token."""

    read: Read
    labels: Mapping[int, Label]
    held_out: bool
    article: bool


def examples(tools: Tools) -> Iterator[Example]:
    """Our texts with what each reference takes up."""
    found = list(pages())
    documents = (document_of(page.text, id=page.id) for page in found)
    for page, parse in zip(found, nlp.parse(documents, nlp.load()), strict=True):
        read = read_text(parse, tools)
        article = page.id.startswith(ARTICLE)
        yield Example(read=read, labels=dict(_labels(page, read)), held_out=page.held_out, article=article)


def _labels(page: Page, read: Read) -> Iterator[tuple[int, Label]]:
    context = read.before.context
    named = {entity for begin, end, entity in page.marks if is_name(page.text[begin:end])}
    ours = ours_of(page, read)
    for token in context.parse.tokens:
        if token.i in context.at or not is_reference(context, token.i):
            continue
        over = [(e - b, b, e, entity) for b, e, entity in page.marks if b <= token.begin and token.end <= e]
        if not over:
            kind = "it" if token.tag in ("PRP", "PRP$") else "noun"
            yield token.i, Label(entities=frozenset(), weight=UNMARKED[kind])
            continue
        _, begin, end, entity = min(over)
        if is_name(page.text[begin:end]):
            continue
        if " " in page.text[begin:end] and token.end < end - 1 or entity not in named:
            yield token.i, Label(entities=frozenset(), weight=1.0)
        elif ours[entity]:
            yield token.i, Label(entities=frozenset(ours[entity]), weight=1.0)


def taken(read: Read, weights: Mapping[str, float]) -> Iterator[Taken]:
    """What is weighed for each reference, without the trained reader."""
    context = read.before.context
    return take_up(context, titles(context, read.roles), descriptions(context), weights=weights, quotes=read.quotes)


# ---------------------------------------------------------------- learning


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The rows of a reference, how far each is right, and how much it counts."""

    rows: tuple[tuple[str, ...], ...]
    right: tuple[float, ...]
    weight: float


def learn(training: Sequence[Example]) -> dict[str, float]:
    """Weights that make what the references take up likely."""
    weights: dict[str, float] = {}
    for _ in range(ROUNDS):
        weights = _fit([w for example in training for w in _weighed(example, weights)])
    return weights


def _weighed(example: Example, weights: Mapping[str, float]) -> Iterator[Weighed]:
    for one in taken(example.read, weights):
        label = example.labels.get(one.token)
        if label is None or not one.rows:
            continue
        right = (*(float(e in label.entities) for e in one.entities), float(not label.entities))
        if any(right):
            yield Weighed(rows=one.rows, right=right, weight=label.weight)


def _fit(used: Sequence[Weighed]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for u in used:
        for row in u.rows:
            seen.update(row)
    columns = {cue: n for n, cue in enumerate(sorted(cue for cue, count in seen.items() if count >= RARE))}
    lengths = np.array([len(u.rows) for u in used])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    flat = [[columns[cue] for cue in row if cue in columns] for u in used for row in u.rows]
    row_of = np.repeat(np.arange(len(flat)), [len(r) for r in flat])
    column_of = np.array([c for r in flat for c in r])
    target = np.array([t for u in used for t in u.right])
    group = np.repeat(np.arange(len(used)), lengths)
    importance = np.array([u.weight for u in used])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = np.bincount(row_of, weights=w[column_of], minlength=len(flat))
        scores -= np.maximum.reduceat(scores, starts)[group]
        raised = np.exp(scores)
        chance = raised / np.add.reduceat(raised, starts)[group]
        part = chance * target
        right = np.add.reduceat(part, starts)
        gradient = (chance - part / right[group]) * importance[group]
        value = -(importance * np.log(right)).sum() + STRENGTH / 2 * (w @ w)
        return value, np.bincount(column_of, weights=gradient[row_of], minlength=len(w)) + STRENGTH * w

    best = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return {cue: round(float(best[n]), 2) for cue, n in columns.items() if abs(best[n]) >= SMALL}


def check(found: Sequence[Example], weights: Mapping[str, float]) -> Iterator[str]:
    """How many marked references are right and wrong, and how many unmarked ones are taken up."""
    for least in LEASTS:
        counts: Counter[str] = Counter()
        for example in found:
            for one in taken(example.read, weights):
                label = example.labels.get(one.token)
                if label is None:
                    continue
                entity, chance = one.best
                hit = bool(entity) and chance >= least
                if label.entities:
                    counts["right" if hit and entity in label.entities else "wrong" if hit else "open"] += 1
                else:
                    counts["unmarked, taken up" if hit else "unmarked"] += 1
        yield f"least {least}: " + ", ".join(f"{k} {n}" for k, n in sorted(counts.items())) + "\n"


def main() -> None:
    """Learn, write and check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=TABLE)
    options = parser.parse_args()
    known = ontology.load()
    tools = Tools(ontology=known, gazetteer=gazetteer.load(), index=role_index(known))
    own = list(examples(tools))
    weights = learn([e for e in own if not e.held_out])
    if not options.check:
        table = "".join(f"{cue}\t{weight:.2f}\n" for cue, weight in sorted(weights.items()))
        options.output.write_text(HEADER + "cue\tweight\n" + table, encoding="utf-8")
    sys.stdout.writelines(check([e for e in own if e.held_out and e.article], weights))


if __name__ == "__main__":
    main()
