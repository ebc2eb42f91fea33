"""IRIs and literals of a graph: what stands for a record of the program in RDF."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rdflib import OWL, RDF, RDFS, SKOS, XSD, URIRef
from rdflib.namespace import DCTERMS

from kg.claims import ResolvedClaim
from kg.errors import GraphError
from kg.ids import ONTOLOGY, digest, slug
from kg.triples import Term, Words
from kg.types import Relation, Value

PREFIXES: Mapping[str, str] = MappingProxyType({
    "dcterms": str(DCTERMS),
    "kg": ONTOLOGY,
    "owl": str(OWL),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "xsd": str(XSD),
})  # fmt: skip
"""Prefixes of every graph; `id:` is bound to the graph's own base."""

MINTED = re.compile(r"(?:claim|event|evidence|document|tenure|quotation)-[0-9a-f]{16}|relation-.*")
"""Local names that this module gives; an entity that happens to be called so gets another."""

UNPRINTABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
"""What no RDF store takes in a literal."""

_SAFE = re.compile(r"[A-Za-z0-9/:._~-]*")
"""What an IRI may hold anywhere: most need no second look."""

OPEN = re.compile(r"relation-[a-z0-9-]+")
"""The names that extraction gives to generated properties; a claim of other making goes by its label."""
_NOT_IN_IRI = frozenset(' <>"{}|^`[]\\\ufff9\ufffa\ufffb\ufffc\ufffd')


DATE, DECIMAL, INTEGER, YEAR = (str(XSD[name]) for name in ("date", "decimal", "integer", "gYear"))


@dataclass(frozen=True, slots=True)
class Terms:
    """IRIs of the data under one base."""

    base: str
    relations: Mapping[str, Relation]

    def iri(self, local: str) -> str:
        """The IRI of a local name."""
        return self.base + local

    def entity(self, key: str) -> str:
        """The IRI of an entity with this id."""
        return self.base + _entity(key)

    def document(self, key: str) -> str:
        """The IRI of a document with this id."""
        return self.base + _document(key)

    def evidence(self, document: str, span: tuple[int, int]) -> str:
        """The IRI of a stretch of a document's text."""
        return self.base + _evidence(document, *span)

    def predicate(self, claim: ResolvedClaim) -> str:
        """The relation of a claim: the ontology's, or for an open claim one named after its verb phrase."""
        if claim.label is not None:
            return self.iri(claim.predicate if OPEN.fullmatch(claim.predicate) else "relation-" + slug(claim.label))
        if claim.predicate not in self.relations:
            raise GraphError(f"Document {claim.document}: the ontology has no relation '{claim.predicate}'.")
        return self.relations[claim.predicate].iri

    def target(self, claim: ResolvedClaim) -> Term:
        """The object of a claim: an entity or a date."""
        return date_value(claim.object) if isinstance(claim.object, Value) else self.entity(claim.object)


@functools.lru_cache(maxsize=100_000)
def _entity(key: str) -> str:
    return f"entity-{key}" if MINTED.fullmatch(key) else iri_text(key)


@functools.lru_cache(maxsize=10_000)
def _document(key: str) -> str:
    return "document-" + (key if re.fullmatch("[0-9a-f]{16}", key) else digest(key))


@functools.lru_cache(maxsize=10_000)
def _evidence(document: str, begin: int, end: int) -> str:
    return "evidence-" + digest("evidence", document, begin, end)


@functools.lru_cache(maxsize=1024)
def kg(name: str) -> URIRef:
    """A term of the ontology."""
    return URIRef(ONTOLOGY + name)


@functools.lru_cache(maxsize=1024)
def own(name: str) -> str:
    """The IRI of a term of the ontology as a plain string."""
    return ONTOLOGY + name


def text(words: str) -> Words:
    """A plain literal.  What no store takes becomes U+FFFD, one for one, so that offsets still fit."""
    return Words(UNPRINTABLE.sub("\ufffd", words))


def date_value(value: Value) -> Words:
    """The literal of a date relation: xsd:date for a day, xsd:gYear for a year or a month (a month has no class of
    its own in the vocabulary).  Raises GraphError for anything else."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value.value)
    if found is None:
        raise GraphError(f"'{value.value}' is neither a day, a month nor a year.")
    if found[3] is None:
        return Words(found[1], YEAR)
    try:
        return date(dt.date.fromisoformat(value.value))
    except ValueError as error:
        raise GraphError(f"'{value.value}' is not a day of the calendar.") from error


def date(day: dt.date) -> Words:
    """An xsd:date."""
    return Words(day.isoformat(), DATE)


def number(value: float) -> Words:
    """An xsd:decimal of at most four places."""
    digits = f"{value:.4f}".rstrip("0")
    return Words(digits + "0" if digits.endswith(".") else digits, DECIMAL)


def integer(value: int) -> Words:
    """An xsd:integer."""
    return Words(str(value), INTEGER)


def iri_text(iri: str) -> str:
    """The IRI (RFC 3987) with all that no IRI may hold, and all that is invisible, percent-encoded as UTF-8."""
    if _PLAIN_IRI.fullmatch(iri):
        return iri
    if _SAFE.fullmatch(iri):
        return iri
    safe = "".join(c if c.isprintable() and c not in _NOT_IN_IRI and _may_stand(ord(c)) else _percent(c) for c in iri)
    body, mark, fragment = re.sub("%(?![0-9A-Fa-f]{2})", "%25", safe).partition("#")
    return body + mark + fragment.replace("#", "%23")


_PLAIN_IRI = re.compile(r"[A-Za-z0-9:/?@!$&'()*+,;=._~-]*(?:#[A-Za-z0-9:/?@!$&'()*+,;=._~-]*)?")
"""What nearly all are, and nothing has to be looked at in it."""


def _may_stand(point: int) -> bool:
    """Whether an IRI may hold the code point: ASCII, or `ucschar` of RFC 3987."""
    if point < 0x10000:
        return point < 0x80 or 0xA0 <= point <= 0xD7FF or 0xF900 <= point <= 0xFDCF or 0xFDF0 <= point <= 0xFFEF
    return point & 0xFFFF <= 0xFFFD and point < 0xF0000 and not 0xE0000 <= point < 0xE1000


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
