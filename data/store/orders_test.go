package store_test

import (
	"fmt"
	"testing"
	"time"

	"countinghouse/data/store"
)

// told is an order as one of the two sources tells it.
func told(origin string, hour int, status string, change func(*store.Order)) store.Order {
	o := store.Order{
		Connection: "na", ID: "111-0000001-0000001", Marketplace: "ATVPDKIKX0DER", Status: status, Origin: origin, Currency: "USD",
		Purchased: now.Add(-48 * time.Hour), Updated: now.Add(time.Duration(hour-24) * time.Hour),
		Items: []store.OrderItem{{SKU: "A", Quantity: 2, Price: minor(20_00)}, {SKU: "A", Quantity: 2, Price: minor(20_00)}},
	}
	if origin == store.FromAPI {
		o.Total, o.ShipBy = minor(43_20), now.Add(24*time.Hour)
		o.Items[0].ItemID, o.Items[1].ItemID = "1", "2"
		o.Packages = []store.Package{{Reference: "1", Carrier: "UPS"}}
	}
	if change != nil {
		change(&o)
	}
	return o
}

func describe(t *testing.T, b *store.Book) string {
	t.Helper()
	var out string
	for _, q := range []string{
		`SELECT group_concat(marketplace_id || ' ' || order_day || ' ' || status || ' ' || updated_at || ' ' || currency || ' ' || origin || ' '
			|| coalesce(total_minor, '-') || ' ' || coalesce(ship_by_at, '-')) FROM orders`,
		`SELECT coalesce(group_concat(sku || ordinal || ' ' || order_item_id || ' ' || quantity || ' ' || coalesce(price_minor, '-') || ' '
			|| coalesce(tax_minor, '-') || ' ' || currency, '; '), '') FROM order_item`,
		`SELECT coalesce(group_concat(reference || carrier), '') FROM package`,
	} {
		out += text(t, b, q) + "\n"
	}
	return out
}

// The API and a report tell of one order: what the book has in the end does not
// depend on which came first.
func TestOrderMergesInAnyOrder(t *testing.T) {
	blank := func(o *store.Order) { // a pending or cancelled order has no prices
		o.Currency, o.Total = "", nil
		for i := range o.Items {
			o.Items[i].Price = nil
		}
	}
	for _, tc := range []struct {
		name        string
		api, report store.Order
		status      string
	}{
		{"at the same time", told(store.FromAPI, 5, "SHIPPED", nil), told(store.FromReport, 5, "Shipping", nil), "SHIPPED"},
		{"the API is newer", told(store.FromAPI, 6, "SHIPPED", nil), told(store.FromReport, 5, "UNSHIPPED", nil), "SHIPPED"},
		{"the report is newer", told(store.FromAPI, 5, "UNSHIPPED", nil), told(store.FromReport, 6, "SHIPPED", nil), "SHIPPED"},
		{"the API tells no price", told(store.FromAPI, 6, "CANCELLED", blank), told(store.FromReport, 5, "UNSHIPPED", nil), "CANCELLED"},
		{"the API tells no marketplace", told(store.FromAPI, 6, "SHIPPED", func(o *store.Order) { o.Marketplace = "" }),
			told(store.FromReport, 5, "SHIPPED", nil), "SHIPPED"},
		{"the report tells no marketplace", told(store.FromAPI, 5, "SHIPPED", nil),
			told(store.FromReport, 6, "SHIPPED", func(o *store.Order) { o.Marketplace = "" }), "SHIPPED"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var ends []string
			for _, order := range [][]store.Order{
				{tc.api, tc.report}, {tc.report, tc.api}, {tc.api, tc.report, tc.api, tc.report}, {tc.report, tc.report, tc.api},
			} {
				b := newBook(t)
				for _, o := range order {
					write(t, b, func(tx *store.Tx) error { _, err := tx.PutOrder(o); return err })
				}
				if got := text(t, b, `SELECT status FROM orders`); got != tc.status {
					t.Errorf("status %s, want %s", got, tc.status)
				}
				if n := number(t, b, `SELECT count(*) FROM order_item WHERE price_minor = 2000 AND currency = 'USD' AND order_item_id <> ''`); n != 2 {
					t.Errorf("%d items are whole, want 2:\n%s", n, describe(t, b))
				}
				if day := text(t, b, `SELECT order_day FROM orders`); day != "2026-10-30" {
					t.Errorf("order day %s", day)
				}
				ends = append(ends, describe(t, b))
			}
			for i, e := range ends {
				if e != ends[0] {
					t.Errorf("in order %d:\n%swant\n%s", i, e, ends[0])
				}
			}
		})
	}
}

func TestOrderUpdates(t *testing.T) {
	for _, tc := range []struct {
		name    string
		second  store.Order
		changed bool
		status  string
		items   int64
	}{
		{"the same again", told(store.FromAPI, 5, "UNSHIPPED", nil), false, "UNSHIPPED", 2},
		{"older", told(store.FromAPI, 4, "PENDING", nil), false, "UNSHIPPED", 2},
		{"newer, with one line less", told(store.FromAPI, 6, "SHIPPED", func(o *store.Order) { o.Items = o.Items[:1] }), true, "SHIPPED", 1},
		{"older report", told(store.FromReport, 4, "PENDING", nil), false, "UNSHIPPED", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBook(t)
			for i, o := range []store.Order{told(store.FromAPI, 5, "UNSHIPPED", nil), tc.second} {
				write(t, b, func(tx *store.Tx) error {
					changed, err := tx.PutOrder(o)
					if want := i == 0 || tc.changed; changed != want {
						return fmt.Errorf("change %d: %t, want %t", i, changed, want)
					}
					return err
				})
			}
			if got := text(t, b, `SELECT status FROM orders`); got != tc.status {
				t.Errorf("status %s, want %s", got, tc.status)
			}
			if n := number(t, b, `SELECT count(*) FROM order_item`); n != tc.items {
				t.Errorf("%d items, want %d", n, tc.items)
			}
		})
	}
}
