"""What a person sees in a terminal: progress, the summary of a build, the answer of a query.

Control characters of a text never reach the terminal, and a pipe gets neither colours nor bars.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.query import Result, table

if TYPE_CHECKING:  # a question to a graph need not wait for what reads text
    from kg.analyse import Stats, Way
    from kg.cache import State
    from kg.doctor import Check
    from kg.run import Built, Progress

PAGE = 120
"""Columns of a pipe or file."""
READABLE = 26
"""A column narrower than that is hard to read; one that needs no more is not broken."""

_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def plain(text: str) -> str:
    """The text on one line, without what a terminal would obey instead of showing it, and without what no stream takes:
    the name of a file may be no UTF-8."""
    return _CONTROLS.sub(" ", text).encode("utf-8", "replace").decode("utf-8")


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A progress bar on standard error while work goes on; nothing where that is no terminal."""
    console = _console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich import progress

    columns = (
        progress.TextColumn("{task.description:<18}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}"),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None, rate="")
        began: dict[str, float] = {}

        def tell(stage: str, done: int, total: int) -> None:
            new = stage not in began  # shown at once: a short stage would be over before the next frame
            seconds = bar.get_time() - began.setdefault(stage, bar.get_time())
            rate = f"{done / seconds:,.1f} a second" if seconds > 1 and 0 < done < total else ""
            bar.update(task, description=stage, completed=done, total=total, rate=rate, refresh=new)

        yield tell


def show_answer(result: Result) -> None:
    """Prints an answer as a table; as one record below the other where its columns would be too narrow to read."""
    header, answer = table(result)
    rows = [tuple(map(plain, row)) for row in answer]
    console = _console()
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    wide = [width for width in widths if width > READABLE]
    room = console.width - 4 - sum(widths) + sum(wide) - 3 * len(widths)
    if rows and (room < 0 or (wide and room < READABLE * len(wide))):
        print("\n\n".join(_record(header, row, console.width) for row in rows) + "\n")
    else:
        grid = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2, pad_edge=False)
        for name, width in zip(header, widths, strict=True):
            grid.add_column(name, no_wrap=width <= READABLE, overflow="fold")
        for row in rows:
            grid.add_row(*map(Text, row))
        console.print(grid)
    print("no answer" if not rows else "1 answer" if len(rows) == 1 else f"{len(rows):,} answers")


def show_summary(built: Built) -> None:
    """Prints what a build did, what it skipped and why, and the files it wrote."""
    summary = built.summary
    console = _console()
    grid = Table(box=box.SIMPLE if console.is_terminal else box.ASCII2, show_header=False, pad_edge=False)
    grid.add_column()
    grid.add_column(justify="right")
    for name, count in (
        ("documents", summary.documents),
        ("entities", summary.entities),
        ("claims", summary.claims),
        ("plain triples", summary.plain),
        ("disputed events", summary.disputed),
        ("skipped documents", len(summary.skipped)),
    ):
        grid.add_row(name, f"{count:,}")
    console.print(grid)
    if summary.cached:
        print(f"{summary.cached:,} of {summary.documents:,} documents were in the cache")
    for skip in summary.skipped:
        print(plain(f"skipped {skip.path}: {skip.reason}"))
    for note in summary.notes:
        print(plain(f"note {note}"))
    for path in built.written:
        print(plain(f"wrote {path}"))
    if built.written and console.is_terminal:
        graph = plain(shlex.quote(str(built.written[0])))
        print(f"\nnow: kg query {graph} timeline\n     kg disputes {graph}")
        print(plain(f"     open {built.written[0].with_suffix('.html')} in a browser"))


def show_cache(state: State, *, cleared: bool = False) -> None:
    """Prints what a cache holds, or held before it was cleared."""
    if cleared:
        print(plain(f"removed {state.entries:,} records, {state.on_disk:,} bytes, from {state.path}"))
        return
    console = _console()
    grid = Table(box=box.SIMPLE if console.is_terminal else box.ASCII2, show_header=False, pad_edge=False)
    grid.add_column()
    grid.add_column(justify="right")
    for name, count in (
        ("records", state.entries),
        ("bytes of records", state.bytes),
        ("bytes on disk", state.on_disk),
        ("builds", state.runs),
        ("found by the last build", state.last_hits),
        ("not found by the last build", state.last_misses),
        ("found by all builds", state.hits),
        ("not found by all builds", state.misses),
    ):
        grid.add_row(name, f"{count:,}")
    print(plain(f"{state.path}"))
    console.print(grid)


