"""Every format is read back by somebody else's parser and holds what the graph holds."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, BNode, Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from stories import graph_of, sample, story, thing

from kg.cli import Carrier, Dump
from kg.errors import GraphError, OutputError
from kg.export import read_graph, turtle, write_graph
from kg.formats import FORMATS, export
from kg.formats_lines import sorted_lines
from kg.formats_network import network_of
from kg.formats_source import documents_of, source_from, source_of
from kg.imports import FORMATS as READ
from kg.imports import read_dump
from kg.terms import kg

HOSTILE = (
    'He said "no"', "'; DROP", "back\\slash|pipe", "two\nlines\r\n\tand a tab", "<script>&amp;]]>", "=1+1", "+1", "-1",
    "@sum", "'quoted", "\ttab", "\u202egnirts\u202c", "line\u2028separator\x85", "\U0001f600 \U0010ffff", "a; b | c",
    "  blanks  ", "http://x.example/", "_:b", "@id", "id:x",
)  # fmt: skip
UNHOLDABLE = "control \x01\x1f\x7f\ufffd"
SUFFIX = {name: (known.suffixes or (".ttl",))[0] for name, known in FORMATS.items() if not known.folder}
RDF_FORMATS = ("turtle", "ntriples", "trig", "nquads", "jsonld", "rdfxml")


def hostile(*more: str, base: str = "https://x.example/a b<>/") -> Graph:
    names = (*HOSTILE, *more)
    things = [
        thing(f"thing-{n}", "Work", f"{name} {n}", aliases=(name,), same_as=(f"https://x.example/{name}",))
        for n, name in enumerate(names)
    ]
    told = story("Anna Berg", title=names[3], publisher=names[5], url="javascript:alert('<\">')")
    return graph_of(*sample(), told, also=things, base=base)


GRAPHS = {
    "sample": graph_of(*sample()),
    "hostile": hostile(),
    "urn": graph_of(*sample(), base="urn:x:"),
    "fragment": graph_of(*sample(), base="https://x.example/graph#"),
    "like a prefix": graph_of(*sample(), base="kg:"),
    "empty": Graph(),
}


@pytest.fixture(params=GRAPHS)
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Graph, Path]:
    found = GRAPHS[request.param]
    write_graph(found, tmp_path / "graph.ttl")
    return found, tmp_path / "graph.ttl"


# ---------------------------------------------------------------- RDF


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_rdflib_reads_the_same_graph(form: str, graph: tuple[Graph, Path], tmp_path: Path) -> None:
    expected, path = graph
    out = tmp_path / f"out{SUFFIX[form]}"
    export(path, out)
    names = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    parsed = Dataset(default_union=True)
    parsed.parse(out, format=names.get(form, form))
    found = Graph()
    for s, p, o, _ in parsed.quads():
        found.add((s, p, o))
    # rdflib writes numbers anew as it reads them ("0.90" as 0.9), so both sides come from its own parser.
    again = Graph().parse(data=turtle(expected), format="turtle")
    assert len(found) == len(again) == len(expected)
    assert isomorphic(found, again)


@pytest.mark.parametrize("form", [*RDF_FORMATS, "turtle12"])
def test_the_bytes_come_back(form: str, graph: tuple[Graph, Path], tmp_path: Path) -> None:
    expected, path = graph
    if not len(expected):
        return
    out = tmp_path / f"out{SUFFIX[form]}"
    export(path, out, form=form)
    assert turtle(read_dump(out, check=False).graph) == path.read_bytes()


@pytest.mark.parametrize("form", [*FORMATS])
def test_the_order_of_triples_does_not_reach_the_bytes(form: str, tmp_path: Path) -> None:
    lines = sorted(f"{t} .\n" for t in source_from(triples_of(hostile())).triples())
    contents = []
    for number, ordered in enumerate((lines, lines[::-1], lines + lines[:50])):
        source = tmp_path / f"{number}.nt"
        source.write_text("".join(ordered), encoding="utf-8")
        written = export(source, tmp_path / f"out-{number}", form=form)
        contents.append({path.name.replace(f"out-{number}", ""): path.read_bytes() for path in written})
    assert contents[0] == contents[1] == contents[2]


def triples_of(graph: Graph) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(turtle(graph), format=ox.RdfFormat.TURTLE)]


def test_n_triples_lines_are_sorted_and_each_stands_once(tmp_path: Path) -> None:
    write_graph(hostile(), tmp_path / "g.ttl")
    for suffix in ("nt", "nq"):
        export(tmp_path / "g.ttl", tmp_path / f"g.{suffix}")
        lines = (tmp_path / f"g.{suffix}").read_bytes().splitlines(keepends=True)
        assert lines == sorted(set(lines))
        assert len(lines) == len(hostile())


def test_claims_stand_in_the_graph_of_their_document(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    parsed = {}
    for suffix, kind in (("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)):
        export(tmp_path / "g.ttl", tmp_path / f"g.{suffix}")
        parsed[suffix] = set(ox.parse((tmp_path / f"g.{suffix}").read_bytes(), format=kind))
    assert parsed["nq"] == parsed["trig"]
    source = source_of(tmp_path / "g.ttl")
    documents = set(source.of_kind("Document"))
    assert {q.graph_name.value for q in parsed["nq"] if isinstance(q.graph_name, ox.NamedNode)} == documents
    told = {"Claim", "Quotation", "Evidence"}
    for quad in parsed["nq"]:
        assert isinstance(quad.subject, ox.NamedNode)
        inside = told & set(source.kinds(quad.subject.value))
        assert isinstance(quad.graph_name, ox.NamedNode) == bool(inside), quad
        if inside == {"Evidence"}:
            assert source.one(quad.subject.value, "http://purl.org/dc/terms/source") == quad.graph_name.value  # type: ignore[union-attr]


def test_a_claim_on_two_documents_stands_in_the_default_graph() -> None:
    graph = Graph()
    graph += GRAPHS["sample"]
    evidence = sorted(graph.subjects(RDF.type, kg("Evidence")))
    claim = min(graph.subjects(RDF.type, kg("Claim")))
    for one in evidence:
        graph.add((claim, kg("evidence"), one))
    home = documents_of(triples_of(graph))
    assert str(claim) not in home
    assert {str(one) for one in evidence} <= set(home)


def test_turtle_12_says_no_triple_that_the_graph_denies(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    export(tmp_path / "g.ttl", tmp_path / "new.ttl", form="turtle12")
    quads = list(ox.parse((tmp_path / "new.ttl").read_bytes(), format=ox.RdfFormat.TURTLE))
    terms = [quad.object for quad in quads if isinstance(quad.object, ox.Triple)]
    claims = sum(1 for _ in GRAPHS["sample"].subjects(RDF.type, kg("Claim")))
    assert len(terms) == claims > 5
    assert len(quads) == len(GRAPHS["sample"]) - 2 * claims
    assert any(term not in {quad.triple for quad in quads} for term in terms), "a planned visit is no fact"


def test_json_ld_is_readable(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    export(tmp_path / "g.ttl", tmp_path / "g.jsonld")
    content = json.loads((tmp_path / "g.jsonld").read_text(encoding="utf-8"))
    nodes = {node["@id"]: node for node in content["@graph"]}
    assert nodes["id:anna-berg"]["kg:met"] == ["id:bo-dahl", "id:carla-diaz"]
    assert nodes["id:carla-diaz"]["kg:bornOn"] == "1975-03-02"
    assert content["@context"]["kg:met"] == {"@id": "https://kg.example/ontology#met", "@type": "@id"}
    assert content["@context"]["kg:bornOn"]["@type"] == "xsd:date"


def test_rdf_xml_refuses_what_xml_cannot_hold(tmp_path: Path) -> None:
    write_graph(hostile(UNHOLDABLE), tmp_path / "g.ttl")
    with pytest.raises(GraphError, match=r"cannot hold the character U\+0001"):
        export(tmp_path / "g.ttl", tmp_path / "g.rdf")
    (tmp_path / "p.nt").write_text("<https://x.example/a> <https://x.example/1> <https://x.example/b> .\n")
    with pytest.raises(GraphError, match="cannot name the property"):
        export(tmp_path / "p.nt", tmp_path / "g.rdf")
    assert not (tmp_path / "g.rdf").exists()
    for suffix in (".nt", ".nq", ".trig", ".jsonld"):
        export(tmp_path / "g.ttl", tmp_path / f"g{suffix}")
        assert turtle(read_dump(tmp_path / f"g{suffix}", check=False).graph) == (tmp_path / "g.ttl").read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_graph(graph_of(also=[thing("x", "Work", words, same_as=(f"https://x.example/{words}",))]), folder / "g.ttl")
    for suffix in ("nt", "trig", "jsonld"):
        export(folder / "g.ttl", folder / f"g.{suffix}")
        assert turtle(read_dump(folder / f"g.{suffix}", check=False).graph) == (folder / "g.ttl").read_bytes()


# ---------------------------------------------------------------- networks


def read_network(path: Path) -> nx.MultiDiGraph:
    if path.suffix == ".graphml":
        return nx.read_graphml(path, force_multigraph=True)
    if path.suffix == ".gexf":
        return nx.MultiDiGraph(nx.read_gexf(path))
    return nx.cytoscape_graph(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("suffix", ["graphml", "gexf", "cyjs"])
@pytest.mark.parametrize("all_claims", [False, True])
def test_networkx_reads_every_entity_and_claim(
    suffix: str, all_claims: bool, graph: tuple[Graph, Path], tmp_path: Path
) -> None:
    _, path = graph
    out = tmp_path / f"out.{suffix}"
    export(path, out, all_claims=all_claims)
    expected = network_of(source_of(path), all_claims=all_claims)
    found = read_network(out)
    assert set(found.nodes) == {node.id for node in expected.nodes}
    ends = sorted((link.source, link.target) for link in expected.links)
    assert sorted((u, v) for u, v, _ in found.edges) == ends
    ids = {data.get("id", key) for _, _, key, data in found.edges(keys=True, data=True)}
    assert ids == {link.id for link in expected.links}
    # XML turns the one character that it cannot hold, and nothing else.
    labels = {node.id: node.label for node in expected.nodes}
    assert {node: data["label"] for node, data in found.nodes(data=True)} == labels


def test_a_network_holds_what_stands_as_fact() -> None:
    source = source_from(triples_of(GRAPHS["sample"]))
    facts, everything = network_of(source), network_of(source, all_claims=True)
    assert facts.nodes == everything.nodes
    assert len(facts.links) < len(everything.links)
    assert {dict(link.cells)["fact"] for link in facts.links} == {True}
    refused = [dict(link.cells) for link in everything.links if not dict(link.cells)["fact"]]
    assert {(cells["stance"], cells["modality"]) for cells in refused} == {("denies", "actual"), ("asserts", "planned")}
    claims = [c for c in source.of_kind("Claim") if isinstance(source.about[c][str(RDF.object)][0], ox.NamedNode)]
    assert len(everything.links) == len(claims)
    met = next(dict(link.cells) for link in facts.links if link.label == "met" and link.target == "bo-dahl")
    assert met["said_by"] == "Harbour Times"
    assert met["place"] == "Elvik"
    assert (met["start"], met["end"], met["published"]) == ("2023-04-01", "2023-04-30", "2023-06-01")
    assert "Anna Berg met Bo Dahl" in str(met["quote"])
    born = next(dict(node.cells) for node in facts.nodes if node.id == "carla-diaz")
    assert born["bornOn"] == "1975-03-02"


def test_types_of_attributes_are_told(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    for suffix in ("graphml", "gexf", "cyjs"):
        export(tmp_path / "g.ttl", tmp_path / f"g.{suffix}", all_claims=True)
        rows = [data for _, _, data in read_network(tmp_path / f"g.{suffix}").edges(data=True)]
        assert {type(row["confidence"]) for row in rows} == {float}
        assert {row["fact"] for row in rows} == {True, False}


# ---------------------------------------------------------------- CSV


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: v.removeprefix("'") for k, v in row.items()} for row in csv.DictReader(file, strict=True)]


def values_of(cell: str) -> list[str]:
    parts = re.findall(r"((?:[^|\\]|\\.)*)(?:\||$)", cell, re.DOTALL)[
        : len(re.findall(r"(?<!\\)(?:\\\\)*\|", cell)) + 1
    ]
    return [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts]


def test_a_csv_parser_reads_every_node_and_relationship(graph: tuple[Graph, Path], tmp_path: Path) -> None:
    expected, path = graph
    export(path, tmp_path / "pair", form="csv")
    nodes, links = (read_csv(tmp_path / "pair" / f"{name}.csv") for name in ("nodes", "relationships"))
    assert {node["iri"] for node in nodes} == {str(s) for s in expected.subjects()}
    ids = [node["id"] for node in nodes]
    assert len(ids) == len(set(ids))
    assert {link[end] for link in links for end in ("start", "end")} <= set(ids)
    # Every triple is a label, a property value or a relationship.
    labels = sum(len([one for one in values_of(node["labels"]) if one not in ("", "Entity")]) for node in nodes)
    own = ("id", "iri", "labels")
    cells = [
        (node["id"], column, cell) for node in nodes for column, cell in node.items() if column not in own and cell
    ]
    assert labels + sum(len(values_of(cell)) for _, _, cell in cells) + len(links) == len(expected)


def test_hostile_texts_come_back_from_csv_and_start_no_formula(tmp_path: Path) -> None:
    graph = hostile(UNHOLDABLE)
    write_graph(graph, tmp_path / "g.ttl")
    export(tmp_path / "g.ttl", tmp_path / "pair", form="csv")
    nodes = read_csv(tmp_path / "pair" / "nodes.csv")
    aliases = {alias for node in nodes for alias in values_of(node["altLabel"]) if alias}
    assert {str(name) for name in HOSTILE} <= aliases
    for name in ("nodes.csv", "relationships.csv"):
        with (tmp_path / "pair" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, strict=True):
                assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_relationships_tell_facts_from_descriptions(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    export(tmp_path / "g.ttl", tmp_path / "pair", form="csv")
    links = read_csv(tmp_path / "pair" / "relationships.csv")
    facts = {(link["start"], link["type"], link["end"]) for link in links if link["fact"] == "true"}
    assert ("anna-berg", "met", "bo-dahl") in facts
    assert ("anna-berg", "relation_toasted", "carla-diaz") in facts
    assert not [fact for fact in facts if fact[1] in ("visited", "subject", "evidence", "participant")]
    claim = next(row for row in read_csv(tmp_path / "pair" / "nodes.csv") if row["labels"] == "Claim")
    assert claim["stance"] in ("asserts", "denies")
    assert claim["predicate"]


# ---------------------------------------------------------------- Parquet


LINES = st.lists(st.sampled_from([f"<{letter}> .\n".encode() for letter in "abcdefg\x85\u2028"]), max_size=40)


@given(lines=LINES, at_once=st.integers(1, 50))
def test_lines_sorted_in_parts_are_lines_sorted_at_once(lines: list[bytes], at_once: int) -> None:
    assert list(sorted_lines(lines, at_once)) == sorted(set(lines))


@pytest.mark.parametrize("form", ["ntriples", "nquads"])
def test_a_graph_that_breaks_in_the_middle_leaves_no_file(form: str, tmp_path: Path) -> None:
    path = tmp_path / "g.ttl"
    path.write_bytes(turtle(GRAPHS["sample"]) + b"<https://x.example/a> <https://x.example/b> .\n")
    with pytest.raises(GraphError, match="is not valid"):
        export(path, tmp_path / "g.out", form=form)
    assert [file.name for file in tmp_path.iterdir()] == ["g.ttl"]


def test_pyarrow_reads_every_row(graph: tuple[Graph, Path], tmp_path: Path) -> None:
    expected, path = graph
    written = export(path, tmp_path / "tables", form="parquet")
    tables = {file.stem: pq.read_table(file) for file in written}
    source = source_of(path)
    kinds = {
        "claims": "Claim",
        "evidence": "Evidence",
        "documents": "Document",
        "tenures": "Tenure",
        "quotations": "Quotation",
    }
    for name, kind in kinds.items():
        assert tables[name].column("iri").to_pylist() == list(source.of_kind(kind))
    assert tables["triples"].num_rows == len(expected)
    lines = set()
    for row in tables["triples"].to_pylist():
        subject, verb = ox.NamedNode(row["subject"]), ox.NamedNode(row["predicate"])
        if row["datatype"] is None:
            value: ox.NamedNode | ox.Literal = ox.NamedNode(row["object"])
        elif row["language"]:
            value = ox.Literal(row["object"], language=row["language"])
        else:
            value = ox.Literal(row["object"], datatype=ox.NamedNode(row["datatype"]))
        lines.add(str(ox.Triple(subject, verb, value)))
    assert lines == {str(triple) for triple in source.triples()}


def test_columns_are_typed(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    export(tmp_path / "g.ttl", tmp_path / "tables", form="parquet")
    claims = pq.read_table(tmp_path / "tables" / "claims.parquet").to_pylist()
    told = [row for row in claims if row["predicate"] == "met" and row["stance"] == "asserts"]
    met = next(row for row in told if row["object"] == "bo-dahl")
    assert (met["subject"], met["stance"], met["modality"], met["confidence"]) == (
        "anna-berg",
        "asserts",
        "actual",
        0.9,
    )
    assert met["attributed_to"] == ["harbour-times"]
    assert next(row["object"] for row in claims if row["predicate"] == "bornOn") == "1975-03-02"
    evidence = {row["id"]: row for row in pq.read_table(tmp_path / "tables" / "evidence.parquet").to_pylist()}
    own = evidence[met["evidence"][0]]
    assert own["end"] - own["begin"] == len(own["quote"])
    events = pq.read_table(tmp_path / "tables" / "events.parquet").to_pylist()
    assert {"2023-04-01"} <= {str(row["start_date"]) for row in events}


def test_without_pyarrow_one_line_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match=r"pip install 'kg\[parquet\]'"):
        export(tmp_path / "g.ttl", tmp_path / "tables", form="parquet")


# ---------------------------------------------------------------- files


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    export(tmp_path / "g.ttl", tmp_path / "pair", form="csv")
    before = {path.name: path.read_bytes() for path in (tmp_path / "pair").iterdir()}
    write_graph(hostile(), tmp_path / "h.ttl")
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if self.name.startswith(".nodes.csv"):
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match=r"nodes\.csv: cannot be written \(No space left on device\)"):
        export(tmp_path / "h.ttl", tmp_path / "pair", form="csv")
    assert {path.name: path.read_bytes() for path in (tmp_path / "pair").iterdir()} == before


def test_what_cannot_be_done_is_one_clear_line(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")
    with pytest.raises(OutputError, match=r"out\.xyz: no format has this suffix"):
        export(tmp_path / "g.ttl", tmp_path / "out.xyz")
    with pytest.raises(OutputError, match="There is no format 'word'"):
        export(tmp_path / "g.ttl", tmp_path / "out", form="word")
    with pytest.raises(OutputError, match=r"cannot be written \(No such file or directory\)"):
        export(tmp_path / "g.ttl", tmp_path / "no" / "out.nq")
    with pytest.raises(OutputError, match="no folder to write to"):
        export(tmp_path / "g.ttl", tmp_path / "g.ttl", form="csv")
    with pytest.raises(GraphError, match=r"no\.ttl: cannot be read"):
        export(tmp_path / "no.ttl", tmp_path / "out.nq")
    blank = Graph()
    blank.add((BNode("b"), RDF.type, kg("Claim")))
    (tmp_path / "b.nt").write_bytes(blank.serialize(format="nt").encode())
    for form in FORMATS:
        with pytest.raises(GraphError, match="blank node"):
            export(tmp_path / "b.nt", tmp_path / "out", form=form)


def test_the_base_is_told_from_the_claims_where_no_prefix_tells_it(tmp_path: Path) -> None:
    graph = graph_of(*sample(), base="https://news.example/about/")
    write_graph(graph, tmp_path / "g.ttl")
    export(tmp_path / "g.ttl", tmp_path / "g.nt")
    assert source_of(tmp_path / "g.nt").base == "https://news.example/about/"
    assert source_from([]).base == "https://kg.example/id/"


def test_a_language_tag_survives(tmp_path: Path) -> None:
    graph = Graph()
    for words, language in (("met", "en"), ("traf", "de"), ("met", None)):
        graph.add((URIRef("https://x.example/p"), kg("label"), Literal(words, lang=language)))
    write_graph(graph, tmp_path / "g.ttl")
    for suffix in ("nt", "trig", "jsonld", "rdf"):
        export(tmp_path / "g.ttl", tmp_path / f"g.{suffix}")
        assert source_of(tmp_path / "g.ttl").about == source_of_any(tmp_path / f"g.{suffix}")


def source_of_any(path: Path) -> object:
    kind = ox.RdfFormat.from_extension(path.suffix[1:])
    return source_from(quad.triple for quad in ox.parse(path.read_bytes(), format=kind)).about


# ---------------------------------------------------------------- the command


def test_the_command_names_every_format() -> None:
    assert [one.value for one in Carrier] == list(FORMATS)
    assert [one.value for one in Dump] == list(READ)


def test_the_command_writes_and_tells_what(tmp_path: Path) -> None:
    write_graph(GRAPHS["sample"], tmp_path / "g.ttl")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kg", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    done = run("export", str(tmp_path / "g.ttl"), "-o", str(tmp_path / "g.nq"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "g.nq" in done.stderr
    done = run("import", str(tmp_path / "g.nq"), "-o", str(tmp_path / "again.ttl"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.ttl").read_bytes() == (tmp_path / "g.ttl").read_bytes()
    assert run("export", str(tmp_path / "g.ttl"), "-o", str(tmp_path / "g.xyz")).returncode == 2
    assert run("import", str(tmp_path / "g.xyz"), "-o", str(tmp_path / "h.ttl")).returncode == 2
    done = run("import", str(tmp_path / "none.nq"), "-o", str(tmp_path / "h.ttl"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "h.ttl").exists()
    assert read_graph(tmp_path / "again.ttl")
