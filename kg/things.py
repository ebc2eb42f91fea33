""" "They": whom it stands for where that clearly stands out; and where "it" stands for nothing."""

from __future__ import annotations

from collections.abc import Sequence

from kg.groups import Group, before
from kg.nominals import Sighting
from kg.referents import Context
from kg.syntax import conjuncts
from kg.types import Parse

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
RAISING = frozenset({"seem", "appear", "rain", "snow", "take", "happen", "turn", "matter", "emerge"})


def is_expletive(parse: Parse, i: int) -> bool:
    """Whether "it" stands for nothing: "it is clear that", "it seems"."""
    token = parse.tokens[i]
    verb = parse.tokens[token.head]
    if token.dep == "expl" or verb.lemma in RAISING and token.dep in SUBJECTS:
        return True
    if verb.lemma == "be" and token.dep in SUBJECTS:
        return any(
            parse.tokens[c].dep in ("acomp", "attr", "ccomp", "xcomp", "advcl", "prep") for c in parse.children[verb.i]
        )
    return False


# ---------------------------------------------------------------- they


def they(
    context: Context, i: int, groups: Sequence[Group], seen: Sequence[Sighting], rivals: Sequence[int]
) -> tuple[str, ...]:
    """The persons, states or bodies named together just before, which "they", "them" or "their" at token i takes up.

    `rivals` are the heads of plural nouns that are subjects: one that is nearer makes it unsure.
    """
    parse = context.parse
    token = parse.tokens[i]
    here = parse.sentence_of[i]
    for group in before(groups, i):
        back = here - group.sentence
        if back > 1:
            break
        if not (group.subject or group.label) or group.type not in ("Person", "Country", "Organization"):
            continue
        parts = {group.token, *conjuncts(parse, group.token)}
        if any(group.token < r < i and r not in parts for r in rivals):
            return ()
        if back == 0 and parse.tokens[group.token].head == token.head and token.dep in ("dobj", "pobj", "dative"):
            continue
        return group.entities
    for s in reversed(seen):  # one that is many: "The Tigers won.  They ..."
        if here - s.sentence > 1 or any(s.head < r < i for r in rivals):
            break
        if s.type == "Group" and s.weight >= 1.0 and s.head in context.at and context.at[s.head].kind == "name":
            return (s.entity,)
    return ()
