-- A figure that open data and releases print is the same in both; rounding and restated figures aside.
-- severity: warn
SELECT sentence, class, series, measure, dimension_key, period_end, expected, found, gap, statement, figure_id, against
FROM quality.reconciliation
WHERE sentence = 'open data equal the releases' AND outcome = 'differs' AND class = 'error'
