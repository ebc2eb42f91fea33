"""The loader of the ontology and the consistency of the lexicon."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from kg.errors import OntologyError
from kg.ontology import DEFAULT_FOLDER, Ontology, lemmas, load
from kg.types import Frame

STATES = (
    "leads memberOf worksFor speaksFor citizenOf livesIn bornIn basedIn locatedIn partOf owns relativeOf "
    "spouseOf childOf founded alliedWith supports opposes studiedAt"
).split()
EVENTS = (
    "met talkedWith visited participatedIn authored published criticized accused praised threatened warned "
    "urged attacked killed injured rescued arrested charged convicted sentenced sued sanctioned appointed "
    "replaced resignedFrom elected succeeded joined left acquired investedIn mergedWith paid soldTo supplied "
    "launched signedAgreementWith defeated competedWith won"
).split()
DATES = ("bornOn", "diedOn", "foundedOn")
SYMMETRIC = {
    "met", "talkedWith", "spouseOf", "relativeOf", "alliedWith", "mergedWith", "signedAgreementWith", "competedWith",
}  # fmt: skip
PREFIXES = """
@prefix kg: <https://kg.example/ontology#> .
@prefix lex: <https://kg.example/lexicon/en#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


LEXICON = 'lex:meet a kg:VerbEntry ; kg:says kg:met ; kg:word "meet" ; kg:frame "subj obj", "subj with" .'


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load()


def load_with(tmp_path: Path, turtle: str) -> Ontology:
    """The classes and relations of the project, one small lexicon, and this file."""
    folder = tmp_path / "ontology"
    folder.mkdir()
    shutil.copy(DEFAULT_FOLDER / "core.ttl", folder)
    (folder / "lexicon.ttl").write_text(PREFIXES + LEXICON, encoding="utf-8")
    extra = tmp_path / "extra.ttl"
    extra.write_text(PREFIXES + turtle, encoding="utf-8")
    return load(folder, extra=[extra])


# ---------------------------------------------------------------- relations and classes


def test_relations_are_those_of_the_vocabulary(ontology: Ontology) -> None:
    assert sorted(ontology.relations) == sorted([*STATES, *EVENTS, *DATES])


def test_symmetric_relations(ontology: Ontology) -> None:
    assert {r.name for r in ontology.relations.values() if r.symmetric} == SYMMETRIC


def test_what_happens_has_an_event_class_and_what_lasts_has_none(ontology: Ontology) -> None:
    for name in EVENTS:
        event = ontology.relations[name].event
        assert event is not None, name
        assert "Event" in ontology.classes[event], name
    assert [name for name in (*STATES, *DATES) if ontology.relations[name].event is not None] == []


def test_date_relations_are_literal(ontology: Ontology) -> None:
    assert {r.name for r in ontology.relations.values() if r.literal} == set(DATES)


@pytest.mark.parametrize(
    ("relation", "subject", "object_", "fits"),
    [
        ("met", "Person", "Organization", True),
        ("visited", "Person", "Country", True),
        ("visited", "Person", "Person", False),
        ("attacked", "Country", "Place", True),
        ("attacked", "Work", "Place", False),
        ("spouseOf", "Person", "Person", True),
        ("spouseOf", "Person", "Organization", False),
        ("bornIn", "Person", "Country", True),
        ("bornIn", "Organization", "Place", False),
        ("won", "Person", "Event", True),
        ("authored", "Person", "Person", False),
        ("bornOn", "Person", "", True),
        ("foundedOn", "Person", "", False),
    ],
)
def test_domains_and_ranges(ontology: Ontology, relation: str, subject: str, object_: str, fits: bool) -> None:
    record = ontology.relations[relation]
    right_object = record.literal or object_ in record.range
    assert (subject in record.domain and right_object) is fits


def test_subclasses_are_written_out(ontology: Ontology) -> None:
    assert {"Place", "Country"} <= ontology.relations["visited"].range
    assert ontology.classes["Country"] >= {"Country", "Place"}
    assert ontology.classes["Arrest"] >= {"Arrest", "LegalAct", "Event"}


def test_records_are_frozen(ontology: Ontology) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ontology.structures = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        ontology.verbs["meet"] = ()  # type: ignore[index]


# ---------------------------------------------------------------- words and frames


@pytest.mark.parametrize(
    ("word", "kind", "expected"),
    [
        ("meet", "verb", ("meet",)),
        ("take part", "verb", ("take", "part")),
        ("co-found", "verb", ("co-found",)),
        ("prime minister", "role", ("minister", "prime")),
        ("chief of staff", "role", ("chief", "of", "staff")),
        ("deputy secretary of state", "role", ("secretary", "deputy", "of", "state")),
        ("editor-in-chief", "role", ("editor", "in", "chief")),
        ("half-brother", "role", ("brother", "half")),
        ("air strike", "noun", ("strike", "air")),
    ],
)
def test_head_first(word: str, kind: str, expected: tuple[str, ...]) -> None:
    assert lemmas(word, kind) == expected


