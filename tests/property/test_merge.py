"""Laws of merging and resolving: the order and the partition of the documents never matter."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from kg import gazetteer
from kg.merge import Corpus, corpus_of, merge
from kg.resolve import Known, Resolution, known_of, resolve
from kg.types import Document, EntityType, Extraction, LocalEntity, Position

TABLES = gazetteer.load()

FIRST = ("Ana", "Anna", "Bill", "William", "W.", "George W.", "George H.W.", "George", "Sergei", "Sergey", "Hilary")
LAST = ("Moss", "Mosse", "Bush", "Haas", "Haass", "Lake", "Moss Jr.")
ORGANIZATIONS = (
    "Green Lakes Trust", "GLT", "Great London Theatre", "Foreign Ministry", "Danish Foreign Ministry",
    "Swedish Foreign Ministry", "Green Lakes", "NATO", "Moss Foundation", "Moss", "State Department", "Georgia",
)  # fmt: skip
PLACES = ("Georgia", "Kyiv", "Kiev", "Moss", "New York", "U.S.", "Lake")

people = st.one_of(
    st.sampled_from(LAST),
    st.builds(lambda first, last: f"{first} {last}", st.sampled_from(FIRST), st.sampled_from(LAST)),
    st.builds(
        lambda title, last: f"{title} {last}", st.sampled_from(("Mr.", "Mrs.", "President")), st.sampled_from(LAST)
    ),
)


def _local(
    kind: EntityType, name: str | None, alias: str | None, gender: str | None, country: str | None
) -> LocalEntity:
    return LocalEntity(
        id="",
        type=kind,
        name=name,
        aliases=tuple(sorted(filter(None, {name, alias if name else None}))),
        gender=gender if kind == "Person" else None,  # type: ignore[arg-type]
        country=country,
    )


genders = st.sampled_from((None, None, "male", "female"))
countries = st.sampled_from((None, None, None, "Denmark", "United States"))
entities = st.one_of(
    st.builds(_local, st.just("Person"), people, st.none() | st.sampled_from(LAST), genders, countries),
    st.builds(
        _local,
        st.sampled_from(("Organization", "Organization", "Work", "Group")),
        st.sampled_from(ORGANIZATIONS),
        st.none() | st.sampled_from(("GLT", "GL")),
        st.none(),
        countries,
    ),
    st.builds(_local, st.sampled_from(("Place", "Country")), st.sampled_from(PLACES), st.none(), st.none(), countries),
    st.builds(_local, st.just("Person"), st.none(), st.none(), genders, st.none()),
)


def _extraction(number: int, local: list[LocalEntity], title: str | None) -> Extraction:
    numbered = tuple(
        LocalEntity(
            id=f"e{n}",
            type=entity.type,
            name=entity.name,
            aliases=entity.aliases,
            gender=entity.gender,
            country=entity.country,
        )
        for n, entity in enumerate(local, start=1)
    )
    positions = (
        (Position(holder="e1", title=title, organization=None, tense="current", evidence=(0, 0)),) if title else ()
    )
    return Extraction(
        document=Document(id=f"d{number}", text="", blocks=()),
        entities=numbered,
        mentions=(),
        claims=(),
        positions=positions,
        quotations=(),
    )


extractions = st.builds(
    _extraction,
    st.integers(min_value=1, max_value=12),
    st.lists(entities, min_size=1, max_size=5),
    st.sampled_from((None, None, "mayor", "coach")),
)
corpora = st.lists(extractions, max_size=6).map(corpus_of)


@settings(max_examples=60, deadline=None)
@given(corpora)
def test_merging_with_itself_or_with_nothing_changes_nothing(corpus: Corpus) -> None:
    assert merge(corpus, corpus) == corpus
    assert merge(corpus, Corpus()) == corpus == merge(Corpus(), corpus)


@settings(max_examples=60, deadline=None)
@given(corpora, corpora)
def test_merging_is_commutative(first: Corpus, second: Corpus) -> None:
    assert merge(first, second) == merge(second, first)


@settings(max_examples=60, deadline=None)
@given(corpora, corpora, corpora)
def test_merging_is_associative(first: Corpus, second: Corpus, third: Corpus) -> None:
    assert merge(merge(first, second), third) == merge(first, merge(second, third))


@settings(max_examples=60, deadline=None)
@given(st.lists(extractions, max_size=10), st.randoms(use_true_random=False))
def test_any_order_and_any_partition_give_the_same_resolution(
    documents: list[Extraction], chance: random.Random
) -> None:
    expected = resolve(documents, TABLES)
    shuffled = list(documents)
    chance.shuffle(shuffled)
    assert resolve(shuffled, TABLES) == expected
    parts: list[list[Extraction]] = [[], [], []]
    for document in shuffled:
        parts[chance.randrange(3)].append(document)
    united = merge(corpus_of(parts[2]), merge(corpus_of(parts[0]), corpus_of(parts[1])))
    assert resolve(united.extractions, TABLES) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(extractions, max_size=10))
def test_every_named_entity_is_in_exactly_one_entity_with_an_id_of_its_own(documents: list[Extraction]) -> None:
    found = resolve(documents, TABLES)
    named = [
        (extraction.document.id, local.id)
        for extraction in corpus_of(documents).extractions
        for local in extraction.entities
        if local.name is not None
    ]
    members = [member for entity in found.entities for member in entity.members]
    assert sorted(members) == sorted(named) == sorted(found.of)
    ids = [entity.id for entity in found.entities]
    assert ids == sorted(set(ids))
    assert all(name.isascii() and "." not in name for name in ids)
    for entity in found.entities:
        assert entity.label not in entity.aliases
        assert list(entity.aliases) == sorted(set(entity.aliases))


@settings(max_examples=60, deadline=None)
@given(st.lists(extractions, max_size=10))
def test_men_and_women_and_places_and_organisations_never_merge(documents: list[Extraction]) -> None:
    corpus = corpus_of(documents)
    found = resolve(corpus.extractions, TABLES)
    local = {(e.document.id, entity.id): entity for e in corpus.extractions for entity in e.entities}
    for entity in found.entities:
        kinds = {local[member].type for member in entity.members}
        assert not (kinds & {"Place", "Country"} and kinds - {"Place", "Country"})
        names = {local[member].name or "" for member in entity.members}
        assert not (any("W. Bush" in n and "H." not in n for n in names) and any("H.W. Bush" in n for n in names))


@settings(max_examples=150, deadline=None)
@given(st.lists(extractions, max_size=8), st.lists(extractions, max_size=4), st.randoms(use_true_random=False))
def test_adding_documents_keeps_every_iri(old: list[Extraction], new: list[Extraction], chance: random.Random) -> None:
    held = {extraction.document.id for extraction in old}
    first = resolve(old, TABLES)
    assert resolve(old, TABLES, known=known_of(first)).of == first.of
    more = [*old, *(extraction for extraction in new if extraction.document.id not in held)]
    second = resolve(more, TABLES, known=known_of(first))
    _keeps(first, second)
    chance.shuffle(more)
    assert resolve(more, TABLES, known=known_of(first)) == second
    third = resolve(more, TABLES, known=known_of(second))
    assert third.of == second.of
    assert third.replaced == second.replaced


def _keeps(first: Resolution, second: Resolution) -> None:
    """Every IRI still means what most of its bearers are, by itself or through the one that has replaced it."""
    ids = [entity.id for entity in second.entities]
    stands_for = {known.id: known.by for known in second.replaced}
    assert len(ids) == len(set(ids))
    assert not set(ids) & set(stands_for)
    for entity in first.entities:
        now = stands_for.get(entity.id, entity.id)
        bearers = Counter(second.of[member] for member in entity.members)
        assert bearers[now] == max(bearers.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(extractions, max_size=4), max_size=4))
def test_iris_stay_from_build_to_build(parts: list[list[Extraction]]) -> None:
    documents: dict[str, Extraction] = {}
    known: tuple[Known, ...] = ()
    seen: set[str] = set()
    for part in parts:
        for extraction in part:
            documents.setdefault(extraction.document.id, extraction)
        found = resolve(documents.values(), TABLES, known=known)
        known = known_of(found)
        assert seen <= {item.id for item in known}
        seen = {item.id for item in known}
