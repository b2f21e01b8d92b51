"""Stage, models and publication over generated cells: seconds per million, and the peak of memory.

    python tests/benchmarks/publish_scale.py [CELLS ...]      (default: 100000 500000)

Peer, in the same run: the same cells written by pandas to Parquet and copied by DuckDB into a table, nothing judged.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

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


def measure(cells: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(warehouse=Path(folder))
        stage, seconds = settings.stage, {}
        started = time.perf_counter()
        for _ in documents(cells):
            pass
        seconds["generate"] = time.perf_counter() - started
        started = time.perf_counter()
        writers.write_captures(stage, (c for c, _, _, _ in documents(cells)))
        read = writers.write_documents(stage, ((c, r) for c, r, _, _ in documents(cells)))["cells"]
        writers.write_proofs(stage, (p for _, _, p, _ in documents(cells)))
        writers.write_observations(stage, (s for _, _, _, s in documents(cells)))
        writers.write_findings(stage, ())
        seconds["stage"] = time.perf_counter() - started - 4 * seconds["generate"]
        models = load_models(PROJECT / "sql")
        with Build(settings, models) as build:
            slowest = sorted(build.run_all(), key=lambda run: -run.seconds)
            seconds["models"] = sum(run.seconds for run in slowest)
            seconds["publish"] = publish(build).seconds
            seconds["publish again"] = publish(build).seconds
        size = settings.database.stat().st_size / 2**20
        peer = _peer(stage, Path(folder) / "peer.duckdb")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{read:>9,} cells, file {size:.0f} MiB, peak {peak:.0f} MiB, peer {peer:.2f} s")
        for name, took in seconds.items():
            print(f"  {name:14} {took:7.2f} s   {took / read * 1e6:7.2f} s per million   {took / peer:6.1f} × peer")
        print("  slowest models:", ", ".join(f"{r.model} {r.seconds:.2f} s" for r in slowest[:6]))


def _peer(stage: Path, target: Path) -> float:
    import duckdb
    import pandas as pd

    started = time.perf_counter()
    frame = pd.read_parquet(stage / "cells.parquet")
    frame.to_parquet(target.with_suffix(".parquet"))
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"CREATE TABLE cells AS FROM read_parquet('{target.with_suffix('.parquet')}')")
    return time.perf_counter() - started


if __name__ == "__main__":
    for wanted in [int(a) for a in sys.argv[1:]] or [100_000, 500_000]:
        measure(wanted)
