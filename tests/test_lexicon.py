"""The lexicon: what its words say, relation by relation, and that its entries fit together."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest
from claims import said
from spacy.language import Language

from kg import ontology
from kg.ontology import SLOTS
from kg.types import Frame, LexicalEntry, Relation

# A text, what it must say, and what it must not say.
ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Borealis Group holds 5% of Acme Steel.", ("Borealis Group owns Acme Steel",), ()),
    ("Maria Lopez shuttled between Leeds and York.", ("Maria Lopez visited Leeds",), ("Maria Lopez livesIn Leeds",)),
    (
        "Maria Lopez handed the reins to Pavel Novak.",
        ("Pavel Novak succeeded Maria Lopez",),
        ("Maria Lopez paid Pavel Novak",),
    ),
    ("Maria Lopez applied to Acme Steel for help.", (), ("Maria Lopez joined Acme Steel",)),
    ("Maria Lopez directed Acme Steel until 1999.", (), ("Maria Lopez urged Acme Steel",)),
    ("Maria Lopez, back from Kenya, met Pavel Novak.", ("Maria Lopez visited Kenya",), ("Pavel Novak visited Kenya",)),
    ("Maria Lopez finished behind Pavel Novak.", ("Pavel Novak defeated Maria Lopez",), ()),
    ("Acme Steel suspended Maria Lopez.", ("Acme Steel sanctioned Maria Lopez",), ()),
    ("Maria Lopez chairs Acme Steel.", ("Maria Lopez leads Acme Steel",), ()),
    ("Acme Steel is headed by Maria Lopez.", ("Maria Lopez leads Acme Steel",), ()),
    ("Maria Lopez is a member of the Harbour Club.", ("Maria Lopez memberOf Harbour Club",), ()),
    ("Pavel Novak is a politician for the Liberal Party.", ("Pavel Novak memberOf Liberal Party",), ()),
    ("The Labour Party candidate Pavel Novak won.", ("Pavel Novak memberOf Labour Party",), ()),
    ("Maria Lopez works for Acme Steel.", ("Maria Lopez worksFor Acme Steel",), ()),
    ("Maria Lopez is a spokeswoman for Acme Steel.", ("Maria Lopez speaksFor Acme Steel",), ()),
    ("Maria Lopez is a Portuguese novelist.", ("Maria Lopez citizenOf Portugal",), ()),
    ("Maria Lopez lives and works in Lisbon.", ("Maria Lopez livesIn Lisbon",), ()),
    ("Pavel Novak, a resident of Graz, sued.", ("Pavel Novak livesIn Graz",), ()),
    ("Pavel Novak moved to Vienna in 1999.", ("Pavel Novak livesIn Vienna",), ()),
    ("Born and raised in Singapore, Pavel Novak works in Leeds.", ("Pavel Novak bornIn Singapore",), ()),
    ("Originally from Lisbon, Maria Lopez moved to Vienna.", ("Maria Lopez bornIn Lisbon",), ()),
    ("Maria Lopez is a native of Graz.", ("Maria Lopez bornIn Graz",), ()),
    (
        "Maria Lopez (born 3 May 1961 in Graz, Austria) is a novelist.",
        ("Maria Lopez bornIn Graz", "Maria Lopez bornIn Austria", "Maria Lopez bornOn 1961-05-03"),
        (),
    ),
    (
        "Acme Steel is a wire maker headquartered in Milan, Italy.",
        ("Acme Steel basedIn Milan", "Acme Steel basedIn Italy"),
        (),
    ),
    ("Acme Steel, a company based in Leeds, makes wire.", ("Acme Steel basedIn Leeds",), ()),
    ("Acme Steel is a Leeds-based company.", ("Acme Steel basedIn Leeds",), ()),
    ("The Swiss bank Harbour Trust froze the accounts.", ("Harbour Trust basedIn Switzerland",), ()),
    ("The Rosehill Dam, in northern Malawi, was built in 1970.", ("Rosehill Dam locatedIn Malawi",), ()),
    ("Acme Steel, a subsidiary of Borealis Group, makes wire.", ("Acme Steel partOf Borealis Group",), ()),
    ("Acme Steel is a German subsidiary of Borealis Group.", ("Acme Steel partOf Borealis Group",), ()),
    ("Borealis Group owns Acme Steel.", ("Borealis Group owns Acme Steel",), ()),
    ("Acme Steel, owned by Borealis Group, makes wire.", ("Borealis Group owns Acme Steel",), ()),
    ("The court heard the brothers Pavel Novak and Peter Novak.", ("Pavel Novak relativeOf Peter Novak",), ()),
    ("Maria Lopez is the niece of Pavel Novak.", ("Maria Lopez relativeOf Pavel Novak",), ()),
    ("Maria Lopez married Pavel Novak in 1999.", ("Maria Lopez spouseOf Pavel Novak",), ()),
    ("Maria Lopez divorced Pavel Novak.", ("Maria Lopez spouseOf Pavel Novak",), ()),
    ("The couple, Maria Lopez and Pavel Novak, have settled in Lisbon.", ("Maria Lopez spouseOf Pavel Novak",), ()),
    ("Maria Lopez is the daughter of Pavel Lopez.", ("Maria Lopez childOf Pavel Lopez",), ()),
    ("Maria Lopez has a son, Peter Lopez.", ("Peter Lopez childOf Maria Lopez",), ()),
    ("Maria Lopez's father, Pavel Lopez, was a baker.", ("Maria Lopez childOf Pavel Lopez",), ()),
    (
        "Acme Steel was set up by Maria Lopez in 1998.",
        ("Maria Lopez founded Acme Steel", "Acme Steel foundedOn 1998"),
        (),
    ),
    (
        "Maria Lopez founded Acme Steel with Pavel Novak.",
        ("Maria Lopez founded Acme Steel", "Pavel Novak founded Acme Steel"),
        (),
    ),
    ("Maria Lopez is one of the founders of Acme Steel.", ("Maria Lopez founded Acme Steel",), ()),
    ("Acme Steel was established in Leeds by Pavel Novak.", ("Pavel Novak founded Acme Steel",), ()),
    ("Kenya and Uganda have been allies since 1990.", ("Kenya alliedWith Uganda",), ()),
    ("Maria Lopez endorsed Pavel Novak.", ("Maria Lopez supports Pavel Novak",), ()),
    ("Maria Lopez opposes Pavel Novak.", ("Maria Lopez opposes Pavel Novak",), ()),
    ("Maria Lopez graduated from Leeds University in 1999.", ("Maria Lopez studiedAt Leeds University",), ()),
    ("Maria Lopez was educated at Leeds University.", ("Maria Lopez studiedAt Leeds University",), ()),
    ("Maria Lopez holds a master's degree from Leeds University.", ("Maria Lopez studiedAt Leeds University",), ()),
    ("Maria Lopez welcomed Pavel Novak at the White House.", ("Maria Lopez met Pavel Novak",), ()),
    ("Maria Lopez spoke with Pavel Novak by phone.", ("Maria Lopez talkedWith Pavel Novak",), ()),
    ("Maria Lopez flew to Kenya.", ("Maria Lopez visited Kenya",), ()),
    ("A delegation from Kenya visited Uganda.", ("Kenya visited Uganda",), ()),
    (
        "Nine nations took part in the Lagos Water Congress, among them Kenya.",
        ("Kenya participatedIn Lagos Water Congress",),
        (),
    ),
    ('Maria Lopez wrote "The Salt Road" in 1990.', ("Maria Lopez authored The Salt Road",), ()),
    ('Harbour Books published "The Salt Road".', ("Harbour Books published The Salt Road",), ()),
    ("Maria Lopez condemned Pavel Novak.", ("Maria Lopez criticized Pavel Novak",), ()),
    ("Maria Lopez accused Pavel Novak of theft.", ("Maria Lopez accused Pavel Novak",), ()),
    ("Maria Lopez praised Pavel Novak.", ("Maria Lopez praised Pavel Novak",), ()),
    ("Maria Lopez paid tribute to Pavel Novak.", ("Maria Lopez praised Pavel Novak",), ()),
    ("Kenya threatened Uganda with war.", ("Kenya threatened Uganda",), ()),
    ("Maria Lopez warned Pavel Novak of the flood.", ("Maria Lopez warned Pavel Novak",), ()),
    ("Maria Lopez urged Pavel Novak to resign.", ("Maria Lopez urged Pavel Novak",), ()),
    ("Gunmen from Kenya attacked Uganda.", ("Kenya attacked Uganda",), ()),
    ("Kenya invaded Uganda.", ("Kenya attacked Uganda",), ()),
    ("Pavel Novak killed Peter Lopez.", ("Pavel Novak killed Peter Lopez",), ()),
    ("Peter Lopez died at the hands of Pavel Novak.", ("Pavel Novak killed Peter Lopez",), ()),
    ("Pavel Novak wounded Peter Lopez.", ("Pavel Novak injured Peter Lopez",), ()),
    ("Pavel Novak rescued Peter Lopez.", ("Pavel Novak rescued Peter Lopez",), ()),
    ("Kenya arrested Pavel Novak.", ("Kenya arrested Pavel Novak",), ()),
    ("Kenya charged Pavel Novak with fraud.", ("Kenya charged Pavel Novak",), ()),
    (
        "The High Court of Bergen found the skipper Pavel Novak guilty of negligence.",
        ("High Court of Bergen convicted Pavel Novak",),
        (),
    ),
    (
        "The Vienna Regional Court jailed Pavel Novak for two years.",
        ("Vienna Regional Court sentenced Pavel Novak",),
        (),
    ),
    ("Maria Lopez sued Acme Steel.", ("Maria Lopez sued Acme Steel",), ()),
    ("Kenya imposed sanctions on Acme Steel.", ("Kenya sanctioned Acme Steel",), ()),
    ("Acme Steel appointed Maria Lopez as its chief executive.", ("Acme Steel appointed Maria Lopez",), ()),
    ("Maria Lopez replaced Pavel Novak.", ("Maria Lopez replaced Pavel Novak",), ()),
    ("Maria Lopez, chair of Acme Steel, resigned on Monday.", ("Maria Lopez resignedFrom Acme Steel",), ()),
    ("Voters in Kenya elected Maria Lopez.", ("Kenya elected Maria Lopez",), ()),
    ("Maria Lopez succeeded Pavel Novak.", ("Maria Lopez succeeded Pavel Novak",), ()),
    ("Maria Lopez joined Acme Steel in May.", ("Maria Lopez joined Acme Steel",), ()),
    ("Maria Lopez left Acme Steel in May.", ("Maria Lopez left Acme Steel",), ()),
    ("Borealis Group took over Acme Steel.", ("Borealis Group acquired Acme Steel",), ()),
    ("Borealis Group invested in Acme Steel.", ("Borealis Group investedIn Acme Steel",), ()),
    ("Borealis Group merged with Acme Steel.", ("Borealis Group mergedWith Acme Steel",), ()),
    ("Borealis Group paid Acme Steel 9m euros.", ("Borealis Group paid Acme Steel",), ()),
    ("Borealis Group sold the mill to Acme Steel.", ("Borealis Group soldTo Acme Steel",), ()),
    ("Kenya delivered grain to Uganda.", ("Kenya supplied Uganda",), ()),
    ("Kenya and Uganda are due to sign a treaty.", ("planned Kenya signedAgreementWith Uganda",), ()),
    ("Kenya signed a treaty with Uganda.", ("Kenya signedAgreementWith Uganda",), ()),
    ("Maria Lopez defeated Pavel Novak.", ("Maria Lopez defeated Pavel Novak",), ()),
    ("Maria Lopez played against Pavel Novak.", ("Maria Lopez competedWith Pavel Novak",), ()),
    ("Maria Lopez won the Nobel Peace Prize.", ("Maria Lopez won Nobel Peace Prize",), ()),
    ("Pavel Novak died on 4 June 2020.", ("Pavel Novak diedOn 2020-06-04",), ()),
    ("Acme Steel launched the Roadrunner.", ("Acme Steel launched Roadrunner",), ()),
    ("Maria Lopez paid tribute to Pavel Novak.", (), ("Maria Lopez paid Pavel Novak",)),
    ("Maria Lopez sent a message to Pavel Novak.", (), ("Maria Lopez supplied Pavel Novak",)),
    ("Maria Lopez flew to Pavel Novak.", (), ("Maria Lopez supplied Pavel Novak",)),
    ("Maria Lopez told Pavel Novak that it rained.", (), ("Maria Lopez urged Pavel Novak",)),
    ("Maria Lopez knocked out Pavel Novak.", (), ("Maria Lopez criticized Pavel Novak",)),
    ("Maria Lopez earned a degree from Leeds University.", (), ("Leeds University paid Maria Lopez",)),
    ("Maria Lopez graduated in Computer Science.", (), ("Maria Lopez studiedAt Computer Science",)),
    ("Maria Lopez and Pavel Novak are not rivals.", (), ("Maria Lopez competedWith Pavel Novak",)),
    ("Acme Steel is not a company based in Leeds.", (), ("Acme Steel basedIn Leeds",)),
    ("Iranian-backed groups such as Harbour Front attacked.", (), ("Harbour Front basedIn Iran",)),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_words(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found


def test_every_relation_has_words() -> None:
    known = ontology.load()
    assert set(known.relations) == {entry.relation for entry in known.entries}


def test_every_relation_of_entities_has_a_row() -> None:
    shown = {word for _, expected, _ in ROWS for claim in expected for word in claim.split()}
    assert set(ontology.load().relations) <= shown


def test_slots_are_known() -> None:
    for entry in ontology.load().entries:
        if entry.kind != "structure":
            slots = {slot for frame in entry.frames for slot in (frame.subject, frame.object)} | entry.needs
            assert slots <= SLOTS[entry.kind], entry.name


def test_no_word_says_a_relation_in_both_directions() -> None:
    """One word in one construction says who did it to whom; only other classes may turn it round."""
    known = ontology.load()
    said_by: dict[tuple[str, str, tuple[str, ...], frozenset[str]], list[tuple[Frame, LexicalEntry]]] = defaultdict(
        list
    )
    for entry in known.entries:
        if entry.kind == "structure" or known.relations[entry.relation].symmetric:
            continue
        for word in entry.words:
            for frame in entry.frames:
                said_by[entry.relation, entry.kind, word, frozenset((frame.subject, frame.object))].append(
                    (frame, entry)
                )
    turned = [
        (key[0], " ".join(key[2]), one.name, other.name)
        for key, ways in said_by.items()
        for (first, one), (second, other) in combinations(ways, 2)
        if first.subject == second.object != first.object and _same_classes(known.relations[key[0]], one, other)
    ]
    assert not turned


def _same_classes(relation: Relation, one: LexicalEntry, other: LexicalEntry) -> bool:
    """Whether what fills a slot of the one could fill that slot of the other, whose frame is turned round."""
    subject, target = one.subject_types or relation.domain, one.object_types or relation.range
    turned_subject, turned_target = other.object_types or relation.range, other.subject_types or relation.domain
    return all(not a or not b or bool(a & b) for a, b in ((subject, turned_subject), (target, turned_target)))
