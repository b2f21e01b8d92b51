"""Templates, encodings, and what a release says of itself."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.model import Document, GridKind, Medium, ReadResult
from pipelines.read import read_document, sniff

C_BODY = "<p>The Government announced today (January 19) its results. As of end 2021, 5 had come.</p>"


def page_c(
    body: str = C_BODY,
    *,
    css: str = "1.0.20160318",
    wrap: bool = False,
    counter: str = "",
    headline: str = "LCQ15: A scheme",
) -> str:
    table = "<table border='1'><tbody><tr><td>Total</td><td>9 131</td></tr></tbody></table>"
    table = f'<div style="overflow-x:auto;">{table}</div>' if wrap else table
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Press release</title>"
        f"<link href='public.css?{css}'><script>this.title = '<table><tr><td>1</td></tr></table>';</script></head><body>"  # noqa: E501
        "<div id='header'><a href='/gia/general/202201/19/P2022011900111.htm'><img id='hdrTCLnk' alt='Traditional Chinese'></a>"  # noqa: E501
        "<a href='http://sc.isd.gov.hk/TuniS/www.info.gov.hk/gia/general/202201/19/P2022011900111.htm'>"
        "<img alt='Simplified Chinese'></a><a href='/gia/general/202201/18.htm'>Yesterday</a></div>"
        f"<div id='PRHeadline'><span id='PRHeadlineSpan'>{headline}</span></div><div style='display:none'>LCQ15 hidden 77</div>"  # noqa: E501
        f"<span id='pressrelease' class='fontSize1'>{body}{table}<div class='controlDisplay2'></div>"
        "<div>Ends/Wednesday, January 19, 2022<br/> Issued at HKT 12:30</div><div>NNNN</div></span>"
        "<div id='rightContent'><h2>Attachment</h2><a href='https://gia.info.gov.hk/general/202201/19/P1_1_1_1.pdf'>Annex I</a></div>"  # noqa: E501
        f"<div id='footer'>{counter}</div></body></html>"
    )


def read(text: str | bytes, **more: str) -> Document:
    result = read_document(text if isinstance(text, bytes) else text.encode(), **more)
    assert result.document is not None, result.findings
    return result.document


def test_template_c_is_read_whole() -> None:
    document = read(page_c())
    facts = document.release
    assert (document.template, document.medium, facts.title, facts.number) == (
        "C",
        Medium.HTML,
        "LCQ15: A scheme",
        "LCQ15",
    )
    assert (facts.released, facts.released_evidence) == (date(2022, 1, 19), "Ends/Wednesday, January 19, 2022")
    assert (facts.issued_at, facts.language, facts.month_day) == ("12:30", "en", None)
    assert facts.not_before == date(2021, 12, 31)
    assert dict(facts.twins) == {
        "zh-Hant": "https://www.info.gov.hk/gia/general/202201/19/P2022011900111.htm",
        "zh-Hans": "http://sc.isd.gov.hk/TuniS/www.info.gov.hk/gia/general/202201/19/P2022011900111.htm",
    }
    assert facts.attachments == (("https://gia.info.gov.hk/general/202201/19/P1_1_1_1.pdf", "Annex I"),)
    assert [p.role for p in document.paragraphs] == ["headline", "", "closing", "closing", "closing"]
    assert not any("77" in p.text for p in document.paragraphs)


def test_a_wrapper_a_counter_or_a_script_version_is_no_new_body() -> None:
    first = read(page_c())
    again = read(page_c(css="1.0.20170921", wrap=True, counter="Visitors: 12,345"))
    changed = read(page_c(body=C_BODY.replace("5 had", "6 had")))
    assert first.body_hash == again.body_hash
    assert first.content_hash != again.content_hash
    assert first.body_hash != changed.body_hash


def test_the_id_in_the_address_is_no_date_and_the_folder_is() -> None:
    body = "<p>The Government announced today (February 28) its results.</p>"
    page = page_c(body).replace("Ends/Wednesday, January 19, 2022", "").replace("/202201/19/", "/")
    facts = read(page, source_url="https://www.info.gov.hk/gia/general/201902/28/P2019022700606.htm").release
    assert facts.released == date(2019, 2, 28)
    assert "201902/28" in facts.released_evidence
    only_id = read(page, source_url="https://example.org/P2019022700606.htm").release
    assert (only_id.released, only_id.month_day) == (None, (2, 28))


def test_two_dates_that_differ_are_a_finding() -> None:
    result = read_document(page_c().encode(), source_url="https://www.info.gov.hk/gia/general/202301/19/P1.htm")
    assert [f.code for f in result.findings] == ["release-date-differs"]


def test_a_day_without_a_year_stays_open() -> None:
    facts = read("LCQ15: A scheme\n\nA question in the Legislative Council today (January 19):\n").release
    assert (facts.released, facts.month_day, facts.not_before) == (None, (1, 19), None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("As of end 2021, 5 had come.", date(2021, 12, 31)),
        ("As at end-March 2021, 5 had come.", date(2021, 3, 31)),
        ("They stood at 5 as at March 31, 2015.", date(2015, 3, 31)),
        ("Information as at 10 September 2019", date(2019, 9, 10)),
        ("截至2021年年底，共5宗。", date(2021, 12, 31)),
        ("As at end 2030, it is expected to reach 5.", None),
        ("It was so in 2021.", None),
    ],
)
def test_a_date_spoken_of_as_past_is_the_earliest_release(words: str, day: date | None) -> None:
    facts = read(f"A title\n\n{words}\n").release
    assert facts.not_before == day
    assert bool(facts.not_before_evidence) == (day is not None)


def test_a_chinese_release_in_big5_with_full_width_digits() -> None:
    body = (
        "<html><head><meta http-equiv='Content-Type' content='text/html; charset=BIG5'></head><body><div id='pressrelease'>"  # noqa: E501
        "<!--contents-->立法會十五題：優秀人才入境計劃<br />******<p>以下是今日（一月十九日）的答覆：</p>"
        "<p>完<br />２０１２年７月１日（星期日）<br />香港時間１２時５８分<br />ＮＮＮＮ</p><!--contents--></div></body></html>"  # noqa: E501
    )
    document = read(body.encode("big5hkscs"))
    facts = document.release
    assert (document.encoding, document.template) == ("big5hkscs", "B")
    assert (facts.number, facts.language) == ("LCQ15", "zh-Hant")
    assert (facts.released, facts.issued_at) == (date(2012, 7, 1), "12:58")


@pytest.mark.parametrize(
    ("closing", "released"),
    [
        ("完／二○二六年三月八日（星期日）", date(2026, 3, 8)),
        ("完／二零二五年十二月三十一日（星期三）", date(2025, 12, 31)),
        ("完／二〇二四年十月二十日", date(2024, 10, 20)),
        ("完／二○二四年二月三十日", None),
    ],
)
def test_a_release_date_in_chinese_numerals_is_read(closing: str, released: date | None) -> None:
    body = f"<div id='pressrelease'><p>截至二○二三年十一月底，接獲一百宗申請。</p><p>{closing}</p></div>"
    facts = read(body.encode()).release
    assert facts.released == released and facts.not_before == date(2023, 11, 30)


def test_a_stray_big5_space_in_a_page_declared_western_is_a_space() -> None:
    page = b"<meta http-equiv='content-type' content='text/html; charset=iso-8859-1'><HTML><BODY><!---contents--->\nT<p>\n***********<p>\n<pre>\nRevenue      \xa1\x406,230.3      40,161.1\nDeficit      \xa1\x40 (324.9)      1,773.2\n</pre>\n<!---contents---></BODY></HTML>"  # noqa: E501
    table = read(page).grids[0]
    assert [c.text for c in table.cells] == ["Revenue", "6,230.3", "40,161.1", "Deficit", "(324.9)", "1,773.2"]


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("優秀人才入境計劃獲分配名額", "utf-8", "big5"),
        ("優秀人才入境計劃獲分配名額", "big5hkscs", "utf-8"),
        ("Café résumé, naïve façade.", "cp1252", "utf-8"),
        ("Café résumé, naïve façade.", "utf-8", "iso-8859-1"),
        ("優秀人才入境計劃獲分配名額", "utf-16", "big5"),
    ],
)
def test_the_declared_encoding_is_heard_not_obeyed(text: str, encoding: str, declared: str) -> None:
    page = f"<html><head><meta charset='{declared}'></head><body><p>{text}</p></body></html>"
    result = read_document(page.encode(encoding))
    assert result.document is not None
    assert [p.text for p in result.document.paragraphs] == [text]
    assert result.findings == ()


def test_a_page_that_no_encoding_fits_gives_a_finding() -> None:
    noise = bytes((i * 37 + 11) % 128 + 128 for i in range(600)) + b"\xff\x80\xfe\x81" * 40
    result = read_document(b"<html><body><p>Words 5 " + noise + b"</p></body></html>", name="odd.htm")
    assert [(f.code, str(f.severity)) for f in result.findings if f.code.startswith("encoding")] == [
        ("encoding-undecodable", "error")
    ]


def test_a_text_encoded_twice_gives_a_finding() -> None:
    twice = "優秀人才入境計劃獲分配名額".encode().decode("latin-1").encode()
    result = read_document(b"<html><body><p>" + twice + b"</p></body></html>")
    assert [f.code for f in result.findings] == ["encoding-doubled"]


def test_a_mirror_degrades_to_its_main_text() -> None:
    words = "The quota of the scheme was discussed at length in the Council. " * 6
    page = (
        "<html><body><nav>Menu 1 2 3</nav><header>Head 4</header><main><h1>LCQ3: Quotas</h1>"
        f"<p>{words}</p><table><tr><td>a<td>5</table><div class='sharedaddy'>Share 6</div>"
        "<div id='comments'><h3>Leave a Reply</h3><form>7</form></div></main><aside>8</aside><footer>Visitors 9</footer></body></html>"  # noqa: E501
    )
    document = read(page)
    said = " ".join(p.text for p in document.paragraphs)
    assert (document.template, document.release.number) == ("mirror", "LCQ3")
    assert not any(digit in said for digit in "12456789")
    assert len(document.grids) == 1


def test_the_name_of_a_mirror_is_not_the_title_of_the_release() -> None:
    words = "The quota of the scheme was discussed at length in the Council. " * 6
    page = (
        "<html><head><title>LCQ11: Working holidays – Our News</title></head><body><header><h1>Our News</h1></header>"
        f"<div class='entry-content'>{{0}}<p>{words}</p></div>"
    )
    assert read(page.format("<p>LCQ11: Working holidays</p>")).release.title == "LCQ11: Working holidays"
    assert read(page.format("")).release.title == "LCQ11: Working holidays"
    assert read(page.format("").replace("LCQ11: ", "")).release.number == ""


def test_asterisks_between_paragraphs_make_no_headline() -> None:
    words = "The quota of the scheme was discussed at length in the Council. " * 8
    document = read(f"<html><body><main><p>{words}</p><p>*****</p><p>Words 5.</p></main></body></html>")
    assert [p.role for p in document.paragraphs if "quota" in p.text] == [""]


def test_the_kind_is_told_by_the_bytes() -> None:
    assert sniff(b"%PDF-1.7\n...") == "application/pdf"
    assert sniff(b"\n\n  <!DOCTYPE html><html>") == "text/html"
    assert sniff(b"<meta http-equiv=x><HTML>") == "text/html"
    assert sniff("Year,Received,Total\n2006,587,587\n2007,627,627\n".encode("utf-8-sig")) == "text/csv"
    assert sniff(b"Dear all,\nthe quota, as announced, is 5.\nYours, A.\n") == "text/plain"
    assert sniff(b"\x00\x01\x02\x03binary") == "application/octet-stream"
    assert sniff(b"") == "application/octet-stream"


def test_a_name_that_belies_the_bytes_is_a_finding_and_the_bytes_are_read() -> None:
    result: ReadResult = read_document(b"<html><body><h1>404 Not Found</h1></body></html>", name="annex.pdf")
    assert result.document is not None
    assert result.document.medium is Medium.HTML
    assert [f.code for f in result.findings] == ["name-belies-bytes"]


def test_a_csv_is_a_grid_with_its_header_and_its_lines() -> None:
    text = 'Year,"Place, of origin",Total,Remarks\n2006,"Taiwan, China",1 234*,\n\n2007,India,(2),"two\nlines"\n2008,UK,3,x\n'  # noqa: E501
    document = read(text)
    grid = document.grids[0]
    assert (document.medium, grid.kind, grid.n_rows, grid.n_cols, grid.header_rows) == (
        Medium.CSV,
        GridKind.CSV,
        4,
        4,
        1,
    )
    assert [c.text for c in grid.cells if c.row == 1] == ["2006", "Taiwan, China", "1 234*", ""]
    assert next(c for c in grid.cells if (c.row, c.col) == (1, 2)).marks == ("*",)
    assert [c.place.line for c in grid.cells if c.col == 0] == [1, 2, 4, 6]
