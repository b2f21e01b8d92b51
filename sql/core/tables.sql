-- Every table with its verdict, the argument for it, and the series that claims it ('unclaimed' where no card does).
-- key: table_id
-- columns:
--   series VARCHAR: series that claims the table, several joined by a comma; 'unclaimed' where none does
--   verdict VARCHAR: verdict of the table: that of its weakest cell; null where it was not judged
--   title VARCHAR: title of the document
--   place VARCHAR: where it stands in its document, in words
WITH claimed AS (
    SELECT table_id, string_agg(DISTINCT series, ', ' ORDER BY series) AS series
    FROM stage.claims
    GROUP BY table_id
)

SELECT
    t.table_id, t.document_id, t.ordinal, t.layout, t.n_rows, t.n_cols, t.caption, t.notes, t.is_form,
    p.verdict, p.proved_share, p.argument, p.readings_considered, p.confined, p.n_figures,
    p.frame_header_rows, p.stub_cols, p.total_rows, p.total_cols,
    coalesce(c.series, 'unclaimed') AS series,
    d.title, d.released, d.path, d.source_url, t.place
FROM staging.tables AS t
LEFT JOIN stage.table_proofs AS p ON p.table_id = t.table_id
LEFT JOIN claimed AS c ON c.table_id = t.table_id
LEFT JOIN stage.documents AS d ON d.document_id = t.document_id
