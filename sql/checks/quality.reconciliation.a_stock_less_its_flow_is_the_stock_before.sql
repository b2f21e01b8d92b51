-- What a release gives as a stock, less the flow of its last period, is the stock that stood before; rounding and
-- restated figures aside.
-- severity: warn
SELECT sentence, class, series, measure, dimension_key, period_end, expected, found, gap, statement, figure_id, against
FROM quality.reconciliation
WHERE sentence = 'a stock less its flow is the stock before' AND outcome = 'differs' AND class = 'error'
