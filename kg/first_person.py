"""Whose "I", "we" and "you" a quotation, a turn of an interview or a signed text speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from kg.referents import Context
from kg.role_words import Role
from kg.turns import Turn, byline, turns
from kg.types import Mention

FIRST = frozenset({"i", "me", "my", "mine", "myself"})
WE = frozenset({"we", "us", "our", "ours", "ourselves"})
YOU = frozenset({"you", "your", "yours"})
BODIES = frozenset({"Organization", "Country"})

Speeches = Sequence[tuple[int, int, tuple[str, ...]]]
"""Quotations as (begin, end, entities of the speaker)."""


def resolve_speakers(
    context: Context, speeches: Iterable[tuple[int, int, tuple[str, ...]]], roles: Iterable[Role] = ()
) -> tuple[Mention, ...]:
    """Mentions of "I" for who speaks, "you" for whom an interviewer asks, "we" for the body that one speaks for."""
    quoted = list(speeches)
    spans = sorted((s for s in quoted if s[2]), key=lambda s: s[1] - s[0])
    said, author = turns(context), byline(context)
    bodies = _bodies(context, roles)
    found: list[Mention] = []
    for token in context.parse.tokens:
        word = token.text.casefold()
        if word not in FIRST | WE | YOU or not (token.pos in ("PRON", "DET") or token.tag in ("PRP", "PRP$")):
            continue
        speaker = next((e for begin, end, e in spans if begin <= token.begin < end), ())
        inside = bool(speaker) or any(begin <= token.begin < end for begin, end, _ in quoted)
        entity: str | None = None
        if word in FIRST:
            entity = speaker[0] if speaker else None if inside else _speaking(said, token.begin, author)
        elif word in WE:
            one = speaker[0] if speaker else None if inside else _speaking(said, token.begin, None)
            entity = bodies.get(one) if one is not None else None
        elif not inside:
            entity = next((t.hearer for t in said if t.begin <= token.begin < t.end), None)
        if entity is not None:
            found.append(mention_at(context, token.i, (entity,)))
    return tuple(found)


def _speaking(said: Sequence[Turn], at: int, author: str | None) -> str | None:
    """Who says what stands at an offset outside quotations: by turns, else the author of the signed text."""
    if said:
        return next((t.speaker for t in said if t.begin <= at < t.end), None)
    return author


def _bodies(context: Context, roles: Iterable[Role]) -> dict[str, str]:
    """Person -> the body or state of the office that he is first said to hold now."""
    found: dict[str, str] = {}
    for role in roles:
        held = role.tense == "current" and any(e.position for e in role.entries)
        bodies = [b.entity for b in role.bodies if context.entities[b.entity].type in BODIES]
        for holder in role.holders if held and bodies else ():
            found.setdefault(holder.entity, bodies[0])
    return found


def mention_at(context: Context, i: int, entities: tuple[str, ...]) -> Mention:
    """The mention at token i: a pronoun by itself, a noun with what stands in front of it."""
    parse = context.parse
    token = parse.tokens[i]
    pronoun = token.tag in ("PRP", "PRP$") or token.text.casefold() in FIRST
    kind: Literal["pronoun", "nominal"] = "pronoun" if pronoun else "nominal"
    start = min((c for c in parse.children[i] if c < i), default=i) if kind == "nominal" else i
    begin = parse.tokens[start].begin
    return Mention(
        begin=begin, end=token.end, text=parse.document.text[begin : token.end],
        type=context.entities[entities[0]].type,
        kind=kind, start=start, stop=i + 1, head=i, entities=entities,
    )  # fmt: skip
