-- Which series are there, over which time, and how well are they proved?
SELECT
    series, measure, count(*) AS figures, min(period_end) AS first_period, max(period_end) AS last_period,
    round(100.0 * count(*) FILTER (WHERE verdict = 'proved') / count(*), 1) AS percent_proved
FROM marts.observations
GROUP BY series, measure
ORDER BY series, measure
