-- A cumulative figure is the sum of its years as they are known, wherever each was printed; rounding and restated
-- figures aside.
-- severity: warn
SELECT sentence, class, series, measure, dimension_key, period_end, expected, found, gap, statement, figure_id, against
FROM quality.reconciliation
WHERE sentence = 'a cumulative figure is the sum of its years' AND outcome = 'differs' AND class = 'error'
