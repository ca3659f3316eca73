-- What the calls of a month came to, once they are too old for the list of calls.
CREATE TABLE call_month (
  month         TEXT    NOT NULL,                       -- YYYY-MM, UTC
  connection_id TEXT    NOT NULL,
  host          TEXT    NOT NULL,
  operation     TEXT    NOT NULL,
  purpose       TEXT    NOT NULL,
  calls         INTEGER NOT NULL CHECK (typeof(calls) = 'integer'),
  failed        INTEGER NOT NULL CHECK (typeof(failed) = 'integer'), -- of calls: no answer, or one that was no success
  bytes_in      INTEGER NOT NULL CHECK (typeof(bytes_in) = 'integer'),
  bytes_out     INTEGER NOT NULL CHECK (typeof(bytes_out) = 'integer'),
  last_at       INTEGER NOT NULL CHECK (typeof(last_at) = 'integer'), -- unix milliseconds UTC of the last one
  PRIMARY KEY (month, connection_id, host, operation, purpose)
) WITHOUT ROWID;
