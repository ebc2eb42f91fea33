"""The command `kg doctor`: whether everything that kg needs is there and works."""

from __future__ import annotations

import dataclasses
import enum
import json
from pathlib import Path
from typing import Annotated

import typer


class Form(enum.StrEnum):
    """How the checks are written."""

    table = "table"
    json = "json"


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(doctor)


def doctor(
    form: Annotated[Form, typer.Option("--format", "-f", help="How the checks are written.")] = Form.table,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="Check this spaCy pipeline.")] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", metavar="DIR", help="Check this folder of extractions.")
    ] = None,
) -> None:
    """Checks that everything that kg needs is there and works, and says what to do where it is not.

    Python, packages with their versions, the ontology, the model, the store, the cache and a browser are looked at.
    The exit status is 1 where something is missing that kg cannot do without.

    **Examples**

    - `kg doctor`

    - `kg doctor --format json > doctor.json`
    """
    from kg.doctor import examine
    from kg.show import show_checks

    checks = examine(model=model, cache=cache)
    if form is Form.json:
        print(json.dumps([dataclasses.asdict(check) for check in checks], ensure_ascii=False, indent=1))
    else:
        show_checks(checks)
    if any(check.state == "missing" for check in checks):
        raise typer.Exit(1)
