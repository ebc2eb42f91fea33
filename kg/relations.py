"""Frames x lexicon -> relations between entities: which words, in which construction, say which relation.

A relation found here is bare: who, what, whom and the trigger that says it.  Whether it is so, who says it and when is
for the qualifiers; `extract` puts them together into claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.frames import Slots
from kg.ontology import Ontology
from kg.referents import Context, Referent, referents
from kg.syntax import children, subtree
from kg.triggers import Trigger
from kg.types import Level, LexicalEntry, Relation

RESOLVED_FACTOR = 0.9
RECIPROCAL = frozenset({("each", "other"), ("one", "another")})
TITLE_LINKS = frozenset({"of", "for"})
BESIDE_MARKS = frozenset(',"“')
BESIDE_ENDS = frozenset(',.;:)"”')


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


def find_relations(context: Context, ontology: Ontology, triggers: Iterable[Trigger]) -> Iterator[Found | FoundDate]:
    """Every relation that a trigger's frame says outright, in text order; the same pair may come twice."""
    for trigger in triggers:
        yield from _claims(context, ontology, trigger.token, trigger.entry, trigger.slots)


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
                if not s.represented and not s.demonym and _fits(s, relation.domain, entry.subject_types):
                    yield FoundDate(
                        subject=s,
                        relation=relation.name,
                        trigger=trigger,
                        entry=entry,
                        rule=rule,
                        confidence=entry.confidence,
                    )
            continue
        subjects, objects = fill(frame.subject), fill(frame.object)
        if not objects and relation.reaches_owner and frame.object != "poss-obj":
            objects = tuple(replace(r, level="resolved") for r in _owners(context, slots.get(frame.object, ())))
        if frame.subject == frame.object:
            pairs = [] if _with_a_third(frame.subject, entry, slots, subjects, fill("obj")) else _mutual(subjects)
        elif not objects and any(_is_reciprocal(context, t) for t in slots.get(frame.object, ())):
            pairs = [(a, b) for n, a in enumerate(subjects) for b in subjects[n + 1 :] if relation.symmetric]
        else:
            pairs = [(a, b) for a in subjects for b in objects]
        for a, b in pairs:
            found = _found(relation, entry, a, b, trigger, rule)
            if found is not None:
                yield found


def _is_reciprocal(context: Context, token: int) -> bool:
    """Whether the token is "each other" or "one another"."""
    tokens = context.parse.tokens
    return token > 0 and (tokens[token - 1].text.casefold(), tokens[token].text.casefold()) in RECIPROCAL


def _with_a_third(
    slot: str, entry: LexicalEntry, slots: Slots, together: tuple[Referent, ...], met: tuple[Referent, ...]
) -> bool:
    """Whether those of a subject did it with or to another: "A and B met with C", "A and B met C"."""
    if slot not in ("subj", "agent"):
        return False
    taken = "obj" in slots and any(frame.object == "obj" for frame in entry.frames)
    return "with" in slots or taken or bool({r.entity for r in met} - {r.entity for r in together})


def _mutual(together: tuple[Referent, ...]) -> list[tuple[Referent, Referent]]:
    """The pairs among those who did it together; staff of A and B that met is no meeting of A with B."""
    own = [r for r in together if not r.represented]
    return [(a, b) for n, a in enumerate(own) for b in own[n + 1 :]]


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
    return Found(
        subject=a,
        relation=relation.name,
        object=b,
        trigger=trigger,
        entry=entry,
        rule=rule,
        confidence=round(confidence, 3),
        level=level,
    )


def _fits(referent: Referent, allowed: frozenset[str], narrowed: frozenset[str]) -> bool:
    return (not allowed or referent.type in allowed) and (not narrowed or referent.type in narrowed)


