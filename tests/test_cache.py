"""The cache: the same bytes as without it, only what changed is extracted, and no file on disk can harm a build."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sqlite3
import zlib
from pathlib import Path

import msgspec
import pytest
from rdflib import RDF, RDFS, Literal, Namespace
from shared_folder import ROOT
from spacy.language import Language

import kg
from kg import cache as kept
from kg import fingerprint, ontology
from kg.cache import FILE, Cache
from kg.extraction import extract
from kg.fingerprint import key_of
from kg.gazetteer import load as load_gazetteer
from kg.ids import DEFAULT_MODEL, ONTOLOGY
from kg.read import document_of
from kg.records import BrokenRecordError, from_bytes, to_bytes
from kg.types import Block, Document, Extraction

KG = Namespace(ONTOLOGY)
STORIES = {
    "one": "Anna Berg met Paul Stein in Vienna on Monday. Berg is the president of the Danube Institute.\n",
    "two": 'The Danube Institute denied that Anna Berg had met Paul Stein. "We wait," said Stein.\n',
    "three": "Maria Holm visited Oslo in May. She was born on 2 March 1975.\n",
}


def _write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


@pytest.fixture(scope="module")
def said(pipeline: Language) -> list[Extraction]:
    """What the dispatches of the project say."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    documents = [document_of(text, date=dt.date(2024, 5, 2)) for text in [*STORIES.values(), *texts]]
    return [extract(document, pipeline, ontology.load(), load_gazetteer()) for document in documents]


# ---------------------------------------------------------------- records


def test_a_record_read_back_is_the_extraction_and_small(said: list[Extraction]) -> None:
    for extraction in said:
        record = to_bytes(extraction)
        assert from_bytes(record, extraction.document) == extraction
        assert to_bytes(from_bytes(record, extraction.document)) == record
    words = sum(len(extraction.document.text.split()) for extraction in said)
    assert sum(len(to_bytes(extraction)) for extraction in said) < 30 * words


def test_the_bytes_of_a_record_hold_no_document(said: list[Extraction]) -> None:
    other = dataclasses.replace(said[0].document, id="another", path="elsewhere")
    assert from_bytes(to_bytes(said[0]), other) == dataclasses.replace(said[0], document=other)


def _packed(value: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(value))


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"no record",
        zlib.compress(b""),
        zlib.compress(b"\x80\x04K\x01."),
        _packed([]),
        _packed([[], [], [], [], []]),
        _packed([[{"id": 1, "type": "Person", "name": None, "aliases": []}], [], [], [], [], []]),
        _packed([[{"id": "e1", "type": "Fish", "name": None, "aliases": []}], [], [], [], [], []]),
        _packed([[[[[]]]]] * 6),
    ],
)
def test_what_is_no_record_is_refused(record: bytes, said: list[Extraction]) -> None:
    with pytest.raises(BrokenRecordError):
        from_bytes(record, said[0].document)


def test_a_record_with_a_byte_changed_or_lost_is_refused(said: list[Extraction]) -> None:
    record = to_bytes(said[0])
    for place in range(0, len(record), 7):
        with pytest.raises(BrokenRecordError):
            from_bytes(record[:place], said[0].document)
        changed = bytearray(record)
        changed[place] ^= 0x55
        with pytest.raises(BrokenRecordError):
            from_bytes(bytes(changed), said[0].document)


def test_an_extraction_knows_neither_id_nor_path_of_its_document(said: list[Extraction], pipeline: Language) -> None:
    for extraction in said[:6]:
        other = dataclasses.replace(extraction.document, id="zz-another", path="/elsewhere/zz.txt")
        again = extract(other, pipeline, ontology.load(), load_gazetteer())
        assert again == dataclasses.replace(extraction, document=other)


# ---------------------------------------------------------------- keys


DOCUMENT = Document(id="a", text="Anna Berg left.", blocks=(Block(begin=0, end=15, kind="prose"),))


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Anna Berg left!"},
        {"blocks": (Block(begin=0, end=15, kind="heading"),)},
        {"blocks": ()},
        {"title": "x"},
        {"title": ""},
        {"date": dt.date(2024, 5, 2)},
        {"url": "https://example.org/"},
        {"publisher": "x"},
        {"title": "None"},
    ],
)
def test_what_reaches_an_extraction_is_in_the_key(change: dict[str, object]) -> None:
    assert key_of(dataclasses.replace(DOCUMENT, **change), "mark") != key_of(DOCUMENT, "mark")  # type: ignore[arg-type]


def test_what_does_not_is_not() -> None:
    assert key_of(dataclasses.replace(DOCUMENT, id="b", path="p"), "mark") == key_of(DOCUMENT, "mark")
    assert key_of(DOCUMENT, "other") != key_of(DOCUMENT, "mark")


