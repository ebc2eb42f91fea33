"""Frozen records that cross the borders of modules and processes.  Standard library only.

Offsets (`begin`, `end`) count code points of the document's stored text; `start`, `stop` and `head`
count tokens of its parse.  Both are half-open: `text[begin:end]`, `tokens[start:stop]`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["prose", "heading", "dateline", "furniture"]
EntityType = Literal["Person", "Organization", "Place", "Country", "Group", "Work", "Product", "Event"]
MentionKind = Literal["name", "demonym", "nominal", "pronoun"]
Level = Literal["explicit", "resolved", "inferred"]
Stance = Literal["asserts", "denies"]
Modality = Literal["actual", "planned", "possible"]
Tense = Literal["current", "former", "future"]


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of a document that is parsed by itself: a paragraph, a headline, or page furniture."""

    begin: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text with what is known about it; `text` is kept as it was read, offsets count into it."""

    id: str
    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    date: datetime.date | None = None
    url: str | None = None
    publisher: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A document that was not read, with one clear sentence why."""

    path: str
    reason: str


# ---------------------------------------------------------------- syntax


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the parse.  `head` is a token index (its own for a root); `entity` is the model's label."""

    i: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    begin: int
    end: int
    entity: str
    entity_starts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence: tokens[start:stop], text[begin:end]; `kind` is that of its block."""

    index: int
    start: int
    stop: int
    begin: int
    end: int
    kind: BlockKind
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """The syntax of one document.  `children[i]` are the dependents of token i, left to right;
    `sentence_of[i]` is the index of its sentence.  Furniture is not parsed."""

    document: Document
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    children: tuple[tuple[int, ...], ...]
    sentence_of: tuple[int, ...]


# ---------------------------------------------------------------- what one document says


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words that refer to entities of this document: tokens[start:stop] with head token `head`.

    `entities` are document-local ids ("e1"); more than one for a group whose members are named
    ("the pair"), none while unresolved.
    """

    begin: int
    end: int
    text: str
    type: EntityType
    kind: MentionKind
    start: int
    stop: int
    head: int
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEntity:
    """An entity as one document shows it.  `name` is the fullest name, None when the text has only
    pronouns or common nouns for it; `aliases` are all surface forms that are names, sorted."""

    id: str
    type: EntityType
    name: str | None
    aliases: tuple[str, ...]
    gender: Literal["male", "female"] | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """A time expression in the text's own words and, where it can be told, its first and last day."""

    text: str
    start: datetime.date | None = None
    end: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The object of a date relation: an xsd:date "1975-03-02", xsd:gYear "1975" or gYearMonth "1975-03"."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnnamedSource:
    """Who says something and is not named, "two officials", at text[begin:end]; `count` is None where the words tell
    no number."""

    begin: int
    end: int
    text: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One mention of one fact.  `subject`, `object` and `attributed_to` are document-local entity ids;
    spans are (begin, end) code points.  `rule` names what found it; `derived_from` is empty for what is
    said directly, else holds the positions (in Extraction.claims) of the claims it follows from."""

    subject: str
    predicate: str
    object: str | Value
    subject_span: tuple[int, int]
    object_span: tuple[int, int]
    evidence: tuple[int, int]
    stance: Stance = "asserts"
    modality: Modality = "actual"
    attributed_to: tuple[str, ...] = ()
    unnamed_sources: tuple[UnnamedSource, ...] = ()
    time: TimeSpan | None = None
    place: str | None = None
    confidence: float = 1.0
    rule: str = ""
    level: Level = "explicit"
    label: str | None = None
    """The verb phrase of an open claim; None for a relation of the ontology."""
    trigger: tuple[int, int] | None = None
    """Code points of the word that says the relation: claims of one trigger are one happening."""
    derived_from: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A title that a person holds, held or will hold, with its organisation where named."""

    holder: str
    title: str
    organization: str | None
    tense: Tense
    evidence: tuple[int, int]
    since: TimeSpan | None = None
    until: TimeSpan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A direct quotation; `text` is what stands between the marks, begin and end its offsets."""

    speaker: str | None
    text: str
    begin: int
    end: int
    addressee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTriple:
    """A surface triple of a clause in the sentence's own words; `sentence` is (begin, end)."""

    sentence: tuple[int, int]
    subject: str
    relation: str
    object: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a document's text tells as a whole: the days of its one occasion (kg.occasions), and the sketch by which
    copies of it are found (kg.sketches)."""

    occasion: tuple[datetime.date, datetime.date] | None
    sketch: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that one document says.  Local entity ids are "e1", "e2" ... in order of first mention."""

    document: Document
    entities: tuple[LocalEntity, ...]
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    positions: tuple[Position, ...]
    quotations: tuple[Quotation, ...]
    open: tuple[OpenTriple, ...] = ()
    whole: Whole | None = None
    """None where nobody has looked yet; what makes a graph of it then does."""


# ---------------------------------------------------------------- ontology and lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation of the ontology.  `domain` and `range` are class names with all their subclasses
    written out, empty for "anything"; `event` is the event class of a relation that happens
    (None for a state); `literal` marks a date relation."""

    name: str
    iri: str
    label: str
    domain: frozenset[str]
    range: frozenset[str]
    symmetric: bool
    event: str | None
    literal: bool
    reaches_owner: bool = False
    """Whether what is done to what somebody owns is done to him: who praised Ruritania's efforts praised Ruritania."""
    reaches_container: bool = False
    """Whether what holds of a place holds of the place around it: born in Graz, Austria, is born in Austria."""
    implies: tuple[str, ...] = ()
    """Relations that hold of the same two wherever this one does: who speaks for a body works for it."""
    contradicts: tuple[str, ...] = ()
    """Relations that no word says in the same construction as this one: to support and to oppose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where a lexical entry finds the relation's subject and object: two argument slots."""

    subject: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalEntry:
    """Words that say a relation.  `words` are lemma tuples, the head first: ("meet",), ("take", "part").
    `kind` is the kind of head; `subject_types`/`object_types` narrow the relation's domain and range."""

    name: str
    kind: Literal["verb", "noun", "role", "adjective", "structure"]
    words: tuple[tuple[str, ...], ...]
    relation: str
    frames: tuple[Frame, ...]
    subject_types: frozenset[str] = frozenset()
    object_types: frozenset[str] = frozenset()
    position: bool = False
    """A role that is a position (president, spokesman): it also yields a Position."""
    modality: Modality | None = None
    stance: Stance | None = None
    confidence: float = 0.9
    needs: frozenset[str] = frozenset()
    """Slots that must be filled, by whatever, to say the relation: "flew aid to X" supplies, "flew to X" does not."""