def _fill(context: Context, slots: Slots, slot: str) -> tuple[Referent, ...]:
    """The referents of a slot; `poss-obj` is whoever owns, or is named in, the object, `poss-subj` whose household,
    estate or state the subject is ("owned by the family of X")."""
    if slot == "poss-obj":
        return _owners(context, slots.get("obj", ()))
    if slot == "poss-subj":
        stewards = (t for t in slots.get("subj", ()) if context.parse.tokens[t].lemma in context.cue("steward"))
        return _owners(context, stewards)
    found: dict[str, Referent] = {}
    for token in slots.get(slot, ()):
        for r in referents(context, token) or _beside(context, token) or _behind(context, token):
            found.setdefault(r.entity, r)
    return tuple(found.values())


def _beside(context: Context, token: int) -> tuple[Referent, ...]:
    """Roe in "by its chair, Jane Roe, on Friday": the name between commas behind a noun, where the parse misses it."""
    tokens = context.parse.tokens
    if tokens[token].tag != "NN" or token + 2 >= len(tokens) or tokens[token + 1].text not in BESIDE_MARKS:
        return ()
    start = token + 3 if tokens[token + 2].text in BESIDE_MARKS else token + 2
    name = context.at.get(start)
    if name is None or name.kind != "name" or name.start != start or name.type in ("Place", "Country", "Group"):
        return ()
    closed = name.stop >= len(tokens) or tokens[name.stop].text in BESIDE_ENDS
    human = any(tokens[c].dep == "poss" or tokens[c].tag == "DT" for c in context.parse.children[token])
    listed = name.head in context.lists or _opens_list(context, name.stop)
    return referents(context, name.head, expand=False) if closed and human and not listed else ()


def _behind(context: Context, token: int) -> tuple[Referent, ...]:
    """Roe in "met Secretary General of the Harbour Council Jane Roe": the person who ends the phrase of a title."""
    tokens = context.parse.tokens
    if not tokens[token].text[:1].isupper():
        return ()
    for i in range(token + 1, max(subtree(context.parse, token)) + 1):
        name = context.at.get(i)
        if name is not None and name.kind == "name" and name.type == "Person":
            return referents(context, name.head, expand=False) if i > token + 1 else ()
        outside = tokens[i].pos == "ADP" and tokens[i].text.casefold() not in TITLE_LINKS
        if outside or tokens[i].pos in ("PUNCT", "VERB", "AUX", "PRON", "CCONJ"):
            return ()
    return ()


def _opens_list(context: Context, stop: int) -> bool:
    """Whether "and" or another name and "and" follow: "the mayor, Jane Roe, and Peter Doe"."""
    words = [t.text.casefold() for t in context.parse.tokens[stop : stop + 2]]
    return words[:1] == ["and"] or words == [",", "and"]


def _owners(context: Context, tokens: Iterable[int]) -> tuple[Referent, ...]:
    """ "praised Ukraine's efforts", "the policies of X", "Russian aggression": whose the object is."""
    found: dict[str, Referent] = {}
    for token in tokens:
        for c in children(context.parse, token, "poss", "amod", "compound", "nmod"):
            for r in referents(context, c):
                found.setdefault(r.entity, r)
        for v in children(context.parse, token, "relcl"):  # "the contribution that Ruritania makes"
            for c in children(context.parse, v, "nsubj"):
                for r in referents(context, c):
                    if r.token != token:
                        found.setdefault(r.entity, r)
        for v in children(context.parse, token, "acl"):  # "the claims made by X"
            for by_phrase in children(context.parse, v, "agent"):
                for o in children(context.parse, by_phrase, "pobj"):
                    for r in referents(context, o):
                        found.setdefault(r.entity, r)
        if not found:
            for p in children(context.parse, token, "prep"):
                if context.parse.tokens[p].text.casefold() in ("of", "by", "from", "in"):
                    for o in children(context.parse, p, "pobj"):
                        inner = referents(context, o) or _modifiers(context, o)
                        for r in inner:
                            found.setdefault(r.entity, r)
    return tuple(found.values())


def _modifiers(context: Context, token: int) -> tuple[Referent, ...]:
    """U.S. in "the transfer of U.S. weapons"."""
    return tuple(
        r for c in children(context.parse, token, "amod", "compound", "nmod", "poss") for r in referents(context, c)
    )
