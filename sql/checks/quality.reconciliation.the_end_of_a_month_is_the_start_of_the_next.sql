-- What one release gives as the end of a period, another gives as the start of the next; restated year ends aside.
-- severity: warn
SELECT sentence, class, series, measure, dimension_key, period_end, expected, found, gap, statement, figure_id, against
FROM quality.reconciliation
WHERE sentence = 'the end of a month is the start of the next' AND outcome = 'differs' AND class = 'error'
