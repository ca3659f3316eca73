-- Lines of Amazon's fee invoices: what each of them is made of. They are on paper what
-- the postings of the month are; nothing of them is booked.
CREATE TABLE fee_invoice_read (                         -- invoices whose lines were asked for
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  invoice_id     TEXT    NOT NULL,                      -- Amazon's invoiceIdentifier
  updated_at     INTEGER NOT NULL CHECK (typeof(updated_at) = 'integer'), -- of the invoice as it was then, unix milliseconds UTC; 0: not told
  issued_day     TEXT    NOT NULL,                      -- day of issue in the marketplace's zone; empty when not told
  PRIMARY KEY (connection_id, marketplace_id, invoice_id),
  FOREIGN KEY (connection_id, marketplace_id, invoice_id) REFERENCES fee_invoice(connection_id, marketplace_id, invoice_id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE fee_invoice_line (
  connection_id  TEXT    NOT NULL,
  marketplace_id TEXT    NOT NULL,
  invoice_id     TEXT    NOT NULL,                      -- Amazon's invoiceIdentifier
  seq            INTEGER NOT NULL CHECK (typeof(seq) = 'integer'), -- place on the invoice, from 0
  line_id        TEXT    NOT NULL,                      -- Amazon's lineItemId
  kind           TEXT    NOT NULL,                      -- GOODS, SERVICES or OTHERS
  service        TEXT    NOT NULL DEFAULT '',           -- kind of charge: FBA_INVENTORY_STORAGE_FEE, OTHER, ...
  description    TEXT    NOT NULL DEFAULT '',           -- as printed
  sku            TEXT    NOT NULL DEFAULT '',           -- empty when it is about no product
  asin           TEXT    NOT NULL DEFAULT '',
  start_at       INTEGER CHECK (typeof(start_at) IN ('integer', 'null')), -- period of the charge, unix milliseconds UTC
  end_at         INTEGER CHECK (typeof(end_at) IN ('integer', 'null')),   -- unix milliseconds UTC
  units          INTEGER CHECK (typeof(units) IN ('integer', 'null')),    -- NULL when not told
  tax_rates      TEXT    NOT NULL DEFAULT '',           -- country and percent such as DE 19, several joined by a comma
  currency       TEXT    NOT NULL,                      -- ISO 4217
  net_minor      INTEGER CHECK (typeof(net_minor) IN ('integer', 'null')), -- without tax, minor units; NULL when not told
  tax_minor      INTEGER CHECK (typeof(tax_minor) IN ('integer', 'null')), -- minor units; NULL when not told
  total_minor    INTEGER NOT NULL CHECK (typeof(total_minor) = 'integer'), -- with tax, minor units
  document_id    INTEGER REFERENCES document(id) CHECK (typeof(document_id) IN ('integer', 'null')),
  doc_line       INTEGER NOT NULL CHECK (typeof(doc_line) = 'integer'),    -- line of that document, from 1
  PRIMARY KEY (connection_id, marketplace_id, invoice_id, seq),
  FOREIGN KEY (connection_id, marketplace_id, invoice_id) REFERENCES fee_invoice_read(connection_id, marketplace_id, invoice_id) ON DELETE CASCADE
) WITHOUT ROWID;
