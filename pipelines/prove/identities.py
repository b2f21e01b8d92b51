"""Rules at their crossings, figures restated elsewhere, formulas of cards: all as identities with the sum behind them.

What belongs here: writing an identity out, with its gap, its slack and its chance.  What must never stand here: a
verdict, a choice of rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from itertools import compress

import numpy as np

from pipelines.model import Basis, Identity, Term
from pipelines.prove import blame, chance, restated, rules
from pipelines.prove.implied import Implied
from pipelines.prove.quotients import Quotient
from pipelines.prove.restated import Restated
from pipelines.prove.rules import Lines, Rule, place
from pipelines.prove.sheet import Position, Sheet

_DIGITS = 120
_NOUGHT = Decimal(0)
# Both ways to round a half are in use.
_ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Found:
    """The identities of one sheet with the sums behind them, index by index.

    proves  exact, and within budget
    pins    the only cell that it proves, where it is a quotient, which is rounded; None: every cell that it reaches
    """

    identities: tuple[Identity, ...]
    sums: tuple[blame.Sum, ...]
    proves: tuple[bool, ...]
    pins: tuple[Position | None, ...]


@dataclass(slots=True)
class Notes:
    """Sentences of the notes that explain gaps: of rounding, and of some counted more than once."""

    rounding: str = ""
    overlap: str = ""


class _Terms(dict[Position, Term]):
    """The cells of a sheet as terms of one sign, each made when it is first asked for."""

    def __init__(self, sign: int, sheet: Sheet, ordinal: int) -> None:
        super().__init__()
        self._sign, self._ordinal, self._readings, self._texts = sign, ordinal, sheet.readings, sheet.texts

    def __missing__(self, at: Position) -> Term:
        reading = self._readings[at][0]
        value = reading.value if reading.value is not None else _NOUGHT
        text = self._texts.get(at, "")
        made = self[at] = Term(self._sign, self._ordinal, at[0], at[1], value, reading.quantum, text)
        return made


@dataclass(slots=True)
class _Writer:
    sheet: Sheet
    terms: dict[int, _Terms]
    nought: Decimal = field(init=False)
    identities: list[Identity] = field(default_factory=list)
    sums: list[blame.Sum] = field(default_factory=list)
    proves: list[bool] = field(default_factory=list)
    pins: list[Position | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nought = Decimal(0).scaleb(-self.sheet.places)

    def term(self, at: Position) -> Term:
        return self.terms[1][at]

    def add(
        self,
        kind: str,
        basis: Basis,
        total: Term,
        parts: tuple[Term, ...],
        coefficients: dict[Position, int],
        residue: int,
        slack: int,
        bound: float,
        proves: bool,
        explained: str = "",
        holds: bool | None = None,
    ) -> None:
        exact = residue == 0
        held = (2 * abs(residue) <= slack) if holds is None else holds
        gap = self.nought if exact else Decimal(residue).scaleb(-self.sheet.places)
        room = _NOUGHT if exact else Decimal(slack).scaleb(-self.sheet.places) / 2
        index = len(self.identities)
        said = statement(total, parts, gap)
        if basis is Basis.DOCUMENT and kind == "equality":
            said += f", printed again in table {total.table}, row {total.row}, column {total.col}"
        elif basis is Basis.PROSE and kind == "equality":
            said += ", as the text says"
        elif kind == "equality":
            said += ", where the running total begins"
        proving = proves and exact
        self.identities.append(
            Identity(kind, basis, total, parts, held, exact, gap, room, bound, said, explained, proving)
        )
        # a gap that a note explains is nobody's fault: it takes no part in finding who is wrong
        self.sums.append(blame.Sum(index, coefficients, residue, slack, held, bool(explained) and not held))
        self.proves.append(proving)
        self.pins.append(None)


def write(
    sheet: Sheet,
    views: tuple[Lines, Lines],
    found: Sequence[Rule],
    elsewhere: Sequence[Restated],
    notes: Notes,
    ordinal: int,
    implied: Sequence[Implied] = (),
    considered: int = 1,
    worked_out: Sequence[Quotient] = (),
) -> Found:
    """Every crossing of every rule, and every figure that the document restates, as identities.

    considered  combinations of readings that the sums chose from: every one of them was a hypothesis
    """
    writer = _Writer(sheet, {sign: _Terms(sign, sheet, ordinal) for sign in (1, -1)})
    links = _links(sheet, views, found, elsewhere)
    within = _within_budget(found, [link.bound for link in links if link.joins], considered)
    for rule, proving in zip(found, within, strict=True):
        _write_rule(writer, views[rule.axis], rule, proving, notes)
    for link in links:
        proves = link.bound * considered <= chance.SEARCH_BUDGET or (link.joins and any(within))
        other = Term(1, None, 0, 0, link.said.value, link.said.quantum, link.said.text)
        if link.said.where is not None:
            other = Term(1, *link.said.where, link.said.value, link.said.quantum, link.said.text)
        value = int(link.said.value.scaleb(sheet.places))
        parts = tuple(writer.term(at) for at in link.parts)
        residue = value - sum(int(sheet.values[at]) for at in link.parts)
        kind = "equality" if len(parts) == 1 else "sum"
        coefficients = dict.fromkeys(link.parts, -1)
        slack = sum(int(sheet.half[at]) for at in link.parts)
        writer.add(kind, link.said.basis, other, parts, coefficients, residue, slack, link.bound, proves)
    for sum_ in implied:
        _write_implied(writer, sum_, considered)
    for quotient in worked_out:
        if quotient.bound * considered <= chance.SEARCH_BUDGET:
            _write_quotient(writer, views[quotient.axis], quotient)
    return Found(tuple(writer.identities), tuple(writer.sums), tuple(writer.proves), tuple(writer.pins))


def _write_quotient(writer: _Writer, lines: Lines, found: Quotient) -> None:
    """Every crossing where the quotient rounds to the very figure printed: it proves that figure and no other."""
    for x in found.crossings:
        at = place(lines, found.total, x)
        over = found.over if found.kind == "share" and found.whole is None else ()
        dividend = [place(lines, p, x) for p in (found.parts if found.kind == "average" else found.parts[:1])]
        dividend = [p for p in dividend if writer.sheet.known[p]]
        divisor: list[Position] = []
        if found.kind in ("ratio", "change"):
            divisor = [place(lines, found.parts[1], x)]
        elif found.whole is not None:
            divisor = [place(lines, found.parts[0], found.whole)]
        elif over:
            divisor = [place(lines, found.parts[0], y) for y in over]
        total = writer.term(at)
        above, below = [writer.term(p) for p in dividend], [writer.term(p) for p in divisor]
        by = sum((t.value for t in below), Decimal(0)) if below else Decimal(len(above))
        if not by:
            continue
        quotient = sum((t.value for t in above), Decimal(0)) / by
        quotient = (quotient - 1 if found.kind == "change" else quotient) * found.scale
        if total.value not in {quotient.quantize(total.quantum, rounding=how) for how in _ROUNDINGS}:
            continue
        said = _division(total, above, below, found)
        index = len(writer.identities)
        gap, slack = total.value - quotient, total.quantum / 2
        kind = "ratio" if found.kind == "share" else found.kind
        parts = tuple(dict.fromkeys((*above, *below)))
        writer.identities.append(
            Identity(
                kind,
                Basis.ARITHMETIC,
                total,
                parts,
                True,
                not gap,
                gap,
                slack if gap else Decimal(0),
                found.bound,
                said,
                proves=True,
            )
        )
        # rounded: it speaks neither for nor against the figures that it was worked out from
        reached = dict.fromkeys((*dividend, *divisor), 0) | {at: 1}
        writer.sums.append(blame.Sum(index, reached, 0, 0, False, True))
        writer.proves.append(True)
        writer.pins.append(at)


def _division(total: Term, above: Sequence[Term], below: Sequence[Term], found: Quotient) -> str:
    def added(terms: Sequence[Term]) -> str:
        said = " + ".join(t.text or f"{t.value:f}" for t in terms)
        return f"({said})" if len(terms) > 1 else said

    divisor = added(below) if below else str(len(above))
    dividend = f"({added(above)} − {divisor})" if found.kind == "change" else added(above)
    times = "100 × " if found.scale != 1 and "%" not in total.text else ""
    return f"{total.text} = {times}{dividend} ÷ {divisor}, to the last digit printed"


def _write_implied(writer: _Writer, found: Implied, considered: int) -> None:
    sheet = writer.sheet
    coefficients = dict.fromkeys(found.parts, -1)
    if found.total is None:
        level = 100 * 10**sheet.places
        total = Term(1, None, 0, 0, Decimal(100), Decimal(1), "100 per cent")
    else:
        level = int(sheet.values[found.total])
        total = writer.term(found.total)
        coefficients[found.total] = 1
    residue = level - sum(int(sheet.values[at]) for at in found.parts)
    # shares are rounded even where they are whole: half a unit for each
    slack = sum(int(sheet.half[at]) or 10**sheet.places for at in coefficients)
    parts = tuple(writer.term(at) for at in found.parts)
    proves = found.bound * considered <= chance.SEARCH_BUDGET
    kind = "sum" if len(parts) > 1 else "equality"
    writer.add(kind, Basis.ARITHMETIC, total, parts, coefficients, residue, slack, found.bound, proves)


def _write_rule(writer: _Writer, lines: Lines, rule: Rule, proving: bool, notes: Notes) -> None:
    contradicting = set(rules.contradicting(lines, rule)) if rule.labelled else set()
    at_parts = np.asarray(rule.parts, dtype=np.intp)
    known = lines.known[at_parts]
    figures = np.where(known, lines.values[at_parts], 0)
    plain = all(s == 1 for s in rule.signs)
    if not plain:
        figures *= np.asarray(rule.signs, dtype=np.int64)[:, None]
    # plain lists: one figure at a time is read many times faster than from arrays
    residues = (lines.values[rule.total] - figures.sum(axis=0)).tolist()
    slacks = (lines.half[rule.total] + np.where(known, lines.half[at_parts], 0).sum(axis=0)).tolist()
    known_of = known.T.tolist()
    part_lines = [lines.index[part] for part in rule.parts]
    kind = "sum" if plain else "difference"
    basis = Basis.LABEL if rule.labelled else Basis.ARITHMETIC
    added, terms = writer.terms[1], writer.terms
    for x in sorted({*rule.met, *contradicting}):
        at = place(lines, rule.total, x)
        residue, slack, crossing = residues[x], slacks[x], lines.across_index[x]
        where = (
            [(line, crossing) for line in part_lines] if lines.axis == 0 else [(crossing, line) for line in part_lines]
        )
        signs = rule.signs
        if not all(known_of[x]):
            where, signs = list(compress(where, known_of[x])), tuple(compress(signs, known_of[x]))
        if plain:
            parts = [added[part] for part in where]
            coefficients = dict.fromkeys(where, -1)
        else:
            parts = [terms[sign][part] for part, sign in zip(where, signs, strict=True)]
            coefficients = {part: -sign for part, sign in zip(where, signs, strict=True)}
        coefficients[at] = 1
        explained = rule.explained
        if x in contradicting and notes.overlap and residue < 0 and all(p.sign * p.value >= 0 for p in parts):
            explained = notes.overlap
        elif x not in contradicting and residue and notes.rounding:
            explained = notes.rounding
        writer.add(
            kind,
            basis,
            added[at],
            tuple(parts),
            coefficients,
            residue,
            slack,
            rule.chance,
            proving,
            explained,
            x not in contradicting,
        )


@dataclass(frozen=True, slots=True)
class _Link:
    """`said` = Σ parts.  joins: it vouches for a total of this table, so its chance counts with those of the labels."""

    said: Restated
    parts: tuple[Position, ...]
    bound: float
    joins: bool


def _links(
    sheet: Sheet, views: tuple[Lines, Lines], found: Sequence[Rule], elsewhere: Sequence[Restated]
) -> list[_Link]:
    """Totals of the table that are restated, and columns without a (met) total whose sum is stated elsewhere."""
    if not elsewhere:
        return []
    out: list[_Link] = []
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
            bound = restated.chance_of(value, said.quantum, candidates)
            out.append(_Link(said, (at,), bound, True))
    tried = 0
    columns = []
    for x in range(len(along.across_index)):
        rows = [
            i
            for i in np.flatnonzero(along.known[:, x]).tolist()
            if i not in summed.get(x, set()) and along.labels[i].claim not in rules.NOT_PARTS
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
            bound = restated.chance_of(value, said.quantum, candidates * tried)
            out.append(_Link(said, tuple(place(along, i, x) for i in rows), bound, False))
    return out


def _within_budget(found: Sequence[Rule], joined: Sequence[float], considered: int) -> list[bool]:
    """Which rules prove: see `chance`.  What the labels claim may be reckoned together if none of it fails, and a
    total that the document restates counts with them."""
    claims = [r for r in found if r.labelled and r.principal]
    alone = {
        id(r): len(r.met) > len(r.failed) and r.chance * considered * len(claims) <= chance.LABEL_BUDGET for r in claims
    }
    pooled = float(considered)
    for rule in claims:
        pooled *= rule.chance
    for bound in joined:
        pooled *= bound
    together = bool(claims) and all(r.met and not r.failed for r in claims) and pooled <= chance.LABEL_BUDGET
    out = []
    for rule in found:
        if id(rule) in alone:
            out.append(alone[id(rule)] or (together and bool(rule.met)))
        else:
            out.append(len(rule.met) > len(rule.failed) and rule.chance * considered <= chance.SEARCH_BUDGET)
    return out


def evaluate(total: Term, parts: Sequence[Term], *, rounded: bool = False) -> Identity:
    """total = Σ sign × part for terms that a series card declares, by the interval rule of XBRL Calculations 1.1.

    rounded  the figures are rounded even where they are whole (amounts in millions); else a figure printed to the
             unit is a count, and exact
    """
    with localcontext(prec=_DIGITS):  # the usual 28 digits would round a long figure, and hide a gap
        gap = total.value - sum((p.sign * p.value for p in parts), Decimal(0))
        slack = sum((_half(t, rounded) for t in (total, *parts)), Decimal(0))
    exact = gap == 0
    kind = "sum" if all(p.sign > 0 for p in parts) else "difference"
    return Identity(
        kind="equality" if len(parts) == 1 and parts[0].sign > 0 else kind,
        basis=Basis.CARD,
        total=total,
        parts=tuple(parts),
        holds=gap.copy_abs() <= slack,
        exact=exact,
        gap=gap,
        slack=Decimal(0) if exact else slack,
        chance=restated.chance_of(total.value, total.quantum, 1),
        statement=statement(total, parts, gap),
    )


def _half(term: Term, rounded: bool) -> Decimal:
    return Decimal(0) if term.quantum == 1 and not rounded else term.quantum / 2


def statement(total: Term, parts: Sequence[Term], gap: Decimal) -> str:
    """The identity written out with the figures as printed: "9 = 4 + 5", "9 ≠ 4 + 4 (differs by 1)"."""
    pieces = [part.text or f"{part.value:f}" for part in parts]
    if -1 not in [part.sign for part in parts]:
        said = " + ".join(pieces)
    else:
        said = "".join((" − " if p.sign < 0 else " + ") + piece for p, piece in zip(parts, pieces, strict=True))
        said = said[3:] if said.startswith(" + ") else said.replace(" − ", "−", 1)
    left = total.text or f"{total.value:f}"
    if not gap:
        return f"{left} = {said}"
    return f"{left} ≠ {said} (differs by {gap:f})"
