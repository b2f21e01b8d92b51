-- Every figure that a sentence states, with what other sources print of the same scheme, measure and period: at most
-- consistent where a table or another release gives it, else unproved; contradicted where a table gives another figure.
-- A hedged figure is compared by its rounding: "over 55 000" meets 55 000 to 55 999, "about 68 000" 67 500 to 68 500.
-- key: statement_id
-- columns:
--   verdict VARCHAR: consistent, unproved, contradicted
--   is_met_by_table BOOLEAN: whether a table prints a figure that it agrees with
--   is_met_by_statement BOOLEAN: whether a sentence of another document states a figure that it agrees with
--   is_transcript BOOLEAN: whether its document is one that was made for this project and proves nothing about reading
--   location VARCHAR: where its paragraph stands in its document, in words
--   release VARCHAR: the release in words
--   released_from DATE: the release date, or the earliest day that it can be
--   superseded_by VARCHAR: document that counts in its place; null where it counts itself
WITH bounded AS (
    SELECT
        s.*,
        -- the unit of the last digit that is not zero: 55 000 is said to the thousand
        greatest(
            precision_unit,
            power(10, length(s.value::BIGINT::VARCHAR) - length(rtrim(s.value::BIGINT::VARCHAR, '0')))::DECIMAL(38, 10)
        ) AS rounding_unit
    FROM stage.statements AS s
    WHERE s.value IS NOT NULL AND s.value > 0
),

ranged AS (
    SELECT
        *,
        CASE qualifier WHEN 'about' THEN value - rounding_unit / 2 WHEN 'near' THEN value - rounding_unit
            WHEN 'under' THEN value - rounding_unit ELSE value END AS value_min,
        CASE qualifier WHEN 'about' THEN value + rounding_unit / 2 WHEN 'over' THEN value + rounding_unit
            ELSE value END AS value_max
    FROM bounded
),

printed AS (
    SELECT DISTINCT
        -- a series of one scheme names it in its definition, and not in its figures
        coalesce(
            list_filter(dimensions, lambda d: d.dimension = 'scheme')[1].code,
            CASE WHEN series LIKE 'qmas\_%' ESCAPE '\' THEN 'QMAS' END
        ) AS scheme,
        measure, period_start, period_end, value
    FROM core.observations
    WHERE loads AND value IS NOT NULL AND approx = ''
    AND len(list_filter(dimensions, lambda d: d.dimension <> 'scheme' AND d.code <> 'TOTAL')) = 0
),

by_table AS (
    SELECT
        r.statement_id, bool_or(p.value BETWEEN r.value_min AND r.value_max) AS meets,
        bool_or(p.value NOT BETWEEN r.value_min AND r.value_max) AS differs
    FROM ranged AS r
    INNER JOIN printed AS p
        ON p.scheme = r.scheme AND p.measure = r.measure AND p.period_end = r.period_end
        AND p.period_start IS NOT DISTINCT FROM r.period_start
    GROUP BY r.statement_id
),

by_statement AS (
    SELECT r.statement_id, bool_or(o.value BETWEEN r.value_min AND r.value_max) AS meets
    FROM ranged AS r
    INNER JOIN ranged AS o
        ON o.scheme = r.scheme AND o.measure = r.measure AND o.period_end = r.period_end
        AND o.period_start IS NOT DISTINCT FROM r.period_start AND o.document_id <> r.document_id
        AND (o.qualifier = '' OR (o.qualifier = r.qualifier AND o.value = r.value))
    GROUP BY r.statement_id
)

SELECT
    r.statement_id, r.document_id, r.block, r.scheme, r.measure, r.period_start, r.period_end, r.period_kind, r.value,
    r.precision_unit, r.qualifier, r.text, r.sentence,
    coalesce(t.meets, false) AS is_met_by_table,
    coalesce(o.meets, false) AS is_met_by_statement,
    CASE
        WHEN t.differs AND NOT t.meets THEN 'contradicted'
        WHEN t.meets OR o.meets THEN 'consistent'
        ELSE 'unproved'
    END AS verdict,
    d.kind = 'facsimile' AS is_transcript, p.place AS location, d.release, d.released_from, d.superseded_by
FROM ranged AS r
LEFT JOIN by_table AS t ON t.statement_id = r.statement_id
LEFT JOIN by_statement AS o ON o.statement_id = r.statement_id
LEFT JOIN core.documents AS d ON d.document_id = r.document_id
LEFT JOIN staging.paragraphs AS p ON p.document_id = r.document_id AND p.block = r.block
