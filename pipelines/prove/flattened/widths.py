"""How likely each reading of a row is by the widths of its figures, where no sum decides.

What belongs here: a model of a table with a given number of columns, which says how likely the digit groups of a row
are under each of its readings.  What must never stand here: sums, labels, which answers are accepted (`likely`).

The model.  A row is *full* (one figure in each column), has *gaps* (blank cells), or is *odd* (another number of
figures altogether: a heading of years, a row of another table).  The width of a figure, its count of digits, follows
its column (the widths that this column has in the rows known so far), or the figures of the row are of one order of
magnitude, give or take: the model holds both for equally likely, row by row, and grants a share of stray figures
that have any width the table knows.  Given its width, every figure is equally likely: one in ten groups of three
digits begins with 0, and no figure does.  The last point is all that speaks against splitting one column of five
digits into two of two and three: only rows in which a group begins with 0 rule that out.

Everything is counted over a table's own rows, each share with an allowance for what was not seen: `FEWEST_*`, and one
pseudo-row a column of the widths that the table, or statistics at large, show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.prove.flattened.groups import Numbers, Row

WIDEST = 13  # digits; wider figures count as these
SCALES = WIDEST + 1  # orders of magnitude of a row; the last stands for rows whose widths follow the columns
FEWEST_GAPS = 0.05  # share of rows with blank cells that is granted where none is known
FEWEST_ODD = 0.02  # the same for rows of another number of figures
ODD_COUNTS = 8  # numbers of figures that an odd row may have, each as likely as the others
BLANK = 0.3  # share of blank cells in a row that has some, before any is known
UNSEEN_SCALES = 2.0  # rows by which orders of magnitude count that no row of the table shows
BY_COLUMN = 0.5  # share of rows whose widths follow the columns
FEWEST_STRAY = 0.01  # share of figures whose width has nothing to do with the others of the row or of the column
FALLS = (0.50, 0.34, 0.10, 0.04, 0.014, 0.006)  # widths 0, 1, … digits from the row's own
SURE_OF_FALLS = 20.0  # figures that a table must show before its own spread of widths counts as much as `FALLS`
# Widths of figures in statistics at large, 1 to 13 digits, for what a table does not show itself.
PRINTED = np.array([0.15, 0.15, 0.15, 0.14, 0.13, 0.11, 0.08, 0.05, 0.02, 0.01, 0.005, 0.003, 0.002])
LED = 10 / 9  # a figure of given width does not begin with 0

FULL, GAPS, ODD = range(3)  # kinds of rows

Chain = tuple[tuple[int, int, int], ...]  # (from group, to group, width), the figures of a reading
Floats = NDArray[np.float64]


def width(value: int) -> int:
    """The class of a figure: 0 for the figure 0, else its count of digits."""
    return min(WIDEST, len(str(value))) if value else 0


@dataclass(frozen=True, slots=True)
class Graph:
    """The readings of one row as arcs (from group, to group, width), sorted; `end` is its number of groups."""

    end: int
    arcs: Chain

    @classmethod
    def of(cls, row: Row) -> Graph:
        arcs = [(p, q, width(v) if v < 10**WIDEST else WIDEST) for p in range(len(row.groups)) for q, v in row.arcs[p]]
        return cls(len(row.groups), tuple(arcs))

    def through(self, spans: Sequence[tuple[int, int]]) -> Graph:
        """The readings in which a figure stands at each of these spans."""
        kept = tuple(arc for arc in self.arcs if all(arc[:2] == (p, q) or arc[1] <= p or arc[0] >= q for p, q in spans))
        return Graph(self.end, kept)


def chain(row: Row, reading: Numbers) -> Chain:
    """The arcs of one reading."""
    return tuple((p, q, width(value)) for (p, q), value in zip(row.spans(reading), reading, strict=True))


def spelled(row: Row, one: Chain) -> Numbers:
    return tuple(int("".join(row.groups[p:q])) for p, q, _ in one)


@dataclass
class Counts:
    """What the rows known so far show of a table with `k` columns; weights may be shares of a row."""

    k: int
    full: float = 0.0
    gaps: float = 0.0
    odd: float = 0.0
    widths: Floats = field(default_factory=lambda: np.zeros(0))  # (k, WIDEST + 1)
    blanks: Floats = field(default_factory=lambda: np.zeros(0))  # (k,), in rows with gaps
    falls: Floats = field(default_factory=lambda: np.zeros(len(FALLS)))  # digits from the row's own width
    scales: Floats = field(default_factory=lambda: np.zeros(WIDEST))  # the middle width of each row
    cells: float = 0.0
    naughts: float = 0.0

    def __post_init__(self) -> None:
        if not self.widths.size:
            self.widths = np.zeros((self.k, WIDEST + 1))
            self.blanks = np.zeros(self.k)

    def copy(self) -> Counts:
        arrays = self.widths.copy(), self.blanks.copy(), self.falls.copy(), self.scales.copy()
        return Counts(self.k, self.full, self.gaps, self.odd, *arrays, self.cells, self.naughts)

    def add(self, one: Chain, columns: Sequence[int] | None, weight: float, kind: bool = True) -> None:
        """Count a row: its figures, the columns in which they stand (None for an odd row), and (`kind`) of which kind
        it is."""
        if columns is None:
            self.odd += weight * kind
            return
        if len(one) == self.k:
            self.full += weight * kind
        else:
            self.gaps += weight * kind
            self.blanks[[j for j in range(self.k) if j not in columns]] += weight
        for j, (_, _, w) in zip(columns, one, strict=True):
            self.widths[j, w] += weight
        self.cells += weight * len(one)
        wide = sorted(w for _, _, w in one if w)
        self.naughts += weight * (len(one) - len(wide))
        if wide:
            self.scales[wide[len(wide) // 2] - 1] += weight
        if len(wide) > 1:
            middle = wide[len(wide) // 2]
            for w in wide:
                self.falls[min(abs(w - middle), len(FALLS) - 1)] += weight


class Model:
    """The likelihoods that `counts` give.  Arrays by (group, column, scale of the row)."""

    def __init__(self, counts: Counts) -> None:
        self.k = k = counts.k
        naught = (counts.naughts + 0.5) / (counts.cells + 10)
        spread = (np.array(FALLS) * SURE_OF_FALLS + counts.falls) / (SURE_OF_FALLS + counts.falls.sum())
        spread[1:] /= 2  # either way
        apart = np.abs(np.arange(1, WIDEST + 1)[:, None] - np.arange(1, WIDEST + 1)[None, :])
        near = spread[np.minimum(apart, len(FALLS) - 1)]
        near /= near.sum(axis=0, keepdims=True)
        self.by_row = np.zeros((WIDEST + 1, WIDEST))
        stray = max(FEWEST_STRAY, (counts.falls[3:].sum() + 1) / (counts.falls.sum() + 20))
        everywhere = counts.widths.sum(axis=0)[1:]
        table = (everywhere + PRINTED) / (everywhere.sum() + 1)
        self.by_row[0] = naught
        self.by_row[1:] = (1 - naught) * ((1 - stray) * near + stray * table[:, None])
        unseen = np.concatenate([[naught], (1 - naught) * table])
        by_column = (counts.widths + unseen) / (counts.widths.sum(axis=1, keepdims=True) + 1)
        by_column = (1 - stray) * by_column + stray * unseen
        self.cell = np.empty((WIDEST + 1, k, SCALES))
        self.cell[:, :, :WIDEST] = self.by_row[:, None, :]
        self.cell[:, :, WIDEST] = by_column.T
        self.cell[1:] *= LED
        self.lone = self.by_row.copy()
        self.lone[1:] *= LED
        self.scale = (counts.scales + PRINTED * UNSEEN_SCALES) / (counts.scales.sum() + UNSEEN_SCALES)
        rows = counts.full + counts.gaps + counts.odd
        self.odd = max(FEWEST_ODD, (counts.odd + 0.5) / (rows + 2))
        self.gaps = max(FEWEST_GAPS, (counts.gaps + 1) / (counts.full + counts.gaps + 2))
        blank = np.clip((counts.blanks + 2 * BLANK) / (counts.gaps + 2), 0.05, 0.95)
        self.filled = float(np.prod(1 - blank))
        self.some = max(1e-9, 1 - self.filled - float(np.prod(blank)))
        # skips[j, i]: that columns i..j-1 are blank
        run = np.concatenate([[1.0], np.cumprod(blank)])
        self.skips = np.tril(run[:, None] / run[None, :])
        self.keep = (1 - blank)[None, :, None]
        self.kept = self.cell * self.keep

    def likelihood(self, graph: Graph) -> float:
        """The likelihood of a row over all readings in `graph`."""
        return self._weigh(graph)[0]

    def _weigh(self, graph: Graph) -> tuple[float, tuple[float, float, float], tuple[Floats, Floats, Floats]]:
        """The likelihood of a row; what the kinds FULL, GAPS and ODD give to it; and for each kind what leads to each
        group, by column reached."""
        k, n = self.k, graph.end
        full, gaps, odd = np.zeros((n + 1, k + 1, SCALES)), np.zeros((n + 1, k + 1, SCALES)), np.zeros((n + 1, WIDEST))
        full[0, 0, :WIDEST] = gaps[0, 0, :WIDEST] = (1 - BY_COLUMN) * self.scale
        full[0, 0, WIDEST] = gaps[0, 0, WIDEST] = BY_COLUMN
        odd[0] = PRINTED
        last = -1
        for p, q, w in graph.arcs:
            if p != last:
                gaps[p], last = self.skips @ gaps[p], p
            full[q, 1:] += full[p, :-1] * self.cell[w]
            gaps[q, 1:] += gaps[p, :-1] * self.kept[w]
            odd[q] += odd[p] * self.lone[w]
        gaps[n] = self.skips @ gaps[n]
        whole = float(full[n, k].sum())
        holed = max(0.0, float(gaps[n, k].sum()) - whole * self.filled) / self.some
        strange = float(odd[n].sum()) / min(2 * k, ODD_COUNTS)
        parts = (1 - self.odd) * (1 - self.gaps) * whole, (1 - self.odd) * self.gaps * holed, self.odd * strange
        return sum(parts), parts, (full, gaps, odd)

    def best(self, graph: Graph) -> tuple[float, float, Chain]:
        """The likelihood of the row, the share of it that its best reading has, and that reading."""
        said, parts, ways = self._weigh(graph)
        if said <= 0:
            return 0.0, 0.0, ()
        # a reading that has most of the likelihood has most of that of its kind
        kind = parts.index(max(parts))
        found = self._back(graph, ways[kind], kind)
        return said, (self._weigh(Graph(graph.end, found))[0] / said if found else 0.0), found

    def _back(self, graph: Graph, ways: Floats, kind: int) -> Chain:
        """From the end, figure by figure, the one that most of the likelihood passes through; () where none does."""
        into: dict[int, list[tuple[int, int, int]]] = {}
        for arc in graph.arcs:
            into.setdefault(arc[1], []).append(arc)
        out, q, j = [], graph.end, self.k
        while q > 0:
            most, chosen = 0.0, (0, 0, 0)
            for p, _, w in into.get(q, ()):
                if kind == ODD:
                    weight, i = float((ways[p] * self.lone[w]).sum()), j
                elif kind == FULL:
                    weight, i = float((ways[p, j - 1] * self.cell[w, j - 1]).sum()) if j else 0.0, j
                else:
                    weight, i = self._last(ways, p, w, j)
                if weight > most:
                    most, chosen = weight, (p, i, w)
            if not most:
                return ()
            p, i, w = chosen
            out.append((p, q, w))
            q, j = p, i if kind == ODD else i - 1
        return tuple(reversed(out))

    def _last(self, gaps: Floats, p: int, w: int, j: int) -> tuple[float, int]:
        """The likeliest of the first j columns (counted from 1) for a figure of width w from group p on, the columns
        behind it blank: how likely, and which."""
        if not j:
            return 0.0, 0
        weights = (gaps[p, :j] * self.cell[w, :j]).sum(axis=1) * self.skips[j, 1 : j + 1] * self.keep[0, :j, 0]
        i = int(weights.argmax())
        return float(weights[i]), i + 1

    def columns(self, one: Chain, end: int) -> list[int] | None:
        """The columns in which the figures of a reading most likely stand; None where it has more than there are."""
        if len(one) >= self.k:
            return list(range(self.k)) if len(one) == self.k else None
        gaps = self._weigh(Graph(end, one))[2][GAPS]
        out, j = [], self.k
        for p, _, w in reversed(one):
            weight, i = self._last(gaps, p, w, j)
            if weight <= 0:
                return None
            j = i - 1
            out.append(j)
        return out[::-1]
