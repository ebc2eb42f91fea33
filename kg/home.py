"""The state that a text is at home in: the one whose own institutions it names most ("Parliament", "the Treasury")."""

from __future__ import annotations

from kg.gazetteer import Gazetteer
from kg.referents import Context
from kg.types import LocalEntity

INSTITUTION_WEIGHT = 3
DATELINE_WEIGHT = 6
FIRST_SENTENCES = 4
PLACES = frozenset({"Place", "Country"})
ABROAD = frozenset({"company", "ngo", "sport"})
"""Kinds of bodies that texts of any state name: "on Twitter"."""
FORCES = frozenset(
    "army navy guard force forces police parliament government ministry senate congress court commission "
    "council".split()
)
"""Last words of bodies of a state."""


def home_state(context: Context, gazetteer: Gazetteer) -> str | None:
    """The entity of the state that the text is at home in; None when no state leads clearly."""
    states = {e.name: e.id for e in context.entities.values() if e.type == "Country"}
    weight: dict[str, int] = {}
    line, credited = dateline_of(context, gazetteer)
    for entity in context.entities.values():
        record = (
            gazetteer.organization(entity.name) if entity.name and entity.type in ("Organization", "Place") else None
        )
        if record is not None and record.country in states and entity.id not in credited:
            counts = 1 if record.kind in ABROAD else INSTITUTION_WEIGHT
            weight[states[record.country]] = weight.get(states[record.country], 0) + counts
        elif record is None and entity.type == "Organization" and (land := _named_after(entity, gazetteer)) in states:
            weight[states[land]] = weight.get(states[land], 0) + INSTITUTION_WEIGHT
    if line in states:
        weight[states[line]] = weight.get(states[line], 0) + DATELINE_WEIGHT
    if weight:
        for mention in {m.start: m for m in context.at.values()}.values():
            if mention.kind in ("name", "demonym") and mention.entities and mention.entities[0] in weight:
                weight[mention.entities[0]] += 1
    ranked = sorted(weight.items(), key=lambda kv: (-kv[1], kv[0]))
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else None


def _named_after(entity: LocalEntity, gazetteer: Gazetteer) -> str | None:
    """The state whose adjective opens the name of a force or service of its: "Ruritanian Coast Guard"."""
    first, _, rest = (entity.name or "").partition(" ")
    serves = bool(rest) and rest.split()[-1].casefold() in FORCES
    return gazetteer.demonym(first) if serves else None


def dateline_of(context: Context, gazetteer: Gazetteer) -> tuple[str | None, frozenset[str]]:
    """The state of the place that the dateline of the text names, and what else stands there: "KABUL (AP) —"."""
    for sentence in context.parse.sentences[:FIRST_SENTENCES]:
        if sentence.kind != "dateline":
            continue
        there = [m for i in range(sentence.start, sentence.stop) if (m := context.at.get(i)) and m.entities]
        places = [gazetteer.place(context.entities[m.entities[0]].name or "") for m in there if m.type in PLACES]
        line = next((place.country for place in places if place is not None and place.kind != "country"), None)
        return line, frozenset(m.entities[0] for m in there if m.type == "Organization")
    return None, frozenset()


def is_authored(context: Context) -> bool:
    """Whether the title or the first sentence is that of a statement, of a readout or the like.

    Such a text leaves out whose president speaks.
    """
    sentence = context.parse.sentences[0] if context.parse.sentences else None
    words = context.parse.tokens[sentence.start : sentence.stop] if sentence is not None else ()
    title = (context.parse.document.title or "").casefold().split()
    return any(word in context.cue("authored-form") for word in (*title, *(t.lemma.casefold() for t in words)))
