-- How many comparisons between releases were made, and what came of them?  What cannot be evaluated is neither pass nor
-- failure.
SELECT sentence, outcome, class, count(*) AS comparisons
FROM quality.reconciliation
GROUP BY sentence, outcome, class
ORDER BY sentence, outcome, class
