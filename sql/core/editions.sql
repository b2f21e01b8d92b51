-- Every figure once for its latest edition and once for its first, and once for every state that it was in between: one
-- value, all sources that print it.  Where sources that nothing ranks by release date print different values, the figure
-- is disputed and has no value.  A source is later only if it was certainly released later.  An absence that says
-- nothing ("not available") and a hedged figure ("about") stand back behind a plain figure, a rounded one behind the one
-- printed more precisely.  What was known at a day: core.as_of(day).
-- key: figure_id, edition, known_from
-- columns:
--   edition VARCHAR: 'latest': what was last said; 'first': what was first said; 'earlier': what stood until it was revised
--   known_from DATE: first day on which this was what was known (by release date; by the latest possible one where only bounds are known)
--   known_until DATE: day from which another value, or a dispute, took its place; null while it stands
--   value DECIMAL(38,10): the figure, exact; null where absent or disputed [in the column unit]
--   value_text VARCHAR: the same written out in full; null where absent or disputed
--   verdict VARCHAR: the strongest of the verdicts of the sources that print this value
--   rank INTEGER: rank of the verdict, 0 = strongest [rank]
--   disputed BOOLEAN: whether sources of the same edition differ
--   printed VARCHAR[]: the different values printed in this edition
--   released_from DATE: release date (or its lower bound) of the earliest source of this value in this edition
--   releases VARCHAR[]: the releases that print it, in words
--   sources: the cells that print this value (of a disputed figure: every cell of this edition)
--   n_sources INTEGER: how many cells print it [cells]
WITH known AS (
    -- what decides, in few columns; the words are joined at the end
    SELECT
        o.figure_id, o.cell_id, o.document_id, o.value, o.value_text, o.absence, o.unit, o.quantum, o.inferred,
        o.language, o.dated, o.known_from, o.released, o.released_from,
        v.rank,
        coalesce(o.released_from, DATE '0001-01-01') AS lower_bound,
        coalesce(o.released_until, DATE '9999-12-31') AS upper_bound,
        CASE
            WHEN o.value IS NULL AND o.absence <> 'nil' THEN 2
            WHEN o.approx <> '' THEN 1
            ELSE 0
        END AS standing,
        max(CASE WHEN o.dated THEN o.released END) OVER same AS last_dated,
        min(CASE WHEN o.dated THEN o.released END) OVER same AS first_dated
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

-- the days on which something else became known of a figure, before the last
days AS (
    SELECT DISTINCT figure_id, known_from AS day
    FROM known
    WHERE figure_id IN (
        SELECT figure_id FROM known
        GROUP BY figure_id
        -- two that differ: cheaper than counting the distinct ones
        HAVING min(known_from) < max(known_from)
        AND (
            min(coalesce(value::VARCHAR, absence)) < max(coalesce(value::VARCHAR, absence)) OR min(unit) < max(unit)
            OR min(quantum) < max(quantum) OR min(standing) < max(standing)
        )
    )
    QUALIFY known_from < max(known_from) OVER (PARTITION BY figure_id)
),

known_then AS (
    SELECT
        d.day::VARCHAR AS edition, k.* EXCLUDE (last_dated, first_dated),
        max(CASE WHEN k.dated THEN k.released END) OVER same AS last_dated,
        min(CASE WHEN k.dated THEN k.released END) OVER same AS first_dated
    FROM days AS d
    INNER JOIN known AS k ON k.figure_id = d.figure_id AND k.known_from <= d.day
    WINDOW same AS (PARTITION BY d.figure_id, d.day, k.value, k.absence, k.unit)
),

bounded_then AS (
    SELECT *, max(lower_bound) OVER (PARTITION BY figure_id, edition) AS last_bound
    FROM known_then
    WHERE dated OR NOT coalesce(
        last_dated BETWEEN lower_bound AND upper_bound OR first_dated BETWEEN lower_bound AND upper_bound, false
    )
),

candidates AS (
    SELECT 'latest' AS edition, * FROM bounded WHERE upper_bound >= last_bound
    UNION ALL BY NAME
    SELECT 'first' AS edition, * FROM bounded WHERE lower_bound <= first_bound
    UNION ALL BY NAME
    SELECT * FROM bounded_then WHERE upper_bound >= last_bound
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
        coalesce(
            min(coalesce(value::VARCHAR, absence)) FILTER (WHERE quantum = finest)
            < max(coalesce(value::VARCHAR, absence)) FILTER (WHERE quantum = finest),
            false
        )
        OR coalesce(min(unit) < max(unit), false) AS fine_differ,
        list_sort(list_distinct(list(coalesce(value_text, absence)))) AS printed,
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

-- editions of a figure that settle on one value have the same sources, which are gathered once, for `same_as`
judged AS (
    SELECT
        *,
        CASE
            WHEN disputed THEN edition
            ELSE min(edition) OVER (PARTITION BY figure_id, disputed, chosen, chosen_absence, chosen_unit)
        END AS same_as
    FROM (
        SELECT s.*, s.fine_differ OR coalesce(c.differs, false) AS disputed
        FROM settled AS s
        LEFT JOIN coarse AS c ON c.figure_id = s.figure_id AND c.edition = s.edition
    )
),

-- states of a figure in the order of their days; the same state on several days is one
dated_states AS (
    SELECT
        j.figure_id, j.edition,
        CASE WHEN j.edition = 'latest' THEN DATE '9999-12-31' ELSE j.edition::DATE END AS day,
        lag(j.figure_id) OVER by_day IS NULL
        OR lag(j.chosen) OVER by_day IS DISTINCT FROM j.chosen
        OR lag(j.chosen_absence) OVER by_day IS DISTINCT FROM j.chosen_absence
        OR lag(j.chosen_unit) OVER by_day IS DISTINCT FROM j.chosen_unit
        OR lag(j.disputed) OVER by_day IS DISTINCT FROM j.disputed
        OR (j.disputed AND lag(j.printed) OVER by_day IS DISTINCT FROM j.printed) AS is_new
    FROM judged AS j
    WHERE j.edition <> 'first' AND j.figure_id IN (SELECT figure_id FROM days)
    WINDOW by_day AS (
        PARTITION BY j.figure_id
        ORDER BY CASE WHEN j.edition = 'latest' THEN DATE '9999-12-31' ELSE j.edition::DATE END
    )
),

lives AS (
    SELECT figure_id, min(known_from) AS first_day, max(known_from) AS last_day
    FROM known
    GROUP BY figure_id
),

spells AS (
    SELECT figure_id, max_by(edition, day) AS edition, min(day) AS day
    FROM (SELECT *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY figure_id ORDER BY day) AS spell FROM dated_states)
    GROUP BY figure_id, spell
),

spans AS (
    SELECT
        s.figure_id, s.edition,
        least(s.day, l.last_day) AS known_from,
        CASE WHEN s.edition <> 'latest'
            THEN least(lead(s.day) OVER (PARTITION BY s.figure_id ORDER BY s.day), l.last_day) END AS known_until
    FROM spells AS s
    INNER JOIN lives AS l ON l.figure_id = s.figure_id
    UNION ALL
    SELECT figure_id, 'latest', first_day, NULL
    FROM lives
    WHERE figure_id NOT IN (SELECT figure_id FROM days)
    UNION ALL
    SELECT figure_id, 'first', first_day, NULL
    FROM lives
),

-- sources: of a settled figure every cell that prints its value, whenever; of a disputed one those that differ
told AS (
    SELECT j.edition, k.*
    FROM judged AS j
    INNER JOIN known AS k ON k.figure_id = j.figure_id
    WHERE j.edition = j.same_as AND NOT j.disputed
    AND k.value IS NOT DISTINCT FROM j.chosen
    AND k.absence IS NOT DISTINCT FROM j.chosen_absence
    AND k.unit = j.chosen_unit
    UNION ALL
    SELECT j.edition, k.*
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
        coalesce(
            array_to_string(list_sort(list_distinct(list(o.status) FILTER (WHERE o.status <> ''))), ', '), ''
        ) AS status,
        min(s.rank) AS rank,
        min_by(o.verdict, s.rank) AS verdict,
        list_sort(list_distinct(list(o.release))) AS releases,
        -- sorted once they are gathered: an aggregate with an order of its own costs four times as much
        list_transform(
            list_sort(
                list(
                    struct_pack(
                        turn := s.turn,
                        source := struct_pack(
                            measure := o.measure, document_id := o.document_id, table_id := o.table_id,
                            cell_id := o.cell_id, release := o.release, released := o.released,
                            language := o.language, medium := o.medium, source_url := o.source_url, path := o.path,
                            place := o.place, text := o.text, verdict := o.verdict, known_from := o.known_from
                        )
                    )
                )
            ),
            lambda one: one.source
        ) AS sources,
        count(*)::INTEGER AS n_sources,
        max(s.cell_id) FILTER (WHERE s.turn = 1) AS cell_id
    FROM spoken AS s
    INNER JOIN core.observations AS o ON o.figure_id = s.figure_id AND o.cell_id = s.cell_id
    GROUP BY s.figure_id, s.edition
),

stated AS MATERIALIZED (
    SELECT j.*, p.known_from, p.known_until
    FROM judged AS j
    INNER JOIN spans AS p ON p.figure_id = j.figure_id AND p.edition = j.edition
)

SELECT
    j.figure_id,
    CASE WHEN j.edition IN ('latest', 'first') THEN j.edition ELSE 'earlier' END AS edition,
    o.series, o.measure, o.dimensions, o.dimension_key, o.classification, o.label,
    o.period_start, o.period_end, o.period_kind, o.period_label, o.is_total, o.scope,
    CASE WHEN NOT j.disputed THEN j.chosen END AS value,
    CASE WHEN NOT j.disputed AND j.chosen IS NOT NULL THEN o.value_text END AS value_text, o.quantum, o.unit,
    CASE WHEN NOT j.disputed THEN j.chosen_absence END AS absence, o.approx, g.status, o.inferred,
    g.verdict, g.rank, j.disputed, j.printed, j.released_from, j.known_from, j.known_until,
    g.releases, g.sources, g.n_sources
FROM stated AS j
INNER JOIN gathered AS g ON g.figure_id = j.figure_id AND g.edition = j.same_as
INNER JOIN core.observations AS o ON o.figure_id = j.figure_id AND o.cell_id = g.cell_id
