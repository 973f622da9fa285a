-- How turnout grew: what was counted at moments of the voting time, at most one an interval
-- (ledger.turnout_seconds). The board has no times of ballots, so this is the server's word, not part of the record.
-- A moment has rows of those reporting units only whose figure is another one than at the moment before.
CREATE TABLE turnout_samples (
    election_id INTEGER NOT NULL REFERENCES ledgers (election_id),
    -- Seconds since 1970.
    taken_at    INTEGER NOT NULL CHECK (taken_at >= 0),
    -- Number of a reporting unit of the manifest.
    unit        INTEGER NOT NULL CHECK (unit BETWEEN 0 AND 65535),
    -- Voters of the unit with a counted online ballot.
    counted     INTEGER NOT NULL CHECK (counted >= 0),
    PRIMARY KEY (election_id, taken_at, unit)
) STRICT, WITHOUT ROWID;
