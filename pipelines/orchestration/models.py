"""The SQL models as Dagster assets, one each, with their checks; and the gate: the published warehouse.

Belongs here: names, lineage and metadata of what `publish` builds and audits.  Must never: SQL, or a decision about
what may be published (the audit's).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.escaping import escape_markdown
from pipelines.model import Verdict
from pipelines.orchestration import assets
from pipelines.orchestration.kept import unless_kept
from pipelines.orchestration.staging import Look
from pipelines.orchestration.telling import Progressing, teller, told
from pipelines.publish.build import Build, CheckRun, ModelRun
from pipelines.publish.exports import export_marts
from pipelines.publish.models import STAGE, Model, ModelError
from pipelines.publish.swap import AuditFailedError, publish
from pipelines.settings import Settings

_PREVIEW_COLUMNS = 7
_PREVIEW_LETTERS = 60
_DECIMALS = re.compile(r"-?\d+\.\d+")
_LEFT_OUT = {"period_start", "period_kind", "period_label", "classification", "dimension_key", "released_from"}
"""What a preview can do without, beside the last day of the period."""
FOR = {"marts": "people", "quality": "auditors", "core": "auditors", "staging": "auditors"}
"""Tag of a model: who it is for."""

WAREHOUSE = dg.AssetKey(["published_warehouse"])
EXPORTS = dg.AssetKey(["exports"])
AUDIT = "the_audit_passes"

_CAPTURES = dg.AssetKey(["captures"])
_STAGED_BY = {
    "captures": _CAPTURES,
    "documents": assets.DOCUMENTS,
    "paragraphs": assets.DOCUMENTS,
    "tables": assets.TABLES,
    "cells": assets.TABLES,
    "table_proofs": assets.PROOFS,
    "cell_proofs": assets.PROOFS,
    "readings": assets.PROOFS,
    "identities": assets.PROOFS,
    "identity_terms": assets.PROOFS,
    "observations": assets.CHECKED,
    "statements": assets.CHECKED,
    "dispositions": assets.CHECKED,
    "claims": assets.CHECKED,
    "findings": assets.FINDINGS,
}
"""Which asset writes which relation of the stage; a relation that is missing here fails the loading, aloud."""


def key_of(full_name: str) -> dg.AssetKey:
    """The asset that stands for a model ("marts.qmas_by_year") or makes a relation of the stage ("stage.cells")."""
    schema, name = full_name.split(".")
    return _STAGED_BY[name] if schema == STAGE else dg.AssetKey([schema, name])


def model_assets(
    settings: Settings, models: Sequence[Model], progress: Progressing | None
) -> list[dg.AssetsDefinition]:
    """One asset per SQL model, and the published warehouse below all of them.

    The models are one step of a run, in the order of their SQL: a step of its own for each would cost more than the
    queries.  Any of them can be materialised alone.  What is below a model that failed, or that breaks a blocking
    check, is not made, and the step fails in the end, so that nothing is published.
    """
    checks = {
        dg.AssetCheckKey(key_of(model.full_name), check.name): check for model in models for check in model.checks
    }

    @dg.multi_asset(
        name="sql_models",
        specs=[_spec(model) for model in models],
        check_specs=[
            dg.AssetCheckSpec(key.name, asset=key.asset_key, description=check.description, blocking=check.blocking)
            for key, check in checks.items()
        ],
        can_subset=True,
        required_resource_keys={assets.LOCK},
    )
    def sql_models(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        tell = teller(context, progress)
        wanted = [m for m in models if key_of(m.full_name) in context.selected_asset_keys]
        asked = context.selected_asset_check_keys
        halted: dict[str, str] = {}
        anew = 0
        faults: list[str] = []
        with Build(settings, models) as build:
            for number, model in enumerate(wanted):
                tell("build", number, len(wanted))
                above = next((needed for needed in model.depends_on if needed in halted), None)
                if above is not None:
                    halted[model.full_name] = halted[above]
                    continue
                try:
                    made = build.run_model(model)
                    runs = [
                        build.run_check(c)
                        for c in model.checks
                        if dg.AssetCheckKey(key_of(model.full_name), c.name) in asked
                    ]
                except ModelError as error:
                    faults.append(str(error))
                    halted[model.full_name] = model.full_name
                    continue
                anew += made.computed
                if any(run.check.blocking and not run.passed for run in runs):
                    halted[model.full_name] = model.full_name
                yield dg.MaterializeResult(
                    asset_key=key_of(model.full_name),
                    metadata={**_metadata(made), **_verdicts(build, made)},
                    check_results=[*map(_result, runs)],
                )
        tell("build", len(wanted), len(wanted))
        told(context, f"models: {len(wanted) - len(halted)} of {len(wanted)} stand, {anew} built anew")
        for name in sorted(set(halted) - set(halted.values())):
            context.log.warning(f"{name} was not made, because of {halted[name]}.")
        if faults:
            raise dg.Failure("\n".join(faults), allow_retries=False)

    return [sql_models, _warehouse_asset(settings, models, progress), _exports_asset(settings, progress)]


def _spec(model: Model) -> dg.AssetSpec:
    return dg.AssetSpec(
        key_of(model.full_name),
        deps=sorted({key_of(name) for name in model.depends_on}),
        group_name=model.schema,
        code_version=hashlib.sha256(model.sql.encode()).hexdigest()[:12],
        kinds={"sql", "duckdb"},
        owners=assets.OWNERS,
        tags={"for": FOR.get(model.schema, "auditors")},
        description=model.description,
        metadata={"dagster/relation_identifier": model.full_name, "file": f"sql/{model.schema}/{model.name}.sql"},
        skippable=True,
    )


def _result(run: CheckRun) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key_of(run.check.model),
        check_name=run.check.name,
        passed=run.passed,
        severity=dg.AssetCheckSeverity.ERROR if run.check.blocking else dg.AssetCheckSeverity.WARN,
        metadata={"rows_that_break_it": run.failed, "first": dg.MetadataValue.md(run.markdown)},
    )


def _metadata(made: ModelRun) -> dict[str, Any]:
    columns = [dg.TableColumn(c.name, c.type, c.description) for c in made.columns]
    return {
        "dagster/row_count": made.rows,
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "built": "anew" if made.computed else "as it stood: nothing that it reads has changed",
        "preview": assets.table(_preview(made)),
        "whole_rows": dg.MetadataValue.md(made.markdown),
    }


def _preview(made: ModelRun) -> Look:
    """The first rows in as many columns as a page holds: lists and whole sources are left to `whole_rows`."""
    plain = [c.name for c in made.columns if "[" not in c.type and not c.type.startswith("STRUCT")]
    filled = {name: sum(bool(row.get(name)) for row in made.sample) for name in plain}
    told = [name for name in plain if name not in _LEFT_OUT and 2 * filled[name] > len(made.sample)]
    # ids are for machines: they come last where there is room
    shown = sorted(told or plain, key=lambda name: name.endswith(("_id", "_hash")))[:_PREVIEW_COLUMNS]
    if "verdict" in told and "verdict" not in shown:
        shown[-1] = "verdict"
    return Look(tuple(shown), tuple(tuple(_short(row.get(name, "")) for name in shown) for row in made.sample))


def _short(text: str) -> str:
    if _DECIMALS.fullmatch(text):
        text = text.rstrip("0").rstrip(".")
    return text if len(text) <= _PREVIEW_LETTERS else text[: _PREVIEW_LETTERS - 1] + "…"


def _verdicts(build: Build, made: ModelRun) -> dict[str, Any]:
    """How many rows have which verdict, where the rows have one: numbers that Dagster draws over time, and a table."""
    if "verdict" not in {column.name for column in made.columns} or not made.rows:
        return {}
    counts = build.connection.execute(f"SELECT verdict, count(*) FROM {made.model} GROUP BY ALL").fetchall()
    known = {str(verdict): int(rows) for verdict, rows in counts}
    listed = [(str(verdict), known[verdict]) for verdict in Verdict if verdict in known]
    shown = Look(("verdict", "rows"), tuple((verdict, f"{rows:,}") for verdict, rows in listed))
    return {**{f"rows_{verdict}": rows for verdict, rows in listed}, "verdicts": assets.table(shown)}


def _last(models: Sequence[Model]) -> list[str]:
    """The models that no other needs: all the others stand above them, and all are one step."""
    needed = {name for model in models for name in model.depends_on}
    return [model.full_name for model in models if model.full_name not in needed]


def _warehouse_asset(settings: Settings, models: Sequence[Model], progress: Progressing | None) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="publish",
        specs=[
            dg.AssetSpec(
                WAREHOUSE,
                deps=[key_of(name) for name in _last(models)] or [*_STAGED_BY.values()],
                group_name="publish",
                kinds={"duckdb", "file"},
                owners=assets.OWNERS,
                tags={"for": "people"},
                description="The file that people read: audited as a whole, then put in place by one move.  Where "
                "the audit fails, or nothing changed, the file stays as it is.",
                freshness_policy=dg.FreshnessPolicy.time_window(
                    fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)
                ),
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                AUDIT,
                asset=WAREHOUSE,
                blocking=True,
                description="Every blocking check holds on this very build, no model is stale, and none is empty "
                "that has rows as published.",
            )
        ],
        required_resource_keys={assets.LOCK},
    )
    def publish_warehouse(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        tell = teller(context, progress)
        tell("publish", 0, 1)
        try:
            with Build(settings, models) as build:
                done = publish(build)
        except AuditFailedError as error:
            failures = "\n".join(f"- {escape_markdown(failure)}" for failure in error.failures)
            yield dg.AssetCheckResult(
                asset_key=WAREHOUSE,
                check_name=AUDIT,
                passed=False,
                metadata={"failures": dg.MetadataValue.md(failures)},
            )
            raise dg.Failure(str(error), allow_retries=False) from None
        tell("publish", 1, 1)
        fate = "put in place" if done.swapped else "left as it was"
        told(context, f"warehouse: {done.rows:,} rows in {done.tables} tables, {fate}")
        yield dg.MaterializeResult(
            asset_key=WAREHOUSE,
            metadata={
                "dagster/row_count": done.rows,
                "tables": done.tables,
                "changed": done.swapped,
                "path": dg.MetadataValue.path(str(done.path)),
                "content_hash": done.content_hash,
                "bytes": done.path.stat().st_size,
                "ask_it": dg.MetadataValue.md(
                    '`talent sql "from marts.qmas_by_year"`, or any DuckDB client, read-only'
                ),
            },
        )
        warnings = "\n".join(f"- {escape_markdown(warning)}" for warning in done.warnings)
        yield dg.AssetCheckResult(
            asset_key=WAREHOUSE,
            check_name=AUDIT,
            passed=True,
            metadata={"warnings": dg.MetadataValue.md(warnings or "none")},
        )

    return publish_warehouse


def _exports_asset(settings: Settings, progress: Progressing | None) -> dg.AssetsDefinition:
    @dg.asset(
        key=EXPORTS,
        deps=[WAREHOUSE],
        group_name="publish",
        kinds={"parquet", "csv"},
        owners=assets.OWNERS,
        tags={"for": "people"},
        required_resource_keys={assets.LOCK},
        description="Every mart as Parquet and CSV, with one descriptor (datapackage.json, a Frictionless Data "
        "Package), for people without DuckDB.  A file whose bytes would not change is left alone.",
    )
    def exports(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        tell = teller(context, progress)
        tell("export", 0, 1)
        folder = settings.warehouse / "exports"
        done, anew = unless_kept(
            settings, "exports", "pipelines.publish.exports", lambda: export_marts(settings.database, folder)
        )
        changed = done.changed if anew else ()
        tell("export", 1, 1)
        told(context, f"exports: {len(done.files)} files, {len(done.changed)} new or changed")
        sizes = {path: path.stat().st_size for path in done.files}
        listed = Look(
            ("file", "bytes", "changed"),
            tuple((p.name, f"{size:,}", "yes" if p in changed else "") for p, size in sorted(sizes.items())),
        )
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": done.rows,
                "files": len(done.files),
                "changed": len(changed),
                "bytes": sum(sizes.values()),
                "folder": dg.MetadataValue.path(str(folder)),
                "listed": assets.table(listed),
            }
        )

    return exports
