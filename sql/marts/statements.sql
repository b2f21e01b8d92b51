-- Figures that sentences state about the schemes ("as at end-2023, over 55 000 applications were approved"), each with its
-- sentence.  They stand beside the tables and never replace a figure of one: most are hedged, and a hedged figure is a
-- bound or a rounded figure, as its qualifier says.  At most consistent; one that a table contradicts is not in it
-- (core.statements has it).  Hedged figures of tables ("Over 500") stand there too, with the label of their row as their
-- sentence and the verdict of their cell.
-- key: statement_id
-- columns:
--   scheme VARCHAR: code of the scheme in the vocabulary
--   measure VARCHAR: what is counted: applications_received, applications_approved, arrivals, dependants_approved, ...
--   value DECIMAL(38,10): the figure as stated; with a qualifier a bound or a rounded figure [applications or persons]
--   qualifier VARCHAR: about, over, near (just below), under; empty for an exact figure
--   text VARCHAR: the figure with its hedge, in the form that is read (lower case, half width)
--   sources: the sentence, as the cell that states it
--   sentence VARCHAR: the sentence as printed; of a table's figure, the label of its row
--   is_from_table BOOLEAN: whether it is a hedged figure of a table
--   verdict VARCHAR: consistent where a table or another release gives the same, else unproved; of a table's figure, of its cell
WITH hedged AS (
    SELECT
        o.*,
        coalesce(
            list_filter(dimensions, lambda d: d.dimension = 'scheme')[1].code,
            CASE WHEN series LIKE 'qmas\_%' ESCAPE '\' THEN 'QMAS' END
        ) AS scheme
    FROM core.observations AS o
    WHERE o.loads AND o.approx <> '' AND o.value IS NOT NULL
    AND len(list_filter(dimensions, lambda d: d.dimension <> 'scheme' AND d.code <> 'TOTAL')) = 0
),

stated AS (
    SELECT
        statement_id, scheme, measure, period_start, period_end, period_kind, value, qualifier, verdict,
        is_met_by_table, is_met_by_statement, is_transcript, false AS is_from_table, text, sentence, location,
        document_id, NULL::VARCHAR AS table_id
    FROM core.statements
    WHERE verdict <> 'contradicted' AND superseded_by IS NULL
    UNION ALL
    SELECT
        h.cell_id, h.scheme, h.measure, h.period_start, h.period_end, h.period_kind, h.value, h.approx, h.verdict,
        false, false, d.kind = 'facsimile', true, h.text, h.label, h.place, h.document_id, h.table_id
    FROM hedged AS h
    INNER JOIN core.documents AS d ON d.document_id = h.document_id
    WHERE h.scheme IS NOT NULL
    QUALIFY count(*) OVER (PARTITION BY h.cell_id) = 1
)

SELECT
    s.* EXCLUDE (table_id), d.release, d.released_from,
    [struct_pack(
        measure := s.measure, document_id := s.document_id,
        table_id := s.table_id, cell_id := s.statement_id,
        release := d.release, released := d.released, language := d.language, medium := d.medium,
        source_url := d.source_url, path := d.path, place := s.location, text := s.text, verdict := s.verdict,
        known_from := d.known_from
    )] AS sources
FROM stated AS s
INNER JOIN core.documents AS d ON d.document_id = s.document_id
