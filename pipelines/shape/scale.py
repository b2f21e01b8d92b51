"""The scale that a table says outside its figures: "(in thousands)" above it, "HK$ million" in a head, 單位：萬人.

What belongs here: which words say a scale, and over which rows and columns they stand.  What must never stand here: a
figure.  A figure may load only where what the table says is the scale of its measure's unit; a right digit under a
wrong scale is a wrong figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.model import Finding, Frame, Grid, Severity

SCALE_OPEN = "the table says another scale than the unit of its series"

_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "trillion": 12, "'000": 3}
_HAN_POWERS = {"十": 1, "百": 2, "千": 3, "萬": 4, "万": 4, "億": 8, "亿": 8}
_SCALE_WORD = (
    r"(?:(?P<hundreds>100 |hundred )?(?P<word>hundred|thousand|million|billion|trillion)s?(?![a-z])"
    r"|(?<![a-z])(?P<short>mn|bn|(?<=\$)m|(?<=\$ )m)(?![a-z])|(?P<zeros>'\s?000)s?"
    r"|(?P<bare>(?<![\d,.])000)s?(?!\d)"
    r"|(?P<han>[十百千]?[萬万億亿]|百|千))"
)
_HAN_NUMBER = "0-9一二三四五六七八九十兩两幾几數数第"
# What may stand before it makes it an amount ("$30 million", 三萬) or a rate (每千人), no scale.
_NO_SCALE_BEFORE = re.compile(
    rf"(?:[\d.,]\s*|[{_HAN_NUMBER}每]|\b(?:per|each|every|a|one|two|three|four|five|six|seven|eight|nine|ten|few|"
    r"several|some|many|over|hundred|dozen)\s+)$"
)
_SCALE = re.compile(_SCALE_WORD)
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]")
# Words after which the text speaks of the scale of what it stands over, wherever it stands in a sentence.
_SPOKEN = re.compile(
    r"(?:\bin\s+(?:units?\s+of\s+)?|\bunits?\s*[:：=]?\s*|\bexpressed\s+in\s+|單位\s*(?:為|是)?\s*[:：]?\s*|单位\s*[:：]?\s*|以)"
    r"(?:the\s+nearest\s+)?((?:hk|us)?\s?\$?\s*[^.;。；]{1,24})"
)
_MONEY = re.compile(r"((?:hk|us|rmb)\s?\$?|\$)\s?(?=(?:'|mn?\b|bn|thousand|million|billion|trillion|\d* ?million))")
_WHOLE = 40  # a text as short as this is no sentence: whatever scale it names is the table's


@dataclass(frozen=True, slots=True)
class Scales:
    """Powers of ten that a table says: of all of it, of a row, of a column (of the grid)."""

    whole: frozenset[int]
    rows: dict[int, frozenset[int]]
    columns: dict[int, frozenset[int]]

    def contradict(self, row: int, col: int, unit: str) -> bool:
        """Whether what stands over a figure says another scale than the unit of its measure; not where that is open
        (such a figure has no measure, and stays out of the typed marts)."""
        if not unit:
            return False
        own = power_of_unit(unit)
        nearest = self.columns.get(col, frozenset()) | self.rows.get(row, frozenset()) or self.whole
        return any(power != own for power in nearest)


def power_of_unit(unit: str) -> int:
    """The power of ten of the unit that a card declares.

    >>> power_of_unit("HK$ million"), power_of_unit("HK$ 100 million"), power_of_unit("persons")
    (6, 8, 0)
    """
    match = _SCALE.search(unit.lower())
    return _power(match) if match is not None else 0


def find_powers(text: str) -> frozenset[int]:
    """Powers of ten that a caption, head, label or the paragraph above a table says of its figures.

    >>> [sorted(find_powers(text)) for text in ("Applications (in thousands)", "HK$ million", "千人")]
    [[3], [6], [3]]
    >>> sorted(find_powers("Net assets of HK$30 million or above")), sorted(find_powers("每千人"))
    ([], [])
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").lower().split())
    spans = [m.span(1) for m in _IN_BRACKETS.finditer(folded)] + [m.span(1) for m in _SPOKEN.finditer(folded)]
    spans += [(m.start(), m.end() + 16) for m in _MONEY.finditer(folded)]
    if len(folded) <= _WHOLE and not re.search(r"[\u4e00-\u9fff]", folded):
        spans.append((0, len(folded)))
    if re.fullmatch(
        r"(?:港元|港幣|美元)?\s*[十百千]?[百千萬万億亿](?:港元|美元|元|人次|人|名|宗|個|份|次|張)?", folded
    ):
        spans.append((0, len(folded)))
    found = set()
    for match in _SCALE.finditer(folded):
        within = any(start <= match.start() and match.end() <= end for start, end in spans)
        if within and not _NO_SCALE_BEFORE.search(folded[: match.start()]):
            found.add(_power(match))
    return frozenset(found)


def _power(match: re.Match[str]) -> int:
    if match["han"] is not None:
        return sum(_HAN_POWERS[c] for c in match["han"])
    if match["word"] is None:
        return _POWERS[match["short"]] if match["short"] else 3
    before = (match["hundreds"] or "").strip()
    return _POWERS[match["word"]] + (2 if before else 0)


def find_scales(grid: Grid, frame: Frame, lead: str) -> Scales:
    """What the caption, the paragraph right above, the notes, the heads, a row of units and the labels say."""
    whole: set[int] = set()
    for text in (grid.caption, lead, *grid.notes):
        whole |= find_powers(text)
    rows: dict[int, frozenset[int]] = {}
    columns: dict[int, frozenset[int]] = {}
    with_figures = {c.row for c in grid.cells if c.col >= frame.stub_cols and any(map(str.isdigit, c.text))}
    first = min((r for r in with_figures if r >= frame.header_rows), default=grid.n_rows)
    for cell in grid.cells:
        powers = find_powers(cell.text) if cell.text else frozenset()
        if not powers:
            continue
        if cell.row < max(first, frame.header_rows):
            if cell.col < frame.stub_cols or cell.colspan >= grid.n_cols:
                whole |= powers
            else:
                _add(columns, range(cell.col, cell.col + cell.colspan), powers)
        elif cell.col < frame.stub_cols:
            _add(rows, range(cell.row, cell.row + cell.rowspan), powers)
    return Scales(frozenset(whole), rows, columns)


def _add(to: dict[int, frozenset[int]], at: Sequence[int], powers: frozenset[int]) -> None:
    for i in at:
        to[i] = to.get(i, frozenset()) | powers


def report_open_scale(document_id: str, table_id: str) -> Finding:
    """The finding on a table that has figures withheld for their scale."""
    return Finding(
        "shape", "scale-open", Severity.ERROR, f"Figures of the table are withheld: {SCALE_OPEN}.",
        "Look at the words above the table and in its heads; the figures are in thousands or millions, say.",
        document_id, table_id,
    )  # fmt: skip
