"""What a series card may say, as pydantic models: the words of `pipelines/series/*.yaml`.

What belongs here: fields, their meaning, and the checks that need one card alone.  What does not: files and lines (the
loader's), and any behaviour of shaping.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.cards.labels import expand, fold, fold_measure
from pipelines.cards.vocabulary import Vocabulary
from pipelines.model import Correction


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Names(_Said):
    """A name in up to three scripts."""

    en: str
    zh_hant: str = ""
    zh_hans: str = ""


class Measure(_Said):
    """What is counted.

    labels  how a header or a row prints it, in any script; matched after folding, whole.  Braces hold alternatives,
            which may be empty: "{Consolidated |}Deficit"
    role    flow: happens within the period.  opening, closing: a stock at the start, at the end of the period
    sign    as-printed; negative: an outgo, below zero however it is printed; balance: settled by the card's
            identities, which the printed sign or the words "deficit"/"surplus" must not contradict
    schemes the schemes that count it (all where empty): quotas are allotted by one scheme only, so words that give
            such a column to another scheme have been misunderstood, and the table is left alone
    """

    name: Names
    labels: tuple[str, ...] = Field(min_length=1)
    unit: str
    role: Literal["flow", "opening", "closing"] = "flow"
    sign: Literal["as-printed", "negative", "balance"] = "as-printed"
    schemes: tuple[str, ...] = ()
    note: str = ""

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(fold_measure(one) for label in self.labels for one in expand(label))


class Dimension(_Said):
    """What the measures are broken down by.

    classifications  the lists of the vocabulary that its labels may be of; empty = the one open list
    optional         only some tables of the family are broken down by it
    exclude          reason by code: rows that the published totals leave out
    """

    vocabulary: str
    stub: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()
    name: str = ""
    optional: bool = False
    excluded: dict[str, str] = {}


class Layout(_Said):
    """Which axis of the table says what: "period", "measure", or the name of a dimension.

    columns      empty for a list of key numbers: one column of figures, over which nothing is printed
    over         what the upper lines of the header say, where the lower ones say `columns`: a scheme or a year over
                 measures.  Years over measures beside rows that are months: "over: period"
    given        a dimension (of the vocabulary "schemes") that no axis says: the one scheme that the words around
                 the table name
    measure      the measure of every cell, where no axis says it
    measure_for  the measure instead, by code of any dimension: QMAS allots quotas where other schemes approve
    period       where no axis says it: "scope" (settled by totals, see `Scope`), "title" (the one period that caption
                 or title names), or "said" (as "title", the lead-in too; "as at" a day is cumulative since the scheme
                 began)
    """

    rows: str
    columns: str
    over: str = ""
    given: str = ""
    measure: str = ""
    measure_for: dict[str, str] = {}
    period: Literal["axis", "scope", "title", "said"] = "axis"

    @model_validator(mode="after")
    def _complete(self) -> Layout:
        axes = {self.rows, self.columns, self.over} - {""}
        twice = self.over in (self.columns, self.rows if self.rows != "period" else None)
        if self.rows == self.columns or (self.over and twice):
            raise ValueError("the axes of a layout must say different things")
        if "measure" not in axes and not self.measure:
            raise ValueError("a layout without a measure axis must name its one measure")
        if ("period" in axes) != (self.period == "axis"):
            raise ValueError('a layout has either a period axis, or "period: scope", "period: title", "period: said"')
        return self


class Recognise(_Said):
    """How a table of the family is known.

    scheme   code in the vocabulary "schemes": the nearest words before the table that name a scheme name this one;
             "any": they name one, whichever.  A card that names the scheme goes before one that takes any
    context  phrases of which the title, the caption or a lead-in holds one (any script)
    without  phrases that neither title nor caption nor the paragraph right before the table may hold
    rows     rows at least that the card must know by label
    """

    scheme: str = ""
    context: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    rows: int = Field(default=2, ge=1)

    @model_validator(mode="after")
    def _some(self) -> Recognise:
        if not self.scheme and not self.context:
            raise ValueError("name a scheme or at least one context phrase, or any table with such headers is claimed")
        return self


class Scope(_Said):
    """How the period of a table without a period axis is settled: from totals alone, never from a question.

    by      the series (in the same document) whose grand total, or whose value of one period, it must equal
    measure the measure compared
    prose   whether "as of end YYYY, a total of N" may settle it
    """

    by: str
    measure: str
    prose: bool = True


class Periods(_Said):
    """How periods are read.

    starts       first day that the series covers: the start of what is cumulative since then
    inferred     whether a lost year may be inferred from its neighbours and from `starts`
    year_of_title  whether months printed without a year are of the one year that the title prints
    to_date      every table is for a month and for the reporting year to its end
    year_start   first month of the reporting year (4 = April to March)
    stub         how the head of a period column is printed
    """

    starts: date | None = None
    inferred: bool = False
    year_of_title: bool = False
    to_date: bool = False
    year_start: int = Field(default=1, ge=1, le=12)
    stub: tuple[str, ...] = ()


class Identity(_Said):
    """total = sum of parts, within one period of one document.

    optional  parts that count where they are printed
    unless    measures whose presence makes the identity moot
    """

    total: str
    parts: tuple[str, ...] = Field(min_length=1)
    optional: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class NoteRule(_Said):
    """A note of a table that says what one scheme's figures are instead: "Note: applicants who were allotted quotas".

    phrases  of which a note below the table, or a note row of it, holds one
    code     the code of a dimension whose figures it turns, from `measure` into `becomes`
    """

    phrases: tuple[str, ...] = Field(min_length=1)
    code: str
    measure: str
    becomes: str

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold(phrase) for phrase in self.phrases)


class Between(_Said):
    """A figure of one release that another release restates: `measure` at the end = `equals` at the next start."""

    measure: str
    equals: str


class Range(_Said):
    """Bounds of a measure's single figures, inclusive."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Expectations(_Said):
    """What the check room holds the series to."""

    key: tuple[str, ...] = Field(min_length=1)
    rows_a_table: tuple[int, int] = (1, 10_000)
    ranges: dict[str, Range] = {}
    not_null: tuple[str, ...] = ()


