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
from kg.syntax import children
from kg.triggers import Trigger
from kg.types import Level, LexicalEntry, Relation

RESOLVED_FACTOR = 0.9


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
            pairs = _mutual(frame.subject, subjects, entry, slots)
        else:
            pairs = [(a, b) for a in subjects for b in objects]
        for a, b in pairs:
            found = _found(relation, entry, a, b, trigger, rule)
            if found is not None:
                yield found


def _mutual(
    slot: str, referents_: tuple[Referent, ...], entry: LexicalEntry, slots: Slots
) -> list[tuple[Referent, Referent]]:
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
        steward = context.cue("steward")
        return _owners(context, (t for t in slots.get("subj", ()) if context.parse.tokens[t].lemma.casefold() in steward))
    found: dict[str, Referent] = {}
    for token in slots.get(slot, ()):
        for r in referents(context, token):
            found.setdefault(r.entity, r)
    return tuple(found.values())


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
