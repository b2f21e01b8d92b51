"""Real releases beside the project: what they print is proved, and nothing changed in them stays proved."""

from __future__ import annotations

import json
import random

from pipelines.model import Cell, Grid, GridKind, Place, Verdict
from pipelines.prove import prove_document, prove_grid
from pipelines.read import read_document
from tests.prove.grids import shared


def numeric(table):
    return [c for c in table.cells if any(r.value is not None for r in c.readings)]


def test_disease_tables_are_proved_whole_with_the_row_that_a_remark_leaves_out():
    for path in sorted(shared("corpus/chp").glob("*.html"))[::3]:
        table = prove_document(read_document(path.read_bytes(), name=path.name).document).tables[0]
        assert table.verdict is Verdict.PROVED, path.name
        assert any(i.explained for i in table.identities), path.name


def test_fiscal_tables_with_totals_have_a_proved_sum():
    proved = tables = 0
    for path in sorted(shared("corpus/fiscal").glob("*.htm*"))[::8]:
        for table in prove_document(read_document(path.read_bytes(), name=path.name).document).tables:
            if not numeric(table):
                continue
            tables += 1
            proved += any(c.verdict is Verdict.PROVED for c in table.cells)
    assert tables > 15
    assert proved == tables


def truth_grids():
    truth = json.loads(shared("corpus/icdar2013-eu/truth.json").read_text(encoding="utf-8"))
    for name, made in truth.items():
        for ordinal, table in enumerate(next(iter(made["variants"].values()))):
            rows = max(c[1] for c in table["cells"]) + 1
            cols = max(c[3] for c in table["cells"]) + 1
            cells = sorted(
                (Cell(c[0], c[2], c[4], c[4], Place(), c[1] - c[0] + 1, c[3] - c[2] + 1) for c in table["cells"]),
                key=lambda c: (c.row, c.col),
            )
            yield name, Grid(ordinal, GridKind.RULED, rows, cols, tuple(cells), Place())


def test_no_figure_that_was_changed_in_a_true_table_is_proved():
    rng = random.Random(11)
    changed = 0
    for name, grid in truth_grids():
        table, _ = prove_grid(grid, name)
        proved = [c for c in numeric(table) if c.verdict is Verdict.PROVED]
        for chosen in rng.sample(proved, min(2, len(proved))):
            cells = []
            for cell in grid.cells:
                if (cell.row, cell.col) == (chosen.row, chosen.col):
                    digits = [k for k, ch in enumerate(cell.text) if ch.isdigit()]
                    at = rng.choice(digits)
                    text = cell.text[:at] + str((int(cell.text[at]) + rng.randint(1, 9)) % 10) + cell.text[at + 1 :]
                    cell = Cell(cell.row, cell.col, text, text, cell.place, cell.rowspan, cell.colspan)
                cells.append(cell)
            again, _ = prove_grid(
                Grid(grid.ordinal, grid.kind, grid.n_rows, grid.n_cols, tuple(cells), grid.place), name
            )
            changed += 1
            judged = {(c.row, c.col): c.verdict for c in again.cells}
            assert judged.get((chosen.row, chosen.col)) is not Verdict.PROVED, (name, grid.ordinal, chosen)
    assert changed > 20


def test_what_is_proved_in_a_true_table_is_what_is_printed():
    proved = 0
    for name, grid in truth_grids():
        table, _ = prove_grid(grid, name)
        texts = {(c.row, c.col): c.text for c in grid.cells}
        for cell in numeric(table):
            if cell.verdict is Verdict.PROVED:
                proved += 1
                printed = "".join(ch for ch in texts[(cell.row, cell.col)] if ch.isdigit())
                said = "".join(ch for ch in f"{cell.reading.value:f}" if ch.isdigit())
                assert said.lstrip("0") == printed.lstrip("0"), (name, grid.ordinal, cell.row, cell.col)
    assert proved > 300
