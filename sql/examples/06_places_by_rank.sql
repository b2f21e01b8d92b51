-- From which places do those admitted come, by rank?
SELECT
    period_end, rank() OVER (PARTITION BY period_end, period_kind ORDER BY quotas_allotted DESC) AS place_rank,
    label, quotas_allotted, verdict
FROM marts.qmas_by_place
ORDER BY period_end DESC, place_rank
