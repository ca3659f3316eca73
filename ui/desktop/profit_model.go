package desktop

import (
	"cmp"
	"context"
	"math"
	"slices"

	"countinghouse/charts"
	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// profitQuery is what the profit screen is asked to show.
type profitQuery struct {
	Span, Compare statementSpan // Compare may be none
	Marketplaces  []string
	SKU           string
	Currency      string // empty: the one with most units
	By            string
	Basis         store.Basis
	View          string          // the part of the screen, and
	Group         store.GroupKind // what its breakdown is by
	Today         string          // the day by UTC
}

// profitData is what the profit screen shows.
type profitData struct {
	Query      profitQuery
	Currencies []string // most units first
	Covered    statementSpan
	Span       statementSpan // of the total: what is covered of the query's
	Periods    []statementPeriod
	Statements []books.Statement // of Periods
	Total      books.Statement
	Compare    *books.Statement
	Rows       []statementRow // figures of Periods, of Total, then of Compare
	Whole      *profitWhole   // all currencies in the book's; nil where there is nothing to convert
	Products   []profitGroup  // these two are read when they are shown first
	Markets    []profitGroup
	coverage   []books.Coverage
	profitParts
}

// profitParts is what single parts of the screen show besides; read when they are.
type profitParts struct {
	Groups     []profitGroup // by Query.Group: parent, brand or tag
	Figures    []profitFigures
	Bridge     []store.BridgePart // of BridgeSpan
	BridgeSpan statementSpan
	Tax        profitTax
	Changes    []store.ChangeSum
	Months     []profitMonth
}

// profitGroup is the statement of a product, a marketplace, a group of products or
// an order.
type profitGroup struct {
	Marketplace string // id; empty when nobody told it
	SKU         string // empty: money of no product
	Title       string
	Kind        store.GroupKind // of a group of products or an order; empty for the others
	Name        string          // of these; empty: money in no such group
	Day         string          // an order was bought; empty when it is not in the book
	books.Statement
}

// profitLoad reads what the query asks for. In a book without money Currencies
// is empty. What had holds of the same figures is not read again; nil is nothing.
func profitLoad(ctx context.Context, book *store.Book, q profitQuery, had *profitData) (profitData, error) {
	if had != nil && had.same(q) {
		d := *had
		d.Query.View, d.Query.Group, d.profitParts = q.View, q.Group, profitParts{}
		return d, d.parts(ctx, book)
	}
	d := profitData{Query: q}
	var err error
	if d.coverage, err = book.MoneyCoverage(ctx); err != nil {
		return d, err
	}
	all, err := d.rows(ctx, book, store.SumFilter{From: q.Span.From, To: q.Span.To, Marketplaces: q.Marketplaces, SKU: q.SKU})
	if err != nil {
		return d, err
	}
	d.Currencies = profitCurrencies(all, d.coverage, q.Marketplaces)
	if len(d.Currencies) == 0 {
		return d, nil
	}
	if !slices.Contains(d.Currencies, q.Currency) {
		d.Query.Currency = d.Currencies[0]
	}
	rows := profitOnly(all, d.Query.Currency)
	d.Covered = statementCovered(d.coverage, d.Query.Currency)
	if d.Span = q.Span; d.Span.meets(d.Covered) {
		d.Span = d.Span.within(d.Covered)
	}
	if err := d.statements(rows); err != nil {
		return d, err
	}
	if err := d.compare(ctx, book); err != nil {
		return d, err
	}
	d.Rows = statementRows(d.columns())
	if d.Whole, err = d.whole(ctx, book, all); err != nil {
		return d, err
	}
	return d, d.parts(ctx, book)
}

// same tells whether the figures of a query are these.
func (d *profitData) same(q profitQuery) bool {
	had := d.Query
	return len(d.Currencies) > 0 && had.Span == q.Span && had.Compare == q.Compare && slices.Equal(had.Marketplaces, q.Marketplaces) && had.SKU == q.SKU &&
		had.Currency == q.Currency && had.By == q.By && had.Basis == q.Basis
}

// parts reads what the part of the screen shows besides.
func (d *profitData) parts(ctx context.Context, book *store.Book) (err error) {
	switch d.Query.View {
	case profitFiguresView:
		d.Figures, err = d.figures(ctx, book)
	case profitGroupsView:
		switch {
		case d.Query.Group == "" && d.Products == nil:
			err = d.groups(ctx, book)
		case d.Query.Group != "" && d.Query.Group != store.ByOrder:
			d.Groups, err = d.grouped(ctx, book)
		}
	case profitBridgeView:
		d.Bridge, err = d.sellerCentral(ctx, book)
	case profitTaxView:
		d.Tax, err = d.tax(ctx, book)
	case profitChangesView:
		d.Changes, err = book.SumChanges(ctx, d.changed())
	case profitMonthsView:
		d.Months, err = d.months(ctx, book)
	}
	return err
}

// rows are the sums of days, on the days that the query asks for.
func (d *profitData) rows(ctx context.Context, book *store.Book, f store.SumFilter) ([]books.Rollup, error) {
	if d.Query.Basis == store.ByOrderDay {
		return book.OrderDaySums(ctx, f)
	}
	return book.DaySums(ctx, f)
}

// products are the sums of products over the days shown.
func (d *profitData) products(ctx context.Context, book *store.Book) ([]books.Rollup, error) {
	if d.Query.Basis == store.ByOrderDay {
		return book.OrderSKUSums(ctx, d.filter(d.Span))
	}
	return book.SKUSums(ctx, d.filter(d.Span))
}

// columns are all statements that the rows have figures of.
func (d *profitData) columns() []books.Statement {
	all := append(slices.Clone(d.Statements), d.Total)
	if d.Compare != nil {
		all = append(all, *d.Compare)
	}
	return all
}

func (d *profitData) statements(rows []books.Rollup) error {
	d.Periods = statementPeriods(d.Query.By, d.Query.Span, d.Covered)
	for _, p := range d.Periods {
		s, err := statementOf(rows, d.coverage, p.statementSpan, d.Query.Currency)
		if err != nil {
			return err
		}
		d.Statements = append(d.Statements, s)
	}
	var err error
	d.Total, err = statementOf(rows, d.coverage, d.Span, d.Query.Currency)
	return err
}

func (d *profitData) compare(ctx context.Context, book *store.Book) error {
	span := d.Query.Compare
	if span.From == "" || span.To == "" {
		return nil
	}
	rows, err := d.rows(ctx, book, d.filter(span))
	if err != nil {
		return err
	}
	s, err := statementOf(rows, d.coverage, span, d.Query.Currency)
	d.Compare = &s
	return err
}

// filter narrows daily sums to what the screen shows.
func (d *profitData) filter(span statementSpan) store.SumFilter {
	return store.SumFilter{
		From: span.From, To: span.To, Marketplaces: d.Query.Marketplaces, Currency: d.Query.Currency, SKU: d.Query.SKU,
	}
}

// profitIdle tells a statement without money that belongs to profit or tax: of
// payouts only.
func profitIdle(s books.Statement) bool {
	return s.Units == 0 && s.UnitsRefunded == 0 && s.Uncovered == 0 && !slices.ContainsFunc(s.Lines, func(f books.LineFigure) bool {
		return f.Minor != 0 && f.Line != books.CashPayout && f.Line != books.CashReserve && f.Line != books.CashLoan
	})
}

// profitCurrencies lists the currencies of the money, most units sold first:
// amounts of different currencies cannot be compared. Those that an account
// brings without any row are kept, so that their gap is seen.
func profitCurrencies(rows []books.Rollup, coverage []books.Coverage, marketplaces []string) []string {
	units := map[string]int64{}
	for _, r := range rows {
		if r.Currency != "" {
			units[r.Currency] += 0
			if r.Line == books.SalesProduct {
				units[r.Currency] += r.Quantity
			}
		}
	}
	for _, c := range coverage {
		for _, currency := range c.Currencies {
			if c.From != "" && !c.Idle && profitSellsIn(currency, marketplaces) {
				units[currency] += 0
			}
		}
	}
	out := make([]string, 0, len(units))
	for c := range units {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(units[b], units[a]), cmp.Compare(a, b)) })
	return out
}

