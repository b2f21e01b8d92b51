-- Every document with the bounds of its release date: what is known of the vintage of its figures.
-- key: document_id
-- columns:
--   released_from DATE: the release date, or the earliest day that it can be; null where nothing bounds it
--   released_until DATE: the release date, or the latest day that it can be (the day of capture)
--   dated BOOLEAN: whether the release date itself is known
--   release VARCHAR: the release in words: number, date and title as far as they are known
WITH bounded AS (
    SELECT
        *,
        -- "today (January 19)" in a text that speaks of "end 2021" cannot be earlier than 19 January 2022
        CASE WHEN release_month IS NULL OR not_before IS NULL THEN NULL ELSE coalesce(
            try_cast(printf('%04d-%02d-%02d', year(not_before), release_month, release_day) AS DATE),
            not_before
        ) END AS same_year,
        CASE WHEN release_month IS NULL OR not_before IS NULL THEN NULL ELSE coalesce(
            try_cast(printf('%04d-%02d-%02d', year(not_before) + 1, release_month, release_day) AS DATE),
            not_before
        ) END AS next_year
    FROM stage.documents
)

SELECT
    document_id, content_hash, body_hash, readable, medium, language, title, number, path, kind, source_url,
    captured_at, released, released_evidence, not_before, not_before_evidence,
    coalesce(released, CASE WHEN same_year >= not_before THEN same_year ELSE next_year END, not_before)
        AS released_from,
    coalesce(released, captured_at::DATE) AS released_until,
    released IS NOT NULL AS dated,
    coalesce(
        nullif(concat_ws(', ', nullif(number, ''), released, nullif(title, '')), ''), path
    ) AS release,
    n_tables, n_cells
FROM bounded
