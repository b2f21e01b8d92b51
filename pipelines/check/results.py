"""What checking gives: outcomes, evidence, rejected observations.

What belongs here: types and how results are joined.  It holds no check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pipelines.model import Finding, Observation


class Outcome(StrEnum):
    """VACUOUS: there was nothing to look at, which is neither pass nor fail.  FAULT: the check itself broke."""

    PASS = "pass"
    FAIL = "fail"
    VACUOUS = "vacuous"
    NOT_EVALUABLE = "not evaluable"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """What one expectation of a suite said.

    name      stable, kebab-case ("range-of-quotas_allotted");  sentence: what is expected, for a person
    examined  how many rows it looked at (null rows that it passes over are not among them)
    failing   ids of the cells that fail it, sorted; empty where the fault lies in no row
    """

    name: str
    sentence: str
    outcome: Outcome
    examined: int
    failing: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One identity of a card, tried once.

    kind       "within" a table, or "between" releases
    statement  the identity written out with its figures
    cells      ids of the cells that it reaches, the total's first
    """

    series: str
    kind: str
    statement: str
    outcome: Outcome
    cells: tuple[str, ...]
    gap: Decimal | None = None
    slack: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """One observation that must not load: where it stands, its key, which expectation it fails, what would free it."""

    series: str
    cell_id: str
    table_id: str
    document_id: str
    key: str
    value: str
    expectation: str
    reason: str
    release: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What checking one series gave.

    findings  one for each expectation or identity that did not pass, never one a row
    rejected  one for each failing observation and expectation, in the order of the observations
    """

    series: str
    examined: int
    results: tuple[ExpectationResult, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def failing(self) -> tuple[str, ...]:
        """Ids of the cells whose observations must not load, sorted."""
        return tuple(sorted({r.cell_id for r in self.rejected}))

    @property
    def passed(self) -> bool:
        """Whether nothing failed and no check broke.  Releases that differ from one another are no failure."""
        said = [r.outcome for r in self.results] + [e.outcome for e in self.evidence if e.kind == "within"]
        return not self.rejected and not {Outcome.FAIL, Outcome.FAULT} & set(said)


def join(series: str, examined: int, parts: Sequence[CheckResult]) -> CheckResult:
    """One result of several about the same observations."""
    return CheckResult(
        series,
        examined,
        results=tuple(r for p in parts for r in p.results),
        evidence=tuple(e for p in parts for e in p.evidence),
        rejected=tuple(r for p in parts for r in p.rejected),
        findings=tuple(f for p in parts for f in p.findings),
    )


def key_of(observation: Observation) -> str:
    """The observation's key, for people: what distinguishes it from any other of its series and table."""
    period = observation.period
    said = [f"measure={observation.measure}", *(f"{name}={code}" for name, code in observation.dimensions)]
    said.append(f"period={'' if period.start is None else period.start}/{period.end} {period.kind.value}")
    if observation.classification:
        said.append(f"classification={observation.classification}")
    return ", ".join(said)


def rejected(observation: Observation, expectation: str, reason: str, release: str) -> Rejected:
    """The record of an observation that fails an expectation."""
    value = observation.absence.value if observation.value is None and observation.absence else str(observation.value)
    return Rejected(
        observation.series,
        observation.cell_id,
        observation.table_id,
        observation.document_id,
        key_of(observation),
        value,
        expectation,
        reason,
        release,
    )
