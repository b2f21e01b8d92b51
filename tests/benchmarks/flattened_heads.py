"""Flattened tables made to mislead: before a row's sum two figures that could be one, and blank cells among them.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/flattened_heads.py --seed 1 --tables 300

Each row begins with figures that its sum does not reach: a code, a serial number or a year, and a figure that has
three digits nearly always, so that "7 | 499" looks like 7 499; or one figure of about four digits.  Cells are blank at
random, totals have no code, or nothing before their sum.  Real tables are seldom so; what reads these wrong rests on
how figures happen to look.  The other half of the tables has the same figures as columns of their own, with and without
sums along the rows.  Seeds are of this file alone.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter, defaultdict

from pipelines.prove.flattened import rows
from tests.benchmarks.flattened_random import flattened

HEADS = ("code", "serial", "number", "year", "wide", "two codes", "small", "one figure")
BLANK = (0, 0.03, 0.1, 0.2)


def _three(rng: random.Random) -> int:
    return rng.randint(100, 999) if rng.random() < 0.97 else rng.randint(1000, 3500)


def _head(rng: random.Random, kind: str, i: int) -> list[int]:
    """The figures of row i that its sum does not reach."""
    first = {
        "code": rng.randint(1, 9),
        "serial": i + 1,
        "number": rng.randint(1, 30),
        "year": rng.randint(1990, 2010),
        "wide": rng.randint(1, 999),
        "two codes": rng.randint(1, 9),
    }
    if kind == "one figure":
        return [int(2500 * rng.lognormvariate(0, 0.7))]
    if kind == "small":
        return [rng.randint(1, 99), int(300 * rng.lognormvariate(0, 0.8))]
    return [first[kind], _three(rng), *([rng.randint(100, 999)] if kind == "two codes" else [])]


def before_sums(rng: random.Random) -> tuple[str, list[list[int]]]:
    """A table whose rows have a sum, and figures before it: what stands there, and the figures of each line."""
    n, k = rng.choice([6, 8, 10, 12, 16, 24]), rng.choice([2, 2, 3, 3, 4, 5])
    kind, blank = rng.choice(HEADS), rng.choice(BLANK)
    last, scale = rng.random() < 0.5, 10 ** rng.uniform(1.5, 5)
    of_total = rng.choice(["no code", "no code", "all", "nothing"])
    parts = [(_head(rng, kind, i), [int(scale * rng.lognormvariate(0, 0.5)) for _ in range(k)]) for i in range(n)]

    def line(head: list[int], inner: list[int]) -> list[int]:
        shown = [v for v in head if rng.random() >= blank]
        return [*shown, *inner, sum(inner)] if last else [*shown, sum(inner), *inner]

    def total(some: list[tuple[list[int], list[int]]]) -> list[int]:
        head = [sum(column) for column in zip(*[h for h, _ in some], strict=True)]
        head = [] if of_total == "nothing" else head[1:] if of_total == "no code" and len(head) > 1 else head
        return line(head, [sum(column) for column in zip(*[inner for _, inner in some], strict=True)])

    where = rng.choice(["none", "below", "below", "blocks", "above"])
    out, at = [total(parts)] if where == "above" else [], 0
    while at < n:
        block = parts[at : at + (rng.randint(2, 6) if where == "blocks" else n)]
        out += [line(*part) for part in block]
        out += [total(block)] if where in ("below", "blocks") else []
        at += len(block)
    return kind, out


def _figure(rng: random.Random, kind: str) -> int:
    if kind == "three":
        return _three(rng)
    if kind == "any":
        return int(10 ** rng.uniform(0, 5))
    low, high = {"digit": (1, 9), "two": (1, 99), "four": (1000, 9999), "five": (10_000, 99_999)}[kind]
    return rng.randint(low, high)


def columns(rng: random.Random) -> tuple[str, list[list[int]]]:
    """A table whose columns have such figures, with and without totals, codes, and sums along the rows."""
    n, k = rng.choice([5, 6, 8, 10, 12, 16, 24]), rng.choice([1, 2, 2, 3, 3, 4, 5, 6])
    kinds = [rng.choice(["three", "three", "digit", "two", "any", "four", "five"]) for _ in range(k)]
    code, blank = rng.choice(["none", "none", "serial", "number"]), rng.choice((0, *BLANK))
    along = rng.choice(["none", "none", "last", "first"])
    parts = [[_figure(rng, kind) for kind in kinds] for _ in range(n)]
    out: list[list[int]] = []

    def add(row: list[int], total: bool) -> None:
        row = [*row, sum(row)] if along == "last" else [sum(row), *row] if along == "first" else row
        if code != "none" and not (total and rng.random() < 0.8):
            row = [len(out) + 1 if code == "serial" else 30_000 + len(out), *row]
        shown = [v for v in row if rng.random() >= blank or (total and rng.random() < 0.7)]
        if shown:
            out.append(shown)

    where, at = rng.choice(["none", "below", "below", "blocks"]), 0
    while at < n:
        block = parts[at : at + (rng.randint(2, 6) if where == "blocks" else n)]
        for part in block:
            add(part, False)
        if where != "none":
            add([sum(column) for column in zip(*block, strict=True)], True)
        at += len(block)
    return "columns", out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=int, default=300)
    parser.add_argument("--show", type=int, default=0, help="print so many of the rows that were read wrong")
    chosen = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    began, shown = time.process_time(), 0
    for i in range(chosen.tables):
        rng = random.Random(chosen.seed * 1_000_000 + i)
        kind, printed = (before_sums, columns)[i % 2](rng)
        for figures, got in zip(printed, rows(flattened([("item", row) for row in printed])), strict=True):
            said = "declined" if got is None else "right" if list(got) == figures else "wrong"
            counts[kind][said] += 1
            if said == "wrong" and shown < chosen.show:
                shown += 1
                print(f"table {i}, {kind}, wrong:", figures, "read as", got)
    for kind, said in sorted(counts.items()):
        print(kind, dict(sorted(said.items())))
    print("all", dict(sorted(sum(counts.values(), Counter()).items())), f"{time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
