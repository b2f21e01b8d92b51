"""Tables of PDFs: what stands in which cell, on pages drawn for the test."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipelines.model import Grid, GridKind, Paragraph
from pipelines.read.pdf import read_pdf
from pipelines.settings import ReadLimits
from tests.read.pdf_making import HEIGHT, chinese, columns, pdf, rule, ruled, text


def grids(data: bytes) -> list[Grid]:
    blocks, findings = read_pdf(data, ReadLimits(), "d" * 16)
    assert findings == ()
    return [b for b in blocks if isinstance(b, Grid)]


def rows(grid: Grid) -> list[list[str]]:
    out = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell in grid.cells:
        out[cell.row][cell.col] = cell.text
    return out


def spans(grid: Grid) -> dict[str, tuple[int, int]]:
    return {c.text: (c.rowspan, c.colspan) for c in grid.cells if c.text}


BODY = [
    ["Scheme", "2021", "2022", "2023"],
    ["General", "1,104", "1,358", "2,341"],
    ["Talent", "310", "7", "12,290"],
    ["Total", "1,414", "1,365", "14,631"],
]


def test_a_ruled_table_gives_each_cell_its_place() -> None:
    [grid] = grids(pdf(lambda c: ruled(c, BODY, widths=[120, 80, 80, 80])))
    assert grid.kind is GridKind.RULED
    assert rows(grid) == BODY
    assert next(c for c in grid.cells if c.text == "12,290").place.page == 1
    box = next(c for c in grid.cells if c.text == "12,290").place.box
    assert box is not None
    assert 272 + 80 <= box[0] < box[2] <= 272 + 160
    assert 140 <= box[1] < box[3] <= 160


def test_merged_cells_are_spans() -> None:
    head = [["Place", "Applications", "", "Quota"], ["", "Received", "Approved", ""]]
    made = [*head, ["Mainland", "120", "90", "100"], ["Others", "30", "22", "50"]]
    [grid] = grids(
        pdf(lambda c: ruled(c, made, widths=[90, 80, 80, 80], spans=[(0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 2, 1)]))
    )
    assert spans(grid)["Place"] == (2, 1)
    assert spans(grid)["Applications"] == (1, 2)
    assert spans(grid)["Quota"] == (2, 1)
    assert rows(grid)[2:] == made[2:]


def test_lines_of_one_ruled_cell_stay_in_it() -> None:
    made = [["Industry", "Number"], ["Financial\nservices", "12"], ["Information\ntechnology", "1 358"]]
    [grid] = grids(pdf(lambda c: ruled(c, made, widths=[120, 80], height=32)))
    assert rows(grid) == made


def test_a_table_without_rules_is_read_by_its_columns() -> None:
    [grid] = grids(pdf(lambda c: columns(c, BODY)))
    assert grid.kind is GridKind.UNRULED
    assert rows(grid)[-3:] == BODY[1:]


def test_a_half_ruled_table_ends_at_its_rules() -> None:
    def draw(c: Canvas) -> None:
        text(c, 72, 80, "Table 1. Applications received and approved in the years 2021 to 2023")
        rule(c, 70, 502, 88)
        columns(c, BODY)
        rule(c, 70, 502, 104)
        rule(c, 70, 502, 154)
        text(c, 72, 166, "Source: the Department.")

    [grid] = grids(pdf(draw))
    assert rows(grid) == [["Scheme", *BODY[0][1:]], *BODY[1:]] and grid.n_rows == 4
    assert grid.caption.startswith("Table 1.")
    assert grid.notes == ("Source: the Department.",)


def test_a_head_over_several_columns_spans_them() -> None:
    def draw(c: Canvas) -> None:
        c.setFont("Helvetica", 10)
        c.drawCentredString(326, HEIGHT - 80, "Approved cases")
        columns(c, [["Scheme", "Local", "Overseas", "All"], *BODY[1:]], ends=(260, 340, 420))

    [grid] = grids(pdf(lambda c: draw(c)))
    assert spans(grid)["Approved cases"] == (1, 3)
    assert rows(grid)[-1][:4] == ["Total", "1,414", "1,365", "14,631"]


def test_a_wrapped_label_is_one_cell_with_its_figures() -> None:
    def draw(c: Canvas) -> None:
        columns(c, [["Scheme", "Local", "Overseas"], ["General", "10", "20"]], ends=(300, 400))
        text(c, 72, 132, "Admission scheme for talents and")
        text(c, 72, 144, "professionals of the mainland")
        text(c, 300, 132, "7,127", right=True)
        text(c, 400, 132, "1", right=True)
        columns(c, [["Total", "7,137", "21"]], ends=(300, 400), top=164)

    [grid] = grids(pdf(draw))
    assert ["Admission scheme for talents and\nprofessionals of the mainland", "7,127", "1"] in rows(grid)
    assert rows(grid)[-1] == ["Total", "7,137", "21"]


def test_columns_that_nearly_touch_stay_apart() -> None:
    made = [
        ["Year", "A", "B"],
        ["2019", "11,111", "22,222"],
        ["2020", "33,333", "44,444"],
        ["2021", "55,555", "66,666"],
    ]
    [grid] = grids(pdf(lambda c: columns(c, made, ends=(160, 196))))
    assert rows(grid)[-3:] == made[1:]


def test_a_raised_mark_is_kept_apart_from_its_number() -> None:
    def draw(c: Canvas) -> None:
        ruled(c, [["Year", "Number"], ["2021", "1358"], ["2022", "20"]], widths=[80, 80])
        text(c, 155 + c.stringWidth("1358", "Helvetica", 10), 129, "2", size=6)

    [grid] = grids(pdf(draw))
    cell = next(c for c in grid.cells if c.text.startswith("1358"))
    assert (cell.text, cell.bare, cell.marks) == ("13582", "1358", ("2",))


def test_a_raised_mark_before_its_number_is_kept_apart() -> None:
    def draw(c: Canvas) -> None:
        ruled(c, [["Year", "Number"], ["2021", "  400"], ["2022", "20"]], widths=[80, 80])
        text(c, 157, 129, "*", size=6)

    [grid] = grids(pdf(draw))
    cell = next(c for c in grid.cells if c.text.endswith("400"))
    assert (cell.bare, cell.marks) == ("400", ("*",))


def test_two_tables_on_a_page_are_two_grids_in_order() -> None:
    def draw(c: Canvas) -> None:
        ruled(c, BODY, widths=[120, 80, 80, 80])
        text(c, 72, 220, "The figures of the second scheme follow.")
        ruled(c, [["Sex", "Number"], ["Men", "17"], ["Women", "25"]], widths=[80, 80], top=250)

    blocks, _ = read_pdf(pdf(draw), ReadLimits(), "d" * 16)
    assert [type(b) for b in blocks if isinstance(b, Grid) or "second" in b.text] == [Grid, Paragraph, Grid] or [
        type(b) for b in blocks
    ] == [Grid, Grid]
    found = [b for b in blocks if isinstance(b, Grid)]
    assert [g.ordinal for g in found] == [0, 1]
    assert rows(found[1])[2] == ["Women", "25"]


def test_a_table_over_three_pages_is_one_grid_with_its_parts() -> None:
    def page(number: int) -> None:
        def draw(c: Canvas) -> None:
            text(c, 72, 40, "Report on admission")
            ruled(
                c,
                [BODY[0], *[[f"Row {number}-{k}", "1", "2", "3"] for k in range(30)]],
                widths=[120, 80, 80, 80],
                top=60,
            )
            text(c, 290, 820, f"- {number} -")

        return draw  # type: ignore[return-value]

    [grid] = grids(pdf(page(1), page(2), page(3)))  # type: ignore[arg-type]
    assert [p.page for p in grid.parts] == [1, 2, 3]
    assert grid.n_rows == 91
    assert sum(c.text == "Scheme" for c in grid.cells) == 1
    assert grid.header_rows == 1
    assert all(c.header for c in grid.cells if c.row == 0)
    assert not any("- 2 -" in c.text or "Report" in c.text for c in grid.cells)


def test_an_unruled_table_over_pages_is_one_grid() -> None:
    def page(number: int) -> None:
        def draw(c: Canvas) -> None:
            columns(c, [BODY[0], *[[f"Row {number}-{k}", f"{k},104", "7", "310"] for k in range(1, 31)]], top=60)
            text(c, 290, 820, f"{number}")

        return draw  # type: ignore[return-value]

    [grid] = grids(pdf(page(1), page(2)))  # type: ignore[arg-type]
    assert grid.n_rows == 61
    assert rows(grid)[-1] == ["Row 2-30", "30,104", "7", "310"]
    assert next(c for c in grid.cells if c.text == "Row 2-1").place.page == 2


def test_one_row_left_for_the_next_page_goes_with_its_table() -> None:
    def first(c: Canvas) -> None:
        for k in range(4):
            text(c, 72, 60 + 14 * k, "The number of applications that were received and approved is set out below.")
        columns(c, [BODY[0], *[[f"Row {k}", f"{k},104", "7", "310"] for k in range(1, 41)]], top=140)

    def second(c: Canvas) -> None:
        columns(c, [BODY[0], ["Total", "9,999", "280", "12,400"]], top=60)
        text(c, 72, 130, "The figures are provisional.")

    [grid] = grids(pdf(first, second))
    assert grid.n_rows == 42
    assert rows(grid)[-1] == ["Total", "9,999", "280", "12,400"]
    assert [p.page for p in grid.parts] == [1, 2]


def test_a_page_turned_by_its_dictionary_is_read_upright() -> None:
    def draw(c: Canvas) -> None:
        c.translate(0, 595)  # the maker swaps the sides of a page that it turns
        c.rotate(-90)  # text runs down the page; /Rotate 270 shows it upright
        ruled(c, BODY, widths=[120, 80, 80, 80])

    [grid] = grids(pdf(draw, rotate=270))
    assert rows(grid) == BODY
    box = next(c for c in grid.cells if c.text == "Total").place.box
    assert box is not None
    assert (round(box[0]), round(box[3])) == (75, 175)


def test_text_that_runs_up_the_page_is_read_upright() -> None:
    def draw(c: Canvas) -> None:
        c.translate(595, 0)
        c.rotate(90)
        c.translate(0, -247)
        ruled(c, BODY, widths=[120, 80, 80, 80])

    [grid] = grids(pdf(draw))
    assert rows(grid) == BODY


def test_chinese_text_and_one_character_a_line_are_cells() -> None:
    def draw(c: Canvas) -> None:
        ruled(c, [["", ""], ["", "12"], ["", "30"]], widths=[80, 80], height=48)
        for k, said in enumerate("第一級"):
            chinese(c, 100, 112 + 12 * k, said)
        chinese(c, 160, 120, "獲批 人數")
        chinese(c, 80, 160, "內地")
        chinese(c, 80, 210, "海外")

    # the font is not embedded: a machine whose substitute lacks a glyph gives it no box, and pdfium then no character
    if not read_pdf(pdf(lambda c: chinese(c, 100, 112, "第")), ReadLimits(), "d" * 16)[0]:
        pytest.skip("no font of this machine has the Chinese glyphs that the PDF names without embedding them")
    [grid] = grids(pdf(draw))
    assert rows(grid) == [["第\n一\n級", "獲批人數"], ["內地", "12"], ["海外", "30"]] or rows(grid)[0][1] == "獲批 人數"
    assert rows(grid)[0][0] == "第\n一\n級"
    assert rows(grid)[2] == ["海外", "30"]


def test_a_tilted_head_is_read_along_its_line() -> None:
    def draw(c: Canvas) -> None:
        ruled(c, [["Year", "", ""], ["2021", "5", "8"], ["2022", "6", "9"]], widths=[80, 40, 40], height=70)
        for x, said in ((175, "Received"), (215, "Approved")):
            c.saveState()
            c.translate(x, HEIGHT - 165)
            c.rotate(90)
            c.drawString(0, 0, said)
            c.restoreState()

    [grid] = grids(pdf(draw))
    assert rows(grid)[0] == ["Year", "Received", "Approved"]


def test_dots_that_lead_the_eye_are_no_column() -> None:
    made = [
        ["Mainland ................................", "12", "30"],
        ["Taiwan .................................", "4", "1,000"],
        ["Overseas ...............................", "7", "22"],
    ]
    [grid] = grids(pdf(lambda c: columns(c, made, ends=(320, 420))))
    assert [r[1:] for r in rows(grid)] == [["12", "30"], ["4", "1,000"], ["7", "22"]]
    assert [c.bare for c in grid.cells if c.col == 0] == ["Mainland", "Taiwan", "Overseas"]


def test_heads_underlined_over_years_span_their_columns() -> None:
    def draw(c: Canvas) -> None:
        rule(c, 70, 520, 80)
        c.drawCentredString(300, HEIGHT - 92, "Men")
        c.drawCentredString(460, HEIGHT - 92, "Women")
        rule(c, 225, 370, 96)
        rule(c, 390, 520, 96)
        made = [["Age", "2009", "2010", "2009", "2010"], ["Under 18", "12", "13", "14", "15"]]
        made += [["All", "31", "2,000", "7", "1"], ["Share", "4%", "5%", "6%", "7%"]]
        columns(c, made, top=108, ends=(260, 360, 430, 510))
        rule(c, 70, 520, 166)

    [grid] = grids(pdf(draw))
    assert (spans(grid)["Men"], spans(grid)["Women"]) == ((1, 2), (1, 2))
    assert grid.header_rows == 2
    assert rows(grid)[2:] == [
        ["Under 18", "12", "13", "14", "15"],
        ["All", "31", "2,000", "7", "1"],
        ["Share", "4%", "5%", "6%", "7%"],
    ]


def test_a_table_in_one_column_of_running_text_is_found() -> None:
    words = "the department has received more applications than in any of the years before".split()  # noqa: SIM905

    def draw(c: Canvas) -> None:
        for k in range(40):
            text(c, 50, 60 + 13 * k, " ".join(words[k % 5 : k % 5 + 6]), size=9)
            if k < 18 or k > 26:
                text(c, 310, 60 + 13 * k, " ".join(words[k % 4 + 1 : k % 4 + 7]), size=9)
        rule(c, 310, 540, 300)
        columns(c, BODY, top=314, left=310, ends=(430, 490, 540))
        rule(c, 310, 540, 318)
        rule(c, 310, 540, 368)

    [grid] = grids(pdf(draw))
    assert rows(grid) == BODY


def test_prose_in_two_columns_is_no_table() -> None:
    said = "the department has received more applications than in any of the years before"
    words = said.split()

    def draw(c: Canvas) -> None:
        for k in range(30):
            text(c, 60, 100 + 13 * k, " ".join(words[k % 5 : k % 5 + 7]))
            text(c, 310, 100 + 13 * k, " ".join(words[k % 4 + 1 : k % 4 + 8]))

    assert grids(pdf(draw)) == []


def test_a_contents_list_is_no_table() -> None:
    made = [[f"Chapter {k} of the report ...........................", str(3 * k)] for k in range(1, 9)]
    assert grids(pdf(lambda c: columns(c, made, ends=(420,)))) == []


def test_bars_of_a_chart_are_no_table() -> None:
    def draw(c: Canvas) -> None:
        for k, length in enumerate((40, 90, 130, 170, 210)):
            c.setFillGray(0.7)
            c.rect(160, HEIGHT - 120 - 30 * k, length, 14, stroke=0, fill=1)
            c.setFillGray(0)
            text(c, 100, 117 + 30 * k, f"{2018 + k}")
            text(c, 165, 117 + 30 * k, f"{length}")
            text(c, 420, 117 + 30 * k, f"{length / 10:.1f}%")

    assert grids(pdf(draw)) == []


def test_nothing_is_lost_and_nothing_doubled() -> None:
    def draw(c: Canvas) -> None:
        text(c, 72, 60, "A total of 901 cases were approved in 2023 and 77 were refused.")
        ruled(c, BODY, widths=[120, 80, 80, 80])
        columns(
            c,
            [["Sex", "Cases", "Share"], ["Men", "811", "90%"], ["Women", "90", "10%"], ["All", "901", "100%"]],
            top=320,
        )

    blocks, _ = read_pdf(pdf(draw), ReadLimits(), "d" * 16)
    said: list[str] = []
    for block in blocks:
        if isinstance(block, Grid):
            said += [c.text for c in block.cells] + [block.caption, *block.notes]
        else:
            said.append(block.text)
    printed = " ".join(said).split()
    for figure in ("77", "811", "12,290", "14,631", "100%", "1,104"):
        assert printed.count(figure) == 1, figure
    assert printed.count("901") == 2


def test_a_boxed_header_heads_the_unruled_rows_below_it() -> None:
    def draw(c: Canvas) -> None:
        for x0, x1, said in ((70, 200, "Scheme"), (200, 270, "2021"), (270, 350, "2022"), (350, 430, "2023")):
            c.rect(x0, HEIGHT - 104, x1 - x0, 20)
            c.drawCentredString((x0 + x1) / 2, HEIGHT - 98, said)
        columns(c, BODY[1:], top=118, ends=(260, 340, 420))

    [grid] = grids(pdf(draw))
    assert rows(grid) == BODY
    assert grid.header_rows == 1


def test_rules_between_columns_alone_leave_the_rows_to_the_figures() -> None:
    def draw(c: Canvas) -> None:
        columns(c, BODY, ends=(260, 340, 420))
        for y in (88, 104, 154):
            rule(c, 70, 430, y)
        for x in (200, 270, 350):
            c.line(x, HEIGHT - 88, x, HEIGHT - 154)

    [grid] = grids(pdf(draw))
    assert rows(grid) == BODY


def test_a_head_that_goes_on_in_the_line_below_spans_its_own_column_only() -> None:
    def draw(c: Canvas) -> None:
        c.drawCentredString(320, HEIGHT - 88, "Standard")
        made = [
            ["Place", "Cases", "error", "Refused"],
            ["Inland", "1,104", "13.5", "41"],
            ["Abroad", "310", "7.1", "90"],
        ]
        columns(c, [*made, ["All", "1,414", "6.5", "131"]], ends=(260, 330, 420))

    [grid] = grids(pdf(draw))
    assert spans(grid)["Standard\nerror"] == (1, 1)
    assert rows(grid)[-1] == ["All", "1,414", "6.5", "131"]


def test_a_heading_amid_the_figures_is_no_part_of_the_figure_above() -> None:
    def draw(c: Canvas) -> None:
        columns(c, [BODY[0], *BODY[1:3]], ends=(260, 340, 420))
        c.drawCentredString(330, HEIGHT - 148, "Second half")
        columns(c, [["General", "9", "8", "7"], ["Talent", "6", "5", "4"]], ends=(260, 340, 420), top=164)

    [grid] = grids(pdf(draw))
    assert rows(grid)[2] == BODY[2]
    assert [c.text for c in grid.cells if c.row == 3 and c.text] == ["Second half"]
    assert rows(grid)[4] == ["General", "9", "8", "7"]


def test_figures_at_the_last_of_three_lines_take_the_whole_label() -> None:
    def draw(c: Canvas) -> None:
        columns(c, [["Item", "Local", "Overseas"], ["General", "10", "20"]], ends=(300, 400))
        for k, said in enumerate(
            ("Grants received from other", "agencies for research and for", "the training of teachers")
        ):
            text(c, 72, 132 + 12 * k, said)
        text(c, 300, 156, "7,127", right=True)
        text(c, 400, 156, "1", right=True)
        columns(c, [["Total", "7,137", "21"]], ends=(300, 400), top=172)

    [grid] = grids(pdf(draw))
    whole = "Grants received from other\nagencies for research and for\nthe training of teachers"
    assert [whole, "7,127", "1"] in rows(grid)
    assert rows(grid)[-1] == ["Total", "7,137", "21"]


def test_running_text_beside_a_table_stays_out_of_it() -> None:
    said = "of the year before the department has received more applications than in any of those that went".split()  # noqa: SIM905

    def draw(c: Canvas) -> None:
        for k in range(30):
            text(c, 60, 60 + 12.5 * k, " ".join((said * 3)[k : k + 9])[:44], size=9)
        columns(c, BODY, top=105, left=310, ends=(430, 490, 540), step=15)

    [grid] = grids(pdf(draw))
    assert rows(grid)[-3:] == BODY[1:]
    assert not any("department" in c.text or "applications" in c.text for c in grid.cells)


def test_retypeset_tables_keep_their_cells() -> None:
    """A slice of the benchmark: contents of our own in seven styles; nearly every cell is read as it was set."""
    import random

    from tests.benchmarks.pdf_contents import made
    from tests.benchmarks.pdf_typeset import document

    rng = random.Random(11)
    contents = [made(rng) for _ in range(12)]
    hit = printed = 0
    for name in ("ruled fully", "ruled rows", "three rules", "rules under spans", "zebra", "fives", "small and tight"):
        data, truth = document(2, name, contents)
        found = {" ".join(c.text.split()) for g in grids(data) for c in g.cells if c.text}
        cells = [cell for table in truth for cell in table["cells"] if cell[4]]  # type: ignore[attr-defined]
        printed += len(cells)
        hit += sum(" ".join(str(cell[4]).split()) in found for cell in cells)
    assert printed > 300
    assert hit >= 0.97 * printed
