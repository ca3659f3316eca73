package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// StockKey is a SKU in one marketplace of one connection.
type StockKey struct{ Connection, Marketplace, SKU string }

// Key names the row's SKU.
func (s StockRow) Key() StockKey { return StockKey{s.Connection, s.Marketplace, s.SKU} }

// SoldUnits are the units ordered in the last 7, 30 and 90 whole days of the
// marketplace, cancelled orders left out. The current day is not whole.
type SoldUnits struct{ Days7, Days30, Days90 int64 }

// Sold counts units ordered before the marketplace's present day, by SKU. today
// gives that day of a marketplace.
func (b *Book) Sold(ctx context.Context, now time.Time, today func(marketplace string) string) (map[StockKey]SoldUnits, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.connection_id, o.marketplace_id, i.sku, o.order_day, sum(i.quantity)
		FROM orders o CROSS JOIN order_item i ON i.connection_id = o.connection_id AND i.order_id = o.order_id
		WHERE o.purchased_at >= ? AND o.status NOT IN ('CANCELLED', 'UNFULFILLABLE') GROUP BY 1, 2, 3, 4`, millis(now.AddDate(0, 0, -92)))
	if err != nil {
		return nil, fmt.Errorf("count units sold: %w", err)
	}
	all := map[StockKey]SoldUnits{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k StockKey
		var day string
		var units int64
		if err := r.Scan(&k.Connection, &k.Marketplace, &k.SKU, &day, &units); err != nil {
			return err
		}
		s := all[k]
		switch age := daysBefore(day, today(k.Marketplace)); {
		case age < 1 || age > 90:
			return nil
		case age <= 7:
			s.Days7 += units
			fallthrough
		case age <= 30:
			s.Days30 += units
			fallthrough
		default:
			s.Days90 += units
		}
		all[k] = s
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count units sold: %w", err)
	}
	return all, nil
}

// daysBefore counts the days from one day to a later one; 0 when either is
// no day.
func daysBefore(day, later string) int {
	a, errA := time.Parse(time.DateOnly, day)
	b, errB := time.Parse(time.DateOnly, later)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// DayUnits is a count of units on a day.
type DayUnits struct {
	Day   string
	Units int64
}

// SoldByDay lists the units of a SKU ordered each day from a day on, days
// without a sale left out.
func (b *Book) SoldByDay(ctx context.Context, k StockKey, from string) ([]DayUnits, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT o.order_day, sum(i.quantity) FROM order_item i
		JOIN orders o ON o.connection_id = i.connection_id AND o.order_id = i.order_id
		WHERE i.sku = ? AND i.connection_id = ? AND o.marketplace_id = ? AND o.order_day >= ? AND o.status NOT IN ('CANCELLED', 'UNFULFILLABLE')
		GROUP BY 1 ORDER BY 1`, k.SKU, k.Connection, k.Marketplace, from)
	if err != nil {
		return nil, fmt.Errorf("read the sales of %s: %w", k.SKU, err)
	}
	var all []DayUnits
	err = eachRow(rows, func(r *sql.Rows) error {
		var d DayUnits
		err := r.Scan(&d.Day, &d.Units)
		all = append(all, d)
		return err
	})
	return all, err
}

// StockDay is what Amazon held of a SKU on a day.
type StockDay struct {
	Day                                           string
	Fulfillable, Reserved, Inbound, Unfulfillable int64
}

// StockDays lists the snapshots of a SKU, oldest first.
func (b *Book) StockDays(ctx context.Context, k StockKey) ([]StockDay, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT snapshot_day, sum(fulfillable), sum(reserved),
		sum(inbound_working + inbound_shipped + inbound_receiving), sum(unfulfillable) FROM stock_snapshot
		WHERE connection_id = ? AND marketplace_id = ? AND sku = ? GROUP BY 1 ORDER BY 1`, k.Connection, k.Marketplace, k.SKU)
	if err != nil {
		return nil, fmt.Errorf("read the stock of %s: %w", k.SKU, err)
	}
	var all []StockDay
	err = eachRow(rows, func(r *sql.Rows) error {
		var d StockDay
		err := r.Scan(&d.Day, &d.Fulfillable, &d.Reserved, &d.Inbound, &d.Unfulfillable)
		all = append(all, d)
		return err
	})
	return all, err
}

// Listings reads how every SKU is offered.
func (b *Book) Listings(ctx context.Context) (map[StockKey]Listing, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, sku, asin, fnsku, title, condition, status, product_type,
		currency, price_minor, own_quantity, created_at, updated_at, coalesce(document_id, 0) FROM listing`)
	if err != nil {
		return nil, fmt.Errorf("read the listings: %w", err)
	}
	all := map[StockKey]Listing{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var l Listing
		var created, updated sql.NullInt64
		err := r.Scan(&l.Connection, &l.Marketplace, &l.SKU, &l.ASIN, &l.FNSKU, &l.Title, &l.Condition, &l.Status, &l.ProductType,
			&l.Currency, &l.Price, &l.OwnQuantity, &created, &updated, &l.Document)
		l.Created, l.Updated = optTime(created), optTime(updated)
		all[StockKey{l.Connection, l.Marketplace, l.SKU}] = l
		return err
	})
	return all, err
}

// StockedDays counts, for each SKU, on how many of the days with a snapshot
// since a day Amazon had units to sell.
func (b *Book) StockedDays(ctx context.Context, from string) (map[StockKey]StockedDays, error) {
	rows, err := b.Reader().QueryContext(ctx, `SELECT connection_id, marketplace_id, sku, count(*), sum(units > 0) FROM (
			SELECT connection_id, marketplace_id, sku, snapshot_day, sum(fulfillable) AS units FROM stock_snapshot
			WHERE snapshot_day >= ? GROUP BY 1, 2, 3, 4) GROUP BY 1, 2, 3`, from)
	if err != nil {
		return nil, fmt.Errorf("count days in stock: %w", err)
	}
	all := map[StockKey]StockedDays{}
	err = eachRow(rows, func(r *sql.Rows) error {
		var k StockKey
		var s StockedDays
		err := r.Scan(&k.Connection, &k.Marketplace, &k.SKU, &s.Seen, &s.InStock)
		all[k] = s
		return err
	})
	return all, err
}

// StockedDays says on how many days stock was looked at, and was there.
type StockedDays struct{ Seen, InStock int64 }
