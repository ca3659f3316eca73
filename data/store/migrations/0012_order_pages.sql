-- So that any page of a million orders is near, whatever the list is sorted by:
-- the sums of days say how many orders come before it, and an index has them in
-- that order with what a filter asks for.

ALTER TABLE order_sum ADD COLUMN purchased_at INTEGER NOT NULL DEFAULT 0 CHECK (typeof(purchased_at) = 'integer'); -- unix milliseconds UTC, of the order
ALTER TABLE order_day_sum ADD COLUMN no_profit INTEGER NOT NULL DEFAULT 0 CHECK (typeof(no_profit) = 'integer'); -- orders whose profit is not known

UPDATE order_sum SET purchased_at = coalesce((SELECT o.purchased_at FROM orders o
  WHERE o.connection_id = order_sum.connection_id AND o.order_id = order_sum.order_id), 0);
DELETE FROM order_day_sum;
INSERT INTO order_day_sum SELECT order_day, marketplace_id, fulfilled_by, status, currency, refunded, nocost, unknown, unpaid, loss,
    count(*), sum(units), coalesce(sum(total_minor), 0), count(*) - count(total_minor),
    sum(fees_minor), sum(net_minor), sum(profit_minor), count(*) - sum(posted), sum(uncovered), count(*) - sum(posted AND uncovered = 0)
  FROM order_sum GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;

CREATE INDEX order_sum_by_day ON order_sum(order_day, purchased_at);
CREATE INDEX order_sum_by_id ON order_sum(order_id, order_day, marketplace_id, fulfilled_by, status, refunded, nocost, unknown, unpaid, loss);
CREATE INDEX order_sum_by_units ON order_sum(units, order_day, marketplace_id, fulfilled_by, status, refunded, nocost, unknown, unpaid, loss);
CREATE INDEX order_sum_by_total ON order_sum(currency, total_minor, order_day, marketplace_id, fulfilled_by, status, refunded, nocost, unknown, unpaid, loss)
  WHERE total_minor IS NOT NULL;
CREATE INDEX order_sum_by_profit ON order_sum(currency, profit_minor, order_day, marketplace_id, fulfilled_by, status, refunded, nocost, unknown, unpaid, loss)
  WHERE posted AND uncovered = 0;
