"""A lasting fact as often as its sentence names those it holds of: "Jane Doe, who ... her home ... in Graz, where".

A claim is one mention of a fact, at one pair of mentions.  What lasts holds of both however the sentence calls them, so
each further pair of mentions of the two in the same sentence states it too.  The graph joins what one sentence says
into one claim; whoever reads `kg extract` finds every place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.frames import is_relative, relative_antecedent
from kg.referents import Context, Referent, referents
from kg.types import Claim, Mention, Value

MOST = 12
"""Pairs of mentions of the same two in one sentence; a sentence with more is a list, a song or a table."""
RELATIVE_ROLES = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "poss", "advmod"})


def relative_pronouns(context: Context) -> tuple[Mention, ...]:
    """Mentions of "who", "which", "whose", "where" for the one entity that each stands for, in text order."""
    found: list[Mention] = []
    for token in context.parse.tokens:
        if token.dep not in RELATIVE_ROLES or token.i in context.at:
            continue
        meant = _meant(context, token.i)
        if len(meant) == 1 and not meant[0].represented:
            found.append(
                Mention(
                    begin=token.begin, end=token.end, text=token.text, type=meant[0].type, kind="pronoun",
                    start=token.i, stop=token.i + 1, head=token.i, entities=(meant[0].entity,),
                )
            )  # fmt: skip
    return tuple(found)


def _meant(context: Context, i: int) -> tuple[Referent, ...]:
    if is_relative(context.parse, i):
        return referents(context, i)
    if context.parse.tokens[i].text.casefold() == "where":
        antecedent = relative_antecedent(context.parse, i)
        if antecedent is not None:
            return tuple(r for r in referents(context, antecedent) if r.type in ("Place", "Country", "Organization"))
    return ()


def echoes(context: Context, mentions: Iterable[Mention], claims: Iterable[Claim]) -> Iterator[Claim]:
    """For each of these claims, all of lasting relations, the same claim at the other mentions in its sentence."""
    claims = tuple(claims)
    spans = _spans(context, mentions)
    said = {(c.subject, c.predicate, c.object, c.subject_span, c.object_span) for c in claims}
    for claim in claims:
        if claim.stance == "denies":
            continue
        subjects = spans.get((claim.subject, claim.evidence), (claim.subject_span,))
        if isinstance(claim.object, Value):
            objects: tuple[tuple[int, int], ...] = (claim.object_span,)
        else:
            objects = spans.get((claim.object, claim.evidence), (claim.object_span,))
        if len(subjects) * len(objects) > MOST:
            continue
        for a in subjects:
            for b in objects:
                key = (claim.subject, claim.predicate, claim.object, a, b)
                if key not in said:
                    said.add(key)
                    yield replace(claim, subject_span=a, object_span=b)


def _spans(
    context: Context, mentions: Iterable[Mention]
) -> dict[tuple[str, tuple[int, int]], tuple[tuple[int, int], ...]]:
    """(entity, its sentence's span) -> the spans of the mentions of that entity alone."""
    found: dict[tuple[str, tuple[int, int]], list[tuple[int, int]]] = defaultdict(list)
    for mention in mentions:
        if len(mention.entities) == 1 and mention.kind != "nominal":
            sentence = context.parse.sentences[context.parse.sentence_of[mention.head]]
            span = (mention.begin, mention.end)
            held = found[mention.entities[0], (sentence.begin, sentence.end)]
            if not any(span[0] < end and begin < span[1] for begin, end in held):
                held.append(span)
    return {key: tuple(spans) for key, spans in found.items()}
