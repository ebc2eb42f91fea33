"""What documents said, kept on disk under their keys: one SQLite file, bounded in size, that a build never depends on.

A file that is damaged or another program's is renamed, told of, and a new one begun; where nothing can be written
the build goes on without.  Each record is committed as it comes, so that a killed build leaves what it has done.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

VARIABLE = "KG_CACHE"
"""The environment variable that names the folder of the cache."""
FILE = "extractions.sqlite"
LIMIT = 1_000_000_000
"""Bytes of records that are kept unless told otherwise."""

_PATIENCE = 30.0  # seconds that a build waits for another that is writing
_SLACK = 0.9  # what is thrown out goes down to this share of the limit, so that it is not done for every record
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS record (
    key BLOB PRIMARY KEY, value BLOB NOT NULL, bytes INTEGER NOT NULL, used INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS record_by_use ON record (used, bytes);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO state VALUES ('runs', 0), ('hits', 0), ('misses', 0), ('last hits', 0), ('last misses', 0);
PRAGMA application_id = 1802971491;
PRAGMA user_version = 1;
COMMIT;
"""
_APPLICATION, _VERSION = 1802971491, 1  # as the schema has them: SQLite's place for telling whose file it is
_FOREIGN = "it is another program's, or of another version"

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A cache in numbers: its records, their bytes, those of its files; hits and misses of all builds and the last."""

    path: Path
    entries: int
    bytes: int
    on_disk: int
    runs: int
    hits: int
    misses: int
    last_hits: int
    last_misses: int


class Cache:
    """An open cache.  No method raises for what is wrong with the file: `get` finds nothing, `put` keeps nothing."""

    def __init__(self, folder: Path, *, limit: int = LIMIT, report: Report | None = None) -> None:
        self.path = folder / FILE
        self.hits = self.misses = 0
        self._limit = limit
        self._report = report or (lambda note: None)
        self._used: list[bytes] = []
        self._bytes = self._run = 0
        self._file: sqlite3.Connection | None = None
        self._begin()

    def get(self, key: bytes) -> bytes | None:
        """The record under a key, or None."""
        found = None
        with self._mending():
            if self._file is not None:
                row = self._file.execute("SELECT value FROM record WHERE key = ?", (key,)).fetchone()
                found = row[0] if row and isinstance(row[0], bytes) else None
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
            self._used.append(key)
        return found

    def refuse(self, key: bytes, why: str) -> None:
        """Takes back the hit of a record that turned out to be broken, and throws it out."""
        self._report(f"a record of the cache {self.path} is broken ({why}); its document was read anew")
        self.hits -= 1
        self.misses += 1
        with self._mending():
            if self._file is not None:
                self._file.execute("DELETE FROM record WHERE key = ?", (key,))

    def put(self, key: bytes, value: bytes) -> None:
        """Keeps a record; it is on disk when this returns.  What was used least recently goes when it gets too much."""
        if len(value) > self._limit:
            return
        with self._mending():
            if self._file is not None:
                self._file.execute(
                    "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", (key, value, len(value), self._run)
                )
                self._bytes += len(value)
                if self._bytes > self._limit:
                    self._throw_out()

    def close(self) -> None:
        """Writes down what was used, and closes the file."""
        with self._mending():
            if self._file is not None:
                self._note_use()
                if self._bytes > self._limit:  # the limit is another than it was
                    self._throw_out()
                for name, number in (("hits", self.hits), ("misses", self.misses)):
                    self._file.execute("UPDATE state SET number = number + ? WHERE name = ?", (number, name))
                    self._file.execute("UPDATE state SET number = ? WHERE name = ?", (number, f"last {name}"))
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # ---------------------------------------------------------------- the file

    def _begin(self) -> None:
        """Opens the file; sets aside one that is none of ours; does without where none can be written."""
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._end()
            if _is_unusable(error):
                self._set_aside(str(error))
                with contextlib.suppress(sqlite3.Error, OSError):
                    self._open()
                    return
            self._do_without(str(error))
        except OSError as error:
            self._do_without(error.strerror or str(error))

    def _open(self) -> None:
        _make(self.path.parent)
        self._file = _connect(self.path)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.execute("UPDATE state SET number = number + 1 WHERE name = 'runs'")
        self._run = self._number("SELECT number FROM state WHERE name = 'runs'")
        self._bytes = self._number("SELECT total(bytes) FROM record")

    def _number(self, query: str) -> int:
        row = self._file.execute(query).fetchone() if self._file is not None else None
        return int(row[0]) if row else 0

    def _end(self) -> None:
        if self._file is not None:
            with contextlib.suppress(sqlite3.Error):
                self._file.close()
        self._file = None

    @contextlib.contextmanager
    def _mending(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            self._end()
            if _is_unusable(error):
                self._set_aside(str(error))
                self._begin()
            else:
                self._do_without(str(error))

    def _set_aside(self, why: str) -> None:
        aside = self.path.with_name(f"{FILE}.damaged")
        with contextlib.suppress(OSError):
            self.path.replace(aside)
            for suffix in ("-wal", "-shm"):
                self.path.with_name(FILE + suffix).unlink(missing_ok=True)
        self._report(f"the cache {self.path} could not be read ({why}); it was renamed to {aside.name}")

    def _do_without(self, why: str) -> None:
        self._end()
        self._report(f"the cache {self.path} is not used ({why})")

    # ---------------------------------------------------------------- the bound

    def _note_use(self) -> None:
        if self._file is None or not self._used:
            return
        with _transaction(self._file):
            self._file.executemany(
                "UPDATE record SET used = ? WHERE key = ? AND used <> ?",
                [(self._run, key, self._run) for key in self._used],
            )
        self._used.clear()

    def _throw_out(self) -> None:
        """Throws out what was used least recently, until the records are well below the limit."""
        if self._file is None:
            return
        self._note_use()
        self._bytes = self._number("SELECT total(bytes) FROM record")
        with _transaction(self._file):
            rows = self._file.execute("SELECT rowid, bytes FROM record ORDER BY used, rowid").fetchall()
            gone: list[tuple[int]] = []
            for row, size in rows:
                if self._bytes <= _SLACK * self._limit:
                    break
                gone.append((row,))
                self._bytes -= size
            self._file.executemany("DELETE FROM record WHERE rowid = ?", gone)


# ---------------------------------------------------------------- where it lies, what it holds


def default_folder() -> Path:
    """The folder of the cache: $KG_CACHE, else kg in $XDG_CACHE_HOME, else ~/.cache/kg."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification has a relative path ignored.
    return (base if base.is_absolute() else Path.home() / ".cache") / "kg"


