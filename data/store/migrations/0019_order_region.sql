-- Where an order's goods go to, as far as tax on sales needs it: the country, and in
-- the United States and Canada the state or province. Codes of a fixed list only; an
-- address is never kept here.
CREATE TABLE order_region (
  connection_id TEXT NOT NULL REFERENCES connection(id),
  order_id      TEXT NOT NULL,                          -- Amazon's order id; the order itself need not be known
  country       TEXT NOT NULL,                          -- ISO 3166
  region        TEXT NOT NULL,                          -- ISO 3166-2 without the country; empty where tax does not go by it, or not told
  origin        TEXT NOT NULL,                          -- who told: api, report (all orders), daterange
  PRIMARY KEY (connection_id, order_id)
) WITHOUT ROWID;
