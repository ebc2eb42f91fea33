"""Who is who over all documents: one entity for each real thing, with a stable id, the best name and all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg import corrections as fixes
from kg import ids
from kg.corrections import Corrections
from kg.entities import LINK_ORDER, Entity, Known, Link, Member, Remark, Resolution, known_of
from kg.errors import CorrectionError
from kg.gazetteer import Gazetteer, fold
from kg.linking import Comparer, Linked, link
from kg.merge import Corpus, corpus_of, profiles_of
from kg.naming import Draft, draft, ids_of, renamed
from kg.profiles import Profile
from kg.rulings import NO_RULINGS, Rulings, rule
from kg.types import EntityType, Extraction

__all__ = ["Entity", "Known", "Link", "Resolution", "explain", "known_of", "resolve"]


def resolve(
    extractions: Iterable[Extraction],
    gazetteer: Gazetteer,
    *,
    known: Iterable[Known] = (),
    corrections: Corrections = fixes.NONE,
    base: str = ids.BASE,
    comparer: Comparer | None = None,
) -> Resolution:
    """The resolution of the named entities of these extractions, the same for every order and partition of them.

    `known` are the ids of an earlier resolution (known_of): an entity keeps its id however many documents are added,
    and an id that its entity shares with another is told as replaced.  `corrections` go before what the texts say; an
    IRI in them begins with `base`.  `comparer` compares the names in the place of this process.  Raises
    CorrectionError for corrections that name nothing or contradict each other.
    """
    corpus = corpus_of(extractions)
    earlier = tuple(known)
    plain = _resolved(corpus, gazetteer, earlier, NO_RULINGS, comparer)
    if not (corrections.groupings or corrections.renamings or corrections.retypings):
        return plain
    rulings = rule(corrections, plain, corpus.extractions, base)
    return _resolved(corpus, gazetteer, earlier, rulings, comparer)


def explain(resolution: Resolution, name: str) -> tuple[Link, ...]:
    """Why the entities of this name were joined with others or kept apart, sorted; empty for an unknown name."""
    key = fold(name)
    bearers = {entity.id for entity in resolution.entities if key in map(fold, entity.names)}
    return tuple(link for link in resolution.links if link.left_id in bearers or link.right_id in bearers)


def _resolved(
    corpus: Corpus, gazetteer: Gazetteer, known: tuple[Known, ...], rulings: Rulings, comparer: Comparer | None
) -> Resolution:
    profiles = profiles_of(corpus, gazetteer, rulings)
    linked = link(profiles, gazetteer, rulings, comparer=comparer)
    drafts = [
        draft([profiles[i] for i in component], gazetteer, unsure=component[0] in linked.unsure)
        for component in linked.components
    ]
    drafts, fixed = _corrected(drafts, rulings)
    names, replaced = ids_of(drafts, known, fixed)
    entities = tuple(
        sorted((_entity(name, item) for name, item in zip(names, drafts, strict=True)), key=lambda entity: entity.id)
    )
    of = {member: entity.id for entity in entities for member in entity.members}
    remarks = tuple(sorted(Remark(id=of[member], text=text) for member, text in rulings.remarks))
    links = _links(linked, profiles, of)
    return Resolution(entities=entities, of=of, links=links, replaced=replaced, remarks=remarks)


def _entity(name: str, item: Draft) -> Entity:
    return Entity(
        id=name,
        type=item.type,
        label=item.label,
        aliases=item.aliases,
        same_as=item.same_as,
        members=item.members,
    )


def _links(linked: Linked, profiles: Sequence[Profile], of: Mapping[Member, str]) -> tuple[Link, ...]:
    """The notes of positions as links between names and ids, each once."""
    found: set[Link] = set()
    for note in linked.notes:
        left, right = profiles[note.left], profiles[note.right]
        ends = (of[left.members[0]], of[right.members[0]])
        if (ends[0] == ends[1]) == (note.verdict == "same"):  # what was settled otherwise later is of no interest
            found.add(
                Link(
                    left=left.name,
                    right=right.name,
                    verdict=note.verdict,
                    reason=note.reason,
                    score=note.score,
                    left_id=ends[0],
                    right_id=ends[1],
                )
            )
    return tuple(sorted(found, key=LINK_ORDER))


# ---------------------------------------------------------------- names and classes that corrections give


@dataclass(frozen=True, slots=True)
class _Given:
    """What a correction gives to an entity, and where it stands."""

    value: str
    where: str


def _corrected(drafts: Sequence[Draft], rulings: Rulings) -> tuple[list[Draft], frozenset[int]]:
    """The entities with the classes and labels that corrections give, and the positions of those renamed."""
    at = {member: i for i, item in enumerate(drafts) for member in item.members} if rulings is not NO_RULINGS else {}
    found = list(drafts)
    types: dict[int, EntityType] = {}
    for member in sorted(rulings.types):
        i, kind = at[member], rulings.types[member]
        if types.setdefault(i, kind) != kind:
            raise CorrectionError(f"Corrections give '{found[i].label}' two classes, {types[i]} and {kind}; drop one.")
    for i, kind in types.items():
        found[i] = replace(found[i], type=kind)
    fixed: dict[int, _Given] = {}
    for name in rulings.names:
        i = _most(name.members, at)
        given = fixed.setdefault(i, _Given(name.to, name.where))
        if given.where != name.where:
            other = given.where.rpartition(": ")[2]
            raise CorrectionError(f"{name.where}: renames what {other} has renamed '{given.value}' already; drop one.")
        found[i] = renamed(found[i], name.to)
    return found, frozenset(fixed)


def _most(members: Iterable[Member], at: Mapping[Member, int]) -> int:
    """The position that most of the members have, the first of equals."""
    counts: dict[int, int] = {}
    for member in sorted(members):
        counts[at[member]] = counts.get(at[member], 0) + 1
    return min(counts, key=lambda i: (-counts[i], i))
