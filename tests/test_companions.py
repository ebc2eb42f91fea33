"""Who goes along: a text, what a companion must share and what not."""

from __future__ import annotations

import pytest
from claims import words
from spacy.language import Language

from kg import gazetteer, ontology
from kg.extraction import extract
from kg.read import document_of

ROWS = (
    (
        "Prime Minister Ola Berg visited Kenya on Monday. He was accompanied by Siri Lund. He met Tor Viken.",
        ("Siri Lund visited Kenya",),
        ("Siri Lund met Tor Viken",),
    ),
    (
        "Ola Berg met Pavel Novak in Lisbon. Berg was joined by Siri Lund and Tor Viken.",
        ("Siri Lund met Pavel Novak", "Tor Viken met Pavel Novak"),
        ("Siri Lund met Ola Berg",),
    ),
    (
        "Ola Berg traveled to Peru and Chile. Members of the delegation included General Ruth Pell and Siri Lund.",
        ("Ruth Pell visited Peru", "Siri Lund visited Chile"),
        (),
    ),
    (
        "Ola Berg visited Kenya. He will be joined by Siri Lund.",
        ("Ola Berg visited Kenya",),
        ("Siri Lund visited Kenya",),
    ),
    ("Ola Berg visited Kenya. Siri Lund did not accompany him.", (), ("Siri Lund visited Kenya",)),
    (
        "Ola Berg visited Kenya. Siri Lund joined him in praising the vote.",
        ("Ola Berg visited Kenya",),
        ("Siri Lund visited Kenya",),
    ),
    (
        "Ola Berg visited Kenya. The Norwegian delegation included Siri Lund.",
        ("Ola Berg visited Kenya",),
        ("Siri Lund visited Kenya",),
    ),
    (
        "Ola Berg visited Kenya. Tor Viken visited Peru. The delegation included Siri Lund.",
        ("Ola Berg visited Kenya", "Tor Viken visited Peru"),
        ("Siri Lund visited Kenya", "Siri Lund visited Peru"),
    ),
    (
        "Ola Berg visited Kenya. The group was joined by Siri Lund.",
        ("Ola Berg visited Kenya",),
        ("Siri Lund visited Kenya",),
    ),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_companions(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    extraction = extract(document_of(text), pipeline, ontology.load(), gazetteer.load())
    found = {words(extraction, claim) for claim in extraction.claims}
    assert set(expected) <= found
    assert not set(forbidden) & found


def test_what_a_companion_shares_is_derived(pipeline: Language) -> None:
    text = "Ola Berg visited Kenya on Monday. He was accompanied by Siri Lund."
    extraction = extract(document_of(text), pipeline, ontology.load(), gazetteer.load())
    claim = next(c for c in extraction.claims if words(extraction, c) == "Siri Lund visited Kenya")
    source = extraction.claims[claim.derived_from[0]]
    assert words(extraction, source) == "Ola Berg visited Kenya"
    assert (claim.level, claim.trigger, claim.evidence) == ("inferred", source.trigger, source.evidence)
    assert claim.confidence < source.confidence
    assert text[slice(*claim.subject_span)] == "Siri Lund"
