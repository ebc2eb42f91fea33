"""Titles and roles: "CIA Director Jane Doe", "John Roe, chair of X", "he served as envoy to Y", "her brother Z".

A role phrase is found on the surface, since parsers break on long titles; who holds it and for whom is then read from
its neighbours: name after or before, copula, "as", apposition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kg.counterparts import counterparts
from kg.referents import Context, Referent
from kg.role_bodies import (
    DETERMINERS,
    after_role,
    before_role,
    behind_comma,
    behind_name,
    in_brackets,
    title_span,
    word_of,
)
from kg.role_holders import Held, apposed, fitting, heir, members, namer, nominated, of_clause, predicated
from kg.role_words import PERSONS, Role, RoleIndex, RoleWords, role_index, role_words

__all__ = ["Role", "RoleIndex", "find_roles", "role_index"]

STATE_POSTS = frozenset({"minister", "premier", "chancellor", "governor", "mayor", "senator", "mp"})
WHOLES = frozenset({"state", "government", "delegation", "board", "directors", "staff"})
"""Behind "head of" these leave the whole to lead."""
REGIONAL = frozenset("provincial regional local branch divisional".split())
FIELDS = frozenset({"minister", "secretary", "ministers"})
"""Offices that lead a state's body for the field behind them."""
JOINERS = frozenset(
    {"and", "&", "/", ",", "the", "a", "an", "then", "also", "later", "as", "his", "her", "its", "former"}
)


def find_roles(context: Context, index: RoleIndex) -> tuple[Role, ...]:
    """All roles of the text that have a holder, in text order."""
    words = tuple(role_words(context, index))
    spans = {w.start: w.stop for w in words}
    candidates = [_role(context, w, spans) for w in words]
    shared = _respectively(context, _shared(context, _outermost(context, candidates)))
    held = (role for role in _mutual(shared, index) if role.holders)
    found = tuple(r for role in held for r in (role, *_heirs(context, role)))
    return (*found, *counterparts(context, found, index))


def _role(context: Context, words: RoleWords, spans: Mapping[int, int]) -> Role:
    parse = context.parse
    head = _syntactic_head(context, words.start, words.stop)
    before = before_role(context, words.start)
    after = after_role(context, words, spans)
    right, employers, tense = after.stop, after.employers, before.tense
    foreign = bool(before.bodies) and all(b.type == "Country" for b in before.bodies)
    inner = after.at_home or _are_districts(context, after.bodies)
    bodies = after.bodies if foreign and inner else before.bodies or after.bodies
    title, first, last = title_span(context, before.modifiers, words, after.title_stop)
    many = words.plural or _says_respectively(context, head)
    held = None
    if after.named is not None:
        found = fitting(context, after.named.head, words, expand=many)
        held = Held(holders=found, trigger=head, how="title") if found else None
    held = (
        held
        or nominated(context, before.start)
        or predicated(context, words, head)
        or members(context, words, head)
        or apposed(context, replace(words, plural=many), before.start, right, head)
        or Held(holders=(), trigger=head, how="")
    )
    if words.plural and len(held.holders) == 1 and not held.single and held.how in ("copula", "as", "apposition"):
        held = Held(holders=(), trigger=head, how="")  # "to serve as leaders", said of one, is no title
    if tense == "current":
        tense = held.tense
    if title.casefold().replace("-", " ").split()[-1] in context.cue("future-role"):
        tense = "future"
    if held.how == "title" and after.named is not None:
        bodies = bodies or tuple(b for b in behind_name(context, after.named) if not _is_of_party(context, title, b))
    if held.how == "apposition":
        further, right = behind_comma(context, first, right, known=bool(bodies))
        if bodies:
            employers = (*employers, *further)
        bodies = bodies or further
    if not bodies and before.start and parse.tokens[before.start - 1].text == "(":
        bodies, right = in_brackets(context, right)
    own = {h.entity for h in held.holders}
    bodies = tuple(b for b in bodies if b.entity not in own)
    if (
        not bodies
        and held.how == "copula"
        and parse.tokens[held.trigger].lemma in context.cue("naming") | context.cue("joining")
    ):
        bodies = namer(context, held.trigger, held.holders)
    if not bodies and held.how == "with-as":
        bodies = of_clause(context, head)
    return Role(
        entries=words.entries, start=before.start, stop=right, head=head, title=title, bodies=bodies,
        holders=held.holders,
        tense=tense, trigger=held.trigger if held.how == "copula" else head, how=held.how, title_at=(first, last),
        plural=words.plural, part=after.part or bool(before.bodies) and _of_part(context, words, after.title_stop),
        employers=tuple(e for e in employers if e.entity not in own and e.entity not in {b.entity for b in bodies}),
    )  # fmt: skip


