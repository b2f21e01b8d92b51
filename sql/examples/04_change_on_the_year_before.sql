-- In which year did applications grow most?
SELECT year, applications_received - lag(applications_received) OVER (ORDER BY year) AS change
FROM marts.qmas_by_year
ORDER BY change DESC NULLS LAST
LIMIT 5
