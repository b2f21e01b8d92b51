"""Results remembered between runs: one packed SQLite file a room, values pickled and compressed.

Belongs here: storing and finding values by key.  Must never: know what a value is or when it is stale; the key
carries everything that made the value (`fingerprint`), so an entry is either right or never asked for again.

The files lie in the stage, are ours alone, and can be deleted at any time.  A file that cannot be opened, or a value
that cannot be unpacked, counts as not remembered.
"""

from __future__ import annotations

import pickle
import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

_BATCH = 500


class Cache:
    """One packed file.  Use as a context manager; a batch of `put` is one transaction, so kill -9 leaves it whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            self._remove()
            self._db = self._open()

    def _remove(self) -> None:
        """Clears what stands in the place of the file: nothing but this house writes there."""
        if self.path.is_dir() and not self.path.is_symlink():
            shutil.rmtree(self.path)
        else:
            self.path.unlink(missing_ok=True)

    def _forget_all(self, error: sqlite3.DatabaseError) -> None:
        """Begins with an empty file where it has rotted.  Raises the error where that is not what is wrong."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise error
        self._db.close()
        self._remove()
        self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=30)
        try:
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
            db.commit()
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def get(self, keys: Iterable[str]) -> Iterator[tuple[str, Any]]:
        """(key, value) of every key that is remembered, a batch at a time; those that are not are left out."""
        wanted = list(keys)
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            try:
                rows = self._db.execute(f"SELECT key, value FROM entries WHERE key IN ({marks})", batch).fetchall()
            except sqlite3.DatabaseError as error:
                self._forget_all(error)
                return
            for key, packed in rows:
                try:
                    yield key, pickle.loads(zlib.decompress(packed))
                except Exception:  # whatever unpickling meets: a class that moved, a broken blob; then it is made anew
                    continue

    def has(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that are remembered, without unpacking them."""
        wanted = list(keys)
        found: set[str] = set()
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            try:
                rows = self._db.execute(f"SELECT key FROM entries WHERE key IN ({marks})", batch).fetchall()
            except sqlite3.DatabaseError as error:
                self._forget_all(error)
                return set()
            found.update(k for (k,) in rows)
        return found

    def __len__(self) -> int:
        """How many values are remembered."""
        ((count,),) = self._db.execute("SELECT count(*) FROM entries").fetchall()
        return int(count)

    def put(self, values: Mapping[str, Any]) -> None:
        """Remembers the values, all or none."""
        rows = [(k, zlib.compress(pickle.dumps(v, protocol=5), level=3)) for k, v in values.items()]
        try:
            self._insert(rows)
        except sqlite3.DatabaseError as error:
            self._forget_all(error)
            self._insert(rows)

    def _insert(self, rows: list[tuple[str, bytes]]) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO entries (key, value) VALUES (?, ?)", rows)

    def keep_only(self, keys: Iterable[str]) -> int:
        """Forgets every entry but these; returns how many went.  The file gives its space back."""
        with self._db:
            self._db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (key TEXT PRIMARY KEY)")
            self._db.execute("DELETE FROM wanted")
            self._db.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((k,) for k in keys))
            gone = self._db.execute("DELETE FROM entries WHERE key NOT IN (SELECT key FROM wanted)").rowcount
        if gone:
            self._db.execute("VACUUM")
        return gone


@contextmanager
def opened(stage: Path, room: str) -> Iterator[Cache]:
    """The packed file of a room under the stage."""
    with Cache(stage / "cache" / f"{room}.sqlite") as cache:
        yield cache
