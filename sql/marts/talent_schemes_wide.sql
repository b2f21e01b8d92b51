-- One row per calendar year, with what each scheme let in as a column: quotas allotted of the Quality Migrant Admission
-- Scheme, applications approved of the others.  The same figures stand in talent_schemes_by_year, a row a scheme.
-- key: year
-- columns:
--   year INTEGER: calendar year [year]
--   qmas BIGINT: quotas allotted of the Quality Migrant Admission Scheme [persons]
--   ttps BIGINT: applications approved of the Top Talent Pass Scheme [applications]
--   gep BIGINT: applications approved of the General Employment Policy [applications]
--   asmtp BIGINT: applications approved of the Admission Scheme for Mainland Talents and Professionals [applications]
--   iang BIGINT: applications approved of the Immigration Arrangements for Non-local Graduates [applications]
--   techtas BIGINT: applications approved of the Technology Talent Admission Scheme [applications]
--   assg BIGINT: applications approved of the Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents [applications]
--   cies BIGINT: applications approved of the Capital Investment Entrant Scheme [applications]
--   newcies BIGINT: applications approved of the New Capital Investment Entrant Scheme [applications]
--   sls BIGINT: applications approved of the Supplementary Labour Scheme [applications]
--   esls BIGINT: applications approved of the Enhanced Supplementary Labour Scheme [applications]
--   vpas BIGINT: applications approved of the Vocational Professionals Admission Scheme [applications]
--   all_schemes BIGINT: the sum of the columns; computed here, and short of a scheme where its column is null [applications or persons]
--   verdict VARCHAR: the weakest of the verdicts of the figures
--   sources: the cells that print its figures
SELECT
    year,
    max(approved_and_quotas) FILTER (WHERE scheme = 'QMAS') AS qmas,
    max(approved_and_quotas) FILTER (WHERE scheme = 'TTPS') AS ttps,
    max(approved_and_quotas) FILTER (WHERE scheme = 'GEP') AS gep,
    max(approved_and_quotas) FILTER (WHERE scheme = 'ASMTP') AS asmtp,
    max(approved_and_quotas) FILTER (WHERE scheme = 'IANG') AS iang,
    max(approved_and_quotas) FILTER (WHERE scheme = 'TECHTAS') AS techtas,
    max(approved_and_quotas) FILTER (WHERE scheme = 'ASSG') AS assg,
    max(approved_and_quotas) FILTER (WHERE scheme = 'CIES') AS cies,
    max(approved_and_quotas) FILTER (WHERE scheme = 'NEWCIES') AS newcies,
    max(approved_and_quotas) FILTER (WHERE scheme = 'SLS') AS sls,
    max(approved_and_quotas) FILTER (WHERE scheme = 'ESLS') AS esls,
    max(approved_and_quotas) FILTER (WHERE scheme = 'VPAS') AS vpas,
    max(approved_and_quotas) FILTER (WHERE scheme = 'ALL') AS all_schemes,
    max(verdict) FILTER (WHERE scheme = 'ALL') AS verdict,
    flatten(list(sources ORDER BY scheme) FILTER (WHERE scheme = 'ALL')) AS sources
FROM marts.talent_schemes_by_year
GROUP BY year
