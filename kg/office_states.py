"""Which state a bare office is held for: "President Jane Doe", where no state stands beside the title.

Every state that the text names is a candidate, and so is none; what speaks for each (named first, named most, where the
dateline is, who is visited there) is weighed by `kg/tables/office_weights.tsv`, learned by `scripts/train_offices.py`.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kg.gazetteer import Gazetteer
from kg.home import dateline_of, home_state, is_authored
from kg.name_words import TABLES
from kg.referents import Context, Referent, referents
from kg.role_words import Role
from kg.syntax import SUBJECTS, children

MODIFIERS = frozenset("of for the and deputy assistant under affairs federal vice junior former outgoing then".split())
NOT_STATE_MINISTERS = frozenset({"church", "baptist", "methodist", "party", "shadow", "youth", "chief", "first"})
NOT_STATE_SECRETARIES = frozenset(
    "general private staff permanent party shadow press club company recording regional executive".split()
)
LEAD = 3
"""Sentences that make the lead of a text."""
NEAR_PLACE = 7
"""Tokens from a place to the office of whoever is met there."""
TABLE = "office_weights.tsv"
LEAST = 0.65
"""The least probability of a state that is taken."""
HOWS = frozenset({"title", "apposition", "copula", "as"})


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The states that a text names, as entities in the order of their first mentions, and what it says of each."""

    first: tuple[str, ...]
    """Those named, or of which a place or body is named."""
    named: Counter[str]
    implied: Counter[str]
    """How often places and bodies of the state are named."""
    spots: tuple[tuple[int, str], ...]
    """(token, state) of all this, in text order."""
    dateline: str | None
    home: str | None
    """The state whose own institutions the text names most."""
    authored: bool
    """Whether the text is a statement or the like, which leaves out whose president speaks."""


def states_of(context: Context, gazetteer: Gazetteer) -> States:
    """The states of the text."""
    entities = {e.name: e.id for e in context.entities.values() if e.type == "Country"}
    named: Counter[str] = Counter()
    implied: Counter[str] = Counter()
    spots: list[tuple[int, str]] = []
    for start, mention in sorted({m.start: m for m in context.at.values()}.items()):
        if mention.kind not in ("name", "demonym") or not mention.entities:
            continue
        entity = context.entities[mention.entities[0]]
        if entity.type == "Country":
            named[entity.id] += 1
            spots.append((start, entity.id))
        elif (land := _land_of(entity.name or "", entity.type, gazetteer)) in entities:
            implied[entities[land]] += 1
            spots.append((start, entities[land]))
    first = tuple(dict.fromkeys(state for _, state in spots))
    return States(
        first=first, named=named, implied=implied, spots=tuple(spots),
        dateline=entities.get(dateline_of(context, gazetteer)[0]),
        home=home_state(context, gazetteer), authored=is_authored(context),
    )  # fmt: skip


def _land_of(name: str, kind: str, gazetteer: Gazetteer) -> str | None:
    record = gazetteer.place(name) if kind == "Place" else gazetteer.organization(name) if kind != "Person" else None
    return record.country if record is not None else None


def kind_of(context: Context, title: str) -> str | None:
    """What kind of state office the title is; None for one that is none, or not by its title alone."""
    title = title.casefold()
    words = title.replace("-", " ").split()
    bare = " ".join(w for w in words if w not in MODIFIERS)
    if words[-1:] == ["chancellor"] and len(words) > 1:
        return None  # of a university
    if title in context.cue("state-offices") or bare in context.cue("state-offices"):
        return bare
    if "minister" in words and not NOT_STATE_MINISTERS & {*words}:
        return "minister" if len(words) == 1 else "minister of a field"
    if words[-1:] == ["secretary"] and len(words) > 1 and not NOT_STATE_SECRETARIES & {*words}:
        return "secretary of a field"
    return None


def is_bare(context: Context, role: Role) -> bool:
    """Whether it is a state office of one holder that names no body."""
    return not role.bodies and len(role.holders) == 1 and role.how in HOWS and kind_of(context, role.title) is not None


