"""Notes that stand under a table.

What belongs here: telling where notes begin, where each ends, and where the text goes on.  What must never happen
here: matching a note to the cell that bears its mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.model import Grid
from pipelines.read.flow import Line
from pipelines.read.lines import folded
from pipelines.read.textblocks import CLOSING, ITEM, NOTE_HEAD, TITLE

_NUMBERED_HEAD = re.compile(r"[\s\u00a0\u3000]*(\d{1,2})[\s\u00a0]*[:：][\s\u00a0]*(?=\S)")
_SYMBOL = re.compile(r"[\s\u00a0\u3000]*([*＊#＃^†‡§]{1,4})[\s\u00a0]*(?=[^\s*])")
_ENDS = (".", ";", ":", "。", "；", "：")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes found: half-open range of lines, and the text of each."""

    start: int
    stop: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    style: str  # "number", "letter", "symbol"
    rank: int


def find_notes(lines: list[Line], start: int, *, touching: bool) -> Notes | None:
    """The first notes at or after `start`; `touching`: a table ends right above `start`.

    Notes begin with a heading ("Notes:", "註：") anywhere after a table, or with a symbol (*, #) right under it.
    """
    blanks = 0
    near = touching
    for i in range(start, len(lines)):
        text = lines[i].text
        if not text:
            blanks += 1
            continue
        if NOTE_HEAD.match(text) or (near and blanks <= 2 and _SYMBOL.match(text)):
            return _collect(lines, i)
        near = False
    return None


def as_notes(grid: Grid) -> tuple[str, ...]:
    """The notes, where a table only lays out notes (a heading, then number and text in each row); else ()."""
    opening = next((cell.text for cell in grid.cells if cell.text), "")
    if not NOTE_HEAD.match(opening):
        return ()
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.text:
            rows.setdefault(cell.row, []).append(folded(cell.text.replace("\n", " ")))
    if len(rows) < 2:
        return ()
    notes: list[str] = []
    for i, said in enumerate(rows.values()):
        text = " ".join(said)
        if i == 0 and len(said) == 1 and not folded(text[_head_end(text) :]):
            continue
        if len(said) > 2 or (i > 0 and _item(text) is None):
            return ()
        notes.append(text)
    return tuple(notes)


def _head_end(text: str) -> int:
    head = NOTE_HEAD.match(text)
    return head.end() if head else 0


def _item(text: str) -> _Item | None:
    if hit := _SYMBOL.match(text):
        return _Item("symbol", len(hit.group(1)))
    if hit := _NUMBERED_HEAD.match(text):
        return _Item("number", int(hit.group(1)))
    hit = ITEM.match(text)
    if hit is None:
        return None
    said = next(g for g in hit.groups() if g).lower()
    if said.isdigit():
        return _Item("number", int(said))
    if said in _ROMAN:
        return _Item("letter", _ROMAN.index(said) + 1)
    return _Item("letter", ord(said[0]) - 96) if said.isalpha() else _Item("symbol", len(said))


def _collect(lines: list[Line], first: int) -> Notes:
    texts: list[str] = []
    stop = first
    last: dict[str, int] = {}
    i = first
    blank = False
    expecting = False  # a heading stood alone: what follows is a note, whatever it looks like
    while i < len(lines):
        text = lines[i].text
        if not text:
            blank = True
            i += 1
            continue
        if CLOSING.match(text) or (blank and TITLE.match(text)):
            break
        head = NOTE_HEAD.match(text)
        item = None if head and not _NUMBERED_HEAD.match(text) else _item(text)
        if head and (i == first or not _NUMBERED_HEAD.match(text)):
            if folded(text[head.end() :]):
                texts.append(folded(text))
            else:
                expecting = True
        elif item is not None and (expecting or not (blank or lines[i].breaks) or _goes_on(item, last)):
            texts.append(folded(text))
            last[item.style] = item.rank
            expecting = False
        elif expecting:
            texts.append(folded(text))
            expecting = False
        elif not blank and texts and not (lines[i].breaks and texts[-1].endswith(_ENDS)):
            texts[-1] = f"{texts[-1]} {folded(text)}"
        else:
            break
        blank = False
        i += 1
        stop = i
    return Notes(first, stop, tuple(texts))


def _goes_on(item: _Item, last: dict[str, int]) -> bool:
    """After a blank line only the next number, the first or next letter, or another symbol goes on."""
    if item.style == "symbol":
        return "symbol" in last or not last
    if item.style == "letter":
        return bool(last) and (item.rank == 1 or item.rank == last.get("letter", 0) + 1)
    return item.rank == last.get("number", 0) + 1 and ("number" in last or not last)
