"""The settings, read from the environment once and passed on.  No other module reads the environment.

`TALENT_RAW` replaces the raw folder entirely; `TALENT_WAREHOUSE` is the folder that holds `talent.duckdb`, the
stage and DAGSTER_HOME.  Both are created if absent.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds of one document.  Over a bound the document is cut or refused, with a finding that names it."""

    max_bytes: int = 64 * 1024 * 1024
    max_pages: int = 2_000
    max_seconds: float = 120.0
    max_cells: int = 500_000
    max_depth: int = 2_000
    max_span: int = 2_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and how much may be spent.

    workers  processes that read documents at once; 1 = serial, in this process
    """

    raw: Path = PROJECT / "raw"
    warehouse: Path = PROJECT / "warehouse"
    sql: Path = PROJECT / "sql"
    series: Path = PROJECT / "pipelines" / "series"
    vocabulary: Path = PROJECT / "pipelines" / "vocabulary"
    corrections: Path = PROJECT / "pipelines" / "corrections"
    workers: int = 1
    limits: ReadLimits = field(default_factory=ReadLimits)

    @property
    def database(self) -> Path:
        """The published warehouse; replaced whole, never written in place."""
        return self.warehouse / "talent.duckdb"

    @property
    def stage(self) -> Path:
        return self.warehouse / "stage"

    @property
    def dagster_home(self) -> Path:
        return self.warehouse / "dagster_home"

    @property
    def inbox(self) -> Path:
        return self.raw / "inbox"


def load(
    environ: Mapping[str, str] | None = None, *, raw: Path | None = None, warehouse: Path | None = None
) -> Settings:
    """The settings of this process; the arguments (command-line options) go before the environment.

    Raises ValueError where a variable cannot be read, naming it and what it should hold.
    """
    env = os.environ if environ is None else environ
    settings = Settings()
    raw_said = raw if raw is not None else env.get("TALENT_RAW") or None
    warehouse_said = warehouse if warehouse is not None else env.get("TALENT_WAREHOUSE") or None
    if raw_said is not None:
        settings = replace(settings, raw=Path(raw_said).expanduser().resolve())
    if warehouse_said is not None:
        settings = replace(settings, warehouse=Path(warehouse_said).expanduser().resolve())
    workers = env.get("TALENT_WORKERS", "1")
    if not workers.isdigit() or int(workers) < 1:
        raise ValueError(f"TALENT_WORKERS must be a whole number of processes, 1 or more, not {workers!r}.")
    settings = replace(settings, workers=int(workers))
    settings.raw.mkdir(parents=True, exist_ok=True)
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    return settings
