-- An encyclopaedia has "in 2007, 582 applied and 322 were admitted".  Which figures of the series are these?
SELECT
    year, applications_received, quotas_allotted, sum(quotas_allotted) OVER (ORDER BY year)::BIGINT AS quotas_to_date,
    applications_received = 582 AS is_582, quotas_allotted = 322 AS is_322,
    sum(quotas_allotted) OVER (ORDER BY year) = 322 AS is_322_to_date
FROM marts.qmas_by_year
WHERE year <= 2008
ORDER BY year
