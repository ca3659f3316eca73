package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/cipher"
)

// viewBook is an empty book with one connection.
func viewBook(t testing.TB) *Book {
	t.Helper()
	b, err := Create(t.Context(), t.TempDir()+"/book", Keys{Book: cipher.NewKey(), Personal: cipher.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	err = b.Write(t.Context(), func(tx *Tx) error {
		return tx.PutConnection(Connection{ID: "na", Region: "NA", Kind: KindFiles}, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const usa, japan = "ATVPDKIKX0DER", "A1VC38T7YXB528"

func minor(v int64) *int64 { return &v }

// viewOrders stores n orders, an hour apart, with money for those that shipped.
// Every 5th is pending, every 7th cancelled, every 11th refunded, every 13th
// the seller's to ship; every 17th is of a SKU without cost.
func viewOrders(t testing.TB, b *Book, n int) time.Time { return viewOrdersApart(t, b, n, time.Hour) }

func viewOrdersApart(t testing.TB, b *Book, n int, apart time.Duration) time.Time {
	t.Helper()
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, put := range []func(*Tx, Order, int) error{
		func(tx *Tx, o Order, _ int) error { _, err := tx.PutOrder(o); return err },
		putViewMoney, // in a transaction of its own: deriving an order again would drop events that stand on no facts
	} {
		err := b.Write(t.Context(), func(tx *Tx) error {
			for i := range n {
				if err := put(tx, viewOrder(i, start.Add(time.Duration(i)*apart)), i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return start
}

func viewOrder(i int, at time.Time) Order {
	id, sku := fmt.Sprintf("114-%07d-%07d", i*7919%9999991, i), "KT-204"
	if i%17 == 16 {
		sku = "NEW-1"
	}
	o := Order{
		Connection: "na", ID: id, Marketplace: usa, Status: "SHIPPED", FulfilledBy: "AMAZON", Currency: "USD",
		Purchased: at, Updated: at, Origin: FromAPI, Total: minor(3990),
		Items: []OrderItem{{SKU: sku, Title: "Kettle 100% steel", Quantity: int64(1 + i%3), Price: minor(3990)}},
	}
	if i%3 == 2 {
		o.Marketplace, o.Currency = japan, "JPY"
	}
	switch {
	case i%5 == 4:
		o.Status, o.Total = "PENDING", nil
		o.Items[0].Price = nil
	case i%7 == 6:
		o.Status = "CANCELLED"
	case i%13 == 12:
		o.Status, o.FulfilledBy = "UNSHIPPED", "MERCHANT"
	}
	return o
}

func putViewMoney(tx *Tx, o Order, i int) error {
	if o.Status != "SHIPPED" {
		return nil
	}
	id, sku, at := o.ID, o.Items[0].SKU, o.Purchased
	day := at.Format(time.DateOnly)
	event := func(kind, key string, lines ...[2]any) error {
		e, err := tx.insert(`INSERT INTO event (connection_id, scope, key, type, order_id, sku, marketplace_id, currency, occurred_at, event_day,
			posted_at, quantity, uncovered, state, origin, digest) VALUES ('na',?,?,?,?,?,?,?,?,?,?,?,?,'released','finances',x'00')`,
			id, id+key, kind, id, sku, o.Marketplace, o.Currency, millis(at), day, millis(at), o.Items[0].Quantity, flag(sku == "NEW-1" && kind == "sale"))
		for seq, l := range lines {
			if err == nil {
				_, err = tx.exec(`INSERT INTO money_line (event_id, seq, line, path, currency, amount_minor, uncovered, origin, state)
					VALUES (?,?,?,'',?,?,?,'finances','released')`, e, seq, l[0], o.Currency, l[1], flag(l[0] == books.COGS && sku == "NEW-1"))
			}
		}
		return err
	}
	err := event("sale", "s", [2]any{books.SalesProduct, 3990}, [2]any{books.FeeReferral, -600}, [2]any{books.FBAFulfilment, -500},
		[2]any{books.TaxCollected, 319}, [2]any{books.TaxWithheld, -319}, [2]any{books.COGS, -400})
	if err == nil && i%11 == 10 {
		err = event("refund", "r", [2]any{books.RefundProduct, -3990}, [2]any{books.FeeRefundAdmin, -120})
	}
	return err
}

func TestOrdersPagesAreTheWholeListWithoutGapOrDouble(t *testing.T) {
	b := viewBook(t)
	const n = 1300 // more than two anchors
	viewOrders(t, b, n)
	for _, sort := range []OrderSort{ByPurchase, ByOrderID, ByMarketplace, ByStatus, ByUnits, ByTotal, ByProfit} {
		for _, desc := range []bool{false, true} {
			t.Run(fmt.Sprint(sort, desc), func(t *testing.T) {
				x, err := b.OrdersIndex(t.Context(), OrdersView{})
				if err != nil || x.Count != n {
					t.Fatalf("count %v, %v", x, err)
				}
				seen := map[string]bool{}
				var all []OrderLine
				for offset := 0; offset < n; offset += 100 {
					page, err := b.OrdersPage(t.Context(), x, sort, desc, offset, 100)
					if err != nil {
						t.Fatal(err)
					}
					for _, o := range page {
						if seen[o.ID] {
							t.Fatalf("%s twice", o.ID)
						}
						seen[o.ID] = true
						all = append(all, o)
					}
				}
				if len(all) != n {
					t.Fatalf("%d orders in pages, want %d", len(all), n)
				}
				want := slices.Clone(all)
				slices.SortStableFunc(want, orderSortsInTests[sort](desc))
				for i := range all {
					if orderSortsInTests[sort](desc)(all[i], want[i]) != 0 {
						t.Fatalf("place %d has %s, want %s", i, all[i].ID, want[i].ID)
					}
				}
			})
		}
	}
	if _, err := b.OrdersPage(t.Context(), &OrdersIndex{Count: 1}, "1; DROP TABLE orders", false, 0, 1); err == nil {
		t.Error("any text is taken for a column")
	}
}

// orderSortsInTests say how two orders lie, written apart from the queries.
var orderSortsInTests = map[OrderSort]func(desc bool) func(a, b OrderLine) int{
	ByPurchase: func(desc bool) func(a, b OrderLine) int {
		return turned(desc, func(a, b OrderLine) int {
			return cmp.Or(strings.Compare(a.Day, b.Day), a.Purchased.Compare(b.Purchased))
		})
	},
	ByOrderID: func(desc bool) func(a, b OrderLine) int {
		return turned(desc, func(a, b OrderLine) int { return strings.Compare(a.ID, b.ID) })
	},
	ByMarketplace: func(desc bool) func(a, b OrderLine) int {
		return turned(desc, func(a, b OrderLine) int { return strings.Compare(a.Marketplace, b.Marketplace) })
	},
	ByStatus: func(desc bool) func(a, b OrderLine) int {
		return turned(desc, func(a, b OrderLine) int { return strings.Compare(a.Status, b.Status) })
	},
	ByUnits: func(desc bool) func(a, b OrderLine) int {
		return turned(desc, func(a, b OrderLine) int { return cmp.Compare(a.Units, b.Units) })
	},
	ByTotal: func(desc bool) func(a, b OrderLine) int {
		return byMoney(desc, func(o OrderLine) *int64 { return o.Total })
	},
	ByProfit: func(desc bool) func(a, b OrderLine) int {
		return byMoney(desc, func(o OrderLine) *int64 {
			if o.Money == nil || o.Money.Uncovered > 0 {
				return nil
			}
			return &o.Money.Profit
		})
	},
}

func turned(desc bool, compare func(a, b OrderLine) int) func(a, b OrderLine) int {
	return func(a, b OrderLine) int {
		if desc {
			return compare(b, a)
		}
		return compare(a, b)
	}
}

// byMoney sorts within a currency; what is not known comes last, either way.
func byMoney(desc bool, amount func(OrderLine) *int64) func(a, b OrderLine) int {
	return func(a, b OrderLine) int {
		x, y := amount(a), amount(b)
		switch {
		case a.Currency != b.Currency:
			return strings.Compare(a.Currency, b.Currency)
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		case desc:
			return cmp.Compare(*y, *x)
		}
		return cmp.Compare(*x, *y)
	}
}

// What the view adds up equals what a walk over all orders adds up.
func TestOrdersSumsAndGroupsEqualTheRows(t *testing.T) {
	b := viewBook(t)
	start := viewOrders(t, b, 700)
	views := map[string]OrdersView{
		"all":         {},
		"days":        {From: start.AddDate(0, 0, 3).Format(time.DateOnly), To: start.AddDate(0, 0, 9).Format(time.DateOnly)},
		"marketplace": {Marketplaces: []string{japan}},
		"channel":     {FulfilledBy: "MERCHANT"},
		"refunded":    {Group: OrdersRefunded},
		"text":        {Text: "new-1"},
		"none":        {Text: "no such order"},
	}
	for name, v := range views {
		t.Run(name, func(t *testing.T) {
			rows := allOrders(t, b, v)
			want := map[string]OrdersSum{}
			groups := map[OrderGroup]int64{}
			for _, o := range rows {
				s := want[o.Currency]
				s.Currency = o.Currency
				s.Orders++
				s.Units += o.Units
				if o.Total == nil {
					s.NoTotal++
				} else {
					s.Total += *o.Total
				}
				if m := o.Money; m == nil {
					s.NoMoney++
				} else {
					s.Fees, s.NetSales, s.Profit, s.Uncovered = s.Fees+m.Fees, s.NetSales+m.NetSales, s.Profit+m.Profit, s.Uncovered+m.Uncovered
				}
				want[o.Currency] = s
			}
			sums, err := b.OrdersSums(t.Context(), v)
			if err != nil {
				t.Fatal(err)
			}
			if len(sums) != len(want) {
				t.Errorf("%d currencies, want %d", len(sums), len(want))
			}
			for _, s := range sums {
				if s != want[s.Currency] {
					t.Errorf("sums %+v\nwant %+v", s, want[s.Currency])
				}
			}
			for sort := range orderSortsInTests { // every sort has the same orders
				x, err := b.OrdersIndex(t.Context(), v)
				if err != nil || x.Count != len(rows) {
					t.Fatalf("count %v, %v", x, err)
				}
				seen := map[string]bool{}
				for offset := 0; offset < x.Count; offset += 37 {
					page, err := b.OrdersPage(t.Context(), x, sort, true, offset, 37)
					if err != nil {
						t.Fatal(err)
					}
					for _, o := range page {
						seen[o.ID] = true
					}
				}
				if len(seen) != len(rows) {
					t.Errorf("by %s: %d orders, want %d", sort, len(seen), len(rows))
				}
			}
			got, err := b.OrderGroups(t.Context(), v)
			if err != nil {
				t.Fatal(err)
			}
			for g := range orderGroups {
				view := v
				view.Group = g
				groups[g] = int64(len(allOrders(t, b, view)))
				if got[g] != groups[g] {
					t.Errorf("group %q: %d, want %d", g, got[g], groups[g])
				}
			}
			if name == "all" && slices.Contains([]int64{groups[OrdersRefunded], groups[OrdersUnshipped], groups[OrdersNoCost], groups[OrdersPending]}, 0) {
				t.Errorf("a group is empty: %v", groups)
			}
		})
	}
}

func allOrders(t *testing.T, b *Book, v OrdersView) []OrderLine {
	t.Helper()
	x, err := b.OrdersIndex(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.OrdersPage(t.Context(), x, ByPurchase, true, 0, x.Count)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestOrderLineTellsKnownFromUnknown(t *testing.T) {
	b := viewBook(t)
	viewOrders(t, b, 60)
	for _, o := range allOrders(t, b, OrdersView{}) {
		switch {
		case o.Status == "PENDING" && (o.Total != nil || o.Money != nil):
			t.Errorf("%s: a pending order has a total or money", o.ID)
		case o.Status == "SHIPPED" && o.Money == nil:
			t.Errorf("%s: no money", o.ID)
		case o.Status == "SHIPPED" && !o.Money.Refunded && (o.Money.Fees != -1100 || o.Money.Profit != 3990-1100-400 || o.Money.NetSales != 3990):
			t.Errorf("%s: %+v", o.ID, *o.Money)
		case o.Status == "SHIPPED" && o.Money.Refunded && (o.Money.Profit != -1100-400-120 || o.Money.NetSales != 0):
			t.Errorf("%s: %+v", o.ID, *o.Money)
		case o.Status == "SHIPPED" && (o.SKU == "NEW-1") != (o.Money.Uncovered > 0):
			t.Errorf("%s of %s: %d units without cost", o.ID, o.SKU, o.Money.Uncovered)
		}
	}
	// Signs that LIKE gives a meaning are searched as themselves.
	if n := len(allOrders(t, b, OrdersView{Text: "100% steel"})); n != 60 {
		t.Errorf("%d orders hold the text, want 60", n)
	}
	if n := len(allOrders(t, b, OrdersView{Text: "100_ steel"})); n != 0 {
		t.Errorf("a joker matched %d orders", n)
	}
}

// BenchmarkOrdersView prints what opening the view and jumping in it take.
// ORDERS sets how many orders the book has (200000 in the figures of the
// README), of three years.
func BenchmarkOrdersView(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("ORDERS"))
	if err != nil {
		n = 5000
	}
	book := viewBook(b)
	viewOrdersApart(b, book, n, 3*365*24*time.Hour/time.Duration(n))
	v := OrdersView{From: "2026-01-01", To: "2099-01-01"}
	x, err := book.OrdersIndex(b.Context(), v)
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, f func(ctx context.Context, i int) error) {
		b.Run(name, func(b *testing.B) {
			for i := range b.N {
				if err := f(b.Context(), i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("count", func(ctx context.Context, _ int) error { _, err := book.OrdersIndex(ctx, v); return err })
	run("sums", func(ctx context.Context, _ int) error { _, err := book.OrdersSums(ctx, v); return err })
	run("groups", func(ctx context.Context, _ int) error { _, err := book.OrderGroups(ctx, v); return err })
	run("first-page", func(ctx context.Context, _ int) error {
		x, err := book.OrdersIndex(ctx, v)
		if err == nil {
			_, err = book.OrdersPage(ctx, x, ByPurchase, true, 0, 128)
		}
		return err
	})
	for _, sort := range []OrderSort{ByPurchase, ByOrderID, ByMarketplace, ByStatus, ByUnits, ByTotal, ByProfit} {
		run("sort-"+string(sort), func(ctx context.Context, _ int) error {
			x, err := book.OrdersIndex(ctx, v)
			if err == nil {
				_, err = book.OrdersPage(ctx, x, sort, true, 0, 128)
			}
			return err
		})
		run("jump-"+string(sort), func(ctx context.Context, i int) error {
			_, err := book.OrdersPage(ctx, x, sort, true, i*7919%max(x.Count-128, 1), 128)
			return err
		})
	}
}

// A page far down is found in one index: without its table, and without sorting
// what the index has in order.
func TestOrdersPagesAreReadFromTheirIndexAlone(t *testing.T) {
	b := viewBook(t)
	viewOrders(t, b, 60)
	x, err := b.OrdersIndex(t.Context(), OrdersView{From: "2026-01-01", To: "2099-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	for _, sort := range []OrderSort{ByOrderID, ByUnits, ByTotal, ByProfit} {
		list, err := b.orderParts(t.Context(), x, sort, true)
		if err != nil {
			t.Fatal(err)
		}
		query, args, _, err := list[0].query(x.View, 30, 10)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := b.Reader().QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, args...)
		if err != nil {
			t.Fatal(err)
		}
		plan := ""
		err = eachRow(rows, func(r *sql.Rows) error {
			var id, parent, unused int
			var step string
			err := r.Scan(&id, &parent, &unused, &step)
			plan += step + "; "
			return err
		})
		if err != nil || !strings.Contains(plan, "COVERING INDEX "+list[0].index) || strings.Contains(plan, "B-TREE") {
			t.Errorf("by %s: %s %v", sort, plan, err)
		}
	}
}
