-- Every figure of a facsimile whose release was captured, against what the capture prints: the capture counts, and where
-- they differ either the facsimile was copied wrongly or the capture was read wrongly.  Rounding is no difference.
-- key: figure_id, cell_id
-- columns:
--   outcome VARCHAR: same, differs, missing (no document of the captured release has the figure)
--   facsimile_prints VARCHAR: the figure of the facsimile, exact
--   capture_prints VARCHAR: the figure of the capture, exact; several joined by a comma, null where there is none
--   cell_id VARCHAR: the cell of the facsimile
--   capture_cells VARCHAR[]: the cells of the captured release that print the figure
--   capture_places VARCHAR: where these stand, in words
--   capture_path VARCHAR: path of the capture below the raw folder
--   because VARCHAR: what facsimile and capture have in common
WITH copied AS (
    SELECT o.*, s.captures, s.because
    FROM core.superseded AS s
    INNER JOIN core.observations AS o ON o.document_id = s.document_id
    WHERE s.rule LIKE 'facsimile %'
),

compared AS (
    SELECT
        c.figure_id, c.cell_id,
        count(o.cell_id) AS cells,
        bool_or(
            o.value = c.value OR (o.value IS NULL AND c.value IS NULL AND o.absence = c.absence)
            OR (
                (o.quantum <> c.quantum OR o.approx <> c.approx) AND abs(o.value - c.value) < greatest(o.quantum, c.quantum)
            )
        ) AS same,
        string_agg(DISTINCT coalesce(o.value_text, o.absence), ', ' ORDER BY coalesce(o.value_text, o.absence)) AS prints,
        list(DISTINCT o.cell_id ORDER BY o.cell_id) FILTER (WHERE o.cell_id IS NOT NULL) AS cell_ids,
        string_agg(DISTINCT o.path || ', ' || o.place, '; ' ORDER BY o.path || ', ' || o.place) AS places
    FROM copied AS c
    LEFT JOIN core.observations AS o ON o.figure_id = c.figure_id AND list_contains(c.captures, o.document_id)
    GROUP BY c.figure_id, c.cell_id
)

SELECT
    CASE WHEN m.cells = 0 THEN 'missing' WHEN m.same THEN 'same' ELSE 'differs' END AS outcome,
    c.series, c.measure, c.dimension_key, c.classification, c.period_start, c.period_end, c.period_kind, c.unit,
    coalesce(c.value_text, c.absence) AS facsimile_prints, m.prints AS capture_prints,
    c.document_id, c.table_id, c.cell_id, c.place, c.path,
    c.superseded_by, d.path AS capture_path, m.cell_ids AS capture_cells, m.places AS capture_places,
    c.because, c.figure_id
FROM copied AS c
INNER JOIN compared AS m ON m.figure_id = c.figure_id AND m.cell_id = c.cell_id
INNER JOIN core.documents AS d ON d.document_id = c.superseded_by
