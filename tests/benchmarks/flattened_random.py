"""Tables made up from seeds, flattened and resolved: how many rows are read right, wrong, or declined.

    PYTHONPATH=. .venv/bin/python tests/benchmarks/flattened_random.py --seed 1 --rows 10000

No table is a copy of a real one; what real ones do is drawn at random and combined: figures of one order of magnitude
along the rows, or one a column; near-duplicate rows; naughts; columns that are ids, years or serial dates; rates that
no sum reaches; total columns on either side, two sums side by side, every second column; total rows above or below,
sub-totals, sums whose parts were not all printed, or printed wrong; blank cells at random, at the end, or all but the
totals; rows of years and rows of another number of figures; no labels, no totals.

With `--tables FILE` (annotated tables, one JSON object a line with `table_array`, as in ../shared/corpus/aggregations)
the tables are real ones, changed so that they are new: all figures multiplied, transposed, scaled to whole numbers,
columns and rows left out.
"""

from __future__ import annotations

import argparse
import ast
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipelines.prove.flattened import rows

Cells = list[int | None]
Printed = tuple[str, list[int]]

FACTORS = (2, 3, 7, 13, 17, 29, 37, 53, 71, 97, 113, 337)
CHANGES = ("", "F", "FS", "TF", "TFS", "FD", "FC", "FSA", "SFCD", "TFD")
_NUMBER = re.compile(r"(-|\()?\$?\s*(\d[\d,]*)(?:\.(\d+))?\)?%?")


def _figures(rng: random.Random, n: int, k: int) -> list[Cells]:
    """The inner figures of a table: n rows of k columns."""
    style = rng.choice(["rows", "columns", "alike", "years", "small", "wide"])
    high = 10 ** rng.uniform(1.3, 6.8)
    by_row = [10 ** rng.uniform(0.3, 6.5) for _ in range(n)]
    by_column = [10 ** rng.uniform(0.3, 6.5) for _ in range(k)]
    out: list[Cells] = []
    for i in range(n):
        if style == "rows":
            row: Cells = [int(by_row[i] * rng.lognormvariate(0, 0.4)) for _ in range(k)]
        elif style == "columns":
            row = [int(c * rng.lognormvariate(0, 0.7)) for c in by_column]
        elif style == "alike":
            row = [rng.randint(0, int(high)) for _ in range(k)]
        elif style == "years":
            value, row = by_row[i], []
            for _ in range(k):
                row.append(int(value))
                value *= rng.uniform(0.93, 1.12)
        elif style == "small":
            row = [rng.choice([0, 0, rng.randint(1, 9), rng.randint(1, 400), rng.randint(1, 2500)]) for _ in range(k)]
        else:
            row = [int(10 ** rng.uniform(0, 6.5)) for _ in range(k)]
        if out and rng.random() < 0.06:
            row = [v if v is None or rng.random() < 0.6 else v + rng.randint(0, 3) for v in out[-1]]
        out.append(row)
    if rng.random() < 0.3:
        step = rng.choice([10, 100, 1000, 500])
        out = [[v if v is None else v * step for v in row] for row in out]
    if rng.random() < 0.25:
        share = rng.uniform(0.05, 0.5)
        out = [[0 if rng.random() < share else v for v in row] for row in out]
    return out


def _total(rows_: list[Cells]) -> Cells:
    return [sum(v or 0 for v in column) for column in zip(*rows_, strict=True)]


