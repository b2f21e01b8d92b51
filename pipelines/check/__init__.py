"""The checking room: observations → findings and quarantine, by the expectations of the series cards.

What belongs here: holding observations to what their card expects (a Great Expectations suite built from it), to the
identities that only a card can know, to earlier and later releases, and counting that no cell was absorbed.  What must
never happen here: changing a value, promoting a verdict, choosing a reading, knowing a series by name.

The doors: `check_series` (all that one card asks), `validate` (the suite alone), `identities` and `between` (the
card's arithmetic), `coverage` (law 2).  Importing this room is cheap: Great Expectations is loaded by `validate` only.
"""

from pipelines.check.coverage import CoverageResult, coverage
from pipelines.check.identities import between, identities
from pipelines.check.results import CheckResult, Evidence, ExpectationResult, Outcome, Rejected
from pipelines.check.validating import check_series, validate

__all__ = [
    "CheckResult",
    "CoverageResult",
    "Evidence",
    "ExpectationResult",
    "Outcome",
    "Rejected",
    "between",
    "check_series",
    "coverage",
    "identities",
    "validate",
]