// profitSellsIn tells whether one of the marketplaces, none being all, has the
// currency.
func profitSellsIn(currency string, marketplaces []string) bool {
	return len(marketplaces) == 0 || slices.ContainsFunc(marketplaces, func(id string) bool {
		m, ok := markets.ByID(id)
		return ok && m.Currency == currency
	})
}

// profitOnly keeps the rows of a currency, and those of which nobody told it.
func profitOnly(rows []books.Rollup, currency string) []books.Rollup {
	var out []books.Rollup
	for _, r := range rows {
		if r.Currency == currency || r.Currency == "" {
			out = append(out, r)
		}
	}
	return out
}

// profitMarketName is a marketplace's country for tables, "-" when unknown.
func profitMarketName(id string) string {
	if m, ok := markets.ByID(id); ok {
		return m.Country
	}
	return format.Unknown
}

// profitNote is the line under the title: how final the money is, and until
// when it is complete.
func profitNote(w *i18n.Words, l *format.Locale, d *profitData) string {
	until := w.T("profit.until_none")
	if d.Covered.From != "" {
		until = w.T("profit.until", l.Date(statementDay(d.Covered.To)))
	}
	sh := d.Total.Shares
	if !sh.Known {
		return until
	}
	p := func(bp int64) string { return l.Percent(bp, 10000, 0) }
	// What was released is not disputed any more but not paid out either.
	return w.T("profit.shares", p(sh.Settled), p(sh.Released), p(sh.Deferred), p(sh.Estimated), until)
}

