"""A graph in the serialisations of RDF other than Turtle: bytes that depend on the triples alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.errors import GraphError
from kg.formats_source import RDF, Object, Source, documents_of
from kg.terms import PREFIXES

STRING = PREFIXES["xsd"] + "string"
REIFIES = RDF + "reifies"
"""What RDF 1.2 says between a claim and the triple it tells of, without asserting the triple."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_trig(source: Source, out: BinaryIO) -> None:
    """TriG with a graph a document: first what is said of all, then document by document."""
    ordered = sorted(quads(source), key=lambda quad: str(quad.graph_name))  # a stable sort: triples stay in order
    ox.serialize(ordered, out, format=ox.RdfFormat.TRIG, prefixes=source.prefixes)


def quads(source: Source) -> Iterator[ox.Quad]:
    """The triples with their graphs: claims, quotations and evidence in the graph named by their document; entities,
    facts, events, tenures and documents, of which several documents may tell, in the default graph."""
    home = {subject: ox.NamedNode(document) for subject, document in documents_of(source.triples()).items()}
    everywhere = ox.DefaultGraph()
    for triple in source.triples():
        subject = str(getattr(triple.subject, "value", ""))
        yield ox.Quad(triple.subject, triple.predicate, triple.object, home.get(subject, everywhere))


def write_turtle_12(source: Source, out: BinaryIO) -> None:
    """Turtle 1.2: a claim reifies a triple term in place of rdf:subject, rdf:predicate and rdf:object."""
    ox.serialize(_reified(source), out, format=ox.RdfFormat.TURTLE, prefixes=source.prefixes)


def _reified(source: Source) -> Iterator[ox.Triple]:
    parts = tuple(RDF + name for name in ("subject", "predicate", "object"))
    for subject, values in source.about.items():
        told = [values.get(part, ()) for part in parts]
        whole = all(len(terms) == 1 for terms in told) and all(isinstance(t[0], ox.NamedNode) for t in told[:2])
        node = ox.NamedNode(subject)
        for verb, objects in values.items():
            if not whole or verb not in parts:
                for value in objects:
                    yield ox.Triple(node, ox.NamedNode(verb), value)
        if whole:
            about, relation = ox.NamedNode(told[0][0].value), ox.NamedNode(told[1][0].value)
            yield ox.Triple(node, ox.NamedNode(REIFIES), ox.Triple(about, relation, told[2][0]))


