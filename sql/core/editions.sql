-- Every figure once for its latest edition and once for its first: one value, all sources that print it.  Where sources
-- that nothing ranks by release date print different values, the figure is disputed and has no value.  A source is
-- later only if it was certainly released later.  An absence that says nothing ("not available") and a hedged figure
-- ("about") stand back behind a plain figure, a rounded one behind the one printed more precisely.
-- key: figure_id, edition
-- columns:
--   edition VARCHAR: 'latest': what was last said; 'first': what was first said
--   value DECIMAL(38,10): the figure, exact; null where absent or disputed
--   verdict VARCHAR: the strongest of the verdicts of the sources that print this value
--   rank INTEGER: rank of the verdict, 0 = strongest
--   disputed BOOLEAN: whether sources of the same edition differ
--   printed VARCHAR[]: the different values printed in this edition
--   released_from DATE: release date (or its lower bound) of the earliest source of this value in this edition
--   releases VARCHAR[]: the releases that print it, in words
--   sources: the cells that print this value (of a disputed figure: every cell of this edition)
--   n_sources INTEGER: how many cells print it
WITH known AS (
    -- what decides, in few columns; the words are joined at the end
    SELECT
        o.figure_id, o.cell_id, o.document_id, o.value, o.value_text, o.absence, o.unit, o.quantum, o.inferred,
        o.language, o.dated, o.released_from,
        v.rank,
        coalesce(o.released_from, DATE '0001-01-01') AS lower_bound,
        coalesce(o.released_until, DATE '9999-12-31') AS upper_bound,
        CASE
            WHEN o.value IS NULL AND o.absence <> 'nil' THEN 2
            WHEN o.approx <> '' THEN 1
            ELSE 0
        END AS standing,
        max(o.released) OVER same AS last_dated,
        min(o.released) OVER same AS first_dated
    FROM core.observations AS o
    INNER JOIN core.verdicts AS v ON v.verdict = o.verdict
    WHERE o.loads
    WINDOW same AS (PARTITION BY o.figure_id, o.value, o.absence, o.unit)
),

-- an undated copy of a dated release adds a source, not a vintage
vintages AS (
    SELECT * FROM known
    WHERE dated OR NOT coalesce(
        last_dated BETWEEN lower_bound AND upper_bound OR first_dated BETWEEN lower_bound AND upper_bound, false
    )
),

bounded AS (
    SELECT
        *,
        max(lower_bound) OVER figure AS last_bound,
        min(upper_bound) OVER figure AS first_bound
    FROM vintages
    WINDOW figure AS (PARTITION BY figure_id)
),

candidates AS (
    SELECT 'latest' AS edition, * FROM bounded WHERE upper_bound >= last_bound
    UNION ALL
    SELECT 'first' AS edition, * FROM bounded WHERE lower_bound <= first_bound
),

standing AS (
    SELECT
        *,
        min(quantum) OVER (PARTITION BY figure_id, edition) AS finest
    FROM (
        SELECT * FROM candidates
        QUALIFY standing = min(standing) OVER (PARTITION BY figure_id, edition)
    )
),

settled AS (
    SELECT
        figure_id, edition,
        min(value) FILTER (WHERE quantum = finest) AS chosen,
        min(absence) FILTER (WHERE quantum = finest) AS chosen_absence,
        min(unit) AS chosen_unit,
        min(quantum) AS chosen_quantum,
        count(DISTINCT coalesce(value::VARCHAR, absence)) FILTER (WHERE quantum = finest) > 1
        OR count(DISTINCT unit) > 1 AS fine_differ,
        list(DISTINCT coalesce(value_text, absence) ORDER BY coalesce(value_text, absence)) AS printed,
        min(released_from) AS released_from
    FROM standing
    GROUP BY figure_id, edition
),

-- a rounded figure agrees where the precise one lies within one unit of its last place (some round, some cut off)
coarse AS (
    SELECT
        c.figure_id, c.edition,
        bool_or((c.value IS NULL) <> (s.chosen IS NULL) OR abs(c.value - s.chosen) >= c.quantum) AS differs
    FROM standing AS c
    INNER JOIN settled AS s ON s.figure_id = c.figure_id AND s.edition = c.edition
    WHERE c.quantum > c.finest
    GROUP BY c.figure_id, c.edition
),

judged AS (
    SELECT s.*, s.fine_differ OR coalesce(c.differs, false) AS disputed
    FROM settled AS s
    LEFT JOIN coarse AS c ON c.figure_id = s.figure_id AND c.edition = s.edition
),

-- sources: of a settled figure every cell that prints its value, whenever; of a disputed one those that differ
told AS (
    SELECT
        j.edition, j.disputed, j.chosen, j.chosen_absence, j.chosen_unit, j.printed,
        j.released_from AS edition_from, k.*
    FROM judged AS j
    INNER JOIN known AS k ON k.figure_id = j.figure_id
    WHERE NOT j.disputed
    AND k.value IS NOT DISTINCT FROM j.chosen
    AND k.absence IS NOT DISTINCT FROM j.chosen_absence
    AND k.unit = j.chosen_unit
    UNION ALL
    SELECT j.edition, j.disputed, NULL, NULL, j.chosen_unit, j.printed, j.released_from, k.*
    FROM judged AS j
    INNER JOIN known AS k ON k.figure_id = j.figure_id
    INNER JOIN standing AS c
        ON c.figure_id = j.figure_id AND c.edition = j.edition AND c.cell_id = k.cell_id
    WHERE j.disputed
),

spoken AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY figure_id, edition
            ORDER BY
                CASE WHEN language LIKE 'en%' THEN 0 ELSE 1 END, CASE WHEN inferred = '' THEN 0 ELSE 1 END,
                rank, lower_bound DESC, document_id, cell_id
        ) AS turn
    FROM told
),

gathered AS (
    SELECT
        s.figure_id, s.edition,
        coalesce(string_agg(DISTINCT o.status, ', ' ORDER BY o.status) FILTER (WHERE o.status <> ''), '') AS status,
        min(s.rank) AS rank,
        list_sort(list_distinct(list(o.release))) AS releases,
        list(
            struct_pack(
                measure := o.measure, document_id := o.document_id, table_id := o.table_id, cell_id := o.cell_id,
                release := o.release, released := o.released, language := o.language, medium := o.medium,
                source_url := o.source_url, path := o.path, place := o.place, text := o.text, verdict := o.verdict
            )
            ORDER BY s.turn
        ) AS sources,
        count(*)::INTEGER AS n_sources
    FROM spoken AS s
    INNER JOIN core.observations AS o ON o.figure_id = s.figure_id AND o.cell_id = s.cell_id
    GROUP BY s.figure_id, s.edition
)

SELECT
    s.figure_id, s.edition, o.series, o.measure, o.dimensions, o.dimension_key, o.classification, o.label,
    o.period_start, o.period_end, o.period_kind, o.period_label, o.is_total,
    s.chosen AS value, o.quantum, o.unit, s.chosen_absence AS absence, o.approx, g.status, o.inferred,
    v.verdict, v.rank, s.disputed, s.printed, s.edition_from AS released_from,
    g.releases, g.sources, g.n_sources
FROM spoken AS s
INNER JOIN gathered AS g ON g.figure_id = s.figure_id AND g.edition = s.edition
INNER JOIN core.observations AS o ON o.figure_id = s.figure_id AND o.cell_id = s.cell_id
INNER JOIN core.verdicts AS v ON v.rank = g.rank
WHERE s.turn = 1
