"""Date words of a clause as tokens, one alphabet for English and Chinese.

What belongs here: which words speak of time.  What must never stand here: what several of them mean together
(`period_grammar`), or whether the clause governs a table (`governing`).

A word of time that no pattern reads whole becomes a token of kind "!", which no phrase holds: the period stays open.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipelines.shape.periods import month_of

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9} | {
    "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty-four": 24,
}  # fmt: skip
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
_ZH_DIGITS = {"○": 0, "〇": 0, "零": 0, "一": 1, "二": 2, "兩": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {
    "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_ZH_NUMERAL = re.compile(
    r"[○〇零一二兩两三四五六七八九十]+(?=[個个]?[年月日季]|號|号|財政|财政)"
    r"|[一二][○〇零一二三四五六七八九]{3}(?=[至到/-]|$|\(|\)|,)"
)
# "1至10月" names two months
_ZH_SPAN = re.compile(r"(?<!\d)(\d\d?|[一二三四五六七八九十]{1,3})(?=[至到-]\d\d?月)")

_M = (
    r"(?:[Jj]an(?:uary|\.)?|[Ff]eb(?:ruary|\.)?|[Mm]ar(?:ch|\.)?|[Aa]pr(?:il|\.)?|M(?:ay|AY)|[Jj]une?\.?|[Jj]uly?\.?"
    r"|[Aa]ug(?:ust|\.)?|[Ss]ept(?:ember|\.)?|[Ss]ep\.?|[Oo]ct(?:ober|\.)?|[Nn]ov(?:ember|\.)?|[Dd]ec(?:ember|\.)?"
    r"|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?"
    r"|NOV(?:EMBER)?|DEC(?:EMBER)?)(?![A-Za-z])"
)
_Y = r"(?:19|20)\d\d(?!\d|,\d{3}|\.\d|\s\d{3}(?!\d))"
_D = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d,.]\d|\d|\s\d{3}(?!\d))"
_N = r"(?i:\d{1,2}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
_O = r"(?i:" + "|".join(_ORDINALS) + ")"
_EDGE = (
    r"(?i:the\s+)?(?P<edge>(?:year[\s-]*)?end|close|beginning|start|early|mid(?:dle)?|late)(?:\s+of)?[\s-]+(?:the\s+)?"
)
_RELATIVE = {
    "last year": -1,
    "this year": 0,
    "the current year": 0,
    "去年": -1,
    "上年": -1,
    "今年": 0,
    "本年": 0,
    "前年": -2,
}
_RY = r"(?i:last\s+year|this\s+year|the\s+current\s+year)"
_YEAR = rf"(?P<year>{_Y}|{_RY})"
_FY = r"(?P<year>(?:19|20)\d\d)(?:\s?[-/]\s?(?P<to>\d\d|(?:19|20)\d\d))(?![\d-])"
_ANY = rf"(?P<year>{_Y}|{_RY})(?:\s?[-/]\s?(?P<to>\d\d|(?:19|20)\d\d))?(?!\d|-\d)"
# "(of) the financial year 2024-25", after a half, a quarter, first months
_OF = rf"(?:\s*,?\s*(?:of\s+|in\s+)?(?:the\s+)?(?:financial\s+year\s+)?{_ANY})?"
_FIN = r"(?:financial|fiscal)\s+year"
_ZY = r"(?:(?P<year>(?:19|20)\d\d)年?|(?P<ry>去年|上年(?!度)|今年|本年(?!度)|前年))"
_ZFY = r"(?P<year>(?:19|20)\d\d)年?(?:度)?[-/至](?P<to>\d\d|(?:19|20)\d\d)年?"
_ZFIN = r"(?:財政年度|财政年度|財年|财年|年度|財政年|财政年)"


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch or a day as printed: what is not printed is None.

    year      calendar year, or the year in which a financial year begins
    relative  the year counted from that of the release (-1: last year)
    edge      "end", "begin", "early", "mid", "late"; "bare" of a financial year that no word calls one ("2024-25")
    part      (parts a year, first, last) of quarters, halves or months: (4, 3, 3) is the third quarter
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    relative: int | None = None
    edge: str = ""
    part: tuple[int, int, int] | None = None
    financial: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`, one letter: U unit, I in, F from, T to, X up to, A as at, N and, S since, L launch, B onwards, E "n
    months ended", Z "the year ended then", P "the past n years", ( and ), ; a stop, g a word that adds nothing, w any
    other word, "!" a word of time without a reading."""

    kind: str
    start: int
    end: int
    unit: Unit | None = None
    months: int = 0


