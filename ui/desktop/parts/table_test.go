package parts_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/parts"
)

func TestTableShowsHeadsRowsAndTotals(t *testing.T) {
	test.NewTempApp(t)
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(3), columns), parts.TableOptions[order]{})
	show(t, table, 600, 300)
	table.SetTotals(map[string]parts.Cell{"n": {Text: "3 orders"}, "total": {Text: "30.00"}})
	want := []string{
		"Order", "Items", "Total USD",
		"114-0000000", "Item 0", "0.00",
		"114-0000001", "Item 1", "10.00",
		"114-0000002", "Item 2", "20.00",
		"3 orders", "30.00",
	}
	if got := texts(table); !slices.Equal(got, want) {
		t.Errorf("shown\n%q\nwant\n%q", got, want)
	}
}

func TestTableScrollsAMillionRowsToTheLast(t *testing.T) {
	test.NewTempApp(t)
	source := &many{count: 1_000_000}
	l := newLoop()
	table := parts.NewTable(t.Context(), columns, source, parts.TableOptions[order]{Post: l.post})
	defer table.Close()
	w := show(t, table, 600, 330)
	l.one() // count
	l.one() // first page
	w.Canvas().Focus(table.Focus())
	key(table.Focus(), fyne.KeyEnd)
	l.one()
	got := strings.Join(texts(table), " ")
	if !strings.Contains(got, "114-0999999") || strings.Contains(got, "114-0000000") {
		t.Errorf("after End: %s", got)
	}
	if row, ok := table.Selected(); !ok || row.n != 999_999 {
		t.Errorf("selected %v, %v", row, ok)
	}
	// Every row in between is reached without a gap, one by one.
	key(table.Focus(), fyne.KeyPageUp, fyne.KeyUp)
	if row, _ := table.Selected(); row.n != 999_999-11 {
		t.Errorf("page up and up lead to %d", row.n)
	}
	if asked := source.asked.Load(); asked > 4 {
		t.Errorf("%d pages asked for to show two places", asked)
	}
}

func TestTableShowsBonesUntilRowsCome(t *testing.T) {
	test.NewTempApp(t)
	source := &many{count: 50, gate: make(chan struct{})}
	l := newLoop()
	table := parts.NewTable(t.Context(), columns, source, parts.TableOptions[order]{Post: l.post})
	defer table.Close()
	show(t, table, 600, 300)
	heads := []string{"Order", "Items", "Total USD"}
	if got := texts(table); !slices.Equal(got, heads) {
		t.Errorf("before the count: %q", got)
	}
	l.one()
	if got := texts(table); !slices.Equal(got, heads) {
		t.Errorf("before the rows: %q", got)
	}
	close(source.gate)
	l.one()
	if got := texts(table); len(got) < 9 {
		t.Errorf("after the rows: %q", got)
	}
}

func TestTableKeepsRowsWhileReloading(t *testing.T) {
	test.NewTempApp(t)
	source := &many{count: 5}
	l := newLoop()
	table := parts.NewTable(t.Context(), columns, source, parts.TableOptions[order]{Post: l.post})
	defer table.Close()
	show(t, table, 600, 300)
	l.one()
	l.one()
	before := texts(table)
	source.count = 4
	table.Reload()
	if got := texts(table); !slices.Equal(got, before) {
		t.Errorf("while reloading: %q", got)
	}
	l.one()
	l.one()
	if got := texts(table); len(got) != len(before)-3 {
		t.Errorf("after reloading: %q", got)
	}
}

func TestTableDropsAnswersOfAnOldSource(t *testing.T) {
	test.NewTempApp(t)
	l := newLoop()
	old := &many{count: 7}
	table := parts.NewTable(t.Context(), columns, old, parts.TableOptions[order]{Post: l.post})
	defer table.Close()
	show(t, table, 600, 300)
	late := <-l // the old count, not yet delivered
	table.SetSource(parts.Rows(orders(2), columns))
	late()
	if n, _ := table.Count(); n != 2 {
		t.Errorf("%d rows, want those of the new source", n)
	}
}

func TestTableTellsErrorsAndKeepsRows(t *testing.T) {
	test.NewTempApp(t)
	l := newLoop()
	broken := errors.New("disk gone")
	var told error
	source := &many{count: 5}
	table := parts.NewTable(t.Context(), columns, source, parts.TableOptions[order]{Post: l.post, OnError: func(err error) { told = err }})
	defer table.Close()
	show(t, table, 600, 300)
	l.one()
	l.one()
	before := texts(table)
	source.err = broken
	table.Reload()
	l.one()
	if !errors.Is(told, broken) {
		t.Errorf("told %v", told)
	}
	if got := texts(table); !slices.Equal(got, before) {
		t.Errorf("rows after the error: %q", got)
	}
}

