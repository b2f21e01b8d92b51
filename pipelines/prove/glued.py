"""Flattened tables that lost more than their borders: cells joined by nothing, and one cell a line.

What belongs here: recognising these two layouts and giving them as lines and answers of the usual kind.  What must
never stand here: rows whose groups are separated (`flatrows`).

Cells joined by nothing ("Number of rejected applications7134145286") are read only where all such lines of the table
split, with one count, so that the last number is the sum of the others, each line in exactly one way.
"""

from __future__ import annotations

import re

from pipelines.model import Cell
from pipelines.prove.flatrows import How, Read, Table
from pipelines.prove.groups import Row
from pipelines.prove.lines import Line, read_line, split_glued
from pipelines.prove.numbers import parse

Special = tuple[list[Line], Table, str]

_GLUED = re.compile(r"(?P<label>.*?[^\d,.\s])\s?(?P<run>\d[\d,]{3,})\s*")
_BARE = re.compile(r"(?P<label>)(?P<run>\d[\d,]{3,})\s*")


def resolve_glued(texts: dict[int, Cell], n_rows: int) -> Special | None:
    """Lines that end in one run of digits and commas; None where the table is not of that kind or stays ambiguous."""
    runs: dict[int, re.Match[str]] = {}
    for r in range(n_rows):
        text = texts[r].text if r in texts else ""
        m = _GLUED.fullmatch(text) or _BARE.fullmatch(text)
        if m is not None:
            runs[r] = m
        elif re.search(r"\d\s*$", text):
            return None
    glued = [m for m in runs.values() if len(m["run"]) >= 6]
    if not glued or len(glued) < len(runs):
        return None
    fitting = []
    for k in range(3, 7):
        splits = {r: split_glued(m["run"], (k,)) for r, m in runs.items()}
        if all(splits.values()):
            fitting.append((k, splits))
    if len(fitting) != 1 or any(len(s) != 1 for s in fitting[0][1].values()):
        return None
    k, splits = fitting[0]
    lines, reads = [], []
    for r in range(n_rows):
        text = texts[r].text if r in texts else ""
        if r not in runs:
            lines.append(Line(r, text, text.strip(), (0, len(text)), None))
            continue
        m = runs[r]
        numbers, ends = splits[r][0]
        at = m.start("run")
        spans = tuple((at + a, at + b) for a, b in zip((0, *ends), ends, strict=False))
        # one group a number: nothing is left to be joined
        lines.append(Line(r, text, m["label"].strip(), m.span("label"), Row(tuple(str(v) for v in numbers)), spans))
        reads.append(Read(numbers, How.ROW_SUM))
    argument = (
        f"{len(runs)} rows whose figures are joined by nothing; with {k} figures each splits in one way only so that "
        "the last is the sum of the others."
    )
    return lines, Table(tuple(reads), (), k), argument


def resolve_stacked(texts: dict[int, Cell], n_rows: int) -> Special | None:
    """One cell a line: lines of words, each followed by the same number of lines that hold one figure each."""
    shown = [r for r in range(n_rows) if r in texts and texts[r].text.strip()]
    kinds = [_one_figure(texts[r]) for r in shown]
    figures = sum(1 for v in kinds if v is not None)
    if figures < 4 or any(
        v is None and read_line(0, texts[r].text).row is not None for r, v in zip(shown, kinds, strict=True)
    ):
        return None
    blocks: list[tuple[int, list[int]]] = []
    for r, value in zip(shown, kinds, strict=True):
        if value is None:
            blocks.append((r, []))
        elif blocks:
            blocks[-1][1].append(r)
        else:
            return None
    filled = [b for b in blocks if b[1]]
    sizes = {len(b[1]) for b in filled}
    if len(filled) < 2 or len(sizes) != 1 or any(not b[1] for b in blocks[blocks.index(filled[0]) :]):
        return None
    return None if not filled else _stack(texts, n_rows, filled, sizes.pop())


def _stack(texts: dict[int, Cell], n_rows: int, filled: list[tuple[int, list[int]]], k: int) -> Special | None:
    """Not laid out yet as cells of several lines: declined until the layout can name each figure's own line."""
    _ = (texts, n_rows, filled, k)
    return None


def _one_figure(cell: Cell) -> int | None:
    readings = parse(cell.bare)
    if len(readings) != 1 or readings[0].value is None or not re.fullmatch(r"[\d,\s\u00a0]+", cell.bare):
        return None
    return int(readings[0].value)
