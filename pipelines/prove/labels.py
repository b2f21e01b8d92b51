"""What a printed label claims about its row or column: a total, a sub-total, a balance, a part that counts twice.

What belongs here: words.  What must never stand here: a figure, a position, or the name of a scheme or a series.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Claim(Enum):
    """What a label says its figures are."""

    NONE = "none"
    TOTAL = "total"  # "Total", "總計", "Grand total"
    SUBTOTAL = "sub-total"  # "Sub-total", "小計"
    BALANCE = "balance"  # surplus, deficit, net, at end of period: a signed sum
    OPENING = "opening"  # at start of period: a part of the balance at the end
    MEMO = "memo"  # "of which", "其中", "per cent": not a part


@dataclass(frozen=True, slots=True)
class Label:
    """`bare`: the label says nothing but "total" (with its marks, units or a second language), so that a sum that
    does not meet it is a contradiction; "Total floor area" may be a measure of its own.
    `formula`: the letters of a printed formula, "(A+B)" → (("A", 1), ("B", 1)); `key`: the letter that names this
    line in formulas, "(A)" → "A"."""

    claim: Claim = Claim.NONE
    bare: bool = False
    formula: tuple[tuple[str, int], ...] = ()
    key: str = ""


_NOTHING = Label()

_TOTAL_EN = r"(?:(?:grand|over[- ]?all|sum|gross)[ -]+)?totals?"
_TOTAL_ZH = r"(?:總計|總數|總和|總額|總結|合計|合共|共計|總共|总计|总数|总和|总额|合计|共计|总共|全年總計|整體)"
_SUB = r"(?:sub[-– ]?totals?|小計|小计|分計|分计|小結)"
_BARE = re.compile(
    rf"^\W*(?:{_SUB}|{_TOTAL_EN}|{_TOTAL_ZH})(?:\W+(?:{_SUB}|{_TOTAL_EN}|{_TOTAL_ZH}))*\W*(?:\(.*\)|（.*）)?\W*\d?\W*$",
    re.I,
)
_SUB_ANY = re.compile(rf"(?<![a-z]){_SUB}", re.I)
_TOTAL_ANY = re.compile(
    rf"(?<![a-z]){_TOTAL_EN}(?![a-z])|{_TOTAL_ZH}|^\W*(?:all|both)\s+\w+|^\W*(?:overall|sum)\W*$|^\W*總(?:人|個|申請|支|收|開)|^\W*(?:全部|全港)",
    re.I,
)
_BALANCE = re.compile(
    r"\b(?:surplus|deficit|balance|at (?:the )?end of|carried forward|closing|year[- ]end)\b|"
    r"^\W*(?:(?:gross|net|operating|total)\s+)*(?:profit|loss|margin|earnings|income)\b|^\W*net\b|"
    r"盈餘|赤字|結餘|淨額|期末|年底結",
    re.I,
)
_OPENING = re.compile(r"\b(?:at (?:the )?(?:start|beginning) of|brought forward|opening)\b|期初|年初", re.I)
_MEASURE = (
    r"(?:%|per\s?cent(?:age)?|百分[比率]|rates?|ratios?|averages?|mean|median|index|rank(?:ing)?|平均數?|比率|中位數)"
)
_MEMO = re.compile(
    r"^\W*(?:of which|of whom|of these|including|incl\.?\b|in which|memo|thereof|其中|當中|当中|包括)|"
    rf"^[^\w%]*{_MEASURE}(?!\w)|(?<![a-z]){_MEASURE}[^\w%]*$",
    re.I,
)
_NAME = r"(?:[A-Z]|[IVX]{1,4}|[a-z]|[ivx]{1,4})"
_FORMULA = re.compile(rf"[(（\[]\s*({_NAME})((?:\s*[+＋–−-]\s*[(（]?{_NAME}[)）]?)+)\s*[)）\]]")
_FORMULA_TERM = re.compile(rf"([+＋–−-])\s*[(（]?({_NAME})(?![A-Za-z])")
_KEY = re.compile(rf"[(（\[]\s*({_NAME})\s*[)）\]]|^\s*([A-Z]|[IVX]{{1,4}})[.．、:]\s")


# "GrandTotal", "TotalEU-12": words that lost the space between them.
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")

# "Total" amid a long label ("provide a total of 3 800 places") is a word of a sentence.
_SENTENCE = 48


def _says_total(text: str) -> bool:
    found = _TOTAL_ANY.search(text)
    return found is not None and (len(text) <= _SENTENCE or found.start() <= 8 or len(text) - found.end() <= 4)


@lru_cache(maxsize=4096)
def read(text: str) -> Label:
    """What the label `text` claims.  Letters alone decide; case and language do not matter."""
    text = _GLUED.sub(" ", " ".join(text.split()))
    if not text:
        return Label()
    formula: tuple[tuple[str, int], ...] = ()
    found = _FORMULA.search(text)
    if found:
        terms = [(found.group(1), 1)]
        terms += [(m.group(2), -1 if m.group(1) in "-–−" else 1) for m in _FORMULA_TERM.finditer(found.group(2))]
        formula = tuple(terms)
    keyed = None if found else _KEY.search(text)
    key = (keyed.group(1) or keyed.group(2)) if keyed else ""
    bare = _BARE.match(text) is not None
    if _MEMO.search(text) and not bare:
        return Label(Claim.MEMO, False, formula, key)
    if _SUB_ANY.search(text):
        return Label(Claim.SUBTOTAL, bare, formula, key)
    if bare or _says_total(text):
        return Label(Claim.TOTAL, bare, formula, key)
    if _OPENING.search(text):
        return Label(Claim.OPENING, False, formula, key)
    if _BALANCE.search(text):
        return Label(Claim.BALANCE, False, formula, key)
    if formula:
        return Label(Claim.TOTAL, False, formula, key)
    return Label(key=key) if key else _NOTHING
