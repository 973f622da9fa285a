-- Grows with every change of the election's roll or assignment, so that a seal is made of the very
-- roll that was compared with the board.
ALTER TABLE elections ADD COLUMN roll_version INTEGER NOT NULL DEFAULT 0 CHECK (roll_version >= 0);
