"""A second decoder reads the same figures in the same boxes, and says where it does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipelines.cards import load
from pipelines.model import Cell, Fate
from pipelines.orchestration.confirmation import confirm_figures
from pipelines.prove import prove_document
from pipelines.read.document import read_document
from pipelines.read.pdf.second_decoder import find_disagreements
from pipelines.settings import Settings
from pipelines.shape import shape_document
from tests.read.pdf_making import HEIGHT, columns, pdf, text
from tests.read.test_pdf_visibility import raw_pdf, raw_table

_ROWS = (("Year", "Received", "Net"), ("2018", "1,941", "-555"), ("2019", "5,262", "(874)"), ("2020", "8,500", "709"))
_ANNEX = next((Path(__file__).parents[2] / "raw").rglob("*.annex.pdf"))


def _draw(c: Canvas) -> None:
    columns(c, _ROWS, ends=(260, 400))


def _replaced(c: Canvas) -> None:
    columns(c, (*_ROWS[:3], ("2020", "8,500", "790")), ends=(260, 400))
    c.setFillGray(1)
    c.rect(375, HEIGHT - 150, 40, 13, stroke=0, fill=1)
    c.setFillGray(0)
    text(c, 400, 148, "709", right=True)


def _cells(data: bytes) -> list[Cell]:
    document = read_document(data).document
    assert document is not None
    return [c for g in document.grids for c in g.cells if any(d.isdigit() for d in c.text)]


@pytest.mark.parametrize("data", [pdf(_draw), pdf(_draw, rotate=180), pdf(_replaced)])
def test_both_decoders_agree_on_what_is_seen(data: bytes) -> None:
    cells = _cells(data)
    assert len(cells) == 9
    assert find_disagreements(data, cells) == {}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", ["", "/CropBox [40 50 560 700]"])
def test_both_decoders_agree_on_rotated_and_cropped_pages(rotation: int, crop: str) -> None:
    data = raw_pdf(raw_table(), page=f"/MediaBox [20 30 615 872] {crop} /Rotate {rotation}")
    cells = _cells(data)
    assert len(cells) == 12
    assert find_disagreements(data, cells) == {}


@pytest.mark.parametrize("wrong", ["5,226", "-5,262", "5,26", "5.262", "\ufffd262"])
def test_a_cell_that_the_second_decoder_reads_otherwise_is_named_with_its_text(wrong: str) -> None:
    data = pdf(_draw)
    cells = [replace_text(c, wrong) if c.text == "5,262" else c for c in _cells(data)]
    assert list(find_disagreements(data, cells).values()) == ["5,262"]


def replace_text(cell: Cell, said: str) -> Cell:
    return cell._replace(text=said, bare=said)


def test_a_document_that_cannot_be_decoded_again_confirms_nothing() -> None:
    with pytest.raises(ValueError, match=":"):
        find_disagreements(b"%PDF-1.4 nothing", _cells(pdf(_draw)))


def test_a_figure_on_which_the_decoders_disagree_is_withheld_with_both_texts() -> None:
    data = _ANNEX.read_bytes()
    document = read_document(data).document
    assert document is not None
    settings = Settings()
    cards = load(settings.series, settings.vocabulary, settings.corrections)
    shaped = shape_document(document, prove_document(document), cards)
    assert confirm_figures(shaped, document, data) == shaped
    observation = next(o for o in shaped.observations if o.value == 587)
    grids = [
        replace(g, cells=tuple(replace_text(c, "578") if c.text == "587" else c for c in g.cells))
        for g in document.grids
    ]
    grids_by_number = {g.ordinal: g for g in grids}
    blocks = tuple(grids_by_number.get(b.ordinal, b) if hasattr(b, "ordinal") else b for b in document.blocks)
    confirmed = confirm_figures(shaped, replace(document, blocks=blocks), data)
    assert observation.cell_id not in {o.cell_id for o in confirmed.observations}
    assert len(confirmed.observations) < len(shaped.observations)
    finding = next(f for f in confirmed.findings if f.code == "decoders-disagree" and f.cell_id == observation.cell_id)
    assert "578" in finding.message
    assert "587" in finding.message
    fates = {d.cell_id: d.fate for d in confirmed.dispositions}
    assert fates[observation.cell_id] is Fate.QUARANTINE
