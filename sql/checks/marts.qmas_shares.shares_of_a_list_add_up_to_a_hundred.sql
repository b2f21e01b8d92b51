-- The shares of a list add up to 100 %, but for what rounding to two decimals takes or gives; all of them or none.
SELECT
    dimension, period_start, period_end, period_kind, classification, sum(share_percent) AS added_up,
    count(*) AS rows, count(share_percent) AS shares
FROM marts.qmas_shares
GROUP BY dimension, period_start, period_end, period_kind, classification
HAVING count(share_percent) NOT IN (0, count(*)) OR abs(sum(share_percent) - 100) > 0.005 * count(*)
