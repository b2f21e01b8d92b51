"""Contents of tables to be typeset: words of our own, or tables of ../shared (EUSES sheets, ICDAR's European half).

What must never stand here: how a table looks on the page.  Everything comes from a seed.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

_NOUNS = [
    "Food products",
    "Textile mills",
    "Lumber and wood",
    "Paper",
    "Printing and publishing",
    "Chemicals",
    "Petroleum and coal",
    "Leather",
    "Primary metals",
    "Machinery, except electrical",
    "Instruments",
    "Construction",
    "Mining",
    "Retail trade",
    "Wholesale trade",
    "Services",
    "Transportation",
    "Public utilities",
    "Finance, insurance, and real estate",
    "Agriculture, forestry, and fishing",
    "Federal",
    "State and local",
    "Households",
    "Nonprofit institutions",
    "Exports",
    "Imports",
    "Personal income",
    "Wages and salaries",
    "Dividends",
    "Net interest",
    "Rental income",
    "Corporate profits",
    "Gasoline",
    "Electricity",
    "Natural gas",
    "Durable goods",
    "Nondurable goods",
]
_PLACES = [
    "Alder",
    "Birch County",
    "Cedar Falls",
    "Dover",
    "Elm Grove",
    "Fairview",
    "Granite",
    "Harbor",
    "Ivory Coast area",
    "Juniper",
    "Kings Landing",
    "Linden",
    "Maple Ridge",
    "North Plains",
    "Oak Hill",
    "Pine Bluff",
    "Quarry",
    "Redwood",
    "Spruce",
    "Union",
]
_LONG = (
    "Payments to individuals and institutions under programs of earlier years",
    "Other expenses not elsewhere classified, including losses from disposal of property",
    "Persons employed full time whose usual place of work lies outside the county",
    "Adjustments for changes in the value of inventories held by wholesalers",
    "Grants received from other agencies for research and for the training of teachers",
    "Households that reported receipt of benefits in at least one month of the year",
)
_HEADS = [
    "Number",
    "Percent",
    "Total",
    "Change",
    "Rate",
    "Men",
    "Women",
    "Amount",
    "Share",
    "Estimate",
    "Actual",
    "Budget",
    "Average",
    "Median",
    "Other",
    "Rural",
    "Urban",
    "Private",
    "Public",
    "Net",
    "Gross",
    "Total sales",
    "Value added",
    "Standard error",
    "Number of establishments",
    "Average hourly earnings",
    "Percent change from previous year",
    "All employees",
    "Cases closed",
    "Per capita amount",
    "Sample size",
    "Unit",
]
_SPANS = [
    "Fiscal year",
    "Thousands of dollars",
    "Percent distribution",
    "Age of householder",
    "Type of payment",
    "First quarter",
    "Employment",
    "Annual average",
    "Region of residence",
    "Amount outstanding",
    "Seasonally adjusted",
    "Millions of dollars",
    "Both sexes",
    "Balance",
]
_STUBS = [
    "Item",
    "Industry",
    "Area and year",
    "Category",
    "Program",
    "Type of expenditure",
    "State",
    "Characteristic",
    "Account",
    "",
]
_TITLES = (
    "Receipts and outlays of the fund, by category",
    "Estimated number of persons by characteristic and region",
    "Selected indicators of the sector",
    "Average expenditure of units by type",
    "Shipments and inventories of establishments",
)


@dataclass(slots=True)
class Row:
    """A row of the body.  `values` is empty for a heading; `across`: the heading is centred over all columns."""

    label: str
    values: list[str] = field(default_factory=list)
    indent: int = 0
    total: bool = False
    across: bool = False


@dataclass(slots=True)
class Content:
    """A table's words: `heads` are (level from, level to, column from, column to, text), inclusive."""

    title: str
    heads: list[tuple[int, int, int, int, str]]
    levels: int
    columns: int
    rows: list[Row]
    texts: frozenset[int] = frozenset()  # columns of words


