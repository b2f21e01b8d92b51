"""Running a suite: Great Expectations over pandas frames, and its answers as our results.

What belongs here: everything that knows Great Expectations.  It must never be imported for its types only (the library
takes seconds to load, so it is imported inside the call), and must never take a fault of the library for bad data.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.check import frame
from pipelines.check.identities import between, identities
from pipelines.check.results import CheckResult, ExpectationResult, Outcome, Rejected, join, key_of, rejected
from pipelines.check.suite import Expected, expected
from pipelines.model import Finding, Observation, Severity

if TYPE_CHECKING:
    from pipelines.cards import SeriesCard, Vocabulary

# A context is private to a call, but the library also keeps the last one made in a place shared by all threads; two
# validations at once were measured to take each other's answers.
_ONE_AT_A_TIME = threading.Lock()
_SHOWN = 5
_COUNTS = {"result_format": "BASIC", "partial_unexpected_count": 0}
_ROWS = {"result_format": "COMPLETE"}


def check_series(
    card: SeriesCard, observations: Sequence[Observation], vocabularies: Mapping[str, Vocabulary]
) -> CheckResult:
    """All that a card asks of its observations: the suite, its identities, and the checks between releases."""
    parts = [validate(card, observations, vocabularies), identities(card, observations), between(card, observations)]
    return join(card.series, len(observations), parts)


def validate(
    card: SeriesCard, observations: Sequence[Observation], vocabularies: Mapping[str, Vocabulary]
) -> CheckResult:
    """Hold the observations of one series to the suite of its card.

    observations  of this series only, of all documents; `vocabularies`: by the names that the card uses.
    Raises KeyError where the card names a vocabulary that is not there.  A fault of the library does not raise: it is
    an outcome of its own, with a finding of severity ERROR.
    """
    wanted = expected(card, vocabularies)
    if not observations:
        nothing = tuple(
            ExpectationResult(e.name, e.sentence, Outcome.FAIL if e.name == "not-empty" else Outcome.VACUOUS, 0)
            for e in wanted
        )
        said = f"{card.series}: there is no observation to check."
        return CheckResult(
            card.series, 0, nothing, findings=(Finding("check", "series-empty", Severity.WARNING, said),)
        )
    rows = frame.rows(card, observations)
    frames = {"rows": rows, "distinct": frame.distinct(card, rows), "tables": frame.tables(observations)}
    indexes = {"rows": "row", "distinct": "row", "tables": "table_id"}
    results: list[ExpectationResult] = []
    records: list[Rejected] = []
    findings: list[Finding] = []
    answers = _run(card.series, [(frames[of], [e for e in wanted if e.of == of], indexes[of]) for of in frames])
    for of in frames:
        asked = [e for e in wanted if e.of == of]
        for expectation in asked:
            result, failed = _result(expectation, answers.get(expectation.name), observations, indexes[of])
            results.append(result)
            records += [rejected(o, expectation.name, _reason(expectation, o), expectation.release) for o in failed]
            finding = _finding(card.series, result, failed)
            if finding is not None:
                findings.append(finding)
    order = {o.cell_id: at for at, o in enumerate(observations)}
    records.sort(key=lambda r: order[r.cell_id])
    return CheckResult(card.series, len(observations), tuple(results), (), tuple(records), tuple(findings))


def _run(name: str, frames: Sequence[tuple[Any, Sequence[Expected], str]]) -> dict[str, Any]:
    """Expectation name → the library's answer, or the exception that it raised.

    frames  a pandas frame each, what is expected of it, and the column by which its rows are named

    What passes is asked for its counts only; what does not is asked again for the rows that fail, which costs the
    library nearly half as much again for each.
    """
    import great_expectations as gx
    from great_expectations import expectations as gxe
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    said: dict[str, Any] = {}
    with _ONE_AT_A_TIME:
        # the library's own default would leave a folder of documentation behind at each call
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
        try:
            source = gx.get_context(mode="ephemeral", project_config=config).data_sources.add_pandas(name)
        except Exception as error:
            return {e.name: error for _, asked, _ in frames for e in asked}
        for number, (table, asked, index) in enumerate(frames):
            built: dict[str, Any] = {}
            for e in asked:
                try:
                    built[e.name] = getattr(gxe, e.type)(**e.arguments, meta={"name": e.name})
                except Exception as error:
                    said[e.name] = error
            try:
                asset = source.add_dataframe_asset(f"{name} {number}")
                batch = asset.add_batch_definition_whole_dataframe(name).get_batch({"dataframe": table})
                suite = gx.ExpectationSuite(name=f"{name} {number}", expectations=list(built.values()))
                said |= _bound(batch.validate(suite, result_format=_COUNTS))
                failing = [built[n] for n in built if n in said and not said[n].success and not _fault(said[n])]
                if failing:
                    suite = gx.ExpectationSuite(name=f"{name} {number} again", expectations=failing)
                    said |= _bound(
                        batch.validate(suite, result_format={**_ROWS, "unexpected_index_column_names": [index]})
                    )
            except Exception as error:
                said |= dict.fromkeys(built, error)
    return said


def _bound(answers: Any) -> dict[str, Any]:
    """The answers by name: they come in an order of the library's own."""
    return {_name(answer): answer for answer in answers.results}


