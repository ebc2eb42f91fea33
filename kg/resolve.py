"""Who is who over all documents: one entity for each real thing, with a stable id, the best name and all others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.gazetteer import Gazetteer, fold, is_acronym
from kg.ids import digest, slug
from kg.linking import Link, link
from kg.merge import corpus_of, profiles_of
from kg.profiles import Profile
from kg.types import EntityType, Extraction

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
class Entity:
    """A real thing.  `id` is the local name of its IRI, `label` its best full name, `aliases` all other surface
    forms, `same_as` IRIs of GeoNames or Wikidata, `members` its (document id, local id); all sorted."""

    id: str
    type: EntityType
    label: str
    aliases: tuple[str, ...]
    same_as: tuple[str, ...]
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The entities sorted by id, the entity of each (document id, local id), and why names were joined or not.

    A local entity without a name is in no entity, and `of` does not have it.
    """

    entities: tuple[Entity, ...]
    of: Mapping[tuple[str, str], str]
    links: tuple[Link, ...] = ()


def resolve(
    extractions: Iterable[Extraction], gazetteer: Gazetteer, *, known: Mapping[str, Iterable[str]] | None = None
) -> Resolution:
    """The resolution of the named entities of these extractions, the same for every order and partition of them.

    `known` maps ids of an earlier resolution to the names of their entities; an entity keeps such an id as long
    as it bears one of these names, however many documents are added.
    """
    profiles = profiles_of(corpus_of(extractions), gazetteer)
    linked = link(profiles, gazetteer)
    drafts = [
        _draft([profiles[i] for i in component], gazetteer, unsure=component[0] in linked.unsure)
        for component in linked.components
    ]
    names = _ids(drafts, known or {})
    entities = tuple(
        sorted(
            (
                Entity(
                    id=name,
                    type=draft.type,
                    label=draft.label,
                    aliases=draft.aliases,
                    same_as=draft.same_as,
                    members=draft.members,
                )
                for name, draft in zip(names, drafts, strict=True)
            ),
            key=lambda entity: entity.id,
        )
    )
    of = {member: entity.id for entity in entities for member in entity.members}
    return Resolution(entities=entities, of=of, links=linked.links)


def explain(resolution: Resolution, name: str) -> tuple[Link, ...]:
    """Why the entities of this name were joined with others or kept apart, sorted; empty for an unknown name."""
    key = fold(name)
    forms = {
        fold(form)
        for entity in resolution.entities
        if key in map(fold, (entity.label, *entity.aliases))
        for form in (entity.label, *entity.aliases)
    }
    return tuple(link for link in resolution.links if fold(link.left) in forms or fold(link.right) in forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """An entity before its id.  `suffix` tells it from another of the same slug, the lower `rank` goes first.
    Not `plain` are those that bear a suffix even where they are alone, so that they keep it when the namesake comes:
    the second place of a name (Georgia the state), a surname that may be several people's."""

    type: EntityType
    slug: str
    label: str
    aliases: tuple[str, ...]
    same_as: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    suffix: str
    rank: int
    plain: bool


def _draft(profiles: Sequence[Profile], gazetteer: Gazetteer, *, unsure: bool) -> _Draft:
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
    return _Draft(
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


def _ids(drafts: Sequence[_Draft], known: Mapping[str, Iterable[str]]) -> list[str]:
    """An id a draft: the known one, else the slug of its label, with a suffix where another has the same."""
    alone = _new_ids(drafts, {})
    return _new_ids(drafts, _known_ids(drafts, alone, known)) if known else alone


def _new_ids(drafts: Sequence[_Draft], taken: Mapping[int, str]) -> list[str]:
    """The ids of drafts of which some have one already."""
    ids, used = dict(taken), set(taken.values())
    groups: dict[str, list[int]] = defaultdict(list)
    for i, draft in enumerate(drafts):
        if i not in taken:
            groups[draft.slug].append(i)
    for name in sorted(groups):
        ordered = sorted(groups[name], key=lambda i: (drafts[i].rank, drafts[i].suffix, drafts[i].members))
        for place, i in enumerate(ordered):
            draft = drafts[i]
            content = digest(draft.type, *draft.members[0])
            choices = [name] if draft.plain and place == 0 else []
            choices += [f"{name}-{draft.suffix}"] if draft.suffix else []
            choices += [f"{name}-{content[:8]}", f"{name}-{content}"]
            ids[i] = next(choice for choice in choices if choice not in used)
            used.add(ids[i])
    return [ids[i] for i in range(len(drafts))]


def _known_ids(drafts: Sequence[_Draft], alone: Sequence[str], known: Mapping[str, Iterable[str]]) -> dict[int, str]:
    """The drafts that keep an earlier id: each id goes to the draft that shares its name, or else most names, with
    the entity that had it; between equals to the one that would get this id anyway (`alone`)."""
    bearers: dict[str, list[int]] = defaultdict(list)
    for i, draft in enumerate(drafts):
        for name in sorted({fold(form) for form in (draft.label, *draft.aliases)}):
            bearers[name].append(i)
    offers: list[tuple[bool, bool, int, str, int]] = []
    for name in sorted(known):
        shared: Counter[int] = Counter()
        for form in sorted({fold(form) for form in known[name]}):
            shared.update(bearers[form])
        for i, count in shared.items():
            own = fold(drafts[i].label) in {fold(form) for form in known[name]}
            offers.append((not own, alone[i] != name, -count, name, i))
    taken: dict[int, str] = {}
    given: set[str] = set()
    for _, _, _, name, i in sorted(offers):
        if i not in taken and name not in given:
            taken[i] = name
            given.add(name)
    return taken
