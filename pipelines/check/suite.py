"""The suite of a series, built from its card: what is expected of its observations, as plain data.

What belongs here: turning a card into expectations.  It must never import Great Expectations (naming its classes is
enough), look at an observation, or hold an expectation that speaks of one series only: those belong into the card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from pipelines.model import PeriodKind, Verdict

if TYPE_CHECKING:
    from pipelines.cards import SeriesCard, Vocabulary

TOTAL = "TOTAL"

_TYPES = {
    "measure": "str",
    "unit": "str",
    "label": "str",
    "classification": "str",
    "period_start": "date",
    "period_end": "date",
    "value": Decimal.__name__,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation: the class of Great Expectations, its arguments, and what to tell a person.

    of      the frame that it looks at: one row an observation, one row a table, or the observations without those
            that repeat another of their table in key and figure
    release what would release an observation that fails it from quarantine
    """

    name: str
    sentence: str
    of: Literal["rows", "tables", "distinct"]
    type: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    release: str = "A correction of the document, or of the expectations in the series card."


def expected(card: SeriesCard, vocabularies: Mapping[str, Vocabulary]) -> tuple[Expected, ...]:
    """What the card expects.  Raises KeyError where the card names a vocabulary that is not among `vocabularies`."""
    return (*_types(), *_sets(card, vocabularies), *_periods(card), *_figures(card), *_whole(card))


def _types() -> list[Expected]:
    return [
        Expected(
            f"type-of-{column}",
            f"{column} is of type {kind}, or not there.",
            "rows",
            "ExpectColumnValuesToBeInTypeList",
            {"column": column, "type_list": [kind]},
            "A repair of the shaping room: it gave a value of a wrong type.",
        )
        for column, kind in _TYPES.items()
    ]


def _sets(card: SeriesCard, vocabularies: Mapping[str, Vocabulary]) -> list[Expected]:
    found = [
        _in_set("series", [card.series], "The row is of the series that it is checked as."),
        _in_set("measure", sorted(card.measures), "The measure is one that the card defines."),
        _in_set("kind of measure", _kinds(card), "A stock stands at a date, a flow has a span, as the card says."),
        _in_set("verdict", [v.value for v in Verdict if v.loads], "The verdict is one that may load."),
        Expected(
            "unit-of-measure",
            "The unit is the one that the card gives the measure.",
            "rows",
            "ExpectColumnPairValuesToBeEqual",
            {"column_A": "unit", "column_B": "unit of the card", "ignore_row_if": "neither"},
        ),
    ]
    for name, dimension in card.dimensions.items():
        terms = vocabularies[dimension.vocabulary].terms
        lists = dimension.classifications
        open_list = dimension.name or f"{dimension.vocabulary}-as-listed"
        known = [
            (t.classification if lists else open_list, t.code) for t in terms if not lists or t.classification in lists
        ]
        known += [(listed, TOTAL) for listed in lists or (open_list,)]
        said = f"The {name} is a code of its list in the vocabulary {dimension.vocabulary}, or a total."
        values = sorted(f"{listed}: {code}" for listed, code in known)
        found.append(_in_set(f"{name} as listed", values, said, name=f"codes-of-{name}"))
        if not dimension.optional:
            found.append(_not_null(name, f"Each figure has its {name}."))
    return found


def _kinds(card: SeriesCard) -> list[str]:
    moving = (PeriodKind.FLOW, PeriodKind.CUMULATIVE)
    return sorted(
        f"{name}: {kind.value}"
        for name, measure in card.measures.items()
        for kind in (moving if measure.role == "flow" else (PeriodKind.STOCK,))
    )


def _periods(card: SeriesCard) -> list[Expected]:
    found = [
        _not_null("period_end", "Each figure has the end of its period."),
        Expected(
            "period-in-order",
            "No period ends before it starts.",
            "rows",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "last day",
                "column_B": "first day",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
    ]
    starts: date | None = card.periods.starts
    if starts is not None:
        found.append(
            Expected(
                "period-not-before-the-series",
                f"No period ends before the series starts ({starts}).",
                "rows",
                "ExpectColumnValuesToBeBetween",
                {"column": "last day", "min_value": starts.toordinal()},
            )
        )
    return found


def _figures(card: SeriesCard) -> list[Expected]:
    found = [_not_null("says", "Each row has a figure, or the kind of its absence.")]
    for column in card.expectations.not_null:
        if column != "says":
            found.append(_not_null(column, f"{column} is there, as the card asks."))
    for measure, bounds in card.expectations.ranges.items():
        found.append(
            Expected(
                f"range-of-{measure}",
                f"A single figure of {measure} lies between {bounds.minimum} and {bounds.maximum} (None: no bound).",
                "rows",
                "ExpectColumnValuesToBeBetween",
                {
                    "column": f"value of {measure}",
                    "min_value": None if bounds.minimum is None else float(bounds.minimum),
                    "max_value": None if bounds.maximum is None else float(bounds.maximum),
                },
            )
        )
    return found


def _whole(card: SeriesCard) -> list[Expected]:
    low, high = card.expectations.rows_a_table
    return [
        Expected(
            "key-is-unique",
            f"No table states two figures for one key ({', '.join(card.expectations.key)}).",
            "distinct",
            "ExpectCompoundColumnsToBeUnique",
            # a null in the key is a value like any other (the start of a stock), so no row may be passed over
            {"column_list": ["table_id", *card.expectations.key], "ignore_row_if": "never"},
            "A correction that says which of the rows is the right one.",
        ),
        Expected(
            "rows-a-table",
            f"A table gives {low} to {high} rows.",
            "tables",
            "ExpectColumnValuesToBeBetween",
            {"column": "rows", "min_value": low, "max_value": high},
        ),
        Expected(
            "not-empty",
            "There is at least one row.",
            "rows",
            "ExpectTableRowCountToBeBetween",
            {"min_value": 1},
        ),
    ]


def _in_set(column: str, values: list[str], sentence: str, name: str = "") -> Expected:
    said = name or f"set-of-{column.replace(' ', '-')}"
    return Expected(said, sentence, "rows", "ExpectColumnValuesToBeInSet", {"column": column, "value_set": values})


def _not_null(column: str, sentence: str) -> Expected:
    return Expected(f"not-null-{column}", sentence, "rows", "ExpectColumnValuesToNotBeNull", {"column": column})
