-- Two language versions of one release give the same figures, none more and none less.
-- severity: warn
SELECT sentence, class, series, measure, dimension_key, period_end, expected, found, gap, statement, figure_id, against
FROM quality.reconciliation
WHERE sentence = 'language twins give the same figures' AND outcome = 'differs' AND class = 'error'
