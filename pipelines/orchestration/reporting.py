"""The report as a Dagster asset, below the published warehouse.

Belongs here: its name, lineage and metadata.  Must never: a chart or a figure (publish/report's).
"""

from typing import Any

import dagster as dg

from pipelines.orchestration import assets, steps
from pipelines.orchestration.kept import unless_kept
from pipelines.orchestration.models import WAREHOUSE
from pipelines.orchestration.telling import Progressing, teller, told
from pipelines.publish.report import build_report
from pipelines.settings import Settings

REPORT = dg.AssetKey(["report"])


def report_asset(settings: Settings, progress: Progressing | None) -> dg.AssetsDefinition:
    """The pages in `<warehouse>/report`, made from the published file alone."""

    @dg.asset(
        key=REPORT,
        deps=[WAREHOUSE],
        group_name="publish",
        kinds={"html"},
        owners=assets.OWNERS,
        tags={"for": "people"},
        required_resource_keys={assets.LOCK},
        description="Two pages to look at, in English and Traditional Chinese: charts of each scheme with their "
        "tables, sources and verdicts, and what is proved, kept out and missing.  A page that would not change is left "
        "alone.",
    )
    def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        tell = teller(context, progress)
        tell("report", 0, 1)
        cards = steps.cards(settings)
        done, anew = unless_kept(
            settings, "report", "pipelines.publish.report",
            lambda: build_report(settings.database, settings.warehouse / "report", cards), cards.fingerprint,
        )  # fmt: skip
        tell("report", 1, 1)
        told(context, f"report: {done.charts} charts, {len(done.changed)} of {len(done.files)} pages new or changed")
        return dg.MaterializeResult(
            metadata={
                "open": dg.MetadataValue.path(str(done.files[0])),
                "charts": done.charts,
                "pages": len(done.files),
                "changed": len(done.changed) if anew else 0,
                "bytes": done.size,
                "seconds": round(done.seconds, 2),
            }
        )

    return report
