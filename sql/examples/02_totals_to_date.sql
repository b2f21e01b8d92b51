-- What do all years add up to, and is every one of them proved?
SELECT
    count(*) AS years, sum(applications_received) AS applications_received, sum(quotas_allotted) AS quotas_allotted,
    bool_and(verdict = 'proved') AS all_proved
FROM marts.qmas_by_year
