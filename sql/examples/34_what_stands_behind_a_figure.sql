-- What stands behind the number of applications received in 2020: who prints it and where, how it stands there between
-- its neighbours, the sums that reach it, and how often something else was said of it?
SELECT
    medium, language, text, verdict, line_above, line, line_below, place, coalesce(source_url, path) AS address,
    content_hash, list_transform(list_filter(sums, lambda s: s.holds), lambda s: s.statement) AS sums_that_hold,
    len(list_distinct(list_transform(vintages, lambda v: v.value))) AS values_ever_said
FROM trace('marts.qmas_by_year', 'year = 2020')
WHERE measure = 'applications_received'
ORDER BY medium, language, path
