-- Is what was received less what was approved the number of refusals?  Where a source prints all three, see what is left.
SELECT
    r.scheme, r.period_end, r.value::BIGINT AS received, a.value::BIGINT AS approved, j.value::BIGINT AS rejected,
    (r.value - a.value)::BIGINT AS received_less_approved,
    (r.value - a.value - j.value)::BIGINT AS neither_approved_nor_rejected
FROM marts.scheme_flows AS r
INNER JOIN marts.scheme_flows AS a
    ON a.scheme = r.scheme AND a.measure = 'applications_approved' AND a.period_kind = r.period_kind
    AND a.period_start = r.period_start AND a.period_end = r.period_end
INNER JOIN marts.scheme_flows AS j
    ON j.scheme = r.scheme AND j.measure = 'applications_rejected' AND j.period_kind = r.period_kind
    AND j.period_start = r.period_start AND j.period_end = r.period_end
WHERE r.measure = 'applications_received'
ORDER BY r.scheme, r.period_end
