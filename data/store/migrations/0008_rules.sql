-- What the user said about names of Amazon that the program does not know, or
-- that he books elsewhere. Sync never touches it; rebuild applies it.
CREATE TABLE classification_rule (
  source     TEXT    NOT NULL,                          -- finances, settlement, daterange
  type       TEXT    NOT NULL,                          -- Amazon's transaction type
  path       TEXT    NOT NULL,                          -- Amazon's names from the top, joined by /
  note       TEXT    NOT NULL DEFAULT '',               -- Amazon's description, empty: any
  line       TEXT    NOT NULL,                          -- line of the statement
  refund     TEXT    NOT NULL,                          -- line when the event is a refund
  entered_at INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'), -- unix milliseconds UTC
  PRIMARY KEY (source, type, path, note)
) WITHOUT ROWID;
