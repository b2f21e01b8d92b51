-- The least effective number of origins is at least 1 and at most the rows listed (a region or 'Others' is one of them);
-- the most is no less than the least; a list that does not add up or is not whole has neither.
SELECT
    series, measure, classification, period_start, period_end, places, groups, total_is, effective_origins_least,
    effective_origins_most
FROM marts.origin_diversity
WHERE effective_origins_least < 1 OR effective_origins_least > places + groups
OR effective_origins_most < effective_origins_least
OR (total_is IN ('does not add up', 'not whole')) <> (effective_origins_least IS NULL)
