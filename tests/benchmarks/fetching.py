"""Fetching over the local site: rate beside a bare httpx loop, memory, second run, kill -9 at random moments.

python -m tests.benchmarks.fetching            all of it: 24 months, 2,000 releases; 50 kills; 50,000 captures
python -m tests.benchmarks.fetching rate|kills|noop
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from tests.support import killing, newsroom
from tests.support.site import Site

FIRST, LAST = date(2019, 1, 1), date(2020, 12, 1)


@contextmanager
def served(releases: int, first: date, months: int) -> Iterator[tuple[str, str]]:
    """The site in a process of its own, so that its work is not counted as ours: (source, annex host)."""
    arguments = [sys.executable, "-m", "tests.benchmarks.fetching", "serve", str(releases), str(first), str(months)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    assert process.stdout is not None
    source, annex_host = process.stdout.readline().split()
    try:
        yield source, annex_host
    finally:
        process.communicate("\n")


def serve(releases: str, first: str, months: str) -> None:
    with Site() as site:
        newsroom.fill(site, date.fromisoformat(first), int(months), int(releases), annex_every=10)
        print(site.source, site.annex_host, flush=True)
        sys.stdin.readline()


def bare(addresses: list[str]) -> float:
    """Seconds of a plain httpx loop over the addresses, in a process of its own as ours is."""
    code = (
        "import sys, time, httpx, json\n"
        "addresses = json.load(sys.stdin)\n"
        "began = time.perf_counter()\n"
        "with httpx.Client(trust_env=False) as client:\n"
        "    for address in addresses: client.get(address).content\n"
        "print(time.perf_counter() - began)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(addresses), text=True, capture_output=True, check=True
    )
    return float(done.stdout)


def ours(raw: Path, source: str, annex_host: str, last: date) -> dict[str, float]:
    """Seconds, highest resident memory (MiB) after one month and at the end, and the report of a run."""
    code = (
        "import json, resource, sys, time\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from pipelines.capture import fetch, months\n"
        "from pipelines.settings import FetchSettings\n"
        "from tests.support.killing import WISHES\n"
        f"s = FetchSettings(contact='reader@example.org', source={source!r}, more_hosts=({annex_host!r},), pause=0,\n"
        "    allow_loopback=True)\n"
        "peaks = []\n"
        "peak = lambda *_: peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
        "began = time.perf_counter()\n"
        f"r = fetch(Path({str(raw)!r}), s, WISHES, months({FIRST!r}, {last!r}), done=peak)\n".replace(
            "datetime.date", "date"
        )
        + "print(json.dumps({'seconds': time.perf_counter() - began, 'first': peaks[1], 'last': peaks[-1],\n"
        "    'requests': r.requests, 'new': r.new, 'received': r.received, 'settled': r.settled,\n"
        "    'failed': len(r.failed)}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def rate(releases: int = 2_000) -> None:
    from pipelines.capture import ledger

    with served(releases, FIRST, 24) as (source, annex_host), tempfile.TemporaryDirectory() as folder:
        raw = Path(folder)
        first = ours(raw, source, annex_host, LAST)
        log = raw / source.removeprefix("http://").replace(":", "_") / "index"
        addresses = [entry.address for entry in ledger.entries(log)]
        peer = bare(addresses)
        again = ours(raw, source, annex_host, LAST)
        print(f"backfill, 24 months: {first['new']:.0f} captures, {first['requests']:.0f} requests, {first}")
        print(f"bare httpx loop over the same {len(addresses)} addresses: {peer:.1f} s")
        print(f"rate beside it: {peer / first['seconds']:.2f}")
        print(f"second run (all settled): {again['requests']:.0f} requests, {again['seconds']:.2f} s")


def kills(times: int = 50, releases: int = 300) -> None:
    dice = Random(11)
    with served(releases, FIRST, 3) as (source, annex_host), tempfile.TemporaryDirectory() as folder:
        where = (source, annex_host, FIRST, date(2019, 3, 1))
        began = time.monotonic()
        killing.finish(killing.start(Path(folder) / "whole", *where))
        took = time.monotonic() - began
        whole = killing.store(Path(folder) / "whole")
        killed = equal = runs = 0
        while killed < times:
            raw = Path(folder) / "killed"
            for _ in range(5):
                if killed < times:
                    killed += killing.kill_after(killing.start(raw, *where), dice.uniform(0, took / 4))
            killing.finish(killing.start(raw, *where))
            runs += 1
            equal += killing.store(raw) == whole
            shutil.rmtree(raw)
        documents = sum(1 for name in whole if name.endswith((".htm", ".pdf")))
        print(f"kill -9: {killed} kills, {equal} of {runs} stores equal to the undisturbed one ({documents} documents)")


def noop(captures: int = 50_000) -> None:
    """A refresh with nothing new over an archive of small releases: the second and third of three."""
    from pipelines.capture.keeping import Keeper
    from pipelines.capture.ledger import Entry, Outcome, Role

    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        host = raw / "www.info.gov.hk"
        now = datetime.now(UTC)
        with Keeper(raw, host / "index") as keeper:
            for number in range(captures):
                day = date(2000 + number % 20, 1 + number // 20 % 12, 1 + number // 240 % 28)
                address = f"https://www.info.gov.hk/gia/general/{day:%Y%m}/{day:%d}/P{number:013d}.htm"
                entry = Entry(address, Role.RELEASE, Outcome.NEW, now, 200)
                body = newsroom.page(day, 1).body.replace(b"NNNN", b"NNNN <!-- %d -->" % number)
                keeper.keep(entry, body, host / f"{day:%Y-%m}", f"{day:%d}-P{number:013d}.htm")
        environment = {**os.environ, "TALENT_RAW": str(raw), "TALENT_WAREHOUSE": str(Path(folder) / "warehouse")}

        def timed(*command: str) -> float:
            began = time.perf_counter()
            subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True)
            return time.perf_counter() - began

        start = "from pipelines.orchestration.build import build_defs\nfrom pipelines.settings import load\n"
        print(f"Dagster's own start: {timed('-c', start + 'build_defs(load())'):.1f} s")
        for what in ("first refresh", "second", "third"):
            print(f"{what}, {captures} captures: {timed('-m', 'pipelines', 'refresh', '--quiet'):.1f} s", flush=True)


def main(which: str = "all", *more: str) -> None:
    if which == "serve":
        serve(*more)
        return
    for name, work in (("rate", rate), ("kills", kills), ("noop", noop)):
        if which in (name, "all"):
            work(*map(int, more))


if __name__ == "__main__":
    main(*sys.argv[1:])
