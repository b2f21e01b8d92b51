-- What was known of the yearly figures of the Quality Migrant Admission Scheme at the end of 2013, on the day of the
-- release of January 19, 2022, and in 2030?  By release date; where only bounds are known, by the latest possible day.
WITH known AS (
    SELECT DATE '2013-12-31' AS day, * FROM core.as_of(DATE '2013-12-31')
    UNION ALL BY NAME
    SELECT DATE '2022-01-19' AS day, * FROM core.as_of(DATE '2022-01-19')
    UNION ALL BY NAME
    SELECT DATE '2030-12-31' AS day, * FROM core.as_of(DATE '2030-12-31')
)

SELECT
    day, measure, count(DISTINCT period_end) AS years, min(year(period_end)) AS first_year,
    max(year(period_end)) AS last_year,
    any_value(value) FILTER (WHERE period_end = DATE '2012-12-31')::BIGINT AS of_2012,
    any_value(value) FILTER (WHERE period_end = DATE '2021-12-31')::BIGINT AS of_2021
FROM known
WHERE value IS NOT NULL AND (series = 'qmas_by_year' OR dimension_key = 'scheme=QMAS') AND period_kind = 'flow'
AND measure IN ('applications_received', 'quotas_allotted') AND strftime(period_end, '%m-%d') = '12-31'
AND date_diff('month', period_start, period_end) > 5
GROUP BY day, measure
ORDER BY day, measure