def _name(answer: Any) -> str:
    return str(answer.expectation_config.meta["name"])


def _result(
    expectation: Expected, answer: Any, observations: Sequence[Observation], index: str
) -> tuple[ExpectationResult, list[Observation]]:
    """Our result of the library's answer, and the observations that fail."""

    def said(
        outcome: Outcome, examined: int = 0, failed: Sequence[Observation] = (), detail: str = ""
    ) -> tuple[ExpectationResult, list[Observation]]:
        cells = tuple(sorted({o.cell_id for o in failed}))
        return ExpectationResult(expectation.name, expectation.sentence, outcome, examined, cells, detail), list(failed)

    fault = _fault(answer)
    if fault:
        return said(Outcome.FAULT, detail=fault)
    result = answer.result
    if "element_count" not in result:  # an expectation about the whole table
        examined = int(result.get("observed_value") or 0)
        return said(Outcome.PASS if answer.success else Outcome.FAIL, examined)
    examined = int(result["element_count"]) - int(result.get("missing_count") or 0)
    if answer.success:
        return said(Outcome.PASS if examined else Outcome.VACUOUS, examined)
    marked = {row[index] for row in result.get("unexpected_index_list") or ()}
    failed = [o for at, o in enumerate(observations) if (at if index == "row" else o.table_id) in marked]
    if not failed:
        return said(Outcome.FAULT, examined, detail="it failed, and named no row that does")
    return said(Outcome.FAIL, examined, failed)


def _fault(answer: Any) -> str:
    """What broke, or "".  `exception_info` holds one record, or one for each metric that was computed."""
    if answer is None:
        return "the library gave no answer"
    if isinstance(answer, Exception):
        return f"{type(answer).__name__}: {answer}"
    told = answer.exception_info or {}
    records = [told] if "raised_exception" in told else list(told.values())
    for record in records:
        if isinstance(record, Mapping) and record.get("raised_exception"):
            return str(record.get("exception_message") or "an exception without words")
    return ""


def _reason(expectation: Expected, observation: Observation) -> str:
    return f"{key_of(observation)}: fails “{expectation.sentence}”"


def _finding(series: str, result: ExpectationResult, failed: Sequence[Observation]) -> Finding | None:
    if result.outcome is Outcome.PASS:
        return None
    if result.outcome is Outcome.FAULT:
        said = f"{series}: the check {result.name} could not be made ({result.detail}). Nothing is known by it."
        return Finding(
            "check", "check-fault", Severity.ERROR, said, "Mend the card or the check; the data is not at fault."
        )
    if result.outcome is Outcome.VACUOUS:
        said = f"{series}: the check {result.name} found nothing to look at."
        return Finding("check", "check-vacuous", Severity.INFO, said)
    keys = "; ".join(key_of(o) for o in failed[:_SHOWN])
    more = f"; and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
    first = failed[0] if failed else None
    return Finding(
        "check",
        "expectation-failed",
        Severity.ERROR if failed else Severity.WARNING,
        f"{series}: {result.sentence} {len(failed)} of {result.examined} do not: {keys}{more}.",
        "Look at the rows in quarantine; correct the document or the card.",
        document_id=first.document_id if first else None,
        table_id=first.table_id if first else None,
        cell_id=first.cell_id if first else None,
        where=result.name,
    )
