-- Of the numeric cells that were read, how many ended where?
SELECT
    sum(read) AS read, sum(further) AS further, sum(fact) AS fact, sum(quarantine) AS quarantine,
    sum(unclaimed) AS unclaimed, sum(ignored) AS ignored, sum(difference) AS difference
FROM quality.coverage
