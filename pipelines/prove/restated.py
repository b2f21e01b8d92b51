"""Figures that the same document prints again: a grand total in a sentence or in another table.

What belongs here: finding such figures, and the identities that they make.  What must never stand here: a verdict.
A sentence that says another number than the table is not taken for its contradiction: it may speak of something else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pipelines.model import Basis, Paragraph, TableProof
from pipelines.prove import numbers
from pipelines.prove.rules import NOT_PARTS, Lines, Rule, place
from pipelines.prove.sheet import Position, Sheet

_TOTAL_SAID = re.compile(
    r"\b(?:total(?:led|ling|s)?|altogether|in all|overall|cumulative|sum)\b|總|合共|合計|共計?|累計|总|合计", re.I
)

# A figure of fewer digits turns up twice by luck too easily to be looked for.
_LEAST = 100


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure of the document outside one table.

    total  the words around it say that it is a total (or it stands in the total line of another table)
    where  the table and cell; None for prose
    """

    value: Decimal
    quantum: Decimal
    text: str
    basis: Basis
    total: bool
    where: tuple[int, int, int] | None = None


def in_prose(paragraphs: Sequence[Paragraph]) -> list[Restated]:
    """The figures of the running text, those of one certain reading that are large enough to be told apart."""
    out: list[Restated] = []
    for paragraph in paragraphs:
        for figure in numbers.find_in_prose(paragraph.text):
            reading = figure.reading
            if figure.kind is not numbers.ProseKind.FIGURE or reading is None or reading.value is None:
                continue
            if reading.value.copy_abs() < _LEAST or reading.unit == "%" or reading.approx:
                continue
            said = _TOTAL_SAID.search(figure.before[-60:]) or _TOTAL_SAID.search(figure.after[:25])
            out.append(Restated(reading.value, reading.quantum, _digits(figure.text), Basis.PROSE, bool(said)))
    return out


def _digits(text: str) -> str:
    """The figure alone, without the noun that it counts: "9 131 applicants" → "9 131"."""
    found = re.search(r"\d(?:[\d ,.\u00a0]*\d)?", text)
    return found.group() if found else text.strip()


def totals(proof: TableProof) -> list[Restated]:
    """The figures of a table that are totals by their labels and met by their sums."""
    seen: dict[Position, Restated] = {}
    for identity in proof.identities:
        term = identity.total
        if identity.basis is not Basis.LABEL or not identity.exact or len(identity.parts) < 2:
            continue
        if term.value.copy_abs() >= _LEAST and term.table is not None:
            seen[(term.row, term.col)] = Restated(
                term.value, term.quantum, term.text, Basis.DOCUMENT, True, (term.table, term.row, term.col)
            )
    return list(seen.values())


def chance_of(value: Decimal, quantum: Decimal, candidates: int) -> float:
    """Bound of the probability that a figure equals one of `candidates` others by luck: see `chance`."""
    units = int(value.copy_abs() / quantum) if quantum else 0
    while units and units % 10 == 0:
        units //= 10
    if units < 2:
        return 1.0
    alike = 1.0 / (9.0 * 10.0 ** (len(str(units)) - 1))
    return min(1.0, candidates * max(alike, math.log10(1 + 1 / units)))


@dataclass(frozen=True, slots=True)
class Link:
    """`said` = Σ parts.  joins: it vouches for a total of this table, so its chance counts with those of the labels."""

    said: Restated
    parts: tuple[Position, ...]
    bound: float
    joins: bool


def links(sheet: Sheet, views: tuple[Lines, Lines], found: Sequence[Rule], elsewhere: Sequence[Restated]) -> list[Link]:
    """Totals of the table that are restated, and columns without a (met) total whose sum is stated elsewhere."""
    if not elsewhere:
        return []
    out: list[Link] = []
    by_value: dict[Decimal, Restated] = {}
    for said in elsewhere:
        if said.total and (said.value not in by_value or by_value[said.value].where is None):
            by_value[said.value] = said
    candidates = max(1, len(by_value))
    totals: set[Position] = set()
    summed: dict[int, set[int]] = {}
    along = views[0]
    for rule in found:
        lines = views[rule.axis]
        for x in (*rule.met, *rule.failed):
            totals.add(place(lines, rule.total, x))
        if rule.axis == 0 and rule.met:
            for x in rule.met:
                summed.setdefault(x, set()).update(rule.parts)
    for at in sorted(totals):
        value = sheet.figure(*at)
        if sheet.known[at] and value in by_value:
            said = by_value[value]
            bound = chance_of(value, said.quantum, candidates)
            out.append(Link(said, (at,), bound, True))
    tried = 0
    columns = []
    for x in range(len(along.across_index)):
        rows = [
            i
            for i in np.flatnonzero(along.known[:, x]).tolist()
            if i not in summed.get(x, set()) and along.labels[i].claim not in NOT_PARTS
        ]
        rows = [i for i in rows if not (along.labels[i].bare and place(along, i, x) in totals)]
        if len(rows) < 2 or along.unsettled[:, x].any():
            continue
        tried += 1
        columns.append((x, rows))
    for x, rows in columns:
        value = sum((sheet.figure(*place(along, i, x)) for i in rows), Decimal(0))
        if value in by_value:
            said = by_value[value]
            bound = chance_of(value, said.quantum, candidates * tried)
            out.append(Link(said, tuple(place(along, i, x) for i in rows), bound, False))
    return out
