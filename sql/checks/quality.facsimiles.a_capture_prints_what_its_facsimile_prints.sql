-- Where a release was captured, its facsimile turns out to have been copied rightly: same figures, none missing.
-- severity: warn
SELECT outcome, series, measure, dimension_key, period_end, facsimile_prints, capture_prints, path, capture_path
FROM quality.facsimiles
WHERE outcome <> 'same'