def test_another_ontology_code_or_model_is_another_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = tmp_path / "mine.ttl"
    extra.write_text("# one\n", encoding="utf-8")
    plain, mine = fingerprint.fingerprint(DEFAULT_MODEL, ()), fingerprint.fingerprint(DEFAULT_MODEL, (extra,))
    extra.write_text("# two\n", encoding="utf-8")
    changed = fingerprint.fingerprint(DEFAULT_MODEL, (extra,))
    model = tmp_path / "model"
    model.mkdir()
    (model / "meta.json").write_text("{}", encoding="utf-8")
    other = fingerprint.fingerprint(str(model), ())
    (model / "meta.json").write_text('{"version": "2"}', encoding="utf-8")
    newer = fingerprint.fingerprint(str(model), ())
    package = tmp_path / "kg"
    (package / "tables").mkdir(parents=True)
    (package / "tables" / "x.tsv").write_text("a\n", encoding="utf-8")
    monkeypatch.setattr(fingerprint, "PACKAGE", package)
    marks = [plain, mine, changed, other, newer]
    for table in ("a\n", "b\n"):
        (package / "tables" / "x.tsv").write_text(table, encoding="utf-8")
        fingerprint._code.cache_clear()
        marks.append(fingerprint.fingerprint(DEFAULT_MODEL, ()))
    fingerprint._code.cache_clear()
    assert len(set(marks)) == len(marks)


