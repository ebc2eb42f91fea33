"""What a text calls its names: "Van Aalst, the Dutch brewer", "the weather bureau METEO", "Acme is a bank".

A later "the brewer" or "the Dutch group" takes up whatever was so described.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.referents import Context
from kg.syntax import child, children, subtree
from kg.types import Mention

MODIFIERS = ("amod", "compound", "nmod", "poss")
FRONT = ("compound", "nmod", "amod", "nsubj", "appos")
GENERIC = ("generic", "nominal-Organization", "nominal-Place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """That an entity is called a `noun` (its lemma) at token `token`; `origins` are the states it is said to be of."""

    token: int
    entity: str
    noun: str
    origins: frozenset[str]
    words: frozenset[str] = frozenset()
    """The noun with what modifies it: "certification", "firm"."""


def descriptions(context: Context) -> tuple[Description, ...]:
    """All descriptions of named entities, in text order; a noun "" where only the origin is told."""
    names = sorted({m.start: m for m in context.at.values() if m.kind == "name"}.values(), key=lambda m: m.start)
    found: list[Description] = []
    for mention in names:
        if len(mention.entities) != 1:
            continue
        entity = mention.entities[0]
        own = origins(context, mention.head) - {entity}
        nouns = list(dict.fromkeys(_nouns(context, mention)))
        for i in nouns:
            found.append(Description(
                token=i, entity=entity, noun=context.parse.tokens[i].lemma.casefold(),
                origins=frozenset(own | origins(context, i)) - {entity}, words=_words(context, i),
            ))  # fmt: skip
        if own and not nouns:
            found.append(Description(token=mention.head, entity=entity, noun="", origins=frozenset(own)))
    return tuple(sorted(found, key=lambda d: (d.token, d.entity)))


def before(told: Sequence[Description], i: int) -> Sequence[Description]:
    """The descriptions that stand before token i."""
    return told[: bisect.bisect_left(told, i, key=lambda d: d.token)]


def origins(context: Context, i: int) -> frozenset[str]:
    """The states that modify or own the noun or name at token i: "the Dutch brewer", "Poland's Acme"."""
    return frozenset(
        e
        for c in children(context.parse, i, *MODIFIERS)
        if c in context.at
        for e in context.at[c].entities
        if context.entities[e].type == "Country"
    )


def _words(context: Context, i: int) -> frozenset[str]:
    """The lemma of noun i and of the nouns and adjectives right in front of it."""
    tokens = context.parse.tokens
    start = i
    while start > 0 and tokens[start - 1].pos in ("NOUN", "ADJ", "PROPN") and start - 1 not in context.at:
        start -= 1
    return frozenset(t.lemma.casefold() for t in tokens[start : i + 1])


def _nouns(context: Context, mention: Mention) -> Iterator[int]:
    """The common nouns that say what the name stands for."""
    parse = context.parse
    tokens = parse.tokens
    for c in children(parse, mention.head, "appos"):
        first = min(subtree(parse, c))
        if first <= c and _is_plain(context, c) and _is_beside(context, mention.stop, first):
            yield c
    above = tokens[mention.head].head
    if tokens[mention.head].dep == "appos" and above < mention.start and _is_plain(context, above):
        start = mention.start
        while start > above and tokens[start - 1].tag == "NNP":  # "his notary, Dr. Roe"
            start -= 1
        if tokens[start - 1].text == ",":
            yield above
    front = mention.start - 1
    if (
        front >= 0
        and _is_plain(context, front)
        and (
            tokens[front].head == mention.head
            and tokens[front].dep in FRONT
            or tokens[mention.head].head == front
            and tokens[mention.head].dep in ("appos", "nmod")
        )
    ):
        yield front
    behind = mention.stop
    if (
        behind < len(tokens)
        and tokens[mention.head].head == behind
        and _is_plain(context, behind)
        and any(tokens[behind].lemma.casefold() in context.cue(cue) for cue in GENERIC)
        and child(parse, behind, "det") is not None
        and tokens[child(parse, behind, "det") or 0].text.casefold() == "the"
    ):
        yield behind
    if tokens[mention.head].dep == "nsubj" and tokens[above].lemma == "be" and tokens[above].tag in ("VBZ", "VBD"):
        for c in children(parse, above, "attr"):
            if _is_plain(context, c) and child(parse, c, "det") is not None and not children(parse, above, "neg"):
                yield c


def _is_beside(context: Context, stop: int, first: int) -> bool:
    """Whether only a comma, or an age between commas, stands between a name and what stands beside it."""
    between = [t.text for t in context.parse.tokens[stop:first]]
    return between == [","] or len(between) == 3 and between[::2] == [",", ","] and between[1].isdigit()


def _is_plain(context: Context, i: int) -> bool:
    """Whether token i is a singular common noun in no name."""
    token = context.parse.tokens[i]
    return token.tag == "NN" and i not in context.at and token.text[:1].islower()
