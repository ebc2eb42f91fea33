"""One error class a cause; the message names the file, span or IRI and says what to do."""

from __future__ import annotations

import re

LONGEST = 1_200
"""Code points of the longest message: a parser may repeat all of its input."""
_GAPS = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029]\s*")


def one_line(message: str, *, longest: int = LONGEST) -> str:
    """The message on one line without control characters, its middle left out where it is too long."""
    line = _GAPS.sub(" ", message).strip()
    return line if len(line) <= longest else f"{line[: longest * 3 // 4]} ... {line[-longest // 5 :]}"


class KgError(Exception):
    """The work failed for a reason that the user can mend.  `str(error)` is one clear line."""

    def __init__(self, *parts: object) -> None:
        super().__init__(*(one_line(part) if isinstance(part, str) else part for part in parts))


class InputError(KgError):
    """A path, a file or a record cannot be read."""


class CorrectionError(KgError):
    """A file of corrections is broken, names what is not there, or contradicts itself."""


class OutputError(KgError):
    """An output cannot be written."""


class ModelError(KgError):
    """The spaCy pipeline is missing or unusable."""


class OntologyError(KgError):
    """A Turtle file of the ontology or lexicon is broken or inconsistent."""


class EngineError(KgError):
    """The engine that a build is to run on is missing, does not answer or gave up."""


class GraphError(KgError):
    """A graph file cannot be read or does not follow the vocabulary."""


class QueryError(KgError):
    """A SPARQL query is malformed or cannot be answered."""
