-- Set while the password is one that somebody else has chosen or seen: nothing but changing it is
-- allowed then.
ALTER TABLE staff ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));

-- Who ever had an account in hand: made it, reset its password, changed its roles or unlocked it.
-- Never deleted.
CREATE TABLE staff_control (
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    by_id    INTEGER NOT NULL REFERENCES staff (id),
    PRIMARY KEY (staff_id, by_id)
) STRICT, WITHOUT ROWID;
