"""Builds the bundled documents under `raw/facsimile/`: published figures, the page structure of their time, our prose.

    python -m tests.support.facsimile raw/facsimile

What belongs here: the text of the five documents of LCQ15 of 2022 and the records of all (the others are set by
`facsimile_schemes` and `facsimile_opendata`).  Labels and figures are those
published; every sentence is our own.  Nothing here is read by the pipelines: they see the files only.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipelines.capture.records import RECORD_SUFFIX, CaptureRecord
from pipelines.model import NO_RELEASE, CaptureKind, StandsFor
from tests.support import facsimile_opendata, facsimile_schemes
from tests.support.bundled import Bundled
from tests.support.pages import NBSP, paragraph, table_c, template_c

MIRROR = "http://www.government-world.com/lcq15-quality-migrant-admission-scheme/"
STEM = "lcq15-2022-01-19-quality-migrant-admission-scheme"
RELEASE = StandsFor(number="LCQ15", released=date(2022, 1, 19))

YEARS = (
    ("2006\n(June to December)", "2006\n（六月至十二月）", 587, 83),
    ("2007", "2007", 627, 239),
    ("2008", "2008", 1358, 564),
    ("2009", "2009", 1296, 593),
    ("2010", "2010", 1177, 329),
    ("2011", "2011", 1674, 286),
    ("2012", "2012", 1965, 298),
    ("2013", "2013", 1787, 332),
    ("2014", "2014", 2341, 373),
    ("2015", "2015", 1829, 208),
    ("2016", "2016", 1575, 273),
    ("2017", "2017", 1932, 411),
    ("2018", "2018", 3314, 555),
    ("2019", "2019", 5896, 874),
    ("2020*", "2020*", 3966, 1709),
    ("2021**", "2021**", 5365, 2004),
    ("Total", "總計", 36689, 9131),
)

INDUSTRIES = (
    ("Financial and Accounting Services", "金融及會計服務", 2264),
    ("Information Technology and Telecommunications", "資訊科技及電訊", 2188),
    ("Architecture, Surveying, Engineering and Construction", "建築、測量、工程及建造", 704),
    ("Academic Research and Education", "學術研究及教育", 579),
    ("Commerce and Trade", "商業及貿易", 573),
    ("Manufacturing Industries", "工業製造", 554),
    ("Business Support and Human Resources", "業務支援及人力資源", 383),
    ("Legal Services", "法律服務", 342),
    ("Arts and Culture", "藝術及文化", 329),
    ("Human Health and Veterinary Services", "人類健康及獸醫服務", 288),
    ("Broadcasting and Entertainment", "廣播及娛樂", 211),
    ("Sports", "體育", 195),
    ("Logistics and Transportation", "物流及運輸", 178),
    ("Catering and Tourism", "飲食及旅遊", 53),
    ("Others", "其他", 290),
    ("Total", "總計", 9131),
)

PLACES = (
    ("The mainland of China", "中國內地", 8039),
    ("The United States of America", "美國", 183),
    ("Canada", "加拿大", 160),
    ("Australia", "澳洲", 157),
    ("The United Kingdom", "英國", 95),
    ("India", "印度", 71),
    ("Singapore", "新加坡", 65),
    ("Malaysia", "馬來西亞", 63),
    ("Taiwan, China", "中國台灣", 45),
    ("New Zealand", "新西蘭", 44),
    ("Others", "其他", 209),
    ("Total", "總計", 9131),
)

HEADERS_EN = (
    ("Year", "Applications Received", "Quotas Allotted"),
    ("Industry", "Quotas Allotted"),
    ("Country/Region", "Quotas Allotted"),
)
HEADERS_ZH = (("年份", "接獲的申請數目", "所分配的名額"), ("行業", "所分配的名額"), ("國家／地區", "所分配的名額"))

NOTES_EN = (
    "Note: A quota may be allotted in a later year than the one in which its application came in.",
    "* The annual quota of QMAS went up from 1 000 to 2 000 in 2020.",
    "** The annual quota of QMAS went up from 2 000 to 4 000 in 2021.",
)
NOTES_ZH = (
    "註：某年分配的名額，其申請可能在較早年份接獲。",
    "* 計劃的全年名額在2020年由1 000個增至2 000個。",
    "** 計劃的全年名額在2021年由2 000個增至4 000個。",
)

OPENING_EN = (
    "Following is a retelling of the question by Dr the Hon Johnny Ng, and of the reply by the Secretary for Security, "
    "in the Legislative Council today (January 19):"
)
QUESTION_EN = (
    "Question:",
    "The Quality Migrant Admission Scheme (QMAS) has been open since June 2006, and its annual quota is being doubled "
    "to 4 000. Will the Government tell this Council:",
    "(1) how many persons were approved under QMAS last year, in a table by (i) the country or place that they came "
    "from, and (ii) the industry or sector in which they had worked;",
    "(2) whether it knows if those admitted are the people that local industries look for; and",
    "(3) what it will do to make QMAS better known?",
    "Reply:",
    "President,",
)
REPLY_EN = (
    "(1) QMAS began in June 2006. As of end 2021, 36 689 applications had come in from nearly 100 countries and "
    "regions. Of the applicants, 9 131 had a quota allotted to them.",
    "The tables below give the applications by the year in which they came in, and the quotas allotted by the year of "
    "approval, by the industry of the applicants, and by the place that they came from:",
)
AFTER_EN = (
    "Whoever has been allotted a quota still has formalities to go through before moving to Hong Kong, and the "
    "epidemic has made many of them wait.",
    "(2) QMAS serves no single sector. An advisory committee weighs each case that is put before it and gives its "
    "advice to the Director of Immigration.",
    "(3) Having raised the annual quota from 1 000 to 2 000 in 2020, the Government doubles it once more, to 4 000, "
    "and will tell more people about QMAS.",
)
OPENING_ZH = "以下為今日（一月十九日）在立法會會議上吳傑莊議員的提問及保安局局長答覆的轉述："
QUESTION_ZH = (
    "問題：",
    "優秀人才入境計劃（優才計劃）自二○○六年六月起接受申請，全年名額將倍增至4 000個。政府可否告知本會：",
    "（一）去年有多少人循優才計劃獲批，並按（i）來自的國家或地方和（ii）所屬的行業或界別以表列出；",
    "（二）是否知道獲批的人才是否本地各行業所需；及",
    "（三）會怎樣令更多人認識優才計劃？",
    "答覆：",
    "主席：",
)
REPLY_ZH = (
    "（一）優才計劃於二○○六年六月開始。截至二○二一年年底，共接獲來自近100個國家和地區的36 689宗申請，"
    "當中9 131名申請人獲分配名額。",
    "下列各表載列按接獲年份劃分的申請數目，以及按批核年份、申請人所屬行業和來自地方劃分的所分配的名額：",
)
AFTER_ZH = (
    "獲分配名額者在來港前仍須辦妥若干手續，疫情令不少人須稍候。",
    "（二）優才計劃不限行業，每宗個案均由諮詢委員會考慮後向入境事務處處長提出意見。",
    "（三）全年名額在2020年由1 000個增至2 000個後，現再倍增至4 000個，政府會加強宣傳。",
)

NOTE = (
    "Facsimile made for this project, not bytes as served: the labels and figures are those published, the page "
    "structure is that of its time, the prose is our own. The figures were taken from a mirror, whose address is "
    "given; the release itself stood under https://www.info.gov.hk/gia/general/202201/19/, its id is not known to us."
)
NOTE_NO_TABLE = (
    "Facsimile made for this project, not bytes as served: a page of our own in the structure of its time, without any "
    "table. What it says of the annual quota follows the notes of the release of January 19, 2022, whose mirror's "
    "address is given; no release of this wording was published."
)
REMARK = "Facsimile: published figures, our own prose; see the capture record beside this file"


def grouped(value: int, separator: str = " ") -> str:
    """1358 → "1 358": thousands set apart as this publisher does."""
    return f"{value:,}".replace(",", separator)


def html_english() -> str:
    """The release in template C, English: column 1 with no-break spaces, column 2 with plain ones, as was printed."""
    tables = (
        table_c(HEADERS_EN[0], [(label, grouped(a, NBSP), grouped(b)) for label, _, a, b in YEARS]),
        table_c(HEADERS_EN[1], [(label, grouped(n)) for label, _, n in INDUSTRIES]),
        table_c(HEADERS_EN[2], [(label, grouped(n)) for label, _, n in PLACES]),
    )
    return template_c(
        title="LCQ15: Quality Migrant Admission Scheme",
        body=_body(OPENING_EN, QUESTION_EN, REPLY_EN, tables, NOTES_EN, AFTER_EN),
        closing=("Ends/Wednesday, January 19, 2022", "Issued at HKT 12:30"),
        twin=f"{STEM}.zh-Hant.html",
        remark=REMARK,
    )


def html_chinese() -> str:
    """Its Traditional Chinese twin."""
    tables = (
        table_c(HEADERS_ZH[0], [(label, grouped(a), grouped(b, NBSP)) for _, label, a, b in YEARS]),
        table_c(HEADERS_ZH[1], [(label, grouped(n)) for _, label, n in INDUSTRIES]),
        table_c(HEADERS_ZH[2], [(label, grouped(n)) for _, label, n in PLACES]),
    )
    return template_c(
        title="立法會十五題：優秀人才入境計劃",
        body=_body(OPENING_ZH, QUESTION_ZH, REPLY_ZH, tables, NOTES_ZH, AFTER_ZH),
        closing=("完", "2022年1月19日（星期三）", "香港時間12時30分"),
        language="zh-Hant",
        twin=f"{STEM}.en.html",
        remark=REMARK,
    )


def mirror_text() -> str:
    """The release as a mirror shows it: cells joined by spaces, the first label lost, a comment form at the end."""
    lines = ["LCQ15: Quality Migrant Admission Scheme", "", ""]
    lines += [f"     {OPENING_EN}", *QUESTION_EN, "", REPLY_EN[0], "", f"     {REPLY_EN[1]}", ""]
    lines += ["Year Applications Received", "Quotas Allotted", "(June to December)"]
    for label, _, received, allotted in YEARS:
        stub = "" if "\n" in label else f"{label} "
        lines.append(f"{stub}{grouped(received, NBSP)} {grouped(allotted)}")
    lines += ["", *NOTES_EN]
    for header, rows in ((HEADERS_EN[1], INDUSTRIES), (HEADERS_EN[2], PLACES)):
        lines += ["", " ".join(header), *(f"{label} {grouped(n)}" for label, _, n in rows), ""]
    lines += [f"     {text}" if not text.startswith("(") else text for text in AFTER_EN]
    lines += ["", "Leave a comment", "", "Name (required)", "E-mail (will not be shown)"]
    return "\n".join(lines) + "\n"


def html_without_table() -> str:
    """A release that holds figures in its prose and no table at all."""
    texts = (
        "The Chief Executive said in the Policy Address today (October 6) that the annual quota of the Quality Migrant "
        "Admission Scheme (QMAS) would be 4 000.",
        "It had been 1 000 until 2020, when it became 2 000. QMAS has taken applications since June 2006; whoever is "
        "allotted a quota may settle in Hong Kong without an offer of work.",
    )
    return template_c(
        title="Annual quota of Quality Migrant Admission Scheme to be raised",
        body="".join(paragraph(t) for t in texts),
        closing=("Ends/Wednesday, October 6, 2021",),
        remark=REMARK,
    )


def pdf_annex() -> bytes:
    """The three tables as a ruled PDF annex; the same bytes at each run with the same library."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    styles = getSampleStyleSheet()
    ruled = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 10),
            ("FONT", (0, 1), (-1, -1), "Helvetica", 10),
            ("ALIGN", (1, 0), (-1, -1), "CENTER"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ]
    )

    def table(header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Table:
        return Table([list(header), *map(list, rows)], colWidths=list(widths), style=ruled)

    story: list[Flowable] = [
        Paragraph("Annex to LCQ15: Quality Migrant Admission Scheme", styles["Heading2"]),
        Paragraph("January 19, 2022", styles["Normal"]),
        Spacer(1, 14),
        Paragraph(
            "QMAS began in June 2006. As of end 2021, 36 689 applications had come in, and 9 131 applicants had been "
            "allotted a quota.",
            styles["Normal"],
        ),
        Spacer(1, 10),
        Paragraph("Applications by year of receipt, and quotas allotted by year of approval", styles["Normal"]),
        Spacer(1, 6),
        table(HEADERS_EN[0], [(label, grouped(a), grouped(b)) for label, _, a, b in YEARS], (150, 140, 120)),
        Spacer(1, 6),
        *(Paragraph(note, styles["Normal"]) for note in NOTES_EN),
        PageBreak(),
        Paragraph("Quotas allotted by industry of the applicants", styles["Normal"]),
        Spacer(1, 6),
        table(HEADERS_EN[1], [(label, grouped(n)) for label, _, n in INDUSTRIES], (290, 120)),
        Spacer(1, 18),
        Paragraph("Quotas allotted by place that the applicants came from", styles["Normal"]),
        Spacer(1, 6),
        table(HEADERS_EN[2], [(label, grouped(n)) for label, _, n in PLACES], (290, 120)),
    ]
    sink = io.BytesIO()
    title = "Annex to LCQ15 of January 19, 2022 (facsimile)"
    SimpleDocTemplate(sink, pagesize=A4, title=title, invariant=1).build(story)
    return sink.getvalue()


def documents() -> dict[str, tuple[bytes, str]]:
    """File name → (bytes, note of the capture record)."""
    return {
        f"{STEM}.en.html": (html_english().encode(), NOTE),
        f"{STEM}.zh-Hant.html": (html_chinese().encode(), NOTE),
        f"{STEM}.annex.pdf": (pdf_annex(), NOTE),
        f"{STEM}.mirror.txt": (mirror_text().encode(), NOTE),
        "policy-address-2021-10-06-release-without-table.en.html": (html_without_table().encode(), NOTE_NO_TABLE),
    }


def _body(
    opening: str,
    question: Sequence[str],
    reply: Sequence[str],
    tables: Sequence[str],
    notes: Sequence[str],
    after: Sequence[str],
) -> str:
    first, *others = tables
    return (
        "".join(paragraph(text) for text in (opening, *question, *reply))
        + first
        + "&nbsp;<br />\n"
        + "<br />\n".join(notes)
        + "<br />\n&nbsp;\n"
        + "&nbsp;\n".join(others)
        + "&nbsp;<br />\n"
        + "".join(paragraph(text) for text in after)
    )


def everything() -> dict[str, Bundled]:
    """All bundled documents by file name: those of this module, of the other releases, and of the open data."""
    holds = {f"{STEM}.{end}": ("S1", "S2", "S3") for end in ("en.html", "zh-Hant.html", "annex.pdf", "mirror.txt")}
    own = {
        name: Bundled(
            data, note, MIRROR, holds=holds.get(name, ()), stands_for=RELEASE if name in holds else NO_RELEASE
        )
        for name, (data, note) in documents().items()
    }
    return own | facsimile_schemes.documents() | facsimile_opendata.documents()


def build(folder: Path) -> None:
    """Write the documents and their records into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, bundled in everything().items():
        data = bundled.data
        record = CaptureRecord(
            content_hash=hashlib.sha256(data).hexdigest(),
            size=len(data),
            kind=CaptureKind.FACSIMILE,
            original_name=name,
            captured_at=bundled.captured_at,
            source_url=bundled.source_url,
            note=bundled.note,
            stands_for=bundled.stands_for,
        )
        (folder / name).write_bytes(data)
        (folder / (name + RECORD_SUFFIX)).write_bytes(record.dumps().encode())


if __name__ == "__main__":
    build(Path(sys.argv[1]))
