"""Where text tables begin and end among the lines of a document.

What belongs here: telling table lines from running text by their layout.  What must never happen here: reading the
table itself (`columns`), or losing a line: every line ends in a table, a caption or the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from pipelines.read.bounds import Clock
from pipelines.read.flow import Line
from pipelines.read.lines import (
    LONG,
    SPACES,
    Piece,
    has_stroke,
    indent,
    is_rule,
    is_sentence,
    is_stars,
    pieces,
    rule_runs,
)

TITLE = re.compile(
    r"""\s*(?:(?:table|annex|appendix|chart)(?:\s*(?:no\.?\s*)?(?:\d{1,3}[a-z]?|[ivx]{1,4}|[a-z]))?(?=[\s.:：)–-]|$)(?!\s+[a-z]{2})
        |(?:附?表|附件|附錄)\s*[0-9一二三四五六七八九十]{1,3}(?=[\s.:：、（(]|$))""",
    re.IGNORECASE | re.VERBOSE,
)
CLOSING = re.compile(r"\s*(?:Ends?\s*[/／]|完$|完\s*[/／]|Issued at HKT|NNNN|香港時間)")
NOTE_HEAD = re.compile(
    r"\s*(?:notes?|remarks?|[備备附]?[註注](?:釋|释|解)?)\s*(?:[(（]?\d{0,2}[)）]?\s*[:：.]|$)",
    re.IGNORECASE,
)
ITEM = re.compile(
    r"""\s*(?:(\d{1,2})\s{0,2}[.:)、]|[(（]([0-9]{1,2}|[a-z]|[ivx]{1,4})[)）]|([*＊#＃^†‡§•●]{1,4})|([A-Za-z])[.)])
        (?:\s+(?=\S)|(?<=[.)、])(?=[A-Z\u3400-\u9fff]))""",
    re.VERBOSE,
)
_LEADS = (".", ":", ",", ";", "-", "：", "。", "，", "；")
_FEWEST_ROWS_OF_WORDS = 3
_LONGEST_LINE = 2000
_MOST_LABELS = 6
_MOST_BLANKS = 4


class Kind(Enum):
    """What one line looks like."""

    BLANK = auto()
    RULE = auto()
    ROW = auto()
    GAPPY = auto()
    LABEL = auto()
    STOP = auto()  # a sentence, a title, a note, a closing line: no part of a table


@dataclass(frozen=True, slots=True)
class Found:
    """A text table among lines: half-open range, and the index of its caption line or None."""

    start: int
    stop: int
    caption: int | None = None


def kind_of(line: Line) -> Kind:
    """What a line looks like, from the line alone."""
    text = line.text
    if not text:
        return Kind.BLANK
    if len(text) > _LONGEST_LINE or is_sentence(line):
        return Kind.STOP
    if is_rule(text) or (has_stroke(text) and indent(text) + len(text.strip(SPACES)) < LONG):
        return Kind.RULE
    if is_stars(text) or TITLE.match(text) or CLOSING.match(text) or NOTE_HEAD.match(text):
        return Kind.STOP
    if ITEM.match(text) and not _ends_in_figures(pieces(text)):
        return Kind.STOP
    found = pieces(text)
    if len(found) == 1:
        return Kind.ROW if indent(text) > 8 and found[0].is_value else Kind.LABEL
    if _ends_in_figures(found):
        return Kind.ROW
    return Kind.GAPPY


def _ends_in_figures(found: list[Piece]) -> bool:
    return len(found) > 1 and found[-1].is_value


def tightened(lines: list[Line]) -> list[Line]:
    """The lines of <pre> without the blank ones that its typing puts between every two lines.

    Pages with one <pre> a line, or with doubled line ends, have one to three blank lines everywhere; only a wider gap
    than the usual one separates anything there.  Line numbers are kept.
    """
    out: list[Line] = []
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and (lines[j].pre or not lines[j].text):
            j += 1
        if j == i:
            out.append(lines[i])
            i += 1
            continue
        out.extend(_closed_up(lines[i:j]))
        i = j
    return out


def _closed_up(run: list[Line]) -> list[Line]:
    filled = [i for i, line in enumerate(run) if line.text]
    gaps = sorted(b - a - 1 for a, b in pairwise(filled))
    if len(gaps) < 4 or gaps[3 * len(gaps) // 10] == 0:
        return run
    usual = gaps[6 * len(gaps) // 10]
    out: list[Line] = []
    blanks: list[Line] = []
    for line in run:
        if not line.text:
            blanks.append(line)
            continue
        wide = max(0, len(blanks) - usual)
        out.extend(blanks[: -(-wide // (usual + 1))])
        out.append(line)
        blanks = []
    return [*out, *blanks[:1]]


def find_tables(lines: list[Line], clock: Clock) -> list[Found]:
    """The text tables among consecutive lines, in order, not overlapping."""
    kinds = []
    for line in lines:
        clock.check()
        kinds.append(kind_of(line))
    _rows_of_words(lines, kinds)
    out: list[Found] = []
    floor = 0
    i = 0
    while i < len(lines):
        if kinds[i] not in (Kind.ROW, Kind.RULE):
            i += 1
            continue
        clock.check()
        last = _reach(kinds, i)
        for start, stop in _parts(lines, kinds, i, last + 1):
            top = _up(lines, kinds, start, floor)
            bottom = _down(lines, kinds, stop)
            if _is_table(lines, kinds, top, bottom):
                out.append(Found(top, bottom, caption_above(lines, top, floor)))
                floor = bottom
        i = max(last + 1, floor)
    return out


def _rows_of_words(lines: list[Line], kinds: list[Kind]) -> None:
    """Under a rule of several strokes, lines with as many pieces are rows even without a figure (a calendar)."""
    for i, kind in enumerate(kinds):
        if kind is not Kind.RULE:
            continue
        strokes = len(rule_runs(lines[i].text))
        j = i + 1
        while j < len(kinds) and kinds[j] is Kind.GAPPY and len(pieces(lines[j].text)) == strokes:
            j += 1
        if strokes > 1 and j - i > _FEWEST_ROWS_OF_WORDS:
            kinds[i + 1 : j] = [Kind.ROW] * (j - i - 1)


def _reach(kinds: list[Kind], first: int) -> int:
    """Index of the last row or rule that belongs with the one at `first`."""
    last = first
    labels = blanks = 0
    for i in range(first + 1, len(kinds)):
        kind = kinds[i]
        if kind in (Kind.ROW, Kind.RULE):
            last, labels, blanks = i, 0, 0
        elif kind is Kind.STOP:
            break
        elif kind is Kind.BLANK:
            blanks += 1
        else:
            labels += 1
            blanks = 0
        if labels > _MOST_LABELS or blanks > _MOST_BLANKS:
            break
    return last


def _parts(lines: list[Line], kinds: list[Kind], start: int, stop: int) -> list[tuple[int, int]]:
    """Split where a new header begins: words over the columns, a rule below them, rows above."""
    out = []
    rows = 0
    for i in range(start, stop):
        if kinds[i] is Kind.ROW:
            rows += 1
        elif kinds[i] is Kind.RULE and rows:
            j = i - 1
            while j > start and _is_headerish(lines[j], kinds[j]):
                j -= 1
            if j < i - 1 and kinds[j] is Kind.BLANK and len(rule_runs(lines[i].text)) > 1:
                out.append((start, j))
                start, rows = j + 1, 0
    out.append((start, stop))
    return out


def _is_headerish(line: Line, kind: Kind) -> bool:
    """Words that stand over columns, not over the stub."""
    if kind is Kind.GAPPY:
        return True
    return kind is Kind.LABEL and indent(line.text) >= 10


def _up(lines: list[Line], kinds: list[Kind], start: int, floor: int) -> int:
    """Take the header lines above, over at most two blank lines; and a label's first lines right above."""
    top = start
    i = start - 1
    blanks = skipped = 0
    while i >= floor:
        if kinds[i] is Kind.BLANK:
            blanks += 1
            if blanks > 2:
                break
        elif _is_headerish(lines[i], kinds[i]):
            top, blanks = i, 0
        elif kinds[i] is Kind.LABEL and blanks == 0 and kinds[start] is Kind.ROW and i >= start - 3 and top == i + 1:
            top = i
        elif kinds[i] is Kind.LABEL and skipped < 2 and not lines[i].text.rstrip(SPACES).endswith((".", ":", "：")):
            # the heading of the first group may stand between the header and the first row
            skipped += 1
            blanks = 0
        else:
            break
        i -= 1
    return top


def _down(lines: list[Line], kinds: list[Kind], stop: int) -> int:
    """Take the rest of the last label: short lines right below, closed off by a blank line."""
    i = stop
    while i < len(lines) and kinds[i] is Kind.LABEL and len(lines[i].text.strip(SPACES)) <= 32 and i < stop + 3:
        i += 1
    closed = i < len(lines) and kinds[i] is Kind.BLANK
    ruled = stop > 0 and kinds[stop - 1] is Kind.RULE
    return i if closed and not ruled and not any(":" in lines[j].text for j in range(stop, i)) else stop


def _is_table(lines: list[Line], kinds: list[Kind], start: int, stop: int) -> bool:
    rows = [i for i in range(start, stop) if kinds[i] is Kind.ROW]
    rules = [i for i in range(start, stop) if kinds[i] is Kind.RULE]
    gappy = sum(kinds[i] is Kind.GAPPY for i in range(start, stop))
    if len(rows) > 1:
        # a rule above figures that only look like a table's
        return any(len(pieces(lines[i].text)) > 1 for i in rows)
    if rows:
        return bool(rules) or gappy > 0
    return gappy > 2 and any(len(rule_runs(lines[i].text)) > 1 for i in rules)


def caption_above(lines: list[Line], top: int, floor: int = 0) -> int | None:
    """Index of the line right above a table that begins at `top`, where it is a title: no sentence, no lead-in."""
    i = top - 1
    blanks = 0
    while i >= floor and (not lines[i].text or is_rule(lines[i].text)):
        blanks += not lines[i].text
        i -= 1
    if i < floor or blanks > 3:
        return None
    text = lines[i].text.strip(SPACES)
    if text.endswith(_LEADS):
        return None
    if TITLE.match(text) and len(text) <= 200:
        return i
    alone = i == 0 or not lines[i - 1].text or lines[i].breaks
    return i if alone and blanks <= 1 and len(text) <= 120 and kind_of(lines[i]) is Kind.LABEL else None
