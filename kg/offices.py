"""Bare offices: "Governor Jane Doe" with no province named is governor of the one where the text is at home.

What a text is at home in is what it names far more often than anything else of the kind; the state of a minister or
president is chosen in `kg/office_states.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.frames import verb_slots
from kg.gazetteer import Gazetteer
from kg.office_states import bare_states, is_chief_holder
from kg.referents import Context, Referent, referents
from kg.role_words import Role
from kg.types import Mention

LEAST_COUNT = 3
LEAD = 1.5
PROVINCES = frozenset({"state", "province", "region", "canton", "county", "prefecture", "oblast"})
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
SERVICES = frozenset({"police", "fire", "coastguard", "sheriff's"})
SERVICE_CHIEFS = frozenset(
    {"chief", "commissioner", "superintendent", "commandant", "spokesman", "spokeswoman", "detective", "inspector"}
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
    """The roles; those of a bare office with the state, province, city or firm it is held for, where that shows."""
    seat = seats(context, gazetteer)
    held_for = bare_states(context, roles, gazetteer)
    placed = {
        h.entity for r in roles for h in r.holders if any(b.type in ("Country", "Organization") for b in r.bodies)
    }
    found: list[Role] = []
    for n, role in enumerate(roles):
        if role.bodies or len(role.holders) != 1:
            found.append(role)
            continue
        body = mention_of(context, held_for[n]) if n in held_for else None
        local = role.how == "title" and role.tense == "current" and role.holders[0].entity not in placed
        if body is None and (employed := _employed(context, role)) is not None:
            found.append(employed)
            continue
        place = seat.of(context, role.title.casefold()) if body is None and local else None
        if place is not None and not _is_filled(roles, role, place) and is_chief_holder(context, role, roles):
            body = mention_of(context, place)
        if body is not None and body.entity != role.holders[0].entity:
            placed.add(role.holders[0].entity)
            found.append(replace(role, bodies=(body,)))
        else:
            found.append(role)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """What a text is at home in, as entities: its province or federal state, its city, its firm."""

    province: str | None = None
    city: str | None = None
    firm: str | None = None

    def of(self, context: Context, title: str) -> str | None:
        """What a bare office of this title is held for, None where that may be anything."""
        if title in context.cue("province-offices"):
            return self.province
        if title in context.cue("city-offices"):
            return self.city
        return self.firm if title in context.cue("firm-offices") else None


def seats(context: Context, gazetteer: Gazetteer) -> Seats:
    """What the text is at home in: what it mentions far more often than anything else of the kind."""
    mentions = {m.start: m for m in context.at.values() if m.kind in ("name", "demonym") and m.entities}
    weight: dict[str, dict[str, int]] = {"province": {}, "city": {}, "firm": {}}

    def count(kind: str, entity: str) -> None:
        weight[kind][entity] = weight[kind].get(entity, 0) + 1

    for start in sorted(mentions):
        entity = context.entities[mentions[start].entities[0]]
        name = entity.name or ""
        place = gazetteer.place(name) if entity.type in ("Place", "Country") else None
        house = gazetteer.organization(name) if entity.type == "Organization" else None
        if entity.type == "Place":
            if _is_province(context, mentions[start]) or place is not None and place.kind == "region":
                count("province", entity.id)
            elif place is not None and place.kind in ("city", "capital"):
                count("city", entity.id)
        if entity.type == "Organization" and house is None:
            count("firm", entity.id)
    return Seats(**{kind: _leading(counts) for kind, counts in weight.items()})


def _leading(counts: dict[str, int]) -> str | None:
    """What is counted three times at least and half as often again as the next, or alone."""
    ranked = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    if len(ranked) < 2:
        return ranked[0][0] if ranked else None
    return ranked[0][0] if ranked[0][1] >= max(LEAST_COUNT, LEAD * ranked[1][1]) else None


def _is_province(context: Context, mention: Mention) -> bool:
    """Whether the text calls it one: "the state of X", "X province"."""
    tokens = context.parse.tokens
    head = tokens[mention.head]
    of = tokens[head.head]
    if head.dep == "pobj" and of.text.casefold() == "of" and of.head != of.i:
        return tokens[of.head].lemma.casefold() in PROVINCES
    return mention.stop < len(tokens) and tokens[mention.stop].lemma.casefold() in PROVINCES - {"state"}


def _is_filled(roles: tuple[Role, ...], role: Role, place: str) -> bool:
    """Whether the text says of somebody else that he holds this very office there."""
    return any(
        r.title.casefold() == role.title.casefold()
        and place in {b.entity for b in r.bodies}
        and r.holders != role.holders
        for r in roles
    )


def with_own_bodies(context: Context, roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Roles of ministers and secretaries with the department of the same field added, where the text names it.

    "Minister of Fisheries Jane Doe" and "the Fisheries Ministry" in one text: she leads it.
    """
    bodies = [e for e in context.entities.values() if e.type == "Organization" and e.name]
    fields = {e.id: frozenset(_field(e.name or "", DEPARTMENT_WORDS)) for e in bodies}
    added: list[Role] = []
    for role in roles:
        words = {w.casefold() for w in role.title.replace("-", " ").split()}
        if not role.bodies and role.how == "title" and words & SERVICES and words & SERVICE_CHIEFS:
            forces = [e for e in bodies if words & SERVICES & {w.casefold() for w in (e.name or "").split()}]
            body = mention_of(context, forces[0].id) if len(forces) == 1 else None
            if body is not None:
                added.append(replace(role, bodies=(body,), derived=True))
            continue
        if not words & FIELD_OFFICES or words & NOT_FIELD_OFFICES or role.how not in ("title", "apposition"):
            continue
        field = frozenset(_field(role.title, OFFICE_WORDS))
        fitting = [e for e in bodies if fields[e.id] - STATE_WORDS == field and _is_department(e.name or "") and field]
        states = {b.entity for b in role.bodies if b.type == "Country"}
        fitting = [
            e for e in fitting if not states or e.country is None or context.entities[min(states)].name == e.country
        ]
        own = [context.entities[state].aliases for state in states]
        fitting = [e for e in fitting if not any(_is_foreign(e.name or "", names) for names in own)]
        if len(fitting) == 1 and fitting[0].id not in {b.entity for b in role.bodies}:
            body = mention_of(context, fitting[0].id)
            if body is not None:
                added.append(replace(role, bodies=(body,), derived=True))
    return (*roles, *added)


