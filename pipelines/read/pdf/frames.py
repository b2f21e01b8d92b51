"""The frame of an unruled table: where its columns stand, by borders and by the text of the body.

What belongs here: which columns a chunk stands over.  What must never stand here: rows, headers.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from pipelines.read.pdf.chunks import Chunk
from pipelines.read.pdf.geometry import Word
from pipelines.read.pdf.stream import Line
from pipelines.read.pdf.tables import Slot


@dataclass(slots=True)
class Frame:
    """Columns by the borders between them (`inner`) and by the stretch that the text of the body takes (`cores`)."""

    inner: list[float]
    cores: list[tuple[float, float]]

    def column(self, word: Word) -> int:
        """The column in which the middle of a word stands."""
        return bisect_right(self.inner, word.mid_x)

    def span(self, chunk: Chunk) -> tuple[int, int]:
        """First and last column that a chunk stands over."""
        x0, x1 = chunk.x0, chunk.x1
        slack = 0.25 * (chunk.bottom - chunk.top)
        over = [k for k, (lo, hi) in enumerate(self.cores) if min(x1, hi) - max(x0, lo) > min(slack, 0.4 * (hi - lo))]
        if over:
            return over[0], over[-1]
        k = bisect_right(self.inner, (x0 + x1) / 2)
        return k, k


def frame_of(body: list[Line], inner: list[float]) -> Frame:
    """The frame of the body: cores from the chunks that cross no border."""
    n = len(inner) + 1
    lo, hi = [1e9] * n, [-1e9] * n
    for line in body:
        for chunk in line.chunks:
            k = bisect_right(inner, chunk.x0)
            if bisect_right(inner, chunk.x1) == k:
                lo[k], hi[k] = min(lo[k], chunk.x0), max(hi[k], chunk.x1)
    cores = []
    for k in range(n):
        left = inner[k - 1] if k else -1e9
        right = inner[k] if k < n - 1 else 1e9
        cores.append((lo[k], hi[k]) if lo[k] < hi[k] else (left, right))
    return Frame(inner, cores)


def disjoint(slots: list[Slot]) -> list[Slot]:
    """Join header cells that would lie on one another."""
    out: list[Slot] = []
    for slot in sorted(slots, key=lambda s: (s.r0, s.c0)):
        clash = next(
            (o for o in out if o.r0 <= slot.r1 and slot.r0 <= o.r1 and o.c0 <= slot.c1 and slot.c0 <= o.c1), None
        )
        if clash is None:
            out.append(slot)
        else:
            clash.words += slot.words
            clash.r0, clash.r1 = min(clash.r0, slot.r0), max(clash.r1, slot.r1)
            clash.c0, clash.c1 = min(clash.c0, slot.c0), max(clash.c1, slot.c1)
    return out if len(out) == len(slots) else disjoint(out)