def table(seed: int) -> list[Printed]:
    """One table as printed: (label, figures of the row from left to right) by line."""
    rng = random.Random(seed)
    n, k = rng.choice([3, 5, 8, 12, 16, 25, 40]), rng.choice([1, 2, 3, 3, 4, 5, 6, 8, 10, 13])
    inner = _figures(rng, n, k)
    # sums along the rows
    shape = rng.choice(["none", "none", "last", "first", "twice", "strided", "pair"])
    if k >= 2:
        if shape == "last":
            inner = [[*row, sum(v or 0 for v in row)] for row in inner]
        elif shape == "first":
            inner = [[sum(v or 0 for v in row), *row] for row in inner]
        elif shape == "twice":
            h = k // 2
            inner = [[*row[:h], sum(v or 0 for v in row[:h]), *row[h:], sum(v or 0 for v in row[h:])] for row in inner]
        elif shape == "strided" and k % 2 == 0:
            inner = [[*row, sum(v or 0 for v in row[::2]), sum(v or 0 for v in row[1::2])] for row in inner]
        elif shape == "pair":
            inner = [[row[0], *row[1:], (row[0] or 0) + (row[1] or 0)] for row in inner]
    width = len(inner[0])
    # sums down the columns: (is a total, cells)
    lines: list[tuple[str, Cells]] = [("part", row) for row in inner]
    down = rng.choice(["none", "none", "below", "below", "above", "blocks", "blocks"])
    if down in ("below", "above"):
        lines.insert(len(lines) if down == "below" else 0, ("total", _total(inner)))
    elif down == "blocks":
        lines, at, sums = [], 0, list[Cells]()
        while at < n:
            size = min(n - at, rng.randint(2, 6))
            block = inner[at : at + size]
            sums.append(_total(block))
            lines += [*[("part", row) for row in block], ("total", sums[-1])]
            at += size
        if rng.random() < 0.7:
            lines.append(("total", _total(sums)))
    if down != "none" and rng.random() < 0.25:  # a part is not printed, or a total is printed wrong
        gone = rng.randrange(len(lines))
        if rng.random() < 0.6:
            lines.pop(gone)
        else:
            kind, row = lines[gone]
            j = rng.randrange(width)
            lines[gone] = kind, [*row[:j], (row[j] or 0) + rng.randint(1, 300), *row[j + 1 :]]
    # what no sum reaches
    extra = rng.choice(["none"] * 5 + ["serial", "id", "year", "date", "rate", "rate first"])
    start, step = rng.choice([1, 101, 30001, 36526, 99980]), rng.choice([1, 1, 7])
    years = rng.randint(1960, 2010)
    for i, (kind, row) in enumerate(lines):
        added: int | None = None
        if extra in ("serial", "date"):
            added = start + i * step
        elif extra == "id":
            added = rng.randint(10_000, 999_999)
        elif extra == "year":
            added = years + i
        elif extra.startswith("rate"):
            added = rng.randint(0, 100) if rng.random() < 0.7 else rng.randint(0, 1500)
        if added is not None:
            if kind == "total" and rng.random() < 0.8:
                added = None
            lines[i] = kind, ([*row, added] if extra == "rate" else [added, *row])
    # blanks
    holes = rng.choice(["none"] * 5 + ["random", "random", "end", "start", "totals only"])
    share = rng.choice([0.02, 0.1, 0.3])
    for i, (kind, row) in enumerate(lines):
        m = len(row)
        cells: Cells = list(row)
        if holes == "random" and (kind == "part" or rng.random() < 0.2):
            cells = [None if rng.random() < share else v for v in cells]
        elif holes == "end" and kind == "part" and rng.random() < share * 2:
            cells = cells[: rng.randint(1, m)] + [None] * m
        elif holes == "start" and kind == "part" and rng.random() < share * 2:
            cells = [None] * m + cells[rng.randint(0, m - 1) :]
        elif holes == "totals only" and kind == "part" and rng.random() < 0.3:
            cells = cells[-1:]
        elif holes != "none" and rng.random() < 0.5:
            cells = [None if v == 0 else v for v in cells]
        lines[i] = kind, cells
    printed: list[Printed] = []
    named = rng.random() < 0.8
    says_total = rng.random() < 0.7
    for i, (kind, cells) in enumerate(lines):
        figures = [v for v in cells if v is not None]
        label = ("Total" if kind == "total" and says_total else f"item {'x' * (i % 7 + 1)}") if named else ""
        if kind == "total" and rng.random() < 0.1:
            label = ""
        if figures:
            printed.append((label, figures))
    for _ in range(rng.choice([0, 0, 0, 1, 2])):  # rows of another kind
        odd = rng.choice(["years", "few", "many", "days"])
        if odd == "years":
            figures = [years + j for j in range(width)]
        elif odd == "days":
            figures = [36_892 + 30 * j for j in range(width)]
        else:
            m = rng.randint(1, max(1, width - 1)) if odd == "few" else width + rng.randint(1, 3)
            figures = [int(10 ** rng.uniform(0, 5.5)) for _ in range(m)]
        printed.insert(rng.randint(0, len(printed)), ("other" if named else "", figures))
    return printed


def real(path: Path, seed: int, part: int | None) -> Iterator[list[Printed]]:
    """The tables of a file, each changed in every way of `CHANGES`; part 0 or 1: only the even or odd ones."""
    rng = random.Random(seed)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            held = json.loads(line)["table_array"]
            cells: list[list[str]] = ast.literal_eval(held) if isinstance(held, str) else held
            if part is not None and number % 2 != part:
                continue
            for change in CHANGES:
                made = _changed(cells, change, rng)
                if made is not None:
                    yield made


