-- Which figures were printed differently at different times?
SELECT series, measure, dimension_key, period_end, list(DISTINCT value_text ORDER BY value_text) AS printed
FROM core.observations
WHERE loads
GROUP BY figure_id, series, measure, dimension_key, period_end
HAVING count(DISTINCT value_text) > 1
ORDER BY series, measure, period_end
