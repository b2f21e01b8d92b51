-- Visas issued and quotas allotted under one scheme look like two versions of one series.  Are they?  No: other years, and
-- another count.
SELECT measure, period_start, period_end, value::BIGINT AS value, series
FROM marts.scheme_flows
WHERE scheme = 'QMAS' AND measure IN ('visas_issued', 'quotas_allotted') AND period_kind = 'flow'
AND period_end BETWEEN DATE '2007-12-31' AND DATE '2010-03-31'
ORDER BY measure, period_start
