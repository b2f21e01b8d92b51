-- What was kept out: cells, whole tables, whole documents, each with its reason and what would release it.
-- columns:
--   level VARCHAR: document, table or cell
--   document_id VARCHAR: the document
--   table_id VARCHAR: the table; null where the whole document is meant
--   cell_id VARCHAR: the cell as read; null where a whole table or document is meant
--   place VARCHAR: where it stands in its document, in words
--   text VARCHAR: the text as printed (of a table its caption, of a document its title)
--   reason VARCHAR: why it was kept out
--   release VARCHAR: what would release it
--   verdict VARCHAR: verdict of the table or cell, where it was judged
SELECT
    'document' AS level, d.document_id, NULL AS table_id, NULL AS cell_id, '' AS place, d.title AS text,
    coalesce(
        (SELECT string_agg(f.message, ' ' ORDER BY f.message) FROM stage.findings AS f
         WHERE f.document_id = d.document_id AND f.severity = 'error'),
        'nothing could be read from it'
    ) AS reason,
    'a readable copy of the document' AS release, NULL AS verdict,
    d.path, d.source_url
FROM stage.documents AS d
WHERE NOT d.readable
UNION ALL
SELECT
    'table', t.document_id, t.table_id, NULL, t.place, t.caption, t.argument,
    'a correction of the wrong cell, with its evidence', t.verdict, t.path, t.source_url
FROM core.tables AS t
WHERE NOT t.confined
UNION ALL
SELECT
    'cell', f.document_id, f.table_id, f.cell_id, c.place, c.text, f.reason, f.release, t.verdict,
    t.path, t.source_url
FROM quality.fates AS f
LEFT JOIN staging.cells AS c ON c.cell_id = f.cell_id
LEFT JOIN core.tables AS t ON t.table_id = f.table_id
WHERE f.fate = 'quarantine'
