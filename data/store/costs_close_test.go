package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
)

// months gives the sums of each month and line.
func months(t testing.TB, b *store.Book, line books.Line) string {
	t.Helper()
	rows, err := b.Rollups(t.Context(), "", "", nil, "")
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	sums := map[string]int64{}
	for _, r := range rows {
		if r.Line != line {
			continue
		}
		if _, ok := sums[r.Day[:7]]; !ok {
			order = append(order, r.Day[:7])
		}
		sums[r.Day[:7]] += r.Minor
	}
	var out []string
	for _, m := range order {
		out = append(out, fmt.Sprint(m, " ", sums[m]))
	}
	wrong, err := b.CheckSums(t.Context())
	if err != nil || len(wrong) > 0 {
		t.Errorf("sums: %v %v", err, wrong)
	}
	return strings.Join(out, ", ")
}

func closeMonth(t testing.TB, b *store.Book, month string) {
	t.Helper()
	write(t, b, func(tx *store.Tx) error {
		tx.Because("Ada", "closed "+month)
		return tx.CloseMonth(month)
	})
}

func TestClosedMonthsStayAsTheyAre(t *testing.T) {
	b := newBook(t)
	want := func(step, want string) {
		t.Helper()
		if got := months(t, b, books.SalesProduct); got != want {
			t.Errorf("%s: %s, want %s", step, got, want)
		}
	}
	addFacts(t, b, sold("O1", "A", 1, 1000, "2026-08-05"), sold("O2", "A", 1, 2000, "2026-09-05"))
	closeMonth(t, b, "2026-08")
	addFacts(t, b, sold("O3", "A", 1, 300, "2026-08-20"), sold("O4", "B", 2, 50, "2026-08-21"))
	want("late sales of August", "2026-08 1000, 2026-09 2350")
	closeMonth(t, b, "2026-09")
	addFacts(t, b, sold("O5", "A", 1, 7, "2026-08-22"), sold("O6", "A", 1, 70, "2026-09-22"))
	want("later ones of both", "2026-08 1000, 2026-09 2350, 2026-10 77")
	list, err := b.ClosedMonths(t.Context())
	if err != nil || len(list) != 2 || list[0].Month != "2026-09" || len(list[0].Late) != 2 || len(list[1].Late) != 6 || list[1].By != "Ada" {
		t.Fatalf("closed: %+v %v", list, err)
	}
	if d := list[1].Late[1]; d.Day != "2026-08-20" || d.Booked != "2026-09-01" || d.Amount.Minor != 300 || d.Units != 1 {
		t.Errorf("a late difference: %+v", d)
	}
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want("rebuilt", "2026-08 1000, 2026-09 2350, 2026-10 77")

	for name, f := range map[string]struct {
		err error
		f   func(*store.Tx) error
	}{
		"closed again":          {store.ErrClosed, func(tx *store.Tx) error { return tx.CloseMonth("2026-08") }},
		"not over":              {store.ErrNotOver, func(tx *store.Tx) error { return tx.CloseMonth("2026-11") }},
		"no month":              {store.ErrMonth, func(tx *store.Tx) error { return tx.CloseMonth("September") }},
		"an earlier one opened": {store.ErrLaterMonth, func(tx *store.Tx) error { return tx.ReopenMonth("2026-08") }},
		"one that is open":      {store.ErrNotClosed, func(tx *store.Tx) error { return tx.ReopenMonth("2026-10") }},
	} {
		if err := b.Write(t.Context(), f.f); !errors.Is(err, f.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	write(t, b, func(tx *store.Tx) error { return tx.ReopenMonth("2026-09") })
	want("September is open again", "2026-08 1000, 2026-09 2427")
	write(t, b, func(tx *store.Tx) error { return tx.ReopenMonth("2026-08") })
	want("all are open again", "2026-08 1357, 2026-09 2070")
	if n := number(t, b, `SELECT count(*) FROM late_difference`) + number(t, b, `SELECT count(*) FROM event WHERE scope LIKE '~late~%'`); n != 0 {
		t.Errorf("%d traces of closing are left", n)
	}
	if got := text(t, b, `SELECT group_concat(detail, '; ') FROM (SELECT detail FROM audit_entry WHERE action IN ('close', 'reopen') ORDER BY id)`); got != "closed 2026-08 by Ada; closed 2026-09 by Ada; reopened 2026-09; reopened 2026-08" {
		t.Errorf("the audit log says %q", got)
	}
}

// A late invoice changes what is open; what it changes in a closed month stands
// on the first open one.
func TestLateInvoiceAndAClosedMonth(t *testing.T) {
	b := newBook(t)
	write(t, b, func(tx *store.Tx) error { return tx.SetCostMethod(books.FIFO, nil) })
	addFacts(t, b, sold("O1", "A", 1, 1000, "2026-08-05"), sold("O2", "A", 1, 2000, "2026-09-05"))
	put(t, b, buy("A", "2026-08-01", 10, 1000))
	closeMonth(t, b, "2026-08")
	late := buy("A", "2026-08-01", 10, 1000)
	late.Duty = 500
	put(t, b, late)
	if got := months(t, b, books.COGS); got != "2026-08 -100, 2026-09 -200" {
		t.Errorf("cost of goods %s", got)
	}
	// A late sale ships once, though it stands in the books on two days.
	addFacts(t, b, sold("O3", "A", 1, 500, "2026-08-06"))
	if got := months(t, b, books.COGS); got != "2026-08 -100, 2026-09 -350" {
		t.Errorf("cost of goods with a late sale %s", got)
	}
	values, err := b.StockValues(t.Context(), "2026-10-01", []books.Method{books.FIFO}, nil)
	if err != nil || values[0].Held[0].Units != 7 {
		t.Errorf("left: %+v %v", values, err)
	}
	late.Duty, late.Freight = 500, 0
	put(t, b, late)
	before := number(t, b, `SELECT count(*) FROM late_difference`)
	// Money that only became final is no difference.
	settled := sold("O1", "A", 1, 1000, "2026-08-05")
	settled.Source, settled.Posting, settled.Path, settled.Type, settled.State, settled.Settlement = books.Settlement, "S1:1", "ItemPrice/Principal", "Order", books.Settled, "S1"
	addFacts(t, b, settled)
	if n := number(t, b, `SELECT count(*) FROM late_difference`); n != before {
		t.Errorf("%d differences, before %d", n, before)
	}
}

// Whatever comes after a month was closed, its sums stay, and nothing is lost.
func TestClosingLosesNothing(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 7))
		b := newBook(t)
		var total int64
		frozen := map[string]string{}
		for i := range 12 {
			minor := r.Int64N(1001) - 500
			addFacts(t, b, sold(fmt.Sprint("O", i), "A", 1, minor, fmt.Sprintf("2026-%02d-%02d", 6+r.IntN(5), 2+r.IntN(26))))
			total += minor
			if r.IntN(3) == 0 && len(frozen) < 4 {
				m := fmt.Sprintf("2026-%02d", 6+len(frozen))
				closeMonth(t, b, m)
				frozen[m] = monthOf(t, b, m)
			}
			for m, was := range frozen {
				if got := monthOf(t, b, m); got != was {
					t.Fatalf("seed %d: closed %s was %s, is %s", seed, m, was, got)
				}
			}
		}
		if got := number(t, b, `SELECT coalesce(sum(amount_minor), 0) FROM rollup WHERE line = 'sales.product'`); got != total {
			t.Errorf("seed %d: the book holds %d of %d", seed, got, total)
		}
	}
}

