-- Everything about a buyer or recipient, and nothing else. Own file, own key.
CREATE TABLE person (
  connection_id TEXT    NOT NULL,
  order_id      TEXT    NOT NULL,
  name          TEXT    NOT NULL DEFAULT '',           -- recipient
  company       TEXT    NOT NULL DEFAULT '',
  address       TEXT    NOT NULL DEFAULT '',           -- street lines, one per line
  city          TEXT    NOT NULL DEFAULT '',
  region        TEXT    NOT NULL DEFAULT '',           -- state, prefecture, county
  postal_code   TEXT    NOT NULL DEFAULT '',
  country       TEXT    NOT NULL DEFAULT '',
  phone         TEXT    NOT NULL DEFAULT '',
  buyer_name    TEXT    NOT NULL DEFAULT '',
  buyer_email   TEXT    NOT NULL DEFAULT '',           -- Amazon's relay address
  gift_message  TEXT    NOT NULL DEFAULT '',
  fetched_at    INTEGER NOT NULL CHECK (typeof(fetched_at) = 'integer'),
  purge_at      INTEGER NOT NULL CHECK (typeof(purge_at) = 'integer'), -- latest delivery promise + 30 days
  PRIMARY KEY (connection_id, order_id)
) WITHOUT ROWID;
CREATE INDEX person_by_purge ON person(purge_at);
