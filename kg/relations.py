"""Frames x lexicon -> relations between entities: which words, in which construction, say which relation.

A relation found here is bare: who, what, whom and the trigger that says it.  Whether it is so, who says it and when is
for the qualifiers; `extract` puts them together into claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kg.frames import Slots, adjective_slots, noun_slots, verb_slots, with_further_words
from kg.ontology import Ontology
from kg.referents import Context, Referent, referents
from kg.roles import Role
from kg.syntax import child, children
from kg.types import LexicalEntry, Level, Relation, Token

RESOLVED_FACTOR = 0.9
IRREGULAR: Mapping[str, tuple[str, ...]] = MappingProxyType({"wrote": ("write",), "written": ("write",), "led": ("lead",), "won": ("win",)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A relation between two referents.  `trigger` is the token that says it, `rule` names entry and frame."""

    subject: Referent
    relation: str
    object: Referent
    trigger: int
    entry: LexicalEntry
    rule: str
    confidence: float
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date relation: what the date is of, and the token whose clause holds the date."""

    subject: Referent
    relation: str
    trigger: int
    entry: LexicalEntry
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A lexical entry that fits at a token, and the tokens of its further words."""

    entry: LexicalEntry
    words: tuple[int, ...]


def find_relations(context: Context, ontology: Ontology, roles: Iterable[Role] = ()) -> Iterator[Found | FoundDate]:
    """Every relation that a verb, an event noun or an adjective says, in text order; the same pair may come twice.

    `roles` lend verbs the slot `role-body`: X in "resigned as head of X", "was named director of X".
    """
    support = context.cue("support")
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
                slots = verb_slots(context.parse, i, context.refers)
                if i in bodies:
                    slots = {**slots, "role-body": tuple(bodies[i])}
                for match in matches:
                    filled = with_further_words(context.parse, slots, match.words, context.refers)
                    yield from _claims(context, ontology, i, match.entry, filled)
        if token.pos in ("NOUN", "PROPN") and i not in _names(context, i):
            matches = _matching_noun(context, i, ontology.nouns.get(lemma, ()) or ontology.nouns.get(token.text.casefold(), ()))
            if matches:
                slots = noun_slots(context.parse, i, context.refers, support)
                for match in matches:
                    yield from _claims(context, ontology, i, match.entry, slots)
        if token.pos in ("ADJ", "VERB") or token.tag in ("VBN", "JJ"):
            matches = _matching(context, i, ontology.adjectives.get(token.text.casefold(), ()))
            if matches:
                slots = adjective_slots(context.parse, i, context.refers)
                for match in matches:
                    yield from _claims(context, ontology, i, match.entry, slots)


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
    return (above.i,) if above.pos in ("VERB", "AUX") and tokens[head].dep in ("pobj", "attr", "oprd", "dobj", "xcomp") else ()


def _names(context: Context, i: int) -> tuple[int, ...]:
    mention = context.at.get(i)
    return (i,) if mention is not None and mention.kind == "name" else ()


# ---------------------------------------------------------------- which entries match


def _matching(context: Context, i: int, entries: Iterable[LexicalEntry]) -> list[Match]:
    """Entries whose further words stand near token i; an entry with more words hides those of its relation with fewer."""
    found: list[Match] = []
    near: dict[str, int] | None = None
    for entry in entries:
        for words in entry.words:
            if len(words) > 1:
                near = near if near is not None else _near(context, i)
                if not all(word in near for word in words[1:]):
                    continue
            found.append(Match(entry=entry, words=tuple(near[word] for word in words[1:]) if near and len(words) > 1 else ()))
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
    tokens, found = context.parse.tokens, {}
    level = [c for c in context.parse.children[i]]
    for depth in range(3):
        below: list[int] = []
        for c in level:
            if tokens[c].dep in ("relcl", "ccomp", "advcl", "conj", "nsubj", "nsubjpass", "csubj", "parataxis"):
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


# ---------------------------------------------------------------- claims


