"""Extractions of several documents as one corpus, and what the corpus shows under each name.

The union of corpora is associative, commutative and idempotent, so any partition of the documents gives the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.gazetteer import Gazetteer, OrganizationRecord, PlaceRecord, fold
from kg.profiles import PersonName, Profile, organization_name, person_name
from kg.rulings import NO_RULINGS, Rulings
from kg.types import EntityType, Extraction, LocalEntity, Value

_FAMILIES: Mapping[EntityType, str] = {
    "Person": "person",
    "Organization": "organization",
    "Place": "place",
    "Country": "place",
    "Group": "group",
    "Work": "work",
    "Product": "work",
    "Event": "event",
}
_SOFT: tuple[EntityType, ...] = ("Organization", "Work", "Group", "Product", "Event")
"""Types that taggers mix up: one name keeps the most frequent of them, the first of these on a tie."""
_BIRTH = "bornOn"
_OF_A_STATE = frozenset({"party", "ministry", "parliament", "court", "agency", "military", "government"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Extractions sorted by document id, one a document."""

    extractions: tuple[Extraction, ...] = ()


def corpus_of(extractions: Iterable[Extraction]) -> Corpus:
    """The corpus of these extractions, in whatever order they come.

    Where one document id comes with different contents, the greatest `repr` stays: any fixed choice will do,
    as long as it is the maximum of an order, for then the union keeps its laws.
    """
    chosen: dict[str, Extraction] = {}
    for extraction in extractions:
        key = extraction.document.id
        known = chosen.get(key)
        if known is None or (known != extraction and repr(known) < repr(extraction)):
            chosen[key] = extraction
    return Corpus(extractions=tuple(chosen[key] for key in sorted(chosen)))


def merge(first: Corpus, second: Corpus) -> Corpus:
    """The union of two corpora."""
    return corpus_of((*first.extractions, *second.extractions))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sighting:
    """One named entity of one document."""

    document: str
    entity: LocalEntity
    name: str
    gender: str | None
    country: str | None
    roles: frozenset[str]
    organizations: frozenset[str]
    birth: int | None


def profiles_of(corpus: Corpus, gazetteer: Gazetteer, rulings: Rulings = NO_RULINGS) -> tuple[Profile, ...]:
    """One profile a name, sorted by key; entities without a name have none.

    A name that does not tell by itself which one is meant (a bare surname, "the foreign ministry") has a
    profile for each document.  A full name has several where its bearers were born in different years, or where
    a correction treats some occurrences otherwise than the rest.
    """
    sightings = [sighting for extraction in corpus.extractions for sighting in _sightings(extraction, gazetteer)]
    votes: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for sighting in sightings:
        votes[fold(sighting.name)][sighting.entity.type] += 1
    marks = rulings.marks()
    groups: dict[tuple[str, ...], list[Profile]] = defaultdict(list)
    for sighting in sightings:
        member = (sighting.document, sighting.entity.id)
        own = rulings.types.get(member)
        profile = _profile(sighting, own or _voted_type(sighting, votes[fold(sighting.name)]), gazetteer)
        if member in marks:
            profile = replace(profile, key=(*profile.key, "", marks[member]))
        groups[profile.key].append(profile)
    parted = {key: group for name, same in groups.items() for key, group in _by_birth(name, same)}
    return tuple(_united(key, parted[key]) for key in sorted(parted))


def _by_birth(key: tuple[str, ...], group: list[Profile]) -> Iterator[tuple[tuple[str, ...], list[Profile]]]:
    """The profiles of one name, those of each year of birth by themselves if the years contradict each other, and
    those that tell no year apart from them."""
    years = sorted({year for profile in group for year in profile.births})
    if len(years) < 2 or years[-1] - years[0] <= 1:
        yield key, group
        return
    first: dict[int, int] = {}
    for place, year in enumerate(years):
        first[year] = first[years[place - 1]] if place and year - years[place - 1] <= 1 else year
    parts: dict[tuple[str, ...], list[Profile]] = defaultdict(list)
    for profile in group:
        parts[(*key, "", f"born {first[min(profile.births)]}") if profile.births else key].append(profile)
    yield from parts.items()


