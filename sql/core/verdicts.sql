-- The five verdicts, from the strongest to the weakest, and whether a figure with it may enter the facts.
-- key: verdict
-- columns:
--   verdict VARCHAR: proved, consistent, unproved, ambiguous, contradicted
--   rank INTEGER: 0 = strongest; of several, the largest decides [rank]
--   loads BOOLEAN: whether a figure with this verdict may enter the facts
--   meaning VARCHAR: what it says
SELECT * FROM (
    VALUES
    ('proved', 0, true, 'one reading is left, and it lies in exact sums whose joint chance is bounded'),
    ('consistent', 1, true, 'one reading, supported within rounding only, or by sums that chance could meet'),
    ('unproved', 2, true, 'one reading, and no sum reaches it'),
    ('ambiguous', 3, false, 'more than one reading survives'),
    ('contradicted', 4, false, 'a sum that reaches it fails')
) AS v (verdict, rank, loads, meaning)
