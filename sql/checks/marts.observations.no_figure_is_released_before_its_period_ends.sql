-- No source counts days that were still to come when it was released.
-- severity: warn
SELECT figure_id, series, measure, period_start, period_end, released_from, printed
FROM marts.observations
WHERE released_from < period_end
