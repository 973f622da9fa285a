-- Several one-time codes of a voter live side by side: a stranger who asks for another, or who guesses
-- wrong, takes nothing away from the voter. Codes live for minutes, so none are carried over.
DROP TABLE voter_codes;
CREATE TABLE voter_codes (
    roll_id    INTEGER NOT NULL REFERENCES roll (id) ON DELETE CASCADE,
    tenant_id  INTEGER NOT NULL,
    sent_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- HMAC-SHA256 of row, time and code under the server's key.
    code_hash  BLOB NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (roll_id, sent_at)
) STRICT, WITHOUT ROWID;
