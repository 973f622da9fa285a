-- Who returned the draft to its authors last, when and why; gone once it is submitted again.
ALTER TABLE elections ADD COLUMN returned_by INTEGER REFERENCES staff (id);
ALTER TABLE elections ADD COLUMN returned_at INTEGER;
ALTER TABLE elections ADD COLUMN return_reason TEXT CHECK (length(return_reason) BETWEEN 1 AND 1000);
