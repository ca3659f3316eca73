package desktop

import (
	"context"
	"encoding/csv"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/session"
)

// profitTexts are the texts that can be seen inside an object.
func profitTexts(o fyne.CanvasObject) []string {
	var found []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			if o.Text != "" {
				found = append(found, o.Text)
			}
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
	return found
}

// profitShown loads the screen over the demo book and shows it in the window.
func profitShown(t *testing.T, r route) (*profitScreen, *queue, *[]route) {
	t.Helper()
	e, q := newTestEnv(t, demoSession(t), "en")
	var went []route
	e.show = func(r route) { went = append(went, r) }
	p := newProfit(e).(*profitScreen)
	e.window.SetContent(p.build())
	p.load(r)
	q.read(t, e)
	t.Cleanup(p.close)
	return p, q, &went
}

// The statement's figures are the sums of the lines behind them, read one by
// one by another query.
func TestProfitEqualsItsLines(t *testing.T) {
	p, _, _ := profitShown(t, route{})
	d := p.data
	if len(d.Currencies) != 3 || d.Total.NetSales.Minor == 0 || !d.Total.NetProfit.Known {
		t.Fatalf("currencies %v, net sales %v, net profit %+v", d.Currencies, d.Total.NetSales, d.Total.NetProfit)
	}
	for i, period := range append(slices.Clone(d.Periods), statementPeriod{statementSpan: d.Span}) {
		behind := map[books.Line]int64{}
		err := demoSession(t).Book.MoneyLines(t.Context(), store.LineFilter{From: period.From, To: period.To}, func(m store.MoneyRow) error {
			if m.Currency == d.Query.Currency {
				behind[books.Line(m.Line)] += m.Minor
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range d.Rows {
			var want int64
			for _, l := range r.Lines {
				want += behind[l]
			}
			if got := r.Figures[i]; !got.Known || got.Minor != want {
				t.Errorf("%s %s in %s..%s: %+v, lines behind it add up to %d", r.ID, r.Line, period.From, period.To, got, want)
			}
		}
	}
}

// Products and marketplaces each add up to the whole.
func TestProfitGroupsAddUp(t *testing.T) {
	p, _, _ := profitShown(t, route{View: profitGroupsView})
	for name, groups := range map[string][]profitGroup{"products": p.data.Products, "marketplaces": p.data.Markets} {
		var net, units int64
		for _, g := range groups {
			net, units = net+g.NetProfit.Minor, units+g.Units
		}
		for _, g := range groups {
			row := g.NetSales.Minor
			for _, f := range groupFigures[1 : len(groupFigures)-1] {
				row += f.of(g.Statement).Minor
			}
			if row != g.NetProfit.Minor {
				t.Errorf("%s %s: its columns add up to %d, its net profit is %d", g.Marketplace, g.SKU, row, g.NetProfit.Minor)
			}
		}
		if want := p.data.Total; net != want.NetProfit.Minor || units != want.Units {
			t.Errorf("%s: net profit %d and %d units, want %d and %d", name, net, units, want.NetProfit.Minor, want.Units)
		}
	}
}

// The bridge arrives where the statement does.
func TestProfitWaterfallArrives(t *testing.T) {
	p, _, _ := profitShown(t, route{})
	steps := profitWaterfall(p.data)
	var level int64
	for i, s := range steps[:len(steps)-1] {
		if s.Step.Total != (i == 0) {
			t.Errorf("step %d stands on zero: %v", i, s.Step.Total)
		}
		level += s.Figure.Minor
	}
	if last := steps[len(steps)-1]; !last.Step.Total || last.Figure.Minor != level || level != p.data.Total.NetProfit.Minor {
		t.Errorf("the steps lead to %d, the bridge ends at %d", level, last.Figure.Minor)
	}
}

func TestProfitCellsOpenTheirLines(t *testing.T) {
	p, _, went := profitShown(t, route{})
	table := p.table.(*parts.Table[statementRow])
	columns := []parts.Column[statementRow]{p.nameColumn()}
	first := p.data.Periods[0]
	net := p.data.Rows[slices.IndexFunc(p.data.Rows, func(r statementRow) bool { return r.ID == "net_sales" })]
	p.openCell(table, columns, net, first.From)
	p.openCell(table, columns, net, "share")
	if len(*went) != 2 {
		t.Fatalf("went to %v", *went)
	}
	lines := "sales.product,sales.shipping,sales.giftwrap,promotion,promotion.points,refund.product,refund.shipping,refund.giftwrap,refund.promotion"
	want := route{Screen: "profit", Line: lines, From: first.From, To: first.To, Currency: p.data.Query.Currency}
	if (*went)[0] != want {
		t.Errorf("went to %+v\nwant %+v", (*went)[0], want)
	}
	if (*went)[1].From != p.data.Span.From || (*went)[1].To != p.data.Span.To {
		t.Errorf("the share opens %+v, not the whole", (*went)[1])
	}
	// The name folds instead.
	before, _ := table.Count()
	p.openCell(table, columns, p.data.Rows[0], "line")
	if after, _ := table.Count(); after == before {
		t.Errorf("%d rows before and after a fold", before)
	}
}

func TestProfitFollowsItsRoute(t *testing.T) {
	p, q, went := profitShown(t, route{View: profitGroupsView})
	sku := p.data.Products[0]
	if sku.SKU == "" {
		sku = p.data.Products[1]
	}
	p.load(route{Screen: "profit", SKU: sku.SKU, Market: sku.Marketplace, From: p.data.Span.From, To: p.data.Span.To})
	q.read(t, p.env)
	if got, want := p.data.Total.NetProfit.Minor, sku.NetProfit.Minor; got != want {
		t.Errorf("of one product: %d, want %d", got, want)
	}
	texts := profitTexts(p.narrowed)
	if !slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, sku.SKU) }) || len(texts) != 3 {
		t.Errorf("narrowed: %v", texts)
	}
	test.Tap(p.narrowed.Objects[0].(*parts.Chip))
	if len(*went) != 1 || (*went)[0] != (route{Screen: "profit"}) {
		t.Errorf("ending it went to %v", *went)
	}
	// A currency's code chooses all of its marketplaces.
	p.load(route{Screen: "profit", Market: "JPY"})
	q.read(t, p.env)
	if p.data.Query.Currency != "JPY" || len(p.data.Markets) != 1 {
		t.Errorf("JPY: %s, %d marketplaces", p.data.Query.Currency, len(p.data.Markets))
	}
}

