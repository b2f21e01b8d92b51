-- The years of a cumulative period add up to the total that the releases print for it, where they print one.
-- severity: warn
WITH totals AS (
    SELECT measure, period_start, period_end, value
    FROM core.editions
    WHERE series = 'qmas_by_year' AND is_total AND scope = '' AND edition = 'latest' AND NOT disputed AND value IS NOT NULL
),

years AS (
    SELECT period_start, period_end, 'applications_received' AS measure, applications_received AS value
    FROM marts.qmas_by_year
    UNION ALL
    SELECT period_start, period_end, 'quotas_allotted', quotas_allotted
    FROM marts.qmas_by_year
)

SELECT t.measure, t.period_start, t.period_end, sum(y.value) AS years_add_up_to, t.value AS published_total
FROM totals AS t
INNER JOIN years AS y
    ON y.measure = t.measure AND y.period_end <= t.period_end AND year(y.period_start) >= year(t.period_start)
GROUP BY t.measure, t.period_start, t.period_end, t.value
HAVING sum(y.value) IS DISTINCT FROM t.value
