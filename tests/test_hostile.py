"""What nobody meant well: each case that fuzzing found, bombs, tricks with paths, full disks, calls to the outside."""

# ruff: noqa: E501  # files of foreign formats are written as they are

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hostile import CHARACTERS, MARKUP, TARGETS, printable
from shared_folder import ROOT
from stories import graph_of, sample

from kg import gazetteer, nlp
from kg.blocks import LONGEST, blocks_of
from kg.corrections import parse as parse_corrections
from kg.decode import UnreadableError, decode_html, decode_pdf
from kg.errors import CorrectionError, GraphError, KgError, OntologyError, one_line
from kg.export import read_graph, write_graph
from kg.extraction import extract
from kg.feeds import read_feed
from kg.imports import read_dump
from kg.ontology import load as load_ontology
from kg.packed import FREE, open_packed
from kg.read import Note, document_of, read
from kg.types import Document, Skip

SENTENCE = "Anna Berg met Bo Dahl in Elvik on Monday."


def within(seconds: float, work: Callable[[], object]) -> object:
    """What the work returns; the time is that of the processor, with much to spare for a busy machine."""
    begin = time.process_time()
    result = work()
    assert time.process_time() - begin < seconds
    return result


def pdf(*contents: bytes, head: bytes = b"", pages: int = 1) -> bytes:
    """A PDF whose page, repeated, draws the first content; the others are forms /F1, /F2, ..."""
    forms = b" ".join(b"/F%d %d 0 R" % (n, 5 + n) for n in range(1, len(contents)))
    known = b"/Resources << /Font << /F 3 0 R >> /XObject << %s >> >>" % forms
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"4 0 R " * pages, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R %s >>" % known,
    ]
    for content in contents:
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] %s" % known
        objects.append(b"<< %s %s /Length %d >>\nstream\n%s\nendstream" % (form, head or b"", len(content), content))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(out),
    )  # fmt: skip


# ---------------------------------------------------------------- messages


@pytest.mark.parametrize("words", ["a\nb", "a\r\n  b", "a\x00b", "a \u2028b", "\x1b[2J", "a\x85b"])
def test_a_message_is_one_line_whatever_is_in_it(words: str) -> None:
    message = str(KgError(f"{words} and so on"))
    printable(message)
    assert message.isprintable()


def test_a_long_message_keeps_its_ends() -> None:
    message = one_line("begin " + "x" * 100_000 + " end.")
    assert len(message) < 1200
    assert message.startswith("begin xxx")
    assert message.endswith("xxx end.")
    assert one_line("two  spaces of a  name") == "two  spaces of a  name"


def test_an_error_of_turtle_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "g.ttl").write_text('<urn:x:a> <urn:x:b> "one\n\nline" .\n')
    with pytest.raises(GraphError) as caught:
        read_graph(tmp_path / "g.ttl")
    printable(str(caught.value))
    with pytest.raises(OntologyError) as told:
        load_ontology(extra=[tmp_path / "g.ttl"])
    printable(str(told.value))


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "9" * 5_000,
        "a = " + "[" * 20_000,
        "[" + "a." * 20_000 + "a]",
        "x" * 50_000 + " = 1",
        "[[merge]]\nnames = 1",
    ],
    ids=["a long number", "brackets", "dots", "a long key", "no list"],
)
def test_corrections_that_would_break_the_parser_are_one_line(text: str) -> None:
    with pytest.raises(CorrectionError) as caught:
        parse_corrections(text)
    printable(str(caught.value))


# ---------------------------------------------------------------- large and deep


