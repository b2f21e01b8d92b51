"""One refresh at a time, and a holder that was killed holds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.orchestration.lock import RefreshBusyError, refresh_lock

HOLD = """
import sys, time
from pathlib import Path
from pipelines.orchestration.lock import refresh_lock
with refresh_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(warehouse: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(warehouse)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_refresh_says_who_holds_the_warehouse_and_declines(tmp_path: Path) -> None:
    said: list[str] = []
    with hold(tmp_path) as holder:
        try:
            with (
                pytest.raises(RefreshBusyError, match="Nothing was changed"),
                refresh_lock(tmp_path, wait_seconds=0.2, say=said.append),
            ):
                raise AssertionError("both hold the lock")
        finally:
            holder.kill()
    assert len(said) == 1
    assert f"process {holder.pid}" in said[0]


def test_a_holder_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        holder.kill()
        holder.wait()
    said: list[str] = []
    with refresh_lock(tmp_path, wait_seconds=0.2, say=said.append):
        pass
    assert said == []
