package reports_test

import (
	"bytes"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"

	"countinghouse/data/books"
	"countinghouse/sync/reports"
)

// open reads bytes as a report file.
func open(t testing.TB, name string, data []byte, hint reports.Hint) ([]*reports.File, error) {
	t.Helper()
	return reports.Open(name, bytes.NewReader(data), int64(len(data)), hint)
}

// mustOpen reads bytes that hold one report.
func mustOpen(t testing.TB, data []byte) *reports.File {
	t.Helper()
	files, err := open(t, "test.csv", data, reports.Hint{})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if len(files) != 1 {
		t.Fatalf("%d reports, want 1", len(files))
	}
	return files[0]
}

var usHeadings = []string{
	"date/time", "settlement id", "type", "order id", "sku", "description", "quantity", "marketplace", "fulfillment",
	"order city", "order state", "order postal", "tax collection model", "product sales", "product sales tax",
	"selling fees", "fba fees", "other", "total",
}

// csvRow quotes every cell, as Amazon does.
func csvRow(cells ...string) string {
	for i, c := range cells {
		cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
	}
	return strings.Join(cells, ",") + "\n"
}

// dateRangeFile is a small date-range report. Each row gives its date, type,
// order, SKU, product sales, other and total; the rest is filled in.
func dateRangeFile(preamble string, rows ...[7]string) []byte {
	var b strings.Builder
	b.WriteString(csvRow("Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions"))
	b.WriteString(csvRow(preamble))
	b.WriteString(csvRow(append([]string(nil), usHeadings...)...))
	for _, r := range rows {
		b.WriteString(csvRow(r[0], "12345678901", r[1], r[2], r[3], "A thing, 3\" wide", "1", "", "Amazon",
			"Springfield", "XX", "99999", "", r[4], "0", "0", "0", r[5], r[6]))
	}
	return []byte(b.String())
}

const usDate = "Mar 1, 2025 12:59:25 AM PST"

// v2Columns are the headings of a V2 settlement.
var v2Columns = strings.Split("settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount fulfillment-id posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased promotion-id", " ")

// v2Row writes a row by column name.
func tsvRow(columns []string, cells map[string]string) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = cells[c]
	}
	return strings.Join(out, "\t") + "\n"
}

func v2Header(id, total, currency string) string {
	return tsvRow(v2Columns, map[string]string{
		"settlement-id": id, "settlement-start-date": "2025-03-01 00:00:00 UTC", "settlement-end-date": "2025-03-15 00:00:00 UTC",
		"deposit-date": "2025-03-17 00:00:00 UTC", "total-amount": total, "currency": currency,
	})
}

func v2Amount(id, kind, what, amount, quantity string) string {
	return tsvRow(v2Columns, map[string]string{
		"settlement-id": id, "transaction-type": "Order", "order-id": "302-1111111-2222222", "marketplace-name": "Amazon.de",
		"amount-type": kind, "amount-description": what, "amount": amount, "posted-date": "2025-03-02",
		"posted-date-time": "2025-03-02 10:11:12 UTC", "order-item-code": "77", "sku": `12" ruler`, "quantity-purchased": quantity,
	})
}

func v2File(rows ...string) []byte {
	return []byte(strings.Join(v2Columns, "\t") + "\n" + strings.Join(rows, ""))
}

// rows collects everything a file gives, as comparable text.
func rows(t testing.TB, f *reports.File) []string {
	t.Helper()
	var out []string
	fail := func(err error) {
		if err != nil {
			t.Fatalf("rows of %s: %v", f.Name, err)
		}
	}
	switch f.Kind {
	case reports.DateRange:
		for r, err := range f.DateRange() {
			fail(err)
			out = append(out, fmt.Sprintf("%x/%d %s %s %s", r.Key[:8], r.Equal, r.Posted.Format("2006-01-02T15:04:05Z"), r.Type, r.Total)+facts(r.Facts))
		}
	case reports.AllOrders:
		for r, err := range f.AllOrders() {
			fail(err)
			out = append(out, fmt.Sprintf("%s/%s/%d %s %d %s", r.OrderID, r.SKU, r.Ordinal, r.Purchased.Format("2006-01-02T15:04:05Z"), r.Quantity, r.Price.Money))
		}
	case reports.SettlementV1, reports.SettlementV2:
		for r, err := range f.Settlement() {
			fail(err)
			out = append(out, fmt.Sprintf("%s:%d %s", r.Settlement, r.Number, r.MarketplaceName)+facts(r.Facts))
		}
	default:
		out = tableRows(t, f)
	}
	return out
}

// tableRows collects the rows of a plain table.
func tableRows(t testing.TB, f *reports.File) (out []string) {
	t.Helper()
	switch f.Kind {
	case reports.LedgerDetail:
		return texts(t, f.LedgerDetail())
	case reports.LedgerSummary:
		return texts(t, f.LedgerSummary())
	case reports.FBAReturns:
		return texts(t, f.FBAReturns())
	case reports.SellerReturns:
		return texts(t, f.SellerReturns())
	case reports.Reimbursements:
		return texts(t, f.Reimbursements())
	case reports.MYIInventory:
		return texts(t, f.MYIInventory())
	case reports.AFNInventory:
		return texts(t, f.AFNInventory())
	case reports.AFNByCountry:
		return texts(t, f.AFNByCountry())
	case reports.MerchantListings:
		return texts(t, f.MerchantListings())
	case reports.InventoryPlanning:
		return texts(t, f.InventoryPlanning())
	case reports.Restock:
		return texts(t, f.Restock())
	case reports.StorageFees:
		return texts(t, f.StorageFees())
	case reports.AgedStorageFees:
		return texts(t, f.AgedStorageFees())
	case reports.FeePreview:
		return texts(t, f.FeePreview())
	case reports.RemovalOrders:
		return texts(t, f.RemovalOrders())
	case reports.RemovalAdvice:
		return texts(t, f.RemovalAdvice())
	}
	t.Fatalf("no rows of kind %s", f.Kind)
	return nil
}

// texts writes each row without its place in the file.
func texts[T any](t testing.TB, rows iter.Seq2[T, error]) (out []string) {
	t.Helper()
	for r, err := range rows {
		if err != nil {
			t.Fatalf("rows: %v", err)
		}
		v := reflect.ValueOf(&r).Elem()
		v.FieldByName("Line").SetInt(0)
		v.FieldByName("Raw").SetString("")
		out = append(out, fmt.Sprintf("%+v", r))
	}
	return out
}

func facts(list []books.Fact) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, " | %s %s %s %s %d %s", f.Type, f.Path, f.Order, f.Amount, f.Quantity, f.Posted.Format("2006-01-02T15:04:05Z"))
	}
	return b.String()
}
