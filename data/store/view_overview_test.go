package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"countinghouse/data/books"
)

// viewRollups stores n daily sums of two marketplaces, three SKUs and a few
// lines, and returns them.
func viewRollups(t testing.TB, b *Book, n int) []books.Rollup {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	lines := []books.Line{books.SalesProduct, books.FeeReferral, books.COGS, books.Unclassified, books.CashPayout}
	seen := map[books.Rollup]bool{}
	var all []books.Rollup
	for range n {
		s := books.Rollup{
			Day: time.Date(2026, 1, 1+r.IntN(60), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Connection: "na",
			Marketplace: usa, Currency: "USD", SKU: []string{"", "A", "B", "C"}[r.IntN(4)],
			Line: lines[r.IntN(len(lines))], State: []books.State{books.Settled, books.Deferred}[r.IntN(2)],
		}
		if r.IntN(3) == 0 {
			s.Marketplace, s.Currency = japan, []string{"JPY", ""}[r.IntN(2)]
		}
		if seen[s] {
			continue
		}
		seen[s] = true
		s.Minor, s.Quantity = r.Int64N(20000)-10000, r.Int64N(5)
		if s.Line == books.COGS && s.SKU == "B" {
			s.Uncovered = s.Quantity
		}
		all = append(all, s)
	}
	err := b.Write(t.Context(), func(tx *Tx) error {
		for _, s := range all {
			if _, err := tx.exec(`INSERT INTO rollup (event_day, connection_id, marketplace_id, currency, sku, line, state, amount_minor, quantity, uncovered, lines)
				VALUES (?,?,?,?,?,?,?,?,?,?,1)`, s.Day, s.Connection, s.Marketplace, s.Currency, s.SKU, string(s.Line), string(s.State), s.Minor, s.Quantity, s.Uncovered); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSumsAreThoseOfTheRollups(t *testing.T) {
	b := viewBook(t)
	all := viewRollups(t, b, 900)
	for name, f := range map[string]SumFilter{
		"all":               {},
		"days":              {From: "2026-01-10", To: "2026-01-20"},
		"a currency":        {Currency: "JPY"},
		"a marketplace":     {Marketplaces: []string{usa}, From: "2026-02-01"},
		"several":           {Marketplaces: []string{usa, japan}},
		"a product":         {SKU: "A", Currency: "USD"},
		"nothing":           {From: "2027-01-01"},
		"no such text":      {SKU: "A' OR '1'='1"},
		"days upside down":  {From: "2026-02-01", To: "2026-01-01"},
		"unknown currency":  {Currency: "EUR"},
		"no such market id": {Marketplaces: []string{"X"}},
	} {
		t.Run(name, func(t *testing.T) {
			byDay, bySKU := map[books.Rollup]books.Rollup{}, map[books.Rollup]books.Rollup{}
			add := func(to map[books.Rollup]books.Rollup, key, s books.Rollup) {
				key.Minor, key.Quantity, key.Uncovered = 0, 0, 0
				had := to[key]
				had.Minor, had.Quantity, had.Uncovered = had.Minor+s.Minor, had.Quantity+s.Quantity, had.Uncovered+s.Uncovered
				to[key] = had
			}
			for _, s := range all {
				market := len(f.Marketplaces) == 0
				for _, m := range f.Marketplaces {
					market = market || m == s.Marketplace
				}
				if !market || (f.From != "" && s.Day < f.From) || (f.To != "" && s.Day > f.To) || (f.SKU != "" && s.SKU != f.SKU) ||
					(f.Currency != "" && s.Currency != f.Currency && s.Currency != "") {
					continue
				}
				day, sku := s, s
				day.SKU, sku.Day = "", f.From
				add(byDay, day, s)
				add(bySKU, sku, s)
			}
			check := func(what string, got []books.Rollup, err error, want map[books.Rollup]books.Rollup) {
				if err != nil || len(got) != len(want) {
					t.Fatalf("%s: %d rows, want %d (%v)", what, len(got), len(want), err)
				}
				for i, s := range got {
					key := s
					key.Minor, key.Quantity, key.Uncovered = 0, 0, 0
					if w := want[key]; w.Minor != s.Minor || w.Quantity != s.Quantity || w.Uncovered != s.Uncovered {
						t.Errorf("%s: %+v, want %+v", what, s, w)
					}
					if i > 0 && what == "by day" && s.Day < got[i-1].Day {
						t.Errorf("%s: %s after %s", what, s.Day, got[i-1].Day)
					}
				}
			}
			got, err := b.DaySums(t.Context(), f)
			check("by day", got, err, byDay)
			got, err = b.SKUSums(t.Context(), f)
			check("by SKU", got, err, bySKU)
		})
	}
}

func TestCostGaps(t *testing.T) {
	b := viewBook(t)
	all := viewRollups(t, b, 900)
	f := SumFilter{From: "2026-01-05", To: "2026-02-10", Currency: "USD", Marketplaces: []string{usa}}
	var want CostGap
	for _, s := range all {
		if s.Marketplace != usa || s.Day < f.From || s.Day > f.To || s.SKU != "B" {
			continue
		}
		want.SKUs = 1
		want.Units += s.Uncovered
		if s.Line == books.SalesProduct {
			want.Minor += s.Minor
		}
	}
	if got, err := b.CostGaps(t.Context(), f); err != nil || got != want || want.Units == 0 {
		t.Errorf("%+v, want %+v (%v)", got, want, err)
	}
	if got, err := b.CostGaps(t.Context(), SumFilter{From: "2027-01-01", Currency: "USD"}); err != nil || got != (CostGap{}) {
		t.Errorf("of no days: %+v (%v)", got, err)
	}
}

func TestOrderedByDay(t *testing.T) {
	b := viewBook(t)
	start := viewOrders(t, b, 120)
	from, to := start.Add(10*time.Hour), start.Add(100*time.Hour)
	want := map[string]Ordered{}
	for i := range 120 {
		o := viewOrder(i, start.Add(time.Duration(i)*time.Hour))
		if o.Status == "CANCELLED" || o.Marketplace != usa || o.Purchased.Before(from) || !o.Purchased.Before(to) {
			continue
		}
		pacific, err := time.LoadLocation("America/Los_Angeles")
		if err != nil {
			t.Fatal(err)
		}
		day := o.Purchased.In(pacific).Format(time.DateOnly)
		w := want[day]
		w.Day = day
		w.Orders++
		w.Units += o.Items[0].Quantity
		if o.Items[0].Price == nil {
			w.Unpriced++
		} else {
			w.Minor += *o.Items[0].Price
		}
		want[day] = w
	}
	got, err := b.OrderedByDay(t.Context(), OrderedFilter{From: from, To: to, Marketplaces: []string{usa}, Currency: "USD"})
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d days, want %d (%v)", len(got), len(want), err)
	}
	for _, o := range got {
		if o != want[o.Day] {
			t.Errorf("%+v, want %+v", o, want[o.Day])
		}
	}
}

func TestSoldOrdersAndUnclassified(t *testing.T) {
	b := viewBook(t)
	viewOrders(t, b, 200)
	var shipped int64
	for i := range 200 {
		if o := viewOrder(i, time.Time{}); o.Status == "SHIPPED" && o.Marketplace == usa {
			shipped++
		}
	}
	n, err := b.SoldOrders(t.Context(), SumFilter{From: "2026-01-01", To: "2026-12-31", Marketplaces: []string{usa}})
	if err != nil || n != shipped {
		t.Errorf("%d orders, want %d (%v)", n, shipped, err)
	}
	err = b.Write(t.Context(), func(tx *Tx) error {
		id, err := tx.insert(`INSERT INTO event (connection_id, scope, key, type, sku, marketplace_id, currency, occurred_at, event_day, posted_at, state, origin, digest)
			VALUES ('na','s','k','fee','',?,'USD',0,'2026-01-03',0,'released','finances',x'00')`, usa)
		for seq, amount := range []int64{-700, 250, -50} {
			if err == nil {
				_, err = tx.exec(`INSERT INTO money_line (event_id, seq, line, path, currency, amount_minor, origin, state)
					VALUES (?,?,'unclassified',?,'USD',?,'finances','released')`, id, seq, fmt.Sprint("Fees/New", seq/2), amount)
			}
		}
		if err == nil {
			_, err = tx.exec(`INSERT INTO rollup (event_day, connection_id, marketplace_id, currency, sku, line, state, amount_minor, quantity, uncovered, lines)
				VALUES ('2026-01-03','na',?,'USD','','unclassified','released',-500,0,0,3)`, usa)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]struct {
		SumFilter
		want Unclassified
	}{
		"there":             {SumFilter{From: "2026-01-01", To: "2026-01-31", Currency: "USD"}, Unclassified{2, "Fees/New0", 3, 1000}},
		"in its market":     {SumFilter{From: "2026-01-01", To: "2026-01-31", Currency: "USD", Marketplaces: []string{usa}}, Unclassified{2, "Fees/New0", 3, 1000}},
		"in another market": {SumFilter{From: "2026-01-01", To: "2026-01-31", Currency: "USD", Marketplaces: []string{japan}}, Unclassified{}},
		"other days":        {SumFilter{From: "2026-01-04", To: "2026-01-31", Currency: "USD"}, Unclassified{}},
		"other money":       {SumFilter{From: "2026-01-01", To: "2026-01-31", Currency: "JPY"}, Unclassified{}},
	} {
		if got, err := b.UnclassifiedMoney(t.Context(), f.SumFilter); err != nil || got != f.want {
			t.Errorf("%s: %+v, want %+v (%v)", name, got, f.want, err)
		}
	}
}

func TestDueToShip(t *testing.T) {
	b := viewBook(t)
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	put := func(id, status, by string, ship time.Time) {
		t.Helper()
		err := b.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.PutOrder(Order{
				Connection: "na", ID: id, Marketplace: usa, Status: status, FulfilledBy: by, Currency: "USD", Purchased: now, Updated: now,
				Origin: FromAPI, Total: minor(1000), ShipBy: ship,
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put("late", "UNSHIPPED", "MERCHANT", now.Add(-time.Hour))
	put("soon", "PARTIALLY_SHIPPED", "MERCHANT", now.Add(time.Hour))
	put("later", "UNSHIPPED", "MERCHANT", now.Add(48*time.Hour))
	put("gone", "SHIPPED", "MERCHANT", now.Add(-time.Hour))
	put("pending", "PENDING", "MERCHANT", now.Add(-time.Hour))
	put("amazon", "UNSHIPPED", "AMAZON", now.Add(-time.Hour))
	put("no day", "UNSHIPPED", "MERCHANT", time.Time{})
	want := DueOrders{Count: 2, Order: "late", By: now.Add(-time.Hour), Minor: 2000}
	if got, err := b.DueToShip(t.Context(), now.Add(24*time.Hour), []string{usa}, "USD"); err != nil || got != want {
		t.Errorf("%+v, want %+v (%v)", got, want, err)
	}
	if got, err := b.DueToShip(t.Context(), now.Add(24*time.Hour), nil, "EUR"); err != nil || got != (DueOrders{}) {
		t.Errorf("in euro: %+v (%v)", got, err)
	}
}

func TestHasDataAndTitles(t *testing.T) {
	b := viewBook(t)
	if some, err := b.HasData(t.Context()); err != nil || some {
		t.Fatalf("an empty book has data: %v (%v)", some, err)
	}
	viewOrders(t, b, 20)
	viewRollups(t, b, 50)
	err := b.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.exec(`INSERT INTO listing (connection_id, marketplace_id, sku, title, seen_at) VALUES ('na', ?, 'A', 'Listed', 0)`, usa)
		if err == nil {
			_, err = tx.exec(`INSERT INTO rollup (event_day, connection_id, marketplace_id, currency, sku, line, state, amount_minor, quantity, uncovered, lines)
				VALUES ('2026-01-03','na',?,'USD','KT-204','sales.product','released',1,1,0,1)`, usa)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if some, err := b.HasData(t.Context()); err != nil || !some {
		t.Errorf("a full book has none: %v (%v)", some, err)
	}
	titles, err := b.ProductTitles(t.Context(), SumFilter{Marketplaces: []string{usa}})
	if err != nil || len(titles) != 2 || titles[ProductKey{usa, "A"}] != "Listed" || titles[ProductKey{usa, "KT-204"}] != "Kettle 100% steel" {
		t.Errorf("titles %v (%v)", titles, err)
	}
}

// BenchmarkDaySums adds up a year of a seller with 300 SKUs.
func BenchmarkDaySums(b *testing.B) {
	book := viewBook(b)
	err := book.Write(b.Context(), func(tx *Tx) error {
		_, err := tx.exec(`WITH RECURSIVE day(n) AS (SELECT 0 UNION ALL SELECT n+1 FROM day WHERE n < 364),
			sku(k) AS (SELECT 0 UNION ALL SELECT k+1 FROM sku WHERE k < 149),
			line(l) AS (VALUES ('sales.product'), ('fee.referral'), ('fba.fulfilment'), ('cogs'))
			INSERT INTO rollup SELECT date('2026-01-01', n || ' days'), 'na', 'ATVPDKIKX0DER', 'USD', 'SKU-' || k, l, 'settled', n*k, 1, 0, 1 FROM day, sku, line`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	f := SumFilter{From: "2026-01-01", To: "2026-12-31", Currency: "USD"}
	b.Run("by day", func(b *testing.B) {
		for b.Loop() {
			if _, err := book.DaySums(b.Context(), f); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("by SKU", func(b *testing.B) {
		for b.Loop() {
			if _, err := book.SKUSums(b.Context(), f); err != nil {
				b.Fatal(err)
			}
		}
	})
}
