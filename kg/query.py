"""SPARQL over a graph file, by Oxigraph: queries in text, in a file, or by the name of one in kg/queries."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from kg.errors import QueryError
from kg.hints import notes_on
from kg.limits import Limits, limited, seal
from kg.sparql import FORMS, UPDATES, check, explain, nearest, replaced
from kg.store import GraphStore, in_memory, on_disk
from kg.terms import PREFIXES

FOLDER = Path(__file__).resolve().parent / "queries"

_NAME = re.compile(r"([a-z][a-z0-9-]*)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An RDF term.  `datatype` is None for a plain string, `language` for everything but a tagged one."""

    kind: Literal["uri", "literal", "bnode"]
    value: str
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer.  SELECT fills `variables` and `rows`, ASK `answer`; CONSTRUCT and DESCRIBE give sorted triples
    as rows of subject, predicate, object.  `prefixes` are those of the graph file, for short names; `notes` tell of
    an empty answer what the query names and the graph does not have."""

    form: Literal["select", "ask", "triples"]
    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    answer: bool | None
    prefixes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedQuery:
    """A query of kg/queries.  `parameters` are the variables that the caller must give, in this order."""

    name: str
    parameters: tuple[str, ...]
    description: str
    text: str

    @property
    def usage(self) -> str:
        """The name with its parameters in capitals: "positions-of NAME"."""
        return " ".join((self.name, *(parameter.upper() for parameter in self.parameters)))


def query(
    graph: str | Path, sparql: str | Path, *, store: str | Path | None = None, limits: Limits | None = None
) -> Result:
    """The answer of a query over a graph file (Turtle or N-Triples).

    `sparql` is the text of a SELECT, ASK, CONSTRUCT or DESCRIBE, the path of a file that holds one, or the name of
    a query in kg/queries with its arguments ("positions-of Richard Roe"; `named_queries` lists them).  The prefixes
    kg, id, rdf, rdfs, skos, dcterms, owl and xsd and those of the graph file need no declaration.  `store` is a
    folder for an on-disk store, made when it is missing or older than the file; with `limits` the query runs in a
    process that is stopped when it takes more.

    Raises GraphError for the graph file, QueryError for the query, with line and column; SERVICE, FROM and updates
    are refused.
    """
    text = query_text(sparql)
    check(text)
    opened = in_memory(Path(graph)) if store is None else on_disk(Path(graph), Path(store))
    if limits is None:
        return _answer_with_notes(opened, text)

    return limited(lambda: _answer_with_notes(opened, text, alone=True), limits)


def _answer_with_notes(opened: GraphStore, text: str, *, alone: bool = False) -> Result:
    """The answer; where it is empty, also what the query names and the graph does not have."""
    store = opened.open()
    if alone:
        seal()
    result = answer(store, text, prefixes=opened.prefixes)
    if result.rows or result.answer:
        return result
    return dataclasses.replace(result, notes=notes_on(store, text, prefixes=opened.prefixes))


def answer(store: ox.Store, text: str, *, prefixes: Mapping[str, str]) -> Result:
    """The answer of a query over a store; errors as in `query`."""
    check(text)
    known = tuple(sorted(prefixes.items()))
    try:
        found = store.query(text, prefixes=dict(prefixes), default_graph=ox.DefaultGraph(), named_graphs=[])
        if isinstance(found, ox.QueryBoolean):
            return Result(form="ask", variables=(), rows=(), answer=bool(found), prefixes=known)
        if isinstance(found, ox.QueryTriples):
            triples = {(t.subject, t.predicate, t.object) for t in found}
            rows = sorted((tuple(map(_term, triple)) for triple in triples), key=repr)
            names = ("subject", "predicate", "object")
            return Result(form="triples", variables=names, rows=tuple(rows), answer=None, prefixes=known)
        variables = tuple(variable.value for variable in found.variables)
        bindings = tuple(tuple(map(_term_or_none, solution)) for solution in found)
        return Result(form="select", variables=variables, rows=bindings, answer=None, prefixes=known)
    except SyntaxError as error:
        raise QueryError(explain(str(error), text, prefixes=prefixes)) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"The query cannot be answered: {error}.") from error


# ---------------------------------------------------------------- which query


@functools.lru_cache(maxsize=1)
def named_queries() -> Mapping[str, NamedQuery]:
    """The queries of kg/queries by name.  The comment at the head of a file is its usage line and its description."""
    return {path.stem: _named(path) for path in sorted(FOLDER.glob("*.rq"))}


def _named(path: Path) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    head: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        head.append(line.lstrip("# ").rstrip())
    usage = head[0].split()
    if not usage or usage[0] != path.stem:
        raise QueryError(f"{path}: the first line must be a comment that opens with '{path.stem}'.")
    parameters = tuple(word.lower() for word in usage[1:])
    return NamedQuery(name=path.stem, parameters=parameters, description=" ".join(head[1:]), text=text)


def query_text(sparql: str | Path) -> str:
    """The text of a query that is given as a text, as a file, or by name with its arguments."""
    if isinstance(sparql, Path):
        return _read(sparql)
    call = _NAME.fullmatch(sparql.strip())
    if call and call[1] in named_queries():
        return _with_arguments(named_queries()[call[1]], call[2] or "")
    if _is_path(sparql):
        return _read(Path(sparql))
    if call and call[1].upper() not in FORMS | UPDATES | {"PREFIX", "BASE"}:
        guess = nearest(call[1], named_queries())
        mean = f" Did you mean '{guess}'?" if guess else ""
        raise QueryError(f"There is no query '{call[1]}'.{mean} There are: {', '.join(named_queries())}.")
    return sparql


def _is_path(text: str) -> bool:
    """Whether this names a file: one that is there, or one that by its ending should be."""
    if "\n" in text or "{" in text:
        return False
    try:
        return Path(text).suffix in {".rq", ".sparql"} or Path(text).is_file()
    except OSError:  # longer than a path can be
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'}).") from error


def _with_arguments(named: NamedQuery, rest: str) -> str:
    """The text of a named query with its parameters replaced by the arguments, as string literals."""
    values = [rest.strip().strip("\"'")] if rest.strip() else []
    if len(named.parameters) != 1:
        try:
            values = shlex.split(rest)
        except ValueError as error:
            raise QueryError(f"{named.usage}: the arguments have an open quotation mark.") from error
    if len(values) != len(named.parameters):
        raise QueryError(f"The query needs {len(named.parameters)} arguments and got {len(values)}: {named.usage}")
    try:
        literals = {f"?{name}": str(ox.Literal(value)) for name, value in zip(named.parameters, values, strict=True)}
    except ValueError as error:
        raise QueryError(f"{named.usage}: an argument is not valid Unicode.") from error
    return replaced(named.text, literals)


# ---------------------------------------------------------------- terms


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(term, ox.NamedNode):
        return Term(kind="uri", value=term.value)
    if isinstance(term, ox.BlankNode):
        return Term(kind="bnode", value=term.value)
    if isinstance(term, ox.Literal):
        plain = term.language is not None or term.datatype.value == PREFIXES["xsd"] + "string"
        datatype = None if plain else term.datatype.value
        return Term(kind="literal", value=term.value, datatype=datatype, language=term.language)
    raise QueryError("The answer holds a triple term, which none of the formats can show.")


def _term_or_none(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Term | None:
    return None if term is None else _term(term)


def shorten(term: Term | None, prefixes: Mapping[str, str]) -> str:
    """A term for people: prefixed name or IRI, the bare value of a literal, nothing for an unbound variable."""
    if term is None:
        return ""
    if term.kind != "uri":
        return term.value if term.kind == "literal" else f"_:{term.value}"
    fitting = [(len(iri), prefix, iri) for prefix, iri in prefixes.items() if term.value.startswith(iri)]
    if not fitting:
        return term.value
    _, prefix, iri = max(fitting)
    local = term.value[len(iri) :]
    return f"{prefix}:{local}" if re.fullmatch(r"[\w-]+", local) else term.value


# ---------------------------------------------------------------- formats


def table(result: Result) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Header and rows of short texts; ASK gives one column "answer" with yes or no."""
    if result.form == "ask":
        return ("answer",), (("yes" if result.answer else "no",),)
    prefixes = dict(result.prefixes)
    return result.variables, tuple(tuple(shorten(term, prefixes) for term in row) for row in result.rows)


