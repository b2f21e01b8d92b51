"""When two printed labels are the same label: one folding, used by cards, vocabularies and shaping alike.

What belongs here: characters.  What does not: what a label means.

The folding forgets only what the documents vary freely: case, width, kinds of space, dashes and quotes, "&" and "/"
for "and", a leading article, a closing colon, and footnote marks.  It keeps every word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile(
    r"""\s*(?:
        [\(\[（〔【]\s*(?:notes?|note\s*no\.?|備\s*註|备\s*注|註|注)\s*[\d\s&,、及and]*[\)\]）〕】]
      | (?<=\S)\s+notes?\s*\d+(?:\s*(?:,|&|and)\s*\d+)*$                                         # Note 1
      | [\(\[]\s*\d{1,2}\s*[\)\]]$                                                                 # (3) at the end
      | [*#^†‡§@]+ | [\u00b9\u00b2\u00b3\u2070-\u2079]+
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─－"), "-")
_QUOTES = {ord(c): None for c in "'\"‘’“”「」『』`´′″ʼ"}
_JOINED = {ord(c): " and " for c in "&/╱／"}
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_CJK_SPACE = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)


def unmark(text: str) -> str:
    """The label without its footnote marks: "2020*" → "2020", "Banking Sector (Note 2)" → "Banking Sector"."""
    return _MARKS.sub("", text)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The form under which labels are compared; empty for a text of marks and spaces only."""
    said = unmark(text.translate(_ZERO_WIDTH))
    said = unicodedata.normalize("NFKC", said).casefold().translate(_DASHES).translate(_QUOTES).translate(_JOINED)
    said = _MARKS.sub("", " ".join(said.split()))
    said = _CJK_SPACE.sub("", said)
    said = re.sub(r"\s*([(),:;])\s*", r"\1", said)
    said = re.sub(r",", ", ", said).strip(" :;.,-")
    return re.sub(r"^the\s+", "", " ".join(said.split()))


_RESTATEMENT = re.compile(r"\s*[(（]\s*(?:i\.\s?e\.|即)[^()（）]*[)）]\s*$", re.IGNORECASE)


def strip_restatement(label: str) -> str:
    """The label without a bracket at its end that only restates it.

    >>> strip_restatement("Net asset requirement (i.e. HK$30 million)")
    'Net asset requirement'
    """
    return _RESTATEMENT.sub("", label)


_BRACES = re.compile(r"\{([^{}]*)\}")


def expand(label: str) -> tuple[str, ...]:
    """The labels that a label with alternatives stands for: "{Net |}Deficit" → "Net Deficit", "Deficit"."""
    m = _BRACES.search(label)
    if m is None:
        return (" ".join(label.split()),)
    return tuple(e for option in m[1].split("|") for e in expand(label[: m.start()] + option + label[m.end() :]))


_COUNTED = re.compile(r"^(?:(?:total\s+)?(?:number|no\.?)\s+of\s+|figures?\s+of\s+)")
_COUNTED_ZH = re.compile(r"(?:的)?(?:數目|数目|數字|数字|宗數|宗数|總數|总数|人數|人数|數量|数量)$")


@lru_cache(maxsize=16_384)
def fold_measure(text: str) -> str:
    """`fold` for the name of a measure: "Number of quotas allotted" and "Quotas allotted" are one label, and
    so are "Add: Consolidated Deficit" and "Consolidated Deficit"."""
    said = fold(text)
    said = re.sub(r"\((?:hk\$\s*(?:million|mn)|宗|人|no\.?|number|persons?|applications?)\)$", "", said).strip()
    said = re.sub(r"^(?:add|less|plus|minus|deduct)\s*:\s*", "", said)
    said = re.sub(r"^the\s+", "", _COUNTED.sub("", said))
    return _COUNTED_ZH.sub("", said) or said
