"""Joined lines of made-up tables, judged: of what would load, how much is wrong?  Prints; asserts nothing.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/flattened_loading.py [tables of each kind]

Unlike `flattened_random.py`, which asks what each line holds, this asks the proof itself which figures load.  Columns
of three digits that never carry are among the tables: there each line is one long figure or several, and both add up.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipelines.model import GridKind
from pipelines.prove import prove_grid
from tests.prove.grids import grid

KINDS = (
    ("three digits, no carry", 100, 160),
    ("one to three digits", 5, 160),
    ("three digits", 100, 999),
    ("to 4,000", 90, 4000),
)


def spaced(value: int) -> str:
    return f"{value:,}".replace(",", " ")


def made(rng: random.Random, low: int, high: int) -> tuple[list[str], list[list[int]]]:
    """(lines, the figures of each line below the head) of a table with a total row, a total column, both or neither."""
    columns, rows = rng.choice([1, 2, 3]), rng.randint(3, 8)
    body = [[rng.randint(low, high) for _ in range(columns)] for _ in range(rows)]
    if columns > 1 and rng.random() < 0.6:
        body = [[*row, sum(row)] for row in body]
    names = [f"Kind {'pqrstuvw'[i]}x" for i in range(rows)]
    if rng.random() < 0.7:
        body.append([sum(column) for column in zip(*body, strict=True)])
        names.append("Total")
    lines = [f"{name} {' '.join(map(spaced, row))}" for name, row in zip(names, body, strict=True)]
    return ["Kind " + " ".join("abcd"[: len(body[0])]), *lines], body


def main() -> None:
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    for name, low, high in KINDS:
        rng = random.Random(name)
        rows = loaded = wrong = 0
        for _ in range(tables):
            lines, body = made(rng, low, high)
            joined = replace(grid([[line] for line in lines]), kind=GridKind.FLATTENED)
            found: dict[int, list[int]] = {}
            for cell in prove_grid(joined, "0" * 16)[0].cells:
                if cell.verdict.loads and cell.reading is not None and cell.reading.value is not None:
                    found.setdefault(cell.source[0], []).append(int(cell.reading.value))
            rows += len(body)
            loaded += len(found)
            wrong += sum(found[i] != body[i - 1] for i in found)
        print(f"{name}: {rows} rows, {loaded} load, {wrong} wrong")


if __name__ == "__main__":
    main()
