"""Bare offices: "President Jane Doe" with no state named is president of the state where the text is at home.

Home is the state whose own institutions the text names most ("Parliament", "the Treasury"); which offices a
state fills is a cue list of the lexicon ("offices-United States").  Behind "While in Ruritania, she met President X" it
is Ruritania.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.frames import verb_slots
from kg.gazetteer import Gazetteer
from kg.referents import Context, Referent, referents
from kg.role_words import Role
from kg.syntax import SUBJECTS, children
from kg.types import LocalEntity, Mention

INSTITUTION_WEIGHT = 3
DATELINE_WEIGHT = 6
LEAST_COUNT = 3
LEAST_ALONE = {"state": 2, "province": 1, "city": 1, "firm": 1}
"""A state named once, "a Ruritanian liberal", is nobody's home."""
LEAD = 1.5
ABROAD = frozenset({"company", "ngo", "sport"})
"""Kinds of bodies that texts of any state name: "on Twitter"."""
FORCES = frozenset(
    "army navy guard force forces police parliament government ministry senate congress court commission "
    "council".split()
)
"""Last words of bodies of a state."""
FIRST_SENTENCES = 4
PLACES = frozenset({"Place", "Country"})
NEAR_PLACE = 7
"""Tokens from a place to the office of whoever is met there."""
HOWS = frozenset({"title", "apposition"})
PROVINCES = frozenset({"state", "province", "region", "canton", "county", "prefecture", "oblast"})
NOT_STATE_MINISTERS = frozenset(
    {"church", "baptist", "methodist", "party", "shadow", "youth", "chief", "first", "state"}
)
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
    home = home_state(context, gazetteer)
    seat = seats(context, gazetteer)
    placed = {
        h.entity for r in roles for h in r.holders if any(b.type in ("Country", "Organization") for b in r.bodies)
    }
    found: list[Role] = []
    for role in roles:
        definite = role.how == "title" or context.parse.tokens[role.start].text.casefold() == "the"
        held = role.how in HOWS and definite and len(role.holders) == 1
        if role.bodies or not held or role.holders[0].entity in placed:
            found.append(role)
            continue
        if (employed := _employed(context, role)) is not None:
            found.append(employed)
            continue
        title = role.title.casefold()
        of_state = title in context.cue("state-offices") or _is_ministers(title)
        body = _visited(context, role, gazetteer) if of_state else None
        if body is None and role.how == "title" and home is not None:
            if title in context.cue(f"offices-{context.entities[home].name}") and _is_chief_holder(
                context, role, roles
            ):
                body = mention_of(context, home)
        if body is None:
            bare = role.how == "title" and role.tense == "current"
            place = seat.state if of_state else seat.of(context, title) if bare else None
            free = (
                place is not None and not _is_filled(roles, role, title, place) and _has_office(context, title, place)
            )
            if free and place is not None and _is_chief_holder(context, role, roles):
                body = mention_of(context, place)
        if body is not None and body.entity != role.holders[0].entity:
            placed.add(role.holders[0].entity)
            found.append(replace(role, bodies=(body,)))
        else:
            found.append(role)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """What a text is at home in, as entities: its state, its province or federal state, its city, its firm."""

    state: str | None = None
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
    states = {e.name: e.id for e in context.entities.values() if e.type == "Country"}
    mentions = {m.start: m for m in context.at.values() if m.kind in ("name", "demonym") and m.entities}
    weight: dict[str, dict[str, int]] = {"state": {}, "province": {}, "city": {}, "firm": {}}

    def count(kind: str, entity: str) -> None:
        weight[kind][entity] = weight[kind].get(entity, 0) + 1

    for start in sorted(mentions):
        entity = context.entities[mentions[start].entities[0]]
        name = entity.name or ""
        place = gazetteer.place(name) if entity.type in ("Place", "Country") else None
        house = gazetteer.organization(name) if entity.type == "Organization" else None
        land = place.country if place is not None else house.country if house is not None else None
        if entity.type == "Country":
            count("state", entity.id)
        elif land in states:
            count("state", states[land])
        if entity.type == "Place":
            if _is_province(context, mentions[start]) or place is not None and place.kind == "region":
                count("province", entity.id)
            elif place is not None and place.kind in ("city", "capital"):
                count("city", entity.id)
        if entity.type == "Organization" and house is None:
            count("firm", entity.id)
    found = {kind: _leading(counts, LEAST_ALONE[kind]) for kind, counts in weight.items()}
    if _is_authored(context):  # a statement or readout leaves out whose president speaks
        found["state"] = None
    return Seats(**found)


