"""Whatever the bytes are: they are read, skipped or refused in one line, and what comes out keeps the rules.

The rules stand in tests/support/hostile.py; benchmarks/fuzz.py looks for longer.
"""

# ruff: noqa: E501  # files of foreign formats are written as they are

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hostile import CHARACTERS, MARKUP, TARGETS, Target
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUICK = settings(max_examples=40, deadline=10_000, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SLOW = settings(QUICK, max_examples=15)

NAMES = ("Anna Berg", "Bo Dahl", "Northland", "the Elm Institute", "She", "Mr. Dahl", "Elvik", "U.S.", "the minister")
VERBS = ("met", "did not meet", "said that", "will visit", "attacked", "was appointed by", "denied", ",", "and", "of")
ENDS = (".", '."', "?", "\n", "\n\n", " ", ", who", ": “", "” ", " on Monday, April 3, 2023", " (born 1970)")

odd = st.sampled_from((*CHARACTERS, *MARKUP))
texts = st.lists(st.one_of(st.sampled_from((*NAMES, *VERBS, *ENDS)), odd, st.text(max_size=12)), max_size=40).map(
    " ".join
)
"""Something like news, with what does not belong there."""

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


def _run(target: Target, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target(data, Path(folder))


@pytest.mark.parametrize("name", ["text", "html", "unnamed", "lines", "pdf", "sidecar", "record", "ledger", "feed"])
@QUICK
@given(data=st.one_of(st.binary(max_size=400), texts.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes(name: str, data: bytes) -> None:
    _run(TARGETS[name], data)


@pytest.mark.parametrize(
    "name", ["turtle", "ntriples", "trig", "nquads", "jsonld", "rdfxml", "gzip", "corrections", "graph"]
)
@QUICK
@given(data=st.binary(max_size=200), where=st.integers(0, 200))
def test_a_file_with_bytes_put_into_it(name: str, data: bytes, where: int) -> None:
    good = {
        "jsonld": b'{"@context": {"n": "http://x.example/n"}, "@id": "urn:x:a", "n": ["b", {"@value": "c", "@language": "en"}]}',
        "rdfxml": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:k="urn:k:"><k:A rdf:about="urn:x:a"><k:b>c'
        b"</k:b></k:A></rdf:RDF>",
        "corrections": b'[[merge]]\nnames = ["A", { name = "B", type = "Person" }]\n[[rename]]\nname = "A"\nto = "C"\n',
    }.get(name, b'<urn:x:a> <http://www.w3.org/2000/01/rdf-schema#label> "A"@en .\n<urn:x:a> <urn:x:b> <urn:x:c> .\n')
    _run(TARGETS[name], good[:where] + data + good[where:])


@pytest.mark.parametrize("name", ["lines", "sidecar", "ledger", "jsonld"])
@QUICK
@given(value=st.dictionaries(st.sampled_from(("id", "text", "title", "date", "url", "publisher", "@id", "@context", "entities",
                                             "format")), values))  # fmt: skip
def test_json_of_any_shape(name: str, value: dict[str, object]) -> None:
    _run(TARGETS[name], json.dumps(value).encode())


@SLOW
@given(text=texts)
def test_any_text_is_extracted_and_comes_back_from_the_cache(text: str) -> None:
    _run(TARGETS["extraction"], text.encode("utf-8", "replace"))


@SLOW
@given(text=texts)
def test_any_text_becomes_a_graph_that_comes_back_and_a_page_that_runs_nothing(text: str) -> None:
    _run(TARGETS["build"], text.encode("utf-8", "replace"))


@SLOW
@given(
    text=st.one_of(texts, st.text(max_size=40)),
    form=st.sampled_from(("%s", "SELECT * { %s }", 'ASK { ?s ?p "%s" }', "positions-of %s")),
)
def test_any_query_is_answered_or_refused(text: str, form: str) -> None:
    _run(TARGETS["query"], form.replace("%s", text).encode("utf-8", "replace"))
