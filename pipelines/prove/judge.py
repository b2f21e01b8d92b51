"""One grid: readings → rules → identities → a verdict for every numeric cell.

What belongs here: the order of the steps and the verdicts as DESIGN.md defines them.  What must never stand here: a
word of a label, a tolerance, a repair that is applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from pipelines.model import (
    Absence,
    CellProof,
    Frame,
    Grid,
    GridKind,
    Reading,
    TableProof,
    Verdict,
    table_id,
    weakest,
)
from pipelines.prove import blame, claims, frame, identities, implied, notes, quotients, rules, search, settle, views
from pipelines.prove.claims import Tally
from pipelines.prove.identities import Found
from pipelines.prove.implied import Implied
from pipelines.prove.quotients import Quotient
from pipelines.prove.restated import Restated
from pipelines.prove.rules import Lines, Rule
from pipelines.prove.sheet import Mask, Position, Sheet, build

# The families of hypotheses that share the budget of the search: other readings of labels, and on each of two axes ten
# kinds of sums, shares that make a hundred, running totals, and three kinds of quotients.
_SHARES = 31
_LEAST_SCORE = 4.0
_WIDE_CELLS = 6_000


def judge(
    grid: Grid,
    readings: Mapping[Position, tuple[Reading, ...]],
    document_id: str,
    *,
    sources: Mapping[Position, Position] | None = None,
    corrections: Mapping[Position, str] | None = None,
    considered: int = 1,
    elsewhere: Sequence[Restated] = (),
    remarks: Sequence[str] = (),
) -> TableProof:
    """The proof of one (resolved) grid, given the readings of its cells.

    sources      where a cell of the resolved grid came from in the grid as read; itself where absent
    corrections  names of the corrections that were applied, by cell
    considered   readings of the whole table that were possible before this one was chosen
    elsewhere    figures that the document prints outside this grid
    remarks      sentences of the document that may explain gaps, beside the grid's own notes
    """
    sources, corrections = sources or {}, corrections or {}
    header, stub = frame.find(grid, readings)
    body = {at: several for at, several in readings.items() if at[0] >= header and at[1] >= stub}
    remarks = [*grid.notes, *remarks]
    # units stand in the caption and the header; of the notes only one that speaks of rounding counts
    texts = [grid.caption, notes.rounding(remarks), *(c.text for c in grid.cells if c.row < header)]
    rounded = views.says_rounded(texts)
    decided: Mapping[Position, int] = {}
    if max(map(len, body.values()), default=1) > 1:
        settled = settle.settle(grid, body, header, stub, rounded)
        body, decided, considered = settled.readings, settled.decided, considered * settled.considered
    sheet = build(grid, body, rounded)
    along, across = views.both(sheet, header, stub, remarks)
    found_rules, unmet, left = _rules(along, across)
    also: list[Implied] = []
    worked: list[Quotient] = []
    if along.known.size <= _WIDE_CELLS and left and (along.known & ~_reached(along, found_rules)).any():
        # shares, running totals and quotients: looked for only where figures are left that no rule reaches
        also = [*implied.find(along, sheet.places), *implied.find(across, sheet.places)]
        worked = _quotients(sheet, along, across)
    said = identities.Notes(notes.rounding(remarks), notes.overlap(remarks))
    found = identities.write(
        sheet, (along, across), found_rules, elsewhere, said, grid.ordinal, also, considered, worked
    )
    reached = blame.reach(found.sums, sheet.values.shape)
    blamed = blame.assign(found.sums, reached, sheet.values)
    cells = _cells(sheet, body, found, reached, blamed, sources, corrections, decided)
    if grid.kind is GridKind.FLATTENED:
        cells = _split(cells, found)
    numeric = [
        c.verdict for c in cells if c.readings[0].value is not None or any(r.value is not None for r in c.readings)
    ]
    total_rows = tuple(sorted({along.index[r.total] for r in found_rules if r.axis == 0}))
    total_cols = tuple(sorted({across.index[r.total] for r in found_rules if r.axis == 1}))
    proved = numeric.count(Verdict.PROVED)
    verdict = weakest(numeric) if proved < len(numeric) or not numeric else Verdict.PROVED
    # A failure is confined only where its cell is located.  That another column of the table is proved by its own
    # total does not tell which of the failed column's figures is wrong, nor that the columns were read into place:
    # a table that contradicts itself loads nothing.
    confined = all(b.located is not None for b in blamed)
    return TableProof(
        table_id=table_id(document_id, grid.ordinal),
        grid=grid,
        frame=Frame(header, stub, total_rows, total_cols),
        cells=tuple(cells),
        identities=found.identities,
        verdict=verdict,
        proved_share=proved / len(numeric) if numeric else 0.0,
        argument=_table_argument(verdict, proved, len(numeric), found, blamed) + _unmet(unmet, along, across),
        readings_considered=considered,
        confined=confined,
    )


def _rules(along: Lines, across: Lines) -> tuple[list[Rule], list[tuple[int, int]], bool]:
    """What the labels claim, along rows and columns; then, where figures are left that no label reaches, what the
    search finds.  Each family of the search spends an equal share of its budget.

    Returns the rules, the (axis, line) of labels that no sum meets, and whether figures were left."""
    tally = Tally()
    columns = claims.by_label(across, tally)
    rows = claims.by_label(along, tally, frozenset(r.total for r in columns))
    columns = [rules.judged_again(r, frozenset(r.total for r in rows)) for r in columns]
    found = [r if r.principal else replace(r, chance=min(1.0, r.chance * _SHARES)) for r in rows + columns]
    if not (along.known & ~_reached(along, found)).any():
        return found, tally.unmet, False
    said = {(r.axis, r.total, frozenset(r.parts)) for r in found}
    for lines, other in ((along, across), (across, along)):
        skip = frozenset(r.total for r in found if r.axis == other.axis)
        hits, tried = search.by_arithmetic(lines, _LEAST_SCORE, wide=along.known.size <= _WIDE_CELLS)
        for hit in hits:
            if (hit.axis, hit.total, frozenset(hit.parts)) in said:
                continue
            rule = rules.evaluate(
                lines,
                hit.total,
                hit.parts,
                labelled=False,
                principal=False,
                tried=int(min(tried[hit.family] * _SHARES, 1e15)),
                skip=skip,
            )
            if rule.met:
                found.append(rule)
    met = {(r.axis, r.total) for r in found if r.met}
    return found, [line for line in tally.unmet if line not in met], True


def _reached(along: Lines, found: Sequence[Rule]) -> Mask:
    """The cells of the body that some rule reaches, met or failed."""
    reached = np.zeros_like(along.known)
    for rule in found:
        view = reached if rule.axis == 0 else reached.T
        crossed = np.zeros(view.shape[1], dtype=np.bool_)
        crossed[[*rule.met, *rule.failed]] = True
        view[rules.side_by_side(sorted((rule.total, *rule.parts)))] |= crossed
    return reached


def _quotients(sheet: Sheet, along: Lines, across: Lines) -> list[Quotient]:
    """Ratios, changes, averages and shares along both axes, with the budget of the search divided among them."""
    pairs = ((along, across), (across, along))
    worked = [q for lines, other in pairs for q in quotients.find(lines, other, sheet.places)]
    return [replace(q, bound=min(1.0, q.bound * _SHARES)) for q in worked]


def _cells(
    sheet: Sheet,
    body: Mapping[Position, tuple[Reading, ...]],
    found: Found,
    reached: blame.Reach,
    blamed: list[blame.Blame],
    sources: Mapping[Position, Position],
    corrections: Mapping[Position, str],
    decided: Mapping[Position, int],
) -> list[CellProof]:
    located = {b.located: b for b in blamed if b.located is not None}
    group_of = {i: b for b in blamed for i in b.sums}
    # the first failure that reaches each cell
    failing: dict[Position, int] = {}
    for i in sorted(group_of):
        for at in found.sums[i].coefficients:
            failing.setdefault(at, i)
    n_rows, n_cols = sheet.values.shape
    said, proves, pins = found.identities, found.proves, found.pins
    blank, proved = Absence.BLANK, Verdict.PROVED  # a member of an enumeration is slow to look up
    new = tuple.__new__  # makes a named tuple in 0.19 microseconds, its own constructor in 0.34
    cells: list[CellProof] = []
    for at in sorted(body):
        several = body[at]
        if not several or (several[0].absence is blank and len(several) == 1):
            continue
        row, col = at
        names = reached[row][col] if row < n_rows and col < n_cols else ()
        if failing and (failed := failing.get(at)) is not None:
            verdict, why = Verdict.CONTRADICTED, _against(at, failed, found, located, group_of[failed], sheet)
        else:
            verdict, why = proved, ""
            for i in names:
                if proves[i] and (pins[i] is None or pins[i] == at):
                    why = said[i].statement
                    break
            if not why or several[0].value is None or len(several) > 1:
                verdict, why = _not_proved(several, names, found)
        if decided and at in decided:
            why = f"{decided[at]} readings were possible; the sums of its labels leave this one. {why}"
        correction = corrections.get(at, "") if corrections else ""
        if correction:
            why = f"Read by the correction {correction!r}. {why}"
        source = sources.get(at, at) if sources else at
        cells.append(new(CellProof, (row, col, verdict, several, names, why, source, correction)))
    return cells


def _split(cells: list[CellProof], found: Found) -> list[CellProof]:
    """The cells of lines that were split: where no sum that holds reaches a line, nothing tells where its cells part.

    A lone group of digits is no exception: two cells may have been joined by nothing.
    """
    told = {term.row for s in found.sums if s.holds for term in s.terms}
    why = "The cells of this line were joined, and no sum that holds reaches it to tell where they part."
    return [
        c._replace(verdict=Verdict.AMBIGUOUS, argument=why)
        if c.row not in told and c.verdict in (Verdict.UNPROVED, Verdict.CONSISTENT) and not c.correction
        else c
        for c in cells
    ]


def _against(
    at: Position,
    failed: int,
    found: Found,
    located: Mapping[Position, blame.Blame],
    group: blame.Blame,
    sheet: Sheet,
) -> str:
    """Why the cell is contradicted: `failed` is the first identity that fails and reaches it, `group` its failure."""
    if at in located:
        needs = Decimal(group.needs or 0).scaleb(-sheet.places)
        return f"The wrong figure: {len(group.sums)} sums need {needs:f} here."
    if group.located is not None:
        where = f"row {group.located[0]}, column {group.located[1]}"
        return f"Reached by a sum that fails; the wrong figure is located in {where}."
    said = f"{found.identities[failed].statement}: one of its figures is wrong"
    needs_by_cell = dict(group.candidates)
    if at in needs_by_cell and needs_by_cell[at] != int(sheet.values[at]):
        should = Decimal(needs_by_cell[at]).scaleb(-sheet.places)
        return f"{said}; if it is this one, it should be {should:f}."
    return f"{said}."


def _not_proved(several: tuple[Reading, ...], names: tuple[int, ...], found: Found) -> tuple[Verdict, str]:
    if len(several) > 1:
        return Verdict.AMBIGUOUS, f"{len(several)} readings are possible and nothing decides."
    if several[0].value is None:
        return Verdict.UNPROVED, "Prints the absence of a figure."
    if names:
        identity = found.identities[names[0]]
        how = "by luck, perhaps: too small to prove" if identity.exact else "within what rounding allows"
        if identity.explained:
            how = f"explained by the note: {identity.explained}"
        return Verdict.CONSISTENT, f"{identity.statement}, {how}."
    return Verdict.UNPROVED, "One reading; no sum of the document reaches it."


def _unmet(unmet: Sequence[tuple[int, int]], along: Lines, across: Lines) -> str:
    """What the table's argument says of labels that say total where no sum of the figures printed meets them."""
    rows = sorted(along.index[i] for axis, i in unmet if axis == 0)
    cols = sorted(across.index[i] for axis, i in unmet if axis == 1)
    said = ""
    for name, at in (("row", rows), ("column", cols)):
        if at:
            which = ", ".join(map(str, at))
            said += f" The label of {name} {which} says total; no sum of the figures printed here meets it."
    return said


def _table_argument(verdict: Verdict, proved: int, numeric: int, found: Found, blamed: list[blame.Blame]) -> str:
    held = sum(i.holds for i in found.identities)
    failed = sum(not i.holds and not i.explained for i in found.identities)
    said = f"{verdict.value}: {proved} of {numeric} figures proved; "
    if found.identities:
        said += f"{held} {'sum or quotient holds' if held == 1 else 'sums or quotients hold'}, {failed or 'none'} "
        said += "fails." if failed < 2 else "fail."
    else:
        said += "no sum of its figures was found."
    for b in blamed:
        if b.located is not None:
            said += f" The figure in row {b.located[0]}, column {b.located[1]} is wrong."
    return said + _unlocated([len(b.candidates) for b in blamed if b.located is None])


def _unlocated(candidates: Sequence[int]) -> str:
    """Failures whose wrong figure nothing tells, those with equally many candidates said once."""
    said = ""
    for number, times in sorted(Counter(candidates).items()):
        which = "One" if times == 1 else f"In each of {times} failures one"
        said += f" {which} of {number} figures is wrong, and nothing tells which."
    return said
