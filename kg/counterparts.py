"""Roles told by somebody else's: "his Angolan counterpart, X", "her successor, Y", "replacing Z".

Whoever is the counterpart of a minister is a minister too, of the state in front; a successor holds what was held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.factuality import factuality
from kg.frames import verb_slots
from kg.referents import Context, Referent, referents
from kg.role_holders import OUTGOING, verb_tense
from kg.role_words import Role, RoleIndex
from kg.syntax import children
from kg.types import Tense

COUNTERPARTS = frozenset({"counterpart", "colleague"})
HEIRS: dict[str, Tense] = {"successor": "current", "predecessor": "former"}
PLAYERS = frozenset("player midfielder striker defender goalkeeper forward winger captain singer actor actress".split())
"""Whose places others take for an hour."""
OFFICES = frozenset({"leads", "speaksFor", "worksFor"})
PLAIN = ("official",)
"""The role of a counterpart of whom nothing is known but the state."""


def counterparts(context: Context, roles: Sequence[Role], index: RoleIndex) -> Iterator[Role]:
    """The roles that such words tell of."""
    yield from _successions(context, roles)
    for token in context.parse.tokens:
        lemma = token.lemma.casefold()
        if token.tag != "NN" or token.i in context.at or lemma not in COUNTERPARTS and lemma not in HEIRS:
            continue
        owner = next((c for c in children(context.parse, token.i, "poss")), None)
        holder = _beside(context, token.i)
        if owner is None or holder is None:
            continue
        of = {r.entity for r in referents(context, owner, expand=False) if r.type == "Person"}
        held = [r for r in roles if r.head < token.i and of & {h.entity for h in r.holders} and _is_post(r)]
        if lemma in HEIRS:
            for role in held[-1:]:
                yield _like(role, token.i, holder, role.bodies, HEIRS[lemma])
            continue
        lands = _lands(context, token.i)
        if not lands:
            continue
        if held:
            yield _like(held[-1], token.i, holder, lands, "current")
        elif of and PLAIN in index.entries and lemma == "counterpart":
            yield replace(
                Role(
                    entries=index.entries[PLAIN], start=token.i, stop=token.i + 1, head=token.i, title="", bodies=lands,
                    holders=(holder,), tense="current", trigger=token.i, how="apposition",
                ),
                derived=True,
            )  # fmt: skip


def _successions(context: Context, roles: Sequence[Role]) -> Iterator[Role]:
    """What one of two holds where a verb says that one follows the other: "replacing Y", "took over from Y"."""
    parse = context.parse
    for token in parse.tokens:
        if token.pos != "VERB" or token.lemma not in OUTGOING and not _takes_over(context, token.i):
            continue
        slots = verb_slots(parse, token.i, context.refers)
        new = _one(context, slots.get("subj", ()))
        old = _one(context, slots.get("obj", ()) if token.lemma in OUTGOING else slots.get("from", ()))
        if new is None or old is None or new.entity == old.entity:
            continue
        judged = factuality(parse, token.i, context.cues)
        if judged.stance == "denies" or judged.modality == "possible":
            continue
        to_come = judged.modality == "planned" or verb_tense(context, token.i, named=False) == "future"
        if (held := _office(context, roles, new, token.i)) is not None:
            if not _holds_one(roles, old):
                yield _like(held, token.i, old, held.bodies, "current" if to_come else "former")
        elif (left := _office(context, roles, old, token.i)) is not None:
            yield _like(left, token.i, new, left.bodies, "future" if to_come else "current")


def _takes_over(context: Context, i: int) -> bool:
    tokens = context.parse.tokens
    return tokens[i].lemma == "take" and any(tokens[c].text == "over" for c in context.parse.children[i])


def _one(context: Context, tokens: Sequence[int]) -> Referent | None:
    """The one person that these tokens stand for."""
    found = {r.entity: r for t in tokens for r in referents(context, t)}
    return next(iter(found.values())) if len(found) == 1 and all(r.type == "Person" for r in found.values()) else None


def _office(context: Context, roles: Sequence[Role], holder: Referent, verb: int) -> Role | None:
    """The office that the holder is said to have last, up to the end of the verb's sentence."""
    end = context.parse.sentences[context.parse.sentence_of[verb]].stop
    held = [
        r for r in roles
        if r.head < end and [h.entity for h in r.holders] == [holder.entity] and _is_post(r) and r.tense != "former"
        and r.title.casefold().split()[-1] not in PLAYERS and any(e.relation in OFFICES for e in r.entries)
    ]  # fmt: skip
    return held[-1] if held else None


def _holds_one(roles: Sequence[Role], holder: Referent) -> bool:
    """Whether the text tells of a post that he holds: then it is that one which somebody else takes over."""
    mine = (r for r in roles if any(h.entity == holder.entity for h in r.holders))
    return any(_is_post(r) and r.tense != "former" for r in mine)


def _is_post(role: Role) -> bool:
    return any(e.position for e in role.entries) and bool(role.title) and not role.plural


def _like(role: Role, i: int, holder: Referent, bodies: tuple[Referent, ...], tense: Tense) -> Role:
    """The same office, held by another."""
    further = tuple(replace(b, level="inferred") for b in bodies)
    return replace(
        role, start=i, stop=i + 1, head=i, trigger=i, bodies=further, holders=(holder,), tense=tense, how="apposition",
        employers=(), title_at=(i, i + 1),
    )  # fmt: skip


def _beside(context: Context, i: int) -> Referent | None:
    """The person named beside the noun: "his counterpart, X", "his counterpart X"."""
    parse = context.parse
    token = parse.tokens[i]
    near = [c for c in children(parse, i, "appos") if c > i]
    if token.dep in ("compound", "nmod", "appos") and token.head > i:
        near.append(token.head)
    behind = i + 2 if parse.tokens[i + 1 : i + 2] and parse.tokens[i + 1].text == "," else i + 1
    if behind in context.at and context.at[behind].start == behind:
        near.append(context.at[behind].head)
    for c in near:
        mention = context.at.get(c)
        if mention is not None and mention.kind == "name" and mention.type == "Person":
            return next(iter(referents(context, c, expand=False)), None)
    return None


def _lands(context: Context, i: int) -> tuple[Referent, ...]:
    """The states that stand in front of the noun as adjectives."""
    found = [
        r for c in children(context.parse, i, "amod", "compound", "nmod") for r in referents(context, c, expand=False)
    ]
    return tuple(r for r in found if r.type == "Country")