def _births(extraction: Extraction) -> dict[str, int]:
    """The year of birth of each local entity of which the text itself says one; a doubtful one is left out."""
    years: dict[str, set[int]] = defaultdict(set)
    for claim in extraction.claims:
        said = claim.stance == "asserts" and claim.modality == "actual" and claim.level == "explicit"
        if claim.predicate == _BIRTH and said and isinstance(claim.object, Value) and claim.object.value[:4].isdigit():
            years[claim.subject].add(int(claim.object.value[:4]))
    return {entity: min(found) for entity, found in years.items() if len(found) == 1}


def _sightings(extraction: Extraction, gazetteer: Gazetteer) -> Iterable[_Sighting]:
    births = _births(extraction)
    names = {entity.id: entity.name for entity in extraction.entities}
    roles: dict[str, set[str]] = defaultdict(set)
    organizations: dict[str, set[str]] = defaultdict(set)
    for position in extraction.positions:
        roles[position.holder].add(fold(position.title))
        organization = names.get(position.organization or "")
        if organization:
            organizations[position.holder].add(_organization_key(organization, gazetteer))
    for entity in extraction.entities:
        if entity.name is None or not fold(entity.name):
            continue
        country = None
        if entity.country:
            place = gazetteer.country(entity.country)
            country = place.name if place else gazetteer.demonym(entity.country) or entity.country
        yield _Sighting(
            document=extraction.document.id,
            entity=entity,
            name=entity.name,
            gender=entity.gender,
            country=country,
            roles=frozenset(roles[entity.id]),
            organizations=frozenset(organizations[entity.id]),
            birth=births.get(entity.id),
        )


def _organization_key(name: str, gazetteer: Gazetteer) -> str:
    record = gazetteer.organization(name)
    return record.name if record else fold(name)


def _voted_type(sighting: _Sighting, votes: Counter[EntityType]) -> EntityType:
    """The type that most documents give a name, where taggers are known to waver.

    Places never change: a town, its state and a club may share a name.  A person becomes something else, or
    the other way round, only against a large majority, for firms are named after people.
    """
    own = sighting.entity.type
    if own in _SOFT:
        own = max(_SOFT, key=lambda kind: (votes[kind], -_SOFT.index(kind)))
    if " " in fold(sighting.name):
        if own in _SOFT and votes["Person"] >= 3 * votes[own]:
            return "Person"
        soft = max(_SOFT, key=lambda kind: (votes[kind], -_SOFT.index(kind)))
        if own == "Person" and votes[soft] >= 3 * votes["Person"]:
            return soft
    return own


def _profile(sighting: _Sighting, kind: EntityType, gazetteer: Gazetteer) -> Profile:
    """The profile of one sighting."""
    entity, name = sighting.entity, sighting.name
    family = _FAMILIES[kind]
    place = _place(entity, sighting.country, name, gazetteer) if family == "place" else None
    record = None
    if kind in ("Organization", "Work", "Group", "Product"):
        record = _record(entity, sighting.country, name, gazetteer)
        family = "organization" if record else family
    person = person_name(name, gazetteer) if family == "person" else None
    organization = organization_name(record.name if record else name, gazetteer) if family == "organization" else None
    country, gender, roles = sighting.country, sighting.gender, sighting.roles
    if organization is not None:
        country = (record.country if record else None) or organization.country or country
    if person is not None:
        gender = gender or gazetteer.title_gender(person.dropped) or _first_name_gender(person, gazetteer)
        titles = {person_name(form, gazetteer).dropped for form in (name, *entity.aliases)}
        roles |= {title for title in titles if title in gazetteer.titles or title in gazetteer.ranks}
    key: tuple[str, ...] = (family, fold(name))
    if place is not None:
        country = place.country
        key = (family, "table", fold(place.name), place.kind, place.country or "")
    elif record is not None:
        key = (family, "table", fold(record.name))
    elif person is not None:
        key = (family, person.key)
    elif organization is not None:
        key = (family, *organization.core, f"({country or ''})") if organization.national else (family, fold(name))
    profile = Profile(
        key=key,
        family=family,
        name=name,
        types=((kind, 1),),
        forms=tuple((form, 1) for form in sorted({name, *entity.aliases})),
        members=((sighting.document, entity.id),),
        gender=gender,
        country=country,
        roles=roles,
        organizations=sighting.organizations,
        person=person,
        organization=organization,
        place=place,
        record=record,
        births=frozenset({sighting.birth}) if person is not None and sighting.birth is not None else frozenset(),
        documents=frozenset({sighting.document}),
    )
    return replace(profile, key=(*key, sighting.document, entity.id)) if profile.bare else profile


