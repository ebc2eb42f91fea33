"""Small extractions and graphs written by hand: what the tests of everything behind extraction start from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rdflib import Graph

from kg import ids, ontology
from kg.graph import build_graph
from kg.resolve import Entity, Resolution
from kg.types import (
    Claim,
    Document,
    EntityType,
    Extraction,
    LocalEntity,
    Position,
    Quotation,
    Tense,
    TimeSpan,
    UnnamedSource,
    Value,
)

TYPES: Mapping[str, EntityType] = {
    "Anna Berg": "Person", "Bo Dahl": "Person", "Carla Diaz": "Person", "Dov Stern": "Person",
    "Harbour Times": "Organization", "Foreign Office": "Organization", "Elm Institute": "Organization",
    "Northland": "Country", "Elvik": "Place", "Sandby": "Place", "Winter Games": "Event", "Sea Law": "Work",
}  # fmt: skip

APRIL = TimeSpan(text="in April", start=dt.date(2023, 4, 1), end=dt.date(2023, 4, 30))
MAY = TimeSpan(text="in May", start=dt.date(2023, 5, 1), end=dt.date(2023, 5, 31))
APRIL_12 = TimeSpan(text="on April 12", start=dt.date(2023, 4, 12), end=dt.date(2023, 4, 12))
OFFICIALS = UnnamedSource(begin=58, end=71, text="two officials", count=2)
LATELY = TimeSpan(text="lately")


@dataclass(frozen=True)
class Said:
    """A claim in names instead of ids; `trigger` is the word that says it."""

    subject: str
    predicate: str
    object: str | Value
    by: tuple[str, ...] = ()
    place: str | None = None
    trigger: str | None = None
    other: Mapping[str, Any] = field(default_factory=dict)


def said(subject: str, predicate: str, target: str | Value, **known: Any) -> Said:
    own = {name: known.pop(name) for name in ("by", "place", "trigger") if name in known}
    return Said(subject, predicate, target, **own, other=known)


def thing(
    key: str, kind: EntityType, label: str, *, aliases: tuple[str, ...] = (), same_as: tuple[str, ...] = ()
) -> Entity:
    return Entity(id=key, type=kind, label=label, aliases=aliases, same_as=same_as, members=())


def story(
    text: str,
    *claims: Said,
    key: str = "d1",
    types: Mapping[str, EntityType] = TYPES,
    nameless: Iterable[str] = (),
    positions: Iterable[tuple[str, str, str | None, Tense]] = (),
    quotations: Iterable[tuple[str | None, str]] = (),
    **known: Any,
) -> Extraction:
    """The extraction of a text with these claims; names are sought in the text, evidence is its sentence.

    A name in `nameless` stands for a cluster without a name.  Positions are (holder, title, organization, tense).
    """
    document = Document(id=key, text=text, blocks=(), **known)
    names = dict.fromkeys(name for name in types if name in text)
    names |= dict.fromkeys(name for name in nameless)
    local = {name: f"e{number}" for number, name in enumerate(names, 1)}

    def span(words: str) -> tuple[int, int]:
        begin = text.find(words)
        return (begin, begin + len(words)) if begin >= 0 else (0, 1)

    def sentence(words: str) -> tuple[int, int]:
        begin = text.rfind(". ", 0, max(span(words)[0], 0)) + 2 if ". " in text[: span(words)[0]] else 0
        end = text.find(".", span(words)[1])
        return begin, (end + 1 if end >= 0 else len(text))

    def claim(told: Said) -> Claim:
        fields: dict[str, Any] = {"confidence": 0.9, "rule": "hand", **told.other}
        fields.setdefault("evidence", sentence(told.trigger or told.subject))
        return Claim(
            subject=local[told.subject],
            predicate=told.predicate,
            object=told.object if isinstance(told.object, Value) else local[told.object],
            subject_span=span(told.subject),
            object_span=span(told.object.value if isinstance(told.object, Value) else told.object),
            attributed_to=tuple(local[name] for name in told.by),
            place=local[told.place] if told.place else None,
            trigger=span(told.trigger) if told.trigger else None,
            **fields,
        )

    return Extraction(
        document=document,
        entities=tuple(
            LocalEntity(id=local[n], type=types.get(n, "Person"), name=n if n in types else None, aliases=(n,))
            for n in names
        ),
        mentions=(),
        claims=tuple(map(claim, claims)),
        positions=tuple(
            Position(
                holder=local[holder],
                title=title,
                organization=local[body] if body else None,
                tense=tense,
                evidence=sentence(title),
            )
            for holder, title, body, tense in positions
        ),
        quotations=tuple(
            Quotation(speaker=local[who] if who else None, text=words, begin=span(words)[0], end=span(words)[1])
            for who, words in quotations
        ),
    )


def resolved(*extractions: Extraction, also: Iterable[Entity] = ()) -> Resolution:
    """Entities of one name are one entity."""
    entities: dict[str, Entity] = {}
    of = {}
    for extraction in extractions:
        for local in extraction.entities:
            if local.name is not None:
                key = ids.slug(local.name)
                entities[key] = thing(key, local.type, local.name, aliases=local.aliases)
                of[extraction.document.id, local.id] = key
    entities |= {entity.id: entity for entity in also}
    return Resolution(entities=tuple(entities.values()), of=of)


def graph_of(*extractions: Extraction, also: Iterable[Entity] = (), base: str = ids.BASE) -> Graph:
    return build_graph(extractions, resolved(*extractions, also=also), ontology.load(), base=base)


def sample() -> tuple[Extraction, ...]:
    """Three documents of three outlets: a disputed meeting, a planned visit, positions, a quotation, an open claim."""
    meeting = "Anna Berg met Bo Dahl and Carla Diaz in Elvik in April, the Harbour Times said."
    first = story(
        f"{meeting} Anna Berg, president of the Elm Institute, will visit Northland. She toasted Carla Diaz.",
        said("Anna Berg", "met", "Bo Dahl", by=("Harbour Times",), time=APRIL, place="Elvik", trigger="met"),
        said("Anna Berg", "met", "Carla Diaz", by=("Harbour Times",), time=APRIL, place="Elvik", trigger="met"),
        said("Anna Berg", "visited", "Northland", modality="planned", trigger="visit", level="resolved"),
        said("Anna Berg", "leads", "Elm Institute", trigger="president", confidence=0.95),
        said("Anna Berg", "toast", "Carla Diaz", label="toasted", trigger="toasted", confidence=0.5),
        key="00000000000000a1", title="Private talks", date=dt.date(2023, 6, 1), publisher="Morning Post",
        url="https://morning.example/talks", positions=[("Anna Berg", "president", "Elm Institute", "current")],
    )  # fmt: skip
    second = story(
        'The Foreign Office denied that Bo Dahl met Anna Berg. "There were no talks at all," Carla Diaz said.',
        said("Bo Dahl", "met", "Anna Berg", stance="denies", by=("Foreign Office",), trigger="met"),
        key="second", date=dt.date(2023, 6, 2), publisher="Evening Echo",
        quotations=[("Carla Diaz", "There were no talks at all,")],
    )  # fmt: skip
    third = story(
        "Carla Diaz, born on 2 March 1975, met Anna Berg in Elvik, two officials said. Anna Berg is president of the "
        "Elm Institute.",
        said("Carla Diaz", "bornOn", Value(value="1975-03-02"), trigger="born"),
        said("Carla Diaz", "met", "Anna Berg", place="Elvik", trigger="met", unnamed_sources=(OFFICIALS,)),
        key="third", date=dt.date(2023, 6, 3), publisher="Harbour Times",
        positions=[("Anna Berg", "President", "Elm Institute", "current")],
    )  # fmt: skip
    return first, second, third
