package desktop

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/xuri/excelize/v2"

	"countinghouse/data/store"
	"countinghouse/data/vault"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// ordersOpen makes the screen over a session and loads it.
func ordersOpen(t testing.TB, s *session.Session, language string, size fyne.Size) (*env, *queue, *ordersScreen) {
	t.Helper()
	e, q := newTestEnv(t, s, language)
	screen := newOrders(e).(*ordersScreen)
	ordersInWindow(t, e, screen, size)
	screen.load(route{})
	ordersSettle(t, q, func() bool {
		n, known := screen.table.Count()
		_, loaded := screen.table.Selected()
		return screen.summedOf != "" && known && (loaded || n == 0)
	})
	return e, q, screen
}

var ordersSmall = fyne.NewSize(1280, 800)

func TestOrdersScreenShowsTheBooksOrders(t *testing.T) {
	session := demoSession(t)
	e, q, s := ordersOpen(t, session, "en", ordersSmall)
	n, _ := s.table.Count()
	view := s.view
	sums, err := session.Book.OrdersSums(e.ctx, view)
	if err != nil {
		t.Fatal(err)
	}
	want := ordersTotalsOf(sums)
	if n == 0 || int64(n) != want.Orders {
		t.Fatalf("%d rows, the sums hold %d", n, want.Orders)
	}
	ordersSays(t, s.page, e.loc.Count(want.Orders)+" orders")

	s.table.Select(3)
	row, _ := s.table.Selected()
	opened := ""
	e.opened = func(connection, id string) { opened = connection + " " + id }
	s.show(row.Connection, row.ID)
	if opened != row.Connection+" "+row.ID {
		t.Errorf("%q is fetched next", opened)
	}
	ordersSettle(t, q, func() bool { return strings.Contains(strings.Join(ordersWords(s.drawer), " "), "Ship to") })
	ordersSays(t, s.drawer, row.ID, "Ordered", "Amazon's own words")
	if strings.Contains(shownColumns(s.listPart), "fees") {
		t.Error("the list keeps all columns beside the drawer")
	}
	if !s.escape() || s.drawer.Visible() || s.escape() {
		t.Error("Escape closes the drawer, once")
	}
	if got := shownColumns(s.listPart); !strings.Contains(got, "fees") {
		t.Errorf("columns stay hidden: %s", got)
	}
}

func TestOrdersScreenNarrows(t *testing.T) {
	session := demoSession(t)
	_, q, s := ordersOpen(t, session, "en", ordersSmall)
	all, _ := s.table.Count()
	row, _ := s.table.Selected()
	test.Type(s.search, row.ID)
	ordersSettle(t, q, func() bool { n, known := s.table.Count(); return known && n == 1 })
	s.widen()
	ordersSettle(t, q, func() bool { n, known := s.table.Count(); return known && n == all })
	test.Tap(s.chips.Chips[5]) // refunded
	ordersSettle(t, q, func() bool { _, known := s.table.Count(); _, ok := s.table.Selected(); return known && ok })
	n, _ := s.table.Count()
	if n == 0 || n >= all {
		t.Fatalf("%d of %d orders are refunded", n, all)
	}
	if r, _ := s.table.Selected(); r.Money == nil || !r.Money.Refunded {
		t.Errorf("%s is not refunded", r.ID)
	}
}

func TestOrdersScreenStates(t *testing.T) {
	t.Run("empty", func(t *testing.T) {
		s, err := ordersEmptyBook(t)
		if err != nil {
			t.Fatal(err)
		}
		e, _, screen := ordersOpen(t, s, "en", ordersSmall)
		ordersSays(t, screen.page, "No orders yet", "Import report files…")
		gone := ""
		e.show = func(r route) { gone = r.Screen }
		tapWord(t, screen.page, "Import report files…")
		if gone != "import" {
			t.Errorf("the button leads to %q", gone)
		}
		ordersShoot(t, e, "orders-empty")
	})
	t.Run("loading", func(t *testing.T) {
		e, q := newTestEnv(t, demoSession(t), "en")
		screen := newOrders(e).(*ordersScreen)
		ordersInWindow(t, e, screen, ordersSmall)
		screen.load(route{})
		if _, known := screen.table.Count(); known {
			t.Error("the count is known before it was read")
		}
		ordersShoot(t, e, "orders-loading")
		_ = q
	})
	t.Run("error", func(t *testing.T) {
		e, _, screen := ordersOpen(t, demoSession(t), "en", ordersSmall)
		screen.failed(errors.New("read orders: disk I/O error"))
		ordersSays(t, screen.page, "The orders could not be read.", "Try again")
		ordersShoot(t, e, "orders-error")
	})
}

