-- Quotas allotted under the Quality Migrant Admission Scheme by country or region, as last published; without total rows.
-- Classifications differ between publications: 'Others' of one is not 'Others' of another.
-- key: period_start, period_end, period_kind, classification, code
-- columns:
--   code VARCHAR: code of the place in the vocabulary
--   label VARCHAR: the place as printed
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
AND series = 'qmas_by_place' AND measure = 'quotas_allotted'
AND NOT is_total AND len(dimensions) = 1 AND dimensions[1].dimension = 'place'
AND value = trunc(value)
