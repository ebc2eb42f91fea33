"""A graph as a network for Gephi, Cytoscape and networkx: entities, and one link for each claim between two of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.formats_source import DCTERMS, OWL, RDF, RDFS, SKOS, Source, local_name
from kg.ids import ONTOLOGY

ENTITIES = ("Person", "Organization", "Group", "Country", "Place", "Work", "Product", "Event")
"""Classes of entities; a happening that claims tell of has a subclass of Event and is told by its links."""

Cell = str | bool | float | int
"""A value of an attribute; "" stands for none and is left out."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MANY = "; "


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An entity.  `cells` are its attributes by name, in a fixed order."""

    id: str
    label: str
    cells: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A claim from its subject to its object."""

    id: str
    source: str
    target: str
    label: str
    cells: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Nodes and links, each sorted by id."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


def network_of(source: Source, *, all_claims: bool = False) -> Network:
    """The network of what stands as fact; `all_claims` adds links for what is denied, planned and possible.

    Every node that a link needs is there.  The days of a date relation (bornOn) are attributes of their node.
    """
    found = set(entities(source))
    claims = [claim for claim in source.of_kind("Claim") if all_claims or _is_fact(source, claim)]
    links = []
    for claim in claims:
        ends = [source.about[claim].get(RDF + part, ())[:1] for part in ("subject", "object")]
        if all(end and isinstance(end[0], ox.NamedNode) for end in ends):
            found.update(end[0].value for end in ends)
            links.append(_link(source, claim))
    return Network(nodes=tuple(_node(source, iri) for iri in sorted(found)), links=tuple(links))


def entities(source: Source) -> Iterator[str]:
    """The entities of a graph, sorted."""
    wanted = frozenset(ENTITIES)
    return (iri for iri in source.about if not wanted.isdisjoint(source.kinds(iri)))


def _is_fact(source: Source, claim: str) -> bool:
    stance, modality = (source.one(claim, ONTOLOGY + name) for name in ("stance", "modality"))
    return stance == ONTOLOGY + "asserts" and modality == ONTOLOGY + "actual"


def _node(source: Source, iri: str) -> Node:
    values = source.about.get(iri, {})
    days = {
        local_name(verb): _MANY.join(value.value for value in objects)
        for verb, objects in values.items()
        if verb.startswith(ONTOLOGY) and all(isinstance(value, ox.Literal) for value in objects)
    }
    cells: dict[str, Cell] = {
        "type": _MANY.join(source.kinds(iri)),
        "iri": iri,
        "aliases": _MANY.join(source.texts(iri, SKOS + "altLabel")),
        "same_as": _MANY.join(source.texts(iri, OWL + "sameAs")),
        **days,
    }
    label = source.one(iri, RDFS + "label") or source.short(iri)
    return Node(id=source.short(iri), label=label, cells=tuple(cells.items()))


def _link(source: Source, claim: str) -> Link:
    predicate = source.one(claim, RDF + "predicate")
    event = source.one(claim, ONTOLOGY + "event")
    places = [source.one(place, RDFS + "label") or place for place in source.texts(event, ONTOLOGY + "place")]
    evidence = source.texts(claim, ONTOLOGY + "evidence")
    documents = list(dict.fromkeys(d for e in evidence for d in source.texts(e, DCTERMS + "source")))
    says = (*source.texts(claim, ONTOLOGY + "attributedTo"), *source.texts(claim, ONTOLOGY + "unnamedSource"))
    speakers = [source.one(s, RDFS + "label") or s for s in says]
    confidence = source.one(claim, ONTOLOGY + "confidence")
    cells: dict[str, Cell] = {
        "relation": source.one(predicate, RDFS + "label") or local_name(predicate),
        "predicate": predicate,
        "fact": _is_fact(source, claim),
        "stance": local_name(source.one(claim, ONTOLOGY + "stance")),
        "modality": local_name(source.one(claim, ONTOLOGY + "modality")),
        "confidence": float(confidence) if re.fullmatch(r"[0-9]*\.?[0-9]+", confidence) else "",
        "said_by": _MANY.join(sorted(speakers)),
        "event": source.short(event),
        "status": local_name(source.one(event, ONTOLOGY + "status")),
        "start": source.one(event, ONTOLOGY + "startDate"),
        "end": source.one(event, ONTOLOGY + "endDate"),
        "place": _MANY.join(sorted(places)),
        "quote": _MANY.join(source.one(e, ONTOLOGY + "quote") for e in evidence),
        "document": _MANY.join(map(source.short, documents)),
        "published": _MANY.join(source.one(d, DCTERMS + "issued") for d in documents),
        "publisher": _MANY.join(source.one(d, DCTERMS + "publisher") for d in documents),
    }
    subject, target = (source.short(source.one(claim, RDF + part)) for part in ("subject", "object"))
    label = str(cells["relation"])
    return Link(id=source.short(claim), source=subject, target=target, label=label, cells=tuple(cells.items()))


# ---------------------------------------------------------------- GraphML


