"""Dagster's event log written without waiting for the disk at each event.

Belongs here: how the SQLite files of DAGSTER_HOME are opened while a run of ours lasts.  Must never: change what is
written, or weaken what a killed process leaves behind.

Dagster opens, commits and closes a file for every event, several hundred in a refresh; each waits for the disk twice,
at the commit and at the close, which folds the write-ahead log back as nobody else holds the file.  Here commits are
`synchronous = NORMAL`, which with a write-ahead log loses at most the last events where the power goes, and corrupts
nothing (https://www.sqlite.org/pragma.html#pragma_synchronous); and one connection is held for each file, so that the
log is folded back now and then instead of at every close.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def unhurried(home: Path) -> Iterator[None]:
    """While it lasts, SQLite files below `home` that this process opens through SQLAlchemy do not wait for the disk."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    held: dict[str, sqlite3.Connection] = {}
    inside = home.resolve()

    def opened(connection: Any, _record: Any) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        ((_, _, file), *_) = connection.execute("PRAGMA database_list").fetchall()
        if not file or not Path(file).is_relative_to(inside):
            return
        connection.execute("PRAGMA synchronous = NORMAL")
        if file not in held:
            keeper = sqlite3.connect(file, timeout=30, check_same_thread=False)
            held[file] = keeper
            keeper.execute("SELECT count(*) FROM sqlite_master").fetchall()  # a connection opens its file at first use

    event.listen(Engine, "connect", opened)
    try:
        yield
    finally:
        event.remove(Engine, "connect", opened)
        for keeper in held.values():
            keeper.close()
