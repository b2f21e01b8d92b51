-- Figures that sources print differently, while nothing tells which of them is the later: neither is loaded.
-- key: figure_id, edition
SELECT
    figure_id, edition, series, measure, dimension_key, classification, label, period_start, period_end, period_kind,
    printed, releases, sources
FROM core.editions
WHERE disputed AND edition <> 'earlier'
