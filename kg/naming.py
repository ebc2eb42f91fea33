"""Names of entities: the best label of all its names, and an id that stays when documents are added."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.entities import Known, Member
from kg.gazetteer import Gazetteer, fold, is_acronym
from kg.ids import digest, slug
from kg.profiles import Profile
from kg.types import EntityType

GEONAMES = "https://sws.geonames.org/"
WIKIDATA = "http://www.wikidata.org/entity/"
_TYPE_ORDER: tuple[EntityType, ...] = (
    "Country",
    "Place",
    "Person",
    "Organization",
    "Group",
    "Work",
    "Product",
    "Event",
)
"""Of two entities with one slug the first keeps it; and a tie between types goes to the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entity before its id.  `suffix` tells it from another of the same slug, the lower `rank` goes first.
    Not `plain` are those that bear a suffix even where they are alone, so that they keep it when the namesake comes:
    the second place of a name (Georgia the state), a surname that may be several people's."""

    type: EntityType
    slug: str
    label: str
    aliases: tuple[str, ...]
    same_as: tuple[str, ...]
    members: tuple[Member, ...]
    suffix: str
    rank: int
    plain: bool


def draft(profiles: Sequence[Profile], gazetteer: Gazetteer, *, unsure: bool) -> Draft:
    """The entity that these profiles are; `unsure` says that its name may be another's."""
    types: Counter[EntityType] = Counter()
    forms: Counter[str] = Counter()
    for profile in profiles:
        types.update(dict(profile.types))
        forms.update(dict(profile.forms))
    kind = min(types, key=lambda item: (-types[item], _TYPE_ORDER.index(item)))
    place = next((profile.place for profile in profiles if profile.place), None)
    record = next((profile.record for profile in profiles if profile.record), None)
    same_as: list[str] = []
    suffix, rank = "" if unsure else kind.lower(), _TYPE_ORDER.index(kind)
    if place is not None:
        kind = "Country" if place.kind == "country" else "Place"
        suffix = place.kind
        rank = min(i for i, other in enumerate(gazetteer.places(place.name)) if other.kind == place.kind)
        same_as += [f"{GEONAMES}{place.geonames}/"] if place.geonames else []
        same_as += [f"{WIKIDATA}{place.wikidata}"] if place.wikidata else []
        name = place.name
        label = _usual(name, forms)
    elif record is not None:
        same_as += [f"{WIKIDATA}{record.wikidata}"] if record.wikidata else []
        name = record.name
        label = _usual(name, forms)
    else:
        name = label = _label(profiles, forms)
    return Draft(
        type=kind,
        slug=slug(name),
        label=label,
        aliases=tuple(sorted(form for form in forms if form != label)),
        same_as=tuple(same_as),
        members=tuple(sorted(member for profile in profiles for member in profile.members)),
        suffix=suffix,
        rank=rank,
        plain=not unsure and (place is None or rank == 0),
    )


def _usual(name: str, forms: Mapping[str, int]) -> str:
    """A name of the tables as the documents write it: "Herat" rather than "Herāt"."""
    same = [form for form in forms if fold(form) == fold(name) and not form.isupper() and form[:4].lower() != "the "]
    return name if not same or name in forms else min(same, key=lambda form: (-forms[form], form))


def _label(profiles: Sequence[Profile], forms: Mapping[str, int]) -> str:
    """The best full name: no bare surname, no initials or acronym if there is better, then the most frequent."""
    names: Counter[str] = Counter()
    parts = {}
    for profile in profiles:
        names[profile.name] += len(profile.members)
        parts[profile.name] = profile

    def goodness(name: str) -> tuple[object, ...]:
        profile = parts[name]
        person = profile.person
        full = not profile.bare and not is_acronym(name)
        spelled = person is None or (len(person.given) > 0 and len(person.given[0]) > 1)
        untitled = person is None or not person.dropped
        # an organisation's longest name is its fullest, a person's most usual one is the best
        usual = forms.get(name, names[name]) if person is not None else 0
        return (not full, not spelled, not untitled, -usual, name.isupper(), -len(name), name)

    best = min(names, key=goodness)
    article = profiles[0].family in ("organization", "place", "event") and best[:4] in ("the ", "The ")
    return best[4:] if article else best


