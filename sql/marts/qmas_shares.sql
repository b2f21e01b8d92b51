-- What part of the quotas allotted under the Quality Migrant Admission Scheme went to each industry, place and points
-- test, and its rank.  Shows how the quotas that a release lists are spread.  Does not show demand, chances or who
-- arrived, and
-- 'Others' of one classification is not 'Others' of another.  Where the rows do not add up to the printed total, or
-- none is printed and a row was kept out or stands alone, there is no share and no rank.
-- key: dimension, period_start, period_end, period_kind, classification, code
-- columns:
--   dimension VARCHAR: what the quotas are divided by: industry, place or test
--   code VARCHAR: code of the industry, place or test in the vocabulary
--   label VARCHAR: the industry, place or test as printed
--   total BIGINT: the denominator of the share: quotas allotted to all rows of the list together [persons]
--   total_is VARCHAR: what the denominator is: 'printed total', or 'sum of the rows' where none is printed (a missing row would not be noticed)
--   share_percent DECIMAL(5,2): quotas allotted as a part of the total; null where the rows do not add up to it or the list is not whole [%]
--   rank BIGINT: 1 = most quotas; 'Others' is no class of its own and has no rank; null where there is no share [rank]
--   verdict VARCHAR: the weaker of the verdicts of the figure and of the denominator
--   sources: the cells that print the figure and the printed total
WITH listed AS (
    SELECT 'industry' AS dimension, * FROM marts.qmas_by_industry
    UNION ALL BY NAME
    SELECT 'place' AS dimension, * FROM marts.qmas_by_place
    UNION ALL BY NAME
    SELECT 'test' AS dimension, * FROM marts.qmas_by_test
),

-- the weakest of the rows is that of their sum
summed AS (
    SELECT
        l.*, v.rank AS own_rank, sum(l.quotas_allotted) OVER same AS added_up, max(v.rank) OVER same AS sum_rank,
        min(l.quotas_allotted) OVER same >= 0 AS countable, count(*) OVER same AS listed
    FROM listed AS l
    INNER JOIN core.verdicts AS v ON v.verdict = l.verdict
    WINDOW same AS (PARTITION BY l.dimension, l.period_start, l.period_end, l.period_kind, l.classification)
),

printed AS (
    SELECT
        dimensions[1].dimension AS dimension, period_start, period_end, period_kind, classification, value, rank, sources
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND scope = '' AND is_total AND len(dimensions) = 1 AND dimensions[1].code = 'TOTAL'
    AND series IN ('qmas_by_industry', 'qmas_by_place', 'qmas_profile')
    AND dimension IN ('industry', 'place', 'test') AND measure = 'quotas_allotted' AND value IS NOT NULL
),

joined AS (
    SELECT
        s.*, p.value IS NOT NULL AS is_printed, p.rank AS total_rank, p.sources AS total_sources,
        coalesce(p.value, s.added_up) AS denominator,
        s.added_up = coalesce(p.value, s.added_up) AND s.added_up > 0 AND s.countable
        AND (p.value IS NOT NULL OR (s.listed > 1 AND g.kept_out IS NULL)) AS whole
    FROM summed AS s
    LEFT JOIN printed AS p
        ON p.dimension = s.dimension AND p.period_start IS NOT DISTINCT FROM s.period_start
        AND p.period_end = s.period_end AND p.period_kind = s.period_kind AND p.classification = s.classification
    LEFT JOIN quality.incomplete_lists AS g
        ON g.series = CASE s.dimension WHEN 'test' THEN 'qmas_profile' ELSE 'qmas_by_' || s.dimension END
        AND g.measure = 'quotas_allotted' AND g.dimension = s.dimension AND g.classification = s.classification
        AND g.period_start = s.period_start AND g.period_end = s.period_end AND g.period_kind = s.period_kind
)

SELECT
    j.dimension, j.period_start, j.period_end, j.period_kind, j.period_label, j.classification, j.code, j.label,
    j.quotas_allotted,
    j.denominator::BIGINT AS total,
    CASE WHEN j.is_printed THEN 'printed total' ELSE 'sum of the rows' END AS total_is,
    CASE WHEN j.whole THEN (100 * j.quotas_allotted / j.denominator)::DECIMAL(5, 2) END AS share_percent,
    CASE WHEN j.whole AND j.code <> 'OTHERS' THEN rank() OVER (
        PARTITION BY
            j.dimension, j.period_start, j.period_end, j.period_kind, j.classification, j.code = 'OTHERS'
        ORDER BY j.quotas_allotted DESC
    ) END AS rank,
    v.verdict,
    j.released_from, j.releases,
    CASE WHEN j.is_printed THEN list_concat(j.sources, j.total_sources) ELSE j.sources END AS sources
FROM joined AS j
INNER JOIN core.verdicts AS v ON v.rank = greatest(j.own_rank, coalesce(j.total_rank, j.sum_rank))
