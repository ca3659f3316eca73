package costfiles_test

import (
	"testing"

	"countinghouse/data/costfiles"
)

func TestGoodsMoves(t *testing.T) {
	for _, tc := range []struct {
		name                           string
		kind, sku, n, day, order, mark string
		column, code                   string
	}{
		{"lost", "lost", "A", "2", "2026-03-01", "", "Amazon.de", "", ""},
		{"returned without a marketplace", "returned", "A", "1", "2026-03-01", "O1", "", "", ""},
		{"a return of no order", "returned", "A", "1", "2026-03-01", "", "", "order", costfiles.Missing},
		{"found with an order", "found", "A", "1", "2026-03-01", "O1", "Amazon.de", "order", costfiles.NoReturn},
		{"lost nowhere", "lost", "A", "1", "2026-03-01", "", "", "marketplace", costfiles.Missing},
		{"no such place", "lost", "A", "1", "2026-03-01", "", "Amazon.xx", "marketplace", costfiles.BadMarket},
		{"no units", "lost", "A", "0", "2026-03-01", "", "Amazon.de", "quantity", costfiles.BadWhole},
		{"half a unit", "lost", "A", "0.5", "2026-03-01", "", "Amazon.de", "quantity", costfiles.BadWhole},
		{"no SKU", "lost", " ", "1", "2026-03-01", "", "Amazon.de", "sku", costfiles.Missing},
		{"no day", "lost", "A", "1", "2026-02-30", "", "Amazon.de", "day", costfiles.BadDay},
		{"no kind", "sold", "A", "1", "2026-03-01", "", "Amazon.de", "kind", costfiles.BadChoice},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g, bad := costfiles.GoodsMove(map[string]string{"kind": tc.kind, "sku": tc.sku, "quantity": tc.n, "day": tc.day, "order": tc.order, "marketplace": tc.mark},
				func(name string) (string, bool) { return "DE", name == "Amazon.de" })
			switch {
			case tc.code == "" && (len(bad) > 0 || g.Kind != tc.kind || g.Units == 0):
				t.Errorf("%+v %v", g, bad)
			case tc.code != "" && (len(bad) != 1 || bad[0].Column != tc.column || bad[0].Code != tc.code):
				t.Errorf("problems %v, want %s of %s", bad, tc.code, tc.column)
			}
		})
	}
}
