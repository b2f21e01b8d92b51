-- Every cell of every table as read, as printed, blank ones included.  Whether it is numeric is counted here from the
-- printed text, so that coverage does not rest on what later rooms say.
-- key: cell_id
-- columns:
--   is_numeric BOOLEAN: whether the text holds a digit of any script, or is an absence mark in the body of the table
--   place VARCHAR: where it stands in its document, in words
SELECT
    c.*,
    regexp_matches(c.text, '\p{Nd}')
    OR (
        c.row >= coalesce(p.frame_header_rows, t.header_rows)
        AND c.col >= coalesce(p.stub_cols, 1)
        AND lower(trim(c.text)) IN ('-', '–', '—', '−', 'nil', 'n.a.', 'n/a')
    ) AS is_numeric,
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
FROM stage.cells AS c
LEFT JOIN stage.tables AS t ON t.table_id = c.table_id
LEFT JOIN stage.table_proofs AS p ON p.table_id = c.table_id
