"""Observations as the lines of a golden file, for tests and for people who add a series.

What belongs here: one text form of observations, stable and readable in a diff.  What does not: running anything.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from pipelines.model import Observation

COLUMNS = (
    "series", "measure", "dimensions", "period_start", "period_end", "period_kind", "value", "unit", "total", "status",
    "label",
)  # fmt: skip


def lines(observations: Iterable[Observation]) -> list[dict[str, str]]:
    """One line an observation, sorted; what depends on ids, verdicts or places is left out.

    value is written as a plain decimal, or as the kind of its absence.
    """
    rows = [
        {
            "series": o.series,
            "measure": o.measure,
            "dimensions": "; ".join(f"{name}={code}" for name, code in o.dimensions),
            "period_start": o.period.start.isoformat() if o.period.start else "",
            "period_end": o.period.end.isoformat(),
            "period_kind": str(o.period.kind),
            "value": f"{o.value:f}" if o.value is not None else str(o.absence),
            "unit": o.unit,
            "total": "yes" if o.is_total else "",
            "status": o.status,
            "label": o.label,
        }
        for o in observations
    ]
    return sorted(rows, key=lambda row: tuple(row.values()))


def as_csv(observations: Iterable[Observation]) -> str:
    """The golden file of some observations (`expected.csv`)."""
    said = io.StringIO()
    writer = csv.DictWriter(said, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines(observations))
    return said.getvalue()
