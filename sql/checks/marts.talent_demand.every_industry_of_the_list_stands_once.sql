-- Putting areas beside industries neither loses nor doubles a quota.
SELECT s.period_start, s.period_end, s.period_kind, s.classification, s.quotas, t.quotas AS beside
FROM (
    SELECT period_start, period_end, period_kind, classification, sum(quotas_allotted) AS quotas
    FROM marts.qmas_shares WHERE dimension = 'industry'
    GROUP BY period_start, period_end, period_kind, classification
) AS s
LEFT JOIN (
    SELECT period_start, period_end, period_kind, classification, sum(quotas_allotted) AS quotas
    FROM marts.talent_demand
    GROUP BY period_start, period_end, period_kind, classification
) AS t
    ON t.period_start IS NOT DISTINCT FROM s.period_start AND t.period_end = s.period_end
    AND t.period_kind = s.period_kind AND t.classification = s.classification
WHERE t.quotas IS DISTINCT FROM s.quotas
