-- What a person should know, from every room, with what to do about it.
-- columns:
--   title VARCHAR: title of the document
--   path VARCHAR: path of the document below the raw folder
WITH told AS (
    SELECT * FROM stage.findings
    UNION ALL
    SELECT
        'publish' AS room, 'sources-disagree' AS code, 'error' AS severity,
        concat_ws(
            ' ', d.series, d.measure, nullif(d.dimension_key, ''), 'for', coalesce(d.period_start::VARCHAR || ' to', 'the'),
            d.period_end, '(' || d.edition || ' edition): sources print', array_to_string(d.printed, ' and ') || '.'
        ) AS message,
        'Find which source is wrong; enter a correction, or wait for a later release.' AS remedy,
        o.document_id, o.table_id, o.cell_id, o.place
    FROM quality.disagreements AS d
    INNER JOIN core.observations AS o ON o.figure_id = d.figure_id AND o.loads
    UNION ALL
    SELECT
        'publish', 'series-disagree', 'error',
        concat_ws(
            ' ', c.scheme, c.measure, 'for', c.period_start, 'to', c.period_end || ': sources print',
            array_to_string(c.printed, ' and ') || '; ',
            coalesce('the mart keeps ' || c.kept::DOUBLE::VARCHAR, 'neither is stronger, and the mart keeps the row without a value')
            || '.'
        ),
        'Look whether one of them is the total of a part only; enter a correction, or wait for a later release.',
        c.sources[1].document_id, c.sources[1].table_id, c.sources[1].cell_id, c.sources[1].place
    FROM quality.source_conflicts AS c
    WHERE c.conflict = 'series'
    UNION ALL
    SELECT DISTINCT
        'publish', 'table-not-shaped', 'error', 'No figure of this table has a fate: ' || f.reason || '.',
        'Look for the fault of its document in an earlier room.', f.document_id, f.table_id, NULL, t.place
    FROM core.dispositions AS f
    INNER JOIN core.tables AS t ON t.table_id = f.table_id
    WHERE f.fate = 'quarantine' AND f.reason LIKE 'its table was %'
    UNION ALL
    SELECT
        'publish', 'releases-differ', 'warning',
        'Not so: ' || r.sentence || '.  ' || concat_ws(' ', r.measure, nullif(r.dimension_key, '')) || ': ' || r.statement
        || '.',
        'Compare the cells of both sides in quality.reconciliation; enter a correction where one of them errs.',
        r.sources[1].document_id, r.sources[1].table_id, r.sources[1].cell_id, r.sources[1].place
    FROM quality.reconciliation AS r
    -- where documents dispute one figure, that has been said above
    WHERE r.outcome = 'differs' AND r.class = 'error' AND r.sentence <> 'several releases say the same of a figure'
    UNION ALL
    SELECT
        'publish', 'facsimile-differs', 'warning',
        concat_ws(' ', f.measure, nullif(f.dimension_key, ''), 'to', f.period_end) || ': the facsimile prints '
        || f.facsimile_prints || ' (cell ' || f.cell_id || ', ' || f.place || '), '
        || CASE f.outcome
            WHEN 'missing' THEN 'and no figure of it was read in the capture of its release, ' || f.capture_path
            ELSE 'the capture of its release ' || f.capture_prints || ' (cell '
                || array_to_string(f.capture_cells, ', ') || ', ' || f.capture_places || ')'
        END || '.',
        CASE f.outcome
            WHEN 'missing' THEN 'The facsimile counts no more, so the figure is missing now: look whether the capture prints '
                || 'it (an annex that is not at hand, a table that no card knows), and fetch or import what lacks.'
            ELSE 'The capture counts.  Look at both cells: mend the facsimile, or report the capture as misread; a slip of '
                || 'the source itself is for pipelines/corrections.'
        END,
        f.document_id, f.table_id, f.cell_id, f.place
    FROM quality.facsimiles AS f
    WHERE f.outcome <> 'same'
)

SELECT t.*, d.title, d.path
FROM told AS t
LEFT JOIN stage.documents AS d ON d.document_id = t.document_id
