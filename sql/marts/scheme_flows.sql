-- Every talent admission scheme: how many applications were received, processed, approved or rejected, how many quotas
-- allotted and visas issued, in every period that a source states, as last published.  These are different counts and
-- never stand for each other: received less approved is no count of refusals, and a quota is neither an approval nor a
-- visa.  A figure that several series state (a year, and the total of a breakdown of it) is one row with all sources; if
-- they state it differently it is in no row (see the check).  Periods overlap (months, calendar and financial years, since
-- the launch): choose one period_length before adding anything up.  A period is as labelled, also for the year of a
-- launch; counts_from says where the figure can only cover a part of it.
-- key: scheme, measure, period_start, period_end, period_kind
-- columns:
--   scheme VARCHAR: code of the scheme in the vocabulary
--   measure VARCHAR: what is counted: applications_received, applications_approved, quotas_allotted, visas_issued, ...
--   period_kind VARCHAR: flow: within the period; cumulative: from the day that the scheme began
--   period_length VARCHAR: month, year (calendar), financial year (April to March), since launch, or another span
--   counts_from DATE: day on which the scheme began, where that is after the first day of the period; null elsewhere
--   period_label VARCHAR: the period as printed
--   value DECIMAL(38,10): the figure [in the column unit]
--   unit VARCHAR: its unit
--   verdict VARCHAR: the strongest of the verdicts of the series that state it
--   status VARCHAR: what a user must know beside the figure
--   inferred VARCHAR: what was inferred rather than read, or empty
--   series VARCHAR[]: the series that state it
--   released_from DATE: release date (or its lower bound) of the earliest of its latest sources
--   releases VARCHAR[]: the releases that print it
--   sources: the cells that print it
WITH began AS (
    -- equal to valid_from of the vocabulary schemes, which a test holds it to
    SELECT * FROM (VALUES
        ('QMAS', DATE '2006-06-28'), ('TTPS', DATE '2022-12-28'), ('ASMTP', DATE '2003-07-15'),
        ('IANG', DATE '2008-05-19'), ('TECHTAS', DATE '2018-06-25'), ('ASSG', DATE '2015-05-04'),
        ('CIES', DATE '2003-10-27'), ('NEWCIES', DATE '2024-03-01'), ('ESLS', DATE '2023-09-04'),
        ('VPAS', DATE '2024-06-19')
    ) AS ours (scheme, began_on)
),

told AS (
    SELECT
        *,
        list_filter(dimensions, lambda d: d.dimension = 'scheme') AS of_scheme,
        list_filter(dimensions, lambda d: d.dimension = 'visa_type') AS of_visas,
        list_filter(dimensions, lambda d: d.dimension NOT IN ('scheme', 'visa_type')) AS others
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND value IS NOT NULL AND approx = ''
),

-- a series of one scheme names it in its card, and not in its figures
named AS (
    SELECT
        CASE
            WHEN len(of_scheme) = 1 THEN of_scheme[1].code
            WHEN series LIKE 'qmas\_%' ESCAPE '\' OR of_visas[1].code = 'QMAS_QUOTAS' THEN 'QMAS'
            WHEN series = 'iang_by_place' THEN 'IANG'
            WHEN series = 'visas_issued_by_type' THEN of_visas[1].code
        END AS scheme,
        CASE WHEN series = 'iang_by_place' THEN 'applications_approved' ELSE measure END AS measure,
        period_start, period_end, period_kind, period_label, value, unit, verdict, rank, status, inferred, series,
        released_from, releases, sources
    FROM told
    -- of a breakdown its totals alone
    WHERE len(list_filter(others, lambda d: d.code <> 'TOTAL')) = 0
    AND measure <> 'share'
    AND period_start IS NOT NULL
)

SELECT
    n.scheme, measure, period_start, period_end, period_kind,
    CASE
        WHEN period_kind = 'cumulative' THEN 'since launch'
        WHEN period_start = date_trunc('month', period_end) AND period_end = last_day(period_end) THEN 'month'
        WHEN period_start = date_trunc('year', period_end) AND period_end = make_date(year(period_end), 12, 31) THEN 'year'
        WHEN period_start = make_date(year(period_end) - 1, 4, 1) AND period_end = make_date(year(period_end), 3, 31)
            THEN 'financial year'
        ELSE 'another span'
    END AS period_length,
    any_value(b.began_on) AS counts_from,
    first(period_label ORDER BY rank, series) AS period_label,
    min(value) AS value,
    min(unit) AS unit,
    arg_min(verdict, rank) AS verdict,
    coalesce(string_agg(DISTINCT status, ', ' ORDER BY status) FILTER (WHERE status <> ''), '') AS status,
    coalesce(string_agg(DISTINCT inferred, '; ' ORDER BY inferred) FILTER (WHERE inferred <> ''), '') AS inferred,
    list_sort(list_distinct(list(series))) AS series,
    min(released_from) AS released_from,
    list_sort(list_distinct(flatten(list(releases)))) AS releases,
    flatten(list(sources ORDER BY rank, series)) AS sources
FROM named AS n
LEFT JOIN began AS b ON b.scheme = n.scheme AND b.began_on > n.period_start AND b.began_on <= n.period_end
WHERE n.scheme IN (
    'QMAS', 'TTPS', 'GEP', 'ASMTP', 'IANG', 'TECHTAS', 'ASSG', 'CIES', 'NEWCIES', 'VPAS', 'SLS', 'ESLS'
)
GROUP BY n.scheme, measure, period_start, period_end, period_kind
HAVING count(DISTINCT value) = 1 AND count(DISTINCT unit) = 1
