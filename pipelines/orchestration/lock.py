"""One refresh at a time: a lock on a file in the warehouse folder, given back by the system when its holder dies.

Belongs here: waiting for that lock and saying who holds it.  Must never be taken by readers of the warehouse.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

WAIT_SECONDS = 900.0


class RefreshBusyError(RuntimeError):
    """Another refresh held the lock for longer than we wait."""


@contextmanager
def refresh_lock(
    warehouse: Path, *, wait_seconds: float = WAIT_SECONDS, say: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Holds the right to refresh this warehouse.

    Where another process has it, `say` is told who and the call waits; raises RefreshBusyError after `wait_seconds`.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    lock = FileLock(warehouse / "refresh.lock")
    holder = warehouse / "refresh.holder"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = _who(holder)
        say(f"Another refresh of {warehouse} is under way ({who}); waiting for it to end.")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise RefreshBusyError(
                f"Another refresh of {warehouse} is still under way after {wait_seconds:.0f} seconds ({who}). "
                "Nothing was changed; try again when it has ended."
            ) from None
    try:
        holder.write_text(f"process {os.getpid()}, since {datetime.now(UTC):%H:%M:%S} UTC", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")
    except OSError:
        return "it does not say who"
