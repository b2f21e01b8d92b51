"""The words of a sentence about applications, each with what it means: a closed vocabulary in English and Chinese.

What belongs here: one sentence to tokens.  What does not: what the tokens say together.  A word that is not in the
vocabulary is a token of the kind UNKNOWN: whoever reads the tokens must decline there and never skip it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from pipelines.prove.numbers import numerals
from pipelines.shape.periods import plain
from pipelines.shape.statement_periods import match_launch, match_launch_date, match_period, match_until
from pipelines.shape.statement_words import ANAPHORS, FILLERS_CHINESE, FILLERS_ENGLISH, SIMPLIFIED, VOCABULARY


class TokenKind(StrEnum):
    """What a stretch of a sentence is."""

    PERIOD = "period"
    LAUNCH = "launch"
    SCHEME = "scheme"
    ANAPHOR = "anaphor"  # "the Scheme", 該計劃
    NUMBER = "number"
    NOUN = "noun"
    VERB = "verb"
    SUBSET = "subset"  # "of which", 其中
    BREAK = "break"  # a comma, "while"
    RESPECTIVELY = "respectively"
    FILLER = "filler"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A figure with its hedge: "over", "about", "near", "under" or ""."""

    value: Decimal
    quantum: Decimal
    qualifier: str


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch [start, end) of the plain sentence.  `value` is of the type that the kind has."""

    kind: TokenKind
    start: int
    end: int
    value: object = None


# ------------------------------------------------------------------------------------------------ numbers

_HEDGES = {
    "over": (
        "slightly more than",
        "slightly over",
        "just over",
        "well over",
        "more than",
        "over",
        "exceeding",
        "exceeded",
        "in excess of",
        "超過",
        "超过",
        "逾",
        "多於",
        "多于",
    ),
    "about": ("approximately", "about", "around", "some", "roughly", "大約", "大约", "大概", "約為", "約", "约"),
    "near": ("nearly", "almost", "close to", "將近", "将近", "接近", "近"),
    "under": (
        "slightly less than",
        "just under",
        "slightly under",
        "fewer than",
        "less than",
        "under",
        "below",
        "不足",
        "少於",
        "少于",
    ),
}
_HEDGE_OF = {word: code for code, words in _HEDGES.items() for word in words}
_HEDGE = "|".join(
    rf"{re.escape(w)}(?=[ ])" if w.isascii() else re.escape(w) for w in sorted(_HEDGE_OF, key=len, reverse=True)
)
_DIGITS = r"\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+\.\d+|\d+"
_WORD = numerals.ENGLISH_WORDS
_NUMBER_EN = re.compile(
    rf"(?:(?P<hedge>{_HEDGE}) ?(?:a total of )?)?(?:(?P<digits>{_DIGITS})(?: (?P<step>million|thousand))?"
    rf"|(?P<words>{_WORD}(?:[- ](?:{_WORD}|hundred|thousand|and(?= {_WORD})))*))"
    rf"(?![\w%])(?!(?: per cent| percent|[-/.,:]\d|%| ?(?:to|-) ?\d| (?:million|billion|thousand|hundred|times|days?|"
    rf"weeks?|months?|years?|working)\b))"
)
_HAN_NUMBER = (
    rf"(?:{_DIGITS}|[{numerals.HAN}])(?:[{numerals.HAN}{numerals.MYRIAD}]|(?<=[{numerals.MYRIAD}])(?:{_DIGITS}))*"
)
_NUMBER_ZH = re.compile(
    rf"(?:(?P<hedge>{_HEDGE})(?:有|共有)? ?)?(?P<digits>{_HAN_NUMBER})(?P<more>多|餘|余)?(?P<scale>萬|万)?"
    rf"(?:(?P<cases>宗|份|個(?=申請))|(?P<persons>名|人|位)|(?P<quotas>個(?=名額|配額))|個(?=[,;。]|$))"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(r" (?:new )?(?:applications|applicants|cases|persons|people|talents|quotas|visas)\b")
_GLUED = re.compile(r"[$#/-]$|\d[.,]$")
_CURRENCY = re.compile(r"(?:hk|us)?\$|港元|人民幣")


def _english_number(m: re.Match[str]) -> StatedNumber | None:
    if m["words"]:
        amount = numerals.english(m["words"])
        if amount is None:
            return None
        value, quantum = amount.value, amount.quantum
    else:
        found = [a for a in numerals.digits(m["digits"]) if not a.tail]
        if len(found) != 1:
            return None
        power = {"million": 6, "thousand": 3}.get(m["step"] or "", 0)
        value, quantum = found[0].value.scaleb(power), found[0].quantum.scaleb(power)
    return _whole(value, quantum, _HEDGE_OF.get(m["hedge"] or "", ""))


def _chinese_number(m: re.Match[str]) -> StatedNumber | None:
    found = [a for a in numerals.amounts(m["digits"] + (m["scale"] or "")) if not a.tail]
    if len(found) != 1:
        return None
    hedge = _HEDGE_OF.get(m["hedge"] or "", "")
    if m["more"]:
        if hedge not in ("", "over"):
            return None  # 約二百多名 says two things
        hedge = "over"
    return _whole(found[0].value, found[0].quantum, hedge)


def _whole(value: Decimal, quantum: Decimal, hedge: str) -> StatedNumber | None:
    """Applications and persons are counted in whole numbers; what is not whole is no count."""
    if value != value.to_integral_value():
        return None
    return StatedNumber(value.quantize(Decimal(1)), max(quantum, Decimal(1)).quantize(Decimal(1)), hedge)


# ------------------------------------------------------------------------------------------------ words

_FILLER_ZH = "|".join(sorted(map(re.escape, FILLERS_CHINESE), key=len, reverse=True))
_PUNCTUATION = r"[\s\"'“”‘’「」『』《》（）()\[\].。]"

# words in letters end where letters end
_WORDS = re.compile(
    "|".join(
        rf"(?P<k{i}>{'|'.join(patterns)})(?:(?<![a-z])|(?![a-z]))" for i, (_, _, patterns) in enumerate(VOCABULARY)
    )
)
_OTHER = re.compile(
    rf"(?P<anaphor>{'|'.join(ANAPHORS)})|(?P<filler>{_FILLER_ZH}|{_PUNCTUATION})|(?P<word>[a-z][a-z'-]*)|(?P<rest>.)"
)


def plain_sentence(text: str) -> str:
    """A text in the form in which its words are looked for; every character keeps its place within `plain(text)`."""
    return plain(text).translate(SIMPLIFIED)


@lru_cache(maxsize=8)
def scheme_pattern(labels: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all names of schemes in the form of `plain_sentence`, and the codes by name."""
    codes: dict[str, str] = dict(labels)
    ordered = sorted(codes, key=len, reverse=True)
    parts = [rf"(?<![a-z]){re.escape(n)}(?![a-z])" if n.isascii() else re.escape(n) for n in ordered]
    return re.compile("|".join(parts) or r"(?!)"), codes


