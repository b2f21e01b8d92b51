"""Lines whose cells were joined ("2008 1 358 564"): which numbers they hold, where the sums leave one answer.

Open `resolving` first (a grid of whole lines → a grid of cells), then `flatrows`, which decides row by row by the sums
along the rows (`rowsums`, `ends`), down the columns (`colsearch`, `colsums`, `blocks`, `borders`), by totals said in
the prose (`hinted`), by averages, shares and changes (`ratios`: along the rows in `rowratios`, between lines in
`lineratios`), by serial numbers (`progressions`), of cells joined by nothing (`glued`, `headed`), and, at stated
odds, by widths (`widths`, `likely`).

What must never stand here: a verdict.  Of what is split here only what a sum of the judged grid reaches may load
(`judge`).
"""

from __future__ import annotations

from pipelines.prove.flattened.resolving import Resolution, RowStatus, resolve, rows

__all__ = ["Resolution", "RowStatus", "resolve", "rows"]
