"""What the calendar and the order of size say of the periods that figures were given; what cannot be is held.

What belongs here: periods against the date of the release, against each other within one table, and figures of a
period against those of a longer one.  It withholds and never moves a figure to another period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipelines.cards import SeriesCard
from pipelines.model import Finding, Severity
from pipelines.shape.figures import Figure, period_of

NOT_OVER = "its period ends after the release is dated, and nothing says how far the figure goes"
NOT_TO_DATE = (
    "the periods of the table are not a month and the reporting year to its end, as in all tables of the series"
)
TOO_LARGE = "it exceeds the figure of the longer period that holds its own, so heads or rows may be exchanged"
FREE = "a correction of the document, or a release that dates the figures anew"


def check(
    figures: Sequence[Figure], card: SeriesCard, document_id: str, released: date | None
) -> tuple[list[Figure], list[Finding]]:
    """The figures of one series in one document, held where their period cannot be right; a finding for each reason
    and table.  `released`: the day of the release, None where it is not known (then nothing is compared with it)."""
    held: dict[int, str] = {}
    if released is not None:
        held |= {i: NOT_OVER for i, f in enumerate(figures) if f.base.end > released}
    if card.periods.to_date:
        for indexes in _by_table(figures).values():
            if not _to_date([figures[i] for i in indexes], card.periods.year_start):
                held |= dict.fromkeys(indexes, NOT_TO_DATE)
    tables = {figures[i].table_id for i in _too_large(figures, card)}
    held |= {i: TOO_LARGE for i, f in enumerate(figures) if f.table_id in tables and i not in held}
    out = [f.hold(held[i], FREE) if i in held else f for i, f in enumerate(figures)]
    said = sorted({(figures[i].table_id, reason) for i, reason in held.items()})
    return out, [_finding(document_id, table, reason) for table, reason in said]


def _by_table(figures: Sequence[Figure]) -> dict[str, list[int]]:
    tables: dict[str, list[int]] = {}
    for i, figure in enumerate(figures):
        tables.setdefault(figure.table_id, []).append(i)
    return tables


def _to_date(figures: Sequence[Figure], year_start: int) -> bool:
    """Whether all periods end on one day, and begin with its month or with the reporting year that holds it."""
    ends = {f.base.end for f in figures}
    end = max(ends)
    began = date(end.year if end.month >= year_start else end.year - 1, year_start, 1)
    return len(ends) == 1 and all(f.base.start in (None, end.replace(day=1), began) for f in figures)


def _too_large(figures: Sequence[Figure], card: SeriesCard) -> Iterator[int]:
    """Figures larger than that of a longer period which holds theirs, for measures that never change their sign."""
    flows: dict[tuple[object, ...], dict[tuple[date, date], list[int]]] = {}
    for i, figure in enumerate(figures):
        bounds = card.expectations.ranges.get(figure.measure)
        if bounds is None or (bounds.minimum != 0 and bounds.maximum != 0):
            continue
        period = period_of(figure, card)
        if period.start is None or figure.value is None or figure.held or figure.reading.approx:
            continue
        same = flows.setdefault((figure.measure, figure.dimensions, figure.classification), {})
        same.setdefault((period.start, period.end), []).append(i)
    for same in flows.values():
        for inner, outer in _nested(same):
            for i in same[inner]:
                if any(_exceeds(figures[i], figures[j]) for j in same[outer]):
                    yield i


def _nested(periods: Iterable[tuple[date, date]]) -> Iterator[tuple[tuple[date, date], tuple[date, date]]]:
    """(period, a longer one that holds it) for every such pair, in one walk by their first days."""
    open_: list[tuple[date, date]] = []
    for period in sorted(periods, key=lambda p: (p[0], -p[1].toordinal())):
        open_ = [longer for longer in open_ if longer[1] >= period[0]]
        yield from ((period, longer) for longer in open_ if longer[1] >= period[1])
        open_.append(period)


def _exceeds(one: Figure, other: Figure) -> bool:
    """Whether a figure is larger than another, beyond what the rounding of both may explain."""
    assert one.value is not None and other.value is not None
    coarser = max(one.reading.quantum, other.reading.quantum)
    return abs(one.value) > abs(other.value) + (coarser if coarser != 1 else 0)


def _finding(document_id: str, table: str, reason: str) -> Finding:
    return Finding(
        "shape", "period-cannot-be", Severity.ERROR, f"Figures of the table are withheld: {reason}.",
        "Compare with the document; record a correction if the source is wrong.", document_id, table,
    )  # fmt: skip
