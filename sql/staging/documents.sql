-- What was read from each distinct byte string, and those from which nothing could be read.
-- key: document_id
SELECT * FROM stage.documents
