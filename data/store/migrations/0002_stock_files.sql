-- What Amazon's reports tell of goods: moves, returns, reimbursements, counts,
-- advice, storage and removals. They came as files or over the API; the rows are
-- the same. None of their money is counted in the statement: settlements and
-- transactions hold it, and these rows explain it.
-- Rows without an id of Amazon's are told apart by what they say and by ordinal:
-- 1 for the first of equal rows in a report, 2 for the second.
-- told_at is the end of the report's period, or when it was made: of two reports
-- the later one wins.
-- *_nano is in 1/1,000,000,000 of the unit: exact below the cent.

CREATE TABLE stock_move (
  connection_id TEXT    NOT NULL REFERENCES connection(id),
  move_day      TEXT    NOT NULL,                       -- YYYY-MM-DD as the ledger writes it
  fnsku         TEXT    NOT NULL,
  sku           TEXT    NOT NULL,                       -- seller SKU
  event         TEXT    NOT NULL,                       -- Shipments, Receipts, CustomerReturns, Adjustments, WhseTransfers, VendorReturns
  reference     TEXT    NOT NULL,                       -- Amazon's reference, empty on many
  centre        TEXT    NOT NULL,                       -- fulfilment centre
  disposition   TEXT    NOT NULL,                       -- SELLABLE, CUSTOMER_DAMAGED, ...
  reason        TEXT    NOT NULL,                       -- code of an adjustment
  country       TEXT    NOT NULL,                       -- ISO 3166 code, empty when not told
  quantity      INTEGER NOT NULL CHECK (typeof(quantity) = 'integer'), -- units, negative when they leave
  ordinal       INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  moved_at      INTEGER CHECK (typeof(moved_at) IN ('integer', 'null')), -- NULL when only the day is told
  asin          TEXT    NOT NULL DEFAULT '',
  reconciled    INTEGER CHECK (typeof(reconciled) IN ('integer', 'null')), -- units, NULL when not told
  unreconciled  INTEGER CHECK (typeof(unreconciled) IN ('integer', 'null')),
  told_at       INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id   INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line      INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, move_day, fnsku, sku, event, reference, centre, disposition, reason, country, quantity, ordinal)
) WITHOUT ROWID;
CREATE INDEX stock_move_by_sku ON stock_move(sku, move_day);

CREATE TABLE stock_balance (
  connection_id TEXT    NOT NULL REFERENCES connection(id),
  period_day    TEXT    NOT NULL,                       -- first day of the period, as the ledger writes it
  fnsku         TEXT    NOT NULL,
  sku           TEXT    NOT NULL,
  disposition   TEXT    NOT NULL,
  location      TEXT    NOT NULL,                       -- country or fulfilment centre
  asin          TEXT    NOT NULL DEFAULT '',
  start_units   INTEGER NOT NULL CHECK (typeof(start_units) = 'integer'), -- in warehouses
  in_transit    INTEGER CHECK (typeof(in_transit) IN ('integer', 'null')), -- between warehouses; NULL, as below: not told
  received      INTEGER CHECK (typeof(received) IN ('integer', 'null')),
  shipped       INTEGER CHECK (typeof(shipped) IN ('integer', 'null')),   -- negative
  returned      INTEGER CHECK (typeof(returned) IN ('integer', 'null')),
  removed       INTEGER CHECK (typeof(removed) IN ('integer', 'null')),   -- Amazon's vendor returns; negative
  transferred   INTEGER CHECK (typeof(transferred) IN ('integer', 'null')),
  found         INTEGER CHECK (typeof(found) IN ('integer', 'null')),
  lost          INTEGER CHECK (typeof(lost) IN ('integer', 'null')),      -- negative
  damaged       INTEGER CHECK (typeof(damaged) IN ('integer', 'null')),
  disposed      INTEGER CHECK (typeof(disposed) IN ('integer', 'null')),
  other         INTEGER CHECK (typeof(other) IN ('integer', 'null')),
  unknown       INTEGER CHECK (typeof(unknown) IN ('integer', 'null')),
  end_units     INTEGER NOT NULL CHECK (typeof(end_units) = 'integer'),
  told_at       INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id   INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line      INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, period_day, fnsku, sku, disposition, location)
) WITHOUT ROWID;

