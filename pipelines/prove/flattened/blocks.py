"""Which rows of a table may be the sum of which others, by the last three digits of their last figures.

What belongs here: listing blocks of rows beside a row and pairs near it, and sifting them by the one thing that is
certain whatever the splits: a group of three digits is never broken, so that the last three digits of a row's last
figure are known.  They rule out all but one in a thousand.  What must never stand here: splits, luck, labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NEAR = 8  # rows within which pairs are tried
GAPS = 8  # rows of a block whose last cell may be blank, before nothing can be ruled out any more
_ALL = (1 << 1000) - 1

Trial = tuple[int, tuple[int, ...]]  # total, parts


class Blocks:
    """The trials of one table with one number of columns.

    order    the rows that have a reading
    tails    their last three digits
    gaps     rows that must have a blank cell, which may be the last one; such a row is no total
    longest  rows of a block at most
    pairs    whether pairs of rows near a total are tried too (which also finds differences)
    """

    def __init__(
        self, order: Sequence[int], tails: dict[int, int], gaps: frozenset[int], longest: int, pairs: bool
    ) -> None:
        self.order, self.tails, self.gaps, self.longest, self.pairs = order, tails, gaps, longest, pairs
        self._made: dict[tuple[tuple[int, ...], bool], tuple[int, list[Trial]]] = {}

    def beside(self, sequence: tuple[int, ...], every: bool = False) -> tuple[int, list[Trial]]:
        """How many blocks of the sequence were looked at, and those not ruled out (with `every`, all of them)."""
        key = sequence, every
        if key not in self._made:
            self._made[key] = self._beside(sequence, every)
        return self._made[key]

    def _beside(self, sequence: tuple[int, ...], every: bool) -> tuple[int, list[Trial]]:
        size, met = 0, list[Trial]()
        rows = np.array(sequence, dtype=np.intp)
        tails = np.array([self.tails[r] for r in sequence], dtype=np.int64)
        for total in self.order:
            above, below = int(np.searchsorted(rows, total)), int(np.searchsorted(rows, total, side="right"))
            first, last = max(0, above - self.longest), min(len(sequence), below + self.longest)
            size += max(0, above - first - 1) + max(0, last - below - 1)
            if total in self.gaps:
                size += self._near(total)[0] if self._paired(sequence) else 0
                continue
            up = self._sizes(total, sequence[first:above][::-1], tails[first:above][::-1], every)
            met += [(total, sequence[above - n : above]) for n in up]
            down = self._sizes(total, sequence[below:last], tails[below:last], every)
            met += [(total, sequence[below : below + n]) for n in down]
            if self._paired(sequence):
                count, found = self._near(total)
                size += count
                met += found
        return size, met

    def _paired(self, sequence: tuple[int, ...]) -> bool:
        return self.pairs and len(sequence) == len(self.order)

    def _sizes(self, total: int, block: tuple[int, ...], tails: NDArray[np.int64], every: bool) -> list[int]:
        """The numbers of rows, two or more, from the total outwards, whose last figures may add up to its own."""
        if every or len(block) < 2:
            return list(range(2, len(block) + 1))
        if not self.gaps:
            return [int(i) + 1 for i in np.flatnonzero(np.cumsum(tails) % 1000 == self.tails[total]) if i]
        out, reach, blank = [], 1, 0  # bit s of `reach`: the rows so far may end in s
        for n, r in enumerate(block, 1):
            tail = self.tails[r]
            turned = ((reach << tail) | (reach >> (1000 - tail))) & _ALL
            blank += r in self.gaps
            reach = _ALL if blank > GAPS else (reach | turned if r in self.gaps else turned)
            if n >= 2 and reach >> self.tails[total] & 1:
                out.append(n)
        return out

    def _near(self, total: int) -> tuple[int, list[Trial]]:
        """How many pairs of rows near the total there are, and those whose last figures may add up to its own."""
        near = [r for r in self.order if r != total and abs(r - total) <= NEAR]
        wanted = self.tails[total]
        ends = [self.tails[r] for r in near]
        pairs: list[Trial] = [
            (total, (near[i], near[j]))
            for i, a in enumerate(ends)
            for j in range(i + 1, len(ends))
            if (a + ends[j] - wanted) % 1000 == 0
        ]
        return len(near) * (len(near) - 1) // 2, pairs
