-- Figures that sentences state about the schemes ("as at end-2023, over 55 000 applications were approved"), each with its
-- sentence.  They stand beside the tables and never replace a figure of one: most are hedged, and a hedged figure is a
-- bound or a rounded figure, as its qualifier says.  At most consistent; one that a table contradicts is not in it
-- (core.statements has it).
-- key: statement_id
-- columns:
--   scheme VARCHAR: code of the scheme in the vocabulary
--   measure VARCHAR: what is counted: applications_received, applications_approved, arrivals, dependants_approved, ...
--   value DECIMAL(38,10): the figure as stated; with a qualifier a bound or a rounded figure [applications or persons]
--   qualifier VARCHAR: about, over, near (just below), under; empty for an exact figure
--   text VARCHAR: the figure with its hedge, in the form that is read (lower case, half width)
--   sources: the sentence, as the cell that states it
--   verdict VARCHAR: consistent where a table or another release gives the same, else unproved
SELECT
    s.statement_id, s.scheme, s.measure, s.period_start, s.period_end, s.period_kind, s.value, s.qualifier, s.verdict,
    s.is_met_by_table, s.is_met_by_statement, s.is_transcript, s.text, s.sentence, s.location, s.document_id, s.release,
    s.released_from,
    [struct_pack(
        measure := s.measure, document_id := s.document_id, table_id := NULL::VARCHAR, cell_id := s.statement_id,
        release := s.release, released := d.released, language := d.language, medium := d.medium,
        source_url := d.source_url, path := d.path, place := s.location, text := s.text, verdict := s.verdict,
        known_from := d.known_from
    )] AS sources
FROM core.statements AS s
INNER JOIN core.documents AS d ON d.document_id = s.document_id
WHERE s.verdict <> 'contradicted' AND s.superseded_by IS NULL
