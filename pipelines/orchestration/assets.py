"""The rooms as Dagster assets: captures → documents, tables → proofs → observations → checked observations, findings.

Belongs here: names, descriptions, counts and previews of what `steps` and `staging` did, and the checks that warn.
Must never: compute anything that a run without Dagster would need too.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from pipelines.escaping import as_code_block, escape_markdown
from pipelines.orchestration import checking, fingerprint, showing, staging, steps
from pipelines.orchestration.staging import Look, ask, look
from pipelines.orchestration.telling import Progressing, counted_in_words, teller, told
from pipelines.settings import Settings

MOST_PICTURES = 3
LOCK = "refresh_lock"
"""Key of the resource that every asset holds while a run lasts: one refresh at a time."""

OWNERS = ["team:statistics"]
ROOM = {"for": "pipeline"}
"""Tag of what only later rooms read; marts, exports and the report are for people, the rest of SQL for auditors."""
DOCUMENTS = dg.AssetKey(["documents"])
TABLES = dg.AssetKey(["tables"])
PROOFS = dg.AssetKey(["proofs"])
OBSERVATIONS = dg.AssetKey(["observations"])
CHECKED = dg.AssetKey(["checked_observations"])
FINDINGS = dg.AssetKey(["findings"])


_JUDGED = """
    select t.verdict, t.n_figures as figures, round(100 * t.proved_share)::int || ' %' as proved,
        replace(coalesce(nullif(g.caption, ''), d.title), '_', ' ') as table, t.table_id
    from {t} as t left join {g} as g using (table_id) left join {d} as d on d.document_id = t.document_id
    order by list_position(['contradicted', 'ambiguous', 'unproved', 'consistent', 'proved'], t.verdict), t.table_id
"""
_VERDICTS = """
    select verdict, count(*) as figures from {c} group by verdict
    order by list_position(['proved', 'consistent', 'unproved', 'ambiguous', 'contradicted'], verdict)
"""


def table(shown: Look) -> dg.MetadataValue[Any]:
    """A preview as Dagster shows tables."""
    schema = dg.TableSchema(columns=[dg.TableColumn(name) for name in shown.columns])
    records = [dg.TableRecord(dict(zip(shown.columns, row, strict=True))) for row in shown.rows]
    return dg.MetadataValue.table(records=records, schema=schema)


def pictured(settings: Settings, table_ids: Sequence[str]) -> dg.MetadataValue[Any]:
    """The first cells of these tables that the proof holds wrong, each with its argument and what stands there."""
    said = []
    for cell in showing.doubted(settings, table_ids, most=MOST_PICTURES):
        picture = base64.b64encode(cell.shown.picture).decode()
        seen = (
            f"![the cell in its page](data:image/png;base64,{picture})"
            if picture
            else as_code_block(cell.shown.excerpt)
        )
        place, argument = escape_markdown(cell.place), escape_markdown(cell.argument)
        said.append(f"**{escape_markdown(cell.text)}** ({place}, table {cell.table_id}): {argument}\n\n{seen}")
    return dg.MetadataValue.md("\n\n".join(said) or "No single cell could be located; `talent explain` lists the sums.")


def told_and_counted(
    context: dg.AssetExecutionContext, what: str, counts: Mapping[str, int], shown: Look
) -> dict[str, Any]:
    """The same as `counted`, said in one line of the run's log too."""
    told(context, f"{what}: {counted_in_words(counts)}")
    return counted(counts, shown)


def counted(counts: Mapping[str, int], shown: Look) -> dict[str, Any]:
    """Metadata of a materialisation: row counts, the first one also as Dagster's own, and a preview."""
    first = next(iter(counts.values()), 0)
    return {"dagster/row_count": first, **dict(counts), "preview": table(shown)}


def versions(settings: Settings) -> dict[str, str]:
    """What makes the results of each room, in short: where it is not what made them last, the UI calls them stale."""
    cards = fingerprint.of_folder(settings.series, settings.vocabulary)
    corrections = fingerprint.of_folder(settings.corrections)
    modules = {
        "capture": ("pipelines.capture",),
        "read": ("pipelines.read",),
        "prove": ("pipelines.prove",),
        "shape": ("pipelines.shape", "pipelines.cards"),
        "check": ("pipelines.check", "pipelines.cards"),
    }
    data = {"prove": (corrections,), "shape": (cards,), "check": (cards,)}
    return {
        room: fingerprint.of_values(fingerprint.made_by(*names), *data.get(room, ()))[:12]
        for room, names in modules.items()
    }


