"""A small table whose rows and columns add up, but for one figure, which two sums therefore locate."""

from __future__ import annotations

import io

#: 7 228 should be 7 128: the sum of its column and the sum of its row both need it.
WRONG = "7 228"
ROWS = [
    ["", "North", "South", "Total"],
    ["2018", "4 127", "2 311", "6 438"],
    ["2019", "5 683", "1 972", "7 655"],
    ["2020", "3 914", "2 845", "6 759"],
    ["Total", "13 724", WRONG, "20 852"],
]


def html() -> bytes:
    """As a page."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    return f"<html><body><table>{rows}</table></body></html>".encode()


def pdf() -> bytes:
    """As a page with one ruled table."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate, Table

    out = io.BytesIO()
    table = Table(ROWS)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))])
    SimpleDocTemplate(out, pagesize=A4).build([table])
    return out.getvalue()