func TestTableSortsByClickAndByKey(t *testing.T) {
	test.NewTempApp(t)
	var saved parts.TableState
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(5), columns),
		parts.TableOptions[order]{OnState: func(s parts.TableState) { saved = s }})
	w := show(t, table, 600, 300)
	test.TapCanvas(w.Canvas(), fyne.NewPos(570, 15)) // Total: figures fall first
	if row, _ := table.Selected(); row.n != 4 || saved.Order != (parts.Order{Column: "total", Desc: true}) {
		t.Errorf("after the click: %v, %+v", row, saved.Order)
	}
	w.Canvas().Focus(table.Focus())
	key(table.Focus(), fyne.KeyUp, fyne.KeyHome, fyne.KeyUp, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyReturn)
	if saved.Order != (parts.Order{Column: "n"}) {
		t.Errorf("after the keys: %+v", saved.Order)
	}
	key(table.Focus(), fyne.KeyReturn)
	if saved.Order != (parts.Order{Column: "n", Desc: true}) {
		t.Errorf("after Enter again: %+v", saved.Order)
	}
}

func TestTableColumns(t *testing.T) {
	test.NewTempApp(t)
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(1), columns), parts.TableOptions[order]{})
	w := show(t, table, 600, 300)
	table.Toggle("note")
	table.Toggle("title")
	if got := texts(table)[:3]; !slices.Equal(got, []string{"Order", "Total USD", "Note"}) {
		t.Errorf("heads %q", got)
	}
	test.Drag(w.Canvas(), fyne.NewPos(120, 15), 40, 0)
	if got := table.State().Widths["n"]; got != 160 {
		t.Errorf("dragged to %v, want 160", got)
	}
	state := table.State()
	other := parts.NewTable(t.Context(), columns, parts.Rows(orders(1), columns), parts.TableOptions[order]{})
	show(t, other, 600, 300)
	state.Hidden = append(state.Hidden, "column of an old version")
	other.Restore(state)
	if got, want := texts(other), texts(table); !slices.Equal(got, want) {
		t.Errorf("restored %q, want %q", got, want)
	}
	for _, id := range []string{"n", "total", "note"} {
		table.Toggle(id)
	}
	if got := texts(table); !slices.Equal(got, []string{"Note", "note"}) {
		t.Errorf("the last column must stay: %q", got)
	}
}

func TestTableCopiesTheChosenRow(t *testing.T) {
	test.NewTempApp(t)
	rows := []order{{1, "plain"}, {2, "with\ttab\nand line"}}
	table := parts.NewTable(t.Context(), columns, parts.Rows(rows, columns), parts.TableOptions[order]{})
	w := show(t, table, 600, 300)
	w.Canvas().Focus(table.Focus())
	key(table.Focus(), fyne.KeyDown)
	table.Focus().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "114-0000002\twith tab and line\t20.00" {
		t.Errorf("clipboard %q", got)
	}
}

func TestTableOpensByEnterAndByClick(t *testing.T) {
	test.NewTempApp(t)
	var opened []string
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(5), columns), parts.TableOptions[order]{
		Cells:  true,
		OnOpen: func(o order, column string) { opened = append(opened, strconv.Itoa(o.n)+column) },
	})
	w := show(t, table, 600, 300)
	w.Canvas().Focus(table.Focus())
	key(table.Focus(), fyne.KeyDown, fyne.KeyRight, fyne.KeyEnter)
	at := fyne.NewPos(570, 30+2*30+15)
	test.TapCanvas(w.Canvas(), at) // chooses
	test.TapCanvas(w.Canvas(), at) // opens
	if want := []string{"1title", "2total"}; !slices.Equal(opened, want) {
		t.Errorf("opened %q, want %q", opened, want)
	}
}

// Down from the last row reaches the sums; Enter opens one as a click does.
func TestSumsOpenByKeyboard(t *testing.T) {
	test.NewTempApp(t)
	var opened []string
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(3), columns), parts.TableOptions[order]{
		Cells: true, OnOpen: func(o order, column string) { opened = append(opened, strconv.Itoa(o.n)+column) },
		OnTotal: func(column string) { opened = append(opened, "sum "+column) },
	})
	w := show(t, table, 600, 300)
	w.Canvas().Focus(table.Focus())
	key(table.Focus(), fyne.KeyEnd, fyne.KeyDown, fyne.KeyRight, fyne.KeyEnter) // there are no sums yet: the last row
	table.SetTotals(map[string]parts.Cell{"n": {Text: "3 orders"}, "total": {Text: "30.00"}})
	key(table.Focus(), fyne.KeyDown, fyne.KeyRight, fyne.KeyEnter, fyne.KeyDown, fyne.KeyLeft, fyne.KeyEnter) // below title there is no sum
	if label := table.Focus().(interface{ AccessibilityLabel() string }).AccessibilityLabel(); !strings.Contains(label, "30.00") {
		t.Errorf("the sums read %q", label)
	}
	key(table.Focus(), fyne.KeyUp, fyne.KeyEnter, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnter)
	if want := []string{"2title", "sum total", "2title", "0title"}; !slices.Equal(opened, want) {
		t.Errorf("opened %q, want %q", opened, want)
	}
	key(table.Focus(), fyne.KeyEnd, fyne.KeyDown)
	table.SetTotals(nil)
	key(table.Focus(), fyne.KeyEnter) // what went is not opened
	if n := len(opened); n != 5 || opened[4] != "2title" {
		t.Errorf("without sums it opened %q", opened[4:])
	}
}