// profitFlow is the way from sales to net profit.
type profitFlow struct {
	Step   charts.Step
	Row    statementRow
	Figure books.Figure
}

// profitWaterfall makes the steps of the total; nil when the net profit is not
// known, for a bridge that does not arrive says nothing.
func profitWaterfall(d *profitData) []profitFlow {
	if !d.Total.NetProfit.Known {
		return nil
	}
	at := len(d.Periods)
	var out []profitFlow
	for _, r := range d.Rows {
		if r.Group != "" || r.Below || (r.Sum && r.ID != "net_profit") {
			continue
		}
		f := r.Figures[at]
		if f.Minor == 0 && r.ID != "net_profit" {
			continue
		}
		out = append(out, profitFlow{
			Step: charts.Step{Value: profitPlot(f.Money), Total: r.ID == "net_profit" || len(out) == 0}, Row: r, Figure: f,
		})
	}
	return profitFold(out)
}

// flowSteps is how many bars still have room for their names.
const flowSteps = 8

// profitFold puts the smallest steps of a long way into one, before the last.
func profitFold(all []profitFlow) []profitFlow {
	if len(all) <= flowSteps {
		return all
	}
	between := slices.Clone(all[1 : len(all)-1])
	slices.SortStableFunc(between, func(a, b profitFlow) int {
		return cmp.Compare(math.Abs(b.Step.Value), math.Abs(a.Step.Value))
	})
	small := map[string]bool{}
	for _, f := range between[flowSteps-3:] {
		small[f.Row.ID] = true
	}
	rest := profitFlow{Row: statementRow{ID: "rest"}}
	out := make([]profitFlow, 0, flowSteps)
	for i, f := range all {
		if i == len(all)-1 {
			out = append(out, rest)
		}
		if i == 0 || i == len(all)-1 || !small[f.Row.ID] {
			out = append(out, f)
			continue
		}
		rest.Row.Lines = append(rest.Row.Lines, f.Row.Lines...)
		rest.Figure.Currency, rest.Figure.Known = f.Figure.Currency, true
		rest.Figure.Minor += f.Figure.Minor
		rest.Step.Value = profitPlot(rest.Figure.Money)
	}
	return out
}

// profitPlot turns an amount into whole currency units for a picture; figures
// that are read stay exact.
func profitPlot(m books.Money) float64 {
	digits := 1.0
	for range books.Digits(m.Currency) {
		digits *= 10
	}
	return float64(m.Minor) / digits
}
