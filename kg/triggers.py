"""Triggers: the words of a text that can say a relation, with the lexical entry and the slots that syntax fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kg.frames import Slots, adjective_slots, verb_slots, with_further_words
from kg.noun_frames import noun_slots
from kg.ontology import Ontology
from kg.referents import Context
from kg.role_words import Role
from kg.syntax import child
from kg.types import LexicalEntry, Token
from kg.verdicts import verdict

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
IRREGULAR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"wrote": ("write",), "written": ("write",), "led": ("lead",), "won": ("win",)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A token that can say the entry's relation, and the slots that syntax fills around it."""

    token: int
    entry: LexicalEntry
    slots: Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A lexical entry that fits at a token, and the tokens of its further words."""

    entry: LexicalEntry
    words: tuple[int, ...]


def find_triggers(context: Context, ontology: Ontology, roles: Iterable[Role] = ()) -> Iterator[Trigger]:
    """Every verb, event noun and adjective of the text with each entry that fits it, in text order.

    `roles` lend verbs the slots `role-body`, X in "resigned as head of X", and `own-body`, X in
    "the head of X resigned".
    """
    roles = tuple(roles)
    support = context.cue("support") | context.cue("plan-object")
    bodies: dict[int, list[int]] = {}
    for role in roles:
        for at in dict.fromkeys((role.trigger, *_verb_above(context, role.head))):
            bodies.setdefault(at, []).extend(b.token for b in role.bodies)
    for token in context.parse.tokens:
        i = token.i
        lemma = token.lemma.casefold()
        if token.pos in ("VERB", "AUX") or token.tag in ("VBN", "VBG", "VBD"):
            matches = _matching(context, i, ontology.verbs.get(lemma) or _behind_prefix(token, ontology))
            if matches:
                slots = _fronted(context, i, _with_heading(context, i, verb_slots(context.parse, i, context.refers)))
                if i in bodies:
                    slots = {**slots, "role-body": tuple(bodies[i])}
                elif own := _own_bodies(roles, {*slots.get("subj", ()), *slots.get("obj", ())}):
                    slots = {**slots, "own-body": own}
                for match in matches:
                    filled = with_further_words(context.parse, slots, match.words, context.refers)
                    yield Trigger(token=i, entry=match.entry, slots=filled)
        if token.pos in ("NOUN", "PROPN") and i not in _names(context, i):
            matches = _matching_noun(
                context, i, ontology.nouns.get(lemma, ()) or ontology.nouns.get(token.text.casefold(), ())
            )
            if matches:
                slots = noun_slots(context.parse, i, context.refers, support)
                for match in matches:
                    yield Trigger(token=i, entry=match.entry, slots=slots)
        if token.pos in ("ADJ", "VERB") or token.tag in ("VBN", "JJ") or token.dep == "advmod" and token.pos == "ADV":
            matches = _matching(context, i, ontology.adjectives.get(token.text.casefold(), ()))
            if matches:
                slots = adjective_slots(context.parse, i, context.refers)
                for match in matches:
                    yield Trigger(token=i, entry=match.entry, slots=slots)


def _own_bodies(roles: Iterable[Role], persons: set[int]) -> tuple[int, ...]:
    """Whom the persons at these tokens serve by title or apposition: X in "Jane Roe, chair of X, resigned"."""
    held = (
        r
        for r in roles
        if r.how in ("title", "apposition")
        and r.tense == "current"
        and not persons.isdisjoint(h.token for h in r.holders)
    )
    return tuple(dict.fromkeys(body.token for role in held for body in role.bodies))


def _with_heading(context: Context, v: int, slots: Slots) -> Slots:
    """A line that opens with its verb, "Nominated to the Court", is about the person who alone is the line above."""
    parse = context.parse
    sentence = parse.sentences[parse.sentence_of[v]]
    if v != sentence.start or sentence.index == 0 or "subj" in slots and "obj" in slots:
        return slots
    above = parse.sentences[sentence.index - 1]
    mention = context.at.get(above.stop - 1)
    alone = (
        mention is not None and mention.kind == "name" and mention.type == "Person" and mention.start <= above.start + 2
    )
    if not alone or above.block == sentence.block or mention is None:
        return slots
    slot = "obj" if parse.tokens[v].tag == "VBN" else "subj"
    return slots if slot in slots else {**slots, slot: (mention.head,)}


def _fronted(context: Context, v: int, slots: Slots) -> Slots:
    """ "Sued by her agent, Peter Doe, the singer Jane Roe left": Doe is the agent by name, Roe whom it is about.

    Parsers take the two names for one list, or the first for the subject.
    """
    parse = context.parse
    tokens, sentence = parse.tokens, parse.sentences[parse.sentence_of[v]]
    if tokens[v].tag not in ("VBN", "VBD") or any(t.text.isalpha() for t in tokens[sentence.start : v]):
        return slots
    agents = [a for a in slots.get("subj", ()) if a in slots.get("by", ()) and tokens[a].tag == "NN"]
    if not agents or agents[0] + 2 >= sentence.stop or tokens[agents[0] + 1].text != ",":
        return slots
    named = context.at.get(agents[0] + 2)
    if named is None or named.kind != "name" or named.stop >= sentence.stop or tokens[named.stop].text != ",":
        return slots
    later = (context.at[i] for i in range(named.stop + 1, sentence.stop) if i in context.at)
    about = next((m for m in later if m.kind == "name"), None)
    if about is None or any(tokens[i].tag in FINITE for i in range(named.stop + 1, about.start)):
        return slots
    return {**slots, "subj": (named.head,), "by": (named.head,), "obj": (about.head,)}


def _behind_prefix(token: Token, ontology: Ontology) -> tuple[LexicalEntry, ...]:
    """The entries of "author" for "co-authored": a prefixed verb says what the plain one says."""
    word = token.text.casefold()
    if word[:3] not in ("co-", "re-"):
        return ()
    base = word[3:]
    forms = (base, base[:-1], base[:-2], base[:-3], f"{base[:-3]}e", *IRREGULAR.get(base, ()))
    return next((ontology.verbs[form] for form in forms if form in ontology.verbs), ())


def _verb_above(context: Context, head: int) -> tuple[int, ...]:
    """The verb that a role phrase complements: directly, or behind "as" or "to"."""
    tokens = context.parse.tokens
    while tokens[head].dep == "conj" and tokens[head].head != head:
        head = tokens[head].head
    above = tokens[tokens[head].head]
    if tokens[head].dep == "pobj" and above.text.casefold() in ("as", "to", "from"):
        above = tokens[above.head]
    return (
        (above.i,)
        if above.pos in ("VERB", "AUX") and tokens[head].dep in ("pobj", "attr", "oprd", "dobj", "xcomp")
        else ()
    )


def _names(context: Context, i: int) -> tuple[int, ...]:
    mention = context.at.get(i)
    return (i,) if mention is not None and mention.kind == "name" else ()


# ---------------------------------------------------------------- which entries match


def _matching(context: Context, i: int, entries: Iterable[LexicalEntry]) -> list[Match]:
    """Entries whose further words stand near token i; one with more words hides those of its relation with fewer."""
    found: list[Match] = []
    near: dict[str, int] | None = None
    for entry in entries:
        for words in entry.words:
            if len(words) > 1:
                near = near if near is not None else {**_near(context, i), **verdict(context, i)}
                if words[1] not in near or not all(word in near for word in words[2:]):  # most fail at the first
                    continue
            found.append(
                Match(entry=entry, words=tuple(near[word] for word in words[1:]) if near and len(words) > 1 else ())
            )
            break
    return _longest(found)


def _longest(found: list[Match]) -> list[Match]:
    most: dict[str, int] = {}
    for match in found:
        most[match.entry.relation] = max(most.get(match.entry.relation, 0), len(match.words))
    return [match for match in found if len(match.words) == most[match.entry.relation]]


def _near(context: Context, i: int) -> dict[str, int]:
    """Lemmas and words among the near dependents of token i, two levels down, clauses left out.

    A preposition counts as a particle only without an object: "took the title on Saturday" is no "take on".
    """
    tokens = context.parse.tokens
    found: dict[str, int] = {}
    level = list(context.parse.children[i])
    for depth in range(3):
        below: list[int] = []
        for c in level:
            clause = tokens[c].dep == "ccomp" and tokens[c].pos != "ADJ"  # but "found him guilty"
            if clause or tokens[c].dep in ("relcl", "advcl", "conj", "nsubj", "nsubjpass", "csubj", "parataxis"):
                continue
            mention = context.at.get(c)
            bare = tokens[c].pos != "ADP" or tokens[c].dep == "prt" or child(context.parse, c, "pobj", "pcomp") is None
            if bare and (mention is None or mention.kind in ("pronoun", "nominal")):
                found.setdefault(tokens[c].lemma.casefold(), c)
                found.setdefault(tokens[c].text.casefold(), c)
            if depth < 2:
                below.extend(context.parse.children[c])
        level = below
    return found


def _matching_noun(context: Context, i: int, entries: Iterable[LexicalEntry]) -> list[Match]:
    tokens = context.parse.tokens
    found: list[Match] = []
    for entry in entries:
        for words in entry.words:
            rest = words[1:]
            before = tuple(t.text.casefold() for t in tokens[max(0, i - len(rest)) : i])
            after = tuple(t.text.casefold() for t in tokens[i + 1 : i + 1 + len(rest)])
            if not rest or before == rest or after == rest:
                found.append(Match(entry=entry, words=tuple(range(len(rest)))))
                break
    return _longest(found)