def _first_name_gender(person: PersonName, gazetteer: Gazetteer) -> str | None:
    spelled = next((name for name in person.given if len(name) > 1), None)
    return gazetteer.gender(spelled) if spelled else None


def _place(entity: LocalEntity, country: str | None, name: str, gazetteer: Gazetteer) -> PlaceRecord | None:
    """The place of the tables that is meant: the country if typed so, else one that lies in the known country."""
    head, _, region = name.partition(", ")
    candidates = gazetteer.places(name)
    if not candidates and region:
        outer = gazetteer.place(region)
        inside = {place.name for place in gazetteer.places(region)} | ({outer.country} if outer else set())
        return next((place for place in gazetteer.places(head) if place.country in inside), None)
    if not candidates and entity.type == "Country":
        people = gazetteer.demonym(name)
        return gazetteer.country(people) if people else None
    if entity.type == "Country":
        return next((place for place in candidates if place.kind == "country"), next(iter(candidates), None))
    inner = (place for place in candidates if country and place.country == country)
    return next(inner, next(iter(candidates), None))


def _record(entity: LocalEntity, country: str | None, name: str, gazetteer: Gazetteer) -> OrganizationRecord | None:
    """The organisation of the tables that the name, or else a full alias, stands for.

    A party or ministry of another country is another one, though its short name may be the same.
    """
    for form in (
        name,
        *sorted((alias for alias in entity.aliases if " " in alias), key=lambda form: (-len(form), form)),
    ):
        record = gazetteer.organization(form)
        if record is None:
            continue
        own = country or organization_name(form, gazetteer).country
        if record.kind in _OF_A_STATE and own and record.country and own != record.country:
            continue
        return record
    return None


def _united(key: tuple[str, ...], profiles: list[Profile]) -> Profile:
    """The profiles of one key as one; what they disagree on is decided by number, then by alphabet."""
    first = profiles[0]
    if len(profiles) == 1 and first.key == key:
        return first
    names = Counter(profile.name for profile in profiles)
    forms = Counter(form for profile in profiles for form, _ in profile.forms)
    types = Counter(kind for profile in profiles for kind, _ in profile.types)
    genders = Counter(profile.gender for profile in profiles if profile.gender).most_common(2)
    countries = Counter(profile.country for profile in profiles if profile.country)
    gender = None
    if genders and (len(genders) == 1 or genders[0][1] > genders[1][1]):
        gender = genders[0][0]
    name = min(names, key=lambda form: (-names[form], form))
    return Profile(
        key=key,
        family=first.family,
        name=name,
        types=tuple(sorted(types.items())),
        forms=tuple(sorted(forms.items())),
        members=tuple(sorted(member for profile in profiles for member in profile.members)),
        gender=gender,
        country=min(countries, key=lambda country: (-countries[country], country)) if countries else None,
        roles=frozenset().union(*(profile.roles for profile in profiles)),
        organizations=frozenset().union(*(profile.organizations for profile in profiles)),
        person=first.person,
        organization=first.organization,
        place=first.place,
        record=first.record,
        births=frozenset().union(*(profile.births for profile in profiles)),
        documents=frozenset().union(*(profile.documents for profile in profiles)),
    )
