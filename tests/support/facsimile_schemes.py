"""The bundled releases, replies and reports on the talent schemes, beside LCQ15 of 2022.

What belongs here: how each document is set, and the prose around its tables, which is our own.  The figures stand in
`tests/support/published`, the files of open data in `facsimile_opendata`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.support.bundled import NOTE, REMARK, Bundled, grouped, published
from tests.support.pages import paragraph, table_c, template_c
from tests.support.pages_more import Spanned, indented, report_page, spanned, template_b, text_table

HANSARD = "https://www.legco.gov.hk/"
HANSARD_NOTE = " The figures were taken from the Official Record of Proceedings, whose address is given."
PRESS_NOTE = (
    " The figures were taken from a report in the press, whose address is given; the date of capture is the day by "
    "which they were published."
)
WEEKDAYS = "一二三四五六日"


def documents() -> dict[str, Bundled]:
    """File name → document."""
    return {
        "immd-annual-report-2009-10-appendix-5.en.html": annual_report_2009(),
        "immd-annual-report-2020-appendix-5.zh-Hant.html": annual_report_2020(),
        "lcq-2013-10-09-admission-schemes.zh-Hant.html": reply_2013(),
        "lcq-2014-01-08-qmas-tests.zh-Hant.html": reply_2014(),
        "lcq-2015-01-28-capital-investment-entrant-scheme.zh-Hant.html": reply_2015_cies(),
        "lcq-2015-06-10-non-local-graduates.zh-Hant.html": reply_2015_iang(),
        "lcq-2017-03-01-admission-schemes.zh-Hant.html": reply_2017(),
        "immd-2021-qmas-profile.zh-Hans.html": profile_2021(),
        "lcq-2022-11-16-non-local-graduates.zh-Hant.html": reply_2022(),
        "release-2023-02-08-top-talent-pass-scheme.en.html": release_2023(),
        "fc-2023-04-top-talent-pass-scheme.zh-Hant.html": reply_2023_april(),
        "immd-2023-12-top-talent-pass-scheme.zh-Hant.html": reply_2023_december(),
    }


def _closing(day: date) -> tuple[str, ...]:
    return "完", f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def _spaced(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows with thousands set apart; the label of a row stays as it is."""
    return [[row[0], *map(grouped, row[1:])] for row in rows]


def annual_report_2009() -> Bundled:
    """A table of types of visas by financial year; its labels run over two lines."""
    header, *rows = published("AR0910")
    body = spanned([header, *([row[0].replace(" under ", "\nunder "), *row[1:]] for row in rows)], wrapped=False)
    notes = (
        "Note 1: Without applications for training and without group visas.",
        "Note 2: The scheme was open from June 28, 2006.",
        "Note 3: The arrangements were open from May 19, 2008.",
    )
    page = report_page(
        title="Immigration Department Annual Report 2009-2010",
        heading="Appendice 5: Visa Control Division Statistics",
        body=body + "".join(f"<p>{n}</p>\n" for n in notes),
        language="en",
        remark=REMARK,
    )
    url = "http://www.immd.gov.hk/publications/a_report_09-10/eng/appendice/index05.htm"
    return Bundled(page, NOTE, url, None, ("AR0910",))


def annual_report_2020() -> Bundled:
    """The same ten years later, in Chinese: student visas over two rows, of which the second has lost its label."""
    header, *rows = published("AR2020")
    said: list[list[Spanned]] = [[(header[0], 2, 1), *header[1:]]]
    for row in rows:
        if row[0].startswith("學生簽證"):
            parent, child = row[0].split(" ", 1)
            said.append([(parent, 1, 2), child, *row[1:]])
        elif row[0].startswith("(學生簽證"):
            said.append([row[0].split(") ", 1)[1], *row[1:]])
        else:
            said.append([(row[0], 2, 1), *row[1:]])
    notes = (
        "[備註1] 計劃於2018年6月25日推出。",
        "[備註2] 計劃自2015年1月15日起暫停接受申請，此前的申請仍繼續處理。",
    )
    page = report_page(
        title="入境事務處二零二零年年報",
        heading="附錄5 - 已發出的簽證/入境許可證統計數字",
        body=spanned(said, wrapped=False) + "".join(f"<p>{n}</p>\n" for n in notes),
        language="zh-Hant",
        remark=REMARK,
    )
    return Bundled(page, NOTE, "https://immd.gov.hk/publications/a_report_2020/tc/appendix5.html", None, ("AR2020",))


