"""A self-contained HTML page that shows a graph as a network, every line of it leading to its sentences.

networkx places the entities (kg/layout.py), pyvis renders them through our own template (kg/templates/).  The
page asks nothing from any network, runs only the two scripts whose hashes it names, and shows every name and
quote as text.  The same graph gives the same bytes on every run.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rdflib import Graph
from rdflib.namespace import RDF

from kg.ids import ONTOLOGY
from kg.layout import Place, backbone, layout, ranks, weighted
from kg.triples import Triples, of_graph
from kg.types import Relation
from kg.view_facts import facts_of, local_name
from kg.view_records import Entity, Fact, Facts
from kg.view_scope import narrowed

LIMIT = 1000
"""Up to so many connected entities are all shown at first."""
BACKBONE = 400
"""So many of the best-ranked entities are shown at first where there are more than the limit."""

TEMPLATES = Path(str(importlib.resources.files("kg"))) / "templates"
SCRIPTS = (
    "model", "state", "paint", "scope", "network", "search", "evidence", "panel", "lists", "filters", "turtle",
    "export", "main",
)  # fmt: skip
"""Our own scripts in the order in which they are put together."""

OPTIONS: Mapping[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 7},
    "interaction": {
        "hover": True,
        "multiselect": False,
        "selectConnectedEdges": False,
        "hoverConnectedEdges": False,
        "tooltipDelay": 100000,
        "keyboard": {"enabled": False},
        "zoomSpeed": 0.7,
    },
    "nodes": {"shape": "custom", "font": {"size": 0}, "labelHighlightBold": False, "chosen": False},
    "edges": {
        "smooth": False,
        "chosen": False,
        "selectionWidth": 0,
        "hoverWidth": 0,
        "font": {"size": 0},
        "arrows": {
            "to": {"enabled": False, "scaleFactor": 0.55},
            "from": {"enabled": False, "scaleFactor": 0.55},
        },
    },
}

_HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def render_view(
    graph: Graph | Triples,
    *,
    title: str,
    relations: Iterable[Relation] = (),
    focus: str | None = None,
    hops: int = 2,
    since: str | None = None,
    limit: int = LIMIT,
    backbone_size: int = BACKBONE,
) -> str:
    """The whole page as text, to be written as UTF-8.

    `graph` follows VOCABULARY.md; `relations` are the ontology's, for their labels.  With a `focus`, a name or
    IRI, only what is up to `hops` facts away from it is on the page; with `since`, an ISO date, only what
    happened or was published from then on.  Above `limit` connected
    entities the page opens with the `backbone_size` best-ranked ones; the others are in it and can be called up.
    Raises GraphError for a claim that is not whole and for a focus that nobody in the graph is called.
    """
    triples = graph if isinstance(graph, Triples) else of_graph(graph)
    facts = narrowed(facts_of(triples, relations=relations), focus=focus, hops=hops, since=since)
    links = _links(facts.facts)
    network = weighted({end for pair in links for end in pair}, ((*pair, float(n)) for pair, n in links.items()))
    rank = ranks(network)
    shown = sorted(network) if len(network) <= limit else backbone(network, rank, size=backbone_size)
    places = layout(weighted(shown, network.subgraph(shown).edges(data="weight")), rank)
    page = _page_data(facts, rank, title=clean(title) or "Knowledge graph", terms=_terms(triples))
    numbers = {entity.iri: number for number, entity in enumerate(facts.entities)}
    return _rendered(
        nodes=_nodes(facts.entities, rank, places),
        edges=[
            {"id": f"{a}-{b}", "from": a, "to": b, "value": count}
            for (a, b), count in sorted(
                ((tuple(sorted((numbers[first], numbers[second]))), count) for (first, second), count in links.items())
            )
        ],
        page=page,
    )


def clean(text: str) -> str:
    """The text on one line without invisible characters that could reorder or hide others."""
    return " ".join(_HIDDEN.sub("", _whole(text)).split())


def _whole(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot hold."""
    return _SURROGATES.sub("\ufffd", text)


def shortened(text: str, *, limit: int = 48) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


