"""A `<table>` → grid: spans resolved, marks apart, every cell with its node path.

What belongs here: the table model of HTML (spans, row groups, headers) and the text of a cell.  What must never
happen here: deciding which rows are a header where the markup does not say, or what a number means.

Spans follow the HTML standard's table model: a rowspan ends with its row group, a cell moves right past cells that
hang down from above. A span larger than the limit is cut, with a finding by the caller (`Markup.cut`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from lxml import etree

from pipelines.model import Cell, Grid, GridKind, Place
from pipelines.read.bounds import Clock
from pipelines.read.flow import BLOCKS, SILENT, is_hidden, superscript
from pipelines.read.marks import is_raised_mark, split_marks
from pipelines.read.page import is_element
from pipelines.settings import ReadLimits

_WS = re.compile(r"[ \t\r\n\f\u3000]{2,}|[\t\r\n\f\u3000]")
_EDGE = " \t\r\n\f\u00a0\u3000\u200b\ufeff"
_PLAIN = re.compile(r"[-(]?[0-9][0-9,.]*[)%]?")  # a figure that bears no mark: nothing more to look for
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Markup:
    """A table read: the grid (ordinal 0, for the caller to set) and the tables that stood inside it.

    cut  what a limit took away: "" or the name of the limit
    """

    grid: Grid | None
    nested: list[etree._Element] = field(default_factory=list)
    cut: str = ""


@dataclass(slots=True)
class _Text:
    """The text of a cell in the making."""

    parts: list[tuple[str, bool]] = field(default_factory=list)
    nested: list[etree._Element] = field(default_factory=list)


def read_table(table: etree._Element, path: str, limits: ReadLimits, clock: Clock) -> Markup:
    """Read one table; nested tables are handed back, not read, and their text is not in the cell that holds them."""
    out = Markup(None)
    cells: list[Cell] = []
    hanging: list[int] = []  # rows that the cell above still hangs down into, per column
    row = 0
    n_cols = 0
    caption = ""
    header_rows = 0
    heading = True
    max_span = limits.max_span
    for group, trs in _groups(table, path):
        remaining = len(trs)
        in_head = group == "thead"
        for tr, tr_path in trs:
            clock.check()
            col = 0
            all_headers = True
            some = False
            count = {"td": 0, "th": 0}
            for element in tr:
                tag = element.tag
                if tag != "td" and tag != "th":
                    continue
                get = element.get
                number = count[tag] = count[tag] + 1
                if (get("style") is not None or get("hidden") is not None) and is_hidden(element):
                    continue
                while col < len(hanging) and hanging[col] > 0:
                    col += 1
                said = get("colspan")
                colspan = 1 if said is None else _span(said, 1)
                said = get("rowspan")
                rowspan = 1 if said is None else _span(said, remaining)
                if colspan > max_span or rowspan > max_span:
                    out.cut = "max_span"
                    colspan, rowspan = min(colspan, max_span), min(rowspan, max_span)
                if rowspan > remaining:
                    rowspan = remaining
                some = True
                is_head = in_head or tag == "th"
                all_headers = all_headers and is_head
                here = f"{tr_path}/{tag}[{number}]"
                raw = element.text
                if raw is not None and not len(element) and _PLAIN.fullmatch(raw) is not None:
                    place = Place(None, None, here)
                    cells.append(Cell(row, col, raw, raw, place, rowspan, colspan, (), 0, is_head))
                else:
                    cells.append(_cell(element, row, col, rowspan, colspan, is_head, here, out.nested))
                stop = col + colspan
                if stop > len(hanging):
                    hanging.extend([0] * (stop - len(hanging)))
                if rowspan > 1:
                    for c in range(col, stop):
                        hanging[c] = max(hanging[c], rowspan)
                col = stop
                if stop > n_cols:
                    n_cols = stop
            heading = heading and some and all_headers
            header_rows += heading
            if any(hanging):
                hanging = [h - 1 if h > 0 else 0 for h in hanging]
            row += 1
            remaining -= 1
            if len(cells) > limits.max_cells or row * max(1, n_cols) > 4 * limits.max_cells:
                out.cut = "max_cells"
                break
        hanging = []
        if out.cut == "max_cells":
            break
    for element in table.iterchildren("caption"):
        title = _Text()
        _gather(element, title)
        caption = _joined(title)[0]
        out.nested.extend(title.nested)
    if not cells:
        return out
    if out.cut == "max_span":
        cells, n_cols = _narrowed(cells)
    place = Place(path=path)
    out.grid = Grid(
        0,
        GridKind.MARKUP,
        row,
        n_cols,
        tuple(cells),
        place,
        header_rows if header_rows < row else 0,
        caption,
        (),
        is_form(cells, row, n_cols),
        (place,),
    )
    return out


def _narrowed(cells: list[Cell]) -> tuple[list[Cell], int]:
    """The cells without the columns in which none of them begins, and how many columns are left.

    Spans past any page lay out tens of thousands of columns; where no cell begins a column says nothing, and every
    later room would walk it.
    """
    begins = sorted({c.col for c in cells})
    at = {col: i for i, col in enumerate(begins)}
    return [c._replace(col=at[c.col], colspan=bisect_left(begins, c.col + c.colspan) - at[c.col]) for c in cells], len(
        begins
    )


def is_form(cells: list[Cell] | tuple[Cell, ...], n_rows: int, n_cols: int) -> bool:
    """A blank form: labels and empty cells to fill in, and no figure outside the first row and the first column."""
    if n_cols < 2 or n_rows < 2:
        return False
    empty = sum([not c.text for c in cells])
    if empty * 3 < len(cells) or empty == len(cells):
        return False
    body = [c for c in cells if c.row > 0 and c.col > 0]
    blank = sum(not c.text for c in body)
    if not blank or blank * 2 < len(body):
        return False
    first_blank_row = min(c.row for c in body if not c.text)
    return not any(_DIGIT.search(c.text) for c in body if c.row >= first_blank_row)


def _groups(table: etree._Element, path: str) -> list[tuple[str, list[tuple[etree._Element, str]]]]:
    """Row groups in document order, with the path of each row; rows outside any group form groups of their own."""
    out: list[tuple[str, list[tuple[etree._Element, str]]]] = []
    totals: dict[str, int] = {}
    for child in table:
        if is_element(child):
            totals[child.tag] = totals.get(child.tag, 0) + 1
    seen: dict[str, int] = {}
    for child in table:
        if not is_element(child):
            continue
        tag = child.tag
        seen[tag] = seen.get(tag, 0) + 1
        here = f"{path}/{tag}[{seen[tag]}]" if totals[tag] > 1 else f"{path}/{tag}"
        if tag == "tr":
            if is_hidden(child):
                continue
            if not out or out[-1][0] != "tr":
                out.append(("tr", []))
            out[-1][1].append((child, here))
        elif tag in ("tbody", "thead", "tfoot") and not is_hidden(child):
            rows = [tr for tr in child if tr.tag == "tr"]
            single = len(rows) == 1
            paths = [f"{here}/tr" if single else f"{here}/tr[{i}]" for i in range(1, len(rows) + 1)]
            out.append((tag, [(tr, at) for tr, at in zip(rows, paths, strict=True) if not is_hidden(tr)]))
    return out


def _span(said: str, rest: int) -> int:
    """A span attribute: 0 means "to the end of the group" (`rest`); what cannot be read is 1."""
    digits = re.match(r"\s*\+?(\d{1,7})", said)
    if digits is None:
        return 1
    value = int(digits.group(1))
    return value if value > 0 else max(1, rest)


def _cell(
    element: etree._Element,
    row: int,
    col: int,
    rowspan: int,
    colspan: int,
    header: bool,
    path: str,
    nested: list[etree._Element],
) -> Cell:
    if not len(element):
        raw = element.text
        if raw is None:
            return Cell(row, col, "", "", Place(None, None, path), rowspan, colspan, (), 0, header)
        text = raw.strip(_EDGE)
        if _PLAIN.fullmatch(text) is not None:
            depth = 0 if raw.isascii() else _indent(raw)
            return Cell(row, col, text, text, Place(None, None, path), rowspan, colspan, (), depth, header)
        text = _WS.sub(" ", text)
        bare, marks = split_marks(text)
        return Cell(
            row, col, text, bare, Place(None, None, path), rowspan, colspan, marks, _indent(raw) if text else 0, header
        )
    said = _Text()
    _gather(element, said)
    nested.extend(said.nested)
    text, bare, marks, indent = _joined(said)
    return Cell(row, col, text, bare, Place(None, None, path), rowspan, colspan, marks, indent, header)


def _indent(raw: str) -> int:
    """Leading U+00A0 and ideographic spaces (two wide); other white space is the source's, not the reader's."""
    depth = 0
    for c in raw:
        if c == "\u00a0":
            depth += 1
        elif c == "\u3000":
            depth += 2
        elif c not in " \t\r\n\u200b":
            break
    return depth


def _gather(element: etree._Element, said: _Text) -> None:
    """Collect the text of a cell with its line breaks and raised marks, without Python's own stack."""
    parts = said.parts
    raised = 0
    if element.text:
        parts.append((element.text, False))
    stack = [(element, iter(element))]
    while stack:
        node, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            raised -= node.tag == "sup"
            if stack:
                if node.tag in BLOCKS:
                    parts.append(("\n", False))
                _say(parts, node.tail, raised)
            continue
        tag = child.tag
        if tag == "br":
            parts.append(("\n", False))
        elif tag == "table":
            said.nested.append(child)
            parts.append(("\n", False))
        elif is_element(child) and tag not in SILENT and not is_hidden(child):
            if tag in BLOCKS:
                parts.append(("\n", False))
            raised += tag == "sup"
            _say(parts, child.text, raised)
            stack.append((child, iter(child)))
            continue
        _say(parts, child.tail, raised)


