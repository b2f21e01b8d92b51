-- Every figure of every series, once, in its latest edition, with its verdict and all its sources.  Totals are in it and
-- are marked.  Of a figure that sources dispute the value is null, the status 'disputed', and printed holds what they print.
-- key: figure_id
-- columns:
--   status VARCHAR: what a user must know beside the figure; disputed: sources differ, and nothing says which is later
--   printed VARCHAR[]: the values that sources print: one, or those in dispute
--   verdict VARCHAR: the strongest of the verdicts of the sources that print this value
SELECT
    figure_id, series, measure, dimensions, dimension_key, classification, label, period_start, period_end, period_kind,
    period_label, is_total, scope, value, quantum, unit, absence, approx,
    CASE WHEN disputed THEN 'disputed' ELSE status END AS status, inferred, verdict, printed, released_from, releases,
    sources, n_sources
FROM core.editions
WHERE edition = 'latest'
