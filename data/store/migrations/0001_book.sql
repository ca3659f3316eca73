-- Times: *_at is unix milliseconds UTC, *_day is YYYY-MM-DD in the marketplace's zone.
-- Money: *_minor is in minor units of the currency column beside it.
-- The tables are not STRICT, because SQLCipher builds older than SQLite 3.37 could
-- not open the file then; integers are kept so by checks.
-- The word "order" is reserved in SQL, so its table is called orders.

CREATE TABLE setting (
  key   TEXT NOT NULL PRIMARY KEY,  -- name of the setting
  value TEXT NOT NULL               -- its value as text
) WITHOUT ROWID;

CREATE TABLE connection (
  id             TEXT    NOT NULL PRIMARY KEY,          -- short name: na, eu, fe, files-na
  region         TEXT    NOT NULL,                      -- NA, EU or FE
  kind           TEXT    NOT NULL,                      -- api: signed in to Amazon; files: fed by report files only
  seller_id      TEXT    NOT NULL DEFAULT '',           -- Amazon's merchant token, empty until known
  endpoint       TEXT    NOT NULL DEFAULT '',           -- SP-API base URL
  login_endpoint TEXT    NOT NULL DEFAULT '',           -- Login with Amazon base URL
  state          TEXT    NOT NULL DEFAULT 'active',     -- active, revoked, secret (client secret refused), paused
  state_reason   TEXT    NOT NULL DEFAULT '',           -- one sentence, empty when active
  state_at       INTEGER NOT NULL CHECK (typeof(state_at) = 'integer'), -- since when
  created_at     INTEGER NOT NULL CHECK (typeof(created_at) = 'integer') -- when it was added
) WITHOUT ROWID;

-- Never exported. Sealed under the connection key, which is not in this file.
CREATE TABLE connection_secret (
  connection_id TEXT NOT NULL REFERENCES connection(id) ON DELETE CASCADE, -- whose
  name          TEXT NOT NULL,                          -- client_id, client_secret, refresh_token
  sealed        BLOB NOT NULL,                          -- sealed value
  PRIMARY KEY (connection_id, name)
) WITHOUT ROWID;

CREATE TABLE marketplace (
  connection_id TEXT    NOT NULL REFERENCES connection(id), -- the connection that sells there
  id            TEXT    NOT NULL,                       -- Amazon's marketplace id
  name          TEXT    NOT NULL,                       -- Amazon.com, Amazon.de, ...
  country       TEXT    NOT NULL,                       -- ISO 3166 code
  currency      TEXT    NOT NULL,                       -- ISO 4217 code
  domain        TEXT    NOT NULL,                       -- www.amazon.com
  participating INTEGER NOT NULL CHECK (typeof(participating) = 'integer'), -- boolean
  PRIMARY KEY (connection_id, id)
) WITHOUT ROWID;

CREATE TABLE document (
  id          INTEGER PRIMARY KEY,
  sha256      TEXT    NOT NULL UNIQUE,                  -- of the body before compression, hex
  kind        TEXT    NOT NULL,                         -- order, transaction, listing, inventory, report
  size        INTEGER NOT NULL CHECK (typeof(size) = 'integer'), -- bytes before compression
  body        BLOB    NOT NULL,                         -- zstd; personal fields were cut out first
  received_at INTEGER NOT NULL CHECK (typeof(received_at) = 'integer')
);

