-- The value of an observation is, but for its sign, one that its cell was read as.
SELECT o.figure_id, o.cell_id, o.value, o.text
FROM core.observations AS o
WHERE o.loads
AND o.value IS NOT NULL
AND NOT EXISTS (
    SELECT 1 FROM stage.readings AS r WHERE r.cell_id = o.cell_id AND abs(r.value) = abs(o.value)
)
