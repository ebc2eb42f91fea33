"""One error class a cause; the message names the file, span or IRI and says what to do."""

from __future__ import annotations


class KgError(Exception):
    """The work failed for a reason that the user can mend.  `str(error)` is one clear line."""


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
