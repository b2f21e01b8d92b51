"""The graph as Dagster sees it: every asset says what it is, and what blocks publication is what should."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from pipelines import settings as settings_module
from pipelines.orchestration import fingerprint
from pipelines.orchestration.build import build_defs
from pipelines.publish.models import load_models

ROOMS = ["capture", "read", "prove", "shape", "check", "publish"]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> dg.AssetGraph:
    folder = tmp_path_factory.mktemp("folders")
    settings = settings_module.load({}, raw=folder / "raw", warehouse=folder / "warehouse")
    return build_defs(settings).resolve_asset_graph()


def test_every_asset_has_description_kinds_group_and_owner(graph: dg.AssetGraph) -> None:
    nodes = list(graph.asset_nodes)
    assert len(nodes) > 15
    fetched = dg.AssetKey("fetched_releases")
    assert {n.tags.get("for") for n in nodes if n.key != fetched} == {"pipeline", "auditors", "people"}
    assert [
        n.key.to_user_string() for n in nodes if not (n.description and n.kinds and n.group_name and n.owners)
    ] == []


def test_the_graph_reads_from_captures_to_the_published_warehouse(graph: dg.AssetGraph) -> None:
    constants = {
        dg.AssetKey([m.schema, m.name]) for m in load_models(settings_module.Settings().sql) if not m.depends_on
    }
    roots = {key.to_user_string() for key in graph.root_materializable_asset_keys - constants}
    assert roots == {"fetched_releases"}
    groups = {key.to_user_string(): graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert [groups[name] for name in ("captures", "documents", "proofs", "observations", "checked_observations")] == (
        ROOMS[:-1]
    )
    leaves = {key.to_user_string() for key in graph.get_all_asset_keys() if not graph.get(key).child_keys}
    assert "exports" in leaves
    assert {groups[leaf] for leaf in leaves} == {"publish"}
    assert graph.get(dg.AssetKey("exports")).parent_keys == {dg.AssetKey("published_warehouse")}


def test_every_sql_model_is_an_asset_below_what_its_sql_names(graph: dg.AssetGraph) -> None:
    models = load_models(settings_module.Settings().sql)
    for model in models:
        node = graph.get(dg.AssetKey([model.schema, model.name]))
        for needed in model.depends_on:
            schema, name = needed.split(".")
            if schema != "stage":
                assert dg.AssetKey([schema, name]) in node.parent_keys


def test_verdicts_and_expectations_warn_while_keys_and_the_audit_block(graph: dg.AssetGraph) -> None:
    blocking = {(k.asset_key.to_user_string(), k.name): graph.get(k).blocking for k in graph.asset_check_keys}
    assert blocking["proofs", "totals_are_met"] is False
    assert blocking["documents", "every_capture_was_read"] is False
    assert blocking["published_warehouse", "the_audit_passes"] is True
    expectations = {name: held for (asset, name), held in blocking.items() if asset == "checked_observations"}
    assert {"qmas_by_year_meets_its_expectations", "qmas_by_industry_meets_its_expectations"} <= set(expectations)
    assert not any(expectations.values())
    for model in load_models(settings_module.Settings().sql):
        for check in model.checks:
            assert blocking[model.full_name.replace(".", "/"), check.name] is check.blocking
        if model.key:
            assert blocking[model.full_name.replace(".", "/"), "the_key_is_unique"] is True


def test_loading_the_definitions_loads_no_library_that_only_a_run_needs(tmp_path: Path) -> None:
    code = (
        "import sys, pipelines.definitions\n"
        "print([m for m in ('great_expectations', 'pandas', 'pdfplumber', 'pyarrow') if m in sys.modules])"
    )
    folders = {"TALENT_RAW": str(tmp_path / "raw"), "TALENT_WAREHOUSE": str(tmp_path / "warehouse")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=folders, check=True)
    assert done.stdout.strip() == "[]"


def test_the_definitions_load_without_a_warning_that_nobody_can_act_on() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", "import pipelines.definitions"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stderr == ""


def test_a_changed_reader_and_a_changed_card_make_what_they_touch_stale_by_code_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_module.load({}, raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")

    def versions(of: settings_module.Settings) -> dict[str, str | None]:
        graph = build_defs(of).resolve_asset_graph()
        return {key.to_user_string(): graph.get(key).code_version for key in graph.get_all_asset_keys()}

    before = versions(settings)
    assert all(before[name] for name in ("captures", "documents", "tables", "proofs", "core/editions"))
    made_by = fingerprint.made_by
    with monkeypatch.context() as patched:
        patched.setattr(fingerprint, "made_by", lambda *m, **o: made_by(*m, **o) + "+" * ("pipelines.read" in m))
        after = versions(settings)
    assert {name for name in before if before[name] != after[name]} == {"documents", "tables"}
    series = shutil.copytree(settings.series, tmp_path / "series")
    card = series / "qmas_by_year.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "# other words\n", encoding="utf-8")
    after = versions(replace(settings, series=series))
    assert {name for name in before if before[name] != after[name]} == {
        "observations",
        "checked_observations",
        "findings",
    }
