"""Does a graph follow the vocabulary?  SHACL shapes, and what SHACL cannot say."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyshacl
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from kg.errors import GraphError, OntologyError
from kg.export import base_of, read_graph
from kg.ids import ONTOLOGY
from kg.ontology import DEFAULT_FOLDER, PACKAGED_FOLDER, Ontology, local_name
from kg.ontology import load as load_ontology
from kg.read import read
from kg.terms import UNPRINTABLE, kg
from kg.types import Document

ENTITY_CLASSES = tuple(map(kg, "Person Organization Group Place Country Work Product Event".split()))
DESCRIBING = frozenset({RDF.type, RDFS.label, SKOS.altLabel, OWL.sameAs, DCTERMS.source})
"""Properties of an entity that are no relation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a node: `shape` names the shape or the rule that says so, `value` is the offending term,
    empty when something is missing; `sentence` is one that the node stands on, empty where the graph has none."""

    node: str
    shape: str
    value: str
    message: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome.  `problems` are sorted; `checked` counts the nodes that each shape looked at, by shape."""

    conforms: bool
    problems: tuple[Problem, ...]
    checked: tuple[tuple[str, int], ...]


def validate(
    graph: Graph | str | Path,
    *,
    shapes: Path | None = None,
    ontology: Ontology | None = None,
    ontology_files: Sequence[str | Path] = (),
    documents: Sequence[str | Path] = (),
) -> Report:
    """The report on a graph or a graph file, by the shapes of the project or of another file.

    `ontology`, or the Turtle files that add to the project's own, tell which relations there are and which are
    symmetric; a graph that was built with relations of one's own needs them.  `documents` are the files that the
    graph was built of: then every quote must stand in its document at its offsets.

    Raises GraphError for a file that cannot be read and for documents that are none of this graph's, OntologyError
    for broken shapes or a broken ontology, InputError for documents.
    """
    checked = graph if isinstance(graph, Graph) else read_graph(Path(graph))
    rules = _shapes(shapes or _default_shapes())
    focus = _focus_nodes(checked, rules)
    known = ontology or load_ontology(extra=tuple(map(Path, ontology_files)))
    problems = {
        *_shacl_problems(checked, rules),
        *_shapes_without_nodes(checked, rules, focus),
        *(_idle_shapes(focus) if shapes is not None else ()),
        *(_nodes_without_shape(checked, focus) if shapes is None else ()),
        *_offsets(checked),
        *_overlaps(checked),
        *_dangling(checked),
        *_plain_triples(checked, known),
        *(_unknown_relations(checked, known) if ontology is not None or ontology_files else ()),
        *(_misquoted(checked, _texts(documents)) if documents else ()),
    }
    with_sentences = (dataclasses.replace(p, sentence=_sentence(checked, URIRef(p.node))) for p in problems)
    ordered = sorted(with_sentences, key=lambda p: (p.shape, p.node, p.message, p.value))
    counts = sorted((local_name(str(shape)), len(nodes)) for shape, nodes in focus.items())
    return Report(conforms=not ordered, problems=tuple(ordered), checked=tuple(counts))


def _sentence(graph: Graph, node: URIRef) -> str:
    """Words that a node stands on: its own quote, that of its evidence, or that of a claim about it."""
    claims = (claim for role in (kg("event"), RDF.subject, RDF.object) for claim in graph.subjects(role, node))
    for one in (node, *sorted(claims, key=str)):
        places = (one, *graph.objects(one, kg("evidence")))
        quotes = [str(quote) for place in places for quote in graph.objects(place, kg("quote"))]
        if quotes:
            return min(quotes)
    return ""


def _default_shapes() -> Path:
    found = (folder / "shapes.ttl" for folder in (DEFAULT_FOLDER, PACKAGED_FOLDER))
    return next((path for path in found if path.is_file()), DEFAULT_FOLDER / "shapes.ttl")


@functools.lru_cache(maxsize=2)
def _shapes(path: Path) -> Graph:
    try:
        return read_graph(path)
    except GraphError as error:
        raise OntologyError(str(error)) from error


# ---------------------------------------------------------------- SHACL