def _say(parts: list[tuple[str, bool]], text: str | None, raised: int) -> None:
    if text:
        parts.append((text, raised > 0))


_INDENT_UNIT = re.compile(r"[\u00a0\u3000]")


def _joined(said: _Text) -> tuple[str, str, tuple[str, ...], int]:
    """(text, bare, marks, indent) of the gathered parts."""
    whole: list[str] = []
    plain: list[str] = []
    raised: list[str] = []
    for part, is_raised in said.parts:
        # a line break in the source is a space; "\n" stands for the breaks that the markup makes
        part = part if part == "\n" else part.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
        if is_raised and is_raised_mark(part, "".join(plain)):
            raised.append(part.strip().strip("()（）[] "))
            whole.append(superscript(part))
        else:
            whole.append(superscript(part) if is_raised else part)
            plain.append(superscript(part) if is_raised else part)
    lines = "".join(whole).split("\n")
    depth = next((_indent(line) for line in lines if line.strip(_EDGE)), 0)
    text = _tidy(lines)
    if not raised:
        bare, marks = split_marks(text)
        return text, bare, marks, depth
    bare, marks = split_marks(_tidy("".join(plain).split("\n")))
    return text, bare, (*marks, *raised), depth


def _tidy(lines: list[str]) -> str:
    said = [_WS.sub(" ", line.strip(_EDGE)) for line in lines]
    return "\n".join(line for line in said if line)
