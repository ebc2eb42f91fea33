"""Sentences -> claims of the rules in words: what the tables of expected claims compare."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from spacy.language import Language

from kg import gazetteer, nlp, ontology
from kg.extraction import uncalibrated
from kg.read import document_of
from kg.role_words import role_index
from kg.types import Claim, Extraction, Value


@lru_cache(maxsize=512)
def read(pipeline: Language, text: str, date: dt.date | None = None) -> Extraction:
    """What the rules say of the text, however sure; the trained reader has tests of its own."""
    parse, known = nlp.parse_one(document_of(text, date=date), pipeline), ontology.load()
    return uncalibrated(parse, known, gazetteer.load(), role_index(known), reading={}).extraction


def words(extraction: Extraction, claim: Claim) -> str:
    """A claim as "subject predicate object", with "not", "planned" or "possible" in front where it is no plain fact."""
    names = {e.id: e.name or "?" for e in extraction.entities}
    mode = "not " if claim.stance == "denies" else "" if claim.modality == "actual" else f"{claim.modality} "
    target = claim.object.value if isinstance(claim.object, Value) else names[claim.object]
    return f"{mode}{names[claim.subject]} {claim.predicate} {target}"


def said(pipeline: Language, text: str) -> set[str]:
    """All claims of the text in words; symmetric ones both ways."""
    extraction = read(pipeline, text)
    found = {words(extraction, claim) for claim in extraction.claims}
    symmetric = {name for name, relation in ontology.load().relations.items() if relation.symmetric}
    for claim in extraction.claims:
        if claim.predicate in symmetric and isinstance(claim.object, str):
            names = {e.id: e.name or "?" for e in extraction.entities}
            forward = words(extraction, claim)
            mode = forward[: forward.index(names[claim.subject])]
            found.add(f"{mode}{names[claim.object]} {claim.predicate} {names[claim.subject]}")
    return found