CREATE TABLE orders (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  order_id       TEXT    NOT NULL,                      -- Amazon's order id
  marketplace_id TEXT    NOT NULL DEFAULT '',           -- empty when Amazon did not say
  sales_channel  TEXT    NOT NULL DEFAULT '',           -- Amazon.com, Non-Amazon US, ...
  status         TEXT    NOT NULL,                      -- PENDING, UNSHIPPED, SHIPPED, CANCELLED, ... or Amazon's newer word
  fulfilled_by   TEXT    NOT NULL DEFAULT '',           -- AMAZON or MERCHANT
  service_level  TEXT    NOT NULL DEFAULT '',
  purchased_at   INTEGER NOT NULL CHECK (typeof(purchased_at) = 'integer'),
  updated_at     INTEGER NOT NULL CHECK (typeof(updated_at) = 'integer'), -- Amazon's last update
  order_day      TEXT    NOT NULL,                      -- purchase day in the marketplace's zone
  currency       TEXT    NOT NULL DEFAULT '',
  total_minor    INTEGER CHECK (typeof(total_minor) IN ('integer', 'null')), -- grand total; NULL when not told (pending orders)
  business       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(business) = 'integer'), -- boolean
  replaces       TEXT    NOT NULL DEFAULT '',           -- order id that this one replaces
  ship_by_at     INTEGER CHECK (typeof(ship_by_at) IN ('integer', 'null')), -- latest time to ship
  deliver_by_at  INTEGER CHECK (typeof(deliver_by_at) IN ('integer', 'null')), -- latest promised delivery
  origin         TEXT    NOT NULL,                      -- api or report: who told last
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, order_id)
) WITHOUT ROWID;
-- Covers what lists of orders count and filter by, so that a count reads no order.
CREATE INDEX orders_by_purchase ON orders(purchased_at, connection_id, order_id, order_day, marketplace_id, status, fulfilled_by);
CREATE INDEX orders_to_ship ON orders(connection_id, status) WHERE status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED', 'PENDING');

CREATE TABLE order_item (
  connection_id    TEXT    NOT NULL,
  order_id         TEXT    NOT NULL,
  sku              TEXT    NOT NULL,                    -- seller SKU
  ordinal          INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'), -- 1, 2, ... among this order's lines of the same SKU
  order_item_id    TEXT    NOT NULL DEFAULT '',         -- empty when only a report told of it
  asin             TEXT    NOT NULL DEFAULT '',
  title            TEXT    NOT NULL DEFAULT '',
  status           TEXT    NOT NULL DEFAULT '',
  quantity         INTEGER NOT NULL CHECK (typeof(quantity) = 'integer'), -- units ordered
  shipped          INTEGER CHECK (typeof(shipped) IN ('integer', 'null')), -- units shipped, NULL when not told
  currency         TEXT    NOT NULL DEFAULT '',
  price_minor      INTEGER CHECK (typeof(price_minor) IN ('integer', 'null')), -- for all units; NULL when not told
  tax_minor        INTEGER CHECK (typeof(tax_minor) IN ('integer', 'null')),
  shipping_minor   INTEGER CHECK (typeof(shipping_minor) IN ('integer', 'null')),
  shipping_tax_minor INTEGER CHECK (typeof(shipping_tax_minor) IN ('integer', 'null')),
  giftwrap_minor   INTEGER CHECK (typeof(giftwrap_minor) IN ('integer', 'null')),
  giftwrap_tax_minor INTEGER CHECK (typeof(giftwrap_tax_minor) IN ('integer', 'null')),
  discount_minor   INTEGER CHECK (typeof(discount_minor) IN ('integer', 'null')), -- promotions, as a positive number
  points           INTEGER CHECK (typeof(points) IN ('integer', 'null')), -- Amazon points granted (Japan)
  document_id      INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line         INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, order_id, sku, ordinal),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX order_item_by_sku ON order_item(sku, connection_id, order_id);

