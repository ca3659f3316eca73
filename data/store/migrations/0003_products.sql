-- What Amazon tells beyond orders, stock and postings: details of orders, its own
-- view of the money, products and prices, and analysis. None of it is booked:
-- events and money lines come from facts alone.
-- Times, money and checks as in the first step. A document is what Amazon sent.

-- Details of an order's line that the line itself does not hold.
CREATE TABLE order_item_detail (
  connection_id  TEXT    NOT NULL,
  order_id       TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  ordinal        INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'), -- as in order_item
  condition      TEXT    NOT NULL DEFAULT '',           -- Amazon's words, kind and grade joined by /
  gift_wrap      TEXT    NOT NULL DEFAULT '',           -- kind of gift wrap, empty when none
  cancel_asked_by TEXT   NOT NULL DEFAULT '',           -- who asked to cancel: BUYER, ...; empty when nobody did
  cancelled_by   TEXT    NOT NULL DEFAULT '',           -- who cancelled: BUYER, SELLER, AMAZON, ...
  cancel_reason  TEXT    NOT NULL DEFAULT '',           -- Amazon's word for why it was cancelled
  currency       TEXT    NOT NULL DEFAULT '',
  unit_minor     INTEGER CHECK (typeof(unit_minor) IN ('integer', 'null')), -- price of one unit, when told
  points_minor   INTEGER CHECK (typeof(points_minor) IN ('integer', 'null')), -- value of the Amazon points granted (Japan)
  other_order_id TEXT    NOT NULL DEFAULT '',           -- order whose line this one replaces or exchanges
  other_item_id  TEXT    NOT NULL DEFAULT '',           -- that line's order item id
  PRIMARY KEY (connection_id, order_id, sku, ordinal),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE order_promotion (
  connection_id TEXT    NOT NULL,
  order_id      TEXT    NOT NULL,
  sku           TEXT    NOT NULL,
  ordinal       INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'), -- as in order_item
  promotion_id  TEXT    NOT NULL,                       -- Amazon's name of the promotion
  PRIMARY KEY (connection_id, order_id, sku, ordinal, promotion_id),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX order_promotion_by_id ON order_promotion(promotion_id, connection_id, order_id);

CREATE TABLE order_link (
  connection_id TEXT NOT NULL,
  order_id      TEXT NOT NULL,
  other_id      TEXT NOT NULL,                          -- the order it belongs to
  kind          TEXT NOT NULL,                          -- REPLACEMENT_ORIGINAL_ID, EXCHANGE_ORIGINAL_ID, ...
  PRIMARY KEY (connection_id, order_id, other_id, kind),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX order_link_by_other ON order_link(other_id, connection_id);

-- A parcel as Amazon tells it, beside package.
CREATE TABLE package_detail (
  connection_id TEXT    NOT NULL,
  order_id      TEXT    NOT NULL,
  reference     TEXT    NOT NULL,                       -- Amazon's packageReferenceId
  status        TEXT    NOT NULL DEFAULT '',            -- PENDING, SHIPPED, IN_TRANSIT, DELIVERED, UNDELIVERABLE, CANCELLED
  detailed_status TEXT  NOT NULL DEFAULT '',            -- the finer word, when there is one
  created_at    INTEGER CHECK (typeof(created_at) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, order_id, reference),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE package_item (
  connection_id TEXT    NOT NULL,
  order_id      TEXT    NOT NULL,
  reference     TEXT    NOT NULL,
  order_item_id TEXT    NOT NULL,
  quantity      INTEGER NOT NULL CHECK (typeof(quantity) = 'integer'), -- units in this parcel
  PRIMARY KEY (connection_id, order_id, reference, order_item_id),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;

-- What Amazon knows of a parcel on its way. Towns are not kept: the last one is the buyer's.
CREATE TABLE tracking (
  connection_id   TEXT    NOT NULL,
  order_id        TEXT    NOT NULL,
  reference       TEXT    NOT NULL,
  asked_at        INTEGER NOT NULL CHECK (typeof(asked_at) = 'integer'), -- when Amazon was asked last
  known           INTEGER NOT NULL CHECK (typeof(known) = 'integer'), -- boolean: Amazon follows this parcel
  code            TEXT    NOT NULL DEFAULT '',          -- latest milestone: DELIVERED, OUT_FOR_DELIVERY, ...
  occurred_at     INTEGER CHECK (typeof(occurred_at) IN ('integer', 'null')), -- of the latest milestone
  expected_from_at INTEGER CHECK (typeof(expected_from_at) IN ('integer', 'null')), -- delivery expected, earliest
  expected_to_at  INTEGER CHECK (typeof(expected_to_at) IN ('integer', 'null')), -- delivery expected, latest
  PRIMARY KEY (connection_id, order_id, reference),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE milestone (
  connection_id TEXT    NOT NULL,
  order_id      TEXT    NOT NULL,
  reference     TEXT    NOT NULL,
  occurred_at   INTEGER NOT NULL CHECK (typeof(occurred_at) = 'integer'),
  code          TEXT    NOT NULL,                       -- Amazon's word
  sub_code      TEXT    NOT NULL DEFAULT '',
  description   TEXT    NOT NULL DEFAULT '',            -- Amazon's sentence
  country       TEXT    NOT NULL DEFAULT '',            -- ISO 3166 code, where it happened
  PRIMARY KEY (connection_id, order_id, reference, occurred_at, code, sub_code),
  FOREIGN KEY (connection_id, order_id) REFERENCES orders(connection_id, order_id) ON DELETE CASCADE
) WITHOUT ROWID;

-- Amazon's own balances, the last look of each day.
CREATE TABLE balance (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,                      -- empty when Amazon did not say
  account        TEXT    NOT NULL,                      -- Standard Orders, Invoiced Orders, ...
  path           TEXT    NOT NULL,                      -- TOTAL, TOTAL/AVAILABLE, TOTAL/RESERVED/DEFERRED, ...
  currency       TEXT    NOT NULL,
  balance_day    TEXT    NOT NULL,                      -- day of taken_at in the marketplace's zone
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'), -- when we asked
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'), -- positive: Amazon owes the seller
  updated_at     INTEGER CHECK (typeof(updated_at) IN ('integer', 'null')), -- Amazon's own last update
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, account, path, currency, balance_day)
) WITHOUT ROWID;

-- Amazon's own statement of a settlement or period: its tree of names, flattened.
CREATE TABLE summary_line (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  account        TEXT    NOT NULL,
  settlement_id  TEXT    NOT NULL DEFAULT '',           -- empty for a period
  start_at       INTEGER NOT NULL CHECK (typeof(start_at) = 'integer'), -- first instant of the period
  end_at         INTEGER NOT NULL CHECK (typeof(end_at) = 'integer'),
  path           TEXT    NOT NULL,                      -- Amazon's names joined by /; (net) is the net proceeds
  currency       TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'), -- signed from the seller's side
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, account, settlement_id, start_at, path, currency)
) WITHOUT ROWID;

CREATE TABLE event_group (
  connection_id   TEXT    NOT NULL REFERENCES connection(id),
  group_id        TEXT    NOT NULL,                     -- Amazon's FinancialEventGroupId
  status          TEXT    NOT NULL,                     -- Open or Closed
  transfer_status TEXT    NOT NULL DEFAULT '',          -- Succeeded, Processing, Failed, ...
  currency        TEXT    NOT NULL DEFAULT '',
  total_minor     INTEGER CHECK (typeof(total_minor) IN ('integer', 'null')), -- in the marketplace's currency
  converted_currency TEXT NOT NULL DEFAULT '',
  converted_minor INTEGER CHECK (typeof(converted_minor) IN ('integer', 'null')), -- in the currency of the bank account
  beginning_minor INTEGER CHECK (typeof(beginning_minor) IN ('integer', 'null')), -- balance at its start
  start_at        INTEGER CHECK (typeof(start_at) IN ('integer', 'null')),
  end_at          INTEGER CHECK (typeof(end_at) IN ('integer', 'null')), -- NULL while open
  transfer_at     INTEGER CHECK (typeof(transfer_at) IN ('integer', 'null')), -- when the payout began
  trace_id        TEXT    NOT NULL DEFAULT '',          -- by which the bank finds it
  account_tail    TEXT    NOT NULL DEFAULT '',          -- last digits of the bank account
  document_id     INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, group_id)
) WITHOUT ROWID;
CREATE INDEX event_group_by_start ON event_group(connection_id, start_at);

-- Payouts that Amazon announces and those under way or done.
CREATE TABLE amazon_payout (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  payout_id      TEXT    NOT NULL,                      -- Amazon's id; expected:<marketplace>:<account>:<settlement> for one that is announced
  marketplace_id TEXT    NOT NULL DEFAULT '',
  account        TEXT    NOT NULL DEFAULT '',
  expected       INTEGER NOT NULL CHECK (typeof(expected) = 'integer'), -- boolean: announced, not yet made
  status         TEXT    NOT NULL,                      -- SCHEDULED, AT_RISK, IN_TRANSIT, PAID, FAILED, ...
  type           TEXT    NOT NULL DEFAULT '',           -- SCHEDULED or ON_DEMAND
  currency       TEXT    NOT NULL DEFAULT '',
  amount_minor   INTEGER CHECK (typeof(amount_minor) IN ('integer', 'null')),
  payout_at      INTEGER CHECK (typeof(payout_at) IN ('integer', 'null')), -- when it was or will be begun
  start_at       INTEGER CHECK (typeof(start_at) IN ('integer', 'null')), -- of the period it pays
  end_at         INTEGER CHECK (typeof(end_at) IN ('integer', 'null')),
  settlement_id  TEXT    NOT NULL DEFAULT '',
  method         TEXT    NOT NULL DEFAULT '',           -- BANK_ACCOUNT, DEBIT_CARD
  account_tail   TEXT    NOT NULL DEFAULT '',
  trace_id       TEXT    NOT NULL DEFAULT '',
  failure        TEXT    NOT NULL DEFAULT '',           -- why it failed, Amazon's words
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, payout_id)
) WITHOUT ROWID;

-- Invoices that Amazon writes for its fees. Names and addresses on them are not kept.
CREATE TABLE fee_invoice (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  invoice_id     TEXT    NOT NULL,                      -- Amazon's invoiceIdentifier
  number         TEXT    NOT NULL,                      -- as printed on it
  status         TEXT    NOT NULL,                      -- PAID, DEDUCTED, IN_PROGRESS, ...
  type           TEXT    NOT NULL,
  payer          TEXT    NOT NULL DEFAULT '',           -- SELLER, AMAZON or VENDOR
  payee          TEXT    NOT NULL DEFAULT '',
  issued_at      INTEGER CHECK (typeof(issued_at) IN ('integer', 'null')),
  due_at         INTEGER CHECK (typeof(due_at) IN ('integer', 'null')),
  start_at       INTEGER CHECK (typeof(start_at) IN ('integer', 'null')), -- of the billing period
  end_at         INTEGER CHECK (typeof(end_at) IN ('integer', 'null')),
  currency       TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'),
  updated_at     INTEGER CHECK (typeof(updated_at) IN ('integer', 'null')),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, invoice_id)
) WITHOUT ROWID;

CREATE TABLE fee_invoice_part (
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  invoice_id     TEXT    NOT NULL,
  seq            INTEGER NOT NULL CHECK (typeof(seq) = 'integer'), -- place on the invoice, from 0
  kind           TEXT    NOT NULL,                      -- amount: what is charged; settlement: what became of it
  path           TEXT    NOT NULL,                      -- Amazon's names from the top, joined by /
  currency       TEXT    NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'),
  PRIMARY KEY (connection_id, marketplace_id, invoice_id, seq),
  FOREIGN KEY (connection_id, marketplace_id, invoice_id) REFERENCES fee_invoice(connection_id, marketplace_id, invoice_id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE catalog_item (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  asin           TEXT    NOT NULL,
  title          TEXT    NOT NULL DEFAULT '',
  brand          TEXT    NOT NULL DEFAULT '',
  manufacturer   TEXT    NOT NULL DEFAULT '',
  classification TEXT    NOT NULL DEFAULT '',           -- BASE_PRODUCT, VARIATION_PARENT, PRODUCT_BUNDLE, ...
  product_type   TEXT    NOT NULL DEFAULT '',
  category       TEXT    NOT NULL DEFAULT '',           -- name of the browse node
  parent_asin    TEXT    NOT NULL DEFAULT '',           -- of its variations, empty when it has none
  variation      TEXT    NOT NULL DEFAULT '',           -- by what they differ: SIZE_NAME/COLOR_NAME, ...
  color          TEXT    NOT NULL DEFAULT '',
  size           TEXT    NOT NULL DEFAULT '',
  model          TEXT    NOT NULL DEFAULT '',
  package_quantity INTEGER CHECK (typeof(package_quantity) IN ('integer', 'null')), -- units in one package
  image          TEXT    NOT NULL DEFAULT '',           -- link to the main image
  found          INTEGER NOT NULL CHECK (typeof(found) = 'integer'), -- boolean: 0 when the catalogue does not have it
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, asin)
) WITHOUT ROWID;

CREATE TABLE catalog_dimension (
  connection_id  TEXT NOT NULL,
  marketplace_id TEXT NOT NULL,
  asin           TEXT NOT NULL,
  subject        TEXT NOT NULL,                         -- item, or package (item in its packing)
  name           TEXT NOT NULL,                         -- length, width, height, weight
  value          TEXT NOT NULL,                         -- exact decimal
  unit           TEXT NOT NULL,                         -- inches, centimeters, pounds, grams, ... as Amazon wrote it
  PRIMARY KEY (connection_id, marketplace_id, asin, subject, name),
  FOREIGN KEY (connection_id, marketplace_id, asin) REFERENCES catalog_item(connection_id, marketplace_id, asin) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE sales_rank (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  asin           TEXT    NOT NULL,
  rank_day       TEXT    NOT NULL,                      -- the last look of a day is kept
  kind           TEXT    NOT NULL,                      -- group: a department of the shop; class: a category in it
  category       TEXT    NOT NULL,                      -- Amazon's id of it
  title          TEXT    NOT NULL DEFAULT '',           -- its name in the marketplace's language
  rank           INTEGER NOT NULL CHECK (typeof(rank) = 'integer'), -- 1 sells best
  PRIMARY KEY (connection_id, marketplace_id, asin, rank_day, kind, category)
) WITHOUT ROWID;

-- Who has the featured offer (the buy box), and the cheapest offers: the last look of each day.
CREATE TABLE price_day (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  asin           TEXT    NOT NULL,
  price_day      TEXT    NOT NULL,
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  error          TEXT    NOT NULL DEFAULT '',           -- Amazon's sentence when it told nothing of this ASIN
  featured_ours  INTEGER CHECK (typeof(featured_ours) IN ('integer', 'null')), -- boolean; NULL when nobody is featured or it is not known
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, asin, price_day)
) WITHOUT ROWID;

CREATE TABLE price_offer (
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  asin           TEXT    NOT NULL,
  price_day      TEXT    NOT NULL,
  seq            INTEGER NOT NULL CHECK (typeof(seq) = 'integer'), -- in Amazon's order, from 0
  kind           TEXT    NOT NULL,                      -- featured or lowest
  segment        TEXT    NOT NULL DEFAULT '',           -- to whom it is featured: PRIME 72 %, NON_PRIME 10 %, ...
  seller         TEXT    NOT NULL DEFAULT '',           -- seller id of the offer
  ours           INTEGER NOT NULL CHECK (typeof(ours) = 'integer'), -- boolean: our own offer
  condition      TEXT    NOT NULL DEFAULT '',
  fulfilled_by   TEXT    NOT NULL DEFAULT '',           -- AMAZON or MERCHANT
  currency       TEXT    NOT NULL,
  price_minor    INTEGER NOT NULL CHECK (typeof(price_minor) = 'integer'), -- of one unit
  shipping_minor INTEGER CHECK (typeof(shipping_minor) IN ('integer', 'null')), -- NULL when not told
  points         INTEGER CHECK (typeof(points) IN ('integer', 'null')), -- Amazon points granted (Japan)
  PRIMARY KEY (connection_id, marketplace_id, asin, price_day, seq),
  FOREIGN KEY (connection_id, marketplace_id, asin, price_day) REFERENCES price_day(connection_id, marketplace_id, asin, price_day) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE reference_price (
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  asin           TEXT    NOT NULL,
  price_day      TEXT    NOT NULL,
  name           TEXT    NOT NULL,                      -- CompetitivePriceThreshold, CompetitivePrice, WasPrice, ...
  currency       TEXT    NOT NULL,
  price_minor    INTEGER NOT NULL CHECK (typeof(price_minor) = 'integer'),
  PRIMARY KEY (connection_id, marketplace_id, asin, price_day, name),
  FOREIGN KEY (connection_id, marketplace_id, asin, price_day) REFERENCES price_day(connection_id, marketplace_id, asin, price_day) ON DELETE CASCADE
) WITHOUT ROWID;

-- What Amazon says its fees would be for one unit sold at a price.
CREATE TABLE fee_estimate (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  fulfilled_by   TEXT    NOT NULL,                      -- AMAZON or MERCHANT
  currency       TEXT    NOT NULL,
  price_minor    INTEGER NOT NULL CHECK (typeof(price_minor) = 'integer'), -- the price asked about, of one unit
  taken_day      TEXT    NOT NULL,                      -- the last answer of a day is kept
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  total_minor    INTEGER CHECK (typeof(total_minor) IN ('integer', 'null')), -- all fees, positive: a cost; NULL when Amazon gave none
  error          TEXT    NOT NULL DEFAULT '',           -- Amazon's sentence when it gave none
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, sku, fulfilled_by, currency, price_minor, taken_day)
) WITHOUT ROWID;

CREATE TABLE fee_estimate_part (
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  fulfilled_by   TEXT    NOT NULL,
  currency       TEXT    NOT NULL,
  price_minor    INTEGER NOT NULL CHECK (typeof(price_minor) = 'integer'),
  taken_day      TEXT    NOT NULL,
  seq            INTEGER NOT NULL CHECK (typeof(seq) = 'integer'), -- in Amazon's order, from 0
  fee            TEXT    NOT NULL,                      -- ReferralFee, VariableClosingFee, FBAFees, ...
  part_of        TEXT    NOT NULL DEFAULT '',           -- the fee that holds this one; empty: stands by itself, and these sum to the total
  amount_minor   INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'), -- before promotion
  promotion_minor INTEGER CHECK (typeof(promotion_minor) IN ('integer', 'null')), -- taken off, positive
  tax_minor      INTEGER CHECK (typeof(tax_minor) IN ('integer', 'null')), -- tax on the fee
  final_minor    INTEGER NOT NULL CHECK (typeof(final_minor) = 'integer'), -- what would be charged
  PRIMARY KEY (connection_id, marketplace_id, sku, fulfilled_by, currency, price_minor, taken_day, seq),
  FOREIGN KEY (connection_id, marketplace_id, sku, fulfilled_by, currency, price_minor, taken_day)
    REFERENCES fee_estimate(connection_id, marketplace_id, sku, fulfilled_by, currency, price_minor, taken_day) ON DELETE CASCADE
) WITHOUT ROWID;

-- Analysis: Amazon's own count of sales and visits, per day. Not money that moved.
CREATE TABLE traffic_day (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  traffic_day    TEXT    NOT NULL,                      -- marketplace's day
  currency       TEXT    NOT NULL DEFAULT '',
  ordered_minor  INTEGER CHECK (typeof(ordered_minor) IN ('integer', 'null')), -- ordered product sales
  ordered_b2b_minor INTEGER CHECK (typeof(ordered_b2b_minor) IN ('integer', 'null')), -- of these, to businesses
  units          INTEGER CHECK (typeof(units) IN ('integer', 'null')), -- units ordered
  units_b2b      INTEGER CHECK (typeof(units_b2b) IN ('integer', 'null')),
  order_items    INTEGER CHECK (typeof(order_items) IN ('integer', 'null')), -- lines of orders
  order_items_b2b INTEGER CHECK (typeof(order_items_b2b) IN ('integer', 'null')),
  units_refunded INTEGER CHECK (typeof(units_refunded) IN ('integer', 'null')),
  claims         INTEGER CHECK (typeof(claims) IN ('integer', 'null')), -- A-to-z claims granted
  claims_minor   INTEGER CHECK (typeof(claims_minor) IN ('integer', 'null')),
  shipped_minor  INTEGER CHECK (typeof(shipped_minor) IN ('integer', 'null')), -- shipped product sales
  units_shipped  INTEGER CHECK (typeof(units_shipped) IN ('integer', 'null')),
  orders_shipped INTEGER CHECK (typeof(orders_shipped) IN ('integer', 'null')),
  page_views     INTEGER CHECK (typeof(page_views) IN ('integer', 'null')),
  page_views_b2b INTEGER CHECK (typeof(page_views_b2b) IN ('integer', 'null')),
  page_views_app INTEGER CHECK (typeof(page_views_app) IN ('integer', 'null')), -- of these, in the mobile app
  sessions       INTEGER CHECK (typeof(sessions) IN ('integer', 'null')), -- visits of one buyer within 24 hours
  sessions_b2b   INTEGER CHECK (typeof(sessions_b2b) IN ('integer', 'null')),
  sessions_app   INTEGER CHECK (typeof(sessions_app) IN ('integer', 'null')),
  buy_box_bp     INTEGER CHECK (typeof(buy_box_bp) IN ('integer', 'null')), -- page views with our offer featured, in 1/100 of a percent
  offers         INTEGER CHECK (typeof(offers) IN ('integer', 'null')), -- offers on sale, on average
  feedback       INTEGER CHECK (typeof(feedback) IN ('integer', 'null')), -- feedback received
  feedback_negative INTEGER CHECK (typeof(feedback_negative) IN ('integer', 'null')),
  origin         TEXT    NOT NULL,                      -- report (API) or file
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'), -- Amazon changes the last days later
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, marketplace_id, traffic_day)
) WITHOUT ROWID;

-- The same per product over a span of days, mostly one.
CREATE TABLE traffic_asin (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  from_day       TEXT    NOT NULL,                      -- first day of the span
  to_day         TEXT    NOT NULL,                      -- last day of it; Amazon tells no finer than the span
  parent_asin    TEXT    NOT NULL DEFAULT '',
  asin           TEXT    NOT NULL DEFAULT '',           -- child ASIN; empty when told by parent only
  sku            TEXT    NOT NULL DEFAULT '',           -- empty unless told by SKU
  currency       TEXT    NOT NULL DEFAULT '',
  ordered_minor  INTEGER CHECK (typeof(ordered_minor) IN ('integer', 'null')), -- ordered product sales
  ordered_b2b_minor INTEGER CHECK (typeof(ordered_b2b_minor) IN ('integer', 'null')),
  units          INTEGER CHECK (typeof(units) IN ('integer', 'null')), -- units ordered
  units_b2b      INTEGER CHECK (typeof(units_b2b) IN ('integer', 'null')),
  order_items    INTEGER CHECK (typeof(order_items) IN ('integer', 'null')),
  order_items_b2b INTEGER CHECK (typeof(order_items_b2b) IN ('integer', 'null')),
  page_views     INTEGER CHECK (typeof(page_views) IN ('integer', 'null')),
  page_views_b2b INTEGER CHECK (typeof(page_views_b2b) IN ('integer', 'null')),
  page_views_app INTEGER CHECK (typeof(page_views_app) IN ('integer', 'null')),
  sessions       INTEGER CHECK (typeof(sessions) IN ('integer', 'null')),
  sessions_b2b   INTEGER CHECK (typeof(sessions_b2b) IN ('integer', 'null')),
  sessions_app   INTEGER CHECK (typeof(sessions_app) IN ('integer', 'null')),
  buy_box_bp     INTEGER CHECK (typeof(buy_box_bp) IN ('integer', 'null')), -- in 1/100 of a percent
  origin         TEXT    NOT NULL,                      -- report or file
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, marketplace_id, from_day, to_day, parent_asin, asin, sku)
) WITHOUT ROWID;
CREATE INDEX traffic_asin_by_asin ON traffic_asin(asin, marketplace_id, from_day);

