"""Definite nouns that stand for a name: "the president", "the former director", "the company", "the 42-year-old".

Abstains when unsure: two names that fit equally well are none.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.descriptions import Description, before, origins
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
NEAR = 2
MARGIN = 0.4
ACCUSED = frozenset({"suspect", "defendant", "accused"})
ACCUSING = frozenset(
    {"arrest", "charge", "indict", "accuse", "detain", "convict", "sentence", "try", "suspect", "hold"}
)
SAME_OFFICE = {"premier": frozenset({"prime", "minister"})}
"""Another word for an office."""
TOPIC_REACH = 8
TOPIC_LEAST = 1.2
TOPIC_LEAD = 2
"""How many times as often as any rival a topic is mentioned."""
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
    """A mention of an entity that a noun may take up, with the weight of its grammatical role."""

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
    """The mention as nouns and "it" see it."""
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


def nominal(
    context: Context, i: int, seen: Sequence[Sighting], known: Sequence[Title], told: Sequence[Description] = ()
) -> tuple[str, ...]:
    """The entity that the definite singular noun at token i stands for, none where that is not sure.

    `told` is what the text says that its names stand for, in text order.
    """
    parse = context.parse
    token = parse.tokens[i]
    if _is_described(context, i) or token.dep in ("attr", "oprd", "compound"):
        return ()
    if _is_aged(context, i) or token.lemma.casefold() in context.cue("nominal-Person") and _has_age(context, i):
        return _last_of(context, i, "Person", "", seen)
    if token.pos not in ("NOUN", "PROPN"):
        return ()
    holder = _holder(context, i, known)
    if holder is not None:
        return (holder,) if holder else ()
    states = origins(context, i)
    if any(c in context.at and not states & {*context.at[c].entities} for c in parse.children[i]):
        return ()
    words = {parse.tokens[c].text.casefold() for c in children(parse, i, "compound", "amod")}
    if words & context.cue("former"):
        return ()
    if not token.text[:1].islower():
        return ()
    lemma = token.lemma.casefold()
    if lemma in ACCUSED:
        return _accused(context, seen)
    described = _described(context, i, lemma, states, seen, before(told, i))
    if described is not None:
        return described
    if any(parse.tokens[c].lemma == "base" for c in children(parse, i, "amod")):  # "the Graz-based firm"
        here, elsewhere = parse.sentence_of[i], {d.entity for d in told if d.origins}
        seen = [s for s in seen if here - s.sentence <= NEAR and s.entity not in elsewhere]
        if len({s.entity for s in seen if s.type == "Organization"}) > 1:
            return ()
    for cue, kind in CLASSES:
        if lemma in context.cue(cue) and not states:
            found = _last_of(context, i, kind, lemma, seen, told)
            if not found and lemma == "government":
                found = _last_of(context, i, "Country", lemma, seen)
            return found
    return ()


def _described(
    context: Context, i: int, lemma: str, states: frozenset[str], seen: Sequence[Sighting], told: Sequence[Description]
) -> tuple[str, ...] | None:
    """What the text calls so: the one entity of that noun or of that origin; None where it calls nothing so."""
    of: dict[str, set[str]] = {}
    for d in told:
        of.setdefault(d.entity, set()).update(d.origins)
    called = dict.fromkeys(d.entity for d in told if d.noun == lemma)
    found = [e for e in called if not states or not of[e] or states <= of[e]]
    if not found and states:
        kinds = {kind for cue, kind in (*CLASSES, ("origin-noun", "Organization")) if lemma in context.cue(cue)}
        found = [
            e for e in of
            if states <= of[e] and context.entities[e].type in kinds - {"Country", "Place"}
            and is_of_kind(context, e, lemma, told)
        ]  # fmt: skip
    elif not found and not called:
        return None
    if len(found) > 1:
        found = _latest(context, i, found, seen)
    if len(found) != 1 or _is_bound_here(context, i, found[0], seen):
        return ()
    return (found[0],)


def _accused(context: Context, seen: Sequence[Sighting]) -> tuple[str, ...]:
    """The one person whom the text so far says to be arrested, charged or the like."""
    parse = context.parse
    found = dict.fromkeys(
        s.entity for s in seen
        if s.type == "Person" and parse.tokens[s.head].dep in ("nsubjpass", "dobj")
        and parse.tokens[parse.tokens[s.head].head].lemma in ACCUSING
    )  # fmt: skip
    return tuple(found) if len(found) == 1 else ()


def is_of_kind(context: Context, entity: str, noun: str, told: Sequence[Description] = ()) -> bool:
    """Whether a body so named and described may be called that: a ministry is no company, a bank no miner."""
    kinds = {kind for kind in BODY_KINDS if noun in context.cue(kind)}
    trades = {trade for trade in TRADES if noun in context.cue(trade)}
    if not kinds and not trades:
        return True
    names = [context.entities[entity].name or "", *context.entities[entity].aliases]
    words = {w.casefold().strip(".,") for name in names for w in name.split()}
    described = {w for d in told if d.entity == entity for w in d.words}
    shown = {kind for kind in BODY_KINDS if (words | described) & context.cue(kind)}
    trade = {trade for trade in TRADES if (words | described) & context.cue(trade)}
    of_trade = bool(trades & trade) or not trade and not described
    return (not kinds or not shown or bool(kinds & shown)) and (not trades or of_trade)


def _latest(context: Context, i: int, found: Sequence[str], seen: Sequence[Sighting]) -> list[str]:
    """The one of these that was mentioned in this sentence or the last, if it is one."""
    here = context.parse.sentence_of[i]
    lately = itertools.takewhile(lambda s: here - s.sentence <= 1, reversed(seen))
    return list(dict.fromkeys(s.entity for s in lately if s.entity in found))


def _is_bound_here(context: Context, i: int, entity: str, seen: Sequence[Sighting]) -> bool:
    here = context.parse.sentence_of[i]
    same = itertools.takewhile(lambda s: s.sentence == here, reversed(seen))
    return any(s.entity == entity and is_bound(context.parse, i, s.head) for s in same)


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


def _is_aged(context: Context, i: int) -> bool:
    """Whether token i is the "old" of "the 42-year-old"."""
    tokens = context.parse.tokens
    if tokens[i].text.casefold().endswith("-year-old"):
        return i > 0 and tokens[i - 1].text.casefold() == "the" and tokens[i].dep not in ("amod", "compound")
    return (
        i >= 5
        and [t.text.casefold() for t in tokens[i - 2 : i + 1]] == ["year", "-", "old"]
        and tokens[i - 5].text.casefold() == "the"
        and tokens[i].dep not in ("amod", "compound")
    )


def _has_age(context: Context, i: int) -> bool:
    """Whether the noun tells an age: "the 61-year-old envoy"."""
    old = next(
        (c for c in children(context.parse, i, "amod") if context.parse.tokens[c].text.casefold() == "old"), None
    )
    return old is not None and context.parse.tokens[old - 2].text.casefold() == "year"


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


def _last_of(
    context: Context,
    i: int,
    kind: EntityType,
    lemma: str,
    seen: Sequence[Sighting],
    told: Sequence[Description] = (),
) -> tuple[str, ...]:
    """The last entity of that class that is named after the noun, else the one that clearly stands out nearby."""
    here = context.parse.sentence_of[i]
    near: dict[str, float] = {}
    counts: dict[str, float] = {}
    last: dict[str, int] = {}
    for s in reversed(seen):
        back = here - s.sentence
        if back > TITLE_REACH:
            break
        if s.type != kind or s.demonym and kind != "Country" or back == 0 and is_bound(context.parse, i, s.head):
            continue
        if lemma and lemma in (context.entities[s.entity].name or "").casefold().split():
            return (s.entity,)
        if kind == "Organization" and not is_of_kind(context, s.entity, lemma, told):
            continue
        counts[s.entity] = counts.get(s.entity, 0.0) + (1.0 if kind == "Country" else s.weight)
        last.setdefault(s.entity, back)
        if back <= NEAR:
            near[s.entity] = max(near.get(s.entity, -9.0), s.weight - 0.5 * back)
    ranked = sorted(near.items(), key=lambda kv: (-kv[1], kv[0]))
    if lemma == "government" and kind == "Country":
        return _topic(counts, last)
    if lemma in context.cue("in-its-name"):
        return ()
    if ranked and (len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= MARGIN):
        return (ranked[0][0],)
    return _topic(counts, last) if kind in ("Organization", "Country") else ()


def _topic(counts: Mapping[str, float], last: Mapping[str, int]) -> tuple[str, ...]:
    """What the text is about: mentioned lately, and far more, or as what acts, than anything of its class."""
    ranked = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    if not ranked or ranked[0][1] < TOPIC_LEAST or last[ranked[0][0]] > TOPIC_REACH:
        return ()
    return (ranked[0][0],) if len(ranked) == 1 or ranked[0][1] >= TOPIC_LEAD * ranked[1][1] else ()
