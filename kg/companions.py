"""Who goes along: whoever accompanies somebody to a place or a meeting has been there too.

"He was accompanied by X", "X joined him", "members of the delegation included X and Y".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.confidence import LEAST
from kg.referents import Context, Referent, referents
from kg.syntax import children
from kg.types import Claim, Value

SHARED = frozenset({"visited", "met"})
"""What a companion takes part in."""
REACH = 3
"""Sentences back to what the companion was along for; a delegation goes all the way."""
CERTAINTY = 0.75
"""How sure it is that who goes along takes part, where whom he goes with does."""


def companions(context: Context, claims: Sequence[Claim]) -> Iterator[Claim]:
    """The visits and meetings of those who are said to go along, derived from those of whom they go with."""
    parse = context.parse
    best: dict[tuple[str, str, str], Claim] = {}
    for verb in parse.tokens:
        if verb.pos not in ("VERB", "AUX"):
            continue
        if verb.lemma in context.cue("companion-verb"):
            led = {r.entity for r in _accompanied(context, verb.i)}
            found = _shared(context, claims, verb.i, led, _along(context, verb.i))
        elif verb.lemma in context.cue("member-verb") and _is_delegation(context, verb.i):
            found = _shared(context, claims, verb.i, None, _members(context, verb.i))
        else:
            continue
        for claim in found:
            key = (claim.subject, claim.predicate, str(claim.object))
            if key not in best or claim.confidence > best[key].confidence:
                best[key] = claim
    yield from best.values()


def _accompanied(context: Context, verb: int) -> list[Referent]:
    passive = children(context.parse, verb, "nsubjpass")
    return _persons(context, passive or children(context.parse, verb, "dobj"))


def _along(context: Context, verb: int) -> list[Referent]:
    parse = context.parse
    planned = any(parse.tokens[c].tag == "MD" for c in children(parse, verb, "aux"))
    only_says = any(children(parse, p, "pcomp") for p in children(parse, verb, "prep"))  # "joined him in praising"
    if planned or only_says or children(parse, verb, "neg"):
        return []
    if children(parse, verb, "nsubjpass"):
        agents = [o for a in children(parse, verb, "agent") for o in children(parse, a, "pobj")]
        return _persons(context, agents)
    return _persons(context, children(parse, verb, "nsubj"))


def _persons(context: Context, tokens: Iterable[int]) -> list[Referent]:
    return [r for i in tokens for r in referents(context, i) if r.type == "Person"]


def _is_delegation(context: Context, verb: int) -> bool:
    """Whether the verb's subject is the delegation or its members; one that a name tells apart may be another."""
    parse = context.parse
    for s in children(parse, verb, "nsubj"):
        of = [o for p in children(parse, s, "prep") for o in children(parse, p, "pobj")]
        for i in (s, *of):
            named = any(c in context.at for c in parse.children[i])
            if parse.tokens[i].lemma.casefold() in context.cue("delegation") and not named:
                return True
    return False


def _members(context: Context, verb: int) -> list[Referent]:
    """All persons named behind the verb: parsers break lists with long titles."""
    parse = context.parse
    behind = range(verb + 1, parse.sentences[parse.sentence_of[verb]].stop)
    heads = (i for i in behind if i in context.at and context.at[i].kind == "name" and context.at[i].head == i)
    return [
        r
        for i in heads
        if parse.tokens[i].dep != "poss"
        for r in referents(context, i, expand=False)
        if r.type == "Person"
    ]


def _shared(
    context: Context, claims: Sequence[Claim], verb: int, led: set[str] | None, along: Sequence[Referent]
) -> Iterator[Claim]:
    """What `led` does near the verb, as claims of those who go along.

    None stands for the head of a delegation, whose members share the countries visited: within them they part.
    """
    parse = context.parse
    here = parse.sentence_of[verb]
    begin = parse.tokens[parse.sentences[here].start].begin
    first = 0 if led is None else parse.tokens[parse.sentences[max(0, here - REACH)].start].begin
    goers = {r.entity for r in along}
    told = [
        (number, claim) for number, claim in enumerate(claims)
        if first <= claim.evidence[0] <= begin and claim.stance == "asserts" and claim.modality == "actual"
        and context.entities[claim.subject].type == "Person" and claim.subject not in goers
    ]  # fmt: skip
    if led is None:
        visits = [
            (n, claim) for n, claim in told if claim.predicate == "visited" and _is_country(context, claim.object)
        ]
        shared = visits if len({claim.subject for _, claim in visits}) == 1 else []  # else whose delegation is it?
    else:
        shared = [(n, claim) for n, claim in told if claim.predicate in SHARED and claim.subject in led]
    for number, claim in shared:
        for goer in along:
            if claim.object != goer.entity and claim.confidence * CERTAINTY >= LEAST:
                yield replace(
                    claim, subject=goer.entity, subject_span=(goer.begin, goer.end), rule="companion", level="inferred",
                    confidence=round(claim.confidence * CERTAINTY, 2), derived_from=(number,),
                )  # fmt: skip


def _is_country(context: Context, place: str | Value) -> bool:
    return isinstance(place, str) and context.entities[place].type == "Country"
