-- Shares and concentration lie between 0 and 1; concentration is at least that of as many equal classes; a list that does
-- not add up or is not whole has none of them.
SELECT
    series, measure, classification, period_start, period_end, classes, total_is, technology_percent,
    concentration_least, concentration_most
FROM marts.industry_mix
WHERE concentration_most > 1 OR concentration_least < 0 OR concentration_least > concentration_most
OR concentration_most < 1.0 / (classes + 1) - 0.0001
OR technology_percent NOT BETWEEN 0 AND 100
OR (total_is IN ('does not add up', 'not whole')) <> (concentration_most IS NULL)
