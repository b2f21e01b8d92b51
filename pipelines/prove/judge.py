"""One grid: readings → rules → identities → a verdict for every numeric cell.

What belongs here: the order of the steps and the verdicts as DESIGN.md defines them.  What must never stand here: a
word of a label, a tolerance, a repair that is applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pipelines.model import (
    Basis,
    CellProof,
    Frame,
    Grid,
    Identity,
    Reading,
    TableProof,
    Term,
    Verdict,
    table_id,
    weakest,
)
from pipelines.prove import blame, chance, frame, rules, views
from pipelines.prove.rules import Lines, Rule, Tally
from pipelines.prove.sheet import Position, Sheet, build


@dataclass(frozen=True, slots=True)
class Found:
    """The identities of one sheet with the sums behind them, index by index; `proves`: its chance is within budget."""

    identities: tuple[Identity, ...]
    sums: tuple[blame.Sum, ...]
    proves: tuple[bool, ...]


def judge(
    grid: Grid,
    readings: Mapping[Position, tuple[Reading, ...]],
    document_id: str,
    *,
    sources: Mapping[Position, Position] | None = None,
    corrections: Mapping[Position, str] | None = None,
    considered: int = 1,
) -> TableProof:
    """The proof of one (resolved) grid, given the readings of its cells.

    sources      where a cell of the resolved grid came from in the grid as read; itself where absent
    corrections  names of the corrections that were applied, by cell
    """
    sources, corrections = sources or {}, corrections or {}
    header, stub = frame.find(grid, readings)
    body = {at: several for at, several in readings.items() if at[0] >= header and at[1] >= stub}
    texts = [grid.caption, *grid.notes]
    texts += [c.text for c in grid.cells if c.row < header or c.col < stub]
    sheet = build(grid, body, views.says_rounded(texts))
    along, across = views.both(sheet, header, stub)
    found_rules, tally = _rules(along, across)
    found = identities(sheet, along, across, found_rules, tally, grid.ordinal)
    values = {(int(r), int(c)): int(sheet.values[r, c]) for r, c in np.argwhere(sheet.known)}
    blamed = blame.assign(found.sums, values)
    cells = _cells(sheet, body, found, blamed, sources, corrections)
    numeric = [c for c in cells if any(r.value is not None for r in c.readings)]
    total_rows = tuple(sorted({along.index[r.total] for r in found_rules if r.axis == 0}))
    total_cols = tuple(sorted({across.index[r.total] for r in found_rules if r.axis == 1}))
    proved = sum(c.verdict is Verdict.PROVED for c in numeric)
    verdict = weakest([c.verdict for c in numeric])
    confined = all(b.located is not None for b in blamed)
    return TableProof(
        table_id=table_id(document_id, grid.ordinal),
        grid=grid,
        frame=Frame(header, stub, total_rows, total_cols),
        cells=tuple(cells),
        identities=found.identities,
        verdict=verdict,
        proved_share=proved / len(numeric) if numeric else 0.0,
        argument=_table_argument(verdict, numeric, found, blamed),
        readings_considered=considered,
        confined=confined,
    )


def _rules(along: Lines, across: Lines) -> tuple[list[Rule], Tally]:
    tally = Tally()
    columns = rules.by_label(across, tally)
    rows = rules.by_label(along, tally, frozenset(r.total for r in columns))
    total_rows = frozenset(r.total for r in rows)
    columns = [rules.judged_again(across, r, total_rows) for r in columns]
    return rows + columns, tally


def identities(sheet: Sheet, along: Lines, across: Lines, found: list[Rule], tally: Tally, ordinal: int) -> Found:
    """Every crossing of every rule as an identity."""
    terms: dict[tuple[int, Position], Term] = {}

    def term(sign: int, at: Position) -> Term:
        made = terms.get((sign, at))
        if made is None:
            made = terms[(sign, at)] = Term(
                sign, ordinal, at[0], at[1], sheet.figure(*at), sheet.quantum(*at), sheet.texts.get(at, "")
            )
        return made

    proves_rule = _within_budget(found, tally)
    out: list[Identity] = []
    sums: list[blame.Sum] = []
    proves: list[bool] = []
    for rule, proving in zip(found, proves_rule, strict=True):
        lines = along if rule.axis == 0 else across
        contradicting = set(rules.contradicting(lines, rule))
        exact = set(rule.exact)
        for x in sorted({*rule.met, *contradicting}):
            at = _place(lines, rule.total, x)
            coefficients = {at: 1}
            parts = []
            for part, sign in zip(rule.parts, rule.signs, strict=True):
                if lines.known[part, x]:
                    place = _place(lines, part, x)
                    coefficients[place] = -sign
                    parts.append(term(sign, place))
            residue = sum(k * int(sheet.values[p]) for p, k in coefficients.items())
            slack = sum(int(sheet.half[p]) for p in coefficients)
            is_exact = x in exact
            identity = Identity(
                kind="sum" if all(s == 1 for s in rule.signs) else "difference",
                basis=Basis.LABEL if rule.labelled else Basis.ARITHMETIC,
                total=term(1, at),
                parts=tuple(parts),
                holds=x not in contradicting,
                exact=is_exact,
                gap=Decimal(residue).scaleb(-sheet.places),
                slack=Decimal(0) if is_exact else Decimal(slack).scaleb(-sheet.places) / 2,
                chance=rule.chance,
                statement=_statement(sheet, at, parts, residue),
            )
            sums.append(blame.Sum(len(out), coefficients, residue, slack, identity.holds))
            out.append(identity)
            proves.append(proving and is_exact)
    return Found(tuple(out), tuple(sums), tuple(proves))


def _within_budget(found: list[Rule], tally: Tally) -> list[bool]:
    """Which rules prove: see `chance`.  The claims of the labels may be reckoned together, met and unmet alike."""
    claims = [r for r in found if r.labelled and r.principal]
    pooled = 1.0
    failed = sum(not r.met for r in claims)
    for rule in claims:
        if rule.met:
            pooled *= rule.chance
    within = pooled * 2.0 ** len(claims) <= chance.LABEL_BUDGET if not failed else False
    out = []
    for rule in found:
        if rule.labelled and rule.principal:
            alone = rule.chance * max(1, len(claims)) <= chance.LABEL_BUDGET
            out.append(bool(rule.met) and (alone or (within and len(claims) > 1)))
        else:
            tried = max(1, tally.tried) / rule.tried if rule.tried else tally.tried
            out.append(rule.chance * max(1.0, tried) <= chance.SEARCH_BUDGET)
    return out


def _place(lines: Lines, line: int, crossing: int) -> Position:
    a, b = lines.index[line], lines.across_index[crossing]
    return (a, b) if lines.axis == 0 else (b, a)


def _statement(sheet: Sheet, at: Position, parts: list[Term], residue: int) -> str:
    said = []
    for k, part in enumerate(parts):
        sign = "−" if part.sign < 0 else ("+" if k else "")
        said.append(f"{sign} {part.text}" if k or part.sign < 0 else part.text)
    right = " ".join(said)
    total = sheet.texts.get(at, "")
    if residue == 0:
        return f"{total} = {right}"
    return f"{total} ≠ {right} (differs by {Decimal(residue).scaleb(-sheet.places):f})"


def _cells(
    sheet: Sheet,
    body: Mapping[Position, tuple[Reading, ...]],
    found: Found,
    blamed: list[blame.Blame],
    sources: Mapping[Position, Position],
    corrections: Mapping[Position, str],
) -> list[CellProof]:
    reached: dict[Position, list[int]] = {}
    for s in found.sums:
        for at in s.coefficients:
            reached.setdefault(at, []).append(s.index)
    located = {b.located: b for b in blamed if b.located is not None}
    group_of = {i: b for b in blamed for i in b.sums}
    cells = []
    for at in sorted(body):
        several = body[at]
        if all(r.value is None for r in several) and not sheet.texts.get(at, "").strip():
            continue
        if not several:
            continue
        names = tuple(reached.get(at, ()))
        verdict, why = _verdict(at, several, names, found, located, group_of, sheet)
        if at in corrections:
            why = f"Read by the correction {corrections[at]!r}. {why}"
        cells.append(
            CellProof(at[0], at[1], verdict, several, names, why, sources.get(at, at), corrections.get(at, ""))
        )
    return cells


def _verdict(
    at: Position,
    several: tuple[Reading, ...],
    names: tuple[int, ...],
    found: Found,
    located: Mapping[Position, blame.Blame],
    group_of: Mapping[int, blame.Blame],
    sheet: Sheet,
) -> tuple[Verdict, str]:
    failed = [i for i in names if not found.identities[i].holds]
    if failed:
        group = group_of[failed[0]]
        if at in located:
            needs = Decimal(group.needs or 0).scaleb(-sheet.places)
            return Verdict.CONTRADICTED, f"The wrong figure: {len(group.sums)} sums need {needs:f} here."
        if group.located is not None:
            where = f"row {group.located[0]}, column {group.located[1]}"
            return Verdict.CONTRADICTED, f"Reached by a sum that fails; the wrong figure is located in {where}."
        return Verdict.CONTRADICTED, f"{found.identities[failed[0]].statement}: one of its figures is wrong."
    if len(several) > 1:
        return Verdict.AMBIGUOUS, f"{len(several)} readings are possible and nothing decides."
    if several[0].value is None:
        return Verdict.UNPROVED, "Prints the absence of a figure."
    proving = [i for i in names if found.proves[i]]
    if proving:
        more = f" and {len(proving) - 1} more" if len(proving) > 1 else ""
        return Verdict.PROVED, f"{found.identities[proving[0]].statement}{more}."
    if names:
        identity = found.identities[names[0]]
        how = "by luck, perhaps: too small to prove" if identity.exact else "within what rounding allows"
        return Verdict.CONSISTENT, f"{identity.statement}, {how}."
    return Verdict.UNPROVED, "One reading; no sum of the document reaches it."


def _table_argument(verdict: Verdict, numeric: list[CellProof], found: Found, blamed: list[blame.Blame]) -> str:
    held = sum(i.holds for i in found.identities)
    failed = len(found.identities) - held
    proved = sum(c.verdict is Verdict.PROVED for c in numeric)
    said = f"{verdict.value}: {proved} of {len(numeric)} figures proved; {held} sums hold, {failed} fail."
    for b in blamed:
        if b.located is not None:
            said += f" The figure in row {b.located[0]}, column {b.located[1]} is wrong."
        else:
            said += f" One of {len(b.candidates)} figures is wrong, and nothing tells which."
    return said
