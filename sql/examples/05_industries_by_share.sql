-- Which industries do those admitted work in, and with what share?  List by list: the years of the open data know six
-- classes, the reply of 2022 fifteen over all years, and "Others" of one is not "Others" of the other.
SELECT period_start, period_end, classification, rank, label, quotas_allotted, share_percent, total_is, verdict
FROM marts.qmas_shares
WHERE dimension = 'industry'
ORDER BY period_end DESC, period_start, classification, rank NULLS LAST
