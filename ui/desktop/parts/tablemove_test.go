package parts_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// wideColumns are more than a small window shows.
func wideColumns() []parts.Column[order] {
	wide := []parts.Column[order]{{ID: "line", Title: "Line", Width: 150, Text: func(o order) string { return o.title }}}
	for i := range 12 {
		wide = append(wide, parts.Column[order]{
			ID: "m" + strconv.Itoa(i), Title: "M" + strconv.Itoa(i), Width: 90, Align: parts.Right,
			Text: func(o order) string { return strconv.Itoa(1000*i + o.n) },
		})
	}
	return wide
}

// TestSidewaysNeverShowsHalfAFigure scrolls by odd steps: the first column
// beside the pinned one is always whole, and the last can be reached.
func TestSidewaysNeverShowsHalfAFigure(t *testing.T) {
	test.NewTempApp(t)
	wide := wideColumns()
	table := parts.NewTable(t.Context(), wide, parts.Rows(orders(3), wide), parts.TableOptions[order]{Pinned: 1, Cells: true})
	w := show(t, table, 500, 200)
	for range 60 {
		test.Scroll(w.Canvas(), fyne.NewPos(300, 100), -17, 0)
		at := headAt(table, 150)
		if at != 150 {
			t.Fatalf("the first column after the pinned one begins at %v, not at 150", at)
		}
	}
	if got := texts(table); !slices.Contains(got, "M11") || slices.Contains(got, "M0") && headOf(table, "M0") >= 150 {
		t.Errorf("scrolled to the end: %q", got)
	}
	if right := headOf(table, "M11") + 90; right > 500 {
		t.Errorf("the last column ends at %v, outside the table", right)
	}
	w.Canvas().Focus(table.Focus())
	for range 12 {
		key(table.Focus(), fyne.KeyLeft)
	}
	if at := headOf(table, "M0"); at != 150 {
		t.Errorf("back by keys, M0 begins at %v", at)
	}
	key(table.Focus(), fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
	if got := table.Copy(); got != "4000" {
		t.Errorf("chosen cell %q, want that of the fifth month", got)
	}
	if left := headOf(table, "M4"); left < 150 || left+90 > 500 {
		t.Errorf("the chosen column is at %v, not in view", left)
	}
}

func TestSidewaysByKeysMovesAColumn(t *testing.T) {
	test.NewTempApp(t)
	wide := wideColumns()
	table := parts.NewTable(t.Context(), wide, parts.Rows(orders(3), wide), parts.TableOptions[order]{Pinned: 1})
	w := show(t, table, 500, 200)
	w.Canvas().Focus(table.Focus())
	for i, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft} {
		key(table.Focus(), k)
		want := []string{"M1", "M2", "M1", "M0", "M0"}[i]
		if at := headOf(table, want); at != 150 {
			t.Errorf("step %d: %s begins at %v", i, want, at)
		}
	}
}

// headOf returns where a column begins, by its title, which stands right.
func headOf(table fyne.CanvasObject, title string) float32 {
	for _, p := range placed(table) {
		if p.text == title {
			return p.right - 90 + 8
		}
	}
	return -1
}

// headAt returns where the column begins that is the first at or after x.
func headAt(table fyne.CanvasObject, x float32) float32 {
	best := float32(1e6)
	for _, p := range placed(table) {
		if left := p.right - 90 + 8; strings.HasPrefix(p.text, "M") && p.right > x {
			best = min(best, left)
		}
	}
	return best
}

func TestTableScrollsByWheelAndBar(t *testing.T) {
	test.NewTempApp(t)
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(1000), columns), parts.TableOptions[order]{})
	w := show(t, table, 600, 330)
	test.Scroll(w.Canvas(), fyne.NewPos(300, 200), 0, -300)
	if got := texts(table); !slices.Contains(got, "114-0000010") || slices.Contains(got, "114-0000009") {
		t.Errorf("ten rows down: %q", got)
	}
	test.Scroll(w.Canvas(), fyne.NewPos(300, 200), 0, 1e9)
	if got := texts(table); !slices.Contains(got, "114-0000000") {
		t.Errorf("far up: %q", got)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(597, 329)) // the end of the bar
	if got := texts(table); !slices.Contains(got, "114-0000999") {
		t.Errorf("end of the bar: %q", got)
	}
	test.Drag(w.Canvas(), fyne.NewPos(597, 320), 0, -400)
	if got := texts(table); !slices.Contains(got, "114-0000000") {
		t.Errorf("bar dragged up: %q", got)
	}
}

