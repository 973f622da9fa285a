DROP TABLE voter_codes;
CREATE TABLE voter_codes (
    roll_id       INTEGER PRIMARY KEY REFERENCES roll (id) ON DELETE CASCADE,
    tenant_id     INTEGER NOT NULL,
    code_hash     BLOB CHECK (length(code_hash) = 32),
    sent_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    attempts_left INTEGER NOT NULL CHECK (attempts_left >= 0),
    hour_began    INTEGER NOT NULL,
    sent_in_hour  INTEGER NOT NULL
) STRICT;
