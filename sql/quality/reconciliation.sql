-- What releases say of each other: one row for every comparison that the facts allow, with both sides.  A comparison
-- corroborates, or differs, or cannot be evaluated because the other side is missing, which is neither.  It never makes a
-- verdict stronger nor chooses a value.  Differences are classed: revision (a later release restates), scope (another
-- measure or another span: both are right), rounding, error (nothing explains it).
-- key: sentence, figure_id, against
-- columns:
--   sentence VARCHAR: what should hold
--   outcome VARCHAR: corroborated, differs, not evaluable
--   class VARCHAR: revision, scope, rounding, error; empty where nothing differs or nothing could be evaluated
--   figure_id VARCHAR: the figure that was looked at; of a document without its twin, the document
--   against VARCHAR: the figures or the document that it was held against; empty where there are none
--   unit VARCHAR: unit of the figure
--   expected DECIMAL(38,10): what the other side makes of it [in the column unit]
--   found DECIMAL(38,10): what the figure says [in the column unit]
--   gap DECIMAL(38,10): found less expected [in the column unit]
--   slack DECIMAL(38,10): the largest gap that rounding of the printed figures would explain [in the column unit]
--   statement VARCHAR: the comparison written out
--   sources: the cells of both sides
WITH facts AS (
    SELECT
        figure_id, series, measure, dimension_key, classification, period_start, period_end, period_kind, period_label,
        unit, value, value_text, sources, approx, quantum, status, known_from,
        -- "Others" is what a list leaves out: it is not comparable between lists, and lists grow
        regexp_matches(dimension_key, '=(\w+_)?OTHERS(;|$)') AS residual,
        -- a count printed to the unit is exact
        CASE
            WHEN quantum = 1 AND approx = '' AND NOT regexp_matches(unit, 'thousand|million|billion|%|per cent') THEN 0
            ELSE quantum / 2
        END::DECIMAL(38, 10) AS half,
        figure_id IN (SELECT figure_id FROM marts.revisions WHERE class = 'revision') AS revised
    FROM core.editions
    WHERE edition = 'latest' AND NOT disputed AND value IS NOT NULL
),

-- 1. stock(t) less the flow of the period is stock(t - 1)
stocks AS (
    SELECT
        'a stock less its flow is the stock before' AS sentence,
        a.figure_id, concat_ws(' ', f.figure_id, b.figure_id) AS against,
        a.series, a.measure, a.dimension_key, a.classification, a.period_start, a.period_end, a.period_kind, a.unit,
        b.value AS expected, a.value - f.value AS found, a.half + f.half + b.half AS slack,
        a.revised OR f.revised OR b.revised AS revised,
        a.value_text || ' to ' || a.period_end || ' less ' || f.value_text || ' of ' || f.period_label || ' is '
        || CASE
            WHEN b.value IS NULL THEN 'the stock of ' || (f.period_start - 1) || ', which no release at hand prints'
            ELSE b.value_text || ' to ' || b.period_end
        END AS statement,
        list_concat(list_concat(a.sources, f.sources), coalesce(b.sources, [])) AS sources
    FROM facts AS a
    INNER JOIN facts AS f
        ON f.series = a.series AND f.measure = a.measure AND f.dimension_key = a.dimension_key AND f.unit = a.unit
        AND f.period_kind = 'flow' AND f.period_end = a.period_end
    LEFT JOIN facts AS b
        ON b.series = a.series AND b.measure = a.measure AND b.dimension_key = a.dimension_key AND b.unit = a.unit
        AND b.period_kind = a.period_kind AND b.period_start IS NOT DISTINCT FROM a.period_start
        AND b.classification = a.classification AND b.period_end = f.period_start - 1
    WHERE NOT a.residual AND a.period_kind IN ('cumulative', 'stock') AND (a.period_start IS NULL OR f.period_start > a.period_start)
),

