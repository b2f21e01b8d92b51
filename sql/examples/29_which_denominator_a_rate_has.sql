-- The Audit gives an average approval rate of 28.9 per cent for 2011 to 2015.  Are the quotas of these years 28.9 per cent
-- of the applications received in them?
SELECT
    sum(quotas_allotted)::BIGINT AS quotas, sum(applications_received)::BIGINT AS received,
    round(100.0 * sum(quotas_allotted) / sum(applications_received), 1) AS percent,
    round(100.0 * sum(quotas_allotted) / sum(applications_received), 1) = 28.9 AS is_the_rate_of_the_audit
FROM marts.qmas_by_year
WHERE year BETWEEN 2011 AND 2015