def tokenize_sentence(sentence: str, schemes: tuple[re.Pattern[str], dict[str, str]]) -> tuple[Token, ...]:
    """The tokens of a sentence in the form of `plain_sentence`, in order, without gaps but for blanks.

    Periods come first, then schemes, numbers and words; what none of them knows is UNKNOWN.
    """
    pattern, codes = schemes
    found: list[Token] = []
    at = 0
    while at < len(sentence):
        if sentence[at] == " ":
            at += 1
            continue
        token = _second_year(sentence, at, found) or _token_at(sentence, at, pattern, codes, found)
        found.append(token)
        at = token.end
    return tuple(found)


_LISTED_YEAR = re.compile(r"(?:19|20)\d\d(?![\d-]| \d{3})")
_MORE_YEARS = re.compile(r",? (?:and )?(?:19|20)\d\d(?![\d-]| \d{3})")


def _second_year(text: str, at: int, found: list[Token]) -> Token | None:
    """The second or third of several years ("in 2021, 2022 and 2023"): a period only right after the one before."""
    rest = found[::-1]
    while rest and rest[0].kind in (TokenKind.BREAK, TokenKind.FILLER) and text[rest[0].start : rest[0].end] in ",and":
        rest = rest[1:]
    if len(rest) == len(found) or not rest or rest[0].kind is not TokenKind.PERIOD:
        return None
    year = _LISTED_YEAR.match(text, at)
    if year is None or not text[rest[0].start : rest[0].end][-4:].isdigit():
        return None
    if found[-1].kind is TokenKind.BREAK and _MORE_YEARS.match(text, at + 4) is None:
        return None  # "in 2021, 2022 applications"
    period = match_period("in " + year[0])
    return Token(TokenKind.PERIOD, at, at + 4, period[1]) if period is not None else None


