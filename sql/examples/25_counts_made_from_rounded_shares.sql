-- A blog counts those admitted to the end of 2012 by origin, from rounded shares: do its counts add up to the quotas?
WITH counted (origin, n) AS (VALUES ('mainland', 1842), ('US', 90), ('Australia', 72), ('Canada', 72), ('balance', 311))

SELECT
    (SELECT sum(n) FROM counted)::BIGINT AS counts_of_the_blog,
    sum(quotas_allotted)::BIGINT AS quotas_to_the_end_of_2012,
    sum(quotas_allotted)::BIGINT - (SELECT sum(n) FROM counted)::BIGINT AS lost_in_rounding
FROM marts.qmas_by_year
WHERE year <= 2012
