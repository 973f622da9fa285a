ALTER TABLE elections DROP COLUMN return_reason;
ALTER TABLE elections DROP COLUMN returned_at;
ALTER TABLE elections DROP COLUMN returned_by;
