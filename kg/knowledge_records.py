"""Frozen records of what a KnowledgeGraph tells: entities, facts, claims in words, and the page that shows it all."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

from kg.export import write_atomically
from kg.types import Modality, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEntity:
    """A person, organisation, place or other entity of a graph.  `id` is the last part of its IRI, `aliases` are its
    other names, `same_as` its identifiers in outside collections."""

    id: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    iri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFact:
    """What stands as fact: a plain triple in words, and the number of claims and documents that assert it."""

    subject: str
    relation: str
    object: str
    claims: int
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphClaim:
    """One mention of one fact: who says so (`said_by`, empty where the document speaks for itself), in which words of
    which document, whether it is asserted or denied, actual, planned or possible, and when it is said to have been."""

    subject: str
    relation: str
    object: str
    stance: Stance
    modality: Modality
    said_by: tuple[str, ...]
    when: str
    quote: str
    document: str
    outlet: str
    published: str
    confidence: float | None
    iri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The network view: one HTML page that needs no network.  A notebook shows it in a frame of `height` pixels."""

    html: str
    height: int = 640

    def save(self, path: str | Path) -> Path:
        """Writes the page, and gives the path back.  Raises OutputError."""
        write_atomically(Path(path), self.html.encode("utf-8"))
        return Path(path)

    def __repr__(self) -> str:
        return f"Page({len(self.html):,} characters)"

    def _repr_html_(self) -> str:
        # Its scripts run, and reach nothing of the notebook around the frame.
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" sandbox="allow-scripts allow-downloads allow-popups"'
            f' style="width: 100%; height: {self.height}px; border: 1px solid #8888" title="network view"></iframe>'
        )
