"""The body of a sheet as lines, once along rows and once along columns, with what their labels claim.

What must never stand here: a sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from pipelines.model import Absence
from pipelines.prove import labels, notes
from pipelines.prove.frame import is_year
from pipelines.prove.labels import Claim, Label
from pipelines.prove.rules import Lines
from pipelines.prove.sheet import Sheet

_MISSING = (Absence.NOT_AVAILABLE, Absence.SUPPRESSED, Absence.NOT_YET_PUBLISHED)


def _any_of(*words: str) -> re.Pattern[str]:
    """Any of these regular expressions, each of which begins with a plain character (or with one after a word
    boundary): tried only where one of those characters stands, in a third of the time."""
    first = {re.escape(word.removeprefix(r"\b").removeprefix("\\")[0]) for word in words}
    return re.compile(f"(?=[{''.join(sorted(first))}])(?:{'|'.join(words)})", re.I)


_RATIO = _any_of(
    *("%", r"per\s?cent", "percentage", r"\brate\b", r"\bratio\b", "average", r"\bavg\b", r"\bmean\b", "median"),
    *(r"\bindex\b", r"\bchange\b", "growth", r"\bper\b(?<!number per)"),
    *("百分[比率]", "平均", "比率", "中位數", "增長", "變動", "升幅", "跌幅"),
)
_WORD = re.compile(r"[\w%]+")
_NO_WORD = re.compile(r"[^\w%]*")
_ROUNDED = _any_of(
    *(
        "million",
        "billion",
        "thousand",
        r"’000\b",
        r"'000\b",
        r"\b000s\b",
        r"\$m\b",
        "rounded",
        "rounding",
        "approximat",
    ),
    *("四捨五入", "捨入", "百萬", "十億", "千元", "萬元", "億", "约数", "約數"),
)


def says_rounded(texts: Iterable[str]) -> bool:
    """Whether a unit or a note of the table says that its whole numbers are rounded (amounts in millions, …)."""
    return any(map(_is_rounded, texts))


def row_label(sheet: Sheet, row: int, stub: int) -> str:
    """The words of the stub of a row, joined."""
    return " ".join(filter(None, [sheet.text((row, c)).strip() for c in range(stub)]))


def col_label(sheet: Sheet, col: int, header: int) -> tuple[str, str]:
    """(the last words of the header of a column, all of them joined); a spanning header counts for each column."""
    path: list[str] = []
    for row in range(header):
        text = _above(sheet, row, col)
        if text and (not path or path[-1] != text):
            path.append(text)
    words = [p for p in path if not _NO_WORD.fullmatch(p)]
    return (words[-1] if words else ""), " ".join(words)


def _above(sheet: Sheet, row: int, col: int) -> str:
    """The header text over a column: of its own cell, else of the cell that spans to it."""
    own = sheet.cells.get((row, col))
    if own is not None and own.text.strip():
        return own.text.strip()
    for start in range(col - 1, -1, -1):
        cell = sheet.cells.get((row, start))
        if cell is not None and cell.text.strip():
            return cell.text.strip() if start + cell.colspan > col else ""
    return ""


def both(sheet: Sheet, header: int, stub: int, remarks: Sequence[str] = ()) -> tuple[Lines, Lines]:
    """(rows as lines, columns as lines) of the body of the sheet; `remarks`: its notes."""
    shape = sheet.values.shape
    rows = list(range(header, shape[0]))
    cols = list(range(stub, shape[1]))
    unsettled = np.zeros(shape, dtype=np.bool_)
    missing = np.zeros(shape, dtype=np.bool_)
    known_at = sheet.known.tolist()
    # every reading is a known figure, or some are looked at one by one
    every = np.count_nonzero(sheet.known) == len(sheet.readings)
    for (r, c), several in () if every else sheet.readings.items():
        if known_at[r][c] or not several:
            continue
        if any(reading.value is not None for reading in several):
            unsettled[r, c] = True
        elif several[0].absence in _MISSING:
            missing[r, c] = True
    for at in sheet.too_large:
        unsettled[at] = True
    row_texts = [row_label(sheet, r, stub) for r in rows]
    col_texts = [col_label(sheet, c, header) for c in cols]
    row_labels = tuple(_label(t) for t in row_texts)
    col_labels = tuple(_column_label(last, whole) for last, whole in col_texts)
    row_ratio = np.array([_is_ratio(t) for t in row_texts], dtype=np.bool_)
    col_ratio = np.array([_is_ratio(whole) for _, whole in col_texts], dtype=np.bool_)
    percent = [at for at, unit in sheet.units.items() if unit == "%"]
    by_col: dict[int, int] = {}
    by_row: dict[int, int] = {}
    for r, c in percent:
        by_col[c] = by_col.get(c, 0) + 1
        by_row[r] = by_row.get(r, 0) + 1
    for c, shares in by_col.items():
        if c >= stub:
            col_ratio[c - stub] |= shares * 2 > int(sheet.known[header:, c].sum())
    for r, shares in by_row.items():
        if r >= header:
            row_ratio[r - header] |= shares * 2 > int(sheet.known[r, stub:].sum())
    block = (slice(header, None), slice(stub, None))
    values, known, half = sheet.values[block], sheet.known[block], sheet.half[block]
    unsettled, missing = unsettled[block], missing[block]
    printed: list[bool] = np.asarray((known | unsettled).any(axis=1)).tolist()
    breaks = frozenset(k for k, some in enumerate(printed[:-1], 1) if not some)
    parents = [_parent(last, whole) for last, whole in col_texts]
    across_breaks = frozenset(k for k, (a, b) in enumerate(pairwise(parents), 1) if a != b)
    left_out = notes.excluding(remarks)
    along = Lines(
        0,
        values,
        known,
        unsettled,
        missing,
        half,
        row_labels,
        col_labels,
        col_ratio,
        tuple(rows),
        tuple(cols),
        breaks,
        _named(row_texts, left_out),
        tuple(_name(t) for t in row_texts),
        sheet.places,
    )
    across = Lines(
        1,
        values.T,
        known.T,
        unsettled.T,
        missing.T,
        half.T,
        col_labels,
        row_labels,
        row_ratio,
        tuple(cols),
        tuple(rows),
        across_breaks,
        _named([last for last, _ in col_texts], left_out),
        tuple(_name(last) for last, _ in col_texts),
        sheet.places,
    )
    return along, across


def _named(texts: Sequence[str], left_out: Sequence[str]) -> tuple[tuple[int, str], ...]:
    if not left_out:
        return ()
    return tuple((k, remark) for k, t in enumerate(texts) if (remark := notes.named(t, left_out)))


# Labels come back, from row to row, from table to table and from release to release.
@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


@lru_cache(maxsize=4096)
def _is_rounded(text: str) -> bool:
    return _ROUNDED.search(text) is not None


@lru_cache(maxsize=4096)
def _is_ratio(text: str) -> bool:
    return _RATIO.search(text) is not None


def _parent(last: str, whole: str) -> str:
    return whole[: len(whole) - len(last)].strip() if whole.endswith(last) else whole


@lru_cache(maxsize=4096)
def _label(text: str) -> Label:
    return Label() if is_year(text) else labels.read(text)


def _column_label(last: str, whole: str) -> Label:
    """A column claims what its last header words claim; where only a word above says total, it claims it weakly."""
    own = _label(last)
    if own.claim is not Claim.NONE or last == whole:
        return own
    above = _label(whole)
    if above.claim is Claim.MEMO:
        return above
    return Label(above.claim, False, own.formula, own.key) if above.claim in (Claim.TOTAL, Claim.SUBTOTAL) else own
