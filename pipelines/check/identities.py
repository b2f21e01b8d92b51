"""The arithmetic that only a card can know: identities within a table, and figures that the next release restates.

What belongs here: finding the terms by measure and period, and saying whether they meet.  What must never happen here:
promoting a verdict or choosing a reading.  An identity corroborates or withholds.  One whose other side is missing is
not evaluable, which is neither pass nor fail.

Rounding follows the interval rule of XBRL Calculations 1.1: a figure printed to a unit of q stands for every value
within q/2 of it, and total = Σ parts holds where the intervals allow it, the ends included (`prove.evaluate`).  A
figure printed to the unit is a count and exact, unless its unit says that it was rounded ("HK$ million").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.check.results import CheckResult, Evidence, Outcome, Rejected, key_of, rejected
from pipelines.model import Finding, Observation, Period, PeriodKind, Severity, Term

if TYPE_CHECKING:
    from pipelines.cards import SeriesCard

_ROUNDED = ("thousand", "million", "billion", "%", "per cent")

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
    """Compare the figures that one release states for an end with what others state for the next start.

    A stock is compared with the stock of the same date in another document (a flow with that of the same span), once
    for each pair of documents.  It only warns, once for each date: a later release may rightly revise an earlier one,
    and which is wrong it cannot tell.
    """
    evidence: list[Evidence] = []
    findings: list[Finding] = []
    for rule in card.between:
        ends = _by_place(o for o in observations if o.measure == rule.measure)
        starts = _by_place(o for o in observations if o.measure == rule.equals)
        for place, stated in ends.items():
            said: list[Evidence] = []
            for o in stated:
                others = [r for r in starts.get(place, ()) if r.document_id != o.document_id]
                said += [_meets(card.series, "between", o, [other]) for other in others]
                if not others:
                    statement = f"{key_of(o)}: no other release restates it as {rule.equals}"
                    said.append(Evidence(card.series, "between", statement, Outcome.NOT_EVALUABLE, (o.cell_id,)))
            differing = [e for e in said if e.outcome is Outcome.FAIL]
            if differing:
                advice = (
                    "Compare the releases: a later one may revise an earlier, as audited figures do provisional ones."
                )
                findings.append(_finding(differing[0], Severity.WARNING, advice, len(differing)))
            evidence += said
    return CheckResult(card.series, len(observations), (), tuple(evidence), (), tuple(findings))


def _by_place(observations: Iterable[Observation]) -> dict[object, list[Observation]]:
    """Figures by dimensions and span (of a stock: its date), one of each document and value.

    A table may print one stock in two columns.
    """
    found: dict[object, dict[object, Observation]] = defaultdict(dict)
    for o in observations:
        if o.value is not None:
            place = (o.dimensions, o.classification, o.period.start, o.period.end)
            found[place].setdefault((o.document_id, o.value), o)
    return {place: list(of.values()) for place, of in found.items()}


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
    """Whether total = Σ parts within the intervals; every value is there.

    Two prints of one figure to the same precision must be equal: rounding explains a difference of precision only.
    """
    from pipelines.prove import evaluate

    figures = [total, *parts]
    rounded = any(word in total.unit.casefold() for word in _ROUNDED)
    identity = evaluate(_term(total), [_term(o) for o in parts], rounded=rounded)
    same_precision = len(parts) == 1 and total.quantum == parts[0].quantum
    holds = identity.exact or (identity.holds and not same_precision)
    said = " + ".join(f"{o.measure} {o.value}" for o in parts)
    sign = "=" if identity.exact else "≈" if holds else "≠"
    statement = f"{total.measure} {total.value} {sign} {said} ({total.period.end})"
    if not holds:
        statement += f", by {identity.gap}"
    outcome = Outcome.PASS if holds else Outcome.FAIL
    cells = tuple(o.cell_id for o in figures)
    return Evidence(series, kind, statement, outcome, cells, identity.gap, identity.slack)


def _term(o: Observation) -> Term:
    if o.value is None:
        raise ValueError(f"{o.cell_id} prints the absence of a figure and cannot be a term.")
    return Term(sign=1, table=None, row=0, col=0, value=o.value, quantum=o.quantum, text=f"{o.value:f}")


def _day_before(period: Period) -> object:
    return None if period.start is None else period.start - timedelta(days=1)


def _finding(evidence: Evidence, severity: Severity, remedy: str, times: int = 1) -> Finding:
    code = "card-identity-fails" if evidence.kind == "within" else "releases-differ"
    document, _, _ = evidence.cells[0].partition("-t")
    more = f" (and {times - 1} more comparisons of that figure)" if times > 1 else ""
    return Finding(
        "check",
        code,
        severity,
        f"{evidence.series}: {evidence.statement}{more}.",
        remedy,
        document,
        cell_id=evidence.cells[0],
    )