-- 2. a cumulative figure is the sum of its years, a year the sum of its months
parts AS (
    SELECT
        series, measure, dimension_key, classification, unit, figure_id, value, half, sources, revised,
        period_start, period_end,
        CASE WHEN date_trunc('month', period_start) = period_start AND last_day(period_start) = period_end
            THEN 'month' ELSE 'year' END AS span
    FROM facts
    WHERE period_kind = 'flow' AND (
        (date_trunc('month', period_start) = period_start AND last_day(period_start) = period_end)
        OR (year(period_start) = year(period_end) AND strftime(period_end, '%m-%d') = '12-31')
    )
    -- of a year that is printed in part and in whole, the whole
    QUALIFY row_number() OVER (
        PARTITION BY series, measure, dimension_key, classification, unit, span, period_end ORDER BY period_start
    ) = 1
),

wholes AS (
    SELECT
        *,
        CASE WHEN year(period_start) < year(period_end) THEN 'year' ELSE 'month' END AS span,
        CASE WHEN year(period_start) < year(period_end) THEN year(period_end) - year(period_start) + 1
            ELSE date_diff('month', period_start, period_end) + 1 END AS expected_parts
    FROM facts
    WHERE period_kind IN ('cumulative', 'flow') AND last_day(period_start) < period_end
    AND NOT residual
),

added AS (
    SELECT
        w.figure_id, count(*) AS n, sum(p.value) AS total, sum(p.half) AS half, bool_or(p.revised) AS revised,
        max(p.period_end) = any_value(w.period_end) AS to_the_end,
        string_agg(p.figure_id, ' ' ORDER BY p.period_end) AS against,
        flatten(list(p.sources ORDER BY p.period_end)) AS sources
    FROM wholes AS w
    INNER JOIN parts AS p
        ON p.series = w.series AND p.measure = w.measure AND p.dimension_key = w.dimension_key
        AND p.classification = w.classification AND p.unit = w.unit AND p.span = w.span
        AND p.period_end <= w.period_end AND p.period_start >= date_trunc(w.span, w.period_start)
        AND p.figure_id <> w.figure_id
    GROUP BY w.figure_id
),

sums AS (
    SELECT
        CASE w.span WHEN 'year' THEN 'a cumulative figure is the sum of its years' ELSE 'a year is the sum of its months' END
            AS sentence,
        w.figure_id, a.against, w.series, w.measure, w.dimension_key, w.classification, w.period_start, w.period_end,
        w.period_kind, w.unit,
        CASE WHEN a.n = w.expected_parts AND a.to_the_end THEN a.total END::DECIMAL(38, 10) AS expected,
        w.value AS found, (w.half + a.half)::DECIMAL(38, 10) AS slack, w.revised OR a.revised AS revised,
        w.value_text || ' from ' || w.period_start || ' to ' || w.period_end || ' against '
        || CASE
            WHEN a.n = w.expected_parts AND a.to_the_end
                THEN regexp_replace(a.total::VARCHAR, '\.?0+$', '') || ', the sum of ' || a.n || ' ' || w.span || 's'
            ELSE 'the sum of its ' || w.span || 's, of which ' || a.n || ' of ' || w.expected_parts || ' are at hand'
        END AS statement,
        list_concat(w.sources, a.sources) AS sources
    FROM wholes AS w
    INNER JOIN added AS a ON a.figure_id = w.figure_id
),

-- 3. the end of one period is the start of the next; measures are named so in their cards
ends AS (
    SELECT *, regexp_replace(measure, '_end$', '') AS stem, period_end AS day
    FROM facts
    WHERE period_kind = 'stock' AND measure LIKE '%\_end' ESCAPE '\'
),

starts AS (
    SELECT
        *, regexp_replace(measure, '_start$', '') AS stem,
        CASE WHEN day(period_end) = 1 THEN period_end - 1 ELSE period_end END AS day
    FROM facts
    WHERE period_kind = 'stock' AND measure LIKE '%\_start' ESCAPE '\'
),

-- the reporting year begins where figures of the year so far begin
year_ends AS (
    SELECT DISTINCT series, period_start - 1 AS day
    FROM facts
    WHERE period_kind = 'flow' AND period_end > last_day(period_start)
),

