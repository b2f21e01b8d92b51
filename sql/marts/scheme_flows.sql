-- Every talent admission scheme: how many applications were received, processed, approved or rejected, how many quotas
-- allotted and visas issued, in every period that a source states, as last published.  These are different counts and
-- never stand for each other: received less approved is no count of refusals, and a quota is neither an approval nor a
-- visa.  A figure that several series state (a year, and the total of a breakdown of it) is one row with all sources; if
-- they state it differently, the value with the stronger standing stays (printed as such, not as the total of a list; more
-- releases; stated, not inferred); where neither is stronger the value is null, the status is 'disputed' and printed holds both.  Periods overlap (months, calendar and financial years, since
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
--   status VARCHAR: what a user must know beside the figure; disputed: sources differ, and neither is stronger
--   printed VARCHAR[]: the values that sources print: one, or those in dispute
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
)

SELECT
    f.scheme, f.measure, f.period_start, f.period_end, f.period_kind,
    CASE
        WHEN f.period_kind = 'cumulative' THEN 'since launch'
        WHEN f.period_start = date_trunc('month', f.period_end) AND f.period_end = last_day(f.period_end) THEN 'month'
        WHEN f.period_start = date_trunc('year', f.period_end) AND f.period_end = make_date(year(f.period_end), 12, 31)
            THEN 'year'
        WHEN f.period_start = make_date(year(f.period_end) - 1, 4, 1) AND f.period_end = make_date(year(f.period_end), 3, 31)
            THEN 'financial year'
        ELSE 'another span'
    END AS period_length,
    any_value(b.began_on) AS counts_from,
    first(f.period_label ORDER BY f.rank, f.series) AS period_label,
    CASE WHEN bool_and(f.standing <> 'equal') THEN min(f.value) END AS value,
    min(f.unit) AS unit,
    arg_min(f.verdict, f.rank) AS verdict,
    CASE
        WHEN bool_or(f.standing = 'equal') THEN 'disputed'
        ELSE coalesce(string_agg(DISTINCT f.status, ', ' ORDER BY f.status) FILTER (WHERE f.status <> ''), '')
    END AS status,
    coalesce(string_agg(DISTINCT f.inferred, '; ' ORDER BY f.inferred) FILTER (WHERE f.inferred <> ''), '') AS inferred,
    list_sort(list_distinct(flatten(list(f.series)))) AS series,
    min(f.released_from) AS released_from,
    list_sort(list_distinct(flatten(list(f.printed)))) AS printed,
    list_sort(list_distinct(flatten(list(f.releases)))) AS releases,
    flatten(list(f.sources ORDER BY f.rank, f.series)) AS sources
FROM core.scheme_figures AS f
LEFT JOIN began AS b ON b.scheme = f.scheme AND b.began_on > f.period_start AND b.began_on <= f.period_end
WHERE f.standing <> 'weaker'
GROUP BY f.scheme, f.measure, f.period_start, f.period_end, f.period_kind
