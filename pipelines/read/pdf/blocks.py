"""What was found on the pages → blocks in reading order.

What belongs here: captions and notes of tables, paragraphs from lines, joining what runs over pages.  What must never
stand here: finding tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipelines.model import Block, Grid, Paragraph, Place
from pipelines.read.pdf.finding import Found
from pipelines.read.pdf.geometry import Box, Sheet, hull
from pipelines.read.pdf.grids import Part, goes_on, grid_of
from pipelines.read.pdf.layout import PAGE_NUMBER
from pipelines.read.pdf.stream import CAPTION, Line
from pipelines.read.pdf.tables import Table
from pipelines.read.pdf.words import join

_NOTE = re.compile(
    r"^(?:(?:sources?|notes?|nb|n\.b\.|remarks?)\b\s*[:.\d(*]|[註注备備](?:[：:\d(（]|$)|資料來源|资料来源|[*†‡#^§]+\s*\S|[(（][*\d:]{1,2}[)）])",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^(?:[•·▪►➢●○◦-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)、])\s*")


@dataclass(slots=True)
class _Run:
    """A table that may go on: its parts so far; once it is closed, its grid instead of the pages' words."""

    parts: list[Part] = field(default_factory=list)
    grid: Grid | None = None

    def close(self) -> Grid:
        if self.grid is None:
            self.grid = grid_of(self.parts, 0)
            self.parts = []
        return self.grid


def blocks_of_pages(pages: Iterable[Found]) -> tuple[Block, ...]:
    """All blocks in reading order, grids numbered from 0; a table stands where its first part stands."""
    order: list[_Run | Paragraph] = []
    open_runs: list[_Run] = []
    seen: set[str] = set()
    for found in pages:
        still: list[_Run] = []
        order += _furniture(found, seen)
        for item in _page(found):
            if isinstance(item, Paragraph):
                order.append(item)
                continue
            run = next((r for r in open_runs if goes_on(r.parts[-1], item)), None)
            if run is None:
                run = _Run()
                order.append(run)
            else:
                open_runs.remove(run)
            run.parts.append(item)
            still.append(run)
        for run in open_runs:
            run.close()
        open_runs = still
    out: list[Block] = []
    ordinal = 0
    for entry in order:
        if isinstance(entry, Paragraph):
            out.append(entry)
        else:
            out.append(replace(entry.close(), ordinal=ordinal))
            ordinal += 1
    return tuple(out)


def _furniture(found: Found, seen: set[str]) -> list[Paragraph]:
    """Running headers and footers, each where it is first seen; page numbers never."""
    out: list[Paragraph] = []
    for line in found.furniture:
        text = join(line.words)
        key = re.sub(r"\d+", "#", text)
        if key not in seen and not PAGE_NUMBER.match(text):
            seen.add(key)
            out.append(
                Paragraph(
                    text, Place(page=found.sheet.number, box=found.sheet.place(hull([w.box for w in line.words])))
                )
            )
    return out


def _page(found: Found) -> list[Part | Paragraph]:
    """Tables and paragraphs of a page, from top to bottom (columns of text one after the other)."""
    regions = [list(region) for region in found.regions]
    for table in found.tables:
        _take_caption(table, regions)
        _take_notes(table, regions)
    tops = [line.top for region in regions for line in region]
    bottoms = [line.bottom for region in regions for line in region]
    placed: list[tuple[tuple[float, int, float], Part | Paragraph]] = []
    for n, table in enumerate(found.tables):
        above = any(top < table.box[1] - 2 for top in tops) or any(t.box[3] < table.box[1] for t in found.tables[:n])
        below = any(b > table.box[3] + 2 for b in bottoms) or any(
            t.box[1] > table.box[3] for t in found.tables[n + 1 :]
        )
        part = Part(table, found.sheet, first=not above, last=not below)
        placed.append((_rank(table.box, regions), part))
    for number, region in enumerate(regions):
        if region:
            start = min(line.top for line in region)
            whole = number == 0
            for paragraph, top in _paragraphs(region, found.sheet):
                placed.append(((top, 0, top) if whole else (start, number, top), paragraph))
    return [item for _, item in sorted(placed, key=lambda p: p[0])]