CREATE TABLE customer_return (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  channel        TEXT    NOT NULL,                      -- AMAZON or MERCHANT: who took it back
  order_id       TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  returned_at    INTEGER NOT NULL CHECK (typeof(returned_at) = 'integer'), -- noon of the day when no time is told
  reference      TEXT    NOT NULL,                      -- license plate of the unit, or Amazon's RMA id
  ordinal        INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  return_day     TEXT    NOT NULL,                      -- in the marketplace's zone where it is known, else as written
  marketplace_id TEXT    NOT NULL DEFAULT '',           -- empty when not told
  asin           TEXT    NOT NULL DEFAULT '',
  fnsku          TEXT    NOT NULL DEFAULT '',
  quantity       INTEGER NOT NULL CHECK (typeof(quantity) = 'integer'), -- units
  centre         TEXT    NOT NULL DEFAULT '',           -- fulfilment centre
  disposition    TEXT    NOT NULL DEFAULT '',           -- as Amazon writes it, in any language
  sellable       INTEGER CHECK (typeof(sellable) IN ('integer', 'null')), -- boolean; NULL when the disposition is not known here
  reason         TEXT    NOT NULL DEFAULT '',
  status         TEXT    NOT NULL DEFAULT '',
  resolution     TEXT    NOT NULL DEFAULT '',           -- of seller-fulfilled orders
  currency       TEXT    NOT NULL DEFAULT '',
  refunded_minor INTEGER CHECK (typeof(refunded_minor) IN ('integer', 'null')),
  label_minor    INTEGER CHECK (typeof(label_minor) IN ('integer', 'null')), -- cost of the return label
  told_at        INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, channel, order_id, sku, returned_at, reference, ordinal)
) WITHOUT ROWID;
CREATE INDEX customer_return_by_day ON customer_return(return_day, connection_id);
CREATE INDEX customer_return_by_sku ON customer_return(sku, return_day);

CREATE TABLE reimbursement (
  connection_id    TEXT    NOT NULL REFERENCES connection(id),
  reimbursement_id TEXT    NOT NULL,
  sku              TEXT    NOT NULL,
  fnsku            TEXT    NOT NULL,
  reason           TEXT    NOT NULL,
  ordinal          INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  approval_day     TEXT    NOT NULL,
  approved_at      INTEGER NOT NULL CHECK (typeof(approved_at) = 'integer'), -- noon of the day when no time is told
  case_id          TEXT    NOT NULL DEFAULT '',
  order_id         TEXT    NOT NULL DEFAULT '',
  asin             TEXT    NOT NULL DEFAULT '',
  condition        TEXT    NOT NULL DEFAULT '',
  currency         TEXT    NOT NULL,
  each_minor       INTEGER CHECK (typeof(each_minor) IN ('integer', 'null')),
  total_minor      INTEGER CHECK (typeof(total_minor) IN ('integer', 'null')),
  units_cash       INTEGER CHECK (typeof(units_cash) IN ('integer', 'null')),  -- paid for
  units_stock      INTEGER CHECK (typeof(units_stock) IN ('integer', 'null')), -- given back as goods
  units            INTEGER CHECK (typeof(units) IN ('integer', 'null')),
  original_id      TEXT    NOT NULL DEFAULT '',         -- the reimbursement that this one takes back
  original_type    TEXT    NOT NULL DEFAULT '',
  told_at          INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id      INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line         INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, reimbursement_id, sku, fnsku, reason, ordinal)
) WITHOUT ROWID;
CREATE INDEX reimbursement_by_day ON reimbursement(approval_day, connection_id);

CREATE TABLE stock_count (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  report         TEXT    NOT NULL,                      -- myi-inventory, afn-inventory, afn-by-country
  count_day      TEXT    NOT NULL,                      -- the day the report was made; reports do not name it
  marketplace_id TEXT    NOT NULL,                      -- empty when not told
  country        TEXT    NOT NULL,                      -- of counts by country
  sku            TEXT    NOT NULL,
  condition      TEXT    NOT NULL,
  part           TEXT    NOT NULL,                      -- SELLABLE or UNSELLABLE where the report tells units apart
  fnsku          TEXT    NOT NULL,
  ordinal        INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  asin           TEXT    NOT NULL DEFAULT '',
  fulfillable    INTEGER CHECK (typeof(fulfillable) IN ('integer', 'null')),   -- units; NULL, as below: not told
  unsellable     INTEGER CHECK (typeof(unsellable) IN ('integer', 'null')),
  reserved       INTEGER CHECK (typeof(reserved) IN ('integer', 'null')),
  warehouse      INTEGER CHECK (typeof(warehouse) IN ('integer', 'null')),
  total          INTEGER CHECK (typeof(total) IN ('integer', 'null')),
  inbound_working   INTEGER CHECK (typeof(inbound_working) IN ('integer', 'null')),
  inbound_shipped   INTEGER CHECK (typeof(inbound_shipped) IN ('integer', 'null')),
  inbound_receiving INTEGER CHECK (typeof(inbound_receiving) IN ('integer', 'null')),
  researching    INTEGER CHECK (typeof(researching) IN ('integer', 'null')),
  own            INTEGER CHECK (typeof(own) IN ('integer', 'null')),           -- seller-fulfilled units
  told_at        INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, report, count_day, marketplace_id, country, sku, condition, part, fnsku, ordinal)
) WITHOUT ROWID;
CREATE INDEX stock_count_by_sku ON stock_count(sku, count_day);