-- Amazon's own reckoning per SKU and span: sales, fees, advertising, net proceeds.
CREATE TABLE economics (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  from_day       TEXT    NOT NULL,
  to_day         TEXT    NOT NULL,                      -- included
  sku            TEXT    NOT NULL,                      -- merchant SKU, empty when told by ASIN only
  asin           TEXT    NOT NULL DEFAULT '',           -- child ASIN
  parent_asin    TEXT    NOT NULL DEFAULT '',
  fnsku          TEXT    NOT NULL DEFAULT '',
  currency       TEXT    NOT NULL,
  units          INTEGER NOT NULL CHECK (typeof(units) = 'integer'), -- units ordered
  units_refunded INTEGER NOT NULL CHECK (typeof(units_refunded) = 'integer'),
  units_net      INTEGER NOT NULL CHECK (typeof(units_net) = 'integer'),
  ordered_minor  INTEGER CHECK (typeof(ordered_minor) IN ('integer', 'null')), -- ordered product sales
  refunded_minor INTEGER CHECK (typeof(refunded_minor) IN ('integer', 'null')),
  net_sales_minor INTEGER CHECK (typeof(net_sales_minor) IN ('integer', 'null')), -- ordered less refunded
  proceeds_minor INTEGER CHECK (typeof(proceeds_minor) IN ('integer', 'null')), -- net proceeds as Amazon reckons them
  origin         TEXT    NOT NULL,                      -- kiosk (API) or file
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, marketplace_id, from_day, to_day, sku, asin)
) WITHOUT ROWID;
CREATE INDEX economics_by_sku ON economics(sku, marketplace_id, from_day);

