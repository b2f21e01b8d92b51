"""From bytes to blocks: opens the document, walks its pages within the limits, and says what went wrong.

What belongs here: opening, limits, findings, reading order.  What must never stand here: how a table is found.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

from pipelines.model import Block, Finding, Grid, Severity
from pipelines.read.pdf.blocks import blocks_of_pages
from pipelines.read.pdf.finding import Found, find_tables
from pipelines.read.pdf.geometry import Sheet
from pipelines.read.pdf.glyphs import UNREADABLE, Raw, read_raw
from pipelines.read.pdf.grids import Part, grid_of
from pipelines.read.pdf.guarded import read_guarded
from pipelines.read.pdf.prescan import doubtful
from pipelines.read.pdf.stream import line_of
from pipelines.read.pdf.words import lines_of, words_of
from pipelines.settings import ReadLimits

_GLYPHS_A_PAGE = 60_000
_BATCH = 32


def read_document(data: bytes, limits: ReadLimits, document_id: str) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """See `pipelines.read.pdf.read_pdf`."""
    say = _Findings(document_id)
    if len(data) > limits.max_bytes:
        say.error(
            "document-too-large",
            f"The PDF holds {len(data):,} bytes; the limit max_bytes is {limits.max_bytes:,}.",
            "Raise ReadLimits.max_bytes, or split the document.",
        )
        return (), say.all
    if b"%PDF-" not in data[:1024]:
        say.error("not-a-pdf", "The bytes do not begin as a PDF does.", "Look at what the server sent.")
        return (), say.all
    if doubtful(data):
        return read_guarded(data, limits, document_id)
    return read_here(data, limits, document_id)


def read_here(data: bytes, limits: ReadLimits, document_id: str) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """Read in this process, whatever it may take."""
    say = _Findings(document_id)
    return blocks_of_pages(_found(data, limits, say)), say.all


def page_grids(data: bytes, limits: ReadLimits, document_id: str) -> tuple[tuple[Grid, ...], tuple[Finding, ...]]:
    """The grids page by page, before those that run over pages are stitched; always in this process."""
    say = _Findings(document_id)
    if doubtful(data):
        say.warn("unguarded", "A doubtful PDF was read without guard.", "Read it with read_pdf.")
    grids: list[Grid] = []
    for found in _found(data, limits, say):
        grids += [grid_of([Part(table, found.sheet)], 0) for table in found.tables]
    return tuple(grids), say.all


def _found(data: bytes, limits: ReadLimits, say: _Findings) -> Iterator[Found]:
    """Tables and lines of each page, a batch of pages at a time: what repeats is sought within a batch."""
    batch: list[Sheet] = []
    cells = 0
    for sheet in itertools.chain(_sheets(data, limits, say), [None]):
        if sheet is not None:
            batch.append(sheet)
        if batch and (sheet is None or len(batch) == _BATCH):
            for found in _safely(batch, say):
                cells += sum(len(table.slots) for table in found.tables)
                if cells > limits.max_cells:
                    say.error(
                        "limit-cells",
                        f"The tables hold more than {limits.max_cells:,} cells (max_cells); the rest was left out.",
                        "Raise ReadLimits.max_cells, or split the document.",
                        f"page {found.sheet.number}",
                    )
                    return
                yield found
            batch = []


def _safely(batch: list[Sheet], say: _Findings) -> list[Found]:
    """Tables of a batch; where the search itself fails, the pages as mere lines, and a finding."""
    try:
        return find_tables(batch)
    except (ArithmeticError, LookupError, ValueError, RecursionError) as error:
        pages = f"pages {batch[0].number}–{batch[-1].number}"
        say.error(
            "tables-unread",
            f"Looking for tables failed ({type(error).__name__}: {error}); the text is kept as paragraphs.",
            "Report the document; this is a fault of the reader.",
            pages,
        )
        return [Found(s, [], [[line_of(ws) for ws in lines_of(s.words)]] if s.words else [], []) for s in batch]


class _Findings:
    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        self.all: tuple[Finding, ...] = ()

    def add(self, severity: Severity, code: str, message: str, remedy: str, where: str = "") -> None:
        self.all += (Finding("read", code, severity, message, remedy, document_id=self.document_id, where=where),)

    def error(self, code: str, message: str, remedy: str, where: str = "") -> None:
        self.add(Severity.ERROR, code, message, remedy, where)

    def warn(self, code: str, message: str, remedy: str, where: str = "") -> None:
        self.add(Severity.WARNING, code, message, remedy, where)


def _sheets(data: bytes, limits: ReadLimits, say: _Findings) -> Iterator[Sheet]:
    import pypdfium2 as pdfium

    started = time.monotonic()
    try:
        pdf = pdfium.PdfDocument(data)
    except (pdfium.PdfiumError, ValueError, MemoryError) as error:
        said = str(error)
        if "assword" in said:
            say.error("pdf-encrypted", "The PDF asks for a password.", "Ask the publisher for an open copy.")
        else:
            say.error("pdf-broken", f"The PDF cannot be opened: {said}", "Fetch it again; it may be cut short.")
        return
    try:
        pages = len(pdf)
        if pages == 0:
            say.error("pdf-empty", "The PDF has no page.", "Fetch it again; it may be cut short.")
        if pages > limits.max_pages:
            say.warn(
                "limit-pages",
                f"The PDF has {pages:,} pages; only the first {limits.max_pages:,} were read (max_pages).",
                "Raise ReadLimits.max_pages, or split the document.",
                f"page {limits.max_pages + 1}",
            )
        for index in range(min(pages, limits.max_pages)):
            if time.monotonic() - started > limits.max_seconds:
                say.error(
                    "limit-seconds",
                    f"Reading took longer than {limits.max_seconds:g} s (max_seconds); "
                    f"{index} of {pages} pages were read.",
                    "Raise ReadLimits.max_seconds, or split the document.",
                    f"page {index + 1}",
                )
                break
            try:
                sheet = _sheet(pdf, index, say)
            except (pdfium.PdfiumError, ArithmeticError, LookupError, ValueError) as error:
                say.warn(
                    "page-unreadable", f"Page {index + 1} cannot be read: {error}", "Look at it.", f"page {index + 1}"
                )
                continue
            yield sheet
    finally:
        pdf.close()


def _sheet(pdf: Any, index: int, say: _Findings) -> Sheet:
    page = pdf[index]
    try:
        textpage = page.get_textpage()
        try:
            raw = read_raw(page, textpage, _GLYPHS_A_PAGE)
        finally:
            textpage.close()
    finally:
        page.close()
    if raw.cut:
        say.warn(
            "limit-glyphs",
            f"Page {index + 1} holds more than {_GLYPHS_A_PAGE:,} characters; the rest was left out.",
            "Look at the page; it may be made to exhaust a reader.",
            f"page {index + 1}",
        )
    _about_unread(raw, index + 1, say)
    return Sheet(
        index + 1, raw.width, raw.height, words_of(raw.glyphs), raw.across, raw.down, raw.fills, raw.ink, raw.turn
    )


def _about_unread(raw: Raw, number: int, say: _Findings) -> None:
    """Findings about text of a page that is not seen, withdrawn or without meaning, where it holds digits."""
    where = f"page {number}"
    hidden = [g for g in raw.hidden if not g.text.isspace()]
    if hidden and not raw.glyphs and raw.has_image:
        say.warn(
            "searchable-scan",
            f"Page {number} is a picture with text hidden over it ({len(hidden)} characters); the text was not read.",
            "Read the figures from the picture; the hidden text is a machine's guess at it.",
            where,
        )
        return
    for code, glyphs, what, remedy in (
        ("hidden-text", raw.hidden, "not seen on the page", "Look at the page; the text is no part of what it shows."),
        ("struck-out-text", raw.struck, "struck out", "Look at the page; what is withdrawn is not read as current."),
    ):
        words = [w.text for w in words_of(glyphs) if any(ch.isdigit() for ch in w.text)]
        if words:
            shown = ", ".join(f"“{word}”" for word in words[:10]) + (" …" if len(words) > 10 else "")
            say.warn(code, f"Page {number} holds text with digits that is {what}: {shown}", remedy, where)
    unreadable = sum(g.text == UNREADABLE for g in raw.glyphs)
    if unreadable:
        say.warn(
            "glyph-unreadable",
            f"Page {number} shows {unreadable} characters of which the reader cannot say what they are (as \ufffd).",
            "Read the cells from the page; the font gives these glyphs no meaning, or other text lies over them.",
            where,
        )
