package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// ownSession is a demo book that a test may change.
func ownSession(t testing.TB) *session.Session {
	t.Helper()
	home, err := os.MkdirTemp(t.TempDir(), "home")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newDemo(t.Context(), filepath.Join(home, "h"), 120, 60)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// shownColumns are the ids of the columns on screen, in their order.
func shownColumns[R any](l *listPart[R]) string {
	heads, _ := l.table.Export(l.env.ctx)
	var ids []string
	for _, h := range heads {
		ids = append(ids, h.ID)
	}
	return strings.Join(ids, " ")
}

// What the user chose about a list is there again when the screen is made
// anew, and under the name he gave it.
func TestListsRememberTheirViews(t *testing.T) {
	s := ownSession(t)
	e, q, orders := ordersOpen(t, s, "en", ordersSmall)
	usual := shownColumns(orders.listPart)
	orders.table.Toggle("sku")
	orders.table.MoveColumn("profit", -100)
	test.Tap(orders.chips.Chips[5])
	orders.saveView("  Refunds first ")
	want := shownColumns(orders.listPart)
	if !strings.HasPrefix(want, "profit ") || !strings.Contains(want, "sku") || want == usual {
		t.Fatalf("columns are %q", want)
	}
	ordersSettle(t, q, func() bool {
		views, err := s.Book.SavedViews(t.Context(), "orders")
		return err == nil && len(views) == 1 && len(orders.views) == 1 && !orders.saving
	})
	orders.close()

	_, q, again := ordersOpen(t, s, "en", ordersSmall)
	if got := shownColumns(again.listPart); got != want || again.view.Group != store.OrdersRefunded {
		t.Errorf("made anew it shows %q of group %q, want %q", got, again.view.Group, want)
	}
	if len(again.views) != 1 || again.views[0].Name != "Refunds first" {
		t.Fatalf("views: %v", again.views)
	}
	again.env.reload = func() { again.load(route{}) }
	items := again.viewMenu().Items
	items[len(items)-1].Action() // the standard view
	if got := shownColumns(again.listPart); got != usual || again.view.Group != store.AllOrders {
		t.Errorf("the standard view shows %q of group %q, want %q", got, again.view.Group, usual)
	}
	again.viewMenu().Items[0].Action()
	if got := shownColumns(again.listPart); got != want || again.view.Group != store.OrdersRefunded {
		t.Errorf("the saved view shows %q of group %q, want %q", got, again.view.Group, want)
	}
	if !again.viewMenu().Items[0].Checked {
		t.Error("the view that is shown is not marked")
	}
	again.deleteView(again.views[0])
	ordersSettle(t, q, func() bool { return len(again.views) == 0 })
	if views, err := s.Book.SavedViews(t.Context(), "orders"); err != nil || len(views) != 0 {
		t.Errorf("after deleting: %v, %v", views, err)
	}
	_ = e
}

// A view that another version wrote must not keep anybody from his list.
func TestListsLeaveWhatTheyCannotRead(t *testing.T) {
	s := ownSession(t)
	for _, text := range []string{"{", `{"table":{"columns":["gone"],"order":{"column":"gone"}},"filter":{"chip":"gone","who":"x"}}`} {
		err := s.Book.Write(t.Context(), func(tx *store.Tx) error { return tx.SetSetting("orders.list", text) })
		if err != nil {
			t.Fatal(err)
		}
		_, _, orders := ordersOpen(t, s, "en", ordersSmall)
		if n, known := orders.table.Count(); !known || !slices.Contains(store.OrderGroupList, orders.view.Group) {
			t.Errorf("%s: %d rows, group %q", text, n, orders.view.Group)
		}
		orders.close()
	}
}

// A route of days and marketplace shows exactly the orders of the tile it comes
// from, whatever narrowed the list before.
func TestOrdersOfTheTodayTile(t *testing.T) {
	s := demoSession(t)
	e, q, screen := ordersOpen(t, s, "en", ordersSmall)
	screen.narrowTo(listFilter{Chip: "refunded", Who: "AMAZON"})
	f := e.filter()
	days, err := overviewLoad(e.ctx, s.Book, overviewQuery{Span: statementSpan{f.From, f.To}, Now: e.now()})
	if err != nil {
		t.Fatal(err)
	}
	// Today may have no order yet: a day with some, as the tile would open it.
	var day string
	var want int64
	err = s.Book.Reader().QueryRowContext(e.ctx, `SELECT order_day, count(*) FROM orders WHERE marketplace_id = ? AND status <> 'CANCELLED'
		GROUP BY 1 ORDER BY 1 DESC LIMIT 1`, days.Market).Scan(&day, &want)
	if err != nil {
		t.Fatal(err)
	}
	screen.load(route{Screen: "orders", From: day, To: day, Market: days.Market})
	ordersSettle(t, q, func() bool {
		n, known := screen.table.Count()
		return known && int64(n) == want && screen.summedOf == screen.shownOf
	})
	ordersSays(t, screen.page, e.loc.Count(want)+" order", "without cancelled")
	for i := range int(want) {
		screen.table.Select(i)
		if r, ok := screen.table.Selected(); ok && (r.Day != day || r.Marketplace != days.Market) {
			t.Errorf("order %s is of %s in %s", r.ID, r.Day, r.Marketplace)
		}
	}
	// A currency stands for its marketplaces.
	screen.load(route{Screen: "orders", From: day, To: day, Market: days.Currency})
	ordersSettle(t, q, func() bool { n, known := screen.table.Count(); return known && int64(n) == want })
	screen.load(route{Screen: "orders"})
	ordersSettle(t, q, func() bool { n, known := screen.table.Count(); return known && int64(n) > want })
}

// A note is stored, shown, found, and taken away again.
func TestOrdersNotes(t *testing.T) {
	s := ownSession(t)
	e, q, screen := ordersOpen(t, s, "en", ordersSmall)
	said := ""
	e.notify = func(text string) { said = text }
	row, _ := screen.table.Selected()
	d, err := s.Book.OrderDetail(t.Context(), row.Connection, row.ID)
	if err != nil {
		t.Fatal(err)
	}
	screen.saveNote(d, " asked for 100% cotton ")
	ordersSettle(t, q, func() bool { return strings.Contains(said, row.ID) })
	test.Type(screen.search, "100% COTTON")
	ordersSettle(t, q, func() bool {
		n, known := screen.table.Count()
		r, ok := screen.table.Selected()
		return known && n == 1 && ok && r.ID == row.ID
	})
	if r, _ := screen.table.Selected(); r.Note != "asked for 100% cotton" {
		t.Errorf("the note is %q", r.Note)
	}
	screen.saveNote(d, "")
	ordersSettle(t, q, func() bool { n, known := screen.table.Count(); return known && n == 0 })
}