def renamed(old: Draft, name: str) -> Draft:
    """The entity under a name that a correction gives; its former label becomes another name."""
    aliases = tuple(sorted({*old.aliases, old.label} - {name}))
    return replace(old, label=name, slug=slug(name), aliases=aliases, suffix=old.type.lower(), plain=True)


def ids_of(
    drafts: Sequence[Draft], known: Iterable[Known], fixed: frozenset[int] = frozenset()
) -> tuple[tuple[str, ...], tuple[Known, ...]]:
    """An id for each draft, and the earlier ids that another stands for now.

    An earlier id stays with the entity that has most of what bore it; of several in one entity the most borne stays
    and stands for the others.  A new entity gets the slug of its label, with a suffix where that is taken.  Those at
    `fixed` positions, which corrections have named, take the slug of that name.
    """
    earlier = sorted(known)
    homes = _homes(drafts, earlier)
    kept: dict[int, str] = {}
    for place in sorted(homes, key=lambda place: (bool(earlier[place].by), -len(earlier[place].members), place)):
        if homes[place] not in fixed:
            kept.setdefault(homes[place], earlier[place].id)
    for exact in (True, False):  # an id that a correction gave stays too, with its suffix if it needed one
        for place, i in homes.items():
            item = earlier[place]
            same = item.id == drafts[i].slug if exact else not item.by and item.label == drafts[i].label
            if i in fixed and same:
                kept.setdefault(i, item.id)
    ids = _new_ids(drafts, kept, {item.id for item in earlier}, fixed)
    replaced = (
        replace(item, by=ids[homes[place]])
        for place, item in enumerate(earlier)
        if place in homes and ids[homes[place]] != item.id
    )
    return ids, tuple(replaced)


def _homes(drafts: Sequence[Draft], earlier: Sequence[Known]) -> dict[int, int]:
    """Position of an earlier id -> position of the draft that has most of what bore it.

    Where none of its documents is left, the only draft of its label and type that is no other id's home.
    """
    of = {member: i for i, draft in enumerate(drafts) for member in draft.members}
    homes: dict[int, int] = {}
    for place, item in enumerate(earlier):
        shared = Counter(of[member] for member in item.members if member in of)
        if shared:
            homes[place] = min(shared, key=lambda i: (-shared[i], drafts[i].members))
    called: dict[tuple[str, EntityType], list[int]] = defaultdict(list)
    for i in sorted(set(range(len(drafts))) - set(homes.values())):
        called[fold(drafts[i].label), drafts[i].type].append(i)
    for place, item in enumerate(earlier):
        same = called.get((fold(item.label), item.type), [])
        if place not in homes and len(same) == 1 and not item.by:
            homes[place] = same[0]
    return homes


def _new_ids(
    drafts: Sequence[Draft], kept: Mapping[int, str], reserved: set[str], first: frozenset[int]
) -> tuple[str, ...]:
    """The ids of drafts of which some have one already; no reserved id is given to another."""
    ids, used = dict(kept), set(reserved)
    groups: dict[str, list[int]] = defaultdict(list)
    for i, draft in enumerate(drafts):
        if i not in kept:
            groups[draft.slug].append(i)
    for name in sorted(groups):
        key = {i: (i not in first, drafts[i].rank, drafts[i].suffix, drafts[i].members) for i in groups[name]}
        for place, i in enumerate(sorted(groups[name], key=key.__getitem__)):
            ids[i] = next(choice for choice in _choices(drafts[i], alone=place == 0) if choice not in used)
            used.add(ids[i])
    return tuple(ids[i] for i in range(len(drafts)))


def _choices(draft: Draft, *, alone: bool) -> Iterator[str]:
    """Ids for a new entity, the best first, without end."""
    if draft.plain and alone:
        yield draft.slug
    if draft.suffix:
        yield f"{draft.slug}-{draft.suffix}"
    content = digest(draft.type, *draft.members[0])
    yield f"{draft.slug}-{content[:8]}"
    yield f"{draft.slug}-{content}"
    yield from (f"{draft.slug}-{digest(content, turn)}" for turn in itertools.count())
