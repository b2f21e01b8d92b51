"""The ways in which a table prints that a figure is not there.  None of them is zero.

What belongs here: the words and signs, in English and Chinese, and the kind of absence each stands for.  What must
never stand here: what to do about it.  Kinds: a dash or "nil" is NIL (nothing to report, but also a scheme that did
not exist yet; the text does not tell, so it is never taken for 0); asterisks that stand in place of a figure are
SUPPRESSED.
"""

from __future__ import annotations

import re

from pipelines.model import Absence

_WORDS: dict[Absence, str] = {
    Absence.NIL: r"-+|\.-|-\.|nil|none|zero return|無|无|沒有|没有|未有|全無",
    Absence.NOT_AVAILABLE: (
        r"n\.?\s?a\.?|n/a|n\.avail\.?|\.{2,}|…+|not (?:available|known|provided|applicable and available)|unknown|"
        r"data (?:is |are )?not available|(?:figures?|information|statistics) (?:is |are )?not available|"
        r"(?:unable|not possible) to (?:estimate|provide)|no (?:data|figures?|information|record|statistics)|"
        r"(?:沒有|没有|未有|無|无|並無|并无)(?:有關|有关|相關|相关|備存|备存|該等|该等)?(?:資料|资料|數字|数字|數據|数据|紀錄|記錄|统计|統計)+|"
        r"不詳|不详|未能(?:估計|估计|提供)|無法(?:估計|提供)|未知|不知"
    ),
    Absence.SUPPRESSED: r"\*+|x{2,}|suppressed|withheld|confidential|§|保密|不公開|不公开",
    Absence.NOT_APPLICABLE: (
        r"not applicable|n\.app\.?|not required(?: to [a-z ]+)?|不適用|不适用|(?:無需|毋須)[\u4e00-\u9fff]*|×"
    ),
    Absence.NOT_YET_PUBLISHED: (
        r"(?:figures? |data )?(?:is |are )?not yet (?:available|published|released|known|compiled|started|launched)|"
        r"to be (?:announced|confirmed|provided|published|released)|tba|tbc|pending|"
        r"(?:暫|暂|尚|仍)(?:時|时)?(?:未|沒|没|無|无)(?:有|能提供)?(?:有關|有关|相關|相关)?(?:資料|资料|數字|数字|數據|数据|公布|公佈)?|"
        r"(?:尚)?未(?:公布|公佈|发布|發布|推出|開始|开始)|有待公布|有待公佈"
    ),
}
_KINDS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _WORDS.items()}
_AROUND = re.compile(r"[\s(\[]*(.*?)[\s)\]。]*", re.DOTALL)


def kind(folded: str) -> Absence | None:
    """The kind of absence that the whole of a folded text prints, brackets around it set aside; None if it is none."""
    match = _AROUND.fullmatch(folded)
    core = re.sub(r"\s+", " ", match[1]) if match else folded
    if not core:
        return Absence.BLANK if not folded.strip() else None
    core = core[:-1] if core.endswith(".") and len(core) > 6 else core
    return next((k for k, words in _KINDS.items() if words.fullmatch(core)), None)