def plain(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples with the triple terms of reified claims taken apart again; other triple terms stay."""
    for triple in triples:
        term = triple.object
        if triple.predicate.value != REIFIES or not isinstance(term, ox.Triple):
            yield triple
            continue
        for name, part in (("subject", term.subject), ("predicate", term.predicate), ("object", term.object)):
            yield ox.Triple(triple.subject, ox.NamedNode(RDF + name), part)


# ---------------------------------------------------------------- JSON-LD


def write_json_ld(source: Source, out: BinaryIO) -> None:
    """JSON-LD 1.1 with its context in the file: one node a line, values as plain strings that the context types.

    Lexical forms are kept: 0.93 is the string "0.93" of type xsd:decimal, for a JSON number would become a double.
    """
    context, kind = _context(source)
    out.write(b'{"@context": ' + _json(context) + b',\n"@graph": [')
    prefixes = {name: iri for name, iri in context.items() if isinstance(iri, str)}
    for number, (subject, values) in enumerate(source.about.items()):
        node: dict[str, object] = {"@id": _compact(subject, prefixes)}
        for verb, objects in values.items():
            name = _compact(verb, prefixes)
            if verb == RDF + "type":
                written: list[object] = [_compact(value.value, prefixes) for value in objects]
                name = "@type"
            else:
                written = [_json_value(value, kind[verb], prefixes) for value in objects]
            node[name] = written[0] if len(written) == 1 else written
        out.write((b",\n" if number else b"\n") + _json(node))
    out.write(b"\n]}\n")


def _context(source: Source) -> tuple[dict[str, object], dict[str, str]]:
    """The context, and how it types the values of each predicate: "@id", a datatype, or "" for mixed ones."""
    used = {iri for subject, values in source.about.items() for iri in (subject, *values)}
    used |= {v.value for values in source.about.values() for o in values.values() for v in o if _is_iri(v)}
    # An IRI such as <id:x> would be read as a short name: then its prefix is not defined.
    prefixes = {p: iri for p, iri in source.prefixes.items() if not any(u.startswith(f"{p}:") for u in used)}
    kinds: dict[str, set[str]] = {}
    for values in source.about.values():
        for verb, objects in values.items():
            if verb != RDF + "type":
                kinds.setdefault(verb, set()).update(map(_json_kind, objects))
    kind = {verb: min(found) if len(found) == 1 else "" for verb, found in kinds.items()}
    context: dict[str, object] = dict(sorted(prefixes.items()))
    for verb in sorted(kind):
        if kind[verb]:
            type_ = kind[verb] if kind[verb] == "@id" else _compact(kind[verb], prefixes)
            context[_compact(verb, prefixes)] = {"@id": verb, "@type": type_}
    return context, kind


def _is_iri(value: Object) -> bool:
    return isinstance(value, ox.NamedNode)


def _json_kind(value: Object) -> str:
    if isinstance(value, ox.NamedNode):
        return "@id"
    return "" if value.language or value.datatype.value == STRING else value.datatype.value


def _json_value(value: Object, kind: str, prefixes: dict[str, str]) -> object:
    if isinstance(value, ox.NamedNode):
        iri = _compact(value.value, prefixes)
        return iri if kind == "@id" else {"@id": iri}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if kind or value.datatype.value == STRING:
        return value.value
    return {"@value": value.value, "@type": _compact(value.datatype.value, prefixes)}


def _compact(iri: str, prefixes: dict[str, str]) -> str:
    fitting = [(len(start), name) for name, start in prefixes.items() if iri.startswith(start) and iri != start]
    if not fitting:
        return iri
    length, name = max(fitting)
    rest = iri[length:]
    return f"{name}:{rest}" if not rest.startswith("//") else iri


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


# ---------------------------------------------------------------- RDF/XML


def write_rdf_xml(source: Source, out: BinaryIO) -> None:
    """RDF/XML, one element a subject.  Raises GraphError for a character that XML 1.0 cannot hold."""
    spaces = dict(source.prefixes)
    for number, space in enumerate(sorted({_split(verb)[0] for values in source.about.values() for verb in values})):
        if space not in spaces.values():
            spaces[f"ns{number}"] = space
    prefix_of = {space: prefix for prefix, space in sorted(spaces.items(), reverse=True)}
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF')
    for prefix, space in sorted(spaces.items()):
        out.write(f"\n    xmlns:{prefix}={_attribute(space)}".encode())
    out.write(b">\n")
    for subject, values in source.about.items():
        out.write(f"  <rdf:Description rdf:about={_attribute(subject)}>\n".encode())
        for verb, objects in values.items():
            space, local = _split(verb)
            tag = f"{prefix_of[space]}:{local}"
            out.writelines(f"    {_element(tag, value)}\n".encode() for value in objects)
        out.write(b"  </rdf:Description>\n")
    out.write(b"</rdf:RDF>\n")


def _element(tag: str, value: Object) -> str:
    if isinstance(value, ox.NamedNode):
        return f"<{tag} rdf:resource={_attribute(value.value)}/>"
    kind = ""
    if value.language:
        kind = f" xml:lang={_attribute(value.language)}"
    elif value.datatype.value != STRING:
        kind = f" rdf:datatype={_attribute(value.datatype.value)}"
    return f"<{tag}{kind}>{_xml(value.value)}</{tag}>"


def _split(iri: str) -> tuple[str, str]:
    """Namespace and local name of a predicate, as an element's name must be split."""
    local = re.split(r"[#/:]", iri)[-1]
    if not _NAME.fullmatch(local):
        raise GraphError(f"RDF/XML cannot name the property <{iri}>; choose another format.")
    return iri[: len(iri) - len(local)], local


def _xml(text: str) -> str:
    """Text between tags.  A carriage return is written as a reference, for XML reads a bare one as a new line."""
    found = _NOT_XML.search(text)
    if found is not None:
        raise GraphError(
            f"RDF/XML cannot hold the character U+{ord(found[0]):04X} of '{text[:40]!a}'; choose another format."
        )
    return escape(text, {"\r": "&#13;"})


def _attribute(text: str) -> str:
    _xml(text)
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
