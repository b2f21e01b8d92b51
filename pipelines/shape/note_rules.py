"""What the notes of a table say of one scheme's figures: that the "approved" of a quota scheme are quotas allotted.

What belongs here: finding the notes, and the phrases of the series definition in them.  What does not: the phrases.
"""

from __future__ import annotations

import re
from itertools import takewhile

from pipelines.cards import SeriesCard, fold
from pipelines.model import Document, Grid, Paragraph

_NOTES = 6  # paragraphs below a table among which its notes stand
_NOTE = re.compile(
    r"\s*(?:[(\uff08\[]?\s*(?:notes?|remarks?|註|注|備註|备注|附註|附注)|[*#^\u2020\u2021\u00a7@]|\d\s*[.:\uff1a])",
    re.I,
)


def find_notes(document: Document, grid: Grid) -> tuple[str, ...]:
    """The notes of a table, folded: those read as its own; what stands below it, before the next table, from the first
    paragraph on that begins as a note does ("Note:", "註：", "*"); and its own cells that begin so."""
    at = next((i for i, b in enumerate(document.blocks) if isinstance(b, Grid) and b.ordinal == grid.ordinal), None)
    if at is None:
        return ()
    after = takewhile(lambda b: isinstance(b, Paragraph), document.blocks[at + 1 : at + 1 + _NOTES])
    texts = [b.text for b in after if isinstance(b, Paragraph)]
    first = next((i for i, text in enumerate(texts) if _NOTE.match(text)), len(texts))
    own = [c.text for c in grid.cells if c.row >= grid.header_rows and _NOTE.match(c.text)]
    return tuple(fold(text) for text in (*grid.notes, *texts[first:], *own))


def measures_of_notes(document: Document, grid: Grid, card: SeriesCard) -> dict[tuple[str, str], str]:
    """(code, measure) to the measure that a note of the table says it is."""
    if not card.note_rules:
        return {}
    notes = find_notes(document, grid)
    return {
        (rule.code, rule.measure): rule.becomes
        for rule in card.note_rules
        if any(phrase in note for phrase in rule.folded for note in notes)
    }
