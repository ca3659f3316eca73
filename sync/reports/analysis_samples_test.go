package reports_test

import (
	"os"
	"path/filepath"
	"testing"

	"countinghouse/sync/reports"
)

// openSample opens one of the shared files, or skips.
func openSample(t *testing.T, name string) *reports.File {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "samples", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared samples are not here")
	}
	files, err := openPath(t, path, reports.Hint{})
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files[0]
}

// The two business reports of a Japanese seller agree to the yen and the unit.
func TestBusinessReportsOfASeller(t *testing.T) {
	for name, rows := range map[string]int{"business-reports/jp-by-date-sales-traffic-utf8bom.csv": 31, "business-reports/jp-by-asin-sales-traffic-utf8bom.csv": 226} {
		f := openSample(t, name)
		var sales, units, views int64
		for row, err := range f.Traffic() {
			if err != nil {
				t.Fatal(err)
			}
			sales += row.Ordered.Money.Minor
			units += row.Units.Value
			views += row.Views.Value
			if !row.Sessions.Told || row.Ordered.Money.Currency != "JPY" || row.Day == "" && row.ParentASIN == "" {
				t.Fatalf("%+v", row)
			}
		}
		if f.Rows != rows || sales != 1_364_099 || units != 970 || f.Language != "ja" || len(f.UnknownColumns) != 0 {
			t.Errorf("%s: %d rows, %d yen, %d units, unknown %q", name, f.Rows, sales, units, f.UnknownColumns)
		}
	}
}

// The JSON report of sales and visits: what it says by day and by product.
func TestSalesAndTrafficOfASeller(t *testing.T) {
	f := openSample(t, "sales-traffic/us-day-parent.json")
	r, ok := f.TrafficReport()
	if !ok || f.Kind != reports.SalesTraffic || r.From != "2024-02-14" || r.To != "2024-02-26" || len(r.Marketplaces) != 1 {
		t.Fatalf("%v %+v", ok, f)
	}
	var days, products int
	var byDay, byProduct, daySessions, productSessions, dayUnits, productUnits int64
	for _, row := range r.Rows {
		if row.Day != "" {
			days++
			byDay, daySessions, dayUnits = byDay+row.Ordered.Money.Minor, daySessions+row.Sessions.Value, dayUnits+row.Units.Value
			continue
		}
		products++
		byProduct, productSessions, productUnits = byProduct+row.Ordered.Money.Minor, productSessions+row.Sessions.Value, productUnits+row.Units.Value
	}
	if days != 12 || products != 138 || byDay != 140_068_92 || byProduct != 140_547_10 || dayUnits != 6684 || productUnits != 6707 {
		t.Errorf("%d days of %d (%d units), %d products of %d (%d units)", days, byDay, dayUnits, products, byProduct, productUnits)
	}
	if daySessions != 39_876 || productSessions != daySessions || r.Rows[0].BuyBox.Value != 98_12 {
		t.Errorf("sessions %d and %d, buy box %d", daySessions, productSessions, r.Rows[0].BuyBox.Value)
	}
}

// The economics of every SKU: net proceeds are net sales less fees, advertising
// and the seller's own costs, which proves that every fee column was read once.
func TestEconomicsOfASeller(t *testing.T) {
	f := openSample(t, "economics/us-sku-economics-2026-w1.xlsx")
	n := 0
	for row, err := range f.SKUEconomics() {
		if err != nil {
			t.Fatal(err)
		}
		n++
		left := row.NetSales.Money.Minor - row.Proceeds.Money.Minor
		for _, fee := range row.Fees {
			if fee.Name != "Base fulfillment fee" { // part of FBA fulfillment fees
				left -= fee.Total.Money.Minor
			}
		}
		for _, c := range row.Costs {
			left -= c.Total.Money.Minor * row.NetUnits.Value
		}
		if left > 2 || left < -2 { // each is rounded by itself
			t.Errorf("line %d: %s: %d cents are not told by its fees", row.Line, row.SKU, left)
		}
		if row.From.Day != "2026-01-01" || row.To.Day != "2026-01-07" || row.Store != "US" || row.Currency != "USD" {
			t.Fatalf("%+v", row)
		}
	}
	if n != 178 || len(f.UnknownColumns) != 0 {
		t.Errorf("%d rows, unknown %q", n, f.UnknownColumns)
	}
}

// VAT: net and tax make the gross, and nobody's postal code is given out.
func TestVATOfASeller(t *testing.T) {
	f := openSample(t, "vat/eu-vat-transactions-synthetic.txt")
	n := 0
	for row, err := range f.VATTransactions() {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if row.Net.Money.Minor+row.VAT.Money.Minor != row.Gross.Money.Minor || row.Type == "" || row.Jurisdiction == "" || row.Complete.Day == "" {
			t.Errorf("%+v", row)
		}
		if row.ArrivalCountry == "DE" && (row.Raw == "" || len(row.Raw) > 0 && containsCell(row.Raw, "10115")) {
			t.Errorf("the raw row shows the postal code: %q", row.Raw)
		}
	}
	if n != 4 {
		t.Errorf("%d rows", n)
	}
}
