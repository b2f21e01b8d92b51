"""Rules at their crossings, figures restated elsewhere, formulas of cards: all as identities with the sum behind them.

What belongs here: writing an identity out, with its gap, its slack and its chance.  What must never stand here: a
verdict, a choice of rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from itertools import compress
from typing import Any, TypeAlias, TypeVar

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


_UNREAD: Any = None  # in the place of a cell without a reading
_T = TypeVar("_T")
_ByAxis: TypeAlias = tuple[Sequence[Sequence[_T]], Sequence[Sequence[_T]]]


class _Figures:
    """The cells with a reading: the figure as a term of an identity, and what it prints.

    `[axis]`: lines × crossings as in `Lines`, but of the whole grid.
    """

    def __init__(self, sheet: Sheet, ordinal: int) -> None:
        n_rows, n_cols = sheet.values.shape
        terms, texts = ([[_UNREAD] * n_cols for _ in range(n_rows)] for _ in range(2))
        cells, nought = sheet.cells, _NOUGHT
        new = tuple.__new__  # makes a named tuple in 0.14 microseconds, its own constructor in 0.24
        for at, several in sheet.readings.items():
            if not several or at not in cells:
                continue
            row, col = at
            text, reading = cells[at].text, several[0]
            value = nought if reading.value is None else reading.value
            terms[row][col] = new(Term, (1, ordinal, row, col, value, reading.quantum, text))
            texts[row][col] = text or f"{value:f}"
        self.terms: _ByAxis[Term] = (terms, list(zip(*terms, strict=True)))
        self.texts: _ByAxis[str] = (texts, list(zip(*texts, strict=True)))

    def term(self, at: Position) -> Term:
        return self.terms[0][at[0]][at[1]]


@dataclass(slots=True)
class _Writer:
    sheet: Sheet
    figures: _Figures
    nought: Decimal = field(init=False)
    identities: list[Identity] = field(default_factory=list)
    sums: list[blame.Sum] = field(default_factory=list)
    proves: list[bool] = field(default_factory=list)
    pins: list[Position | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nought = Decimal(0).scaleb(-self.sheet.places)

    def gap(self, residue: int, slack: int) -> tuple[Decimal, Decimal]:
        """(gap, the largest that rounding explains) as decimals; no slack is wanted where there is no gap."""
        if residue == 0:
            return self.nought, _NOUGHT
        places = self.sheet.places
        return Decimal(residue).scaleb(-places), Decimal(slack).scaleb(-places) / 2

    def keep(self, identity: Identity, behind: blame.Sum, pin: Position | None = None) -> None:
        self.identities.append(identity)
        self.sums.append(behind)
        self.proves.append(identity.proves)
        self.pins.append(pin)

    def add(
        self,
        basis: Basis,
        total: Term,
        own: bool,
        where: tuple[Position, ...],
        residue: int,
        slack: int,
        bound: float,
        proves: bool,
    ) -> None:
        """Adds total = Σ of the figures in the cells `where`; `own`: the total is a figure of this sheet too."""
        held, exact = 2 * abs(residue) <= slack, residue == 0
        gap, room = self.gap(residue, slack)
        parts = tuple(self.figures.term(part) for part in where)
        said = statement(total, parts, gap)
        kind = "sum" if len(parts) > 1 else "equality"
        if kind == "equality" and basis is Basis.DOCUMENT:
            said += f", printed again in table {total.table}, row {total.row}, column {total.col}"
        elif kind == "equality":
            said += ", as the text says" if basis is Basis.PROSE else ", where the running total begins"
        proving = proves and exact
        self.keep(
            Identity(kind, basis, total, parts, held, exact, gap, room, bound, said, "", proving),
            blame.Sum(len(self.sums), total if own else None, parts, residue, slack, held),
        )


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
    links = restated.links(sheet, views, found, elsewhere)
    if not (found or links or implied or worked_out):
        return Found((), (), (), ())
    writer = _Writer(sheet, _Figures(sheet, ordinal))
    within = _within_budget(found, [link.bound for link in links if link.joins], considered)
    for rule, proving in zip(found, within, strict=True):
        _write_rule(writer, views[rule.axis], rule, proving, notes)
    for link in links:
        proves = link.bound * considered <= chance.SEARCH_BUDGET or (link.joins and any(within))
        other = Term(1, None, 0, 0, link.said.value, link.said.quantum, link.said.text)
        if link.said.where is not None:
            other = Term(1, *link.said.where, link.said.value, link.said.quantum, link.said.text)
        value = int(link.said.value.scaleb(sheet.places))
        residue = value - sum(int(sheet.values[at]) for at in link.parts)
        slack = sum(int(sheet.half[at]) for at in link.parts)
        writer.add(link.said.basis, other, False, link.parts, residue, slack, link.bound, proves)
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
        term = writer.figures.term
        total, above, below = term(at), [term(p) for p in dividend], [term(p) for p in divisor]
        by = sum((t.value for t in below), Decimal(0)) if below else Decimal(len(above))
        if not by:
            continue
        quotient = sum((t.value for t in above), Decimal(0)) / by
        quotient = (quotient - 1 if found.kind == "change" else quotient) * found.scale
        if total.value not in {quotient.quantize(total.quantum, rounding=how) for how in _ROUNDINGS}:
            continue
        said = _division(total, above, below, found)
        gap = total.value - quotient
        slack = total.quantum / 2 if gap else _NOUGHT
        kind = "ratio" if found.kind == "share" else found.kind
        parts = tuple(dict.fromkeys((*above, *below)))
        # rounded: it speaks neither for nor against the figures that it was worked out from
        writer.keep(
            Identity(kind, Basis.ARITHMETIC, total, parts, True, not gap, gap, slack, found.bound, said, proves=True),
            blame.Sum(len(writer.sums), total, tuple(p for p in parts if p != total), 0, 0, False, True),
            at,
        )


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
    reached = list(found.parts)
    if found.total is None:
        level = 100 * 10**sheet.places
        total = Term(1, None, 0, 0, Decimal(100), Decimal(1), "100 per cent")
    else:
        level = int(sheet.values[found.total])
        total = writer.figures.term(found.total)
        reached.append(found.total)
    residue = level - sum(int(sheet.values[at]) for at in found.parts)
    # shares are rounded even where they are whole: half a unit for each
    slack = sum(int(sheet.half[at]) or 10**sheet.places for at in reached)
    proves = found.bound * considered <= chance.SEARCH_BUDGET
    writer.add(Basis.ARITHMETIC, total, found.total is not None, found.parts, residue, slack, found.bound, proves)


def _write_rule(writer: _Writer, lines: Lines, rule: Rule, proving: bool, notes: Notes) -> None:
    contradicting = set(rules.contradicting(lines, rule)) if rule.labelled else set()
    known_of = lines.known[rules.side_by_side(rule.parts)].T.tolist()
    # plain lists: one figure at a time is read many times faster than from arrays
    residues, slacks = rule.gap.tolist(), rule.slack.tolist()
    figures, axis = writer.figures, rule.axis
    terms, texts = figures.terms[axis], figures.texts[axis]
    total, part_lines = lines.index[rule.total], [lines.index[part] for part in rule.parts]
    parts_of = list(zip(*(terms[line] for line in part_lines), strict=True))
    texts_of = list(zip(*(texts[line] for line in part_lines), strict=True))
    plain = -1 not in rule.signs
    kind = "sum" if plain else "difference"
    basis = Basis.LABEL if rule.labelled else Basis.ARITHMETIC
    for x in sorted({*rule.met, *contradicting}):
        crossing, residue, slack = lines.across_index[x], residues[x], slacks[x]
        parts, printed, signs = parts_of[crossing], texts_of[crossing], () if plain else rule.signs
        if not all(known := known_of[x]):
            parts, printed = tuple(compress(parts, known)), tuple(compress(printed, known))
            signs = tuple(compress(signs, known))
        if signs:
            parts = tuple(p if sign > 0 else p._replace(sign=-1) for p, sign in zip(parts, signs, strict=True))
        explained = rule.explained
        if x in contradicting and notes.overlap and residue < 0 and all(p.sign * p.value >= 0 for p in parts):
            explained = notes.overlap
        elif x not in contradicting and residue and notes.rounding:
            explained = notes.rounding
        holds, exact = x not in contradicting, residue == 0
        gap, room = writer.gap(residue, slack)
        of = terms[total][crossing]
        said = _written(texts[total][crossing], printed, signs, gap)
        writer.keep(
            Identity(kind, basis, of, parts, holds, exact, gap, room, rule.chance, said, explained, proving and exact),
            # a gap that a note explains is nobody's fault: it takes no part in finding who is wrong
            blame.Sum(len(writer.sums), of, parts, residue, slack, holds, bool(explained) and not holds),
        )


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
    said = [part.text or f"{part.value:f}" for part in parts]
    return _written(total.text or f"{total.value:f}", said, [part.sign for part in parts], gap)


def _written(total: str, parts: Sequence[str], signs: Sequence[int], gap: Decimal) -> str:
    """As `statement`; `signs` of the parts, none where all are plus."""
    if -1 not in signs:
        said = " + ".join(parts)
    else:
        said = "".join((" − " if sign < 0 else " + ") + part for part, sign in zip(parts, signs, strict=True))
        said = said[3:] if said.startswith(" + ") else said.replace(" − ", "−", 1)
    return f"{total} ≠ {said} (differs by {gap:f})" if gap else f"{total} = {said}"