class SeriesCard(_Said):
    """One family of tables."""

    series: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Names
    description: str = Field(min_length=20)
    publisher: str
    licence: str = ""
    first_release: date | None = None
    last_release: date | None = None
    recognise: Recognise
    layouts: tuple[Layout, ...] = Field(min_length=1)
    measures: dict[str, Measure] = Field(min_length=1)
    dimensions: dict[str, Dimension] = {}
    periods: Periods = Periods()
    scope: Scope | None = None
    identities: tuple[Identity, ...] = ()
    between: tuple[Between, ...] = ()
    ignored_rows: dict[str, tuple[str, ...]] = {}
    note_rules: tuple[NoteRule, ...] = ()
    expectations: Expectations
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _agrees(self) -> SeriesCard:
        known = set(self.measures)
        for layout in self.layouts:
            for axis in (layout.rows, layout.columns, layout.over, layout.given):
                if axis not in ("", "period", "measure") and axis not in self.dimensions:
                    raise ValueError(f"the layout speaks of {axis!r}, which is no dimension of the card")
            for named in (layout.measure, *layout.measure_for.values()):
                if named and named not in known:
                    raise ValueError(f"the layout names the measure {named!r}, which the card does not define")
            if layout.given and self.dimensions[layout.given].vocabulary != "schemes":
                raise ValueError("the words around a table give its scheme alone")
            if layout.period == "scope" and self.scope is None:
                raise ValueError('a layout says "period: scope", and the card has no scope')
        for identity in self.identities:
            for name in (identity.total, *identity.parts, *identity.optional, *identity.unless):
                if name not in known:
                    raise ValueError(f"an identity names the measure {name!r}, which the card does not define")
        for name in (n for rule in self.note_rules for n in (rule.measure, rule.becomes)):
            if name not in known:
                raise ValueError(f"a note rule names the measure {name!r}, which the card does not define")
        for name in self.expectations.ranges:
            if name not in known:
                raise ValueError(f"a range names the measure {name!r}, which the card does not define")
        said: dict[str, str] = {}
        for name, measure in self.measures.items():
            for label in measure.folded:
                if said.setdefault(label, name) != name:
                    raise ValueError(f"the label {label!r} belongs to {said[label]!r} and to {name!r}")
        return self

    @cached_property
    def measure_of(self) -> dict[str, str]:
        """Folded label → measure."""
        return {label: name for name, measure in self.measures.items() for label in measure.folded}

    @cached_property
    def ignored(self) -> dict[str, str]:
        """Folded label → name of the rule that ignores its row; labels that end in "…" are in `ignored_starts`."""
        return {
            fold_measure(one): rule
            for rule, labels in self.ignored_rows.items()
            for label in labels
            for one in expand(label)
            if not one.endswith("…")
        }

    @cached_property
    def ignored_starts(self) -> tuple[tuple[str, str], ...]:
        """(how the folded label begins, name of the rule)."""
        return tuple(
            (fold_measure(one.removesuffix("…")), rule)
            for rule, labels in self.ignored_rows.items()
            for label in labels
            for one in expand(label)
            if one.endswith("…")
        )

    def rule(self, label: str) -> str:
        """The name of the rule that ignores figures under `label`, or ""."""
        folded = fold_measure(label)
        said = self.ignored.get(folded, "")
        return said or next((rule for start, rule in self.ignored_starts if folded.startswith(start)), "")

    @cached_property
    def context(self) -> tuple[str, ...]:
        return tuple(fold(phrase) for phrase in self.recognise.context)

    @cached_property
    def without(self) -> tuple[str, ...]:
        return tuple(fold(phrase) for phrase in self.recognise.without)


@dataclass(frozen=True, slots=True)
class Cards:
    """All that the project knows as data.  `fingerprint` changes with any byte of any file it came from."""

    series: tuple[SeriesCard, ...]
    vocabularies: dict[str, Vocabulary]
    corrections: tuple[Correction, ...]
    fingerprint: str

    def card(self, series: str) -> SeriesCard:
        """Raises KeyError where there is no such card."""
        for card in self.series:
            if card.series == series:
                return card
        raise KeyError(series)
