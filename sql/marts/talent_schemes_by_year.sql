-- One row per calendar year and scheme: applications received, applications approved and quotas allotted, as last
-- published, and for each year the scheme ALL, computed as the sum of the schemes that have a figure.  Quotas allotted are
-- neither approvals nor part of them: in ALL they stand in their own column, and `approved_and_quotas` adds the approvals
-- of the schemes and the quotas of the scheme that allots them, for those who count persons let in by either.
-- key: year, scheme
-- columns:
--   year INTEGER: calendar year [year]
--   scheme VARCHAR: code of the scheme in the vocabulary; ALL for the computed sum of the schemes
--   label_en VARCHAR: name of the scheme in English
--   label_zh VARCHAR: name of the scheme in Traditional Chinese
--   received BIGINT: applications received in the year [applications]
--   approved BIGINT: applications approved in the year [applications]
--   quotas BIGINT: quotas allotted in the year [persons]
--   approved_and_quotas BIGINT: quotas where the scheme allots them, else applications approved; of ALL the sum of these [applications or persons]
--   is_computed BOOLEAN: whether the row is a sum made here and printed nowhere
--   schemes VARCHAR[]: the schemes that are in the row
--   without_approved VARCHAR[]: of ALL the talent schemes open in that year that have no figure of approvals or quotas, so that the sum falls short; labour schemes are none
--   counts_from DATE: day on which the scheme began, where that is in the year; null elsewhere
--   verdict VARCHAR: the weakest of the verdicts of its figures
--   status VARCHAR: what a user must know beside the figures
--   sources: the cells that print its figures
WITH names AS (
    -- equal to the vocabulary schemes, which a test holds it to
    SELECT * FROM (VALUES
        ('QMAS', 'Quality Migrant Admission Scheme', '優秀人才入境計劃', 2006, 9999),
        ('TTPS', 'Top Talent Pass Scheme', '高端人才通行證計劃', 2022, 9999),
        ('GEP', 'General Employment Policy', '一般就業政策', 1900, 9999),
        ('ASMTP', 'Admission Scheme for Mainland Talents and Professionals', '輸入內地人才計劃', 2003, 9999),
        ('IANG', 'Immigration Arrangements for Non-local Graduates', '非本地畢業生留港/回港就業安排', 2008, 9999),
        ('TECHTAS', 'Technology Talent Admission Scheme', '科技人才入境計劃', 2018, 9999),
        ('ASSG', 'Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents', '輸入中國籍香港永久性居民第二代計劃', 2015, 9999),
        ('CIES', 'Capital Investment Entrant Scheme', '資本投資者入境計劃', 2003, 2015),
        ('NEWCIES', 'New Capital Investment Entrant Scheme', '新資本投資者入境計劃', 2024, 9999),
        ('SLS', 'Supplementary Labour Scheme', '補充勞工計劃', 1900, 9999),
        ('ESLS', 'Enhanced Supplementary Labour Scheme', '補充勞工優化計劃', 2023, 9999),
        ('VPAS', 'Vocational Professionals Admission Scheme', '職專畢業生留港計劃', 2024, 9999),
        ('ALL', 'All talent admission schemes together', '所有人才入境計劃合計', 1900, 9999)
    ) AS ours (scheme, label_en, label_zh, first_year, last_year)
),

yearly AS (
    SELECT
        year(f.period_end)::INTEGER AS year, f.scheme,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_received') AS received,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'applications_approved') AS approved,
        max(f.value::BIGINT) FILTER (WHERE f.measure = 'quotas_allotted') AS quotas,
        max(f.counts_from) AS counts_from,
        max(v.rank) AS rank,
        coalesce(string_agg(DISTINCT f.status, ', ' ORDER BY f.status) FILTER (WHERE f.status <> ''), '') AS status,
        flatten(list(f.sources ORDER BY f.measure)) AS sources
    FROM marts.scheme_flows AS f
    INNER JOIN core.verdicts AS v ON v.verdict = f.verdict
    WHERE f.period_kind = 'flow' AND f.period_length = 'year' AND f.value = trunc(f.value)
    AND f.measure IN ('applications_received', 'applications_approved', 'quotas_allotted')
    GROUP BY year(f.period_end), f.scheme
),

counted AS (
    -- of a scheme that allots quotas the applications approved are the same persons at an earlier step
    SELECT *, CASE WHEN scheme = 'QMAS' THEN quotas ELSE approved END AS approved_and_quotas
    FROM yearly
),

both_kinds AS (
    SELECT
        year, scheme, received, approved, quotas, approved_and_quotas, false AS is_computed, [scheme] AS schemes,
        []::VARCHAR[] AS without_approved, counts_from, rank, status, sources
    FROM counted
    UNION ALL
    SELECT
        year, 'ALL', sum(received)::BIGINT, sum(approved)::BIGINT, sum(quotas)::BIGINT, sum(approved_and_quotas)::BIGINT,
        true, list_sort(list(scheme)),
        coalesce((
            SELECT list_sort(list(n.scheme)) FROM names AS n
            WHERE n.scheme NOT IN ('ALL', 'SLS', 'ESLS') AND c.year BETWEEN n.first_year AND n.last_year
            AND n.scheme NOT IN (SELECT k.scheme FROM counted AS k WHERE k.year = c.year AND k.approved_and_quotas IS NOT NULL)
        ), []), NULL, max(rank),
        'computed: the sum of the schemes listed', flatten(list(sources ORDER BY scheme))
    FROM counted AS c
    GROUP BY year
)

SELECT
    b.year, b.scheme, n.label_en, n.label_zh, b.received, b.approved, b.quotas, b.approved_and_quotas, b.is_computed,
    b.schemes, b.without_approved, b.counts_from, v.verdict, b.status, b.sources
FROM both_kinds AS b
INNER JOIN names AS n ON n.scheme = b.scheme
INNER JOIN core.verdicts AS v ON v.rank = b.rank
