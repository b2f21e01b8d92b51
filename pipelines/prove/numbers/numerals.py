"""Numerals: what a run of digits, Chinese numerals or English number words is worth.

What belongs here: grouping and decimal conventions, 萬 and 億, 四千九百九十二, "eighty-three".  What must never stand
here: signs, units, marks, hedges (`grammar`), or a choice between two grammatical readings.  Input is folded text
(`glyphs.fold`).

Comma and point.  In these publications the comma separates thousands and the point the decimals, so "1,234" is one
thousand and "1.234" is not, unless the table as a whole shows the continental convention (`convention`).  A text that
only one convention allows ("1,5", "1.234,5") is read by that one in any table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Convention(StrEnum):
    """ENGLISH: 1,234.5.  CONTINENTAL: 1.234,5."""

    ENGLISH = "english"
    CONTINENTAL = "continental"


@dataclass(frozen=True, slots=True)
class Amount:
    """value ≥ 0, exact; quantum = one unit in the last place printed; scale = power of ten that a word applied;
    tail = digits at the end that can only be a footnote mark glued to the figure ("5,4001" → 5 400 and "1")."""

    value: Decimal
    quantum: Decimal
    scale: int = 0
    tail: str = ""


_SPACED = r"\d{1,3}(?:[ ']\d{3})+"  # thousands that no convention takes for decimals
_COMMAS = r"\d{1,3}(?:[ ,']\d{3})+"
_POINTS = r"\d{1,3}(?:\.\d{3})+"
_ENGLISH = re.compile(rf"(?P<whole>{_COMMAS}|\d+|)(?:\.(?P<part>\d+))?")
_CONTINENTAL = re.compile(rf"(?P<whole>{_POINTS}|{_SPACED}|\d+)(?:,(?P<part>\d+))?")
_GLUED = re.compile(r"(?P<whole>\d{1,3}(?:[ ,]\d{3})*[ ,]\d{3})(?P<tail>\d{1,2})")
# One run of digits with points and commas; before it signs and a currency, after it a mark or a unit without digits.
_ONE_FIGURE = re.compile(
    r"[(\[]?\s*[+\-−–△▲▼~*#]?\s*(?:HK|US|NT|[AC])?[$£€¥￥]?\s*[+\-−–△▲▼]?\s*(?P<run>\d[\d.,]*)\s*"
    r"(?:%|％|per\s?cent|[a-zA-Z\u4e00-\u9fff²]{1,12})?\s*[*#^@†‡§~]*\s*[)\]]?\s*[%*#^@†‡§]*",
    re.IGNORECASE,
)
_MISGROUPED = re.compile(r"\d{1,3}(?:,\d{3})*,\d{4,5}")


def _exact(match: re.Match[str] | None) -> Amount | None:
    if match is None:
        return None
    whole, part = re.sub(r"[ ,.']", "", match["whole"]), match["part"] or ""
    if not whole and not part:
        return None
    # "007" is a code and "00" nothing; "0.5" and ".5" are figures
    if len(whole) > 1 and whole[0] == "0":
        return None
    return Amount(Decimal(f"{whole or '0'}.{part}" if part else whole), Decimal(1).scaleb(-len(part)))


def digits(text: str, convention: Convention = Convention.ENGLISH) -> tuple[Amount, ...]:
    """Every grammatical reading of a run of ASCII digits and separators as ONE figure; () where there is none."""
    text = text.strip()
    english, continental = _exact(_ENGLISH.fullmatch(text)), _exact(_CONTINENTAL.fullmatch(text))
    first, second = (english, continental) if convention is Convention.ENGLISH else (continental, english)
    read = [a for a in (first if first is not None else second,) if a is not None]
    if (glued := _GLUED.fullmatch(text)) is not None and glued["tail"][0] != "0":
        # a last group of four or five digits: a mark glued to it, or a comma misplaced, or a decimal comma
        whole = _exact(_ENGLISH.fullmatch(glued["whole"]))
        if whole is not None:
            read.append(Amount(whole.value, whole.quantum, 0, glued["tail"]))
        if _MISGROUPED.fullmatch(text):
            read.append(Amount(Decimal(text.replace(",", "")), Decimal(1)))
    return tuple(read)


def convention(texts: Iterable[str]) -> Convention:
    """The convention that a table's figures show: CONTINENTAL only where some can be nothing else and none is English.

    Only texts that are one figure as a whole, after signs, marks and units: "1,5" and "1.234,5" are evidence for the
    continent, "1,234.5", "1,234,567" and "12.5" against it; a date, a list or a figure with another in brackets says
    nothing, and neither does "5,4001", which may be a figure with a note glued to it.
    """
    continental = english = False
    for text in texts:
        if (one := _ONE_FIGURE.fullmatch(text.strip())) is None:
            continue
        run = one["run"]
        if re.fullmatch(rf"(?:{_POINTS}|\d+),\d{{1,2}}|{_POINTS},\d+|\d{{1,3}}(?:\.\d{{3}}){{2,}}", run):
            continental = True
        elif re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d*\.(?:\d{1,2}|\d{4,})", run):
            english = True
    return Convention.CONTINENTAL if continental and not english else Convention.ENGLISH


# ------------------------------------------------------------------------------------------------ Chinese

_HAN_DIGITS = {
    c: i
    for i, cs in enumerate(("零〇○", "一壹", "二兩两貳贰", "三叁", "四肆", "五伍", "六陸", "七柒", "八捌", "九玖"))
    for c in cs
}
_HAN_STEPS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3}
_HAN_TENS = {"廿": 20, "卅": 30}
MYRIADS = {"萬": 4, "万": 4, "億": 8, "亿": 8, "兆": 12}
HAN = "".join(_HAN_DIGITS) + "".join(_HAN_STEPS) + "".join(_HAN_TENS)
MYRIAD = "".join(MYRIADS)


def _han_section(text: str) -> int | None:
    """A section below 萬: 四千九百九十二, 十二, 一百零五; or figures one by one: 二○一八.  None where it is neither."""
    if len(text) >= 2 and all(c in _HAN_DIGITS for c in text):
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    total, current, last_step, digit_seen = 0, None, 4, False
    for char in text:
        if char in _HAN_DIGITS:
            if current:  # two digits in a row that are not a digit string
                return None
            current, digit_seen = _HAN_DIGITS[char], True
        elif char in _HAN_TENS:
            if current or last_step <= 1:
                return None
            total, last_step, digit_seen = total + _HAN_TENS[char], 1, True
        else:
            step = _HAN_STEPS[char]
            if step >= last_step or (current is None and step > 1):
                return None
            total, current, last_step, digit_seen = total + (current or 1) * 10**step, None, step, True
    return total + (current or 0) if digit_seen else None


_HAN_TAIL = re.compile(rf"(?P<head>[\d ,.']+)(?P<step>[十百千]?)|(?P<han>[{HAN}]+)")


def amounts(text: str, convention: Convention = Convention.ENGLISH) -> tuple[Amount, ...]:
    """Every reading of a run of digits, Chinese numerals and 萬/億 words: "2億9 000萬", "13.5萬", "四千九百九十二".

    The stated precision is one unit of the last section ("2億9 000萬" → 10 000).
    """
    pieces = re.split(rf"([{MYRIAD}]+)", text.strip())
    if len(pieces) == 1 and pieces[0] and pieces[0][0] in "0123456789.":
        return digits(pieces[0], convention) or _stepped(pieces[0])
    total, quantum, scale, ceiling = Decimal(0), Decimal(1), 0, 17
    for i in range(0, len(pieces), 2):
        section, word = pieces[i].strip(), pieces[i + 1] if i + 1 < len(pieces) else ""
        if not section and not word and i:
            break
        power = sum(MYRIADS[c] for c in word)  # 萬億 = 10^12
        match = _HAN_TAIL.fullmatch(section)
        if match is None or power >= ceiling:
            return ()
        if match["han"]:
            value = _han_section(match["han"])
            if value is None:
                return ()
            one = Amount(Decimal(value), Decimal(1))
        else:
            read = [a for a in digits(match["head"], convention) if not a.tail]
            if len(read) != 1:
                return ()
            step = _HAN_STEPS.get(match["step"], 0)
            one, power = read[0], power + step
        if i and one.value >= Decimal(10) ** (ceiling - power):
            return ()  # "2億90 000萬": the lower section overflows the higher
        total, quantum = total + one.value.scaleb(power), one.quantum.scaleb(power)
        scale, ceiling = power, power
    return (Amount(total, quantum, scale),)


def _stepped(text: str) -> tuple[Amount, ...]:
    """ "3千", "2百": digits with one of the smaller steps."""
    match = re.fullmatch(r"([\d ,.']+)([十百千])", text)
    if match is None:
        return ()
    step = _HAN_STEPS[match[2]]
    return tuple(Amount(a.value.scaleb(step), a.quantum.scaleb(step), step) for a in digits(match[1]) if not a.tail)


# ------------------------------------------------------------------------------------------------ English words

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {w: i for i, w in enumerate(_ONES)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
ENGLISH_WORDS = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"


def english(text: str) -> Amount | None:
    """ "Eighty-three", "nine", "one hundred and five", "two thousand"; None where it is no number in words."""
    words = [w for w in re.split(r"[\s\-]+", text.lower()) if w]
    total = current = 0
    if not words or words[0] not in _WORDS:
        return None
    last: str | None = None
    for word in words:
        if word == "and":
            if last not in ("hundred", "thousand"):
                return None
        elif word in _WORDS:
            value = _WORDS[word]
            if last in _WORDS and not (_WORDS[str(last)] >= 20 and _WORDS[str(last)] % 10 == 0 and 0 < value < 10):
                return None
            current += value
        elif word == "hundred" and 0 < current < 10:
            current *= 100
        elif word == "thousand" and 0 < current < 1000 and not total:
            total, current = current * 1000, 0
        else:
            return None
        last = word
    return None if last == "and" else Amount(Decimal(total + current), Decimal(1))
