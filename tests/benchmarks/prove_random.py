"""Ten thousand tables of random digits with a false total label; three hundred with one wrong cell; speeds.

    python tests/benchmarks/prove_random.py [tables]

Prints what `RESULTS.md` quotes.  The bound was stated first: `pipelines/prove/chance.py`.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipelines.model import Verdict
from pipelines.prove import judge as judging
from pipelines.prove import numbers, prove_grid
from tests.prove.grids import grid, proof
from tests.prove.test_chance import random_table
from tests.prove.test_quotients import rates_table


def readings(made):
    return {(c.row, c.col): p for c in made.cells if (p := numbers.parse(c.bare, marks=c.marks))}


def crossed(rng: random.Random, rows: int, cols: int, most: int, two: bool) -> list[list[int]]:
    body = [[rng.randint(0, most) for _ in range(cols)] for _ in range(rows)]
    if two:
        body = [[*row, sum(row)] for row in body]
    return [*body, [sum(row[c] for row in body) for c in range(len(body[0]))]]


def printed(body: list[list[int]], two: bool):
    width = len(body[0])
    head = ["Kind", *(f"Place {c}x" for c in range(width - 1 if two else width)), *(["Total"] if two else [])]
    names = [f"Kind {r}x" for r in range(len(body) - 1)] + ["Total"]
    return grid([head, *([n, *(f"{v:,}" for v in row)] for n, row in zip(names, body, strict=True))])


def random_labels(tables: int) -> None:
    rng = random.Random(1)
    seen: Counter[str] = Counter()
    for _ in range(tables):
        table = proof(random_table(rng))
        seen[str(table.verdict)] += 1
        seen["with a proved cell"] += any(c.verdict is Verdict.PROVED for c in table.cells)
    print(f"{tables} random tables with a false total label: {dict(seen)}")


def random_rates(tables: int) -> None:
    rng = random.Random(4)
    proved = 0
    for _ in range(tables):
        proved += any(c.verdict is Verdict.PROVED for c in proof(rates_table(rng)).cells)
    print(f"{tables} random tables of counts and of rates that are not theirs: {proved} with a proved cell")


def one_wrong(two: bool) -> None:
    rng = random.Random(7)
    located = complete = repaired = proved = 0
    spent = 0.0
    for _ in range(300):
        rows, cols, most = rng.randint(3, 25), rng.randint(2, 12), rng.choice([9, 99, 999, 99_999])
        body = crossed(rng, rows, cols, most, two)
        r, c = rng.randrange(len(body)), rng.randrange(len(body[0]))
        right = body[r][c]
        body[r][c] = right + rng.choice([1, 2, 9, 10, 100])
        made = printed(body, two)
        read = readings(made)
        start = time.process_time()
        table = judging.judge(made, read, "d")
        spent += time.process_time() - start
        wrong = [x for x in table.cells if x.argument.startswith("The wrong figure")]
        repaired += bool(wrong)
        located += [(x.row, x.col) for x in wrong] == [(r + 1, c + 1)] and f"need {right} here" in wrong[0].argument
        contradicted = {(x.row, x.col) for x in table.cells if x.verdict is Verdict.CONTRADICTED}
        complete += contradicted >= {(k + 1, c + 1) for k in range(len(body))}
        proved += any(x.verdict is Verdict.PROVED and (x.row, x.col) == (r + 1, c + 1) for x in table.cells)
    axes = "two axes" if two else "one axis"
    print(
        f"one wrong cell of 300, {axes}: located with its repair {located}, repaired {repaired}, "
        f"candidates complete {complete}, wrong cell proved {proved}, {spent / 300 * 1e3:.1f} ms each"
    )


def speeds() -> None:
    rng = random.Random(2)
    for rows in (19, 999):
        made = printed(crossed(rng, rows, 7, 9999, True), True)
        read = readings(made)
        judging.judge(made, read, "d")
        best = 1e9
        for _ in range(20 if rows < 100 else 3):
            start = time.process_time()
            judging.judge(made, read, "d")
            best = min(best, time.process_time() - start)
        whole = 1e9
        for _ in range(3):
            start = time.process_time()
            prove_grid(made, "d")
            whole = min(whole, time.process_time() - start)
        print(f"{rows + 1} x 8, two axes: judged in {best * 1e3:.1f} ms once readings are made; {whole * 1e3:.1f} with")


if __name__ == "__main__":
    random_labels(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    random_rates(int(sys.argv[1]) // 5 if len(sys.argv) > 1 else 2_000)
    one_wrong(two=True)
    one_wrong(two=False)
    speeds()