def _shacl_problems(graph: Graph, rules: Graph) -> Iterator[Problem]:
    """The results of the shapes, as problems.  Property shapes go by the name of the node shape they stand in."""
    _, results, _ = pyshacl.validate(graph, shacl_graph=rules, inplace=True, inference="none")
    if not isinstance(results, Graph):
        raise OntologyError(f"The shapes cannot be used: {results}")
    owner = {part: shape for shape, part in rules.subject_objects(SH.property)}
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceShape)
        value = results.value(result, SH.value)
        yield Problem(
            node=str(results.value(result, SH.focusNode)),
            shape=local_name(str(owner.get(shape, shape) if shape is not None else "")),
            value="" if value is None else str(value),
            message=str(results.value(result, SH.resultMessage)),
        )


def _focus_nodes(graph: Graph, rules: Graph) -> dict[Node, set[Node]]:
    """Each node shape with the nodes that its targets find."""
    found: dict[Node, set[Node]] = {}
    for shape in rules.subjects(RDF.type, SH.NodeShape):
        nodes = found.setdefault(shape, set())
        for target in rules.objects(shape, SH.targetClass):
            nodes.update(graph.subjects(RDF.type, target))
        for target in rules.objects(shape, SH.targetSubjectsOf):
            nodes.update(graph.subjects(target, None))
        for target in rules.objects(shape, SH.targetObjectsOf):
            nodes.update(graph.objects(None, target))
    return found


def _shapes_without_nodes(graph: Graph, rules: Graph, focus: dict[Node, set[Node]]) -> Iterator[Problem]:
    """Shapes that found nothing to check although the graph has nodes of a class of that name, or nothing at all.

    A report that conforms because its targets match nothing is worth nothing.
    """
    if not any(focus.values()):
        yield Problem(node="", shape="targets", value="", message="No shape found a node: this is no graph of claims.")
    known = {str(kind) for kind in set(graph.objects(None, RDF.type))}
    for shape in focus:
        for target in sorted(map(str, rules.objects(shape, SH.targetClass))):
            for other in sorted(k for k in known - {target} if local_name(k) == local_name(target)):
                message = f"The shape looks for <{target}> and so checked none of the nodes of class <{other}>."
                yield Problem(node=other, shape=local_name(str(shape)), value=target, message=message)


def _idle_shapes(focus: dict[Node, set[Node]]) -> Iterator[Problem]:
    """Shapes of one's own that found no node: most likely a target is misspelt."""
    for shape in (shape for shape, nodes in focus.items() if not nodes):
        message = "The shape found no node to check; is its target misspelt?"
        yield Problem(node=str(shape), shape=local_name(str(shape)), value="", message=message)


def _nodes_without_shape(graph: Graph, focus: dict[Node, set[Node]]) -> Iterator[Problem]:
    """Nodes with a class of the ontology that no shape looked at: a misspelt class, or a class without a shape."""
    seen = set().union(*focus.values())
    for node, kind in graph.subject_objects(RDF.type):
        if node not in seen and str(kind).startswith(ONTOLOGY):
            message = f"No shape checks this node: '{local_name(str(kind))}' is unknown or nothing refers to the node."
            yield Problem(node=str(node), shape="targets", value=str(kind), message=message)


# ---------------------------------------------------------------- what SHACL cannot say


def _offsets(graph: Graph) -> Iterator[Problem]:
    """Evidence whose offsets are not as far apart as its quote is long."""
    for node, begin, end, quote, _ in _evidence(graph):
        if end - begin != len(quote):
            message = f"{begin} to {end} are {end - begin} code points, the quote has {len(quote)}."
            yield Problem(node=str(node), shape="Evidence", value=quote, message=message)


def _overlaps(graph: Graph) -> Iterator[Problem]:
    """Evidence whose quote differs from another quote of the same place: at least one of the two is wrong."""
    spans: dict[Node, list[tuple[int, int, str, Node]]] = defaultdict(list)
    for node, begin, end, quote, source in _evidence(graph):
        if 0 <= begin < end and len(quote) == end - begin:
            spans[source].append((begin, end, quote, node))
    for found in spans.values():
        ordered = sorted(found, key=lambda span: (span[0], -span[1], span[2], str(span[3])))
        longest = ordered[0]
        for span in ordered[1:]:
            begin, end = span[0], min(span[1], longest[1])
            one, other = longest[2][begin - longest[0] : end - longest[0]], span[2][: max(end - begin, 0)]
            if one != other:
                message = f"The quote differs from that of <{longest[3]}>, which stands at the same place."
                yield Problem(node=str(span[3]), shape="Evidence", value=span[2], message=message)
            longest = max(longest, span, key=lambda either: either[1])


