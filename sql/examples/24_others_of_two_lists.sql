-- Is "Others" of the list of fifteen industries that of the list of six?  In 2021 alone the short list counts more than
-- the long one since 2006.
SELECT classification, period_start, period_end, count(*) AS classes, sum(quotas_allotted)::BIGINT AS total,
    sum(quotas_allotted) FILTER (WHERE code = 'OTHERS')::BIGINT AS others
FROM marts.qmas_by_industry
WHERE period_end = DATE '2021-12-31'
GROUP BY classification, period_start, period_end
ORDER BY classification
