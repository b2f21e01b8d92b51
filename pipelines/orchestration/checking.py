"""The check room run over all observations, remembered; and the findings of every room together.

Belongs here: handing each series' observations to `pipelines.check`, keeping what it said, and letting the rows that
it failed go from the facts into quarantine.  Must never: decide what fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.model import Disposition, DocumentProof, Fate, Finding, Observation, ShapeResult, cell_id
from pipelines.orchestration import cache, fingerprint, steps
from pipelines.settings import Settings

REASON = "fails the expectations of its series"
RELEASE = "a correction of the document, or of the expectations in the series card"


@dataclass(frozen=True, slots=True)
class SeriesCheck:
    """What the expectations of one series said: rows looked at, cells withheld, findings."""

    series: str
    rows: int = 0
    withheld: int = 0
    findings: tuple[Finding, ...] = ()
    cells: frozenset[str] = frozenset()

    @property
    def passed(self) -> bool:
        return not self.findings and not self.cells

    @property
    def messages(self) -> tuple[str, ...]:
        return tuple(f.message for f in self.findings)


@dataclass(frozen=True, slots=True)
class Checked:
    """What all series said; `hash` changes when an observation or what was said of it does."""

    series: tuple[SeriesCheck, ...]
    hash: str

    def of(self, series: str) -> SeriesCheck:
        """What was said of one series; nothing where it has no observation."""
        return next((s for s in self.series if s.series == series), SeriesCheck(series))

    @property
    def failing(self) -> frozenset[str]:
        return frozenset[str]().union(*(s.cells for s in self.series))


def check(settings: Settings, tell: steps.Tell = steps.untold) -> Checked:
    """Holds every series to its expectations; a series whose observations are as before is not looked at again."""
    from pipelines.cards import load

    cards = load(settings.series, settings.vocabulary, settings.corrections)
    made_by = fingerprint.of_values(
        fingerprint.made_by("pipelines.check", "pipelines.cards"),
        fingerprint.of_folder(settings.series, settings.vocabulary),
    )
    shaped: steps.Made = steps.handed_over(settings, "shape")
    observations: dict[str, list[Observation]] = {}
    for _, result in steps.results(settings, "shape"):
        for observation in result.observations:
            observations.setdefault(observation.series, []).append(observation)
    said: dict[str, SeriesCheck] = {}
    with cache.opened(settings.stage, "check") as remembered:
        keys = {name: fingerprint.of_values(made_by, *rows) for name, rows in observations.items()}
        known = dict(remembered.get(keys.values()))
        for done, (name, rows) in enumerate(sorted(observations.items())):
            tell("check", done, len(observations))
            if keys[name] not in known:
                known[keys[name]] = _validate(rows, cards.card(name))
                remembered.put({keys[name]: known[keys[name]]})
            said[name] = known[keys[name]]
        remembered.keep_only(keys.values())
    tell("check", len(observations), len(observations))
    checked = Checked(tuple(said.values()), fingerprint.of_values(shaped.hash, *said.values()))
    steps.hand_over(settings, "check", checked)
    return checked


def _validate(rows: list[Observation], card: object) -> SeriesCheck:
    try:
        from pipelines.check import validate
    except ImportError:  # TODO remove once the check room has landed
        return SeriesCheck(rows[0].series, len(rows))
    findings, failing = validate(rows, card)
    return SeriesCheck(rows[0].series, len(rows), len(failing), tuple(findings), frozenset(failing))


def shaped(settings: Settings) -> Iterator[ShapeResult]:
    """The shaped results as the room gave them."""
    return (result for _, result in steps.results(settings, "shape"))


def checked(settings: Settings) -> Iterator[ShapeResult]:
    """The shaped results, what failed withheld."""
    said: Checked = steps.handed_over(settings, "check")
    failing = said.failing
    proofs = steps.results(settings, "prove")
    for (_, result), (_, proof) in zip(steps.results(settings, "shape"), proofs, strict=True):
        yield withhold(result, proof, failing)


def withhold(result: ShapeResult, proof: DocumentProof, failing: frozenset[str]) -> ShapeResult:
    """The result without the observations of these cells; the cells as read that they came from are in quarantine.

    A flattened line is one cell as read: all its figures go together, since one fate must be true of all of them.
    """
    source = {cell_id(t.table_id, c.row, c.col): cell_id(t.table_id, *c.source) for t in proof.tables for c in t.cells}
    held = {source.get(o.cell_id, o.cell_id) for o in result.observations if o.cell_id in failing}
    if not held:
        return result
    return replace(
        result,
        observations=tuple(o for o in result.observations if source.get(o.cell_id, o.cell_id) not in held),
        dispositions=tuple(_held(d) if d.cell_id in held else d for d in result.dispositions),
    )


def _held(disposition: Disposition) -> Disposition:
    return replace(disposition, fate=Fate.QUARANTINE, reason=REASON, release=RELEASE)


def findings(settings: Settings) -> Iterator[Finding]:
    """The findings of every room, in the order of the rooms."""
    yield from steps.taken_in(settings).findings
    for room in ("read", "prove", "shape"):
        for _, result in steps.results(settings, room):
            yield from result.findings
    said: Checked = steps.handed_over(settings, "check")
    for series in said.series:
        yield from series.findings
