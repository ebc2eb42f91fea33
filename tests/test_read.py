"""Files of every sort, made here, and what comes back: documents, skips, notes."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.read import Note, document_of, read
from kg.types import Document, Skip

BODY = "The two ministers met in Oslo on Tuesday and talked about fishing rights for three hours."
TEXT = f"Ministers talk fish in Oslo\n\n{BODY}\n"


def write(folder: Path, name: str, content: str | bytes = TEXT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one(path: Path, **options: object) -> Document:
    (record,) = read([path], **options)  # type: ignore[arg-type]
    assert isinstance(record, Document), record
    return record


def reason(path: Path, **options: object) -> str:
    (record,) = read([path], **options)  # type: ignore[arg-type]
    assert isinstance(record, Skip), record
    assert "\n" not in record.reason
    return record.reason


def pdf(*pages: list[str]) -> bytes:
    """A small PDF, written by hand, with these lines on its pages."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 40 760 Td {shown}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(out))
    )


PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ministers talk fish - Harbour Times</title>
<meta property="og:title" content="Ministers talk fish in Oslo">
<meta property="og:site_name" content="Harbour Times">
<meta property="article:published_time" content="2023-03-07T10:00:00Z">
<link rel="canonical" href="https://harbour.example/2023/fish">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Ministers talk fish in Oslo</h1>
<p>The two ministers met in Oslo on Tuesday and talked about fishing rights for three hours, said Jane Roe.</p>
<p>Her colleague John Doe, who had come from Freedonia the evening before, agreed to sign the accord &amp; left.</p>
<p>Neither of them wanted to speak of the herring quarrel, which has soured the summer for both of their crews.</p>
</article><footer>Copyright 2023 Harbour Times</footer></body></html>"""


# ---------------------------------------------------------------- text files


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_text_file_is_taken_verbatim(tmp_path: Path, newline: str) -> None:
    text = TEXT.replace("\n", newline) + "  “Ünïcode” 🐟  "
    document = one(write(tmp_path, "fish.txt", text))
    assert document.text == text
    assert document.title == "Ministers talk fish in Oslo"
    assert [document.text[b.begin : b.end] for b in document.blocks] == [
        "Ministers talk fish in Oslo",
        BODY,
        "“Ünïcode” 🐟",
    ]
    assert document.path == str(tmp_path / "fish.txt")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), None),
        (TEXT.encode("utf-16"), "utf-16"),
        (("Министры встретились в Осло и говорили о правах на рыбу. " * 5).encode("cp1251"), "cp1251"),
        ((TEXT * 3 + "The café’s owner – a naïve man – said “no”.").encode("cp1252"), "cp1252"),
    ],
    ids=["UTF-8 with mark", "UTF-16", "Cyrillic", "Windows"],
)
def test_other_encodings_are_told_and_reported(tmp_path: Path, data: bytes, encoding: str | None) -> None:
    notes: list[Note] = []
    document = one(write(tmp_path, "fish.txt", data), report=notes.append)
    assert document.text.startswith(("Ministers talk fish", "Министры встретились"))
    assert "\ufffd" not in document.text
    assert [encoding in note.text for note in notes if encoding] == ([True] if encoding else [])
    assert bool(notes) == bool(encoding)
    if encoding == "cp1252":
        assert "café’s owner – a naïve man – said “no”" in document.text


def test_one_wrong_byte_does_not_make_utf8_something_else(tmp_path: Path) -> None:
    notes: list[Note] = []
    data = (TEXT + "Ærø, Tromsø, Bodø, Ålesund – “yes”. " * 60).encode() + b"\xff"
    document = one(write(tmp_path, "fish.txt", data), report=notes.append)
    assert "Ærø, Tromsø" in document.text
    assert "replaced" in notes[0].text


def test_mojibake_is_mended_before_offsets_are_counted(tmp_path: Path) -> None:
    notes: list[Note] = []
    broken = "“We donâ€™t sign,” said Jane Roe of TromsÃ¸, and left the room."
    document = one(write(tmp_path, "fish.txt", TEXT + broken), report=notes.append)
    last = document.blocks[-1]
    assert document.text[last.begin : last.end] == "“We don’t sign,” said Jane Roe of Tromsø, and left the room."
    assert "mended in 1 line" in notes[0].text


# ---------------------------------------------------------------- what is known of a document


def test_a_sidecar_gives_title_date_url_and_publisher(tmp_path: Path) -> None:
    path = write(tmp_path, "fish.txt")
    known = {"title": "Fish", "date": "2023-03-07", "url": "https://h.example/1", "publisher": "Harbour Times", "x": 1}
    write(tmp_path, "fish.json", json.dumps(known))
    document = one(path)
    assert (document.title, document.date) == ("Fish", dt.date(2023, 3, 7))
    assert (document.url, document.publisher) == ("https://h.example/1", "Harbour Times")
    assert [r.path for r in read([tmp_path])] == [str(path)]


@pytest.mark.parametrize("broken", ["{not json", "[1, 2]", ""])
def test_a_broken_sidecar_skips_its_document_and_is_named(tmp_path: Path, broken: str) -> None:
    path = write(tmp_path, "fish.txt")
    write(tmp_path, "fish.json", broken)
    assert "sidecar fish.json" in reason(path)


def test_a_date_that_is_none_is_reported_and_left_out(tmp_path: Path) -> None:
    notes: list[Note] = []
    path = write(tmp_path, "fish.txt")
    write(tmp_path, "fish.json", json.dumps({"date": "last spring", "title": 7}))
    assert one(path, report=notes.append).date is None
    assert [note.path for note in notes] == [str(tmp_path / "fish.json")] * 2
    assert any("last spring" in note.text for note in notes)


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("Friday, August 21, 2015", dt.date(2015, 8, 21)),
        ("Thursday, May 7, 2015 On Tuesday, the ministers met.", dt.date(2015, 5, 7)),
        ("July 6, 2023", dt.date(2023, 7, 6)),
        ("6 July 2023", dt.date(2023, 7, 6)),
        ("2023-07-06", dt.date(2023, 7, 6)),
        ("Published: 6 July 2023 at 10:15 AM", dt.date(2023, 7, 6)),
        ("OSLO, July 6, 2023 (Harbour News) - The ministers met.", dt.date(2023, 7, 6)),
        ("OSLO, Norway, Sept. 6, 2023 — The ministers met.", dt.date(2023, 9, 6)),
        ("On July 6, 2023, the ministers met.", None),
        ("July 6, 2023 was the day on which the ministers met.", None),
        ("The accord of July 6, 2023", None),
        ("February 30, 2023", None),
        ("03/04/2023", None),
        ("Friday", None),
    ],
)
def test_the_dateline_dates_a_document(tmp_path: Path, head: str, date: dt.date | None) -> None:
    assert one(write(tmp_path, "fish.txt", f"Ministers talk fish\n\n{head}\n\n{BODY}")).date == date


def test_the_given_date_is_for_documents_that_tell_none(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", f"Fish\n\nJuly 6, 2023\n\n{BODY}")
    write(tmp_path, "b.txt")
    dates = [r.date for r in read([tmp_path], date=dt.date(2020, 1, 1)) if isinstance(r, Document)]
    assert dates == [dt.date(2023, 7, 6), dt.date(2020, 1, 1)]


# ---------------------------------------------------------------- JSON Lines


def test_json_lines_give_one_document_a_line(tmp_path: Path) -> None:
    records = [
        {"id": "a/1", "text": "Roe met Doe.\r\n", "title": "T", "date": "2023-07-06T10:00:00Z", "url": "u"},
        {"id": 7, "text": "donâ€™t", "publisher": "P", "date": "6 July 2023"},
    ]
    path = write(tmp_path, "all.jsonl", "\ufeff" + "\n\n".join(json.dumps(record) for record in records))
    first, second = read([path])
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.id, first.text, first.title, first.url) == ("a/1", "Roe met Doe.\r\n", "T", "u")
    assert (second.id, second.text, second.publisher) == ("7", "donâ€™t", "P")  # verbatim
    assert first.date == second.date == dt.date(2023, 7, 6)
    assert second.path == f"{path}:3"


def test_packed_json_lines_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "all.jsonl.gz", gzip.compress(b'{"id": "a", "text": "Roe met Doe."}\n'))
    assert one(path).id == "a"
    assert "cannot be read" in reason(write(tmp_path, "torn.jsonl.gz", path.read_bytes()[:-12]))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{broken", "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"id": "x"}', "no 'text'"),
        (b'{"id": "x", "text": null}', "no 'text'"),
        (b'{"id": ["x"], "text": "Roe met Doe."}', "'id'"),
        (b'{"id": "x", "text": "\xff"}', "not UTF-8"),
        (b'{"id": "x", "text": "\\ud83d"}', "surrogate"),
        (b'{"id": "x", "text": "  "}', "no text"),
        (b'{"id": "a", "text": "Another."}', "its id 'a' is that of"),
        (b'{"id": "a", "text": "Roe met Doe."}', "the same document as"),
        (b'{"id": "x", "text": "' + b"a" * 300 + b'"}', "over the limit"),
    ],
)
def test_a_bad_line_is_one_skip_naming_file_and_line(tmp_path: Path, line: bytes, why: str) -> None:
    good = b'{"id": "a", "text": "Roe met Doe."}\n'
    path = write(tmp_path, "all.jsonl", good + line + b"\n" + good.replace(b'"a"', b'"b"'))
    first, bad, last = read([path], limit=200)
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, Skip)
    assert bad.path == f"{path}:2"
    assert why in bad.reason


# ---------------------------------------------------------------- HTML and PDF


def test_the_article_of_a_page_without_its_menu(tmp_path: Path) -> None:
    document = one(write(tmp_path, "fish.html", PAGE))
    assert "Her colleague John Doe, who had come from Freedonia the evening before" in document.text
    assert "accord & left" in document.text
    assert not {"Home", "Sport", "<p>"} & set(document.text.split())
    assert document.title == "Ministers talk fish in Oslo"
    assert document.date == dt.date(2023, 3, 7)
    assert document.publisher == "Harbour Times"
    assert document.url == "https://harbour.example/2023/fish"


def test_a_page_declares_its_encoding(tmp_path: Path) -> None:
    page = PAGE.replace('charset="utf-8"', 'charset="windows-1252"').replace("Jane Roe", "Zoë Müller")
    assert "Zoë Müller" in one(write(tmp_path, "fish.htm", page.encode("cp1252"))).text


def test_a_small_page_is_taken_whole(tmp_path: Path) -> None:
    assert "Roe met Doe in Oslo." in one(write(tmp_path, "s.html", "<html><body><p>Roe met Doe in Oslo.</p>")).text


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>var a = 1;</script></body></html>", "<"])
def test_a_page_without_text_is_skipped(tmp_path: Path, page: str) -> None:
    reason(write(tmp_path, "empty.html", page))


def test_a_pdf_is_read_and_its_paragraphs_joined(tmp_path: Path) -> None:
    first = [
        "Ministers talk fish in Oslo",
        "The two ministers met in Oslo on Tuesday and talked about fishing",
        "rights for three hours. Jane Roe, the minister of Ruritania, said",
        "that nobody would leave the table before the accord was signed by",
        "all of the five nations.",
        "1",
    ]
    document = one(write(tmp_path, "fish.pdf", pdf(first, ["Her colleague John Doe agreed to it."])))
    words = [(b.kind, " ".join(document.text[b.begin : b.end].split())) for b in document.blocks]
    assert words[0] == ("heading", "Ministers talk fish in Oslo")
    assert ("prose", " ".join(first[1:5])) in words
    assert words[-1] == ("prose", "Her colleague John Doe agreed to it.")
    assert ("furniture", "1") in words


@pytest.mark.parametrize(
    ("data", "why"),
    [(pdf([]), "no text"), (b"%PDF-1.4 and then nothing", "broken"), (pdf(["Roe met Doe."])[:300], "broken")],
    ids=["blank page", "only a head", "torn"],
)
def test_a_pdf_without_text_is_skipped(tmp_path: Path, data: bytes, why: str) -> None:
    assert why in reason(write(tmp_path, "bad.pdf", data))


# ---------------------------------------------------------------- folders and order


def test_files_come_in_the_order_given_and_folders_sorted(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "b/a/9.txt", "b/.hidden.txt", "b/.git/x.txt", "z.txt", "c.txt"):
        write(tmp_path, name, f"{name} is a file. {BODY}")
    found = read([tmp_path / "z.txt", tmp_path / "b", tmp_path / "c.txt"])
    assert [r.path and Path(r.path).relative_to(tmp_path).as_posix() for r in found] == [
        "z.txt",
        "b/1.txt",
        "b/2.txt",
        "b/a/9.txt",
        "c.txt",
    ]


def test_reading_is_lazy(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    records = read([tmp_path / "a.txt", write(tmp_path, "b.txt", "Roe met Doe.")])
    next(records)
    (tmp_path / "b.txt").unlink()
    assert isinstance(next(records), Skip)


def test_ids_depend_on_name_and_content_not_on_the_folder(tmp_path: Path) -> None:
    here, there = write(tmp_path, "a/fish.txt"), write(tmp_path, "b/fish.txt")
    other, renamed = write(tmp_path, "c/fish.txt", TEXT + "More."), write(tmp_path, "d/cod.txt")
    assert one(here).id == one(there).id
    assert len({one(path).id for path in (here, other, renamed)}) == 3
    again = list(read([here, there, renamed]))
    assert [type(record) for record in again] == [Document, Skip, Document]
    assert "the same document as" in again[1].reason  # type: ignore[union-attr]


def test_links_do_not_lead_out_of_a_folder_nor_in_circles(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside.txt")
    folder = tmp_path / "in"
    write(folder, "a.txt", "Roe met Doe.")
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    (folder / "lost.txt").symlink_to(tmp_path / "nowhere.txt")
    (folder / "out.txt").symlink_to(outside)
    records = list(read([folder]))
    assert [Path(r.path or "").name for r in records] == ["a.txt", "circle", "lost.txt", "out.txt"]
    assert [isinstance(r, Skip) for r in records] == [False, True, True, True]


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n", "empty"),
        ("binary.txt", bytes(range(256)) * 40, "binary"),
        ("menu.txt", b"Home\nNews\nSport\nContact us\nSubscribe now\n", "furniture"),
        ("marks.txt", b"###\n\n***\n", "furniture"),
        ("lines.jsonl", b"\n\n", "empty"),
        ("alone.json", b"{}", ".json"),
        ("huge.txt", b"Roe met Doe. " * 100, "over the limit"),
    ],
)
def test_one_clear_skip_each(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    assert why in reason(write(tmp_path, name, content), limit=11_000 if "binary" in name else 1_000)


def test_a_missing_path_raises_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.txt: no such file or folder"):
        read([write(tmp_path, "a.txt"), tmp_path / "nowhere.txt"])


def test_a_bad_file_among_good_ones(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "b.pdf", b"no pdf")
    write(tmp_path, "c.png", b"\x89PNG")
    write(tmp_path, "d.txt", "Roe met Doe.")
    assert [type(record) for record in read([tmp_path])] == [Document, Skip, Skip, Document]


def test_an_empty_folder_and_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no file" in reason(tmp_path / "none")
    assert "no regular file" in reason(tmp_path / "pipe.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, "secret.txt")
    path.chmod(0)
    assert "Permission denied" in reason(path)


@pytest.mark.parametrize(("name", "content"), [("page", PAGE), ("paper", pdf([BODY])), ("note", TEXT)])
def test_a_file_without_an_ending_is_told_by_how_it_begins(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert "ministers met in Oslo" in one(write(tmp_path, name, content)).text


def test_document_of_needs_only_a_text() -> None:
    document = document_of("Roe met Doe.")
    assert document.text == "Roe met Doe."
    assert document.id == document_of("Roe met Doe.").id
    assert [block.kind for block in document.blocks] == ["prose"]
    assert document_of("x", id="a", title="t").id == "a"
