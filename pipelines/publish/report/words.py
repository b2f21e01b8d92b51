"""What the report says, in English and in Traditional Chinese, key by key.

What belongs here: sentences, names of periods, signs of verdicts.  What never: a figure, markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

#: The sign of each verdict: a shape, never a colour alone.
MARKS: Mapping[str, str] = {
    "proved": "●",
    "consistent": "◐",
    "unproved": "○",
    "ambiguous": "◇",
    "contradicted": "✕",
}

_SAID: Mapping[str, tuple[str, str]] = {
    "title": ("Talent admission in figures", "人才入境計劃數字"),
    "lead": (
        "What the Hong Kong Government's press releases say of its talent admission schemes. Every figure here was "
        "read from a release, held against the totals that the release prints, and leads back to its cell.",
        "香港政府新聞公報所載的人才入境計劃數字。每個數字均讀自公報，與公報自身列出的總計核對，並可追溯至所在的表格單元。",
    ),
    "other_language": ("繁體中文", "English"),
    "contents": ("On this page", "本頁內容"),
    "skip": ("Skip to the figures", "跳至數字"),
    "legend": ("How sure a figure is", "數字的確定程度"),
    "proved": ("proved", "已證實"),
    "consistent": ("consistent", "相符"),
    "unproved": ("unproved", "未證實"),
    "ambiguous": ("ambiguous", "有歧義"),
    "contradicted": ("contradicted", "有矛盾"),
    "means_proved": (
        "lies in exact sums that the release prints itself and that chance is not likely to meet",
        "處於公報自行列出而恰好成立的加總之中，且幾乎不可能出於巧合",
    ),
    "means_consistent": (
        "supported only within rounding, or by sums that chance could meet",
        "只在四捨五入範圍內獲支持，或所憑加總可能出於巧合",
    ),
    "means_unproved": ("one reading, and no sum reaches it", "只有一種讀法，但沒有加總可資核對"),
    "means_ambiguous": ("more than one reading survives; kept out", "仍有多於一種讀法；不予載入"),
    "means_contradicted": ("a sum that reaches it fails; kept out", "所涉加總不成立；不予載入"),
    "all_are": ("All {n} figures shown are {verdict}.", "所示 {n} 個數字全部{verdict}。"),
    "some_are": ("Of the {n} figures shown: {parts}.", "所示 {n} 個數字之中：{parts}。"),
    "table": ("The figures as a table", "以表格顯示數字"),
    "tables_of": ("{verdict}: {n} tables", "{verdict}：{n} 個表格"),
    "models_of": ("{schema}: {n} tables", "{schema}：{n} 個資料表"),
    "sources": ("Sources ({n})", "來源（{n}）"),
    "cells_of": ("{n} cells", "{n} 個單元"),
    "cell_of": ("1 cell", "1 個單元"),
    "download": ("Download the data (CSV)", "下載數據（CSV）"),
    "trace": ("Trace a figure to its cell:", "追溯數字至其單元："),
    "verdict": ("Verdict", "判定"),
    "period": ("Period", "期間"),
    "share": ("Share", "佔比"),
    "rank": ("Rank", "排名"),
    "total": ("Total", "總計"),
    "scroll": ("table, scrolls sideways", "表格，可左右捲動"),
    "by_year": ("{measures}, by year", "{measures}，按年份"),
    "by_period": ("{measures}, by period", "{measures}，按期間"),
    "and": (" and ", "及"),
    "comma": (", ", "、"),
    "by_industry": ("{measure} by industry, {period}", "{measure}（按行業），{period}"),
    "by_place": ("{measure} by place of origin, {period}", "{measure}（按來源地），{period}"),
    "by_other": ("{measure} by {dimension}, {period}", "{measure}（按{dimension}），{period}"),
    "industry": ("Industry", "行業"),
    "place": ("Place", "地方"),
    "per_hundred": ("{numerator} for each 100 {denominator}", "每 100 宗{denominator}對應的{numerator}"),
    "ratio": ("For each 100", "每 100 宗"),
    "ratio_note_received": (
        "This is no chance of success. Received and decided are counted at different times, so the figures above and "
        "below the line are not the same applicants; what was received and not approved may be pending or withdrawn, "
        "and is not a count of refusals.",
        "這並非成功率。接獲與審批於不同時間計算，分子與分母並非同一批申請人；已接獲而未獲批的申請可能仍在處理或已撤回，不等於遭拒數目。",
    ),
    "ratio_note_processed": (
        "Of the applications decided in the period, whenever they were received.",
        "以該期間內已審批的申請計算，不論何時接獲。",
    ),
    "to_date": (
        "Over the whole printed period ({period}): {numerator} for {denominator}, or {ratio} for each 100.",
        "整段期間（{period}）：{numerator} 對 {denominator}，即每 100 宗 {ratio}。",
    ),
    "period_note": (
        "Less than a year (drawn lighter among columns): {periods}.",
        "不足一年的期間（在直條圖中以淺色顯示）：{periods}。",
    ),
    "began": (
        "The scheme began on {day}: the figure of {year} covers the days from then on (drawn lighter).",
        "計劃於{day}開始：{year}年的數字只涵蓋其後的日子（以淺色顯示）。",
    ),
    "gap_years": ("The sources below have no figure of {years}.", "以下來源沒有 {years} 年的數字。"),
    "enlarged": ("Enlarged: {first}–{last}", "放大：{first}–{last}年"),
    "incomplete": (
        "This list is not whole: {n} of its cells are kept out (see the part on quality).",
        "此清單並不完整：有 {n} 個單元未予載入（見「已證實、未載入與欠缺的數字」）。",
    ),
    "overview": ("All schemes at a glance", "各計劃一覽"),
    "overview_title": (
        "Applications approved, or quotas allotted, by scheme, {year}",
        "{year}年各計劃的獲批申請或獲分配名額",
    ),
    "overview_quotas": ("{scheme} (quotas)", "{scheme}（名額）"),
    "overview_note": (
        "Quotas allotted are not approvals, so the bars are not to be added up. A scheme without a figure of {year} is "
        "not drawn; its latest year stands in the table.",
        "獲分配名額並非獲批申請，故不宜相加。沒有{year}年數字的計劃不入圖，其最近年份載於表格。",
    ),
    "scheme": ("Scheme", "計劃"),
    "latest_year": ("Latest year", "最近年份"),
    "received": ("Applications received", "接獲申請數目"),
    "admitted": ("Approved, or quotas allotted", "獲批申請或獲分配名額"),
    "year_before": ("The year before", "前一年"),
    "compared": ("What the releases say of each other", "各次公布互相對照"),
    "compared_note": (
        "Where another release, another language version or another period lets a figure be held against it. A "
        "comparison whose other side is not at hand is neither.",
        "可與另一公報、另一語文版本或另一期間對照的數字。另一方未有的，既非相符亦非不符。",
    ),
    "sentence": ("What should hold", "應成立的關係"),
    "corroborated": ("Holds", "成立"),
    "differs": ("Differs", "不同"),
    "open": ("Other side not at hand", "欠另一方"),
    "inferred": ("Inferred, not printed: {said}", "經推斷而非印出：{said}"),
    "inferred_label": (
        "In one source at least the label of a period was inferred from its neighbours: {periods}.",
        "至少有一個來源的期間標示是從相鄰各行推斷得出：{periods}。",
    ),
    "status": ("Said beside the figures: {said}.", "數字旁註明：{said}。"),
    "list_note": (
        "Classifications differ between publications; “Others” of one list is not “Others” of another.",
        "各次公布的分類不同；一份清單的「其他」並非另一份清單的「其他」。",
    ),
    "concentration": ("Where from, and into what", "從何而來、投身何業"),
    "origins": ("Effective number of origins", "有效來源地數目"),
    "origins_note": (
        "Effective number of origins: 1 over the sum of the squared shares, which is 1 where everybody comes from one "
        "place, n where n places share alike. A row that is not one place (“Others”, a region) counts as one at "
        "least, as infinitely many at most.",
        "有效來源地數目為各地佔比平方和的倒數：全部來自一地則為 1，n 地均等則為 n。"
        "並非單一地方的一行（「其他」、地區）最少算作一地，最多算作無限多地。",
    ),
    "mainland": ("From the mainland of China", "來自內地"),
    "technology": ("In information technology and telecommunications", "屬資訊科技及電訊"),
    "hhi": ("Concentration of industries (Herfindahl)", "行業集中度（赫芬達爾指數）"),
    "change": ("{change} percentage points since {period}", "較{period}變動 {change} 個百分點"),
    "between": ("{low} to {high}", "{low} 至 {high}"),
    "indicator": ("Indicator", "指標"),
    "value": ("Value", "數值"),
    "not_added_up": ("no figure: a row is missing or in doubt", "不予計算：清單有缺項或存疑"),
    "demand": ("Industry of admission beside the Talent List", "獲批行業與人才清單對照"),
    "demand_note": (
        "Descriptive only. Which area of the Talent List of {day} stands beside which industry is our own mapping. "
        "The list names professions in shortage, not industries, and is later than the figures: no cause, effect or "
        "shortage can be read from this.",
        "只作描述。人才清單（{day}）的範疇與行業的對應由本計劃自行訂立。清單列的是短缺專業而非行業，並較數字為遲；不能據此推論因果或短缺。",
    ),
    "area": ("Area of the Talent List", "人才清單範疇"),
    "no_area": ("none", "無"),
    "beside_area": ("◆ an area of the Talent List stands beside it", "◆ 人才清單有對應範疇"),
    "areas_alone": ("Areas without an industry of their own: {areas}.", "沒有對應行業的範疇：{areas}。"),
    "revisions": ("Revisions", "修訂"),
    "no_revisions": (
        "No figure of this scheme has changed between the releases held: {n} figures, as printed in {releases} "
        "documents.",
        "在所存公報之間，此計劃的數字並無改變：{n} 個數字，載於 {releases} 份文件。",
    ),
    "before": ("Before", "修訂前"),
    "after": ("After", "修訂後"),
    "known_from": ("Known from", "得悉日期"),
    "figure": ("Figure", "數字"),
    "kind": ("Kind", "類別"),
    "quality": ("What is proved, what was kept out, what is missing", "已證實、未載入與欠缺的數字"),
    "quality_lead": (
        "A wrong figure is worse than a missing one. Each figure is read, then held against the totals, sub-totals and "
        "sentences of its own release. Where a sum fails or two readings are left, nothing is loaded until somebody "
        "shows which is right.",
        "錯誤的數字比欠缺的數字更壞。每個數字讀出後，均與同一公報的總計、小計及文字核對。如加總不成立或仍有兩種讀法，在查明之前一概不載入。",
    ),
    "verdict_cells": ("Cells with a figure, by verdict", "數字單元，按判定"),
    "cells": ("Cells", "單元"),
    "nothing_lost": ("Every numeric cell has one fate", "每個數字單元都有去向"),
    "nothing_lost_said": (
        "{read} cells with a digit were read in {tables} tables, and {further} further ones hold a figure in words or "
        "a sign for none: {fact} are loaded, {quarantine} in quarantine, {unclaimed} in tables that no series knows, "
        "{ignored} ignored by a named rule. Without a fate: {unaccounted}.",
        "在 {tables} 個表格中讀出 {read} 個帶數字的單元，另有 {further} 個以文字或符號表示："
        "載入 {fact} 個，隔離 {quarantine} 個，屬於未識別表格 {unclaimed} 個，"
        "按明文規則略去 {ignored} 個。去向不明：{unaccounted} 個。",
    ),
    "fate": ("Fate", "去向"),
    "fact": ("loaded", "已載入"),
    "quarantine": ("in quarantine", "隔離"),
    "unclaimed": ("in tables no series knows", "屬未識別表格"),
    "ignored": ("ignored by a named rule", "按規則略去"),
    "ignored_by": ("ignored: {rule}", "略去：{rule}"),
    "unaccounted": ("without a fate", "去向不明"),
    "kept_out": ("Kept out", "未予載入"),
    "none_kept_out": ("Nothing is in quarantine.", "並無隔離的數字。"),
    "where": ("Where", "位置"),
    "why": ("Why", "原因"),
    "would_release": ("What would release it", "如何解除"),
    "how_many": ("Cells", "單元"),
    "more_rows": ("{n} more rows are in {table}.", "其餘 {n} 行載於 {table}。"),
    "found": ("Findings", "發現"),
    "no_findings": ("No warnings and no errors.", "並無警告或錯誤。"),
    "severity": ("Severity", "嚴重程度"),
    "to_do": ("What to do", "處理方法"),
    "missing": ("What is missing", "欠缺的數字"),
    "missing_schemes": (
        "No figure is held of: {schemes}. That a scheme is not here says only that no release with its figures was "
        "captured.",
        "未有以下計劃的數字：{schemes}。這只表示尚未收集到載有其數字的公報。",
    ),
    "no_missing": ("Figures are held of every scheme that the vocabulary knows.", "詞彙表所列各計劃均有數字。"),
    "absent": (
        "Printed as absent (nil, not available, …), which is not zero: {n} figures.",
        "印為「無」或「沒有資料」等（並非零）：{n} 個數字。",
    ),
    "unreadable": ("Documents that could not be read: {n}.", "未能讀取的文件：{n} 份。"),
    "arguments": ("The argument of each verdict", "各判定的理據"),
    "holds": ("Sums that hold", "成立的加總"),
    "fails": ("Sums that fail", "不成立的加總"),
    "more_sums": ("and {n} more", "及另外 {n} 項"),
    "series": ("All series", "全部系列"),
    "series_name": ("Series", "系列"),
    "figures": ("Figures", "數字"),
    "first": ("From", "由"),
    "last": ("To", "至"),
    "documents": ("Documents read", "已讀文件"),
    "document": ("Document", "文件"),
    "tables": ("Tables", "表格"),
    "dictionary": ("Data dictionary", "數據字典"),
    "dictionary_said": (
        "Every table of the warehouse with its columns. The descriptions are in English.",
        "資料庫的所有資料表及欄位。說明為英文。",
    ),
    "column": ("Column", "欄位"),
    "type": ("Type", "類型"),
    "meaning": ("Meaning", "意義"),
    "cite": ("How to cite", "如何引用"),
    "cite_said": (
        "Cite the release that prints the figure (see the sources below each chart) and, for what is derived here, "
        "hk-talent-warehouse with the hash of its content: {hash}.",
        "請引用印有該數字的公報（見各圖下方的來源）；如屬此處推算所得，"
        "請引用 hk-talent-warehouse 及其內容雜湊值：{hash}。",
    ),
    "nothing_yet": ("The warehouse holds no figure of any scheme yet.", "資料庫尚未有任何計劃的數字。"),
    "to": (" to ", "至"),
    "in_document": ("document", "文件"),
    "trend": (
        "From {first} ({first_period}) to {last} ({last_period}); the most, {most}, in {most_period}.",
        "由 {first}（{first_period}）至 {last}（{last_period}）；最高為 {most_period} 的 {most}。",
    ),
    "order": ("The most: {names}.", "最多：{names}。"),
    "key_total": ("{measure}, {period}", "{measure}，{period}"),
}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the report; `code` as in the attribute lang, `index` its place in the pairs above."""

    code: str
    index: int
    file: str
    other_file: str
    other_code: str

    def say(self, key: str, **values: object) -> str:
        """The sentence of this key.  Raises KeyError where there is none."""
        return _SAID[key][self.index].format(**values)

    def listed(self, parts: list[str]) -> str:
        return self.say("comma").join(parts)

    def period(self, start: date | None, end: date) -> str:
        """A period by its days: whole years and months by name."""
        if start is None:
            return self._day(end)
        if (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31):
            if start.year == end.year:
                return str(end.year) if self.index == 0 else f"{end.year}年"
            return f"{start.year}–{end.year}" if self.index == 0 else f"{start.year}至{end.year}年"
        if start.day == 1 and end.month != _next(end).month:
            if (start.year, start.month) == (end.year, end.month):
                return self._month(end)
            if start.year == end.year:
                if self.index == 0:
                    return f"{_MONTHS[start.month - 1]}–{_MONTHS[end.month - 1]} {end.year}"
                return f"{end.year}年{start.month}至{end.month}月"
            return f"{self._month(start)}{self.say('to')}{self._month(end)}"
        return f"{self._day(start)}{self.say('to')}{self._day(end)}"

    def short(self, start: date | None, end: date) -> str:
        """For the foot of a column: the year, or the month and the year."""
        if start is not None and (end - start).days > 100:
            return str(end.year)
        return f"{end.month}/{end.year % 100:02d}"

    def _month(self, day: date) -> str:
        return f"{_MONTHS[day.month - 1]} {day.year}" if self.index == 0 else f"{day.year}年{day.month}月"

    def _day(self, day: date) -> str:
        if self.index == 0:
            return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"

    def day(self, day: date) -> str:
        return self._day(day)


ENGLISH = Language("en", 0, "index.html", "zh-Hant.html", "zh-Hant")
CHINESE = Language("zh-Hant", 1, "zh-Hant.html", "index.html", "en")
LANGUAGES = (ENGLISH, CHINESE)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
