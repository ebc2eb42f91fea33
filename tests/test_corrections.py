"""Corrections: what the file may say, what it changes, and what is refused with a clear line."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS
from stories import said, story
from typer.testing import CliRunner

from kg import cli, gazetteer
from kg.corrections import NONE, Corrections, load, near, parse
from kg.entities import Resolution, known_of
from kg.errors import CorrectionError, GraphError
from kg.export import turtle
from kg.graph import build_graph
from kg.ids import BASE, ONTOLOGY
from kg.ledger import FILE, KEPT, Explanation, explain, ledger_of, ledger_text
from kg.ontology import load as load_ontology
from kg.retractions import Settled, settle
from kg.shapes import validate
from kg.types import Claim, Document, EntityType, Extraction, LocalEntity, Value

TABLES = gazetteer.load()
SHORT: dict[str, EntityType] = {"P": "Person", "O": "Organization", "L": "Place", "W": "Work"}


def born(year: str) -> Claim:
    return Claim(
        subject="e1",
        predicate="bornOn",
        object=Value(value=year),
        subject_span=(0, 1),
        object_span=(0, 1),
        evidence=(0, 1),
    )


def document(name: str, *lines: str, birth: str | None = None) -> Extraction:
    """A document with "P: Ana Moss | Moss" as its entities e1, e2 ...; `birth` is when e1 was born."""
    entities = []
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(": ")
        names = rest.split(" | ")
        aliases = tuple(sorted(set(names)))
        entities.append(LocalEntity(id=f"e{number}", type=SHORT[kind], name=names[0], aliases=aliases))
    return Extraction(
        document=Document(id=name, text="", blocks=()),
        entities=tuple(entities),
        mentions=(),
        claims=(born(birth),) if birth else (),
        positions=(),
        quotations=(),
    )


def settled(text: str, *documents: Extraction, **known: object) -> Settled:
    return settle(documents, TABLES, corrections=parse(text), symmetric={"met"}, **known)  # type: ignore[arg-type]


def groups(found: Resolution) -> list[list[str]]:
    """The documents of each entity."""
    return sorted(sorted(document for document, _ in entity.members) for entity in found.entities)


def refused(text: str, *documents: Extraction) -> str:
    with pytest.raises(CorrectionError) as error:
        settled(text, *documents)
    assert "\n" not in str(error.value)
    return str(error.value)


MOSS = (document("d1", "P: Bill Moss"), document("d2", "P: William Moss"), document("d3", "P: Hilda Reed"))
BOTH_MOSS = [["d1", "d2"], ["d3"]]


# ---------------------------------------------------------------- the file


def test_all_kinds_are_read_in_their_order() -> None:
    found = parse(
        """
        [[merge]]
        names = ["Ana Moss", { name = "Ana Reed", type = "Person" }]
        reason = "married"

        [[never-merge]]
        names = ["id:bo-dahl", { name = "Bo Dahl", document = "d2" }]

        [[rename]]
        name = "Moss"
        to = "Ana  Moss"

        [[retype]]
        name = { iri = "https://kg.example/id/wagner" }
        type = "Organization"

        [[retract-claim]]
        subject = "A"
        predicate = "kg:met"
        object = "B"

        [[retract-claim]]
        claim = "id:claim-1"
        """
    )
    assert [(one.kind, len(one.names), one.reason) for one in found.groupings] == [
        ("merge", 2, "married"),
        ("never-merge", 2, ""),
    ]
    assert found.groupings[1].names[0].iri == "id:bo-dahl"
    assert found.renamings[0].to == "Ana Moss"
    assert found.retypings[0].to == "Organization"
    assert [(one.predicate, one.claim) for one in found.retractions] == [("met", ""), ("", "id:claim-1")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[merge]]\nnames = ["A" "B"]', "line 2, column 14"),
        ("[[merge", "corrections: "),
        ('[[mrege]]\nnames = ["A", "B"]', "Did you mean 'merge'"),
        ('[merge]\nnames = ["A", "B"]', "double brackets"),
        ('merge = ["A", "B"]', "must be a table"),
        ('[[merge]]\nnmaes = ["A", "B"]', "Did you mean 'names'"),
        ('[[merge]]\nreason = "x"', "'names' is missing"),
        ('[[merge]]\nnames = ["A"]', "two names or more"),
        ('[[merge]]\nnames = ["A", "A"]', "stands twice"),
        ('[[merge]]\nnames = ["A", 3]', "3 is no name"),
        ('[[merge]]\nnames = ["A", { type = "Person" }]', "either 'name' or 'iri'"),
        ('[[merge]]\nnames = ["A", { iri = "moss" }]', "is no IRI"),
        ('[[rename]]\nname = "A"\nto = " "', "not an empty one"),
        ('[[retype]]\nname = "A"\ntype = "Persn"', "Did you mean 'Person'"),
        ('[[retract-claim]]\nsubject = "A"', "needs 'claim', or"),
        ('[[retract-claim]]\nclaim = "id:c"\ndocument = "d"', "says all"),
        ('[[merge]]\nnames = ["A", "B"]\n[[merge]]\nnames = 1', "[[merge]] 2"),
    ],
)
def test_a_broken_file_is_one_line_that_says_where(text: str, words: str) -> None:
    with pytest.raises(CorrectionError) as error:
        parse(text)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_missing_or_no_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="cannot be read"):
        load(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorrectionError, match="UTF-8"):
        load(tmp_path / "bytes.toml")
    (tmp_path / "empty.toml").write_text("# nothing yet\n")
    assert load(tmp_path / "empty.toml") == NONE == Corrections()


def test_the_nearest_names_are_the_likest() -> None:
    assert near("Ana Mos", ["Ana Moss", "Bo Dahl", "Anna Moss"])[0] == "Ana Moss"
    assert near("zzz", ["Ana Moss"]) == ()


# ---------------------------------------------------------------- merge and never-merge


def test_merge_makes_one_of_names_that_contradict() -> None:
    found = settled('[[merge]]\nnames = ["Bill Moss", "Hilda Reed"]', *MOSS).resolution
    assert groups(found) == [["d1", "d2", "d3"]]
    assert sorted(found.entities[0].names) == ["Bill Moss", "Hilda Reed", "William Moss"]


def test_merge_reaches_bare_names_of_both() -> None:
    more = document("d4", "P: Reed")
    found = settled('[[merge]]\nnames = ["Bill Moss", "Hilda Reed"]', *MOSS, more).resolution
    assert groups(found) == [["d1", "d2", "d3", "d4"]]


def test_never_merge_parts_what_names_join() -> None:
    assert groups(settled("", *MOSS).resolution) == BOTH_MOSS
    found = settled('[[never-merge]]\nnames = ["Bill Moss", "William Moss"]', *MOSS).resolution
    assert groups(found) == [["d1"], ["d2"], ["d3"]]


def test_never_merge_holds_for_what_is_merged_with_either() -> None:
    text = '[[merge]]\nnames = ["Hilda Reed", "William Moss"]\n[[never-merge]]\nnames = ["Bill Moss", "Hilda Reed"]'
    assert groups(settled(text, *MOSS).resolution) == [["d1"], ["d2", "d3"]]


def test_namesakes_to_the_letter_are_parted_by_document() -> None:
    documents = [document(f"d{n}", "P: Ana Moss") for n in range(1, 5)]
    text = '[[never-merge]]\nnames = ["Ana Moss", { name = "Ana Moss", document = "d3" }]'
    found = settled(text, *documents).resolution
    assert groups(found) == [["d1", "d2", "d4"], ["d3"]]
    assert found.entities[0].id == "ana-moss"


def test_a_document_may_be_named_without_the_digest_of_its_id() -> None:
    documents = [document(f"{name}-0123456789abcdef", "P: Ana Moss") for name in ("one", "two", "three")]
    text = '[[never-merge]]\nnames = ["Ana Moss", { name = "Ana Moss", document = "two" }]'
    assert [len(group) for group in groups(settled(text, *documents).resolution)] == [2, 1]


def test_type_or_iri_tell_namesakes_apart() -> None:
    documents = (document("d1", "O: Jordan Lake"), document("d2", "P: Jordan Lake"), document("d3", "P: Jo Lakeman"))
    vague = refused('[[merge]]\nnames = ["Jordan Lake", "Jo Lakeman"]', *documents)
    assert "may be any of 2" in vague
    assert "id:jordan-lake (Person, document d2)" in vague
    for who in ('{ name = "Jordan Lake", type = "Person" }', '"id:jordan-lake"', '"https://kg.example/id/jordan-lake"'):
        found = settled(f'[[merge]]\nnames = [{who}, "Jo Lakeman"]', *documents).resolution
        assert groups(found) == [["d1"], ["d2", "d3"]]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_documents_changes_nothing(order: tuple[int, ...]) -> None:
    documents = (*MOSS, document("d4", "P: Moss"))
    text = (
        '[[merge]]\nnames = ["Hilda Reed", "William Moss"]\n[[never-merge]]\nnames = ["Bill Moss", "Hilda Reed"]\n'
        '[[rename]]\nname = "Bill Moss"\nto = "Billy Moss"'
    )
    assert settled(text, *(documents[n] for n in order)).resolution == settled(text, *documents).resolution


# ---------------------------------------------------------------- rename and retype


def test_rename_gives_label_and_iri_and_keeps_the_old_name() -> None:
    found = settled('[[rename]]\nname = "Bill Moss"\nto = "Sir William Moss"', *MOSS).resolution
    entity = next(entity for entity in found.entities if "Bill Moss" in entity.names)
    assert (entity.id, entity.label) == ("sir-william-moss", "Sir William Moss")
    assert entity.aliases == ("Bill Moss", "William Moss")


def test_a_new_name_may_be_used_by_other_corrections() -> None:
    text = '[[rename]]\nname = "Bill Moss"\nto = "The Baron"\n[[merge]]\nnames = ["The Baron", "Hilda Reed"]'
    found = settled(text, *MOSS).resolution
    assert [(entity.id, len(entity.members)) for entity in found.entities] == [("the-baron", 3)]


def test_renaming_to_the_name_of_another_does_not_merge() -> None:
    found = settled('[[rename]]\nname = "Hilda Reed"\nto = "William Moss"', *MOSS).resolution
    assert [(entity.id, entity.label) for entity in found.entities] == [
        ("william-moss", "William Moss"),
        ("william-moss-person", "William Moss"),
    ]


def test_retype_changes_the_class_and_what_it_is_compared_with() -> None:
    documents = (document("d1", "P: Marlow Group"), document("d2", "O: Marlow"), document("d3", "O: Marlow"))
    assert len(settled("", *documents).resolution.entities) == 2
    found = settled('[[retype]]\nname = "Marlow Group"\ntype = "Organization"', *documents).resolution
    assert [(entity.type, entity.label) for entity in found.entities] == [("Organization", "Marlow Group")]
    work = settled('[[retype]]\nname = "Hilda Reed"\ntype = "Work"', *MOSS).resolution
    assert {entity.label: entity.type for entity in work.entities}["Hilda Reed"] == "Work"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[merge]]\nnames = ["Bill Mos", "Hilda Reed"]', "nothing is called 'Bill Mos'. Did you mean 'Bill Moss'"),
        ('[[merge]]\nnames = ["id:william-mos", "Hilda Reed"]', "Did you mean id:william-moss"),
        ('[[merge]]\nnames = ["Bill Moss", { name = "Hilda Reed", type = "Place" }]', "no 'Hilda Reed' (Place)"),
        ('[[merge]]\nnames = ["Bill Moss", { name = "Hilda Reed", document = "d1" }]', "of document d1"),
        ('[[merge]]\nnames = ["Bill Moss", "Hilda Reed"]\n[[never-merge]]\nnames = ["Hilda Reed", "Bill Moss"]',
         "are joined by [[merge]] 1"),
        ('[[merge]]\nnames = ["Bill Moss", "Hilda Reed"]\n[[merge]]\nnames = ["Hilda Reed", "William Moss"]\n\
[[never-merge]]\nnames = ["William Moss", "Bill Moss"]', "are joined by"),
        ('[[rename]]\nname = "Bill Moss"\nto = "X"\n[[rename]]\nname = "William Moss"\nto = "Y"', "[[rename]] 2"),
        ('[[rename]]\nname = "Bill Moss"\nto = "X"\n[[rename]]\nname = "Hilda Reed"\nto = "Y"\n\
[[merge]]\nnames = ["Bill Moss", "Hilda Reed"]', "drop one"),
        ('[[retype]]\nname = "Bill Moss"\ntype = "Work"\n[[retype]]\nname = "William Moss"\ntype = "Place"',
         "has the class Work from [[retype]] 1"),
        ('[[retract-claim]]\nsubject = "Bill Moss"\npredicate = "met"\nobject = "Hilda Reed"', "no claim says 'met'"),
        ('[[retract-claim]]\nclaim = "id:claim-1"', "no claim has the IRI"),
    ],
)  # fmt: skip
def test_unknown_names_and_contradictions_are_one_clear_line(text: str, words: str) -> None:
    assert words in refused(text, *MOSS)


def test_names_that_one_document_uses_for_one_cannot_be_kept_apart() -> None:
    documents = (document("d1", "P: Ana Moss | Ana Reed"), document("d2", "P: Ana Moss"))
    assert "document d1 itself" in refused('[[never-merge]]\nnames = ["Ana Moss", "Ana Reed"]', *documents[:1])


# ---------------------------------------------------------------- birth years


def test_contradicting_birth_years_part_namesakes() -> None:
    one, other = document("d1", "P: Ana Moss", birth="1952-03-01"), document("d2", "P: Ana Moss", birth="1981")
    found = settled("", one, other).resolution
    assert groups(found) == [["d1"], ["d2"]]
    assert any(link.reason == "born in 1952 and 1981" for link in found.links)
    assert len({entity.id for entity in found.entities}) == 2


@pytest.mark.parametrize("year", ["1952", "1953", "1951-12-31"])
def test_a_year_more_or_less_parts_nobody(year: str) -> None:
    documents = (document("d1", "P: Ana Moss", birth="1952"), document("d2", "P: Ana Moss", birth=year))
    assert groups(settled("", *documents).resolution) == [["d1", "d2"]]


def test_a_birth_year_in_common_supports_a_doubtful_spelling() -> None:
    without = (document("d1", "P: R. Haas"), document("d2", "P: Richard Haass"))
    assert groups(settled("", *without).resolution) == [["d1"], ["d2"]]
    both = (document("d1", "P: R. Haas", birth="1951"), document("d2", "P: Richard Haass", birth="1951"))
    found = settled("", *both).resolution
    assert groups(found) == [["d1", "d2"]]
    assert "both born in 1951" in found.links[0].reason


def test_a_birth_year_tells_whom_a_bare_surname_means() -> None:
    documents = (
        document("d1", "P: Ana Moss", birth="1952"),
        document("d2", "P: Ida Moss", birth="1981"),
        document("d3", "P: Moss", birth="1981"),
        document("d4", "P: Moss"),
    )
    assert groups(settled("", *documents).resolution) == [["d1"], ["d2", "d3"], ["d4"]]


def test_a_birth_year_that_is_denied_or_inferred_parts_nobody() -> None:
    plain, other = document("d1", "P: Ana Moss", birth="1952"), document("d2", "P: Ana Moss", birth="1981")
    for changed in ({"stance": "denies"}, {"level": "inferred"}, {"modality": "possible"}):
        claims = tuple(dataclasses.replace(claim, **changed) for claim in other.claims)  # type: ignore[arg-type]
        assert groups(settled("", plain, dataclasses.replace(other, claims=claims)).resolution) == [["d1", "d2"]]


# ---------------------------------------------------------------- ids that stay


def test_a_fuller_name_and_a_namesake_keep_the_iri() -> None:
    first = settled("", document("d5", "P: Marlow")).resolution
    more = (document("d5", "P: Marlow"), document("d1", "P: Ana Marlow"))
    second = settled("", *more, known=known_of(first)).resolution
    assert [(entity.id, entity.label) for entity in second.entities] == [("marlow", "Ana Marlow")]
    namesakes = (document("d5", "P: Ana Moss", birth="1952"), document("d1", "P: Ana Moss", birth="1981"))
    first = settled("", namesakes[0]).resolution
    second = settled("", *namesakes, known=known_of(first)).resolution
    assert (first.of["d5", "e1"], second.of["d5", "e1"]) == ("ana-moss", "ana-moss")
    assert second.of["d1", "e1"] != "ana-moss"


def test_of_two_known_ids_that_merge_one_stays_and_the_other_points_to_it() -> None:
    apart = (document("d1", "O: Green Lakes Trust"), document("d2", "O: GLTF"), document("d3", "O: GLTF"))
    first = settled("", *apart).resolution
    joining = document("d4", "O: Green Lakes Trust | GLTF")
    second = settled("", *apart, joining, known=known_of(first)).resolution
    assert [entity.id for entity in second.entities] == ["gltf"]
    assert [(known.id, known.by) for known in second.replaced] == [("green-lakes-trust", "gltf")]
    graph = build_graph(settle((*apart, joining), TABLES).extractions, second, load_ontology())
    old, new = URIRef(f"{BASE}green-lakes-trust"), URIRef(f"{BASE}gltf")
    assert (old, DCTERMS.isReplacedBy, new) in graph
    third = settled("", *apart, joining, known=known_of(second)).resolution
    assert (third.entities, third.replaced) == (second.entities, second.replaced)


def test_a_correction_that_parts_them_again_gives_each_its_iri_back() -> None:
    first = settled('[[never-merge]]\nnames = ["Bill Moss", "William Moss"]', *MOSS).resolution
    second = settled("", *MOSS, known=known_of(first)).resolution
    assert len(second.replaced) == 1
    text = '[[never-merge]]\nnames = ["id:bill-moss", "id:william-moss"]'
    third = settled(text, *MOSS, known=known_of(second)).resolution
    assert third.of == first.of
    assert third.replaced == ()


def test_a_rename_points_from_the_old_iri_to_the_new_and_back() -> None:
    first = settled("", *MOSS).resolution
    rename = '[[rename]]\nname = "Hilda Reed"\nto = "Hilda Marsh"'
    second = settled(rename, *MOSS, known=known_of(first)).resolution
    assert second.of["d3", "e1"] == "hilda-marsh"
    assert [(known.id, known.by) for known in second.replaced] == [("hilda-reed", "hilda-marsh")]
    for again in (
        rename,
        rename.replace("Hilda Reed", "id:hilda-reed"),
        rename.replace("Hilda Reed", "id:hilda-marsh"),
    ):
        third = settled(again, *MOSS, known=known_of(second)).resolution
        assert (third.of, third.replaced) == (second.of, second.replaced)


# ---------------------------------------------------------------- retract-claim

TALKS = (
    story("Anna Berg met Bo Dahl in Elvik.", said("Anna Berg", "met", "Bo Dahl", trigger="met"), key="d1"),
    story("Anna Berg met Bo Dahl. Carla Diaz met Bo Dahl.", said("Anna Berg", "met", "Bo Dahl", trigger="met"),
          said("Carla Diaz", "met", "Bo Dahl"), key="d2"),
)  # fmt: skip
MET = '[[retract-claim]]\nsubject = "Bo Dahl"\npredicate = "met"\nobject = "Anna Berg"\nreason = "a hoax"'


def graph_of(text: str, *extractions: Extraction) -> Graph:
    done = settled(text, *extractions)
    return build_graph(done.extractions, done.resolution, load_ontology())


def id_of(name: str) -> URIRef:
    return URIRef(BASE + name)


def test_a_retracted_fact_leaves_no_triple_and_no_event() -> None:
    met = URIRef(f"{ONTOLOGY}met")
    before, after = graph_of("", *TALKS), graph_of(MET, *TALKS)
    assert (id_of("anna-berg"), met, id_of("bo-dahl")) in before
    assert (id_of("anna-berg"), met, None) not in after
    assert (None, met, id_of("anna-berg")) not in after
    assert (id_of("carla-diaz"), met, id_of("bo-dahl")) in after
    assert len(set(before.subjects(RDF.type, URIRef(f"{ONTOLOGY}Meeting")))) == 2
    assert len(set(after.subjects(RDF.type, URIRef(f"{ONTOLOGY}Meeting")))) == 1
    assert validate(after).conforms


def test_in_one_document_the_others_still_say_it() -> None:
    after = graph_of(f'{MET}\ndocument = "d2"', *TALKS)
    assert (id_of("anna-berg"), URIRef(f"{ONTOLOGY}met"), id_of("bo-dahl")) in after
    assert len(set(after.subjects(RDF.type, URIRef(f"{ONTOLOGY}Claim")))) == 2


def test_a_claim_is_retracted_by_its_iri() -> None:
    before = graph_of("", *TALKS)
    for claim in sorted(before.subjects(RDF.type, URIRef(f"{ONTOLOGY}Claim"))):
        for iri in (str(claim), str(claim).replace(BASE, "id:")):
            after = graph_of(f'[[retract-claim]]\nclaim = "{iri}"', *TALKS)
            assert (claim, None, None) not in after
            assert len(set(after.subjects(RDF.type, URIRef(f"{ONTOLOGY}Claim")))) == 2


def test_what_derives_from_a_retracted_claim_alone_goes_too() -> None:
    base = story("Anna Berg speaks for Elm Institute.", said("Anna Berg", "speaksFor", "Elm Institute"), key="d1")
    derived = dataclasses.replace(base.claims[0], predicate="worksFor", level="inferred", derived_from=(0,))
    further = dataclasses.replace(base.claims[0], predicate="memberOf", level="inferred", derived_from=(1,))
    other = dataclasses.replace(base.claims[0], predicate="supports")
    again = dataclasses.replace(base.claims[0], predicate="praised", level="inferred", derived_from=(3,))
    extraction = dataclasses.replace(base, claims=(base.claims[0], derived, further, other, again))
    text = '[[retract-claim]]\nsubject = "Anna Berg"\npredicate = "speaksFor"\nobject = "Elm Institute"'
    (kept,) = settled(text, extraction).extractions
    assert [(claim.predicate, claim.derived_from) for claim in kept.claims] == [("supports", ()), ("praised", (0,))]


def test_a_position_goes_with_the_claim_that_says_the_same() -> None:
    told = story(
        "Anna Berg is president of Elm Institute.", said("Anna Berg", "leads", "Elm Institute"),
        positions=[("Anna Berg", "president", "Elm Institute", "current")], key="d1",
    )  # fmt: skip
    text = '[[retract-claim]]\nsubject = "Anna Berg"\npredicate = "leads"\nobject = "Elm Institute"'
    (kept,) = settled(text, told).extractions
    assert (told.positions != (), kept.claims, kept.positions) == (True, (), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MET.replace("Bo Dahl", "Bo Dal"), "Did you mean 'Bo Dahl'"),
        (MET.replace('"met"', '"meet"'), "Did you mean 'met'"),
        (MET.replace("Anna Berg", "Elvik"), "Said with met: Anna Berg"),
        (f'{MET}\ndocument = "d9"', "no claim is of a document 'd9'"),
    ],
)
def test_a_retraction_that_fits_nothing_says_what_is_near(text: str, words: str) -> None:
    assert words in refused(text, *TALKS)


# ---------------------------------------------------------------- explain


def left(folder: Path, found: Resolution) -> Path:
    """A graph file with the resolution beside it, as a build leaves them."""
    graph = folder / "graph.ttl"
    graph.write_text("")
    (folder / FILE).write_bytes(ledger_text(found))
    return graph


def only(found: tuple[Explanation, ...]) -> Explanation:
    (one,) = found
    return one


def test_the_file_beside_the_graph_gives_the_resolution_back(tmp_path: Path) -> None:
    text = '[[rename]]\nname = "Hilda Reed"\nto = "Hilda Marsh"\n[[merge]]\nnames = ["Bill Moss", "Hilda Reed"]'
    found = settled(text, *MOSS, known=known_of(settled("", *MOSS).resolution)).resolution
    assert ledger_of(left(tmp_path, found)) == found
    assert ledger_text(found) == ledger_text(ledger_of(tmp_path / FILE))
    json.loads(ledger_text(found))


def test_the_reasons_stand_in_sentences(tmp_path: Path) -> None:
    text = (
        '[[never-merge]]\nnames = ["Bill Moss", "Hilda Reed"]\nreason = "Sisters-in-law."\n'
        '[[rename]]\nname = "Bill Moss"\nto = "Lord Moss"\nreason = "peerage"'
    )
    graph = left(tmp_path, settled(text, *MOSS, document("d4", "P: Wilma Moss")).resolution)
    one = only(explain(graph, "bill moss"))
    assert (one.label, one.documents) == ("Lord Moss", ("d1", "d2"))
    assert one.joined[0] == "“Bill Moss” and “William Moss” are one: bill and william: one is short for the other."
    assert (
        "“Bill Moss” is kept apart from “Hilda Reed” (id:hilda-reed): a correction keeps them apart (Sisters-in-law)."
        in one.apart
    )
    assert any("first names" in sentence and "Wilma" in sentence for sentence in one.apart)
    assert one.corrected == ("“William Moss” is renamed “Lord Moss”: a correction says so (peerage).",)


def test_a_retraction_is_told_of_both_its_ends(tmp_path: Path) -> None:
    graph = left(tmp_path, settled(MET, *TALKS).resolution)
    for name in ("Anna Berg", "id:bo-dahl"):
        (sentence,) = only(explain(graph, name)).corrected
        assert sentence == "That “Anna Berg met Bo Dahl” (2 claims) is retracted: a correction says so (a hoax)."


def test_a_name_of_several_and_an_earlier_iri(tmp_path: Path) -> None:
    documents = (document("d1", "P: Ana Moss"), document("d2", "P: Ida Moss"), document("d3", "P: Moss"))
    graph = left(tmp_path, settled("", *documents).resolution)
    one = only(explain(graph, "Moss"))
    assert all("may be Ana Moss or Ida Moss" in sentence for sentence in one.apart)
    first = settled("", *MOSS).resolution
    rename = '[[rename]]\nname = "Hilda Reed"\nto = "Hilda Marsh"'
    graph = left(tmp_path, settled(rename, *MOSS, known=known_of(first)).resolution)
    assert only(explain(graph, "id:hilda-reed")).replaces == ("hilda-reed",)


def test_an_unknown_name_or_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    graph = left(tmp_path, settled("", *MOSS).resolution)
    for name in ("William Mos", "id:william-mos"):
        with pytest.raises(GraphError, match=r"Did you mean '?(id:)?[Ww]illiam.[Mm]oss"):
            explain(graph, name)
    (tmp_path / FILE).write_text('{"format": 1}')
    with pytest.raises(GraphError, match="is no resolution"):
        explain(graph, "Bill Moss")
    (tmp_path / FILE).unlink()
    with pytest.raises(GraphError, match="build it again"):
        explain(graph, "Bill Moss")
    with pytest.raises(GraphError, match="no such file"):
        explain(tmp_path / "none.ttl", "Bill Moss")


def test_of_many_namesakes_the_file_keeps_the_likest() -> None:
    first = [f"{a}{b}qv".title() for a in "abcdefgh" for b in "aeiou"]
    found = settled("", *(document(f"d{n}", f"P: {name} Moss") for n, name in enumerate(first))).resolution
    kept = json.loads(ledger_text(found))["links"]
    assert len(found.links) > len(first) * KEPT
    assert len(kept) <= len(first) * KEPT


# ---------------------------------------------------------------- the commands


@pytest.mark.parametrize(
    ("form", "words"),
    [("table", "  Joined"), ("markdown", "### Joined"), ("json", '"joined": [')],
)
def test_explain_is_written_in_three_forms(form: str, words: str, tmp_path: Path) -> None:
    graph = left(tmp_path, settled("", *MOSS).resolution)
    done = CliRunner().invoke(cli.app, ["explain", str(graph), "William Moss", "--format", form])
    assert done.exit_code == 0, done.output
    assert words in done.stdout
    assert "short for" in done.stdout


def test_a_build_takes_corrections_and_keeps_ids(tmp_path: Path) -> None:
    import kg

    text = tmp_path / "one.txt"
    text.write_text("Ingrid Solberg met Bo Dahl in Oslo on Monday. Solberg praised Dahl.")
    fixes = tmp_path / "corrections.toml"
    fixes.write_text(
        '[[rename]]\nname = "Bo Dahl"\nto = "Bo Dahlgren"\n'
        '[[retract-claim]]\nsubject = "Ingrid Solberg"\npredicate = "praised"\nobject = "Bo Dahl"\n'
    )
    first = kg.build(text, out=tmp_path / "out")
    assert tmp_path / "out" / FILE in first.written
    second = kg.build(text, out=tmp_path / "out", corrections=fixes, keep_ids=tmp_path / "out" / "graph.ttl")
    assert (id_of("bo-dahl"), DCTERMS.isReplacedBy, id_of("bo-dahlgren")) in second.graph
    assert (None, URIRef(f"{ONTOLOGY}praised"), None) in first.graph
    assert (None, URIRef(f"{ONTOLOGY}praised"), None) not in second.graph
    assert validate(second.graph).conforms
    assert turtle(kg.build(text, corrections=load(fixes)).graph) == turtle(kg.build(text, corrections=str(fixes)).graph)
    assert only(kg.explain(tmp_path / "out" / "graph.ttl", "Bo Dahl")).label == "Bo Dahlgren"
    fixes.write_text('[[rename]]\nname = "Bo Dal"\nto = "X"\n')
    with pytest.raises(kg.KgError, match="Did you mean 'Bo Dahl'"):
        kg.build(text, corrections=fixes)
