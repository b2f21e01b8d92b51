-- Every identity that was looked at: total = Σ ± parts, written out, with its terms.
-- key: table_id, identity
-- columns:
--   terms: the terms, the total first
WITH terms AS (
    SELECT
        table_id, identity,
        list(
            struct_pack(term := term, sign := sign, cell_id := cell_id, value := value, text := text) ORDER BY term
        ) AS terms
    FROM stage.identity_terms
    GROUP BY table_id, identity
)

SELECT i.*, t.terms
FROM stage.identities AS i
LEFT JOIN terms AS t ON t.table_id = i.table_id AND t.identity = i.identity