def state(folder: Path) -> State:
    """What a cache holds; all zero where there is none, or none of ours.  Nothing is written."""
    path = folder / FILE
    files = [path.with_name(FILE + suffix) for suffix in ("", "-wal", "-shm")]
    on_disk = sum(file.stat().st_size for file in files if file.is_file())
    numbers: dict[str, int] = {}
    entries = size = 0
    if path.is_file():
        with contextlib.suppress(sqlite3.Error), contextlib.closing(_connect(path, write=False)) as file:
            entries, size = map(int, file.execute("SELECT count(*), total(bytes) FROM record").fetchone())
            numbers = dict(file.execute("SELECT name, number FROM state").fetchall())
    return State(
        path=path,
        entries=entries,
        bytes=size,
        on_disk=on_disk,
        runs=numbers.get("runs", 0),
        hits=numbers.get("hits", 0),
        misses=numbers.get("misses", 0),
        last_hits=numbers.get("last hits", 0),
        last_misses=numbers.get("last misses", 0),
    )


def clear(folder: Path) -> State:
    """Removes the cache's files, also one set aside, and nothing else; gives what they held.

    A build that runs goes on, with what it kept lost.
    """
    held = state(folder)
    for suffix in ("", "-wal", "-shm", ".damaged"):
        (folder / f"{FILE}{suffix}").unlink(missing_ok=True)
    return held


def _make(folder: Path) -> None:
    """The folder, for its owner alone: it holds what the user reads."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _connect(path: Path, *, write: bool = True) -> sqlite3.Connection:
    """The open file, a new one with its tables.  Raises sqlite3.DatabaseError for one of another program."""
    uri = f"{path.absolute().as_uri()}?mode={'rwc' if write else 'ro'}"
    with contextlib.ExitStack() as undo:
        file = sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        undo.callback(file.close)
        whose = file.execute("PRAGMA application_id").fetchone()[0]
        version = file.execute("PRAGMA user_version").fetchone()[0]
        empty = not file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if write and empty and not whose:
            file.executescript(_SCHEMA)
        elif (whose, version) != (_APPLICATION, _VERSION):
            raise sqlite3.DatabaseError(_FOREIGN)
        undo.pop_all()
    return file


def _is_unusable(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is wrong, rather than locked, read-only or out of space."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return str(error) == _FOREIGN
    lost = "no such table" in str(error) or "no such column" in str(error)
    return lost or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH)


@contextlib.contextmanager
def _transaction(file: sqlite3.Connection) -> Iterator[None]:
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")
