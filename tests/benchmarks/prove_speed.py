"""The judgement of small tables, timed beside two peers in the same run.

    python tests/benchmarks/prove_speed.py [repetitions]

Milliseconds of CPU a table, the least of the repetitions, the kinds taken in turns: a 20 × 8 table with two axes, with
and without labels that were read before, and 300 tables with one wrong cell.  Peers: adding up every row and column
with Decimals, which gives no verdict; and a mixed-integer programme (HiGHS by SciPy) for the fewest cells that must
change, which gives neither chance nor argument.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import mean, median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipelines.prove import judge as judging
from pipelines.prove import labels, views
from pipelines.prove.frame import is_year
from tests.benchmarks.prove_random import crossed, printed, readings

Table = tuple[object, object, list[list[int]]]


def milliseconds(job: Callable[[], object]) -> float:
    start = time.process_time()
    job()
    return (time.process_time() - start) * 1e3


def made(body: list[list[int]]) -> Table:
    grid = printed(body, True)
    return grid, readings(grid), body


def right() -> Table:
    return made(crossed(random.Random(2), 19, 7, 9999, True))


def wrong(tables: int) -> list[Table]:
    """The tables with one wrong cell of `prove_random.py`."""
    rng = random.Random(7)
    out = []
    for _ in range(tables):
        rows, cols, most = rng.randint(3, 25), rng.randint(2, 12), rng.choice([9, 99, 999, 99_999])
        body = crossed(rng, rows, cols, most, True)
        r, c = rng.randrange(len(body)), rng.randrange(len(body[0]))
        body[r][c] += rng.choice([1, 2, 9, 10, 100])
        out.append(made(body))
    return out


def judge(table: Table) -> None:
    judging.judge(table[0], table[1], "d")


def judge_unseen(table: Table) -> None:
    """As `judge`, with no label remembered."""
    for remembered in (labels.read, views._label, views._name, views._is_ratio, views._is_rounded, is_year):
        remembered.cache_clear()
    judge(table)


def add_up(figures: list[list[Decimal]]) -> bool:
    rows = all(sum(row[:-1], Decimal(0)) == row[-1] for row in figures)
    return rows and all(sum(column[:-1], Decimal(0)) == column[-1] for column in zip(*figures, strict=True))


def solve(body: list[list[int]]) -> None:
    """The fewest cells that must change for every row and column to add up."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    table = np.array(body, dtype=float)
    n_rows, n_cols = table.shape
    size, most = table.size, 10 * float(table.max()) + 1
    sums = np.zeros((n_rows + n_cols, 2 * size))
    for r in range(n_rows):
        for c in range(n_cols):
            sums[r, r * n_cols + c] = -1 if c == n_cols - 1 else 1
            sums[n_rows + c, r * n_cols + c] = -1 if r == n_rows - 1 else 1
    miss = -(sums[:, :size] @ table.ravel())
    eye = np.eye(size)
    bound = np.block([[eye, -most * eye], [-eye, -most * eye]])
    milp(
        np.r_[np.zeros(size), np.ones(size)],
        integrality=np.ones(2 * size),
        bounds=Bounds(np.r_[np.full(size, -most), np.zeros(size)], np.r_[np.full(size, most), np.ones(size)]),
        constraints=[LinearConstraint(sums, miss, miss), LinearConstraint(bound, -np.inf, 0)],
    )


def main(repetitions: int) -> None:
    table = right()
    figures = [[Decimal(v) for v in row] for row in table[2]]
    jobs: dict[str, Callable[[], object]] = {
        "judged": lambda: judge(table),
        "judged, labels never seen": lambda: judge_unseen(table),
        "added up with Decimals": lambda: add_up(figures),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(repetitions):
        for name, job in jobs.items():
            times[name].append(milliseconds(job))
    for name, spent in times.items():
        print(f"20 x 8, {name}: {min(spent):.3f} ms (median {median(spent):.3f})")
    tables = wrong(300)
    rounds = max(1, repetitions // 100)
    best = [min(milliseconds(lambda t=t: judge(t)) for _ in range(rounds)) for t in tables]
    print(f"one wrong cell of 300, judged: mean {mean(best):.2f} ms, median {median(best):.2f}, most {max(best):.2f}")
    for name, few in (("mixed-integer programme, every tenth table", tables[::10]),):
        spent = [milliseconds(lambda t=t: solve(t[2])) for t in few]
        print(f"one wrong cell, {name}: mean {mean(spent):.1f} ms, median {median(spent):.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
