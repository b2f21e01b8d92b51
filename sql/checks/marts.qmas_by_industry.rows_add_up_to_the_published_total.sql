-- The rows of a period add up to the total that the releases print for it, where they print one.
-- severity: warn
SELECT
    m.period_start, m.period_end, m.period_kind, m.classification, sum(m.quotas_allotted) AS rows_add_up_to,
    any_value(t.value) AS published_total
FROM marts.qmas_by_industry AS m
INNER JOIN core.editions AS t
    ON t.series = 'qmas_by_industry' AND t.measure = 'quotas_allotted' AND t.is_total
    AND t.edition = 'latest' AND NOT t.disputed AND t.scope IN ('', 'listed')
    AND t.period_start IS NOT DISTINCT FROM m.period_start AND t.period_end = m.period_end
    AND t.period_kind = m.period_kind AND t.classification = m.classification
GROUP BY m.period_start, m.period_end, m.period_kind, m.classification
HAVING sum(m.quotas_allotted) <> any_value(t.value)
