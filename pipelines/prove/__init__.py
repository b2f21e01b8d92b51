"""The proving room: grids → readings, identities, and a verdict for every table and every cell.

It knows arithmetic, the grammar of numbers and the corrections handed to it; it must never know a scheme or a series
by name, choose between readings by taste, or apply a repair that it proposes.

Verdicts of a cell: **proved** (one reading is left, and it lies in exact identities whose chance over the table is
bounded: see `chance`), **consistent** (one reading, supported only within rounding, or by identities that chance could
meet, or where a note explains a gap), **unproved** (one reading, no identity reaches it), **ambiguous** (more than one
reading survives), **contradicted** (an identity that reaches it fails).  Of a table: that of its weakest cell.
"""

from __future__ import annotations

from pipelines.prove.document import prove_document, prove_grid
from pipelines.prove.explain import explain
from pipelines.prove.identities import evaluate

__all__ = ["evaluate", "explain", "prove_document", "prove_grid"]
