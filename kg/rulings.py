"""Corrections bound to the documents: which occurrences each of them means, and whether two contradict each other.

A name is looked up in the resolution that the documents give without corrections, so that what a correction means
does not depend on the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kg.corrections import Corrections, Grouping, Reference, Renaming, Retyping, did_you_mean, is_document, near
from kg.entities import Entity, Member, Resolution
from kg.errors import CorrectionError
from kg.gazetteer import fold
from kg.types import EntityType, Extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Occurrences that are one thing, whatever their names say."""

    members: frozenset[Member]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Occurrences of two things that are never one."""

    one: frozenset[Member]
    other: frozenset[Member]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """The name that the entity of these occurrences is to have."""

    members: frozenset[Member]
    to: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """What corrections demand of a resolution."""

    together: tuple[Together, ...] = ()
    apart: tuple[Apart, ...] = ()
    names: tuple[Name, ...] = ()
    types: Mapping[Member, EntityType] = field(default_factory=dict)
    remarks: tuple[tuple[Member, str], ...] = ()
    """An occurrence of the entity that a sentence of kg explain is about, and the sentence."""

    def marks(self) -> dict[Member, str]:
        """What tells occurrences of one name apart that corrections treat differently."""
        found: dict[Member, list[str]] = defaultdict(list)
        sets = [("m", t.members) for t in self.together]
        sets += [(f"a{side}", members) for a in self.apart for side, members in (("1", a.one), ("2", a.other))]
        for number, (kind, members) in enumerate(sets):
            for member in members:
                found[member].append(f"{kind}{number}")
        return {member: " ".join(parts) for member, parts in found.items()}


NO_RULINGS = Rulings()


class Index:
    """The entities of a resolution by name and by IRI."""

    def __init__(self, resolution: Resolution, extractions: Iterable[Extraction], base: str) -> None:
        self._base = base
        self._of = resolution.of
        self._entities = {entity.id: entity for entity in resolution.entities}
        self._replaced = {known.id: known for known in resolution.replaced}
        self._forms: dict[Member, frozenset[str]] = {
            (extraction.document.id, local.id): frozenset(map(fold, (local.name, *local.aliases)))
            for extraction in extractions
            for local in extraction.entities
            if local.name is not None
        }
        self._called: dict[str, list[Entity]] = defaultdict(list)
        for entity in resolution.entities:
            for form in sorted(set(map(fold, entity.names))):
                self._called[form].append(entity)
        self._new_names: dict[str, tuple[Entity, frozenset[Member]]] = {}

    def add_name(self, name: str, entity: Entity, members: frozenset[Member]) -> None:
        """Let a name that only a correction gives mean these occurrences."""
        self._new_names.setdefault(fold(name), (entity, members))

    def find(self, reference: Reference, where: str, *, whole: bool = False) -> tuple[Entity, frozenset[Member]]:
        """The entity that is meant, and its occurrences under that name (all of them if `whole` and no document is
        named).  Raises CorrectionError for a name that nothing or more than one thing has."""
        if reference.iri:
            return self._by_iri(reference, where)
        entity = self._by_name(reference, where)
        if entity is None:
            return self._new_names[fold(reference.name)]
        in_document = (m for m in entity.members if not reference.document or is_document(reference.document, m[0]))
        members = frozenset(in_document)
        named = frozenset(m for m in members if fold(reference.name) in self._forms.get(m, ()))
        # a label may come from a table, and then no document has it
        return entity, (named or members) if reference.document or not whole else members

    def _by_iri(self, reference: Reference, where: str) -> tuple[Entity, frozenset[Member]]:
        local = reference.iri.removeprefix(self._base).removeprefix("id:")
        known = self._replaced.get(local)
        members = frozenset(m for m in known.members if m in self._of) if known else frozenset[Member]()
        entity = self._entities.get(local if known is None else known.by)
        if entity is None:
            near_ids = [f"id:{name}" for name in near(local, tuple(self._entities))]
            hint = f" Did you mean {' or '.join(near_ids)}?" if near_ids else ""
            raise CorrectionError(f"{where}: no entity has the IRI {reference.iri}.{hint}")
        members = members or frozenset(entity.members)
        if reference.document:
            members = frozenset(m for m in members if is_document(reference.document, m[0]))
            if not members:
                raise CorrectionError(f"{where}: document '{reference.document}' does not name {reference.iri}.")
        return entity, members

    def _by_name(self, reference: Reference, where: str) -> Entity | None:
        key = fold(reference.name)
        called = self._called.get(key, [])
        if not called and key in self._new_names:
            return None
        if not called:
            known = [name for entity in self._entities.values() for name in entity.names]
            raise CorrectionError(
                f"{where}: nothing is called '{reference.name}'.{did_you_mean(reference.name, known)}"
            )
        found = [entity for entity in called if self._fits(entity, reference, key)]
        if not found:
            others = "; ".join(map(self._told, called[:5]))
            raise CorrectionError(f"{where}: there is no {reference}. Of that name: {others}.")
        labelled = [entity for entity in found if fold(entity.label) == key]
        if len(found) > 1 and len(labelled) == 1:
            return labelled[0]
        if len(found) > 1:
            which = "; ".join(map(self._told, found[:5])) + ("; ..." if len(found) > 5 else "")
            ways = "IRI or document" if reference.type else "type, IRI or document"
            raise CorrectionError(f"{where}: {reference} may be any of {len(found)}: {which}. Say which by {ways}.")
        return found[0]

    def _fits(self, entity: Entity, reference: Reference, key: str) -> bool:
        if reference.type and entity.type != reference.type:
            return False
        if not reference.document:
            return True
        inside = (m for m in entity.members if is_document(reference.document, m[0]))
        return any(key in self._forms.get(m, ()) for m in inside)

    @staticmethod
    def _told(entity: Entity) -> str:
        documents = sorted({document for document, _ in entity.members})
        more = ", ..." if len(documents) > 2 else ""
        return f"id:{entity.id} ({entity.type}, document {', '.join(documents[:2])}{more})"


def rule(corrections: Corrections, plain: Resolution, extractions: Sequence[Extraction], base: str) -> Rulings:
    """What the corrections demand, given the resolution without them.

    Raises CorrectionError for a name that is not found or not clear, and for corrections that contradict each other.
    """
    index = Index(plain, extractions, base)
    remarks: list[tuple[Member, str]] = []
    names = _names(corrections.renamings, index, remarks)
    types = _types(corrections.retypings, index, remarks)
    together: list[Together] = []
    joined: list[tuple[str, frozenset[Member]]] = []
    for merge in (grouping for grouping in corrections.groupings if grouping.kind == "merge"):
        members = frozenset[Member]().union(*(index.find(name, merge.where)[1] for name in merge.names))
        together.append(Together(members=members, reason=because("a correction joins them", merge.reason)))
        touching = [group for group in joined if group[1] & members]
        joined = [group for group in joined if not group[1] & members]
        joined.append((merge.where, members.union(*(group[1] for group in touching))))
    never = (grouping for grouping in corrections.groupings if grouping.kind == "never-merge")
    apart = [kept for grouping in never for kept in _kept_apart(grouping, index, joined)]
    return Rulings(together=tuple(together), apart=tuple(apart), names=names, types=types, remarks=tuple(remarks))


def _kept_apart(grouping: Grouping, index: Index, joined: Sequence[tuple[str, frozenset[Member]]]) -> Iterator[Apart]:
    """Each two names of a never-merge.  `joined` are all merges, overlapping ones as one."""
    found = [index.find(name, grouping.where)[1] for name in grouping.names]
    for (a, one), (b, other) in combinations(zip(grouping.names, found, strict=True), 2):
        sides = _sides(one, other)
        if sides is None:
            document = min(one & other)[0]
            raise CorrectionError(f"{grouping.where}: document {document} itself uses {a} and {b} for one.")
        for where, members in joined:
            if members & sides[0] and members & sides[1]:
                merge = where.rpartition(": ")[2]
                raise CorrectionError(f"{grouping.where}: {a} and {b} are joined by {merge}; drop one of the two.")
        yield Apart(one=sides[0], other=sides[1], reason=because("a correction keeps them apart", grouping.reason))


def _sides(one: frozenset[Member], other: frozenset[Member]) -> tuple[frozenset[Member], frozenset[Member]] | None:
    """The two sides; where one lies in the other ("the John Smith of document 2"), the other is the rest."""
    if one < other:
        other -= one
    elif other < one:
        one -= other
    return None if one & other else (one, other)


def _names(renamings: Sequence[Renaming], index: Index, remarks: list[tuple[Member, str]]) -> tuple[Name, ...]:
    found: list[Name] = []
    for renaming in renamings:
        entity, members = index.find(renaming.who, renaming.where, whole=True)
        for other in found:
            if other.members & members:
                known = other.where.rpartition(": ")[2]
                raise CorrectionError(
                    f"{renaming.where}: {renaming.who} has the name '{other.to}' from {known} already."
                )
        found.append(Name(members=members, to=renaming.to, reason=renaming.reason, where=renaming.where))
        said = f"“{entity.label}” is renamed “{renaming.to}”: {because('a correction says so', renaming.reason)}."
        remarks.append((min(members), said))
    for renaming, name in zip(renamings, found, strict=True):
        index.add_name(renaming.to, index.find(renaming.who, renaming.where)[0], name.members)
    return tuple(found)


def _types(retypings: Sequence[Retyping], index: Index, remarks: list[tuple[Member, str]]) -> dict[Member, EntityType]:
    found: dict[Member, tuple[EntityType, str]] = {}
    for retyping in retypings:
        entity, members = index.find(retyping.who, retyping.where, whole=True)
        for member in sorted(members):
            kind, where = found.setdefault(member, (retyping.to, retyping.where))
            if where != retyping.where:
                other = where.rpartition(": ")[2]
                raise CorrectionError(f"{retyping.where}: {retyping.who} has the class {kind} from {other} already.")
        why = because("a correction says so", retyping.reason)
        remarks.append((min(members), f"“{entity.label}” is of the class {retyping.to}: {why}."))
    return {member: kind for member, (kind, _) in found.items()}


def because(verdict: str, reason: str) -> str:
    """The verdict, with the person's own reason in brackets if there is one."""
    return f"{verdict} ({reason.rstrip('.')})" if reason else verdict
