"""The command `kg cache`: shows and clears what is kept of earlier builds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(cache)


def cache(
    folder: Annotated[
        Path | None, typer.Option("--cache", metavar="DIR", help="The folder of the cache, in place of the usual one.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove all that is kept.")] = False,
) -> None:
    """Shows the cache: what documents said in earlier builds, so that the next one extracts only what is new.

    It lies in $KG_CACHE, else in $XDG_CACHE_HOME/kg, else in ~/.cache/kg.  It may be removed at any time: a build
    without it gives the same bytes, only later.

    **Examples**

    - `kg cache`

    - `kg cache --clear`
    """
    from kg import cache as kept
    from kg.show import show_cache

    place = folder or kept.default_folder()
    if clear:
        show_cache(kept.clear(place), cleared=True)
    else:
        show_cache(kept.state(place))
