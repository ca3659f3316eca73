package desktop

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/ui/desktop/parts"
)

// watch keeps where a screen wants to go.
func watch(f *frame) *[]route {
	var went []route
	f.env.show = func(r route) { went = append(went, r) }
	return &went
}

// Every figure of the overview leads to what is behind it: tiles, bars, cells.
func TestEveryNumberOfTheOverviewOpens(t *testing.T) {
	f, settle := frameOver(t, demoSession(t), "en")
	f.show(route{Screen: "overview"})
	settle()
	o := f.built["overview"].screen.(*overviewScreen)
	went := watch(f)
	opens := func(what string, act func()) route {
		t.Helper()
		*went = nil
		act()
		if len(*went) != 1 {
			t.Fatalf("%s leads to %v", what, *went)
		}
		return (*went)[0]
	}
	for i, tile := range o.tiles {
		r := opens(fmt.Sprint("tile ", i), func() { test.Tap(tile) })
		if r.From == "" || r.To == "" || r.Market == "" {
			t.Errorf("tile %d leads to %+v: no days or marketplace", i, r)
		}
	}
	s, err := o.texts().slots(o.data, overviewBy(o.data.money()))
	if err != nil {
		t.Fatal(err)
	}
	for slot, span := range s.Spans {
		o.chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		r := opens(fmt.Sprint("bar ", slot), func() { o.chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) })
		if r.From != span.From || r.To != span.To {
			t.Errorf("bar %d of %v leads to %+v", slot, span, r)
		}
	}
	for _, column := range []string{"sku", "units", "sales", "profit", "margin"} {
		opens("product "+column, func() { o.openProduct(o.data.Products[0], column) })
		opens("marketplace "+column, func() { o.openMarket(o.data.Markets[0], column) })
	}
	for _, n := range o.texts().needs(o.data) {
		if n.Route == (route{}) {
			t.Errorf("%q leads nowhere", n.Title)
		}
	}
}

// Every cell, sum and bar of the profit screen leads to lines that add up to
// it.
func TestEveryNumberOfProfitOpensItsLines(t *testing.T) {
	s := demoSession(t)
	f, settle := frameOver(t, s, "en")
	f.show(route{Screen: "profit"})
	settle()
	p := f.built["profit"].screen.(*profitScreen)
	went := watch(f)
	check := func(what string, want int64, act func()) {
		t.Helper()
		*went = nil
		act()
		if len(*went) != 1 || (*went)[0].Line == "" {
			t.Fatalf("%s leads to %v", what, *went)
		}
		sums, err := s.Book.SumLines(t.Context(), linesFilter((*went)[0], f.filter()))
		if err != nil {
			t.Fatal(err)
		}
		var got int64
		for _, sum := range sums {
			if sum.Currency == p.currency {
				got += sum.Minor
			}
		}
		if got != want {
			t.Errorf("%s is %d, the lines behind it %d (%+v)", what, want, got, (*went)[0])
		}
	}
	table, ok := p.table.(*parts.Table[statementRow])
	if !ok {
		t.Fatalf("the statement is a %T", p.table)
	}
	columns := []parts.Column[statementRow]{}
	cells := 0
	for _, r := range p.data.Rows {
		for i, figure := range r.Figures {
			if !figure.Known {
				continue
			}
			column := "total"
			if i < len(p.data.Periods) {
				column = p.data.Periods[i].From
			}
			cells++
			check(r.ID+string(r.Line)+" of "+column, figure.Minor, func() { p.openCell(table, columns, r, column) })
		}
	}
	if cells < 100 {
		t.Errorf("only %d cells are known", cells)
	}
	for _, step := range profitWaterfall(p.data) {
		p.bridge.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		check("step "+step.Row.ID, step.Figure.Minor, func() { p.bridge.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) })
	}
	for i, st := range p.data.Statements {
		p.trend.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		if st.NetProfit.Known {
			check(fmt.Sprint("trend ", i), st.NetProfit.Minor, func() { p.trend.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) })
		}
	}
	p.tab([]string{profitGroupsView})
	settle()
	for _, g := range groupFigures {
		figure := g.of(p.data.Total)
		check("total of "+g.id, figure.Minor, func() { p.openGroup(profitGroup{}, g.id) })
		for _, product := range p.data.Products[:min(5, len(p.data.Products))] {
			check(product.SKU+" "+g.id, g.of(product.Statement).Minor, func() { p.openGroup(product, g.id) })
		}
	}
}

// A sum below a table is pressed as a cell is.
func TestSumsBelowATableOpen(t *testing.T) {
	f, settle := frameOver(t, demoSession(t), "en")
	f.show(route{Screen: "profit"})
	settle()
	p := f.built["profit"].screen.(*profitScreen)
	went := watch(f)
	p.tab([]string{profitGroupsView})
	settle()
	p.setBreakdown(profitByMarket)
	settle()
	size := p.table.Size()
	lines := map[string]bool{}
	for x := float32(100); x < size.Width; x += 20 {
		test.TapAt(p.table.Focus().(fyne.Tappable), fyne.NewPos(x, size.Height-10))
	}
	for _, r := range *went {
		lines[r.Line] = true
	}
	if len(lines) < len(groupFigures) || lines[""] {
		t.Errorf("the sums lead to %v", lines)
	}
}

// Sums and lines in the drawers lead on too.
func TestEveryNumberOfADrawerOpens(t *testing.T) {
	f, settle := frameOver(t, demoSession(t), "en")
	f.show(route{Screen: "orders", Order: firstOrder(t, f)})
	settle()
	went := watch(f)
	o := f.built["orders"].screen.(*ordersScreen)
	tapWord(t, o.drawer, "Profit")
	if len(*went) != 1 || (*went)[0].Order == "" || (*went)[0].Line != "*" {
		t.Errorf("an order's profit leads to %v", *went)
	}
	f.env.show = f.show
	f.show(route{Screen: "inventory", SKU: firstSKU(t, f)})
	settle()
	went = watch(f)
	s := f.built["inventory"].screen.(*inventoryScreen)
	charts := chartsIn(s.drawer)
	if len(charts) == 0 {
		t.Fatal("the drawer has no chart")
	}
	charts[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	charts[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(*went) != 1 || (*went)[0].SKU == "" || !strings.HasPrefix((*went)[0].From, "20") {
		t.Errorf("a week of sales leads to %v", *went)
	}
}
