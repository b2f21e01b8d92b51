"""Reading in a process pool against reading serially: the same documents, the same results, the ratio of wall time.

    python -m tests.benchmarks.reading_pool FILE... [--times 4]

Each file is read as often as `--times` says, so that the start of the processes does not hide the work.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from pipelines.model import ReadResult
from pipelines.orchestration.parallel import map_items
from pipelines.read import read_document


def read(path: str) -> ReadResult:
    return read_document(Path(path).read_bytes(), name=Path(path).name)


def lost(path: str, why: str) -> ReadResult:
    raise RuntimeError(f"{path}: {why}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--times", type=int, default=4)
    said = parser.parse_args()
    items = said.files * said.times
    took = {}
    results = {}
    for workers in (1, 2):
        start = time.perf_counter()
        results[workers] = dict(map_items(read, items, workers=workers, lost=lost))
        took[workers] = time.perf_counter() - start
    same = results[1] == results[2]
    print(f"{len(items)} documents: serial {took[1]:.1f} s, two processes {took[2]:.1f} s, × {took[1] / took[2]:.2f}")
    print("same results" if same else "RESULTS DIFFER")


if __name__ == "__main__":
    main()
