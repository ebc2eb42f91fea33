"""Definite nouns: their classes, who holds the title that one says ("the president"), and what binding forbids."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.frames import surface_subject
from kg.referents import Context
from kg.roles import Role
from kg.salience import role_of
from kg.syntax import child, children, first_conjunct
from kg.types import EntityType, Mention, Parse

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
VERBAL = frozenset({"VERB", "AUX"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
CLASSES: tuple[tuple[str, EntityType], ...] = (
    ("nominal-Organization", "Organization"),
    ("nominal-Country", "Country"),
    ("nominal-Place", "Place"),
    ("nominal-anyone", "Person"),
)
BODY_KINDS = ("kind-business", "kind-office", "kind-school", "kind-court", "kind-party", "kind-club", "kind-press")
"""Cue lists of words that tell, in a name or for one, what kind of body it is."""
TRADES = ("trade-air", "trade-bank", "trade-mine", "trade-brew", "trade-car", "trade-chip", "trade-drug", "trade-ship",
          "trade-shop", "trade-insurance", "trade-steel", "trade-oil")  # fmt: skip
"""Cue lists of words, each for one line of business."""
ACCUSED = frozenset({"suspect", "defendant", "accused"})
ACCUSING = frozenset(
    {"arrest", "charge", "indict", "accuse", "detain", "convict", "sentence", "try", "suspect", "hold"}
)
SAME_OFFICE = {"premier": frozenset({"prime", "minister"})}
"""Another word for an office."""
ROLE_WEIGHTS = {
    "subj": 1.0,
    "subj+": 1.0,
    "obj": 0.5,
    "agent": 0.5,
    "poss": 0.35,
    "pobj": 0.35,
    "appos": 0.35,
    "root": 0.3,
    "attr": 0.3,
}
OTHER_WEIGHT = 0.2
TITLE_REACH = 60
"""Sentences: a bare title may stand for its holder that far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A role with one holder: lower-case words of the title, whose it is, and for which bodies."""

    token: int
    sentence: int
    words: frozenset[str]
    holder: str
    bodies: frozenset[str]
    former: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A mention of an entity that "they" may take up, with the weight of its grammatical role."""

    entity: str
    type: EntityType
    head: int
    sentence: int
    weight: float
    demonym: bool


def titles(context: Context, roles: Iterable[Role]) -> tuple[Title, ...]:
    """The roles with one holder who is a person, in text order."""
    found = (
        Title(
            token=r.head, sentence=context.parse.sentence_of[r.head], words=frozenset(r.title.casefold().split()),
            holder=r.holders[0].entity, bodies=frozenset(b.entity for b in r.bodies), former=r.tense == "former",
        )
        for r in roles
        if len(r.holders) == 1 and r.holders[0].type == "Person"
    )  # fmt: skip
    return tuple(sorted(found, key=lambda t: t.token))


def sighting(context: Context, mention: Mention) -> Sighting:
    """The mention as "they" sees it."""
    entity = mention.entities[0]
    token = context.parse.tokens[mention.head]
    named_first = token.dep == "appos" and token.head < token.i and context.parse.tokens[token.head].pos == "NOUN"
    # "The owner, Acme, said": Acme is what says.
    weight = ROLE_WEIGHTS.get(role_of(context.parse, token.head if named_first else token.i), OTHER_WEIGHT)
    return Sighting(
        entity=entity, type=context.entities[entity].type, head=mention.head,
        sentence=context.parse.sentence_of[mention.head],
        weight=weight, demonym=mention.kind == "demonym",
    )  # fmt: skip


def is_definite(context: Context, i: int) -> bool:
    """Whether noun i has a definite article or the like."""
    parse = context.parse
    determiner = child(parse, i, "det", "predet")
    return determiner is not None and parse.tokens[determiner].text.casefold() in DEFINITE


def noun_gender(context: Context, word: str) -> Literal["male", "female"] | None:
    """The gender that a noun for a person tells, None for most."""
    lemma = word.casefold()
    if lemma in context.cue("nominal-male"):
        return "male"
    return "female" if lemma in context.cue("nominal-female") else None


