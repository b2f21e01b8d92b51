"""Notes that explain why a total is officially not the sum of what is printed above it.

A note never loosens a sum: it names a reason, and only that reason's own gap is explained by it: a row that a remark
excludes, a total below its parts where a note says that some are counted more than once, a rounding gap.
What must never stand here: a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SENTENCE = re.compile(r"(?<=[.;。；])\s*(?=\S)|\n+")
_EXCLUDED = re.compile(
    r"\b(?:exclud\w+|not (?:been )?(?:included|counted)|(?:does|do|did) not include)\b|"
    r"不包括|不計|未計|並未包括|不包含",
    re.I,
)
_OVERLAP = re.compile(
    r"more than (?:one|once)|"
    r"(?:counted|included|reported|classified|shown) (?:under|in|more|twice|separately)[^.]{0,60}"
    r"(?:several|each|both|more|all|different)|double[- ]count|multiple (?:count|response|answer)|"
    r"joint ventures?[^.]{0,80}(?:count|includ|under|each|both|more)|(?:count|includ)[^.]{0,80}joint ventures?|"
    r"overlap|(?:do|does|may|need|will) not (?:necessarily )?(?:add|sum) (?:up )?to|not be (?:equal to )?the sum|"
    r"多於一|超過一|重複|重覆|不等於|不一定等於|總和不|合營",
    re.I,
)
_ROUNDING = re.compile(r"\bround(?:ed|ing)\b|四捨五入|捨入|四舍五入", re.I)
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]+", re.I)


def sentences(texts: Iterable[str]) -> list[str]:
    """The sentences of the notes, in order."""
    return [" ".join(s.split()) for text in texts for s in _SENTENCE.split(text) if s and s.strip()]


def excluding(texts: Iterable[str]) -> list[str]:
    """Sentences that say that something is left out of a total."""
    return [s for s in sentences(texts) if _EXCLUDED.search(s)]


def overlap(texts: Iterable[str]) -> str:
    """The sentence that says that some are counted more than once, or that parts do not add up; "" if none."""
    return next((s for s in sentences(texts) if _OVERLAP.search(s) and not _ROUNDING.search(s)), "")


def rounding(texts: Iterable[str]) -> str:
    """The sentence that says that figures are rounded; "" if none."""
    return next((s for s in sentences(texts) if _ROUNDING.search(s)), "")


def named(label: str, remarks: Sequence[str]) -> str:
    """The remark that names this label, all of its words in order side by side; "" if none.

    One short word is no name.
    """
    words = _WORD.findall(label.lower())
    if not words or sum(map(len, words)) < 4:
        return ""
    name = " ".join(words)
    return next((s for s in remarks if f" {name} " in f" {' '.join(_WORD.findall(s.lower()))} "), "")


def speaks_of_totals(text: str) -> bool:
    """Whether running text may serve as a note: it is about totals, rounding or what is left out of them."""
    return bool(
        re.search(r"\btotals?\b|\bsum\b|\bround|總|合計|捨入|四捨", text, re.I)
        and (_EXCLUDED.search(text) or _OVERLAP.search(text) or _ROUNDING.search(text))
    )
