-- One row per calendar year: applications received and quotas allotted under the Quality Migrant Admission Scheme, as
-- last published.  A part of a year (2006 from June) is a year of its own period.  Received and allotted are counted at
-- different times: their ratio is no approval rate.
-- key: year
-- columns:
--   year INTEGER: calendar year [year]
--   period_label VARCHAR: the period as printed
--   applications_received BIGINT: applications received in the period [applications]
--   quotas_allotted BIGINT: quotas allotted in the period [persons]
--   verdict VARCHAR: the weakest of the verdicts of its figures
--   period_start DATE: first day of the period
--   period_end DATE: last day of the period
--   status VARCHAR: what a user must know beside the figures
--   inferred VARCHAR: what was inferred rather than read, or empty
--   released_from DATE: release date (or its lower bound) of the latest of its figures
--   releases VARCHAR[]: the releases that print its figures
--   sources: the cells that print its figures
WITH figures AS (
    SELECT *, year(period_end)::INTEGER AS year
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND scope = ''
    AND series = 'qmas_by_year' AND measure IN ('applications_received', 'quotas_allotted')
    AND period_kind = 'flow' AND NOT is_total AND dimension_key = ''
    AND year(period_start) = year(period_end)
    AND (value IS NULL OR value = trunc(value))
),

-- of a year that was published in part first, the longest period
periods AS (
    SELECT year, period_start, period_end
    FROM figures
    GROUP BY year, period_start, period_end
    QUALIFY row_number() OVER (PARTITION BY year ORDER BY period_end DESC, max(released_from) DESC, period_start) = 1
)

SELECT
    f.year,
    first(f.period_label ORDER BY f.measure) AS period_label,
    max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_received') AS applications_received,
    max(f.value::BIGINT) FILTER (WHERE f.measure = 'quotas_allotted') AS quotas_allotted,
    arg_max(f.verdict, f.rank) AS verdict,
    f.period_start, f.period_end,
    coalesce(string_agg(DISTINCT f.status, ', ' ORDER BY f.status) FILTER (WHERE f.status <> ''), '') AS status,
    coalesce(string_agg(DISTINCT f.inferred, '; ' ORDER BY f.inferred) FILTER (WHERE f.inferred <> ''), '') AS inferred,
    max(f.released_from) AS released_from,
    list_sort(list_distinct(flatten(list(f.releases ORDER BY f.measure)))) AS releases,
    flatten(list(f.sources ORDER BY f.measure)) AS sources
FROM figures AS f
INNER JOIN periods AS p
    ON p.year = f.year AND p.period_start IS NOT DISTINCT FROM f.period_start AND p.period_end = f.period_end
GROUP BY f.year, f.period_start, f.period_end
HAVING count(f.value) > 0
