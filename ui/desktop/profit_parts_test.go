package desktop

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/session"
)

// turned shows a part of the screen.
func turned(t *testing.T, p *profitScreen, q *queue, view string) {
	t.Helper()
	p.tab([]string{view})
	q.read(t, p.env)
}

// sumBehind adds up the lines that a place of the window shows.
func sumBehind(t *testing.T, p *profitScreen, r route) int64 {
	t.Helper()
	of, err := p.env.s.Book.BehindTax(t.Context(), linesFilter(r, p.env.filter()))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := p.env.s.Book.SumLines(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	var minor int64
	for _, s := range sums {
		if s.Currency == p.data.Query.Currency {
			minor += s.Minor
		}
	}
	return minor
}

// By order date other figures stand in a period, each of them opens its lines, and
// the difference is explained to the cent.
func TestProfitByOrderDate(t *testing.T) {
	p, q, went := profitShown(t, route{})
	posted := p.data.Total
	p.setBasis(store.ByOrderDay)
	q.run(t)
	if p.data.Total.NetSales == posted.NetSales {
		t.Errorf("net sales by both dates are %v", posted.NetSales)
	}
	for _, r := range p.data.Rows {
		for i, period := range p.data.Periods {
			if !r.Figures[i].Known {
				continue
			}
			*went = nil
			p.openCell(p.table.(*parts.Table[statementRow]), nil, r, period.From)
			if r.Sum && i == 0 && (len(*went) != 1 || (*went)[0].Basis != store.ByOrderDay) {
				t.Fatalf("%s leads to %v", r.ID, *went)
			}
			if got := sumBehind(t, p, (*went)[0]); got != r.Figures[i].Minor {
				t.Errorf("%s%s from %s is %d, the lines behind it %d", r.ID, r.Line, period.From, r.Figures[i].Minor, got)
			}
		}
	}
	all, err := p.env.s.Book.DateDifferences(t.Context(), p.data.filter(p.data.Span))
	if err != nil {
		t.Fatal(err)
	}
	d := dateSums(all, p.data.Query.Currency, planLines("net_profit")())
	if d.Posted != posted.NetProfit.Minor || d.Ordered != p.data.Total.NetProfit.Minor || d.Posted-d.Earlier-d.Later+d.After+d.Before != d.Ordered {
		t.Errorf("the way from %d to %d is %+v", posted.NetProfit.Minor, p.data.Total.NetProfit.Minor, d)
	}
	p.askDates()
	q.run(t)
	texts := strings.Join(profitTexts(p.modal.pop), " ")
	if want := p.env.loc.Statement(p.data.Total.NetProfit.Money); !strings.Contains(texts, want) {
		t.Errorf("the difference does not say %s: %s", want, texts)
	}
	if !escapeModal(p.env.window.Canvas()) {
		t.Error("Esc does not close it")
	}
}

// Whatever the statement is divided by, the parts add up to the whole and open
// their lines.
func TestProfitBreakdownAddsUp(t *testing.T) {
	p, q, went := profitShown(t, route{})
	turned(t, p, q, profitGroupsView)
	for _, by := range []string{profitByMarket, string(store.ByParent), string(store.ByBrand), string(store.ByTag), string(store.ByOrder)} {
		p.setBreakdown(by)
		q.read(t, p.env)
		groups := p.data.Groups
		switch by {
		case profitByMarket:
			groups = p.data.Markets
		case string(store.ByOrder):
			source := orderSource{p.env.s.Book, p.data}
			n, err := source.Count(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			groups = nil
			for len(groups) < n { // by pages, which must not overlap
				page, err := source.Rows(t.Context(), parts.Order{Column: "net_profit", Desc: true}, len(groups), 50)
				if err != nil || len(page) == 0 {
					t.Fatalf("%d of %d orders: %v", len(groups), n, err)
				}
				groups = append(groups, page...)
			}
			if n < 50 || !slices.IsSortedFunc(groups, func(a, b profitGroup) int { return -profitCompare(a.NetProfit, b.NetProfit) }) {
				t.Errorf("%d orders, not sorted by profit", n)
			}
		}
		var net int64
		for i, g := range groups {
			net += g.NetProfit.Minor
			if i%20 != 0 {
				continue
			}
			*went = nil
			p.openGroup(g, "net_sales")
			if got := sumBehind(t, p, (*went)[0]); got != g.NetSales.Minor {
				t.Errorf("%s %q: net sales %d, lines %d", by, p.groupTitle(g), g.NetSales.Minor, got)
			}
		}
		if len(groups) == 0 || net != p.data.Total.NetProfit.Minor {
			t.Errorf("by %s: %d parts with a net profit of %d, want %d", by, len(groups), net, p.data.Total.NetProfit.Minor)
		}
	}
}

// Each key figure shows its definition with its own numbers, by click and by key,
// and the numbers lead to their lines.
func TestProfitExplainsItsFigures(t *testing.T) {
	p, q, went := profitShown(t, route{})
	d := p.data
	table := p.table.(*parts.Table[statementRow])
	net := d.Rows[slices.IndexFunc(d.Rows, func(r statementRow) bool { return r.ID == "net_profit" })]
	p.openCell(table, nil, net, "line")
	q.run(t)
	if texts := strings.Join(profitTexts(p.modal.pop), "|"); !strings.Contains(texts, p.env.loc.Statement(d.Total.Contribution.Money)) {
		t.Errorf("net profit does not show its contribution: %s", texts)
	}
	p.modal.hide()
	turned(t, p, q, profitFiguresView)
	d = p.data
	whole := d.Figures[len(d.Periods)]
	if len(whole.All) != 13 {
		t.Fatalf("%d figures", len(whole.All))
	}
	keys := p.table.(*parts.Table[books.Explained])
	for i, e := range whole.All {
		keys.Select(i)
		keys.Focus().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		texts := strings.Join(profitTexts(p.modal.pop), " ")
		if !strings.Contains(texts, p.env.words.T("figures."+string(e.Name)+".formula")) || !strings.Contains(texts, profitKind(p.env.loc, e.Kind, e.Value)) {
			t.Errorf("%s shows %s", e.Name, texts)
		}
		if !e.Value.Known && whole.why(p.env.words, p.env.loc, e, d.Covered) == "" {
			t.Errorf("%s is not known for no reason", e.Name)
		}
		p.modal.hide()
		for _, o := range e.Operands {
			if lines := operandLines(o.Name, whole.Beside); o.Known && o.Kind == books.KindMoney && lines != nil {
				got, want := sumBehind(t, p, p.behind(statementLineList(lines), d.Span)), o.Minor
				if o.Name == "ad_spend" || o.Name == "goods_sold" || o.Name == "fees" {
					got = -got
				}
				if got != want {
					t.Errorf("%s: %s is %d, the lines behind it %d", e.Name, o.Name, want, got)
				}
			}
		}
	}
	*went = nil
	tapWord(t, p.aside, profitKind(p.env.loc, books.KindMoney, whole.of(p.figure).Operands[0].Figure))
	if len(*went) != 1 || (*went)[0].Line == "" {
		t.Errorf("a number of the definition leads to %v", *went)
	}
}

// The bridge arrives at the net sales of its days, and its steps open.
func TestProfitBridgeArrives(t *testing.T) {
	p, q, went := profitShown(t, route{})
	turned(t, p, q, profitBridgeView)
	last := p.data.Bridge[len(p.data.Bridge)-1]
	rows, err := p.env.s.Book.DaySums(t.Context(), p.data.filter(p.data.BridgeSpan))
	if err != nil {
		t.Fatal(err)
	}
	s, err := statementOf(rows, p.data.coverage, p.data.BridgeSpan, p.data.Query.Currency)
	if err != nil || last.Step != store.BridgeNet || *last.Minor != s.NetSales.Minor || s.NetSales.Minor == 0 {
		t.Errorf("the bridge ends at %v %d, net sales are %v %v", last.Step, *last.Minor, s.NetSales, err)
	}
	p.openStep(last)
	if got := sumBehind(t, p, (*went)[0]); got != *last.Minor {
		t.Errorf("the lines behind its end add up to %d", got)
	}
	heads, exported := p.exported(t.Context())
	n := 0
	for row, err := range exported {
		if err != nil || len(row) != len(heads) {
			t.Fatal(row, err)
		}
		n++
	}
	if n != len(p.data.Bridge) || !strings.Contains(detailTitle(heads[1]), p.data.Query.Currency) {
		t.Errorf("%d rows of %d exported under %v", n, len(p.data.Bridge), heads)
	}
}

// Tax of sales leads to the lines that it is the sum of.
func TestProfitShowsTax(t *testing.T) {
	p, q, went := profitShown(t, route{})
	turned(t, p, q, profitTaxView)
	table := p.table.(*parts.Table[store.TaxRow])
	column := slices.IndexFunc(p.exportedHeads(t), func(h parts.Head) bool { return h.ID == "owed" })
	for range column {
		table.Focus().TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	table.Focus().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(*went) != 1 {
		t.Fatalf("a sum of tax leads to %v", *went)
	}
	opened, places := (*went)[0], map[string]bool{}
	for _, r := range p.data.Tax.Sales {
		places[r.Place()] = true
		if r.Currency != p.data.Query.Currency {
			continue
		}
		of := store.TaxOf{Marketplace: r.Marketplace, Arrive: r.Arrive, Region: r.Region, Rate: r.Rate}
		if of == *opened.Tax && opened.Market != r.Marketplace {
			t.Errorf("%+v leads to %+v", of, opened)
		}
		behind := opened
		behind.Market, behind.Currency, behind.Tax = r.Marketplace, r.Currency, &of
		if sum := sumBehind(t, p, behind); sum != r.Owed {
			t.Errorf("tax owed %+v, its lines %d", r, sum)
		}
	}
	if len(places) < 4 {
		t.Errorf("goods went to %v only", places)
	}
	for rate, want := range map[string]string{"19": "19%", "8.5": "8.5%", "5.25": "5.25%", "0": "0%", "": "-", "0.125": "0.125%"} {
		if got := rateText(p.env.loc, rate); got != want {
			t.Errorf("the rate %q is shown as %s", rate, got)
		}
	}
	for _, of := range []string{profitTaxFees, profitTaxVAT} {
		p.setTax(of)
	}
	if _, ok := p.table.(*parts.Table[store.VATRow]); !ok {
		t.Errorf("VAT transactions in a %T", p.table)
	}
}

func (p *profitScreen) exportedHeads(t *testing.T) []parts.Head {
	heads, _ := p.exported(t.Context())
	return heads
}

// The steps of one book: it takes seconds to make.
func TestProfitOfABookThatChanges(t *testing.T) {
	s, err := newDemo(t.Context(), t.TempDir(), 60, 70)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	t.Run("a month is closed and opened again", func(t *testing.T) { closesAMonth(t, s) })
	t.Run("without costs no profit is known", func(t *testing.T) { unknownWithoutCosts(t, s) })
}

// A month is closed from the screen; what comes later is listed, and changes are.
// It leaves the book without costs.
func closesAMonth(t *testing.T, s *session.Session) {
	e, q := newTestEnv(t, s, "en")
	told := ""
	e.busy = func(_ string, work func(context.Context, func(int64, int64)) (string, error)) {
		text, err := work(t.Context(), func(int64, int64) {})
		if told = text; err != nil {
			told = err.Error()
		}
	}
	p := newProfit(e).(*profitScreen)
	e.window.SetContent(p.build())
	defer p.close()
	e.reload = func() { p.load(p.route) }
	p.load(route{Screen: "profit", View: profitMonthsView})
	q.run(t)
	if p.view != profitMonthsView || len(p.data.Months) < 2 || p.choices.close.Disabled() {
		t.Fatalf("the months are %+v", p.data.Months)
	}
	month := p.month
	test.Tap(p.choices.close)
	tapWord(t, p.modal.pop, e.words.T("profit.close_word"))
	q.read(t, e)
	if want := e.words.T("profit.close_done", e.loc.Month(statementDay(month.Month+"-01"))); told != want {
		t.Fatalf("closing said %q", told)
	}
	i := slices.IndexFunc(p.data.Months, func(m profitMonth) bool { return m.Month == month.Month })
	if m := p.data.Months[i]; !m.Closed || m.At.IsZero() || m.Late != 0 || m.NetProfit != month.NetProfit {
		t.Errorf("closed: %+v", m)
	}
	// A cost that is dearer from then on is a difference to the closed month.
	costs, err := s.Book.Costs(t.Context())
	if err != nil || len(costs) == 0 {
		t.Fatal(len(costs), err)
	}
	err = s.Book.Write(t.Context(), func(tx *store.Tx) error {
		tx.Because("an accountant", "costs taken away")
		for _, c := range costs {
			if err := tx.DeleteCost(c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p.load(p.route)
	q.read(t, e)
	m := p.data.Months[i]
	rows, err := lateSource{s.Book, m.Month, p.data.Query.Currency, m.Late}.Rows(t.Context(), parts.Order{}, 0, 10_000)
	var sum int64
	for _, d := range rows {
		sum += d.Amount.Minor
	}
	if err != nil || m.Late == 0 || int(m.Late) != len(rows) || sum != m.Minor || m.NetProfit != month.NetProfit {
		t.Errorf("%d differences of %d, %d listed that add up to %d; net profit %v was %v; %v", m.Late, m.Minor, len(rows), sum, m.NetProfit, month.NetProfit, err)
	}
	p.chooseMonth(m)
	tapWord(t, p.aside, e.words.T("profit.reopen"))
	tapWord(t, p.modal.pop, e.words.T("profit.reopen_word"))
	q.read(t, e)
	if p.data.Months[i].Closed {
		t.Errorf("reopening said %q", told)
	}
	p.tab([]string{profitChangesView})
	q.read(t, e)
	var count int64
	for _, c := range p.data.Changes {
		count += c.Count
	}
	source := changeSource{s.Book, p.data.changed(), int(count)}
	page, err := source.Rows(t.Context(), parts.Order{}, 0, 10_000)
	if err != nil || count == 0 || len(page) != int(count) || !slices.ContainsFunc(page, func(c store.FigureChange) bool { return c.Reason == "costs" && c.Line == books.COGS }) {
		t.Errorf("%d changes, %d listed: %v", count, len(page), err)
	}
	if p.note.Text() == e.words.T("profit.note_changes") {
		t.Error("the note does not add the changes up")
	}
}

// Periods of years, and days of one's own.
func TestProfitPeriods(t *testing.T) {
	p, q, went := profitShown(t, route{})
	whole := p.data.Total.NetProfit
	for _, by := range []string{statementYears, statementWhole} {
		p.setPeriods(by)
		q.run(t)
		var sum int64
		for _, s := range p.data.Statements {
			sum += s.NetProfit.Minor
		}
		if sum != whole.Minor {
			t.Errorf("by %s: %d, the whole is %v", by, sum, whole)
		}
	}
	p.showDays("2026-03-09", "2026-03-02")
	if want := (route{Screen: "profit", From: "2026-03-02", To: "2026-03-09"}); (*went)[0] != want {
		t.Errorf("days lead to %+v", (*went)[0])
	}
	years := statementPeriods(statementYears, statementSpan{"2024-12-30", "2026-01-02"}, statementSpan{"2024-12-31", "2026-01-02"})
	var got []statementSpan
	for _, y := range years {
		got = append(got, y.statementSpan)
	}
	want := []statementSpan{{"2024-12-31", "2024-12-31"}, {"2025-01-01", "2025-12-31"}, {"2026-01-01", "2026-01-02"}}
	if !slices.Equal(got, want) || years[1].Start != "2025-01-01" || !years[1].whole() || years[0].whole() {
		t.Errorf("years: %v", years)
	}
	if day := time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC); statementStart(statementYears, day).Format(time.DateOnly) != "2026-01-01" {
		t.Error("a year does not begin in January")
	}
}
