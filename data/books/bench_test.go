package books_test

import (
	"fmt"
	"testing"
	"time"

	"countinghouse/data/books"
)

// orderScope is an order as it comes: finances with tax on fees, a refund, and
// the settlement's rows; 24 facts.
func orderScope() []books.Fact {
	var out []books.Fact
	add := func(source books.Source, posting, typ, path string, minor int64, d int) {
		f := fact(int64(len(out)+1), source, posting, typ, path, minor, day(d))
		f.Seq = len(out)
		out = append(out, f)
	}
	for i, typ := range []string{"Shipment", "Shipment", "Refund"} {
		posting, d := fmt.Sprint("T", i), 1+3*i
		row := map[string]string{"Shipment": "Order", "Refund": "Refund"}[typ]
		add(books.Finances, posting, typ, "ProductCharges/OurPricePrincipal", 2000, d)
		add(books.Finances, posting, typ, "AmazonFees/Commission/Base", -300, d)
		add(books.Finances, posting, typ, "AmazonFees/Commission/Tax", -30, d)
		add(books.Finances, posting, typ, "AmazonFees/FBAPerUnitFulfillmentFee/Base", -400, d)
		add(books.Finances, posting, typ, "AmazonFees/FBAPerUnitFulfillmentFee/Tax", -40, d)
		add(books.Settlement, fmt.Sprint("S1:", 3*i), row, "ItemPrice/Principal", 2000, d)
		add(books.Settlement, fmt.Sprint("S1:", 3*i+1), row, "ItemFees/Commission", -330, d)
		add(books.Settlement, fmt.Sprint("S1:", 3*i+2), row, "ItemFees/FBAPerUnitFulfillmentFee", -440, d)
	}
	return out
}

func BenchmarkBuildOrder(b *testing.B) {
	facts, cx := orderScope(), books.Context{Rules: standard(b)}
	b.ReportAllocs()
	for b.Loop() {
		build(b, facts, cx)
	}
}

// BenchmarkBuildStorage is the worst scope there is: years of storage fees per
// SKU in finances, one row a month in the settlement.
func BenchmarkBuildStorage(b *testing.B) {
	var facts []books.Fact
	for month := range 36 {
		at := time.Date(2023, time.Month(month+1), 7, 8, 0, 0, 0, time.UTC)
		var sum int64
		for sku := range 100 {
			f := fact(int64(len(facts)+1), books.Finances, fmt.Sprint(month, "-", sku), "ServiceFee", "AmazonFees/FBAStorageFee/Base", int64(-sku-1), at)
			f.Order, f.SKU = "", fmt.Sprint("SKU", sku)
			sum += f.Amount.Minor
			facts = append(facts, f)
		}
		f := fact(int64(len(facts)+1), books.Settlement, fmt.Sprint("S", month), "other-transaction", "other-transaction/Storage Fee", sum, at)
		f.Order, f.SKU = "", ""
		facts = append(facts, f)
	}
	cx := books.Context{Rules: standard(b)}
	b.ReportAllocs()
	for b.Loop() {
		if r := build(b, facts, cx); len(r.Events) != 3600 || len(r.Open) != 0 {
			b.Fatalf("%d events, %d open", len(r.Events), len(r.Open))
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	r, f := standard(b), orderScope()[4]
	b.ReportAllocs()
	for b.Loop() {
		r.Classify(f)
	}
}
