"""What a page's lines are for: furniture that repeats, table heads that repeat, columns of running text, frames.

What belongs here: sorting lines before tables are sought.  What must never stand here: cells, rows, columns of tables.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipelines.read.pdf.chunks import Chunk, is_number
from pipelines.read.pdf.geometry import Box, Rule, Word
from pipelines.read.pdf.stream import Line, line_of
from pipelines.read.pdf.words import lines_of

PAGE_NUMBER = re.compile(
    r"^[-–—\s|.]*(?:page|p\.|第)?\s*(?:[A-Z]{1,3}[-–.]?)?(?:\d{1,4}|[ivxl]{1,6})\s*(?:(?:of|/|頁|页)\s*\d*)?[-–—\s|.]*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Page:
    """The lines of a page that lie in no ruled table, from top to bottom, sorted by what they are for."""

    height: float
    lines: list[Line]
    furniture: list[Line] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)


def sort_furniture(pages: list[Page]) -> None:
    """Take running headers, footers and page numbers out of `lines`; note the heads of tables that repeat.

    A line is furniture where a neighbouring page has it at the same place (digits apart), counted from the page's
    edge inwards.  Repeated lines right above rows of a table, in columns, are its head and stay.
    """
    keys = [{_key(line) for line in page.lines} for page in pages]
    before = [list(page.lines) for page in pages]
    for k, page in enumerate(pages):
        near: set[tuple[str, int]] = set()
        for other in (k - 2, k - 1, k + 1, k + 2):
            if 0 <= other < len(pages):
                near |= {(text, y + d) for text, y in keys[other] for d in (-1, 0, 1)}
        top = _leading(page.lines, near, page.height, False)
        bottom = _leading(page.lines[::-1], near, page.height, True)
        head, running = _head(page.lines, top)
        gone = {id(line) for line in running} | {id(line) for line in page.lines[len(page.lines) - bottom :]}
        page.head = head
        page.furniture = [line for line in page.lines if id(line) in gone]
        page.lines = [line for line in page.lines if id(line) not in gone]
        if not page.head and k:
            page.head = _head_again(page.lines, before[k - 1])


def _key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text.casefold()), round(line.base / 4)


def _leading(lines: list[Line], near: set[tuple[str, int]], height: float, low: bool) -> int:
    """How many lines from the edge are page numbers or repeat on a neighbouring page."""
    count = 0
    for line in lines:
        depth = (height - line.bottom) if low else line.top
        if depth > (0.12 if low else 0.3) * height:
            break
        numbered = bool(PAGE_NUMBER.match(line.text)) and depth < 0.1 * height and len(line.chunks) == 1
        if not numbered and _key(line) not in near:
            break
        count += 1
    return count


def _head(lines: list[Line], count: int) -> tuple[list[Line], list[Line]]:
    """Of the `count` lines that lead a page: the head of a table among them, and the furniture."""
    clusters: list[list[Line]] = []
    for line in lines[:count]:
        near = bool(clusters) and line.top - clusters[-1][-1].bottom <= 0.8 * line.size
        if near and not _numbered(line) and not _numbered(clusters[-1][-1]):
            clusters[-1].append(line)
        else:
            clusters.append([line])
    if not clusters or count >= len(lines):
        return [], lines[:count]
    last, following = clusters[-1], lines[count]
    columns = max(len(line.chunks) for line in last)
    close = following.top - last[-1].bottom <= 1.6 * following.size
    rows = any(len(line.chunks) >= 2 for line in lines[count : count + 8])
    if columns >= 2 and rows and not _numbered(last[0]) and (close or len(last) >= 2):
        return last, [line for cluster in clusters[:-1] for line in cluster]
    return [], lines[:count]


def _head_again(lines: list[Line], before: list[Line]) -> list[Line]:
    """The first lines of a page, where the page before has them too, further down: the head of a table that goes on."""
    count = 0
    while count < min(8, len(lines) - 1) and same_head(lines[: count + 1], before) is not None:
        count += 1
    head = lines[:count]
    heads = any(len(line.chunks) >= 2 and not any(is_number(c.text) for c in line.chunks) for line in head)
    return head if heads and any(line.figures for line in lines[count : count + 8]) else []


def _numbered(line: Line) -> bool:
    return len(line.chunks) == 1 and bool(PAGE_NUMBER.match(line.text))


def same_head(head: list[Line], lines: list[Line]) -> int | None:
    """Index in `lines` at which the lines of `head` stand one after the other, at the same x; None if nowhere."""
    first = head[0]
    for k in range(len(lines) - len(head) + 1):
        if lines[k].text == first.text and all(
            a.text == b.text and abs(a.x0 - b.x0) < 6 for a, b in zip(head, lines[k : k + len(head)], strict=True)
        ):
            return k
    return None


# --------------------------------------------------------------------------------------------- regions


def regions_of(words: list[Word], frames: list[Box], bars: list[Rule]) -> list[list[Line]]:
    """Lines by region: inside each frame, in each column of running text, and on the rest of the page."""
    out: list[list[Line]] = []
    rest = words
    for box in sorted(frames, key=lambda b: (b[2] - b[0]) * (b[3] - b[1])):
        inside = [w for w in rest if box[0] <= w.mid_x <= box[2] and box[1] <= w.mid <= box[3]]
        if inside and len(inside) < len(rest):
            held = {id(w) for w in inside}
            rest = [w for w in rest if id(w) not in held]
            out += _columns(inside, bars)
    return _columns(rest, bars) + out


def _columns(words: list[Word], bars: list[Rule], most: int = 2) -> list[list[Line]]:
    """The regions of some words: lines over the whole width, and those beside a gutter (cut at most `most` times)."""
    lines = [_line(ws, bars) for ws in lines_of(words)]
    gutter = (_gutter(lines) or _beside_prose(lines)) if most else None
    if gutter is None:
        return [lines] if lines else []
    x, top, bottom = gutter
    sides: tuple[list[Word], list[Word]] = ([], [])
    whole: list[Line] = []
    for line in lines:
        crossed = any(c.x0 < x - 1 and c.x1 > x + 1 for c in line.chunks)
        if crossed or not top <= line.base <= bottom:
            whole.append(line)
        else:
            for word in line.words:
                sides[word.mid_x > x].append(word)
    return [part for part in (whole, *(part for s in sides if s for part in _columns(s, bars, most - 1))) if part]


def _line(words: list[Word], bars: list[Rule]) -> Line:
    base = words[0].base
    height = words[0].size
    return line_of(words, [b.at for b in bars if b.lo <= base - 0.3 * height <= b.hi])


def _gutter(lines: list[Line]) -> tuple[float, float, float] | None:
    """(x, top, bottom) of the gap between two columns of running text: eight lines or more with words on both sides."""
    votes: Counter[int] = Counter()
    for line in lines:
        for a, b in zip(line.chunks, line.chunks[1:], strict=False):
            if len(a.words) >= 4 and len(b.words) >= 4 and not a.figure and not b.figure:
                for at in range(int(a.x1) + 2, int(b.x0)):
                    votes[at] += 1
    if not votes:
        return None
    most = max(votes.values())
    if most < 8:
        return None
    best = [at for at, n in votes.items() if n >= 0.9 * most]
    x = float(sum(best)) / len(best)
    spanned = [
        line
        for line in lines
        if any(
            a.x1 <= x <= b.x0 and len(a.words) >= 4 and len(b.words) >= 4
            for a, b in zip(line.chunks, line.chunks[1:], strict=False)
        )
    ]
    return _stretch(lines, x, spanned[0].base - 1, spanned[-1].base + 1)


def _beside_prose(lines: list[Line]) -> tuple[float, float, float] | None:
    """(x, top, bottom) of the gap beside one column of running text, whatever stands on its other side.

    Running text: ten lines or more of one left edge, most of them full and begun in the middle of a sentence.  The
    lines beside it stand on baselines of their own; where they share those of the text, both are rows of one table.
    """
    edges: dict[int, list[tuple[Line, Chunk]]] = {}
    for line in lines:
        for chunk in line.chunks:
            if len(chunk.words) >= 5:
                edges.setdefault(round(chunk.x0 / 3), []).append((line, chunk))
    for key in sorted(edges, key=lambda k: -len(edges[k])):
        held = edges[key] + edges.get(key - 1, []) + edges.get(key + 1, [])
        x0, x1 = min(c.x0 for _, c in held), max(c.x1 for _, c in held)
        full = sum(c.x1 - c.x0 > 0.85 * (x1 - x0) for _, c in held)
        begun = sum(c.text[:1].islower() for _, c in held)
        if len(held) < 10 or full < 0.6 * len(held) or begun < 0.4 * len(held):
            continue
        top, bottom = min(line.base for line, _ in held) - 1, max(line.base for line, _ in held) + 1
        level = [(line, c) for line in lines if top <= line.base <= bottom for c in line.chunks]
        for right in (True, False):
            beside = [(line, c) for line, c in level if (c.x0 > x1 + 3 if right else c.x1 < x0 - 3)]
            here = {id(line) for line, _ in beside}
            shared = {id(line) for line, c in level if c.x0 < x1 and c.x1 > x0} & here
            if len(here) < 3 or len(shared) > 0.65 * len(here):
                continue
            x = (x1 + min(c.x0 for _, c in beside)) / 2 if right else (x0 + max(c.x1 for _, c in beside)) / 2
            found = _stretch(lines, x, top, bottom)
            if found is not None:
                return found
    return None


def _stretch(lines: list[Line], x: float, top: float, bottom: float) -> tuple[float, float, float] | None:
    """The gutter at `x`, as far up and down as lines keep clear of it; None where many cross it."""
    inside = [line for line in lines if top <= line.base <= bottom]
    clear = [line for line in inside if not any(c.x0 < x - 1 and c.x1 > x + 1 for c in line.chunks)]
    if len(clear) < 0.7 * len(inside):
        return None
    # lines just above and below that keep clear of the gutter go with the columns
    for line in reversed([line for line in lines if line.base < top]):
        if any(c.x0 < x - 1 and c.x1 > x + 1 for c in line.chunks):
            break
        top = line.base - 1
    for line in [line for line in lines if line.base > bottom]:
        if any(c.x0 < x - 1 and c.x1 > x + 1 for c in line.chunks):
            break
        bottom = line.base + 1
    return x, top, bottom
