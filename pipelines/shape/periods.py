"""What a printed period means: labels of rows and columns, dates, "as of" phrases, in English and Chinese.

What belongs here: words to dates.  What does not: tables, series, evidence (a label without its year stays without it
here; whether the year can be inferred is `inference`'s question).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from pipelines.cards.labels import unmark
from pipelines.model import Period, PeriodKind

MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6} | {
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6} | {
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
MONTH_NAME = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept(?:ember|\.)?|sep\.?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_Y = r"(?:19|20)\d\d"
_ZH_DIGITS = {"○": "0", "〇": "0", "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5"} | {
    "六": "6", "七": "7", "八": "8", "九": "9",
}  # fmt: skip
_ZH_YEAR = re.compile(r"[一二][○〇零一二三四五六七八九0]{3}(?=年|[(（]|$|\s|至|-)")
_ZH_SMALL = re.compile(r"([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=個?个?月|日|季)")


@dataclass(frozen=True, slots=True)
class Said:
    """What a label says of its period.

    months  (first, last) where the label names months and no year; then `start` and `end` are None
    kind    None where the label does not tell (a plain year is what the measure makes of it)
    span    "month", "year", "to date" or "part": what kind of stretch it is
    launch  of a figure since the launch of its scheme: the first and the last day on which the launch may have been by
            the same words; no period where the scheme was launched on another
    inferred  what of it the words do not say, and why it is so all the same
    """

    start: date | None
    end: date | None
    kind: PeriodKind | None = None
    span: str = "part"
    months: tuple[int, int] | None = None
    launch: tuple[date, date] | None = None
    inferred: str = ""

    def period(self, label: str, kind: PeriodKind) -> Period | None:
        """The period as `kind`, unless the label itself says another; None while the year is open."""
        if self.end is None:
            return None
        return Period(self.start, self.end, self.kind or kind, label)


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def month_of(word: str) -> int:
    return MONTHS[word[:3].casefold()]


def months_back(end: date, count: int) -> date:
    """First day of the stretch of `count` whole months that ends with `end`'s month."""
    index = end.year * 12 + end.month - count
    return date(index // 12, index % 12 + 1, 1)


def _small(word: str) -> str:
    tens, _, units = word.rpartition("十") if "十" in word else ("", "", word)
    if "十" in word:
        return str((int(_ZH_DIGITS[tens]) if tens else 1) * 10 + (int(_ZH_DIGITS[units]) if units else 0))
    return _ZH_DIGITS[units]


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Lower case, half width, Chinese numerals of years, months and days as digits, one space."""
    said = unicodedata.normalize("NFKC", text).casefold()
    said = re.sub(r"[‐‑‒–—―−─]", "-", said)
    said = _ZH_YEAR.sub(lambda m: "".join(_ZH_DIGITS.get(c, c) for c in m[0]), said)
    said = _ZH_SMALL.sub(lambda m: _small(m[1]), said)
    said = re.sub(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])", "", said)
    return " ".join(said.split())


# --------------------------------------------------------------------------------------------- dates

_DATES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"({MONTH_NAME})\s*(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*({_Y})"), "mdy"),
    (re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s*({MONTH_NAME})\s*,?\s*({_Y})"), "dmy"),
    (re.compile(rf"(?<!\d)(\d{{1,2}})[-/.](\d{{1,2}})[-/.]({_Y})(?!\d)"), "dmy#"),
    (re.compile(rf"(?<!\d)({_Y})-(\d{{2}})-(\d{{2}})(?!\d)"), "ymd"),
    (re.compile(rf"({_Y})年(\d{{1,2}})月(\d{{1,2}})日"), "ymd"),
)


def dates_in(said: str) -> list[tuple[int, int, date]]:
    """(start, end, date) of every full date in a `plain` text, in order; impossible dates are left out."""
    found: list[tuple[int, int, date]] = []
    for pattern, order in _DATES:
        for m in pattern.finditer(said):
            if any(a < m.end() and m.start() < b for a, b, _ in found):
                continue
            try:
                if order == "mdy":
                    day = date(int(m[3]), month_of(m[1]), int(m[2]))
                elif order == "dmy":
                    day = date(int(m[3]), month_of(m[2]), int(m[1]))
                elif order == "dmy#":
                    day = date(int(m[3]), int(m[2]), int(m[1]))
                else:
                    day = date(int(m[1]), int(m[2]), int(m[3]))
            except ValueError:
                continue
            found.append((m.start(), m.end(), day))
    return sorted(found)


_AS_OF = re.compile(
    rf"""(?:(?:as\s+(?:at|of)|up\s+to|by|until|till)\s+(?:the\s+)?(?P<end>(?:year[\s-]*)?end)?(?:\s+of)?[\s-]*
           (?:(?P<day>\d{{1,2}})\s+)?(?P<month>{MONTH_NAME})?(?:\s+(?P<day2>\d{{1,2}})(?!\d),?)?\s*,?\s*(?P<year>{_Y})(?!\d|-\d))
      | (?:截至|至)(?P<zyear>{_Y})年(?:(?P<zmonth>\d{{1,2}})月(?:(?P<zday>\d{{1,2}})日|底|末)?|年?[底末終])
    """,
    re.VERBOSE,
)


def as_of_in(text: str) -> list[tuple[int, int, date]]:
    """(start, end, date) of every "as of end 2021", "as at March 31, 2013", "截至2021年底" in `plain(text)`.

    A month without a day means its end only where the words say so ("as at end-March 2023") or no day is printed.
    """
    found = []
    for m in _AS_OF.finditer(plain(text)):
        year = m["year"] or m["zyear"]
        day = m["day"] or m["day2"] or m["zday"]
        month = month_of(m["month"]) if m["month"] else int(m["zmonth"]) if m["zmonth"] else 12
        if m["year"] and not m["month"] and not m["end"]:
            continue  # "by 2021", "up to 2021": no date
        if not 1 <= month <= 12:
            continue
        try:
            end = date(int(year), month, int(day)) if day else month_end(int(year), month)
        except ValueError:
            continue
        found.append((m.start(), m.end(), end))
    return found


# --------------------------------------------------------------------------------------------- labels

_P = r"[\(\[]?"
_Q = r"[\)\]]?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("year", rf"(?:year\s+|in\s+|calendar year\s+)?({_Y})年?(?:度)?"),
        ("months of", rf"({_Y})年?\s*{_P}\s*({MONTH_NAME})\s*(?:to|-|until)\s*({MONTH_NAME})\s*{_Q}"),
        ("months of", rf"({MONTH_NAME})\s*(?:to|-)\s*({MONTH_NAME})\s*,?\s*({_Y})"),
        ("zh months of", rf"({_Y})年?\s*{_P}\s*(\d{{1,2}})月?\s*(?:至|-|到)\s*(\d{{1,2}})月\s*{_Q}"),
        ("months", rf"{_P}\s*({MONTH_NAME})\s*(?:to|-|until)\s*({MONTH_NAME})\s*{_Q}"),
        ("zh months", rf"{_P}\s*(\d{{1,2}})月?\s*(?:至|-|到)\s*(\d{{1,2}})月\s*{_Q}"),
        ("month span", rf"({MONTH_NAME})\s*({_Y})\s*(?:to|-)\s*({MONTH_NAME})\s*({_Y})"),
        ("zh month span", rf"({_Y})年(\d{{1,2}})月(?:至|-|到)({_Y})年(\d{{1,2}})月"),
        ("month", rf"({MONTH_NAME})\s*,?\s*({_Y})"),
        ("month", rf"({_Y})\s*({MONTH_NAME})"),
        ("zh month", rf"({_Y})年(\d{{1,2}})月(?:份)?"),
        (
            "financial",
            rf"(?:financial year\s*)?({_Y})\s*[-/]\s*(\d\d|{_Y})(?:年度|財政年度|财政年度)?\s*(?:\(financial year\))?",
        ),
        (
            "half",
            rf"({_Y})\s*[-/]\s*(\d\d|{_Y})(?:年度)?\s*{_P}\s*(first|second|1st|2nd|上|下)\s*(?:half|半年)(?:\s*year)?\s*{_Q}",
        ),
        ("quarter", rf"(?:q([1-4])|([1-4])(?:st|nd|rd|th)\s+quarter(?:\s+of)?)\s*,?\s*({_Y})"),
        ("quarter", rf"({_Y})年?\s*(?:q([1-4])|第([1-4])季(?:度)?)"),
        ("first months", rf"{_P}?(?:the\s+)?first\s+(\d{{1,2}}|[a-z]+)\s+months?(?:\s+of|,)?\s*({_Y}){_Q}"),
        ("first months", rf"({_Y})\s*\(\s*(?:the\s+)?first\s+(\d{{1,2}}|[a-z]+)\s+months?\s*\)"),
        ("first months", rf"({_Y})年?\s*{_P}(?:首|頭|头)(\d{{1,2}})個?个?月{_Q}"),
        (
            "up to",
            rf"({_Y})年?\s*\(\s*(?:as\s+(?:at|of)|up\s+to|until)\s+(?:end[\s-]+(?:of\s+)?)?({MONTH_NAME})\s*(\d{{1,2}})?\s*\)",
        ),
        ("up to", rf"({_Y})年?\s*\(\s*截至(\d{{1,2}})月(?:(\d{{1,2}})日|底)?\s*\)"),
        ("month name", rf"({MONTH_NAME})"),
        ("zh month name", r"(\d{1,2})月(?:份)?"),
    )
)
_SEARCHED = tuple((name, re.compile(rf"(?<![\da-z-])(?:{pattern.pattern})(?![\da-z]|-\d)")) for name, pattern in _FORMS)
# what may stand beside the dates of a column: its unit, and words that its dates say already
_NOISE = re.compile(
    r"hk\s*\$\s*(?:million|mn|m)\b|\$\s*(?:million|mn|m)\b|provisional|year to date|\bto\b|\bfrom\b|至|[()\s,;:.-]"
)
_BEGIN = re.compile(rf"({MONTH_NAME})\s*(\d{{1,2}})\s*,?\s*to(?=\s|$)")
_ENDED = re.compile(r"(month|year|(?:\d{1,2}|[a-z]+)\s+months?)\s+ended")


@lru_cache(maxsize=16_384)
def read(label: str, year_start: int = 1) -> Said | None:
    """What a label of a row or a column says of its period, whole; None where it is no period.

    `year_start` is the first month of the reporting year: "the year ended March 31, 2002" starts in April 2001.
    """
    said = plain(unmark(label)).strip(" :;,.")
    if not said:
        return None
    ended = _ended(said)
    if ended is not None:
        return ended
    stock = as_of_in(said)
    if len(stock) == 1 and stock[0][:2] == (0, len(said)):
        return Said(None, stock[0][2], PeriodKind.STOCK, "stock")
    for name, pattern in _FORMS:
        m = pattern.fullmatch(said)
        if m is not None:
            read_so = _form(name, [g for g in m.groups() if g is not None], year_start)
            if read_so is not None:
                return read_so
    return None


_WITHIN = (
    "month span", "zh month span", "months of", "zh months of", "half", "financial", "quarter", "first months", "month",
    "zh month", "year",
)  # fmt: skip


def named_in(text: str, year_start: int = 1) -> frozenset[Said]:
    """Every period that a title or a caption names, each stretch of words read once, the longest forms first."""
    said = plain(text)
    found: set[Said] = set()
    for start, end, day in reversed(as_of_in(said)):
        found.add(Said(None, day, PeriodKind.STOCK, "stock"))
        said = said[:start] + " ; " + said[end:]
    ended = _ENDED.search(said)
    days = dates_in(said)
    if ended is not None and len(days) == 1 and days[0][0] >= ended.end():
        whole = _ended(said[ended.start() : days[0][1]])
        if whole is not None:
            found.add(whole)
            said = said[: ended.start()] + " ; " + said[days[0][1] :]
    for wanted in _WITHIN:
        for name, pattern in _SEARCHED:
            if name != wanted:
                continue
            for m in reversed(list(pattern.finditer(said))):
                read_so = _form(name, [g for g in m.groups() if g is not None], year_start)
                if read_so is not None:
                    found.add(read_so)
                    said = said[: m.start()] + " ; " + said[m.end() :]
    return frozenset(found)


def _ended(said: str) -> Said | None:
    """ "Month ended March 31, 2002", "four months ended July 31, 2015", "April 1, 1998 to Sept 30, 1998"."""
    words = _ENDED.search(said)
    days = dates_in(said)
    rest = said
    for a, b, _ in reversed(days):
        rest = rest[:a] + " " + rest[b:]
    if words is not None and len(days) == 1:
        rest = _ENDED.sub(" ", rest, count=1)
        end = days[0][2]
        if _NOISE.sub("", rest) or end != month_end(end.year, end.month):
            return None
        count = words[1].removesuffix("s").removesuffix("month").strip()
        if words[1] == "month":
            return Said(months_back(end, 1), end, PeriodKind.FLOW, "month")
        if words[1] == "year":
            return Said(months_back(end, 12), end, PeriodKind.CUMULATIVE, "to date")
        number = int(count) if count.isdigit() else _NUMBERS.get(count)
        return Said(months_back(end, number), end, PeriodKind.CUMULATIVE, "to date") if number else None
    if words is None and len(days) == 1:
        # "April 1 to Dec 31, 2000": the start is the last such day before the end
        begin = _BEGIN.search(said[: days[0][0]])
        end = days[0][2]
        if begin is not None and not _NOISE.sub("", _BEGIN.sub(" ", rest, count=1)) and begin[2] == "1":
            month = month_of(begin[1])
            start = date(end.year - (month > end.month), month, 1)
            days = [(0, 0, start), days[0]]
            rest = ""
    if words is None and len(days) == 2:
        start, end = days[0][2], days[1][2]
        if not _NOISE.sub("", rest) and start < end and start.day == 1 and end == month_end(end.year, end.month):
            one = (start.year, start.month) == (end.year, end.month)
            return Said(start, end, PeriodKind.FLOW if one else PeriodKind.CUMULATIVE, "month" if one else "to date")
    return None


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else _NUMBERS.get(word)


def _form(name: str, g: list[str], year_start: int) -> Said | None:
    try:
        return _READERS[name](g, year_start)
    except ValueError:  # month 13, day 32
        return None


def _year(g: list[str], _: int) -> Said:
    return Said(date(int(g[0]), 1, 1), date(int(g[0]), 12, 31), None, "year")


def _span(y1: int, m1: int, y2: int, m2: int) -> Said | None:
    start, end = date(y1, m1, 1), month_end(y2, m2)
    return Said(start, end, None, "part") if start < end else None


def _months_of(g: list[str], _: int) -> Said | None:
    year = next(int(x) for x in g if x.isdigit())
    first, last = (month_of(x) for x in g if not x.isdigit())
    return _span(year, first, year, last)


def _zh_months_of(g: list[str], _: int) -> Said | None:
    return _span(int(g[0]), int(g[1]), int(g[0]), int(g[2]))


def _months(g: list[str], _: int) -> Said | None:
    first, last = (int(x) if x.isdigit() else month_of(x) for x in g)
    return Said(None, None, None, "part", (first, last)) if 1 <= first <= last <= 12 else None


def _month_span(g: list[str], _: int) -> Said | None:
    return _span(int(g[1]), month_of(g[0]), int(g[3]), month_of(g[2]))


def _zh_month_span(g: list[str], _: int) -> Said | None:
    return _span(int(g[0]), int(g[1]), int(g[2]), int(g[3]))


def _month(g: list[str], _: int) -> Said:
    year, word = (g[0], g[1]) if g[0].isdigit() else (g[1], g[0])
    month = month_of(word)
    return Said(date(int(year), month, 1), month_end(int(year), month), None, "month")


def _zh_month(g: list[str], _: int) -> Said:
    return Said(date(int(g[0]), int(g[1]), 1), month_end(int(g[0]), int(g[1])), None, "month")


def _financial(g: list[str], year_start: int) -> Said | None:
    first = int(g[0])
    second = int(g[1]) if len(g[1]) == 4 else first // 100 * 100 + int(g[1])
    if second != first + 1 and not (first % 100 == 99 and int(g[1]) == 0):
        return None  # "2003-05" is no financial year
    start = date(first, year_start if year_start != 1 else 4, 1)
    return Said(start, date(start.year + 1, start.month, 1) - timedelta(days=1), None, "year")


def _half(g: list[str], year_start: int) -> Said | None:
    whole = _financial(g[:2], year_start)
    if whole is None or whole.start is None or whole.end is None:
        return None
    middle = months_back(whole.end, 6)
    if g[2] in ("first", "1st", "上"):
        return Said(whole.start, middle - timedelta(days=1), None, "part")
    return Said(middle, whole.end, None, "part")


def _quarter(g: list[str], _: int) -> Said | None:
    year, quarter = (int(g[0]), int(g[1])) if len(g[0]) == 4 else (int(g[1]), int(g[0]))
    return _span(year, quarter * 3 - 2, year, quarter * 3)


def _first_months(g: list[str], _: int) -> Said | None:
    year, count = (int(g[0]), _number(g[1])) if re.fullmatch(_Y, g[0]) else (int(g[1]), _number(g[0]))
    return None if count is None else _span(year, 1, year, count)


def _up_to(g: list[str], _: int) -> Said | None:
    year = int(g[0])
    month = int(g[1]) if g[1].isdigit() else month_of(g[1])
    end = date(year, month, int(g[2])) if len(g) > 2 else month_end(year, month)
    return Said(date(year, 1, 1), end, None, "part")


def _month_name(g: list[str], _: int) -> Said | None:
    month = int(g[0]) if g[0].isdigit() else month_of(g[0])
    return Said(None, None, None, "month", (month, month)) if 1 <= month <= 12 else None


_READERS = {
    "year": _year, "months of": _months_of, "zh months of": _zh_months_of, "months": _months, "zh months": _months,
    "month span": _month_span, "zh month span": _zh_month_span, "month": _month, "zh month": _zh_month,
    "financial": _financial, "half": _half, "quarter": _quarter, "first months": _first_months, "up to": _up_to,
    "month name": _month_name, "zh month name": _month_name,
}  # fmt: skip
