-- Where every numeric cell that was read ended: the last word, after sources have been compared.
-- columns:
--   fate VARCHAR: fact, quarantine, unclaimed, ignored
--   reason VARCHAR: reason of the quarantine, or name of the rule that ignores it
--   release VARCHAR: what would release it from quarantine
WITH disputed AS (
    SELECT source_cell_id, min(said) AS said
    FROM (
        SELECT
            o.source_cell_id,
            'sources differ: ' || array_to_string(d.printed, ' against ') AS said
        FROM quality.disagreements AS d
        INNER JOIN core.observations AS o ON o.figure_id = d.figure_id
        WHERE d.edition = 'latest' AND o.loads
    )
    GROUP BY source_cell_id
),

withheld AS (
    SELECT source_cell_id, min(withheld) AS said
    FROM core.observations
    WHERE NOT loads
    GROUP BY source_cell_id
),

-- what counts no more is left out by a named rule, and is no case for quarantine
told AS (
    SELECT
        f.cell_id, f.table_id, f.document_id,
        CASE WHEN s.rule IS NOT NULL AND f.fate IN ('fact', 'quarantine') THEN 'ignored' ELSE f.fate END AS fate,
        CASE WHEN s.rule IS NOT NULL AND f.fate IN ('fact', 'quarantine') THEN s.rule ELSE f.reason END AS reason,
        CASE WHEN s.rule IS NOT NULL AND f.fate IN ('fact', 'quarantine') THEN '' ELSE f.release END AS release
    FROM core.dispositions AS f
    LEFT JOIN core.superseded AS s ON s.document_id = f.document_id
)

SELECT
    f.cell_id, f.table_id, f.document_id,
    CASE WHEN f.fate = 'fact' AND coalesce(d.said, w.said) IS NOT NULL THEN 'quarantine' ELSE f.fate END AS fate,
    CASE WHEN f.fate = 'fact' THEN coalesce(d.said, w.said, f.reason) ELSE f.reason END AS reason,
    CASE
        WHEN f.fate = 'fact' AND d.said IS NOT NULL
            THEN 'a later release, or a correction of the source that is wrong'
        WHEN f.fate = 'fact' AND w.said IS NOT NULL THEN 'a correction, with its evidence'
        ELSE f.release
    END AS release
FROM told AS f
LEFT JOIN disputed AS d ON d.source_cell_id = f.cell_id
LEFT JOIN withheld AS w ON w.source_cell_id = f.cell_id