def bare_states(context: Context, roles: tuple[Role, ...], gazetteer: Gazetteer) -> Mapping[int, str]:
    """For the numbers of roles that are bare state offices the states that they are held for, where that is likely.

    Whoever is called most by an office that the state where the text is at home is known to have holds it there; the
    others are weighed.  A state has one holder of an office, and a holder one state.
    """
    states = states_of(context, gazetteer)
    settled = {h.entity for r in roles for h in r.holders if any(b.type == "Country" for b in r.bodies)}
    chosen: list[tuple[float, int, str]] = []
    for n, role in enumerate(roles):
        if not states.first or not is_bare(context, role) or role.holders[0].entity in settled:
            continue
        at_home = states.home if _visited(context, role, gazetteer) is None else None
        if at_home is not None and _is_at_home(context, role, at_home) and is_chief_holder(context, role, roles):
            chosen.append((-1.0, n, at_home))
            continue
        state, chance = choose(candidates(context, role, roles, states, gazetteer), _weights())
        if state is not None and chance >= LEAST:
            chosen.append((-chance, n, state))
    holders = {
        (b.entity, r.title.casefold()): r.holders[0].entity
        for r in roles for b in r.bodies if r.holders and r.tense == "current"
    }  # fmt: skip
    held: dict[tuple[str, str], str] = {}
    found: dict[int, str] = {}
    for _, n, state in sorted(chosen):
        role, holder, title = roles[n], roles[n].holders[0].entity, roles[n].title.casefold()
        if role.tense == "current" and holders.setdefault((state, title), holder) != holder:
            continue
        if held.setdefault((holder, title), state) == state:
            found[n] = state
    return found


def _is_at_home(context: Context, role: Role, home: str) -> bool:
    """Whether the state is known to have the office that somebody is called by: "President Doe" of the U.S."""
    return role.how == "title" and role.title.casefold() in context.cue(f"offices-{context.entities[home].name}")


def is_chief_holder(context: Context, role: Role, roles: tuple[Role, ...]) -> bool:
    """Whether, of all whom the text calls by this bare title, the holder is the one it names most."""
    title = role.title.casefold()
    rivals = {
        r.holders[0].entity
        for r in roles
        if r.title.casefold() == title and r.how == "title" and not r.bodies and len(r.holders) == 1
    }
    named = dict.fromkeys(rivals, 0)
    for mention in {m.start: m for m in context.at.values()}.values():
        for e in mention.entities:
            if e in named and mention.kind == "name":
                named[e] += 1
    mine = named.get(role.holders[0].entity, 0)
    return all(mine > count for e, count in named.items() if e != role.holders[0].entity)


def choose(options: Mapping[str | None, tuple[str, ...]], weights: Mapping[str, float]) -> tuple[str | None, float]:
    """The likeliest of the candidates and its probability."""
    scores = {state: sum(weights.get(cue, 0.0) for cue in cues) for state, cues in options.items()}
    top = max(scores.values())
    raised = {state: math.exp(score - top) for state, score in scores.items()}
    best = max(raised, key=lambda state: raised[state])
    return best, raised[best] / sum(raised.values())


