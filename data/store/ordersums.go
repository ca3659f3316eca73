package store

import "fmt"

// largestSummed is the amount, in minor units, beyond which an order is not
// added up: no order has it, a broken file may, and a sum must not overflow.
const largestSummed = "10000000000000"

// ordersSummed reads what the dirty orders add up to: columns as order_sum.
// Money in several currencies is none that could be added.
const ordersSummed = `SELECT connection_id, order_id, order_day, marketplace_id, fulfilled_by, status,
		iif(currency <> '' OR NOT ok, currency, money_currency), units, iif(abs(total) <= ` + largestSummed + `, total, NULL), ok,
		iif(ok, fees, 0), iif(ok, net, 0), iif(ok, profit, 0), iif(ok, uncovered, 0), refunded, nocost, unknown, unpaid,
		ok AND uncovered = 0 AND profit < 0, purchased_at
	FROM (SELECT o.connection_id, o.order_id, o.order_day, o.purchased_at, o.marketplace_id, o.fulfilled_by, o.status, o.currency,
			coalesce((SELECT sum(i.quantity) FROM order_item i WHERE i.connection_id = o.connection_id AND i.order_id = o.order_id), 0) AS units,
			` + orderTotal + ` AS total,
			count(l.event_id) > 0 AND min(l.currency) = max(l.currency) AND max(l.amount_minor) <= ` + largestSummed + `
				AND min(l.amount_minor) >= -` + largestSummed + ` AS ok,
			max(l.currency) AS money_currency,
			sum(iif(substr(l.line, 1, 4) IN ('fee.', 'fba.'), l.small, 0)) AS fees,
			sum(iif(substr(l.line, 1, 6) IN ('sales.', 'refund', 'promot'), l.small, 0)) AS net,
			sum(iif(` + inProfit + `, l.small, 0)) AS profit,
			sum(l.uncovered) AS uncovered,
			coalesce(max(e.type = 'refund'), 0) AS refunded, coalesce(max(e.uncovered > 0), 0) AS nocost,
			coalesce(max(l.line = 'unclassified'), 0) AS unknown, coalesce(max(e.state <> 'settled'), 0) AS unpaid
		FROM order_dirty d CROSS JOIN orders o ON o.connection_id = d.connection_id AND o.order_id = d.order_id
		LEFT JOIN event e ON e.scope = o.order_id AND e.connection_id = o.connection_id
		LEFT JOIN (SELECT event_id, line, currency, amount_minor, uncovered,
			iif(amount_minor BETWEEN -` + largestSummed + ` AND ` + largestSummed + `, amount_minor, 0) AS small FROM money_line) l ON l.event_id = e.id
		GROUP BY d.connection_id, d.order_id)`

// daySums adds the dirty orders' rows of order_sum to their days, or with the
// sign -1 takes them away.
func daySums(sign string) string {
	return `INSERT INTO order_day_sum SELECT order_day, marketplace_id, fulfilled_by, status, currency, refunded, nocost, unknown, unpaid, loss,
		` + sign + `*count(*), ` + sign + `*sum(units), ` + sign + `*coalesce(sum(total_minor), 0), ` + sign + `*(count(*) - count(total_minor)),
		` + sign + `*sum(fees_minor), ` + sign + `*sum(net_minor), ` + sign + `*sum(profit_minor), ` + sign + `*(count(*) - sum(posted)), ` + sign + `*sum(uncovered),
		` + sign + `*(count(*) - sum(posted AND uncovered = 0))
		FROM order_dirty d CROSS JOIN order_sum s ON s.connection_id = d.connection_id AND s.order_id = d.order_id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
		ON CONFLICT DO UPDATE SET orders = orders + excluded.orders, units = units + excluded.units, total_minor = total_minor + excluded.total_minor,
		no_total = no_total + excluded.no_total, fees_minor = fees_minor + excluded.fees_minor, net_minor = net_minor + excluded.net_minor,
		profit_minor = profit_minor + excluded.profit_minor, no_money = no_money + excluded.no_money, uncovered = uncovered + excluded.uncovered,
		no_profit = no_profit + excluded.no_profit`
}

// sumOrderSteps bring order_sum and order_day_sum to what the orders are now.
var sumOrderSteps = []string{
	daySums("-1"),
	`DELETE FROM order_sum WHERE (connection_id, order_id) IN (SELECT connection_id, order_id FROM order_dirty)`,
	`INSERT INTO order_sum ` + ordersSummed,
	daySums("1"),
	`DELETE FROM order_day_sum WHERE orders = 0`,
	`DELETE FROM order_dirty`,
}

// sumOrders adds up the orders that this transaction touched. Triggers noted
// which.
func (t *Tx) sumOrders() error {
	var some bool
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM order_dirty)`, nil, &some); err != nil {
		return fmt.Errorf("add up orders: %w", err)
	}
	if !some {
		return nil
	}
	for _, step := range sumOrderSteps {
		if _, err := t.exec(step); err != nil {
			return fmt.Errorf("add up orders: %w", err)
		}
	}
	return nil
}
