"""Digit groups of a flattened row, and every way in which the grammar lets them be joined into numbers.

A row such as "1 358 564" is a run of groups ("1", "358", "564").  A number is one group, or a first group of one to
three digits (not beginning with 0) and further groups of exactly three, of fifteen digits in all at most: a spreadsheet
keeps no more, and no statistic counts beyond 10^15.  What belongs here: that grammar as a graph
(positions between groups are nodes, numbers are arcs), counting and listing of its paths.  What must never stand
here: a reason to prefer one path.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Numbers = tuple[int, ...]

MAX_GROUPS = 5  # groups that one number joins
YEAR = re.compile(r"(?:18|19|20)\d\d")


@dataclass(frozen=True)
class Row:
    """The groups of one row.  `arcs[p]` lists (q, value) of every number that spans groups p..q-1.

    starts  positions at which the first number may begin (0, and others where the border of the label is open)
    """

    groups: tuple[str, ...]
    starts: tuple[int, ...] = (0,)

    @cached_property
    def arcs(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        out = []
        n = len(self.groups)
        for p, first in enumerate(self.groups):
            here = [(p + 1, int(first))] if first == "0" or first[0] != "0" else []
            if len(first) <= 3 and first[0] != "0":
                text, q = first, p + 1
                while q < n and q - p < MAX_GROUPS and len(self.groups[q]) == 3:
                    text += self.groups[q]
                    q += 1
                    here.append((q, int(text)))
            out.append(tuple(here))
        return tuple(out)

    @cached_property
    def ways(self) -> tuple[Counter[int], ...]:
        """`ways[p][k]`: in how many ways the groups from p on make exactly k numbers."""
        n = len(self.groups)
        table: list[Counter[int]] = [Counter() for _ in range(n + 1)]
        table[n][0] = 1
        for p in range(n - 1, -1, -1):
            for q, _ in self.arcs[p]:
                for k, v in table[q].items():
                    table[p][k + 1] += v
        return tuple(table)

    @cached_property
    def counts(self) -> Counter[int]:
        """Number of readings by the count of their numbers, over every start."""
        total: Counter[int] = Counter()
        for p in self.starts:
            total.update(self.ways[p])
        return total

    def spans(self, numbers: Numbers) -> list[tuple[int, int]]:
        """The groups (start, stop) of each number of a reading of all of the row's groups."""
        out, p = [], 0
        for value in numbers:
            size, q = len(str(value)), p
            while size > 0:
                size -= len(self.groups[q])
                q += 1
            out.append((p, q))
            p = q
        return out

    def readings(self, k: int | None = None, cap: int = 4000) -> list[Numbers] | None:
        """Every reading (of exactly k numbers), or None where there are more than `cap`."""
        if sum(v for c, v in self.counts.items() if k is None or c == k) > cap:
            return None
        return [numbers for p in self.starts for numbers in self._from(p, k)]

    def _from(self, p: int, k: int | None) -> Iterator[Numbers]:
        if p == len(self.groups):
            if k in (None, 0):
                yield ()
            return
        if k is not None and not self.ways[p].get(k):
            return
        for q, value in self.arcs[p]:
            for rest in self._from(q, None if k is None else k - 1):
                yield (value, *rest)