def _misquoted(graph: Graph, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Evidence whose quote does not stand in its document at its offsets."""
    text_of = {
        node: texts[str(name)]
        for node in graph.subjects(RDF.type, kg("Document"))
        for name in graph.objects(node, DCTERMS.identifier)
        if str(name) in texts
    }
    if not text_of:
        raise GraphError("None of the documents is one that the graph was built of.")
    for node, begin, end, quote, source in _evidence(graph):
        if source not in text_of:
            continue
        text = text_of[source]
        there = UNPRINTABLE.sub("\ufffd", text[max(begin, 0) : end])
        if end > len(text):
            message = f"kg:end is {end}, the document has {len(text)} code points."
            yield Problem(node=str(node), shape="Evidence", value=quote, message=message)
        elif there != quote:
            message = f"At {begin} to {end} the document has other words: {there!r}."
            yield Problem(node=str(node), shape="Evidence", value=quote, message=message)


def _texts(documents: Sequence[str | Path]) -> dict[str, str]:
    return {found.id: found.text for found in read(list(documents)) if isinstance(found, Document)}


def _evidence(graph: Graph) -> Iterator[tuple[Node, int, int, str, Node]]:
    """The evidence that is whole: node, begin, end, quote, document."""
    for node in graph.subjects(RDF.type, kg("Evidence")):
        begin, end, quote, source = (
            graph.value(node, term) for term in (kg("begin"), kg("end"), kg("quote"), DCTERMS.source)
        )
        if quote is None or source is None:
            continue  # the shapes report that
        if all(re.fullmatch(r"[+-]?[0-9]+", str(number)) for number in (begin, end)):
            yield node, int(str(begin)), int(str(end)), str(quote), source


def _dangling(graph: Graph) -> Iterator[Problem]:
    """IRIs of the graph's own base of which nothing is told, not even their class."""
    base = base_of(graph)
    told = set(graph.subjects(RDF.type, None))
    for subject, predicate, target in graph:
        for term in (subject, predicate, target):
            if isinstance(term, URIRef) and term.startswith(base) and term not in told:
                message = f"The graph tells nothing about <{term}>."
                yield Problem(node=str(subject), shape="dangling", value=str(term), message=message)


def _plain_triples(graph: Graph, ontology: Ontology) -> Iterator[Problem]:
    """Plain triples that no claim asserts as actual, and such claims whose plain triple is missing."""
    expected: dict[tuple[Node, Node, Node], Node] = {}
    symmetric = {URIRef(r.iri) for r in ontology.relations.values() if r.symmetric}
    for claim in graph.subjects(RDF.type, kg("Claim")):
        said = (graph.value(claim, kg("stance")), graph.value(claim, kg("modality")))
        s, p, o = (graph.value(claim, part) for part in (RDF.subject, RDF.predicate, RDF.object))
        if said != (kg("asserts"), kg("actual")) or s is None or p is None or o is None:
            continue
        expected[s, p, o] = claim
        if p in symmetric and not isinstance(o, Literal):
            expected[o, p, s] = claim
    for fact in sorted(expected.keys() - set(graph), key=str):
        message = f"The claim asserts this as actual, but the plain triple is missing: {_fact(fact)}."
        yield Problem(node=str(expected[fact]), shape="plain triples", value=_fact(fact), message=message)
    for fact in sorted(set(_relations(graph)) - expected.keys(), key=str):
        message = f"No claim asserts this as actual: {_fact(fact)}."
        yield Problem(node=str(fact[0]), shape="plain triples", value=_fact(fact), message=message)


def _unknown_relations(graph: Graph, ontology: Ontology) -> Iterator[Problem]:
    """Claims whose relation neither the ontology has nor the graph describes."""
    known = {URIRef(relation.iri) for relation in ontology.relations.values()} | set(graph.subjects(RDF.type, None))
    for claim, predicate in graph.subject_objects(RDF.predicate):
        if predicate not in known:
            message = f"The ontology has no relation {local_name(str(predicate))}."
            yield Problem(node=str(claim), shape="Claim", value=str(predicate), message=message)


def _relations(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """The triples of entities that state a relation."""
    happenings = set(graph.objects(None, kg("event")))
    for kind in ENTITY_CLASSES:
        for entity in graph.subjects(RDF.type, kind):
            for predicate, target in graph.predicate_objects(entity):
                if predicate not in DESCRIBING and entity not in happenings:
                    yield entity, predicate, target


def _fact(fact: Iterable[Node]) -> str:
    return " ".join(local_name(str(term)) for term in fact)
