-- What the row calls its ratio is its numerator for each hundred of its denominator, and none has a denominator of nought.
SELECT series, numerator_is, denominator_is, period_start, period_end, numerator, denominator, per_hundred
FROM marts.approval_ratios
WHERE denominator <= 0 OR numerator_is = denominator_is
OR abs(per_hundred * denominator - 100 * numerator) > 0.0051 * denominator
