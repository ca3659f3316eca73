-- What the seller's bank says of Amazon's payouts, and his own names for groups of
-- products. Times, money and checks as in the first step.

-- Lines of bank statements that mention Amazon or equal a payout; no others are
-- kept. Which payout a line pays is found anew each time, unless the seller says.
CREATE TABLE bank_line (
  account      TEXT    NOT NULL,                        -- the seller's name for his bank account
  bank_day     TEXT    NOT NULL,                        -- booking day at the bank, YYYY-MM-DD
  currency     TEXT    NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (typeof(amount_minor) = 'integer'), -- positive: money in
  text         TEXT    NOT NULL,                        -- the bank's words, cut to one line
  ordinal      INTEGER NOT NULL CHECK (typeof(ordinal) = 'integer'), -- 1, 2, ... among equal lines
  link         TEXT    NOT NULL DEFAULT '',             -- the seller's word: connection/settlement, none (no payout), or empty
  file         TEXT    NOT NULL DEFAULT '',             -- name of the file it came in
  file_line    INTEGER NOT NULL DEFAULT 0 CHECK (typeof(file_line) = 'integer'), -- line in that file, from 1
  imported_at  INTEGER NOT NULL CHECK (typeof(imported_at) = 'integer'),
  PRIMARY KEY (account, bank_day, currency, amount_minor, text, ordinal)
) WITHOUT ROWID;

CREATE TABLE sku_tag (
  sku TEXT NOT NULL,                                    -- seller SKU
  tag TEXT NOT NULL,                                    -- the seller's own name for a group
  PRIMARY KEY (sku, tag)
) WITHOUT ROWID;
CREATE INDEX sku_tag_by_tag ON sku_tag(tag, sku);
