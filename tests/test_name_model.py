"""The learned types of names: rows of text, a name in it, and what a careful reader takes it for."""

from __future__ import annotations

import math

import pytest
from spacy.language import Language

from kg import gazetteer
from kg.name_context import Context, context_of
from kg.name_model import TABLE, chances_of, class_scores, longer_names, signs_of
from kg.name_spans import find_spots
from kg.name_types import TYPES
from kg.name_words import load_words
from kg.names import find_names
from kg.nlp import parse_one
from kg.read import document_of
from kg.text_reader import read_text
from kg.types import EntityType


def _context(text: str, pipeline: Language) -> Context:
    parse = parse_one(document_of(text), pipeline)
    return context_of(parse, gazetteer.load(), load_words(), read_text(parse))


def scores_of(text: str, name: str, pipeline: Language) -> dict[EntityType, float]:
    context = _context(text, pipeline)
    spots = find_spots(context)
    places = [spot for spot in spots if context.text(spot.start, spot.stop) == name]
    assert places, [context.text(spot.start, spot.stop) for spot in spots]
    return class_scores(signs_of(context, places, longer_names(context, spots).get(name.casefold(), ())))


NAMES = [
    # persons: by the verb, the apposition, the age, the family, the office
    ("Oluwaseun Brakk, 43, was born in a fishing village.", "Oluwaseun Brakk", "Person"),
    ("Thandeka Morvay married a dentist and has two sons.", "Thandeka Morvay", "Person"),
    ("The verdict was read to Ilse Vandoorn, who wept.", "Ilse Vandoorn", "Person"),
    ("Mr. Quenby declined to answer.", "Quenby", "Person"),
    ("Her brother Tavish Orrell drove the lorry.", "Tavish Orrell", "Person"),
    ("Judge Marek Soltys adjourned the hearing.", "Marek Soltys", "Person"),
    ('"We had no choice," said Dorrit Hanselmann, the mayor.', "Dorrit Hanselmann", "Person"),
    ("Petra Lundqvist arrived. Lundqvist brought her lawyer.", "Lundqvist", "Person"),
    ("The novel was written by A. K. Ferreiro.", "A. K. Ferreiro", "Person"),
    ("Goalkeeper Mihai Grozav saved two penalties.", "Mihai Grozav", "Person"),
    # organisations: by the head word, the legal form, the verb, what belongs to them
    ("Kelvane Corp. reported lower profits.", "Kelvane Corp.", "Organization"),
    ("The Ostrava Dockers' Union called a strike.", "Ostrava Dockers' Union", "Organization"),
    ("He joined the Wexcombe Institute as a researcher.", "Wexcombe Institute", "Organization"),
    ("The Ministry of Fisheries denied it.", "Ministry of Fisheries", "Organization"),
    ("Brindle & Sons will close its mill.", "Brindle & Sons", "Organization"),
    ("The software company Zentrix laid off 200 workers.", "Zentrix", "Organization"),
    ("She studied at Aldermoor University.", "Aldermoor University", "Organization"),
    ("Hadley Motors agreed to buy Trellis Energy.", "Trellis Energy", "Organization"),
    ("Shares of Novarko fell by a tenth.", "Novarko", "Organization"),
    ("The Sandvik Broadcasting Authority fined the station.", "Sandvik Broadcasting Authority", "Organization"),
    ("Rovers beat Thornley United on penalties.", "Thornley United", "Organization"),
    # places: by the preposition, the head word, the apposition, what stands around them
    ("They live in Drumcarrow, a village near the border.", "Drumcarrow", "Place"),
    ("The ferry to Port Maresk was late.", "Port Maresk", "Place"),
    ("Floods cut the road between Velden and Ostheim.", "Ostheim", "Place"),
    ("He was born in Karsholm in 1951.", "Karsholm", "Place"),
    ("Rain fell on Mount Ternak for a week.", "Mount Ternak", "Place"),
    ("Two bodies were found near Lake Osterby.", "Lake Osterby", "Place"),
    ("The town of Kilbarra has one school.", "Kilbarra", "Place"),
    ("Troops crossed the Vashti River at night.", "Vashti River", "Place"),
    ("The firm has its headquarters in Tolmezza, Italy.", "Tolmezza", "Place"),
    ("A fire broke out in Ellery County.", "Ellery County", "Place"),
    # works: laws, treaties, books
    ("Parliament passed the Clean Rivers Act in June.", "Clean Rivers Act", "Work"),
    ("Both countries signed the Treaty of Ostheim.", "Treaty of Ostheim", "Work"),
    ("The president signed the Lisden Declaration.", "Lisden Declaration", "Work"),
    ('Her novel "The Glass Orchard" won a prize.', "The Glass Orchard", "Work"),
    # events
    ("Thousands danced at the Ostheim Film Festival.", "Ostheim Film Festival", "Event"),
    ("She won silver at the World Rowing Championships.", "World Rowing Championships", "Event"),
    ("Leaders will meet at the Arctic Summit in May.", "Arctic Summit", "Event"),
    # groups
    ("The Christians fled across the river.", "Christians", "Group"),
    ("They wanted the Democrats to vote no.", "Democrats", "Group"),
]


