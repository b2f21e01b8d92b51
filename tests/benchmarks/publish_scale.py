"""Stage, models, checks and publication over generated cells: CPU seconds per million cells, and the peak of memory.

    python tests/benchmarks/publish_scale.py [CELLS ...]      (default: 100000 500000)

Peer, in the same run: the same cells written by pandas to Parquet and copied by DuckDB into a table, nothing judged.
Seconds are processor time of all threads (the machine may be shared); those on the wall stand beside them.  Each size
runs in a process of its own, so that the peak of memory is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.model import (
    Basis,
    Capture,
    CaptureKind,
    Cell,
    CellProof,
    Disposition,
    Document,
    DocumentProof,
    Fate,
    Frame,
    Grid,
    GridKind,
    Identity,
    Medium,
    Observation,
    Period,
    PeriodKind,
    Place,
    Reading,
    ReadResult,
    ReleaseFacts,
    ShapeResult,
    TableProof,
    Term,
    Verdict,
    cell_id,
    table_id,
)
from pipelines.publish import stage as writers
from pipelines.publish.build import Build
from pipelines.publish.models import load_models
from pipelines.publish.swap import publish
from pipelines.settings import PROJECT, Settings

ROWS, COLS, TABLES = 26, 10, 4  # 1,040 cells a document, of which 900 are figures


def documents(cells: int) -> Iterator[tuple[Capture, ReadResult, DocumentProof, ShapeResult]]:
    for number in range(max(1, cells // (ROWS * COLS * TABLES))):
        content = f"{number:016x}" + "0" * 48
        yield one(content)


def one(content: str) -> tuple[Capture, ReadResult, DocumentProof, ShapeResult]:
    ident, number = content[:16], int(content[:16], 16)
    grids, proofs, observations, dispositions, claims = [], [], [], [], []
    place = Place(path="/html/body/div[2]/table[1]/tr[3]/td[2]")
    for ordinal in range(TABLES):
        table = table_id(ident, ordinal)
        cells, judged = [], []
        for row in range(ROWS):
            for col in range(COLS):
                figure = row > 0 and col > 0
                text = f"{row * 1000 + col + number:,}" if figure else f"Label {'abcdefghij'[col]}"
                cells.append(Cell(row, col, text, text, place))
                if not figure:
                    continue
                value = Decimal(row * 1000 + col + number)
                judged.append(
                    CellProof(row, col, Verdict.PROVED, (Reading(value),), (0,), "both totals hold", (row, col))
                )
                claimed = ordinal == 0
                fate = Fate.FACT if claimed else Fate.UNCLAIMED
                dispositions.append(Disposition(cell_id(table, row, col), table, ident, fate, ""))
                if claimed:
                    observations.append(
                        Observation(
                            "generated",
                            f"measure {col}",
                            (("row", str(row)), ("document", str(number))),
                            Period(date(2020, 1, 1), date(2020, 12, 31), PeriodKind.FLOW, "2020"),
                            "",
                            f"Label {row}",
                            value,
                            Decimal(1),
                            "persons",
                            None,
                            "",
                            "",
                            "",
                            Verdict.PROVED,
                            ident,
                            table,
                            cell_id(table, row, col),
                        )
                    )
        grid = Grid(ordinal, GridKind.MARKUP, ROWS, COLS, tuple(cells), place, header_rows=1)
        grids.append(grid)
        term = Term(1, ordinal, 1, 1, Decimal(1), Decimal(1))
        identity = Identity(
            "sum", Basis.LABEL, term, (term,) * 5, True, True, Decimal(0), Decimal(0), 1e-6, "1 = 1 + 0"
        )
        proofs.append(
            TableProof(table, grid, Frame(1, 1), tuple(judged), (identity,) * 10, Verdict.PROVED, 1.0, "proved")
        )
        if ordinal == 0:
            claims.append((table, "generated"))
    facts = ReleaseFacts(title=f"Release {number}", language="en", released=date(2021, 1, 1))
    read = Document(ident, content, content, Medium.HTML, "utf-8", "A", facts, tuple(grids))
    return (
        Capture(content, f"dropped/{number}.html", 1, "text/html", CaptureKind.DROPPED, "x"),
        ReadResult(read),
        DocumentProof(ident, tuple(proofs)),
        ShapeResult(ident, tuple(observations), tuple(dispositions), tuple(claims)),
    )


class Clock:
    """Processor time and time on the wall of what runs inside, by name; generating documents is left out."""

    def __init__(self) -> None:
        self.spent: dict[str, tuple[float, float]] = {}
        self._left_out = (0.0, 0.0)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        self._left_out = (0.0, 0.0)
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        self.spent[name] = (cpu - self._left_out[0], wall - self._left_out[1])

    def apart(self, items: Iterator[Any]) -> Iterator[Any]:
        """The items, the time that making them takes left out."""
        while True:
            cpu, wall = time.process_time(), time.perf_counter()
            item = next(items, None)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            self._left_out = (self._left_out[0] + cpu, self._left_out[1] + wall)
            if item is None:
                return
            yield item


def measure(cells: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(warehouse=Path(folder))
        stage, clock = settings.stage, Clock()
        with clock("stage"):
            writers.write_captures(stage, (c for c, _, _, _ in clock.apart(documents(cells))))
            read = writers.write_documents(stage, ((c, r) for c, r, _, _ in clock.apart(documents(cells))))["cells"]
            writers.write_proofs(stage, (p for _, _, p, _ in clock.apart(documents(cells))))
            writers.write_observations(stage, (s for _, _, _, s in clock.apart(documents(cells))))
            writers.write_findings(stage, ())
        models = load_models(PROJECT / "sql")
        by_model: dict[str, float] = {}
        by_check: dict[str, float] = {}
        with Build(settings, models) as build:
            with clock("models"):
                for model in models:
                    started = time.process_time()
                    build.run_model(model)
                    by_model[model.full_name] = time.process_time() - started
            with clock("checks"):
                for check in (check for model in models for check in model.checks):
                    started = time.process_time()
                    assert build.run_check(check).passed, check
                    by_check[f"{check.model}: {check.sentence}"] = time.process_time() - started
            with clock("publish"):
                publish(build)
            with clock("publish again"):
                publish(build)
        size = settings.database.stat().st_size / 2**20
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with clock("peer"):
            _peer(stage, Path(folder) / "peer.duckdb")
        peer = clock.spent["peer"][0]
        print(f"{read:>9,} cells, file {size:.0f} MiB, peak {peak:.0f} MiB (before the peer)")
        for name, (cpu, wall) in clock.spent.items():
            million = cpu / read * 1e6
            print(
                f"  {name:14} {cpu:7.2f} s CPU {million:7.2f} per million {cpu / peer:6.1f} × peer {wall:7.2f} s wall"
            )
        for what, spent in (("models", by_model), ("checks", by_check)):
            slowest = sorted(spent.items(), key=lambda one: -one[1])[:6]
            print(f"  slowest {what}:", ", ".join(f"{name} {took:.2f} s" for name, took in slowest))


def _peer(stage: Path, target: Path) -> None:
    import duckdb
    import pandas as pd

    frame = pd.read_parquet(stage / "cells.parquet")
    frame.to_parquet(target.with_suffix(".parquet"))
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"CREATE TABLE cells AS FROM read_parquet('{target.with_suffix('.parquet')}')")


if __name__ == "__main__":
    wanted = [int(a) for a in sys.argv[1:]] or [100_000, 500_000]
    if len(wanted) == 1:
        measure(wanted[0])
    else:
        for cells in wanted:
            subprocess.run([sys.executable, __file__, str(cells)], check=True)
