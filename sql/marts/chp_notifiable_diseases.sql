-- Cases of notifiable infectious diseases by disease and month, as last published; without total rows or columns.
-- key: month_ended, classification, code
-- columns:
--   month_ended DATE: last day of the month
--   code VARCHAR: code of the disease in the vocabulary
--   label VARCHAR: the disease as printed
--   cases BIGINT: cases notified in the month [cases]
--   verdict VARCHAR: verdict of the figure
SELECT
    period_end AS month_ended, classification,
    dimensions[1].code AS code,
    label, period_label,
    value::BIGINT AS cases,
    verdict, status, released_from, releases, sources
FROM core.editions
WHERE edition = 'latest' AND NOT disputed AND scope = ''
AND series = 'chp_notifiable_diseases' AND measure = 'cases'
AND NOT is_total AND len(dimensions) = 1 AND dimensions[1].dimension = 'disease'
AND period_kind = 'flow' AND period_start = date_trunc('month', period_end) AND period_end = last_day(period_end)
AND value = trunc(value)
