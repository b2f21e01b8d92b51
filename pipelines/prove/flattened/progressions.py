"""Serial numbers, dates and years at the head of neighbouring lines, one constant step apart: 37 995, 38 002, 38 009.

What belongs here: lines whose first number goes on in the progression of lines that grammar has decided.  What must
never stand here: labels, sums, progressions in other columns.

Two columns go on alike as long as no thousand is passed: 37 | 981, 37 | 988.  Where one is passed the first group
changes, and where the next group then begins with 0 (38 002) grammar joins both.  A run is `FIXED` neighbouring lines
or more whose first number is one of two groups in all of their readings, one step apart; and the lines before and
behind it, as long as they have a first number of two groups that is one step further.

How chance is reckoned.  A line next to the run would have a first number v by luck with a chance of 1 / v for each
first number that it can have.  Once it has, lines beyond it go on alike as two columns as well, if these have the same
step: that they do is granted `SAME_STEP`, once.  So at least two lines must be added on a side, `CERTAIN` must be
reached, and a line is read only where its first number leaves one reading.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.prove.flattened.groups import Numbers, Row
from pipelines.prove.flattened.ratios import CERTAIN

FIXED = 4  # lines with a first number of two groups in all readings
SAME_STEP = 0.1  # chance that two columns beside such lines have their step


def progressions(rows: Sequence[Row]) -> dict[int, Numbers]:
    """The readings of the rows whose first number continues a progression, where that leaves one.  Deterministic."""
    heads = [_heads(row) for row in rows]
    fixed = [next(iter(found)) if len(found) == 1 and next(iter(found.values())) == 2 else None for found in heads]
    out: dict[int, Numbers] = {}
    for start, stop in _runs(fixed):
        first, second = fixed[start], fixed[start + 1]
        assert first is not None and second is not None
        step = second - first
        for at, by in ((start - 1, -1), (stop, 1)):
            value, added = (first if by < 0 else first + step * (stop - 1 - start)) + by * step, list[tuple[int, int]]()
            while 0 <= at < len(rows) and heads[at].get(value) == 2:
                added.append((at, value))
                at, value = at + by, value + by * step
            if len(added) >= 2 and CERTAIN * SAME_STEP * len(heads[added[0][0]]) <= added[0][1]:
                for r, v in added:
                    readings = rows[r].readings() if sum(rows[r].ways[2].values()) == 1 else None
                    out.update((r, n) for n in readings or () if n[0] == v)
    return out


def _heads(row: Row) -> dict[int, int]:
    """The first numbers that a row can have, and how many groups each takes."""
    return {value: q for q, value in row.arcs[0] if row.ways[q]} if row.groups and row.starts == (0,) else {}


def _runs(fixed: Sequence[int | None]) -> list[tuple[int, int]]:
    """(start, stop) of every longest run of `FIXED` or more neighbours one constant step, not 0, apart."""
    out, start = [], 0
    while start < len(fixed) - 1:
        stop, step = start + 1, None
        while stop < len(fixed):
            a, b = fixed[stop - 1], fixed[stop]
            if a is None or b is None or a == b or step not in (None, b - a):
                break
            step, stop = b - a, stop + 1
        if stop - start >= FIXED:
            out.append((start, stop))
        start = max(start + 1, stop - 1)
    return out