def reply_2013() -> Bundled:
    """Four schemes by year under two lines of heads, coded (i) to (iv) in the text; three by region; births."""
    _, *years = published("hk_20131009_schemes_by_year")
    codes = ("(i)(1)", "(ii)(2)", "(iii)(3)", "(iv)(4)")
    by_year: list[list[Spanned]] = [
        [("年份", 1, 2), *((code, 2, 1) for code in codes)],
        ["申請", "獲分配配額", *(["申請", "獲批"] * 3)],
        *([row[0], *(cell or "-" for cell in row[1:])] for row in years),
    ]
    _, *regions = published("hk_20131009_qmas_cies_iang_by_region")
    by_region: list[list[Spanned]] = [["國籍／地區", "(i)", "(ii)", "(iii)(3)"]]
    for at, (label, qmas, cies, iang) in enumerate(regions):
        cells: list[Spanned] = [label, qmas, f"{cies}(2)" if at == 0 else cies]
        if at == 0:
            cells.append(iang)
        elif at == 1:
            cells.append((iang, 1, len(regions) - 1))
        by_region.append(cells)
    _, *births = published("hk_20131009_births_by_year")
    of_births = [["年份", "其配偶為香港\n永久性居民", "其配偶為\n非香港永久性居民(2)", "其他(3)", "小計"], *births]
    body = (
        indented("以下為今日（十月九日）在立法會會議上保安局局長就入境途徑提問的書面答覆的轉述：")
        + indented("答覆：")
        + indented(
            "（一）下表載列(i)優秀人才入境計劃、(ii)資本投資者入境計劃、(iii)輸入內地人才計劃及"
            "(iv)非本地畢業生留港／回港就業安排自2003年至2013年8月的申請和獲分配配額或獲批人數："
        )
        + spanned(by_year)
        + "<br />".join(
            (
                "註：",
                "(1) 計劃於2006年6月28日推出。",
                "(2) 計劃於2003年10月27日推出。",
                "(3) 計劃於2003年7月15日推出。",
                "(4) 安排於2008年5月19日推出。",
            )
        )
        + "<br /><br />\n"
        + indented(
            "（二）截至2013年8月底，循(i)優秀人才入境計劃、(ii)資本投資者入境計劃及"
            "(iii)非本地畢業生留港／回港就業安排獲分配配額或獲批的人士，按國籍／地區劃分如下："
        )
        + spanned(by_region)
        + "<br />".join(
            (
                "註：",
                "(1) 內地不在其內。",
                "(2) 須先取得外國的永久性居民身份。",
                "(3) 內地以外的地區沒有分項數字。",
            )
        )
        + "<br /><br />\n"
        + indented("（三）內地女性在香港所生的活產嬰兒數目，按其配偶的身份劃分如下：")
        + spanned([list(row) for row in of_births])
        + "<br />".join(("註：", "(2) 包括非香港居民。", "(3) 沒有提供資料者。"))
        + "<br /><br />\n"
    )
    page = template_b(title="循各項入境途徑來港的人士", body=body, closing=_closing(date(2013, 10, 9)), remark=REMARK)
    holds = (
        "hk_20131009_schemes_by_year",
        "hk_20131009_qmas_cies_iang_by_region",
        "hk_20131009_births_by_year",
    )
    url = HANSARD + "yr13-14/chinese/counmtg/floor/cm1009-confirm-ec.pdf"
    return Bundled(page, NOTE + HANSARD_NOTE, url, None, holds)


def reply_2014() -> Bundled:
    """The quotas by test, in a sentence and in no table."""
    (_, (_, general), (_, achievement), (_, total)) = published("hk_20140108_qmas_tests")
    body = indented("以下為今日（一月八日）在立法會會議上就優秀人才入境計劃提問的書面答覆的轉述：") + indented(
        f"截至2013年11月30日，優秀人才入境計劃共分配了{grouped(total)}個名額，當中{general}個循綜合計分制、"
        f"{achievement}個循成就計分制。"
    )
    page = template_b(title="優秀人才入境計劃", body=body, closing=_closing(date(2014, 1, 8)), remark=REMARK)
    url = HANSARD + "yr13-14/chinese/counmtg/floor/cm0108-confirm-ec.pdf"
    return Bundled(page, NOTE + HANSARD_NOTE, url, None, ("hk_20140108_qmas_tests",))


def reply_2015_cies() -> Bundled:
    """Investment by year, with one decimal separator and a total that alone has a comma; approvals by nationality."""
    investment, nationality = "hk_20150128_cies_investment_by_year", "hk_20150128_cies_by_nationality"
    body = (
        indented("以下為今日（一月二十八日）在立法會會議上就資本投資者入境計劃提問的書面答覆的轉述：")
        + indented("循資本投資者入境計劃來港的投資金額和已獲正式批准的申請人如下：")
        + "表一：投資金額<br /><br />\n"
        + text_table(published(investment)[0], published(investment)[1:])
        + "表二：已獲正式批准的申請人<br /><br />\n"
        + text_table(published(nationality)[0], published(nationality)[1:])
    )
    page = template_b(title="資本投資者入境計劃", body=body, closing=_closing(date(2015, 1, 28)), remark=REMARK)
    url = HANSARD + "yr14-15/chinese/counmtg/floor/cm20150128-confirm-ec.pdf"
    return Bundled(page, NOTE + HANSARD_NOTE, url, None, (investment, nationality))