def _value(rng: random.Random, kind: str) -> str:
    if rng.random() < 0.06:
        return rng.choice(["–", "-", "...", "(NA)", "N/A", "*", "(D)", "0", "--"])
    if kind == "big":
        return f"{rng.randint(1, 10 ** rng.randint(3, 8)):,}"
    if kind == "small":
        return str(rng.randint(0, 999))
    if kind == "one":
        return f"{rng.uniform(0, 130):.1f}"
    if kind == "signed":
        v = rng.uniform(-20, 40)
        return f"({-v:.1f})" if v < 0 else f"{v:.1f}"
    if kind == "minus":
        return f"{rng.uniform(-20, 40):.2f}"
    if kind == "percent":
        return f"{rng.uniform(0, 100):.1f}%"
    return f"{rng.randint(1, 99_999):,}"


def _heads(rng: random.Random, n: int) -> tuple[list[tuple[int, int, int, int, str]], int]:
    """Heads of the columns 1..n in one, two or three levels."""
    kind = rng.choice(["years", "flat", "flat", "spans", "spans", "spansyears", "three", "mixed"])
    out: list[tuple[int, int, int, int, str]] = []
    year = rng.randint(1975, 2009)
    if kind == "years" or n == 1:
        return [(0, 0, k + 1, k + 1, str(year + k)) for k in range(n)], 1
    names = rng.sample(_HEADS, min(n, len(_HEADS))) + [f"Class {k}" for k in range(n)]
    if kind == "flat":
        return [(0, 0, k + 1, k + 1, names[k]) for k in range(n)], 1
    groups: list[int] = []
    left = n
    while left:
        take = min(left, rng.choice([1, 2, 2, 3, 3, 4] if kind == "mixed" else [2, 2, 3, 4]))
        groups.append(take)
        left -= take
    spans = rng.sample(_SPANS, min(len(groups), len(_SPANS))) + ["Part"] * n
    at = 1
    base = 1 if kind == "three" else 0
    if kind == "three" and n >= 3:
        out.append((0, 0, 1, n, rng.choice(_TITLES)))
    elif kind == "three":
        base = 0
    for g, size in enumerate(groups):
        if size == 1:
            out.append((base, base + 1, at, at, names[at - 1]))
        else:
            out.append((base, base, at, at + size - 1, spans[g]))
            for k in range(size):
                said = str(year + k) if kind == "spansyears" else names[at - 1 + k]
                out.append((base + 1, base + 1, at + k, at + k, said))
        at += size
    return out, base + 2