# ---------------------------------------------------------------- what the page holds


def _links(facts: Iterable[Fact]) -> dict[tuple[str, str], int]:
    """The pairs of entities that a fact joins, and by how many facts."""
    counts: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        if not fact.literal and fact.subject != fact.object:
            counts[min(fact.subject, fact.object), max(fact.subject, fact.object)] += 1
    return dict(sorted(counts.items()))


def _nodes(entities: Sequence[Entity], rank: Mapping[str, float], places: Mapping[str, Place]) -> list[dict[str, Any]]:
    top = max(rank.values(), default=1.0)
    nodes: list[dict[str, Any]] = []
    for number, entity in enumerate(entities):
        if entity.iri in rank:
            node = {
                "id": number,
                "label": shortened(clean(entity.label)),
                "size": round(7 + 13 * math.sqrt(rank[entity.iri] / top), 1),
            }
            if place := places.get(entity.iri):
                node |= {"x": place.x, "y": place.y, "community": place.community}
            nodes.append(node)
    return nodes


def _page_data(facts: Facts, rank: Mapping[str, float], *, title: str, terms: str) -> dict[str, Any]:
    """All that the panels, lists and exports show; entities, documents and so on are referred to by number."""
    entity = {record.iri: number for number, record in enumerate(facts.entities)}
    relation = {record.iri: number for number, record in enumerate(facts.relations)}
    source = {record.iri: number for number, record in enumerate(facts.sources)}
    evidence = {record.iri: number for number, record in enumerate(facts.evidence)}
    happening = {record.iri: number for number, record in enumerate(facts.happenings)}
    keys = _keys([record.iri for record in facts.entities])
    order = sorted(rank, key=lambda iri: (-rank[iri], iri))
    standing = {iri: number for number, iri in enumerate(order)}

    base = _base([record.iri for record in facts.entities])

    def short(iri: str) -> str:
        rest = iri.removeprefix(base)
        return iri if ":" in rest else rest

    def numbers(iris: Iterable[str], table: Mapping[str, int]) -> list[int]:
        return [table[iri] for iri in iris if iri in table]

    return {
        "title": title,
        "base": base,
        "terms": terms,
        "entities": [
            _slim(
                key=keys[record.iri],
                iri="" if short(record.iri) == keys[record.iri] else record.iri,
                label=clean(record.label) or keys[record.iri],
                type=record.type,
                aliases=[text for alias in record.aliases if (text := clean(alias))],
                links=[link for link in record.links if is_web(link)],
                rank=standing.get(record.iri),
            )
            for record in facts.entities
        ],
        "relations": [
            _slim(
                name=record.name,
                iri=record.iri,
                label=clean(record.label) or record.name,
                symmetric=record.symmetric,
                open=record.open,
            )
            for record in facts.relations
        ],
        "documents": [
            _slim(
                iri=short(record.iri),
                title=clean(record.title),
                date=clean(record.date),
                outlet=clean(record.outlet),
                url=record.url if is_web(record.url) else "",
            )
            for record in facts.sources
        ],
        "evidence": [
            _slim(
                iri=short(record.iri),
                quote=_whole(record.quote),
                document=source.get(record.source),
                begin=record.begin,
                end=record.end,
            )
            for record in facts.evidence
        ],
        "claims": [
            _slim(
                iri=short(record.iri),
                s=entity[record.subject],
                r=relation[record.predicate],
                o=None if record.literal else entity[record.object],
                value=clean(record.object) if record.literal else "",
                denies=record.stance == "denies",
                modality="" if record.modality == "actual" else record.modality,
                status="" if record.status == "stated" else record.status,
                confidence=record.confidence,
                evidence=numbers(record.evidence, evidence),
                speakers=numbers(record.speakers, entity),
                unnamed=[clean(words) for words in record.unnamed],
                event=happening.get(record.event),
                derived=record.derived,
                level=record.level,
                unbacked=not record.backed,
            )
            for record in facts.facts
        ],
        "events": [
            _slim(
                iri=short(record.iri),
                type=record.type,
                who=numbers(record.participants, entity),
                where=numbers(record.places, entity),
                start=record.start,
                end=record.end,
                text=clean(record.time_text),
                asserted=numbers(record.asserted_by, entity),
                denied=numbers(record.denied_by, entity),
                disputed=record.disputed,
            )
            for record in facts.happenings
        ],
        "tenures": [
            _slim(
                iri=short(record.iri),
                holder=entity[record.holder],
                title=clean(record.title),
                organization=entity.get(record.organization),
                tense=record.tense,
                start=record.start,
                end=record.end,
                evidence=numbers(record.evidence, evidence),
            )
            for record in facts.tenures
            if record.holder in entity
        ],
        "quotations": [
            _slim(
                iri=short(record.iri),
                text=_whole(record.text),
                speaker=entity.get(record.speaker),
                evidence=numbers(record.evidence, evidence),
            )
            for record in facts.sayings
        ],
    }