# ---------------------------------------------------------------- builds


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of stories, and a cache that a build of them filled."""
    home = tmp_path_factory.mktemp("warm")
    kg.build(_write(home / "in", **STORIES), cache=home / "cache")
    return home / "in", home / "cache"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_build_from_the_cache_gives_the_bytes_of_a_cold_one(
    jobs: int, warm: tuple[Path, Path], tmp_path: Path
) -> None:
    cold = kg.build(warm[0], out=tmp_path / "cold", jobs=jobs)
    built = kg.build(warm[0], out=tmp_path / "warm", cache=warm[1], jobs=jobs)
    assert (cold.summary.cached, built.summary.cached) == (0, 3)
    assert _bytes(tmp_path / "cold") == _bytes(tmp_path / "warm")
    assert cold.extractions == built.extractions
    assert built.summary.notes == ()


def test_one_changed_document_is_extracted_and_one_deleted_takes_exactly_its_claims(tmp_path: Path) -> None:
    folder = _write(tmp_path / "in", **STORIES)
    kg.build(folder, cache=tmp_path / "cache")
    _write(folder, three="Maria Holm visited Bergen in May.\n")
    changed = kg.build(folder, cache=tmp_path / "cache", out=tmp_path / "warm")
    assert changed.summary.cached == 2
    assert Literal("Bergen") in set(changed.graph.objects(None, RDFS.label))
    assert Literal("Oslo") not in set(changed.graph.objects(None, RDFS.label))
    kg.build(folder, out=tmp_path / "cold")
    assert _bytes(tmp_path / "cold") == _bytes(tmp_path / "warm")

    def claims(built: kg.Built) -> dict[str, set[object]]:
        found: dict[str, set[object]] = {}
        for claim in built.graph.subjects(RDF.type, KG.Claim):
            for evidence in built.graph.objects(claim, KG.evidence):
                found.setdefault(str(built.graph.value(evidence, KG.quote)), set()).add(claim)
        return found

    before = claims(changed)
    (folder / "three.txt").unlink()
    after = kg.build(folder, cache=tmp_path / "cache")
    assert after.summary.cached == 2
    gone = {quote: ids for quote, ids in before.items() if quote.startswith("Maria Holm")}
    assert gone
    assert claims(after) == {quote: ids for quote, ids in before.items() if quote not in gone}


def test_documents_of_the_same_text_keep_their_own_names(tmp_path: Path) -> None:
    lines = [json.dumps({"id": name, "text": STORIES["one"]}) for name in ("a", "b")]
    (tmp_path / "two.jsonl").write_text("\n".join(lines), encoding="utf-8")
    built = kg.build(tmp_path / "two.jsonl", cache=tmp_path / "cache")
    assert [extraction.document.id for extraction in built.extractions] == ["a", "b"]


def test_a_word_added_to_the_ontology_is_not_missed(warm: tuple[Path, Path], tmp_path: Path) -> None:
    extra = tmp_path / "mine.ttl"
    extra.write_text(
        "@prefix kg: <https://kg.example/ontology#> .\n@prefix lex: <https://kg.example/lexicon/en#> .\n"
        'lex:wait a kg:VerbEntry ; kg:says kg:visited ; kg:word "wait" ; kg:frame "subj in" .\n',
        encoding="utf-8",
    )
    assert kg.build(warm[0], cache=warm[1], ontology_files=[extra]).summary.cached == 0
    assert kg.build(warm[0], cache=warm[1]).summary.cached == 3


def test_another_day_for_documents_without_one_is_not_missed(warm: tuple[Path, Path]) -> None:
    assert kg.build(warm[0], cache=warm[1], date=dt.date(2024, 5, 2)).summary.cached == 0


def test_extract_each_uses_and_fills_it(tmp_path: Path) -> None:
    folder = _write(tmp_path / "in", **STORIES)
    first = list(kg.extract_each(folder, cache=tmp_path / "cache"))
    assert kept.state(tmp_path / "cache").entries == 3
    assert list(kg.extract_each(folder, cache=tmp_path / "cache")) == first
    assert kept.state(tmp_path / "cache").last_hits == 3


# ---------------------------------------------------------------- files that are wrong


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE bookmarks (x)")
    file.close()


def _of_another_version(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()


def _without_tables(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("DROP TABLE record")
    file.close()


def _holes(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 + 8 :] = b"\xa5" * (len(data) - 4096 - 8)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b"no database at all" * 500),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        _holes,
        _foreign,
        _of_another_version,
        _without_tables,
    ],
    ids=["garbage", "cut off", "holes", "foreign", "another version", "no tables"],
)
def test_a_wrong_file_is_set_aside_and_the_build_is_whole(
    harm: object, warm: tuple[Path, Path], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    kg.build(warm[0], cache=cache, out=tmp_path / "cold")
    if harm is _foreign:
        (cache / FILE).unlink()
    harm(cache / FILE)  # type: ignore[operator]
    built = kg.build(warm[0], cache=cache, out=tmp_path / "warm")
    assert _bytes(tmp_path / "cold") == _bytes(tmp_path / "warm")
    assert len(built.summary.notes) == 1
    assert f"{FILE}.damaged" in built.summary.notes[0]
    assert (cache / f"{FILE}.damaged").is_file()
    again = kg.build(warm[0], cache=cache)
    assert (again.summary.cached, again.summary.notes) == (3, ())


def test_a_wrong_record_is_thrown_out_with_a_note(warm: tuple[Path, Path], tmp_path: Path) -> None:
    kg.build(warm[0], cache=tmp_path, out=tmp_path / "cold")
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE record SET value = x'00ff' WHERE rowid = 1")
        file.execute("UPDATE record SET value = 'text' WHERE rowid = 2")
    file.close()
    built = kg.build(warm[0], cache=tmp_path, out=tmp_path / "warm")
    assert built.summary.cached == 1
    assert ["is broken" in note for note in built.summary.notes] == [True]
    assert _bytes(tmp_path / "cold") == _bytes(tmp_path / "warm")
    assert kg.build(warm[0], cache=tmp_path).summary.cached == 3


def test_no_place_to_write_is_a_note(warm: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    built = kg.build(warm[0], cache=tmp_path / "file" / "cache")
    assert built.summary.documents == 3
    assert ["is not used" in note for note in built.summary.notes] == [True]


# ---------------------------------------------------------------- the bound


def test_what_was_used_least_recently_goes_first(tmp_path: Path) -> None:
    with Cache(tmp_path, limit=1000) as cache:
        for n in range(8):
            cache.put(bytes([n]), b"x" * 100)
    with Cache(tmp_path, limit=1000) as cache:
        assert cache.get(b"\0") is not None
        assert cache.get(b"\1") is not None
        for n in range(8, 12):
            cache.put(bytes([n]), b"x" * 100)
        assert cache.get(b"\0") is not None, "used in this run"
        assert cache.get(b"\2") is None
        assert cache.get(b"\x0b") is not None
    assert kept.state(tmp_path).bytes <= 1000


def test_a_smaller_limit_shrinks_it_and_what_is_larger_is_not_kept(tmp_path: Path) -> None:
    with Cache(tmp_path, limit=10_000) as cache:
        for n in range(50):
            cache.put(bytes([n]), b"x" * 100)
    with Cache(tmp_path, limit=1000) as cache:
        cache.put(b"large", b"x" * 2000)
    state = kept.state(tmp_path)
    assert 500 <= state.bytes <= 1000


def test_a_build_with_a_tiny_cache_is_whole(warm: tuple[Path, Path], tmp_path: Path) -> None:
    kg.build(warm[0], out=tmp_path / "cold")
    built = kg.build(warm[0], cache=tmp_path / "cache", cache_limit=900, out=tmp_path / "warm")
    assert _bytes(tmp_path / "cold") == _bytes(tmp_path / "warm")
    assert built.summary.notes == ()
    assert kept.state(tmp_path / "cache").bytes <= 900


# ---------------------------------------------------------------- where it lies


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "own"))
    assert kept.default_folder() == tmp_path / "own"
    monkeypatch.delenv("KG_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept.default_folder() == tmp_path / "kg"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert kept.default_folder() == tmp_path / "home" / ".cache" / "kg"


def test_two_at_once_and_clearing(tmp_path: Path) -> None:
    with Cache(tmp_path) as one, Cache(tmp_path) as other:
        one.put(b"a", b"1")
        assert other.get(b"a") == b"1"
        other.put(b"b", b"2")
        assert one.get(b"b") == b"2"
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    assert kept.clear(tmp_path).entries == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert kept.state(tmp_path).entries == 0
