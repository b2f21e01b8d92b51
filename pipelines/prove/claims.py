"""What printed labels claim: total, sub-total, balance, "(A+B)", each tried against the lines it can mean.

What belongs here: which lines a label can mean *before* anything is added up, and in which order these meanings are
tried; the first is the label's own claim (`principal`).  What must never stand here: a flat tolerance, a verdict, a
meaning that was found by adding up.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.prove.labels import Claim, Label
from pipelines.prove.rules import Lines, Rule, evaluate
from pipelines.prove.sheet import Mask

_MEMO = Claim.MEMO  # asked of every line, and a member of an enumeration is slow to look up
_CLAIMS = (Claim.TOTAL, Claim.SUBTOTAL, Claim.BALANCE)
# A run other than the natural ones explains a bare "total" only if luck would meet it less often than this.
_UNLIKELY = 1e-3


@dataclass(slots=True)
class Tally:
    """How many hypotheses were tried in this table, and the (axis, line) whose label says total and no sum meets it."""

    tried: int = 0
    unmet: list[tuple[int, int]] = field(default_factory=list)


def by_label(lines: Lines, tally: Tally, skip: frozenset[int] = frozenset()) -> list[Rule]:
    """Rules that printed labels claim, nested sub-totals included, in the order of their lines.

    Walks down with the lines that no total has taken yet.  "Total" claims all of them, "sub-total" those since the
    last total or heading; where that is not met, every shorter run is tried, then the lines below (a total may stand
    above its parts).  Only the first claim is `principal`.
    """
    found: list[Rule] = []
    open_: list[int] = []
    pending: list[tuple[int, list[int]]] = []
    totals: set[int] = set()
    keys = _Keys()
    n = len(lines.labels)
    has: list[bool] = np.asarray(lines.known.any(axis=1)).tolist()
    for i in range(n):
        label = lines.labels[i]
        keys.see(i, label, has[i])
        if label.claim is _MEMO or not (has[i] or lines.unsettled[i].any() or lines.missing[i].any()):
            continue
        if label.claim in _CLAIMS and has[i]:
            rule = _by_formula(lines, i, keys, skip)
            if rule is None and open_:
                rule = _best(lines, i, open_, totals, tally, skip)
            if rule is not None and rule.informative:
                found.append(rule)
                taken = set(rule.parts)
                # an earlier total of some of the same lines is taken with them: "(A+B)", then "(A+B+C)"
                taken |= {r.total for r in found[:-1] if set(r.parts) < taken}
                if label.claim is not Claim.BALANCE or len(taken) >= len(open_):
                    open_ = [j for j in open_ if j not in taken]
                totals.add(i)
                open_.append(i)
                continue
            pending.append((i, list(open_)))
            if label.claim is not Claim.BALANCE and len(open_) > 1:
                totals.add(i)
        open_.append(i)
    for i, above in pending:
        below = _below(lines, i, found, has)
        rule = _best(lines, i, below, totals, tally, skip) if len(below) > 1 else None
        if rule is not None and rule.informative:
            found.append(rule)
            continue
        failing = _unmet(lines, i, above, below, found, skip)
        if failing is not None:
            found.append(failing)
        elif lines.labels[i].claim is not Claim.BALANCE and max(len(above), len(below)) >= 2:
            tally.unmet.append((lines.axis, i))
    return found


@dataclass(slots=True)
class _Keys:
    """Which line a letter of a printed formula stands for: a line that carries it, else the last total of the section
    whose heading carries it ("(A) One-off measures" … "Total of one-off measures" … "(A+B)")."""

    lines: dict[str, int] = field(default_factory=dict)
    section: str = ""

    def see(self, i: int, label: Label, has: bool) -> None:
        if label.key and has:
            self.lines[label.key] = i
        elif label.key:
            self.section = label.key
        elif self.section and has and label.claim in (Claim.TOTAL, Claim.SUBTOTAL) and not label.formula:
            self.lines[self.section] = i


def _by_formula(lines: Lines, i: int, keys: _Keys, skip: frozenset[int]) -> Rule | None:
    """The rule that the label itself writes out, "(A+B)" or "(I) − (II)"; None without one, or if nowhere met."""
    terms = lines.labels[i].formula
    named = [(keys.lines.get(name), sign) for name, sign in terms]
    parts = [(line, sign) for line, sign in named if line is not None and line != i]
    if len(parts) < 2 or len(parts) < len(terms):
        return None
    rule = evaluate(lines, i, [p for p, _ in parts], [s for _, s in parts], labelled=True, principal=True, skip=skip)
    return rule if rule.met else None


def _best(
    lines: Lines, i: int, candidates: list[int], totals: set[int], tally: Tally, skip: frozenset[int]
) -> Rule | None:
    """The best-met rule for the labelled line i over the open lines `candidates` (in order of their place)."""
    label = lines.labels[i]
    above = bool(candidates) and candidates[-1] < i
    order = list(reversed(candidates)) if above else list(candidates)
    natural = _natural(lines, order, totals, label, above)
    rules: list[Rule] = []
    for tried, parts in enumerate(natural, 1):
        tally.tried += 1
        rules.append(evaluate(lines, i, parts, labelled=True, principal=True, tried=tried, skip=skip))
        if rules[-1].met and not rules[-1].failed:
            return rules[-1]
    for parts in natural[:1]:
        without = _without(lines, i, parts, skip)
        if without is not None:
            return without
    # a run that the label can mean by itself was added up above, and is worth more as that
    runs = [order[:k] for _, k in _runs(lines, i, order)]
    options: list[tuple[list[int], list[int] | None]] = [(run, None) for run in runs if run not in natural]
    tried = len(order)
    if label.claim is Claim.BALANCE:
        for k in range(2, min(len(order), 12) + 1):
            # first in place plus, the others minus: revenue − expenditure
            signs = [-1] * k
            signs[-1 if above else 0] = 1
            options.append((order[:k], signs))
            tried += 1
    tally.tried += tried
    for parts, signs_ in options:
        rule = evaluate(lines, i, parts, signs_, labelled=True, principal=False, tried=tried, skip=skip)
        # a label that says "total" and no more is not explained away by a run that luck would meet
        if not label.bare or rule.chance <= _UNLIKELY:
            rules.append(rule)
    met = [r for r in rules if r.informative]
    if not met:
        return None
    return max(met, key=lambda r: (len(r.met) - len(r.failed), len(r.exact), r.principal, -len(r.parts)))


def _natural(lines: Lines, order: list[int], totals: set[int], label: Label, above: bool) -> list[list[int]]:
    """What the label can mean before anything is added up: for "total" all lines that no total has taken, then those
    up to the last total, up to the heading, the totals alone; for "sub-total" the same from the other end."""

    def until(ends: Container[int], inclusive: bool) -> list[int]:
        for n, j in enumerate(order):
            if j in ends:
                return order[: n + inclusive]
        return order

    runs = [
        order,
        until(totals, inclusive=False),
        until(lines.breaks, inclusive=True) if above else [],
        [j for j in order if j in totals],
    ]
    if label.claim is Claim.SUBTOTAL:
        runs = [runs[1], runs[2], runs[0]]
        if above and len(runs[1]) < len(runs[0]):
            runs[:2] = [runs[1], runs[0]]
    kept: list[list[int]] = []
    for run in runs:
        if len(run) >= 2 and run not in kept:
            kept.append(run)
    return kept


def _runs(lines: Lines, i: int, order: Sequence[int]) -> list[tuple[int, int]]:
    """(crossings met with two parts or more, length) of every run order[:k] whose sum meets line i somewhere."""
    at = np.asarray(order, dtype=np.intp)
    figures = lines.values[at]
    sums, slack = np.cumsum(figures, axis=0), lines.half[i]
    if np.count_nonzero(lines.half):
        slack = slack + np.cumsum(lines.half[at], axis=0)
    met = lines.known[i] & (2 * np.abs(lines.values[i] - sums) <= slack) & (np.cumsum(figures != 0, axis=0) >= 2)
    if np.count_nonzero(lines.unsettled):
        met &= ~np.logical_or.accumulate(lines.unsettled[at], axis=0)
    counts = met.sum(axis=1)
    return [(int(counts[k]), int(k) + 1) for k in np.flatnonzero(counts)]


def _without(lines: Lines, i: int, principal: list[int], skip: frozenset[int]) -> Rule | None:
    """The claim of the label without a line that a remark leaves out of totals, if that meets it everywhere.

    A remark may name more lines than it leaves out ("persons affected in outbreaks"): each is tried alone, then all
    together, and only if one choice alone meets the label is it taken.
    """
    left_out = {j: remark for j, remark in lines.excluded if j in principal and j != i}
    if not left_out:
        return None
    choices = [{j} for j in left_out]
    if len(choices) > 1:
        choices.append(set(left_out))
    meeting = []
    for choice in choices:
        kept = [j for j in principal if j not in choice]
        if len(kept) < 2:
            continue
        rule = evaluate(lines, i, kept, labelled=True, principal=True, tried=1 + len(choices), skip=skip)
        if rule.met and not rule.failed:
            meeting.append(replace(rule, explained=left_out[min(choice)]))
    return meeting[0] if len(meeting) == 1 else None


def _below(lines: Lines, i: int, found: list[Rule], has: Sequence[bool]) -> list[int]:
    """The lines below line i that no total has taken, up to the next line that claims to be a total of its own."""
    taken = {p for rule in found for p in rule.parts}
    below = []
    for j in range(i + 1, len(lines.labels)):
        if lines.labels[j].claim is Claim.MEMO or not has[j] or j in taken:
            continue
        below.append(j)
    return below


def _unmet(
    lines: Lines, i: int, above: list[int], below: list[int], found: list[Rule], skip: frozenset[int]
) -> Rule | None:
    """The failed rule of a label that says nothing but "total", where no sum at all meets it; None where the label
    says less, or where its parts need not be printed (see `_plausible`)."""
    label = lines.labels[i]
    if not label.bare:
        return None
    parts = above if len(above) >= 2 else below
    taken = {p for rule in found for p in rule.parts}
    parts = [p for p in parts if p not in taken or lines.labels[p].claim is Claim.TOTAL]
    if label.claim is Claim.SUBTOTAL and len(above) >= 2:
        run: list[int] = []
        for j in reversed(above):
            if lines.labels[j].claim is not Claim.NONE:
                break
            run.append(j)
            if j in lines.breaks:
                break
        parts = run if len(run) >= 2 else parts
    if len(parts) < 2:
        return None
    rule = evaluate(lines, i, parts, labelled=True, principal=True, skip=skip)
    failed = _plausible(lines, rule)
    if not failed:
        return None
    return replace(rule, met=(), exact=(), failed=failed, chance=1.0, informative=False, odds=())


def _plausible(lines: Lines, rule: Rule) -> tuple[int, ...]:
    """The failed crossings of a rule nowhere met where the label can only mean this sum.

    One crossing alone: the label is all there is, so it stands.  Several, all failed: the label may total something
    that is not printed here; those remain where the "total" is at least its largest part, and not twice their sum.
    """
    failed = list(rule.failed)
    if len(failed) <= 1:
        return tuple(failed)
    at = np.asarray(rule.parts, dtype=np.intp)
    kept = []
    for x in failed:
        parts = np.where(lines.known[at, x], lines.values[at, x], 0)
        total = int(lines.values[rule.total, x])
        if parts.min() >= 0 and int(parts.max()) <= total <= 2 * int(parts.sum()):
            kept.append(x)
    return tuple(kept)


def natural_runs(lines: Lines) -> Iterator[tuple[int, list[int]]]:
    """(line, parts) that every label of a total claims before anything is added up, doubtful cells or not."""
    printed: Mask = np.asarray((lines.known | lines.unsettled).any(axis=1))
    usable = [i for i in range(len(lines.labels)) if printed[i] and lines.labels[i].claim is not Claim.MEMO]
    totals = {i for i in usable if lines.labels[i].claim in (Claim.TOTAL, Claim.SUBTOTAL)}
    for i in sorted(totals):
        above, below = [j for j in usable if j < i], [j for j in usable if j > i]
        order = list(reversed(above)) if len(above) >= 2 else below
        for run in _natural(lines, order, totals - {i}, lines.labels[i], order != below)[:2]:
            yield i, run