def candidates(
    context: Context, role: Role, roles: tuple[Role, ...], states: States, gazetteer: Gazetteer
) -> dict[str | None, tuple[str, ...]]:
    """What speaks for each state, and for none, as cues."""
    kind = kind_of(context, role.title) or "other"
    total = sum(states.named.values()) + sum(states.implied.values())
    found: dict[str | None, tuple[str, ...]] = {
        None: ("none", f"none&{kind}", f"none&{role.how}", f"none&named={min(total, 4)}", f"none&{role.tense}")
    }
    beside = _beside(context, role, states)
    lead = {state for token, state in states.spots if context.parse.sentence_of[token] < LEAD}
    visited = _visited(context, role, gazetteer)
    filled = {
        (b.entity, r.title.casefold()): r.holders for r in roles for b in r.bodies if b.type == "Country" and r.holders
    }
    officers = Counter(b.entity for r in roles for b in r.bodies if b.type == "Country")
    here = context.parse.sentence_of[role.start]
    before = [state for token, state in states.spots if token < role.start]
    for rank, state in enumerate(states.first):
        if not _has_office(context, role.title.casefold(), state):
            continue
        if state not in before and states.named[state] + states.implied[state] < 2:
            continue  # "President Jane Doe met a Ruritanian liberal"
        if states.authored and state != visited:
            continue  # such texts do not say whose president speaks
        sentences = {context.parse.sentence_of[t]: t for t, s in states.spots if s == state}
        cues = [_share(states.named, state, "named"), _share(states.implied, state, "implied"), f"rank={min(rank, 2)}"]
        if len(states.first) == 1:
            cues.append("only")
        if states.dateline is not None:
            cues.append("dateline" if state == states.dateline else "other-dateline")
        if states.home is not None:
            cues.append("home" if state == states.home else "other-home")
        if here in sentences:
            cues.append("here-before" if sentences[here] < role.start else "here-behind")
        elif here - 1 in sentences:
            cues.append("sentence-before")
        elif here + 1 in sentences:
            cues.append("sentence-behind")
        if state in beside:
            cues.append("beside-holder")
        if state in lead:
            cues.append("lead")
        if rank == 0 and state == states.dateline:
            cues.append("dateline-first")
        if before[-1:] == [state]:
            cues.append("last")
        if state == visited:
            cues.append("visited")
        if filled.get((state, role.title.casefold()), role.holders) != role.holders:
            cues.append(f"filled&{role.tense}")
        if officers[state]:
            cues.append("officers")
        found[state] = tuple(cues)
    return found


def _beside(context: Context, role: Role, states: States) -> frozenset[str]:
    """The states in the other sentences that name the holder."""
    sentence_of = context.parse.sentence_of
    holder = role.holders[0].entity
    named = {sentence_of[m.start] for m in context.at.values() if m.entities == (holder,)} - {sentence_of[role.start]}
    return frozenset(state for token, state in states.spots if sentence_of[token] in named)


def _share(counts: Counter[str], state: str, label: str) -> str:
    """How often the state is counted beside the others, in steps: "named=most" to "named=0"."""
    mine, most = counts[state], max(counts.values(), default=0)
    if not mine:
        return f"{label}=0"
    second = max((n for s, n in counts.items() if s != state), default=0)
    if mine == most:
        return f"{label}=far-most" if mine >= 2 * second and mine > 2 else f"{label}=most"
    return f"{label}=half" if 2 * mine >= most else f"{label}=few"


def _has_office(context: Context, title: str, place: str) -> bool:
    """Whether the state may have the office at all: most have neither a king nor a chancellor."""
    state = (context.entities[place].name or "").casefold()
    if title in ("king", "queen", "emperor", "crown prince"):
        return state in context.cue("monarchies")
    return title != "chancellor" or state in context.cue("chancelleries")


def _visited(context: Context, role: Role, gazetteer: Gazetteer) -> str | None:
    """The state of the place where the holder is met: "While in Ruritania, she met President X", "flew to Ruritania,
    where he was received by President X"."""
    parse = context.parse
    if parse.tokens[role.holders[0].token].dep in SUBJECTS:
        return None
    sentence = parse.sentences[parse.sentence_of[role.head]]
    states = {e.name: e.id for e in context.entities.values() if e.type == "Country"}
    for token in parse.tokens[sentence.start : role.start]:
        word = token.text.casefold()
        if word not in ("in", "where") or token.i > sentence.start + 3 and role.start - token.i > NEAR_PLACE:
            continue
        clause = parse.tokens[token.head]
        where = (clause.head,) if clause.dep == "relcl" else ()
        for o in children(parse, token.i, "pobj") if word == "in" else where:
            for r in referents(context, o, expand=False):
                if (state := _state_of(context, r, states, gazetteer)) is not None:
                    return state
    return None


def _state_of(context: Context, there: Referent, states: Mapping[str | None, str], gazetteer: Gazetteer) -> str | None:
    if there.type == "Country":
        return there.entity
    place = gazetteer.place(context.entities[there.entity].name or "") if there.type == "Place" else None
    return states.get(place.country) if place is not None else None


@functools.lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    rows = (TABLES / TABLE).read_text(encoding="utf-8").splitlines()
    return {cue: float(weight) for cue, weight in (row.split("\t") for row in rows if not row.startswith("#"))}
