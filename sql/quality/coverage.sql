-- Nothing is absorbed: of every table, the numeric cells that were read against the fates that they met.
-- key: table_id
-- columns:
--   read BIGINT: numeric cells read, counted from the printed text alone [cells]
--   fact BIGINT: of these and of the further ones, loaded as facts [cells]
--   quarantine BIGINT: kept out, with a reason [cells]
--   unclaimed BIGINT: no series card knows the table [cells]
--   ignored BIGINT: ignored by a named rule [cells]
--   further BIGINT: cells with a fate whose text holds no digit (numbers in words, other absence marks) [cells]
--   unaccounted BIGINT: numeric cells without any fate; must be 0 [cells]
--   doubled BIGINT: cells with more than one fate; must be 0 [cells]
--   unknown BIGINT: fates of cells that were never read; must be 0 [cells]
--   difference BIGINT: fates less cells read and further ones; must be 0 [cells]
--   ignored_by: how many cells each rule ignores
WITH fates AS (
    SELECT
        f.table_id, f.document_id, f.cell_id,
        count(*) AS fates, max(f.fate) AS fate, max(f.reason) AS reason
    FROM quality.fates AS f
    GROUP BY f.table_id, f.document_id, f.cell_id
),

cells AS (
    SELECT
        coalesce(c.table_id, f.table_id) AS table_id,
        coalesce(c.document_id, f.document_id) AS document_id,
        c.cell_id IS NOT NULL AS was_read,
        coalesce(c.is_numeric, false) AS is_numeric,
        coalesce(f.fates, 0) AS fates,
        f.fate, f.reason
    FROM staging.cells AS c
    FULL JOIN fates AS f ON f.cell_id = c.cell_id
    WHERE c.is_numeric OR f.cell_id IS NOT NULL
),

rules AS (
    SELECT table_id, list(struct_pack(rule := reason, cells := n) ORDER BY reason) AS ignored_by
    FROM (SELECT table_id, reason, count(*) AS n FROM cells WHERE fate = 'ignored' GROUP BY table_id, reason)
    GROUP BY table_id
),

counted AS (
    SELECT
        table_id,
        document_id,
        count(*) FILTER (WHERE is_numeric) AS read,
        coalesce(sum(fates) FILTER (WHERE fate = 'fact'), 0)::BIGINT AS fact,
        coalesce(sum(fates) FILTER (WHERE fate = 'quarantine'), 0)::BIGINT AS quarantine,
        coalesce(sum(fates) FILTER (WHERE fate = 'unclaimed'), 0)::BIGINT AS unclaimed,
        coalesce(sum(fates) FILTER (WHERE fate = 'ignored'), 0)::BIGINT AS ignored,
        count(*) FILTER (WHERE was_read AND NOT is_numeric) AS further,
        count(*) FILTER (WHERE is_numeric AND fates = 0) AS unaccounted,
        count(*) FILTER (WHERE fates > 1) AS doubled,
        count(*) FILTER (WHERE NOT was_read) AS unknown
    FROM cells
    GROUP BY table_id, document_id
)

SELECT
    c.document_id, c.table_id, c.read, c.fact, c.quarantine, c.unclaimed, c.ignored, c.further,
    c.unaccounted, c.doubled, c.unknown,
    c.fact + c.quarantine + c.unclaimed + c.ignored - c.read - c.further AS difference,
    r.ignored_by,
    t.series, t.title, t.path
FROM counted AS c
LEFT JOIN rules AS r ON r.table_id = c.table_id
LEFT JOIN core.tables AS t ON t.table_id = c.table_id