def room_assets(settings: Settings, series: Sequence[str], progress: Progressing | None) -> list[dg.AssetsDefinition]:
    """The assets from the captures to the findings, on the folders of these settings.

    `series` names the series cards: one Great Expectations check each.
    """
    version = versions(settings)

    @dg.asset(
        deps=["fetched_releases"],
        group_name="capture",
        code_version=version["capture"],
        kinds={"file"},
        owners=OWNERS,
        tags=ROOM,
        required_resource_keys={LOCK},
        description="What the raw folder holds, after the inbox was taken in: bytes as they were served or dropped, "
        "each with its content hash and capture record.",
    )
    def captures(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        teller(context, progress)("capture", 0, 1)
        taken = steps.take_in(settings)
        staging.stage_captures(settings, taken)
        teller(context, progress)("capture", 1, 1)
        yield dg.MaterializeResult(
            metadata=told_and_counted(
                context, "captures",
                {"captures": taken.captures, "distinct": taken.distinct, "findings": len(taken.findings)},
                look(settings, "select path, kind, media_type, size, source_url from {c} order by path",
                     c="captures.parquet"),
            )
        )  # fmt: skip

    @dg.multi_asset(
        name="read",
        specs=[
            dg.AssetSpec(
                DOCUMENTS,
                deps=["captures"],
                group_name="read",
                code_version=version["read"],
                kinds={"html", "pdf", "parquet"},
                owners=OWNERS,
                tags=ROOM,
                description="What was read from each capture: title, language, release date with its evidence, "
                "paragraphs and tables in reading order.  Also those that could not be read, with the reason.",
            ),
            dg.AssetSpec(
                TABLES,
                deps=["captures"],
                group_name="read",
                code_version=version["read"],
                kinds={"table", "parquet"},
                owners=OWNERS,
                tags=ROOM,
                description="Every table as printed: cells with spans, marks and their place (page and box, node "
                "path, or line).  No number has been given a meaning yet.",
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec(
                "every_capture_was_read",
                asset=DOCUMENTS,
                description="Warns of captures that could not be read; the findings say why.",
            )
        ],
        required_resource_keys={LOCK},
    )
    def read(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        made = steps.read(settings, teller(context, progress))
        staging.stage_documents(settings, made)
        files = {"d": "documents.parquet", "t": "tables.parquet"}
        ((total, readable, cells),) = ask(
            settings, "select count(*), count(*) filter (readable), coalesce(sum(n_cells), 0)::bigint from {d}", **files
        )
        ((tables,),) = ask(settings, "select count(*) from {t}", **files)
        yield dg.MaterializeResult(
            asset_key=DOCUMENTS,
            metadata=told_and_counted(
                context, "documents",
                {"documents": total, "readable": readable, "read_anew": made.new, "faults": made.faults},
                look(settings, "select title, medium, language, released, n_tables, path from {d} order by path",
                     **files),
            ),
        )  # fmt: skip
        yield dg.MaterializeResult(
            asset_key=TABLES,
            metadata=told_and_counted(
                context,
                "tables",
                {"tables": tables, "cells": cells},
                look(
                    settings,
                    "select replace(coalesce(nullif(t.caption, ''), d.title), '_', ' ') as table, layout, "
                    "n_rows as rows, n_cols as columns, t.table_id "
                    "from {t} as t left join {d} as d using (document_id) order by t.table_id",
                    **files,
                ),
            ),
        )
        unread = look(settings, "select path, media_type from {d} where not readable order by path", **files)
        yield dg.AssetCheckResult(
            asset_key=DOCUMENTS,
            check_name="every_capture_was_read",
            passed=not unread.rows,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"unreadable": total - readable, "captures": table(unread)},
        )

    @dg.asset(
        key=PROOFS,
        deps=[DOCUMENTS, TABLES],
        group_name="prove",
        code_version=version["prove"],
        kinds={"python", "parquet"},
        owners=OWNERS,
        tags=ROOM,
        required_resource_keys={LOCK},
        description="Each table judged by the totals that it prints itself: the readings that are left, the "
        "identities that hold or fail, and a verdict for every figure with its argument.",
        check_specs=[
            dg.AssetCheckSpec(
                "totals_are_met",
                asset=PROOFS,
                description="Warns of tables in which a total is not met, or whose figures have two readings; their "
                "figures are in quarantine.",
            )
        ],
    )
    def proofs(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        made = steps.prove(settings, teller(context, progress))
        staging.stage_proofs(settings, made)
        files = {
            "t": "table_proofs.parquet", "c": "cell_proofs.parquet", "i": "identities.parquet",
            "d": "documents.parquet", "g": "tables.parquet",
        }  # fmt: skip
        figures = dict(ask(settings, "select verdict, count(*) from {c} group by all order by all", **files))
        ((tables, identities),) = ask(
            settings, "select (select count(*) from {t}), (select count(*) from {i})", **files
        )
        broken = "select table_id, verdict, confined, argument from {t} where verdict in ('contradicted', 'ambiguous')"
        wrong = look(settings, broken, **files)
        yield dg.MaterializeResult(
            metadata={
                **told_and_counted(
                    context,
                    "proofs",
                    {"tables": tables, "identities": identities, **{f"figures_{k}": v for k, v in figures.items()}},
                    look(settings, _JUDGED, **files),
                ),
                "verdicts": table(look(settings, _VERDICTS, **files)),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="totals_are_met",
                    passed=not wrong.rows,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={
                        "tables_not_met": len(ask(settings, broken, **files)),
                        "tables": table(wrong),
                        **({"wrong_cells": pictured(settings, [row[0] for row in wrong.rows])} if wrong.rows else {}),
                    },
                )
            ],
        )

    @dg.asset(
        key=OBSERVATIONS,
        deps=[PROOFS],
        group_name="shape",
        code_version=version["shape"],
        kinds={"python", "yaml"},
        owners=OWNERS,
        tags=ROOM,
        required_resource_keys={LOCK},
        description="Figures with what they mean, by the series cards: measure, period, dimensions, unit, status; "
        "and the fate of every numeric cell that was read.",
    )
    def observations(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        made = steps.shape(settings, teller(context, progress))
        staging.stage_observations(settings, "shaped", made.hash, lambda: checking.shaped(settings))
        files = {"o": "shaped/observations.parquet", "d": "shaped/dispositions.parquet"}
        fates = dict(ask(settings, "select fate, count(*) from {d} group by all order by all", **files))
        ((total,),) = ask(settings, "select count(*) from {o}", **files)
        yield dg.MaterializeResult(
            metadata=told_and_counted(
                context, "observations",
                {"observations": total, **{f"cells_{k}": v for k, v in fates.items()}},
                look(settings, "select series, measure, period_label, label, value_text, unit, verdict from {o}",
                     **files),
            )
        )  # fmt: skip

    @dg.asset(
        key=CHECKED,
        deps=[OBSERVATIONS],
        group_name="check",
        code_version=version["check"],
        kinds={"python", "greatexpectations"},
        owners=OWNERS,
        tags=ROOM,
        required_resource_keys={LOCK},
        description="The observations that each series' expectations let through; the rows that fail are in "
        "quarantine, with the expectation as the reason.",
        check_specs=[
            dg.AssetCheckSpec(
                f"{name}_meets_its_expectations",
                asset=CHECKED,
                description=f"The figures of {name} are as its series card expects (Great Expectations).  Warns: the "
                "figures that fail are withheld, and stand in quarantine with the expectation as the reason.",
            )
            for name in series
        ],
    )
    def checked_observations(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        outcome = checking.check(settings, teller(context, progress))
        staging.stage_observations(settings, "checked", outcome.hash, lambda: checking.checked(settings))
        files = {"o": "observations.parquet", "d": "dispositions.parquet"}
        ((total,),) = ask(settings, "select count(*) from {o}", **files)
        yield dg.MaterializeResult(
            metadata=told_and_counted(
                context,
                "expectations",
                {"observations": total, "withheld": sum(len(s.failing) for s in outcome.series)},
                look(settings, "select series, measure, period_label, label, value_text, verdict from {o}", **files),
            ),
            check_results=[
                dg.AssetCheckResult(
                    check_name=f"{name}_meets_its_expectations",
                    passed=said.passed,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={
                        "observations": said.examined,
                        "expectations": len(said.results),
                        "withheld": len(said.failing),
                        "findings": dg.MetadataValue.md(
                            "\n".join(f"- {escape_markdown(f.message)}" for f in said.findings) or "none"
                        ),
                    },
                )
                for name in series
                for said in [outcome.of(name)]
            ],
        )

    @dg.asset(
        key=FINDINGS,
        deps=["captures", DOCUMENTS, PROOFS, OBSERVATIONS, CHECKED],
        group_name="check",
        code_version=version["check"],
        kinds={"python", "parquet"},
        owners=OWNERS,
        tags=ROOM,
        required_resource_keys={LOCK},
        description="What a person should know, from every room: what was wrong, in which document and where, and "
        "what to do about it.",
    )
    def findings(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        staging.stage_findings(settings, checking.findings_made_of(settings), lambda: checking.findings(settings))
        files = {"f": "findings.parquet"}
        by_severity = dict(ask(settings, "select severity, count(*) from {f} group by all order by all", **files))
        yield dg.MaterializeResult(
            metadata=told_and_counted(
                context, "findings",
                {"findings": sum(by_severity.values()), **by_severity},
                look(settings, "select severity, message, remedy, code, room from {f} "
                     "order by severity = 'error' desc, severity = 'warning' desc, room", **files),
            )
        )  # fmt: skip

    return [captures, read, proofs, observations, checked_observations, findings]
