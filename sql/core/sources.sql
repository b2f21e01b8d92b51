-- The cells that observations come from: document, address, place, and the text as printed.  Marts lead here.
-- key: cell_id
SELECT
    c.cell_id, c.source_cell_id, c.table_id, c.document_id, d.content_hash, d.source_url, d.path, d.release,
    d.released, d.captured_at, d.language, d.medium, c.place, c.text, c.row_label, c.column_label, c.verdict,
    c.argument
FROM core.cells AS c
INNER JOIN core.documents AS d ON d.document_id = c.document_id
WHERE c.cell_id IN (SELECT cell_id FROM stage.observations)
