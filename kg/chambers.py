"""The chamber that a lawmaker sits in: "Senator Jane Roe" is a member of the one senate that the text names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from kg.offices import mention_of
from kg.referents import Context
from kg.role_words import Role, RoleIndex
from kg.types import LexicalEntry, LocalEntity

CHAMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "senator": ("senate",),
    "representative": ("house of representatives", "house", "congress"),
    "congressman": ("house of representatives", "house", "congress"),
    "congresswoman": ("house of representatives", "house", "congress"),
    "mp": ("parliament", "house of commons", "national assembly"),
    "member of parliament": ("parliament", "house of commons", "national assembly"),
    "mep": ("european parliament",),
    "member of the european parliament": ("european parliament",),
    "msp": ("scottish parliament",),
    "peer": ("house of lords",),
})  # fmt: skip
"""Title -> how the names of its chambers end, the one that is looked for first in front."""
ABOVE = frozenset({"european parliament"})
"""Whose members are not called by the title of those of another "parliament"."""
LAWMAKER = ("senator",)
"""The role whose entries are every lawmaker's: a representative of other bodies works for them."""
DELEGATES = frozenset({"representative"})
"""Lawmakers only in front of a name: "the representative, Jane Roe" may be anybody's."""
HOWS = frozenset({"title", "apposition", "copula"})


def with_chambers(context: Context, roles: tuple[Role, ...], index: RoleIndex) -> tuple[Role, ...]:
    """The roles; those of lawmakers of no named body with their chamber, where the text names one that fits."""
    return tuple(_seated(context, role, index.entries[LAWMAKER]) for role in roles)


def _seated(context: Context, role: Role, entries: tuple[LexicalEntry, ...]) -> Role:
    title = role.title.casefold()
    ends = next((ends for post, ends in CHAMBERS.items() if title == post or title.endswith(f" {post}")), ())
    if not ends or role.how not in (("title",) if title in DELEGATES else HOWS):
        return role
    if any(b.type not in ("Country", "Place") for b in role.bodies) or any(h.type != "Person" for h in role.holders):
        return role
    states = {context.entities[b.entity].name for b in role.bodies if b.type == "Country"}
    for end in ends:
        fitting = [e for e in context.entities.values() if _is_chamber(e, end)]
        fitting = [e for e in fitting if not states or e.country in (*states, None)]
        if len(fitting) == 1 and (body := mention_of(context, fitting[0].id)) is not None:
            return replace(role, bodies=(body,), entries=entries)
        if fitting:
            break
    return role


def _is_chamber(entity: LocalEntity, end: str) -> bool:
    name = (entity.name or "").casefold()
    named = entity.type == "Organization" and (name == end or name.endswith(f" {end}"))
    return named and (end in ABOVE or not any(name.endswith(other) for other in ABOVE))
