"""kill -9 in the middle of a backfill: the next run ends with the store that an undisturbed run gives."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path
from random import Random

from tests.support import killing, newsroom
from tests.support.site import Site

FIRST, LAST = date(2019, 1, 1), date(2019, 2, 1)


def test_a_backfill_that_is_killed_again_and_again_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    dice = Random(7)
    with Site() as site:
        newsroom.fill(site, FIRST, 2, 100, annex_every=10, bodies=5)
        newsroom.pair(site, date(2019, 1, 9), 800)
        where = (site.source, site.annex_host, FIRST, LAST)
        began = time.monotonic()
        report = killing.finish(killing.start(tmp_path / "whole", *where))
        took = time.monotonic() - began
        assert report["new"] == 100 + 10 + 2
        whole = killing.store(tmp_path / "whole")
        killed = 0
        for number in range(2):
            raw = tmp_path / f"killed-{number}"
            for _ in range(3):
                killed += killing.kill_after(killing.start(raw, *where), dice.uniform(0, took / 3))
            report = killing.finish(killing.start(raw, *where))
            assert (report["failed"], report["ended"]) == (0, "")
            assert killing.store(raw) == whole
            assert not list(raw.rglob(".incoming/*"))
            shutil.rmtree(raw)
    assert killed >= 3, "the runs must have been killed, or nothing was shown"


def test_what_a_killed_run_moved_in_without_a_line_in_the_log_is_neither_doubled_nor_lost(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.fill(site, FIRST, 1, 5, bodies=2)
        where = (site.source, site.annex_host, FIRST, FIRST)
        killing.finish(killing.start(tmp_path / "whole", *where))
        whole = killing.store(tmp_path / "whole")
        raw = tmp_path / "cut"
        killing.finish(killing.start(raw, *where))
        folder = raw / site.host.replace(":", "_")
        log = folder / "index" / "captures.jsonl"
        lines = log.read_bytes().splitlines(keepends=True)
        log.write_bytes(b"".join(lines[:-3]) + lines[-3][:40])
        records = sorted(folder.glob("2019-01/*.capture.json"))
        records[-1].unlink()  # the kill came between a document and its record
        (folder / "index" / ".incoming").mkdir(exist_ok=True)
        (folder / "index" / ".incoming" / "1-1").write_bytes(b"half")
        report = killing.finish(killing.start(raw, *where))
        assert report["new"] == 3
        assert killing.store(raw) == whole
