"""Footnote marks, kept apart from what they stand beside, where markup or an unmistakable form tells.

What belongs here: the forms of marks.  What must never happen here: deciding what a number means; a doubtful mark
stays where it is printed, and the proof sees it.
"""

from __future__ import annotations

import re

_NOTE = r"(?:[Nn]otes?|NOTES?|[Rr]emarks?|附?[註注]|[備备][註注])"
_TRAILING = re.compile(
    rf"""\s*(?:
        [(（\[［]\s*({_NOTE}\s*[0-9A-Za-z]{{0,3}}(?:\s*(?:,|、|and|&|及|和)\s*[0-9A-Za-z]{{1,3}})*)\s*[)）\]］]
        |([*＊#＃^†‡§@]{{1,4}})
        |([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})
        )\s*$""",
    re.VERBOSE,
)
# a digit or two in brackets glued to a letter or to a number: no negative figure is printed so
_GLUED = re.compile(r"(?<=[0-9A-Za-z\u3400-\u9fff)）%])([(（](?:\d{1,2}|[a-z])[)）])$")
_LEADING = re.compile(r"^([*＊#＃^†‡§]{1,3})[ \u00a0]?(?=[\w(（$])")
_LETTERS_ONLY = re.compile(r"[A-Za-z]\([a-z]\)$")  # "item(s)", "Reserve(s)": a plural, not a mark
_ORDINAL = re.compile(r"^(?:st|nd|rd|th|er|e|TM|®|™|R)$", re.IGNORECASE)
_POWER = re.compile(r"(?:^|[\s\d/])(?:[kcmdµ]?m|ft|km|in|yd|mile|CO|SO|NO|PM)$")
_RAISED = re.compile(
    r"^[\s(\[（]*(?:"
    + _NOTE
    + r"?[\s.]*[0-9]{1,2}|[a-zA-Z]|[ivx]{1,4}|[*＊#＃^†‡§@]{1,4})(?:[\s,]+[0-9a-z*#]{1,2})*[\s)\]）.]*$"
)


def is_raised_mark(raised: str, before: str) -> bool:
    """Whether the content of a <sup> after `before` is a footnote mark, not an ordinal ("1st") or a power ("m2")."""
    raised = raised.strip()
    if not raised or len(raised) > 12 or _ORDINAL.match(raised) or not _RAISED.match(raised):
        return False
    return not (raised in "23" and _POWER.search(before.rstrip()))


def split_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without the marks that its form sets apart, and those marks in order.

    "1 100(2)" → "1 100", ("(2)",);  "Banking (Note 1)" → "Banking", ("Note 1",);  "2020*" → "2020", ("*",).
    A text that is nothing but a mark ("***", "(2)") is left whole.
    """
    bare = text
    marks: list[str] = []
    while bare:
        last = bare[-1]
        if last not in _ENDS:
            break
        hit = _TRAILING.search(bare)
        if hit is None:
            hit = _GLUED.search(bare)
            if hit is not None and _LETTERS_ONLY.search(bare):
                hit = None
        if hit is None:
            break
        left = bare[: hit.start()].rstrip(" \u00a0\n")
        if last in "²³" and _POWER.search(left):
            break
        if not left or not any(c.isalnum() for c in left):
            break
        marks.insert(0, next(g for g in hit.groups() if g))
        bare = left
    if bare and bare[0] in _STARTS:
        hit = _LEADING.match(bare)
        if hit is not None:
            marks.insert(0, hit.group(1))
            bare = bare[hit.end() :]
    return bare, tuple(marks)


_ENDS = frozenset(")）]］*＊#＃^†‡§@⁰¹²³⁴⁵⁶⁷⁸⁹")
_STARTS = frozenset("*＊#＃^†‡§")
