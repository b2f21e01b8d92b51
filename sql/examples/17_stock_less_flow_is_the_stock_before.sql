-- What did the scheme's cumulative figures stand at a year earlier?  The stock at the end of 2021 less the flow of 2021,
-- from two publications; where no release at hand prints the stock of 2020, that is a finding that cannot be evaluated.
SELECT dimension_key, found::BIGINT AS implied_for_the_end_of_2020, expected::BIGINT AS printed, outcome, statement
FROM quality.reconciliation
WHERE sentence = 'a stock less its flow is the stock before'
AND measure = 'quotas_allotted' AND series IN ('qmas_by_year', 'qmas_by_industry')
AND period_end = DATE '2021-12-31'
ORDER BY found DESC, dimension_key
