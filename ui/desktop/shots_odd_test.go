package desktop

import (
	"testing"
	"time"

	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// The odd book is what it says: each screen that draws it shows these orders,
// sums that fit no column, and why it does not show what it does not.
func TestOddBookHoldsWhatItSays(t *testing.T) {
	s, err := makeOdd(t.Context(), session.Place{Home: store.Home(t.TempDir())}, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	x, err := s.Book.OrdersIndex(t.Context(), store.OrdersView{})
	if err != nil || x.Count != len(oddOrders) {
		t.Fatalf("%v orders, %v", x, err)
	}
	lines, err := s.Book.OrdersPage(t.Context(), x, store.ByTotal, true, 0, x.Count)
	if err != nil {
		t.Fatal(err)
	}
	money := map[string]*store.OrderMoney{}
	for _, l := range lines {
		money[l.SKU] = l.Money
	}
	for sku, want := range map[string]int64{"HUGE": 9_876_543_210_99 - 1_234_567_890_12, "LOSS": 1999 - 300 - 9_876_543_21, "YEN": 123_456_789 - 12_345_678} {
		if m := money[sku]; m == nil || m.Profit != want || m.Uncovered == 0 {
			t.Errorf("%s: %+v, want %d before a cost that nobody told", sku, m, want)
		}
	}
	if money["NONE"] != nil || money["NEW"] != nil {
		t.Error("an order that did not ship has money")
	}
	connections, err := s.Book.Connections(t.Context())
	if err != nil || len(connections) != 1 || connections[0].State != store.StateRevoked {
		t.Errorf("%+v, %v", connections, err)
	}
}

// The book of one order knows its profit: total, fee and cost.
func TestBookOfOneOrder(t *testing.T) {
	s, err := makeOne(t.Context(), session.Place{Home: store.Home(t.TempDir())}, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sums, err := s.Book.OrdersSums(t.Context(), store.OrdersView{})
	if err != nil || len(sums) != 1 || sums[0].Orders != 1 || sums[0].Profit != 3990-600-1250 {
		t.Errorf("%+v, %v", sums, err)
	}
}
