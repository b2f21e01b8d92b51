-- What each value that sources state of a whole scheme in a period stands on, before one is chosen: one row for each
-- scheme, measure, period and value.  Figures of a part of the population are not in it.  The total of a list that need not
-- be complete is in it only where another list, or a figure of the whole, states the same.
-- columns:
--   scheme VARCHAR: code of the scheme in the vocabulary
--   value DECIMAL(38,10): the figure; null where the sources of one series dispute it [in the column unit]
--   disputed BOOLEAN: whether the sources of one series dispute it
--   is_stated BOOLEAN: whether a source states it, rather than that it was inferred
--   is_direct BOOLEAN: whether a source prints it as a figure of the scheme, rather than as the total of a list
--   n_documents BIGINT: releases that print it [releases]
--   standing VARCHAR: only, stronger (nowhere weaker in is_direct, n_documents, is_stated), weaker, or equal (neither)
WITH told AS (
    SELECT
        *,
        list_filter(dimensions, lambda d: d.dimension = 'scheme') AS of_scheme,
        list_filter(dimensions, lambda d: d.dimension = 'visa_type') AS of_visas,
        list_filter(dimensions, lambda d: d.dimension NOT IN ('scheme', 'visa_type')) AS others,
        len(others) > 0 AS is_of_list,
        concat_ws('/', classification, list_transform(others, lambda d: d.dimension)::VARCHAR) AS of_list
    FROM core.editions
    WHERE edition = 'latest' AND scope IN ('', 'listed') AND approx = '' AND (disputed OR value IS NOT NULL)
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
        period_start, period_end, period_kind, period_label, value, unit, verdict, rank, status, inferred, series, scope,
        disputed, printed, is_of_list, of_list, released_from, releases, sources
    FROM told
    -- of a breakdown its totals alone
    WHERE len(list_filter(others, lambda d: d.code <> 'TOTAL')) = 0
    AND measure <> 'share'
    AND period_start IS NOT NULL
),

-- the total of a list counts where a figure of the whole, or another list, has the same
whole AS (
    SELECT n.*
    FROM named AS n
    WHERE n.scheme IN (
        'QMAS', 'TTPS', 'GEP', 'ASMTP', 'IANG', 'TECHTAS', 'ASSG', 'CIES', 'NEWCIES', 'VPAS', 'SLS', 'ESLS'
    )
    AND (
        n.scope = ''
        OR EXISTS (
            SELECT 1 FROM named AS m
            WHERE m.scheme = n.scheme AND m.measure = n.measure AND m.period_start = n.period_start
            AND m.period_end = n.period_end AND m.period_kind = n.period_kind AND m.value = n.value
            AND (m.scope = '' OR m.of_list <> n.of_list)
        )
    )
),

grouped AS (
    SELECT
        scheme, measure, period_start, period_end, period_kind, value,
        bool_or(disputed) AS disputed,
        first(period_label ORDER BY rank, series) AS period_label,
        min(unit) AS unit,
        arg_min(verdict, rank) AS verdict,
        min(rank) AS rank,
        coalesce(string_agg(DISTINCT status, ', ' ORDER BY status) FILTER (WHERE status <> ''), '') AS status,
        coalesce(string_agg(DISTINCT inferred, '; ' ORDER BY inferred) FILTER (WHERE inferred <> ''), '') AS inferred,
        bool_or(inferred = '') AS is_stated,
        bool_or(NOT is_of_list) AS is_direct,
        list_sort(list_distinct(list(series))) AS series,
        min(released_from) AS released_from,
        list_sort(list_distinct(flatten(list(printed)))) AS printed,
        list_sort(list_distinct(flatten(list(releases)))) AS releases,
        flatten(list(sources ORDER BY rank, series)) AS sources,
        count(DISTINCT unit) AS units
    FROM whole
    GROUP BY scheme, measure, period_start, period_end, period_kind, value
),

weighed AS (
    SELECT
        *,
        len(releases) AS n_documents,
        count(*) OVER one AS n_values,
        max(units) OVER one > 1 OR min(unit) OVER one < max(unit) OVER one AS units_differ,
        bool_or(is_direct) OVER one AS any_direct,
        max(len(releases)) OVER one AS most_documents,
        bool_or(is_stated) OVER one AS any_stated,
        bool_or(disputed) OVER one AS any_disputed
    FROM grouped
    WINDOW one AS (PARTITION BY scheme, measure, period_start, period_end, period_kind)
),

-- the best of all in each of the three: several that are so are equal.  A sum that proves the digits of a list proves
-- not that the list is whole: so the verdict does not weigh here
best AS (
    SELECT
        *,
        NOT any_disputed AND NOT units_differ AND is_direct = any_direct AND n_documents = most_documents
        AND is_stated = any_stated AS is_best
    FROM weighed
),

counted AS (
    SELECT *, count(*) FILTER (WHERE is_best) OVER one AS n_best
    FROM best
    WINDOW one AS (PARTITION BY scheme, measure, period_start, period_end, period_kind)
)

SELECT
    scheme, measure, period_start, period_end, period_kind, value, disputed, period_label, unit, verdict, rank, status,
    inferred, is_stated, is_direct, series, released_from, printed, releases, sources, n_documents,
    CASE
        WHEN n_values = 1 AND NOT disputed AND NOT units_differ THEN 'only'
        WHEN is_best AND n_best = 1 THEN 'stronger'
        WHEN n_best = 1 THEN 'weaker'
        ELSE 'equal'
    END AS standing
FROM counted