turns AS (
    SELECT
        'the end of a month is the start of the next' AS sentence,
        coalesce(e.figure_id, s.figure_id) AS figure_id,
        CASE WHEN e.figure_id IS NULL THEN '' ELSE coalesce(s.figure_id, '') END AS against,
        coalesce(e.series, s.series) AS series, coalesce(e.measure, s.measure) AS measure,
        coalesce(e.dimension_key, s.dimension_key) AS dimension_key,
        coalesce(e.classification, s.classification) AS classification,
        NULL::DATE AS period_start, coalesce(e.day, s.day) AS period_end, 'stock' AS period_kind,
        coalesce(e.unit, s.unit) AS unit,
        s.value AS expected, e.value AS found, e.half + s.half AS slack,
        y.day IS NOT NULL OR e.revised OR s.revised AS revised,
        coalesce(e.value_text, 'no figure at hand') || ' at the end of ' || coalesce(e.day, s.day) || ' against '
        || coalesce(s.value_text, 'no figure at hand') || ' at the start of the day after'
        || CASE WHEN y.day IS NOT NULL AND e.value <> s.value THEN ': the year end was restated' ELSE '' END AS statement,
        list_concat(coalesce(e.sources, []), coalesce(s.sources, [])) AS sources
    FROM ends AS e
    FULL JOIN starts AS s
        ON s.series = e.series AND s.stem = e.stem AND s.dimension_key = e.dimension_key AND s.unit = e.unit
        AND s.classification = e.classification AND s.day = e.day
    LEFT JOIN year_ends AS y ON y.series = coalesce(e.series, s.series) AND y.day = coalesce(e.day, s.day)
),

-- 4. open data equal the releases
printed AS (
    SELECT
        figure_id, medium = 'csv' AS open_data,
        max_by(value, (known_from, cell_id)) AS value, max_by(value_text, (known_from, cell_id)) AS value_text,
        max(quantum) AS quantum, max(approx) AS approx, max(dated) AS dated, max(known_from) AS known_from
    FROM core.observations
    WHERE loads AND value IS NOT NULL
    GROUP BY figure_id, medium = 'csv'
),

opened AS (
    SELECT
        'open data equal the releases' AS sentence, l.figure_id, coalesce(r.figure_id, '') AS against,
        l.series, l.measure, l.dimension_key, l.classification, l.period_start, l.period_end, l.period_kind, l.unit,
        r.value AS expected, c.value AS found,
        CASE
            WHEN c.quantum <> r.quantum OR c.approx <> r.approx THEN greatest(c.quantum, r.quantum) ELSE 0
        END::DECIMAL(38, 10) AS slack,
        l.figure_id IN (SELECT figure_id FROM marts.revisions WHERE class = 'revision') AS revised,
        c.value_text || ' in the open data, ' || coalesce(r.value_text || ' in the releases', 'no release at hand prints it')
            AS statement,
        l.sources
    FROM printed AS c
    INNER JOIN core.editions AS l ON l.figure_id = c.figure_id AND l.edition = 'latest'
    LEFT JOIN printed AS r ON r.figure_id = c.figure_id AND NOT r.open_data
    WHERE c.open_data
),

-- 5. language twins give the same figures
linked AS (
    SELECT DISTINCT
        least(d.document_id, t.document_id) AS one, greatest(d.document_id, t.document_id) AS other
    FROM (SELECT document_id, unnest(twins).url AS url FROM staging.documents) AS d
    INNER JOIN staging.documents AS t ON t.source_url = d.url AND t.document_id <> d.document_id
),

spoken AS (
    SELECT
        figure_id, document_id, series, measure, dimension_key, classification, period_start, period_end, period_kind,
        period_label, unit, loads, withheld, coalesce(value_text, absence) AS said, value,
        struct_pack(
            measure := measure, document_id := document_id, table_id := table_id, cell_id := cell_id,
            release := release, released := released, language := language, medium := medium,
            source_url := source_url, path := path, place := place, text := text, verdict := verdict,
            known_from := known_from
        ) AS source
    FROM core.observations
    WHERE superseded_by IS NULL AND document_id IN (SELECT one FROM linked UNION ALL SELECT other FROM linked)
),