def _launch_date(text: str, at: int, before: list[Token]) -> Token | None:
    """ "(Since the launch of the scheme) in December 2022": the date belongs to the launch before it, and "to end-2023"
    says until when."""
    named = [t for t in before if t.kind not in (TokenKind.FILLER, TokenKind.SCHEME)]
    if not named or named[-1].kind is not TokenKind.LAUNCH:
        return None
    if (until := match_until(text, at)) is not None:
        return Token(TokenKind.PERIOD, at, until[0], until[1])
    found = match_launch_date(text, at) if named[-1].value is None else None
    return Token(TokenKind.LAUNCH, at, found[0], found[1]) if found is not None else None


def _token_at(text: str, at: int, schemes: re.Pattern[str], codes: dict[str, str], before: list[Token]) -> Token:
    inside_word = (
        at > 0 and text[at - 1].isascii() and text[at - 1].isalnum() and text[at].isascii() and text[at].isalnum()
    )
    if not inside_word:
        if (launch := match_launch(text, at)) is not None:
            return Token(TokenKind.LAUNCH, at, launch[0], launch[1])
        if (dated := _launch_date(text, at, before)) is not None:
            return dated
        if (period := match_period(text, at)) is not None:
            kind = TokenKind.PERIOD if period[1] is not None else TokenKind.UNKNOWN
            return Token(kind, at, period[0], period[1])
        if (m := schemes.match(text, at)) is not None:
            return Token(TokenKind.SCHEME, at, m.end(), codes[m.group()])
        if (number := _number_at(text, at)) is not None:
            return number
        if text[at] in "自由" and schemes.match(text, at + 1):  # 自優才計劃推出以來
            return Token(TokenKind.FILLER, at, at + 1, text[at])
        if (m := _WORDS.match(text, at)) is not None:
            word, value, _ = VOCABULARY[int(str(m.lastgroup)[1:])]
            return Token(TokenKind(word), at, m.end(), value)
    m = _OTHER.match(text, at)
    assert m is not None
    if m["anaphor"]:
        return Token(TokenKind.ANAPHOR, at, m.end())
    known = m["filler"] or (m["word"] in FILLERS_ENGLISH and not inside_word)
    return Token(TokenKind.FILLER if known else TokenKind.UNKNOWN, at, m.end(), m.group())


def _number_at(text: str, at: int) -> Token | None:
    if (
        text[at].isdigit()
        and at
        and (_GLUED.search(text[max(0, at - 2) : at]) or _CURRENCY.search(text[max(0, at - 4) : at]))
    ):
        return None
    if (m := _NUMBER_ZH.match(text, at)) is not None:
        stated = _chinese_number(m)
        noun = "applications" if m["cases"] else "persons" if m["persons"] else "quotas"
        return Token(TokenKind.NUMBER, at, m.end(), (stated, noun)) if stated else None
    if (m := _NUMBER_EN.match(text, at)) is not None and not text[m.end() : m.end() + 1].isalpha():
        if _YEAR.fullmatch(m[0]) and not _COUNTED.match(text, m.end()):
            return None
        stated = _english_number(m)
        return Token(TokenKind.NUMBER, at, m.end(), (stated, "")) if stated else None
    return None
