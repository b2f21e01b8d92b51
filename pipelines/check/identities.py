"""The arithmetic that only a card can know: identities within a table, and figures that the next release restates.

What belongs here: finding the terms by measure and period, and saying whether they meet.  What must never happen here:
promoting a verdict or choosing a reading.  An identity corroborates or withholds.  One whose other side is missing is
not evaluable, which is neither pass nor fail.

Rounding follows the interval rule of XBRL Calculations 1.1: a figure printed to a unit of q stands for every value
within q/2 of it, and total = Σ parts holds where the intervals allow it, the ends included.  Figures that are all
printed to the unit are taken as exact: a count that is out by one is wrong, not rounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.check.results import CheckResult, Evidence, Outcome, Rejected, key_of, rejected
from pipelines.model import Finding, Observation, Period, PeriodKind, Severity

if TYPE_CHECKING:
    from pipelines.cards import SeriesCard

RELEASE = "A correction of the document that makes the identity hold, or a change of the card's identity."


def identities(card: SeriesCard, observations: Sequence[Observation]) -> CheckResult:
    """Try each identity of the card in each table and span of time that holds its total or one of its parts.

    A failed identity withholds every observation that it reaches: which of them is wrong, it cannot tell.  A part that
    is absent counts as nothing only where the identity names it as optional.
    """
    if not card.identities:
        return CheckResult(card.series, len(observations))
    evidence: list[Evidence] = []
    records: list[Rejected] = []
    for columns in _columns(card, observations).values():
        by_measure: dict[str, list[Observation]] = defaultdict(list)
        for o in columns:
            by_measure[o.measure].append(o)
        for identity in card.identities:
            names = (identity.total, *identity.parts)
            if not any(name in by_measure for name in (*names, *identity.optional)):
                continue
            if any(name in by_measure for name in identity.unless):
                continue
            said, failed = _try(card.series, identity.total, identity.parts, identity.optional, by_measure)
            evidence.append(said)
            if said.outcome is Outcome.FAIL:
                reason = f"the identity of the card fails: {said.statement}"
                records += [rejected(o, "identity-of-the-card", reason, RELEASE) for o in failed]
    findings = tuple(_finding(e, Severity.ERROR, RELEASE) for e in evidence if e.outcome is Outcome.FAIL)
    return CheckResult(card.series, len(observations), (), tuple(evidence), tuple(records), findings)


def between(card: SeriesCard, observations: Sequence[Observation]) -> CheckResult:
    """Compare the figures that one release states for an end with what another states for the next start.

    A stock is compared with the stock of the same date in another document.  It only warns: a later release may
    rightly revise an earlier one, and which of the two is wrong it cannot tell.
    """
    evidence: list[Evidence] = []
    for rule in card.between:
        restated: dict[object, list[Observation]] = defaultdict(list)
        for o in observations:
            if o.measure == rule.equals:
                restated[_place(o, _opening_day(o))].append(o)
        for o in observations:
            if o.measure != rule.measure:
                continue
            others = [r for r in restated.get(_place(o, o.period.end), ()) if r.document_id != o.document_id]
            if not others or o.value is None:
                statement = f"{key_of(o)}: no other release restates it as {rule.equals}"
                evidence.append(Evidence(card.series, "between", statement, Outcome.NOT_EVALUABLE, (o.cell_id,)))
            for other in others:
                if o.value is not None and other.value is not None:
                    evidence.append(_meets(card.series, "between", o, [other]))
    advice = "Compare the two releases: the later one may revise the earlier."
    findings = tuple(_finding(e, Severity.WARNING, advice) for e in evidence if e.outcome is Outcome.FAIL)
    return CheckResult(card.series, len(observations), (), tuple(evidence), (), findings)


def _columns(card: SeriesCard, observations: Iterable[Observation]) -> dict[object, list[Observation]]:
    """Observations by table and span: a stock belongs to the span that it opens or closes.

    A stock says its own date only, so it joins each span of its table that starts the day after (opening) or ends on
    it (closing).
    """
    seen = list(observations)
    flows: dict[tuple[str, object, str], set[Period]] = defaultdict(set)
    for o in seen:
        if o.period.kind is not PeriodKind.STOCK:
            flows[o.table_id, o.dimensions, o.classification].add(o.period)
    found: dict[object, list[Observation]] = defaultdict(list)
    for o in seen:
        base = (o.table_id, o.dimensions, o.classification)
        for period in (o.period,) if o.period.kind is not PeriodKind.STOCK else flows.get(base, ()):
            role = card.measures[o.measure].role if o.measure in card.measures else "flow"
            at = _day_before(period) if role == "opening" else period.end
            if o.period.kind is not PeriodKind.STOCK or o.period.end == at:
                found[(*base, period.start, period.end)].append(o)
    return found


def _try(
    series: str, total: str, parts: Sequence[str], optional: Sequence[str], by_measure: dict[str, list[Observation]]
) -> tuple[Evidence, list[Observation]]:
    wanted = [total, *parts, *(name for name in optional if name in by_measure)]
    reached = [o for name in dict.fromkeys(wanted) for o in by_measure.get(name, ())]
    cells = tuple(o.cell_id for o in reached)
    where = key_of(reached[0]) if reached else total

    def not_evaluable(why: str) -> tuple[Evidence, list[Observation]]:
        return Evidence(series, "within", f"{where}: {why}", Outcome.NOT_EVALUABLE, cells), reached

    missing = [name for name in (total, *parts) if name not in by_measure and name not in optional]
    if missing:
        return not_evaluable(f"{', '.join(missing)} is not there")
    if any(o.value is None for o in reached):
        return not_evaluable("a term prints the absence of its figure")
    # one stock may be printed beside the month and beside the year to date: equal prints are one term
    if any(len({o.value for o in by_measure[name]}) > 1 for name in wanted):
        return not_evaluable("a term is there more than once, with different figures")
    terms = [by_measure[name][0] for name in (*parts, *optional) if name in by_measure]
    return _meets(series, "within", by_measure[total][0], terms), reached


def _meets(series: str, kind: str, total: Observation, parts: Sequence[Observation]) -> Evidence:
    """Whether total = Σ parts within the intervals; every value is there."""
    figures = [total, *parts]
    values = [o.value if o.value is not None else Decimal(0) for o in figures]
    gap = values[0] - sum(values[1:], Decimal(0))
    to_the_unit = all(o.quantum == 1 for o in figures)
    slack = Decimal(0) if to_the_unit else sum((o.quantum for o in figures), Decimal(0)) / 2
    exact = gap == 0
    holds = exact or (abs(gap) <= slack and len(figures) > 2)
    if len(figures) == 2 and not exact:
        # two prints of one figure agree where the intervals of their precisions meet
        holds = abs(gap) <= slack and total.quantum != parts[0].quantum
    said = " + ".join(f"{o.measure} {o.value}" for o in parts)
    sign = "=" if holds else "≠"
    statement = f"{total.measure} {total.value} {sign} {said} ({total.period.end})" + ("" if holds else f", by {gap}")
    outcome = Outcome.PASS if holds else Outcome.FAIL
    return Evidence(series, kind, statement, outcome, tuple(o.cell_id for o in figures), gap, slack)


def _place(o: Observation, day: object) -> tuple[object, ...]:
    return o.dimensions, o.classification, day


def _opening_day(o: Observation) -> object:
    """The date at which the figure stands: of a stock its own, of a flow the day before its start."""
    return o.period.end if o.period.kind is PeriodKind.STOCK else _day_before(o.period)


def _day_before(period: Period) -> object:
    return None if period.start is None else period.start - timedelta(days=1)


def _finding(evidence: Evidence, severity: Severity, remedy: str) -> Finding:
    code = "card-identity-fails" if evidence.kind == "within" else "releases-differ"
    document, _, _ = evidence.cells[0].partition("-t")
    return Finding(
        "check",
        code,
        severity,
        f"{evidence.series}: {evidence.statement}.",
        remedy,
        document,
        cell_id=evidence.cells[0],
    )