def _is_of_party(context: Context, title: str, body: Referent) -> bool:
    """Whether an officer of state has his party behind his name: "Prime Minister Jane Doe of the Salt Party"."""
    name = (context.entities[body.entity].name or "").casefold().split()
    return title.casefold().split()[-1] in STATE_POSTS and body.type == "Organization" and name[-1:] == ["party"]


def _are_districts(context: Context, bodies: tuple[Referent, ...]) -> bool:
    """Whether these are districts of a state's service: the marshal for the Eastern District is its own."""
    names = [(context.entities[b.entity].name or "").casefold().split() for b in bodies]
    return bool(names) and all({"district", "circuit"} & {*name} for name in names)


def _of_part(context: Context, words: RoleWords, title_stop: int) -> bool:
    """Whether "of" and a common noun, "for", or a region narrows it: "its head of development" does not lead it."""
    tokens = context.parse.tokens
    if REGIONAL & {word_of(t) for t in tokens[max(0, words.start - 2) : words.start]}:
        return True  # "the party's provincial secretary"
    if words.stop < len(tokens) and word_of(tokens[words.stop]) == "for":
        return FIELDS.isdisjoint(word_of(t) for t in tokens[words.start : words.stop])  # "its director for Asia"
    if title_stop <= words.stop or word_of(tokens[words.stop]) != "of":
        return False
    return not any(word_of(t) in WHOLES for t in tokens[words.stop : title_stop])


def _syntactic_head(context: Context, start: int, stop: int) -> int:
    """The token of the phrase that the rest hangs on: the last one whose head lies outside."""
    tokens = context.parse.tokens
    for i in range(start, stop):
        if not start <= tokens[i].head < stop or tokens[i].head == i:
            return i
    return stop - 1


# ---------------------------------------------------------------- roles beside roles


def _outermost(context: Context, roles: list[Role]) -> list[Role]:
    """The roles; one that is part of another's title ("adviser to the President X") takes no holder from it."""
    found: list[Role] = []
    reach = -1
    for n, role in enumerate(roles):
        if n + 1 < len(roles) and roles[n + 1].title_at[0] <= role.title_at[0]:
            continue  # "Deputy" of "Deputy Budget Director"
        if role.title_at[0] < reach and _behind_preposition(context, role):
            continue
        if role.how == "title":
            reach = max(reach, role.stop)
        elif any(e.position for e in role.entries):
            reach = max(reach, role.title_at[1])
        found.append(role)
    return found


def _behind_preposition(context: Context, role: Role) -> bool:
    tokens, i = context.parse.tokens, role.title_at[0] - 1
    while i >= 0 and tokens[i].tag in DETERMINERS:
        i -= 1
    return i >= 0 and tokens[i].pos == "ADP"


def _heirs(context: Context, role: Role) -> tuple[Role, ...]:
    """In "X will replace Y as editor" Y is editor, and X will be."""
    if role.how != "outgoing":
        return ()
    held = heir(context, role.head, role.holders)
    if held is None:
        return ()
    return (replace(role, holders=held.holders, trigger=held.trigger, how=held.how, tense=held.tense),)


def _shared(context: Context, roles: list[Role]) -> list[Role]:
    """Roles with what coordinated neighbours lend: in "founder and chairman of X Jane Doe" both are hers and for X."""
    shared = list(roles)
    for n in reversed(range(len(shared) - 1)):
        role, after = shared[n], shared[n + 1]
        if not _coordinated(context, role, after) or not role.holders and _stands_alone(context, role, after):
            continue
        holders = role.holders or _able(role, after.holders)
        bodies = role.bodies
        same = not after.holders or {h.entity for h in holders} == {h.entity for h in after.holders}
        if not bodies and same and role.stop <= after.start and role.tense == after.tense:
            bodies = tuple(b for b in after.bodies if b.token >= after.head or not after.title)
        tense = after.tense if not role.holders and role.tense == "current" and after.how == "copula" else role.tense
        shared[n] = replace(role, holders=holders, bodies=bodies, how=role.how or after.how, tense=tense)
    for n in range(1, len(shared)):
        before, role = shared[n - 1], shared[n]
        if not role.holders and before.holders and _coordinated(context, before, role):
            tense = role.tense if role.tense != "current" else before.tense
            shared[n] = replace(
                role, holders=_able(role, before.holders), how=before.how, trigger=before.trigger, tense=tense
            )
        elif (
            before.tense == "former"
            and role.tense == "current"
            and role.holders == before.holders
            and _bare(context, before, role)
        ):
            shared[n] = replace(role, tense="former")
        elif (
            role.holders and before.holders and not role.bodies and before.bodies and before.how == role.how == "title"
        ):
            if _one_list(context, before.holders[0], role.holders[0]) and all(
                b.token < before.head for b in before.bodies
            ):
                shared[n] = replace(role, bodies=before.bodies)
    return shared


