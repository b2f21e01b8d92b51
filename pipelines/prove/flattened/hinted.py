"""Flattened rows decided by totals that only the prose states.

What belongs here: setting stated totals under the columns and deciding whether one reading of the rows meets them.
What must never stand here: finding those totals in prose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from pipelines.prove.flattened.colsums import Lane, lane, numbers, solve
from pipelines.prove.flattened.flatrows import How, Read, Table
from pipelines.prove.flattened.groups import Numbers, Row

LUCK = -4.0
MAX_TRIALS = 400
MAX_COLUMNS = 6


def decide_by_hints(rows: Sequence[Row], table: Table, hints: Sequence[Decimal]) -> tuple[Table, str]:
    """The table with its open rows read where the stated totals leave one reading of all rows, and the argument."""
    totals = sorted({int(h) for h in hints if h == int(h) and h >= 100})
    found: dict[tuple[Numbers, ...], tuple[int, tuple[int, ...]]] = {}
    trials = 0
    plans = [
        (k, chosen)
        for k in range(1, MAX_COLUMNS + 1)
        if all(row.counts.get(k) for row in rows)
        for chosen in permutations(totals, k)
    ][:MAX_TRIALS]
    for k, chosen in plans:
        trials += 1
        lanes = [lane(row, k) for row in rows]
        if any(one is None for one in lanes):
            continue
        total: Lane = tuple(((j, j + 1, value),) for j, value in enumerate(chosen))
        held = [total, *[one for one in lanes if one is not None]]
        solved = solve(held, 0)
        if not solved.solutions:
            continue
        luck = math.log10(max(1.0, solved.joint)) - sum(math.log10(v) for v in chosen) + math.log10(len(plans))
        if luck > LUCK:
            continue
        if not solved.complete:
            return table, ""
        for s in solved.solutions:
            found[tuple(numbers(p, row) for p, row in zip(s[1:], rows, strict=True))] = (k, chosen)
    if len(found) != 1:
        return table, ""
    (readings, (k, chosen)), *_ = found.items()
    if any(r.numbers is not None and r.numbers != new for r, new in zip(table.rows, readings, strict=True)):
        return table, ""
    said = " and ".join(f"{v:,}" for v in chosen)
    argument = (
        f"The columns add up to the totals stated in the text ({said}) in one way only, of "
        f"{math.prod(row.counts[k] for row in rows):,} combinations that the grammar allows."
    )
    answered = tuple(
        r if r.numbers is not None else Read(n, How.COLUMN_SUM) for r, n in zip(table.rows, readings, strict=True)
    )
    return replace(table, rows=answered, columns=k), argument
