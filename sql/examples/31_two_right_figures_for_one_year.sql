-- Which figures look like each other and are both right, because they count something else or another span?
SELECT series, dimension_key, period_end, statement
FROM quality.reconciliation
WHERE class = 'scope' AND period_end = DATE '2021-12-31'
ORDER BY series, dimension_key, statement
