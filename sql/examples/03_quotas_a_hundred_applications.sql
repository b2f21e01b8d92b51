-- How many quotas were allotted for each hundred applications received in the same year?  This is no approval rate:
-- applications of one year are decided in another.
SELECT year, round(100.0 * quotas_allotted / nullif(applications_received, 0), 1) AS quotas_per_100_applications
FROM marts.qmas_by_year
ORDER BY year