func TestTableCutsTitlesAndShowsThemOnHover(t *testing.T) {
	test.NewTempApp(t)
	long := strings.Repeat("折りたたみ式ドリッパー ", 12)
	table := parts.NewTable(t.Context(), columns, parts.Rows([]order{{123456789, long}}, columns), parts.TableOptions[order]{})
	w := show(t, table, 400, 300)
	got := texts(table)
	if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "折り") && strings.HasSuffix(s, "…") }) {
		t.Errorf("the title is not cut: %q", got)
	}
	if !slices.Contains(got, "1234567890.00") {
		t.Errorf("the column of figures did not become as wide as its figure: %q", got)
	}
	test.MoveMouse(w.Canvas(), fyne.NewPos(200, 45))
	if tip := strings.Join(texts(table), ""); strings.Count(tip, "折りたたみ式") < 12 {
		t.Errorf("hover does not show the whole title: %q", tip)
	}
}

// A figure that has no room even so is not cut: a part of it would be another
// figure.
func TestTableShowsNoPartOfAFigure(t *testing.T) {
	test.NewTempApp(t)
	table := parts.NewTable(t.Context(), columns, parts.Rows([]order{{123456789, "kettle"}}, columns), parts.TableOptions[order]{})
	show(t, table, 190, 300)
	got := texts(table)
	if !slices.Contains(got, "…") || slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "1234") && s != "123456789" }) {
		t.Errorf("a figure without room: %q", got)
	}
}

func TestTableExportsAllRowsAsShown(t *testing.T) {
	test.NewTempApp(t)
	source := &many{count: 2500}
	table := parts.NewTable(t.Context(), columns, source, parts.TableOptions[order]{Post: func(func()) {}})
	defer table.Close()
	table.Toggle("title")
	table.SetOrder(parts.Order{Column: "n", Desc: true})
	heads, rows := table.Export(t.Context())
	if len(heads) != 2 || heads[1].Title != "Total" || heads[1].Unit != "USD" {
		t.Errorf("heads %+v", heads)
	}
	n := 0
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		want := 2499 - n
		if row[0].Text != fmt.Sprintf("114-%07d", want) || row[1].Raw != int64(want*1000) {
			t.Fatalf("row %d: %+v", n, row)
		}
		n++
	}
	if n != 2500 {
		t.Errorf("%d rows, want 2500", n)
	}
	source.err = errors.New("disk gone")
	for _, err := range rows {
		if !errors.Is(err, source.err) {
			t.Errorf("error %v", err)
		}
	}
}

func TestTableCloseWaitsForItsLoader(t *testing.T) {
	test.NewTempApp(t)
	source := &many{count: 10, gate: make(chan struct{})}
	l := newLoop()
	table := parts.NewTable(t.Context(), columns, source, parts.TableOptions[order]{Post: l.post})
	show(t, table, 600, 300)
	l.one()
	table.Close() // would hang if the loader ignored its context
	l.drain()
	if got := texts(table); len(got) != 3 {
		t.Errorf("rows after Close: %q", got)
	}
}

func TestTableEmptyState(t *testing.T) {
	test.NewTempApp(t)
	empty := canvas.NewText("Nothing yet", nil)
	table := parts.NewTable(t.Context(), columns, parts.Rows[order](nil, columns), parts.TableOptions[order]{Empty: empty})
	w := show(t, table, 600, 300)
	if !empty.Visible() {
		t.Error("no word about there being nothing")
	}
	w.Canvas().Focus(table.Focus())
	key(table.Focus(), fyne.KeyDown, fyne.KeyEnd, fyne.KeyReturn, fyne.KeySpace, fyne.KeyPageDown)
	table.SetSource(parts.Rows(orders(1), columns))
	if empty.Visible() {
		t.Error("the word stays over the rows")
	}
}

// A table that has no rows to ask for yet shows bones, reads nothing and exports
// no empty file.
func TestTableBeforeItsSource(t *testing.T) {
	l := newLoop()
	var reading atomic.Int32
	table := parts.NewTable(t.Context(), columns, nil, parts.TableOptions[order]{Post: l.post, Reading: &reading})
	defer table.Close()
	if _, known := table.Count(); known || reading.Load() != 0 {
		t.Errorf("known: %t, reading: %d", known, reading.Load())
	}
	_, rows := table.Export(t.Context())
	for _, err := range rows {
		if err == nil {
			t.Error("a row of nothing")
		}
	}
	table.SetSource(parts.Source[order](&many{count: 3}))
	if reading.Load() != 1 {
		t.Errorf("reading: %d while rows are counted", reading.Load())
	}
	for reading.Load() > 0 {
		l.one()
	}
	if n, known := table.Count(); n != 3 || !known || reading.Load() != 0 {
		t.Errorf("%d rows, known: %t, reading: %d", n, known, reading.Load())
	}
}
