"""The grammar of the figures that releases print: one text → every number that it can stand for.

Open `parsing` first (one cell), then `grammar` (one figure with its sign, currency, scale and unit), `numerals` (digits
and words, English and Chinese), `absences` (the kinds of a figure that is not there), `glyphs` (characters folded),
`prose_figures` (figures in a sentence).

What must never stand here: a choice between two grammatical readings.
"""

from __future__ import annotations

from pipelines.prove.numbers.numerals import Convention, convention
from pipelines.prove.numbers.parsing import MAX_READINGS, parse
from pipelines.prove.numbers.prose_figures import ProseFigure, ProseKind, find_in_prose

__all__ = ["MAX_READINGS", "Convention", "ProseFigure", "ProseKind", "convention", "find_in_prose", "parse"]
