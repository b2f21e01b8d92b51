"""Reading: bytes → `Document`, paragraphs and grids of positioned cells in reading order.

What belongs here: markup, glyphs, encodings, the layout of tables and of pages.  What must never happen here: deciding
what a number means, knowing a scheme or a series by name, knowing that a total is a total.

The doors: `read_document` (never raises on bad input), `sniff` (media type from the bytes), `place_excerpt` (what
stands at a place, for people).
"""

from __future__ import annotations

from pipelines.read.document import read_document
from pipelines.read.show import place_excerpt
from pipelines.read.sniffing import sniff
from pipelines.settings import ReadLimits

__all__ = ["ReadLimits", "place_excerpt", "read_document", "sniff"]