def _changed(cells: list[list[str]], change: str, rng: random.Random) -> list[Printed] | None:
    """T transposed, S scaled to whole numbers, F multiplied, A without signs, D rows and C columns left out."""
    width = max(map(len, cells), default=0)
    grid = [[*row, *[""] * (width - len(row))] for row in cells]
    if "T" in change:
        grid = [list(row) for row in zip(*grid, strict=True)]
        width = max(map(len, grid), default=0)
    read = [[_NUMBER.fullmatch((text or "").strip()) for text in row] for row in grid]
    places = [max((len((m[3] or "").rstrip("0")) for row in read if (m := row[c])), default=0) for c in range(width)]
    scale = [0] * width
    if "S" in change:
        scale = [min(2, max(places))] * width if "T" in change else [min(2, p) for p in places]
    factor = rng.choice(FACTORS) if "F" in change else 1
    dropped = rng.random() * 0.3 if "D" in change else 0.0
    kept = {c for c in range(width) if "C" not in change or rng.random() < 0.7}
    out: list[Printed] = []
    for row, matches in zip(grid, read, strict=True):
        if rng.random() < dropped:
            continue
        figures: list[int] | None = []
        label = ""
        for c, (text, m) in enumerate(zip(row, matches, strict=True)):
            if m is None:
                label = label or ("" if figures else (text or "").strip())
                continue
            decimals = (m[3] or "").rstrip("0")
            digits = m[2].replace(",", "")
            if c not in kept:
                continue
            if (m[1] and int(digits + decimals) and "A" not in change) or (decimals and "S" not in change):
                figures = None
                break
            assert figures is not None
            figures.append(int(digits + (decimals + "00")[: scale[c]]) * factor)
        if figures is not None and len(figures) > 1:
            out.append((re.sub(r"\d+\s*$", "", label).strip(), figures))
    if len(out) < 4 or max(len(figures) for _, figures in out) > 40:
        return None
    if len(out) > 60:
        first = rng.randrange(len(out) - 59)
        out = out[first : first + 60]
    return out


def flattened(printed: list[Printed]) -> list[str]:
    """The lines, thousands set apart by the same space as the cells."""
    return [
        " ".join(filter(None, [label, *[f"{v:,}".replace(",", " ") for v in figures]])) for label, figures in printed
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=10_000, help="stop after so many rows that were read")
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--part", type=int, choices=(0, 1), help="of --tables: the even or the odd ones")
    parser.add_argument("--every", type=int, default=1, help="of --tables: one in so many")
    parser.add_argument("--show", type=int, default=0, help="print so many of the rows that were read wrong")
    chosen = parser.parse_args()
    counts: Counter[str] = Counter()
    slowest, began = 0.0, time.process_time()
    made: Iterator[list[Printed]]
    if chosen.tables is None:
        made = (table(seed) for seed in range(chosen.seed * 1_000_000, chosen.seed * 1_000_000 + 1_000_000))
    else:
        made = (t for i, t in enumerate(real(chosen.tables, chosen.seed, chosen.part)) if i % chosen.every == 0)
    for printed in made:
        at = time.process_time()
        answers = rows(flattened(printed))
        slowest = max(slowest, time.process_time() - at)
        counts["tables"] += 1
        for (_, figures), got in zip(printed, answers, strict=True):
            said = "declined" if got is None else "right" if list(got) == figures else "wrong"
            counts[said] += 1
            counts["labels"] += said == "wrong" and got is not None and list(got[1:]) == figures
            if said == "wrong" and counts["wrong"] <= chosen.show:
                print("wrong:", figures, "read as", got)
        if counts["right"] + counts["wrong"] >= chosen.rows:
            break
    total = counts["right"] + counts["wrong"] + counts["declined"]
    read = counts["right"] + counts["wrong"]
    print(
        f"{counts['tables']} tables, {total} rows: {counts['right']} right ({counts['right'] / total:.1%}), "
        f"{counts['wrong']} wrong ({counts['wrong'] / max(1, read):.3%} of those read; "
        f"{counts['labels']} of them by a number that ends the label alone), {counts['declined']} declined; "
        f"{time.process_time() - began:.0f} s of CPU, the slowest table {slowest:.1f} s"
    )


if __name__ == "__main__":
    main()
