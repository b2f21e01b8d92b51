-- What several documents print of a figure agrees, or a later release restates it; no printed value is left that
-- nothing explains.
-- severity: warn
SELECT sentence, class, series, measure, dimension_key, period_end, expected, found, gap, statement, figure_id, against
FROM quality.reconciliation
WHERE sentence = 'several releases say the same of a figure' AND outcome = 'differs' AND class = 'error'
