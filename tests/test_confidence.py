"""Confidence: what is known of a claim -> how often claims like it are right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from claims import read
from spacy.language import Language

from kg.confidence import HIGH, LOW, SCALE, calibrated, load_weights, signs
from kg.types import Claim

CLAIM = Claim(
    subject="e1", predicate="met", object="e2", subject_span=(0, 11), object_span=(16, 27), evidence=(0, 28),
    confidence=0.9, rule="met-meet-2:subj obj",
)  # fmt: skip


def test_the_signs_of_a_claim() -> None:
    far = replace(CLAIM, object_span=(60, 70), evidence=(0, 300), attributed_to=("e3",), level="resolved")
    assert dict(signs(far)).keys() == {
        "bias", "relation=met", "rule=subj obj",
        "level=resolved", "mode=actual", "stated", "attributed", "long",
        "apart>15", "apart>40",
    }  # fmt: skip
    denied = dict(signs(replace(CLAIM, stance="denies", rule="implied:speaksFor", derived_from=(0,))))
    assert {"mode=denied", "rule=implied", "derived"} <= denied.keys()
    assert "stated:pair-model" in dict(signs(replace(CLAIM, rule="pair-model")))
    assert {"read", "was-read"} <= dict(signs(CLAIM, 0.9)).keys()
    assert {"sides", "sides-read"} <= dict(signs(CLAIM, None, 0.9)).keys()


def test_weights_are_summed_in_steps_of_log_odds() -> None:
    assert calibrated(CLAIM, None, None, {}) == 0.5
    assert calibrated(CLAIM, None, None, {"bias": SCALE}) == 0.73
    assert calibrated(CLAIM, None, None, {"bias": SCALE, "relation=met": -2 * SCALE}) == 0.27
    assert calibrated(CLAIM, None, None, {"relation=killed": 9 * SCALE}) == 0.5


def test_nothing_is_certain() -> None:
    assert calibrated(CLAIM, None, None, {"bias": 100 * SCALE}) == HIGH
    assert calibrated(CLAIM, None, None, {"bias": -100 * SCALE}) == LOW


def test_an_open_claim_keeps_its_own() -> None:
    assert calibrated(replace(CLAIM, predicate="relation-brief", label="briefed", confidence=0.765)) in (0.76, 0.77)


@pytest.mark.parametrize(
    "doubtful",
    [
        replace(CLAIM, confidence=0.4),  # what the lexicon itself says
        replace(CLAIM, level="resolved"),
    ],
)
def test_what_makes_a_claim_less_sure(doubtful: Claim) -> None:
    assert calibrated(doubtful) < calibrated(CLAIM)


def test_a_relation_of_ones_own_needs_no_weight() -> None:
    own = replace(CLAIM, predicate="playsFor", rule="play:subj for")
    assert 0.5 < calibrated(own) < HIGH
    assert calibrated(replace(own, confidence=0.5)) < calibrated(own) - 0.1, "a user's kg:confidence shows"


def test_claims_of_a_text_are_calibrated(pipeline: Language) -> None:
    found = read(pipeline, "Maria Lopez met Pavel Novak. He praised her. Maria Lopez is chair of Acme Steel.").claims
    assert len(found) >= 3
    for claim in found:
        assert LOW <= claim.confidence <= HIGH
        assert round(claim.confidence, 2) == claim.confidence
    explicit, resolved = (next(c for c in found if c.predicate == name) for name in ("met", "praised"))
    assert resolved.confidence < explicit.confidence


def test_the_table_has_whole_steps_and_no_source_of_training() -> None:
    table = load_weights()
    assert {"bias", "stated", "level=resolved"} <= table.keys()
    assert not [sign for sign in table if sign.startswith("source=")]
    assert table["stated"] >= SCALE // 2
