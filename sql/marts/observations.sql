-- Every figure of every series, once, in its latest edition, with its verdict and all its sources.  Totals are in it and
-- are marked.  Figures that sources dispute are not; see quality.disagreements.
-- key: figure_id
-- columns:
--   verdict VARCHAR: the strongest of the verdicts of the sources that print this value
SELECT
    figure_id, series, measure, dimensions, dimension_key, classification, label, period_start, period_end, period_kind,
    period_label, is_total, value, quantum, unit, absence, approx, status, inferred, verdict, released_from, releases,
    sources, n_sources
FROM core.editions
WHERE edition = 'latest' AND NOT disputed
