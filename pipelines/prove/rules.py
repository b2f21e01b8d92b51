"""Sums between the lines of a table: "this row is the sum of those", looked for along rows and along columns alike.

A *line* is a row (or a column), the *crossings* are the columns (or rows) that cut it.  A rule says that one line is
the signed sum of others; it is met or not met at each crossing.  What belongs here: candidates for rules and their
arithmetic.  What must never stand here: a verdict, a flat tolerance.

Rounding is the interval rule of XBRL Calculations 1.1: a figure printed to a precision stands for the interval of
half a unit around it, and a sum is met where the interval of the total and that of the sum touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

import numpy as np

from pipelines.prove import chance
from pipelines.prove.labels import Claim, Label
from pipelines.prove.sheet import Mask, Matrix

# Lines with these labels are never parts of a sum over all lines.
NOT_PARTS = (Claim.MEMO,)


@dataclass(frozen=True, slots=True)
class Lines:
    """A view of the body along one axis: arrays are lines × crossings.

    values     in units of 10^-places; like `half`, naught where nothing is known
    unsettled  something is printed that has not one reading: nothing can be added up over it
    missing    a figure exists that is not printed (not available, suppressed): a sum over it cannot fail
    ratio      per crossing: percentages, rates, averages, which need not add up
    alike      per crossing: an id of the kind of figures (unit, decimals); crossings of one kind obey one rule
    index      line → row (or column) of the grid; across: crossing → column (or row) of the grid
    breaks     lines before which a section begins (a heading, an empty line)
    excluded lines that a remark leaves out of totals, each with the remark
    names    the words of each line's own label in lower case ("" where it has none): lines may share them
    places   decimal places of the unit of `values`
    """

    axis: int
    values: Matrix
    known: Mask
    unsettled: Mask
    missing: Mask
    half: Matrix
    labels: tuple[Label, ...]
    across: tuple[Label, ...]
    ratio: Mask
    index: tuple[int, ...]
    across_index: tuple[int, ...]
    breaks: frozenset[int] = frozenset()
    excluded: tuple[tuple[int, str], ...] = ()
    names: tuple[str, ...] = ()
    places: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """total = Σ sign × part, line by line, with what came of it at each crossing.

    principal  it is the one reading that the printed label has before anything is added up
    met, exact, failed  crossings; `met` includes `exact`
    chance     bound of the probability that it is met in these crossings by luck, hypotheses counted
    informative  some crossing that is met really adds something up: two figures or more that are not naught
    odds       (crossing that is met, the first of them whose parts are the same figures, bound of meeting it by luck)
    gap, slack  per crossing: total − Σ sign × part, and by how much rounding explains it (in half units)
    """

    axis: int
    total: int
    parts: tuple[int, ...]
    signs: tuple[int, ...]
    labelled: bool
    principal: bool
    met: tuple[int, ...]
    exact: tuple[int, ...]
    failed: tuple[int, ...]
    chance: float
    gap: Matrix = field(compare=False, repr=False)
    slack: Matrix = field(compare=False, repr=False)
    tried: int = 1
    explained: str = ""
    informative: bool = False
    odds: tuple[tuple[int, int, float], ...] = ()


def evaluate(
    lines: Lines,
    total: int,
    parts: Sequence[int],
    signs: Sequence[int] | None = None,
    *,
    labelled: bool,
    principal: bool,
    tried: int = 1,
    skip: frozenset[int] = frozenset(),
) -> Rule:
    """The rule total = Σ sign × part at every crossing.

    skip  crossings that are totals of other crossings: they are judged, but count for nothing in the chance
    """
    # sums are written out in the order of the page
    ordered = sorted(zip(parts, signs or [1] * len(parts), strict=True), key=itemgetter(0))
    at = side_by_side([part for part, _ in ordered])
    known = lines.known[at]
    figures = lines.values[at]
    if signs:
        figures = figures * np.array([sign for _, sign in ordered], dtype=np.int64)[:, None]
    gap = lines.values[total] - figures.sum(axis=0)
    count = known.sum(axis=0)
    open_ = lines.known[total] & (count >= 1)
    if np.count_nonzero(lines.unsettled):
        open_ &= ~lines.unsettled[at].any(axis=0)
    met = exact = open_ & (gap == 0)
    slack = lines.half[total]
    if np.count_nonzero(lines.half):
        slack = slack + lines.half[at].sum(axis=0)
        met = open_ & (2 * np.abs(gap) <= slack)
    # a sum over a figure that is not printed cannot fail; a single part that differs is no sum; ratios need not add up
    failed = open_ & ~met & (count >= 2)
    if np.count_nonzero(failed):
        failed &= ~lines.missing[at].any(axis=0) & ~lines.ratio
    met_at, exact_at, failed_at = met.nonzero()[0].tolist(), exact.nonzero()[0].tolist(), failed.nonzero()[0].tolist()
    columns: list[list[int]] = figures.T.tolist() if met_at else []
    odds = _odds(met_at, columns, lines.values[total], gap, slack, lines.ratio) if met_at else ()
    return Rule(
        axis=lines.axis,
        total=total,
        parts=tuple(part for part, _ in ordered),
        signs=tuple(sign for _, sign in ordered),
        labelled=labelled,
        principal=principal,
        met=tuple(met_at),
        exact=tuple(exact_at),
        failed=tuple(failed_at),
        chance=_chance(odds, len(failed_at), skip, tried),
        gap=gap,
        slack=slack,
        tried=tried,
        informative=any(len(parts) - columns[x].count(0) >= 2 for x in met_at),
        odds=odds,
    )


def _odds(
    met: Sequence[int], columns: Sequence[Sequence[int]], totals: Matrix, gap: Matrix, slack: Matrix, ratio: Mask
) -> tuple[tuple[int, int, float], ...]:
    """`Rule.odds` of the crossings that are met."""
    # plain lists: one figure at a time is read many times faster than from arrays
    total_of, gap_of, slack_of, ratio_of = totals.tolist(), gap.tolist(), slack.tolist(), ratio.tolist()
    first: dict[tuple[int, ...], int] = {}
    out = []
    for x in met:
        column = tuple(columns[x])
        odds = chance.of_meeting(total_of[x], column, slack_of[x] + 1 if gap_of[x] else 1)
        # ratios that do not add up are not counted as failed, so that those that do count for less
        out.append((x, first.setdefault(column, x), min(1.0, 2 * odds) if ratio_of[x] else odds))
    return tuple(out)


def _chance(odds: Sequence[tuple[int, int, float]], failed: int, skip: frozenset[int], tried: int) -> float:
    """`Rule.chance`: crossings in `skip` and repetitions of the same figures count for nothing."""
    counted: dict[int, float] = {}
    for x, first, luck in odds:
        if x not in skip:
            counted.setdefault(first, luck)
    return min(1.0, chance.of_rule(counted.values(), failed) * max(1, tried)) if counted else 1.0


def side_by_side(lines: Sequence[int]) -> slice | list[int]:
    """Lines in their order as an index of arrays: a slice, which copies nothing, where none is left out."""
    run = list(lines)
    return slice(run[0], run[-1] + 1) if run and run == list(range(run[0], run[-1] + 1)) else run


def place(lines: Lines, line: int, crossing: int) -> tuple[int, int]:
    """The cell of the grid where a line and a crossing meet."""
    a, b = lines.index[line], lines.across_index[crossing]
    return (a, b) if lines.axis == 0 else (b, a)


def judged_again(rule: Rule, skip: frozenset[int]) -> Rule:
    """The same rule with its chance reckoned anew, `skip` (crossings that are totals themselves) left out."""
    return replace(rule, chance=_chance(rule.odds, len(rule.failed), skip, rule.tried)) if rule.met else rule


def contradicting(lines: Lines, rule: Rule) -> tuple[int, ...]:
    """The failed crossings of a rule that contradict, rather than show that the rule is not about them.

    A crossing of ratios need not add up.  Where the rule is met elsewhere, a crossing that fails contradicts if it is
    of the same kind as one that is met (whole numbers with whole numbers).  A crossing is of whole numbers where most
    of its figures are: a point printed for a comma ("2.000" among thousands) makes no shares of a column of counts.
    """
    if not rule.met or not rule.failed or not np.count_nonzero(lines.half):
        return rule.failed
    at = np.asarray((*rule.parts, rule.total), dtype=np.intp)
    decimals = ((lines.half[at] > 0) & (lines.half[at] < 10**lines.places) & lines.known[at]).sum(axis=0)
    whole: Mask = np.asarray(2 * decimals < lines.known[at].sum(axis=0))
    kinds = {bool(whole[x]) for x in rule.met}
    return tuple(x for x in rule.failed if bool(whole[x]) in kinds)
