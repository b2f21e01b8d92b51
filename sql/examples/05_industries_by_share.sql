-- Which industries do those admitted work in, and with what share?
SELECT
    period_end, classification, label, quotas_allotted,
    round(100.0 * quotas_allotted / sum(quotas_allotted) OVER (PARTITION BY period_end, period_kind, classification), 1)
        AS percent
FROM marts.qmas_by_industry
ORDER BY period_end DESC, quotas_allotted DESC
