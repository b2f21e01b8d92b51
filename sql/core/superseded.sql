-- Documents that count no more, because a capture of the same release is at hand: facsimiles of releases whose own page
-- was fetched or imported; captures of a page in another wrapper (counters, scripts) around words captured before; and
-- words that a page took back, when it holds again what it held before them.
-- They are kept, and can be traced; they are neither sources nor vintages.  A facsimile gives way to a capture in its
-- own language in which at least one of its figures was read: a page whose annexes are not at hand yet takes nothing
-- away.  An open data file gives way to one that ends with the same period; a longer one is a later vintage.
-- key: document_id
-- columns:
--   document_id VARCHAR: the document that counts no more
--   superseded_by VARCHAR: document that counts in its place, the first captured where there are several
--   rule VARCHAR: name of the rule by which its cells are left out
--   because VARCHAR: what the two have in common
--   captures VARCHAR[]: every document of the release that counts in its place: its captures, and their annexes
WITH addressed AS (
    SELECT
        *,
        nullif(regexp_replace(lower(coalesce(source_url, '')), '^https?://(www\.)?|/+$', '', 'g'), '') AS address,
        nullif(regexp_replace(lower(stands_for_address), '^https?://(www\.)?|/+$', '', 'g'), '') AS stands_for
    FROM stage.documents
    WHERE readable
),

-- 1. facsimiles
pairs AS (
    SELECT
        f.document_id, f.medium, c.document_id AS capture_id, c.captured_at, c.attachments,
        CASE
            WHEN f.stands_for = c.address THEN 'its record names the address'
            WHEN f.number <> '' AND c.number <> '' AND f.number <> c.number THEN NULL
            WHEN f.released <> c.released THEN NULL
            WHEN f.stands_for_number = c.number AND c.number <> '' AND f.stands_for_released = c.released
                THEN 'its record names number and day'
            WHEN f.number = c.number AND c.number <> '' AND f.released = c.released THEN 'number and day are the same'
            WHEN f.address = c.address AND f.medium = 'csv' AND c.medium = 'csv' THEN 'address and last period are the same'
            -- under the address of a release stands that release alone; a mirror or an Official Record holds several
            WHEN f.address = c.address AND regexp_matches(f.address, '/gia/general/\d{6}/\d\d/[^/]+$')
                THEN 'the address is that of one release'
            WHEN f.address = c.address AND f.title = c.title AND f.title <> '' THEN 'address and title are the same'
            WHEN f.title = c.title AND f.title <> '' AND f.released = c.released THEN 'title and day are the same'
            WHEN f.released = c.released THEN 'the day is the same, and every figure of it is there'
            WHEN f.address = c.address THEN 'the address is the same, and every figure of it is there'
        END AS because
    FROM addressed AS f
    INNER JOIN addressed AS c ON c.language = f.language AND c.kind <> 'facsimile'
    WHERE f.kind = 'facsimile' AND f.language <> '' AND because IS NOT NULL
),

-- a release is its page and its annexes
members AS (
    SELECT document_id, capture_id, capture_id AS member FROM pairs
    UNION
    SELECT p.document_id, p.capture_id, a.document_id
    FROM (SELECT document_id, capture_id, unnest(attachments).url AS url FROM pairs) AS p
    INNER JOIN stage.documents AS a ON a.source_url = p.url AND a.kind <> 'facsimile' AND a.readable
),

printed AS (
    SELECT DISTINCT
        document_id, series, measure, dimension_key, classification, period_start, period_end, period_kind, is_total
    FROM stage.observations
    WHERE document_id IN (SELECT document_id FROM pairs UNION ALL SELECT member FROM members)
),

wanted AS (
    SELECT document_id, count(*) AS figures, max(period_end) AS last_period
    FROM printed
    GROUP BY document_id
),

