-- A series may withhold a figure that was proved; it may never call one proved that was not.
-- severity: warn
SELECT o.cell_id, o.verdict, c.verdict AS proof
FROM stage.observations AS o
INNER JOIN core.cells AS c ON c.cell_id = o.cell_id
INNER JOIN core.verdicts AS v ON v.verdict = o.verdict
INNER JOIN core.verdicts AS w ON w.verdict = c.verdict
WHERE v.rank < w.rank
