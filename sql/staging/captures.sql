-- Every capture: bytes as they were served or dropped, at a time.  One document may have been captured often.
SELECT * FROM stage.captures
