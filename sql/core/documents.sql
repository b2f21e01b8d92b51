-- Every document with the bounds of its release date: what is known of the vintage of its figures.
-- key: document_id
-- columns:
--   released_from DATE: the release date, or the earliest day that it can be; null where nothing bounds it
--   released_from_evidence VARCHAR: what that day rests on
--   released_until DATE: the release date, or the latest day that it can be (the day of capture)
--   released_until_evidence VARCHAR: what that day rests on
--   dated BOOLEAN: whether the release date itself is known, and these are the words of that day
--   changed_in_place BOOLEAN: whether its address held other words at an earlier capture; it counts from its own capture
--   known_from DATE: the day from which its figures count as known: the release date, or else the latest that it can be; December 31, 9999 where nothing bounds it
--   release VARCHAR: the release in words: number, date and title as far as they are known
--   superseded_by VARCHAR: document that counts in its place (core.superseded); null where it counts itself
WITH replaced AS (
    -- the last capture of the same address that held other words of the same release; one address may serve several
    -- releases, and those are no versions of each other
    SELECT d.document_id, max(e.captured_at) AS replaced_after
    FROM stage.documents AS d
    INNER JOIN stage.documents AS e
        ON e.source_url = d.source_url AND e.medium = d.medium AND e.language = d.language
        AND e.body_hash <> d.body_hash AND e.captured_at < d.captured_at
        AND e.released IS NOT DISTINCT FROM d.released AND e.number = d.number AND e.title = d.title
        AND (d.title <> '' OR d.medium = 'csv')
        -- what a facsimile says in its own prose is no earlier state of the page
        AND e.document_id NOT IN (SELECT document_id FROM core.superseded WHERE rule LIKE 'facsimile %')
    GROUP BY d.document_id
),

bounded AS (
    SELECT
        d.*,
        r.replaced_after,
        r.replaced_after IS NOT NULL AS changed_in_place,
        d.released IS NOT NULL AND r.replaced_after IS NULL AS dated,
        -- what stood there at the capture before did not stand there the same moment
        least(r.replaced_after::DATE + 1, d.captured_at::DATE) AS earliest_change,
        -- "today (January 19)" in a text that speaks of "end 2021" cannot be earlier than 19 January 2022
        CASE WHEN release_month IS NULL OR not_before IS NULL THEN NULL ELSE coalesce(
            try_cast(printf('%04d-%02d-%02d', year(not_before), release_month, release_day) AS DATE),
            not_before
        ) END AS same_year,
        CASE WHEN release_month IS NULL OR not_before IS NULL THEN NULL ELSE coalesce(
            try_cast(printf('%04d-%02d-%02d', year(not_before) + 1, release_month, release_day) AS DATE),
            not_before
        ) END AS next_year
    FROM stage.documents AS d
    LEFT JOIN replaced AS r ON r.document_id = d.document_id
),

told AS (
    SELECT
        *,
        CASE WHEN same_year >= not_before THEN same_year ELSE next_year END AS month_and_day
    FROM bounded
)

SELECT
    document_id, content_hash, body_hash, readable, medium, language, title, number, path, kind, source_url,
    captured_at, released, released_evidence, not_before, not_before_evidence,
    CASE
        WHEN dated THEN released
        WHEN changed_in_place THEN earliest_change
        ELSE coalesce(month_and_day, not_before)
    END AS released_from,
    CASE
        WHEN dated THEN released_evidence
        WHEN changed_in_place THEN 'its address held other words at the capture of ' || replaced_after::DATE
        WHEN month_and_day IS NOT NULL
            THEN 'the first ' || release_day || '/' || release_month || ' not before “' || not_before_evidence || '”'
        WHEN not_before IS NOT NULL THEN 'it speaks of “' || not_before_evidence || '”'
        ELSE ''
    END AS released_from_evidence,
    CASE WHEN dated THEN released ELSE captured_at::DATE END AS released_until,
    CASE
        WHEN dated THEN released_evidence
        WHEN captured_at IS NOT NULL THEN 'it was captured on ' || captured_at::DATE
        ELSE ''
    END AS released_until_evidence,
    dated, changed_in_place,
    coalesce(CASE WHEN dated THEN released ELSE captured_at::DATE END, DATE '9999-12-31') AS known_from,
    coalesce(
        nullif(concat_ws(', ', nullif(number, ''), released, nullif(title, '')), ''), path
    ) AS release,
    n_tables, n_cells,
    (SELECT s.superseded_by FROM core.superseded AS s WHERE s.document_id = told.document_id) AS superseded_by
FROM told