func monthOf(t testing.TB, b *store.Book, month string) string {
	return text(t, b, `SELECT coalesce(group_concat(line || ' ' || s || ' ' || q, ', '), '') FROM
		(SELECT line, sum(amount_minor) s, sum(quantity) q FROM rollup WHERE event_day LIKE ? GROUP BY line HAVING s <> 0 OR q <> 0 ORDER BY line)`, month+"%")
}

func TestExpensesStandInTheBooks(t *testing.T) {
	b := newBook(t) // its clock says 1 November
	addFacts(t, b, sold("O1", "A", 3, 3000, "2026-10-05"), sold("O2", "B", 1, 1000, "2026-10-06"))
	usd := func(n int64) books.Money { return books.Money{Minor: n, Currency: "USD"} }
	for _, o := range []books.Outlay{
		{Code: "Rent", Repeat: books.Monthly, From: "2026-09-01", Amount: usd(3100), Allocation: books.AllocateRevenue},
		{Code: "Box", Repeat: books.Once, From: "2026-10-10", Amount: usd(101), Allocation: books.AllocateUnits},
		{Code: "Photo", Repeat: books.Once, From: "2026-10-10", Amount: usd(500), SKU: "B", Allocation: books.AllocateNone},
		{Code: "Tax adviser", Repeat: books.Once, From: "2026-10-10", Amount: usd(900), Allocation: books.AllocateNone},
	} {
		write(t, b, func(tx *store.Tx) error { _, err := tx.PutExpense(o); return err })
	}
	if got := months(t, b, books.Expense); got != "2026-09 -3100, 2026-10 -4601, 2026-11 -103" {
		t.Errorf("expenses %s", got)
	}
	rows, err := b.SKUSums(t.Context(), store.SumFilter{From: "2026-10-01", To: "2026-10-31"})
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, r := range rows {
		if r.Line == books.Expense {
			sums[r.SKU] += r.Minor
		}
	}
	// Rent 3100: 2325 and 775; box 101: 75.75 and 25.25, so 76 and 25; B alone bears its photo.
	if got := fmt.Sprint(sums["A"], sums["B"], sums[""]); got != "-2401 -1300 -900" {
		t.Errorf("by product: %s", got)
	}
	one, err := b.SKUSums(t.Context(), store.SumFilter{From: "2026-10-01", To: "2026-10-31", SKU: "B"})
	if err != nil {
		t.Fatal(err)
	}
	var alone int64
	for _, r := range one {
		if r.Line == books.Expense {
			alone += r.Minor
		}
	}
	if alone != -1300 {
		t.Errorf("B alone bears %d", alone)
	}
	write(t, b, func(tx *store.Tx) error { return tx.DeleteExpense("Rent") })
	if got := months(t, b, books.Expense); got != "2026-10 -1501" {
		t.Errorf("without rent: %s", got)
	}
}

