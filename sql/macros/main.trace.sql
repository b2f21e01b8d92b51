-- What stands behind rows of a mart: one row for each cell that prints a figure of theirs, with its verdict and the sums
-- that reach it, address, capture and place, the text as printed and its neighbours, and all that was ever said of that
-- figure: FROM trace('marts.qmas_by_year', 'year = 2020').  The relation is a mart, core.editions, core.as_of(a day), or
-- a query in brackets; it has a column `sources`.  The condition is over its columns; without one all rows are traced,
-- with `most := 3` the first three.
-- parameters: relation, condition := 'true', most := NULL
-- columns:
--   nth: which row of the relation, from 1
--   measure, value_text, text: what the figure measures; it as read from this cell, written out in full; and as printed
--   verdict, argument: the verdict of this cell, and why
--   sums: the sums that reach it, written out; whether each holds, exactly or within rounding, and what told of it
--   row_label, column_label: labels of its row and column
--   line_above, line, line_below: its row of the table as printed and those before and after it, cells parted by bars
--   place: where it stands in the document, in words
--   release, released, language, medium: the release that prints it
--   source_url, path, captured_at, content_hash: address, file below the raw folder, time and SHA-256 of the capture
--   vintages: what each release said of this figure, in order; where it was not taken, `withheld` says why
--   cell_id: the cell
--   row: the row of the relation, without its sources
WITH asked AS (
    SELECT row_number() OVER () AS nth, struct_pack(*COLUMNS(* EXCLUDE (sources))) AS row, sources
    FROM query('SELECT * FROM ' || relation || ' WHERE (' || condition || chr(10) || ')')
    LIMIT most
),

named AS (
    SELECT nth, row, turn, sources[turn].cell_id AS cell_id, sources[turn].measure AS measure
    FROM (SELECT *, unnest(range(1, len(sources) + 1)) AS turn FROM asked)
),

cells AS (
    SELECT s.*, c.value_text, c.identities, o.row AS at_row
    FROM core.sources AS s
    LEFT JOIN core.cells AS c ON c.cell_id = s.cell_id
    LEFT JOIN staging.cells AS o ON o.cell_id = s.source_cell_id
    WHERE s.cell_id IN (SELECT cell_id FROM named)
),

lines AS (
    SELECT w.table_id, c.row AS at_row, string_agg(c.text, ' | ' ORDER BY c.col) AS line
    FROM (SELECT DISTINCT table_id, at_row + unnest([-1, 0, 1]) AS at_row FROM cells) AS w
    INNER JOIN staging.cells AS c ON c.table_id = w.table_id AND c.row = w.at_row
    WHERE c.text <> ''
    GROUP BY w.table_id, c.row
),

reached AS (
    SELECT
        c.cell_id,
        list(
            struct_pack(statement := i.statement, basis := i.basis, holds := i.holds, exact := i.exact)
            ORDER BY i.identity
        ) AS sums
    FROM (SELECT cell_id, table_id, unnest(identities) AS identity FROM cells) AS c
    INNER JOIN core.identities AS i ON i.table_id = c.table_id AND i.identity = c.identity
    GROUP BY c.cell_id
),

said AS (
    SELECT
        cell_id,
        list(
            struct_pack(
                measure := measure, value := value, released := released, release := release, verdict := verdict,
                withheld := withheld
            )
            ORDER BY measure, released NULLS FIRST, release, value, withheld
        ) AS vintages
    FROM (
        SELECT DISTINCT
            own.cell_id, o.measure, coalesce(o.value_text, o.absence) AS value, o.released, o.release, o.verdict,
            o.withheld
        FROM core.observations AS own
        INNER JOIN core.observations AS o ON o.figure_id = own.figure_id
        WHERE own.cell_id IN (SELECT cell_id FROM named)
    )
    GROUP BY cell_id
)

SELECT
    n.nth, n.measure, c.value_text, c.text, c.verdict, c.argument, coalesce(r.sums, []) AS sums,
    c.row_label, c.column_label, above.line AS line_above, own.line, below.line AS line_below, c.place,
    c.release, c.released, c.language, c.medium, c.source_url, c.path, c.captured_at, c.content_hash,
    coalesce(v.vintages, []) AS vintages, n.cell_id, n.row
FROM named AS n
INNER JOIN cells AS c ON c.cell_id = n.cell_id
LEFT JOIN lines AS above ON above.table_id = c.table_id AND above.at_row = c.at_row - 1
LEFT JOIN lines AS own ON own.table_id = c.table_id AND own.at_row = c.at_row
LEFT JOIN lines AS below ON below.table_id = c.table_id AND below.at_row = c.at_row + 1
LEFT JOIN reached AS r ON r.cell_id = n.cell_id
LEFT JOIN said AS v ON v.cell_id = n.cell_id
ORDER BY n.nth, n.turn
