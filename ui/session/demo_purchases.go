package session

import (
	"context"
	"fmt"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// demoSuppliers are invented.
var demoSuppliers = []string{"Yiwu Homeware Co.", "Brandt & Lüders GmbH", "Kita Seisakusho", "Alder Creek Mills", "Nordlys Textil AS"}

// enterPurchases gives a demo book purchases that suit what it sold, so that
// stock at cost and the costing methods have something to show. The seller's unit
// costs go on deciding his profit: they count by period, which a new book does.
func (s *Session) enterPurchases(ctx context.Context) error {
	rows, err := s.Book.SKUSums(ctx, store.SumFilter{})
	if err != nil {
		return err
	}
	days, err := s.Book.DaySums(ctx, store.SumFilter{})
	if err != nil || len(days) == 0 {
		return err
	}
	start, err := time.Parse(time.DateOnly, days[0].Day)
	if err != nil {
		return fmt.Errorf("enter the demo seller's purchases: %w", err)
	}
	var list []books.Purchase
	perCurrency := map[string]int{}
	for _, r := range rows {
		if r.Line != books.COGS || r.Quantity < 4 || r.Minor >= 0 || r.Uncovered > 0 || perCurrency[r.Currency] == 12 {
			continue
		}
		perCurrency[r.Currency]++
		list = append(list, demoBatches(r, start, len(list))...)
	}
	return s.Book.Write(ctx, func(tx *store.Tx) error {
		tx.Because("demo", "the demo seller's purchases")
		for _, p := range list {
			if _, err := tx.PutPurchase(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// demoBatches makes two purchases of a SKU, the second one dearer.
func demoBatches(r books.Rollup, start time.Time, n int) []books.Purchase {
	var out []books.Purchase
	for i, of := range []int64{6, 7} { // tenths of what was sold
		units := r.Quantity*of/10 + 12
		cost := -r.Minor / r.Quantity * units // of all units, before what is below
		p := books.Purchase{
			Code: fmt.Sprintf("PO-%04d", 1001+n+i), SKU: r.SKU, Day: start.AddDate(0, 0, -20+n%9+i*(60+n%17)).Format(time.DateOnly), Units: units, Currency: r.Currency,
			Price: cost * (84 + int64(i)*3) / 100, Freight: cost * 9 / 100, Duty: cost * 4 / 100, Prep: cost * 2 / 100,
			Supplier: demoSuppliers[(n/2)%len(demoSuppliers)], Invoice: fmt.Sprintf("R-%d", 7300+n*3+i),
		}
		out = append(out, p)
	}
	return out
}
