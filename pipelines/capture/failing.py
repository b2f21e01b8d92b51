"""Addresses of a site that gave nothing the last time: kept beside its log, so that a refresh can tell of them.

What belongs here: writing and reading that small file, and putting it into findings.  It must never ask for anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from pipelines.capture.ledger import INDEX, LOG
from pipelines.capture.records import CaptureError, is_regular, read_regular, write_durably
from pipelines.model import Finding, Severity

FILE = "failing.json"
Failures: TypeAlias = Mapping[str, tuple[str, str]]
"""Address → code ("" for no answer that can be kept) and reason."""
_CODES = frozenset({"index-short", "over-cap"})


def write(folder: Path, failures: Failures) -> None:
    """Replaces the file in `raw/<host>/index` whole."""
    lines = {address: {"code": code, "reason": reason} for address, (code, reason) in sorted(failures.items())}
    said = json.dumps(lines, ensure_ascii=False, indent=1) + "\n"
    write_durably(folder / FILE, said.encode(), scratch=folder)


def findings(raw: Path) -> list[Finding]:
    """One finding for each address that gave nothing the last time, of every site below `raw`."""
    found = [
        Finding("capture", "capture-log-unusable", Severity.WARNING, f"{path.relative_to(raw)} is no regular file.",
                remedy="Put the log back from a copy, or move this away and fetch again.",
                where=path.relative_to(raw).as_posix())
        for name in (LOG, FILE)
        for path in sorted(raw.glob(f"*/{INDEX}/{name}"))
        if not is_regular(path)
    ]  # fmt: skip
    for path in sorted(raw.glob(f"*/{INDEX}/{FILE}")):
        if not is_regular(path):
            continue
        try:
            said = json.loads(read_regular(path).decode("utf-8"))
        except (CaptureError, OSError, ValueError, RecursionError):
            continue  # rebuilt whole by the next run
        for address, line in said.items() if isinstance(said, dict) else ():
            code, reason = (line.get("code"), line.get("reason")) if isinstance(line, dict) else ("", line)
            plain = f"{address} gave nothing that can be kept: {reason}"
            found.append(
                Finding(
                    "capture",
                    str(code) if code in _CODES else "fetch-failed",
                    Severity.WARNING,
                    f"{address}: {reason}" if code in _CODES else plain,
                    remedy="The next run over its month asks again, unless the month is settled and the page gone.",
                    where=str(address),
                )
            )
    return found
