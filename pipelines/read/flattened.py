"""Tables whose cells were flattened into lines: found and handed on whole, never split.

What belongs here: telling such lines from running text by their form.  What must never happen here: splitting a line
into label and numbers ("2008 1 358 564" has two readings): that is left to the proof.

Kinds seen: cells joined by one space (mirrors of releases), by nothing, one cell a line, and a whole table in one
line (replies in the Official Record, in Chinese).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.model import Cell, Place
from pipelines.read.bounds import Clock
from pipelines.read.flow import Line
from pipelines.read.lines import SPACES, folded, is_rule, is_value
from pipelines.read.marks import split_marks
from pipelines.read.textblocks import CLOSING, NOTE_HEAD

_NUMBER = r"(?:\(?[-−–$]?\d[\d,]*(?:\.\d+)?%?\)?[*#@^]{0,3})"
_NIL = r"(?:-{1,2}|[–—─]|N\.?A\.?|NIL|Nil|n\.a\.)"
_TAIL = re.compile(rf"(?:^|(?<=[\s\u00a0])|(?<=[^\d\s.,$/-]))({_NUMBER}(?:[ \u00a0\t|]+(?:{_NUMBER}|{_NIL}))*)$")
_FINAL = re.compile(r"[\dA-Za-z)%*#@^–—─-]$")
_GROUPS = re.compile(r"\d[\d,.]*")
_ENDS_SENTENCE = re.compile(r"[.:;,?!。：；，？！][\"'”’)]?$")
_SENTENCE_MARK = re.compile(r"[。；？！]|[.;?!][\s\u00a0]+[A-Z]")
_WORDY = re.compile(r"[A-Za-z]+|[\u3400-\u9fff]")
_ADDRESS = re.compile(r"@|https?:|www\.|\b(?:tel|fax|電話|傳真)\b", re.IGNORECASE)
_LONGEST = 120
_LONGEST_HEAD = 90
_FEWEST = 3
_DENSE_GROUPS = 8
_RUN = re.compile(r"[^\d\s]+")


@dataclass(frozen=True, slots=True)
class Flat:
    """A flattened table among lines: half-open range."""

    start: int
    stop: int


def find_flattened(lines: list[Line], clock: Clock) -> list[Flat]:
    """The flattened tables among consecutive lines, in order, not overlapping; blank lines end a table.

    Lines that are typed with a blank line between every two count as consecutive.
    """
    out: list[Flat] = []
    for start, stop in _stanzas(lines):
        out.extend(_within(lines, start, stop, clock))
    return out


def is_row(text: str) -> bool:
    """A short line that ends in figures and is no sentence."""
    text = text.strip(SPACES)
    if (
        not text
        or len(text) > _LONGEST
        or not _FINAL.search(text)
        or CLOSING.match(text)
        or NOTE_HEAD.match(text)
        or _ADDRESS.search(text)
    ):
        return False
    tail = _TAIL.search(text)
    if tail is None:
        return False
    label = text[: tail.start(1)].strip(SPACES)
    if _ENDS_SENTENCE.search(label) and not label.endswith((":", "：")):
        return False
    return len(label) <= _LONGEST_HEAD and not _SENTENCE_MARK.search(label)


def is_dense(text: str) -> bool:
    """A line that is a whole table: many figures, and hardly any words between them."""
    if text.isalpha():
        return False
    groups = _GROUPS.findall(text)
    if len(groups) < _DENSE_GROUPS or _SENTENCE_MARK.search(text):
        return False
    words = len(_WORDY.findall(text))
    commas = text.count("，") + text.count("、")
    return len(groups) * 5 >= words * 2 and commas * 6 <= len(groups)


def _stanzas(lines: list[Line]) -> list[tuple[int, int]]:
    """Runs of lines without a blank one; a blank between two rows of figures does not end a run."""
    out: list[tuple[int, int]] = []
    start: int | None = None
    for i, line in enumerate(lines):
        if line.text:
            if start is None:
                start = i
            continue
        if start is not None and not _bridges(lines, start, i):
            out.append((start, i))
            start = None
    if start is not None:
        out.append((start, len(lines)))
    return out


def _bridges(lines: list[Line], start: int, blank: int) -> bool:
    """Double spacing: a single line, a single blank, and again."""
    if blank + 2 > len(lines) - 1 and blank + 1 >= len(lines):
        return False
    alone_before = blank - 1 == start or not lines[blank - 2].text
    after = lines[blank + 1].text
    alone_after = bool(after) and (blank + 2 >= len(lines) or not lines[blank + 2].text)
    return alone_before and alone_after and is_row(lines[blank - 1].text) and is_row(after)


def _within(lines: list[Line], start: int, stop: int, clock: Clock) -> list[Flat]:
    """The tables in one run of lines: cut at sentences, keep the stretches that are mostly rows or cells."""
    out: list[Flat] = []
    i = start
    while i < stop:
        clock.look()
        if not lines[i].text or not _is_member(lines[i].text):
            i += 1
            continue
        j = i
        while j < stop and (not lines[j].text or _is_member(lines[j].text)):
            clock.check()
            j += 1
        found = _tightened(lines, i, j)
        if found is not None:
            out.append(found)
        i = j
    return out


def _is_member(text: str) -> bool:
    """What may be a line of a flattened table: a row, a figure, a label, a header; not a sentence, not a note."""
    text = text.strip(SPACES)
    if len(text) > _LONGEST:
        return is_dense(text)
    if is_row(text) or is_dense(text):
        return True
    if len(text) > _LONGEST_HEAD or is_rule(text) or CLOSING.match(text) or NOTE_HEAD.match(text):
        return False
    if text[0] in "*#†‡^•＊" or _ADDRESS.search(text):
        return False
    return not _ENDS_SENTENCE.search(text)


def _tightened(lines: list[Line], start: int, stop: int) -> Flat | None:
    filled = [i for i in range(start, stop) if lines[i].text]
    dense = [i for i in filled if is_dense(lines[i].text)]
    rows = [i for i in filled if is_row(lines[i].text)]
    if dense:
        first = dense[0]
        if first - 1 >= start and lines[first - 1].text and len(lines[first - 1].text) <= 40:
            first -= 1
        return Flat(first, max([*dense, *[r for r in rows if r > dense[0]]]) + 1)
    if len(rows) < _FEWEST:
        return None
    last = rows[-1]
    alone = [i for i in rows if is_value(lines[i].text.strip(SPACES))]
    among = [i for i in filled if rows[0] <= i <= last]
    if len(alone) * 2 < len(rows) and len(rows) * 5 < len(among) * 3:
        return None
    # the header: the short lines right above the first row
    first = rows[0]
    head = 0
    while first - 1 >= start and lines[first - 1].text and head < 6:
        first -= 1
        head += 1
    return Flat(first, last + 1)


def flat_cells(lines: list[Line], path: str | None) -> tuple[Cell, ...]:
    """One cell a line, column 0, the whole line as printed."""
    cells: list[Cell] = []
    for line in lines:
        if not line.text:
            continue
        text = folded(line.text)
        bare, marks = split_marks(text)
        start = len(line.text) - len(line.text.lstrip(SPACES))
        place = Place(path=path, line=line.number, chars=(start, len(line.text.rstrip(SPACES))))
        cells.append(Cell(len(cells), 0, text, bare, place, marks=marks))
    return tuple(cells)
