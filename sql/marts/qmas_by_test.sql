-- Quotas allotted under the Quality Migrant Admission Scheme by points test (general, achievement-based), as last
-- published; without total rows.  Shows how those allotted a quota divide between the tests.  Does not show how many
-- took each test, so that no chance of success can be read from it.
-- key: period_start, period_end, period_kind, classification, code
-- columns:
--   code VARCHAR: code of the test in the vocabulary
--   label VARCHAR: the test as printed
--   quotas_allotted BIGINT: quotas allotted in the period [persons]
--   verdict VARCHAR: verdict of the figure
SELECT
    period_start, period_end, period_kind, classification,
    dimensions[1].code AS code,
    label, period_label,
    value::BIGINT AS quotas_allotted,
    verdict, status, inferred, released_from, releases, sources
FROM core.editions
WHERE edition = 'latest' AND NOT disputed AND scope = ''
AND series = 'qmas_profile' AND measure = 'quotas_allotted'
AND NOT is_total AND len(dimensions) = 1 AND dimensions[1].dimension = 'test'
AND value = trunc(value)