func TestProfitTabs(t *testing.T) {
	p, q, _ := profitShown(t, route{})
	months := len(p.data.Periods)
	p.tab([]string{profitGroupsView})
	q.read(t, p.env)
	if _, ok := p.table.(*parts.Table[profitGroup]); !ok {
		t.Errorf("products in a %T", p.table)
	}
	p.tab([]string{profitStatementView})
	q.read(t, p.env)
	p.setPeriods(statementWeeks)
	q.read(t, p.env)
	if weeks := len(p.data.Periods); weeks < 3*months {
		t.Errorf("%d weeks of %d months", weeks, months)
	}
	var sum int64
	for _, s := range p.data.Statements {
		sum += s.NetProfit.Minor
	}
	if sum != p.data.Total.NetProfit.Minor {
		t.Errorf("the weeks add up to %d, the total is %d", sum, p.data.Total.NetProfit.Minor)
	}
	p.tab([]string{profitGroupsView})
	q.read(t, p.env)
	p.setBreakdown(profitByMarket)
	q.read(t, p.env)
	p.tab([]string{profitStatementView})
	q.read(t, p.env)
	if _, ok := p.table.(*parts.Table[statementRow]); !ok {
		t.Errorf("weeks in a %T", p.table)
	}
}

func TestProfitCompares(t *testing.T) {
	e, q := newTestEnv(t, demoSession(t), "en")
	f := e.filter()
	f.CompareFrom, f.CompareTo = statementDay(f.From).AddDate(0, 0, -40).Format("2006-01-02"), statementDay(f.From).AddDate(0, 0, -1).Format("2006-01-02")
	e.filter = func() filter { return f }
	p := newProfit(e).(*profitScreen)
	p.build()
	defer p.close()
	p.load(route{})
	q.run(t)
	if p.data.Compare == nil || p.data.Compare.From != f.CompareFrom || !p.data.Compare.NetProfit.Known {
		t.Fatalf("compared: %+v", p.data.Compare)
	}
	heads, _ := p.table.Export(t.Context())
	if last := heads[len(heads)-1].ID; last != "change" {
		t.Errorf("the last column is %s", last)
	}
}

// The files hold exactly what the table shows.
func TestProfitExports(t *testing.T) {
	p, _, _ := profitShown(t, route{})
	var result string
	p.env.busy = func(_ string, work func(context.Context, func(int64, int64)) (string, error)) {
		text, err := work(t.Context(), func(int64, int64) {})
		result = text
		if err != nil {
			result = err.Error()
		}
	}
	dir := t.TempDir()
	exportTo(p.env, filepath.Join(dir, "out.csv"), p.exported)
	exportTo(p.env, filepath.Join(dir, "out.xlsx"), p.exported)
	raw, err := os.ReadFile(filepath.Join(dir, "out.csv"))
	if err != nil {
		t.Fatal(err, result)
	}
	records, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(filepath.Join(dir, "out.xlsx"))
	if err != nil {
		t.Fatal(err, result)
	}
	defer book.Close()
	rows := statementShown(p.data.Rows, p.open)
	if len(records) != len(rows)+1 {
		t.Fatalf("%d rows written, %d shown", len(records)-1, len(rows))
	}
	for i, r := range rows {
		for j, f := range r.Figures {
			want := f.Money.Decimal()
			if got := records[i+1][j+1]; got != want {
				t.Errorf("CSV row %d column %d: %q, want %q", i+1, j+1, got, want)
			}
			at, _ := excelize.CoordinatesToCellName(j+2, i+2)
			got, err := book.GetCellValue("Sheet1", at, excelize.Options{RawCellValue: true})
			kind, _ := book.GetCellType("Sheet1", at)
			a, okA := new(big.Rat).SetString(got)
			b, okB := new(big.Rat).SetString(want)
			if err != nil || !okA || !okB || a.Cmp(b) != 0 || kind != excelize.CellTypeUnset {
				t.Errorf("XLSX %s: %q of type %v, want the number %s", at, got, kind, want)
			}
		}
	}
	if got := records[0][1]; !strings.HasSuffix(got, " "+p.data.Query.Currency) {
		t.Errorf("the head %q does not name the currency", got)
	}
}

