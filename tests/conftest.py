"""Fixtures that all tests share."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kg import nlp


@pytest.fixture(scope="session")
def pipeline() -> Language:
    """The default spaCy pipeline, loaded once."""
    return nlp.load()
