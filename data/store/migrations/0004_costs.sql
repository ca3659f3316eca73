-- What goods and everything else cost: purchases, kits, expenses, postage, exchange
-- rates, closed months, and what changed in figures that were told before.
-- Times, money and checks as in the first step.

CREATE TABLE cost_batch (
  id            INTEGER PRIMARY KEY,
  code          TEXT    NOT NULL UNIQUE,                -- the seller's name for the purchase
  bought_day    TEXT    NOT NULL,                       -- its units can be sold from this day on
  sku           TEXT    NOT NULL,
  marketplaces  TEXT    NOT NULL DEFAULT '',            -- ids it was bought for, sorted, joined by commas; empty: any
  quantity      INTEGER NOT NULL CHECK (typeof(quantity) = 'integer' AND quantity > 0), -- units
  currency      TEXT    NOT NULL,                       -- in which it was paid
  price_minor   INTEGER NOT NULL CHECK (typeof(price_minor) = 'integer' AND price_minor >= 0), -- goods, all units
  freight_minor INTEGER NOT NULL DEFAULT 0 CHECK (typeof(freight_minor) = 'integer' AND freight_minor >= 0),
  duty_minor    INTEGER NOT NULL DEFAULT 0 CHECK (typeof(duty_minor) = 'integer' AND duty_minor >= 0),
  prep_minor    INTEGER NOT NULL DEFAULT 0 CHECK (typeof(prep_minor) = 'integer' AND prep_minor >= 0), -- labelling, packing
  other_minor   INTEGER NOT NULL DEFAULT 0 CHECK (typeof(other_minor) = 'integer' AND other_minor >= 0),
  book_currency TEXT    NOT NULL,                       -- in which its cost is fixed
  book_minor    INTEGER NOT NULL CHECK (typeof(book_minor) = 'integer' AND book_minor >= 0), -- landed cost fixed at the rate below
  rate          TEXT    NOT NULL DEFAULT '1',           -- units of book_currency for one of currency, as shown
  rate_day      TEXT    NOT NULL DEFAULT '',            -- day the rate was published for; empty when there is one currency
  rate_source   TEXT    NOT NULL DEFAULT '',            -- ecb or typed; empty when there is one currency
  supplier      TEXT    NOT NULL DEFAULT '',
  invoice       TEXT    NOT NULL DEFAULT '',            -- invoice number
  document_id   INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')), -- the invoice itself
  document_name TEXT    NOT NULL DEFAULT '',            -- its file name without folder
  note          TEXT    NOT NULL DEFAULT '',
  entered_at    INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
  entered_by    TEXT    NOT NULL DEFAULT ''             -- who typed or imported it
);
CREATE INDEX cost_batch_by_sku ON cost_batch(sku, bought_day);

-- What a kit or multipack holds. A part is no kit itself.
CREATE TABLE kit_part (
  kit_sku  TEXT    NOT NULL,
  part_sku TEXT    NOT NULL,
  units    INTEGER NOT NULL CHECK (typeof(units) = 'integer' AND units > 0), -- of the part in one kit
  PRIMARY KEY (kit_sku, part_sku)
) WITHOUT ROWID;
CREATE INDEX kit_part_by_part ON kit_part(part_sku);

