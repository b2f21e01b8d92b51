-- The mix of industries of a list: the share of technology, how concentrated the list is, and the change since the
-- vintage before of the same classification.  Technology is here the class 'Information Technology and
-- Telecommunications', and nothing else.  Shows how the printed list is spread.  Does not show demand of employers;
-- cumulative lists overlap, so that their change understates what the years between did; classifications are never
-- compared with each other.  A list that does not add up to its printed total gets no figure.
-- key: series, scheme, measure, classification, period_start, period_end, period_kind
-- columns:
--   scheme VARCHAR: code of the scheme where the figures name one; empty where the whole series is of one scheme
--   classes BIGINT: industries listed by name with a figure above zero [industries]
--   total DECIMAL(38,10): the denominator of the shares: all rows of the list together; null where the list is not whole [as its measure]
--   total_is VARCHAR: 'printed total' where the rows add up to it, 'sum of the rows' where none is printed (a missing row would not be noticed), 'does not add up' where a figure is in doubt or the rows miss the printed total, 'not whole' where none is printed and a row was kept out or only one row stands there
--   technology_percent DECIMAL(5,2): information technology and telecommunications as a part of the total; null where it is not listed [%]
--   concentration_least DECIMAL(6,4): sum of the squared shares (Herfindahl index), 'Others' counted as infinitely many classes [0..1]
--   concentration_most DECIMAL(6,4): the same, 'Others' counted as one class [0..1]
--   others_percent DECIMAL(5,2): 'Others' as a part of the total; 0 where there is no such row [%]
--   previous_period_end DATE: last day of the vintage before, of the same classification and kind of period
--   technology_change DECIMAL(5,2): share of technology less that of the vintage before [percentage points]
--   verdict VARCHAR: the weakest of the verdicts of its figures
--   released_from DATE: release date (or its lower bound) of the latest of its figures
--   releases VARCHAR[]: the releases that print its figures
--   sources: the cells that print its figures
WITH rows AS (
    SELECT
        series, measure, classification, period_start, period_end, period_kind, period_label, rank,
        coalesce(list_filter(dimensions, lambda d: d.dimension = 'scheme')[1].code, '') AS scheme,
        list_filter(dimensions, lambda d: d.dimension = 'industry')[1].code AS code,
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
        list_filter(dimensions, lambda d: d.dimension = 'industry')[1].code AS code
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND scope = '' AND is_total
    AND code = 'TOTAL' AND len(dimensions) = CASE WHEN scheme = '' THEN 1 ELSE 2 END
),

lists AS (
    SELECT
        r.series, r.scheme, r.measure, r.classification, r.period_start, r.period_end, r.period_kind,
        min(r.period_label) AS period_label,
        count(*) FILTER (WHERE r.code <> 'OTHERS' AND r.value > 0) AS named,
        sum(r.value) AS added_up, bool_and(coalesce(r.value >= 0, false)) AS known,
        any_value(t.printed) AS printed, count(*) AS listed, coalesce(max(g.kept_out), 0) AS kept_out,
        coalesce(sum(r.value::DOUBLE ^ 2) FILTER (WHERE r.code <> 'OTHERS'), 0) AS squares,
        coalesce(sum(r.value) FILTER (WHERE r.code = 'OTHERS'), 0)::DOUBLE AS others,
        sum(r.value) FILTER (WHERE r.code = 'ICT') AS part,
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
        AND g.dimension = 'industry' AND g.period_start = r.period_start AND g.period_end = r.period_end
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
),

measured AS (
    SELECT
        *,
        (100 * part / whole)::DECIMAL(5, 2) AS technology_percent,
        -- a list that does not add up is no vintage to compare with
        lag(CASE WHEN whole IS NOT NULL THEN period_end END IGNORE NULLS) OVER vintages AS previous_period_end,
        lag(CASE WHEN whole IS NOT NULL THEN 100 * part / whole END IGNORE NULLS) OVER vintages AS before
    FROM judged
    WINDOW vintages AS (PARTITION BY series, scheme, measure, classification, period_kind ORDER BY period_end, period_start)
)

SELECT
    m.series, m.scheme, m.measure, m.classification, m.period_start, m.period_end, m.period_kind, m.period_label,
    m.named AS classes,
    CASE WHEN m.total_is <> 'not whole' THEN coalesce(m.printed, m.added_up) END::DECIMAL(38, 10) AS total,
    m.total_is,
    m.technology_percent,
    (m.squares / m.whole ^ 2)::DECIMAL(6, 4) AS concentration_least,
    ((m.squares + m.others ^ 2) / m.whole ^ 2)::DECIMAL(6, 4) AS concentration_most,
    (100 * m.others / m.whole)::DECIMAL(5, 2) AS others_percent,
    CASE WHEN m.whole IS NOT NULL THEN m.previous_period_end END AS previous_period_end,
    (100 * m.part / m.whole - m.before)::DECIMAL(5, 2) AS technology_change,
    v.verdict, m.released_from, m.releases, m.sources
FROM measured AS m
INNER JOIN core.verdicts AS v ON v.rank = m.rank
