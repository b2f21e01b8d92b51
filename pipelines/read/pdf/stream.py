"""Unruled and half-ruled tables: blocks of lines whose gaps agree.

What belongs here: finding the block, its header and its end on the page.  What must never stand here: how lines
become rows (`rows`), where columns are (`columns`), what a number means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from pipelines.read.pdf.chunks import Chunk, chunks_of, is_figure, leaders_of, open_end
from pipelines.read.pdf.columns import separators
from pipelines.read.pdf.geometry import Rule, Word

CAPTION = re.compile(
    r"^(?:(?:table|tab\.|figure|fig\.|chart|graph|exhibit|annex|appendix)\s*(?:[A-Z]{0,2}[-–.]?\d|[A-Z]\b|[IVX]+\b)"
    r"|(?:sources?|notes?|nb|n\.b\.)\s*[:.\d(*]|[表圖图]\s*[\d一二三四五六七八九十]|附[件錄录表]|[註注][：:\d]|資料來源|资料来源)",
    re.IGNORECASE,
)
YEAR = re.compile(r"^(?:FY ?)?(?:1[89]|20)\d\d(?:\s?[-–/]\s?\d{2,4})?[ *†\d]{0,2}$")
_ENUMERATOR = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|[-–—•·▪►➢*])$")


@dataclass(slots=True)
class Line:
    """A line of a region, cut into chunks."""

    words: list[Word]
    chunks: list[Chunk]
    top: float
    bottom: float
    base: float
    size: float

    @property
    def x0(self) -> float:
        return self.chunks[0].x0

    @property
    def x1(self) -> float:
        return max(c.x1 for c in self.chunks)

    @property
    def text(self) -> str:
        return " ".join(c.text for c in self.chunks)

    @property
    def figures(self) -> int:
        """Chunks behind the first that look like figures."""
        return sum(c.figure for c in self.chunks[1:])


@dataclass(slots=True)
class Block:
    """Lines of one table: those of the header first, then the body, and the x of the borders of its columns.

    `spaced`: other pages of the same table show that its rows are set apart by space.
    """

    header: list[Line]
    body: list[Line]
    xs: list[float]
    ruled: bool
    spaced: bool = False


def line_of(words: list[Word], bars: list[float] | None = None) -> Line:
    """A line of words (from left to right) with its chunks; an enumerator or bullet stays with what follows."""
    chunks = chunks_of(words, bars=bars)
    if len(chunks) >= 2 and _ENUMERATOR.match(chunks[0].text) and not chunks[1].figure:
        gap = chunks[1].x0 - chunks[0].x1
        if gap < 3 * words[0].size:
            chunks[:2] = [Chunk(chunks[0].words + chunks[1].words)]
    sizes = sorted(w.size for w in words)
    return Line(
        words,
        chunks,
        min(w.top for w in words),
        max(w.bottom for w in words),
        max(words, key=lambda w: len(w.text)).base,
        sizes[len(sizes) // 2],
    )


def _tabular(line: Line) -> bool:
    if len(line.chunks) < 2:
        return False
    wordy = sum(len(c.words) >= 7 for c in line.chunks[1:])
    if wordy:
        return False
    return line.figures >= 1 or len(line.chunks) >= 3


def _prose(line: Line, width: float) -> bool:
    longest = max(line.chunks, key=lambda c: len(c.words))
    words = [w for w, led in zip(longest.words, leaders_of(longest.words), strict=True) if not led]
    if len(words) < 6:
        return False
    return longest.x1 - longest.x0 > 0.6 * width or len(words) >= 12


def ends_table(line: Line) -> bool:
    """A caption, a source or a note: no row of a table."""
    return len(line.chunks) < 3 and bool(CAPTION.match(line.text))


def blocks_of(lines: list[Line], across: list[Rule]) -> list[Block]:
    """The tables among the lines of one region, from top to bottom."""
    if not lines:
        return []
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    groups: list[tuple[int, int]] = []
    start: int | None = None
    last = -1
    for k, line in enumerate(lines):
        if start is not None:
            near = line.top - lines[k - 1].bottom <= 2.3 * max(line.size, lines[k - 1].size)
            stop = not near or (not _tabular(line) and (_prose(line, width) or CAPTION.match(line.text)))
            if stop or k - last > 5:
                groups.append((start, last))
                start = None
        if _tabular(line):
            if start is None:
                start = k
            last = k
    if start is not None:
        groups.append((start, last))
    blocks: list[Block] = []
    floor = 0
    for first, end in [part for group in groups for part in _parts(lines, *group)]:
        block = _block(lines, first, end, floor, across)
        if block is not None:
            blocks.append(block)
            floor = end + 1
    return blocks


def banded_of(lines: list[Line], across: list[Rule]) -> list[Block]:
    """Tables of words with a rule below (nearly) every row: what their cells say tells no rows, the rules do.

    Where all that stands behind the labels is figures, the figures tell the rows better: such are left to `blocks_of`.
    """
    return [block for block in stacks_of(lines, across, 5) if _banded(block, across)]


def _banded(block: Block, across: list[Rule]) -> bool:
    x0, x1 = block.xs[0], block.xs[-1]
    ats = sorted(r.at for r in across if abs(r.lo - x0) < 6 and abs(r.hi - x1) < 6)
    bands = [[x for x in block.body if a < x.base < b] for a, b in pairwise(ats)]
    bands = [band for band in bands if band]
    worded = [band for band in bands if any(len(c.words) >= 3 and not c.figure for x in band for c in x.chunks[1:])]
    told = sum(max(len(x.chunks) for x in band) >= 2 for band in bands)
    several = sum(sum(x.figures > 0 for x in band) > 1 for band in bands)
    return len(worded) >= 2 and len(bands) >= 3 and told >= 0.8 * len(bands) and several <= 0.2 * len(bands)


def stacks_of(lines: list[Line], across: list[Rule], least: int = 3) -> list[Block]:
    """Tables of mere text between `least` rules or more of one length, one above the other: header, rule, rows."""
    blocks: list[Block] = []
    used: set[int] = set()
    for k, first in enumerate(across):
        if k in used or first.hi - first.lo < 100:
            continue
        stack = [
            j
            for j, r in enumerate(across)
            if j not in used and abs(r.lo - first.lo) < 6 and abs(r.hi - first.hi) < 6 and r.at >= first.at
        ]
        used.update(stack)
        for ats in _unbroken(sorted(across[j].at for j in stack), lines):
            if len(ats) < least:
                continue
            inside = [x for x in lines if ats[0] < x.base - 0.3 * x.size < ats[-1] and first.lo - 3 < x.x0 < first.hi]
            block = _stacked(inside, ats, first)
            if block is not None:
                blocks.append(block)
    return blocks


def _unbroken(ats: list[float], lines: list[Line]) -> list[list[float]]:
    """Stacks of three rules or more with no caption, running text or empty stretch between two of them."""
    out: list[list[float]] = [[ats[0]]]
    for upper, lower in pairwise(ats):
        between = [x for x in lines if upper < x.base - 0.3 * x.size < lower]
        told = any(ends_table(x) or (len(x.chunks) == 1 and _prose(x, 500)) for x in between)
        if told or (not between and lower - upper > 25):
            out.append([lower])
        else:
            out[-1].append(lower)
    return [part for part in out if len(part) >= 3]


def _stacked(inside: list[Line], ats: list[float], rule: Rule) -> Block | None:
    """The lines between the first and the last rule as a table, if their gaps make columns and few cross them."""
    if any(x.x0 < rule.lo - x.size or x.x1 > rule.hi + x.size for x in inside):
        return None
    shown = [x for x in inside if len(x.chunks) >= 2]
    if len(inside) < 3 or len(shown) < max(3, 0.4 * len(inside)):
        return None
    inner = separators([x.chunks for x in shown], rule.lo, rule.hi)
    if not inner:
        return None
    crossing = sum(any(c.x0 + 2 < x < c.x1 - 2 for c in line.chunks for x in inner) for line in inside)
    if crossing > 0.2 * len(inside):
        return None
    head_end = next((at for at in ats[1:] if any(x.base < at for x in inside)), ats[0])
    header = [x for x in inside if x.base - 0.3 * x.size < head_end]
    body = inside[len(header) :]
    labelled = any(line.figures and line.chunks[0].x1 < inner[0] for line in header)
    if not body or len(header) > 6 or labelled:
        header, body = [], inside
    return Block(header, body, [rule.lo, *inner, rule.hi], True)


def _parts(lines: list[Line], first: int, end: int) -> list[tuple[int, int]]:
    """A run of lines cut where a new header begins: text behind the stub and no figure, after rows of figures."""
    cuts: list[int] = []
    gaps = sorted(lines[k].top - lines[k - 1].bottom for k in range(first + 1, end + 1))
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    seen = False
    k = first
    while k <= end:
        line = lines[k]
        if line.figures:
            seen = True
        elif seen and len(line.chunks) >= 2 and not any(c.figure for c in line.chunks):
            # back over the title and the upper lines of the header
            start = k
            while start > first + 1 and not lines[start - 1].figures and len(lines[start - 1].chunks) == 1:
                start -= 1
            spaced = max(lines[j].top - lines[j - 1].bottom for j in range(start, k + 1)) > usual + 0.45 * line.size
            if spaced and any(lines[j].figures for j in range(k + 1, min(k + 5, end + 1))):
                cuts.append(start)
                seen = False
        k += 1
    edges = [first, *cuts, end + 1]
    return [(a, b - 1) for a, b in pairwise(edges)]


def core_of(lines: list[Line]) -> list[Line]:
    """The rows of figures: lines with at least half as many figures as is usual among them."""
    counts = sorted(line.figures for line in lines if line.figures)
    if not counts:
        return [line for line in lines if len(line.chunks) >= 3]
    usual = counts[len(counts) // 2]
    return [line for line in lines if line.figures >= max(1, 0.5 * usual)]


def _block(lines: list[Line], first: int, end: int, floor: int, across: list[Rule]) -> Block | None:
    inside = [line for line in lines[first : end + 1] if _tabular(line)]
    core = core_of(inside)
    if len(core) < 2:
        return None
    x0 = min(line.x0 for line in inside) - 1
    x1 = max(line.x1 for line in inside) + 1
    inner = separators([line.chunks for line in core], x0, x1)
    if not inner:
        return None
    rules = [r for r in across if min(r.hi, x1) - max(r.lo, x0) > 0.85 * (x1 - x0)]
    near = [r for r in rules if lines[first].top - 80 < r.at < lines[end].bottom + 30]
    ruled = len(near) >= 2
    if not _convincing(core, inner, ruled):
        return None
    # the first rows of a group may be a header with figures (years)
    labelled = [line for line in core if line.chunks[0].x1 < inner[0] + 0.5 * line.size]
    heads = 0
    if len(labelled) > 0.6 * len(core):
        while heads < len(core) - 1 and core[heads].chunks[0].x0 > inner[0] - 0.5 * core[heads].size:
            heads += 1
    if not heads and len(core) >= 3 and _years(core[0]) and not _years(core[1]) and core[0].chunks[0].x0 < inner[0]:
        heads = 1
    body_first = next(k for k in range(first, end + 1) if lines[k] is core[heads])
    while body_first > floor and _label_begins(lines[body_first - 1], lines[body_first], inner, rules):
        body_first -= 1
    header = _header(lines, body_first, floor, inner, x0, x1, rules)
    while len(header) >= 2 and _heading(header, rules, inner):
        header.pop()
        body_first -= 1
    body_end = _bottom(lines, end, rules, min(c.x0 for line in core for c in line.chunks if c.x0 > inner[0]))
    body = list(lines[body_first : body_end + 1])
    everything = header + body
    left = min(line.x0 for line in everything) - 1
    right = max(line.x1 for line in everything) + 1
    return Block(header, body, [min(left, x0), *inner, max(right, x1)], ruled)


def _years(line: Line) -> bool:
    """A line whose figures are all years ("1990", "2010-11")."""
    said = [c.text for c in line.chunks[1:]]
    return len(said) >= 2 and not line.chunks[0].figure and all(YEAR.match(t) for t in said)


def _heading(header: list[Line], rules: list[Rule], inner: list[float]) -> bool:
    """Whether the last line above the rows is the heading of a group of rows: in the stub, which has a head already."""
    line = header[-1]
    if len(line.chunks) != 1 or line.chunks[0].x1 > inner[0]:
        return False
    if _between(rules, header[-2], line):
        return True
    above = [x for x in header[:-1] if x.chunks[0].x0 < inner[0]]
    return bool(above) and line.top - above[-1].bottom > 0.3 * line.size


def _convincing(core: list[Line], inner: list[float], ruled: bool) -> bool:
    figured = sum(line.figures > 0 for line in core)
    behind = sum(len(line.chunks) - 1 for line in core)
    if not ruled and sum(line.figures for line in core) < 0.4 * behind:
        return False
    if len(inner) == 1:
        if any(any(leaders_of(line.words)) or line.chunks[0].text.endswith("....") for line in core):
            return figured >= 2 and not _contents(core)
        return figured >= (2 if ruled else 3)
    if figured < 2:
        return ruled and len(core) >= 3
    return figured >= 0.5 * len(core)


def _contents(core: list[Line]) -> bool:
    """A table of contents: one whole number a line, never falling."""
    pages = [line.chunks[-1].text for line in core]
    if not all(p.isdigit() and len(p) <= 4 for p in pages):
        return False
    return all(int(a) <= int(b) for a, b in pairwise(pages))


def _label_begins(line: Line, below: Line, inner: list[float], rules: list[Rule]) -> bool:
    """Whether a line above the first row of figures begins the label of that row."""
    if len(line.chunks) != 1 or line.chunks[0].x1 > inner[0] or below.chunks[0].x0 > inner[0]:
        return False
    if below.top - line.bottom > 0.45 * line.size or _between(rules, line, below) or CAPTION.match(line.text):
        return False
    return below.text[:1].islower() or open_end(line.text)


def _between(rules: list[Rule], upper: Line, lower: Line) -> bool:
    return any(upper.base - 0.2 * upper.size < r.at < lower.base - 0.4 * lower.size for r in rules)


def _header(
    lines: list[Line],
    body_first: int,
    floor: int,
    inner: list[float],
    x0: float,
    x1: float,
    rules: list[Rule],
) -> list[Line]:
    """The lines above the body that head its columns: up to the top rule, a caption, prose or a wide gap."""
    out: list[Line] = []
    below = lines[body_first]
    for k in range(body_first - 1, floor - 1, -1):
        line = lines[k]
        ruled = _between(rules, line, below)
        if ruled and out:
            roofed = any(line.top - 1.5 * line.size < r.at < line.base - 0.5 * line.size for r in rules)
            aligned = len(line.chunks) >= 2 or (roofed and not _title(line, inner, x0, x1))
            if not aligned:
                break
        gap = below.top - line.bottom
        if gap > (2.2 if ruled or not out else 1.3) * line.size:
            break
        if CAPTION.match(line.text) and len(line.chunks) < 3:
            break
        if not _heads(line, inner, x0, x1):
            break
        out.insert(0, line)
        below = line
    while out and len(out[0].chunks) == 1 and _title(out[0], inner, x0, x1):
        out.pop(0)
    return out


def _heads(line: Line, inner: list[float], x0: float, x1: float) -> bool:
    """Whether a line can head the columns: within their width, and not a sentence across the stub."""
    slack = (2 if len(line.chunks) == 1 else 6) * line.size
    if line.x0 < x0 - slack or line.x1 > x1 + slack:
        return False
    if len(line.chunks) >= 2:
        return all(len(c.words) <= 12 for c in line.chunks)
    chunk = line.chunks[0]
    if len(chunk.words) > 12:
        return False
    return chunk.x1 < inner[0] or chunk.x0 > inner[0] - 0.5 * line.size


def _title(line: Line, inner: list[float], x0: float, x1: float) -> bool:
    """A single text at the very top that stands over the stub alone or in the middle of the whole table."""
    chunk = line.chunks[0]
    if chunk.x1 < inner[0]:
        return True
    middle = (chunk.x0 + chunk.x1) / 2
    borders = [*inner, x1]
    spans = [(a + b) / 2 for i, a in enumerate(inner) for b in borders[i + 1 :]]
    off = abs(middle - (x0 + x1) / 2)
    return off < 0.5 * line.size and all(abs(middle - m) > off for m in spans)


def _bottom(lines: list[Line], end: int, rules: list[Rule], behind: float) -> int:
    """Lines below the last row of figures that still belong to it: its wrapped label, above a closing rule."""
    last = end
    while last + 1 < len(lines):
        line, above = lines[last + 1], lines[last]
        if _between(rules, above, line) or line.top - above.bottom > 0.45 * line.size:
            break
        if len(line.chunks) != 1 or line.chunks[0].x1 > behind or CAPTION.match(line.text):
            break
        text = line.text
        started = text[:1].islower() or text[:1] in "(&/"
        closed = any(line.base < r.at < line.bottom + 1.5 * line.size for r in rules)
        if not started and not closed:
            break
        if is_figure(text):
            break
        last += 1
    return last
