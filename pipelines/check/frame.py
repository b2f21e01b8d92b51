"""Observations as pandas frames, in the columns that the suites speak of.

What belongs here: the columns.  It must never change a figure: `value` keeps the Decimal as it is, and the float
columns beside it serve comparisons with bounds only (rounding to float keeps order, so a figure within its bounds is
never failed by it).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.model import Observation

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.cards import SeriesCard


def rows(card: SeriesCard, observations: Sequence[Observation]) -> pd.DataFrame:
    """One row for each observation, in order; `row` counts them from 0 and is the index that failures name."""
    import pandas as pd

    columns: dict[str, list[object]] = {
        "row": list(range(len(observations))),
        "cell_id": [o.cell_id for o in observations],
        "table_id": [o.table_id for o in observations],
        "document_id": [o.document_id for o in observations],
        "series": [o.series for o in observations],
        "measure": [o.measure for o in observations],
        "unit": [o.unit for o in observations],
        "unit of the card": [_unit(card, o) for o in observations],
        "classification": [o.classification for o in observations],
        "period_start": [o.period.start for o in observations],
        "period_end": [o.period.end for o in observations],
        "period_kind": [o.period.kind.value for o in observations],
        "first day": [None if o.period.start is None else _day(o.period.start) for o in observations],
        "last day": [_day(o.period.end) for o in observations],
        "kind of measure": [f"{o.measure}: {o.period.kind.value}" for o in observations],
        "verdict": [o.verdict.value for o in observations],
        "label": [o.label for o in observations],
        "value": [o.value for o in observations],
        "says": [o.absence.value if o.value is None and o.absence else o.value for o in observations],
    }
    for name, dimension in card.dimensions.items():
        codes = [dict(o.dimensions).get(name) for o in observations]
        columns[name] = list(codes)
        # the classification of an observation is that of its listed dimension; an open list has one name only
        listed = "" if dimension.classifications else dimension.name or f"{dimension.vocabulary}-as-listed"
        columns[f"{name} as listed"] = [
            None if code is None else f"{listed or o.classification}: {code}"
            for code, o in zip(codes, observations, strict=True)
        ]
    for name in card.expectations.ranges:
        columns[f"value of {name}"] = [
            None if o.value is None or o.is_total or o.measure != name else float(o.value) for o in observations
        ]
    frame = pd.DataFrame({name: pd.Series(said, dtype=object) for name, said in columns.items()})
    for name in ("first day", "last day", *(f"value of {m}" for m in card.expectations.ranges)):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    return frame


def distinct(card: SeriesCard, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows without those that repeat an earlier one of their table in key and figure.

    A table may well print one figure twice (a closing stock beside the month and beside the year to date); two
    different figures for one key are what must not be.
    """
    # a key that is no column stays out here, and its expectation then says that it could not be made
    told = ["table_id", *(name for name in card.expectations.key if name in frame.columns), "says"]
    repeats = frame[told].astype(str).duplicated(keep="first")
    return frame[~repeats]


def tables(observations: Sequence[Observation]) -> pd.DataFrame:
    """One row for each table: how many of its printed rows gave an observation that is no total."""
    import pandas as pd

    distinct: dict[str, set[str]] = {o.table_id: set() for o in observations}
    for o in observations:
        if not o.is_total:
            # a cell's id is the table's, then "-r<row>c<column>" (see model.cell_id)
            distinct[o.table_id].add(o.cell_id.removeprefix(o.table_id).partition("c")[0])
    ids = sorted(distinct)
    return pd.DataFrame({"table_id": pd.Series(ids, dtype=object), "rows": [len(distinct[i]) for i in ids]})


def _unit(card: SeriesCard, observation: Observation) -> str | None:
    measure = card.measures.get(observation.measure)
    return None if measure is None else measure.unit


def _day(day: object) -> int | None:
    """Days since year 1, or None where it is no date at all (the type expectation says so)."""
    ordinal = getattr(day, "toordinal", None)
    return ordinal() if callable(ordinal) else None
