"""DAGSTER_HOME: an absolute folder under the warehouse, with Dagster's settings for this house.

Belongs here: what stands in `dagster.yaml`, and the environment of processes that Dagster starts.  Must never import
Dagster: `talent --help` and `talent sql` come through here.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.settings import Settings

_YAML = """\
# Written by `talent` when it is missing; yours to change.
telemetry:
  enabled: false
nux:
  enabled: false  # no newsletter box over the UI
python_logs:
  python_log_level: INFO  # a run says a line a room; every event stands in the UI anyway
freshness:
  enabled: true
retention:
  schedule:
    purge_after_days: {skipped: 7, failure: 90, success: -1}
  sensor:
    purge_after_days: {skipped: 1, failure: 30, success: -1}
"""


def prepare(settings: Settings) -> Path:
    """The DAGSTER_HOME of these settings, created with its `dagster.yaml` if absent."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(_YAML, encoding="utf-8")
    return home


def environment(settings: Settings) -> dict[str, str]:
    """What a process started by us finds in its environment, so that it works on the same folders."""
    return {
        "DAGSTER_HOME": str(settings.dagster_home),
        "TALENT_RAW": str(settings.raw),
        "TALENT_WAREHOUSE": str(settings.warehouse),
        "TALENT_WORKERS": str(settings.workers),
    }
