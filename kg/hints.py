"""Why a query has no answer: what it names and the graph does not have, with the nearest that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.sparql import Name, names_in, nearest
from kg.terms import PREFIXES

NEAR = 72.0
"""From this likeness on (rapidfuzz, 0 to 100) a name is worth a guess."""

_LABELS = tuple(ox.NamedNode(PREFIXES[prefix] + local) for prefix, local in (("rdfs", "label"), ("skos", "altLabel")))
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_OURS = ("kg", "id")
"""Prefixes of what a graph is made of; the terms of others are left to the user."""


def notes_on(store: ox.Store, text: str, *, prefixes: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each name of the query that the graph does not have, each name once."""
    found: dict[str, None] = {}
    for name in dict.fromkeys(names_in(text)):
        for line in _of_string(store, name.value) if name.kind == "string" else _of_term(store, name, prefixes):
            found[line] = None
    return tuple(found)


def _of_term(store: ox.Store, name: Name, prefixes: Mapping[str, str]) -> Iterator[str]:
    iri = name.value if name.kind == "iri" else prefixes.get(name.prefix, "") + name.value
    home = next((prefix for prefix in _OURS if prefix in prefixes and iri.startswith(prefixes[prefix])), None)
    if home is None or iri == prefixes[home] or _occurs(store, iri):
        return
    local = iri.removeprefix(prefixes[home])
    known = _vocabulary(store, prefixes[home]) if home == "kg" else _subjects(store, prefixes[home])
    guess = nearest(local, known, cutoff=NEAR)
    yield f"The graph has no {home}:{local}." + (f" Did you mean {home}:{guess}?" if guess else "")


def _of_string(store: ox.Store, value: str) -> Iterator[str]:
    if len(value) < 3 or next(store.quads_for_pattern(None, None, ox.Literal(value)), None) is not None:
        return
    called = {value for label in _LABELS for value in _values(store, label)}
    if value.casefold() in {name.casefold() for name in called}:
        return
    guess = nearest(value, called, cutoff=NEAR)
    if guess is not None:
        yield f"Nothing in the graph is called '{value}'. Did you mean '{guess}'?"


def _occurs(store: ox.Store, iri: str) -> bool:
    try:
        node = ox.NamedNode(iri)
    except ValueError:  # a relative or broken one
        return True
    patterns = ((node, None, None), (None, node, None), (None, None, node))
    return any(next(store.quads_for_pattern(*pattern), None) is not None for pattern in patterns)


def _vocabulary(store: ox.Store, start: str) -> set[str]:
    """Local names of the relations and classes that the graph uses."""
    found = store.query("SELECT DISTINCT ?p { ?s ?p ?o }")
    terms = {row["p"].value for row in found} if isinstance(found, ox.QuerySolutions) else set()
    terms.update(_values(store, _TYPE))
    return {term.removeprefix(start) for term in terms if term.startswith(start)}


def _subjects(store: ox.Store, start: str) -> set[str]:
    """Local names of what the graph gives a name to."""
    found = (quad.subject for quad in store.quads_for_pattern(None, _LABELS[0], None))
    iris = {subject.value for subject in found if isinstance(subject, ox.NamedNode)}
    return {iri.removeprefix(start) for iri in iris if iri.startswith(start)}


def _values(store: ox.Store, predicate: ox.NamedNode) -> Iterator[str]:
    """The names and literals that stand as objects of a property."""
    for quad in store.quads_for_pattern(None, predicate, None):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            yield quad.object.value
