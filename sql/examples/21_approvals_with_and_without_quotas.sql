-- How many were admitted under all schemes in 2025?  Two totals are in use; they differ by the quotas of one scheme, which
-- are no approvals.
SELECT
    sum(value) FILTER (WHERE measure = 'applications_approved')::BIGINT AS approvals,
    sum(value) FILTER (WHERE measure = 'quotas_allotted')::BIGINT AS quotas,
    sum(value)::BIGINT AS both,
    count(DISTINCT scheme) AS schemes
FROM marts.scheme_flows
WHERE measure IN ('applications_approved', 'quotas_allotted') AND period_kind = 'flow'
AND period_start = DATE '2025-01-01' AND period_end = DATE '2025-12-31'
