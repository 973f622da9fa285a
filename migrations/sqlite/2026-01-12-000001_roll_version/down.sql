ALTER TABLE elections DROP COLUMN roll_version;
