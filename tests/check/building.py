"""A small card and sound observations of it, for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.cards import SeriesCard, Term, Vocabulary
from pipelines.model import Observation, Period, PeriodKind, Verdict, cell_id

DOCUMENT = "0123456789abcdef"
TABLE = f"{DOCUMENT}-t000"


def card(**changes: Any) -> SeriesCard:
    """Deaths and stays in wards, and beds at the end, by ward: a series that never was."""
    said: dict[str, Any] = {
        "series": "wards",
        "title": {"en": "Wards"},
        "description": "Stays and beds in wards, a series made up for tests.",
        "publisher": "nobody",
        "recognise": {"context": ["wards"]},
        "layouts": [{"rows": "ward", "columns": "measure", "period": "title"}],
        "measures": {
            "stays": {"name": {"en": "Stays"}, "labels": ["Stays"], "unit": "stays"},
            "beds": {"name": {"en": "Beds"}, "labels": ["Beds"], "unit": "beds", "role": "closing"},
        },
        "dimensions": {"ward": {"vocabulary": "wards", "classifications": ["wards-of-3"]}},
        "periods": {"starts": "2000-01-01"},
        "expectations": {
            "key": ["measure", "ward", "period_start", "period_end", "period_kind", "classification"],
            "rows_a_table": [2, 5],
            "ranges": {"stays": {"minimum": 0, "maximum": 1000}, "beds": {"minimum": 1}},
            "not_null": ["value"],
        },
    }
    return SeriesCard.model_validate(said | changes)


def vocabularies() -> dict[str, Vocabulary]:
    def term(code: str) -> Term:
        return Term(code, code.title(), "", "", (), None, None, "wards-of-3", False, "")

    return {"wards": Vocabulary.of("wards", tuple(map(term, ("NORTH", "SOUTH", "WEST"))))}


def observation(row: int, measure: str, ward: str, value: int | str | None, **changes: Any) -> Observation:
    """A sound observation of the card; `changes` make it otherwise."""
    flow = Period(date(2020, 1, 1), date(2020, 12, 31), PeriodKind.FLOW, "2020")
    stock = Period(None, date(2020, 12, 31), PeriodKind.STOCK, "2020")
    sound = Observation(
        series="wards",
        measure=measure,
        dimensions=(("ward", ward),),
        period=flow if measure == "stays" else stock,
        classification="wards-of-3",
        label=ward.title(),
        value=None if value is None else Decimal(value),
        quantum=Decimal(1),
        unit=measure,
        absence=None,
        approx="",
        status="",
        inferred="",
        verdict=Verdict.PROVED,
        document_id=DOCUMENT,
        table_id=TABLE,
        cell_id=cell_id(TABLE, row, 1 if measure == "stays" else 2),
        is_total=ward == "TOTAL",
    )
    return replace(sound, **changes)


def sound() -> list[Observation]:
    """Three wards and their total, two measures each: everything that the card expects."""
    wards = [("NORTH", 10, 5), ("SOUTH", 1000, 1), ("WEST", 0, 7), ("TOTAL", 1010, 13)]
    return [
        observation(row, measure, ward, value)
        for row, (ward, stays, beds) in enumerate(wards)
        for measure, value in (("stays", stays), ("beds", beds))
    ]
