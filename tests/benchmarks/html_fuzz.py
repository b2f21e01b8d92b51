"""Fuzzing of the HTML, text and CSV readers: mutated real pages and generated ones.

    .venv/bin/python tests/benchmarks/html_fuzz.py [cases] [seed]

Real pages come from ../shared/corpus where it is there.  Counts crashes (an exception, or the reader's last resort),
hangs (over ten seconds) and grids that break their own contract.  Exit status 1 where there is any.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

from pipelines.model import Grid, ReadResult
from pipelines.read import ReadLimits, read_document

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
LIMITS = ReadLimits(max_seconds=10.0, max_cells=50_000)
PIECES = [
    b"<table>", b"</table>", b"<tr>", b"<td>", b"<td rowspan=7>", b"<td colspan=3>", b"<pre>", b"</pre>", b"<br>",
    b"&nbsp;&nbsp;", b"<sup>", b"</sup>", b"\xa1\x40", b"\xff\xfe", b"\x00", b"-----", b"*****", b"1 234", b"(5,678.9)",
    b"<!--contents-->", b"<script>", b"<!--", b"-->", b"\r\n", b"\t", b"<font>" * 300, b"Notes:\n", b"%PDF-",
]  # fmt: skip


def sources() -> list[bytes]:
    """Real pages and texts, and a page of our own."""
    folders = ("corpus/fiscal", "corpus/gia-2019", "corpus/chp", "seeds")
    paths = [
        p for f in folders for p in sorted((SHARED / f).glob("*")) if p.suffix in (".htm", ".html", ".csv", ".txt")
    ]
    own = b"<html><body><span id=pressrelease><table><tr><td>a<td>1</table><pre>\nRevenue  1.0  2.0\nCost  3.0  4.0\n"
    return [own, *(p.read_bytes() for p in paths)]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to forty small injuries."""
    page = bytearray(data)
    for _ in range(rng.randrange(1, 40)):
        if not page:
            break
        at = rng.randrange(len(page))
        kind = rng.randrange(6)
        if kind == 0:
            page[at] = rng.randrange(256)
        elif kind == 1:
            del page[at : at + rng.randrange(1, 400)]
        elif kind == 2:
            page[at:at] = rng.choice(PIECES)
        elif kind == 3:
            start = rng.randrange(len(page))
            page[at:at] = page[start : start + rng.randrange(1, 800)]
        elif kind == 4 and rng.random() < 0.1:
            del page[at:]
        else:
            page[at : at + 1] = b" "
    return bytes(page)


def broken(result: ReadResult) -> str:
    """What is wrong with a result, or ""."""
    if any(f.code == "reader-failed" for f in result.findings):
        return "crash: " + result.findings[-1].message[-200:]
    if result.document is None:
        return "" if result.findings else "nothing, and no finding"
    for block in result.document.blocks:
        if isinstance(block, Grid):
            places = Counter((c.row, c.col) for c in block.cells)
            if any(n > 1 for n in places.values()):
                return "two cells at one place"
            if any(c.row + c.rowspan > block.n_rows or c.col + c.colspan > block.n_cols for c in block.cells):
                return "a cell beyond its grid"
    return ""


def main() -> int:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 20_261_122)
    pages = sources()
    told: Counter[str] = Counter()
    longest = 0.0
    for i in range(cases):
        data = mutated(rng.choice(pages), rng)
        start = time.perf_counter()
        try:
            said = broken(read_document(data, name=f"case {i}", limits=LIMITS))
        except Exception as error:
            said = f"exception: {type(error).__name__}: {error}"
        took = time.perf_counter() - start
        longest = max(longest, took)
        if took > 10:
            said = said or "hang"
        if said:
            print(f"case {i} ({len(data)} bytes): {said}")
        told["bad" if said else "good"] += 1
    print(f"{cases} cases from {len(pages)} sources: {told['bad']} bad; the longest took {longest:.2f} s")
    return 1 if told["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