@pytest.mark.parametrize(
    ("index", "head", "words", "relation", "frame"),
    [
        ("verbs", "meet", ("meet",), "met", Frame(subject="subj", object="obj")),
        ("verbs", "take", ("take", "part"), "participatedIn", Frame(subject="subj", object="in")),
        ("verbs", "come", ("come", "fire"), "criticized", Frame(subject="from", object="subj")),
        ("verbs", "tie", ("tie", "knot"), "spouseOf", Frame(subject="subj", object="with")),
        ("verbs", "lose", ("lose",), "defeated", Frame(subject="to", object="subj")),
        ("verbs", "bear", ("bear",), "bornOn", Frame(subject="obj", object="date")),
        ("nouns", "visit", ("visit",), "visited", Frame(subject="agent", object="to")),
        ("nouns", "strike", ("strike", "air"), "attacked", Frame(subject="agent", object="on")),
        ("adjectives", "based", ("based",), "basedIn", Frame(subject="subj", object="in")),
        ("roles", "mother", ("mother",), "childOf", Frame(subject="org", object="holder")),
    ],
)
def test_indexes(
    ontology: Ontology, index: str, head: str, words: tuple[str, ...], relation: str, frame: Frame
) -> None:
    entries = [e for e in getattr(ontology, index)[head] if e.relation == relation and words in e.words]
    assert any(frame in e.frames for e in entries)


@pytest.mark.parametrize(
    ("words", "relation", "position"),
    [
        (("executive", "chief"), "leads", True),
        (("president", "vice"), "worksFor", True),
        (("spokeswoman",), "speaksFor", True),
        (("senator",), "memberOf", True),
        (("wife",), "spouseOf", False),
        (("subsidiary",), "partOf", False),
    ],
)
def test_roles(ontology: Ontology, words: tuple[str, ...], relation: str, position: bool) -> None:
    found = {(e.relation, e.position) for e in ontology.roles[words[0]] if words in e.words}
    assert (relation, position) in found


def test_an_index_holds_only_words_of_its_head_the_longest_first(ontology: Ontology) -> None:
    for index in (ontology.verbs, ontology.nouns, ontology.roles, ontology.adjectives):
        for head, entries in index.items():
            for entry in entries:
                assert all(word[0] == head for word in entry.words)
                assert [len(w) for w in entry.words] == sorted((len(w) for w in entry.words), reverse=True)


# ---------------------------------------------------------------- consistency of the lexicon


def test_every_relation_has_words(ontology: Ontology) -> None:
    said: dict[str, int] = defaultdict(int)
    for entry in ontology.entries:
        said[entry.relation] += len(entry.words)
    assert {name: said[name] for name in ontology.relations if said[name] < 5} == {}


def test_the_lexicon_is_broad(ontology: Ontology) -> None:
    assert len({(e.kind, word) for e in ontology.entries for word in e.words}) > 3000


def test_words_are_lower_case_lemmas(ontology: Ontology) -> None:
    shape = re.compile(r"\*?[a-zà-ÿ'’.&-]+|[$€£%]")  # *bad: any word of a cue
    wrong = [(e.name, w) for e in ontology.entries for word in e.words for w in word if not shape.fullmatch(w)]
    assert wrong == []


def test_no_word_says_a_relation_in_both_directions(ontology: Ontology) -> None:
    """A word with a frame and its mirror image is a slip, unless the relation is symmetric or types tell them apart."""
    said: dict[tuple[object, ...], list[tuple[Frame, frozenset[str], frozenset[str]]]] = defaultdict(list)
    for entry in ontology.entries:
        relation = ontology.relations[entry.relation]
        if relation.symmetric:
            continue
        types = (entry.subject_types or relation.domain, entry.object_types or relation.range)
        for word in entry.words:
            said[entry.relation, entry.kind, word] += [(frame, *types) for frame in entry.frames]
    slips = [
        (*key, one)
        for key, those in said.items()
        for one, subjects, objects in those
        for other, others, back in those
        if (one.subject, one.object) == (other.object, other.subject)
        and one.subject != one.object
        and subjects & back
        and objects & others
    ]
    assert slips == []


def test_no_entry_denies_what_another_asserts_with_the_same_frame(ontology: Ontology) -> None:
    stances: dict[tuple[object, ...], set[object]] = defaultdict(set)
    for e in ontology.entries:
        for word in e.words:
            for frame in e.frames:
                stances[e.relation, e.kind, word, frame, e.object_types].add(e.stance)
    assert [key for key, those in stances.items() if len(those) > 1] == []


def test_dates_stand_only_with_date_relations(ontology: Ontology) -> None:
    for entry in ontology.entries:
        if entry.kind in ("verb", "noun", "adjective"):
            for frame in entry.frames:
                assert (frame.object == "date") is ontology.relations[entry.relation].literal, entry.name


