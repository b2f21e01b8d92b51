-- The Government's monthly financial results: one row per month, the month's own figures as first printed.  Expenditure
-- and deficits are negative.
-- key: month_ended
-- columns:
--   month_ended DATE: last day of the month
--   revenue DECIMAL(18,4): revenue of the month [HK$ million]
--   expenditure DECIMAL(18,4): expenditure of the month, negative [HK$ million]
--   surplus DECIMAL(18,4): surplus of the month, negative where it is a deficit [HK$ million]
--   reserves_start DECIMAL(18,4): fiscal reserves at the start of the month [HK$ million]
--   reserves_end DECIMAL(18,4): fiscal reserves at the end of the month [HK$ million]
--   verdict VARCHAR: the weakest of the verdicts of its figures
--   released_from DATE: release date (or its lower bound) of the first print
--   releases VARCHAR[]: the releases that print its figures
--   sources: the cells that print its figures
WITH figures AS (
    SELECT
        *,
        CASE
            WHEN period_kind = 'flow' THEN period_end
            -- a stock at the start of a month carries the date of its first day or of the day before
            WHEN measure = 'reserves_start' THEN last_day((period_end + INTERVAL 1 DAY)::DATE)
            ELSE period_end
        END AS month_ended
    FROM core.editions
    WHERE edition = 'first' AND NOT disputed AND series = 'fiscal_monthly'
    AND measure IN ('revenue', 'expenditure', 'surplus', 'reserves_start', 'reserves_end')
    AND dimension_key = '' AND value = value::DECIMAL(18, 4)
    AND (period_kind = 'stock' OR (period_kind = 'flow' AND date_trunc('month', period_end) = period_start))
),

placed AS (
    SELECT * FROM figures
    WHERE month_ended = last_day(month_ended)
    QUALIFY row_number() OVER (PARTITION BY month_ended, measure ORDER BY period_kind, period_end, figure_id) = 1
)

SELECT
    month_ended,
    max(value::DECIMAL(18, 4)) FILTER (WHERE measure = 'revenue') AS revenue,
    max(value::DECIMAL(18, 4)) FILTER (WHERE measure = 'expenditure') AS expenditure,
    max(value::DECIMAL(18, 4)) FILTER (WHERE measure = 'surplus') AS surplus,
    max(value::DECIMAL(18, 4)) FILTER (WHERE measure = 'reserves_start') AS reserves_start,
    max(value::DECIMAL(18, 4)) FILTER (WHERE measure = 'reserves_end') AS reserves_end,
    arg_max(verdict, rank) AS verdict,
    coalesce(string_agg(DISTINCT status, ', ' ORDER BY status) FILTER (WHERE status <> ''), '') AS status,
    min(released_from) AS released_from,
    list_sort(list_distinct(flatten(list(releases ORDER BY measure)))) AS releases,
    flatten(list(sources ORDER BY measure)) AS sources
FROM placed
GROUP BY month_ended
-- a month is there when its own flows are: the opening reserves of a year stand in every release of that year
HAVING count(*) FILTER (WHERE measure IN ('revenue', 'expenditure', 'surplus')) > 0
