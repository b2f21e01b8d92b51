"""The period of a table that prints none: settled by its total, never by the question that was asked.

What belongs here: comparing a grand total with another table's totals and with sentences that date theirs.  What must
never stand here: a default.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipelines.model import Period, PeriodKind
from pipelines.shape import periods
from pipelines.shape.governing import date_clause

_STOP = re.compile(r"[。！？]|(?<=[a-z\)\d])[.!?](?=\s+[A-Z“\"]|\s*$)|\n")
_CLAUSE = re.compile(r"[;；，、]|,(?!\d)")
_RELATIVE = re.compile(
    r"\b(?:last|this|that|same|past|previous|preceding|current|first|latest|each|every)\s+(?:\w+\s+)?"
    r"(?:year|month|quarter|half)|\bannual|\bmonthly\b|去年|今年|前年|年內|年内|同年|每年|上年|本年|同期|上月|本月|季"
)
SMALLEST = Decimal(100)  # a total of one or two digits meets another number by chance too easily to date a table


@dataclass(frozen=True, slots=True)
class Known:
    """A figure of the series that the scope compares with: its value over its period."""

    value: Decimal
    period: Period


@dataclass(frozen=True, slots=True)
class Settled:
    """The period, and why; None with the reason where the evidence gives none or more than one."""

    period: Period | None
    why: str


def settle(
    total: Decimal | None, starts: date | None, known: Iterable[Known], paragraphs: Iterable[str], prose: bool
) -> Settled:
    """The period of a table with the grand total `total`.

    Evidence: a figure of the compared series with the same value (its grand total or one of its periods), and a
    sentence that says "as of <date>" and prints the total.  All of it must point to one period.
    """
    if total is None:
        return Settled(None, "the table has no grand total that could date it")
    if total < SMALLEST:
        return Settled(None, f"its total, {total}, is too small to date it")
    found: dict[tuple[date | None, date], tuple[Period, list[str]]] = {}
    for figure in known:
        if figure.value == total:
            key = (figure.period.start, figure.period.end)
            found.setdefault(key, (figure.period, []))[1].append(
                f"its total {total} is the figure of {figure.period.label or figure.period.end} in the table by period"
            )
    if prose and starts is not None:
        for end, sentence in _dated(total, paragraphs):
            if end > starts:
                period = Period(starts, end, PeriodKind.CUMULATIVE, f"{starts.year} to {end.year}")
                found.setdefault((starts, end), (period, []))[1].append(f'the text dates it: "{sentence}"')
    if not found:
        return Settled(None, f"neither another table nor the text dates its total, {total}")
    if len(found) > 1:
        ends = ", ".join(f"{a or '?'} to {b}" for a, b in sorted(found, key=str))
        return Settled(None, f"its total, {total}, is dated in more than one way: {ends}")
    ((period, why),) = found.values()
    return Settled(period, "; ".join(why))


def _dated(total: Decimal, paragraphs: Iterable[str]) -> Iterable[tuple[date, str]]:
    """(date, words) where a paragraph says one "as of" date and, in that sentence or the next, prints the total."""
    number = _printed(total)
    for text in paragraphs:
        if not number.search(text):
            continue
        dates = {end for _, _, end in periods.as_of_in(text)}
        if len(dates) != 1:
            continue
        sentences = [s for s in _STOP.split(text) if s and s.strip()]
        for i, sentence in enumerate(sentences):
            if not _as_of(sentence, dates):
                continue
            if any(_prints(s, number) for s in sentences[i : i + 2]):
                yield dates.copy().pop(), " ".join(sentence.split())[:120]
                break


def _as_of(sentence: str, dates: set[date]) -> bool:
    """Whether a sentence says that one date whole, in its first clauses ("from June 2010 to end 2021" is another)."""
    stops = [*(m.start() for m in _CLAUSE.finditer(sentence)), len(sentence)]
    first = next((sentence[:stop] for stop in stops if periods.as_of_in(sentence[:stop])), "")
    said = date_clause(first, None).said
    return said is not None and said.kind is PeriodKind.STOCK and {said.end} == dates


def _prints(sentence: str, number: re.Pattern[str]) -> bool:
    """Whether a sentence prints the number before it comes to any period of its own ("of which 2 004 in 2021")."""
    before = itertools.takewhile(lambda clause: not _own_period(clause), _CLAUSE.split(sentence))
    return any(number.search(clause) for clause in before)


def _own_period(clause: str) -> bool:
    said = periods.plain(clause)
    for start, end, _ in reversed(periods.as_of_in(clause)):
        said = said[:start] + " " + said[end:]
    return bool(periods.named_in(said)) or _RELATIVE.search(said) is not None


def _printed(total: Decimal) -> re.Pattern[str]:
    """The ways in which a whole number is printed: 9131, 9,131, 9 131 with any space."""
    digits = f"{total:f}"
    groups = []
    while digits:
        groups.append(digits[-3:])
        digits = digits[:-3]
    body = r"[,\s\u00a0\u2009\u202f]?".join(reversed(groups))
    return re.compile(rf"(?<![\d.,])(?<!\d[\s\u00a0]){body}(?![\d.])(?!,\d)(?![\s\u00a0]\d{{3}}(?!\d))")
