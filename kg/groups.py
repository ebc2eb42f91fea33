"""Names that a text puts together, and the later words for them: "the pair", "both men", "the delegation", "they".

A group is a coordination or list of names, or a plural or collective noun whose members the text names ("officials,
including A and B", "members of the delegation were A, B and C").
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.referents import Context, referents
from kg.salience import role_of
from kg.syntax import ancestors, children, conjuncts, subtree
from kg.types import EntityType, Mention

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
NUMBERS = {
    "two": 2,
    "both": 2,
    "pair": 2,
    "duo": 2,
    "couple": 2,
    "parent": 2,
    "three": 3,
    "trio": 3,
    "four": 4,
    "quartet": 4,
    "five": 5,
}
CLOSE = frozenset({"pair", "duo", "couple"})
"""Words for two who were named just now; "the two officials" may have met further up."""
NEAR = 3
"""Sentences within which "the two" may stand for names put together."""
FAR = 25
"""Sentences within which a noun may stand for the members named of it: "the delegation"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entities named together: at token `token`, of one class; `label` is the lemma of the noun they are members of,
    "" for a bare coordination, `words` what modifies it, `subject` whether they are one."""

    token: int
    sentence: int
    entities: tuple[str, ...]
    type: EntityType
    label: str = ""
    words: frozenset[str] = frozenset()
    subject: bool = False


def find_groups(context: Context) -> tuple[Group, ...]:
    """All groups whose members the text names, in text order."""
    found = [*_coordinations(context), *_memberships(context)]
    return tuple(sorted(found, key=lambda g: (g.token, g.label)))


def _coordinations(context: Context) -> list[Group]:
    parse = context.parse
    found: list[Group] = []
    listed: set[int] = set()
    for heads in dict.fromkeys(context.lists.values()):
        listed.update(heads)
        found += _group(context, heads[0], heads)
    for token in parse.tokens:
        if token.i in context.at and token.i not in listed and (token.dep != "conj" or token.head not in context.at):
            heads = tuple(h for c in conjuncts(parse, token.i) for h in _named_by(context, c))
            if len(heads) > 1:
                found += _group(context, token.i, heads)
            elif token.dep in SUBJECTS and context.at[token.i].type == "Person":
                found += _together(context, token.i)
    return found


def _named_by(context: Context, i: int) -> list[int]:
    """Token i if it is of a name, else the name beside it: "his wife, Jane Roe"."""
    if i in context.at:
        return [i]
    beside = children(context.parse, i, "appos") if context.parse.tokens[i].pos == "NOUN" else []
    return [c for c in beside if c in context.at and context.at[c].kind == "name"][:1]


def _together(context: Context, subject: int) -> list[Group]:
    """ "X eloped with Y": both, where "with" hangs on the subject's own verb."""
    parse = context.parse
    for p in children(parse, parse.tokens[subject].head, "prep"):
        if parse.tokens[p].text.casefold() == "with":
            for o in children(parse, p, "pobj"):
                named = [r.token for r in referents(context, o, expand=False) if r.type == "Person"]
                if len(named) == 1 and named[0] in context.at:
                    return _group(context, subject, (subject, named[0]))
    return []


def _group(context: Context, token: int, heads: Sequence[int]) -> list[Group]:
    mentions = [context.at[h] for h in heads]
    entities = tuple(dict.fromkeys(e for m in mentions if m.kind == "name" for e in m.entities))
    kinds = {_kind(context.entities[e].type) for e in entities}
    if len(entities) < 2 or len(kinds) != 1:
        return []
    parse = context.parse
    return [Group(
        token=token, sentence=parse.sentence_of[token], entities=entities, type=next(iter(kinds)),
        subject=parse.tokens[token].dep in SUBJECTS,
    )]  # fmt: skip


def _kind(kind: EntityType) -> EntityType:
    return "Country" if kind == "Place" else kind


def _memberships(context: Context) -> list[Group]:
    """Plural and collective nouns whose members are named: by "including", "such as", by a verb, by "were"."""
    parse = context.parse
    found: list[Group] = []
    for token in parse.tokens:
        if (
            token.pos != "NOUN"
            or token.i in context.at
            or not (token.tag == "NNS" or token.lemma.casefold() in context.cue("nominal-collective"))
        ):
            continue
        persons = tuple(r.entity for r in referents(context, token.i, expand=False) if r.type == "Person")
        if len(persons) < 2 and token.dep in SUBJECTS:
            verb = parse.tokens[token.head]
            deps = (
                ("dobj",)
                if verb.lemma in ("include", "comprise", "involve")
                else ("attr",)
                if verb.lemma == "be"
                else ()
            )
            persons = (
                tuple(
                    r.entity
                    for o in children(parse, verb.i, *deps)
                    for r in referents(context, o)
                    if r.type == "Person"
                )
                if deps
                else ()
            )
            if verb.lemma in ("include", "comprise"):
                persons = tuple(dict.fromkeys((*persons, *_listed(context, verb.i))))
        if len(persons) < 2:
            continue
        head = token.i
        for p in children(parse, head, "prep"):  # "members of the delegation": the delegation it is
            inner = [
                o
                for o in children(parse, p, "pobj")
                if parse.tokens[o].lemma.casefold() in context.cue("nominal-collective")
            ]
            if parse.tokens[p].text.casefold() == "of" and inner:
                head = inner[0]
        found.append(Group(
            token=token.i, sentence=parse.sentence_of[token.i], entities=persons, type="Person",
            label=parse.tokens[head].lemma.casefold(), words=modifiers(context, head), subject=token.dep in SUBJECTS,
        ))  # fmt: skip
    return found


