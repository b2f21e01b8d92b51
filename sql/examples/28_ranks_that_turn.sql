-- Canada stands before Australia at the end of 2021.  And a year before?  The stock less the flow of 2021, by place.
SELECT
    s.code, s.quotas_allotted AS to_the_end_of_2021, f.quotas_allotted AS in_2021,
    s.quotas_allotted - f.quotas_allotted AS to_the_end_of_2020,
    rank() OVER (ORDER BY s.quotas_allotted DESC) AS rank_2021,
    rank() OVER (ORDER BY s.quotas_allotted - f.quotas_allotted DESC) AS rank_2020
FROM marts.qmas_by_place AS s
INNER JOIN marts.qmas_by_place AS f ON f.code = s.code AND f.period_kind = 'flow' AND f.period_start = DATE '2021-01-01'
WHERE s.period_kind = 'cumulative' AND s.period_end = DATE '2021-12-31'
-- what "Others" leaves out differs from list to list
AND s.code <> 'OTHERS'
ORDER BY rank_2021
