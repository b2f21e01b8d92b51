"""Shaping: how long a table takes, and whether the figures of the corpus are right.  Prints; asserts nothing.

python tests/benchmarks/shaping.py            # speed on generated tables, beside pandas in the same run
python tests/benchmarks/shaping.py ../shared/corpus   # also the fiscal pages and the disease tables, by their answers
"""

from __future__ import annotations

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(PROJECT))

from pipelines.model import PeriodKind, ShapeResult  # noqa: E402
from pipelines.prove import prove_document  # noqa: E402
from pipelines.read import read_document  # noqa: E402
from pipelines.shape import shape_document  # noqa: E402
from tests.shape import making as make  # noqa: E402

LEAD_IN = "The QMAS began in June 2006. As of end 2021, 36 689 applications were received and 9 131 quotas allotted."
HEAD = ["Year", "Applications Received", "Quotas Allotted"]


def best(work: Callable[[], object], times: int = 5) -> float:
    """The least CPU time of some runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def speed() -> None:
    import pandas as pd

    for tables, rows in ((1, 16), (100, 16), (400, 16), (1, 1_000), (1, 8_000)):
        cells = [HEAD, *([str(1950 + y % 120), "1 000", "500"] for y in range(rows))]
        grids = [make.grid(i, cells) for i in range(tables)]
        document, proof = make.document(LEAD_IN, *grids), make.judged(*(make.proof(g) for g in grids))
        ours = best(lambda d=document, p=proof: shape_document(d, p, make.cards()))

        def melted(cells: list[list[str]] = cells, tables: int = tables) -> None:
            for _ in range(tables):
                frame = pd.DataFrame(cells[1:], columns=cells[0])
                long = frame.melt(id_vars="Year", var_name="measure", value_name="value")
                long["value"] = long["value"].str.replace(" ", "").astype(int)
                long["start"] = pd.to_datetime(long["Year"], format="%Y")

        peer = best(melted)
        print(
            f"{tables:4} tables of {rows:5} rows: {ours / tables * 1e3:8.2f} ms a table, "
            f"{ours / tables / rows / 2 * 1e6:5.1f} µs a figure; pandas melt {peer / tables * 1e3:8.2f} ms a table "
            f"(ours / pandas {ours / peer:.2f})"
        )


def shaped(path: Path) -> ShapeResult:
    document = read_document(path.read_bytes(), name=path.name).document
    assert document is not None, path
    return shape_document(document, prove_document(document), make.cards())


def fiscal(folder: Path) -> tuple[int, int, int]:
    """(right, wrong, missing) of the five figures of each month."""
    names = {
        "surplus": "surplus_deficit",
        "reserves_start": "fiscal_reserve_start",
        "reserves_end": "fiscal_reserve_end",
    }
    right = wrong = missing = 0
    for answer in csv.DictReader((folder / "answers.csv").open(encoding="utf-8")):
        month = answer["month_ended"]
        got: dict[str, set[Decimal | None]] = defaultdict(set)
        for o in shaped(folder / answer["file_name"]).observations:
            kind, end = o.period.kind, o.period.end
            day_before = o.measure == "reserves_start" and str(end + timedelta(days=1)) == month[:8] + "01"
            of_month = (
                kind is PeriodKind.FLOW and o.period.start is not None and str(o.period.start) == month[:8] + "01"
            )
            if (str(end) == month and (of_month or o.measure == "reserves_end")) or day_before:
                got[o.measure].add(o.value)
        for measure in ("revenue", "expenditure", "surplus", "reserves_start", "reserves_end"):
            want = Decimal(answer[names.get(measure, measure)])
            right += got[measure] == {want}
            missing += not got[measure]
            wrong += bool(got[measure]) and got[measure] != {want}
    return right, wrong, missing


def diseases(folder: Path) -> tuple[int, int, int]:
    """(right, wrong, missing) of the cells of each page, against the official CSV beside it."""
    vocabulary = make.cards().vocabularies["diseases"]
    right = wrong = missing = 0
    for page in sorted(folder.glob("*.html")):
        got: dict[tuple[str, int], set[Decimal | None]] = defaultdict(set)
        for o in shaped(page).observations:
            assert o.period.start is not None
            month = 13 if o.period.kind is PeriodKind.CUMULATIVE else o.period.start.month
            got[o.dimensions[0][1], month].add(o.value)
        for row in csv.reader(page.with_suffix(".csv").open(encoding="utf-8-sig")):
            figures = [c for c in row if c.strip()][-13:]
            if len(figures) < 13 or row[0].strip() == "Disease":
                continue
            term = vocabulary.find(row[0])
            code = term.code if term is not None else "TOTAL" if row[0].startswith("Total") else row[0]
            for month, figure in enumerate(figures, start=1):
                said, want = got[code, month], None if figure.strip() == "-" else Decimal(figure.replace(",", ""))
                right += said == {want}
                missing += not said
                wrong += bool(said) and said != {want}
    return right, wrong, missing


if __name__ == "__main__":
    speed()
    if len(sys.argv) > 1:
        print("fiscal: right {}, wrong {}, missing {}".format(*fiscal(Path(sys.argv[1]) / "fiscal")))
        print("notifiable diseases: right {}, wrong {}, missing {}".format(*diseases(Path(sys.argv[1]) / "chp")))