CREATE TABLE economics_part (
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  from_day       TEXT    NOT NULL,
  to_day         TEXT    NOT NULL,
  sku            TEXT    NOT NULL,
  asin           TEXT    NOT NULL DEFAULT '',
  seq            INTEGER NOT NULL CHECK (typeof(seq) = 'integer'), -- in Amazon's order, from 0
  kind           TEXT    NOT NULL,                      -- fee, ad, or cost (per unit, as the seller told Amazon)
  name           TEXT    NOT NULL,                      -- Amazon's name of the fee or kind of advertising
  part_of        TEXT    NOT NULL DEFAULT '',           -- the fee of which it is a component; empty: stands by itself
  currency       TEXT    NOT NULL,
  amount_minor   INTEGER CHECK (typeof(amount_minor) IN ('integer', 'null')), -- before promotion and tax
  promotion_minor INTEGER CHECK (typeof(promotion_minor) IN ('integer', 'null')),
  tax_minor      INTEGER CHECK (typeof(tax_minor) IN ('integer', 'null')),
  total_minor    INTEGER NOT NULL CHECK (typeof(total_minor) = 'integer'), -- positive: a cost
  quantity       TEXT    NOT NULL DEFAULT '',           -- units or clicks it was charged for, exact decimal; empty when not told
  PRIMARY KEY (connection_id, marketplace_id, from_day, to_day, sku, asin, seq),
  FOREIGN KEY (connection_id, marketplace_id, from_day, to_day, sku, asin)
    REFERENCES economics(connection_id, marketplace_id, from_day, to_day, sku, asin) ON DELETE CASCADE
) WITHOUT ROWID;

