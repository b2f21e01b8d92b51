-- Facts, quarantine, unclaimed and ignored cells add up to the numeric cells read, table by table.
SELECT document_id, table_id, read, fact, quarantine, unclaimed, ignored, unaccounted, doubled, unknown, difference
FROM quality.coverage
WHERE difference <> 0 OR unaccounted > 0 OR doubled > 0 OR unknown > 0
