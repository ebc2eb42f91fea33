""" "It", "its", "they": what they stand for where that clearly stands out.

News gives no labelled examples of these, so the rules are few: where two readings are open, they abstain.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from kg.frames import surface_subject
from kg.groups import Group, before
from kg.nominals import Sighting, is_bound
from kg.referents import Context
from kg.syntax import children, conjuncts
from kg.types import Parse

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
VERBAL = frozenset({"VERB", "AUX"})
RAISING = frozenset({"seem", "appear", "rain", "snow", "take", "happen", "turn", "matter", "emerge"})
NOT_THINGS = frozenset({"Person", "Group"})
NOMINAL = frozenset({"dobj", "pobj", "nsubj", "nsubjpass", "attr", "appos"})
AGENT = 0.5
"""What it weighs to be who does what the pronoun's own clause says."""


def thing(context: Context, i: int, seen: Sequence[Sighting]) -> tuple[str, ...]:
    """The body, state, place or work that "it" or "its" at token i stands for: a subject nearby, or the agent."""
    parse = context.parse
    token = parse.tokens[i]
    here = parse.sentence_of[i]
    if token.text.casefold() == "it" and is_expletive(parse, i):
        return ()
    lately = itertools.takewhile(lambda s: here - s.sentence <= 1, reversed(seen))
    near = [s for s in lately if s.head < i and not s.demonym and s.type not in NOT_THINGS]
    owner = _coordinated_owner(parse, i)
    if owner is not None:
        found = [s for s in near if s.head == owner]
        return (found[0].entity,) if found else ()
    verb = _verb(parse, i)
    agent = surface_subject(parse, verb, lambda _: True) if verb is not None and token.dep not in SUBJECTS else None
    if agent is not None and verb is not None and token.dep == "poss" and agent == token.head:
        # "The union struck, and its leader said": the subject of the verb before.
        agent = next((c for c in children(parse, parse.tokens[verb].head, *SUBJECTS) if c < i and c != agent), None)
    best: tuple[float, Sighting] | None = None
    for s in near:
        back = here - s.sentence
        if s.weight < 1.0 and s.head != agent and not (token.dep == "poss" and back == 0):
            continue
        if (
            back == 0
            and is_bound(parse, i, s.head)
            or token.dep not in (*SUBJECTS, "poss")
            and _rival_between(context, s.head, i)
        ):
            continue
        weight = s.weight - back + (AGENT if s.head == agent else 0.0)
        if best is None or weight > best[0]:
            best = (weight, s)
    if best is None or best[1].head != agent and _rival_subject(context, i):
        return ()
    return (best[1].entity,)


def _verb(parse: Parse, i: int) -> int | None:
    at = i
    while parse.tokens[at].head != at:
        at = parse.tokens[at].head
        if parse.tokens[at].pos in VERBAL:
            return at
    return None


def _coordinated_owner(parse: Parse, i: int) -> int | None:
    """ "The army and its offshoot": the head of what stands in front, whose offshoot it is."""
    token = parse.tokens[i]
    if token.dep == "poss" and parse.tokens[token.head].dep == "conj":
        first = parse.tokens[token.head].head
        if parse.tokens[first].pos in ("PROPN", "NOUN") and first == i - 2:
            return first
    return None


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


def _rival_subject(context: Context, i: int) -> bool:
    """Whether a common noun, singular and a subject, stands nearer than any name: "it" may well be that."""
    parse = context.parse
    for j in range(i - 1, parse.sentences[parse.sentence_of[i]].start - 1, -1):
        token = parse.tokens[j]
        if token.dep in SUBJECTS:
            named = any(c in context.at for c in children(parse, j, "appos"))  # "the owner, Acme, said it"
            return token.pos == "NOUN" and token.tag == "NN" and j not in context.at and not named
    return False


def _rival_between(context: Context, a: int, b: int) -> bool:
    """Whether a singular common noun between the two may be what an object "it" stands for."""
    tokens = context.parse.tokens
    between = [tokens[j] for j in range(a + 1, b) if j not in context.at]
    return any(t.tag == "NN" and t.dep in NOMINAL for t in between)


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
