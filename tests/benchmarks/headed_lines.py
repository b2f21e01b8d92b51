"""Lines joined by nothing under a heading that names their columns: how many are read right, wrong, or declined?

    PYTHONPATH=. .venv/bin/python tests/benchmarks/headed_lines.py [rows of each kind]

Made-up rows of three to five parts and their total, each a table of its own with its heading, with thousands commas
or without, parts of naught among them.  As they should be; with one digit of the total changed; with one cell left
blank, the total being that of the others.  Prints; asserts nothing.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipelines.model import GridKind
from pipelines.prove import prove_grid
from tests.prove.grids import grid

KINDS = ("adds up", "total wrong by a digit", "a cell blank")


def made(rng: random.Random, parts: int, kind: str) -> tuple[str, list[int]]:
    """(the figures joined by nothing, the figures)."""
    top = 10 ** rng.randint(1, 4)
    row = [0 if rng.random() < 0.04 else rng.randint(1, top) for _ in range(parts)]
    if kind == "a cell blank":
        row.pop(rng.randrange(parts))
    total = str(sum(row))
    if kind == "total wrong by a digit":
        at = rng.randrange(len(total))
        digit = (int(total[at]) + rng.randint(1, 9)) % 10
        total = total[:at] + str(digit or 1 if at == 0 else digit) + total[at + 1 :]
        total = str(sum(row) + 1) if int(total) == sum(row) else total
    figures = [*row, int(total)]
    commas = rng.random() < 0.5
    return "".join(f"{n:,}" if commas else str(n) for n in figures), figures


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    started = time.process_time()
    for kind in KINDS:
        for parts in (3, 4, 5):
            rng = random.Random(f"{kind} {parts}")
            told: Counter[str] = Counter()
            heading = " ".join(f"Category {'ABCDE'[i]}" for i in range(parts)) + " Total"
            for _ in range(rows):
                run, figures = made(rng, parts, kind)
                joined = replace(grid([[heading], [f"Applications received{run}"]]), kind=GridKind.FLATTENED)
                loads = [c for c in prove_grid(joined, "0" * 16)[0].cells if c.verdict.loads and c.reading is not None]
                found = [int(c.reading.value) for c in loads if c.reading is not None and c.reading.value is not None]
                told["declined" if not found else "right" if found == figures else "wrong"] += 1
                told["proved"] += any(c.verdict == "proved" for c in loads)
            print(f"{kind}, {parts} parts: {dict(told)}", flush=True)
    print(f"{time.process_time() - started:.0f} s of processor time")


if __name__ == "__main__":
    main()
