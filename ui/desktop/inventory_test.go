package desktop

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/data/markets"
	"countinghouse/ui/session"
)

func inventoryOpen(t testing.TB, s *session.Session, language string, size fyne.Size) (*env, *queue, *inventoryScreen) {
	t.Helper()
	e, q := newTestEnv(t, s, language)
	screen := newInventory(e).(*inventoryScreen)
	ordersInWindow(t, e, screen, size)
	screen.load(route{})
	ordersSettle(t, q, func() bool { return screen.data != nil })
	return e, q, screen
}

// What the list says was sold equals a count over the orders themselves.
func TestInventorySoldEqualsTheOrders(t *testing.T) {
	s := demoSession(t)
	e, _, screen := inventoryOpen(t, s, "en", ordersSmall)
	if n, _ := screen.table.Count(); n == 0 || n != len(screen.data.Rows) {
		t.Fatalf("%d rows of %d", n, len(screen.data.Rows))
	}
	sold := int64(0)
	for _, r := range screen.data.Rows {
		today, err := time.Parse(time.DateOnly, e.now().In(markets.Zone(r.Marketplace)).Format(time.DateOnly))
		if err != nil {
			t.Fatal(err)
		}
		var want int64
		err = s.Book.Reader().QueryRowContext(e.ctx, `SELECT coalesce(sum(quantity), 0) FROM order_item i JOIN orders o USING (connection_id, order_id)
			WHERE i.sku = ? AND o.marketplace_id = ? AND o.connection_id = ? AND o.status NOT IN ('CANCELLED', 'UNFULFILLABLE') AND o.order_day BETWEEN ? AND ?`,
			r.SKU, r.Marketplace, r.Connection, today.AddDate(0, 0, -30).Format(time.DateOnly), today.AddDate(0, 0, -1).Format(time.DateOnly)).Scan(&want)
		if err != nil {
			t.Fatal(err)
		}
		if r.Sold.Days30 != want {
			t.Errorf("%s: sold %d, want %d", r.SKU, r.Sold.Days30, want)
		}
		sold += want
	}
	if sold == 0 {
		t.Error("the demo seller sold nothing in 30 days")
	}
}

func TestInventoryScreenNarrowsAndOpens(t *testing.T) {
	e, q, s := inventoryOpen(t, demoSession(t), "en", ordersSmall)
	row, _ := s.table.Selected()
	test.Type(s.search, row.SKU)
	if n, _ := s.table.Count(); n == 0 || n == len(s.data.Rows) {
		t.Errorf("%d rows hold %s", n, row.SKU)
	}
	for i, c := range s.chips.Chips {
		var want int64
		for _, r := range s.data.Rows {
			if inventoryChips[i].takes(r) && strings.Contains(r.SKU+r.Title+r.ASIN, row.SKU) {
				want++
			}
		}
		if said := c.AccessibilityLabel(); !strings.HasSuffix(said, " "+e.loc.Count(want)) {
			t.Errorf("of %d rows that hold %s the chip says %q", want, row.SKU, said)
		}
	}
	s.widen()
	if n, _ := s.table.Count(); n != len(s.data.Rows) {
		t.Errorf("%d rows after widening", n)
	}
	s.load(route{SKU: row.SKU, Market: row.Marketplace})
	ordersSettle(t, q, func() bool { return strings.Contains(strings.Join(ordersWords(s.drawer), " "), "Unit cost") })
	ordersSays(t, s.drawer, row.SKU, "Sold per week", "Listing")
	var gone route
	e.show = func(r route) { gone = r }
	tapWord(t, s.drawer, "Orders")
	if gone.Screen != "orders" || gone.SKU != row.SKU {
		t.Errorf("the link leads to %+v", gone)
	}
	if !s.escape() || s.escape() {
		t.Error("Escape closes the drawer, once")
	}
}

// A cost typed in the drawer is in the book, and the value follows.
func TestInventoryTakesACost(t *testing.T) {
	home := t.TempDir()
	session, err := newDemo(t.Context(), home, 40, 40)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	e, q, s := inventoryOpen(t, session, "en", ordersSmall)
	row, _ := s.table.Selected()
	reloaded := 0
	e.reload = func() { reloaded++; s.load(route{}) }
	for _, r := range s.data.Rows {
		if r.held() > 0 {
			row = r
		}
	}
	c, why := inventoryCost(row.SKU, row.Marketplace, row.Value.Currency, "2020-01-01", "1.25")
	if why != "" {
		t.Fatal(why)
	}
	s.data = nil
	s.putCost(c)
	ordersSettle(t, q, func() bool { return s.data != nil })
	for _, r := range s.data.Rows {
		if r.Key() == row.Key() {
			want, _ := c.Unit.Times(r.held(), c.Currency)
			if r.Cost == nil || r.Value == nil {
				t.Fatal("no cost")
			}
			if r.Cost.From == "2020-01-01" && *r.Value != want {
				t.Errorf("value %v, want %v", r.Value, want)
			}
		}
	}
	costs, err := session.Book.Costs(e.ctx)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, have := range costs {
		found = found || have == c
	}
	if !found || reloaded != 1 {
		t.Errorf("the cost is stored: %v; reloads: %d", found, reloaded)
	}
	s.removeCost(c)
	costs, _ = session.Book.Costs(e.ctx)
	for _, have := range costs {
		if have == c {
			t.Error("the cost is still there")
		}
	}
}

func TestInventoryScreenStates(t *testing.T) {
	t.Run("empty", func(t *testing.T) {
		s, err := ordersEmptyBook(t)
		if err != nil {
			t.Fatal(err)
		}
		e, _, screen := inventoryOpen(t, s, "en", ordersSmall)
		gone := ""
		e.show = func(r route) { gone = r.Screen }
		tapWord(t, screen.page, "Connect Amazon…")
		if gone != "connect" {
			t.Errorf("the button leads to %q", gone)
		}
		ordersShoot(t, e, "inventory-empty")
	})
	t.Run("loading", func(t *testing.T) {
		e, _ := newTestEnv(t, demoSession(t), "en")
		screen := newInventory(e).(*inventoryScreen)
		ordersInWindow(t, e, screen, ordersSmall)
		screen.load(route{})
		if words := ordersWords(screen.page); len(words) > 0 && strings.TrimSpace(strings.Join(words, "")) != "" {
			t.Errorf("says %q before anything is known", words)
		}
		ordersShoot(t, e, "inventory-loading")
	})
	t.Run("error", func(t *testing.T) {
		e, q, screen := inventoryOpen(t, demoSession(t), "en", ordersSmall)
		screen.failed(errors.New("disk I/O error"))
		ordersSays(t, screen.page, "The stock could not be read.", "Try again")
		ordersShoot(t, e, "inventory-error")
		screen.data = nil
		tapWord(t, screen.page, "Try again")
		ordersSettle(t, q, func() bool { return screen.data != nil })
		ordersSays(t, screen.page, "Units on sale")
	})
	t.Run("closed", func(t *testing.T) {
		e, _ := newTestEnv(t, demoSession(t), "en")
		ctx, cancel := context.WithCancel(e.ctx)
		cancel()
		if _, err := inventoryRead(ctx, e.s.Book, nil, e.now()); !errors.Is(err, context.Canceled) {
			t.Errorf("reading goes on after the book was closed: %v", err)
		}
	})
}
