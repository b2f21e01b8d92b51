"""The numbers of every row of a flattened table, as far as anything decides them.

What belongs here: putting together what row sums (`rowsums`), column sums (`colsearch`) and the count of columns say,
and declining the rest.  What must never stand here: text, labels, cells.

A row is read where (a) the row sums of its table leave one reading, or (b) a column sum leaves one reading, with a
count of columns that no rival explains as well, or (c) the grammar leaves one reading with at most as many numbers as
the table has columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.prove.colsearch import ColumnSum, Mode, Outcome, search
from pipelines.prove.groups import Numbers, Row
from pipelines.prove.rowsums import settle

MAX_COLUMNS = 48
WIDEST_GUESS, LONGEST_GUESS = 16, 80  # tables in which blank cells, stubs and odd columns are tried
ENOUGH = 3  # rows that must show a count of columns before it bounds the others


class How(StrEnum):
    """What decided a row."""

    GRAMMAR = "only one reading is grammatical"
    ROW_SUM = "the sums along the rows leave one reading"
    COLUMN_SUM = "the sums down the columns leave one reading"
    COLUMNS = "only one reading fits the number of columns"
    OPEN = "several readings are left"


@dataclass(frozen=True, slots=True)
class Read:
    """The answer for one row: its numbers, or None with the reason."""

    numbers: Numbers | None
    how: How


@dataclass(frozen=True, slots=True)
class Table:
    """The answer for a table: one `Read` per row, the column sums used, the number of columns if settled."""

    rows: tuple[Read, ...]
    sums: tuple[ColumnSum, ...]
    columns: int | None


def decide(rows: Sequence[Row], totals: frozenset[int] = frozenset()) -> Table:
    """Read what can be read surely.  Deterministic and bounded: no clock, no randomness.

    totals  rows whose label says that they are a total: fewer trials, so less luck to be ruled out; a row without
            such a label may be found to be one all the same
    """
    answers: dict[int, Read] = {}
    for r, row in enumerate(rows):
        if sum(row.counts.values()) == 1:
            readings = row.readings()
            assert readings is not None
            answers[r] = Read(readings[0], How.GRAMMAR)
    settled, shown = settle(rows)
    for r, numbers in enumerate(settled):
        if numbers is not None and r not in answers:
            answers[r] = Read(numbers, How.ROW_SUM)
    sums: list[ColumnSum] = []
    for mode in Mode:
        known = {r: read.numbers for r, read in answers.items() if read.numbers is not None}
        if len(known) == len(rows):
            break
        for outcome in _columns(rows, known, mode, _bound(rows, answers, shown), totals):
            sums.extend(outcome.sums)
            for r, found in outcome.readings().items():
                answers.setdefault(r, Read(found, How.COLUMN_SUM))
    columns = _bound(rows, answers, shown)
    if columns is not None:
        for r, row in enumerate(rows):
            if r not in answers and sum(v for k, v in row.counts.items() if k <= columns) == 1:
                k = next(k for k, v in row.counts.items() if k <= columns and v)
                readings = row.readings(k)
                assert readings is not None
                answers[r] = Read(readings[0], How.COLUMNS)
    return Table(tuple(answers.get(r, Read(None, How.OPEN)) for r in range(len(rows))), tuple(sums), columns)


def _columns(
    rows: Sequence[Row], known: dict[int, Numbers], mode: Mode, columns: int | None, totals: frozenset[int]
) -> list[Outcome]:
    """The outcomes, by count of columns, that no rival explains as well; rows of one do not occur in another.

    Sums among known rows alone are left out of the comparison: they decide nothing here.
    """
    feasible = Counter(k for row in rows for k in row.counts)
    counts = [k for k in sorted(feasible) if feasible[k] >= 3 and k <= MAX_COLUMNS]
    if mode is not Mode.PLAIN:
        counts = [k for k in counts if feasible[k] * 2 >= len(rows) and k <= WIDEST_GUESS]
        if columns is not None:
            counts = [k for k in counts if k == columns or (mode is Mode.STUB and k == columns - 1)]
        if len(rows) > LONGEST_GUESS:
            return []
    outcomes = [search(rows, k, known, mode, totals) for k in counts]
    outcomes = sorted((o for o in outcomes if o.sums), key=lambda o: -len(o.sums))
    chosen: list[Outcome] = []
    claimed: set[int] = set()
    for outcome in outcomes:
        reached = outcome.reached()
        if reached & claimed or reached <= set(known):
            continue
        mine = {(s.total, frozenset(s.parts)) for s in outcome.sums}
        for rival in outcomes:
            if rival is outcome:
                continue
            theirs = {(s.total, frozenset(s.parts)) for s in rival.sums}
            shared = {s for s in theirs if (s[1] | {s[0]}) & reached}
            if shared and not shared < mine and len(mine) < len(shared) + 2:
                break
        else:
            chosen.append(outcome)
        claimed |= reached
    return chosen


def _bound(rows: Sequence[Row], answers: dict[int, Read], by_sums: Counter[int]) -> int | None:
    """The number of columns, where enough rows show it and none has more."""
    shown = Counter(len(read.numbers) for read in answers.values() if read.numbers is not None) + Counter(
        {k: n for k, n in by_sums.items() if n >= 2 * ENOUGH}
    )
    if not shown:
        return None
    most = max(shown)
    if shown[most] < ENOUGH or any(min(row.counts) > most for row in rows if row.counts):
        return None
    return most