def normal(text: str) -> str:
    """Half width, one kind of hyphen, Chinese numerals of dates as digits, no space beside a Chinese character.

    >>> normal("二○二四年十二月三十一日")
    '2024年12月31日'
    """
    text = re.sub(r"[‐‑‒–—―−─~]", "-", unicodedata.normalize("NFKC", text))
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?<=[\u4e00-\u9fff]) | (?=[\u4e00-\u9fff])", "", text)
    text = re.sub(r"(?<=\d) (?=[年月日])|(?<=[年月]) (?=\d)", "", text)
    text = re.sub(r"(?<=[至/-])([一二三四五六七八九○〇零])([一二三四五六七八九○〇零])(?=年|財|财)", _positional, text)
    text = _ZH_NUMERAL.sub(lambda m: _numeral(m[0]), text)
    return _ZH_SPAN.sub(lambda m: (m[1] if m[1].isdigit() else _numeral(m[1])) + "月", text)


def _positional(m: re.Match[str]) -> str:
    return "".join(str(_ZH_DIGITS[c]) for c in m[0])


def _numeral(word: str) -> str:
    if "十" not in word:
        return "".join(str(_ZH_DIGITS[c]) for c in word)
    tens, _, ones = word.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return word
    return str((_ZH_DIGITS[tens] if tens else 1) * 10 + (_ZH_DIGITS[ones] if ones else 0))


def _int(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word.casefold()]


def _edge(word: str | None) -> str:
    word = (word or "").casefold()
    if word.endswith("end") or word in ("close", "底", "末", "終", "终"):
        return "end"
    short = {"beginning": "begin", "start": "begin", "middle": "mid", "初": "early", "上旬": "early", "中": "mid"}
    return short.get(word, {"中旬": "mid", "下旬": "late"}.get(word, word))


def _unit(m: re.Match[str]) -> Unit | None:
    """The unit of a match by its named groups; None where a number of it cannot be (month 13)."""
    g = {k: v for k, v in m.groupdict().items() if v is not None}
    if "h2" in g:
        g["half"] = g["h2"]
    year = relative = None
    said = " ".join((g.get("year") or g.get("ry") or "").casefold().split())
    if said[:4].isdigit():
        year = int(said[:4])
    elif said:
        relative = _RELATIVE[said]
    if "to" in g and (year is None or int(g["to"]) not in (year + 1, (year + 1) % 100)):
        return None
    word = g.get("month", "")
    month = (int(word) if word.isdigit() else month_of(word)) if word else None
    day = int(re.sub(r"\D", "", g["day"])) if "day" in g else None
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    part = None
    for name, parts in (("quarter", 4), ("half", 2)):
        if name in g:
            index = (
                _ORDINALS.get(g[name].casefold())
                or {"上": 1, "首": 1, "前": 1, "下": 2, "後": 2, "后": 2}.get(g[name])
                or int(g[name])
            )
            index = 2 if parts == 2 and index == 4 else index
            part = (parts, index, index)
    if "months" in g:
        part = (12, 1, _int(g["months"]))
    if "quarters" in g:
        part = (4, 1, _int(g["quarters"]))
    if part is not None and not 1 <= part[2] <= part[0]:
        return None
    edge = "bare" if "bare" in g else _edge(g.get("edge"))
    return Unit(year, month, day, relative, edge, part, "to" in g)