// ordersEmptyBook is a book nothing was ever fetched into.
func ordersEmptyBook(t *testing.T) (*session.Session, error) {
	code, err := vault.NewRecoveryCode()
	if err != nil {
		return nil, err
	}
	s, err := session.Create(t.Context(), session.Place{Home: store.Home(t.TempDir())}, "Empty", session.Demo,
		[]vault.NewSlot{{Kind: vault.KindRecovery, Label: "test", Recovery: code}})
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

// An address is shown after the audit chain holds that it is, and only then.
func TestOrdersUnmaskIsAudited(t *testing.T) {
	session := demoSession(t)
	e, q, s := ordersOpen(t, session, "en", ordersSmall)
	x, err := session.Book.OrdersIndex(e.ctx, store.OrdersView{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := session.Book.OrdersPage(e.ctx, x, store.ByPurchase, true, 0, x.Count)
	if err != nil {
		t.Fatal(err)
	}
	people, err := session.Book.HasPeople(e.ctx, rows)
	if err != nil || len(people) == 0 {
		t.Fatalf("the demo book holds %d recipients, %v", len(people), err)
	}
	for k := range people {
		before, err := session.Book.AuditHead(e.ctx)
		if err != nil {
			t.Fatal(err)
		}
		s.show(k[0], k[1])
		ordersSettle(t, q, func() bool { return strings.Contains(strings.Join(ordersWords(s.drawer), " "), ordersMask) })
		tapWord(t, s.drawer, "Show")
		ordersSettle(t, q, func() bool { return strings.Contains(strings.Join(ordersWords(s.drawer), " "), "Hide") })
		after, err := session.Book.AuditHead(e.ctx)
		if err != nil || after == before {
			t.Errorf("shown without an entry: %v", err)
		}
		var name string
		if err := session.Book.People().QueryRowContext(e.ctx, `SELECT name FROM person WHERE connection_id = ? AND order_id = ?`, k[0], k[1]).Scan(&name); err != nil {
			t.Fatal(err)
		}
		ordersSays(t, s.drawer, name)
		ordersShoot(t, e, "orders-unmasked")
		tapWord(t, s.drawer, "Hide")
		if strings.Contains(strings.Join(ordersWords(s.drawer), " "), name) {
			t.Error("the name stays after hiding")
		}
		return
	}
}

// Every document of an order opens as Amazon sent it.
func TestOrdersShowAmazonsOriginal(t *testing.T) {
	session := demoSession(t)
	e, q, s := ordersOpen(t, session, "en", ordersSmall)
	e.notify = func(text string) { t.Errorf("told %q", text) }
	for i := range 60 {
		s.table.Select(i)
		if r, ok := s.table.Selected(); ok && r.Money != nil && r.Money.Refunded {
			break
		}
	}
	r, _ := s.table.Selected()
	d, err := session.Book.OrderDetail(e.ctx, r.Connection, r.ID)
	if err != nil || len(d.Documents) < 2 {
		t.Fatalf("%d documents, %v", len(d.Documents), err)
	}
	for i, p := range detailPapers(d.Documents) {
		detailShow(e, &s.papers, p)
		ordersSettle(t, q, func() bool { return e.window.Canvas().Overlays().Top() != nil })
		top := e.window.Canvas().Overlays().Top()
		ordersSays(t, top, r.ID)
		ordersShoot(t, e, fmt.Sprintf("orders-original-%d", i))
		tapLast(t, top)
	}
}

// tapLast presses the dialog's own button.
func tapLast(t testing.TB, o fyne.CanvasObject) {
	t.Helper()
	var last *parts.Button
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *parts.Button:
			last = o
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(o)
	if last == nil {
		t.Fatal("the dialog has no button")
	}
	test.Tap(last)
}

// The files hold exactly the rows of the list, as values.
func TestOrdersExport(t *testing.T) {
	session := demoSession(t)
	e, _, s := ordersOpen(t, session, "en", ordersSmall)
	n, _ := s.table.Count()
	dir := t.TempDir()
	for _, name := range []string{"orders.csv", "orders.xlsx"} {
		heads, rows := s.table.Export(e.ctx)
		path := filepath.Join(dir, name)
		if got, err := detailWriteFile(e.ctx, path, heads, rows, func(int64, int64) {}); err != nil || got != int64(n) {
			t.Fatalf("%s: %d rows of %d, %v", name, got, n, err)
		}
	}
	f, err := os.Open(filepath.Join(dir, "orders.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil || len(records) != n+1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	book, err := excelize.OpenFile(filepath.Join(dir, "orders.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil || len(sheet) != n+1 {
		t.Fatalf("%d lines in the sheet, %v", len(sheet), err)
	}
	row, _ := s.table.Selected()
	if records[1][1] != row.ID || sheet[1][1] != row.ID {
		t.Errorf("first order %q and %q, shown is %q", records[1][1], sheet[1][1], row.ID)
	}
	cancelled, cancel := context.WithCancel(e.ctx)
	cancel()
	heads, rows := s.table.Export(cancelled)
	if _, err := detailWriteFile(cancelled, filepath.Join(dir, "late.csv"), heads, rows, func(int64, int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled export: %v", err)
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 2 {
		t.Errorf("a cancelled export leaves files: %v", left)
	}
}
