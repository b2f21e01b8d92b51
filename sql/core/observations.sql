-- Every figure of every series, from every document and vintage, whether it loads or not.
-- key: figure_id, cell_id
-- columns:
--   figure_id VARCHAR: the figure: series, measure, dimensions and period; equal for every source and vintage of it
--   verdict VARCHAR: the weaker of what the series and what the proof of the cell say
--   loads BOOLEAN: whether it may enter the marts
--   withheld VARCHAR: why it may not, or empty
--   released DATE: release date of its document, where known
--   release VARCHAR: the release in words
--   text VARCHAR: the figure as printed
--   place VARCHAR: where it stands in its document, in words
--   source_cell_id VARCHAR: the cell of the grid as read that it came from
WITH fates AS (
    SELECT cell_id, max(reason) FILTER (WHERE fate <> 'fact') AS kept_out, count(*) AS fates
    FROM core.dispositions
    GROUP BY cell_id
),

joined AS (
    SELECT DISTINCT
        o.*,
        md5(
            concat_ws(
                '|', o.series, o.measure, o.dimension_key, o.classification, coalesce(o.period_start::VARCHAR, ''),
                o.period_end, o.period_kind, o.is_total, nullif(o.scope, '')
            )
        ) AS figure_id,
        coalesce(c.source_cell_id, o.cell_id) AS source_cell_id,
        c.text, c.place, c.value_text AS proved_text,
        greatest(v.rank, coalesce(w.rank, v.rank)) AS weaker
    FROM stage.observations AS o
    LEFT JOIN core.cells AS c ON c.cell_id = o.cell_id
    LEFT JOIN core.verdicts AS v ON v.verdict = o.verdict
    LEFT JOIN core.verdicts AS w ON w.verdict = c.verdict
)

SELECT
    j.figure_id, j.cell_id, j.source_cell_id, j.table_id, j.document_id,
    j.series, j.measure, j.dimensions, j.dimension_key, j.classification, j.label,
    j.period_start, j.period_end, j.period_kind, j.period_label,
    j.value, j.value_text, j.quantum, j.unit, j.absence, j.approx, j.status, j.inferred, j.marks, j.is_total, j.scope,
    r.verdict,
    CASE
        WHEN d.superseded_by IS NOT NULL THEN 'a capture of its release counts in its place: ' || d.superseded_by
        WHEN j.text IS NULL THEN 'its cell was not judged'
        WHEN NOT r.loads THEN 'its verdict is ' || r.verdict
        WHEN NOT t.confined THEN 'an identity of its table fails and the wrong cell could not be located'
        WHEN f.fates IS NULL THEN 'its cell has no fate'
        WHEN f.kept_out IS NOT NULL THEN f.kept_out
        WHEN j.period_end > d.released_until
            THEN 'its period ends after ' || d.released_until || ', when its document was there already'
        WHEN j.value IS NULL AND j.absence IS NULL THEN 'it has more digits than the warehouse keeps exactly'
        ELSE ''
    END AS withheld,
    withheld = '' AS loads,
    j.text, j.place,
    d.released,
    -- what an undated document prints of a period was not released before the period had ended
    CASE WHEN d.dated THEN d.released_from ELSE greatest(d.released_from, j.period_end) END AS released_from,
    d.released_until, d.dated, d.known_from, d.captured_at, d.release, d.language, d.medium,
    d.path, d.source_url, d.superseded_by
FROM joined AS j
LEFT JOIN core.verdicts AS r ON r.rank = j.weaker
LEFT JOIN fates AS f ON f.cell_id = j.source_cell_id
LEFT JOIN stage.table_proofs AS t ON t.table_id = j.table_id
LEFT JOIN core.documents AS d ON d.document_id = j.document_id