def show_checks(checks: Sequence[Check]) -> None:
    """Prints what `kg doctor` found, and what to do where something is not as it should be."""
    console = _console()
    grid = Table(box=box.SIMPLE if console.is_terminal else box.ASCII2, show_header=False, pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    colour = {"ok": "green", "missing": "bold red", "optional": "yellow"}
    for check in checks:
        found = check.found + (f"; {check.advice}" if check.advice else "")
        grid.add_row(Text(check.name), Text(check.state, style=colour[check.state]), Text(plain(found)))
    console.print(grid)
    missing = [check.name for check in checks if check.state == "missing"]
    print(f"missing: {', '.join(missing)}" if missing else "everything that kg needs is there")


def _console(*, stderr: bool = False) -> Console:
    """A console; a pipe, which tells no width, gets that of a page."""
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    width = None if terminal or "COLUMNS" in os.environ else PAGE
    return Console(stderr=stderr, highlight=False, width=width)


def _record(header: tuple[str, ...], row: tuple[str, ...], width: int) -> str:
    """Name and value below each other, long values hanging; what is empty is left out."""
    hang = max(map(len, header)) + 2
    room = max(width, hang + READABLE)
    lines = [
        textwrap.fill(value, room, initial_indent=f"{name:<{hang}}", subsequent_indent=" " * hang)
        for name, value in zip(header, row, strict=True)
        if value
    ]
    return "\n".join(lines)


def show_stats(stats: Stats) -> None:
    """Prints a graph in numbers: counts, then one list below the other."""
    console = _console()
    lines = box.SIMPLE_HEAD if console.is_terminal else box.ASCII2

    def table_of(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        if not rows:
            return
        grid = Table(title=title, title_justify="left", box=lines, pad_edge=False)
        for number, name in enumerate(header):
            figure = all(row[number].replace(",", "").replace(".", "").isdigit() for row in rows)
            grid.add_column(name, justify="right" if figure else "left", overflow="fold")
        for row in rows:
            grid.add_row(*(Text(plain(cell)) for cell in row))
        console.print(grid)

    table_of("Counts", ("what", "number"), [(name, f"{count:,}") for name, count in stats.counts])
    table_of("Classes", ("class", "entities"), [(name, f"{count:,}") for name, count in stats.classes])
    table_of("Relations", ("relation", "facts"), [(name, f"{count:,}") for name, count in stats.relations])
    table_of("Connected parts", ("rank", "entities"), [(str(n), f"{s:,}") for n, s in enumerate(stats.components, 1)])
    for title, ranked in (("Most central (PageRank)", stats.central), ("Brokers (betweenness)", stats.brokers)):
        table_of(title, ("name", "class", "score"), [(r.name, r.type, f"{r.score:.4f}") for r in ranked])
    groups = [(f"{group.size:,}", ", ".join(group.names)) for group in stats.communities]
    table_of("Communities (Louvain)", ("size", "most central members"), groups)


def show_paths(ways: tuple[Way, ...]) -> None:
    """Prints paths: the names in a row, then each link with its sentences."""
    width = _console().width
    if not ways:
        print("no path")
        return
    for number, way in enumerate(ways, 1):
        print(f"{number}. {plain(' – '.join(way.names))}")
        for link in way.links:
            for step in link:
                print(plain(f"   {step.subject} {step.relation} {step.object}"))
                for quote, source in step.sentences:
                    text = plain(f'"{quote}"' + (f" ({source})" if source else ""))
                    print(textwrap.fill(text, max(width, 40), initial_indent=" " * 6, subsequent_indent=" " * 6))
    print("1 path" if len(ways) == 1 else f"{len(ways)} paths")