def _listed(context: Context, verb: int) -> Iterator[str]:
    """The persons named behind "included", in no clause of their own, however the parser hangs them up: "included
    diplomat and Harbour Council president Jane Roe, as well as officials Jo Ek and Ida Moe"."""
    tokens = context.parse.tokens
    for i in subtree(context.parse, verb):
        mention = context.at.get(i)
        if i < verb or mention is None or mention.kind != "name" or i != mention.head or mention.type != "Person":
            continue
        above = [i, *itertools.takewhile(lambda a: a != verb, ancestors(context.parse, i))]
        governed = tokens[i].dep == "pobj" and tokens[mention.start - 1].pos != "NOUN"  # "advisers to President Roe"
        if not governed and not any(tokens[a].dep in ("relcl", "acl", "advcl", "ccomp", "poss") for a in above):
            yield from mention.entities


def before(groups: Sequence[Group], i: int) -> Iterator[Group]:
    """The groups named before token i, the latest first; groups are in text order."""
    for n in range(bisect.bisect_left(groups, i, key=lambda g: g.token) - 1, -1, -1):
        yield groups[n]


def modifiers(context: Context, i: int) -> frozenset[str]:
    """The adjectives and nouns in front of noun i, lower case."""
    parse = context.parse
    return frozenset(parse.tokens[c].text.casefold() for c in children(parse, i, "amod", "compound", "nmod"))


# ---------------------------------------------------------------- words for a group


def group_for(context: Context, i: int, groups: Sequence[Group]) -> tuple[str, ...]:
    """The members that the noun or numeral at token i stands for, none where that is not sure."""
    parse = context.parse
    token = parse.tokens[i]
    lemma = token.lemma.casefold()
    words = {parse.tokens[c].text.casefold() for c in parse.children[i]} | {token.text.casefold(), lemma}
    number = next((n for word, n in NUMBERS.items() if word in words), 0)
    here = parse.sentence_of[i]
    led = _led_by(context, i)
    for group in before(groups, i):
        back = here - group.sentence
        if led and led in group.entities and back <= FAR:
            return group.entities
        if back > FAR:
            break
        if group.label == lemma and group.label in context.cue("nominal-collective"):
            return group.entities
        if group.label == lemma and back <= NEAR and (not number or number == len(group.entities)):
            return group.entities
        if led or back > NEAR or group.label or group.type not in _wanted(context, lemma):
            continue
        if (
            number == len(group.entities)
            or not number
            and lemma not in context.cue("nominal-collective")
            and group.subject
        ):
            return group.entities
    if led and context.entities[led].type == "Person" and lemma in context.cue("nominal-collective"):
        return (led,)  # who leads a group is of it, named or not the others
    if number == 2 and not led:
        wanted = _wanted(context, lemma)
        near = _pair(context, i, wanted)
        return near if near or lemma in CLOSE else _met(context, i, groups, wanted)
    return ()


def _met(context: Context, i: int, groups: Sequence[Group], wanted: frozenset[EntityType]) -> tuple[str, ...]:
    """The two whose meeting or the like the text tells of further up."""
    for group in before(groups, i):
        if context.parse.sentence_of[i] - group.sentence > FAR:
            break
        if len(group.entities) == 2 and group.subject and not group.label and group.type in wanted:
            return group.entities
    return ()


def _led_by(context: Context, i: int) -> str | None:
    """Who leads "the Aasen-led group"."""
    tokens = context.parse.tokens
    for at in range(max(0, i - 5), i - 2):
        if (
            at in context.at
            and context.at[at].entities
            and tokens[at + 1].text == "-"
            and tokens[at + 2].text.casefold() in ("led", "headed")
        ):
            return context.at[at].entities[0]
    return None


def _wanted(context: Context, lemma: str) -> frozenset[EntityType]:
    if lemma in context.cue("nominal-Country") or lemma in ("neighbour", "neighbor", "government"):
        return frozenset({"Country"})
    if lemma in context.cue("nominal-Organization"):
        return frozenset({"Organization"})
    if lemma in ("side", "rival", "ally", "two", "three", "four", "both", "partner"):
        return frozenset({"Person", "Country", "Organization"})
    return frozenset({"Person"})


def _pair(context: Context, i: int, wanted: frozenset[EntityType]) -> tuple[str, ...]:
    """The fitting entities of this sentence or of one before if they are just two: "X met Y.  The two leaders ...".

    One of them is who acts; what only owns or modifies something else does not count, unless it is a state.
    """
    parse = context.parse
    here = parse.sentence_of[i]
    for back in (0, 1, 2):
        if here - back < 0:
            return ()
        start, stop = parse.sentences[here - back].start, parse.sentences[here - back].stop
        mentions = [context.at[j] for j in range(start, min(stop, i)) if j in context.at and context.at[j].head == j]
        fitting = [m for m in mentions if m.entities and _kind(m.type) in wanted and _takes_part(context, m)]
        entities = list(dict.fromkeys(m.entities[0] for m in fitting))
        if len(entities) == 2:
            acts = any(role_of(parse, m.head) in ("subj", "subj+") for m in fitting)
            return tuple(entities) if acts or _kind(fitting[0].type) == "Country" else ()
        if len(entities) > 2:
            return ()
    return ()


def _takes_part(context: Context, mention: Mention) -> bool:
    if _kind(mention.type) == "Country":
        return mention.kind in ("name", "demonym")
    return mention.kind == "name" and role_of(context.parse, mention.head) not in ("poss", "compound", "other")
