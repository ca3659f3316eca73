package store

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/cipher"
)

// BenchmarkRecount counts the costs of a whole book with another method: 200,000
// orders (ORDERS sets how many) of 200 SKUs over a year, four purchases each. It
// prints what a million orders would take.
func BenchmarkRecount(b *testing.B) {
	const skus = 200
	orders, err := strconv.Atoi(os.Getenv("ORDERS"))
	if err != nil {
		orders = 200_000
	}
	book, err := Create(b.Context(), b.TempDir(), Keys{Book: cipher.NewKey(), Personal: cipher.NewKey()})
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	if err := book.Write(b.Context(), func(tx *Tx) error { return fillCosts(tx, orders, skus) }); err != nil {
		b.Fatal(err)
	}
	methods := []books.Method{books.FIFO, books.Average}
	if err := book.Write(b.Context(), func(tx *Tx) error { return tx.SetCostMethod(books.Average, nil) }); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	start := time.Now()
	for i := range b.N {
		if err := book.Write(b.Context(), func(tx *Tx) error { return tx.SetCostMethod(methods[i%2], nil) }); err != nil {
			b.Fatal(err)
		}
	}
	per := time.Since(start) / time.Duration(b.N)
	b.ReportMetric(per.Seconds()*1_000_000/float64(orders), "s/million-orders")
	if wrong, err := book.CheckSums(b.Context()); err != nil || len(wrong) > 0 {
		b.Fatal(wrong, err)
	}
}

// fillCosts writes sales with a line of goods and one of cost, and purchases.
func fillCosts(tx *Tx, orders, skus int) error {
	if err := tx.PutConnection(Connection{ID: "na", Region: "NA", Kind: KindAPI}, nil); err != nil {
		return err
	}
	sums := rollups{}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range orders {
		at := start.Add(time.Duration(i) * 365 * 24 * time.Hour / time.Duration(orders))
		id := fmt.Sprintf("111-%07d", i)
		e := books.Event{
			Key: id, Connection: "na", Type: books.Sale, Order: id, SKU: fmt.Sprintf("SKU-%04d", i%skus), Marketplace: "ATVPDKIKX0DER", Origin: books.Finances,
			State: books.Settled, Occurred: at, Posted: at, Day: at.Format(time.DateOnly), Quantity: 1,
			Lines: []books.MoneyLine{
				{Line: books.SalesProduct, Amount: books.Money{Minor: 1999, Currency: "USD"}, Quantity: 1, Origin: books.Finances, State: books.Settled},
				{Line: books.COGS, Amount: books.Money{Currency: "USD"}, Quantity: 1, Uncovered: 1, Origin: books.User, State: books.Settled},
			},
		}
		if err := tx.putEvent(scopeKey{"na", id}, &e, [16]byte{}, sums); err != nil {
			return err
		}
	}
	if err := tx.applyRollups(sums); err != nil {
		return err
	}
	for s := range skus {
		for n := range 4 {
			p := books.Purchase{SKU: fmt.Sprintf("SKU-%04d", s), Day: start.AddDate(0, 3*n, -1).Format(time.DateOnly), Units: int64(orders/skus/4 + 1), Currency: "USD", Price: int64(100_000 + 7777*n)}
			p.Code = p.SKU + " " + p.Day
			if _, err := tx.PutPurchase(p); err != nil {
				return err
			}
		}
	}
	return nil
}
