-- Bureau statements give 逾22萬 applications and 13.5萬 approvals for all schemes in 2023.  What do the counts add up to?
-- Quotas are counted as approvals here, and the new investment scheme had not begun.
SELECT
    sum(value) FILTER (WHERE measure = 'applications_received')::BIGINT AS received,
    sum(value) FILTER (WHERE measure <> 'applications_received')::BIGINT AS approved_or_allotted,
    sum(value) FILTER (WHERE measure = 'applications_received') >= 220000 AS over_220000,
    round(sum(value) FILTER (WHERE measure <> 'applications_received') / 1000) = 135 AS rounds_to_135000
FROM marts.scheme_flows
WHERE measure IN ('applications_received', 'applications_approved', 'quotas_allotted') AND period_kind = 'flow'
AND period_start = DATE '2023-01-01' AND period_end = DATE '2023-12-31'
AND scheme IN ('QMAS', 'TTPS', 'GEP', 'ASMTP', 'IANG')
