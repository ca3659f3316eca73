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

-- Reports that were read before. Where all of a connection's are of one currency and
-- one account, the days are what its coverage says. Elsewhere they are those of the
-- rows, which may be fewer: a row of two reports is kept with the first one.
WITH report AS MATERIALIZED (
  SELECT connection_id, currency, min(account) AS low, max(account) AS high, min(posted_at) AS from_at, max(posted_at) + 1000 AS to_at
  FROM fact
  WHERE posting >= 'daterange:' AND posting < 'daterange;'
  GROUP BY document_id, connection_id, currency),
alike AS MATERIALIZED (
  SELECT connection_id, min(currency) AS currency, min(low) AS account
  FROM report
  GROUP BY connection_id HAVING min(currency) = max(currency) AND min(low) = max(high))
INSERT INTO daterange_coverage (connection_id, currency, account, from_at, to_at)
SELECT c.connection_id, a.currency, a.account, c.from_at, c.to_at
FROM coverage c JOIN alike a ON a.connection_id = c.connection_id
WHERE c.source = 'daterange'
UNION ALL
SELECT connection_id, currency, CASE WHEN low = high THEN low ELSE '' END AS account, from_at, max(to_at)
FROM report
WHERE connection_id NOT IN (SELECT connection_id FROM alike)
GROUP BY connection_id, currency, 3, from_at;
