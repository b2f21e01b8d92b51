"""Tables a CPU second on a 32 KiB page with three 20 × 8 tables: this reader, pandas.read_html and raw lxml in one run.

    .venv/bin/python tests/benchmarks/html_speed.py [seconds]

raw lxml: parse, walk the rows, join the text of each cell; no spans, no marks, no places.
"""

from __future__ import annotations

import io
import random
import sys
import time
from collections.abc import Callable

import lxml.html
import pandas as pd

from pipelines.read import read_document


def page() -> bytes:
    """The page; the same at every run."""
    rng = random.Random(20_261_122)
    tables = []
    for t in range(3):
        rows = ["<tr><th rowspan='2'>Industry</th><th colspan='7'>Quotas allotted</th></tr>"]
        rows.append("<tr>" + "".join(f"<th>{2006 + c}</th>" for c in range(7)) + "</tr>")
        for r in range(18):
            mark = ("*", " (Note 1)", "<sup>2</sup>", "")[r % 4]
            label = f"<td style='width:200px'>&nbsp;&nbsp;Industry number {r + 1}{mark}</td>"
            figures = "".join(f"<td align='right'>{rng.randrange(1, 99_999):,}</td>" for _ in range(7))
            rows.append(f"<tr>{label}{figures}</tr>")
        tables.append(f"<p>Table {t + 1}:</p><table border='1'><tbody>{''.join(rows)}</tbody></table>")
    head = "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Quotas</title></head><body>"
    body = f"<span id='pressrelease'>{''.join(tables)}"
    sentence = "The Government will keep the arrangement under review in the light of the needs of the economy. "
    filler = f"<p>{sentence * 6}</p>"
    text = head + body
    while len(text) < 32 * 1024:
        text += filler
    return (text + "</span></body></html>").encode()


def with_lxml(data: bytes) -> int:
    """Cells seen by raw lxml."""
    root = lxml.html.fromstring(data)
    return sum(
        len("".join(cell.itertext()).strip()) >= 0
        for table in root.iter("table")
        for row in table.iter("tr")
        for cell in row
    )


def with_pandas(data: bytes) -> int:
    """Cells seen by pandas.read_html."""
    return sum(frame.size for frame in pd.read_html(io.BytesIO(data), flavor="lxml"))


def with_this(data: bytes) -> int:
    """Cells read here, with spans, marks and places; the whole document, release facts included."""
    document = read_document(data).document
    return sum(len(grid.cells) for grid in document.grids) if document else 0


def rate(read: Callable[[bytes], int], data: bytes, seconds: float) -> tuple[float, int]:
    """Tables a second: the best of rounds of a tenth of the time."""
    cells = read(data)
    best = 0.0
    end = time.process_time() + seconds
    while time.process_time() < end:
        start = time.process_time()
        n = 0
        while time.process_time() - start < seconds / 10:
            read(data)
            n += 1
        best = max(best, 3 * n / (time.process_time() - start))
    return best, cells


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    data = page()
    print(f"page of {len(data)} bytes")
    base = 0.0
    for name, read in (("pandas.read_html", with_pandas), ("this reader", with_this), ("raw lxml", with_lxml)):
        speed, cells = rate(read, data, seconds)
        base = base or speed
        print(f"{name:18} {speed:8.0f} tables/s  × {speed / base:5.2f} pandas   {cells} cells")


if __name__ == "__main__":
    main()
