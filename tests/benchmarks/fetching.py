"""Fetching over the local site: rate beside a bare httpx loop, memory, second run, kill -9 at random moments.

python -m tests.benchmarks.fetching            all of it: 24 months, 2,000 releases; 50 kills; 50,000 captures
python -m tests.benchmarks.fetching rate|kills|noop
"""

from __future__ import annotations

import json
import os
import resource
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

from pipelines.settings import PROJECT
from tests.support import killing, newsroom
from tests.support.site import Site

NOTHING = """
import dagster as dg
from pipelines.orchestration import home
from pipelines.orchestration.build import build_defs
from pipelines.settings import load

@dg.asset
def nothing() -> None:
    pass

settings = load()
home.prepare(settings)
build_defs(settings)
definitions = dg.Definitions(assets=[nothing], jobs=[dg.define_asset_job("job")], executor=dg.in_process_executor)
with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
    assert definitions.resolve_job_def("job").execute_in_process(instance=instance).success
"""
"""Dagster's own start: our definitions loaded, its instance opened, a run of one asset that does nothing."""
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


def bare(addresses: list[str]) -> tuple[float, float]:
    """Seconds, and seconds of CPU, of a plain httpx loop over the addresses, in a process of its own as ours is."""
    code = (
        "import sys, time, httpx, json\n"
        "addresses = json.load(sys.stdin)\n"
        "began = time.perf_counter()\n"
        "with httpx.Client(trust_env=False) as client:\n"
        "    for address in addresses: client.get(address).content\n"
        "print(time.perf_counter() - began, time.process_time())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(addresses), text=True, capture_output=True, check=True
    )
    wall, cpu = map(float, done.stdout.split())
    return wall, cpu


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
        + "print(json.dumps({'seconds': time.perf_counter() - began, 'cpu': time.process_time(),\n"
        "    'first': peaks[1], 'last': peaks[-1],\n"
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
        peer, cpu = bare(addresses)
        again = ours(raw, source, annex_host, LAST)
        print(f"backfill, 24 months: {first['new']:.0f} captures, {first['requests']:.0f} requests, {first}")
        print(f"bare httpx loop over the same {len(addresses)} addresses: {peer:.1f} s, {cpu:.1f} s of CPU")
        print(f"rate beside it: {peer / first['seconds']:.2f} by the clock, {cpu / first['cpu']:.2f} by CPU")
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


def noop(captures: int = 50_000, keep: str = "") -> None:
    """Refreshes with nothing new over an archive of `captures` releases, beside the same over the bundled documents.

    One release in 25 prints three tables (40 of them such as a series card claims: no figure is printed two thousand
    times), the others are a few lines of prose.  `keep` is a folder for the archive, so that it need not be made again.
    """
    folder = Path(keep) if keep else Path(tempfile.mkdtemp())
    raw = folder / "raw"
    if not raw.exists():
        archive(raw, captures)
    environment = {**os.environ, "TALENT_WAREHOUSE": str(folder / "bundled")}
    print("Dagster's own start: {:.1f} s of CPU, {:.1f} s".format(*timed(environment, "-c", NOTHING)))
    for where, said in ((PROJECT / "raw", "the bundled documents"), (raw, f"{captures} captures")):
        environment["TALENT_RAW"] = str(where)
        environment["TALENT_WAREHOUSE"] = str(folder / where.parent.name)
        for what in ("first refresh", "second", "third", "fourth"):
            cpu, wall = timed(environment, "-m", "pipelines", "refresh", "--quiet")
            print(f"{what}, {said}: {cpu:.1f} s of CPU, {wall:.1f} s", flush=True)
    if not keep:
        shutil.rmtree(folder)


def archive(raw: Path, captures: int) -> None:
    """Fetched releases in `raw`, each with its record and its line in the log, as a fetch leaves them."""
    from pipelines.capture.keeping import Keeper
    from pipelines.capture.ledger import Entry, Outcome, Role
    from tests.support import generate, render

    tables = [render.html(generate.release(seed, language="en")) for seed in range(40)]
    others = [body.replace(b"Quality Migrant Admission", b"Lending").replace(b"QMAS", b"LS") for body in tables]
    others = [body.replace(b"Applications", b"Visits").replace(b"uotas Allotted", b"ooks Lent") for body in others]
    host = raw / "www.info.gov.hk"
    now = datetime.now(UTC)
    with Keeper(raw, host / "index") as keeper:
        for number in range(captures):
            day = date(2000 + number % 20, 1 + number // 20 % 12, 1 + number // 240 % 28)
            address = f"https://www.info.gov.hk/gia/general/{day:%Y%m}/{day:%d}/P{number:013d}.htm"
            entry = Entry(address, Role.RELEASE, Outcome.NEW, now, 200)
            body = newsroom.page(day, 1).body
            if number % 25 == 0:
                body = (tables if number < 1_000 else others)[number // 25 % 40]
            body = body.replace(b"NNNN", b"NNNN <!-- %d -->" % number)
            keeper.keep(entry, body, host / f"{day:%Y-%m}", f"{day:%d}-P{number:013d}.htm")


def timed(environment: dict[str, str], *command: str) -> tuple[float, float]:
    """(seconds of processor time, seconds) of a command of ours."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True, cwd=PROJECT)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main(which: str = "all", *more: str) -> None:
    if which == "serve":
        serve(*more)
        return
    for name, work in (("rate", rate), ("kills", kills), ("noop", noop)):
        if which in (name, "all"):
            work(*(int(m) if m.isdigit() else m for m in more))


if __name__ == "__main__":
    main(*sys.argv[1:])
