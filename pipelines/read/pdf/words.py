"""Glyphs → words with their raised marks → lines of words.

What belongs here: which characters stand together.  What must never stand here: columns, tables.
"""

from __future__ import annotations

import re

from pipelines.read.pdf.geometry import Glyph, Word

_RAISED = re.compile(
    r"^[\(\[（]?(?:\d{1,2}|[a-zα-ωΑ-Ω\u2126]|[*†‡§¶#+^@]{1,4}|[¹²³⁴-⁹⁰])(?:[,，]?(?:\d{1,2}|[a-z]|\*))*[\)\]）]?$"
)


def words_of(glyphs: list[Glyph]) -> list[Word]:
    """Words in order of baseline, then x.  Raised small characters next to a word become its marks."""
    tilted = [g for g in glyphs if g.tilt in (90, 270)]
    if tilted:
        glyphs = [g for g in glyphs if g.tilt not in (90, 270)]
    runs = _runs(glyphs)
    big: list[list[Glyph]] = []
    small: list[list[Glyph]] = []
    median = _median([g.size for run in runs for g in run]) if runs else 0.0
    for run in runs:
        (small if run[0].size < 0.85 * median and len(run) <= 8 else big).append(run)
    words = [_word(run) for run in big]
    by_row = _Shelf(words)
    for run in small:
        word = _word(run)
        host = by_row.host(word) if _RAISED.match(word.text) else None
        if host is None:
            words.append(word)
            by_row.add(word)
        else:
            _attach(host, word)
    words.sort(key=lambda w: (round(w.base, 1), w.x0))
    return words + _tilted(tilted)


