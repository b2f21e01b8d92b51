"""A period that lost a part of its label, put right from evidence or left open.

What belongs here: the lost year of a row among consecutive years; months whose year the title gives.  What must never
stand here: a year taken from a question, or from one clue alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from pipelines.cards import SeriesCard
from pipelines.model import Period, PeriodKind
from pipelines.shape import periods
from pipelines.shape.fit import Axis

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


def said_of_words(texts: Sequence[str], card: SeriesCard) -> periods.Said | None:
    """The one period that the nearest of these texts that names any names; None where it names several, or none does.

    The texts are those of the release itself (caption, lead-in, title), never a question.
    """
    for text in texts:
        said = periods.named_in(text, card.periods.year_start)
        if said:
            return next(iter(said)) if len(said) == 1 else None
    return None


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
