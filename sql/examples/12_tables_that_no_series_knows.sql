-- Which tables does no series card know, though their figures were read and judged?
SELECT table_id, title, caption, n_figures, verdict, proved_share, path
FROM core.tables
WHERE series = 'unclaimed' AND n_figures > 0
ORDER BY n_figures DESC
