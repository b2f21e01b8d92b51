"""Real PDFs of ../shared: what must hold of them whatever the reader's rules become."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.model import Grid
from pipelines.read.pdf import read_pdf
from pipelines.settings import PROJECT, ReadLimits

CORPUS = PROJECT.parent / "shared" / "corpus"
BUDGET = CORPUS / "pdf" / "budget-2020-21-media-sheets.pdf"


@pytest.fixture(scope="module")
def budget() -> list[Grid]:
    if not BUDGET.exists():
        pytest.skip("../shared is absent: the Budget PDF cannot be read")
    blocks, findings = read_pdf(BUDGET.read_bytes(), ReadLimits(), "d" * 16)
    assert findings == ()
    return [b for b in blocks if isinstance(b, Grid)]


def test_the_running_table_of_the_budget_is_one_grid(budget: list[Grid]) -> None:
    [running] = [g for g in budget if len(g.parts) > 1]
    assert [p.page for p in running.parts] == list(range(5, 21))
    assert running.n_cols == 3 and running.header_rows == 1
    assert sum(c.text == "Proposal" for c in running.cells) == 1


def test_the_sums_that_the_running_table_prints_come_out_of_its_cells(budget: list[Grid]) -> None:
    [running] = [g for g in budget if len(g.parts) > 1]
    labels = {c.row: c.bare.replace("\n", " ") for c in running.cells if c.col == 0}
    amounts = {c.row: c.bare for c in running.cells if c.col == 1 and c.row >= running.header_rows}
    sums: list[tuple[str, Decimal, Decimal, int]] = []
    items: list[Decimal] = []
    for row in range(running.header_rows, running.n_rows):
        label, said = labels.get(row, ""), amounts.get(row, "").replace(",", "")
        if not said.isdigit():
            continue
        if label.startswith(("Sub-total", "Total Financial Implications of Policy")):
            sums.append((label, Decimal(said), sum(items, Decimal(0)), len(items)))
            items = []
        elif not label.startswith(("Total", "Grand")):
            items.append(Decimal(said))
    assert len(sums) >= 6
    for label, printed, added, count in sums:
        assert abs(printed - added) <= Decimal(count + 1) / 2, label  # each amount is rounded to the million
    assert sum(printed == added for _, printed, added, _ in sums) >= 4


def test_each_digit_of_a_page_is_given_once() -> None:
    folder = CORPUS / "icdar2013-eu"
    if not folder.exists():
        pytest.skip("../shared is absent: no PDF to count the digits of")
    import pypdfium2

    for name in ("eu-001.pdf", "eu-015.pdf", "eu-018.pdf"):  # documents without page numbers
        data = (folder / name).read_bytes()
        blocks, _ = read_pdf(data, ReadLimits(), "d" * 16)
        said = []
        for block in blocks:
            if isinstance(block, Grid):
                said += [block.caption, *block.notes, *(c.text for c in block.cells)]
            else:
                said.append(block.text)
        pdf = pypdfium2.PdfDocument(data)
        printed = "".join(pdf[k].get_textpage().get_text_range() for k in range(len(pdf)))
        assert sum(c.isdigit() for c in "".join(said)) == sum(c.isdigit() for c in printed), name
