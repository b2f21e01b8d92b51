"""A period that lost a part of its label, put right from evidence or left open.

What belongs here: the lost year of a row among consecutive years; months whose year the title gives.  What must never
stand here: a year taken from a question, or from one clue alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import pairwise

from pipelines.cards import SeriesCard
from pipelines.model import Period, PeriodKind
from pipelines.shape import periods
from pipelines.shape.fit import Axis, Lookup

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def lost_years(rows: dict[int, Axis], card: SeriesCard, order: list[int], text: str) -> dict[int, Axis]:
    """Rows labelled by months alone, with their year where two things agree on it:

    - the sequence: all other rows are years, consecutive, in one direction, and the row stands at the early end
      (it is the part-year that the series began in), and
    - the beginning: the card says that the series starts in the first of those months of that year, or the text of
      the document prints that month and year.
    """
    if not card.periods.inferred:
        return rows
    open_rows = [r for r in order if (s := rows[r].said) is not None and s.months is not None and s.span == "part"]
    years = [
        (r, s.start.year) for r in order if (s := rows[r].said) is not None and s.span == "year" and s.start is not None
    ]
    if len(open_rows) != 1 or len(years) < 3:
        return rows
    row = open_rows[0]
    steps = {b - a for (_, a), (_, b) in pairwise(years)}
    body = [r for r in order if not rows[r].total]
    if steps == {1} and body[0] == row:
        year = years[0][1] - 1
    elif steps == {-1} and body[-1] == row:
        year = years[-1][1] - 1
    else:
        return rows
    said = rows[row].said
    assert said is not None and said.months is not None
    first, last = said.months
    clues = [f"the other rows run year by year down to {year + 1}"]
    starts = card.periods.starts
    if starts is not None and (starts.year, starts.month) == (year, first):
        clues.append(f"the series starts in {starts:%B %Y}")
    if re.search(rf"{date(2000, first, 1):%B}\s+{year}|{year}年0?{first}月", periods.plain(text), re.IGNORECASE):
        clues.append(f"the text names {date(year, first, 1):%B %Y}")
    if len(clues) < 2:
        return rows
    whole = periods.Said(date(year, first, 1), periods.month_end(year, last), None, "part")
    called = f"{year} {rows[row].label}"
    why = f"the year {year} of {rows[row].label!r}: {' and '.join(clues)}"
    return {**rows, row: replace(rows[row], said=whole, called=called, inferred=why, status="inferred label")}


def period_of_title(caption: str, title: str, card: SeriesCard) -> Period | None:
    """The one period that the caption names, else the one that the title names; None where it names none or several."""
    for text in (caption, title):
        said = periods.named_in(text, card.periods.year_start)
        if said:
            (only, *more) = said
            return None if more else only.period(" ".join(text.split()), PeriodKind.FLOW)
    return None


def period_of_words(
    said: periods.Said, card: SeriesCard, dimensions: tuple[tuple[str, str], ...], look: Lookup
) -> Period | None:
    """The period that the words around a table say; "as at" a day runs from the day that the card says, else from the
    day on which the scheme began, and is open where neither is known."""
    if said.end is None:
        return None
    if said.kind is not PeriodKind.STOCK:
        return said.period(f"{said.start} to {said.end}", PeriodKind.FLOW)
    start = card.periods.starts
    for name, code in dimensions if start is None else ():
        vocabulary = look.cards.vocabularies[card.dimensions[name].vocabulary]
        if vocabulary.name == "schemes":
            start = next((t.valid_from for t in vocabulary.terms if t.code == code), None)
    if start is None or start > said.end:
        return None
    if said.launch is not None and not said.launch[0] <= start <= said.launch[1]:
        return None  # the words name another day of the launch
    return Period(start, said.end, PeriodKind.CUMULATIVE, f"{start} to {said.end}")


def whole_years(axes: dict[int, Axis], cut_offs: Collection[date]) -> dict[int, Axis]:
    """Years of rows or columns, less those that a cut-off falls into: their figures are of a part that their labels do
    not say."""
    return {i: replace(a, said=None) if any(_cuts(a.said, day) for day in cut_offs) else a for i, a in axes.items()}


def _cuts(said: periods.Said | None, day: date) -> bool:
    if said is None or said.span != "year" or said.start is None or said.end is None:
        return False
    return said.start <= day < said.end


def months_of_title(axes: dict[int, Axis], title: str) -> dict[int, Axis]:
    """Months without a year, given the one year that the title prints; unchanged where it prints none or several."""
    years = set(_YEAR.findall(title))
    if len(years) != 1:
        return axes
    year = int(years.pop())
    found = {}
    for i, axis in axes.items():
        said = axis.said
        if said is not None and said.months is not None:
            first, last = said.months
            said = periods.Said(date(year, first, 1), periods.month_end(year, last), None, said.span)
            axis = replace(axis, said=said)
        found[i] = axis
    return found
