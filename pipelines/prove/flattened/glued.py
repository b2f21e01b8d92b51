"""Flattened tables that lost even the spaces between their cells ("Number of rejected applications7134145286").

What belongs here: recognising this layout and giving it as lines and answers of the usual kind.  What must never
stand here: rows whose groups are separated (`flatrows`).

Such lines are read only where all of them split, with one count, so that the last number is the sum of the others,
each line in exactly one way, and luck would not do as much: a run of ten digits alone adds up in some way or other
once in ten times, several lines with one count together hardly ever.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from pipelines.model import Cell
from pipelines.prove.flattened.flatrows import How, Read, Table
from pipelines.prove.flattened.groups import Numbers, Row
from pipelines.prove.flattened.lines import Line

# lines, answers, the reason in words, and how many combinations of splits it chose from
Special = tuple[list[Line], Table, str, int]
Split = tuple[Numbers, tuple[int, ...]]

COUNTS = (3, 4, 5, 6)  # numbers a run
LONGEST = 24  # characters of a run
LUCK = 1e-4
_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+")

_GLUED = re.compile(r"(?P<label>.*?[^\d,.\s])\s?(?P<run>\d[\d,]{3,})\s*")
_BARE = re.compile(r"(?P<label>)(?P<run>\d[\d,]{3,})\s*")


def splits(run: str, k: int) -> list[Split]:
    """Every grammatical split of a run of digits and commas without spaces into k numbers.

    Returns (numbers, ends): `ends[i]` is where number i ends in the run.  Where the run has commas, a number of four
    digits or more must carry them, and a number without commas has at most three digits.
    """
    commas = "," in run
    found: list[Split] = []

    def go(p: int, values: Numbers, ends: tuple[int, ...]) -> None:
        last = len(values) == k - 1
        for q in range(len(run) if last else p + 1, len(run) + 1):
            piece = run[p:q]
            grammatical = _COMMA.fullmatch(piece) if "," in piece else (piece.isdigit() and (not commas or q - p <= 3))
            if not grammatical or (piece[0] == "0" and piece != "0"):
                continue
            made = (*values, int(piece.replace(",", ""))), (*ends, q)
            if last:
                found.append(made)
            else:
                go(q, *made)

    go(0, (), ())
    return found


def adding_up(run: str, counts: Sequence[int] = COUNTS, total: int = -1) -> list[Split]:
    """The splits, with one of the counts, whose last number (`total` 0: whose first) is the sum of the others."""
    return [s for k in counts for s in splits(run, k) if 2 * s[0][total] == sum(s[0])]


def luck(run: str, k: int, total: int = -1) -> float:
    """How many splits into k numbers would add up by luck: each whose total T is in the order of the sum of the others
    does so with a chance of about 1/T."""
    told = [(s[0][total], sum(s[0]) - s[0][total]) for s in splits(run, k)]
    return sum(1 / max(1, t) for t, parts in told if t <= 2 * parts and parts <= 2 * t)


def resolve_glued(texts: dict[int, Cell], n_rows: int) -> Special | None:
    """Lines that end in one run of digits and commas; None where the table is not of that kind or stays ambiguous."""
    runs: dict[int, re.Match[str]] = {}
    for r in range(n_rows):
        text = texts[r].text if r in texts else ""
        m = _GLUED.fullmatch(text) or _BARE.fullmatch(text)
        if m is not None:
            runs[r] = m
        elif re.search(r"\d\s*$", text):
            return None
    glued = [m for m in runs.values() if len(m["run"]) >= 6]
    if not glued or len(glued) < len(runs):
        return None
    if any(len(m["run"]) > LONGEST for m in runs.values()):
        return None
    fitting = []
    by_luck = 0.0
    for k in COUNTS:
        found = {r: adding_up(m["run"], (k,)) for r, m in runs.items()}
        by_luck += math.prod(luck(m["run"], k) for m in runs.values())
        if all(found.values()):
            fitting.append((k, found))
    if by_luck > LUCK or len(fitting) != 1 or any(len(s) != 1 for s in fitting[0][1].values()):
        return None
    k, one = fitting[0]
    lines, reads = [], []
    for r in range(n_rows):
        text = texts[r].text if r in texts else ""
        if r not in runs:
            lines.append(Line(r, text, text.strip(), (0, len(text)), None))
            continue
        m = runs[r]
        numbers, ends = one[r][0]
        at = m.start("run")
        spans = tuple((at + a, at + b) for a, b in zip((0, *ends), ends, strict=False))
        # one group a number: nothing is left to be joined
        lines.append(Line(r, text, m["label"].strip(), m.span("label"), Row(tuple(str(v) for v in numbers)), spans))
        reads.append(Read(numbers, How.ROW_SUM))
    argument = (
        f"{len(runs)} rows whose figures are joined by nothing; with {k} figures each splits in one way only so that "
        f"the last is the sum of the others; by luck that would happen {by_luck:.0e} times."
    )
    considered = math.prod(max(1, len(splits(m["run"], k))) for m in runs.values())
    return lines, Table(tuple(reads), (), k), argument, considered
