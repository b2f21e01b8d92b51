-- 60 497 applications and 47 681 approvals are called those of "the first eleven months of 2023" by one paper, and those
-- since launch by another.  What would either leave for December 2023?
WITH claimed (measure, claim) AS (VALUES ('applications_received', 60497), ('applications_approved', 47681))

SELECT
    c.measure, c.claim,
    (sum(f.value) - c.claim)::BIGINT AS left_for_december_if_since_launch,
    (sum(f.value) FILTER (WHERE year(f.period_end) = 2023) - c.claim)::BIGINT AS left_if_of_2023_alone
FROM claimed AS c
INNER JOIN marts.scheme_flows AS f ON f.measure = c.measure
WHERE f.scheme = 'TTPS' AND f.period_kind = 'flow' AND year(f.period_end) <= 2023
GROUP BY c.measure, c.claim
ORDER BY c.measure DESC
