-- Lists of which a row was kept out: what the rows that did load add up to is not the list.  A list is the figures of
-- one series, scheme, measure, classification and period, divided by one dimension; a row of it was kept out where a cell
-- in quarantine stands in the column that the list runs down (or the row that it runs along).  Where a printed total is
-- met by the rows, no row of figures can be missing: then this list is whole all the same, and the marts say so.
-- key: series, scheme, measure, classification, dimension, period_start, period_end, period_kind
-- columns:
--   scheme VARCHAR: code of the scheme where the figures name one; empty where the whole series is of one scheme
--   dimension VARCHAR: what the list is divided by: place, industry, test, …
--   kept_out BIGINT: cells in quarantine on its line [cells]
--   reason VARCHAR: why they were kept out
WITH listed AS (
    SELECT
        o.series, o.measure, o.classification, o.period_start, o.period_end, o.period_kind,
        coalesce(list_filter(o.dimensions, lambda d: d.dimension = 'scheme')[1].code, '') AS scheme,
        list_filter(o.dimensions, lambda d: d.dimension <> 'scheme')[1].dimension AS dimension,
        s.table_id, s.row, s.col
    FROM core.observations AS o
    INNER JOIN staging.cells AS s ON s.cell_id = o.source_cell_id
    WHERE o.loads AND NOT o.is_total AND o.period_start IS NOT NULL
    AND len(list_filter(o.dimensions, lambda d: d.dimension <> 'scheme')) = 1
),

lines AS (
    SELECT
        series, scheme, measure, classification, dimension, period_start, period_end, period_kind, table_id,
        min(row) AS first_row, max(row) AS last_row, min(col) AS first_col, max(col) AS last_col
    FROM listed
    GROUP BY series, scheme, measure, classification, dimension, period_start, period_end, period_kind, table_id
),

kept AS (
    SELECT
        c.cell_id, c.table_id, f.reason, c.row AS first_row, c.row + greatest(c.rowspan, 1) - 1 AS last_row,
        c.col AS first_col, c.col + greatest(c.colspan, 1) - 1 AS last_col
    FROM quality.fates AS f
    INNER JOIN staging.cells AS c ON c.cell_id = f.cell_id
    WHERE f.fate = 'quarantine'
)

SELECT
    l.series, l.scheme, l.measure, l.classification, l.dimension, l.period_start, l.period_end, l.period_kind,
    count(DISTINCT k.cell_id) AS kept_out,
    string_agg(DISTINCT k.reason, '; ' ORDER BY k.reason) AS reason
FROM lines AS l
INNER JOIN kept AS k
    ON k.table_id = l.table_id
    AND CASE
        -- of one cell alone nobody knows which way its list runs
        WHEN l.first_col = l.last_col AND l.first_row = l.last_row
            THEN l.first_col BETWEEN k.first_col AND k.last_col OR l.first_row BETWEEN k.first_row AND k.last_row
        WHEN l.first_col = l.last_col THEN l.first_col BETWEEN k.first_col AND k.last_col
        WHEN l.first_row = l.last_row THEN l.first_row BETWEEN k.first_row AND k.last_row
        ELSE true
    END
GROUP BY l.series, l.scheme, l.measure, l.classification, l.dimension, l.period_start, l.period_end, l.period_kind