# Longest first: the first pattern that matches at a place is the token.
_UNITS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # English: dates; halves, quarters and first months; years
        (rf"(?:{_EDGE})?(?P<month>{_M})\s*(?P<day>{_D})(?:\s*,\s*|\s+(?:of\s+)?){_YEAR}", 0),
        (rf"(?P<day>{_D})\s+(?:of\s+)?(?P<month>{_M})\s*,?\s*(?:of\s+)?{_YEAR}", 0),
        (rf"(?:{_EDGE})?(?P<month>{_M})\s*,?\s*(?:of\s+)?{_YEAR}", 0),
        (rf"(?P<month>{_M})\s+(?P<day>{_D})", 0),
        (rf"(?P<day>{_D})\s+(?:of\s+)?(?P<month>{_M})", 0),
        (rf"(?:{_EDGE})?(?P<month>{_M})", 0),
        (rf"(?P<year>{_Y})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", 0),
        (rf"(?<!\d)(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>{_Y})", 0),
        (rf"(?:{_EDGE})?(?P<half>{_O})\s+half(?:\s+year)?{_OF}", 0),
        (rf"(?:{_EDGE})?(?P<quarter>{_O})\s+quarter{_OF}", 0),
        (rf"[Qq](?P<quarter>[1-4])(?!\d)(?:\s*,?\s*(?:of\s+)?{_YEAR})?", 0),
        (rf"(?P<year>{_Y})\s*,?\s*[Qq](?P<quarter>[1-4])(?!\d)", 0),
        (rf"(?P<year>{_Y})\s*,?\s*(?:\(?(?P<half>{_O})\s+half\)?|[Hh](?P<h2>[12])(?!\d))", 0),
        (rf"[Hh](?P<half>[12])(?!\d)(?:\s*,?\s*(?:of\s+)?{_YEAR})?", 0),
        (rf"first\s+(?P<months>{_N})\s+months{_OF}", 0),
        (rf"first\s+(?P<quarters>{_N})\s+quarters{_OF}", 0),
        (rf"{_FIN}\s*(?:of\s+)?{_FY}", 0),
        (rf"the\s+{_FY}\s+{_FIN}", 0),
        (rf"{_EDGE}(?:(?:financial|fiscal)\s+year\s+)?{_ANY}", 0),
        (rf"(?P<bare>){_FY}", 0),
        (rf"{_YEAR}(?![-/]\d)", 0),
        # Chinese
        (rf"{_ZFY}{_ZFIN}?\(?(?P<half>[上下首前後后])半年(?:度)?\)?", 0),
        (rf"{_ZFY}{_ZFIN}?\(?第?(?P<quarter>[1-4首])季(?:度)?\)?", 0),
        (rf"{_ZFY}{_ZFIN}?\(?[首頭头前](?P<months>\d\d?)[個个]月\)?", 0),
        (rf"{_ZFY}{_ZFIN}", 0),
        (rf"{_ZY}?(?P<month>\d\d?)月(?P<day>\d\d?)[日號号]", 0),
        (rf"{_ZY}?(?P<month>\d\d?)月(?:份)?的?(?P<edge>底|末|初|上旬|中旬|下旬|中)?", 0),
        (rf"{_ZY}?(?<!一)(?:全年)?的?\(?(?P<half>[上下首前後后])半年(?:度)?\)?", 0),
        (rf"{_ZY}?\(?第?(?P<quarter>[1-4首])季(?:度)?\)?", 0),
        (rf"{_ZY}?的?\(?[首頭头前](?P<months>\d\d?)[個个]月\)?", 0),
        (rf"{_ZY}?的?\(?[首頭头前](?P<quarters>\d)[個个]?季(?:度)?\)?", 0),
        (rf"{_ZY}年?(?P<edge>底|末|終|终|初|中)", 0),
        (r"(?P<ry>去年|上年(?!度)|今年|本年(?!度)|前年)(?:全年|年內|年内|內|内)?", 0),
        (r"(?P<year>(?:19|20)\d\d)年(?!度|齡|龄|資|资)(?:全年|內|内)?", 0),
    )
)  # fmt: skip
# what a table is broken down by is no time: income of the year before, years of experience
_NO_TIME = re.compile(
    r"(?:income|earnings|remuneration)\s+(?:in|of|for|during)\s+the\s+(?:previous|preceding|past|last)\s+year"
    rf"|(?:{_N}\s+)?(?:years?|months)['’]?\s+(?:of\s+)?"
    r"(?:age|work(?:ing)?|experience|graduation|birth|study|residence)(?![a-z])"
    r"|years?\s+old|(?:annual|monthly)\s+(?:income|remuneration|salary)"
    r"|(?:上|前|過去|过去)1?年(?:度)?的?(?:全年)?收入|\d*年的?工作經驗|\d*年的?工作经验|年齡|年龄|年資|年资|年薪|年收入"
    r"|月薪|青年|成年|年輕|年轻|日本",
    re.IGNORECASE,
)
_ENDED = re.compile(
    rf"(?:(?P<n>{_N})[\s-]+months?|(?P<year>(?:(?:financial|calendar)\s+)?year)|(?P<quarter>quarter)|(?P<one>month))"
    rf"(?:\s+period)?\s+(?:ended|ending|(?:up\s+)?to(?=\s+(?:the\s+)?(?:end|{_M}|\d))(?:\s+the)?)(?:\s+on)?(?![a-z])",
    re.IGNORECASE,
)
_ZH_ENDED = re.compile(r"止的?(?P<n>\d\d?)[個个]月")
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("A", r"as\s+(?:at|of)(?:\s+the\s+week\s+end(?:ing|ed))?|截至|截止至?"),
        ("X", r"up\s+(?:to|till|until)|直至|直到"),
        ("A", r"by(?=\s+(?:the\s+)?(?:end|close|mid|early|late|\d{1,2}\s|" + _M + r"\s+\d{1,2}(?!\d)))"),
        ("S", r"since|以來|以来"),
        ("!", r"to\s+date|so\s+far|(?:until|till|up\s+to)\s+now|at\s+present|至今(?!年)|迄今|目前|現時|现时|現在|如今"),
        ("T", r"to|until|till|through|至|到|-"),
        ("F", r"from|between|由|自|從|从"),
        ("N", r"and|及|和|與|与|、|&"),
        ("I", r"in|for|during|within|throughout|at|於|于|在|on"),
        ("B", r"起計?|onwards?|開始"),
        ("L", r"(?:(?:the|its|their)\s+)?(?:official\s+)?"
              r"(?:launch(?:ing|ed)?|inception|introduction|implementation|commencement|establishment)"
              r"(?:\s+of\s+(?:the\s+)?(?:(?:[A-Z][\w-]*|for|and|of)\s+){0,9}"
              r"(?:scheme|policy|TTPS|QMAS|programme|arrangements?)(?:\s+\([A-Z]+\))?)?"),
        ("L", r"(?:(?:該|有關|本|此)?(?:計劃|计划)|「[^」]{1,20}」)?(?:正式)?"
              r"(?:推出|實施|实施|推行|開展|开展|接受申請|接受申请|成立|啟動|启动|設立)(?:計劃|计划)?(?:後|后)?"),
        ("Z", r"止(?:的)?(?:財政|财政)?年度"),
        ("g", r"(?<=[自由從从])(?:(?:該|本)?(?:計劃|计划)|「[^」]{1,20}」)(?=於|于|在|\d)"
              r"|止|為止|为止|期間|期间|,|the|of|period|whole|full|entire|calendar"
              r"|years?(?=\s+(?:19|20)\d\d)|內|内|的|共|全年|i\.e\."),
        ("(", r"\("),
        (")", r"\)"),
        (";", r"[;:.。!?]"),
        ("!", r"years?|months?|quarters?|quarterly|weeks?|weekly|days?|daily|annual(?:ly)?|monthly|yearly|decades?"
              r"|fortnight|ago|recent(?:ly)?|today|yesterday|tomorrow|current(?:ly)?|latest|previous(?:ly)?|preceding|earlier"
              r"|thereafter|afterwards|year-on-year|spring|summer|autumn|winter|christmas|easter|after|before|later|then|now|hitherto|mid|end-\w+"
              r"|same\s+period"),
        ("!", r"\d+[年月日季]|年|月|季|旬|週|周(?=年)|星期|同期|期內|期内|近期|過去|过去|最近|早前|其後|其后"
              r"|之後|之后|之前|以後|以后|以前|廿\S|昨日|今日|翌"),
        ("w", r"[A-Za-z][A-Za-z'’-]*|[\d][\d,. ]*\d|\d|\S"),
    )
)  # fmt: skip
_PAST = re.compile(
    rf"(?:(?:the\s+)?(?:past|last|previous|preceding|recent)\s+)?(?P<n>{_N})\s+(?P<u>calendar\s+years|financial\s+years|years|months)"
    r"|(?:過去|过去|最近|近)(?P<zn>\d+)(?:[個个])?(?P<zu>年|月)",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"(?:the\s+)?(?:calendar\s+year\s+(?P<y>(?:19|20)\d\d)|(?P<year>(?:19|20)\d\d)\s+calendar\s+year)", re.I
)


