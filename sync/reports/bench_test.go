package reports_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"countinghouse/sync/reports"
)

// settlementV2 writes a settlement of about size bytes whose rows sum to its
// header, six rows an order.
func settlementV2(size int) []byte {
	var rows strings.Builder
	var minor int64
	for order := 0; rows.Len() < size; order++ {
		for _, a := range []struct {
			kind, what string
			cents      int64
		}{
			{"ItemPrice", "Principal", 2599}, {"ItemPrice", "Tax", 214}, {"ItemFees", "Commission", -390},
			{"ItemFees", "FBAPerUnitFulfillmentFee", -541}, {"ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", -214},
			{"Promotion", "Shipping", -99},
		} {
			sign, abs := "", a.cents
			if abs < 0 {
				sign, abs = "-", -abs
			}
			minor += a.cents
			fmt.Fprintf(&rows, "11223344556\t\t\t\t\t\tOrder\t112-%07d-%07d\t112-%07d-%07d\t\tD%08d\tAmazon.com\t%s\t%s\t%s%d.%02d\tAFN\t2025-03-%02d\t2025-03-%02d %02d:%02d:%02d UTC\t%014d\t\t\tSKU-%04d\t1\t\n",
				order, order*7, order, order*7, order, a.kind, a.what, sign, abs/100, abs%100,
				order%28+1, order%28+1, order%24, order%60, order%59, order, order%900)
		}
	}
	head := "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id\n"
	first := fmt.Sprintf("11223344556\t2025-03-01 00:00:00 UTC\t2025-03-29 00:00:00 UTC\t2025-03-31 00:00:00 UTC\t%d.%02d\tUSD%s\n", minor/100, minor%100, strings.Repeat("\t", 18))
	return []byte(head + first + rows.String())
}

// BenchmarkSettlement is the whole way on one core: survey, proof and rows.
func BenchmarkSettlement(b *testing.B) {
	data := settlementV2(32 << 20)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		files, err := reports.Open("bench.txt", bytes.NewReader(data), int64(len(data)), reports.Hint{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range files[0].Settlement() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != files[0].Settlements[0].Rows {
			b.Fatalf("%d rows of %d", n, files[0].Settlements[0].Rows)
		}
	}
}

// A file ten times as large needs no more live memory.
func TestMemoryIsFlat(t *testing.T) {
	peak := func(size int) uint64 {
		data := settlementV2(size)
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		files, err := reports.Open("big.txt", bytes.NewReader(data), int64(len(data)), reports.Hint{})
		if err != nil {
			t.Fatal(err)
		}
		var most uint64
		n := 0
		for _, err := range files[0].Settlement() {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n%20000 == 0 {
				runtime.GC()
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				if now.HeapAlloc > before.HeapAlloc {
					most = max(most, now.HeapAlloc-before.HeapAlloc)
				}
			}
		}
		return most
	}
	small, large := peak(4<<20), peak(24<<20)
	if large > small+2<<20 {
		t.Errorf("%d KB live while reading 24 MB, %d KB while reading 4 MB", large>>10, small>>10)
	}
}
