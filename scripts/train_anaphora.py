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

from log_linear import Weighed, fit
from passages import ARTICLE, is_name
from train_coreference import Page, Read, Tools, ours_of, pages, read_text

from kg import gazetteer, nlp, ontology
from kg.anaphora import Taken, is_reference, take_up
from kg.anaphora_cues import TABLE
from kg.descriptions import descriptions
from kg.name_words import TABLES
from kg.nominals import titles
from kg.read import document_of
from kg.reference_reader import NOBODY
from kg.roles import role_index

HEADER = "# Cues of what a noun takes up and their weights, written by scripts/train_anaphora.py from our own texts.\n"
ROUNDS = 3
STRENGTH = 1.0
"""Of the penalty on weights."""
RARE = 8
"""Cues seen in fewer references are left out, which halves the table."""
SMALL = 0.03
"""And weights below this."""
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


def learn(training: Sequence[Example]) -> dict[str, float]:
    """Weights that make what the references take up likely."""
    weights: dict[str, float] = {}
    for _ in range(ROUNDS):
        used = [w for example in training for w in _weighed(example, weights)]
        weights = fit(used, strength=STRENGTH, rare=RARE, places=2, least=SMALL)
    return weights


def _weighed(example: Example, weights: Mapping[str, float]) -> Iterator[Weighed]:
    for one in taken(example.read, weights):
        label = example.labels.get(one.token)
        if label is None or not one.rows:
            continue
        right = tuple(float(e in label.entities or e == NOBODY and not label.entities) for e in one.share)
        if any(right):
            yield Weighed(rows=one.rows, right=right, weight=label.weight)


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
                hit = entity != NOBODY and chance >= least
                if label.entities:
                    counts["right" if hit and entity in label.entities else "wrong" if hit else "open"] += 1
                else:
                    counts["unmarked, taken up" if hit else "unmarked"] += 1
        yield f"least {least}: " + ", ".join(f"{k} {n}" for k, n in sorted(counts.items())) + "\n"


def main() -> None:
    """Learn, write and check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=TABLES / TABLE)
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
