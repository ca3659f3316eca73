-- When each source of a connection is asked again. The rest of a plan is
-- computed from bookmarks and limits.
CREATE TABLE schedule (
  connection_id TEXT    NOT NULL REFERENCES connection(id) ON DELETE CASCADE,
  resource      TEXT    NOT NULL,
  next_at       INTEGER NOT NULL CHECK (typeof(next_at) = 'integer'), -- not before, unix milliseconds UTC
  failures      INTEGER NOT NULL CHECK (typeof(failures) = 'integer'), -- runs that failed since the last that ended well
  calls         TEXT    NOT NULL DEFAULT '',            -- of the last run that ended well: JSON, operation to number of calls
  PRIMARY KEY (connection_id, resource)
) WITHOUT ROWID;
