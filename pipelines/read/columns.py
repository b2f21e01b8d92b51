"""A text table → grid: which figure stands in which column, which lines are one label, which lines are the header.

What belongs here: layout by spaces.  What must never happen here: finding where a table begins (`textblocks`), or
putting a figure into a column that its position does not tell: such a line stays whole, in one cell over all
columns.

Columns typed in a proportional font drift by several characters from row to row, so a row with as many figures as
there are columns is read in order, and positions decide only where figures are missing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import comb

from pipelines.model import Cell, Place
from pipelines.read.bounds import Clock
from pipelines.read.flow import Line
from pipelines.read.frame import Frame, find_frame, in_values, make_cell
from pipelines.read.headers import read_header
from pipelines.read.lines import (
    Piece,
    has_stroke,
    indent,
    is_figure,
    is_note_reference,
    is_rule,
    pieces,
    rule_runs,
)

_CONNECTOR = re.compile(
    r"(?:\b(?:at|of|and|by|the|to|for|in|on|from|with|under|as|or|a|an|per|before|after|between|than|its)|[,&/(（、‑-])$",
    re.IGNORECASE,
)
_CONTINUES = re.compile(r"[a-z(（&/,\[]")
_PARTED = re.compile(r"\d[ \u00a0]\d")
_SLACK = 3.0  # columns of drift below which two places in a row cannot be told apart
_MOST_COLUMNS = 60
_MOST_WAYS = 500  # ways to lay values into columns that are compared; beyond, the line stays whole


@dataclass(slots=True)
class Entry:
    """A row in the making: pieces of label with their lines, values, and what separates it from the row above.

    boundary  a blank line or a rule stands above;  ruled  a rule
    under     what stands under a value and belongs to it, with the value's index
    """

    label: list[tuple[Line, Piece]]
    values: list[tuple[Line, Piece]]
    depth: int
    boundary: bool
    ruled: bool = False
    under: list[tuple[int, tuple[Line, Piece]]] = field(default_factory=list)

    @property
    def words(self) -> str:
        return self.label[-1][1].text if self.label else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A text table read: the content of a grid, without its ordinal."""

    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    header_rows: int
    doubtful: tuple[int, ...] = ()  # numbers of the lines that were left whole


def read_columns(lines: list[Line], path: str | None, clock: Clock) -> Layout | None:
    """Read the lines of one text table, or None where no columns can be told.

    `path` is the node path that goes into the places, None in plain text.
    """
    lines = _single_spaced(lines)
    cut = {line.number: pieces(line.text) for line in lines if line.text and not is_rule(line.text)}
    frame = find_frame(lines, cut)
    if frame is None or not 0 < frame.count <= _MOST_COLUMNS:
        return None
    first = _first_row(lines, cut, frame)
    header, ruled = read_header(lines[:first], cut, frame, path)
    entries = _entries(lines[first:], cut, frame)
    if not any(e.values for e in entries):
        return None
    cells: list[Cell] = list(header)
    row = max((c.row + c.rowspan for c in header), default=0)
    header_rows = row if ruled else 0
    doubtful: list[int] = []
    for entry in entries:
        clock.check()
        cells.extend(_row(entry, row, frame, path, doubtful))
        row += 1
    cells.sort(key=lambda c: (c.row, c.col))
    return Layout(tuple(cells), row, frame.count + 1, header_rows, tuple(doubtful))


def _single_spaced(lines: list[Line]) -> list[Line]:
    """Without the blank lines of a table that is typed with one between every two lines."""
    filled = [i for i, line in enumerate(lines) if line.text]
    gaps = Counter(b - a for a, b in pairwise(filled))
    if not filled or gaps[2] <= 4 * gaps[1]:
        return lines
    return [
        line
        for i, line in enumerate(lines)
        if line.text or not (0 < i < len(lines) - 1 and lines[i - 1].text and lines[i + 1].text)
    ]


def _first_row(lines: list[Line], cut: dict[int, list[Piece]], frame: Frame) -> int:
    """Index of the first line that is no header."""
    data = len(lines)
    pending = False
    for i, line in enumerate(lines):
        found = cut.get(line.number)
        if not found:
            pending = False
            continue
        values = any(is_figure(p.text) for p in found[1:])
        if values and not in_values(found[0], frame):
            data = i
            break
        if pending and all(p.is_value for p in found) and len(found) == frame.count:
            data = i
            break
        pending = len(found) == 1 and not in_values(found[0], frame)
    ruled = [i for i, line in enumerate(lines[:data]) if line.text and is_rule(line.text)]
    start = ruled[-1] + 1 if ruled else 0
    if data == len(lines) and ruled:
        # a table of words
        return ruled[0] + 1
    edge = frame.edge
    for i in ruled:
        edge = min([edge, *(p.left for p in rule_runs(lines[i].text) if p.left > 4)])
    first = start
    for i in range(start, data):
        found = cut.get(lines[i].number)
        if found is None:
            continue
        if found[0].left >= edge - 3 or (len(found) > 1 and not any(is_figure(p.text) for p in found)):
            first = i + 1
    return first


# -- rows


def _entries(lines: list[Line], cut: dict[int, list[Piece]], frame: Frame) -> list[Entry]:
    """The rows of the body, labels joined that were wrapped over several lines."""
    out: list[Entry] = []
    boundary = ruled = True
    for line in lines:
        found = cut.get(line.number)
        if not found:
            boundary, ruled = True, ruled or bool(line.text)
            continue
        if ruled and len(line.text) <= 2 and not line.text.strip("-=_"):
            continue  # the end of a rule that was wrapped over
        entry = _entry(line, found, frame, boundary)
        entry.ruled = ruled
        if out and not boundary and out[-1].values and _belongs_above(entry, out[-1], frame):
            continue
        _add(entry, out)
        boundary = ruled = has_stroke(line.text)
    return _hanging(_trailing(out))


