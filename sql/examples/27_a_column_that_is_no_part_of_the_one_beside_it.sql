-- Are those who obtained the right of abode a part of those whose first extension was approved in the same year?  Not
-- where they are more.
SELECT
    year(e.period_end) AS year, e.value::BIGINT AS first_extensions_approved, a.value::BIGINT AS right_of_abode,
    a.value > e.value AS cannot_be_a_part
FROM marts.scheme_flows AS e
INNER JOIN marts.scheme_flows AS a
    ON a.scheme = e.scheme AND a.measure = 'right_of_abode' AND a.period_start = e.period_start
    AND a.period_end = e.period_end
WHERE e.scheme = 'IANG' AND e.measure = 'first_extensions_approved'
ORDER BY year
