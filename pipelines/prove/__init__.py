"""The proving room: grids → readings, identities, and a verdict for every table and every cell.

It knows arithmetic, the grammar of numbers and the corrections handed to it; it must never know a scheme or a series
by name, choose between readings by taste, or apply a repair that it proposes.

Read it in this order: `document` (every grid of a document) and `judge` (one grid: the order of the steps); `numbers/`
(text → readings) and `flattened/` (joined lines → cells); `sheet`, `frame`, `views`, `labels` (a grid as lines with
what their labels claim); `claims`, `search`, `implied`, `quotients`, `restated` (identities), with `rules` and `chance`
(what they are worth); `identities`, `blame`, `settle` (what follows from them); `explain`.

Verdicts of a cell: **proved** (one reading is left, and it lies in exact identities whose chance over the table is
bounded, or it is a quotient that other figures determine to its last digit), **consistent** (one reading, supported
only within rounding, or by identities that chance could meet, or as what a quotient was worked out of, or where a note
explains a gap), **unproved** (one reading, no identity reaches it), **ambiguous** (more than one reading survives),
**contradicted** (an identity that reaches it fails).  Of a table: that of its weakest cell.

Identities: sums, differences and running totals (`claims`: what labels say; `search`, `implied`: what position and
arithmetic find), quotients (`quotients`: ratios, changes, averages, shares of a whole), figures printed again
(`restated`).  Only what a label claims can contradict.  A sum is compared by the interval that its printed precision
leaves (XBRL Calculations 1.1), never by a flat tolerance.

Chance: all that is tried in a table counts, met or not.  Of random tables with a false total label at most 2 in 100,000
could be declared proved by what the label claims before anything is added up, and at most 1 in 1,000,000 by everything
else, sums and quotients together: see `chance` for the bound of one figure, `rules` for that of a row or column.
"""

from __future__ import annotations

from pipelines.prove.document import prove_document, prove_grid
from pipelines.prove.explain import explain
from pipelines.prove.identities import evaluate

__all__ = ["evaluate", "explain", "prove_document", "prove_grid"]
