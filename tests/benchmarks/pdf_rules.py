"""Whether pdfium and pdfplumber see the same rules: `python -m tests.benchmarks.pdf_rules [folder of PDFs]`.

Compared by length, page by page: what one library's rules cover of the other's, within 1.5 points across the rule.
pdfplumber's come from its lines and boxes (thin boxes are rules; edges of filled boxes count for both libraries).
"""

from __future__ import annotations

import sys
from pathlib import Path

import pdfplumber
import pypdfium2

from pipelines.read.pdf.geometry import Rule
from pipelines.read.pdf.glyphs import read_raw
from pipelines.read.pdf.lattice import merged
from pipelines.settings import PROJECT

_NEAR = 1.5
_LEAST = 6.0


def covered(rules: list[Rule], by: list[Rule]) -> float:
    """The length of `rules` that lies on one of `by`."""
    total = 0.0
    for rule in rules:
        spans = sorted(
            (max(rule.lo, o.lo - _NEAR), min(rule.hi, o.hi + _NEAR)) for o in by if abs(o.at - rule.at) <= _NEAR
        )
        at = rule.lo
        for lo, hi in spans:
            total += max(0.0, hi - max(lo, at))
            at = max(at, hi)
    return total


def length(rules: list[Rule]) -> float:
    return sum(r.hi - r.lo for r in rules)


def of_pdfium(page: pypdfium2.PdfPage) -> tuple[list[Rule], list[Rule]]:
    textpage = page.get_textpage()
    raw = read_raw(page, textpage, 60_000)
    across, down = list(raw.across), list(raw.down)
    if raw.turn:
        return [], []
    for x0, top, x1, bottom in raw.fills:
        across += [Rule(top, x0, x1), Rule(bottom, x0, x1)]
        down += [Rule(x0, top, bottom), Rule(x1, top, bottom)]
    return across, down


def white(thing: dict[str, object]) -> bool:
    """Filled white and not stroked: nothing that a person sees."""
    if thing.get("stroke") or not thing.get("fill"):
        return False
    colour = thing.get("non_stroking_color")
    values = colour if isinstance(colour, tuple | list) else (colour,)
    return all(isinstance(v, int | float) and v >= 0.98 for v in values) and len(values) in (1, 3)


def of_plumber(page: pdfplumber.page.Page) -> tuple[list[Rule], list[Rule]]:
    across: list[Rule] = []
    down: list[Rule] = []
    for thing in (*page.lines, *page.rects):
        if white(thing) or not (thing.get("stroke") or thing.get("fill")):
            continue
        for edge in pdfplumber.utils.obj_to_edges(thing):
            if edge["orientation"] == "h":
                across.append(Rule(edge["top"], edge["x0"], edge["x1"]))
            elif edge["orientation"] == "v":
                down.append(Rule(edge["x0"], edge["top"], edge["bottom"]))
    return across, down


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT.parent / "shared" / "corpus"
    sums = [0.0] * 4
    pages = alike = 0
    for path in sorted(folder.rglob("*.pdf")):
        a, b = pypdfium2.PdfDocument(path), pdfplumber.open(path)
        worst = 1.0
        for k, page in enumerate(b.pages):
            mine, theirs = of_pdfium(a[k]), of_plumber(page)
            page.close()
            if not any(mine) and not any(theirs):
                continue
            pages += 1
            here = [0.0] * 4
            for own, other in zip(mine, theirs, strict=True):
                m = [r for r in merged(own) if r.hi - r.lo > _LEAST]
                t = [r for r in merged(other) if r.hi - r.lo > _LEAST]
                here = [x + y for x, y in zip(here, (length(m), covered(m, t), length(t), covered(t, m)), strict=True)]
            share = min(here[1] / here[0] if here[0] else 1.0, here[3] / here[2] if here[2] else 1.0)
            alike += share > 0.98
            worst = min(worst, share)
            sums = [x + y for x, y in zip(sums, here, strict=True)]
        if worst < 0.98:
            print(f"{path.name}: on one page {worst:.2f}")
    print(
        f"{pages} pages with rules; alike on {alike}; of pdfium's length pdfplumber has {sums[1] / sums[0]:.4f}, "
        f"of pdfplumber's pdfium has {sums[3] / sums[2]:.4f}"
    )


if __name__ == "__main__":
    main()
