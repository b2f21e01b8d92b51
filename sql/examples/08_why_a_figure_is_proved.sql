-- Which sums stand behind the figures of 2020?
SELECT DISTINCT i.statement, i.basis, i.exact
FROM (SELECT unnest(sources).cell_id AS cell_id FROM marts.qmas_by_year WHERE year = 2020) AS s
INNER JOIN core.cells AS c ON c.cell_id = s.cell_id
INNER JOIN core.identities AS i ON i.table_id = c.table_id AND list_contains(c.identities, i.identity)
WHERE i.holds
ORDER BY i.statement
