"""The commands that report on graphs: disputes, timeline, audit, diff, evaluate."""

from __future__ import annotations

import datetime
import enum
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # reading a graph takes its time; the list of commands need not wait
    from kg.matters import Matters
    from kg.types import Relation

CHANGED = 3
"""Exit status of `kg diff --exit-code` where something changed; 1 means that the work failed."""


class Form(enum.StrEnum):
    """How a report is written."""

    table = "table"
    markdown = "markdown"
    json = "json"


class Lines(enum.StrEnum):
    """How a difference is written."""

    text = "text"
    markdown = "markdown"
    json = "json"


GraphFile = Annotated[
    Path, typer.Argument(metavar="GRAPH", help="A graph.ttl that kg build wrote.", show_default=False)
]
Written = Annotated[Form, typer.Option("--format", "-f", help="How the report is written.")]
Extra = Annotated[
    list[Path] | None,
    typer.Option("--ontology", metavar="FILE", help="Turtle that adds relations and words; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    for command in (disputes, timeline, audit, diff, evaluate):
        app.command()(command)


def disputes(graph: GraphFile, form: Written = Form.table, ontology: Extra = None) -> None:
    """Tells what is disputed: who asserts it, who denies it, in which document and words.

    Conflicting dates and places of one event, two heads of one body, and what is denied and asserted by nobody are
    listed too.  markdown is a page to print.

    **Examples**

    - `kg disputes output/graph.ttl`

    - `kg disputes output/graph.ttl --format markdown > disputes.md`

    - `kg disputes output/graph.ttl --format json | jq -r '.[].headline'`
    """
    from kg import reports

    found = _matters(graph, ontology)
    if form is Form.table:
        _table(reports.DISPUTES, reports.disputes_rows(found))
    else:
        _print(reports.disputes_markdown(found) if form is Form.markdown else reports.disputes_json(found))


def timeline(graph: GraphFile, form: Written = Form.table, ontology: Extra = None) -> None:
    """Tells what happened when: every event with a known day, its status, and who says so.

    **Examples**

    - `kg timeline output/graph.ttl`

    - `kg timeline output/graph.ttl --format markdown`

    - `kg timeline output/graph.ttl --format json | jq -r '.[] | [.start, .headline] | @tsv'`
    """
    from kg import reports

    found = _matters(graph, ontology)
    if form is Form.table:
        _table(reports.TIMELINE, reports.timeline_rows(found))
    else:
        _print(reports.timeline_markdown(found) if form is Form.markdown else reports.timeline_json(found))


def audit(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="INPUT", help="What kg build reads: files or folders of them.", show_default=False),
    ],
    form: Written = Form.table,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="WORDS", help="Only gaps whose reason holds these words.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of documents that tell none.")
    ] = None,
    ontology: Extra = None,
) -> None:
    """Tells which sentences name two or more and yield no claim, and why: what the next word of a lexicon is for.

    A claim counts when both of its sides have a name, so that it reaches the graph.

    **Examples**

    - `kg audit seeds/`

    - `kg audit seeds/ --reason 'no word of the lexicon'`

    - `kg audit article.txt --ontology mine.ttl --format markdown`
    """
    from kg.audit import COLUMNS, REASONS, counts_of, json_of, markdown_of, rows_of
    from kg.audit import audit as sentences

    gaps, skipped = sentences(inputs, date=_day(date), ontology_files=ontology or ())
    for skip in skipped:
        print(f"kg: skipped {skip.path}: {skip.reason}", file=sys.stderr)
    shown = [gap for gap in gaps if not reason or reason in REASONS[gap.reason] or reason in gap.detail]
    if form is Form.table:
        _table(COLUMNS, rows_of(shown))
        for meaning, number in counts_of(shown):
            print(f"{number:6,}  {meaning}")
    else:
        _print(markdown_of(shown) if form is Form.markdown else json_of(shown))


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier graph.ttl.", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later graph.ttl.", show_default=False)],
    form: Annotated[Lines, typer.Option("--format", "-f", help="How the difference is written.")] = Lines.text,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 3 where something changed.")] = False,
    ontology: Extra = None,
) -> None:
    """Tells what a graph says that an earlier one did not: entities, facts, new denials, new confirmations.

    The exit status is 0 whether something changed or not; with --exit-code it is 3 where something did.

    **Examples**

    - `kg diff monday/graph.ttl tuesday/graph.ttl`

    - `kg diff monday/graph.ttl tuesday/graph.ttl --format markdown`

    - `kg diff --exit-code before.ttl after.ttl || echo 'look at it'`
    """
    from kg.compare import compare, json_of, lines_of, markdown_of
    from kg.export import read_graph
    from kg.show import plain

    found = compare(read_graph(old), read_graph(new), relations=_relations(ontology))
    if form is Lines.text:
        print("\n".join(map(plain, lines_of(found))).rstrip() or "Nothing changed.")
    else:
        _print(markdown_of(found) if form is Lines.markdown else json_of(found))
    if exit_code and found:
        raise typer.Exit(CHANGED)


def evaluate(
    graph: Annotated[
        Path, typer.Argument(metavar="GRAPH", help="A graph.ttl, or a folder of NAME.ttl.", show_default=False)
    ],
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="Its gold, or a folder of NAME.json.", show_default=False)
    ],
    form: Written = Form.table,
    misses: Annotated[
        str | None, typer.Option("--misses", metavar="FIGURE", help="List what a figure missed, such as 'dates right'.")
    ] = None,
    ontology: Extra = None,
) -> None:
    """Scores graphs against gold made by hand: entities, facts, stance, sources, positions, quotations, dates.

    Each graph must have been built from its one article alone.

    **Examples**

    - `kg evaluate output/graph.ttl article.json`

    - `kg evaluate graphs/ gold/ --misses 'dates right'`

    - `kg evaluate graphs/ gold/ --format json > figures.json`
    """
    from kg.evaluate import FIGURES, evaluate_files, json_of, paired, pooled, rows_of

    if misses is not None and misses not in FIGURES:
        raise typer.BadParameter(f"'{misses}' is no figure; they are {', '.join(FIGURES)}.", param_hint="--misses")
    scores = evaluate_files(paired(graph, gold), relations=_relations(ontology))
    figures = pooled(figures for _, figures in scores)
    if form is Form.json:
        _print(json_of(scores))
    elif form is Form.markdown:
        lines = [("figure", "right", "of", "share"), ("---", "---:", "---:", "---:"), *rows_of(figures)]
        _print("\n".join(f"| {' | '.join(row)} |" for row in lines))
    else:
        _table(("figure", "right", "of", "share"), rows_of(figures))
    for figure in figures:
        if figure.name == misses:
            _print("\n".join(figure.missed))


# ---------------------------------------------------------------- reading and printing


def _matters(graph: Path, ontology: list[Path] | None) -> Matters:
    from kg.export import read_graph
    from kg.matters import matters_of

    return matters_of(read_graph(graph), relations=_relations(ontology))


def _relations(ontology: list[Path] | None) -> tuple[Relation, ...]:
    from kg.ontology import load

    known = load(extra=tuple(ontology or ())).relations
    return tuple(known[name] for name in sorted(known))


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day; write it as 2023-07-06.", param_hint="--date") from None


def _print(text: str) -> None:
    from kg.show import plain

    print("\n".join(map(plain, text.rstrip("\n").split("\n"))))


def _table(header: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    from kg.query import Result, Term
    from kg.show import show_answer

    cells = tuple(tuple(Term(kind="literal", value=cell) for cell in row) for row in rows)
    show_answer(Result(form="select", variables=tuple(header), rows=cells, answer=None, prefixes=()))