twinned AS (
    SELECT a.figure_id, l.one, l.other, a.document_id, a AS mine, b AS yours
    FROM linked AS l
    INNER JOIN spoken AS a ON a.document_id = l.one
    LEFT JOIN spoken AS b ON b.document_id = l.other AND b.figure_id = a.figure_id
    UNION ALL
    SELECT b.figure_id, l.one, l.other, b.document_id, b AS mine, NULL AS yours
    FROM linked AS l
    INNER JOIN spoken AS b ON b.document_id = l.other
    WHERE NOT EXISTS (SELECT 1 FROM spoken AS a WHERE a.document_id = l.one AND a.figure_id = b.figure_id)
),

twins AS (
    SELECT
        'language twins give the same figures' AS sentence, figure_id, one || ' ' || other AS against,
        any_value(mine.series) AS series, any_value(mine.measure) AS measure,
        any_value(mine.dimension_key) AS dimension_key, any_value(mine.classification) AS classification,
        any_value(mine.period_start) AS period_start, any_value(mine.period_end) AS period_end,
        any_value(mine.period_kind) AS period_kind, any_value(mine.unit) AS unit,
        min(mine.value) AS expected, min(yours.value) AS found,
        count(yours.figure_id) > 0 AS paired, bool_and(mine.said IS NOT DISTINCT FROM yours.said) AS same,
        -- the other twin prints figures of this kind, and not this one
        bool_or(document_id = one AND EXISTS (
            SELECT 1 FROM spoken AS s
            WHERE s.document_id = other AND s.series = mine.series AND s.measure = mine.measure
        )) OR bool_or(document_id = other AND EXISTS (
            SELECT 1 FROM spoken AS s
            WHERE s.document_id = one AND s.series = mine.series AND s.measure = mine.measure
        )) AS expected_there,
        any_value(
            mine.said || ' in ' || mine.source.release || ' (' || mine.source.language || '), '
            || coalesce(yours.said || ' in ' || yours.source.release || ' (' || yours.source.language || ')', 'not in its twin')
        ) AS statement,
        list_distinct(list_concat(list(mine.source), list_filter(list(yours.source), lambda s: s IS NOT NULL))) AS sources
    FROM twinned
    GROUP BY figure_id, one, other
),

-- 6. several releases say the same of a figure
said AS (
    SELECT
        figure_id, count(DISTINCT document_id) AS documents,
        count(DISTINCT coalesce(value_text, absence)) AS values,
        bool_or(NOT loads AND value IS NOT NULL) AS kept_out,
        list(DISTINCT coalesce(value_text, absence) || CASE WHEN loads THEN '' ELSE ' (kept out)' END) AS all_said,
        min(value) AS least, max(value) AS most, min(quantum) AS finest, max(quantum) AS coarsest
    FROM core.observations
    WHERE superseded_by IS NULL AND (value IS NOT NULL OR absence = 'nil')
    GROUP BY figure_id
    HAVING count(DISTINCT document_id) > 1
),

restated AS (
    SELECT
        'several releases say the same of a figure' AS sentence, l.figure_id, '' AS against,
        l.series, l.measure, l.dimension_key, l.classification, l.period_start, l.period_end, l.period_kind, l.unit,
        f.value AS expected, coalesce(l.value, s.most) AS found, s.values = 1 AS same,
        CASE
            WHEN s.values = 1 THEN ''
            WHEN s.finest < s.coarsest AND s.most - s.least < s.coarsest THEN 'rounding'
            WHEN l.disputed OR s.kept_out OR r.class = 'error' THEN 'error'
            ELSE 'revision'
        END AS class,
        array_to_string(list_sort(s.all_said), ', ') || ' in ' || s.documents || ' documents' AS statement,
        coalesce(list_distinct(list_concat(f.sources, l.sources)), l.sources) AS sources
    FROM said AS s
    INNER JOIN core.editions AS l ON l.figure_id = s.figure_id AND l.edition = 'latest'
    LEFT JOIN core.editions AS f ON f.figure_id = s.figure_id AND f.edition = 'first'
    LEFT JOIN (SELECT figure_id, max(class) FILTER (WHERE class = 'error') AS class FROM marts.revisions GROUP BY figure_id)
        AS r ON r.figure_id = s.figure_id
),

