-- The industry of admission beside the areas of the Talent List: what part of the quotas of the Quality Migrant Admission
-- Scheme went to each industry, and which areas of the list of May 16, 2023 we put beside it.  The mapping of areas to
-- industries is ours (pipelines/vocabulary/talent_list.csv), not the Government's.  Descriptive only: the list names
-- professions in shortage, not industries, and it is later than the figures; the mart shows no cause, no effect and no
-- shortage.  Environmental technology services are an area without an industry of their own, and stand in no row.
-- key: period_start, period_end, period_kind, classification, code
-- columns:
--   areas VARCHAR[]: codes of the areas of the Talent List that we put beside the industry; empty where there is none
--   area_names VARCHAR: the same areas by name, or empty
--   talent_list VARCHAR: edition of the Talent List
--   talent_list_from DATE: day from which this edition was in force
--   figures_are_older BOOLEAN: whether the period ends before this edition was in force
WITH areas AS (
    -- equal to the vocabulary talent_list, which a test holds it to
    SELECT * FROM (VALUES
        ('ARTS', 'CREATIVE', 'Creative industries, arts and culture, performing arts'),
        ('BROADCASTING', 'CREATIVE', 'Creative industries, arts and culture, performing arts'),
        ('BUSINESS_SUPPORT', 'BUSINESS_SUPPORT', 'Business support'),
        ('CONSTRUCTION', 'DEVELOPMENT', 'Development and construction'),
        ('FINANCE', 'FINANCE', 'Financial services'),
        ('HEALTH', 'HEALTH', 'Healthcare services'),
        ('ICT', 'INNOVATION', 'Innovation and technology'),
        ('LEGAL', 'LEGAL', 'Legal and dispute resolution services'),
        ('LOGISTICS', 'MARITIME', 'Maritime services')
    ) AS ours (code, area, area_name)
),

beside AS (
    SELECT code, list(area ORDER BY area) AS areas, string_agg(area_name, '; ' ORDER BY area) AS area_names
    FROM areas
    GROUP BY code
)

SELECT
    s.period_start, s.period_end, s.period_kind, s.period_label, s.classification, s.code, s.label,
    s.quotas_allotted, s.total, s.total_is, s.share_percent, s.rank,
    coalesce(b.areas, []) AS areas,
    coalesce(b.area_names, '') AS area_names,
    'talent-list-2023' AS talent_list,
    DATE '2023-05-16' AS talent_list_from,
    s.period_end < talent_list_from AS figures_are_older,
    s.verdict, s.released_from, s.releases, s.sources
FROM marts.qmas_shares AS s
LEFT JOIN beside AS b ON b.code = s.code
WHERE s.dimension = 'industry'
