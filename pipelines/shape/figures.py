"""One figure on its way to an observation, and the making of the observation.

What belongs here: the working value that the steps of shaping hand to each other.  What must never stand here: I/O,
or a change of a figure beyond the sign that a card's identities settle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from pipelines.cards import SeriesCard
from pipelines.model import CellProof, Observation, Period, PeriodKind, Reading, cell_id

UNKNOWN_LABEL = "unknown label"


@dataclass(frozen=True, slots=True)
class Figure:
    """One judged cell of a claimed table.

    base    the period of its row, column or table, as it was said; a stock's own date derives from it
    value   as printed, until its sign is settled
    scope   the part of the population that it covers; "" for the whole
    held    the reason why it goes to quarantine, or "" (then `release` says what would free it)
    """

    table_id: str
    proof: CellProof
    reading: Reading
    measure: str
    dimensions: tuple[tuple[str, str], ...]
    base: Period
    classification: str
    label: str
    value: Decimal | None
    total: bool
    status: str = ""
    inferred: str = ""
    held: str = ""
    release: str = ""
    scope: str = ""

    def hold(self, reason: str, release: str) -> Figure:
        return self if self.held else replace(self, held=reason, release=release)


def period_of(figure: Figure, card: SeriesCard) -> Period:
    """The period of the figure's own measure: a stock stands at a date, a flow runs over the base."""
    base = figure.base
    measure = card.measures.get(figure.measure)
    if measure is None or measure.role == "flow":
        return base
    if measure.role == "opening" and base.start is not None:
        return Period(None, base.start - timedelta(days=1), PeriodKind.STOCK, base.label)
    return Period(None, base.end, PeriodKind.STOCK, base.label)


def observation(figure: Figure, card: SeriesCard, document_id: str) -> Observation:
    """The observation of a figure that is not held."""
    measure = card.measures.get(figure.measure)
    reading = figure.reading
    return Observation(
        series=card.series,
        measure=figure.measure,
        dimensions=figure.dimensions,
        period=period_of(figure, card),
        classification=figure.classification,
        label=figure.label,
        value=figure.value,
        quantum=reading.quantum,
        unit=measure.unit if measure is not None else reading.unit,
        absence=reading.absence,
        approx=reading.approx,
        status=figure.status,
        inferred=figure.inferred,
        verdict=figure.proof.verdict,
        document_id=document_id,
        table_id=figure.table_id,
        cell_id=cell_id(figure.table_id, figure.proof.row, figure.proof.col),
        is_total=figure.total,
        marks=reading.marks,
        scope=figure.scope,
    )
