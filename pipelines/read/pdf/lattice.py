"""Ruled tables: rules that cross → cells with spans.

What belongs here: geometry of rules alone, and which words lie in which cell.  What must never stand here: guesses
from the text (they are in `columns`, `rows` and `stream`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from pipelines.model import GridKind
from pipelines.read.pdf.geometry import Box, Rule, Word
from pipelines.read.pdf.tables import Slot, Table

# Borders closer than this are one border: thick borders are drawn as two or three rules.
SNAP = 2.6
# Rules whose ends are this near meet.
REACH = 3.5


def merged(rules: list[Rule], snap: float = SNAP) -> list[Rule]:
    """Collinear rules that touch, joined; each keeps the mean position of its parts."""
    out: list[Rule] = []
    ordered = sorted(rules, key=lambda r: r.at)
    i = 0
    while i < len(ordered):
        j = i + 1
        while (
            j < len(ordered)
            and ordered[j].at - ordered[j - 1].at <= snap * 0.6
            and ordered[j].at - ordered[i].at <= snap
        ):
            j += 1
        group = sorted(ordered[i:j], key=lambda r: r.lo)
        at = sum(r.at for r in group) / len(group)
        current: Rule | None = None
        for rule in group:
            if current is not None and rule.lo <= current.hi + REACH:
                current.hi = max(current.hi, rule.hi)
                current.width = max(current.width, rule.width)
                current.drawn = current.drawn or rule.drawn
            else:
                current = Rule(at, rule.lo, rule.hi, rule.width, rule.drawn)
                out.append(current)
        i = j
    return out


class _Sets:
    """Disjoint sets of whole numbers."""

    def __init__(self, n: int) -> None:
        self.up = list(range(n))

    def find(self, i: int) -> int:
        while self.up[i] != i:
            self.up[i] = self.up[self.up[i]]
            i = self.up[i]
        return i

    def join(self, i: int, j: int) -> None:
        self.up[self.find(i)] = self.find(j)


def components(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of rules that cross or touch one another, both kinds present in each."""
    sets = _Sets(len(across) + len(down))
    order = sorted(range(len(down)), key=lambda k: down[k].at)
    xs = [down[k].at for k in order]
    for i, h in enumerate(across):
        for k in order[bisect_left(xs, h.lo - REACH) : bisect_right(xs, h.hi + REACH)]:
            v = down[k]
            if v.lo - REACH <= h.at <= v.hi + REACH:
                sets.join(i, len(across) + k)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        groups.setdefault(sets.find(i), ([], []))[0].append(h)
    for k, v in enumerate(down):
        groups.setdefault(sets.find(len(across) + k), ([], []))[1].append(v)
    return [g for g in groups.values() if g[0] and g[1]]


def _borders(at: list[float], lo: float, hi: float) -> list[float]:
    """Distinct positions, closed at both ends where the crossing rules run on beyond the outermost one."""
    out: list[float] = []
    for x in sorted(at):
        if not out or x - out[-1] > SNAP:
            out.append(x)
    if lo < out[0] - 4:
        out.insert(0, lo)
    if hi > out[-1] + 4:
        out.append(hi)
    return out


def _covered(rules: list[Rule], at: float, lo: float, hi: float) -> bool:
    """Whether rules near `at` cover more than half of lo..hi."""
    total = 0.0
    for rule in rules:
        if abs(rule.at - at) <= SNAP:
            total += max(0.0, min(rule.hi, hi) - max(rule.lo, lo))
    return total > 0.5 * (hi - lo)


def lattice(page: int, across: list[Rule], down: list[Rule]) -> Table | None:
    """The cells that a group of crossing rules makes, still without words; None where there is only one cell."""
    xs = _borders([v.at for v in down], min(h.lo for h in across), max(h.hi for h in across))
    ys = _borders([h.at for h in across], min(v.lo for v in down), max(v.hi for v in down))
    n, m = len(ys) - 1, len(xs) - 1
    if n < 1 or m < 1 or n * m < 2 or n * m > 40_000:
        return None
    sets = _Sets(n * m)
    by_x = [[v for v in down if abs(v.at - x) <= SNAP] for x in xs]
    by_y = [[h for h in across if abs(h.at - y) <= SNAP] for y in ys]
    for r in range(n):
        for c in range(m):
            if c + 1 < m and not _covered(by_x[c + 1], xs[c + 1], ys[r], ys[r + 1]):
                sets.join(r * m + c, r * m + c + 1)
            if r + 1 < n and not _covered(by_y[r + 1], ys[r + 1], xs[c], xs[c + 1]):
                sets.join(r * m + c, (r + 1) * m + c)
    groups: dict[int, list[tuple[int, int]]] = {}
    for r in range(n):
        for c in range(m):
            groups.setdefault(sets.find(r * m + c), []).append((r, c))
    slots: list[Slot] = []
    for members in groups.values():
        for r0, r1, c0, c1 in _rectangles(members):
            slots.append(Slot(r0, r1, c0, c1, [], (xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1])))
    slots.sort(key=lambda s: (s.r0, s.c0))
    box: Box = (xs[0], ys[0], xs[-1], ys[-1])
    return Table(page, GridKind.RULED, xs, ys, slots, box=box)


def _rectangles(members: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """The group as one rectangle, or, where it is none, cut into rectangles of whole row runs."""
    rows = [r for r, _ in members]
    cols = [c for _, c in members]
    r0, r1, c0, c1 = min(rows), max(rows), min(cols), max(cols)
    if (r1 - r0 + 1) * (c1 - c0 + 1) == len(members):
        return [(r0, r1, c0, c1)]
    here = set(members)
    out: list[tuple[int, int, int, int]] = []
    while here:
        r, c = min(here)
        right = c
        while (r, right + 1) in here:
            right += 1
        below = r
        while all((below + 1, k) in here for k in range(c, right + 1)):
            below += 1
        out.append((r, below, c, right))
        here -= {(i, k) for i in range(r, below + 1) for k in range(c, right + 1)}
    return out


def pour(table: Table, words: list[Word]) -> list[Word]:
    """Put each word whose middle lies in a cell into it; gives back the words that are in none."""
    x0, top, x1, bottom = table.box
    at: dict[tuple[int, int], Slot] = {}
    for slot in table.slots:
        for r in range(slot.r0, slot.r1 + 1):
            for c in range(slot.c0, slot.c1 + 1):
                at[r, c] = slot
    rest = []
    for word in words:
        x, y = word.mid_x, word.mid
        if not (x0 <= x <= x1 and top <= y <= bottom):
            rest.append(word)
            continue
        r = min(max(bisect_right(table.ys, y) - 1, 0), table.n_rows - 1)
        c = min(max(bisect_right(table.xs, x) - 1, 0), table.n_cols - 1)
        at[r, c].words.append(word)
    return rest