def is_bound(parse: Parse, i: int, antecedent: int) -> bool:
    """Whether binding forbids it: "X sued it" is not X, nor is "its rival X" its own rival, nor "X let it go" X."""
    token = parse.tokens[i]
    if token.text.casefold() == "itself":
        return False
    if token.dep == "poss":
        top = token.head
        return antecedent == top or any(
            c == antecedent for c in parse.children[top] if parse.tokens[c].dep in ("appos", "compound")
        )
    verb = token.head
    if token.dep == "pobj" and parse.tokens[verb].dep in ("prep", "agent", "dative"):
        verb = parse.tokens[verb].head
    elif (
        token.dep in SUBJECTS
        and parse.tokens[verb].tag == "VB"
        and parse.tokens[verb].dep in ("ccomp", "xcomp")
        and not children(parse, verb, "aux")
    ):
        verb = parse.tokens[verb].head
    elif token.dep not in ("dobj", "dative", "iobj"):
        verb = -1
    if verb >= 0 and parse.tokens[verb].pos in VERBAL:
        subject = surface_subject(parse, verb, lambda _: True)
        while subject is None and parse.tokens[verb].head != verb:  # "voted against it after pouring money into it"
            verb = parse.tokens[verb].head
            subject = surface_subject(parse, verb, lambda _: True) if parse.tokens[verb].pos in VERBAL else None
        if subject is not None and first_conjunct(parse, antecedent) == first_conjunct(parse, subject):
            return True
    other = parse.tokens[first_conjunct(parse, antecedent)]
    return token.dep in SUBJECTS and other.head == token.head and other.dep in ("dobj", "dative", "attr")


def _is_described(context: Context, i: int) -> bool:
    """Whether the noun has a name beside it, an owner or a clause of its own that says which one it is."""
    parse = context.parse
    for c in parse.children[i]:
        dep = parse.tokens[c].dep
        if dep == "appos" and any(parse.tokens[a].text.casefold() in ("a", "an") for a in parse.children[c]):
            continue  # "the premier, a farmer from Graz"
        # A clause behind a comma only adds something: "the company, whose fleet was grounded".
        if dep in ("appos", "poss", "nmod") or dep == "relcl" and parse.tokens[i + 1].text != ",":
            return True
    return any(
        parse.tokens[p].text.casefold() in ("of", "for", "at", "in", "from") and p == i + 1
        for p in children(parse, i, "prep")
    )


def has_age(context: Context, i: int) -> bool:
    """Whether the noun tells an age: "the 61-year-old envoy"."""
    old = next(
        (c for c in children(context.parse, i, "amod") if context.parse.tokens[c].text.casefold() == "old"), None
    )
    return old is not None and context.parse.tokens[old - 2].text.casefold() == "year"


def held_by(context: Context, i: int, known: Sequence[Title]) -> str | None:
    """Whose title the definite noun at token i says; None where it is no bare title, or of nobody known."""
    token = context.parse.tokens[i]
    if token.pos not in ("NOUN", "PROPN") or token.dep in ("attr", "oprd", "compound") or not is_definite(context, i):
        return None
    return None if _is_described(context, i) else _holder(context, i, known) or None


def _holder(context: Context, i: int, known: Sequence[Title]) -> str | None:
    """Whose title the noun says, "" where two hold it, None where nobody does."""
    parse = context.parse
    here = parse.sentence_of[i]
    front = children(parse, i, "compound", "amod", "nmod")
    named = {e for c in front if c in context.at for e in context.at[c].entities}
    words = {parse.tokens[c].text.casefold() for c in front if c not in context.at} | {parse.tokens[i].text.casefold()}
    former = bool(words & context.cue("former"))
    words -= context.cue("former")
    said = parse.tokens[i].lemma.casefold()
    if said in SAME_OFFICE and words == {said}:
        words, said = set(SAME_OFFICE[said]), "minister"
    lately = itertools.takewhile(
        lambda t: here - t.sentence <= TITLE_REACH, (known[n] for n in range(_up_to(known, i) - 1, -1, -1))
    )
    fitting = [
        t for t in lately
        if words <= t.words and named <= t.bodies and parse.tokens[t.token].lemma.casefold() == said
    ][::-1]  # fmt: skip
    if not fitting:
        return None
    if former:
        before = {t.holder for t in fitting if t.former or named}
        return next(iter(before)) if len(before) == 1 else ""
    fitting = [t for t in fitting if not t.former] or fitting
    last = fitting[-1]
    near = {t.holder for t in fitting if last.sentence - t.sentence <= 1}
    return last.holder if len(near) == 1 else ""


def _up_to(known: Sequence[Title], i: int) -> int:
    """How many titles stand before token i."""
    return bisect.bisect_left(known, i, key=lambda t: t.token)
