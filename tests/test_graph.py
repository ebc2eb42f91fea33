"""Extractions by hand -> the triples that VOCABULARY asks for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from stories import APRIL, MAY, TYPES, graph_of, said, sample, story, thing

from kg import ids
from kg.errors import GraphError
from kg.export import turtle
from kg.ontology import local_name
from kg.terms import kg
from kg.types import Position, TimeSpan, UnnamedSource, Value


def id_(local: str) -> URIRef:
    return URIRef(ids.BASE + local)


ANNA, BO, CARLA, ELVIK, NORTHLAND, ELM = map(
    id_, ("anna-berg", "bo-dahl", "carla-diaz", "elvik", "northland", "elm-institute")
)


def claims(graph: Graph) -> list[URIRef]:
    return sorted(graph.subjects(RDF.type, kg("Claim")))


def facts(graph: Graph) -> set[tuple[str, str, str]]:
    """Plain triples in local names."""
    told = set(graph.objects(None, RDF.predicate))
    return {
        (str(s).removeprefix(ids.BASE), local_name(str(p)), str(o).removeprefix(ids.BASE))
        for s, p, o in graph
        if p in told
    }


# ---------------------------------------------------------------- entities


def test_an_entity_has_class_label_other_names_and_outside_identifiers() -> None:
    graph = graph_of(
        story("Anna Berg"),
        also=[
            thing(
                "kyiv-town", "Place", "Kyiv Town", aliases=("Kyiv", "Kiev", "Kyiv Town"),
                same_as=("https://sws.geonames.example/703448/",),
            )
        ],
    )  # fmt: skip
    town = id_("kyiv-town")
    assert set(graph.predicate_objects(town)) == {
        (RDF.type, kg("Place")),
        (RDFS.label, Literal("Kyiv Town")),
        (SKOS.altLabel, Literal("Kyiv")),
        (SKOS.altLabel, Literal("Kiev")),
        (OWL.sameAs, URIRef("https://sws.geonames.example/703448/")),
    }
    assert (ANNA, RDFS.label, Literal("Anna Berg")) in graph, "a named entity without any claim is there too"


@pytest.mark.parametrize("name", ["claim-0123456789abcdef", "document-0123456789abcdef", "relation-met-with"])
def test_an_entity_never_takes_an_iri_that_the_graph_gives_itself(name: str) -> None:
    graph = graph_of(story("Anna Berg"), also=[thing(name, "Work", name)])
    assert (id_(name), None, None) not in graph
    assert (id_(f"entity-{name}"), RDF.type, kg("Work")) in graph


# ---------------------------------------------------------------- what stands as fact

BOTH = {("anna-berg", "met", "bo-dahl"), ("bo-dahl", "met", "anna-berg")}


@pytest.mark.parametrize(
    ("stance", "modality", "stands"),
    [
        ("asserts", "actual", True),
        ("asserts", "planned", False),
        ("asserts", "possible", False),
        ("denies", "actual", False),
        ("denies", "planned", False),
        ("denies", "possible", False),
    ],
)
def test_only_what_a_claim_asserts_as_actual_is_a_plain_triple(stance: str, modality: str, stands: bool) -> None:
    told = said("Anna Berg", "met", "Bo Dahl", stance=stance, modality=modality)
    graph = graph_of(story("Anna Berg met Bo Dahl.", told))
    assert facts(graph) == (BOTH if stands else set())
    assert len(claims(graph)) == 1


def test_one_claim_that_asserts_it_is_enough() -> None:
    denial = story("Bo Dahl did not meet Anna Berg.", said("Bo Dahl", "met", "Anna Berg", stance="denies"), key="d2")
    report = story("Anna Berg met Bo Dahl.", said("Anna Berg", "met", "Bo Dahl", confidence=0.1, by=("Bo Dahl",)))
    assert facts(graph_of(denial, report)) == BOTH


def test_a_relation_with_a_direction_stands_one_way() -> None:
    graph = graph_of(story("Anna Berg leads the Elm Institute.", said("Anna Berg", "leads", "Elm Institute")))
    assert facts(graph) == {("anna-berg", "leads", "elm-institute")}


def test_claims_of_a_symmetric_fact_share_subject_and_object() -> None:
    one = story("Anna Berg met Bo Dahl.", said("Anna Berg", "met", "Bo Dahl"))
    other = story("Bo Dahl met Anna Berg.", said("Bo Dahl", "met", "Anna Berg"), key="d2")
    graph = graph_of(one, other)
    assert {(graph.value(c, RDF.subject), graph.value(c, RDF.object)) for c in claims(graph)} == {(ANNA, BO)}
    assert len(claims(graph)) == 2
    assert len(set(graph.objects(None, kg("event")))) == 1


# ---------------------------------------------------------------- claims


def test_a_claim_tells_everything_in_about_ten_triples() -> None:
    told = said(
        "Anna Berg", "met", "Bo Dahl", by=("Harbour Times", "Carla Diaz"), time=APRIL, place="Elvik", confidence=0.93,
        level="resolved",
    )  # fmt: skip
    text = "Anna Berg met Bo Dahl in Elvik in April, the Harbour Times and Carla Diaz said."
    graph = graph_of(story(text, told))
    (claim,) = claims(graph)
    event = graph.value(claim, kg("event"))
    evidence = graph.value(claim, kg("evidence"))
    assert set(graph.predicate_objects(claim)) == {
        (RDF.type, kg("Claim")),
        (RDF.subject, ANNA),
        (RDF.predicate, kg("met")),
        (RDF.object, BO),
        (kg("event"), event),
        (kg("stance"), kg("asserts")),
        (kg("modality"), kg("actual")),
        (kg("attributedTo"), id_("harbour-times")),
        (kg("attributedTo"), CARLA),
        (kg("confidence"), Literal("0.93", datatype=XSD.decimal)),
        (kg("evidence"), evidence),
        (kg("rule"), Literal("hand")),
        (kg("level"), kg("resolved")),
    }
    assert set(graph.predicate_objects(evidence)) == {
        (RDF.type, kg("Evidence")),
        (DCTERMS.source, graph.value(None, RDF.type, kg("Document"))),
        (kg("begin"), Literal(0)),
        (kg("end"), Literal(len(text))),
        (kg("quote"), Literal(text)),
    }
    assert set(graph.predicate_objects(event)) == {
        (RDF.type, kg("Meeting")),
        (kg("participant"), ANNA),
        (kg("participant"), BO),
        (kg("place"), ELVIK),
        (kg("startDate"), Literal("2023-04-01", datatype=XSD.date)),
        (kg("endDate"), Literal("2023-04-30", datatype=XSD.date)),
        (kg("timeText"), Literal("in April")),
        (kg("assertedBy"), id_("harbour-times")),
        (kg("assertedBy"), CARLA),
        (kg("status"), kg("corroborated")),
        (kg("origins"), Literal(2)),
    }


def test_who_says_so_without_a_name_is_described_and_counted() -> None:
    text = "Anna Berg met Bo Dahl and Carla Diaz, two officials said."
    officials = UnnamedSource(begin=38, end=51, text="two officials", count=2)
    one, other = (said("Anna Berg", "met", name, unnamed_sources=(officials,)) for name in ("Bo Dahl", "Carla Diaz"))
    graph = graph_of(story(text, one, other))
    (source,) = graph.subjects(RDF.type, kg("UnnamedSource"))
    assert set(graph.predicate_objects(source)) == {
        (RDF.type, kg("UnnamedSource")), (RDFS.label, Literal("two officials")), (kg("count"), Literal(2)),
    }  # fmt: skip
    assert set(graph.subjects(kg("unnamedSource"), source)) == set(claims(graph))


def test_a_state_has_no_event() -> None:
    graph = graph_of(story("Anna Berg leads the Elm Institute.", said("Anna Berg", "leads", "Elm Institute")))
    assert not list(graph.triples((None, kg("event"), None)))


def test_claims_without_two_named_entities_are_left_out() -> None:
    text = "Anna Berg met Bo Dahl. She met him."
    told = story(
        text,
        said("she", "met", "Bo Dahl"),
        said("Anna Berg", "met", "she"),
        said("Anna Berg", "met", "Bo Dahl"),
        nameless=["she"],
    )
    assert len(claims(graph_of(told))) == 1


def test_a_claim_about_one_entity_twice_is_left_out() -> None:
    told = story("Anna Berg met Anna Berg.", said("Anna Berg", "met", "Anna Berg"))
    graph = graph_of(told)
    assert not claims(graph)
    assert not facts(graph)
    assert not list(graph.subjects(RDF.type, kg("Evidence"))), "no evidence is left behind"


def test_two_rules_that_see_one_mention_make_one_claim() -> None:
    told = story(
        "Anna Berg met Bo Dahl.",
        said("Anna Berg", "met", "Bo Dahl", confidence=0.6, rule="noun", by=("Bo Dahl",)),
        said("Bo Dahl", "met", "Anna Berg", confidence=0.8, rule="verb"),
        said("Anna Berg", "met", "Bo Dahl", confidence=0.8, rule="verb", derived_from=(0,), level="inferred"),
    )
    graph = graph_of(told)
    (claim,) = claims(graph)
    assert graph.value(claim, kg("rule")) == Literal("verb")
    assert graph.value(claim, kg("confidence")) == Literal("0.8", datatype=XSD.decimal)
    assert graph.value(claim, kg("attributedTo")) == BO
    assert graph.value(claim, kg("derivedFrom")) is None, "what one rule sees directly is not derived"
    assert graph.value(claim, kg("level")) is None


def test_mentions_in_two_sentences_and_two_modalities_stay_apart() -> None:
    told = story(
        "Anna Berg met Bo Dahl. Yes, Anna Berg met Bo Dahl, and will meet him again.",
        said("Anna Berg", "met", "Bo Dahl"),
        said("Anna Berg", "met", "Bo Dahl", evidence=(23, 75)),
        said("Anna Berg", "met", "Bo Dahl", evidence=(23, 75), modality="planned"),
    )
    assert len(claims(graph_of(told))) == 3


def test_derived_claims_name_what_they_follow_from() -> None:
    told = story(
        "Carla Diaz is in the group. The group met Bo Dahl.",
        said("group", "met", "Bo Dahl"),
        said("Carla Diaz", "memberOf", "Elm Institute"),
        said("Carla Diaz", "met", "Bo Dahl", derived_from=(0, 1), level="inferred"),
        nameless=["group", "Elm Institute"],
        types=TYPES,
    )
    graph = graph_of(told)
    derived = [c for c in claims(graph) if graph.value(c, RDF.predicate) == kg("met")]
    (origin,) = (c for c in claims(graph) if graph.value(c, RDF.predicate) == kg("memberOf"))
    assert [list(graph.objects(c, kg("derivedFrom"))) for c in derived] == [[origin]], "a dropped claim is not named"
    assert graph.value(derived[0], kg("level")) == kg("inferred")


def test_an_open_claim_has_a_property_of_its_own() -> None:
    one = story("Anna Berg sat next to Bo Dahl.", said("Anna Berg", "sit", "Bo Dahl", label="sat next to"))
    odd = said("Anna Berg", "sit", "Carla Diaz", label="sat next-to")
    other = story("Anna Berg sat next-to Carla Diaz.", odd, key="d2")
    graph = graph_of(one, other)
    relation = id_("relation-sat-next-to")
    assert set(graph.predicate_objects(relation)) == {
        (RDF.type, RDF.Property),
        (RDFS.subPropertyOf, kg("relatedTo")),
        (RDFS.label, Literal("sat next to")),
        (SKOS.altLabel, Literal("sat next-to")),
    }
    assert set(graph.objects(None, RDF.predicate)) == {relation}
    assert (ANNA, relation, BO) in graph
    assert (BO, relation, ANNA) not in graph


def test_an_open_claim_labelled_like_a_relation_is_still_open() -> None:
    graph = graph_of(story("Anna Berg met Bo Dahl.", said("Anna Berg", "met", "Bo Dahl", label="met")))
    assert (ANNA, id_("relation-met"), BO) in graph
    assert not list(graph.triples((None, kg("met"), None)))
    assert not list(graph.triples((None, kg("event"), None)))


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("1975-03-02", Literal("1975-03-02", datatype=XSD.date)),
        ("1975", Literal("1975", datatype=XSD.gYear)),
        ("1975-03", Literal("1975", datatype=XSD.gYear)),
        ("0987", Literal("0987", datatype=XSD.gYear)),
    ],
)
def test_date_relations_have_literal_objects(value: str, literal: Literal) -> None:
    graph = graph_of(story("Anna Berg was born.", said("Anna Berg", "bornOn", Value(value=value))))
    found = graph.value(ANNA, kg("bornOn"))
    assert isinstance(found, Literal)
    assert (str(found), found.datatype) == (str(literal), literal.datatype)
    assert list(graph.objects(claims(graph)[0], RDF.object)) == [found]


# ---------------------------------------------------------------- positions, quotations, documents


def test_one_tenure_has_the_evidence_of_all_documents() -> None:
    graph = graph_of(*sample())
    (tenure,) = graph.subjects(RDF.type, kg("Tenure"))
    told = set(graph.predicate_objects(tenure))
    evidence = set(graph.objects(tenure, kg("evidence")))
    assert told == {
        (RDF.type, kg("Tenure")),
        (kg("holder"), ANNA),
        (kg("title"), Literal("President")),
        (kg("organization"), ELM),
        (kg("tense"), kg("current")),
        *((kg("evidence"), e) for e in evidence),
    }
    assert len(evidence) == 2
    assert all(graph.value(e, kg("quote")) is not None for e in evidence)


HEAD = ("Anna Berg", "president", "Elm Institute", "current")


@pytest.mark.parametrize(
    ("one", "other", "tenures"),
    [
        (HEAD, ("Anna Berg", "President", "Elm Institute", "current"), 1),
        (HEAD, ("Anna Berg", "president", "Elm Institute", "former"), 2),
        (HEAD, ("Anna Berg", "president", "Northland", "current"), 2),
        (HEAD, ("Anna Berg", "president", "Anna Berg", "current"), 2),
        (("Anna Berg", "president", None, "current"), ("Bo Dahl", "president", None, "current"), 2),
        (("Anna Berg", "president", None, "current"), ("Anna Berg", "envoy", None, "current"), 2),
        (HEAD, ("Anna Berg", "president", None, "current"), 1),
        (HEAD, ("Anna Berg", "president", None, "former"), 2),
        (HEAD, ("Bo Dahl", "president", None, "current"), 2),
        (("she", "president", None, "current"), ("Anna Berg", "envoy", None, "current"), 1),
    ],
)
def test_what_makes_a_tenure(one: tuple[str, ...], other: tuple[str, ...], tenures: int) -> None:
    text = "Anna Berg, president and President of the Elm Institute, envoy of Northland, saw Bo Dahl."
    graph = graph_of(story(text, positions=[one, other], nameless=["she"]))  # type: ignore[list-item]
    assert len(list(graph.subjects(RDF.type, kg("Tenure")))) == tenures


def test_a_title_alone_belongs_to_no_tenure_when_its_document_tells_two() -> None:
    text = "Anna Berg, president of the Elm Institute and president of Northland."
    bodies = ("Elm Institute", "Northland", None)
    graph = graph_of(story(text, positions=[("Anna Berg", "president", body, "current") for body in bodies]))
    assert len(list(graph.subjects(RDF.type, kg("Tenure")))) == 3


def test_a_tenure_has_dates_where_the_text_gives_them() -> None:
    told = story("Anna Berg is president.", positions=[("Anna Berg", "president", None, "former")])
    since, until = TimeSpan(text="since 2019", start=dt.date(2019, 1, 1)), MAY
    dated = dataclasses.replace(told.positions[0], since=since, until=until)
    graph = graph_of(dataclasses.replace(told, positions=(dated,)))
    (tenure,) = graph.subjects(RDF.type, kg("Tenure"))
    assert str(graph.value(tenure, kg("startDate"))) == "2019-01-01"
    assert str(graph.value(tenure, kg("endDate"))) == "2023-05-31"


def test_a_quotation_has_speaker_words_and_place_in_the_text() -> None:
    graph = graph_of(*sample())
    (quotation,) = graph.subjects(RDF.type, kg("Quotation"))
    evidence = graph.value(quotation, kg("evidence"))
    assert graph.value(quotation, kg("speaker")) == CARLA
    assert graph.value(quotation, kg("text")) == Literal("There were no talks at all,")
    assert graph.value(evidence, kg("quote")) == Literal("There were no talks at all,")


def test_a_quotation_of_nobody_known_is_kept() -> None:
    graph = graph_of(story('"We are fine," she said.', nameless=["she"], quotations=[("she", "We are fine,")]))
    (quotation,) = graph.subjects(RDF.type, kg("Quotation"))
    assert graph.value(quotation, kg("speaker")) is None


def test_a_document_has_what_is_known_of_it() -> None:
    graph = graph_of(*sample())
    assert set(graph.predicate_objects(id_("document-00000000000000a1"))) == {
        (RDF.type, kg("Document")),
        (DCTERMS.identifier, Literal("00000000000000a1")),
        (DCTERMS.identifier, Literal("https://morning.example/talks", datatype=XSD.anyURI)),
        (DCTERMS.title, Literal("Private talks")),
        (DCTERMS.issued, Literal("2023-06-01", datatype=XSD.date)),
        (DCTERMS.publisher, Literal("Morning Post")),
    }
    assert (id_("document-" + ids.digest("second")), DCTERMS.identifier, Literal("second")) in graph


# ---------------------------------------------------------------- the graph as a whole


def test_the_base_is_the_callers() -> None:
    graph = graph_of(*sample(), base="https://news.example/kb#")
    assert (URIRef("https://news.example/kb#anna-berg"), kg("met"), URIRef("https://news.example/kb#bo-dahl")) in graph
    assert ids.BASE.encode() not in turtle(graph)
    assert b"@prefix id: <https://news.example/kb#> ." in turtle(graph)


def test_the_graph_is_the_same_for_every_order() -> None:
    extractions = sample()
    outcomes = {turtle(graph_of(*order)) for order in itertools.permutations(extractions)}
    outcomes.add(turtle(graph_of(*extractions, *extractions)))
    for extraction in extractions:  # nothing in the sample is derived, so positions of claims mean nothing
        turned = dataclasses.replace(
            extraction,
            claims=extraction.claims[::-1],
            positions=extraction.positions[::-1],
            entities=extraction.entities[::-1],
        )
        outcomes.add(turtle(graph_of(*(turned if e is extraction else e for e in extractions))))
    assert len(outcomes) == 1


NAMES = ("Anna Berg", "Bo Dahl", "Carla Diaz")
CLAIMS = st.builds(
    lambda pair, predicate, stance, modality, time, place: said(
        *(pair[0], predicate, pair[1]), stance=stance, modality=modality, time=time, place=place, trigger="saw"
    ),
    st.permutations(NAMES).map(lambda names: names[:2]),
    st.sampled_from(["met", "accused"]),
    st.sampled_from(["asserts", "asserts", "denies"]),
    st.sampled_from(["actual", "actual", "planned"]),
    st.sampled_from([None, APRIL, MAY]),
    st.sampled_from([None, "Elvik", "Sandby"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CLAIMS, max_size=4), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_any_claims_in_any_order_give_the_same_graph(told: list[list], order) -> None:  # noqa: ANN001
    text = "Anna Berg, Bo Dahl and Carla Diaz saw Elvik and Sandby."
    stories = [
        story(text + " " * n, *claims, key=f"d{n}", date=dt.date(2023, 5, 5 + n)) for n, claims in enumerate(told)
    ]
    shuffled = [dataclasses.replace(s, claims=tuple(order.sample(s.claims, len(s.claims)))) for s in stories]
    order.shuffle(shuffled)
    assert turtle(graph_of(*stories)) == turtle(graph_of(*shuffled))


def test_more_documents_leave_claims_and_evidence_as_they_are() -> None:
    first, second, third = sample()
    alone, together = graph_of(first), graph_of(first, second, third)
    for kind in ("Claim", "Evidence", "Document"):
        assert set(alone.subjects(RDF.type, kg(kind))) < set(together.subjects(RDF.type, kg(kind)))


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (said("Anna Berg", "hugged", "Bo Dahl"), "no relation 'hugged'"),
        (said("Anna Berg", "met", "Bo Dahl", evidence=(0, 999)), "0-999 lies outside"),
        (said("Anna Berg", "met", "Bo Dahl", evidence=(5, 5)), "5-5 lies outside"),
        (said("Anna Berg", "bornOn", Value(value="last year")), "'last year' is neither"),
        (said("Anna Berg", "bornOn", Value(value="1975-02-30")), "'1975-02-30' is not a day"),
    ],
)
def test_what_cannot_be_right_is_an_error(told, message: str) -> None:  # noqa: ANN001
    with pytest.raises(GraphError, match=message):
        graph_of(story("Anna Berg met Bo Dahl.", told))


@pytest.mark.parametrize("base", ["", "news/", "https://news.example/kb", "//news.example/", "1a:/"])
def test_a_base_must_be_absolute_and_end_where_a_name_can_follow(base: str) -> None:
    with pytest.raises(GraphError, match="must be an absolute IRI that ends in"):
        graph_of(story("Anna Berg."), base=base)


def test_an_outside_identifier_must_be_an_iri() -> None:
    with pytest.raises(GraphError, match="'elvik-town' has 'Q42' as outside identifier"):
        graph_of(also=[thing("elvik-town", "Place", "Elvik Town", same_as=("Q42",))])


def test_two_texts_under_one_id_are_an_error() -> None:
    with pytest.raises(GraphError, match="another document with a different text has the id 'd1'"):
        graph_of(story("Anna Berg."), story("Bo Dahl."))


def test_positions_need_a_title() -> None:
    told = story("Anna Berg.")
    blank = Position(holder="e1", title="  ", organization=None, tense="current", evidence=(0, 4))
    assert not list(graph_of(dataclasses.replace(told, positions=(blank,))).subjects(RDF.type, kg("Tenure")))
