ALTER TABLE elections DROP COLUMN listed;
DROP INDEX entries_of_roles;
ALTER TABLE entries DROP COLUMN appended_at;
