-- Applications decided well for each hundred of a denominator that is named in the row, period by period.  Shows two
-- printed figures beside each other.  Does not show a chance of success: who is allotted a quota or approved in a period
-- may have applied in an earlier one, and what was received and not approved is not refused; it may be pending or
-- withdrawn.  A ratio is only given within one series, period and list; a total over years evens the delay out in part.
-- key: series, numerator_is, denominator_is, dimension_key, classification, period_start, period_end, period_kind, is_total
-- columns:
--   numerator_is VARCHAR: the measure above the line: quotas_allotted, approvals, …
--   denominator_is VARCHAR: the measure below the line: applications received, or processed
--   numerator DECIMAL(38,10): the figure above the line [as its measure]
--   denominator DECIMAL(38,10): the figure below the line [as its measure]
--   per_hundred DECIMAL(18,2): numerator for each hundred of the denominator; no approval rate unless it says processed [per 100]
--   caveat VARCHAR: what the ratio cannot tell, for this pair of measures
--   verdict VARCHAR: the weaker of the verdicts of the two figures
--   released_from DATE: release date (or its lower bound) of the later of the two figures
--   releases VARCHAR[]: the releases that print the two figures
--   sources: the cells that print the two figures
WITH figures AS (
    SELECT
        *,
        CASE
            WHEN measure IN ('quotas_allotted', 'approvals', 'applications_approved', 'approved') THEN 'above'
            WHEN measure IN ('applications_received', 'applications_processed', 'received', 'processed') THEN 'below'
        END AS stands
    FROM core.editions
    -- a hedged figure ("about 200") makes no ratio
    WHERE edition = 'latest' AND NOT disputed AND scope = '' AND value IS NOT NULL AND approx = ''
    AND period_kind <> 'stock'
)

SELECT
    n.series,
    n.measure AS numerator_is,
    d.measure AS denominator_is,
    n.dimension_key, n.classification, n.label, n.period_start, n.period_end, n.period_kind, n.period_label, n.is_total,
    n.value AS numerator,
    d.value AS denominator,
    (100 * n.value::DOUBLE / d.value::DOUBLE)::DECIMAL(18, 2) AS per_hundred,
    CASE
        WHEN d.measure LIKE '%processed'
            THEN 'Of the applications decided in the period, whenever they were received.'
        ELSE 'Received and decided are counted at different times: the figures above and below the line are not the '
            || 'same applicants, and the difference is not a count of refusals.'
    END AS caveat,
    v.verdict,
    greatest(n.released_from, d.released_from) AS released_from,
    list_sort(list_distinct(list_concat(n.releases, d.releases))) AS releases,
    list_concat(n.sources, d.sources) AS sources
FROM figures AS n
INNER JOIN figures AS d
    ON d.series = n.series AND d.dimension_key = n.dimension_key AND d.classification = n.classification
    AND d.period_start = n.period_start AND d.period_end = n.period_end AND d.period_kind = n.period_kind
    AND d.is_total = n.is_total AND d.value > 0
INNER JOIN core.verdicts AS v ON v.rank = greatest(n.rank, d.rank)
WHERE n.stands = 'above' AND d.stands = 'below'
-- the total of a year's months and the figure of the year are one pair where they say the same
QUALIFY row_number() OVER (
    PARTITION BY
        n.series, n.measure, d.measure, n.dimension_key, n.classification, n.period_start, n.period_end, n.period_kind,
        n.value, d.value
    ORDER BY greatest(n.rank, d.rank), n.is_total
) = 1
