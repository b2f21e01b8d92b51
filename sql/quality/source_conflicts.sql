-- Figures that sources print differently: within one series, while nothing says which is the later; and of a whole scheme,
-- between series (the figure of a year, and the total of a breakdown of it).  A value with the weaker standing is withheld;
-- where neither is stronger the row stays in its mart with value null and the status 'disputed'.
-- columns:
--   conflict VARCHAR: sources: of one series; series: of a whole scheme
--   scheme VARCHAR: code of the scheme, where the conflict is of a whole scheme; else empty
--   series VARCHAR[]: the series of both sides
--   kept DECIMAL(38,10): the value that stays in the mart; null where neither is stronger [in the column unit]
--   unit VARCHAR: its unit
--   printed VARCHAR[]: the values of all sides
--   releases VARCHAR[]: the releases of all sides
--   sources: the cells of all sides
SELECT
    'sources' AS conflict, '' AS scheme, [series] AS series, measure, dimension_key, period_start, period_end, period_kind,
    NULL::DECIMAL(38, 10) AS kept, unit, printed, releases, sources
FROM core.editions
WHERE disputed AND edition = 'latest'
UNION ALL
SELECT
    'series', scheme, list_sort(list_distinct(flatten(list(series)))), measure, '', period_start, period_end, period_kind,
    max(value) FILTER (WHERE standing = 'stronger'), min(unit),
    list_sort(list_distinct(flatten(list(printed)))), list_sort(list_distinct(flatten(list(releases)))),
    flatten(list(sources ORDER BY standing, rank))
FROM core.scheme_figures
GROUP BY scheme, measure, period_start, period_end, period_kind
HAVING bool_or(standing IN ('equal', 'weaker')) AND NOT bool_or(disputed)