CREATE TABLE package (
  connection_id   TEXT NOT NULL,
  order_id        TEXT NOT NULL,
  reference       TEXT NOT NULL,                        -- Amazon's packageReferenceId
  status          TEXT NOT NULL DEFAULT '',
  carrier         TEXT NOT NULL DEFAULT '',
  service         TEXT NOT NULL DEFAULT '',
  tracking_number TEXT NOT NULL DEFAULT '',
  shipped_at      INTEGER CHECK (typeof(shipped_at) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, order_id, reference),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE listing (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  asin           TEXT    NOT NULL DEFAULT '',
  fnsku          TEXT    NOT NULL DEFAULT '',
  title          TEXT    NOT NULL DEFAULT '',
  condition      TEXT    NOT NULL DEFAULT '',
  status         TEXT    NOT NULL DEFAULT '',           -- BUYABLE,DISCOVERABLE as Amazon lists them
  product_type   TEXT    NOT NULL DEFAULT '',
  currency       TEXT    NOT NULL DEFAULT '',
  price_minor    INTEGER CHECK (typeof(price_minor) IN ('integer', 'null')),
  own_quantity   INTEGER CHECK (typeof(own_quantity) IN ('integer', 'null')), -- seller-fulfilled stock, NULL when not told
  image          TEXT    NOT NULL DEFAULT '',           -- link to the main image
  created_at     INTEGER CHECK (typeof(created_at) IN ('integer', 'null')),
  updated_at     INTEGER CHECK (typeof(updated_at) IN ('integer', 'null')),
  seen_at        INTEGER NOT NULL CHECK (typeof(seen_at) = 'integer'), -- last time Amazon listed it
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, sku)
) WITHOUT ROWID;

CREATE TABLE stock_snapshot (
  connection_id    TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id   TEXT    NOT NULL,
  sku              TEXT    NOT NULL,
  condition        TEXT    NOT NULL DEFAULT '',
  snapshot_day     TEXT    NOT NULL,                    -- the last snapshot of a day is kept
  taken_at         INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  asin             TEXT    NOT NULL DEFAULT '',
  fnsku            TEXT    NOT NULL DEFAULT '',
  fulfillable      INTEGER NOT NULL CHECK (typeof(fulfillable) = 'integer'), -- units
  inbound_working  INTEGER NOT NULL CHECK (typeof(inbound_working) = 'integer'),
  inbound_shipped  INTEGER NOT NULL CHECK (typeof(inbound_shipped) = 'integer'),
  inbound_receiving INTEGER NOT NULL CHECK (typeof(inbound_receiving) = 'integer'),
  reserved         INTEGER NOT NULL CHECK (typeof(reserved) = 'integer'),
  researching      INTEGER NOT NULL CHECK (typeof(researching) = 'integer'),
  unfulfillable    INTEGER NOT NULL CHECK (typeof(unfulfillable) = 'integer'),
  total            INTEGER NOT NULL CHECK (typeof(total) = 'integer'),
  document_id      INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, sku, condition, snapshot_day)
) WITHOUT ROWID;

CREATE TABLE financial_transaction (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  transaction_id TEXT    NOT NULL,
  type           TEXT    NOT NULL,                      -- Shipment, Refund, ServiceFee, ...
  status         TEXT    NOT NULL DEFAULT '',           -- DEFERRED, RELEASED, DEFERRED_RELEASED or empty
  posted_at      INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
  currency       TEXT    NOT NULL,
  total_minor    INTEGER NOT NULL CHECK (typeof(total_minor) = 'integer'),
  release_of     TEXT    NOT NULL DEFAULT '',           -- transaction id of the deferred twin
  released_by    TEXT    NOT NULL DEFAULT '',           -- transaction id of its release, when told
  document_id    INTEGER NOT NULL REFERENCES document(id) CHECK (typeof(document_id) = 'integer'),
  PRIMARY KEY (connection_id, transaction_id)
) WITHOUT ROWID;
CREATE INDEX financial_transaction_deferred ON financial_transaction(connection_id, posted_at) WHERE status = 'DEFERRED';

CREATE TABLE settlement (
  connection_id TEXT    NOT NULL REFERENCES connection(id),
  settlement_id TEXT    NOT NULL,
  start_at      INTEGER NOT NULL CHECK (typeof(start_at) = 'integer'),
  end_at        INTEGER NOT NULL CHECK (typeof(end_at) = 'integer'),
  deposit_at    INTEGER CHECK (typeof(deposit_at) IN ('integer', 'null')),
  currency      TEXT    NOT NULL,
  total_minor   INTEGER NOT NULL CHECK (typeof(total_minor) = 'integer'), -- the payout, equal to the sum of its rows
  row_count     INTEGER NOT NULL CHECK (typeof(row_count) = 'integer'),
  document_id   INTEGER NOT NULL REFERENCES document(id) CHECK (typeof(document_id) = 'integer'),
  PRIMARY KEY (connection_id, settlement_id)
) WITHOUT ROWID;

