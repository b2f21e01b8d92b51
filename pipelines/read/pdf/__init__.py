"""Reading PDF: bytes → paragraphs and grids in reading order, and the picture of a cell.

What belongs here: the public functions `read_pdf` and `picture`.  What must never happen here: a number interpreted,
an exception let out because of what the bytes hold.  pdfium is not safe in threads: one reading at a time in a process.
"""

from __future__ import annotations

from pipelines.model import Block, Finding, Place
from pipelines.settings import ReadLimits

__all__ = ["picture", "read_pdf"]


def read_pdf(data: bytes, limits: ReadLimits, document_id: str) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """Blocks of a PDF in reading order, and the findings.

    Grids are numbered 0..n-1 in reading order; each cell's place is (page, box in points, origin top left, the page
    as displayed).  Never raises on bad input: what could not be read is a finding with code, place and remedy.
    """
    from pipelines.read.pdf.reading import read_document

    return read_document(data, limits, document_id)


def picture(data: bytes, place: Place, *, scale: float = 2.0) -> bytes:
    """PNG of the page of `place`, `scale` pixels a point, with the box of the place drawn on it.

    Raises ValueError where `place` names no page of the document.
    """
    from pipelines.read.pdf.pictures import draw

    return draw(data, place, scale)
