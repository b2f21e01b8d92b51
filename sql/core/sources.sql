-- The cells that observations come from: document, address, place, and the text as printed.  Marts lead here.  The cell of
-- a statement is its sentence: it has no table, no labels, and the sentence is its argument.
-- key: cell_id
SELECT
    c.cell_id, c.source_cell_id, c.table_id, c.document_id, d.content_hash, d.source_url, d.path, d.release,
    d.released, d.captured_at, d.language, d.medium, c.place, c.text, c.row_label, c.column_label, c.verdict,
    c.argument
FROM core.cells AS c
INNER JOIN core.documents AS d ON d.document_id = c.document_id
WHERE c.cell_id IN (SELECT cell_id FROM stage.observations)
UNION ALL BY NAME
SELECT
    s.statement_id AS cell_id, s.statement_id AS source_cell_id, s.document_id, d.content_hash, d.source_url, d.path,
    d.release, d.released, d.captured_at, d.language, d.medium, s.location AS place, s.text, s.verdict,
    'stated in the sentence: ' || s.sentence AS argument
FROM core.statements AS s
INNER JOIN core.documents AS d ON d.document_id = s.document_id
