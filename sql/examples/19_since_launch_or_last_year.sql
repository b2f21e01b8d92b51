-- A question in the Council puts some 65 000 applications and 51 000 approvals under the Top Talent Pass Scheme in "last
-- year" (2023).  Which span do these numbers fit?
WITH claimed (measure, claim, quantum) AS (
    VALUES ('applications_received', 65000, 1000), ('applications_approved', 51000, 1000)
),

spans AS (
    SELECT measure, '2023 alone' AS span, value FROM marts.scheme_flows
    WHERE scheme = 'TTPS' AND period_kind = 'flow' AND year(period_end) = 2023
    UNION ALL
    SELECT measure, 'since launch, to the end of 2023' AS span, sum(value) FROM marts.scheme_flows
    WHERE scheme = 'TTPS' AND period_kind = 'flow' AND year(period_end) <= 2023
    GROUP BY measure
)

SELECT
    s.measure, s.span, s.value::BIGINT AS counted, c.claim, abs(s.value - c.claim) <= c.quantum / 2 AS fits
FROM spans AS s
INNER JOIN claimed AS c ON c.measure = s.measure
ORDER BY s.measure, s.span
