"""The clause that dates a table: which words around it say its period, and whether they say it whole.

What belongs here: the words right before a table, names that hold a year, comparisons, events, and a date that is
carried on from the table before.  What must never stand here: a period from a question, from a name, from one clue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from pipelines.model import Finding, Grid, Severity
from pipelines.shape.context import LEAD_IN, Context, is_note
from pipelines.shape.date_words import Token, normal, tokens
from pipelines.shape.period_grammar import read_run
from pipelines.shape.periods import Said, as_of_in

_SENTENCE = re.compile(r"(?<![A-Z][a-z][a-z])(?<!Sept)(?<!\bNo)[.!?](?=\s+[\"“(]?[A-Z(0-9])|[。!?](?=\S)")
_PAPERS = (
    r"(?:Policy\s+Address(?:es)?|Budget(?:\s+Speech)?|Reviews?|Talent\s+Lists?|Lists?|Acts?|Ordinances?|Bills?|Programmes?"
    r"|Blueprints?|Reports?|Surveys?|Strateg(?:y|ies)|Outlines?|Agreements?|Census|Consultation|Summit|Regulations?"
    r"|Amendments?|Address|Estimates|Edition|Exercise|Plans?|Initiatives?)"
)
_Y = r"(?:19|20)\d\d(?:\s?[-/]\s?\d\d(?:\d\d)?)?"
_NAMES = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"(?:\d{4}(?:[-/至]\d\d(?:\d\d)?)?年?(?:度)?的?)?《[^》]*》(?:\((?:19|20)\d\d\))?", 0),
        (rf"{_Y}\s+(?:[A-Z][\w’'-]*\s+){{0,4}}{_PAPERS}\b", 0),
        (rf"(?<=\bthe\s)(?:{_Y})\s+(?:[a-z]+\s+)?{_PAPERS}\b", re.IGNORECASE),
        (rf"(?:{_PAPERS})\s*(?:,|of|for|in|\()?\s*(?:the\s+)?(?:[A-Z][a-z]+\s+)?{_Y}\)?", 0),
        (r"\d{4}(?:[-/至]\d\d(?:\d\d)?)?年?(?:度)?的?(?:行政長官)?[^,。;:\d年按]{0,6}?"
         r"(?:施政報告|施政报告|財政預算案?|预算案|條例|条例|人才清單|人才清单"
         r"|檢討|检讨|名單|名单|藍圖|蓝图|報告書|普查)", 0),
    )
)  # fmt: skip
_NAME = "\ufffc"  # a name stands as one word that is no time
_EVENT = re.compile(
    r"\b(?:rais|doubl|increas|launch|announc|introduc|relax|enhanc|expand|suspend|implement|commenc|revis|updat|open"
    r"|publish|establish|abolish|remov|extend|reform|amend|chang|compar|start|began|begun|took effect|effective"
    r"|set up|rolled out|versus|against|than|rose|grew|fell)\w*"
    r"|增加|增至|增|擴大|扩大|推出|公布|宣布|發表|发表|實施|实施|放寬|放宽|優化(?!計劃|计划)|提高|調整|调整|修訂|修订|開始|開展|推行|設立|成立|更新"
    r"|暫停|取消|生效|較|较|相比|比較|比较|對比|对比|之後|以後|後(?!人)|繼|鑑於|由於",
    re.IGNORECASE,
)
# what happened then, where the date opens the sentence: "In 2024, the Government raised the quota, and ..."
_HAPPENED = re.compile(
    r"\b(?:raised|doubled|increased|launched|announced|introduced|relaxed|enhanced|expanded|suspended|implemented|commenced"
    r"|revised|updated|opened|established|extended|reformed|amended|changed|began|started|took|rose|grew|fell|became)\b"
    r"|增加|擴大|扩大|推出|公布|宣布|發表|发表|實施|实施|放寬|放宽|提高|調整|调整|修訂|修订|開始|開展|推行|設立|成立|更新|暫停|取消|生效"
)
_OPENS = re.compile(
    r"\s*(?:with|after|following|since|when|while|whereas|given|although|though|because|before|upon|despite|as(?!\s+(?:at|of)\b)"
    r"|compared|if|unlike|versus|to\s+(?!be)[a-z]+)\b",
    re.IGNORECASE,
)
# the word before a date, where it says what the figures count
_CARRIER = re.compile(
    r"received|approved|rejected|refused|granted|admitted|issued|allotted|allocated|processed|lodged|submitted|made"
    r"|applications?|applicants|approvals|figures|statistics|numbers?|quotas|visas|cases|persons|talents|breakdowns?"
    r"|scheme|ttps|qmas|gep|asmtp|iang|techtas|cies|assg|vpas|esls|policy|graduates|arrangements|and|that|were|was|is|are"
    r"|kong|arrived|below|tables?|information|data|rejections|refusals|category|age|sex|industry|region"
)
# the word behind a date, where it is not the date's own noun ("2022 prices")
_AFTER = re.compile(
    r"the|an?|is|are|was|were|under|by|there|has|have|had|with|and|of|for|respectively|in|we|our|applications?|numbers?"
    r"|figures|statistics|breakdown"
)
# whose year it is, where it is not that of the figures
_ZH_OTHER = re.compile(
    r"(?<!非本地)(?:畢業|毕业)|出生|入學|入学|入職|入职|屆|届|學年|学年|價格|价格|物價|物价|計算|计算"
)
_ZH_FIGURES = re.compile(
    r"申請|申请|獲批|获批|接獲|接获|收到|批准|被拒|計劃|计划|政策|安排|高才通|優才|优才|數目|数目|數字|数字|統計|统计|人數|人数|名額|名额|￼"
)
_LIST_LENGTH = 12  # tables that one date is carried on over, at most
_LIST_MARK = re.compile(
    r"^\s*[(\[]?\s*(?:[a-h]|[ivx]{1,4}|\d{1,2}|[一二三四五六七八九十]{1,2})\s*[)\].、]\s*", re.IGNORECASE
)
_GLUE = frozenset("g,")
_JOINS = frozenset("IFTXANSB(Z")  # words that may join dates, and are words of time only beside them
_CORE = frozenset("UEP!SZ")
_CLEARS = frozenset(";,")


@dataclass(frozen=True, slots=True)
class Dating:
    """What words say of a period.

    said   the period; None where they name none (then `open` is "") or not whole (then `open` says which words)
    words  the words that said it
    """

    said: Said | None = None
    words: str = ""
    open: str = ""


NOTHING = Dating()


def date_table(context: Context, grid: Grid, released: date | None) -> Dating:
    """The period that the words around a table say: its caption, else the sentence before it, else the date of the
    table before (carried on), else the title.  The first of them that speaks of time decides, read or not.
    """
    stated = _stated(context, grid, released)
    if stated is not NOTHING:
        return stated
    carried = _carried_on(context, grid, released)
    if carried is not NOTHING or any(speaks_of_time(text) for text in context.before(grid)[1]):
        return carried  # what was said of time since the title may have taken its place
    return date_clause(normal(context.title), released)


def not_whole(words: str, document_id: str, table_id: str) -> Finding:
    """The finding of a table whose words of time no shape of a phrase holds."""
    return Finding(
        "shape", "period-open", Severity.WARNING, f"The period of the table is open: nothing reads {words!r} whole.",
        "A phrase that says the first and the last day would settle it.", document_id, table_id,
    )  # fmt: skip


def _stated(context: Context, grid: Grid, released: date | None) -> Dating:
    is_led = not is_note(context.lead(grid))
    for text in (normal(grid.caption), governing_clause(context.lead(grid)) if is_led else ""):
        dating = date_clause(text, released)
        if dating is not NOTHING:
            return dating
    lead = normal(context.lead(grid))
    if speaks_of_time(lead):  # a sentence further off: whether it dates the table is not said
        return Dating(open=lead[:120])
    return NOTHING


def _carried_on(context: Context, grid: Grid, released: date | None) -> Dating:
    """The date of the first table of a list, for those that follow it ("by income and by age are as follows").

    Between them no paragraph may speak of time or begin another part of the reply, and the scheme must stay; no table
    on the way may print years of its own.
    """
    here = grid
    for _ in range(_LIST_LENGTH):
        earlier, between = context.before(here)
        if earlier is None or len(between) > LEAD_IN or context.scheme(earlier) != context.scheme(grid):
            return NOTHING
        if any(_LIST_MARK.match(text) or speaks_of_time(text) for text in between) or _prints_years(earlier):
            return NOTHING
        dating = _stated(context, earlier, released)
        if dating.said is not None:
            said = replace(dating.said, inferred=dating.said.inferred or f"carried on from {dating.words!r}")
            return Dating(said, dating.words)
        if dating.open:
            return dating
        here = earlier
    return NOTHING


@lru_cache(maxsize=4_096)
def speaks_of_time(text: str) -> bool:
    """Whether any word of a text is one of time, read or not; names that hold a year are none."""
    return any(t.kind in _CORE for t in tokens(named_out(normal(text))))


def is_cut_off(text: str) -> bool:
    """Whether a line says how far a figure goes and nothing before it: "(as at end-October)"."""
    return [t.kind for t in tokens(normal(text)) if t.kind not in "(g"][:1] in (["A"], ["X"])


def cut_offs(context: Context, grid: Grid) -> frozenset[date]:
    """The days up to which caption, lead-in, head or notes of a table count: no periods of its rows, but a year that
    holds one of them is no whole year."""
    heads = (cell.text for cell in grid.cells if cell.row < grid.header_rows)
    texts = (grid.caption, governing_clause(context.lead(grid)), *heads, *context.notes(grid))
    return frozenset(day for text in texts for _, _, day in as_of_in(text))


def _prints_years(grid: Grid) -> bool:
    return any(t.kind == "U" for cell in grid.cells for t in tokens(normal(cell.text)))


def governing_clause(text: str) -> str:
    """The last sentence of a paragraph, which is the one that leads to what follows it."""
    said = normal(text).strip()
    return _SENTENCE.split(said)[-1].strip() if said else ""


def date_clause(text: str, released: date | None) -> Dating:
    """The period of one sentence (`normal`, of a lead-in, a caption or a title).

    Every word of time in it must belong to one phrase, and the phrase must say when the figures are of.

    >>> date_clause("As at December 31, 2024, the numbers of applications are as follows:", None).said.end
    datetime.date(2024, 12, 31)
    >>> date_clause("Since the 2022 Policy Address, the numbers are as follows:", None).said is None
    True
    """
    clause = _LIST_MARK.sub("", named_out(normal(text).strip()))
    listed = _scheme_launch(tokens(clause))
    core = [i for i, t in enumerate(listed) if t.kind in _CORE]
    after_name = _NAME in clause and re.search(
        rf"(?:\b(?:since|after|following|upon|until)\b|繼|自|由|從)[^,;。]*{_NAME}", clause, re.I
    )
    if not core:
        return Dating(open=clause[:120]) if after_name else NOTHING
    first, last = _around(listed, core[0], core[-1])
    run = [t for t in listed[first : last + 1] if t.kind not in _GLUE]
    words = clause[listed[first].start : listed[last].end].strip(" ,")
    if after_name or not _governs(clause, listed, first, last):
        return Dating(open=words)
    said = read_run(run, released)
    return Dating(open=words) if said is None else Dating(said, words)


def named_out(text: str) -> str:
    """A text with each name that holds a year, or may (a Policy Address, 《…》), put out of the way."""
    for pattern in _NAMES:
        text = pattern.sub(_NAME, text)
    return text


def _scheme_launch(listed: Sequence[Token]) -> list[Token]:
    """The tokens, where a launch that no "since" leads to or follows is a word like others."""
    out = list(listed)
    for i, token in enumerate(listed):
        if token.kind != "L":
            continue
        before = [t.kind for t in listed[:i] if t.kind not in _GLUE][-2:]
        after = [t.kind for t in listed[i + 1 :] if t.kind not in _GLUE][:1]
        if not (before[-1:] in (["S"], ["F"]) or before == ["F", "U"] or (before[-1:] == ["U"] and after == ["S"])):
            out[i] = replace(token, kind="w")
    return out


def _around(listed: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """The run from the first to the last word of time, with the words that join it before, and brackets after."""
    while first > 0 and (listed[first - 1].kind in _JOINS or listed[first - 1].kind in "gL"):
        first -= 1
    while listed[first].kind in ("g", "N", "T", "B", "Z"):
        first += 1
    opened = sum((t.kind == "(") - (t.kind == ")") for t in listed[first : last + 1])
    after = last + 1
    while after < len(listed) and listed[after].kind in "gL)SB":
        if listed[after].kind == ")":
            if opened <= 0:
                break
            opened -= 1
        if listed[after].kind != "g":
            last = after
        after += 1
    return first, last


def _governs(clause: str, listed: Sequence[Token], first: int, last: int) -> bool:
    """Whether a run says when the figures are of: it opens its sentence, or follows what is counted; and its part of
    the sentence tells of no event, compares nothing and is about nothing else that has a year."""
    start, end = listed[first].start, listed[last].end
    left = max((clause.rfind(mark, 0, start) for mark in ",;:。"), default=-1) + 1
    right = min((at for mark in ",;:。" if (at := clause.find(mark, end)) >= 0), default=len(clause))
    before, behind = clause[left:start], clause[end:right]
    if _EVENT.search(before) or _EVENT.search(behind) or (before.strip() and _OPENS.match(before)):
        return False
    if re.search(
        r"\b(?:compar\w+|versus|against|than)\b|較|较|相比|對比|对比", clause[:start] + " " + clause[end:], re.I
    ):
        return False
    rest = re.sub(r"「[^」]*」|\"[^\"]*\"", "", clause[end:])
    if not before.strip() and _HAPPENED.search(rest):
        return False
    words = before.split()
    if words and clause[:1].isascii():
        word = words[-1].strip("()[]\"'“”").casefold()
        if word == "graduates" and not re.search(r"non-local\s+graduates", before, re.IGNORECASE):
            return False
        if not _CARRIER.fullmatch(word) and not words[-1].endswith(")"):
            return False
    following = re.match(r"\s*([A-Za-z]+)", behind)
    if following is not None and listed[last].kind == "U" and not _AFTER.fullmatch(following[1].casefold()):
        return False
    return _is_of_figures(behind) if behind[:1] > "\u2e80" else True


def _is_of_figures(behind: str) -> bool:
    """Whether the Chinese words right behind a date speak of what is counted, and not of another thing's year."""
    behind = re.sub(r"^(?:為止|为止|期間|期间|內|内|止|的|共)+", "", behind)
    return not behind or (_ZH_FIGURES.search(behind) is not None and _ZH_OTHER.search(behind) is None)
