-- What was known of every figure on a day: by release date, and by the latest possible one where only bounds are known.
-- One row a figure; where releases of that day disagreed, the figure is disputed and has no value.  Sources are those
-- that were known then, in a fixed order: the verdict is the strongest of theirs.
-- parameters: day
SELECT
    figure_id, series, measure, dimensions, dimension_key, classification, label, period_start, period_end,
    period_kind, period_label, is_total, value, quantum, unit, absence, approx, status, inferred,
    ['proved', 'consistent', 'unproved'][
        list_min(list_transform(known, lambda s: list_position(['proved', 'consistent', 'unproved'], s.verdict)))
    ] AS verdict,
    disputed, printed, known_from, known_until,
    list_sort(list_distinct(list_transform(known, lambda s: s.release))) AS releases,
    known AS sources
FROM (
    SELECT *, list_filter(sources, lambda s: s.known_from <= day) AS known
    FROM core.editions
    WHERE edition IN ('latest', 'earlier') AND known_from <= day AND (known_until IS NULL OR known_until > day)
)
