"""The period that a phrase of a sentence says, read whole or not at all.

What belongs here: one phrase in, one period out ("as at end-December 2014", "in 2023", 截至二○二三年底).  What does
not: sentences, schemes, the day on which a scheme began.  Texts are in the form of `periods.plain`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipelines.shape.periods import MONTH_NAME, month_end, month_of

_Y = r"(?:(?:19|20)\d\d(?!\d| \d{3}(?!\d)))"
_D = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:{MONTH_NAME} {_D},? {_Y}|{_D} (?:of )?{MONTH_NAME},? {_Y})"
_ENDED = r"(?:(?:the )?(?:year[- ])?end(?:[- ]of|,)?[- ](?:the year )?)"
_POINT = rf"(?:{_DAY}|{_ENDED}?{MONTH_NAME},? {_Y}|{_ENDED}{_Y})"
_ZPOINT = r"(?:(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日|底|末|份)?|年?[底末終]))"
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4} | {
    "上": 1, "下": 2, "首": 1, "第1": 1, "第2": 2, "第3": 3, "第4": 4, "1": 1, "2": 2, "3": 3, "4": 4,
}  # fmt: skip
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9} | {
    "ten": 10, "eleven": 11,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatementPeriod:
    """start is None for "as at" a day: what is counted until then began when the scheme did, unless it is a stock."""

    start: date | None
    end: date


def _point(text: str) -> tuple[date, date] | None:
    """First and last day that a point of time can be: one day, or the whole month where no day and no end is named."""
    year = re.search(r"(?:19|20)\d\d", text)
    assert year is not None
    y = int(year[0])
    word = re.search(MONTH_NAME, text) if "年" not in text else None
    if "年" in text:
        m = re.search(r"年(\d{1,2})月(?:(\d{1,2})日)?", text)
        month, day, ends = (int(m[1]) if m else 12), (int(m[2]) if m and m[2] else 0), text[-1] in "底末終"
    else:
        rest = text.replace(year[0], " ", 1) if text.endswith(year[0]) else text
        m = re.search(r"\d{1,2}", rest)
        month, day, ends = (month_of(word[0]) if word else 12), (int(m[0]) if m else 0), "end" in text
    try:
        last = date(y, month, day) if day else month_end(y, month)
    except ValueError:
        return None
    return (last, last) if day or ends else (date(y, month, 1), last)


def _as_at(m: re.Match[str]) -> StatementPeriod | None:
    found = _point(m["point"])
    return StatementPeriod(None, found[1]) if found else None


def _span(m: re.Match[str]) -> StatementPeriod | None:
    first, last = _point(m["a"]), _point(m["b"])
    if first is None or last is None or first[0] >= last[1]:
        return None
    if "底" in m["a"] or "末" in m["a"] or "end" in m["a"]:
        return None  # "from end-2022": before or after its last day?
    return StatementPeriod(first[0], last[1])


def _year(m: re.Match[str]) -> StatementPeriod:
    return StatementPeriod(date(int(m["y"]), 1, 1), date(int(m["y"]), 12, 31))


def _years(m: re.Match[str]) -> StatementPeriod | None:
    first, last = int(m["y1"]), int(m["y2"])
    return StatementPeriod(date(first, 1, 1), date(last, 12, 31)) if first < last else None


def _month(m: re.Match[str]) -> StatementPeriod | None:
    found = _point(m["point"])
    return StatementPeriod(*found) if found and found[0] != found[1] else None


def _part(m: re.Match[str], months: int) -> StatementPeriod | None:
    nth = _NTH[m["nth"]]
    if nth * months > 12:
        return None
    return StatementPeriod(date(int(m["y"]), nth * months - months + 1, 1), month_end(int(m["y"]), nth * months))


def _first_months(m: re.Match[str]) -> StatementPeriod | None:
    count = int(m["n"]) if m["n"].isdigit() else _COUNTS.get(m["n"], 0)
    if not 2 <= count <= 11:
        return None
    return StatementPeriod(date(int(m["y"]), 1, 1), month_end(int(m["y"]), count))


def _financial(m: re.Match[str]) -> StatementPeriod | None:
    first, second = int(m["y1"]), m["y2"]
    if int(second[-2:]) != (first + 1) % 100 or (len(second) == 4 and int(second) != first + 1):
        return None
    return StatementPeriod(date(first, 4, 1), date(first + 1, 3, 31))


_FROM = r"(?:(?:in|during|for|over) the period )?(?:from|between)"
_TO = r"(?:up to|to|until|till|through|and)"
_IN = r"(?:in|during|for|throughout|within)"
_NTHS = r"first|second|third|fourth|1st|2nd|3rd|4th"
_PHRASES: tuple[tuple[str, Callable[[re.Match[str]], StatementPeriod | None]], ...] = (
    (rf"(?:as (?:at|of|on)|up to|up until|until|till|up to and including) (?P<point>{_POINT})", _as_at),
    (rf"(?:by|at) (?P<point>{_DAY}|{_ENDED}(?:{MONTH_NAME},? )?{_Y})", _as_at),
    (rf"{_FROM} (?P<a>{_POINT}) {_TO} (?P<b>{_POINT})", _span),
    (
        rf"(?:{_FROM}|{_IN}) (?P<m>{MONTH_NAME}(?: \d{{1,2}})?) ?(?:{_TO}|-) ?(?P<b>{_POINT})",
        lambda m: _same_year_span(m),
    ),
    (rf"(?:from|between) (?P<y1>{_Y}) (?:to|and|through) (?P<y2>{_Y})", _years),
    (rf"{_IN} (?:the )?(?:whole (?:year )?of |calendar )?(?:year )?(?:of )?(?P<y>{_Y})(?: alone| as a whole)?", _year),
    (rf"{_IN} (?:the month of )?(?P<point>{MONTH_NAME},? {_Y})(?: alone)?", _month),
    (rf"{_IN} the (?P<nth>{_NTHS}) quarter (?:of |in )?(?P<y>{_Y})", lambda m: _part(m, 3)),
    (rf"{_IN} the (?P<nth>first|second) half (?:of |in )?(?:the year )?(?P<y>{_Y})", lambda m: _part(m, 6)),
    (rf"{_IN} the first (?P<n>[a-z]+|\d{{1,2}}) months (?:of |in )?(?P<y>{_Y})", _first_months),
    (rf"{_IN} (?:the )?financial year (?:of )?(?P<y1>(?:19|20)\d\d)[-/](?P<y2>(?:20)?\d\d)(?!\d)", _financial),
    (rf"(?:由|自|從)?(?:計劃)?(?:推出起計?)?(?:截至|截止|直至)(?P<point>{_ZPOINT})(?:為止|止)?", _as_at),
    (rf"(?:由|自|從|在|於)?(?P<a>{_ZPOINT})(?:起)?(?:至|到|-)(?P<b>{_ZPOINT})(?:期間|為止|止|內)?", _span),
    (r"(?:由|自|從|在|於)?(?P<y1>(?:19|20)\d\d)年?(?:至|到)(?P<y2>(?:19|20)\d\d)年(?:期間|間)?", _years),
    (
        r"(?:由|自|從|在|於)?(?P<a>(?:19|20)\d\d年\d{1,2}月)(?:至|到|-)(?P<b>\d{1,2}月)(?:底|份)?(?:期間|止|內)?",
        lambda m: _months_of_year(m),
    ),
    (r"(?:在|於)?(?P<y>(?:19|20)\d\d)年(?:首|頭)(?P<n>\d{1,2})個?月(?:內)?", _first_months),
    (r"(?:在|於)?(?P<y>(?:19|20)\d\d)年(?P<nth>首|第[1-4])季(?:度)?", lambda m: _part(m, 3)),
    (r"(?:在|於)?(?P<y>(?:19|20)\d\d)年(?P<nth>上|下)半年", lambda m: _part(m, 6)),
    (r"(?:在|於)?(?P<point>(?:19|20)\d\d年\d{1,2}月)(?:份|內|期間)?(?!\d{1,2}日)", _month),
    (r"(?:在|於)?(?P<y1>(?:19|20)\d\d)[-/](?P<y2>(?:20)?\d\d)(?:財政年度)", _financial),
    (r"(?:在|於)?(?P<y>(?:19|20)\d\d)年(?:全年|內|期間|間)?(?!\d{1,2}月|[初中底末終首上下第年])", _year),
)  # fmt: skip


def _months_of_year(m: re.Match[str]) -> StatementPeriod | None:
    first = _point(m["a"])
    last = int(m["b"].rstrip("月"))
    if first is None or not first[0].month < last <= 12:
        return None
    return StatementPeriod(first[0], month_end(first[0].year, last))


def _same_year_span(m: re.Match[str]) -> StatementPeriod | None:
    """ "From January to October 2023": the year of the end is that of the start."""
    last = _point(m["b"])
    if last is None or "end" in m["m"]:
        return None
    first = _point(f"{m['m']} {last[1].year}")
    return StatementPeriod(first[0], last[1]) if first is not None and first[0] < last[1] else None


_COMPILED = tuple((re.compile(pattern), make) for pattern, make in _PHRASES)


def match_period(text: str, position: int = 0) -> tuple[int, StatementPeriod | None] | None:
    """The longest phrase of a period at a position of a `plain` text: its end and the period.

    None where no phrase begins there; the period is None where the phrase names a day that there is not, or a span
    that ends before it begins.

    >>> match_period("as at end-december 2014, 41 802 applications")
    (23, StatementPeriod(start=None, end=datetime.date(2014, 12, 31)))
    >>> match_period("in 2023")
    (7, StatementPeriod(start=datetime.date(2023, 1, 1), end=datetime.date(2023, 12, 31)))
    >>> match_period("截至2023年底")
    (8, StatementPeriod(start=None, end=datetime.date(2023, 12, 31)))
    """
    best: tuple[int, StatementPeriod | None] | None = None
    for pattern, make in _COMPILED:
        m = pattern.match(text, position)
        if m is not None and m.end() > position and (best is None or m.end() > best[0]):
            best = (m.end(), make(m))
    return best


_LAUNCH = re.compile(
    rf"(?:ever )?(?:since|from) (?:(?:its|the|their)(?: official)? (?:launch|introduction|implementation|inception|"
    rf"commencement)(?: of the (?:scheme|arrangements?|programme))?|(?:the scheme|it) (?:was (?:launched|introduced|"
    rf"implemented)|(?:was )?open(?:ed)?(?: for applications?)?))(?: (?:in|on|at|from)? ?(?P<point>{_POINT}))?"
    rf"|(?:自|由|從)?(?:計劃|安排)?(?:在|於)?(?P<zpoint>{_ZPOINT})?(?:計劃|安排)?"
    rf"(?:推出|實施|实施|推行|開始接受申請|开始接受申请)(?:起計?|以來|至今|(?=至))"
)


def match_launch(text: str, position: int = 0) -> tuple[int, tuple[date, date] | None] | None:
    """ "Since its launch (in December 2022)" at a position: its end, and the first and last day that it names.

    >>> match_launch("since its launch in december 2022, ")
    (33, (datetime.date(2022, 12, 1), datetime.date(2022, 12, 31)))
    """
    m = _LAUNCH.match(text, position)
    if m is None:
        return None
    named = m["point"] or m["zpoint"]
    return m.end(), _point(named) if named else None


_UNTIL = re.compile(rf"(?:and )?(?:up )?(?:to|until|till) (?P<point>{_POINT})|至(?P<zpoint>{_ZPOINT})(?:為止|止)?")


def match_until(text: str, position: int) -> tuple[int, StatementPeriod] | None:
    """The end of a stretch that began with a launch ("from its launch ... to end-2023"): its end, and "as at" that day.

    >>> match_until("to end-2023, ", 0)
    (11, StatementPeriod(start=None, end=datetime.date(2023, 12, 31)))
    """
    m = _UNTIL.match(text, position)
    found = _point(m["point"] or m["zpoint"]) if m is not None else None
    return (m.end(), StatementPeriod(None, found[1])) if m is not None and found is not None else None


_LAUNCH_DATE = re.compile(rf"(?:in|on) (?P<point>{_DAY}|{MONTH_NAME},? {_Y})|(?:在|於)?(?P<zpoint>{_ZPOINT})")


def match_launch_date(text: str, position: int) -> tuple[int, tuple[date, date]] | None:
    """The date of a launch that was named before ("... in December 2022"): its end, and its first and last day.

    >>> match_launch_date("on december 28, 2022, ", 0)
    (20, (datetime.date(2022, 12, 28), datetime.date(2022, 12, 28)))
    """
    m = _LAUNCH_DATE.match(text, position)
    found = _point(m["point"] or m["zpoint"]) if m is not None else None
    return (m.end(), found) if m is not None and found is not None else None