def made(rng: random.Random) -> Content:
    """A statistical table of our own words."""
    n = rng.choice([1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 11])
    heads, levels = _heads(rng, n)
    if stub := rng.choice(_STUBS):
        heads.append((0, levels - 1, 0, 0, stub))
    kinds = [rng.choice(["big", "big", "small", "one", "signed", "minus", "percent", "plain"])] * n
    if rng.random() < 0.6:
        kinds = [rng.choice(["big", "small", "one", "signed", "minus", "percent", "plain"]) for _ in range(n)]
    money = rng.random() < 0.3
    rows: list[Row] = []
    names = rng.sample(_NOUNS, len(_NOUNS)) if rng.random() < 0.7 else rng.sample(_PLACES, len(_PLACES))
    if rng.random() < 0.15:
        names = [str(1970 + k) for k in range(30)]
    sections = rng.choice([0, 0, 2, 3])
    centred = rng.random() < 0.25
    count = rng.randint(4, 24)
    used = 0
    for s in range(max(1, sections)):
        if sections:
            rows.append(Row(rng.choice(_SPANS) + f" {s + 1}", across=centred))
        if rng.random() < 0.4:
            rows.append(Row("Total" if not sections else f"Total, part {s + 1}", total=True))
        for _ in range(max(2, count // max(1, sections))):
            name = names[used % len(names)] + ("" if used < len(names) else f" {used}")
            used += 1
            if rng.random() < 0.08 and not names[0].isdigit():
                name = rng.choice(_LONG)
            deep = 1 if sections and not centred else 0
            rows.append(Row(name, indent=deep + (rng.random() < 0.25 and not names[0].isdigit())))
        if rng.random() < 0.4:
            rows.append(Row("Net total", indent=1, total=True))
    for k, row in enumerate(rows):
        if row.across or (sections and not row.indent and not row.total and not centred):
            continue
        row.values = [_value(rng, kind) for kind in kinds]
        first = k == 0 or not rows[k - 1].values
        if money and (first or row.total):
            row.values = [f"$ {v}" if v[0].isdigit() and "%" not in v else v for v in row.values]
        if rng.random() < 0.08:
            j = rng.randrange(n)
            row.values[j] = ""
    return Content(rng.choice(_TITLES), heads, levels, n + 1, rows)


def worded(rng: random.Random) -> Content:
    """A table of words: cells of several lines, a column or none of figures."""
    n = rng.choice([2, 3, 3, 4])
    heads = [(0, 0, k, k, said) for k, said in enumerate(rng.sample([h for h in _HEADS if len(h) < 12], n))]
    rows = []
    for k in range(rng.randint(3, 7)):
        values = [rng.choice(_LONG)[: rng.randint(12, 70)].rsplit(" ", 1)[0] for _ in range(n - 1)]
        if rng.random() < 0.5:
            values[-1] = str(rng.randint(1, 400))
        rows.append(Row(f"{rng.choice(_NOUNS)} {k + 1}", values))
    return Content(rng.choice(_TITLES), heads, 1, n, rows, frozenset(range(n)))


_NUMERIC = re.compile(r"^-?\d+\.\d{5}$")


def sheets(path: Path) -> list[Content]:
    """EUSES tables whose first rows head all columns: the first twenty rows, at most nine columns."""
    out = []
    with gzip.open(path, "rt") as file:
        for line in file:
            array = json.loads(line)["table_array"]
            keep = [
                j
                for j in range(min(len(array[0]), 30))
                if sum(bool(str(r[j]).strip()) for r in array) >= 0.4 * len(array)
            ]
            full = [[str(r[j]).strip() for j in keep][:9] for r in array]
            full = [r for r in full if any(r)]
            start = next((k for k, r in enumerate(full) if sum(bool(_NUMERIC.match(x)) for x in r[1:]) >= 2), None)
            if start is None or start == 0 or len(keep) < 3:
                continue
            head = full[start - 1]
            if not all(head[1:]) or any(_NUMERIC.match(x) for x in head) or max(map(len, head)) > 40:
                continue
            rows = []
            for r in full[start : start + 22]:
                said = [f"{float(x):,.1f}".removesuffix(".0") if _NUMERIC.match(x) else x for x in r]
                if said[0] and len(said[0]) < 80 and all(len(x) < 16 for x in said[1:]):
                    rows.append(Row(said[0], said[1:] if any(said[1:]) else []))
            if len(rows) >= 4 and sum(len(r.values) > 0 for r in rows) >= 3:
                n = len(head)
                out.append(Content("", [(0, 0, j, j, h) for j, h in enumerate(head) if h], 1, n, rows))
    return out


def competition(path: Path) -> list[Content]:
    """Tables of a truth.json of the competition, with the spans of their headers."""
    out = []
    for doc in json.loads(path.read_text()).values():
        for table in next(iter(doc["variants"].values())):
            cells = [(r0, r1, c0, c1, re.sub(r"\s+", " ", t).strip()) for r0, r1, c0, c1, t in table["cells"] if t]
            n_cols = max(c[3] for c in cells) + 1
            n_rows = max(c[1] for c in cells) + 1
            figured = [
                r
                for r in range(n_rows)
                if sum(c[0] == r and c[2] > 0 and bool(re.match(r"^[\d.,%() -]+$", c[4])) for c in cells) >= 1
            ]
            levels = figured[0] if figured else 1
            body = [c for c in cells if c[0] >= levels]
            if not 1 <= levels <= 3 or any(c[1] < levels <= c[1] for c in cells) or n_cols > 12:
                continue
            if any(c[0] != c[1] or c[2] != c[3] for c in body) or any(len(c[4]) > 90 for c in cells):
                continue
            heads = [c for c in cells if c[0] < levels]
            if any(c[1] >= levels for c in heads) or not heads:
                continue
            rows = []
            for r in range(levels, n_rows):
                held = {c[2]: c[4] for c in body if c[0] == r}
                if 0 not in held:
                    break
                rows.append(Row(held[0], [held.get(j, "") for j in range(1, n_cols)] if len(held) > 1 else []))
            else:
                if len(rows) >= 2:
                    out.append(Content("", heads, levels, n_cols, rows))
    return out