def reply_2015_iang() -> Bundled:
    """Approvals by region and by degree, whose last column is a part of a year."""
    region, degree = "hk_20150610_iang_by_region", "hk_20150610_iang_by_degree"
    body = (
        indented("以下為今日（六月十日）在立法會會議上就非本地畢業生留港工作提問的書面答覆的轉述：")
        + indented("非本地畢業生留港／回港就業安排的獲批申請，按來源地和學歷劃分如下：")
        + "表一：按來源地劃分<br /><br />\n"
        + spanned(published(region))
        + "<br />\n"
        + "表二：按學歷劃分<br /><br />\n"
        + spanned(published(degree))
    )
    page = template_b(title="非本地畢業生留港工作", body=body, closing=_closing(date(2015, 6, 10)), remark=REMARK)
    url = HANSARD + "yr14-15/chinese/counmtg/floor/cm20150610-confirm-ec.pdf"
    return Bundled(page, NOTE + HANSARD_NOTE, url, None, (region, degree))


MONTHLY = {"gep": "一般就業政策", "asmtp": "輸入內地人才計劃", "qmas": "優秀人才入境計劃"}
MEASURES = ("接獲申請", "處理申請", "獲批申請")


def reply_2017() -> Bundled:
    """Three schemes by month: years over measures in the head; then those who obtained the right of abode."""
    parts = [
        paragraph("以下為今日（三月一日）在立法會會議上就各項入境計劃提問的書面答覆的轉述："),
        paragraph("（一）過去三年各項入境計劃每月接獲、處理及獲批的申請數目如下："),
    ]
    for number, (scheme, called) in enumerate(MONTHLY.items(), start=1):
        _, *months = published(f"hk_20170301_{scheme}_monthly")
        rows: list[list[Spanned]] = [
            [("月份", 1, 2), *((str(year), 3, 1) for year in (2014, 2015, 2016))],
            [*(MEASURES * 3)],
        ]
        for label, *cells in months:
            # one figure of these tables was printed without the space between its thousands
            printed = [c if (scheme, label, c) == ("gep", "6", "3439") else grouped(c) for c in cells]
            rows.append([f"{label}月" if label.isdigit() else label, *printed])
        parts += [f"表{number}：{called}<br />\n&nbsp;\n", spanned(rows), "&nbsp;<br />\n"]
    parts += [
        paragraph("（二）循下列計劃來港並取得香港居留權的人數如下："),
        table_c(published("hk_20170301_roa")[0], published("hk_20170301_roa")[1:]),
        paragraph("取得居留權的人士，大多在多年前獲准來港。"),
    ]
    page = template_c(
        title="各項入境計劃的申請", body="".join(parts), closing=_closing(date(2017, 3, 1)), language="zh-Hant",
        remark=REMARK,
    ).encode()  # fmt: skip
    holds = (*(f"hk_20170301_{scheme}_monthly" for scheme in MONTHLY), "hk_20170301_roa")
    url = HANSARD + "yr16-17/chinese/counmtg/floor/cm20170301-confirm-ec.pdf"
    return Bundled(page, NOTE + HANSARD_NOTE, url, None, holds)


def profile_2021() -> Bundled:
    """Those who were allotted a quota in 2021, by test and by sex, in Simplified Chinese."""
    by_test, by_sex = (
        [["总计" if cell == "Total" else cell for cell in row] for row in published(name)]
        for name in ("QMAS-2021-test", "QMAS-2021-sex")
    )
    body = (
        paragraph("优秀人才入境计划在2021年分配了2 004个名额，获分配名额的申请人按计分制和性别划分如下：")
        + "2021年获分配名额的申请人，按计分制划分<br />\n&nbsp;\n"
        + table_c(by_test[0], by_test[1:])
        + "&nbsp;<br />\n2021年获分配名额的申请人，按性别划分<br />\n&nbsp;\n"
        + table_c(by_sex[0], by_sex[1:])
    )
    page = report_page(
        title="优秀人才入境计划统计资料", heading="优秀人才入境计划：2021年获分配名额的申请人", body=body,
        language="zh-Hans", remark=REMARK,
    )  # fmt: skip
    url = "http://betterwhy.aly43.qzkey.com/NewsDetail.aspx?ID=219"
    said = " The figures were taken from a copy, whose address is given."
    return Bundled(page, NOTE + said, url, None, ("QMAS-2021-test", "QMAS-2021-sex"))


