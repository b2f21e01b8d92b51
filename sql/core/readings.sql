-- Every reading that survives, of every figure; more than one where it is ambiguous.
-- key: cell_id, ordinal
SELECT * FROM stage.readings