def _belongs_above(entry: Entry, above: Entry, frame: Frame) -> bool:
    """Take a note reference under a value, or a last value that was wrapped over to the margin, into the row above."""
    pieces_here = [*entry.label, *entry.values]
    if not entry.label and all(is_note_reference(p.text) for _, p in entry.values):
        for line, p in entry.values:
            best = min(range(len(above.values)), key=lambda i: abs(above.values[i][1].middle - p.middle))
            above.under.append((best, (line, p)))
        return True
    wrapped = len(pieces_here) == 1 and entry.depth == 0 and is_figure(pieces_here[0][1].text)
    if wrapped and len(above.values) == frame.count - 1 and above.label:
        above.values.append(pieces_here[0])
        return True
    return False


def _entry(line: Line, found: list[Piece], frame: Frame, boundary: bool) -> Entry:
    at = next((i for i, p in enumerate(found) if in_values(p, frame)), len(found))
    # a long label may push its value only so far; a value that drifted to the left is still a value
    while at > 1 and found[at - 1].is_value and len(found) - at < frame.count:
        at -= 1
    if at == 0 and len(found) == frame.count + 1:
        at = 1
    while 0 < at < len(found) - frame.count and not found[at].is_value:
        at += 1
    label = [(line, p) for p in found[:at]]
    values = [(line, p) for p in found[at:]]
    return Entry(label, values, indent(line.text), boundary)


def _add(entry: Entry, out: list[Entry]) -> None:
    last = out[-1] if out and not entry.boundary else None
    if last is None and out and not entry.ruled and not out[-1].values and out[-1].label:
        # an unfinished label goes on over a blank line
        last = out[-1]
    if last is not None and entry.label and last.label:
        continues = bool(_CONTINUES.match(entry.label[0][1].text) or _CONNECTOR.search(last.words))
        if continues and not (entry.values and last.values):
            last.label.extend(entry.label)
            last.values.extend(entry.values)
            return
    if last is not None and not entry.label and not last.values and not entry.ruled:
        last.values.extend(entry.values)
        return
    out.append(entry)


def _trailing(entries: list[Entry]) -> list[Entry]:
    """A label alone right under a row, closed off below, is the rest of its label ("Profits 137.8" / "Tax")."""
    out: list[Entry] = []
    for i, entry in enumerate(entries):
        nxt = entries[i + 1] if i + 1 < len(entries) else None
        closed = nxt is None or (nxt.boundary and nxt.depth <= entry.depth)
        if out and not entry.values and not entry.boundary and closed and out[-1].values and out[-1].label:
            out[-1].label.extend(entry.label)
        else:
            out.append(entry)
    return out


def _hanging(entries: list[Entry]) -> list[Entry]:
    """A label alone over one single deeper row is the start of its label ("Consolidated" / " Deficit 1.0")."""
    out: list[Entry] = []
    for i, entry in enumerate(entries):
        last = out[-1] if out else None
        nxt = entries[i + 1] if i + 1 < len(entries) else None
        if (
            last is not None
            and not last.values
            and entry.values
            and entry.label
            and not entry.boundary
            and entry.depth > last.depth
            and not last.words.rstrip().endswith((":", "："))
            and (nxt is None or nxt.depth <= last.depth)
        ):
            last.label.extend(entry.label)
            last.values.extend(entry.values)
        else:
            out.append(entry)
    return out


def _row(entry: Entry, row: int, frame: Frame, path: str | None, doubtful: list[int]) -> list[Cell]:
    columns = _assign([p for _, p in entry.values], frame)
    if columns is None:
        doubtful.append(entry.values[0][0].number)
        whole = [*entry.label, *entry.values, *(part for _, part in entry.under)]
        return [make_cell(whole, row, 0, path, colspan=frame.count + 1, depth=entry.depth)]
    cells = []
    if entry.label:
        cells.append(make_cell(entry.label, row, 0, path, depth=entry.depth))
    else:
        cells.append(_blank(entry, row, 0, path))
    filled = {c: [value] for c, value in zip(columns, entry.values, strict=True)}
    for i, part in entry.under:
        filled[columns[i]].append(part)
    for c in range(frame.count):
        cells.append(make_cell(filled[c], row, c + 1, path) if c in filled else _blank(entry, row, c + 1, path))
    return cells


def _assign(values: list[Piece], frame: Frame) -> list[int] | None:
    """The column of each value, from left to right, or None where that cannot be told."""
    if len(values) == frame.count:
        return list(range(frame.count))
    if len(values) > frame.count:
        return None
    if not values:
        return []
    if comb(frame.count, len(values)) > _MOST_WAYS:
        return None
    costs = sorted(
        (
            sum(
                min(abs(v.right - frame.rights[c]), abs(v.middle - frame.middles[c]))
                for v, c in zip(values, chosen, strict=True)
            ),
            chosen,
        )
        for chosen in combinations(range(frame.count), len(values))
    )
    if len(costs) > 1 and costs[1][0] - costs[0][0] < _SLACK:
        return None
    chosen = list(costs[0][1])
    for value, c in zip(values, chosen, strict=True):
        left, right = frame.reach[c]
        if _PARTED.search(value.text) and not (left - 1 <= value.left and value.right <= right + 1):
            # "1 358 564" where a figure is missing: one, or two that stand close together
            return None
    return chosen


def _blank(entry: Entry, row: int, col: int, path: str | None) -> Cell:
    line = (entry.values or entry.label)[0][0]
    return Cell(row, col, "", "", Place(path=path, line=line.number))
