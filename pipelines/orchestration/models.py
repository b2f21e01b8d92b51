"""The SQL models as Dagster assets, one each, with their checks; and the gate: the published warehouse.

Belongs here: names, lineage and metadata of what `publish` builds and audits.  Must never: SQL, or a decision about
what may be published (the audit's).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.orchestration import assets
from pipelines.orchestration.telling import Progressing, teller
from pipelines.publish.build import Build, ModelRun
from pipelines.publish.models import STAGE, Model
from pipelines.publish.swap import AuditFailedError, publish
from pipelines.settings import Settings

WAREHOUSE = dg.AssetKey(["published_warehouse"])
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
    """One asset per SQL model, and the published warehouse below all of them."""
    numbered = {model.full_name: number for number, model in enumerate(models, start=1)}
    built = [_model_asset(settings, models, model, numbered[model.full_name], progress) for model in models]
    return [*built, _warehouse_asset(settings, models, progress)]


def _model_asset(
    settings: Settings, models: Sequence[Model], model: Model, number: int, progress: Progressing | None
) -> dg.AssetsDefinition:
    key = key_of(model.full_name)
    checks = {check.name: check for check in model.checks}

    @dg.asset(
        key=key,
        deps=sorted({key_of(name) for name in model.depends_on}),
        group_name=model.schema,
        kinds={"sql", "duckdb"},
        owners=assets.OWNERS,
        description=model.description,
        metadata={"dagster/relation_identifier": model.full_name, "file": f"sql/{model.schema}/{model.name}.sql"},
        required_resource_keys={assets.LOCK},
        check_specs=[
            dg.AssetCheckSpec(name, asset=key, description=check.description, blocking=check.blocking)
            for name, check in checks.items()
        ],
    )
    def run_model(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        tell = teller(context, progress)
        tell("build", number - 1, len(models))
        with Build(settings, models) as build:
            made = build.run_model(model)
            runs = [(name, build.run_check(check)) for name, check in checks.items()]
        tell("build", number, len(models))
        yield dg.MaterializeResult(
            metadata=_metadata(made),
            check_results=[
                dg.AssetCheckResult(
                    check_name=name,
                    passed=run.passed,
                    severity=dg.AssetCheckSeverity.ERROR if run.check.blocking else dg.AssetCheckSeverity.WARN,
                    metadata={"rows_that_break_it": run.failed, "first": dg.MetadataValue.md(run.markdown)},
                )
                for name, run in runs
            ],
        )

    return run_model


def _metadata(made: ModelRun) -> dict[str, Any]:
    columns = [dg.TableColumn(c.name, c.type, c.description) for c in made.columns]
    return {
        "dagster/row_count": made.rows,
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "computed": made.computed,
        "preview": dg.MetadataValue.md(made.markdown),
    }


def _warehouse_asset(settings: Settings, models: Sequence[Model], progress: Progressing | None) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="publish",
        specs=[
            dg.AssetSpec(
                WAREHOUSE,
                deps=sorted({key_of(m.full_name) for m in models} | set(_STAGED_BY.values())),
                group_name="publish",
                kinds={"duckdb", "file"},
                owners=assets.OWNERS,
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
            failures = "\n".join(f"- {failure}" for failure in error.failures)
            yield dg.AssetCheckResult(
                asset_key=WAREHOUSE,
                check_name=AUDIT,
                passed=False,
                metadata={"failures": dg.MetadataValue.md(failures)},
            )
            raise dg.Failure(str(error), allow_retries=False) from None
        tell("publish", 1, 1)
        yield dg.MaterializeResult(
            asset_key=WAREHOUSE,
            metadata={
                "dagster/row_count": done.rows,
                "tables": done.tables,
                "changed": done.swapped,
                "path": dg.MetadataValue.path(str(done.path)),
                "content_hash": done.content_hash,
            },
        )
        warnings = "\n".join(f"- {warning}" for warning in done.warnings)
        yield dg.AssetCheckResult(
            asset_key=WAREHOUSE,
            check_name=AUDIT,
            passed=True,
            metadata={"warnings": dg.MetadataValue.md(warnings or "none")},
        )

    return publish_warehouse
