-- From which places do those admitted come, by rank?  "Others" is no place and has none.
SELECT period_start, period_end, rank, label, quotas_allotted, share_percent, verdict
FROM marts.qmas_shares
WHERE dimension = 'place'
ORDER BY period_end DESC, period_start, classification, rank NULLS LAST
