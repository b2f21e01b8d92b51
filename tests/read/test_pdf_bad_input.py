"""Bad PDFs: bounded time and memory, a finding that names the limit, never an exception."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pipelines.model import Finding, Place, Severity
from pipelines.read.pdf import picture, read_pdf
from pipelines.settings import ReadLimits
from tests.read.pdf_making import CATALOGUE, FONT, one_page, packed, pdf, raw_pdf, ruled


def findings(data: bytes, limits: ReadLimits | None = None) -> tuple[Finding, ...]:
    _, found = read_pdf(data, limits or ReadLimits(), "d" * 16)
    assert all(f.document_id == "d" * 16 and f.remedy and f.message for f in found)
    return found


def simple() -> bytes:
    return pdf(lambda c: ruled(c, [["Year", "Number"], ["2021", "12"], ["2022", "30"]], widths=[80, 80]))


def test_html_under_the_name_of_a_pdf_is_refused() -> None:
    [finding] = findings(b"<!DOCTYPE html><html><body>Page not found</body></html>")
    assert (finding.code, finding.severity) == ("not-a-pdf", Severity.ERROR)


def test_a_pdf_cut_short_never_raises() -> None:
    data = simple()
    for cut in (20, len(data) // 3, len(data) // 2, len(data) - 30):
        blocks, found = read_pdf(data[:cut], ReadLimits(), "d" * 16)
        assert blocks or found


def test_an_encrypted_pdf_says_so() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(72, 700, "12")
    canvas.save()
    [finding] = findings(out.getvalue())
    assert finding.code == "pdf-encrypted"


def test_a_pdf_without_pages_says_so() -> None:
    found = findings(raw_pdf([CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"]))
    assert [f.code for f in found] in (["pdf-broken"], ["pdf-empty"])


def test_only_as_many_pages_are_read_as_the_limit_allows() -> None:
    data = one_page(b"BT /F 10 Tf 10 10 Td (12 apples) Tj ET", pages=10_000)
    [finding] = findings(data, ReadLimits(max_pages=5))
    assert finding.code == "limit-pages"
    assert "max_pages" in finding.message and finding.where == "page 6"


def test_a_document_over_the_size_limit_is_refused() -> None:
    [finding] = findings(simple(), ReadLimits(max_bytes=100))
    assert finding.code == "document-too-large" and "max_bytes" in finding.message


def test_more_cells_than_the_limit_are_left_out_aloud() -> None:
    found = findings(simple(), ReadLimits(max_cells=3))
    assert [f.code for f in found] == ["limit-cells"]


def test_a_glyph_bomb_is_ended_within_its_limits() -> None:
    bomb = one_page(
        b"BT /F 10 Tf 10 10 Td " + b"(" + b"A" * 50 + b") Tj " * 1 + (b"(" + b"A" * 50 + b") Tj ") * 120_000 + b"ET"
    )
    found = findings(bomb, ReadLimits(max_seconds=3, max_bytes=1_000_000))
    assert len(found) == 1 and found[0].code in ("limit-seconds", "limit-memory", "limit-glyphs")


def test_forms_that_use_each_other_tenfold_are_ended_within_their_limits() -> None:
    levels = 12
    objects = [CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</XObject<</X 5 0 R>>/Font<</F %d 0 R>>>>>>" % (5 + levels)
    )
    objects.append(packed(b"", b"/X Do " * 10))
    for k in range(levels):
        body = b"/X Do " * 10 if k < levels - 1 else b"BT /F 10 Tf 10 10 Td (A) Tj ET"
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X %d 0 R>>/Font<</F %d 0 R>>>>"
        objects.append(packed(head % (6 + k, 5 + levels), body))
    objects.append(FONT)
    found = findings(raw_pdf(objects), ReadLimits(max_seconds=2, max_bytes=1_000_000))
    assert len(found) == 1 and found[0].code in ("limit-seconds", "limit-memory")


def test_a_guarded_pdf_gives_what_an_unguarded_one_gives() -> None:
    from pipelines.read.pdf.guarded import read_guarded

    assert read_guarded(simple(), ReadLimits(), "d" * 16) == read_pdf(simple(), ReadLimits(), "d" * 16)


def test_bytes_changed_at_random_never_raise() -> None:
    data = simple()
    for seed in range(120):
        broken = bytearray(data)
        for k in range(1 + seed % 7):
            at = (seed * 7919 + k * 104_729) % len(broken)
            broken[at] = (seed * 31 + k * 17) % 256
        blocks, found = read_pdf(bytes(broken), ReadLimits(max_seconds=10), "d" * 16)
        assert isinstance(blocks, tuple) and isinstance(found, tuple)


def test_the_picture_of_a_cell_is_a_png_with_its_box() -> None:
    from PIL import Image

    blocks, _ = read_pdf(simple(), ReadLimits(), "d" * 16)
    cell = next(c for c in blocks[0].cells if c.text == "30")  # type: ignore[union-attr]
    shown = Image.open(io.BytesIO(picture(simple(), cell.place, scale=2.0))).convert("RGB")
    plain = Image.open(io.BytesIO(picture(simple(), Place(page=1), scale=2.0))).convert("RGB")
    assert shown.size == plain.size
    assert cell.place.box is not None
    x, y = round(cell.place.box[0] * 2), round(cell.place.box[1] + cell.place.box[3])
    assert any(shown.getpixel((x + d, y)) != plain.getpixel((x + d, y)) for d in (-2, -1, 0, 1, 2))


def test_a_picture_of_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no page 9"):
        picture(simple(), Place(page=9))
