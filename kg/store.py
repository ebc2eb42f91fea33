"""A graph file as an Oxigraph store: in memory, or in a folder on disk that opens at once."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import GraphError, OutputError
from kg.terms import PREFIXES

ABOUT = "kg-store.json"
"""The file in a store's folder that tells of which file it was made, and the prefixes of that file."""
_LAYOUT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStore:
    """A graph that can be asked: held in `memory`, or in a `folder` that each process opens for itself."""

    prefixes: Mapping[str, str]
    memory: ox.Store | None = None
    folder: Path | None = None

    def open(self) -> ox.Store:
        """The store, to be read only.  Raises GraphError when the folder is no store any more."""
        if self.memory is not None:
            return self.memory
        try:
            return ox.Store.read_only(str(self.folder))
        except (OSError, ValueError, RuntimeError) as error:
            raise GraphError(f"{self.folder}: cannot be opened as a store ({error}).") from error


def in_memory(path: Path) -> GraphStore:
    """A graph file (Turtle, or N-Triples by the ending .nt) in memory.  Raises GraphError with file, line, column."""
    kind = _kind(path)
    store = ox.Store()
    try:
        content = path.read_bytes()
        store.bulk_load(content, format=kind)
        prefixes = _prefixes(content[:_HEAD], kind)
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror}).") from error
    except (SyntaxError, ValueError) as error:
        raise GraphError(f"{path}: is not valid {kind.name} ({error}).") from error
    return GraphStore(prefixes=prefixes, memory=store)


def on_disk(path: Path, folder: Path) -> GraphStore:
    """The store of a graph file in a folder, which is made when it is missing and made anew when the file has
    changed since.

    Raises GraphError for the graph file and for a folder that holds something else, OutputError when it cannot be
    written.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise GraphError(f"{path}: cannot be read ({error.strerror}).") from error
    made_of = {"layout": _LAYOUT, "bytes": state.st_size, "modified": state.st_mtime_ns}
    about = _about(folder)
    if about is None or {key: about.get(key) for key in made_of} != made_of:
        if about is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise GraphError(f"{folder}: is no store of a graph, and is left as it is; name another folder.")
        about = _make(path, folder, made_of)
    prefixes = about["prefixes"]
    return GraphStore(prefixes=dict(prefixes) if isinstance(prefixes, dict) else {}, folder=folder)


def _about(folder: Path) -> dict[str, object] | None:
    try:
        found = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "layout" in found and "prefixes" in found else None


def _make(path: Path, folder: Path, made_of: Mapping[str, int]) -> dict[str, object]:
    """Makes the store beside its place and moves it there whole: nobody opens half a store."""
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    former = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    kind = _kind(path)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        store = ox.Store(str(unfinished))
        try:
            store.bulk_load(path=str(path), format=kind)
        except (SyntaxError, ValueError) as error:
            raise GraphError(f"{path}: is not valid {kind.name} ({error}).") from error
        store.flush()
        store.optimize()
        del store
        with path.open("rb") as file:
            about: dict[str, object] = {**made_of, "prefixes": dict(_prefixes(file.read(_HEAD), kind))}
        (unfinished / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
        if folder.exists():
            folder.rename(former)
        unfinished.rename(folder)
    except OSError as error:
        if _about(folder) is None:  # else another process was quicker
            raise OutputError(f"{folder}: the store cannot be written ({error.strerror or error}).") from error
        about = _about(folder) or {}
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(former, ignore_errors=True)
            shutil.rmtree(unfinished, ignore_errors=True)
    return about


_HEAD = 1 << 16
"""Bytes at the beginning of a file in which its prefixes stand."""


def _prefixes(head: bytes, kind: ox.RdfFormat) -> dict[str, str]:
    """The prefixes that every query knows, and those of the file."""
    parser = ox.parse(head, format=kind)
    with contextlib.suppress(SyntaxError):  # the head may end in the middle of a triple
        next(parser, None)
    return {**PREFIXES, **parser.prefixes}


def _kind(path: Path) -> ox.RdfFormat:
    return ox.RdfFormat.N_TRIPLES if path.suffix == ".nt" else ox.RdfFormat.TURTLE