def _is_foreign(name: str, own: tuple[str, ...]) -> bool:
    """Whether a department is called after another state than the one with these names: "Russian Army Ministry"."""
    firsts = {alias.casefold().replace(".", "").split()[0] for alias in own if alias}
    first = name.casefold().replace(".", "").split()[0] if name else ""
    return first in STATE_WORDS and first not in firsts


def _field(name: str, words: frozenset[str]) -> list[str]:
    plain = name.casefold().replace("-", " ").replace("’s", "").replace("'s", "").replace("u.s.", "us").split()
    return ["defense" if w == "defence" else w for w in plain if w not in words]


def _is_department(name: str) -> bool:
    return any(w in ("department", "ministry", "treasury") for w in name.casefold().split())


def mention_of(context: Context, entity: str) -> Referent | None:
    """Where the text names the entity first; a state may stand at the head of a body's name only ("U.S. Navy")."""
    known = context.entities[entity]
    inside: Referent | None = None
    for i in sorted(context.at):
        mention = context.at[i]
        if mention.kind in ("name", "demonym") and mention.entities == (entity,):
            return Referent(
                entity=entity, type=known.type, begin=mention.begin, end=mention.end, level="inferred", token=i
            )
        opening = next((a for a in known.aliases if mention.text.startswith(a + " ")), None)
        if inside is None and mention.kind == "name" and opening is not None and known.type == "Country":
            end = mention.begin + len(opening)
            inside = Referent(
                entity=entity, type=known.type, begin=mention.begin, end=end, level="inferred", token=mention.start
            )
    return inside


def _employed(context: Context, role: Role) -> Role | None:
    """The role with whoever takes its holder on or turns him out: "Norvik United sacked manager Joan Vale"."""
    parse = context.parse
    holder = parse.tokens[role.holders[0].token]
    verb = parse.tokens[holder.head]
    leaving = verb.lemma in context.cue("leaving")
    if role.how != "title" or holder.dep != "dobj" or not leaving and verb.lemma not in context.cue("employing"):
        return None
    bodies = [
        r
        for s in verb_slots(parse, verb.i, context.refers).get("subj", ())
        for r in referents(context, s)
        if r.type == "Organization"
    ]
    if len(bodies) != 1 or parse.tokens[role.start].text.casefold() in ("the", "a", "an"):
        return None
    return replace(role, bodies=tuple(bodies), tense="former" if leaving and role.tense == "current" else role.tense)
