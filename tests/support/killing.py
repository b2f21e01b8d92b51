"""A fetch in a process of its own that can be killed, and what must be the same after it was.

What belongs here: starting, killing, comparing.  Also the entrance of that process:

    python -m tests.support.killing RAW SOURCE ANNEX_HOST FIRST LAST
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

WISHES = ("Quality Migrant Admission Scheme", "優秀人才入境計劃")
ROOT = Path(__file__).resolve().parent.parent.parent


def start(raw: Path, source: str, annex_host: str, first: date, last: date) -> subprocess.Popen[str]:
    """The process, once it is about to begin."""
    arguments = [str(raw), source, annex_host, first.isoformat(), last.isoformat()]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killing", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """Kills the process after so long; False where it had ended by itself."""
    time.sleep(seconds)
    running = process.poll() is None
    if running:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return running


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The report of a process that is left alone."""
    said, _ = process.communicate()
    assert process.returncode == 0
    report: dict[str, Any] = json.loads(said.splitlines()[-1])
    return report


def store(raw: Path) -> dict[str, Any]:
    """All of a store but times and attempts: documents byte for byte, records, log and listings line by line."""
    held: dict[str, Any] = {}
    for path in sorted(p for p in raw.rglob("*") if p.is_file()):
        relative = path.relative_to(raw)
        if any(part.startswith(".") for part in relative.parts):
            continue
        name = relative.as_posix()
        if name.endswith(".capture.json"):
            held[name] = _timeless(json.loads(path.read_bytes()))
        elif name.endswith(".jsonl"):
            held[name] = [_timeless(json.loads(line)) for line in path.read_bytes().splitlines()]
        else:
            held[name] = path.read_bytes()
    return held


def _timeless(said: dict[str, Any]) -> dict[str, Any]:
    headers = {k: v for k, v in said.get("headers", {}).items() if k != "date"}
    untimed = {k: v for k, v in said.items() if k not in ("asked_at", "captured_at", "seen_at", "attempts")}
    return untimed | ({"headers": headers} if headers else {})


def main(raw: str, source: str, annex_host: str, first: str, last: str) -> None:
    from pipelines.capture import fetch, months
    from pipelines.settings import FetchSettings

    settings = FetchSettings(
        contact="reader@example.org", source=source, more_hosts=(annex_host,), pause=0, backoff=0.01,
        allow_loopback=True,
    )  # fmt: skip
    print("ready", flush=True)
    report = fetch(Path(raw), settings, WISHES, months(date.fromisoformat(first), date.fromisoformat(last)))
    counts = {name: getattr(report, name) for name in ("requests", "new", "changed", "unchanged", "settled")}
    print(json.dumps({**counts, "failed": len(report.failed), "ended": report.skipped or report.stopped}))


if __name__ == "__main__":
    main(*sys.argv[1:])
