"""The command `kg lexicon check`: whether files of one's own relations and words are sound, and what they find."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.lexicon_try import Coverage, Trial

SHOWN = 25
"""Verb phrases and silent entries that a table shows; JSON has all."""


class Action(enum.StrEnum):
    """What is done with a lexicon."""

    check = "check"


class Form(enum.StrEnum):
    """How the answer is written."""

    table = "table"
    json = "json"


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(lexicon)


def lexicon(
    action: Annotated[Action, typer.Argument(metavar="check", help="The only thing to do so far.", show_default=False)],
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Turtle with your relations and words; without any, kg's own."),
    ] = None,
    sentence: Annotated[
        str | None,
        typer.Option("--try", metavar="SENTENCE", help="Show which entries fire on it, and why others do not."),
    ] = None,
    corpus: Annotated[
        list[str] | None,
        typer.Option("--corpus", metavar="INPUT", help="Count over these texts what fires; may be repeated."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", "-f", help="How the answer is written.")] = Form.table,
) -> None:
    """Checks files of relations and words: faulty entries, entries that never fire, words with two senses.

    With --try it shows what the entries make of a sentence; with --corpus it counts how often each fires, which never
    do, and the verbs between two named entities that no entry covers.  The exit status is 1 where there are errors.

    **Examples**

    - `kg lexicon check league.ttl`

    - `kg lexicon check league.ttl --try 'Rovers signed Ann Lee from Harbour Town.'`

    - `kg lexicon check league.ttl --corpus articles/ --format json`
    """
    from kg import lexicon_check, lexicon_try

    del action  # there is but one
    known = tuple(files or ())
    if sentence is not None:
        trial = lexicon_try.try_sentence(sentence, known)
        print(lexicon_try.json_of(trial)) if form is Form.json else _show_trial(trial)
        return
    if corpus:
        counted = lexicon_try.coverage(corpus, known)
        print(lexicon_try.json_of(counted)) if form is Form.json else _show_coverage(counted)
        return
    found = lexicon_check.check(known)
    errors = sum(one.severity == "error" for one in found)
    if form is Form.json:
        print(lexicon_check.json_of(found))
    else:
        if found:
            _table(lexicon_check.COLUMNS, lexicon_check.rows_of(found))
        print(f"{_count(errors, 'error')}, {_count(len(found) - errors, 'warning')}.")
    if errors:
        raise typer.Exit(1)


def _show_trial(trial: Trial) -> None:
    _table(("word", "lemma", "class", "stands as", "under"), trial.tokens)
    _table(("", "word", "entry", "what it says or lacks"),
           [("fires" if one.fires else "", one.word, one.entry, one.detail) for one in trial.attempts])  # fmt: skip
    _table(("claim", "rule"), trial.claims)


def _show_coverage(counted: Coverage) -> None:
    _table(("entry", "fired"), [(name, f"{number:,}") for name, number in counted.fired])
    if counted.uncovered:
        rows = [(label, f"{number:,}", shown) for label, number, shown in counted.uncovered[:SHOWN]]
        _table(("no entry covers", "times", "for instance"), rows)
    silent = _count(len(counted.never), "entry", "entries")
    names = ", ".join(counted.never[:SHOWN]) + (", ..." if len(counted.never) > SHOWN else "")
    print(f"{silent} never fired in {_count(counted.documents, 'document')}{': ' if names else ''}{names}.")


def _count(number: int, one: str, several: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from kg.query import Result, Term
    from kg.show import show_answer

    cells = tuple(tuple(Term(kind="literal", value=cell) for cell in row) for row in rows)
    show_answer(Result(form="select", variables=header, rows=cells, answer=None, prefixes=()))
