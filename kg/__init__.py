"""Build a knowledge graph from news text: who met, visited, leads, accuses whom, and who says so.

    import kg

    built = kg.build(["articles/"])                  # text, HTML, PDF, JSON Lines, or folders of them
    built.graph                                      # the rdflib graph of graph.ttl
    built.summary.claims, built.summary.skipped
    extraction = kg.extract("article.txt")           # the frozen records of one document
    kg.explain("output/graph.ttl", "Ingrid Solberg") # why names were joined or kept apart

    news = kg.KnowledgeGraph.of(built)               # or kg.KnowledgeGraph.load("output/graph.ttl")
    news.met("Ingrid Solberg"), news.query("timeline"), news.view()

`__all__` is the whole public interface; what is not in it may change with any version.  docs/api.md shows it with
examples.  Nothing heavy is imported before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.compare import Difference
    from kg.doctor import Check, examine
    from kg.errors import KgError
    from kg.knowledge import KnowledgeGraph
    from kg.knowledge_records import GraphClaim, GraphEntity, GraphFact, Page
    from kg.ledger import Explanation, explain
    from kg.listing import Listing, Table
    from kg.run import Built, Summary, build, extract, extract_each
    from kg.types import Claim, Document, Extraction, Mention, Position, Quotation, Skip

__version__ = "0.1.0"

__all__ = [
    "Built", "Check", "Claim", "Difference", "Document", "Explanation", "Extraction", "GraphClaim", "GraphEntity",
    "GraphFact", "KgError", "KnowledgeGraph", "Listing", "Mention", "Page", "Position", "Quotation", "Skip", "Summary",
    "Table",
    "build", "examine", "explain", "extract", "extract_each"
]  # fmt: skip

_HOME = {
    "Difference": "compare",
    "Check": "doctor", "examine": "doctor",
    "KgError": "errors",
    "KnowledgeGraph": "knowledge",
    "GraphClaim": "knowledge_records", "GraphEntity": "knowledge_records", "GraphFact": "knowledge_records",
    "Page": "knowledge_records",
    "Explanation": "ledger", "explain": "ledger",
    "Listing": "listing", "Table": "listing",
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
