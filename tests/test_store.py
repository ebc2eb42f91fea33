"""Graph files as stores: in memory and on disk, made once, made anew when the file changed, never over other things."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import graph_of, said, sample, story

from kg.errors import GraphError, OutputError
from kg.export import write_graph
from kg.store import ABOUT, GraphStore, in_memory, on_disk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "graph.ttl"
    write_graph(graph_of(*sample(), base="https://news.example/kb#"), file)
    return file


def quads(store: GraphStore) -> list[str]:
    return sorted(map(str, store.open()))


def test_disk_and_memory_hold_the_same(path: Path, tmp_path: Path) -> None:
    memory, disk = in_memory(path), on_disk(path, tmp_path / "a" / "store")
    assert quads(disk) == quads(memory)
    assert len(quads(disk)) > 100
    assert dict(disk.prefixes) == dict(memory.prefixes)
    assert disk.prefixes["id"] == "https://news.example/kb#"


def test_a_store_is_made_once_and_again_when_the_file_has_changed(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    first = quads(on_disk(path, folder))
    made = (folder / ABOUT).stat().st_mtime_ns
    assert quads(on_disk(path, folder)) == first
    assert (folder / ABOUT).stat().st_mtime_ns == made
    write_graph(graph_of(story("Anna Berg met Bo Dahl.", said("Anna Berg", "met", "Bo Dahl"))), path)
    again = quads(on_disk(path, folder))
    assert again == quads(in_memory(path))
    assert again != first
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["graph.ttl", "store"], "no half-made store is left"


def test_several_can_read_one_store(path: Path, tmp_path: Path) -> None:
    found = on_disk(path, tmp_path / "store")
    one, other = found.open(), found.open()
    assert len(one) == len(other)


def test_a_folder_of_other_things_is_left_alone(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "a.jpg").write_bytes(b"x")
    with pytest.raises(GraphError, match="photos: is no store of a graph, and is left as it is"):
        on_disk(path, other)
    with pytest.raises(GraphError, match="no store of a graph"):
        on_disk(path, path)
    assert [entry.name for entry in other.iterdir()] == ["a.jpg"]
    (tmp_path / "empty").mkdir()
    assert len(on_disk(path, tmp_path / "empty").open()) > 100


def test_a_broken_or_missing_file_is_one_clear_error_and_leaves_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"no\.ttl: cannot be read"):
        on_disk(tmp_path / "no.ttl", tmp_path / "store")
    (tmp_path / "bad.ttl").write_text("<http://x/a> <http://x/b> .")
    with pytest.raises(GraphError, match=r"bad\.ttl: is not valid Turtle \(.*line 1"):
        on_disk(tmp_path / "bad.ttl", tmp_path / "store")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        on_disk(path, tmp_path / "file" / "store")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["bad.ttl", "file", "graph.ttl"]


def test_a_long_file_keeps_its_prefixes(tmp_path: Path) -> None:
    file = tmp_path / "long.ttl"
    triples = "".join(f"x:{n} x:p '{'y' * 40} {n}' .\n" for n in range(3000))
    file.write_text("@prefix x: <http://x.example/> .\n" + triples)
    assert in_memory(file).prefixes["x"] == on_disk(file, tmp_path / "s").prefixes["x"] == "http://x.example/"