def to_csv(result: Result) -> str:
    """SPARQL 1.1 Query Results CSV: full IRIs, lines that end in CRLF; ASK gives "answer" and true or false."""
    out = io.StringIO()
    writer = csv.writer(out)
    if result.form == "ask":
        writer.writerows([["answer"], [str(result.answer).lower()]])
        return out.getvalue()
    writer.writerow(result.variables)
    for row in result.rows:
        writer.writerow("" if t is None else f"_:{t.value}" if t.kind == "bnode" else t.value for t in row)
    return out.getvalue()


def to_json(result: Result) -> str:
    """SPARQL 1.1 Query Results JSON; triples are rows of subject, predicate and object."""
    if result.form == "ask":
        return json.dumps({"head": {}, "boolean": result.answer})
    names = result.variables
    bindings = [{n: _json_term(t) for n, t in zip(names, row, strict=True) if t is not None} for row in result.rows]
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": bindings}}, ensure_ascii=False, indent=1)


def _json_term(term: Term) -> dict[str, str]:
    extra = {"datatype": term.datatype, "xml:lang": term.language}
    return {"type": term.kind, "value": term.value, **{k: v for k, v in extra.items() if v is not None}}


def to_markdown(result: Result) -> str:
    """A Markdown table."""
    header, rows = table(result)
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(map(_markdown_cell, line))} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", re.sub(r"\s", " ", text)) if text != "---" else text


def to_turtle(result: Result) -> str:
    """The triples of CONSTRUCT or DESCRIBE as Turtle.  Raises QueryError for the other forms."""
    if result.form != "triples":
        raise QueryError("Only CONSTRUCT and DESCRIBE give triples; ask for a table, csv, json or markdown.")
    triples = [ox.Triple(*(_oxigraph(term) for term in row if term)) for row in result.rows]  # type: ignore[arg-type]
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(result.prefixes))
    return (written or b"").decode("utf-8")


def _oxigraph(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if term.kind == "uri":
        return ox.NamedNode(term.value)
    if term.kind == "bnode":
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype) if term.datatype else None)
