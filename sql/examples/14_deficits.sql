-- In which months did the Government run its largest deficits?  [HK$ million]
SELECT month_ended, revenue, expenditure, surplus, reserves_end, verdict
FROM marts.fiscal_monthly
WHERE surplus < 0
ORDER BY surplus
LIMIT 12