@pytest.mark.parametrize(("text", "name", "kind"), NAMES)
def test_type_of_a_name_in_its_context(text: str, name: str, kind: EntityType, pipeline: Language) -> None:
    scores = scores_of(text, name, pipeline)
    assert max(scores, key=lambda k: scores[k]) == kind, scores


def test_scores_are_logarithms_of_probabilities(pipeline: Language) -> None:
    scores = scores_of("Kelvane Corp. reported lower profits.", "Kelvane Corp.", pipeline)
    assert tuple(scores) == TYPES
    assert math.isclose(sum(math.exp(score) for score in scores.values()), 1.0, abs_tol=1e-3)


def test_unknown_signs_count_nothing() -> None:
    assert class_scores({"no such sign": 1.0}) == class_scores({})
    assert len(set(class_scores({}).values())) == 1


def test_context_moves_a_name_that_its_form_leaves_open(pipeline: Language) -> None:
    person = scores_of("Morvan said that he was tired.", "Morvan", pipeline)
    place = scores_of("They moved to a farm near Morvan.", "Morvan", pipeline)
    assert person["Person"] > place["Person"]
    assert place["Place"] > person["Place"]


def test_a_bare_surname_learns_from_the_full_name(pipeline: Language) -> None:
    context = _context("Petra Ulm came. Ulm left.", pipeline)
    spots = find_spots(context)
    assert longer_names(context, spots) == {"petra": ("Petra Ulm",), "ulm": ("Petra Ulm",)}
    alone, known = signs_of(context, spots[1:]), signs_of(context, spots[1:], ("Petra Ulm",))
    assert class_scores(known)["Person"] > class_scores(alone)["Person"]


LISTS = [
    ("Floods reached Nottoway, Floyd, Amelia, Lancaster and Bedford counties.", "Amelia", "Place"),
    ("He played with Petra Lund, Ivo Marsh, Bedford and Jana Kessler.", "Bedford", "Person"),
]


@pytest.mark.parametrize(("text", "name", "kind"), LISTS)
def test_names_of_one_list_agree(text: str, name: str, kind: EntityType, pipeline: Language) -> None:
    parse = parse_one(document_of(text), pipeline)
    names = find_names(parse, gazetteer.load(), read_text(parse))
    assert {m.text: m.type for m in names.mentions}[name] == kind


BORDERS = [
    ('He wrote: "We met Eva Lund in Graz" and left.', ["Eva Lund", "Graz"]),
    ('The book "A Walk to Remember" sold well.', ["A Walk to Remember"]),
    ("Ana Ruiz, Coastal Policy Council Director, spoke.", ["Ana Ruiz", "Coastal Policy Council"]),
    ("Two Senior Administration Officials flew to Geneva.", ["Geneva"]),
    ("She earned an M.A. and later a B.S. from Duke University in the spring.", ["Duke University"]),
]


@pytest.mark.parametrize(("text", "spans"), BORDERS)
def test_what_is_no_name_or_not_all_of_it(text: str, spans: list[str], pipeline: Language) -> None:
    context = _context(text, pipeline)
    assert [context.text(spot.start, spot.stop) for spot in find_spots(context)] == spans


def test_chances_add_up_to_one() -> None:
    chances = chances_of({"Person": 900.0, "Place": 899.0, "Work": -900.0})
    assert math.isclose(sum(chances.values()), 1.0)
    assert math.isclose(chances["Person"] / chances["Place"], math.e)


def test_table_has_a_weight_for_each_type_at_most() -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert len({row[0] for row in rows}) == len(rows) > 1000
    assert all(2 <= len(row) <= 1 + len(TYPES) for row in rows)
    assert TABLE.stat().st_size < 500_000
