"""Where a figure ends in a row that a column sum has read, and whether that sum says so.

What belongs here: finding the figures of a row that could be split, or joined to the next one, without any column sum
failing.  What must never stand here: deciding what becomes of such a row.

A sum fixes where a figure ends as a wrong end makes it a thousand times too large or too small for the others in its
column.  It says nothing where there are no others: where one part alone has a figure in a column, and the total
repeats it, both could be split or joined alike, one more or one less blank cell beside them.  The same holds for a
column that need not add up, and for a number left to the label.
"""

from __future__ import annotations

from pipelines.prove.flattened.colsearch import Outcome
from pipelines.prove.flattened.colsums import Path, paths
from pipelines.prove.flattened.groups import MAX_GROUPS, Row


def unsupported(outcome: Outcome, columns: int | None) -> set[int]:
    """The rows of sums with a figure whose ends no sum of the outcome fixes, unless another sum holds them.

    columns  the number of columns, if it is known from other rows, so that a column which need not add up cannot be
             two; nor a number left to the label, where it is one of these columns
    """
    counted = columns is not None
    stubbed = columns == outcome.k + 1
    open_spots: dict[int, set[int]] = {}
    chosen: dict[int, Path] = {}
    for r in outcome.reached():
        if paths(outcome.lanes[r]) == 1:
            chosen[r] = tuple(layer[0] for layer in outcome.lanes[r])
            open_spots[r] = _spots(outcome.rows[r], chosen[r])
    for s in outcome.sums:
        # by column, the parts that have a figure there, whichever of their readings is the true one
        filled = [{p for p in s.parts if min(a[2] for a in outcome.lanes[p][j]) > 0} for j in range(outcome.k)]
        for r in (s.total, *s.parts):
            fixed = set()
            if r not in chosen:
                continue
            for spot in open_spots[r]:
                j, joined = divmod(spot, 2)
                if joined:
                    if len(filled[j] | filled[j + 1]) > 1 and (counted or not {j, j + 1} <= s.skip):
                        fixed.add(spot)
                elif stubbed if j < 0 else counted if j in s.skip else len(filled[j]) > 1:
                    fixed.add(spot)
            open_spots[r] -= fixed
    loose = {r for r, spots in open_spots.items() if spots}
    firm = {r for s in outcome.sums if not loose & {s.total, *s.parts} for r in (s.total, *s.parts)}
    return {r for s in outcome.sums if loose & {s.total, *s.parts} for r in (s.total, *s.parts)} - firm


def _spots(row: Row, path: Path) -> set[int]:
    """2 j: the figure in column j could be split;  2 j + 1: it could be joined to the next one;  -2: the stub could."""
    spots = set()
    for j, (p, q, _) in enumerate(path):
        if any(row.groups[i][0] != "0" for i in range(p + 1, q)):
            spots.add(2 * j)
        after = path[j + 1] if j + 1 < len(path) else None
        if q > p and after is not None and after[1] > after[0] and after[1] - p <= MAX_GROUPS:
            first = row.groups[p]
            if len(first) <= 3 and first[0] != "0" and all(len(g) == 3 for g in row.groups[q : after[1]]):
                spots.add(2 * j + 1)
    start = path[0][0]
    if any(row.groups[i][0] != "0" for i in range(1, start)):
        spots.add(-2)
    return spots
