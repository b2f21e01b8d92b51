-- The fate of every numeric cell as read, as `shape` gave it; and of whole tables that never came so far.
-- columns:
--   reason VARCHAR: reason of the quarantine, or name of the rule that ignores it
WITH reached AS (SELECT DISTINCT table_id FROM stage.dispositions)

SELECT cell_id, table_id, document_id, fate, reason, release
FROM stage.dispositions
UNION ALL
SELECT
    c.cell_id, c.table_id, c.document_id, 'quarantine' AS fate,
    CASE WHEN p.table_id IS NULL THEN 'its table was not judged' ELSE 'its table was judged and not shaped' END
        AS reason,
    'a run in which its document passes every room; see quality.findings' AS release
FROM staging.cells AS c
LEFT JOIN stage.table_proofs AS p ON p.table_id = c.table_id
WHERE c.is_numeric AND c.table_id NOT IN (SELECT table_id FROM reached)
