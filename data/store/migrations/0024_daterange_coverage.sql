-- For which days date-range reports are here, each for its own currency and account: a
-- German report says nothing of British money, one of invoiced orders nothing of the
-- standard ones. The source "daterange" of coverage holds all of them together.
CREATE TABLE daterange_coverage (
  connection_id TEXT    NOT NULL REFERENCES connection(id),
  currency      TEXT    NOT NULL,
  account       TEXT    NOT NULL,                       -- Amazon's account type; empty when the report tells none, or several
  from_at       INTEGER NOT NULL CHECK (typeof(from_at) = 'integer'),
  to_at         INTEGER NOT NULL CHECK (typeof(to_at) = 'integer'), -- exclusive
  PRIMARY KEY (connection_id, currency, account, from_at)
) WITHOUT ROWID;

-- Reports that were read before: the days of their rows.
INSERT INTO daterange_coverage (connection_id, currency, account, from_at, to_at)
SELECT connection_id, currency, account, from_at, max(to_at) FROM (
  SELECT connection_id, currency, CASE WHEN min(account) = max(account) THEN min(account) ELSE '' END AS account,
    min(posted_at) AS from_at, max(posted_at) + 1000 AS to_at
  FROM fact
  WHERE EXISTS (SELECT 1 FROM coverage WHERE source = 'daterange')
    AND name_id IN (SELECT id FROM fact_name WHERE source = 'daterange')
  GROUP BY document_id, connection_id, currency)
GROUP BY connection_id, currency, account, from_at;
