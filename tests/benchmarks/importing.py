"""Importing and walking the raw store, against a plain copy of the same files in the same run.

python -m tests.benchmarks.importing 1000
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from pipelines.capture import import_files, walk


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, copied, raw = (Path(folder) / name for name in ("source", "copied", "raw"))
        for path in (source, copied):
            path.mkdir()
        for number in range(count):
            (source / f"page-{number}.html").write_bytes(b"<html>%d" % number + b"x" * 40_000)
        paths = sorted(source.iterdir())
        now = datetime.now(UTC)

        def timed(label: str, work: object) -> float:
            started = time.perf_counter()
            work()  # type: ignore[operator]
            took = time.perf_counter() - started
            print(f"{label:45} {took:6.2f} s  {took / count * 1000:6.2f} ms a file")
            return took

        peer = timed("shutil.copy2", lambda: [shutil.copy2(path, copied) for path in paths])
        first = timed("import_files", lambda: import_files(paths, raw, now=now))
        again = timed("import_files, all known already", lambda: import_files(paths, raw, now=now))
        walked = timed("walk (all bytes hashed)", lambda: walk(raw))
        print(f"ratios to the plain copy: {first / peer:.1f}, {again / peer:.1f}, {walked / peer:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
