"""Tables made up from seeds with averages, shares, changes in per cent and differences, flattened and resolved.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/flattened_ratios.py --seed 1 --tables 500     (or: --real FILE)

Along the rows, or between three lines at a time.  Drawn at random: figures of all sizes, one order of magnitude a row
or a column, or always three digits; an amount beside each number, of which only the numbers are compared (and no
figure is ever joined); quotients rounded, cut off, reckoned from figures more exact than those printed, or printed
wrong; changes without their sign; the same rate in every row; columns that only look like changes; blank cells, rows of
totals, rows of another kind.  Counted are the rows of those tables of which a rule for quotients or progressions has
something to say, and the rows that only such a rule reads.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from unittest.mock import patch

from pipelines.prove.flattened import flatrows, lineratios, progressions, rowratios, rows
from pipelines.prove.flattened.lines import read_line
from tests.benchmarks.flattened_random import Printed, flattened, real


def _figure(rng: random.Random, style: str, size: float) -> int:
    if style == "three":
        return rng.randint(100, 999)
    if style == "three or so":
        return rng.randint(100, 999) if rng.random() < 0.9 else rng.randint(1, 2000)
    if style == "six":
        return rng.randint(100_000, 999_999)
    if style == "small":
        return rng.randint(0, 60)
    return max(0, int(10 ** (size + rng.gauss(0, 0.5))))


def _quotient(rng: random.Random, kind: str, a: int, b: int, how: str) -> int | None:
    """The figure printed for a and b; None where there is none."""
    if kind == "difference":
        exact = float(a - b)
    elif b == 0:
        return None
    else:
        over = a + (rng.random() - 0.5 if how == "finer" else 0)
        under = max(0.5, b + (rng.random() - 0.5 if how == "finer" else 0))
        exact = {"average": over / under, "share": 100 * over / under, "change": 100 * (over / under - 1)}[kind]
    if how == "signless":
        exact = abs(exact)
    if how == "chance":
        return rng.randint(0, 100)
    printed = int(exact) if how == "cut" else int(exact + 0.5)
    if rng.random() < 0.04:
        printed += rng.choice([-10, -2, -1, 1, 1, 2, 10, 100])
    return printed if exact >= 0 and printed >= 0 else None


def along(rng: random.Random) -> list[Printed]:
    """A table with a quotient along its rows."""
    kind = rng.choice(["average", "share", "change", "change", "difference"])
    how = rng.choice(["rounded"] * 6 + ["cut", "finer", "signless", "chance"])
    style = rng.choice(["sized", "sized", "sized", "by row", "three", "three or so", "six", "small"])
    beside = rng.choice([None, None, None, "three", "three or so", "sized"])
    n, sizes = rng.choice([4, 6, 8, 12, 18, 30]), [rng.uniform(0.5, 6.5), rng.uniform(0.5, 4.5)]
    more, blank = rng.choice([0, 0, 0, 1, 2]), rng.choice([0.0, 0.0, 0.05, 0.2])
    extra = [rng.uniform(0.3, 6) for _ in range(more)]
    first = rng.random() < 0.5
    rate = rng.choice([None] * 6 + [rng.randint(2, 3000)])
    out: list[Printed] = []
    for _ in range(n):
        size = rng.uniform(0.5, 6.5) if style == "by row" else sizes[0]
        a = _figure(rng, style, size)
        if kind == "average":
            b = _figure(rng, "small" if style == "small" else "sized", sizes[1])
            a = b * rate if rate else a
        elif kind == "share":
            b = int(a / max(0.01, rng.random())) if rng.random() < 0.9 else a
        else:
            b = int(a / rng.lognormvariate(0.1, 0.25)) if rng.random() < 0.9 else _figure(rng, style, size)
        if style.startswith("three") and rng.random() < 0.95:
            b = min(999, max(100, b))
        t = _quotient(rng, kind, a, b, how)
        pair: list[int | None] = [b, a] if not first else [a, b]
        if beside:
            pair = [v for x in pair for v in (x, _figure(rng, beside, sizes[0]))]
        cells: list[int | None] = [*pair, t]
        others: list[int | None] = [_figure(rng, "sized", e) for e in extra]
        cells = [*cells, *others] if first else [*others, *cells]
        cells = [None if rng.random() < blank else v for v in cells]
        figures = [v for v in cells if v is not None]
        if figures:
            out.append(("item", figures))
    if rng.random() < 0.3:
        width = max(len(figures) for _, figures in out)
        out.append(("other", [int(10 ** rng.uniform(0, 6)) for _ in range(rng.randint(1, width + 2))]))
    return out


def between(rng: random.Random) -> list[Printed]:
    """A table whose every third line is a quotient of two others."""
    kind = rng.choice(["average", "average", "average", "share", "change"])
    how = rng.choice(["rounded"] * 6 + ["cut", "finer", "signless", "chance"])
    style = rng.choice(["sized", "sized", "sized", "three", "six", "small"])
    k, sizes = rng.choice([1, 2, 3, 5, 7, 12]), [rng.uniform(1, 7), rng.uniform(0.3, 4.5)]
    order = rng.sample(range(3), 3)
    blank = rng.choice([0.0, 0.0, 0.05])
    out: list[Printed] = []
    for _ in range(rng.choice([1, 2, 4, 8, 14])):
        three: list[list[int]] = [[], [], []]
        scale = rng.uniform(-1, 1)
        rate = rng.choice([None] * 6 + [rng.randint(2, 3000)])
        for _ in range(k):
            if rng.random() < blank:
                continue
            a = _figure(rng, style, sizes[0] + scale)
            if kind == "average":
                b = _figure(rng, "small" if style == "small" else "sized", sizes[1] + scale)
                a = b * rate if rate else a if b else 0
            elif kind == "share":
                b = int(a / max(0.01, rng.random()))
            else:
                b = int(a / rng.lognormvariate(0.25, 0.25))
            t = _quotient(rng, kind, a, b, how)
            three[0].append(a)
            three[1].append(b)
            if t is not None:
                three[2].append(t)
        out += [(f"line {'x' * (i + 1)}", three[i]) for i in order if three[i]]
        if rng.random() < 0.2:
            out.append(("other", [int(10 ** rng.uniform(0, 6)) for _ in range(rng.randint(1, k + 1))]))
    return out


def _touched(lines: Sequence[str]) -> bool:
    """Whether any of the rules has something to say of the table."""
    held = [row for i, text in enumerate(lines) if (row := read_line(i, text).row) is not None]
    said = rowratios.along(held)
    return bool(said.borne or said.shown or said.read or lineratios.between(held) or progressions.progressions(held))


def compare(tables: Iterable[list[Printed]], show: int) -> Counter[str]:
    """Of tables of which a rule has something to say: how the rows are read, and which of them only by the rules."""
    counts: Counter[str] = Counter()
    nothing = rowratios.Along({}, {}, Counter())
    for printed in tables:
        lines = flattened(printed)
        counts["tables"] += 1
        if not _touched(lines):
            continue
        answers = rows(lines)
        with (
            patch.object(flatrows, "along", return_value=nothing),
            patch.object(flatrows, "between", return_value={}),
            patch.object(flatrows, "progressions", return_value={}),
        ):
            without = rows(lines)
        counts["tables touched"] += 1
        for (_, figures), got, before in zip(printed, answers, without, strict=True):
            said = "declined" if got is None else "right" if list(got) == figures else "wrong"
            counts[said] += 1
            counts["wrong without"] += before is not None and list(before) != figures
            if got != before:
                counts[f"{said} by these rules"] += 1
                if said == "wrong" and counts["wrong by these rules"] <= show:
                    print("wrong:", figures, "read as", got, "instead of", before)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=int, default=500, help="of each of the two kinds")
    parser.add_argument("--real", type=Path, help="annotated tables instead, as for flattened_random.py --tables")
    parser.add_argument("--show", type=int, default=0, help="print so many of the rows that were read wrong")
    chosen = parser.parse_args()
    seeds = range(chosen.seed * 1_000_000, chosen.seed * 1_000_000 + chosen.tables)
    made: dict[str, Iterable[list[Printed]]] = {
        "along the rows": (along(random.Random(seed)) for seed in seeds),
        "between lines": (between(random.Random(seed)) for seed in seeds),
    }
    for name, tables in made.items() if chosen.real is None else [("real", real(chosen.real, chosen.seed, None))]:
        began = time.process_time()
        counts = compare(tables, chosen.show)
        print(f"{name}: {dict(sorted(counts.items()))}, {time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
