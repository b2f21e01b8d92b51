-- Two series that count the same of a scheme in the same period state one figure: the total of a breakdown is the figure
-- of the year.
-- severity: warn
SELECT scheme, measure, period_start, period_end, period_kind, series, printed AS figures, kept
FROM quality.source_conflicts
WHERE conflict = 'series'