@pytest.mark.parametrize("bit", ["</b>", "<b>", "word ", "x", "\u200b", "“", ". ", "**a"])
def test_two_megabytes_on_one_line_are_cut_in_time(bit: str) -> None:
    text = "x" + bit * (2_000_000 // len(bit)) + "\nAnna Berg met Bo Dahl.\n"
    blocks = within(15, lambda: blocks_of(text))
    assert isinstance(blocks, tuple)
    assert max(block.end - block.begin for block in blocks) <= LONGEST


@pytest.mark.parametrize(
    "bit", ["(", "&#0;", "\x01", "_", "| ", "’", "-", "1,", "A. ", "<a>", "\u00a0", "\t", "•", "a-"]
)
def test_a_long_run_of_marks_between_words_is_read_in_time(bit: str) -> None:
    text = f"Anna {bit * (9_000 // len(bit))} Berg met Bo Dahl. " * 40
    within(15, lambda: blocks_of(text))


def test_a_long_line_loses_no_word() -> None:
    text = f"{SENTENCE} " * 3_000
    assert "".join(text[b.begin : b.end] for b in blocks_of(text)).replace(" ", "") == text.replace(" ", "")


def test_a_long_run_of_capitals_is_no_label_and_is_read_in_time() -> None:
    text = f'"We will not sign," said Mr. {"D" * 4_000}. {SENTENCE}'
    assert within(15, lambda: extract(document_of(text), nlp.load(), load_ontology(), gazetteer.load()))


def test_appositions_that_point_at_each_other_end() -> None:
    text = (
        "National television has struck a bargain with Viaplay over handball: it shows the men, the Swedes the women, "
        "and TV2, owned by a friend of Pal Kovacs, the adverts."
    )
    assert extract(document_of(text), nlp.load(), load_ontology(), gazetteer.load())


def test_thirty_thousand_short_lines_are_blocks_in_time() -> None:
    blocks = within(15, lambda: blocks_of("Anna met Bo.\n" * 30_000))
    assert isinstance(blocks, tuple)
    assert len(blocks) == 30_000


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<blockquote>", "<svg>"])
def test_deep_pages_are_read_or_skipped_in_time(tag: str) -> None:
    page = f"<html><body>{tag * 30_000}<p>{SENTENCE}</p>".encode()
    try:
        assert within(15, lambda: decode_html(page))
    except UnreadableError as error:
        printable(str(error))


def test_a_page_that_is_one_frame_is_read_or_refused() -> None:
    page = f"<iframe srcdoc=<!DOCTYPE html><html><body><p>{SENTENCE} {SENTENCE}</p></body></html>".encode()
    with pytest.raises(UnreadableError, match="no text"):
        decode_html(page)


def test_pdf_bombs_are_refused_in_time() -> None:
    flood = zlib.compress(b" " * 90_000_000, 9)
    with pytest.raises(UnreadableError, match="Limit reached"):
        within(15, lambda: decode_pdf(pdf(flood, head=b"/Filter /FlateDecode")))
    twice = zlib.compress(flood, 9)
    with pytest.raises(UnreadableError, match="Limit reached"):
        within(15, lambda: decode_pdf(pdf(twice, head=b"/Filter [/FlateDecode /FlateDecode]")))


def test_a_pdf_that_draws_one_thing_again_and_again_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.decode.PDF_STEPS", 20_000)
    page = b"BT /F 9 Tf 40 760 Td " + b"(Anna) Tj " * 1_000 + b"ET"
    assert "Anna" in decode_pdf(pdf(page, pages=5)).text
    with pytest.raises(UnreadableError, match="more than 20,000 steps"):
        decode_pdf(pdf(page, pages=50))
    draws = [b"/F1 Do " * 10, b"/F2 Do " * 10, b"/F3 Do " * 10, b"BT /F 9 Tf (Anna) Tj ET"]
    with pytest.raises(UnreadableError, match="more than 20,000 steps"):
        within(15, lambda: decode_pdf(pdf(*draws)))


def test_a_pdf_with_a_filter_of_endless_name_is_refused_in_short() -> None:
    with pytest.raises(UnreadableError) as refused:
        decode_pdf(pdf(b"BT /F 12 Tf (Anna) Tj ET", head=b"/Filter /Fl" + b"9" * 4000))
    assert "Unsupported filter" in str(refused.value)
    assert len(str(refused.value)) <= 400


def test_a_pdf_with_a_filter_of_old_is_skipped() -> None:
    with pytest.raises(UnreadableError, match="the PDF is broken"):
        decode_pdf(pdf(b"BT ET", head=b"/Filter /Fl"))


def test_packed_bombs_are_skipped(tmp_path: Path) -> None:
    lines, triples = tmp_path / "a.jsonl.gz", tmp_path / "a.nt.gz"
    content = gzip.compress(b" " * (FREE + 1), 9)
    lines.write_bytes(content)
    triples.write_bytes(content)
    (record,) = read([lines])
    assert isinstance(record, Skip)
    assert "over the limit of" in record.reason or "unpacks to more than" in record.reason
    with pytest.raises(GraphError, match="unpacks to more than 200 times"):
        read_dump(triples)
    for name in ("a.jsonld.gz", "a.rdf.gz"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(GraphError, match="unpacks to more than 200 times"):
            read_dump(tmp_path / name)


def test_what_packs_well_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    words = b"".join(b"%d is the number of this line, which tells little.\n" % n for n in range(400_000))
    path.write_bytes(gzip.compress(words, 6))
    with open_packed(path) as stream:
        assert stream.read() == words
    assert len(words) > FREE


@pytest.mark.parametrize("cut", [b"\xff\xff\xff", b"\x00" * 20])
def test_a_damaged_gzip_file_is_one_line(cut: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(b"x" * 100)[:10] + cut)
    with pytest.raises(GraphError, match="is no whole gzip file"):
        read_dump(tmp_path / "a.nt.gz")


def test_a_feed_with_half_a_character_is_broken_not_fatal() -> None:
    feed = read_feed(b"<rss><channel><title>&#55296;<item><link>http://a.example/</link>", "https://news.example/")
    assert feed.broken


# ---------------------------------------------------------------- characters


@pytest.mark.parametrize("name", ["lines", "sidecar", "corrections", "ontology", "graph", "query", "ledger", "html"])
def test_odd_characters_and_markup_are_read_or_refused(name: str, tmp_path: Path) -> None:
    for n, word in enumerate((*CHARACTERS, *MARKUP)):
        quoted = word.replace("\\", "\\\\").replace('"', '\\"')
        forms = {
            "lines": f'{{"id": "{n}{quoted}", "text": "{SENTENCE} {quoted}", "title": "{quoted}"}}',
            "sidecar": f'{{"title": "{quoted}", "date": "{quoted}", "url": "{quoted}"}}',
            "corrections": f'[[rename]]\nname = "{quoted}"\nto = "{quoted} x"\n',
            "query": f'SELECT * {{ ?s rdfs:label "{quoted}" }}',
        }
        if name not in ("query", "ontology") or n % 6 == 0:
            data = forms.get(name, f'<urn:x:a> <http://www.w3.org/2000/01/rdf-schema#label> "{quoted}" .')
            TARGETS[name](data.encode(), tmp_path)
            TARGETS[name](word.encode(), tmp_path)


def test_odd_characters_in_a_text_reach_graph_and_page_whole(tmp_path: Path) -> None:
    text = f"{SENTENCE} " + " ".join(f"Anna{word} Berg praised Bo {word}Dahl." for word in (*CHARACTERS, *MARKUP))
    TARGETS["extraction"](text.encode(), tmp_path)
    TARGETS["build"](text.encode(), tmp_path)


# ---------------------------------------------------------------- files and folders

NAMES = [b"a b.txt", b"new\nline.txt", b"no-utf8-\xff.txt", b"esc\x1b[31m.txt", "\u202etxt.exe.txt".encode(),
         b"-o.txt", b"q'uo\"te.txt", b"back\\slash.txt", b"x" * 200 + b".txt"]  # fmt: skip


def kg(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process of its own, without a limit that a test did not set."""
    command = [sys.executable, "-m", "kg", *map(os.fsdecode, (str(a) if isinstance(a, Path) else a for a in arguments))]  # type: ignore[arg-type]
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, capture_output=options.get("stdout") is None, text=True, check=False, cwd=ROOT, timeout=120, **options
    )


def test_names_of_files_may_be_anything(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n, name in enumerate(NAMES):
        (folder / os.fsdecode(name)).write_text(f"{SENTENCE} She praised him {n} times.", encoding="utf-8")
        (folder / os.fsdecode(name.replace(b".txt", b".pdf"))).write_bytes(b"no pdf")
    ran = kg("build", folder, "-o", tmp_path / "out")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("skipped in") + ran.stdout.count(f"skipped {folder}") == len(NAMES)
    assert "\x1b" not in ran.stdout
    assert f"{len(NAMES)}|" in ran.stdout
    assert len(read_graph(tmp_path / "out" / "graph.ttl")) > 50


def test_a_sidecar_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.json").write_text('{"title": "secret"}')
    (folder / "a.txt").write_text(SENTENCE)
    (folder / "a.json").symlink_to(tmp_path / "secret.json")
    skipped = [record for record in read([folder]) if isinstance(record, Skip)]
    assert [Path(skip.path).name for skip in skipped] == ["a.json", "a.txt"]
    assert skipped[1].reason == "its sidecar a.json: a link out of the folder is not followed"


def test_a_link_to_a_sidecar_in_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE)
    (tmp_path / "known.json").write_text('{"title": "T"}')
    (tmp_path / "a.json").symlink_to("known.json")
    (record,) = [r for r in read([tmp_path]) if isinstance(r, Document)]
    assert record.title == "T"


def test_a_flood_of_a_sidecar_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE)
    (tmp_path / "a.json").write_text('{"title": "' + "x" * 1_000_001 + '"}')
    (record,) = read([tmp_path / "a.txt"])
    assert isinstance(record, Skip)
    assert "larger than 1 MB" in record.reason


def test_notes_and_skips_do_not_repeat_all_that_was_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "{SENTENCE}", "date": "{"x" * 9_000}", "id": "{"y" * 9_000}"}}\n' * 2)
    notes: list[Note] = []
    _, again = read([path], report=notes.append)
    assert max(len(note.text) for note in notes) < 200
    assert isinstance(again, Skip)
    assert len(again.reason) < 200


# ---------------------------------------------------------------- full disks and places that take nothing


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.ttl"
    write_graph(graph_of(*sample()), path)
    return path


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_an_answer_onto_a_full_disk_is_one_line(form: str, graph: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = kg("query", graph, "SELECT * { ?s ?p ?o }", "--format", form, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 1
    assert ran.stderr == "kg: the output cannot be written (No space left on device).\n"


@pytest.mark.parametrize(
    "command", [("export", "x.nt"), ("export", "x.gexf"), ("view", "x.html"), ("query", "store")], ids=" ".join
)
def test_a_full_disk_is_one_line_and_leaves_nothing(command: tuple[str, str], graph: Path, tmp_path: Path) -> None:
    verb, name = command
    arguments = ("query", graph, "disputed", "--store", tmp_path / name) if verb == "query" else (
        verb, graph, "-o", tmp_path / name)  # fmt: skip
    ran = kg(*arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)))
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"kg: {tmp_path / name}: ")
    assert "cannot be written" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_nothing_is_one_line(graph: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    folder = Path("/proc") if os.geteuid() == 0 else closed  # root may write everywhere but there
    for arguments in (("build", graph, "-o", folder / "out"), ("view", graph, "-o", folder / "x.html")):
        ran = kg(*arguments)
        assert ran.returncode == 1
        assert ran.stderr.count("\n") == 1
        assert ran.stderr.startswith(f"kg: {folder}/")


# ---------------------------------------------------------------- nothing is fetched, nothing is run

ALONE = """
import sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from hostile import TARGETS
CALLS = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system", "os.exec",
         "os.posix_spawn", "ftplib.connect", "urllib.Request", "webbrowser.open")
bad = []
sys.addaudithook(lambda event, arguments: bad.append((event, arguments)) if event in CALLS else None)
OUT = "http://127.0.0.1:9/x"
FILE = "file:///etc/passwd"
DTD = f'<!DOCTYPE r SYSTEM "{OUT}" [<!ENTITY e SYSTEM "{FILE}"><!ENTITY a "&e;&e;">]>'
PAGE = (f'<html><head><base href="{OUT}"><link rel="stylesheet" href="{OUT}"><meta http-equiv="refresh" content="0;url={OUT}">'
        f'<script src="{OUT}"></script></head><body><iframe src="{OUT}"></iframe><img src="{OUT}"><object data="{OUT}"></object>'
        f'<p>Anna Berg met Bo Dahl in Elvik on Monday, and they talked for three hours.</p></body></html>')
XML = f'<?xml version="1.0"?>{DTD}'
INPUTS = {
    "html": PAGE, "text": FILE, "unnamed": XML + PAGE,
    "lines": f'{{"text": "Anna Berg met Bo Dahl.", "url": "{OUT}", "@context": "{OUT}"}}',
    "sidecar": f'{{"url": "{OUT}", "title": "{FILE}"}}',
    "pdf": f"%PDF-1.4\\n1 0 obj\\n<< /Type /Catalog /OpenAction << /S /URI /URI ({OUT}) >> /AA << /S /Launch /F (/bin/sh) >> "
           f"/Pages 2 0 R >>\\nendobj\\n2 0 obj\\n<< /Type /Pages /Kids [] /Count 0 >>\\nendobj\\ntrailer << /Root 1 0 R >>",
    "jsonld": f'{{"@context": ["{OUT}", {{"@import": "{OUT}"}}], "@id": "urn:x:a"}}',
    "rdfxml": XML + f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xml:base="{OUT}">&a;</rdf:RDF>',
    "turtle": f"<urn:x:o> <http://www.w3.org/2002/07/owl#imports> <{OUT}> .",
    "ontology": f"<urn:x:o> <http://www.w3.org/2002/07/owl#imports> <{OUT}> .",
    "graph": f"<urn:x:o> <http://www.w3.org/2002/07/owl#imports> <{OUT}> .",
    "query": f"SELECT * FROM <{OUT}> {{ SERVICE <{OUT}> {{ ?s ?p ?o }} }}",
    "corrections": f'[[rename]]\\nname = "{OUT}"\\nto = "{FILE}"\\n',
    "feed": XML + f'<rss version="2.0" xml:base="{OUT}"><channel><title>&a;</title><item><link>{FILE}</link></item></channel></rss>',
    "ledger": '{"format": 1, "entities": [{"id": {"__class__": "os.system"}}]}',
    "record": "cos\\nsystem\\n(S'true'\\ntR.",
    "cache": "cos\\nsystem\\n(S'true'\\ntR.",
}
for name, text in INPUTS.items():
    with tempfile.TemporaryDirectory() as folder:
        TARGETS[name](text.encode(), Path(folder))
print(bad)
"""


def test_no_parser_calls_out_and_nothing_is_run() -> None:
    command = [sys.executable, "-c", ALONE, str(ROOT / "tests" / "support")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "[]\n"


def test_the_parser_of_rdf_has_no_way_to_fetch(tmp_path: Path) -> None:
    """Entities that stand for files or addresses are an error of the parser itself, should the check before it fail."""
    text = b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r xmlns="urn:x:">&e;</r>'
    with pytest.raises(SyntaxError):
        list(ox.parse(text, format=ox.RdfFormat.RDF_XML))
