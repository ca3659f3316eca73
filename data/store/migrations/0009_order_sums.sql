-- What each order and each day adds up to, so that a list of a million orders
-- is counted and summed at once. All of it is derived from orders, items, events
-- and money lines; the transaction that changes those changes these.

-- Orders of which something changed in this transaction; empty outside of one.
CREATE TABLE order_dirty (
  connection_id TEXT NOT NULL,
  order_id      TEXT NOT NULL,
  PRIMARY KEY (connection_id, order_id)
) WITHOUT ROWID;

CREATE TABLE order_sum (
  connection_id  TEXT    NOT NULL,
  order_id       TEXT    NOT NULL,
  order_day      TEXT    NOT NULL,                      -- of the order, as the four below
  marketplace_id TEXT    NOT NULL,
  fulfilled_by   TEXT    NOT NULL,
  status         TEXT    NOT NULL,
  currency       TEXT    NOT NULL,                      -- of the order, else of its money; empty when nobody told
  units          INTEGER NOT NULL CHECK (typeof(units) = 'integer'),
  total_minor    INTEGER CHECK (typeof(total_minor) IN ('integer', 'null')), -- what the buyer pays; NULL when not known
  posted         INTEGER NOT NULL CHECK (typeof(posted) = 'integer'), -- boolean: money of one currency is posted; the four below are 0 otherwise
  fees_minor     INTEGER NOT NULL CHECK (typeof(fees_minor) = 'integer'),
  net_minor      INTEGER NOT NULL CHECK (typeof(net_minor) = 'integer'), -- net sales
  profit_minor   INTEGER NOT NULL CHECK (typeof(profit_minor) = 'integer'),
  uncovered      INTEGER NOT NULL CHECK (typeof(uncovered) = 'integer'), -- units without a known cost
  refunded       INTEGER NOT NULL CHECK (typeof(refunded) = 'integer'), -- boolean, as the four below
  nocost         INTEGER NOT NULL CHECK (typeof(nocost) = 'integer'),
  unknown        INTEGER NOT NULL CHECK (typeof(unknown) = 'integer'), -- money under a name that no rule knows
  unpaid         INTEGER NOT NULL CHECK (typeof(unpaid) = 'integer'), -- posted money that no settlement has paid
  loss           INTEGER NOT NULL CHECK (typeof(loss) = 'integer'), -- posted, every cost known, profit below zero
  PRIMARY KEY (connection_id, order_id)
) WITHOUT ROWID;

CREATE TABLE order_day_sum (
  order_day      TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  fulfilled_by   TEXT    NOT NULL,
  status         TEXT    NOT NULL,
  currency       TEXT    NOT NULL,
  refunded       INTEGER NOT NULL CHECK (typeof(refunded) = 'integer'), -- as order_sum, and the four below
  nocost         INTEGER NOT NULL CHECK (typeof(nocost) = 'integer'),
  unknown        INTEGER NOT NULL CHECK (typeof(unknown) = 'integer'),
  unpaid         INTEGER NOT NULL CHECK (typeof(unpaid) = 'integer'),
  loss           INTEGER NOT NULL CHECK (typeof(loss) = 'integer'),
  orders         INTEGER NOT NULL CHECK (typeof(orders) = 'integer'), -- count; the row goes when it reaches 0
  units          INTEGER NOT NULL CHECK (typeof(units) = 'integer'),
  total_minor    INTEGER NOT NULL CHECK (typeof(total_minor) = 'integer'),
  no_total       INTEGER NOT NULL CHECK (typeof(no_total) = 'integer'), -- orders whose total is not known
  fees_minor     INTEGER NOT NULL CHECK (typeof(fees_minor) = 'integer'),
  net_minor      INTEGER NOT NULL CHECK (typeof(net_minor) = 'integer'),
  profit_minor   INTEGER NOT NULL CHECK (typeof(profit_minor) = 'integer'),
  no_money       INTEGER NOT NULL CHECK (typeof(no_money) = 'integer'), -- orders without posted money
  uncovered      INTEGER NOT NULL CHECK (typeof(uncovered) = 'integer'),
  PRIMARY KEY (order_day, marketplace_id, fulfilled_by, status, currency, refunded, nocost, unknown, unpaid, loss)
) WITHOUT ROWID;

CREATE TRIGGER order_dirty_1 AFTER INSERT ON orders BEGIN INSERT OR IGNORE INTO order_dirty VALUES (new.connection_id, new.order_id); END;
CREATE TRIGGER order_dirty_2 AFTER UPDATE ON orders BEGIN INSERT OR IGNORE INTO order_dirty VALUES (new.connection_id, new.order_id); END;
CREATE TRIGGER order_dirty_3 AFTER DELETE ON orders BEGIN INSERT OR IGNORE INTO order_dirty VALUES (old.connection_id, old.order_id); END;
CREATE TRIGGER order_dirty_4 AFTER INSERT ON order_item BEGIN INSERT OR IGNORE INTO order_dirty VALUES (new.connection_id, new.order_id); END;
CREATE TRIGGER order_dirty_5 AFTER UPDATE ON order_item BEGIN INSERT OR IGNORE INTO order_dirty VALUES (new.connection_id, new.order_id); END;
CREATE TRIGGER order_dirty_6 AFTER DELETE ON order_item BEGIN INSERT OR IGNORE INTO order_dirty VALUES (old.connection_id, old.order_id); END;
CREATE TRIGGER order_dirty_7 AFTER INSERT ON event WHEN substr(new.scope, 1, 1) <> '~' BEGIN INSERT OR IGNORE INTO order_dirty VALUES (new.connection_id, new.scope); END;
CREATE TRIGGER order_dirty_8 AFTER UPDATE ON event WHEN substr(new.scope, 1, 1) <> '~' BEGIN INSERT OR IGNORE INTO order_dirty VALUES (new.connection_id, new.scope); END;
CREATE TRIGGER order_dirty_9 AFTER DELETE ON event WHEN substr(old.scope, 1, 1) <> '~' BEGIN INSERT OR IGNORE INTO order_dirty VALUES (old.connection_id, old.scope); END;
CREATE TRIGGER order_dirty_a AFTER UPDATE ON money_line BEGIN
  INSERT OR IGNORE INTO order_dirty SELECT connection_id, scope FROM event WHERE id = new.event_id AND substr(scope, 1, 1) <> '~';
END;

-- What a book holds already is summed by the first transaction.
INSERT INTO order_dirty SELECT connection_id, order_id FROM orders;
