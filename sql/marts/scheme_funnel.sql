-- One row per scheme and period for which applications received and at least one outcome are published: what became of
-- them, and the difference.  Applications are decided later than they are received, so the difference is no error.
-- key: scheme, period_start, period_end, period_kind
-- columns:
--   year INTEGER: calendar year, where the figures are of one whole year; null for spans and for cumulative figures [year]
--   as_at DATE: last day of a cumulative count; null for the others
--   scheme VARCHAR: code of the scheme in the vocabulary
--   label_en VARCHAR: name of the scheme in English
--   label_zh VARCHAR: name of the scheme in Traditional Chinese
--   received BIGINT: applications received [applications]
--   approved BIGINT: applications approved [applications]
--   refused BIGINT: applications refused [applications]
--   withdrawn BIGINT: applications withdrawn or not pursued [applications]
--   pending BIGINT: applications being processed [applications]
--   difference BIGINT: received less all outcomes; null where any of the four is not published [applications]
--   verdict VARCHAR: the weakest of the verdicts of its figures
--   sources: the cells that print its figures
WITH pivoted AS (
    SELECT
        f.scheme, f.period_start, f.period_end, f.period_kind,
        CASE WHEN any_value(f.period_length) = 'year' THEN year(f.period_end)::INTEGER END AS year,
        CASE WHEN f.period_kind = 'cumulative' THEN f.period_end END AS as_at,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_received') AS received,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_approved') AS approved,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_rejected') AS refused,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_withdrawn') AS withdrawn,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_pending') AS pending,
        arg_max(f.verdict, v.rank) AS verdict,
        flatten(list(f.sources ORDER BY f.measure)) AS sources
    FROM marts.scheme_flows AS f
    INNER JOIN core.verdicts AS v ON v.verdict = f.verdict
    WHERE f.value = trunc(f.value) AND f.measure IN (
        'applications_received', 'applications_approved', 'applications_rejected', 'applications_withdrawn',
        'applications_pending'
    )
    GROUP BY f.scheme, f.period_start, f.period_end, f.period_kind
),

names AS (
    SELECT DISTINCT scheme, label_en, label_zh FROM marts.talent_schemes_by_year
)

SELECT
    p.year, p.as_at, p.scheme, n.label_en, n.label_zh, p.received, p.approved, p.refused, p.withdrawn, p.pending,
    p.received - p.approved - p.refused - p.withdrawn - p.pending AS difference,
    p.period_start, p.period_end, p.period_kind, p.verdict, p.sources
FROM pivoted AS p
LEFT JOIN names AS n ON n.scheme = p.scheme
WHERE p.received IS NOT NULL AND coalesce(p.approved, p.refused, p.withdrawn, p.pending) IS NOT NULL
