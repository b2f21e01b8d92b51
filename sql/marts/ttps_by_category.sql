-- One row per day or period and category (A, B, C and the total) of the Top Talent Pass Scheme: applications received,
-- approved and refused, as last published.  Figures of an as-at day are counted from the launch on 28 December 2022.
-- key: period_start, period_end, period_kind, category
-- columns:
--   year INTEGER: calendar year, where the figures are of one whole year; null for spans and for cumulative figures [year]
--   as_at DATE: last day of a cumulative count; null for the others
--   scheme VARCHAR: TTPS
--   label_en VARCHAR: name of the category in English
--   label_zh VARCHAR: name of the category in Traditional Chinese
--   category VARCHAR: A, B, C, or TOTAL
--   received BIGINT: applications received [applications]
--   approved BIGINT: applications approved [applications]
--   refused BIGINT: applications refused [applications]
--   verdict VARCHAR: the weakest of the verdicts of its figures
--   sources: the cells that print its figures
WITH figures AS (
    SELECT *, list_filter(dimensions, lambda d: d.dimension = 'category')[1].code AS category
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND scope = '' AND approx = '' AND value = trunc(value)
    AND list_filter(dimensions, lambda d: d.dimension = 'scheme')[1].code = 'TTPS'
    AND len(list_filter(dimensions, lambda d: d.dimension NOT IN ('scheme', 'category') AND d.code <> 'TOTAL')) = 0
    AND measure IN ('applications_received', 'applications_approved', 'applications_rejected')
    AND period_start IS NOT NULL
)

SELECT
    CASE
        WHEN f.period_kind = 'flow' AND f.period_start = make_date(year(f.period_end), 1, 1)
            AND f.period_end = make_date(year(f.period_end), 12, 31) THEN year(f.period_end)::INTEGER
    END AS year,
    CASE WHEN f.period_kind = 'cumulative' THEN f.period_end END AS as_at,
    'TTPS' AS scheme,
    CASE WHEN f.category = 'TOTAL' THEN 'Total' ELSE 'Category ' || f.category END AS label_en,
    CASE WHEN f.category = 'TOTAL' THEN '總數' ELSE f.category || '類' END AS label_zh,
    f.category,
    max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_received') AS received,
    max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_approved') AS approved,
    max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_rejected') AS refused,
    arg_max(f.verdict, f.rank) AS verdict,
    f.period_start, f.period_end, f.period_kind,
    flatten(list(f.sources ORDER BY f.measure)) AS sources
FROM figures AS f
WHERE f.category IS NOT NULL
GROUP BY f.period_start, f.period_end, f.period_kind, f.category
-- a breakdown of several series that differ in a figure is in no row
HAVING count(DISTINCT (f.measure, f.value)) = count(DISTINCT f.measure)
