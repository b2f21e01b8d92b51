"""How likely a sum is met by luck, and how unlikely it must be before it proves anything.

The bound, stated beforehand (nothing below is tuned to a document):

* Under luck, the figure printed as the total has nothing to do with its parts.  A figure of d digits then meets a
  given number with a probability of at most max(1 / (9 · 10^(d-1)), log10(1 + 1/n)): the first where all figures of
  d digits are alike, the second where leading digits follow Benford's law.  n counts in the greatest common divisor
  of all figures of the identity, so round figures (100 000 = 60 000 + 40 000) count as the small ones they are.
* A rule (this row is the sum of those) is met in k of its n crossing lines with a probability of at most
  C(n, k) · Π p.  Crossing lines that are totals of others, and repetitions of the same figures, count for nothing.
* Two budgets a table, spent by Bonferroni's inequality over *all* hypotheses that were tried, met or not:
  LABEL_BUDGET for the one reading that printed total labels have before anything is added up (the figures of its
  block), SEARCH_BUDGET for everything else (other blocks for a label, sums found by position and arithmetic, and
  quotients: one that rounds to the figure printed is met with the chance of that figure's digits, trailing naughts
  aside, and lines worked out alike are one rule).

So at most one random table in 45,000 with a false total label could be declared proved, and that only where its total
has five digits or more.  What this module must never do: look at a label or a place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

LABEL_BUDGET = 2e-5
SEARCH_BUDGET = 1e-6


def of_meeting(total: int, parts: Iterable[int], reach: int = 1) -> float:
    """Upper bound of the probability that `total` meets the sum of `parts` by luck.

    total, parts in units of the last place; `reach` = how many values of the total would have counted as meeting it
    (1 = exactly one; 2·slack + 1 where rounding is allowed for).
    """
    parts = tuple(parts)
    if total == 0 or len(parts) - parts.count(0) < 2:
        return 1.0  # nothing was added up: a figure that equals its only part, or naught, says nothing
    divisor = math.gcd(total, *parts)
    n = abs(total) // divisor
    alike = 1.0 / (9.0 * 10.0 ** (len(str(n)) - 1))
    benford = math.log10(1 + 1 / n)
    bound = (reach // divisor or 1) * (alike if alike > benford else benford)
    return bound if bound < 1.0 else 1.0


def of_rule(chances: Iterable[float], failed: int) -> float:
    """Upper bound of the probability that a rule is met in these crossing lines, and not in `failed` others."""
    log, met = 0.0, 0
    for chance in chances:
        log += math.log10(max(chance, 1e-300))
        met += 1
    log += math.log10(math.comb(met + failed, failed))
    return 1.0 if log >= 0 else math.pow(10.0, max(log, -300.0))
