"""Build a knowledge graph from news text: who met, visited, leads, accuses whom, and who says so.

    import kg

    built = kg.build(["articles/"])                  # text, HTML, PDF, JSON Lines, or folders of them
    built.graph                                      # the rdflib graph of graph.ttl
    built.summary.claims, built.summary.skipped
    extraction = kg.extract("article.txt")           # the frozen records of one document

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.errors import KgError
    from kg.run import Built, Summary, build, extract, extract_each
    from kg.types import Claim, Document, Extraction, Mention, Position, Quotation, Skip

__version__ = "0.1.0"

__all__ = [
    "Built", "Claim", "Document", "Extraction", "KgError", "Mention", "Position", "Quotation", "Skip", "Summary",
    "build", "extract", "extract_each"
]  # fmt: skip

_HOME = {
    "KgError": "errors",
    "Built": "run", "Summary": "run", "build": "run", "extract": "run", "extract_each": "run",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """The public name, imported at its first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    value: object = getattr(importlib.import_module(f"kg.{_HOME.get(name, 'types')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
