-- Asked for "last year", the release of January 19, 2022 prints tables by industry and place: are they of 2021?  No:
-- their total is that of all years since 2006; the total of 2021 is another.
SELECT
    i.period_kind, i.period_start, i.period_end, i.value::BIGINT AS total_of_the_industries,
    y.value::BIGINT AS total_of_the_years, i.value = y.value AS agree
FROM core.editions AS i
LEFT JOIN core.editions AS y
    ON y.series = 'qmas_by_year' AND y.measure = i.measure AND y.edition = 'latest' AND y.period_end = i.period_end
    AND y.period_kind = i.period_kind AND y.period_start = i.period_start
WHERE i.series = 'qmas_by_industry' AND i.dimension_key = 'industry=TOTAL' AND i.edition = 'latest'
AND i.period_end = DATE '2021-12-31'
ORDER BY i.period_kind