def test_type_restrictions_stay_within_the_relation(ontology: Ontology) -> None:
    for entry in ontology.entries:
        relation = ontology.relations[entry.relation]
        if entry.subject_types and relation.domain:
            assert entry.subject_types & relation.domain, entry.name
        if entry.object_types and relation.range:
            assert entry.object_types & relation.range, entry.name


# ---------------------------------------------------------------- extension and errors


def test_a_relation_added_in_turtle_alone(tmp_path: Path, ontology: Ontology) -> None:
    extended = load_with(
        tmp_path,
        """
        kg:mentored a owl:ObjectProperty ; rdfs:subPropertyOf kg:relatedTo ; rdfs:label "mentored"@en ;
            rdfs:domain kg:Person ; rdfs:range [ owl:unionOf ( kg:Person kg:Group ) ] ; kg:eventClass kg:Meeting .
        lex:mentor a kg:VerbEntry ; kg:says kg:mentored ; kg:word "mentor", "take wing" ;
            kg:frame "subj obj" ; kg:confidence 0.7 .
        """,
    )
    relation = extended.relations["mentored"]
    assert (relation.domain, relation.range) == (frozenset({"Person"}), frozenset({"Person", "Group"}))
    assert relation.event == "Meeting"
    assert not relation.symmetric
    (entry,) = extended.verbs["mentor"]
    assert (entry.relation, entry.words, entry.confidence) == ("mentored", (("mentor",),), 0.7)
    assert "mentored" not in ontology.relations


def test_an_extra_file_adds_words_to_an_entry_there_is(tmp_path: Path) -> None:
    (entry,) = load_with(tmp_path, 'lex:meet kg:word "powwow" .').verbs["powwow"]
    assert entry.frames == (Frame(subject="subj", object="obj"), Frame(subject="subj", object="with"))


def test_cues_of_one_kind_are_gathered(tmp_path: Path) -> None:
    extended = load_with(
        tmp_path,
        'lex:one a kg:CueEntry ; kg:cue "some-kind" ; kg:word "a", "b" .'
        'lex:two a kg:CueEntry ; kg:cue "some-kind" ; kg:word "c" .',
    )
    assert extended.cues["some-kind"] == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("lex:x a kg:VerbEntry ; kg:says", "not valid Turtle"),
        ('lex:x a kg:VerbEntry ; kg:says kg:nonesuch ; kg:word "x" ; kg:frame "subj obj" .', "unknown relation"),
        ('lex:x a kg:VerbEntry ; kg:word "x" ; kg:frame "subj obj" .', "says 0 relations"),
        ('lex:x a kg:VerbEntry ; kg:says kg:met, kg:left ; kg:word "x" ; kg:frame "subj obj" .', "says 2 relations"),
        ('lex:x a kg:VerbEntry ; kg:says kg:met ; kg:word "x" ; kg:frame "subj nowhere" .', "unknown slot 'nowhere'"),
        ('lex:x a kg:NounEntry ; kg:says kg:met ; kg:word "x" ; kg:frame "subj obj" .', "unknown slot 'subj'"),
        ('lex:x a kg:VerbEntry ; kg:says kg:met ; kg:word "x" ; kg:frame "subj" .', "a frame is two slots"),
        ('lex:x a kg:VerbEntry ; kg:says kg:met ; kg:frame "subj obj" .', "no kg:word"),
        ('lex:x a kg:VerbEntry ; kg:says kg:met ; kg:word "x" .', "no kg:frame"),
        ('lex:x a kg:VerbEntry, kg:NounEntry ; kg:says kg:met ; kg:word "x" ; kg:frame "subj obj" .', "several kinds"),
        ("lex:meet kg:objectType kg:Ghost .", "Ghost"),
        ("lex:meet kg:confidence 7 .", "kg:confidence"),
        ("lex:meet kg:stance kg:perhaps .", "kg:stance"),
        ('lex:x a kg:CueEntry ; kg:word "x" .', "without a kg:cue"),
        ("kg:x a owl:ObjectProperty ; rdfs:subPropertyOf kg:relatedTo ; rdfs:range kg:Ghost .", "Ghost"),
        ("kg:x a owl:ObjectProperty ; rdfs:subPropertyOf kg:relatedTo ; kg:eventClass kg:Ghost .", "Ghost"),
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, turtle: str, said: str) -> None:
    with pytest.raises(OntologyError) as caught:
        load_with(tmp_path, turtle)
    message = str(caught.value)
    assert said in message
    assert ".ttl: <" in message or "extra.ttl" in message
    assert "\n" not in message


def test_missing_folder_and_file(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="no ontology folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(OntologyError, match="no Turtle file"):
        load(tmp_path)
    with pytest.raises(OntologyError, match="cannot be read"):
        load(extra=[tmp_path / "nothing.ttl"])


def test_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    assert "powwow" not in load_with(tmp_path, "").verbs
    folder = tmp_path / "ontology"
    more = folder / "lexicon.ttl"
    more.write_text(PREFIXES + LEXICON + ' lex:meet kg:word "powwow" .', encoding="utf-8")
    assert "powwow" in load(folder).verbs