CREATE TABLE fact_name (
  id     INTEGER PRIMARY KEY,
  source TEXT NOT NULL,                                 -- finances, settlement, daterange, user
  type   TEXT NOT NULL,                                 -- Amazon's transaction type
  path   TEXT NOT NULL,                                 -- Amazon's names from the top, joined by /
  UNIQUE (source, type, path)
);

-- Every amount as Amazon sent it, under Amazon's names. Stored once, never
-- changed by our rules; events and money lines are derived from it.
CREATE TABLE fact (
  id             INTEGER PRIMARY KEY,
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  scope          TEXT    NOT NULL,                      -- facts of one scope are matched together: an order id, or ~currency~line
  name_id        INTEGER NOT NULL REFERENCES fact_name(id) CHECK (typeof(name_id) = 'integer'),
  posting        TEXT    NOT NULL,                      -- what it was posted in: transaction id, settlement:row, file row
  seq            INTEGER NOT NULL CHECK (typeof(seq) = 'integer'), -- place within posting, from 0
  account        TEXT    NOT NULL DEFAULT '',           -- Amazon's account type, empty when not told
  order_id       TEXT    NOT NULL DEFAULT '',
  item_id        TEXT    NOT NULL DEFAULT '',           -- order item id, empty when not told
  sku            TEXT    NOT NULL DEFAULT '',
  marketplace_id TEXT    NOT NULL DEFAULT '',           -- empty when not told
  note           TEXT    NOT NULL DEFAULT '',           -- Amazon's description
  currency       TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'),
  quantity       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(quantity) = 'integer'), -- units this posting ships or refunds, once per item
  posted_at      INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'),
  settlement_id  TEXT    NOT NULL DEFAULT '',
  state          TEXT    NOT NULL DEFAULT '',           -- deferred, released, settled
  release_of     TEXT    NOT NULL DEFAULT '',           -- posting of the deferred twin
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer')
);
CREATE UNIQUE INDEX fact_by_posting ON fact(posting, seq, name_id, connection_id);
CREATE INDEX fact_by_scope ON fact(scope, connection_id);

-- Derived from here on: rebuild makes these tables anew from the facts.
CREATE TABLE event (
  id             INTEGER PRIMARY KEY,
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  scope          TEXT    NOT NULL,
  key            TEXT    NOT NULL,                      -- stable name made from its facts
  type           TEXT    NOT NULL,                      -- sale, refund, fee, reimbursement, transfer, ...
  amazon_type    TEXT    NOT NULL DEFAULT '',           -- Amazon's own word
  order_id       TEXT    NOT NULL DEFAULT '',
  item_id        TEXT    NOT NULL DEFAULT '',
  sku            TEXT    NOT NULL DEFAULT '',
  marketplace_id TEXT    NOT NULL DEFAULT '',
  account        TEXT    NOT NULL DEFAULT '',
  currency       TEXT    NOT NULL,
  occurred_at    INTEGER NOT NULL CHECK (typeof(occurred_at) = 'integer'), -- first posting of this money
  event_day      TEXT    NOT NULL,                      -- occurred_at in the marketplace's zone
  posted_at      INTEGER NOT NULL CHECK (typeof(posted_at) = 'integer'), -- last posting of this money
  quantity       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(quantity) = 'integer'), -- units shipped or refunded
  uncovered      INTEGER NOT NULL DEFAULT 0 CHECK (typeof(uncovered) = 'integer'), -- units shipped whose cost is not known
  settlement_id  TEXT    NOT NULL DEFAULT '',
  state          TEXT    NOT NULL,                      -- estimated, deferred, released, settled
  origin         TEXT    NOT NULL,                      -- finances, settlement, daterange, user
  digest         BLOB    NOT NULL                       -- of all that was derived: an event that comes out the same is not written again
);
CREATE INDEX event_by_scope ON event(scope, connection_id);
CREATE INDEX event_by_day ON event(event_day, marketplace_id);

