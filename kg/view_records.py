"""Frozen records of what the network view shows; who and what is referred to by IRI.  Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kg.types import Modality, Stance

Status = Literal["stated", "disputed", "planned", "possible", "denied"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A node of the view.  `aliases` are the other surface forms, `links` its outside identifiers."""

    iri: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document; `date` is an ISO date or a part of one, all texts are empty when unknown."""

    iri: str
    title: str = ""
    date: str = ""
    outlet: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of a document that say something; `source` is the document's IRI, empty when unknown."""

    iri: str
    quote: str = ""
    source: str = ""
    begin: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One claim.  `object` is an entity's IRI, or the words of a literal (then `literal` is true).

    `status` belongs to the statement (subject, predicate, object) that the claim is about: disputed when
    claims of it deny what others assert.  `derived` marks what a rule concluded, `level` how the words were
    read (resolved from a pronoun, inferred), `backed` a fact with a claim.
    """

    iri: str
    subject: str
    predicate: str
    object: str
    literal: bool = False
    stance: Stance = "asserts"
    modality: Modality = "actual"
    status: Status = "stated"
    confidence: float | None = None
    evidence: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    """The words for whoever says so and is not named."""
    event: str = ""
    derived: bool = False
    level: str = ""
    backed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event with what the graph knows about it; entities by IRI, days as ISO dates."""

    iri: str
    type: str
    participants: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    time_text: str = ""
    asserted_by: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """A position that somebody holds, held or will hold."""

    iri: str
    holder: str
    title: str
    organization: str = ""
    tense: str = ""
    start: str = ""
    end: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A direct quotation; `speaker` is empty when the text does not name one."""

    iri: str
    text: str
    speaker: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationName:
    """How a relation is written; `open` for one that the ontology does not know."""

    iri: str
    name: str
    label: str
    symmetric: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the view shows, every tuple sorted by IRI or content."""

    entities: tuple[Entity, ...]
    relations: tuple[RelationName, ...]
    facts: tuple[Fact, ...]
    happenings: tuple[Happening, ...]
    tenures: tuple[Tenure, ...]
    sayings: tuple[Saying, ...]
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]
