package store_test

import (
	"fmt"
	"testing"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// What a product bears of divided expenses is the same however the days are cut,
// all products together bear the whole, and every figure opens its lines.
func TestDividedExpensesAddUp(t *testing.T) {
	b := newBook(t) // its clock says 1 November
	var facts []books.Fact
	for i, day := range []string{"2026-09-03", "2026-09-20", "2026-10-01", "2026-10-05", "2026-10-06", "2026-10-30"} {
		for k, sku := range []string{"A", "B", "C"} {
			if (i+k)%3 > 0 {
				facts = append(facts, sold(fmt.Sprint("O", i, sku), sku, int64(1+i%2), int64(1000+137*i+311*k), day))
			}
		}
	}
	addFacts(t, b, facts...)
	usd := func(n int64) books.Money { return books.Money{Minor: n, Currency: "USD"} }
	write(t, b, func(tx *store.Tx) error {
		for _, o := range []books.Outlay{
			{Code: "Rent", Repeat: books.Monthly, From: "2026-08-01", Amount: usd(310_07), Allocation: books.AllocateRevenue},
			{Code: "Boxes", Repeat: books.Once, From: "2026-09-07", To: "2026-10-11", Amount: usd(101_01), Allocation: books.AllocateUnits},
			{Code: "Shop", Repeat: books.Weekly, From: "2026-09-10", Amount: usd(7_01), Marketplace: usMarket, Allocation: books.AllocateRevenue},
			{Code: "Adviser", Repeat: books.Once, From: "2026-10-10", Amount: usd(900_00), Allocation: books.AllocateNone},
		} {
			if _, err := tx.PutExpense(o); err != nil {
				return err
			}
		}
		return tx.SetTags("A", []string{"toys"})
	})
	expense := func(rows []books.Rollup, err error) int64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var minor int64
		for _, r := range rows {
			if r.Line == books.Expense {
				minor += r.Minor
			}
		}
		return minor
	}
	ctx := t.Context()
	whole := store.SumFilter{From: "2026-09-01", To: "2026-10-31"}
	cuts := map[string][]string{ // the first days of the parts
		"months": {"2026-09-01", "2026-10-01"}, "odd parts": {"2026-09-01", "2026-09-13", "2026-09-29", "2026-10-11", "2026-10-12"},
	}
	var together int64
	for _, sku := range []string{"A", "B", "C"} {
		f := whole
		f.SKU = sku
		want := expense(b.SKUSums(ctx, f))
		together += want
		for what, got := range map[string]int64{
			"by day": expense(b.DaySums(ctx, f)), "by order date": expense(b.OrderDaySums(ctx, f)), "by order date, in all": expense(b.OrderSKUSums(ctx, f)),
			"of the days": expense(b.Rollups(ctx, f.From, f.To, nil, sku)), "in its lines": behind(t, b, store.LinesOf{From: f.From, To: f.To, SKU: sku, Lines: []string{"expense"}}),
		} {
			if got != want || want == 0 {
				t.Errorf("%s bears %d, %s %d", sku, want, what, got)
			}
		}
		for what, days := range cuts {
			var sum int64
			for i, from := range days {
				part := store.SumFilter{From: from, To: whole.To, SKU: sku}
				if i+1 < len(days) {
					part.To = text(t, b, `SELECT date(?, '-1 day')`, days[i+1])
				}
				sum += expense(b.SKUSums(ctx, part))
			}
			if sum != want {
				t.Errorf("%s bears %d, in %s %d", sku, want, what, sum)
			}
		}
	}
	all := expense(b.DaySums(ctx, whole))
	if spread := all + 900_00; together != spread {
		t.Errorf("products bear %d of %d", together, spread)
	}
	if got := expense(b.SKUSums(ctx, whole)); got != all {
		t.Errorf("by product %d, in all %d", got, all)
	}
	// In August nothing was sold: its rent is borne by no product.
	if got := expense(b.SKUSums(ctx, store.SumFilter{From: "2026-08-01", To: "2026-08-31", SKU: "A"})); got != 0 {
		t.Errorf("A bears %d of a month without sales", got)
	}
	of := store.LinesOf{From: whole.From, To: whole.To, Lines: []string{"expense"}, Group: store.ByTag}
	toys, rest := of, of
	toys.GroupName = "toys"
	a := whole
	a.SKU = "A"
	if got, want := behind(t, b, toys), expense(b.SKUSums(ctx, a)); got != want || got+behind(t, b, rest) != all {
		t.Errorf("lines of toys %d, of A %d; with the rest %d of %d", got, want, got+behind(t, b, rest), all)
	}
}

// behind adds the lines up as their sum and as their pages say.
func behind(t *testing.T, b *store.Book, f store.LinesOf) int64 {
	t.Helper()
	sums, err := b.SumLines(t.Context(), f)
	if err != nil || len(sums) > 1 {
		t.Fatalf("%v %v", sums, err)
	}
	if len(sums) == 0 {
		return 0
	}
	var minor, n int64
	for {
		page, err := b.LinePage(t.Context(), f, "amount", true, int(n), 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			minor += r.Minor
		}
		if n += int64(len(page)); len(page) < 7 {
			break
		}
	}
	if minor != sums[0].Minor || n != sums[0].Count {
		t.Errorf("%+v: %d lines of %d, their sum says %+v", f, n, minor, sums[0])
	}
	return minor
}