def is_web(url: str) -> bool:
    """Whether the text is a plain http or https address, the only ones that the page links to."""
    return re.fullmatch(r"https?://[^\s<>\"'\\^`{|}\u0000-\u001f]+", url, re.IGNORECASE) is not None


def _slim(**fields: object) -> dict[str, object]:
    """The fields that say something."""
    return {
        name: value
        for name, value in fields.items()
        if value is not None and value is not False and value not in ("", [], -1)
    }


def _keys(iris: Sequence[str]) -> dict[str, str]:
    """A short key for every IRI, its local name where that is its own alone."""
    users: dict[str, list[str]] = defaultdict(list)
    for iri in iris:
        users[local_name(iri)].append(iri)
    return {iri: key if len(group) == 1 else iri for key, group in users.items() for iri in group}


def _base(iris: Sequence[str]) -> str:
    """The commonest beginning of the IRIs, up to the local name."""
    counts = Counter(iri.removesuffix(local_name(iri)) for iri in iris)
    return max(sorted(counts), key=lambda base: counts[base], default="")


def _terms(triples: Triples) -> str:
    """Where the graph's own terms live: the namespace of its class of claims."""
    kinds = {kind for kind in triples.objects(str(RDF.type)) if isinstance(kind, str)}
    classes = sorted(kind for kind in kinds if local_name(kind) == "Claim")
    return classes[0].removesuffix("Claim") if classes else ONTOLOGY


# ---------------------------------------------------------------- the page


@functools.lru_cache(maxsize=1)
def _parts() -> dict[str, str]:
    """The page's fixed texts: vis-network as pyvis ships it, our script, our style."""
    import pyvis

    library = Path(pyvis.__file__).parent / "templates/lib/vis-9.1.2/vis-network.min.js"
    own = "\n".join((TEMPLATES / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    return {
        "library": library.read_text("utf-8").replace("\r\n", "\n"),
        "script": f'(() => {{\n"use strict";\n{own}\n}})();',
        "style": (TEMPLATES / "view.css").read_text("utf-8"),
    }


def _hash(script: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


def _rendered(*, nodes: list[dict[str, Any]], edges: list[dict[str, Any]], page: dict[str, Any]) -> str:
    # pyvis loads IPython: half a second that only those pay who draw.
    from pyvis.network import Network

    parts = _parts()
    network = Network(directed=True, cdn_resources="in_line", heading=page["title"])
    # add_node and add_edge look through all that is there; 10,000 nodes would take a quarter of a minute.
    network.nodes = nodes
    network.edges = edges
    network.node_ids = [node["id"] for node in nodes]
    network.node_map = {node["id"]: node for node in nodes}
    network.options = dict(OPTIONS)
    network.set_template_dir(str(TEMPLATES), "view.html")
    environment = network.templateEnv
    environment.autoescape = True
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":")}
    environment.globals |= {
        "page": page,
        "library": parts["library"],
        "script": parts["script"],
        "style": parts["style"],
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"script-src {_hash(parts['library'])} {_hash(parts['script'])}",
                f"style-src {_hash(parts['style'])}",
                "img-src data: blob:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
    }
    return _whole(network.generate_html())  # IRIs too may hold what UTF-8 cannot
