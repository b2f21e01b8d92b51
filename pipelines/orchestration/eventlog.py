"""Dagster's event log written without opening the file anew, or waiting for the disk, at each event.

Belongs here: how the SQLite files of DAGSTER_HOME are opened while a run of ours lasts.  Must never: change what is
written, or weaken what a killed process leaves behind.

Dagster makes an engine, opens, commits and closes for every event, three times for an event about an asset or a
check, several hundred events in a refresh: two fifths of the processor time of one with nothing new, and most of its
time on the wall, since closing folds the write-ahead log back and waits for the disk.  Here its engines are kept, one a
file, with their connections and the statements that they compiled; and commits are `synchronous = NORMAL`, which with a
write-ahead log loses at most the last events where the power goes, and corrupts nothing
(https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

_MAKERS = (
    "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "dagster._core.storage.runs.sqlite.sqlite_run_storage",
    "dagster._core.storage.schedules.sqlite.sqlite_schedule_storage",
)
"""Where Dagster makes an engine for each connection.  Should these go in a later version, its own way is kept, and the
test that counts openings fails."""


@contextmanager
def unhurried(home: Path) -> Iterator[None]:
    """While it lasts, SQLite files below `home` that Dagster opens in this process stay open, and do not wait for the
    disk at each commit.  Inside of another for the same folder it changes nothing."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine, make_url
    from sqlalchemy.pool import QueuePool

    class Kept(QueuePool):
        """Outlives the `dispose` that follows each connection of Dagster's."""

        def dispose(self) -> None:
            pass

        def recreate(self) -> Kept:
            return self

        def end(self) -> None:
            super().dispose()

    inside = home.resolve()
    pools: list[Kept] = []
    engines: dict[str, Engine] = {}

    def keeping(make: Any) -> Any:
        def engine(url: Any, **options: Any) -> Any:
            name = str(url)
            if name not in engines:
                parts = make_url(url)
                if parts.get_backend_name() != "sqlite" or not Path(parts.database or "").resolve().is_relative_to(
                    inside
                ):
                    return make(url, **options)
                options["connect_args"] = {**options.get("connect_args", {}), "check_same_thread": False}
                engines[name] = make(url, **{**options, "poolclass": Kept})
                pools.append(engines[name].pool)  # type: ignore[arg-type]
                event.listen(engines[name], "connect", _trusting)
            return engines[name]

        engine.keeps = inside  # type: ignore[attr-defined]
        return engine

    replaced = [(module, module.create_engine) for module in _makers(inside)]
    for module, make in replaced:
        module.create_engine = keeping(make)
    try:
        yield
    finally:
        for module, make in replaced:
            module.create_engine = make
        for pool in pools:
            pool.end()


def _trusting(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")


def _makers(inside: Path) -> Iterator[Any]:
    """The modules that make engines by that name, without those for which a run that contains this one keeps them
    already (`talent refresh` does so before its run begins)."""
    for name in _MAKERS:
        try:
            module: Any = import_module(name)
        except ImportError:
            continue
        if hasattr(module, "create_engine") and getattr(module.create_engine, "keeps", None) != inside:
            yield module