def _able(role: Role, holders: tuple[Referent, ...]) -> tuple[Referent, ...]:
    if role.plural and len(holders) == 1:
        return ()  # "100 doctors, and its president, Jane Doe"
    return tuple(h for h in holders if h.type in PERSONS) if any(e.position for e in role.entries) else holders


def _stands_alone(context: Context, role: Role, after: Role) -> bool:
    """ "The Vice President and President Roe": definite before bare title, these are two people."""
    tokens = context.parse.tokens
    return after.how == "title" and tokens[role.start].tag == "DT" and not role.bodies and after.title[:1].isupper()


def _bare(context: Context, before: Role, role: Role) -> bool:
    """Whether only a conjunction parts the titles, "former governor and treasurer": then "former" is said of both."""
    tokens = context.parse.tokens[before.title_at[1] : role.title_at[0]]
    new = {word_of(t) for t in context.parse.tokens[role.start : role.stop]} & {
        "outgoing",
        "current",
        "incumbent",
        "acting",
    }
    return [word_of(t) for t in tokens] in (["and"], ["&"]) and not new


def _one_list(context: Context, a: Referent, b: Referent) -> bool:
    """Whether b's name is coordinated with a's: "Acme's economist X and strategist Y" are both Acme's."""
    tokens = context.parse.tokens
    return tokens[b.token].dep == "conj" and tokens[b.token].head in (a.token, tokens[a.token].head)


def _coordinated(context: Context, a: Role, b: Role) -> bool:
    """Whether only a conjunction, a comma or the like stands between two role phrases of one sentence."""
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    if sentence[a.head] != sentence[b.head]:
        return False
    gap = [word_of(t) for t in tokens[a.stop : b.start]]
    return (
        len(gap) <= 3
        and all(word in JOINERS for word in gap)
        and bool({"and", "&", "/", ","} & {*gap, word_of(tokens[a.stop - 1])})
    )


def _respectively(context: Context, roles: list[Role]) -> list[Role]:
    """ "A and B, president and fellow of X respectively", "A and B, spokesmen of X and Y respectively": one to one."""
    paired: list[Role] = []
    for n, role in enumerate(roles):
        many = len(role.holders)
        if (
            (role.plural or _says_respectively(context, role.head))
            and 1 < many == len(role.bodies)
            and any(e.position for e in role.entries)
        ):
            paired += [replace(role, holders=(h,), bodies=(b,)) for h, b in zip(role.holders, role.bodies, strict=True)]
            continue
        if many < 2 or not _says_respectively(context, role.head):
            paired.append(role)
            continue
        sentence = context.parse.sentences[context.parse.sentence_of[role.head]]
        same = [
            m
            for m, other in enumerate(roles)
            if other.holders == role.holders and sentence.start <= other.head < sentence.stop
        ]
        if len(same) == len(role.holders):
            body = role.bodies or next((roles[m].bodies for m in reversed(same) if roles[m].bodies), ())
            paired.append(replace(role, holders=(role.holders[same.index(n)],), bodies=body))
        elif len(same) == 1 and len(role.bodies) == len(role.holders):
            paired += [replace(role, holders=(h,), bodies=(b,)) for h, b in zip(role.holders, role.bodies, strict=True)]
        else:
            paired.append(role)
    return paired


def _says_respectively(context: Context, i: int) -> bool:
    sentence = context.parse.sentences[context.parse.sentence_of[i]]
    if "respectively" not in context.parse.document.text[sentence.begin : sentence.end].casefold():
        return False  # asked of every role
    return any(word_of(t) == "respectively" for t in context.parse.tokens[sentence.start : sentence.stop])


def _mutual(roles: list[Role], index: RoleIndex) -> list[Role]:
    """ "A and B are allies", "twins A and B": each of those named together is what the word says to the others."""
    found: list[Role] = []
    for role in roles:
        together = any(entry.relation in index.mutual for entry in role.entries)
        if not (together and role.plural and not role.bodies and len(role.holders) > 1):
            found.append(role)
            continue
        found += [replace(role, holders=(h,), bodies=role.holders[n + 1 :]) for n, h in enumerate(role.holders[:-1])]
    return found
