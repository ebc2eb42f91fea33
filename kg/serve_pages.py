"""The page and the triples behind an IRI of the graph: what a person and what a program gets."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import jinja2
import pyoxigraph as ox

from kg.ids import BASE, ONTOLOGY
from kg.limits import seal
from kg.serve_protocol import GRAPHS, UTF8, Answer, RequestError, chosen
from kg.sparql import replaced
from kg.store import GraphStore
from kg.terms import PREFIXES

HTML = "text/html"
MOST = 200
"""Rows that a list of a page shows; the triples behind the IRI are all in the Turtle."""

TEMPLATES = importlib.resources.files("kg") / "templates"
_PAGES = jinja2.Environment(
    # Read now: a process that answers can open no file any more.
    loader=jinja2.DictLoader({n: (TEMPLATES / n).read_text(encoding="utf-8") for n in ("query.html", "entity.html")}),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_LABEL, _ALSO, _TYPE, _TITLE = (
    ox.NamedNode(PREFIXES[prefix] + local)
    for prefix, local in (("rdfs", "label"), ("skos", "altLabel"), ("rdf", "type"), ("dcterms", "title"))
)
_CLAIM_PARTS = frozenset(PREFIXES["rdf"] + part for part in ("subject", "predicate", "object"))
_CLAIMS = """
SELECT ?claim ?s ?p ?o ?stance ?modality ?quote ?document ?title ?date ?publisher
  (GROUP_CONCAT(DISTINCT ?name; SEPARATOR=", ") AS ?says) WHERE {
  { ?claim rdf:subject ?entity } UNION { ?claim rdf:object ?entity }
  ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:stance ?stance ; kg:modality ?modality ;
         kg:evidence ?evidence .
  ?evidence kg:quote ?quote ; dcterms:source ?document .
  OPTIONAL { ?claim (kg:attributedTo|kg:unnamedSource)/rdfs:label ?name }
  OPTIONAL { ?document dcterms:title ?title }
  OPTIONAL { ?document dcterms:issued ?date }
  OPTIONAL { ?document dcterms:publisher ?publisher }
}
GROUP BY ?claim ?s ?p ?o ?stance ?modality ?quote ?document ?title ?date ?publisher
ORDER BY ?date ?title ?quote ?p ?claim
"""

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A term as a page shows it: its text, and where it leads, if anywhere."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A claim about an entity, with its words and where they stand."""

    subject: Shown
    relation: Shown
    object: Shown
    stance: str
    modality: str
    says: str
    quote: str
    document: Shown
    date: str


def page(name: str, **content: object) -> str:
    """A template of kg/templates filled in; everything is escaped as text."""
    return _PAGES.get_template(name).render(**content)


def base_of(prefixes: Mapping[str, str]) -> str:
    """What the IRIs of a graph's data begin with."""
    return prefixes.get("id", BASE)


def behind(graph: GraphStore, local: str, accept: str) -> Answer:
    """What stands behind an IRI of the graph, whose part after the base is `local`: a page, or its triples.

    Raises RequestError: 404 where the graph tells nothing of it, 406 where the client takes no format there is.
    """
    media = chosen(accept, [HTML, *GRAPHS])
    if media is None:
        raise RequestError(406, f"There is {HTML}, {', '.join(GRAPHS)}; the request takes only {accept}.")
    store = graph.open()
    seal()
    base = base_of(graph.prefixes)
    node = _node(store, base, local)
    if media != HTML:
        triples = {q.triple for q in (*_about(store, node), *store.quads_for_pattern(None, None, node))}
        ordered = sorted(triples, key=str)
        body = ox.serialize(ordered, format=GRAPHS[media], prefixes=dict(graph.prefixes)) or b""
        return Answer(media=media, body=body)
    return Answer(media=HTML + UTF8, body=_Describer(store, graph.prefixes).page_of(node).encode("utf-8"))


def _node(store: ox.Store, base: str, local: str) -> ox.NamedNode:
    """The node of a local name, which a client may have percent-encoded further than the graph does."""
    for candidate in dict.fromkeys((base + local, base + quote(local, safe="/:%~!$&'()*+,;=@"))):
        try:
            node = ox.NamedNode(candidate)
        except ValueError:
            continue
        about = (_about(store, node), store.quads_for_pattern(None, None, node))
        if any(next(iter(found), None) is not None for found in about):
            return node
    raise RequestError(404, f"The graph tells nothing about <{base + local}>.")


