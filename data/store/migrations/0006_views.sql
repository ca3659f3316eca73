-- Views of tables that the user saved under a name.
CREATE TABLE saved_view (
  screen     TEXT    NOT NULL,                          -- the table it belongs to: orders, inventory, settlements
  name       TEXT    NOT NULL CHECK (name <> ''),       -- as the user called it
  state      TEXT    NOT NULL,                          -- JSON: filter, columns in their order, sort, widths
  saved_at   INTEGER NOT NULL CHECK (typeof(saved_at) = 'integer'), -- unix milliseconds UTC
  PRIMARY KEY (screen, name)
) WITHOUT ROWID;

-- What the seller wrote about an order. Sync never touches it.
CREATE TABLE order_note (
  connection_id TEXT    NOT NULL,
  order_id      TEXT    NOT NULL,
  note          TEXT    NOT NULL CHECK (note <> ''),    -- plain text of the seller's own
  written_at    INTEGER NOT NULL CHECK (typeof(written_at) = 'integer'), -- unix milliseconds UTC
  PRIMARY KEY (connection_id, order_id),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;