def _claims(
    context: Context, ontology: Ontology, trigger: int, entry: LexicalEntry, slots: Slots
) -> Iterator[Found | FoundDate]:
    filled: dict[str, tuple[Referent, ...]] = {}

    def fill(slot: str) -> tuple[Referent, ...]:
        if slot not in filled:
            filled[slot] = _fill(context, slots, slot)
        return filled[slot]

    relation = ontology.relations[entry.relation]
    if any(slot not in slots for slot in entry.needs):
        return
    for frame in entry.frames:
        rule = f"{entry.name}:{frame.subject} {frame.object}"
        if frame.object == "date":
            for s in fill(frame.subject):
                if _fits(s, relation.domain, entry.subject_types):
                    yield FoundDate(subject=s, relation=relation.name, trigger=trigger, entry=entry, rule=rule, confidence=entry.confidence)
            continue
        subjects, objects = fill(frame.subject), fill(frame.object)
        if not objects and relation.reaches_owner and frame.object != "poss-obj":
            objects = tuple(replace(r, level="resolved") for r in _owners(context, slots.get(frame.object, ())))
        if frame.subject == frame.object:
            pairs = _mutual(frame.subject, subjects, entry, slots)
        else:
            pairs = [(a, b) for a in subjects for b in objects]
        for a, b in pairs:
            found = _found(relation, entry, a, b, trigger, rule)
            if found is not None:
                yield found


def _mutual(slot: str, referents_: tuple[Referent, ...], entry: LexicalEntry, slots: Slots) -> list[tuple[Referent, Referent]]:
    """The pairs among those who did it together: "A and B met", not where a third is named ("A and B met with C").

    Staff of A and B that met is no meeting of A with B.
    """
    if slot == "subj" and ("with" in slots or "obj" in slots and any(f.object == "obj" for f in entry.frames)):
        return []
    together = [r for r in referents_ if not r.represented]
    return [(a, b) for n, a in enumerate(together) for b in together[n + 1 :]]


def _found(relation: Relation, entry: LexicalEntry, a: Referent, b: Referent, trigger: int, rule: str) -> Found | None:
    if a.entity == b.entity or relation.literal:
        return None
    # Officials of a body may act for it; what lasts (who leads it, where it lies) is not said of it through them.
    if (a.represented or b.represented) and relation.event is None and not relation.reaches_owner:
        return None
    if not _fits(a, relation.domain, entry.subject_types) or not _fits(b, relation.range, entry.object_types):
        return None
    level: Level = "explicit" if a.level == b.level == "explicit" else "resolved"
    confidence = entry.confidence * (RESOLVED_FACTOR if level != "explicit" else 1.0)
    return Found(subject=a, relation=relation.name, object=b, trigger=trigger, entry=entry, rule=rule, confidence=round(confidence, 3), level=level)


def _fits(referent: Referent, allowed: frozenset[str], narrowed: frozenset[str]) -> bool:
    return (not allowed or referent.type in allowed) and (not narrowed or referent.type in narrowed)


def _fill(context: Context, slots: Slots, slot: str) -> tuple[Referent, ...]:
    """The referents of a slot; `poss-obj` is whoever owns, or is named in, the object."""
    if slot == "poss-obj":
        return _owners(context, slots.get("obj", ()))
    found: dict[str, Referent] = {}
    for token in slots.get(slot, ()):
        for r in referents(context, token):
            found.setdefault(r.entity, r)
    return tuple(found.values())


def _owners(context: Context, tokens: Iterable[int]) -> tuple[Referent, ...]:
    """"praised Ukraine's efforts", "the policies of X", "Russian aggression": whose the object is."""
    found: dict[str, Referent] = {}
    for token in tokens:
        for c in children(context.parse, token, "poss", "amod", "compound", "nmod"):
            for r in referents(context, c):
                found.setdefault(r.entity, r)
        if not found:
            for p in children(context.parse, token, "prep"):
                if context.parse.tokens[p].text.casefold() in ("of", "by", "from"):
                    for o in children(context.parse, p, "pobj"):
                        for r in referents(context, o):
                            found.setdefault(r.entity, r)
    return tuple(found.values())