def _about(store: ox.Store, node: ox.NamedNode) -> Iterator[ox.Quad]:
    return iter(store.quads_for_pattern(node, None, None))


@dataclass(frozen=True, slots=True)
class _Describer:
    """Makes the page of a node from what the store tells about it."""

    store: ox.Store
    prefixes: Mapping[str, str]

    def page_of(self, node: ox.NamedNode) -> str:
        """The HTML page."""
        own = sorted(_about(self.store, node), key=str)
        kinds = [self.shown(quad.object).text for quad in own if quad.predicate == _TYPE]
        names = [quad.object.value for quad in own if quad.predicate == _ALSO and isinstance(quad.object, ox.Literal)]
        told = [
            (self.shown(quad.predicate), self.shown(quad.object))
            for quad in own
            if quad.predicate not in (_TYPE, _LABEL, _ALSO)
        ]
        incoming = [
            (self.shown(quad.subject), self.shown(quad.predicate))
            for quad in sorted(self.store.quads_for_pattern(None, None, node), key=str)
            if quad.predicate.value not in _CLAIM_PARTS
        ]
        sentences = self.sentences(node)
        return page(
            "entity.html",
            title=self.name(node),
            iri=node.value,
            kinds=kinds,
            names=names,
            told=told[:MOST],
            incoming=incoming[:MOST],
            sentences=sentences[:MOST],
            left_out=max(0, len(told) - MOST) + max(0, len(incoming) - MOST) + max(0, len(sentences) - MOST),
        )

    def sentences(self, node: ox.NamedNode) -> list[Sentence]:
        """The claims about an entity in the order of their documents' dates."""
        rows = self.store.query(replaced(_CLAIMS, {"?entity": str(node)}), prefixes=dict(PREFIXES))
        if not isinstance(rows, ox.QuerySolutions):
            return []
        return [
            Sentence(
                subject=self.shown(row["s"]),
                relation=self.shown(row["p"]),
                object=self.shown(row["o"]),
                stance=_local(row["stance"]),
                modality=_local(row["modality"]),
                says=_value(row["says"]),
                quote=_value(row["quote"]),
                document=Shown(
                    text=_value(row["title"]) or _value(row["publisher"]) or "document",
                    link=self.link(_value(row["document"])),
                ),
                date=_value(row["date"]),
            )
            for row in rows
        ]

    def shown(self, term: _Term) -> Shown:
        """A term with a name for people and, for an IRI of the graph, the address of its page here."""
        if isinstance(term, ox.NamedNode):
            return Shown(text=self.name(term), link=self.link(term.value))
        return Shown(text=_value(term))

    def name(self, node: ox.NamedNode) -> str:
        """What a node is called: label, title, the words of a relation or class, or its IRI."""
        for property_ in (_LABEL, _TITLE):
            found = next(self.store.quads_for_pattern(node, property_, None), None)
            if found is not None and isinstance(found.object, ox.Literal):
                return found.object.value
        if node.value.startswith(ONTOLOGY):
            return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", node.value.removeprefix(ONTOLOGY))
        for prefix, start in sorted(self.prefixes.items()):
            if node.value.startswith(start):
                local = node.value.removeprefix(start)
                return local if prefix == "id" else f"{prefix}:{local}"
        return node.value

    def link(self, iri: str) -> str:
        """Where an IRI leads: to its page here, to the web, or (another scheme) nowhere."""
        base = base_of(self.prefixes)
        if iri.startswith(base):
            return "/id/" + quote(iri.removeprefix(base), safe="/:~!$&'()*+,;=@")
        if iri.startswith(ONTOLOGY):
            return ""
        return iri if iri.startswith(("http://", "https://")) else ""


def _value(term: _Term | None) -> str:
    return "" if term is None else str(term) if isinstance(term, ox.Triple) else term.value


def _local(term: _Term | None) -> str:
    return re.split(r"[#/]", _value(term))[-1]
