"""PDFs made for the tests: ruled, half-ruled and unruled tables, bad bytes.  Nothing here is of another's hand."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

HEIGHT = A4[1]
Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, size: tuple[float, float] = A4, rotate: int = 0) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        if rotate:
            canvas.setPageRotation(rotate)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def text(canvas: Canvas, x: float, y: float, said: str, *, right: bool = False, size: float = 10) -> None:
    """Text with its baseline `y` points below the top."""
    canvas.setFont("Helvetica", size)
    if right:
        canvas.drawRightString(x, HEIGHT - y, said)
    else:
        canvas.drawString(x, HEIGHT - y, said)


def chinese(canvas: Canvas, x: float, y: float, said: str, size: float = 10) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))
    canvas.setFont("MSung-Light", size)
    canvas.drawString(x, HEIGHT - y, said)


def rule(canvas: Canvas, x0: float, x1: float, y: float) -> None:
    canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)


def columns(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    *,
    top: float = 100,
    step: float = 16,
    left: float = 72,
    ends: Sequence[float] = (260, 340, 420, 500),
) -> None:
    """Rows of a label and right-aligned figures, no rule."""
    for k, row in enumerate(rows):
        text(canvas, left, top + k * step, row[0])
        for x, said in zip(ends, row[1:], strict=False):
            text(canvas, x, top + k * step, said, right=True)


def ruled(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    *,
    top: float = 100,
    left: float = 72,
    widths: Sequence[float],
    height: float = 20,
    spans: Sequence[tuple[int, int, int, int]] = (),
) -> None:
    """A fully ruled table; `spans` are (row, col, rows, cols) of merged cells, whose inner rules are not drawn."""
    xs = [left]
    for width in widths:
        xs.append(xs[-1] + width)
    inner = {(r + i, c + j): (r, c, n, m) for r, c, n, m in spans for i in range(n) for j in range(m)}
    for r, row in enumerate(rows):
        for c in range(len(widths)):
            y = top + r * height
            mine = inner.get((r, c))
            if mine is None or r == mine[0]:
                rule(canvas, xs[c], xs[c + 1], y)
            if mine is None or c == mine[1]:
                canvas.line(xs[c], HEIGHT - y, xs[c], HEIGHT - y - height)
            if c < len(row) and row[c]:
                for k, line in enumerate(row[c].split("\n")):
                    text(canvas, xs[c] + 3, y + 13 + 11 * k, line)
    bottom = top + len(rows) * height
    rule(canvas, xs[0], xs[-1], bottom)
    canvas.line(xs[-1], HEIGHT - top, xs[-1], HEIGHT - bottom)


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF of the given objects, the first of which is the catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def packed(head: bytes, content: bytes) -> bytes:
    body = zlib.compress(content, 9)
    return b"<<" + head + b"/Filter/FlateDecode/Length %d>>stream\n" % len(body) + body + b"\nendstream"


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"


def one_page(content: bytes, pages: int = 1) -> bytes:
    kids = b" ".join([b"3 0 R"] * pages)
    return raw_pdf([CATALOGUE, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages), PAGE, packed(b"", content), FONT])