-- Amazon's count of orders per day, against which ours is checked.
CREATE TABLE order_metric (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  marketplace_id TEXT    NOT NULL,
  metric_day     TEXT    NOT NULL,                      -- marketplace's day
  orders         INTEGER NOT NULL CHECK (typeof(orders) = 'integer'),
  order_items    INTEGER NOT NULL CHECK (typeof(order_items) = 'integer'),
  units          INTEGER NOT NULL CHECK (typeof(units) = 'integer'),
  currency       TEXT    NOT NULL,
  sales_minor    INTEGER NOT NULL CHECK (typeof(sales_minor) = 'integer'), -- ordered product sales
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  PRIMARY KEY (connection_id, marketplace_id, metric_day)
) WITHOUT ROWID;

-- Advertising as the console's report files tell it: analysis, not money that moved.
CREATE TABLE ad_row (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  row_key        TEXT    NOT NULL,                      -- of what the row is about: kind, days, campaign and so on; the later file replaces
  report         TEXT    NOT NULL,                      -- advertised-product, search-term, targeting, campaign, placement, purchased-product
  from_day       TEXT    NOT NULL,
  to_day         TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL DEFAULT '',
  portfolio      TEXT    NOT NULL DEFAULT '',
  campaign       TEXT    NOT NULL DEFAULT '',
  ad_group       TEXT    NOT NULL DEFAULT '',
  sku            TEXT    NOT NULL DEFAULT '',           -- advertised SKU
  asin           TEXT    NOT NULL DEFAULT '',           -- advertised ASIN
  targeting      TEXT    NOT NULL DEFAULT '',           -- keyword or target
  match_type     TEXT    NOT NULL DEFAULT '',
  search_term    TEXT    NOT NULL DEFAULT '',           -- what buyers typed
  placement      TEXT    NOT NULL DEFAULT '',
  currency       TEXT    NOT NULL,
  impressions    INTEGER CHECK (typeof(impressions) IN ('integer', 'null')),
  clicks         INTEGER CHECK (typeof(clicks) IN ('integer', 'null')),
  spend_minor    INTEGER CHECK (typeof(spend_minor) IN ('integer', 'null')), -- positive: a cost
  sales_minor    INTEGER CHECK (typeof(sales_minor) IN ('integer', 'null')), -- sales that Amazon attributes to it
  orders         INTEGER CHECK (typeof(orders) IN ('integer', 'null')),
  units          INTEGER CHECK (typeof(units) IN ('integer', 'null')),
  window_days    INTEGER CHECK (typeof(window_days) IN ('integer', 'null')), -- within how many days after the click: 7, 14, ...
  taken_at       INTEGER NOT NULL CHECK (typeof(taken_at) = 'integer'),
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, row_key)
) WITHOUT ROWID;
CREATE INDEX ad_row_by_day ON ad_row(report, from_day, marketplace_id);