CREATE TABLE money_line (
  event_id      INTEGER NOT NULL REFERENCES event(id) ON DELETE CASCADE CHECK (typeof(event_id) = 'integer'),
  seq           INTEGER NOT NULL CHECK (typeof(seq) = 'integer'),
  line          TEXT    NOT NULL,                       -- line of the statement: sales.product, fee.referral, ...
  path          TEXT    NOT NULL,                       -- Amazon's own names, empty on cost of goods
  currency      TEXT    NOT NULL,
  amount_minor  INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'),
  quantity      INTEGER NOT NULL DEFAULT 0 CHECK (typeof(quantity) = 'integer'), -- units, on the line that stands for the goods
  uncovered     INTEGER NOT NULL DEFAULT 0 CHECK (typeof(uncovered) = 'integer'), -- on cogs: units whose cost is not known
  origin        TEXT    NOT NULL,                       -- finances, settlement, daterange, user
  state         TEXT    NOT NULL,                       -- estimated, deferred, released, settled
  settlement_id TEXT    NOT NULL DEFAULT '',
  fact_id       INTEGER CHECK (typeof(fact_id) IN ('integer', 'null')), -- the fact it stands for; NULL on cost of goods
  matched       TEXT    NOT NULL DEFAULT '',            -- ids of facts that told the same money again, comma-separated
  PRIMARY KEY (event_id, seq)
) WITHOUT ROWID;

CREATE TABLE open_item (
  connection_id TEXT    NOT NULL REFERENCES connection(id),
  scope         TEXT    NOT NULL,
  fact_id       INTEGER NOT NULL CHECK (typeof(fact_id) = 'integer'),
  reason        TEXT    NOT NULL,                       -- why it found no twin
  line          TEXT    NOT NULL,
  currency      TEXT    NOT NULL,
  amount_minor  INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'),
  counted       INTEGER NOT NULL CHECK (typeof(counted) = 'integer'), -- boolean: it stands in the statement
  PRIMARY KEY (connection_id, scope, fact_id, reason)
) WITHOUT ROWID;

-- Sums per day, kept in the same transaction as the lines.
CREATE TABLE rollup (
  event_day      TEXT    NOT NULL,
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  currency       TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  line           TEXT    NOT NULL,
  state          TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'),
  quantity       INTEGER NOT NULL CHECK (typeof(quantity) = 'integer'), -- units sold (sales.product), refunded (refund.product), shipped (cogs)
  uncovered      INTEGER NOT NULL CHECK (typeof(uncovered) = 'integer'), -- units without a known cost (cogs)
  lines          INTEGER NOT NULL CHECK (typeof(lines) = 'integer'), -- money lines in this sum; the row goes when it reaches 0
  PRIMARY KEY (event_day, connection_id, marketplace_id, currency, sku, line, state)
) WITHOUT ROWID;

CREATE TABLE unit_cost (
  sku            TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,                      -- empty: every marketplace of that currency
  valid_from_day TEXT    NOT NULL,                      -- empty: from the beginning
  currency       TEXT    NOT NULL,
  unit_cost      TEXT    NOT NULL,                      -- exact decimal, may have more digits than the currency
  entered_at     INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
  PRIMARY KEY (sku, marketplace_id, valid_from_day, currency)
) WITHOUT ROWID;

CREATE TABLE coverage (
  connection_id TEXT    NOT NULL REFERENCES connection(id),
  source        TEXT    NOT NULL,                       -- resource or kind of file
  from_at       INTEGER NOT NULL CHECK (typeof(from_at) = 'integer'),
  to_at         INTEGER NOT NULL CHECK (typeof(to_at) = 'integer'), -- exclusive
  PRIMARY KEY (connection_id, source, from_at)
) WITHOUT ROWID;

