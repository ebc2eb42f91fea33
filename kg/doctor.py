"""Whether everything that kg needs is there and works: Python, packages, model, ontology, store, cache, browser."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from kg.errors import KgError

State = Literal["ok", "missing", "optional"]
PACKAGES = ("spacy", "rdflib", "pyoxigraph", "pyshacl", "networkx", "pyvis", "trafilatura", "pypdf", "starlette")
"""Packages whose versions a report of a fault should name."""
EXTRAS = (
    ("pyarrow", "kg export --format parquet", "pip install 'kg[parquet]'"),
    ("pyspark", "kg build --engine spark", "pip install 'kg[spark]'"),
    ("matplotlib", "the plots of notebooks/05-networks.ipynb", "pip install matplotlib"),
)
"""Packages that one command or notebook wants, what it is, and how to get them."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox", "safari", "microsoft-edge")
_SENTENCE = "Anna Berg met Paul Stein in Oslo."


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: what was found, and where it is not as it should be, what to do.

    `state` is "ok", "missing" for what kg needs and does not have, "optional" for what it can do without.
    """

    name: str
    state: State
    found: str
    advice: str = ""


def examine(*, model: str | None = None, cache: str | Path | None = None) -> tuple[Check, ...]:
    """Everything that kg needs or can use, checked by using it; nothing is changed.

    >>> {check.state for check in kg.examine()} <= {"ok", "optional"}  # "missing" where kg cannot work
    True
    """
    return (
        _python(),
        *map(_package, PACKAGES),
        _tried("ontology", _ontology, "install kg again: the folder ontology/ belongs to it"),
        _tried("model", lambda: _model(model), "install what the line says, or kg again"),
        _tried("store", _store, "install kg again: pyoxigraph keeps the graphs"),
        _cache(cache),
        _browser(),
        *(_extra(*extra) for extra in EXTRAS),
    )


def _python() -> Check:
    # An older Python cannot even import this module, so what runs here is new enough.
    system = f"{platform.system()} {platform.machine()}"
    return Check(
        name="python", state="ok", found=f"{platform.python_implementation()} {platform.python_version()} on {system}"
    )


def _package(name: str) -> Check:
    try:
        return Check(name=name, state="ok", found=metadata.version(name))
    except metadata.PackageNotFoundError:
        return Check(
            name=name, state="missing", found="not installed", advice="install kg again: it brings its packages"
        )


def _extra(name: str, use: str, command: str) -> Check:
    try:
        return Check(name=name, state="ok", found=f"{metadata.version(name)}, for {use}")
    except metadata.PackageNotFoundError:
        return Check(name=name, state="optional", found="not installed", advice=f"for {use}: {command}")


def _tried(name: str, use: Callable[[], str], advice: str) -> Check:
    """The check of something by using it; whatever it raises is what was found."""
    try:
        return Check(name=name, state="ok", found=use())
    except KgError as error:
        return Check(name=name, state="missing", found=" ".join(str(error).split()), advice=advice)
    except Exception as error:  # noqa: BLE001  # a broken installation fails in ways of its own
        return Check(name=name, state="missing", found=f"{type(error).__name__}: {error}", advice=advice)


def _ontology() -> str:
    from kg.ontology import load

    known = load()
    words = sum(len(entry.words) for entry in known.entries)
    return f"{len(known.relations):,} relations, {words:,} words that say them"


def _model(name: str | None) -> str:
    from kg.ids import DEFAULT_MODEL
    from kg.nlp import load, parse_one
    from kg.read import document_of

    pipeline = load(name or DEFAULT_MODEL)
    tokens = parse_one(document_of(_SENTENCE), pipeline).tokens
    if not any(token.lemma == "meet" for token in tokens):
        raise KgError(f"{name or DEFAULT_MODEL} reads '{_SENTENCE}' without finding its verb.")
    return f"{pipeline.meta['lang']}_{pipeline.meta['name']} {pipeline.meta['version']}, reads a sentence"


def _store() -> str:
    import pyoxigraph as ox

    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        store = ox.Store(folder)
        store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")))
        if len(store) != 1:
            raise KgError("A triple that was put into a store is not there.")
        del store
    return f"Oxigraph {metadata.version('pyoxigraph')}, keeps graphs on disk"


def _cache(cache: str | Path | None) -> Check:
    from kg.cache import default_folder, state

    folder = Path(cache) if cache is not None else default_folder()
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if not (there.is_dir() and os.access(there, os.W_OK)):
        advice = "choose another with --cache or $KG_CACHE; kg works without one, only slower"
        return Check(name="cache", state="optional", found=f"{folder}: cannot be written", advice=advice)
    try:
        kept = state(folder)
    except KgError as error:
        return Check(name="cache", state="optional", found=str(error), advice="kg cache --clear begins a new one")
    return Check(name="cache", state="ok", found=f"{folder}: {kept.entries:,} documents, {kept.on_disk:,} bytes")


def _browser() -> Check:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        try:
            found = str(webbrowser.get().name)
        except (webbrowser.Error, AttributeError):
            advice = "open graph.html on any machine that has a browser; it needs nothing else"
            return Check(name="browser", state="optional", found="none found", advice=advice)
    return Check(name="browser", state="ok", found=f"{found}, to open graph.html")