shared AS (
    SELECT
        m.document_id, m.capture_id, count(DISTINCT f) AS figures,
        (SELECT max(w.last_period) FROM wanted AS w WHERE w.document_id = m.capture_id) AS last_period
    FROM members AS m
    INNER JOIN printed AS f ON f.document_id = m.document_id
    INNER JOIN printed AS c
        ON c.document_id = m.member AND c.series = f.series AND c.measure = f.measure
        AND c.dimension_key = f.dimension_key AND c.classification = f.classification
        AND c.period_start IS NOT DISTINCT FROM f.period_start AND c.period_end = f.period_end
        AND c.period_kind = f.period_kind AND c.is_total = f.is_total
    GROUP BY m.document_id, m.capture_id
),

replaced AS (
    SELECT p.*
    FROM pairs AS p
    LEFT JOIN wanted AS w ON w.document_id = p.document_id
    LEFT JOIN shared AS s ON s.document_id = p.document_id AND s.capture_id = p.capture_id
    WHERE CASE
        WHEN p.because LIKE 'address and last period%' THEN s.last_period = w.last_period
        WHEN p.because LIKE '%every figure of it is there' THEN s.figures = w.figures AND w.figures >= 3
        ELSE w.figures IS NULL OR s.figures > 0
    END
),

facsimiles AS (
    SELECT
        r.document_id, min_by(r.capture_id, (r.captured_at, r.capture_id)) AS superseded_by,
        'facsimile of a release that was captured' AS rule,
        min_by(r.because, (r.captured_at, r.capture_id)) AS because,
        list_sort(list(DISTINCT m.member)) AS captures
    FROM replaced AS r
    INNER JOIN members AS m ON m.document_id = r.document_id AND m.capture_id = r.capture_id
    GROUP BY r.document_id
),

-- 2. other wrappers around the same words: a page that went back to earlier words has changed
turns AS (
    SELECT
        document_id, address, captured_at, body_hash,
        body_hash IS DISTINCT FROM lag(body_hash) OVER (PARTITION BY address ORDER BY captured_at, document_id) AS is_new
    FROM addressed
    WHERE kind <> 'facsimile' AND address IS NOT NULL AND captured_at IS NOT NULL
),

spells AS (
    SELECT
        *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY address ORDER BY captured_at, document_id) AS spell
    FROM turns
),

wrappers AS (
    SELECT
        document_id,
        first_value(document_id) OVER (PARTITION BY address, spell ORDER BY captured_at, document_id) AS superseded_by,
        'other wrapper around words that were captured' AS rule,
        'address and words are the same' AS because
    FROM spells
),

-- 3. words that their page took back: what it holds now was captured before them, and again after them
served AS (
    SELECT source_url, document_id, min(captured_at) AS first_at, max(captured_at) AS last_at
    FROM stage.captures
    WHERE kind = 'fetched' AND source_url IS NOT NULL AND captured_at IS NOT NULL
    GROUP BY source_url, document_id
),

held AS (
    SELECT source_url, document_id, first_at
    FROM served
    QUALIFY row_number() OVER (PARTITION BY source_url ORDER BY last_at DESC, document_id) = 1
),

taken_back AS (
    SELECT s.document_id, min(h.document_id) AS superseded_by
    FROM served AS s
    INNER JOIN held AS h ON h.source_url = s.source_url AND h.first_at < s.first_at
    INNER JOIN stage.documents AS d ON d.document_id = s.document_id
    WHERE s.document_id NOT IN (SELECT document_id FROM held)
    AND s.document_id NOT IN (SELECT document_id FROM wrappers WHERE document_id <> superseded_by)
    GROUP BY s.document_id
)

SELECT document_id, superseded_by, rule, because, captures FROM facsimiles
UNION ALL
SELECT document_id, superseded_by, rule, because, [superseded_by] FROM wrappers
WHERE document_id <> superseded_by
UNION ALL
SELECT
    document_id, superseded_by, 'words that their page took back',
    'the address is the same, and holds the earlier words again', [superseded_by]
FROM taken_back
