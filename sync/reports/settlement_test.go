package reports_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/books"
	"countinghouse/sync/reports"
)

func fixture(t testing.TB, name string) *reports.File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return mustOpen(t, data)
}

// A made-up German V2 file: decimal comma, dotted dates, equal lines, a row of
// advertising with another form of date, an account-level row.
func TestSettlementV2(t *testing.T) {
	f := fixture(t, "settlement-v2-de.txt")
	if f.Kind != reports.SettlementV2 || f.Currency != "EUR" || f.Decimal != "," || f.Rows != 10 {
		t.Errorf("%s %s %q, %d rows", f.Kind, f.Currency, f.Decimal, f.Rows)
	}
	head := f.Settlements[0]
	if head.ID != "20000000001" || head.Total.String() != "1061.60 EUR" || head.Rows != 9 ||
		head.Start.Format("2006-01-02T15:04:05") != "2025-02-24T23:57:39" || head.Deposit.Format("2006-01-02") != "2025-03-12" {
		t.Errorf("header %+v", head)
	}
	want := []string{
		"20000000001:1 Amazon.de | Order ItemPrice/Principal 302-0000001-0000001 1234.56 EUR 2 2025-02-25T08:00:00Z",
		"20000000001:2 Amazon.de | Order ItemPrice/Tax 302-0000001-0000001 234.57 EUR 0 2025-02-25T08:00:00Z",
		"20000000001:3 Amazon.de | Order ItemFees/Commission 302-0000001-0000001 -185.18 EUR 0 2025-02-25T08:00:00Z",
		"20000000001:4 Amazon.de | Order ItemWithheldTax/MarketplaceFacilitatorVAT-Principal 302-0000001-0000001 -234.57 EUR 0 2025-02-25T08:00:00Z",
		"20000000001:5 Amazon.de | Order ItemFees/DigitalServicesFee 302-0000001-0000001 -0.54 EUR 0 2025-02-25T08:00:00Z",
		"20000000001:6 Amazon.de | Order ItemFees/DigitalServicesFee 302-0000001-0000001 -0.54 EUR 0 2025-02-25T08:00:00Z",
		"20000000001:7  | ServiceFee Cost of Advertising/TransactionTotalAmount  12.30 EUR 0 2025-03-02T18:16:34Z",
		"20000000001:8  | other-transaction other-transaction/Subscription Fee  1.00 EUR 0 2025-02-26T12:00:00Z",
		"20000000001:9 Amazon.de | Refund Promotion/Principal 302-0000001-0000001 0.00 EUR 0 2025-03-01T10:00:00Z",
	}
	if diff := cmp.Diff(want, rows(t, f)); diff != "" {
		t.Error(diff)
	}
}

func TestSettlementFact(t *testing.T) {
	f := mustOpen(t, goodSettlement())
	for row, err := range f.Settlement() {
		if err != nil {
			t.Fatal(err)
		}
		want := books.Fact{
			Source: books.Settlement, Posting: "900:1", Order: "302-1111111-2222222", Item: "77", SKU: `12" ruler`, Type: "Order",
			Path: "ItemPrice/Principal", Amount: books.Money{Minor: 2500, Currency: "EUR"}, Quantity: 1,
			Posted: row.Facts[0].Posted, Settlement: "900", State: books.Settled, DocLine: 3,
		}
		if diff := cmp.Diff(want, row.Facts[0]); diff != "" {
			t.Error(diff)
		}
		if row.Line != 3 || !strings.HasPrefix(row.Raw, "900\t\t") || row.MarketplaceName != "Amazon.de" {
			t.Errorf("line %d, raw %q", row.Line, row.Raw)
		}
		break
	}
}

// V1: an amount per column, the quantity on a row of its own, a column of
// amounts that nobody has seen yet.
func TestSettlementV1(t *testing.T) {
	f := fixture(t, "settlement-v1-us.txt")
	want := []string{
		"10000000001:1 Amazon.com",
		"10000000001:2 Amazon.com | Order price-amount/Principal 112-0000001-0000001 20.00 USD 3 2025-03-02T10:00:00Z",
		"10000000001:3 Amazon.com | Order item-related-fee-amount/Commission 112-0000001-0000001 -3.00 USD 0 2025-03-02T10:00:00Z",
		"10000000001:4 Amazon.com | Order promotion-amount/Shipping 112-0000001-0000001 -1.00 USD 0 2025-03-02T10:00:00Z",
		"10000000001:5  | ServiceFee other-fee-amount/TaxAmount  -0.50 USD 0 2025-03-03T10:00:00Z | ServiceFee green-amount/Leaf  -0.25 USD 0 2025-03-03T10:00:00Z",
		"10000000001:6  | Subscription Fee other-amount  -39.99 USD 0 2025-03-04T10:00:00Z",
		"10000000001:7  | Previous Reserve Amount Balance other-amount  100.00 USD 0 2025-03-04T10:00:00Z",
	}
	if diff := cmp.Diff(want, rows(t, f)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"shelf"}, f.UnknownColumns); diff != "" {
		t.Error(diff)
	}
}

// Files put together, headings and all, give both settlements.
func TestSettlementsInOneFile(t *testing.T) {
	one, two := v2File(v2Header("900", "10.00", "EUR"), v2Amount("900", "ItemPrice", "Principal", "10.00", "1")),
		v2File(v2Header("901", "-4.00", "GBP"), v2Amount("901", "ItemFees", "Commission", "-4.00", ""))
	f := mustOpen(t, append(one, two...))
	if len(f.Settlements) != 2 || f.Settlements[0].Total.String() != "10.00 EUR" || f.Settlements[1].Total.String() != "-4.00 GBP" || f.Currency != "" {
		t.Fatalf("%+v, currency %q", f.Settlements, f.Currency)
	}
	want := append(rows(t, mustOpen(t, one)), rows(t, mustOpen(t, two))...)
	if diff := cmp.Diff(want, rows(t, f)); diff != "" {
		t.Error(diff)
	}
}

// Where every heading is quoted, quotes are quotes; else they are inches.
func TestQuotesInTabFiles(t *testing.T) {
	literal := mustOpen(t, goodSettlement())
	var quoted strings.Builder
	for line := range strings.Lines(string(goodSettlement())) {
		for i, cell := range strings.Split(strings.TrimSuffix(line, "\n"), "\t") {
			if i > 0 {
				quoted.WriteByte('\t')
			}
			quoted.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		quoted.WriteByte('\n')
	}
	if diff := cmp.Diff(rows(t, literal), rows(t, mustOpen(t, []byte(quoted.String())))); diff != "" {
		t.Error(diff)
	}
}

// The number form is told by any cell, also by the last.
func TestSettlementFormToldLate(t *testing.T) {
	f := mustOpen(t, v2File(v2Header("900", "1.235", "EUR"),
		v2Amount("900", "ItemPrice", "Principal", "1.234", "1"), v2Amount("900", "ItemPrice", "Tax", "1,00", "1")))
	if f.Settlements[0].Total.Minor != 123500 || f.Decimal != "," {
		t.Errorf("total %s, decimal %q", f.Settlements[0].Total, f.Decimal)
	}
}
