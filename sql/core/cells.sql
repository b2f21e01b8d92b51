-- Every figure of every table as judged, claimed by a series or not, with the labels of its row and column.
-- key: cell_id
-- columns:
--   place VARCHAR: where it stands in its document, in words
--   series VARCHAR: series that claims its table; 'unclaimed' where none does
SELECT
    c.cell_id, c.source_cell_id, c.table_id, c.document_id, c.row, c.col, c.text, c.row_label, c.column_label,
    c.verdict, c.n_readings, c.value, c.value_text, c.quantum, c.unit, c.scale, c.approx, c.absence,
    c.argument, c.correction, c.identities, t.series, c.line, c.char_start, c.char_end,
    coalesce(
        nullif(
            concat_ws(
                ', ',
                'page ' || c.page,
                CASE WHEN c.x0 IS NOT NULL THEN printf('box (%.0f, %.0f, %.0f, %.0f)', c.x0, c.top, c.x1, c.bottom) END,
                c.node,
                'line ' || c.line,
                'characters ' || c.char_start || '–' || c.char_end
            ),
            ''
        ),
        'place unknown'
    ) AS place
FROM stage.cell_proofs AS c
LEFT JOIN core.tables AS t ON t.table_id = c.table_id