-- Rows of Amazon's VAT transactions report. Buyers' tax numbers, towns and postal codes are not kept.
CREATE TABLE vat_transaction (
  connection_id  TEXT    NOT NULL REFERENCES connection(id),
  row_key        TEXT    NOT NULL,                      -- what the row is about, and a number among equal rows
  activity_period TEXT   NOT NULL DEFAULT '',           -- 2026-JUL or 2026-07, as Amazon wrote it
  sales_channel  TEXT    NOT NULL DEFAULT '',
  marketplace    TEXT    NOT NULL DEFAULT '',           -- as Amazon wrote it
  program        TEXT    NOT NULL DEFAULT '',           -- REGULAR, PAN_EU, ...
  type           TEXT    NOT NULL,                      -- SALE, REFUND, RETURN, FC_TRANSFER, INBOUND, COMMINGLING_BUY, ...
  event_id       TEXT    NOT NULL DEFAULT '',           -- mostly the order id
  activity_id    TEXT    NOT NULL DEFAULT '',           -- mostly the shipment id
  tax_day        TEXT    NOT NULL DEFAULT '',           -- day on which the tax was calculated
  depart_day     TEXT    NOT NULL DEFAULT '',
  arrival_day    TEXT    NOT NULL DEFAULT '',
  complete_day   TEXT    NOT NULL DEFAULT '',           -- day that counts for the period
  sku            TEXT    NOT NULL DEFAULT '',
  asin           TEXT    NOT NULL DEFAULT '',
  title          TEXT    NOT NULL DEFAULT '',
  quantity       INTEGER CHECK (typeof(quantity) IN ('integer', 'null')), -- units
  currency       TEXT    NOT NULL DEFAULT '',
  net_minor      INTEGER CHECK (typeof(net_minor) IN ('integer', 'null')), -- total value without VAT
  vat_minor      INTEGER CHECK (typeof(vat_minor) IN ('integer', 'null')), -- VAT on it
  gross_minor    INTEGER CHECK (typeof(gross_minor) IN ('integer', 'null')), -- with VAT
  goods_net_minor INTEGER CHECK (typeof(goods_net_minor) IN ('integer', 'null')), -- of the net: the goods, promotions taken off
  shipping_net_minor INTEGER CHECK (typeof(shipping_net_minor) IN ('integer', 'null')),
  giftwrap_net_minor INTEGER CHECK (typeof(giftwrap_net_minor) IN ('integer', 'null')),
  vat_rate       TEXT    NOT NULL DEFAULT '',           -- of the goods, exact decimal as Amazon wrote it (19 or 0.19)
  tax_code       TEXT    NOT NULL DEFAULT '',           -- A_GEN_STANDARD, ...
  depart_country TEXT    NOT NULL DEFAULT '',
  arrival_country TEXT   NOT NULL DEFAULT '',
  seller_country TEXT    NOT NULL DEFAULT '',           -- country of the seller's VAT number used
  seller_vat     TEXT    NOT NULL DEFAULT '',           -- the seller's own VAT number
  buyer_vat_country TEXT NOT NULL DEFAULT '',           -- country of the buyer's VAT number, empty for a private buyer
  jurisdiction   TEXT    NOT NULL DEFAULT '',           -- country that taxes it
  scheme         TEXT    NOT NULL DEFAULT '',           -- tax reporting scheme: REGULAR, UNION-OSS, ...
  collector      TEXT    NOT NULL DEFAULT '',           -- who pays the tax: SELLER or MARKETPLACE
  outside_eu     TEXT    NOT NULL DEFAULT '',           -- export: YES or NO
  invoice_number TEXT    NOT NULL DEFAULT '',
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL DEFAULT 0 CHECK (typeof(doc_line) = 'integer'),
  PRIMARY KEY (connection_id, row_key)
) WITHOUT ROWID;
CREATE INDEX vat_transaction_by_day ON vat_transaction(complete_day, jurisdiction);