CREATE TABLE listing_row (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,                      -- empty when not told
  sku            TEXT    NOT NULL,
  ordinal        INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  listing_id     TEXT    NOT NULL DEFAULT '',
  asin           TEXT    NOT NULL DEFAULT '',
  title          TEXT    NOT NULL DEFAULT '',
  price          TEXT    NOT NULL DEFAULT '',           -- exact decimal in the marketplace's currency; empty when not told
  business_price TEXT    NOT NULL DEFAULT '',
  own_quantity   INTEGER CHECK (typeof(own_quantity) IN ('integer', 'null')), -- seller-fulfilled units, NULL for FBA
  channel        TEXT    NOT NULL DEFAULT '',           -- DEFAULT (the seller), AMAZON_NA, AMAZON_EU, AMAZON_JP
  condition      TEXT    NOT NULL DEFAULT '',           -- Amazon's number: 11 is new
  status         TEXT    NOT NULL DEFAULT '',           -- Active, Inactive, Incomplete
  shipping_group TEXT    NOT NULL DEFAULT '',
  points         TEXT    NOT NULL DEFAULT '',           -- Amazon points (Japan), as written
  opened_day     TEXT    NOT NULL DEFAULT '',
  opened_at      INTEGER CHECK (typeof(opened_at) IN ('integer', 'null')),
  told_at        INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, marketplace_id, sku, ordinal)
) WITHOUT ROWID;

CREATE TABLE stock_advice (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  report         TEXT    NOT NULL,                      -- inventory-planning, restock, removal-advice
  advice_day     TEXT    NOT NULL,                      -- as the report names it, else the day it was made
  marketplace_id TEXT    NOT NULL,                      -- empty when not told
  sku            TEXT    NOT NULL,
  condition      TEXT    NOT NULL,
  fnsku          TEXT    NOT NULL,
  ordinal        INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  asin           TEXT    NOT NULL DEFAULT '',
  available      INTEGER CHECK (typeof(available) IN ('integer', 'null')),     -- units; NULL, as below: not told
  inbound        INTEGER CHECK (typeof(inbound) IN ('integer', 'null')),
  reserved       INTEGER CHECK (typeof(reserved) IN ('integer', 'null')),
  unfulfillable  INTEGER CHECK (typeof(unfulfillable) IN ('integer', 'null')),
  pending_removal INTEGER CHECK (typeof(pending_removal) IN ('integer', 'null')),
  age_0_90       INTEGER CHECK (typeof(age_0_90) IN ('integer', 'null')),      -- units by days in the warehouse
  age_91_180     INTEGER CHECK (typeof(age_91_180) IN ('integer', 'null')),    -- 121-180 in removal-advice
  age_181_270    INTEGER CHECK (typeof(age_181_270) IN ('integer', 'null')),
  age_271_365    INTEGER CHECK (typeof(age_271_365) IN ('integer', 'null')),
  age_over_365   INTEGER CHECK (typeof(age_over_365) IN ('integer', 'null')),
  sold_7         INTEGER CHECK (typeof(sold_7) IN ('integer', 'null')),        -- units shipped in the last 7, 30, 60, 90 days
  sold_30        INTEGER CHECK (typeof(sold_30) IN ('integer', 'null')),
  sold_60        INTEGER CHECK (typeof(sold_60) IN ('integer', 'null')),
  sold_90        INTEGER CHECK (typeof(sold_90) IN ('integer', 'null')),
  excess         INTEGER CHECK (typeof(excess) IN ('integer', 'null')),
  recommended    INTEGER CHECK (typeof(recommended) IN ('integer', 'null')),   -- units to send in, or to remove
  recommended_by_day TEXT NOT NULL DEFAULT '',
  days_of_supply TEXT    NOT NULL DEFAULT '',           -- exact decimal, empty when not told
  sell_through   TEXT    NOT NULL DEFAULT '',           -- exact decimal
  alert          TEXT    NOT NULL DEFAULT '',
  action         TEXT    NOT NULL DEFAULT '',           -- Amazon's recommended action
  currency       TEXT    NOT NULL DEFAULT '',
  storage_next_month_nano INTEGER CHECK (typeof(storage_next_month_nano) IN ('integer', 'null')), -- expected fee
  told_at        INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, report, advice_day, marketplace_id, sku, condition, fnsku, ordinal)
) WITHOUT ROWID;
CREATE INDEX stock_advice_by_sku ON stock_advice(sku, advice_day);