// Without costs no profit is shown, anywhere, and the reason is.
func unknownWithoutCosts(t *testing.T, s *session.Session) {
	e, q := newTestEnv(t, s, "en")
	p, o := newProfit(e).(*profitScreen), newOverview(e).(*overviewScreen)
	p.build()
	o.build()
	defer p.close()
	defer o.close()
	p.load(route{})
	q.run(t)
	o.load(route{})
	q.run(t)
	d := p.data
	if d.Total.NetProfit.Known || d.Total.Uncovered == 0 || profitWaterfall(d) != nil || !d.Total.NetSales.Known {
		t.Errorf("net profit %+v, %d units without cost", d.Total.NetProfit, d.Total.Uncovered)
	}
	for _, r := range d.Rows {
		total := len(d.Periods)
		cell := p.figureColumn(total, "total", "", d.Span, d.Total).Look(r)
		unknown := r.ID == "cogs" || r.ID == "contribution" || r.ID == "net_profit"
		if (cell.Text == "-") != unknown || unknown && !strings.Contains(cell.Tip, "units have no cost") {
			t.Errorf("%s shows %q with the tip %q", r.ID, cell.Text, cell.Tip)
		}
	}
	for _, tile := range o.data.Tiles {
		if text := o.texts().tile(o.data, tile); tile.Uncovered > 0 && (text.Figure != "-" || !strings.Contains(text.Lines[0], "without cost") || text.Change != "") {
			t.Errorf("%s says %+v", tile.ID, text)
		}
	}
	if needs := o.texts().needs(o.data); !slices.ContainsFunc(needs, func(n overviewNeed) bool {
		return n.Route.Screen == "costs" && strings.Contains(n.Title, "have no cost")
	}) {
		t.Errorf("needs %+v", needs)
	}
}

func TestProfitStates(t *testing.T) {
	e, q := newTestEnv(t, newEmptyBook(t), "en")
	var went []route
	e.show = func(r route) { went = append(went, r) }
	p := newProfit(e).(*profitScreen)
	content := p.build()
	e.window.SetContent(content)
	defer p.close()
	if !p.export.Disabled() {
		t.Error("there is nothing to export while loading")
	}
	p.load(route{})
	q.run(t)
	if texts := strings.Join(profitTexts(content), " "); !strings.Contains(texts, "No money in this period yet") || !strings.Contains(texts, "Connect Amazon") {
		t.Errorf("empty: %s", texts)
	}
	p.failed(errors.New("disk on fire"))
	if texts := strings.Join(profitTexts(content), " "); !strings.Contains(texts, "could not be read") || !strings.Contains(texts, "Try again") {
		t.Errorf("error: %s", texts)
	}
}

// Where the charts stand below the statement its groups are folded at first, so
// that net profit is in sight; beside it two of them are open. What the reader
// folds stays so.
func TestNetProfitIsInSight(t *testing.T) {
	for _, size := range []fyne.Size{fyne.NewSize(860, 640), fyne.NewSize(1900, 1000)} {
		e, q := newTestEnv(t, demoSession(t), "en")
		short := e.filter()
		short.From = statementDay(short.To).AddDate(0, -2, 0).Format("2006-01-02") // few columns
		e.filter = func() filter { return short }
		p := newProfit(e).(*profitScreen)
		e.window.SetContent(p.build())
		e.window.Resize(size)
		p.load(route{})
		q.read(t, e)
		below := p.body.Objects[1].Position().Y > 0
		if below != (size.Width < 1000) {
			t.Errorf("%v: the charts stand below: %v", size, below)
		}
		for _, group := range []string{"sales", "fba"} {
			if p.open[group] == below {
				t.Errorf("%v: %s is open: %v, with the charts below: %v", size, group, p.open[group], below)
			}
		}
		open := 0
		for _, is := range p.open {
			if is {
				open++
			}
		}
		if rows := len(statementShown(p.data.Rows, p.open)); !below && (open < 3 || float32(rows)*theme.Scaled(theme.Row) > p.page.Size().Height) {
			t.Errorf("%v: %d groups are open, %d rows on a page %v high", size, open, rows, p.page.Size().Height)
		}
		p.open["sales"] = below
		p.load(route{})
		q.read(t, e)
		if p.open["sales"] != below {
			t.Errorf("%v: loaded again, the statement forgot what was folded", size)
		}
		p.close()
	}
}