def tokens(text: str) -> list[Token]:
    """The tokens of a `normal` text, in order."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at)
        found.append(token)
        at = token.end
    return found


def _token(text: str, at: int) -> Token:
    inside = at > 0 and text[at - 1].isascii() and text[at - 1].isalnum() and text[at].isascii() and text[at].isalnum()
    dollars = at > 0 and text[at - 1] == "$"
    masked = _NO_TIME.match(text, at)
    if masked is not None and not inside:
        return Token("w", at, masked.end())
    if not inside and not dollars:
        dated = _dated(text, at)
        if dated is not None:
            return dated
    for kind, pattern in _WORDS:
        m = pattern.match(text, at)
        if m is not None and m.end() > at and (kind == "w" or not _cuts(text, m.end())):
            return Token(kind, at, m.end())
    return Token("w", at, at + 1)


def _dated(text: str, at: int) -> Token | None:
    m = _ZH_ENDED.match(text, at)
    if m is not None:
        return Token("E", at, m.end(), months=int(m["n"]))
    m = _ENDED.match(text, at)
    if m is not None:
        months = _int(m["n"]) if m["n"] else 12 if m["year"] else 3 if m["quarter"] else 1
        return Token("E", at, m.end(), months=months)
    m = _PAST.match(text, at)
    if m is not None:
        years = (m["u"] or "").endswith("years") or m["zu"] == "年"
        return Token("P", at, m.end(), months=(_int(m["n"]) if m["n"] else int(m["zn"])) * (12 if years else 1))
    m = _CALENDAR.match(text, at)
    if m is not None:
        return Token("U", at, m.end(), Unit(int(m["y"] or m["year"])))
    best: Token | None = None
    for pattern in _UNITS:
        m = pattern.match(text, at)
        if m is None or m.end() == at or _cuts(text, m.end()) or (best is not None and m.end() <= best.end):
            continue
        unit = _unit(m)
        best = Token("U" if unit is not None else "!", at, m.end(), unit)
    return best


def _cuts(text: str, end: int) -> bool:
    """Whether a match would end within a word or a number."""
    last, after = text[end - 1 : end], text[end : end + 1]
    return bool(after) and last.isascii() and after.isascii() and last.isalnum() and (after.isalnum() or after == "_")