def _is_authored(context: Context) -> bool:
    """Whether the title or the first sentence is that of a statement, of a readout or the like."""
    sentence = context.parse.sentences[0] if context.parse.sentences else None
    words = context.parse.tokens[sentence.start : sentence.stop] if sentence is not None else ()
    title = (context.parse.document.title or "").casefold().split()
    return any(word in context.cue("authored-form") for word in (*title, *(t.lemma.casefold() for t in words)))


def _leading(counts: dict[str, int], alone: int) -> str | None:
    """What is counted three times at least and half as often again as the next; `alone` times if it is the only one."""
    ranked = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    if not ranked or ranked[0][1] < (LEAST_COUNT if len(ranked) > 1 else alone):
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= LEAD * ranked[1][1] else None


def _is_province(context: Context, mention: Mention) -> bool:
    """Whether the text calls it one: "the state of X", "X province"."""
    tokens = context.parse.tokens
    head = tokens[mention.head]
    of = tokens[head.head]
    if head.dep == "pobj" and of.text.casefold() == "of" and of.head != of.i:
        return tokens[of.head].lemma.casefold() in PROVINCES
    return mention.stop < len(tokens) and tokens[mention.stop].lemma.casefold() in PROVINCES - {"state"}


def _is_filled(roles: tuple[Role, ...], role: Role, title: str, place: str) -> bool:
    """Whether the text says of somebody else that he holds this very office there."""
    return any(
        r.title.casefold() == title and place in {b.entity for b in r.bodies} and r.holders != role.holders
        for r in roles
    )


def _has_office(context: Context, title: str, place: str) -> bool:
    """Whether the state may have the office at all: most have neither a king nor a chancellor."""
    state = (context.entities[place].name or "").casefold()
    if title in ("king", "queen", "emperor", "crown prince"):
        return state in context.cue("monarchies")
    return title != "chancellor" or state in context.cue("chancelleries")


def _is_ministers(title: str) -> bool:
    """Whether it is the title of a minister of a field: "environment minister", "minister of fisheries"."""
    words = title.replace("-", " ").split()
    return "minister" in words and words != ["minister"] and not NOT_STATE_MINISTERS & {*words}


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
    line, credited = _dateline(context, gazetteer)
    for entity in context.entities.values():
        record = (
            gazetteer.organization(entity.name) if entity.name and entity.type in ("Organization", "Place") else None
        )
        if record is not None and record.country in states and entity.id not in credited:
            counts = 1 if record.kind in ABROAD else INSTITUTION_WEIGHT
            weight[states[record.country]] = weight.get(states[record.country], 0) + counts
        elif record is None and entity.type == "Organization" and (land := _named_after(entity, gazetteer)) in states:
            weight[states[land]] = weight.get(states[land], 0) + INSTITUTION_WEIGHT
    if line in states:
        weight[states[line]] = weight.get(states[line], 0) + DATELINE_WEIGHT
    if weight:
        for mention in {m.start: m for m in context.at.values()}.values():
            if mention.kind in ("name", "demonym") and mention.entities and mention.entities[0] in weight:
                weight[mention.entities[0]] += 1
    ranked = sorted(weight.items(), key=lambda kv: (-kv[1], kv[0]))
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else None


def _named_after(entity: LocalEntity, gazetteer: Gazetteer) -> str | None:
    """The state whose adjective opens the name of a force or service of its: "Ruritanian Coast Guard"."""
    first, _, rest = (entity.name or "").partition(" ")
    serves = bool(rest) and rest.split()[-1].casefold() in FORCES
    return gazetteer.demonym(first) if serves else None


def _dateline(context: Context, gazetteer: Gazetteer) -> tuple[str | None, frozenset[str]]:
    """The state of the place that the dateline of the text names, and what else stands there: "KABUL (AP) —"."""
    for sentence in context.parse.sentences[:FIRST_SENTENCES]:
        if sentence.kind != "dateline":
            continue
        there = [m for i in range(sentence.start, sentence.stop) if (m := context.at.get(i)) and m.entities]
        places = [gazetteer.place(context.entities[m.entities[0]].name or "") for m in there if m.type in PLACES]
        line = next((place.country for place in places if place is not None and place.kind != "country"), None)
        return line, frozenset(m.entities[0] for m in there if m.type == "Organization")
    return None, frozenset()


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


def _visited(context: Context, role: Role, gazetteer: Gazetteer) -> Referent | None:
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
                if r.type == "Country":
                    return replace(r, level="inferred")
                place = gazetteer.place(context.entities[r.entity].name or "") if r.type == "Place" else None
                if place is not None and place.country in states:
                    return mention_of(context, states[place.country])
    return None
