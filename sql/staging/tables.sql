-- Every table as read, before any judgement.
-- key: table_id
-- columns:
--   place VARCHAR: where it stands in its document, in words
SELECT
    *,
    coalesce(
        nullif(
            concat_ws(
                ', ',
                'page ' || page,
                CASE WHEN x0 IS NOT NULL THEN printf('box (%.0f, %.0f, %.0f, %.0f)', x0, top, x1, bottom) END,
                node,
                'line ' || line,
                'characters ' || char_start || '–' || char_end
            ),
            ''
        ),
        'place unknown'
    ) AS place
FROM stage.tables