func TestTableFolds(t *testing.T) {
	test.NewTempApp(t)
	folded := slices.Clone(columns)
	folded[0].Look = func(order) parts.Cell { return parts.Cell{Fold: parts.Closed, Indent: 1} }
	var got []int
	opened := 0
	table := parts.NewTable(t.Context(), folded, parts.Rows(orders(3), folded), parts.TableOptions[order]{
		OnFold: func(o order) { got = append(got, o.n) }, OnOpen: func(order, string) { opened++ },
	})
	w := show(t, table, 600, 300)
	test.TapCanvas(w.Canvas(), fyne.NewPos(30, 30+15+30)) // the arrow of the second row
	w.Canvas().Focus(table.Focus())
	key(table.Focus(), fyne.KeyDown, fyne.KeySpace)
	if !slices.Equal(got, []int{1, 2}) || opened != 0 {
		t.Errorf("folded %v, opened %d", got, opened)
	}
}

func TestChooserHidesColumns(t *testing.T) {
	test.NewTempApp(t)
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(1), columns), parts.TableOptions[order]{})
	show(t, table, 600, 300)
	var checks []*parts.Check
	for _, o := range test.LaidOutObjects(table.Chooser()) {
		if c, ok := o.(*parts.Check); ok {
			checks = append(checks, c)
		}
	}
	if len(checks) != 4 || checks[3].Checked || checks[2].Text != "Total USD" {
		t.Fatalf("chooser offers %d columns", len(checks))
	}
	test.Tap(checks[3])
	for _, c := range checks[:3] {
		test.Tap(c)
	}
	if got := texts(table)[0]; got != "Note" || checks[0].Checked {
		t.Errorf("left is %q", got)
	}
	test.Tap(checks[3])
	if !checks[3].Checked {
		t.Error("the last column's box is empty though it is shown")
	}
}

func TestColumnsStandInTheUsersOrder(t *testing.T) {
	test.NewTempApp(t)
	var saved parts.TableState
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(1), columns), parts.TableOptions[order]{OnState: func(s parts.TableState) { saved = s }})
	show(t, table, 600, 300)
	heads := func() string {
		hs, _ := table.Export(t.Context())
		var ids []string
		for _, h := range hs {
			ids = append(ids, h.ID)
		}
		return strings.Join(ids, " ")
	}
	before := heads()
	ids := strings.Fields(before)
	table.MoveColumn(ids[0], 1)
	want := strings.Join([]string{ids[1], ids[0], ids[2]}, " ")
	if got := heads(); got != want || len(saved.Columns) != len(columns) {
		t.Errorf("%q moved to %q, want %q; saved %v", before, got, want, saved.Columns)
	}
	table.MoveColumn(ids[0], -100)
	if got := heads(); got != before {
		t.Errorf("back at the end it is %q", got)
	}
	// A column that came with a newer version stands where it is described.
	table.Restore(parts.TableState{Columns: []string{ids[2], "gone", ids[0]}})
	if got, want := heads(), strings.Join([]string{ids[2], ids[0], ids[1]}, " "); got != want {
		t.Errorf("restored %q, want %q", got, want)
	}
	test.Tap(buttonsOf(table.Chooser())[1]) // the first column down
	if got := heads(); !strings.HasPrefix(got, ids[0]) && !strings.HasPrefix(got, ids[2]) {
		t.Errorf("after the button it is %q", got)
	}
}

func buttonsOf(o fyne.CanvasObject) (all []*parts.IconButton) {
	for _, o := range test.LaidOutObjects(o) {
		if b, ok := o.(*parts.IconButton); ok {
			all = append(all, b)
		}
	}
	return all
}

func TestCompactRowsAreCloser(t *testing.T) {
	test.NewTempApp(t)
	table := parts.NewTable(t.Context(), columns, parts.Rows(orders(100), columns), parts.TableOptions[order]{})
	show(t, table, 600, 30+24*10)
	before := len(texts(table))
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Options{Compact: true}))
	table.Refresh()
	if after := len(texts(table)); after != before+2*3 {
		t.Errorf("%d texts, then %d: ten rows of 24 fit where eight of 30 did", before, after)
	}
}
