"""Records of who is who: the entities of all documents, why names were joined or kept apart, and earlier ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from kg.types import EntityType

Member = tuple[str, str]
"""A document id and the id that an entity has in that document."""
Verdict = Literal["same", "apart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A real thing.  `id` is the local name of its IRI, `label` its best full name, `aliases` all other surface
    forms, `same_as` IRIs of GeoNames or Wikidata, `members` where the documents have it; all sorted."""

    id: str
    type: EntityType
    label: str
    aliases: tuple[str, ...]
    same_as: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The label and all other forms."""
        return (self.label, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Why two names were joined ("same") or kept apart ("apart"); `left_id` and `right_id` are their entities."""

    left: str
    right: str
    verdict: Verdict
    reason: str
    score: float = 0.0
    left_id: str = ""
    right_id: str = ""


LINK_ORDER = attrgetter("left", "right", "verdict", "reason", "score", "left_id", "right_id")
"""The order of links; as a key it is several times quicker than comparing the records."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Known:
    """An id that an earlier build gave, with what bore it: `members`, and the `label` and `type` of the entity.
    `by` is the id that has replaced it, empty while it is in use."""

    id: str
    label: str
    type: EntityType
    members: tuple[Member, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Remark:
    """A sentence on what a correction has done to an entity."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The entities sorted by id, the entity of each (document id, local id), and why names were joined or not.

    A local entity without a name is in no entity, and `of` does not have it.  `replaced` are ids of an earlier build
    whose entity turned out to be another's, each with the id that stands for it now.
    """

    entities: tuple[Entity, ...]
    of: Mapping[Member, str]
    links: tuple[Link, ...] = ()
    replaced: tuple[Known, ...] = ()
    remarks: tuple[Remark, ...] = ()


def known_of(resolution: Resolution) -> tuple[Known, ...]:
    """The ids of a resolution as a later one is to keep them, sorted."""
    current = (Known(id=e.id, label=e.label, type=e.type, members=e.members) for e in resolution.entities)
    return tuple(sorted((*current, *resolution.replaced)))
