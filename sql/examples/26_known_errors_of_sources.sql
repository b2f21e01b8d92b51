-- Which figures are read otherwise than they are printed, because the source is known to be wrong?
SELECT d.path, c.text AS printed, c.value_text AS read_as, c.unit, c.correction, c.argument
FROM core.cells AS c
INNER JOIN core.documents AS d ON d.document_id = c.document_id
WHERE c.correction <> ''
ORDER BY c.correction
