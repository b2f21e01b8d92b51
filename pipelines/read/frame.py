"""The columns of a text table: how many there are, and where the values of each stand.

What belongs here: what the rows that fill all columns tell.  What must never happen here: laying a value into a column.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from pipelines.model import Cell, Place
from pipelines.read.flow import Line
from pipelines.read.lines import Piece, folded, is_figure, is_rule, rule_runs
from pipelines.read.marks import split_marks

_FEW = 6  # in a table of fewer rows, one row alone may show how many columns there are


@dataclass(slots=True)
class Frame:
    """Where the columns of values stand.

    edge   left of it there are only labels;  usual: where the first value of a row usually begins
    """

    count: int
    edge: int
    usual: float
    rights: list[float] = field(default_factory=list)
    middles: list[float] = field(default_factory=list)
    reach: list[tuple[int, int]] = field(default_factory=list)


def find_frame(lines: list[Line], cut: dict[int, list[Piece]]) -> Frame | None:
    """How many columns of values there are, and where: from the rows that fill them all."""
    rows: list[tuple[list[Piece], list[Piece]]] = []
    for line in lines:
        found = cut.get(line.number)
        if not found:
            continue
        tail = 0
        while tail < len(found) and found[-1 - tail].is_value:
            tail += 1
        if tail and any(is_figure(p.text) or len(found) > tail for p in found[-tail:]):
            rows.append((found[: len(found) - tail], found[len(found) - tail :]))
    labelled = [values for label, values in rows if label]
    if len(labelled) * 2 < len(rows):
        # the stub itself is made of figures (years): its column is the first
        rows = [(values[:1], values[1:]) for label, values in rows if not label and len(values) > 1]
        labelled = [values for _, values in rows]
    if not labelled:
        return _frame_of_words(lines, cut)
    counts = Counter(len(values) for values in labelled)
    heads = {len(rule_runs(line.text)) for line in lines if line.text and is_rule(line.text)}
    count = max(
        (n for n, seen in counts.items() if seen > 1 or n in heads or len(labelled) < _FEW), default=max(counts)
    )
    full = [values for values in labelled if len(values) == count]
    figures = [v for v in full if all(is_figure(p.text) for p in v)] or full
    frame = Frame(count, min(v[0].left for v in figures), median(v[0].left for v in figures))
    for c in range(count):
        frame.rights.append(median(v[c].right for v in figures))
        frame.reach.append((min(v[c].left for v in figures), max(v[c].right for v in figures)))
        frame.middles.append(sum(frame.reach[c]) / 2)
    return frame


def _frame_of_words(lines: list[Line], cut: dict[int, list[Piece]]) -> Frame | None:
    """A table of words: its columns are those of the rule under its header."""
    for line in lines:
        strokes = rule_runs(line.text) if line.text and is_rule(line.text) else []
        if len(strokes) > 1:
            rows = [p for p in cut.values() if len(p) == len(strokes)]
            if len(rows) < 2:
                return None
            frame = Frame(len(strokes) - 1, min(p[1].left for p in rows), min(p[1].left for p in rows))
            for c in range(1, len(strokes)):
                frame.reach.append((min(p[c].left for p in rows), max(p[c].right for p in rows)))
                frame.rights.append(float(frame.reach[-1][1]))
                frame.middles.append(sum(frame.reach[-1]) / 2)
            return frame
    return None


def in_values(piece: Piece, frame: Frame) -> bool:
    """Whether a piece stands where values do; words only where values usually begin: one that drifted says nothing."""
    return piece.left >= (frame.edge - 2 if piece.is_value else frame.usual - 4)


def make_cell(
    parts: list[tuple[Line, Piece]], row: int, col: int, path: str | None, *, colspan: int = 1, depth: int = 0
) -> Cell:
    said: list[str] = []
    number = None
    for line, piece in parts:
        if line.number == number:
            said[-1] += " " + folded(piece.text)
        else:
            said.append(folded(piece.text))
        number = line.number
    text = "\n".join(said)
    bare, marks = split_marks(text)
    line, piece = parts[0]
    end = max(p.end for at, p in parts if at.number == line.number)
    place = Place(path=path, line=line.number, chars=(piece.start, end))
    return Cell(row, col, text, bare, place, 1, colspan, marks, depth)
