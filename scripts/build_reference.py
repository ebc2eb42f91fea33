"""Writes the pages of docs/ that are made from code and ontology: options, Python API, relations, ready questions.

    python scripts/build_reference.py      # or: make reference

tests/test_docs.py fails where a page is not what this script would write.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path

import typer.main
from rdflib import OWL, RDF, RDFS, Graph, URIRef

import kg
from kg import cli, ontology
from kg.ids import ONTOLOGY
from kg.query import named_queries
from kg.types import Relation

ROOT = Path(__file__).resolve().parent.parent
HEAD = "<!-- Written by scripts/build_reference.py; change the code or the ontology, then `make reference`. -->\n"
SENTENCES = ROOT / "docs" / "examples" / "sentences.tsv"


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    docs = ROOT / "docs"
    return {
        docs / "api.md": _page(_api()),
        docs / "options.md": _page(_options()),
        docs / "questions.md": _page(_questions()),
        docs / "relations.md": _page(_relations()),
    }


def _page(lines: Iterator[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", HEAD + "\n" + "\n".join(lines).rstrip() + "\n")


# ---------------------------------------------------------------- commands


def _options() -> Iterator[str]:
    yield "# Every command and option\n"
    yield "What `kg COMMAND --help` says. [Commands](commands.md) tells the same in words.\n"
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        kinds = typing.get_type_hints(inspect.unwrap(command.callback))
        yield f"## kg {name} {{ #{name} }}\n"
        yield re.sub(r" {2,}", " ", inspect.cleandoc(command.help or "")) + "\n"
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option" and "--help" not in p.opts]
        yield "| | | |"
        yield "|---|---|---|"
        for parameter in arguments:
            many = " ..." if parameter.nargs == -1 else ""
            yield f"| `{parameter.metavar or parameter.name.upper()}{many}` | {_cell(parameter.help)} | |"
        for parameter in options:
            names = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
            value = _value(parameter, kinds[parameter.name])
            yield f"| {f'{names} {value}'.strip()} | {_cell(parameter.help)} | {_default(parameter)} |"
        yield ""


def _value(parameter: typing.Any, kind: object) -> str:  # noqa: ANN401  # typer's own class, which it hides
    if parameter.is_flag:
        return ""
    choices = [one for one in (kind, *typing.get_args(kind)) if isinstance(one, type) and issubclass(one, enum.Enum)]
    if choices:
        return ", ".join(f"`{choice.value}`" for choice in choices[0])
    return f"`{parameter.metavar}`" if parameter.metavar else ""


def _default(parameter: typing.Any) -> str:  # noqa: ANN401  # the same
    value = parameter.default
    value = getattr(value, "value", value)
    return "" if value is None or callable(value) or isinstance(value, bool) else f"default `{value}`"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


# ---------------------------------------------------------------- Python


def _api() -> Iterator[str]:
    yield "# Python API\n"
    yield (
        "Everything below is imported from `kg` and stays from version to version; what is not here may change. "
        "Every record is frozen and typed. The examples are run by the tests; `news` is the graph of `seeds/`:\n"
    )
    yield '```python\nimport kg\n\nnews = kg.KnowledgeGraph.of(kg.build(["seeds"]))\n```\n'
    functions = [name for name in kg.__all__ if inspect.isfunction(getattr(kg, name))]
    classes = [name for name in kg.__all__ if inspect.isclass(getattr(kg, name))]
    yield "## Functions\n"
    for name in functions:
        yield from _function(f"kg.{name}", getattr(kg, name), level=3)
    first = ["KnowledgeGraph"]
    yield "## Classes\n"
    for name in first + [name for name in classes if name not in first]:
        yield from _class(name, getattr(kg, name))


def _function(name: str, function: object, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} {name}\n"
    yield f"```text\n{name.rpartition('.')[2] if level > 3 else name}{_signature(function)}\n```\n"
    yield from _prose(inspect.getdoc(function) or "")


def _signature(function: object) -> str:
    signature = inspect.signature(function)  # type: ignore[arg-type]
    parameters = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
    text = _unquoted(str(signature.replace(parameters=parameters)))
    if len(text) < 100:
        return text
    lines: list[str] = []
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in lines:
            lines.append("*")
        lines.append(_unquoted(str(parameter)))
    body = ",\n    ".join(lines)
    return f"(\n    {body},\n) -> {signature.return_annotation}"


def _unquoted(text: str) -> str:
    """A signature without the quotation marks around its annotations."""
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)


def _class(name: str, record: type) -> Iterator[str]:
    yield f"### kg.{name}\n"
    yield from _prose(inspect.getdoc(record) or "")
    if dataclasses.is_dataclass(record):
        yield "| field | type |"
        yield "|---|---|"
        for field in dataclasses.fields(record):
            kind = str(field.type).replace("|", "\\|")
            yield f"| `{field.name}` | {kind} |"
        yield ""
    for attribute, value in vars(record).items():
        if attribute.startswith("_"):
            continue
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if isinstance(function, types.FunctionType):
            if function.__name__ == attribute:
                yield from _function(f"{name}.{attribute}", function, level=4)
        elif isinstance(value, property):
            yield f"#### {name}.{attribute}\n"
            yield from _prose(inspect.getdoc(value) or "")


def _prose(text: str) -> Iterator[str]:
    """A docstring as Markdown: examples and indented code become blocks."""
    block: list[str] = []
    kind = ""

    def closed() -> Iterator[str]:
        nonlocal kind
        if block:
            while block and not block[-1].strip():
                block.pop()
            yield f"```{kind}"
            yield from inspect.cleandoc("\n".join(block)).split("\n")
            yield "```\n"
        block.clear()
        kind = ""

    for line in text.split("\n"):
        if not kind and line.startswith(">>>"):
            kind = "pycon"
        elif not kind and line.startswith("    "):
            kind = "text"
        if kind == "pycon" and line.strip():
            block.append(line)
        elif kind == "text" and (line.startswith("    ") or not line.strip()):
            block.append(line)
        else:
            yield from closed()
            yield re.sub(r" {2,}", " ", line)
    yield from closed()
    yield ""


# ---------------------------------------------------------------- ontology


def _relations() -> Iterator[str]:
    known = ontology.load()
    graph = _ontology_graph()
    sentences = {row[0]: row[1:] for row in (line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines())}
    events = [name for name, relation in known.relations.items() if relation.event]
    dates = [name for name, relation in known.relations.items() if relation.literal]
    states = [name for name in known.relations if name not in events and name not in dates]
    yield "# Classes and relations\n"
    yield (
        "What a graph can say, from `ontology/`. The example sentences are read by the tests, and give the fact named. "
        "A verb that no relation covers makes an *open* one: a property of its own under `kg:relatedTo`, labelled "
        "with the verb phrase. [Your own relations](own-ontology.md) are a few lines of Turtle.\n"
    )
    yield "## Relations that last\n"
    yield from _relation_table(states, known.relations, graph, sentences)
    yield "## Relations that happen\n"
    yield "Their claims also have an event, of the class in the third column, with participants, place and days.\n"
    yield from _relation_table(events, known.relations, graph, sentences)
    yield "## Dates\n"
    yield from _relation_table(dates, known.relations, graph, sentences)
    yield "## Classes\n"
    yield "| class | is a | what |"
    yield "|---|---|---|"
    for iri in sorted(graph.subjects(RDF.type, OWL.Class), key=str):
        name = str(iri).rpartition("#")[2]
        if not str(iri).startswith(ONTOLOGY) or name.endswith("Entry"):
            continue
        supers = map(str, graph.objects(iri, RDFS.subClassOf))
        above = sorted(one.rpartition("#")[2] for one in supers if one.startswith(ONTOLOGY))
        told = _cell(str(graph.value(iri, RDFS.comment) or graph.value(iri, RDFS.label) or ""))
        yield f"| `kg:{name}` | {', '.join(f'`kg:{one}`' for one in above)} | {told} |"


def _relation_table(
    names: list[str], relations: Mapping[str, Relation], graph: Graph, sentences: dict[str, list[str]]
) -> Iterator[str]:
    yield "| relation | means | between | example |"
    yield "|---|---|---|---|"
    for name in names:
        relation = relations[name]
        meaning = _cell(str(graph.value(URIRef(relation.iri), RDFS.comment) or relation.label)).removesuffix(".")
        both = ", holds both ways" if relation.symmetric else ""
        event = f", a `kg:{relation.event}`" if relation.event else ""
        ends = "a date" if relation.literal else _classes(relation.range)
        subject, target, sentence = sentences[name]
        yield (
            f"| `kg:{name}` | {meaning}{event}{both} | {_classes(relation.domain)} → {ends} "
            f"| {_cell(sentence)} *{subject} → {target}* |"
        )
    yield ""


_ENTITY = ("Person", "Organization", "Group", "Place", "Work", "Product", "Event")


def _classes(names: frozenset[str]) -> str:
    found = [name for name in _ENTITY if name in names]
    return ", ".join(found) if found and len(found) < len(_ENTITY) else "anything"


def _ontology_graph() -> Graph:
    graph = Graph()
    for path in ontology.files_of():
        graph.parse(path)
    return graph


# ---------------------------------------------------------------- questions


def _questions() -> Iterator[str]:
    yield "# Ready questions\n"
    yield "`kg query GRAPH 'NAME ...'`, or `news.query(\"NAME ...\")` in Python. Each is a file of `kg/queries`:\n"
    for name, query in named_queries().items():
        yield f"## {name} {{ #{name} }}\n"
        yield f"{query.description}\n"
        yield f"```text\nkg query output/graph.ttl '{query.usage}'\n```\n"
        body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#")).strip()
        yield f"```text\n{body}\n```\n"


def main() -> None:
    """Writes the pages, and says which have changed."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