def _tilted(glyphs: list[Glyph]) -> list[Word]:
    """Words that run up or down the page: found as if they stood upright, then put back."""
    out: list[Word] = []
    for tilt in (90, 270):
        sign = 1 if tilt == 90 else -1
        flat = []
        for g in glyphs:
            if g.tilt == tilt:
                along = (g.top, g.bottom) if sign == 1 else (-g.bottom, -g.top)
                across = (-g.x1, -g.x0) if sign == 1 else (g.x0, g.x1)
                flat.append(Glyph(g.text, along[0], across[0], along[1], across[1], -sign * g.base, g.size))
        for run in _runs(flat):
            w = _word(run)
            x = (-w.bottom, -w.top) if sign == 1 else (w.top, w.bottom)
            y = (w.x0, w.x1) if sign == 1 else (-w.x1, -w.x0)
            out.append(Word(w.text, w.bare, (), x[0], y[0], x[1], y[1], y[1], w.size, tilt))
    return out


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _runs(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Glyphs of one baseline and size with no space between."""
    ordered = sorted(glyphs, key=lambda g: (g.base, g.x0))
    rows: list[list[Glyph]] = []
    for g in ordered:
        if rows and g.base - rows[-1][0].base <= 0.12 * min(g.size, rows[-1][0].size):
            rows[-1].append(g)
        else:
            rows.append([g])
    runs: list[list[Glyph]] = []
    for row in rows:
        row.sort(key=lambda g: g.x0)
        current: list[Glyph] = []
        for g in row:
            if current and (g.text == ".") != (current[-1].text == ".") and _led(current):
                runs.append(current)  # a figure right behind its leaders
                current = []
            if g.text.isspace() or g.text == "\u200b":
                if current and g.x0 >= current[-1].x0:
                    runs.append(current)
                    current = []
                continue
            if current:
                last = current[-1]
                if g.text == last.text and abs(g.x0 - last.x0) < 0.15 * g.size:
                    continue  # printed twice to look bold
                small, large = sorted((g.size, last.size))
                if g.x0 - last.x1 > (0.06 if g.begins else 0.17) * large or small < 0.8 * large:
                    runs.append(current)
                    current = []
            current.append(g)
        if current:
            runs.append(current)
    return runs


def _led(run: list[Glyph]) -> bool:
    return len(run) >= 4 and all(g.text == "." for g in run[-4:])


def _word(run: list[Glyph]) -> Word:
    text = "".join(g.text for g in run)
    return Word(
        text,
        text,
        (),
        run[0].x0,
        min(g.top for g in run),
        max(g.x1 for g in run),
        max(g.bottom for g in run),
        run[0].base,
        max(g.size for g in run),
    )


class _Shelf:
    """Words by stretches of y, to find the neighbour of a raised mark without comparing all with all."""

    def __init__(self, words: list[Word]) -> None:
        self.rows: dict[int, list[Word]] = {}
        for word in words:
            self.add(word)

    def add(self, word: Word) -> None:
        for k in range(int(word.top // 10), int(word.bottom // 10) + 1):
            self.rows.setdefault(k, []).append(word)

    def host(self, mark: Word) -> Word | None:
        """The word that a raised mark abuts: larger, its baseline clearly lower, standing left or right of it."""
        best, distance = None, 1e9
        for k in range(int(mark.top // 10), int(mark.bottom // 10) + 1):
            for word in self.rows.get(k, ()):
                if mark.size > 0.85 * word.size:
                    continue
                raised = 0.15 * word.size < word.base - mark.base < 0.8 * word.size
                if not raised and not _is_level_mark(mark, word):
                    continue
                gap = mark.x0 - word.x1 if mark.x0 >= word.mid_x else word.x0 - mark.x1
                if -0.2 * word.size <= gap <= 0.3 * word.size and abs(gap) < distance:
                    best, distance = word, abs(gap)
        return best


def _is_level_mark(mark: Word, word: Word) -> bool:
    """Whether clearly smaller type right behind a figure, on its line or below, is a mark: never one of its digits."""
    behind = -0.1 * word.size <= mark.x0 - word.x1 <= 0.15 * word.size
    level = abs(word.base - mark.base) <= 0.3 * word.size
    return level and behind and mark.size <= 0.8 * word.size and word.text[-1:].isdigit()


def _attach(host: Word, mark: Word) -> None:
    if mark.x0 >= host.mid_x:
        host.text += mark.text
        host.marks = (*host.marks, mark.text)
    else:
        host.text = mark.text + host.text
        host.marks = (mark.text, *host.marks)
    host.x0, host.x1 = min(host.x0, mark.x0), max(host.x1, mark.x1)


def lines_of(words: list[Word]) -> list[list[Word]]:
    """Words that share a baseline (within a fifth of their height), each line from left to right, top to bottom."""
    lines: list[list[Word]] = []
    tilted = [w for w in words if w.tilt]
    if tilted:
        words = [w for w in words if not w.tilt]
        lines += _tilted_lines(tilted)
    for word in sorted(words, key=lambda w: w.base):
        if lines and not lines[-1][0].tilt and word.base - lines[-1][0].base <= 0.2 * min(word.size, lines[-1][0].size):
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        if not line[0].tilt:
            line.sort(key=lambda w: w.x0)
    return lines


def _tilted_lines(words: list[Word]) -> list[list[Word]]:
    """Lines of words that run up (270: read from left to right) or down (90: from right to left) the page."""
    out: list[list[Word]] = []
    for tilt in (270, 90):
        sign = 1 if tilt == 270 else -1
        for word in sorted((w for w in words if w.tilt == tilt), key=lambda w: sign * w.mid_x):
            if out and out[-1][0].tilt == tilt and abs(word.mid_x - out[-1][0].mid_x) < 0.3 * word.size:
                out[-1].append(word)
            else:
                out.append([word])
    for line in out:
        line.sort(key=lambda w: w.top, reverse=line[0].tilt == 270)
    return out


_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


def join(words: list[Word], bare: bool = False) -> str:
    """The text of words of one line, as printed: no space between Chinese characters that stand together."""
    out = ""
    last: Word | None = None
    for word in words:
        text = word.bare if bare else word.text
        if last is not None:
            close = word.x0 - last.x1 < 0.35 * word.size
            glued = close and out and text and _CJK.match(out[-1]) and _CJK.match(text[0])
            out += "" if glued else " "
        out += text
        last = word
    return out.strip()
