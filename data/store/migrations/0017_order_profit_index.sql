-- A page of orders by profit is found in the index alone: the columns of its own
-- condition stand in it, or each row that is passed over would be read from the
-- table. NOT rather than = 0: a column with one value would be left out of the order.
DROP INDEX order_sum_by_profit;
CREATE INDEX order_sum_by_profit ON order_sum(currency, profit_minor, order_day, marketplace_id, fulfilled_by, status, refunded, nocost, unknown, unpaid, loss, posted, uncovered)
  WHERE posted AND NOT uncovered;
