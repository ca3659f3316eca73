package appsync_test

import "testing"

// Two order reports that overlap tell an order twice: it is news once, until one
// tells something else of it.
func TestImportOfOverlappingOrderReports(t *testing.T) {
	line := func(order, sku, price, updated string) []string {
		return []string{"111-0000001-000000" + order, "", "2026-03-03T08:30:00+00:00", "2026-03-0" + updated + "T08:30:00+00:00",
			"Shipped", "Amazon", "Amazon.com", sku, "B000000017", "Lamp", "Shipped", "1", "USD", price}
	}
	b := emptyBook(t)
	for _, tc := range []struct {
		name string
		rows [][]string
		want int
	}{
		{"first", [][]string{line("1", "A", "10.00", "4"), line("2", "A", "20.00", "4"), line("2", "B", "5.00", "4")}, 2},
		{"overlap", [][]string{line("2", "A", "20.00", "4"), line("2", "B", "5.00", "4"), line("3", "A", "30.00", "4")}, 1},
		{"other price", [][]string{line("1", "A", "10.00", "4"), line("3", "A", "31.00", "4")}, 1},
		{"later", [][]string{line("1", "A", "10.00", "5")}, 1},
		{"earlier", [][]string{line("1", "A", "9.00", "3")}, 0},
	} {
		if done := importOne(t, b, file(t, tc.name+".txt", ordersFile(tc.rows...)), ""); done.New != tc.want {
			t.Errorf("%s: %d new, want %d", tc.name, done.New, tc.want)
		}
	}
	if n := number(t, b, `SELECT sum(price_minor) FROM order_item`); n != 10_00+25_00+31_00 {
		t.Errorf("the orders' lines sum to %d", n)
	}
}
