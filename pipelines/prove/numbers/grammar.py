"""One bare figure: hedge, sign, currency, numeral, scale, unit, in that order, in English and Chinese.

What belongs here: the words around a numeral and what they make of it.  What must never stand here: brackets, marks,
several figures in one text (`numbers`), the numerals themselves (`numerals`).  Input is folded text (`glyphs.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pipelines.model import Reading
from pipelines.prove.numbers.numerals import ENGLISH_WORDS, HAN, MYRIAD, MYRIADS, Amount, Convention, amounts, english

_HEDGES = {
    "about": r"about|some|around|approximately|approx\.?|circa|ca\.|roughly|in the region of|大約|大约|約|约|~",
    "near": r"nearly|almost|close to|near|just under|接近|將近|将近|近",
    "over": (
        r"over|more than|exceeding|in excess of|above|at least|upwards of|>=?|≥|"
        r"逾|超過|超过|多於|多于|超|起碼|至少|最少"
    ),
    "under": (
        r"under|below|less than|fewer than|at most|not more than|up to|<=?|≤|"
        r"少於|少于|不足|低於|低于|不多於|最多|不超過"
    ),
}
_HEDGES_AFTER = {
    "over": r"多|餘|余|以上|有多|\+|or more|or above",
    "about": r"左右|上下|許",
    "under": r"以下|or less|or below",
}
_CURRENCY = {
    "HK$": r"HK\s?\$|HKD|港幣|港币",
    "US$": r"US\s?\$|USD|美金",
    "RMB": r"RMB|CNY|人民幣|人民币",
    "A$": r"A\$|AUD",
    "C$": r"C\$|CAD",
    "NT$": r"NT\$|新台幣|新臺幣",
    "S$": r"S\$|SGD",
    "£": r"£|GBP",
    "€": r"€|EUR",
    "¥": r"¥|￥|JPY",
    "$": r"\$",
}
_MONEY_AFTER = {
    "HK$": "港元|港幣|港币",
    "US$": "美元|美金",
    "RMB": "人民幣|人民币",
    "$": "元|dollars?",
    "€": "歐元|euros?",
    "£": "英鎊",
    "¥": "日圓|日元",
}
_SCALES = {
    2: r"hundred",
    3: r"thousand|k",
    6: r"million|mn|mil\.?|m",
    9: r"billion|bn|b",
    12: r"trillion|tn",
}
PER_CENT = r"%|per\s?cent|percent|pct\.?|巴仙"
_POINTS = r"percentage points?|個百分點|个百分点|百分點|百分点|p\.p\."
_COUNTERS = (
    "人次|人|宗|名|個|个|次|份|間|间|項|项|公頃|公斤|公里|公噸|噸|米|歲|岁|倍|家|所|張|张|位|戶|户|單位|单位|隻|只|件|輛|架|班|學額|"
    "小時|分鐘|天|persons?|people|cases?|applications?|applicants?|times|units?|households?|passengers?|vehicles?|"
    "visitors?|students?|places?|flats?|hectares?|ha|km|kg|tonnes?|hours?|days?|cents?|sq\\.? ?m\\.?|m²"
)


def _any(words: dict[str, str] | dict[int, str]) -> str:
    return "|".join(words.values())


def _which(words: dict[str, str], text: str) -> str:
    return next((k for k, w in words.items() if re.fullmatch(w, text.strip(), re.IGNORECASE)), "")


_WORD = r"(?![a-zA-Z])"  # a word of Latin letters ends here
_HEDGE_RE = rf"(?:(?:{_any(_HEDGES)})(?:(?<![a-zA-Z])|(?![a-zA-Z]))\s*)"
_BODY = rf"[\d.][\d ,.']*(?:[十百千]?[{MYRIAD}]+[\d ,.']*)*[十百千]?|[{HAN}][{HAN}{MYRIAD}]*|\d[\d ,.{HAN}{MYRIAD}]*"
_HEAD = (
    rf"(?P<hedge>{_HEDGE_RE})?"
    rf"(?:(?P<hundredths>百分之)|(?P<minus1>[+\-△▲▼])\s*)?"
    rf"(?P<currency>(?:{_any(_CURRENCY)})\s*)?"
    rf"(?P<minus2>[+\-△▲▼]\s*)?"
)
_SPELLED = rf"(?P<words>{ENGLISH_WORDS}(?:[\s\-]+(?:and|hundred|thousand|{ENGLISH_WORDS})(?![a-zA-Z]))*){_WORD}"
_TAIL = (
    rf"(?P<cheng>\s*成(?P<cheng_more>[{HAN}半]?))?"
    rf"(?P<scale>\s*(?:{_any(_SCALES)}){_WORD})?"
    rf"(?P<hedge_after>\s*(?:{_any(_HEDGES_AFTER)}))?"
    rf"(?P<scale_after>[{MYRIAD}])?"
    rf"(?P<unit>\s*(?:{_POINTS}|{PER_CENT}|{_any(_MONEY_AFTER)}|{_COUNTERS}){_WORD})?"
    rf"(?P<hedge_last>\s*(?:{_any(_HEDGES_AFTER)}))?"
)
_FIGURE = re.compile(rf"{_HEAD}(?:(?P<body>{_BODY})|{_SPELLED}){_TAIL}", re.IGNORECASE)

# In running text the numeral is read strictly: groups of exactly three after one separator, no trailing point or comma.
_STRICT = r"(?:\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_PROSE_BODY = (
    rf"{_STRICT}(?:[十百千]?[{MYRIAD}]+(?:{_STRICT}(?=[{MYRIAD}千]))?)*"
    rf"|[{HAN}][{HAN}{MYRIAD}]+(?![年月日號号])|(?<=百分之)[{HAN}]+|[{HAN}](?=[人宗名個位份項家戶成次倍元])"
)
PROSE_FIGURE = re.compile(
    rf"(?:(?<![a-zA-Z\d])|(?=\d)){_HEAD}(?:(?P<body>{_PROSE_BODY})|(?<![a-zA-Z]){_SPELLED}){_TAIL}", re.IGNORECASE
)


def figure_at(
    text: str, start: int, end: int, marks: tuple[str, ...], known: set[str], convention: Convention
) -> Iterator[Reading]:
    """Readings of folded text[start:end] as one figure without brackets or marks around it (those are handed in)."""
    m = _FIGURE.fullmatch(text, start, end)
    if m is None:
        return
    if m["words"] is not None:
        spelled = english(m["words"])
        read: tuple[Amount, ...] = (spelled,) if spelled is not None else ()
    else:
        read = amounts(m["body"], convention)
    unit = _unit(m)
    approx = _approx(m)
    sign = (m["minus1"] or m["minus2"] or "").strip()
    if any(a.tail and a.tail in known for a in read):
        read = tuple(a for a in read if a.tail in known)
    for amount in read:
        if m["cheng"] is not None:
            more = m["cheng_more"] or ""
            extra = Decimal(5) if more == "半" else sum((a.value for a in amounts(more) if more), Decimal(0))
            amount = Amount(amount.value * 10 + extra, Decimal(1) if more else Decimal(10))
        power = _power(m["scale"]) + sum(MYRIADS[c] for c in m["scale_after"] or "")
        value, quantum = _plain(amount.value.scaleb(power)), _plain(amount.quantum.scaleb(power))
        tail = (amount.tail,) if amount.tail else ()
        reading = Reading(value, quantum, unit, amount.scale + power, approx, None, tail + marks, start, end)
        if sign in ("-", "△", "▼", "▲"):
            yield replace(reading, value=-value)
        if sign in ("", "+", "▲"):
            yield reading
        letter = (m["scale"] or "").strip()
        if letter.lower() in ("m", "b", "k") and not m["currency"] and not sign:
            # "5m" without a currency: five million, or five with a mark or in metres
            marked = (*tail, letter, *marks)
            yield Reading(amount.value, amount.quantum, unit, amount.scale, approx, None, marked, start, end)


def _plain(number: Decimal) -> Decimal:
    """The same number without an exponent: 36600000000 rather than 3.66E+10, as people and databases print it."""
    return number.quantize(Decimal(1)) if int(number.as_tuple().exponent) > 0 else number


def _power(word: str | None) -> int:
    said = (word or "").strip().lower()
    return next((p for p, w in _SCALES.items() if said and re.fullmatch(w, said)), 0)


def _unit(m: re.Match[str]) -> str:
    said = (m["unit"] or "").strip()
    if m["hundredths"] is not None or m["cheng"] is not None or (said and re.fullmatch(PER_CENT, said, re.IGNORECASE)):
        return "%"
    if said and re.fullmatch(_POINTS, said, re.IGNORECASE):
        return "percentage points"
    if m["currency"] is not None:
        return _which(_CURRENCY, m["currency"])
    return _which(_MONEY_AFTER, said) or said.lower()


def _approx(m: re.Match[str]) -> str:
    before = _which(_HEDGES, m["hedge"]) if m["hedge"] else ""
    after = m["hedge_after"] or m["hedge_last"]
    return before or (_which(_HEDGES_AFTER, after) if after else "")
