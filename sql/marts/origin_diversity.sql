-- How many places people come from, in effect: 1 over the sum of the squared shares of a list by place, and the share of
-- the mainland of China.  Shows concentration: 1 where all come from one place, n where n places share alike.  Does not
-- show reasons, nor a change in demand; lists of other length or other periods are not comparable.  A row that is not
-- one place ('Others', a region) counts as one in the lower bound and as infinitely many in the upper one.  A list that
-- does not add up to its printed total has a row missing or withheld, and gets no figure.
-- key: series, scheme, measure, classification, period_start, period_end, period_kind
-- columns:
--   scheme VARCHAR: code of the scheme where the figures name one; empty where the whole series is of one scheme
--   places BIGINT: single places listed with a figure above zero [places]
--   groups BIGINT: rows that are not one place ('Others', a region) with a figure above zero [rows]
--   total DECIMAL(38,10): the denominator of the shares: all rows of the list together; null where the list is not whole [as its measure]
--   total_is VARCHAR: 'printed total' where the rows add up to it, 'sum of the rows' where none is printed (a missing row would not be noticed), 'does not add up' where a figure is in doubt or the rows miss the printed total, 'not whole' where none is printed and a row was kept out or only one row stands there
--   effective_origins_least DECIMAL(38,2): effective number of origins, each row that is not one place counted as one [places]
--   effective_origins_most DECIMAL(38,2): the same, each such row counted as infinitely many places; null where no place is named [places]
--   mainland_percent DECIMAL(5,2): the mainland of China as a part of the total; null where it is not listed [%]
--   others_percent DECIMAL(5,2): 'Others' and regions as a part of the total; 0 where there are no such rows [%]
--   verdict VARCHAR: the weakest of the verdicts of its figures
--   released_from DATE: release date (or its lower bound) of the latest of its figures
--   releases VARCHAR[]: the releases that print its figures
--   sources: the cells that print its figures
WITH rows AS (
    SELECT
        series, measure, classification, period_start, period_end, period_kind, period_label, rank,
        coalesce(list_filter(dimensions, lambda d: d.dimension = 'scheme')[1].code, '') AS scheme,
        list_filter(dimensions, lambda d: d.dimension = 'place')[1].code AS code,
        -- one place has a code of ISO 3166, or is the mainland; a region, a list of places and 'Others' are many
        code = 'MAINLAND' OR length(code) = 2 AS is_place,
        -- nothing there ("nil", "-") counts nought; a hedged, disputed or unknown figure makes the list incomplete
        CASE WHEN NOT disputed AND approx = '' AND (value IS NOT NULL OR absence = 'nil') THEN coalesce(value, 0) END
            AS value,
        released_from, releases, sources
    FROM core.editions
    WHERE edition = 'latest' AND period_start IS NOT NULL
    AND NOT is_total AND code IS NOT NULL AND len(dimensions) = CASE WHEN scheme = '' THEN 1 ELSE 2 END
),

totals AS (
    SELECT
        series, measure, classification, period_start, period_end, period_kind, value AS printed,
        coalesce(list_filter(dimensions, lambda d: d.dimension = 'scheme')[1].code, '') AS scheme,
        list_filter(dimensions, lambda d: d.dimension = 'place')[1].code AS code
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND scope = '' AND is_total
    AND code = 'TOTAL' AND len(dimensions) = CASE WHEN scheme = '' THEN 1 ELSE 2 END
),

lists AS (
    SELECT
        r.series, r.scheme, r.measure, r.classification, r.period_start, r.period_end, r.period_kind,
        min(r.period_label) AS period_label,
        count(*) FILTER (WHERE r.is_place AND r.value > 0) AS named,
        count(*) FILTER (WHERE NOT r.is_place AND r.value > 0) AS groups,
        sum(r.value) AS added_up, bool_and(coalesce(r.value >= 0, false)) AS known,
        any_value(t.printed) AS printed, count(*) AS listed, coalesce(max(g.kept_out), 0) AS kept_out,
        coalesce(sum(r.value::DOUBLE ^ 2) FILTER (WHERE r.is_place), 0) AS squares,
        coalesce(sum(r.value::DOUBLE ^ 2) FILTER (WHERE NOT r.is_place), 0) AS group_squares,
        coalesce(sum(r.value) FILTER (WHERE NOT r.is_place), 0)::DOUBLE AS others,
        sum(r.value) FILTER (WHERE r.code = 'MAINLAND') AS part,
        max(r.rank) AS rank,
        max(r.released_from) AS released_from,
        list_sort(list_distinct(flatten(list(r.releases ORDER BY r.code)))) AS releases,
        flatten(list(r.sources ORDER BY r.code)) AS sources
    FROM rows AS r
    LEFT JOIN totals AS t
        ON t.series = r.series AND t.scheme = r.scheme AND t.measure = r.measure AND t.classification = r.classification
        AND t.period_start IS NOT DISTINCT FROM r.period_start AND t.period_end = r.period_end
        AND t.period_kind = r.period_kind
    LEFT JOIN quality.incomplete_lists AS g
        ON g.series = r.series AND g.scheme = r.scheme AND g.measure = r.measure AND g.classification = r.classification
        AND g.dimension = 'place' AND g.period_start = r.period_start AND g.period_end = r.period_end
        AND g.period_kind = r.period_kind
    GROUP BY r.series, r.scheme, r.measure, r.classification, r.period_start, r.period_end, r.period_kind
),

judged AS (
    SELECT
        *,
        CASE
            WHEN NOT known OR added_up = 0 OR added_up <> coalesce(printed, added_up) THEN 'does not add up'
            WHEN printed IS NULL AND (kept_out > 0 OR listed = 1) THEN 'not whole'
            WHEN printed IS NULL THEN 'sum of the rows'
            ELSE 'printed total'
        END AS total_is,
        CASE WHEN total_is IN ('printed total', 'sum of the rows') THEN added_up::DOUBLE END AS whole
    FROM lists
)

SELECT
    j.series, j.scheme, j.measure, j.classification, j.period_start, j.period_end, j.period_kind, j.period_label,
    j.named AS places, j.groups,
    CASE WHEN j.total_is <> 'not whole' THEN coalesce(j.printed, j.added_up) END::DECIMAL(38, 10) AS total,
    j.total_is,
    (j.whole ^ 2 / (j.squares + j.group_squares))::DECIMAL(38, 2) AS effective_origins_least,
    (j.whole ^ 2 / nullif(j.squares, 0))::DECIMAL(38, 2) AS effective_origins_most,
    (100 * j.part / j.whole)::DECIMAL(5, 2) AS mainland_percent,
    (100 * j.others / j.whole)::DECIMAL(5, 2) AS others_percent,
    v.verdict, j.released_from, j.releases, j.sources
FROM judged AS j
INNER JOIN core.verdicts AS v ON v.rank = j.rank
