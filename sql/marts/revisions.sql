-- Figures whose value changed from one release to a later one: what was said first, before and after, by how much, and
-- where.  A change within the precision of the coarser of the two is rounding and no revision; one by a power of ten is
-- a slip until somebody shows otherwise.  Nothing is overwritten: every value keeps its sources.
-- key: figure_id, known_from
-- columns:
--   known_from DATE: day from which the new value is known
--   class VARCHAR: revision, rounding, error (a slip by a power of ten), supplied (was absent before), withdrawn
--   first_value DECIMAL(38,10): the value as first known [in the column unit]
--   value_before DECIMAL(38,10): the value until then; null where it was absent [in the column unit]
--   value DECIMAL(38,10): the value from then on; null where it is absent now [in the column unit]
--   change DECIMAL(38,10): the value less the value before [in the column unit]
--   change_percent DOUBLE: the same in per cent of the value before [%]
--   ordinal INTEGER: which change of this figure it is, from 1 [ordinal]
--   stands BOOLEAN: whether the value is the one that stands today
--   releases_before VARCHAR[]: releases that print the value before
--   releases VARCHAR[]: releases that print the value
--   finding VARCHAR: the change in a sentence
--   sources: the cells that print the value before and those that print the value
WITH states AS (
    SELECT
        *,
        first_value(value) OVER (PARTITION BY figure_id ORDER BY known_from) AS first_value,
        lag(value) OVER by_day AS value_before,
        lag(value_text) OVER by_day AS text_before,
        lag(absence) OVER by_day AS absence_before,
        lag(unit) OVER by_day AS unit_before,
        lag(quantum) OVER by_day AS quantum_before,
        lag(approx) OVER by_day AS approx_before,
        lag(releases) OVER by_day AS releases_before,
        lag(sources) OVER by_day AS sources_before,
        row_number() OVER by_day AS turn
    FROM core.editions
    WHERE edition IN ('latest', 'earlier') AND NOT disputed
    AND figure_id IN (SELECT figure_id FROM core.editions WHERE edition = 'earlier')
    WINDOW by_day AS (PARTITION BY figure_id ORDER BY known_from)
),

changes AS (
    SELECT
        *,
        CASE
            WHEN value_before IS NULL THEN 'supplied'
            WHEN value IS NULL THEN 'withdrawn'
            WHEN (quantum <> quantum_before OR approx <> approx_before)
                AND abs(value - value_before) < greatest(quantum, quantum_before) THEN 'rounding'
            WHEN value <> 0 AND value_before <> 0 AND (
                value IN (value_before * 10, value_before * 100, value_before * 1000, value_before * 10000)
                OR value_before IN (value * 10, value * 100, value * 1000, value * 10000)
            ) THEN 'error'
            ELSE 'revision'
        END AS class
    FROM states
    WHERE turn > 1 AND (value, absence, unit) IS DISTINCT FROM (value_before, absence_before, unit_before)
)

SELECT
    figure_id, known_from, series, measure, dimensions, dimension_key, classification, label, period_start,
    period_end, period_kind, period_label, is_total, class, first_value, value_before, value,
    value - value_before AS change,
    CASE WHEN value_before <> 0 THEN round(100.0 * (value - value_before)::DOUBLE / abs(value_before)::DOUBLE, 4) END
        AS change_percent,
    unit, status, verdict,
    (row_number() OVER (PARTITION BY figure_id ORDER BY known_from))::INTEGER AS ordinal,
    edition = 'latest' AS stands,
    releases_before, releases,
    concat_ws(
        ' ', measure, nullif(dimension_key, ''), 'of', period_label || ':',
        coalesce(text_before, absence_before), 'in', array_to_string(releases_before, '; ') || ',',
        coalesce(value_text, absence), 'in', array_to_string(releases, '; '), '(' || class || ').'
    ) AS finding,
    list_concat(sources_before, sources) AS sources
FROM changes