def write_graphml(network: Network, out: BinaryIO) -> None:
    """GraphML (http://graphml.graphdrawing.org): a directed multigraph whose nodes and edges have a label."""
    out.write(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
        b' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
    )
    keys: dict[tuple[str, str], str] = {}
    for kind, rows in (("node", network.nodes), ("edge", network.links)):
        for name, type_ in (("label", "string"), *_columns(rows)):
            key = keys[kind, name] = f"{kind}-{name}"
            out.write(f'  <key id="{key}" for="{kind}" attr.name="{name}" attr.type="{type_}"/>\n'.encode())
    out.write(b'  <graph id="kg" edgedefault="directed">\n')
    for node in network.nodes:
        _graphml_element(out, "node", {"id": node.id}, node, keys)
    for link in network.links:
        _graphml_element(out, "edge", {"id": link.id, "source": link.source, "target": link.target}, link, keys)
    out.write(b"  </graph>\n</graphml>\n")


def _graphml_element(
    out: BinaryIO, tag: str, attributes: dict[str, str], row: Node | Link, keys: dict[tuple[str, str], str]
) -> None:
    out.write(f"    <{tag}{_attributes(attributes)}>\n".encode())
    for name, cell in (("label", row.label), *row.cells):
        if cell != "":
            out.write(f'      <data key="{keys[tag, name]}">{_text(cell)}</data>\n'.encode())
    out.write(f"    </{tag}>\n".encode())


# ---------------------------------------------------------------- GEXF


def write_gexf(network: Network, out: BinaryIO) -> None:
    """GEXF 1.2 (the version that Gephi, sigma.js and networkx all read), without a date of writing."""
    out.write(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        b'  <graph defaultedgetype="directed" mode="static">\n'
    )
    keys: dict[tuple[str, str], str] = {}
    for kind, rows in (("node", network.nodes), ("edge", network.links)):
        out.write(f'    <attributes class="{kind}" mode="static">\n'.encode())
        for number, (name, type_) in enumerate(_columns(rows)):
            keys[kind, name] = str(number)
            out.write(f'      <attribute id="{number}" title="{name}" type="{type_}"/>\n'.encode())
        out.write(b"    </attributes>\n")
    out.write(b"    <nodes>\n")
    for node in network.nodes:
        _gexf_element(out, "node", {"id": node.id, "label": node.label}, node, keys)
    out.write(b"    </nodes>\n    <edges>\n")
    for link in network.links:
        own = {"id": link.id, "source": link.source, "target": link.target, "label": link.label}
        _gexf_element(out, "edge", own, link, keys)
    out.write(b"    </edges>\n  </graph>\n</gexf>\n")


def _gexf_element(
    out: BinaryIO, tag: str, attributes: dict[str, str], row: Node | Link, keys: dict[tuple[str, str], str]
) -> None:
    out.write(f"      <{tag}{_attributes(attributes)}><attvalues>\n".encode())
    for name, cell in row.cells:
        if cell != "":
            out.write(f'        <attvalue for="{keys[tag, name]}" value={_quoted(_plain(cell))}/>\n'.encode())
    out.write(f"      </attvalues></{tag}>\n".encode())


def _columns(rows: Sequence[Node | Link]) -> tuple[tuple[str, str], ...]:
    """The attributes that some row has, with their type; a column of mixed types is one of strings."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, cell in row.cells:
            if cell != "":
                kind = "boolean" if isinstance(cell, bool) else "double" if isinstance(cell, float) else "string"
                found.setdefault(name, set()).add(kind)
    return tuple((name, min(kinds) if len(kinds) == 1 else "string") for name, kinds in sorted(found.items()))


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={_quoted(value)}" for name, value in attributes.items())


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _text(cell: Cell) -> str:
    return escape(_NOT_XML.sub("\ufffd", _plain(cell)), {"\r": "&#13;"})


def _plain(cell: Cell) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


# ---------------------------------------------------------------- Cytoscape


def write_cytoscape(network: Network, out: BinaryIO) -> None:
    """Cytoscape.js JSON (.cyjs), which Cytoscape and Cytoscape.js read; one element a line."""
    # networkx.cytoscape_graph wants `directed`, `multigraph`, and `value` and `key` beside the ids.
    out.write(b'{"format_version": "1.0", "generated_by": "kg", "directed": true, "multigraph": true,\n')
    out.write(b'"data": {"name": "kg"},\n"elements": {"nodes": [')
    for number, node in enumerate(network.nodes):
        own = {"id": node.id, "value": node.id, "name": node.label, "label": node.label}
        _cytoscape_element(out, number, own, node)
    out.write(b'],\n"edges": [')
    for number, link in enumerate(network.links):
        ends = {"id": link.id, "key": link.id, "source": link.source, "target": link.target}
        _cytoscape_element(out, number, {**ends, "interaction": link.label, "label": link.label}, link)
    out.write(b"]}}\n")


def _cytoscape_element(out: BinaryIO, number: int, own: dict[str, str], row: Node | Link) -> None:
    cells = {**{name: cell for name, cell in row.cells if cell != ""}, **own}
    line = json.dumps({"data": dict(sorted(cells.items()))}, ensure_ascii=False)
    out.write((b",\n" if number else b"\n") + line.encode("utf-8"))
