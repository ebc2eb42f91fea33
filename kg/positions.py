"""Roles -> positions: a person, a title and the body it is held at, each told once.

Titles that one person holds together at one body ("chair and chief executive of X") are one position, as the text says
it; a bare form of address ("President Roe") adds nothing where the text tells the position in full.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.factuality import Factuality
from kg.posts import led, posts
from kg.referents import Context, Referent
from kg.role_words import Role, tells_nationality
from kg.terms_in_office import in_term
from kg.types import Claim, Position, Tense

ALIKE = frozenset({("current", "current"), ("former", "former"), ("future", "future"), ("former", "current")})
"""Tenses of a full and a bare title that tell of one position: the former president is "President Roe" too."""
FIELD_OFFICES = frozenset({"secretary", "minister"})
HEAD_OF_GOVERNMENT = re.compile(r"\b(prime|chief|first) minister\b", re.IGNORECASE)
"""The whole government's, not a field's."""
BETWEEN = frozenset({"and", "&", ",", "/"})


def positions(
    context: Context, roles: Iterable[Role], claims: Iterable[Claim], judged: Callable[[Role], Factuality]
) -> tuple[Position, ...]:
    """The positions that roles and claims tell of, in text order; `judged` tells what the text makes of a role."""
    held = [
        r for r in roles if not r.derived and r.title and (any(e.position for e in r.entries) or _is_post(context, r))
    ]
    found = [p for role in _together(context, held) for p in _of(context, role, judged(role))]
    further = (in_term(context, p, verb) for p, verb in posts(context))
    found += [p for p in further if not any(_same_post(p, other) for other in found)]
    told = {(p.holder, p.organization) for p in found}
    found += [in_term(context, p, verb) for p, verb in led(context, claims) if (p.holder, p.organization) not in told]
    return tuple(dict.fromkeys(p for p in found if not _told_better(p, found)))


def with_likely_bodies(
    found: Iterable[Position], said: Iterable[Claim], likely: Iterable[Claim]
) -> tuple[Position, ...]:
    """The positions; without its body each whose holder's only claims about that body are too unlikely to be told.

    Who holds one title at several bodies keeps them.
    """
    found = tuple(found)
    doubted = {(c.subject, c.object) for c in said} - {(c.subject, c.object) for c in likely}
    times = Counter((p.holder, p.title.casefold()) for p in found)
    alone = {p for p in found if times[p.holder, p.title.casefold()] == 1}
    kept = [replace(p, organization=None) if (p.holder, p.organization) in doubted and p in alone else p for p in found]
    return tuple(dict.fromkeys(p for p in kept if not _told_better(p, kept)))


def _same_post(a: Position, b: Position) -> bool:
    """Whether `b`, told by a title, tells what `a` tells; a nominee for an office that is named is told with it."""
    alike = set(a.title.casefold().split()) & set(b.title.casefold().split())
    same = a.organization == b.organization and bool(alike) or a.organization is None and a.evidence == b.evidence
    return a.holder == b.holder and a.tense == b.tense and same


def _of(context: Context, role: Role, judged: Factuality) -> Iterator[Position]:
    if (
        judged.stance == "denies"
        or role.plural
        and role.how == "copula"
        and not any(b.type == "Organization" for b in role.bodies)
    ):
        return  # several said to be "leaders in their field" have no title by it
    tense: Tense = "future" if judged.modality == "planned" else role.tense
    sentence = context.parse.sentences[context.parse.sentence_of[role.head]]
    bodies: tuple[str | None, ...] = tuple(b.entity for b in role.bodies if _of_post(context, role, b)) or (None,)
    for holder in role.holders:
        if holder.type == "Person":
            for body in bodies:
                position = Position(
                    holder=holder.entity,
                    title=role.title,
                    organization=body,
                    tense=tense,
                    evidence=(sentence.begin, sentence.end),
                )
                yield in_term(context, position, role.trigger if role.timed else role.head, behind=role.stop)


def _is_post(context: Context, role: Role) -> bool:
    """Whether a role that others than people may hold is a post when a person holds it: member of a named body."""
    last = role.title.split()[-1].casefold()
    return last in context.cue("post") and any(b.type == "Organization" for b in role.bodies)


def _of_post(context: Context, role: Role, body: Referent) -> bool:
    """Whether the body is where the post is: a senator's is no country, a secretary's department is not the state."""
    if (
        body.level == "inferred"
        and body.type == "Country"
        and FIELD_OFFICES & set(role.title.casefold().split())
        and not HEAD_OF_GOVERNMENT.search(role.title)
    ):
        return False
    if tells_nationality(context, role, body):
        return False
    return any(not e.object_types or body.type in e.object_types for e in role.entries)


def _together(context: Context, roles: list[Role]) -> list[Role]:
    """The roles; those that the same people hold at the same bodies and that stand side by side as one."""
    joined: list[Role] = []
    for role in roles:
        last = joined[-1] if joined else None
        if last is not None and _one_post(context, last, role):
            words = (t.text for t in context.parse.tokens[last.title_at[0] : role.title_at[1]] if t.tag != "POS")
            joined[-1] = replace(
                role,
                title=" ".join(words).replace(" - ", "-").replace(" ,", ","),
                title_at=(last.title_at[0], role.title_at[1]),
            )
        else:
            joined.append(role)
    return joined


def _one_post(context: Context, a: Role, b: Role) -> bool:
    gap = [t.text.casefold() for t in context.parse.tokens[a.title_at[1] : b.title_at[0]]]
    after = context.parse.tokens[b.title_at[1] : b.title_at[1] + 2]
    chained = any(t.text.casefold() in ("and", "&") for t in after)  # "chair, president and founder"
    return (
        (bool({"and", "&", "/"} & {*gap}) or bool(gap) and chained)
        and all(word in BETWEEN for word in gap)
        and a.tense == b.tense
        and {h.entity for h in a.holders} == {h.entity for h in b.holders}
        and {x.entity for x in a.bodies} == {x.entity for x in b.bodies}
    )


def _told_better(position: Position, others: Iterable[Position]) -> bool:
    """Whether this position, told without a body, is told with one, or in more words, elsewhere in the text."""
    if position.organization is not None:
        return False
    words = position.title.casefold().split()
    for other in others:
        if other is position or other.holder != position.holder or (other.tense, position.tense) not in ALIKE:
            continue
        theirs = other.title.casefold().split()
        if other.organization is None and (len(theirs) <= len(words) or other.tense != position.tense):
            continue
        if words == theirs or set(words) <= set(theirs) and (words[-1] == theirs[-1] or len(words) > 1):
            return True
    return False
