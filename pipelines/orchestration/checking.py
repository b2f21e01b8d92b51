"""The check room run over all observations, remembered; and the findings of every room together.

Belongs here: handing each series' observations to `pipelines.check`, keeping what it said, and letting the rows that
it failed go from the facts into quarantine.  Must never: decide what fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipelines.check import CheckResult, Outcome, Rejected, check_series
from pipelines.model import Disposition, DocumentProof, Fate, Finding, Observation, ShapeResult, cell_id
from pipelines.orchestration import cache, fingerprint, steps
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """What all series said; `hash` changes when an observation or what was said of it does.

    made_of  the observations and the expectations that it was said of
    """

    series: tuple[CheckResult, ...]
    hash: str
    made_of: str = ""

    def of(self, series: str) -> CheckResult:
        """What was said of one series; nothing where it has no observation."""
        return next((s for s in self.series if s.series == series), CheckResult(series, 0))

    @property
    def rejected(self) -> dict[str, Rejected]:
        """By cell, the first expectation that it fails."""
        return {r.cell_id: r for s in reversed(self.series) for r in reversed(s.rejected)}


def check(settings: Settings, tell: steps.Tell = steps.untold) -> Checked:
    """Holds every series to its expectations; a series whose observations are as before is not looked at again."""
    cards = steps.cards(settings)
    made_by = fingerprint.of_values(fingerprint.made_by("pipelines.check", "pipelines.cards"), cards.fingerprint)
    shaped_hash = steps.handed_over(settings, "shape").hash
    made_of = fingerprint.of_values(made_by, shaped_hash)
    last = _last(settings)
    if last is not None and last.made_of == made_of and _sound(last.series):
        tell("check", len(last.series), len(last.series))
        return last
    observations: dict[str, list[Observation]] = {}
    for _, result in steps.results(settings, "shape"):
        for observation in result.observations:
            observations.setdefault(observation.series, []).append(observation)
    said: dict[str, CheckResult] = {}
    with cache.opened(settings.stage, "check") as remembered:
        keys = {name: fingerprint.of_values(made_by, *rows) for name, rows in observations.items()}
        known = dict(remembered.get(keys.values()))
        for done, (name, rows) in enumerate(sorted(observations.items())):
            tell("check", done, len(observations))
            said[name] = known.get(keys[name]) or check_series(cards.card(name), rows, cards.vocabularies)
            if keys[name] not in known and _sound([said[name]]):
                remembered.put({keys[name]: said[name]})
        remembered.keep_only(keys.values())
    tell("check", len(observations), len(observations))
    checked = Checked(tuple(said.values()), fingerprint.of_values(shaped_hash, *said.values()), made_of)
    steps.hand_over(settings, "check", checked)
    return checked


def _last(settings: Settings) -> Checked | None:
    """What the last refresh said, if it can be read."""
    try:
        last = steps.handed_over(settings, "check")
    except LookupError:
        return None
    return last if isinstance(last, Checked) and hasattr(last, "made_of") else None


def _sound(results: Iterable[CheckResult]) -> bool:
    """Whether the checks themselves worked."""
    return all(r.outcome is not Outcome.FAULT for said in results for r in said.results)


def shaped(settings: Settings) -> Iterator[ShapeResult]:
    """The shaped results as the room gave them."""
    return (result for _, result in steps.results(settings, "shape"))


def checked(settings: Settings) -> Iterator[ShapeResult]:
    """The shaped results, what failed withheld."""
    said: Checked = steps.handed_over(settings, "check")
    rejected = said.rejected
    proofs = steps.results(settings, "prove")
    for (_, result), (_, proof) in zip(steps.results(settings, "shape"), proofs, strict=True):
        yield withhold(result, proof, rejected)


def withhold(result: ShapeResult, proof: DocumentProof, rejected: Mapping[str, Rejected]) -> ShapeResult:
    """The result without the observations of these cells; the cells as read that they came from are in quarantine.

    A flattened line is one cell as read: all its figures go together, since one fate must be true of all of them.
    """
    source = {cell_id(t.table_id, c.row, c.col): cell_id(t.table_id, *c.source) for t in proof.tables for c in t.cells}
    held: dict[str, Rejected] = {}
    for o in result.observations:
        if o.cell_id in rejected:
            held.setdefault(source.get(o.cell_id, o.cell_id), rejected[o.cell_id])
    if not held:
        return result
    return replace(
        result,
        observations=tuple(o for o in result.observations if source.get(o.cell_id, o.cell_id) not in held),
        dispositions=tuple(_held(d, held[d.cell_id]) if d.cell_id in held else d for d in result.dispositions),
    )


def _held(disposition: Disposition, why: Rejected) -> Disposition:
    return replace(disposition, fate=Fate.QUARANTINE, reason=why.reason, release=why.release)


def findings_made_of(settings: Settings) -> str:
    """Changes when any finding may have: what every room worked on.

    A room that failed on a document is tried again in each refresh, so what it says then is never taken for known.
    """
    made = [steps.handed_over(settings, room) for room in ("read", "prove", "shape")]
    said: Checked = steps.handed_over(settings, "check")
    again = datetime.now(UTC) if any(m.faults and m.new for m in made) else None
    return fingerprint.of_values(steps.intake(settings).findings, [m.hash for m in made], said.hash, again)


def findings(settings: Settings) -> Iterator[Finding]:
    """The findings of every room, in the order of the rooms."""
    yield from steps.intake(settings).findings
    for room in ("read", "prove", "shape"):
        for _, result in steps.results(settings, room):
            yield from result.findings
    said: Checked = steps.handed_over(settings, "check")
    for series in said.series:
        yield from series.findings
