"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from spacy.language import Language

from kg import nlp


@pytest.fixture(scope="session")
def pipeline() -> Language:
    """The default spaCy pipeline, loaded once."""
    return nlp.load()


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of the tests' own, also for the programs that they start: the user's is left alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def seeds_built(own_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build of seeds/: graph.ttl, graph.html, resolution.json; not to be written to."""
    from kg.cache import default_folder
    from kg.run import build

    folder = tmp_path_factory.mktemp("seeds") / "output"
    build([Path(__file__).resolve().parent.parent / "seeds"], out=folder, cache=default_folder())
    return folder
