package appsync_test

import (
	"testing"

	appsync "countinghouse/sync"
)

// One kanji may be a Western quote and a letter. In the book of a Japanese account it
// is a kanji.
func TestImportKnowsWhoseLettersTheyAre(t *testing.T) {
	for _, tc := range []struct{ market, currency, sku string }{
		{"Amazon.co.jp", "JPY", "大"},
		{"Amazon.de", "EUR", "‘å"},
	} {
		stock := "seller-sku\tfulfillment-channel-sku\tasin\tcondition-type\tWarehouse-Condition-code\tQuantity Available\n" +
			"\x91\xe5\tX1\tB000000001\tNewItem\tSELLABLE\t3\n"
		b := emptyBook(t)
		first := settled{id: "1", currency: tc.currency, market: tc.market, order: "111-0000001-0000001", posted: "2026-03-03", price: 2500, fee: -300, lines: 1}
		importOne(t, b, file(t, "settlement.txt", first.v2()), "")
		o := appsync.ImportOptions{}
		list, err := appsync.ImportFiles(t.Context(), b, []string{file(t, "stock.txt", []byte(stock))}, o, nil)
		if err != nil || list[0].Err != nil {
			t.Fatal(err, list)
		}
		var sku string
		if err := b.Reader().QueryRowContext(t.Context(), `SELECT sku FROM stock_count`).Scan(&sku); err != nil || sku != tc.sku {
			t.Errorf("%s: %q, want %q (%v)", tc.market, sku, tc.sku, err)
		}
	}
}