func TestPostageOfSellerFulfilledOrders(t *testing.T) {
	b := newBook(t)
	price := int64(1000)
	order := store.Order{
		Connection: "na", ID: "O1", Marketplace: usMarket, Status: "SHIPPED", FulfilledBy: "MERCHANT", Purchased: now.AddDate(0, -1, 0), Updated: now.AddDate(0, -1, 2),
		Currency: "USD", Origin: store.FromAPI, Items: []store.OrderItem{{SKU: "A", Quantity: 2, Price: &price}},
		Packages: []store.Package{{Reference: "1", TrackingNumber: "1Z1"}, {Reference: "2", TrackingNumber: "1Z2"}},
	}
	unit := func(s string) books.Decimal {
		d, err := books.ParseUnit(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	want := func(step, want string) {
		t.Helper()
		if got := months(t, b, books.Postage); got != want {
			t.Errorf("%s: %q, want %q", step, got, want)
		}
	}
	bill := "tracking_number,date,amount,currency\n1Z1,2026-10-03,7.20,USD\n1Z2,2026-10-03,7.30,USD\n1Z9,2026-10-03,5.00,USD\n"
	read := func() []costfiles.Parcel {
		rows, bad, err := costfiles.CarrierBill([]byte(bill))
		if err != nil || len(bad) > 0 {
			t.Fatal(bad, err)
		}
		return rows
	}
	write(t, b, func(tx *store.Tx) error { _, err := tx.PutOrder(order); return err })
	want("nothing is known", "")
	write(t, b, func(tx *store.Tx) error {
		return errors.Join(tx.PutPostageRate(store.PostageRate{Currency: "USD", Postage: unit("4.99"), Packing: unit("0.345")}),
			tx.PutPostageRate(store.PostageRate{SKU: "A", Currency: "USD", Packing: unit("0.10")}))
	})
	want("two parcels, two units", "2026-10 -1087") // 9.98 + 0.69 + 0.20
	write(t, b, func(tx *store.Tx) error {
		matched, known, err := tx.PutCarrierBill("/tmp/bill.csv", []byte(bill), read())
		if matched != 2 || known {
			t.Errorf("matched %d, known %v", matched, known)
		}
		return err
	})
	want("the carrier's bill", "2026-10 -1950")
	write(t, b, func(tx *store.Tx) error {
		_, known, err := tx.PutCarrierBill("again.csv", []byte(bill), read())
		if !known {
			t.Error("the bill counts twice")
		}
		return err
	})
	order.ID, order.Packages = "O2", []store.Package{{Reference: "1", TrackingNumber: "1Z9"}}
	write(t, b, func(tx *store.Tx) error { _, err := tx.PutOrder(order); return err })
	want("the order of the third parcel comes", "2026-10 -1950")
	if got := text(t, b, `SELECT group_concat(order_id || ' ' || s, ', ') FROM (SELECT order_id, sum(amount_minor) s FROM event JOIN money_line ON event_id = id GROUP BY 1 ORDER BY 1)`); got != "O1 -1450, O2 -500" {
		t.Errorf("per order: %s", got)
	}
	before := months(t, b, books.Postage)
	if err := b.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want("rebuilt", before)
}

func TestEstimatesGiveWayToMoney(t *testing.T) {
	b := newBook(t)
	fee := func(f books.Fact, path string, minor int64) books.Fact {
		f.Path, f.Amount.Minor, f.Quantity, f.Seq = path, minor, 0, f.Seq+1
		return f
	}
	old := sold("O1", "A", 2, 4000, "2026-10-20")
	addFacts(t, b, old, fee(old, "AmazonFees/Commission/Base", -600))
	price, shipping := int64(1000), int64(300)
	write(t, b, func(tx *store.Tx) error {
		_, err := tx.PutOrder(store.Order{
			Connection: "na", ID: "O2", Marketplace: usMarket, Status: "SHIPPED", FulfilledBy: "AMAZON", Purchased: now.AddDate(0, 0, -3), Updated: now.AddDate(0, 0, -2),
			Currency: "USD", Origin: store.FromAPI, Items: []store.OrderItem{{SKU: "A", ItemID: "I1", Quantity: 1, Price: &price, Shipping: &shipping}},
		})
		return err
	})
	if n := number(t, b, `SELECT count(*) FROM event WHERE state = 'estimated'`); n != 0 {
		t.Errorf("%d estimates before any money was read", n)
	}
	write(t, b, func(tx *store.Tx) error {
		return tx.AddCoverage("na", "finances", store.Interval{From: now.AddDate(0, -2, 0), To: now.AddDate(0, 0, -1)})
	})
	lines := func() string {
		return text(t, b, `SELECT coalesce(group_concat(line || ' ' || amount_minor || ' ' || l.state, ', '), '') FROM event JOIN money_line l ON event_id = id WHERE order_id = 'O2' AND line <> 'cogs'`)
	}
	if got := lines(); got != "sales.product 1000 estimated, sales.shipping 300 estimated, fee.referral -150 estimated" {
		t.Errorf("estimate: %s", got)
	}
	paid := sold("O2", "A", 1, 1000, "2026-10-30")
	paid.Item = "I1"
	addFacts(t, b, paid, fee(paid, "AmazonFees/Commission/Base", -160))
	if got := lines(); got != "sales.product 1000 released, fee.referral -160 released" {
		t.Errorf("money: %s", got)
	}
	changes, err := b.FigureChanges(t.Context(), store.ChangeFilter{Order: "O2"})
	if err != nil || len(changes) != 2 {
		t.Fatalf("changes: %+v %v", changes, err)
	}
	for i, want := range []string{"fee.referral -150 -160", "sales.shipping 300 0"} {
		if got := fmt.Sprint(changes[i].Line, " ", changes[i].Before, " ", changes[i].After); got != want || changes[i].Reason != "estimate" {
			t.Errorf("change %d: %s, want %s", i, got, want)
		}
	}
}

// An estimate that no money took the place of goes when it is too late for any.
func TestEstimatesEnd(t *testing.T) {
	b := newBook(t)
	old := sold("O1", "A", 2, 4000, "2026-10-20")
	fee := old
	fee.Path, fee.Amount.Minor, fee.Quantity, fee.Seq = "AmazonFees/Commission/Base", -600, 0, 1
	addFacts(t, b, old, fee)
	price := int64(1000)
	write(t, b, func(tx *store.Tx) error {
		_, err := tx.PutOrder(store.Order{
			Connection: "na", ID: "O2", Marketplace: usMarket, Status: "SHIPPED", FulfilledBy: "AMAZON", Purchased: now.AddDate(0, 0, -3), Updated: now.AddDate(0, 0, -2),
			Currency: "USD", Origin: store.FromAPI, Items: []store.OrderItem{{SKU: "A", ItemID: "I1", Quantity: 1, Price: &price}},
		})
		return err
	})
	for _, step := range []struct{ days, want int64 }{{-1, 1}, {2, 1}, {10, 0}} {
		write(t, b, func(tx *store.Tx) error {
			return tx.AddCoverage("na", "finances", store.Interval{From: now.AddDate(0, -2, 0), To: now.AddDate(0, 0, int(step.days))})
		})
		if n := number(t, b, `SELECT count(*) FROM event WHERE state = 'estimated'`); n != step.want {
			t.Errorf("money is known to day %d: %d estimates", step.days, n)
		}
	}
	changes, err := b.FigureChanges(t.Context(), store.ChangeFilter{Order: "O2"})
	if err != nil || len(changes) != 2 || changes[0].Cause != "no money came" {
		t.Errorf("changes: %+v %v", changes, err)
	}
}
