"""What a person does not see on a page of a PDF is not read; what is withdrawn is not current."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipelines.model import Finding, Grid
from pipelines.read.document import read_document
from tests.read.pdf_making import HEIGHT, columns, pdf, rule, text

_ROWS = (("2018", "1,941", "555"), ("2019", "5,262", "874"), ("2020", "8,500", "709"), ("2021", "3,011", "2,004"))


def _table(c: Canvas, rows: tuple[tuple[str, ...], ...] = _ROWS) -> None:
    columns(c, (("Year", "Received", "Allotted"), *rows), ends=(260, 400))


def _read(data: bytes) -> tuple[list[list[str]], list[Finding]]:
    result = read_document(data)
    grids = [b for b in result.document.blocks if isinstance(b, Grid)] if result.document else []
    rows: dict[tuple[int, int], list[str]] = {}
    for n, grid in enumerate(grids):
        for cell in grid.cells:
            rows.setdefault((n, cell.row), []).append(cell.text)
    return [rows[k] for k in sorted(rows)], list(result.findings)


def raw_pdf(content: str, *, pages: str = "", page: str = "", resources: str = "", more: tuple[str, ...] = ()) -> bytes:
    """A PDF of one page from raw operators; `more` are objects 6 and up, `catalog:` in front adds to the catalog."""
    catalog = "".join(m.removeprefix("catalog:") for m in more if m.startswith("catalog:"))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [3 0 R] /Count 1 {pages} >>",
        f"<< /Type /Page /Parent 2 0 R {page} /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> {resources} >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *(m for m in more if not m.startswith("catalog:")),
    ]
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, 2)
    offsets = []
    for k, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{k} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    table = "".join(f"{o:010} 00000 n \n" for o in offsets)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def _at(x: float, y: float, said: str, before: str = "", size: float = 10) -> str:
    return f"q {before} BT /F1 {size} Tf {x} {y} Td ({said}) Tj ET Q\n"


def raw_table(right: float = 400) -> str:
    rows = (("Year", "Received", "Allotted"), *_ROWS)
    return "".join(
        _at(x, 500 - 20 * k, said) for k, row in enumerate(rows) for x, said in zip((80, 240, right), row, strict=True)
    )


_A4 = "/MediaBox [0 0 595 842]"


def test_boxes_that_stand_in_the_pages_node_bound_the_page() -> None:
    rows, _ = _read(raw_pdf(raw_table(700), pages="/MediaBox [0 0 842 595]"))
    assert [row[-1] for row in rows] == ["Allotted", "555", "874", "709", "2,004"]


def test_what_an_inherited_crop_box_cuts_off_is_not_on_the_page() -> None:
    rows, findings = _read(raw_pdf(raw_table(), pages=f"{_A4} /CropBox [0 0 350 842]"))
    assert not any("709" in cell for row in rows for cell in row)
    assert "709" in next(f.message for f in findings if f.code == "hidden-text")


_HIDINGS = {
    "render mode 3": _at(394, 440, "7", "3 Tr"),
    "render mode 7": _at(394, 440, "7", "7 Tr"),
    "white": _at(394, 440, "7", "1 g"),
    "nearly white": _at(394, 440, "7", "0.97 0.98 0.97 rg"),
    "white in CMYK": _at(394, 440, "7", "0 0 0 0 k"),
    "transparent": _at(394, 440, "7", "/G0 gs"),
    "clipped away": _at(394, 440, "7", "0 0 50 50 re W n"),
    "covered by a white box": _at(394, 440, "7") + "q 1 g 392 437 8.1 12 re f Q\n",
    "of a point": _at(398, 440, "7", size=1),
    "in a layer that is off": "/OC /L BDC " + _at(394, 440, "7") + " EMC\n",
}


@pytest.mark.parametrize("way", _HIDINGS)
def test_a_digit_that_is_not_seen_is_never_joined_to_a_figure(way: str) -> None:
    # hidden text is drawn first where the figure beside it must not be covered
    data = raw_pdf(
        _HIDINGS[way] + raw_table(),
        page=_A4,
        resources="/ExtGState << /G0 << /ca 0 /CA 0 >> >> /Properties << /L 6 0 R >>",
        more=(
            "<< /Type /OCG /Name (Layer) >>",
            "catalog:/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] /Order [6 0 R] >> >>",
        ),
    )
    rows, findings = _read(data)
    assert [row[-1] for row in rows] == ["Allotted", "555", "874", "709", "2,004"]
    assert "“7”" in next(f.message for f in findings if f.code == "hidden-text")


def test_a_layer_that_is_on_is_read() -> None:
    data = raw_pdf(
        "/OC /L BDC " + raw_table() + " EMC",
        page=_A4,
        resources="/Properties << /L 6 0 R >>",
        more=("<< /Type /OCG /Name (Layer) >>", "catalog:/OCProperties << /OCGs [6 0 R] /D << /ON [6 0 R] >> >>"),
    )
    rows, findings = _read(data)
    assert rows[3] == ["2020", "8,500", "709"]
    assert not findings


def test_of_a_figure_under_a_white_box_and_one_on_top_the_new_one_stands() -> None:
    def draw(c: Canvas) -> None:
        _table(c, (*_ROWS[:2], ("2020", "8,500", "790"), _ROWS[3]))
        c.setFillGray(1)
        c.rect(375, HEIGHT - 150, 40, 13, stroke=0, fill=1)
        c.setFillGray(0)
        text(c, 400, 148, "709", right=True)

    rows, findings = _read(pdf(draw))
    assert rows[3] == ["2020", "8,500", "709"]
    assert "“790”" in next(f.message for f in findings if f.code == "hidden-text")


def test_a_figure_that_is_replaced_in_part_is_never_pieced_together() -> None:
    def draw(c: Canvas) -> None:
        _table(c, (*_ROWS[:2], ("2020", "8,500", "1,790"), _ROWS[3]))
        c.setFillGray(1)
        c.rect(383, HEIGHT - 150, 40, 13, stroke=0, fill=1)
        c.setFillGray(0)
        text(c, 400, 148, "709", right=True)

    rows, _ = _read(pdf(draw))
    assert rows[3][:2] == ["2020", "8,500"]
    assert "\ufffd" in rows[3][2] or rows[3][2] == "1,709"


def test_white_text_on_a_dark_head_is_seen() -> None:
    def draw(c: Canvas) -> None:
        c.setFillGray(0.2)
        c.rect(60, HEIGHT - 104, 380, 16, stroke=0, fill=1)
        c.setFillGray(1)
        columns(c, (("Year", "Received", "Allotted"),), ends=(260, 400))
        c.setFillGray(0)
        columns(c, _ROWS, ends=(260, 400), top=116)

    rows, findings = _read(pdf(draw))
    assert rows[0] == ["Year", "Received", "Allotted"]
    assert not findings


def test_a_figure_printed_twice_for_boldness_is_read_once() -> None:
    def draw(c: Canvas) -> None:
        _table(c)
        text(c, 400, 148, "709", right=True)

    assert _read(pdf(draw))[0][3] == ["2020", "8,500", "709"]


def test_a_picture_with_hidden_text_over_it_is_a_searchable_scan() -> None:
    image = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    )
    content = "q 595 0 0 842 0 0 cm /I Do Q 3 Tr " + raw_table()
    rows, findings = _read(
        raw_pdf(
            content,
            page=_A4,
            resources="/XObject << /I 6 0 R >>",
            more=(f"{image}\nstream\n\xf0\nendstream",),
        )
    )
    assert not rows
    assert [f.code for f in findings if f.code == "searchable-scan"]


@pytest.mark.parametrize("thickness", [0.5, 1.5])
def test_a_figure_with_a_rule_through_it_is_withdrawn_and_the_one_beside_it_stands(thickness: float) -> None:
    def draw(c: Canvas) -> None:
        _table(c, (*_ROWS[:2], ("2020", "8,500", "790"), _ROWS[3]))
        c.setLineWidth(thickness)
        rule(c, 382, 401, 145)
        text(c, 424, 148, "709", right=True)

    rows, findings = _read(pdf(draw))
    assert not any("790" in cell for row in rows for cell in row)
    assert any("709" in cell for cell in rows[3])
    assert "“790”" in next(f.message for f in findings if f.code == "struck-out-text")


def test_an_underline_withdraws_nothing() -> None:
    def draw(c: Canvas) -> None:
        _table(c)
        rule(c, 382, 401, 149.5)

    rows, findings = _read(pdf(draw))
    assert rows[3] == ["2020", "8,500", "709"]
    assert not findings


def test_what_a_strike_out_annotation_covers_is_withdrawn() -> None:
    annotation = (
        "/Annots [<< /Type /Annot /Subtype /StrikeOut /Rect [398 437 420 451] "
        "/QuadPoints [398 451 420 451 398 437 420 437] /C [1 0 0] >>]"
    )
    rows, findings = _read(raw_pdf(raw_table(), page=f"{_A4} {annotation}"))
    assert not any("709" in cell for row in rows for cell in row)
    assert "“709”" in next(f.message for f in findings if f.code == "struck-out-text")


def test_a_small_digit_on_the_line_of_a_figure_is_a_mark_and_no_digit_of_it() -> None:
    def draw(c: Canvas) -> None:
        _table(c)
        text(c, 400.2, 148, "1", size=6)

    result = read_document(pdf(draw))
    assert result.document is not None
    cells = [c for b in result.document.blocks if isinstance(b, Grid) for c in b.cells if "709" in c.text]
    assert [(c.bare, c.marks) for c in cells] == [("709", ("1",))]


@pytest.mark.parametrize("code", ["0002", "0000", "E012"])
def test_a_minus_whose_font_gives_it_no_meaning_makes_the_cell_unreadable(code: str) -> None:
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"2 beginbfrange <20> <2C> <0020> <2E> <7E> <002E> endbfrange 1 beginbfchar <2D> <{code}> endbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    data = raw_pdf(
        raw_table().replace("(709)", "(-709)").replace("/F1", "/F2"),
        page=_A4,
        resources="/Font << /F2 6 0 R >>",
        more=(
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 7 0 R >>",
            f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
        ),
    ).replace(b"/Font << /F1 5 0 R >> ", b"")
    rows, _ = _read(data)
    assert not any(cell == "709" for row in rows for cell in row)
    assert any("\ufffd" in cell for cell in rows[3]) or any("-709" in cell for cell in rows[3])
