"""Learn for which state a bare office is held ("President Jane Doe").

Call python scripts/train_offices.py [--check].

Every bare state office of our whole articles (scripts/data/passages) whose holder has a marked state is a choice among
the states that the text names; one of a king or president who has a marked body and no state is a choice of none.  A
log-linear model over the cues of kg/office_states.py is fitted.  It writes kg/tables/office_weights.tsv and prints how
the articles held out come out; with --check it writes nothing.  Needs numpy and scipy.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from log_linear import Weighed, fit
from passages import Passage, passages
from train_coreference import Tools, read_text
from train_relations import normal

from kg import gazetteer, nlp, ontology
from kg.name_words import TABLES
from kg.office_states import TABLE, candidates, choose, is_bare, kind_of, states_of
from kg.read import document_of
from kg.referents import Context
from kg.role_words import role_index

HEADER = (
    "# Cues of the state of a bare office and their weights, written by scripts/train_offices.py from our own texts.\n"
)
HELD = frozenset({"leads", "memberOf", "worksFor", "speaksFor"})
"""Relations to what an office is held for."""
OF_MANY = frozenset("president premier king queen chancellor sultan emir".split()) | {"vice president", "crown prince"}
"""Titles that others than states give too; a minister of a party is a minister of the state nevertheless."""
STRENGTH = 2.0
"""Of the penalty on weights."""
RARE = 4
SMALL = 0.05
LEASTS = (0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A bare office: the candidates with their cues, and which of them are right."""

    options: Mapping[str | None, tuple[str, ...]]
    right: frozenset[str | None]
    held_out: bool


def examples(tools: Tools) -> Iterator[Example]:
    """The bare offices of our articles of which the state, or that there is none, is marked."""
    found = [p for p in passages() if p.article]
    documents = (document_of(p.text, id=p.id) for p in found)
    for passage, parse in zip(found, nlp.parse(documents, nlp.load()), strict=True):
        read = read_text(parse, tools)
        context = read.before.context
        states = states_of(context, tools.gazetteer)
        for role in read.roles:
            if not is_bare(context, role):
                continue
            options = candidates(context, role, read.roles, states, tools.gazetteer)
            kind = kind_of(context, role.title) or ""
            right = frozenset(_right(context, role.holders[0].entity, kind, passage)) & options.keys()
            if right:
                yield Example(options=options, right=right, held_out=passage.held_out)


def _right(context: Context, holder: str, kind: str, passage: Passage) -> Iterator[str | None]:
    """The states that the holder has by the marks; None for a body instead, nothing where nothing is marked."""
    marked = {entity: frozenset(map(normal, known)) for entity, (_, known) in passage.names.items()}
    meant = {entity for entity, known in marked.items() if known & _names(context, holder)}
    bodies = {
        fact.object
        for sentence in passage.sentences
        for fact in sentence.facts
        if fact.subject in meant and HELD.intersection(fact.relations) and fact.object in marked
    }
    states = {body for body in bodies if passage.names[body][0] == "Country"}
    for entity in context.entities.values():
        if entity.type == "Country" and any(marked[state] & _names(context, entity.id) for state in states):
            yield entity.id
    if bodies and not states and kind in OF_MANY:
        yield None


def _names(context: Context, entity: str) -> frozenset[str]:
    known = context.entities[entity]
    return frozenset(normal(name) for name in (known.name or "", *known.aliases)) - {""}


def learn(training: Sequence[Example]) -> dict[str, float]:
    """Weights that make the right states likely."""
    used = [
        Weighed(rows=list(e.options.values()), right=tuple(float(o in e.right) for o in e.options), weight=1.0)
        for e in training
    ]
    return fit(used, strength=STRENGTH, rare=RARE, places=2, least=SMALL)


def check(found: Sequence[Example], weights: Mapping[str, float]) -> Iterator[str]:
    """How many offices get a state, and how many of those the right one."""
    stated = sum(e.right != {None} for e in found)
    for least in LEASTS:
        said = [(e, *choose(e.options, weights)) for e in found]
        taken = [(e, state) for e, state, chance in said if state is not None and chance >= least]
        right = sum(state in e.right for e, state in taken)
        yield f"from {least}: {right} of {len(taken)} right, {stated} offices of a state"


def main(arguments: Sequence[str]) -> int:
    """Fit on what is not held out, print what comes of the rest, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    known = ontology.load()
    found = list(examples(Tools(ontology=known, gazetteer=gazetteer.load(), index=role_index(known))))
    training = [e for e in found if not e.held_out]
    print(f"{len(training)} offices to learn from, {len(found) - len(training)} held out")
    weights = learn(training)
    print(*check([e for e in found if e.held_out], weights), sep="\n")
    if not options.check:
        rows = (f"{cue}\t{weight}\n" for cue, weight in sorted(weights.items()))
        (TABLES / TABLE).write_text(HEADER + "".join(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