-- Units that came back, were lost or were found, as the user tells of them.
CREATE TABLE goods_move (
  id             INTEGER PRIMARY KEY,
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  kind           TEXT    NOT NULL,                      -- returned (can be sold again), lost, found
  order_id       TEXT    NOT NULL DEFAULT '',           -- of a return
  sku            TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL DEFAULT '',
  units          INTEGER NOT NULL CHECK (typeof(units) = 'integer' AND units > 0),
  moved_at       INTEGER NOT NULL CHECK (typeof(moved_at) = 'integer'),
  note           TEXT    NOT NULL DEFAULT '',
  entered_at     INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
  entered_by     TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX goods_move_by_order ON goods_move(order_id, connection_id);

CREATE TABLE fx_rate (
  rate_day   TEXT    NOT NULL,                          -- day it was published for
  from_code  TEXT    NOT NULL,                          -- ISO 4217
  to_code    TEXT    NOT NULL,
  source     TEXT    NOT NULL,                          -- ecb or typed; typed goes first
  rate       TEXT    NOT NULL,                          -- exact decimal: units of to_code for one of from_code
  entered_at INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
  PRIMARY KEY (from_code, to_code, rate_day, source)
) WITHOUT ROWID;

CREATE TABLE expense (
  id             INTEGER PRIMARY KEY,
  code           TEXT    NOT NULL UNIQUE,               -- the seller's name for it
  category       TEXT    NOT NULL DEFAULT '',           -- rent, software, ... as the seller calls it
  repeat         TEXT    NOT NULL,                      -- once, weekly, monthly, quarterly, yearly
  from_day       TEXT    NOT NULL,                      -- first day it is spread over
  to_day         TEXT    NOT NULL DEFAULT '',           -- last day; empty: recurring without an end
  currency       TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'), -- of each occurrence, above 0 for a cost
  marketplace_id TEXT    NOT NULL DEFAULT '',           -- empty: of the whole business
  sku            TEXT    NOT NULL DEFAULT '',           -- empty: of no product
  allocation     TEXT    NOT NULL DEFAULT 'none',       -- among products: none, revenue, units
  supplier       TEXT    NOT NULL DEFAULT '',
  note           TEXT    NOT NULL DEFAULT '',
  entered_at     INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
  entered_by     TEXT    NOT NULL DEFAULT ''
);

-- What sending a seller-fulfilled parcel costs, where no carrier's bill tells.
CREATE TABLE postage_rate (
  sku            TEXT    NOT NULL,                      -- empty: per parcel, whatever is in it
  marketplace_id TEXT    NOT NULL,                      -- empty: every marketplace of that currency
  valid_from_day TEXT    NOT NULL,                      -- empty: from the beginning
  currency       TEXT    NOT NULL,
  postage        TEXT    NOT NULL,                      -- exact decimal, per parcel or per unit of the SKU
  packing        TEXT    NOT NULL,                      -- exact decimal, the same
  entered_at     INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
  PRIMARY KEY (sku, marketplace_id, valid_from_day, currency)
) WITHOUT ROWID;

-- Rows of a carrier's bill. Two equal rows of one bill are two parcels.
CREATE TABLE carrier_bill (
  bill            TEXT    NOT NULL,                     -- SHA-256 of the file, hex
  line            INTEGER NOT NULL CHECK (typeof(line) = 'integer'), -- as an editor counts it
  name            TEXT    NOT NULL,                     -- file name without folder
  billed_day      TEXT    NOT NULL,
  tracking_number TEXT    NOT NULL DEFAULT '',
  connection_id   TEXT    NOT NULL DEFAULT '',          -- of the order, empty while none is known
  order_id        TEXT    NOT NULL DEFAULT '',
  currency        TEXT    NOT NULL,
  amount_minor    INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'), -- above 0 for a cost
  document_id     INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  entered_at      INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
  PRIMARY KEY (bill, line)
) WITHOUT ROWID;
CREATE INDEX carrier_bill_by_order ON carrier_bill(order_id, connection_id);
CREATE INDEX carrier_bill_by_tracking ON carrier_bill(tracking_number);

CREATE TABLE closed_month (
  month     TEXT    NOT NULL PRIMARY KEY,               -- YYYY-MM
  closed_at INTEGER NOT NULL CHECK (typeof(closed_at) = 'integer'),
  closed_by TEXT    NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- What would have changed a closed day, and the open day on which it stands
-- instead. Both sides are events of their own, so that sums and lines agree.
CREATE TABLE late_difference (
  id             INTEGER PRIMARY KEY,
  event_day      TEXT    NOT NULL,                      -- the closed day it belongs to
  booked_day     TEXT    NOT NULL,                      -- first day of the month that was open
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  currency       TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  line           TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'), -- seller's sign
  quantity       INTEGER NOT NULL CHECK (typeof(quantity) = 'integer'), -- units
  uncovered      INTEGER NOT NULL CHECK (typeof(uncovered) = 'integer'), -- units without a known cost
  noted_at       INTEGER NOT NULL CHECK (typeof(noted_at) = 'integer'), -- last change
  UNIQUE (event_day, booked_day, connection_id, marketplace_id, currency, sku, line)
);

-- Why a number changed: an estimate that gave way to money, costs that were
-- counted anew.
CREATE TABLE figure_change (
  id            INTEGER PRIMARY KEY,
  changed_at    INTEGER NOT NULL CHECK (typeof(changed_at) = 'integer'),
  changed_by    TEXT    NOT NULL DEFAULT '',            -- who caused it, empty: sync
  reason        TEXT    NOT NULL,                       -- estimate, costs
  cause         TEXT    NOT NULL DEFAULT '',            -- what was entered or changed
  month         TEXT    NOT NULL,                       -- YYYY-MM of the figure
  connection_id TEXT    NOT NULL DEFAULT '',
  order_id      TEXT    NOT NULL DEFAULT '',            -- of an estimate
  sku           TEXT    NOT NULL DEFAULT '',
  line          TEXT    NOT NULL,
  currency      TEXT    NOT NULL,
  before_minor  INTEGER NOT NULL CHECK (typeof(before_minor) = 'integer'),
  after_minor   INTEGER NOT NULL CHECK (typeof(after_minor) = 'integer')
);
CREATE INDEX figure_change_by_order ON figure_change(order_id);

CREATE INDEX event_by_sku ON event(sku, event_day);
CREATE INDEX event_estimated ON event(connection_id, occurred_at) WHERE state = 'estimated';