def reply_2022() -> Bundled:
    """Extensions of stay and right of abode, every figure in Chinese numerals."""
    header, *rows = published("IANG-extension")
    page = template_c(
        title="立法會十一題：非本地畢業生留港／回港就業安排",
        body=paragraph("以下為今日（十一月十六日）在立法會會議上就非本地畢業生提問的書面答覆的轉述：")
        + paragraph("非本地畢業生留港／回港就業安排下獲批首次延期逗留的申請，以及最終取得居留權的人數如下：")
        + table_c(header, rows)
        + paragraph("兩欄所計的並非同一批人士。"),
        closing=_closing(date(2022, 11, 16)),
        language="zh-Hant",
        remark=REMARK,
    ).encode()
    return Bundled(
        page, NOTE + PRESS_NOTE, "http://www.vakiodaily.com/news/view/id/523167", date(2022, 11, 17),
        ("IANG-extension",),
    )  # fmt: skip


def release_2023() -> Bundled:
    """Top Talent Pass Scheme a month after its launch: by status, income and experience; texts that span cells."""
    status = published("TTPS-2023-01-27-status")
    income, experience = published("TTPS-2023-01-27-income"), published("TTPS-2023-01-27-experience")
    not_required, not_applicable = income[1][2], experience[1][2]
    by_income: list[list[Spanned]] = [
        list(income[0]),
        [income[1][0], income[1][1], (not_required, 2, 4)],
        *([row[0], row[1]] for row in income[2:]),
    ]
    by_experience: list[list[Spanned]] = [
        list(experience[0]),
        [experience[1][0], (not_required, 1, 4), not_applicable, experience[1][3]],
        [experience[2][0], experience[2][2], (not_applicable, 1, 3)],
        *([row[0], row[2]] for row in experience[3:]),
    ]
    body = (
        paragraph("Following is a retelling of a reply on the Top Talent Pass Scheme (TTPS) today (February 8):")
        + paragraph("As at January 27, 2023, the applications received, approved and rejected under TTPS were:")
        + table_c(status[0], status[1:])
        + paragraph("As at January 27, 2023, the applications approved under TTPS, by income in the previous year:")
        + spanned(by_income)
        + paragraph("As at January 27, 2023, the applications approved under TTPS, by work experience:")
        + spanned(by_experience)
        + paragraph("Applications that are neither approved nor rejected are still being looked at.")
    )
    page = template_c(
        title="Top Talent Pass Scheme", body=body, closing=("Ends/Wednesday, February 8, 2023",), remark=REMARK
    ).encode()
    url = (
        "https://www.dimsumdaily.hk/5799-of-7417-applications-under-top-talent-pass-scheme-approved-as-at-27th-january-"
        "2023/"
    )
    holds = ("TTPS-2023-01-27-status", "TTPS-2023-01-27-income", "TTPS-2023-01-27-experience")
    said = " The figures were taken from a mirror, whose address is given."
    return Bundled(page, NOTE + said, url, None, holds)


def _since_launch(until: str, tables: Sequence[tuple[str, str]]) -> bytes:
    """Approvals under the Top Talent Pass Scheme to a day, one table after the other: (id, by what)."""
    parts = [paragraph(f"以下為截至{until}高端人才通行證計劃申請情況的轉述。")]
    for name, by in tables:
        header, *rows = ([cell.replace("岁", "歲") for cell in row] for row in published(name))
        said = [["總數" if row[0] == "Total" else row[0], *map(grouped, row[1:])] for row in rows]
        parts += [paragraph(f"截至{until}，高端人才通行證計劃的獲批申請按{by}劃分如下："), table_c(header, said)]
    parts.append(paragraph("計劃於二○二二年年底推出。"))
    return template_c(
        title="高端人才通行證計劃", body="".join(parts), closing=("完",), language="zh-Hant", remark=REMARK
    ).encode()


def reply_2023_april() -> Bundled:
    holds = ("TTPS-2023-02-28-category", "TTPS-2023-02-28-age")
    page = _since_launch("2023年2月28日", tuple(zip(holds, ("類別", "年齡"), strict=True)))
    return Bundled(
        page, NOTE + PRESS_NOTE, "https://stnn.cc/c/2023-04-07/3807094.shtml", date(2023, 4, 7), holds
    )  # fmt: skip


def reply_2023_december() -> Bundled:
    holds = ("TTPS-2023-11-30-region", "TTPS-2023-11-30-age")
    page = _since_launch("2023年11月30日", tuple(zip(holds, ("地區", "年齡"), strict=True)))
    url = "https://www.hkcna.hk/docDetail.jsp?id=100550288&channel=2803"
    return Bundled(page, NOTE + PRESS_NOTE, url, date(2023, 12, 16), holds)
