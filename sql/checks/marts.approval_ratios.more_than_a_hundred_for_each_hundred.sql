-- More were decided well in a period than applied in it: possible where the wait is long, and worth a look.
-- severity: warn
SELECT series, numerator_is, denominator_is, dimension_key, period_start, period_end, per_hundred
FROM marts.approval_ratios
WHERE per_hundred > 100
