"""Bare offices: "President Jane Doe" with no state named is president of the state where the text is at home.

Home is the state whose own institutions the text names most ("Parliament", "the Treasury"); which offices a
state fills is a cue list of the lexicon ("offices-United States").  Behind "While in Ruritania, she met President X" it
is Ruritania.
"""

from __future__ import annotations

from dataclasses import replace

from kg.gazetteer import Gazetteer
from kg.referents import Context, Referent, referents
from kg.role_words import Role
from kg.syntax import SUBJECTS, children

INSTITUTION_WEIGHT = 3
FIELD_OFFICES = frozenset({"minister", "secretary"})
NOT_FIELD_OFFICES = frozenset({"prime", "press", "general", "private", "staff", "permanent", "party", "shadow"})
OFFICE_WORDS = frozenset(
    {
        "minister",
        "secretary",
        "of",
        "for",
        "the",
        "and",
        "deputy",
        "assistant",
        "under",
        "affairs",
        "federal",
        "state's",
        "vice",
        "junior",
        "former",
        "outgoing",
    }
)
DEPARTMENT_WORDS = frozenset({"department", "ministry", "of", "for", "the", "and", "affairs", "federal"})
STATE_WORDS = frozenset(
    {
        "us",
        "united",
        "states",
        "uk",
        "british",
        "russian",
        "american",
        "israeli",
        "indian",
        "chinese",
        "french",
        "german",
        "ukrainian",
        "iranian",
        "japanese",
        "turkish",
    }
)


def with_states(context: Context, roles: tuple[Role, ...], gazetteer: Gazetteer) -> tuple[Role, ...]:
    """The roles; those of a bare office with the state it is held for, where the text lets one tell."""
    home = home_state(context, gazetteer)
    placed = {h.entity for r in roles for h in r.holders if any(b.type == "Country" for b in r.bodies)}
    found: list[Role] = []
    for role in roles:
        if role.bodies or role.how != "title" or len(role.holders) != 1 or role.holders[0].entity in placed:
            found.append(role)
            continue
        title = role.title.casefold()
        state = _visited(context, role) if title in context.cue("state-offices") else None
        if state is None and home is not None and title in context.cue(f"offices-{context.entities[home].name}"):
            state = _mention_of(context, home) if _is_chief_holder(context, role, roles) else None
        if state is not None:
            placed.add(role.holders[0].entity)
            found.append(replace(role, bodies=(state,)))
        else:
            found.append(role)
    return tuple(found)


def with_own_bodies(context: Context, roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Roles of ministers and secretaries with the department of the same field added, where the text names it.

    "Minister of Fisheries Jane Doe" and "the Fisheries Ministry" in one text: she leads it.
    """
    bodies = [e for e in context.entities.values() if e.type == "Organization" and e.name]
    fields = {e.id: frozenset(_field(e.name or "", DEPARTMENT_WORDS)) for e in bodies}
    added: list[Role] = []
    for role in roles:
        words = {w.casefold() for w in role.title.replace("-", " ").split()}
        if not words & FIELD_OFFICES or words & NOT_FIELD_OFFICES or role.how not in ("title", "apposition"):
            continue
        field = frozenset(_field(role.title, OFFICE_WORDS))
        fitting = [e for e in bodies if fields[e.id] - STATE_WORDS == field and _is_department(e.name or "") and field]
        states = {b.entity for b in role.bodies if b.type == "Country"}
        fitting = [
            e for e in fitting if not states or e.country is None or context.entities[min(states)].name == e.country
        ]
        if len(fitting) == 1 and fitting[0].id not in {b.entity for b in role.bodies}:
            body = _mention_of(context, fitting[0].id)
            if body is not None:
                added.append(replace(role, bodies=(body,), derived=True))
    return (*roles, *added)


def _field(name: str, words: frozenset[str]) -> list[str]:
    plain = name.casefold().replace("-", " ").replace("’s", "").replace("'s", "").replace("u.s.", "us").split()
    return ["defense" if w == "defence" else w for w in plain if w not in words]


def _is_department(name: str) -> bool:
    return any(w in ("department", "ministry", "treasury") for w in name.casefold().split())


def _is_chief_holder(context: Context, role: Role, roles: tuple[Role, ...]) -> bool:
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


def home_state(context: Context, gazetteer: Gazetteer) -> str | None:
    """The entity of the state that the text is at home in; None when no state leads clearly."""
    states = {e.name: e.id for e in context.entities.values() if e.type == "Country"}
    weight: dict[str, int] = {}
    for entity in context.entities.values():
        record = (
            gazetteer.organization(entity.name) if entity.name and entity.type in ("Organization", "Place") else None
        )
        if record is not None and record.country in states:
            weight[states[record.country]] = weight.get(states[record.country], 0) + INSTITUTION_WEIGHT
    if weight:
        for mention in {m.start: m for m in context.at.values()}.values():
            if mention.kind in ("name", "demonym") and mention.entities and mention.entities[0] in weight:
                weight[mention.entities[0]] += 1
    ranked = sorted(weight.items(), key=lambda kv: (-kv[1], kv[0]))
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else None


def _mention_of(context: Context, entity: str) -> Referent | None:
    for i in sorted(context.at):
        mention = context.at[i]
        if mention.kind in ("name", "demonym") and mention.entities == (entity,):
            return Referent(
                entity=entity,
                type=context.entities[entity].type,
                begin=mention.begin,
                end=mention.end,
                level="inferred",
                token=i,
            )
    return None


def _visited(context: Context, role: Role) -> Referent | None:
    """The state of a place phrase that opens the sentence: "While in Ruritania, she met President X"."""
    parse = context.parse
    if parse.tokens[role.holders[0].token].dep in SUBJECTS:
        return None
    sentence = parse.sentences[parse.sentence_of[role.head]]
    for token in parse.tokens[sentence.start : min(sentence.start + 3, role.start)]:
        if token.text.casefold() == "in":
            for o in children(parse, token.i, "pobj"):
                for r in referents(context, o, expand=False):
                    if r.type == "Country":
                        return replace(r, level="inferred")
    return None
