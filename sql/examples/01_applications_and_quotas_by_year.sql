-- How many applications came in each year, and how many quotas were allotted?
SELECT year, period_label, applications_received, quotas_allotted, verdict
FROM marts.qmas_by_year
ORDER BY year
