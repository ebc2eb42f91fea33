"""What an extraction depends on, as digests: the document, and the code, tables, model, ontology and libraries."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import platform
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from kg.errors import ModelError, OntologyError
from kg.ontology import files_of
from kg.types import Document

PACKAGE = Path(__file__).resolve().parent
CODE = frozenset({".py", ".tsv", ".txt", ".npz", ".onnx"})
"""Suffixes of the package's files that an extraction may depend on: modules, tables, word lists, weights."""
LIBRARIES = ("spacy", "thinc", "numpy", "onnxruntime", "dateparser", "anyascii", "rapidfuzz")
"""Packages whose other version may extract something else."""


def fingerprint(model: str, ontology_files: Iterable[Path]) -> str:
    """A digest of all that an extraction depends on beside its document.

    Raises OntologyError for a file that cannot be read and ModelError for a model that is not there.
    """
    parts = [_code(), *_ontology(ontology_files), *_model(model), platform.python_version(), platform.machine()]
    for library in LIBRARIES:
        parts.append(f"{library} {metadata.version(library)}")
    return _digest(part.encode() for part in parts).hex()


def key_of(document: Document, fingerprint: str) -> bytes:
    """The key under which a document's extraction is kept: 32 bytes.

    All of the document but its id and its path, which reach no extraction.
    """
    blocks = ";".join(f"{block.begin}-{block.end}{block.kind[0]}" for block in document.blocks)
    known = (document.title, document.date and document.date.isoformat(), document.url, document.publisher)
    return _digest(
        part.encode("utf-8", "surrogatepass") for part in (fingerprint, document.text, blocks, *map(repr, known))
    )


@functools.lru_cache(maxsize=1)
def _code() -> str:
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in CODE and "__pycache__" not in path.parts)
    return _contents((path, path.relative_to(PACKAGE).as_posix()) for path in files)


def _ontology(extra: Iterable[Path]) -> Iterator[str]:
    try:
        yield _contents((path, "") for path in files_of(extra=tuple(extra)))
    except OSError as error:
        raise OntologyError(f"{error.filename}: cannot be read ({error.strerror}).") from error


def _model(name: str) -> Iterator[str]:
    """The model's own description, and name, size and time of each of its files: a model may be trained anew under its
    old name and version."""
    folder = Path(name)
    if not folder.is_dir():
        try:
            found = importlib.util.find_spec(name)
        except (ImportError, ValueError):
            found = None
        if found is None or found.origin is None:
            raise ModelError(f"The spaCy pipeline '{name}' is not installed.")
        folder = Path(found.origin).parent
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        if path.name == "meta.json":
            yield path.read_text(encoding="utf-8")
        stat = path.stat()
        yield f"{path.relative_to(folder).as_posix()} {stat.st_size} {stat.st_mtime_ns}"


def _contents(files: Iterable[tuple[Path, str]]) -> str:
    return _digest(part for path, name in files for part in (os.fsencode(name), path.read_bytes())).hex()


def _digest(parts: Iterable[bytes]) -> bytes:
    """SHA-256 over the parts, each with its length before it, so that no two lists of parts give the same bytes."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.digest()
