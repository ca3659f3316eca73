package reports_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/books"
	"countinghouse/sync/reports"
)

var orderHeadings = strings.Split("amazon-order-id merchant-order-id purchase-date last-updated-date order-status fulfillment-channel sales-channel order-channel ship-service-level product-name sku asin item-status quantity currency item-price item-tax shipping-price shipping-tax gift-wrap-price gift-wrap-tax item-promotion-discount ship-promotion-discount ship-city ship-state ship-postal-code ship-country promotion-ids is-business-order price-designation buyer-company-name new-secret", " ")

func ordersFile(rows ...map[string]string) []byte {
	var b strings.Builder
	b.WriteString(strings.Join(orderHeadings, "\t") + " \n") // the last heading has a blank in real files
	for _, r := range rows {
		b.WriteString(tsvRow(orderHeadings, r))
	}
	return []byte(b.String())
}

func order(id, sku string) map[string]string {
	return map[string]string{
		"amazon-order-id": id, "purchase-date": "2025-03-01T21:58:41+09:00", "last-updated-date": "2025-03-02T01:00:00+09:00",
		"order-status": "Shipped", "fulfillment-channel": "Amazon", "sales-channel": "Amazon.co.jp", "product-name": `24" shelf`,
		"sku": sku, "asin": "B000000001", "item-status": "Shipped", "quantity": "2", "currency": "JPY", "item-price": "1780.0",
		"ship-city": "Springfield", "ship-state": "Tokyo-to", "ship-postal-code": "999-9999", "ship-country": "JP",
		"is-business-order": "true", "buyer-company-name": "Widgets KK", "new-secret": "confidential",
	}
}

func collectOrders(t testing.TB, f *reports.File) []reports.OrderRow {
	t.Helper()
	var out []reports.OrderRow
	for r, err := range f.AllOrders() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func TestAllOrders(t *testing.T) {
	f := mustOpen(t, ordersFile(order("1", "A"), order("1", "A"), order("1", "B"), order("2", "A")))
	if f.Kind != reports.AllOrders || f.Currency != "JPY" || f.From.Format("2006-01-02T15:04:05") != "2025-03-01T12:58:41" {
		t.Errorf("%s %s from %s", f.Kind, f.Currency, f.From)
	}
	if diff := cmp.Diff([]string{"new-secret"}, f.UnknownColumns); diff != "" {
		t.Error(diff)
	}
	got := collectOrders(t, f)
	var ids []string
	for _, r := range got {
		ids = append(ids, r.OrderID+r.SKU+string(rune('0'+r.Ordinal)))
	}
	if diff := cmp.Diff([]string{"1A1", "1A2", "1B1", "2A1"}, ids); diff != "" {
		t.Error(diff)
	}
	r := got[0]
	if r.Price != (reports.Amount{Money: books.Money{Minor: 1780, Currency: "JPY"}, Told: true}) || r.Tax.Told || r.Quantity != 2 || !r.Business || r.Title != `24" shelf` {
		t.Errorf("row %+v", r)
	}
	if r.Recipient != (reports.Place{City: "Springfield", State: "Tokyo-to", PostalCode: "999-9999"}) || r.ShipCountry != "JP" {
		t.Errorf("recipient %+v", r.Recipient)
	}
	for _, personal := range []string{"Springfield", "Tokyo", "999-9999", "Widgets", "confidential"} {
		if strings.Contains(r.Raw, personal) {
			t.Errorf("the raw row tells %q", personal)
		}
	}
	if strings.Count(r.Raw, "\t") != len(orderHeadings)-1 || !strings.Contains(r.Raw, "\tB000000001\t") {
		t.Errorf("raw %q", r.Raw)
	}
}

// A pending order has no price and no currency; a price without a currency is
// damage.
func TestAllOrdersWithoutPrice(t *testing.T) {
	pending := order("1", "A")
	pending["currency"], pending["item-price"] = "", ""
	if r := collectOrders(t, mustOpen(t, ordersFile(pending)))[0]; r.Price.Told {
		t.Errorf("price %+v", r.Price)
	}
	pending["item-price"] = "1780.0"
	if _, err := open(t, "o.txt", ordersFile(pending), reports.Hint{}); !errors.Is(err, reports.ErrCurrency) {
		t.Errorf("error %v", err)
	}
}

func TestAllOrdersWithoutRows(t *testing.T) {
	if f := mustOpen(t, ordersFile()); f.Rows != 0 || len(collectOrders(t, f)) != 0 {
		t.Errorf("%d rows", f.Rows)
	}
}
