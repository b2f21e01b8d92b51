-- From which documents and places do the figures of 2020 come, and what is printed there?
SELECT s.measure, s.text, s.place, s.release, s.source_url, s.verdict
FROM (SELECT unnest(sources) AS s FROM marts.qmas_by_year WHERE year = 2020)
ORDER BY s.measure, s.path