CREATE TABLE import_file (
  sha256      TEXT    NOT NULL PRIMARY KEY,             -- of the file as it was given
  name        TEXT    NOT NULL,                         -- file name without folder
  kind        TEXT    NOT NULL,
  connection_id TEXT  NOT NULL REFERENCES connection(id),
  row_count   INTEGER NOT NULL CHECK (typeof(row_count) = 'integer'),
  new_count   INTEGER NOT NULL CHECK (typeof(new_count) = 'integer'), -- rows that were not known before
  imported_at INTEGER NOT NULL CHECK (typeof(imported_at) = 'integer'),
  document_id INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null'))
) WITHOUT ROWID;

CREATE TABLE sync_state (
  connection_id TEXT    NOT NULL REFERENCES connection(id) ON DELETE CASCADE,
  resource      TEXT    NOT NULL,
  bookmark      TEXT    NOT NULL DEFAULT '',            -- JSON of the resource's own
  until_at      INTEGER CHECK (typeof(until_at) IN ('integer', 'null')), -- data are complete until here
  ok_at         INTEGER CHECK (typeof(ok_at) IN ('integer', 'null')), -- last run that ended well
  error         TEXT    NOT NULL DEFAULT '',            -- last run's sentence, empty when it ended well
  error_at      INTEGER CHECK (typeof(error_at) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, resource)
) WITHOUT ROWID;

CREATE TABLE sync_run (
  id            INTEGER PRIMARY KEY,
  connection_id TEXT    NOT NULL,
  resource      TEXT    NOT NULL,
  started_at    INTEGER NOT NULL CHECK (typeof(started_at) = 'integer'),
  ended_at      INTEGER CHECK (typeof(ended_at) IN ('integer', 'null')),
  pages         INTEGER NOT NULL DEFAULT 0 CHECK (typeof(pages) = 'integer'),
  row_count     INTEGER NOT NULL DEFAULT 0 CHECK (typeof(row_count) = 'integer'),
  result        TEXT    NOT NULL DEFAULT 'running'      -- running, done, failed, stopped
);

-- Every call that left this machine: never bodies, tokens or query strings.
CREATE TABLE api_call (
  id            INTEGER PRIMARY KEY,
  at            INTEGER NOT NULL CHECK (typeof(at) = 'integer'), -- unix milliseconds UTC
  connection_id TEXT    NOT NULL,
  host          TEXT    NOT NULL,
  method        TEXT    NOT NULL,
  operation     TEXT    NOT NULL,
  purpose       TEXT    NOT NULL,
  status        INTEGER NOT NULL CHECK (typeof(status) = 'integer'), -- HTTP status, 0 when no answer came
  bytes_in      INTEGER NOT NULL CHECK (typeof(bytes_in) = 'integer'),
  bytes_out     INTEGER NOT NULL CHECK (typeof(bytes_out) = 'integer'),
  duration_ms   INTEGER NOT NULL CHECK (typeof(duration_ms) = 'integer'),
  request_id    TEXT    NOT NULL DEFAULT '',
  error         TEXT    NOT NULL DEFAULT ''             -- class of error, empty when it went well
);

CREATE TABLE limit_bucket (
  connection_id TEXT    NOT NULL,
  operation     TEXT    NOT NULL,
  state         TEXT    NOT NULL,                       -- the bucket's own form (JSON)
  PRIMARY KEY (connection_id, operation)
) WITHOUT ROWID;

CREATE TABLE audit_entry (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL CHECK (typeof(at) = 'integer'), -- unix milliseconds UTC
  action TEXT    NOT NULL,                              -- create, connect, import, export, unmask, ...
  detail TEXT    NOT NULL,                              -- plain sentence without personal data or secrets
  hash   TEXT    NOT NULL                               -- SHA-256 over the entry before and this one, hex
);