CREATE TABLE storage_fee (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  kind           TEXT    NOT NULL,                      -- monthly, or aged: the surcharge on old stock
  period         TEXT    NOT NULL,                      -- month charged for (YYYY-MM), or day of the surcharge
  asin           TEXT    NOT NULL,
  fnsku          TEXT    NOT NULL,
  sku            TEXT    NOT NULL,                      -- empty in monthly reports
  centre         TEXT    NOT NULL,                      -- fulfilment centre, empty for aged
  country        TEXT    NOT NULL,
  tier           TEXT    NOT NULL,                      -- size tier, or span of age
  currency       TEXT    NOT NULL,
  ordinal        INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  units_nano     INTEGER CHECK (typeof(units_nano) IN ('integer', 'null')),  -- on average over the month, or charged
  volume_nano    INTEGER CHECK (typeof(volume_nano) IN ('integer', 'null')), -- of all units
  volume_unit    TEXT    NOT NULL DEFAULT '',           -- cubic feet, cubic meters
  rate_nano      INTEGER CHECK (typeof(rate_nano) IN ('integer', 'null')),   -- of the currency, per unit of volume
  fee_nano       INTEGER CHECK (typeof(fee_nano) IN ('integer', 'null')),    -- of the currency, before tax; Amazon's estimate for monthly
  dangerous      TEXT    NOT NULL DEFAULT '',           -- dangerous-goods storage type
  told_at        INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, kind, period, asin, fnsku, sku, centre, country, tier, currency, ordinal)
) WITHOUT ROWID;

CREATE TABLE fee_preview (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,                      -- empty when not told
  sku            TEXT    NOT NULL,
  currency       TEXT    NOT NULL,
  ordinal        INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  preview_day    TEXT    NOT NULL,                      -- the day the report was made
  asin           TEXT    NOT NULL DEFAULT '',
  fnsku          TEXT    NOT NULL DEFAULT '',
  fulfilled_by   TEXT    NOT NULL DEFAULT '',
  price_minor    INTEGER CHECK (typeof(price_minor) IN ('integer', 'null')),
  total_nano     INTEGER CHECK (typeof(total_nano) IN ('integer', 'null')),      -- of the currency per unit, as all that follow; NULL: not told
  referral_nano  INTEGER CHECK (typeof(referral_nano) IN ('integer', 'null')),
  closing_nano   INTEGER CHECK (typeof(closing_nano) IN ('integer', 'null')),
  fulfilment_nano INTEGER CHECK (typeof(fulfilment_nano) IN ('integer', 'null')),
  longest        TEXT    NOT NULL DEFAULT '',           -- exact decimal
  median         TEXT    NOT NULL DEFAULT '',
  shortest       TEXT    NOT NULL DEFAULT '',
  side_unit      TEXT    NOT NULL DEFAULT '',
  weight         TEXT    NOT NULL DEFAULT '',           -- exact decimal
  weight_unit    TEXT    NOT NULL DEFAULT '',
  size_tier      TEXT    NOT NULL DEFAULT '',
  told_at        INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, marketplace_id, sku, currency, ordinal)
) WITHOUT ROWID;

CREATE TABLE removal (
  connection_id TEXT    NOT NULL REFERENCES connection(id),
  removal_id    TEXT    NOT NULL,                       -- Amazon's removal order id
  sku           TEXT    NOT NULL,
  fnsku         TEXT    NOT NULL,
  disposition   TEXT    NOT NULL,
  ordinal       INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'),
  request_day   TEXT    NOT NULL,
  requested_at  INTEGER NOT NULL CHECK (typeof(requested_at) = 'integer'), -- noon of the day when no time is told
  updated_at    INTEGER CHECK (typeof(updated_at) IN ('integer', 'null')),
  type          TEXT    NOT NULL DEFAULT '',            -- Return, Disposal, ... as Amazon writes it
  status        TEXT    NOT NULL DEFAULT '',
  requested     INTEGER NOT NULL CHECK (typeof(requested) = 'integer'), -- units
  cancelled     INTEGER CHECK (typeof(cancelled) IN ('integer', 'null')), -- units; NULL, as below: not told
  disposed      INTEGER CHECK (typeof(disposed) IN ('integer', 'null')),
  shipped       INTEGER CHECK (typeof(shipped) IN ('integer', 'null')),
  in_process    INTEGER CHECK (typeof(in_process) IN ('integer', 'null')),
  currency      TEXT    NOT NULL DEFAULT '',
  fee_minor     INTEGER CHECK (typeof(fee_minor) IN ('integer', 'null')),
  told_at       INTEGER NOT NULL CHECK (typeof(told_at) = 'integer'),
  document_id   INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line      INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, removal_id, sku, fnsku, disposition, ordinal)
) WITHOUT ROWID;
CREATE INDEX removal_by_day ON removal(request_day, connection_id);
