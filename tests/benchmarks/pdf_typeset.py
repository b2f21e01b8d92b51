"""Typesets contents as government reports do, in many styles, and says what stands in which cell.

What belongs here: where words and rules go on the page.  What must never stand here: how a table is read.
`document(seed, name, ...)` gives the bytes of a PDF and its tables in the form of ../shared/bench/icdar.py.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.benchmarks.pdf_contents import Content

_CHAPTERS = ("Introduction", "Methods of the survey", "Results by area", "Appendix of terms")
Truth = list[dict[str, object]]
_FONTS = ("Helvetica", "Times-Roman", "Helvetica-Bold", "Courier")
_PROSE = [
    "The",
    "number",
    "of",
    "persons",
    "covered",
    "by",
    "the",
    "program",
    "increased",
    "during",
    "the",
    "year",
    ",",
    "while",
    "outlays",
    "for",
    "grants",
    "to",
    "state",
    "and",
    "local",
    "bodies",
    "declined",
    "by",
    "about",
    "4.5",
    "percent",
    ".",
    "Estimates",
    "are",
    "subject",
    "to",
    "sampling",
    "variability",
    "and",
    "should",
    "be",
    "used",
    "with",
    "caution",
    ";",
    "in",
    "1998",
    "some",
    "12,400",
    "units",
    "reported",
    "receipts",
    "of",
    "this",
    "kind",
    ",",
    "compared",
    "with",
    "11,900",
    "units",
    "a",
    "year",
    "before",
    ".",
    "Data",
    "for",
    "earlier",
    "years",
    "were",
    "revised",
    "to",
    "reflect",
    "changes",
    "in",
    "the",
    "classification",
    "of",
    "establishments",
]


@dataclass(frozen=True, slots=True)
class Style:
    """How a table is set.  `rules`: full, rows, three, spans, head, ends, none, vertical, boxhead, typed."""

    rules: str = "three"
    font: str = "Helvetica"
    size: float = 8.0
    gap: float = 12.0
    leading: float = 1.18
    pitch: float = 1.25
    leaders: bool = False
    figure_at: str = "last"  # the line of a wrapped label at which its figures stand
    hang: float = 6.0
    head_at: str = "bottom"
    align: str = "right"
    stretch: bool = False
    zebra: bool = False
    fives: bool = False
    stub: float = 0.34
    bold_total: bool = False


STYLES: dict[str, dict[str, object]] = {
    "ruled fully": {"rules": "full", "head_at": "middle", "pitch": 1.6},
    "ruled rows": {"rules": "rows", "pitch": 1.6},
    "three rules": {"rules": "three"},
    "three rules, wide": {"rules": "three", "stretch": True},
    "rules under spans": {"rules": "spans"},
    "rule below the header": {"rules": "head"},
    "top and bottom rule": {"rules": "ends"},
    "no rules": {"rules": "none"},
    "no rules, tight": {"rules": "none", "gap": 6.0, "size": 7.0},
    "leaders, boxed head": {"rules": "boxhead", "leaders": True, "head_at": "middle", "font": "Times-Roman"},
    "leaders, no rules": {"rules": "none", "leaders": True, "font": "Times-Roman"},
    "column rules only": {"rules": "vertical", "head_at": "middle"},
    "small and tight": {"rules": "spans", "size": 6.0, "gap": 5.0, "leading": 1.12, "pitch": 1.2},
    "zebra": {"rules": "head", "zebra": True},
    "fives": {"rules": "three", "fives": True, "font": "Times-Roman"},
    "figures on the first line": {"rules": "three", "figure_at": "first"},
    "decimal aligned": {"rules": "spans", "align": "decimal"},
    "centred figures": {"rules": "rows", "align": "centre", "pitch": 1.6},
    "typed rules": {"rules": "typed", "font": "Courier", "size": 7.0, "gap": 9.0},
}


def styled(name: str, rng: random.Random) -> Style:
    """The style of a name, with font, size and distances varied where the name does not fix them."""
    free: dict[str, object] = {
        "font": rng.choice(_FONTS[:2]),
        "size": rng.choice([6.5, 7, 8, 8, 9, 10]),
        "gap": rng.choice([7.0, 10.0, 14.0, 20.0]),
        "hang": rng.choice([0.0, 6.0, 10.0]),
        "figure_at": rng.choice(["last", "last", "first"]),
        "stub": rng.choice([0.25, 0.34, 0.45]),
        "leading": rng.choice([1.12, 1.18, 1.25]),
        "stretch": rng.random() < 0.4,
    }
    if STYLES[name].get("leaders"):
        free["figure_at"] = "last"  # leaders run from the end of a label
    return replace(Style(), **{**free, **STYLES[name]})  # type: ignore[arg-type]


def _wrap(said: str, width: float, font: str, size: float) -> list[str]:
    lines: list[str] = []
    for word in said.split():
        if lines and stringWidth(lines[-1] + " " + word, font, size) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines or [""]


class Page:
    """A canvas with y downwards, and the words of the tables put on it."""

    def __init__(self, width: float, height: float) -> None:
        self.out = io.BytesIO()
        self.size = (width, height)
        self.canvas = Canvas(self.out, pagesize=(width, height))
        self.number = 1
        self.truth: Truth = []

    def text(self, x: float, y: float, said: str, font: str, size: float, at: str = "left") -> None:
        width = stringWidth(said, font, size)
        x -= {"left": 0.0, "right": width, "centre": width / 2}[at]
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.size[1] - y, said)

    def rule(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, self.size[1] - y0, x1, self.size[1] - y1)

    def fill(self, x0: float, y0: float, x1: float, y1: float, gray: float = 0.88) -> None:
        self.canvas.setFillGray(gray)
        self.canvas.rect(x0, self.size[1] - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def next(self) -> None:
        self.canvas.showPage()
        self.number += 1

    def close(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()


def _decimals(said: str) -> str:
    return said[said.index(".") :] if "." in said and said[-1:] != "." else ""


def table(page: Page, content: Content, style: Style, x: float, y: float, room: float) -> float | None:
    """Set a table from (x, y) in `room` points of width; its truth is noted.  The y below it; None: it does not fit."""
    f, size = style.font, style.size
    n = content.columns
    lead, step = size * style.leading, size * style.pitch
    texts = content.texts
    cap = room * (style.stub if not texts else 1 / n)
    wrapped = [_wrap(r.label, cap - 8 * r.indent, f, size) for r in content.rows]
    stub = max(
        (
            stringWidth(line, f, size) + 8 * row.indent + style.hang * (k > 0)
            for row, lines in zip(content.rows, wrapped, strict=True)
            if row.values and not row.across
            for k, line in enumerate(lines)
        ),
        default=40.0,
    )
    stub = max(stub + (24 if style.leaders else 0), 40.0)
    widths = [stub]
    for j in range(1, n):
        if j in texts:
            widths.append(cap - style.gap)
            continue
        said = [r.values[j - 1] for r in content.rows if r.values]
        tails = [stringWidth(_decimals(s), f, size) for s in said]
        width = max((stringWidth(s, f, size) for s in said), default=10.0)
        if style.align == "decimal":
            width = max(stringWidth(s, f, size) - t for s, t in zip(said, tails, strict=True)) + max(tails)
        own = [h[4] for h in content.heads if h[2] == h[3] == j]
        word = max((stringWidth(w, f, size) for h in own for w in h.split()), default=0.0)
        widths.append(max(width, word, 14.0))
    for j, head in ((h[2], h) for h in content.heads if h[2] < h[3]):
        held = sum(widths[j : head[3] + 1]) + style.gap * (head[3] - j)
        words = head[4].split()
        need = max(stringWidth(w, f, size) for w in words)
        if need > held:
            widths[head[3]] += need - held
    total = sum(widths) + style.gap * (n - 1)
    if total > room:
        return None
    gap = style.gap + ((room - total) / (n - 1) if style.stretch else 0.0)
    gap = min(gap, style.gap + 40)
    lefts = [x]
    for width in widths[:-1]:
        lefts.append(lefts[-1] + width + gap)
    right = lefts[-1] + widths[-1]
    edge = min(gap / 2, 4.0)
    x0, x1 = x - edge, right + edge
    bars = [x0, *[left - gap / 2 for left in lefts[1:]], x1]
    cells: list[list[object]] = []
    page.canvas.saveState()
    padded = style.rules in ("full", "rows", "vertical", "boxhead")
    pad = 0.35 * size if padded else 0.15 * size

    # the header: levels as tall as their cells of one level need
    boxes = []
    for a, b, c, d, said in content.heads:
        width = lefts[d] + widths[d] - lefts[c] if d > c or c == 0 else widths[c]
        boxes.append((a, b, c, d, _wrap(said, max(width, 20.0), f, size)))
    tall = [0.0] * content.levels
    for a, b, _, _, lines in sorted(boxes, key=lambda h: h[1] - h[0]):
        need = len(lines) * lead + 2 * pad
        have = sum(tall[a : b + 1])
        if need > have:
            tall[b] += need - have
    tops = [y]
    for t in tall:
        tops.append(tops[-1] + t)
    if style.rules in ("full", "rows", "three", "spans", "ends", "boxhead", "vertical", "head", "typed"):
        dashes = "-" * int((x1 - x0) / stringWidth("-", f, size))

        def across(at: float, width: float = 0.6) -> None:
            if style.rules == "typed":
                page.text(x0, at + 0.3 * size, dashes, f, size)
            else:
                page.rule(x0, at, x1, at, width)
    else:

        def across(at: float, width: float = 0.6) -> None:
            return

    if style.rules == "typed":
        tops = [t + size for t in tops]
    start = tops[0]
    if style.rules != "head":
        across(start - (0.2 * size if style.rules == "typed" else 0))
    for a, b, c, d, lines in boxes:
        height = tops[b + 1] - tops[a]
        slack = height - len(lines) * lead
        at = tops[a] + (slack / 2 if style.head_at == "middle" else slack - pad)
        for k, line in enumerate(lines):
            base = at + lead * k + 0.82 * lead
            if c == 0:
                page.text(lefts[0], base, line, f, size)
            elif c in texts:
                page.text(lefts[c], base, line, f, size)
            elif style.align == "right" and c == d and style.head_at == "bottom":
                page.text(lefts[c] + widths[c], base, line, f, size, "right")
            else:
                page.text((lefts[c] + lefts[d] + widths[d]) / 2, base, line, f, size, "centre")
        level = a
        if style.head_at == "bottom":  # a head at the bottom of its box stands in the levels that it reaches up to
            upper = at + 0.2 * lead
            while level < b and tops[level + 1] < upper:
                level += 1
        cells.append([level, b, c, d, "\n".join(lines)])
        if style.rules in ("spans", "boxhead", "full", "vertical") and b < content.levels - 1:
            page.rule(
                *(bars[c] if style.rules != "spans" else lefts[c], tops[b + 1]),
                *(bars[d + 1] if style.rules != "spans" else lefts[d] + widths[d], tops[b + 1]),
            )
        if style.rules in ("boxhead", "full", "vertical") and c > 0:
            page.rule(bars[c], tops[a], bars[c], tops[b + 1])
    at = tops[-1] + (0.6 * size if style.rules == "typed" else 0)
    if style.rules != "ends":
        across(at - (0.2 * size if style.rules == "typed" else 0))
    at += (0.6 if style.rules == "typed" else 0.25) * size if style.rules not in ("full", "rows") else 0.0
    body = at

    # the rows
    for i, (row, lines) in enumerate(zip(content.rows, wrapped, strict=True)):
        r = content.levels + i
        if row.across or not row.values:
            lines = [row.label]
        spread = {j: _wrap(v, widths[j], f, size) for j, v in enumerate(row.values, 1) if j in texts}
        count = max([len(lines), *map(len, spread.values())])
        height = (count - 1) * lead + step
        if style.fives and i and i % 5 == 0:
            at += 0.6 * lead
        if style.zebra and i % 2:
            page.fill(x0, at, x1, at + height)
        base = at + (step - size) / 2 + 0.8 * size
        anchor = len(lines) - 1 if style.figure_at == "last" else 0
        said = list(lines)
        if row.across and style.rules != "vertical":
            lo = 1 if style.rules != "full" else 0
            centre = (lefts[lo] + right) / 2
            page.text(centre, base, row.label, f, size, "centre")
            cells.append([r, r, lo, n - 1, row.label])
        else:
            for k, line in enumerate(lines):
                inset = lefts[0] + 8 * row.indent + (style.hang if k else 0.0)
                if style.leaders and row.values and k == anchor:
                    room_left = lefts[1] - gap / 2 - 2 - inset - stringWidth(line + " ", f, size)
                    dots = "." * int(room_left / stringWidth(".", f, size))
                    said[k] = line = f"{line} {dots}" if len(dots) >= 2 else line
                page.text(inset, base + lead * k, line, f, size)
            cells.append([r, r, 0, 0, "\n".join(said)])
        tail = {
            j: max((stringWidth(_decimals(q.values[j - 1]), f, size) for q in content.rows if q.values), default=0.0)
            for j in range(1, n)
        }
        for j, value in enumerate(row.values, 1):
            if not value:
                continue
            end = lefts[j] + widths[j]
            down = base + lead * anchor
            if j in texts:
                for k, line in enumerate(spread[j]):
                    page.text(lefts[j], base + lead * k, line, f, size)
            elif value.startswith("$ "):
                page.text(max(lefts[j] - 2, end - widths[j]), down, "$", f, size)
                page.text(end, down, value[2:], f, size, "right")
            elif style.align == "centre":
                page.text((lefts[j] + end) / 2, down, value, f, size, "centre")
            elif style.align == "decimal":
                page.text(end - tail[j] + stringWidth(_decimals(value), f, size), down, value, f, size, "right")
            else:
                page.text(end, down, value, f, size, "right")
            cells.append([r, r, j, j, value])
        at += height
        if style.rules in ("full", "rows") and i < len(content.rows) - 1:
            across(at, 0.4)
        if style.rules == "full" and not row.across:
            for bar in bars[1:-1]:
                page.rule(bar, at - height, bar, at, 0.4)
    at += 0.2 * size
    if style.rules == "typed":
        at += 0.6 * size
    if style.rules != "head":
        across(at)
    if style.rules == "full":
        page.rule(x0, start, x0, at)
        page.rule(x1, start, x1, at)
    if style.rules == "vertical":
        for bar in bars[1:-1]:
            page.rule(bar, body - 0.25 * size, bar, at, 0.4)
    page.canvas.restoreState()
    if at > page.size[1] - 60:
        return None
    page.truth.append({"page": page.number, "cells": cells})
    return at


def prose(page: Page, rng: random.Random, x: float, y: float, width: float, lines: int, size: float = 10) -> float:
    """A paragraph of running text."""
    start = rng.randrange(len(_PROSE))
    words = [_PROSE[(start + k) % len(_PROSE)] for k in range(lines * 30)]
    for line in _wrap(
        " ".join(words).replace(" ,", ",").replace(" .", ".").replace(" ;", ";"), width, "Times-Roman", size
    )[:lines]:
        page.text(x, y, line, "Times-Roman", size)
        y += 1.2 * size
    return y


def decoy(page: Page, rng: random.Random, x: float, y: float, width: float) -> float:
    """What is no table: a numbered list, a list of contents, a chart, a boxed text, questions of a form."""
    kind = rng.choice(["list", "contents", "chart", "box", "letter"])
    size = 9.0
    if kind == "list":
        for k in range(rng.randint(3, 6)):
            page.text(x + 10, y, f"{k + 1}.", "Times-Roman", size)
            y = prose(page, rng, x + 28, y, width - 28, rng.randint(1, 3), size) + 3
    elif kind == "contents":
        number = 1
        for k in range(rng.randint(5, 10)):
            number += rng.randint(0, 9)
            said = f"{k + 1}. {rng.choice(_CHAPTERS)} "
            dots = "." * int(
                (width - 40 - stringWidth(said, "Times-Roman", size)) / stringWidth(".", "Times-Roman", size)
            )
            page.text(x, y, said + dots, "Times-Roman", size)
            page.text(x + width, y, str(number), "Times-Roman", size, "right")
            y += 12
    elif kind == "chart":
        top = y
        page.rule(x + 40, top, x + 40, top + 110)
        page.rule(x + 40, top + 110, x + width, top + 110)
        for k in range(6):
            page.text(x + 36, top + 113 - 20 * k, f"{20 * k}", "Helvetica", 7, "right")
            if rng.random() < 0.8:
                page.rule(x + 38, top + 110 - 20 * k, x + 42, top + 110 - 20 * k)
        bars = rng.randint(5, 9)
        for k in range(bars):
            left = x + 55 + k * (width - 70) / bars
            if k % 1 == 0:
                page.fill(left, top + 110 - rng.randint(8, 100), left + 14, top + 110, 0.5)
            page.text(left + 7, top + 120, str(1990 + k), "Helvetica", 7, "centre")
        y = top + 138
    elif kind == "box":
        below = prose(page, rng, x + 8, y + 8, width - 16, rng.randint(3, 6), size)
        page.canvas.rect(x, page.size[1] - below, width, below - y + 4)
        y = below + 14
    else:
        for said in ("Washington area office", "Room 1204, Building 5", "Telephone: 555 0100"):
            page.text(x, y, said, "Helvetica", size)
            y += 11
        page.text(x + width, y, "May 12, 1999", "Helvetica", size, "right")
        y += 22
    return y


def document(seed: int, name: str, contents: list[Content], *, layout: str = "plain") -> tuple[bytes, Truth]:
    """A PDF of one or two pages in the style of `name`.  `layout`: plain, columns, landscape, several."""
    rng = random.Random(f"{seed}/{name}/{layout}")
    wide, high = (792.0, 612.0) if layout == "landscape" else (612.0, 792.0)
    page = Page(wide, high)
    margin = 54.0
    style = styled(name, rng)
    for number in range(2):
        if number:
            page.next()
        page.text(margin, 34, "Annual report of the bureau", "Helvetica", 8)
        page.text(wide / 2, high - 28, str(17 + number), "Helvetica", 8, "centre")
        y, room, x = 60.0, wide - 2 * margin, margin
        if layout == "columns":
            room = (room - 20) / 2
            other = margin if rng.random() < 0.5 else margin + room + 20
            x = margin + room + 20 if other == margin else margin
            below = 60.0
            while below < high - 110:
                below = prose(page, rng, other, below, room, rng.randint(4, 9)) + 5
            style = replace(style, size=min(style.size, 7.0), gap=min(style.gap, 8.0), stretch=False)
        y = prose(page, rng, x, y, room, rng.randint(2, 6)) + 10
        if rng.random() < 0.35:
            y = decoy(page, rng, x, y, room) + 12
        tables = 3 if layout == "several" else 1
        for _ in range(tables):
            for _ in range(40):
                content = rng.choice(contents)
                held = io.BytesIO()
                trial = Page(wide, high)
                titled = rng.random() < 0.8
                top = y + (26 if titled else 6)
                fits = table(trial, content, style, x, top, room)
                del held
                if fits is None:
                    continue
                if titled:
                    page.text(
                        x,
                        y + 6,
                        f"Table {rng.randint(1, 40)}. {content.title or 'Figures by item'}",
                        "Helvetica-Bold",
                        9,
                    )
                end = table(page, content, style, x, top, room)
                assert end is not None
                y = end
                if rng.random() < 0.6:
                    page.text(
                        x,
                        y + 10,
                        rng.choice(
                            (
                                "Source: Bureau of the survey.",
                                "Note: Details may not add to totals.",
                                "(NA) Not available.",
                                "1 Includes units not shown.",
                            )
                        ),
                        "Times-Roman",
                        7,
                    )
                    y += 10
                y += 24
                break
        if y < high - 150:
            y = prose(page, rng, x, y, room, rng.randint(2, 6))
    return page.close(), page.truth
