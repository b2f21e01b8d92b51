-- A paper gives 3 868 applications and 1 479 quotas "to September 2009".  To the end of which year do the yearly figures
-- add up to just these?
SELECT
    year, sum(applications_received) OVER years AS applications_to_date, sum(quotas_allotted) OVER years AS quotas_to_date
FROM marts.qmas_by_year
WINDOW years AS (ORDER BY year)
QUALIFY applications_to_date = 3868 OR quotas_to_date = 1479
