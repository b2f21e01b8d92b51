"""Lines whose cells are joined by nothing, read by the heading over them: so many columns, one of them a total.

What belongs here: counting the names of a heading, and the one split of a line that the heading allows.  What must
never stand here: a verdict.

The reason.  Where the heading names k columns of which the last (or the first) is the total of the others, what was
printed is one of the splits into k figures, and it adds up unless the publisher erred.  So if exactly one split adds
up, it is what was printed, or else the printed row does not add up *and* some false split does so by luck.  The bound,
stated beforehand: ERRING (rows printed that do not add up: 1 in 100; of the totals of the financial results it is 2 in
some 700) times the chance that a false split adds up (`glued.luck`), at most READ_WRONG.

What is declined.  A line of which no split or several add up; splits into *fewer* figures are rivals too (a blank cell
leaves nothing behind), and so are those into more, as far as the words of the heading may name more columns.  A line
whose label may end in digits of its own ("Aged 18-30", "Level 1"), and a sum of fewer than two figures.  All lines,
where no fewer of them have no split that adds up than are read: then the total is of more than the columns beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.model import Cell
from pipelines.prove.flattened.flatrows import How, Read, Table
from pipelines.prove.flattened.glued import LONGEST, Split, adding_up, luck, splits
from pipelines.prove.flattened.groups import YEAR, Row
from pipelines.prove.flattened.lines import Line
from pipelines.prove.labels import Claim
from pipelines.prove.labels import read as read_label

ERRING = 0.01
READ_WRONG = 1e-3
FEWEST, MOST = 3, 8  # columns that a heading may name
MOST_SPLITS = 20_000  # of one line that are tried
_DIGITS = re.compile(r"\d[\d,.\s]*$")
# A label joined to its figures by nothing that ends in a word, Chinese or a bracket: no digit of the run is its own.
_LINE = re.compile(r"(?P<label>.*(?:[^\W\d_]{3}|[\u3400-\u9fff]|(?<!\d)[)）]))(?P<run>\d[\d,]{3,})\s*")
# Where a name ends and the next begins, in a heading that lost what stood between its cells: "maleFemale".
_BORDER = re.compile(r"(?<=[a-z0-9)])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"\S+")


Name = tuple[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Heading:
    """The names of the columns of figures: (line, range in it) of each, left to right.

    total  where the total stands among them: 0 or -1
    most   columns that the words of the heading could name at most
    line   the last line of the heading
    """

    names: tuple[Name, ...]
    total: int
    most: int
    line: int


@dataclass(frozen=True, slots=True)
class Headed:
    """Lines and answers of the usual kind, with the splits that were possible and the reason in words."""

    lines: list[Line]
    table: Table
    argument: str
    considered: int


def heading(texts: Mapping[int, Cell], n_rows: int) -> Heading | None:
    """The heading above the first line of figures, where its names can be counted and the last or first is a total.

    Names are told apart by a word that comes again with each ("Category A Category B Total"); else they stand one a
    line; else they are what is left where nothing stands between two of them ("MaleFemaleTotal"); else they are words.
    """
    above: list[int] = []
    for r in range(n_rows):
        text = texts[r].text if r in texts else ""
        if _DIGITS.search(text) and not YEAR.fullmatch(text.strip()):
            break
        if text.strip():
            above.append(r)
    else:
        return None
    if not above:
        return None
    words = [(r, span) for r in above for span in _spans(texts[r].text)]
    said = [texts[r].text[a:b] for r, (a, b) in words]
    first = _repeated(said)
    if first is not None:
        again = [i for i, word in enumerate(said) if word == said[first]]
        ends = [*again[1:], len(said) - 1]
        if any(words[i][0] != words[e - 1][0] for i, e in zip(again, ends, strict=True)):
            return None  # a name that is broken into lines
        names = [(words[i][0], (words[i][1][0], words[e - 1][1][1])) for i, e in zip(again, ends, strict=True)]
        return _checked([*names, words[-1]], texts, 0)
    if len(above) > 1:
        return _checked([(r, _trimmed(texts[r].text, 0, len(texts[r].text))) for r in above], texts, len(words))
    parts = [(above[0], span) for span in _parted(texts[above[0]].text)]
    if len(parts) > 1:
        return _checked(parts, texts, len(words))
    # words that each name a column are no phrase: "Number of applicants in total"
    return None if any(word[0].islower() for word in said) else _checked(words, texts, len(words))


def _repeated(words: list[str]) -> int | None:
    """Where the first of the names begins, if all of them begin with one word, are of one length and end before a total
    of one word; words before them head the labels."""
    for i, word in enumerate(words[:-1]):
        again = [j for j in range(i, len(words)) if words[j] == word]
        steps = {b - a for a, b in zip(again, [*again[1:], len(words) - 1], strict=True)}
        if len(again) >= FEWEST - 1 and len(steps) == 1 and steps != {1} and read_label(words[-1]).bare:
            return i
    return None


def _checked(names: Sequence[Name], texts: Mapping[int, Cell], most: int) -> Heading | None:
    """The heading, if it has a total at one end alone, no other column of another kind, and names enough."""
    if not FEWEST <= len(names) <= MOST:
        return None
    labels = [read_label(texts[r].text[a:b]) for r, (a, b) in names]
    totals = [i for i, label in enumerate(labels) if label.claim is not Claim.NONE]
    if len(totals) != 1 or totals[0] not in (0, len(names) - 1):
        return None
    if labels[totals[0]].claim is not Claim.TOTAL or not labels[totals[0]].bare:
        return None
    return Heading(tuple(names), -1 if totals[0] else 0, min(MOST, max(most, len(names))), names[-1][0])


def _trimmed(text: str, a: int, b: int) -> tuple[int, int]:
    piece = text[a:b]
    return a + len(piece) - len(piece.lstrip()), a + len(piece.rstrip())


def _parted(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(m.start() for m in _BORDER.finditer(text)), len(text)]
    return [_trimmed(text, a, b) for a, b in pairwise(cuts)]


def _spans(text: str) -> list[tuple[int, int]]:
    """The words of a heading, with those parted that nothing stands between."""
    return [(a + m.start(), a + m.end()) for a, b in _parted(text) for m in _WORD.finditer(text[a:b])]


def resolve_headed(texts: Mapping[int, Cell], n_rows: int, head: Heading) -> Headed | None:
    """Each line below the heading on its own; None where no line can be read, or some are not joined by nothing."""
    k = len(head.names)
    lines: list[Line] = []
    reads: list[Read] = []
    considered, failing = 1, 0
    for r in range(n_rows):
        text = texts[r].text if r in texts else ""
        if r <= head.line or not _DIGITS.search(text):
            lines.append(Line(r, text, text.strip(), (0, len(text)), None))
            continue
        m = _LINE.fullmatch(text)
        if m is None or len(m["run"]) > LONGEST or texts[r].marks:
            if re.search(r"\d\s+\d", text):
                return None
            lines.append(Line(r, text, text.strip(), (0, len(text)), None, mixed=True))
            continue
        at, run = m.start("run"), m["run"]
        split = the_split(run, k, head.total, head.most)
        if split is None:
            failing += not adding_up(run, (k,), head.total)
            whole = Row((run.replace(",", ""),))
            lines.append(Line(r, text, m["label"].strip(), m.span("label"), whole, (m.span("run"),)))
            reads.append(Read(None, How.OPEN))
            continue
        numbers, ends = split
        spans = tuple((at + a, at + b) for a, b in zip((0, *ends), ends, strict=False))
        row = Row(tuple(str(n) for n in numbers))
        lines.append(Line(r, text, m["label"].strip(), m.span("label"), row, spans))
        reads.append(Read(numbers, How.ROW_SUM))
        considered *= max(1, sum(len(splits(run, count)) for count in _counts(k, head.most)))
    read = [one for one in reads if one.numbers is not None]
    if failing >= len(read):
        return None
    where = "last" if head.total else "first"
    argument = (
        f"The heading names {k} columns, the {where} a total; of {len(read)} lines whose figures are joined by nothing "
        f"one split alone adds up ({considered:,} combinations of splits were possible). That is wrong only where a "
        "row was printed that does not add up and another split does by luck: at most once in "
        f"{1 / READ_WRONG:,.0f} lines."
    )
    if len(read) < len(reads):
        argument += f" Left open: {len(reads) - len(read)}."
    return Headed(lines, Table(tuple(reads), (), k), argument, considered)


def _counts(k: int, most: int) -> range:
    """How many figures a split may have to be a rival: two at least, as many as the heading could name at most."""
    return range(2, max(k, most) + 1)


def the_split(run: str, k: int, total: int, most: int) -> Split | None:
    """The one split of a run into k figures that adds up; None where none or several do, or luck would do it too often.

    total  0: the first figure is the sum of the others; -1: the last is
    most   up to how many figures another split may have to count as a rival
    """
    counts = _counts(k, most)
    if sum(math.comb(len(run) - 1, count - 1) for count in counts) > MOST_SPLITS:
        return None
    found = adding_up(run, counts, total)
    if len(found) != 1 or len(found[0][0]) != k or sum(n > 0 for n in found[0][0]) < FEWEST:
        return None
    by_luck = sum(luck(run, count, total) for count in counts)
    return found[0] if ERRING * by_luck <= READ_WRONG else None
