-- Two series that count the same of a scheme in the same period state one figure: the total of a breakdown is the figure
-- of the year.
-- severity: warn
WITH figures AS (
    SELECT
        CASE WHEN series = 'iang_by_place' THEN 'applications_approved' ELSE measure END AS measure,
        coalesce(
            list_filter(dimensions, lambda d: d.dimension = 'scheme')[1].code,
            CASE WHEN series LIKE 'qmas\_%' ESCAPE '\' THEN 'QMAS' WHEN series = 'iang_by_place' THEN 'IANG' END
        ) AS scheme,
        period_start, period_end, period_kind, value, series
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND value IS NOT NULL
    AND len(list_filter(dimensions, lambda d: d.dimension <> 'scheme' AND d.code <> 'TOTAL')) = 0
)

SELECT
    scheme, measure, period_start, period_end, period_kind,
    list_sort(list_distinct(list(series))) AS series, list_sort(list_distinct(list(value))) AS figures
FROM figures
WHERE scheme IS NOT NULL AND measure <> 'share' AND period_start IS NOT NULL
GROUP BY scheme, measure, period_start, period_end, period_kind
HAVING count(DISTINCT value) > 1