-- The seller's account with Amazon. The contact person is not kept.
CREATE TABLE account (
  connection_id TEXT    NOT NULL PRIMARY KEY REFERENCES connection(id),
  selling_plan  TEXT    NOT NULL,                       -- PROFESSIONAL or INDIVIDUAL
  business_type TEXT    NOT NULL,                       -- PRIVATE_LIMITED, SOLE_PROPRIETORSHIP, ...
  seen_at       INTEGER NOT NULL CHECK (typeof(seen_at) = 'integer')
) WITHOUT ROWID;

-- What Amazon lets this application read, learned by asking.
CREATE TABLE access (
  connection_id TEXT    NOT NULL REFERENCES connection(id) ON DELETE CASCADE,
  resource      TEXT    NOT NULL,                       -- as in sync_state
  granted       INTEGER NOT NULL CHECK (typeof(granted) = 'integer'), -- boolean: 0 when the role for it is missing
  since_at      INTEGER NOT NULL CHECK (typeof(since_at) = 'integer'), -- since when it is so
  seen_at       INTEGER NOT NULL CHECK (typeof(seen_at) = 'integer'), -- last time it was found so
  PRIMARY KEY (connection_id, resource)
) WITHOUT ROWID;

-- From when the times run after which Amazon wants a secret changed or a consent renewed.
CREATE TABLE credential_date (
  connection_id TEXT    NOT NULL REFERENCES connection(id) ON DELETE CASCADE,
  kind          TEXT    NOT NULL,                       -- secret (180 days) or consent (365 days)
  at            INTEGER NOT NULL CHECK (typeof(at) = 'integer'), -- made or given at
  origin        TEXT    NOT NULL,                       -- connect: when it was stored here; entered: by the user
  PRIMARY KEY (connection_id, kind)
) WITHOUT ROWID;
