"""The command `kg explain`: why the names of an entity were joined, or kept apart from similar ones."""

from __future__ import annotations

import dataclasses
import enum
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.ledger import Explanation

WIDTH = 100


class Form(enum.StrEnum):
    """How an explanation is written."""

    table = "table"
    markdown = "markdown"
    json = "json"


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(explain)


def explain(
    graph: Annotated[
        Path, typer.Argument(metavar="GRAPH", help="A graph.ttl that kg build wrote.", show_default=False)
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name or an IRI.", show_default=False)],
    form: Annotated[Form, typer.Option("--format", "-f", help="How the answer is written.")] = Form.table,
) -> None:
    """Tells why the names of an entity were joined, and why similar ones were kept apart.

    It reads resolution.json, which kg build leaves beside graph.ttl.  Where several entities have the name each is
    told.  What corrections have changed is told with their reasons.

    **Examples**

    - `kg explain output/graph.ttl "Ingrid Solberg"`

    - `kg explain output/graph.ttl Solberg --format markdown`

    - `kg explain output/graph.ttl id:ingrid-solberg --format json`
    """
    from kg.ledger import explain as explanations
    from kg.show import plain

    found = explanations(graph, name)
    if form is Form.json:
        print(json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    lines = _markdown if form is Form.markdown else _table
    print("\n\n".join("\n".join(map(plain, lines(one))) for one in found))


def _parts(one: Explanation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lists of an explanation that have anything, with their headings."""
    nothing = () if len(one.names) > 1 or one.corrected else ("It has one name only; nothing was to be joined.",)
    for title, sentences in (
        ("Joined", one.joined or nothing),
        ("Kept apart", one.apart),
        ("Corrected", one.corrected),
        ("Earlier IRIs", tuple(f"id:{earlier}" for earlier in one.replaces)),
    ):
        if sentences:
            yield title, sentences


def _head(one: Explanation) -> tuple[str, str, str]:
    count = len(one.documents)
    names = ", ".join(f"“{name}”" for name in one.names)
    documents = f"{count:,} document{'' if count == 1 else 's'}: {', '.join(one.documents[:5])}"
    return f"{one.label} ({one.type}, id:{one.id})", names, documents + (", ..." if count > 5 else "")


def _table(one: Explanation) -> Iterator[str]:
    title, names, documents = _head(one)
    yield title
    rows = [("Names", (names,)), ("In", (documents,)), *_parts(one)]
    for heading, sentences in rows:
        for place, sentence in enumerate(sentences):
            first = f"  {heading if not place else '':<13}"
            yield from textwrap.wrap(sentence, WIDTH, initial_indent=first, subsequent_indent=" " * 15)


def _markdown(one: Explanation) -> Iterator[str]:
    title, names, documents = (_escaped(text) for text in _head(one))
    yield f"## {title}"
    yield ""
    yield f"Names: {names}"
    yield ""
    yield f"In {documents}"
    for heading, sentences in _parts(one):
        yield ""
        yield f"### {heading}"
        yield ""
        yield from (f"- {_escaped(sentence)}" for sentence in sentences)


def _escaped(text: str) -> str:
    """The text with what Markdown would read as marks made plain."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)
