-- What the public pages show: when an entry of a role got its place, and which elections are listed.

-- Milliseconds since 1970; NULL for ballots and posted challenges (when one was cast is nobody's
-- business) and for entries older than this column. The server's word, not part of the record.
ALTER TABLE entries ADD COLUMN appended_at INTEGER;

-- Entries of roles, found without reading past millions of ballots.
CREATE INDEX entries_of_roles ON entries (election_id, log_index) WHERE credential_index IS NULL;

-- 0 leaves an approved election out of public lists; its own address keeps working.
ALTER TABLE elections ADD COLUMN listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1));