-- 7. figures that look alike and are of another scope: both are right
told AS (
    SELECT *
    FROM (SELECT *, list_sort(list_distinct(list_transform(sources, lambda s: s.document_id))) AS documents FROM facts)
    WINDOW alike AS (PARTITION BY series, dimension_key, classification, unit, period_end)
    QUALIFY min(documents) OVER alike <> max(documents) OVER alike
),

scopes AS (
    SELECT
        'figures of another scope stand apart' AS sentence, a.figure_id, b.figure_id AS against,
        a.series, a.measure, a.dimension_key, a.classification, a.period_start, a.period_end, a.period_kind, a.unit,
        b.value AS expected, a.value AS found,
        concat_ws(
            ' ', a.value_text, a.measure, '(' || a.period_kind, coalesce('from ' || a.period_start, 'at') || ')', 'and',
            b.value_text, b.measure, '(' || b.period_kind, coalesce('from ' || b.period_start, 'at') || ')',
            'to the same', a.period_end, 'are both right: they differ in scope'
        ) AS statement,
        list_concat(a.sources, b.sources) AS sources
    FROM told AS a
    INNER JOIN told AS b
        ON b.series = a.series AND b.dimension_key = a.dimension_key AND b.classification = a.classification
        AND b.unit = a.unit AND b.period_end = a.period_end AND b.figure_id > a.figure_id
    WHERE a.value <> b.value AND NOT a.residual
    AND (a.measure = b.measure OR (a.period_kind = b.period_kind AND a.period_start IS NOT DISTINCT FROM b.period_start))
    AND NOT list_has_any(a.documents, b.documents)
),

compared AS (
    SELECT * FROM stocks
    UNION ALL BY NAME SELECT * FROM sums
    UNION ALL BY NAME SELECT * FROM turns
    UNION ALL BY NAME SELECT * FROM opened
),

judged AS (
    SELECT
        * EXCLUDE (revised),
        CASE
            WHEN expected IS NULL OR found IS NULL THEN 'not evaluable'
            WHEN abs(found - expected) <= slack THEN 'corroborated'
            ELSE 'differs'
        END AS outcome,
        CASE
            WHEN expected IS NULL OR found IS NULL OR found = expected THEN ''
            WHEN abs(found - expected) <= slack THEN 'rounding'
            WHEN revised THEN 'revision'
            ELSE 'error'
        END AS class
    FROM compared
    UNION ALL BY NAME
    SELECT
        * EXCLUDE (paired, same, expected_there), 0 AS slack,
        CASE
            WHEN paired AND same THEN 'corroborated'
            WHEN paired OR expected_there THEN 'differs'
            ELSE 'not evaluable'
        END AS outcome,
        CASE WHEN (paired AND NOT same) OR (NOT paired AND expected_there) THEN 'error' ELSE '' END AS class
    FROM twins
    UNION ALL BY NAME
    SELECT * EXCLUDE (same), 0 AS slack, CASE WHEN same OR class = 'rounding' THEN 'corroborated' ELSE 'differs' END
        AS outcome
    FROM restated
    UNION ALL BY NAME
    SELECT *, 0 AS slack, 'differs' AS outcome, 'scope' AS class FROM scopes
    UNION ALL BY NAME
    SELECT DISTINCT
        'language twins give the same figures' AS sentence, d.document_id AS figure_id, d.url AS against,
        o.series, '' AS measure, '' AS dimension_key, '' AS classification, '' AS period_kind, '' AS unit,
        'not evaluable' AS outcome, '' AS class, 'its twin is not at hand: ' || d.url AS statement, 0 AS slack
    FROM (SELECT document_id, unnest(twins).url AS url FROM staging.documents) AS d
    INNER JOIN (SELECT document_id, min(series) AS series FROM core.observations GROUP BY document_id) AS o
        ON o.document_id = d.document_id
    WHERE d.url NOT IN (SELECT source_url FROM staging.documents WHERE source_url IS NOT NULL)
)

SELECT
    sentence, outcome, class, series, measure, dimension_key, classification, period_start, period_end, period_kind,
    unit, expected, found, (found - expected)::DECIMAL(38, 10) AS gap, slack::DECIMAL(38, 10) AS slack, statement,
    figure_id, against, sources
FROM judged
