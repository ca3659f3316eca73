-- Profit and loss adds the products of each day up. In this order the daily sums
-- need no sorting, and the table itself is not read.
CREATE INDEX rollup_by_line ON rollup(event_day, connection_id, marketplace_id, currency, line, state, amount_minor, quantity, uncovered);
