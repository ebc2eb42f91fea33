"""The departments of the United States that their posts name: "Deputy Secretary of State Jane Roe" works for the State
Department, though no other word of the text says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.gazetteer import Gazetteer, OrganizationRecord
from kg.name_context import POSSESSIVES
from kg.referents import Context, Referent
from kg.role_words import Role
from kg.types import LocalEntity, Mention, Parse

STATE = "United States"
POSTS = frozenset({"secretary", "undersecretary"})
BELOW = frozenset({"deputy", "assistant", "under"})
"""In front of the secretary: not "Secretary of State for Health", who is a British one."""
OWN = frozenset({"state", "defense", "homeland", "veterans"})
"""First words of fields whose secretary can be no other state's."""
SHARED = frozenset({"energy", "education"})
"""Fields of which states with the same spelling have a secretary too: "Energy Secretary" alone does not tell whose."""
LONGEST = 4
"""Words of a field: "Health and Human Services"."""
SMALL = frozenset({"and", "the"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department that the words tokens[start:stop] of a post name."""

    record: OrganizationRecord
    start: int
    stop: int


def departments_in_posts(
    parse: Parse, entities: tuple[LocalEntity, ...], mentions: Sequence[Mention], gazetteer: Gazetteer
) -> tuple[tuple[LocalEntity, ...], tuple[Mention, ...]]:
    """The entities with the departments that posts name added, and the mentions of these departments.

    A text that tells of another state more often than of the United States may mean its posts.
    """
    home = _is_home(entities, mentions)
    known = {e.name: e for e in entities if e.type == "Organization"}
    found: list[Mention] = []
    for one in _departments(parse, mentions, gazetteer):
        if not home and parse.tokens[one.start].text.casefold() not in OWN:
            continue
        begin, end = parse.tokens[one.start].begin, parse.tokens[one.stop - 1].end
        text = parse.document.text[begin:end]
        name = next((n for n in (one.record.name, *one.record.alternatives) if n in known), one.record.name)
        entity = known.get(name) or LocalEntity(
            id=f"e{len(entities) + 1}", type="Organization", name=name, aliases=(), country=STATE
        )
        if name not in known:
            entities = (*entities, entity)
        called = " " in text or text.casefold() in OWN  # "Labor" alone is a party
        if called and gazetteer.organization(text) in (None, one.record) and text not in entity.aliases:
            entity = replace(entity, aliases=tuple(sorted({*entity.aliases, text})))
        known[name] = entity
        found.append(
            Mention(
                begin=begin, end=end, text=text, type="Organization", kind="name",
                start=one.start, stop=one.stop, head=one.stop - 1, entities=(entity.id,),
            )
        )  # fmt: skip
    updated = {e.id: e for e in known.values()}
    return tuple(updated.get(e.id, e) for e in entities), tuple(found)


def _is_home(entities: Sequence[LocalEntity], mentions: Sequence[Mention]) -> bool:
    states = {e.id: e.name for e in entities if e.type == "Country"}
    count = Counter(states[e] for m in mentions for e in m.entities if e in states)
    return not count or count[STATE] == max(count.values())


def with_departments(context: Context, roles: tuple[Role, ...], departments: Sequence[Mention]) -> tuple[Role, ...]:
    """The roles; those whose title names a department are posts of it."""
    found: list[Role] = []
    for role in roles:
        body = next((_body(one) for one in departments if _is_in_title(role, one)), None)
        if body is not None and role.derived and [b.entity for b in role.bodies] == [body.entity]:
            continue  # the text names the department elsewhere too
        if body is None or any(context.entities[b.entity].name != STATE for b in role.bodies):
            found.append(role)
        else:
            found.append(replace(role, bodies=(body,)))
            found += [replace(role, derived=True)] * bool(role.bodies)
    return tuple(found)


def _is_in_title(role: Role, one: Mention) -> bool:
    return role.title_at[0] <= one.start < role.title_at[1] or role.start <= one.start < role.stop


def _body(one: Mention) -> Referent:
    return Referent(
        entity=one.entities[0], type="Organization", begin=one.begin, end=one.end, level="explicit", token=one.head
    )


def _departments(parse: Parse, mentions: Sequence[Mention], gazetteer: Gazetteer) -> Iterator[Department]:
    tokens = parse.tokens
    bodies = [m for m in mentions if m.type in ("Country", "Place", "Organization")]
    named = {(m.stop, parse.sentence_of[m.head]): m for m in bodies}
    taken = {n for m in mentions for n in range(m.start, m.stop)}
    for post in tokens:
        if post.text.casefold() not in POSTS or not post.text[0].isupper():
            continue
        i = post.i
        behind = i + 1 < len(tokens) and tokens[i + 1].text == "of"
        field = _field_behind(parse, i + 2, gazetteer) if behind else _field_before(parse, i, gazetteer)
        if field is None or not taken.isdisjoint(range(field.start, field.stop)):
            continue
        start = _opening(parse, i if behind else field.start)
        front = start - 1 if start and tokens[start - 1].text in POSSESSIVES else start
        if (
            _is_foreign(named.get((front, parse.sentence_of[i])), gazetteer)
            or start
            and tokens[start - 1].text == "Parliamentary"
        ):
            continue
        below = post.text.casefold() != "secretary" or any(t.text.casefold() in BELOW for t in tokens[start:i])
        after = tokens[field.stop].text if behind and field.stop < len(tokens) else ""
        if after not in ("of", "Cardinal") and (below or after != "for"):
            yield field


def _opening(parse: Parse, i: int) -> int:
    """Where the capitalized words of a post begin that ends at token i."""
    sentence = parse.sentences[parse.sentence_of[i]]
    while i > sentence.start and parse.tokens[i - 1].text.casefold() in (
        *BELOW, "principal", "acting", "former", "then", "-", "secretary", "of", "state"
    ):  # fmt: skip
        i -= 1
    return i


def _is_foreign(mention: Mention | None, gazetteer: Gazetteer) -> bool:
    """Whether what stands in front of a post is another state, a place or a body: "Ohio Secretary of State"."""
    if mention is None:
        return False
    country = gazetteer.demonym(mention.text)
    if country is None:
        record = gazetteer.country(mention.text)
        country = record.name if record is not None else None
    return country != STATE


def _field_behind(parse: Parse, start: int, gazetteer: Gazetteer) -> Department | None:
    tokens = parse.tokens
    if start < len(tokens) and tokens[start].text == "the":
        start += 1
    for stop in range(min(start + LONGEST, len(tokens)), start, -1):
        record = _department(parse, start, stop, gazetteer)
        if record is not None:
            return Department(record=record, start=start, stop=stop)
    return None


def _field_before(parse: Parse, stop: int, gazetteer: Gazetteer) -> Department | None:
    for start in range(max(0, stop - LONGEST), stop):
        record = _department(parse, start, stop, gazetteer)
        if record is not None and parse.tokens[start].text.casefold() not in SHARED:
            return Department(record=record, start=start, stop=stop)
    return None


def _department(parse: Parse, start: int, stop: int, gazetteer: Gazetteer) -> OrganizationRecord | None:
    words = [t.text for t in parse.tokens[start:stop]]
    if not all(w[0].isupper() or w in SMALL for w in words) or words[0] in SMALL or words[-1] in SMALL:
        return None
    field = " ".join(words)
    for name in (f"Department of {field}", f"{field} Department", f"Department of the {field}"):
        record = gazetteer.organization(name)
        if record is not None and record.kind == "ministry" and record.country == STATE:
            return record
    return None
