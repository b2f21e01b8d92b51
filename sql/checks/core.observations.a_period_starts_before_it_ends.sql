-- The first day of a period is no later than its last.
SELECT figure_id, cell_id, series, measure, period_start, period_end, period_label
FROM core.observations
WHERE period_start > period_end
