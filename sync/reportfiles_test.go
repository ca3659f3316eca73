package appsync_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The makers of small report files in Amazon's forms, with invented rows.

var v2Columns = strings.Fields(`settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type
	order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount fulfillment-id posted-date
	posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased promotion-id`)

var v1Columns = strings.Fields(`settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type
	order-id merchant-order-id adjustment-id shipment-id marketplace-name fulfillment-id posted-date order-item-code
	merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased price-type price-amount item-related-fee-type
	item-related-fee-amount misc-fee-amount other-fee-amount other-fee-reason-description promotion-id promotion-type
	promotion-amount direct-payment-type direct-payment-amount other-amount`)

// settled is a small settlement that can be written in both formats: one order
// with two units of goods and its commission, and equal lines that are genuine.
type settled struct {
	id, currency, market, order, posted string
	price, fee                          int64  // minor units with two digits, of one line
	lines                               int    // equal lines
	month                               string // of the period; 2026-03 when empty
}

func decimal(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%d.%02d", sign, minor/100, minor%100)
}

func (s settled) total() int64 { return int64(s.lines) * (s.price + s.fee) }

func (s settled) header() map[string]string {
	month := s.month
	if month == "" {
		month = "2026-03"
	}
	return map[string]string{
		"settlement-id": s.id, "settlement-start-date": month + "-01 00:00:00 UTC", "settlement-end-date": month + "-15 00:00:00 UTC",
		"deposit-date": month + "-17 00:00:00 UTC", "total-amount": decimal(s.total()), "currency": s.currency,
	}
}

func (s settled) row(more map[string]string) map[string]string {
	cells := map[string]string{
		"settlement-id": s.id, "transaction-type": "Order", "order-id": s.order, "marketplace-name": s.market, "posted-date": s.posted,
		"order-item-code": "90017", "sku": "RULER-12", "fulfillment-id": "AFN",
	}
	for k, v := range more {
		cells[k] = v
	}
	return cells
}

func (s settled) v2() []byte {
	rows := []map[string]string{s.header()}
	for range s.lines {
		rows = append(rows,
			s.row(map[string]string{"amount-type": "ItemPrice", "amount-description": "Principal", "amount": decimal(s.price), "quantity-purchased": "1"}),
			s.row(map[string]string{"amount-type": "ItemFees", "amount-description": "Commission", "amount": decimal(s.fee), "quantity-purchased": "1"}))
	}
	return table(v2Columns, rows)
}

func (s settled) v1() []byte {
	rows := []map[string]string{s.header()}
	for range s.lines {
		rows = append(rows,
			s.row(map[string]string{"quantity-purchased": "1"}),
			s.row(map[string]string{"price-type": "Principal", "price-amount": decimal(s.price)}),
			s.row(map[string]string{"item-related-fee-type": "Commission", "item-related-fee-amount": decimal(s.fee)}))
	}
	return table(v1Columns, rows)
}

func table(columns []string, rows []map[string]string) []byte {
	var b strings.Builder
	b.WriteString(strings.Join(columns, "\t") + "\n")
	for _, r := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = r[c]
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	return []byte(b.String())
}

// sold is a row of a date-range report.
type sold struct {
	at         time.Time
	kind       string // Order, Refund, Transfer, Service Fee
	order, sku string
	sales, fee int64
}

var dateRangeHeadings = []string{
	"date/time", "settlement id", "type", "order id", "sku", "description", "quantity", "marketplace", "fulfillment",
	"order city", "order state", "order postal", "tax collection model", "product sales", "product sales tax",
	"selling fees", "fba fees", "other", "total",
}

// dateRange writes the rows of one US account between two instants.
func dateRange(rows []sold, from, to time.Time) []byte {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	quote := func(cells ...string) { b.WriteString(`"` + strings.Join(cells, `","`) + "\"\n") }
	quote("Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions")
	quote("All amounts in USD, unless specified")
	quote(dateRangeHeadings...)
	for _, r := range rows {
		if r.at.Before(from) || !r.at.Before(to) {
			continue
		}
		quote(r.at.In(pacific).Format("Jan 2, 2006 3:04:05 PM MST"), "11223344556", r.kind, r.order, r.sku, "A ruler", "1", "amazon.com", "Amazon",
			"Springfield", "XX", "99999", "", decimal(r.sales), "0", decimal(r.fee), "0", "0", decimal(r.sales+r.fee))
	}
	return []byte(b.String())
}

// file writes a report to disk and gives its path.
func file(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	m, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func twoInZip(t testing.TB, first, second []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range map[string][]byte{"a.txt": first, "b.txt": second} {
		m, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
