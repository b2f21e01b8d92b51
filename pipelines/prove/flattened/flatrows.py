"""The numbers of every row of a flattened table, as far as anything decides them.

What belongs here: putting together what row sums (`rowsums`), column sums (`colsearch`), quotients and the count of
columns say, and declining the rest.  What must never stand here: text, labels, cells.

A row is read where (a) the row sums of its table leave one reading, or (b) a column sum leaves one reading, with a
count of columns that no rival explains as well, or (c) a quotient or a progression leaves one reading (`rowratios`,
`lineratios`, `progressions`), or (d) the widths of the table's figures leave one reading at long odds (`likely`), to
which a quotient adds its own.  What a sum says nothing of (a figure in the only row that has one there) needs (d) as
well.  Rows that may lack a figure before or behind their sum show no number of columns (`rowsums.Settled.uncounted`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import add, le

from pipelines.prove.flattened.colsearch import SURE, ColumnSum, Mode, Outcome, refuted, search, sweeps, with_stub
from pipelines.prove.flattened.ends import unsupported
from pipelines.prove.flattened.groups import Numbers, Row
from pipelines.prove.flattened.likely import ODDS, likely
from pipelines.prove.flattened.lineratios import between
from pipelines.prove.flattened.progressions import progressions
from pipelines.prove.flattened.ratios import Borne
from pipelines.prove.flattened.rowratios import along
from pipelines.prove.flattened.rowsums import settle

MAX_COLUMNS = 48
WIDEST_GUESS, LONGEST_GUESS = 16, 80  # tables in which blank cells, stubs and odd columns are tried
MISSED = 2  # sums beyond luck that a rival count may miss before it is ruled out without a further search
TIGHT = 4  # rows that have a count at their finest before it rules out greater ones that explain the sums as well
BORNE_OUT = 100.0  # odds by widths that a reading needs where its sum leaves a figure's ends open
REFUTED = 0.9  # share of another reading by widths that refutes one with another number of figures
_MOST_WAYS = 20_000  # sums of the ways to part the rows that are followed
ENOUGH = 3  # rows that must show a count of columns before it bounds the others


class How(StrEnum):
    """What decided a row."""

    GRAMMAR = "only one reading is grammatical"
    ROW_SUM = "the sums along the rows leave one reading"
    COLUMN_SUM = "the sums down the columns leave one reading"
    QUOTIENT = "the quotients between figures leave one reading"
    PROGRESSION = "the first number goes on in the progression of its neighbours"
    WIDTHS = "only one reading fits the widths of the table's figures"
    OPEN = "several readings are left"


@dataclass(frozen=True, slots=True)
class Read:
    """The answer for one row: its numbers, or None with the reason."""

    numbers: Numbers | None
    how: How


@dataclass(frozen=True, slots=True)
class Table:
    """The answer for a table: one `Read` per row, the column sums used, the number of columns if settled.

    uncounted  rows with a reading whose count of figures may not be that of the columns (`rowsums.Settled`)
    """

    rows: tuple[Read, ...]
    sums: tuple[ColumnSum, ...]
    columns: int | None
    uncounted: frozenset[int] = frozenset()


def decide(rows: Sequence[Row], totals: frozenset[int] = frozenset(), unnamed: frozenset[int] = frozenset()) -> Table:
    """Read what can be read surely.  Deterministic and bounded: no clock, no randomness.

    totals  rows whose label says that they are a total: fewer trials, so less luck to be ruled out; a row without
            such a label may be found to be one all the same
    unnamed  rows without words in a table whose rows have words: their first number may be their label, one more than
             the table has columns, so that the number of columns alone decides nothing of them
    """
    answers: dict[int, Read] = {}
    for r, row in enumerate(rows):
        if sum(row.counts.values()) == 1:
            readings = row.readings()
            assert readings is not None
            answers[r] = Read(readings[0], How.GRAMMAR)
    sums: list[ColumnSum] = []
    shown: Counter[int] = Counter()
    uncounted: frozenset[int] = frozenset()
    conflict: set[int] = set()
    doubtful: set[int] = set()

    def take(found: Iterable[tuple[int, Numbers]], how: How) -> None:
        for r, numbers in found:
            if answers.setdefault(r, Read(numbers, how)).numbers != numbers:
                conflict.add(r)

    def down_the_columns(mode: Mode) -> None:
        known = {r: read.numbers for r, read in answers.items() if read.numbers is not None}
        if len(known) < len(rows):
            count = _bound(rows, {r: read for r, read in answers.items() if r not in uncounted}, shown)
            for outcome in _columns(rows, known, mode, count, totals):
                sums.extend(outcome.sums)
                doubtful.update(r for r in unsupported(outcome, count) if r not in known)
                take(outcome.readings().items(), How.COLUMN_SUM)

    down_the_columns(Mode.PLAIN)
    if len(answers) < len(rows):
        settled = settle(rows)
        shown, uncounted = settled.shown, settled.uncounted
        take(((r, numbers) for r, numbers in enumerate(settled.rows) if numbers is not None), How.ROW_SUM)
        for mode in Mode:
            down_the_columns(mode)
    borne: dict[int, Borne] = {}
    if len(answers) < len(rows):
        quotients = along(rows)
        take(quotients.read.items(), How.QUOTIENT)
        take(between(rows, _firm(answers, doubtful)).items(), How.QUOTIENT)
        take(progressions(rows).items(), How.PROGRESSION)
        shown, borne = shown + quotients.shown, quotients.borne
    for r in conflict:  # two arguments that contradict each other prove nothing
        answers[r] = Read(None, How.OPEN)
    doubtful = {r for r in doubtful if r in answers and answers[r].numbers is not None}
    telling = {r: read for r, read in answers.items() if r not in doubtful | uncounted}
    columns = _bound(rows, {r: read for r, read in telling.items() if read.how is not How.QUOTIENT}, shown)
    if columns is None and _one_column(rows, totals):
        columns = 1
        for r, row in enumerate(rows):
            answers.setdefault(r, Read((int("".join(row.groups)),), How.COLUMN_SUM))
    _by_widths(rows, answers, doubtful, uncounted, unnamed, columns, borne)
    if len(answers) < len(rows):
        for r, numbers in between(rows, _firm(answers, doubtful)).items():
            answers.setdefault(r, Read(numbers, How.QUOTIENT))
    read = tuple(answers.get(r, Read(None, How.OPEN)) for r in range(len(rows)))
    return Table(read, tuple(sums), columns, uncounted)


def _firm(answers: dict[int, Read], doubtful: set[int]) -> dict[int, Numbers]:
    """The readings that something else than quotients decides, without those that a sum leaves in doubt."""
    return {
        r: read.numbers
        for r, read in answers.items()
        if read.numbers is not None and read.how is not How.QUOTIENT and r not in doubtful
    }


def _by_widths(
    rows: Sequence[Row],
    answers: dict[int, Read],
    doubtful: set[int],
    uncounted: frozenset[int],
    unnamed: frozenset[int],
    columns: int | None,
    borne: dict[int, Borne],
) -> None:
    """Read further rows by the widths of their figures, and take back answers that a sum leaves open and widths do
    not bear out."""
    summed = Counter(
        len(read.numbers)
        for r, read in answers.items()
        if read.how is How.COLUMN_SUM and read.numbers is not None and r not in doubtful
    )
    k, times = max(summed.items(), key=lambda x: x[1], default=(0, 0))
    columns = k if times >= ENOUGH else columns
    # a total has no code where its parts begin with one: how many figures a further row has is not known
    coded = columns is not None and summed[columns + 1] > 0
    # a sum of joined or split figures may hold too: a + b and c + d beside each other, without a carry
    other = {
        r
        for r, read in answers.items()
        if columns is not None
        and read.numbers is not None
        and read.how is not How.GRAMMAR
        and len(read.numbers) != columns
        and r not in doubtful
    }
    held = {r: read.numbers for r, read in answers.items() if read.numbers is not None and r not in doubtful}
    # rows that may lack a figure teach no number of columns
    unfit = other if columns is not None else other | uncounted
    said = likely(rows, {r: numbers for r, numbers in held.items() if r not in unfit}, columns, borne)
    for r in doubtful | other:
        numbers, share = said.get(r, (None, 0.0))
        borne_out = numbers == answers[r].numbers
        if (r in doubtful and not (borne_out and share >= 1 - 1 / BORNE_OUT)) or (share >= REFUTED and not borne_out):
            answers[r] = Read(None, How.OPEN)
    for r, (numbers, share) in said.items():
        # a figure in every column, or as many as there can be: else two may be joined beside a blank cell
        whole = columns is not None and (len(numbers) == columns or max(rows[r].counts) == len(numbers) < columns)
        if whole and not coded and r not in answers and r not in unnamed and share >= 1 - 1 / ODDS:
            answers[r] = Read(numbers, How.WIDTHS)


def _columns(
    rows: Sequence[Row], known: dict[int, Numbers], mode: Mode, columns: int | None, totals: frozenset[int]
) -> list[Outcome]:
    """The outcomes, by count of columns, that no rival explains as well; rows of one do not occur in another.

    Sums among known rows alone are left out of the comparison: they decide nothing here.
    """
    feasible = Counter(k for row in rows for k in row.counts)
    counts = [k for k in sorted(feasible) if feasible[k] >= 3 and k <= MAX_COLUMNS]
    if mode is not Mode.PLAIN:
        stubbed = mode is Mode.STUB and columns is not None
        if stubbed:  # every row of so many figures may leave the first of them to its label
            feasible = Counter(k for row in rows for k in with_stub(row).counts)
        counts = [k for k in sorted(feasible) if feasible[k] * 2 >= len(rows) and k <= WIDEST_GUESS]
        if columns is not None:
            counts = [k for k in counts if k == columns or (stubbed and k == columns - 1)]
        if len(rows) > LONGEST_GUESS:
            return []
    shared = sweeps(rows, known, mode)
    outcomes = [search(rows, k, known, mode, totals, shared) for k in counts]
    outcomes = sorted((o for o in outcomes if o.sums), key=lambda o: -len(o.sums))
    chosen: list[Outcome] = []
    claimed: set[int] = set()
    for outcome in outcomes:
        reached = outcome.reached()
        if reached & claimed or reached <= set(known):
            continue
        rivals = {k for r in reached for k in outcome.rows[r].counts} | (set(counts) if mode is Mode.BLANKS else set())
        held = {o.k: {(s.total, frozenset(s.parts)) for s in o.sums} for o in outcomes}
        sure = {(s.total, frozenset(s.parts)) for s in outcome.sums if s.luck <= SURE}
        # a count that was not searched has missed nothing: of parts with a code, their own count, the total's, is such
        missed = {k for k in counts if len(sure - held.get(k, set())) > MISSED}
        if all(
            k in missed or refuted(outcome, k, known) or _too_fine(rows, outcome.k, k)
            for k in sorted(rivals - {outcome.k})
            if k <= MAX_COLUMNS
        ):
            chosen.append(outcome)
        claimed |= reached
    return chosen


def _too_fine(rows: Sequence[Row], k: int, rival: int) -> bool:
    """Whether `TIGHT` rows have k numbers at their finest, none has more at its finest but fewer than `rival` or
    exactly that, and none needs more than k: with `rival` columns all of them would have blank cells, and none none."""
    finest = Counter(max(row.counts) for row in rows if row.counts)
    return (
        rival > k
        and finest[k] >= TIGHT
        and not any(finest[m] for m in range(k + 1, rival + 1))
        and all(min(row.counts) <= k for row in rows if row.counts)
    )


def _one_column(rows: Sequence[Row], totals: frozenset[int]) -> bool:
    """Whether a row that its label calls a total is the sum of all rows before it, each read as one figure."""
    if not all(row.counts.get(1) for row in rows):
        return False
    values = [int("".join(row.groups)) for row in rows]
    # in units of the greatest common divisor: all of "294 294", "412 412" are multiples of 1 001
    return any(
        t >= 2
        and sum(values[:t]) == values[t]
        and values[t] // max(1, math.gcd(*values[: t + 1])) >= 10_000
        and not _parts_as_well(rows[: t + 1])
        for t in totals
    )


def _parts_as_well(rows: Sequence[Row]) -> bool:
    """Whether the last of the rows is their sum in several columns too, as where no column carries into the next
    ("188 133" + "120 160" = "308 293"): then nothing tells whether each is one figure.  Also where too many ways to
    part them would have to be tried."""
    fewest = min(len(row.groups) for row in rows)
    return any(_sums_in(rows, k) for k in range(2, fewest + 1))


def _sums_in(rows: Sequence[Row], k: int) -> bool:
    """Whether some readings of k figures each add up to some reading of the last row, column by column."""
    found = [row.readings(k) for row in rows]
    if any(readings is None for readings in found):
        return True
    options = [set(readings) for readings in found if readings is not None]
    totals = options.pop()
    reached: set[Numbers] = {(0,) * k}
    for several in options:
        summed = {tuple(map(add, so_far, numbers)) for so_far in reached for numbers in several}
        reached = {s for s in summed if any(all(map(le, s, total)) for total in totals)}
        if len(reached) > _MOST_WAYS:
            return True
    return bool(reached & totals)


def _bound(rows: Sequence[Row], answers: dict[int, Read], by_sums: Counter[int]) -> int | None:
    """The number of columns, where enough rows show it and none has more.

    Enough: three rows with that count, and half of all rows known (or six rows of three columns or more), since the
    rows that the grammar alone decides are those with few and small figures, blank cells among them, and say little
    of the others.
    """
    known = Counter(len(read.numbers) for read in answers.values() if read.numbers is not None)
    called = Counter({k: n for k, n in by_sums.items() if n >= 2 * ENOUGH})
    shown = known | called
    if not shown:
        return None
    most = max(shown)
    if (
        most == 1  # rows of one figure may be rows of two with a blank: only a sum tells (`_one_column`)
        or shown[most] < ENOUGH
        or (2 * sum(shown.values()) < len(rows) and (most < 3 or shown[most] < 2 * ENOUGH))
        or any(min(row.counts) > most for row in rows if row.counts)
    ):
        return None
    return most