def _rank(box: Box, regions: list[list[Line]]) -> tuple[float, int, float]:
    """Where a table stands in the reading order: with the lines of the region around it, if it is in a narrow one."""
    for number, region in enumerate(regions):
        if number and region:
            x0, x1 = min(line.x0 for line in region), max(line.x1 for line in region)
            top = min(line.top for line in region)
            bottom = max(line.bottom for line in region)
            if x0 - 5 <= box[0] and box[2] <= x1 + 5 and top - 5 <= box[1] and box[3] <= bottom + 40:
                return (top, number, box[1])
    return (box[1], 0, box[1])


def _over(line: Line, box: Box) -> bool:
    return line.x0 < box[2] and line.x1 > box[0]


def _take_caption(table: Table, regions: list[list[Line]]) -> None:
    """Move the title right above a table into it: up to four lines that begin as captions do, or one short line."""
    top = table.box[1]
    for region in regions:
        above: list[Line] = []
        edge = top
        for line in reversed([x for x in region if x.bottom <= top + 2 and _over(x, table.box)]):
            if edge - line.bottom > (1.6 if not above else 0.6) * line.size or len(above) == 4:
                break
            above.insert(0, line)
            edge = line.top
            if CAPTION.match(line.text):
                break
        if not above:
            continue
        first = above[0].text
        titled = bool(CAPTION.match(first)) and not _NOTE.match(first)
        if not titled:
            above = above[-1:]
            text = above[0].text
            words = len(text.split())
            if len(region_above := [x for x in region if x.bottom <= above[0].top + 2]) and (
                above[0].top - region_above[-1].bottom < 0.6 * above[0].size
            ):
                continue  # the last line of a paragraph
            if words > 16 or text.endswith((".", ";", "。", "；")) or text[:1].islower() or _NOTE.match(text):
                continue
            if edge < top and len(region) > 1 and above[0].x1 - above[0].x0 > 1.1 * (table.box[2] - table.box[0]):
                continue
        table.caption = " ".join(join(line.words) for line in above)
        gone = {id(line) for line in above}
        region[:] = [line for line in region if id(line) not in gone]
        return


def _take_notes(table: Table, regions: list[list[Line]]) -> None:
    """Move the notes that stand right under a table into it."""
    bottom = table.box[3]
    for region in regions:
        notes: list[list[Line]] = []
        edge = bottom
        for line in [x for x in region if x.top >= bottom - 3 and _over(x, table.box)]:
            if line.top - edge > (2.2 if not notes else 1.2) * line.size:
                break
            if _NOTE.match(line.text):
                notes.append([line])
            elif notes and line.size <= 1.1 * notes[0][0].size and line.top - edge < 0.6 * line.size:
                notes[-1].append(line)
            else:
                break
            edge = line.bottom
        if notes:
            table.notes += [" ".join(join(line.words) for line in note) for note in notes]
            gone = {id(line) for note in notes for line in note}
            region[:] = [line for line in region if id(line) not in gone]
            return


def _paragraphs(region: list[Line], sheet: Sheet) -> list[tuple[Paragraph, float]]:
    """Lines that follow one another closely, in one size, make a paragraph; a new item begins a new one."""
    out: list[tuple[Paragraph, float]] = []
    group: list[Line] = []

    def close() -> None:
        if group:
            text = join([w for line in group for w in line.words])
            box = sheet.place(hull([w.box for line in group for w in line.words]))
            role = "note" if _NOTE.match(text) and text[:1] not in "(（" else ""
            out.append((Paragraph(text, Place(page=sheet.number, box=box), role), group[0].top))

    right = max(line.x1 for line in region)
    for line in region:
        if group:
            last = group[-1]
            gap = line.top - last.bottom
            short = last.x1 < right - 0.2 * (right - last.x0) and last.text.endswith((".", ":", ";", "。", "：", "；"))
            level = line.base - last.base < 0.5 * line.size
            other = abs(line.size - last.size) > 0.15 * line.size or line.words[0].tilt != last.words[0].tilt
            if other or not -0.5 * line.size < gap < 0.55 * line.size or short or level or _ITEM.match(line.text):
                close()
                group = []
        group.append(line)
    close()
    return out
