-- What was kept out, why, and what would release it?
SELECT level, path, place, text, reason, release
FROM quality.quarantine
ORDER BY path, place
