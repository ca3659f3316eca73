package desktop

import (
	"cmp"
	"context"
	"slices"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
)

// overviewData is what the overview shows, in one currency.
type overviewData struct {
	Currencies []string // most units first; none in a book without data
	Currency   string
	Market     string // the currency's marketplace, when it is the only one
	Covered    statementSpan
	Coverage   []books.Coverage
	Rows       []books.Rollup // of the currency, by day
	Span       statementSpan  // of the header's filter
	Today      overviewToday
	Tiles      []overviewTile
	Forecast   overviewForecast
	Products   []profitGroup // of the part of Span that is covered
	Markets    []profitGroup // of every currency, each over what its currency covers
	Facts      overviewFacts
}

// overviewToday is what was ordered today; money of today is not complete.
type overviewToday struct {
	Day    string
	Now    store.Ordered
	Before store.Ordered // a week before until the same time of day
	Spark  []float64     // ordered by day, the last two weeks
	Known  []bool        // of Spark: all orders of the day are there
	Begun  bool          // orders of today were fetched
	Whole  bool          // and all of Before's
}

// overviewTile is a tile about money.
type overviewTile struct {
	ID           string // yesterday, month, forecast, last_month
	Span, Before statementSpan
	books.Statement
	Prior  books.Statement // of Before
	Orders int64           // whose sale was posted in Span
	Spark  []float64       // net profit by day
	Known  []bool
}

// overviewQuery is what the overview is asked to show.
type overviewQuery struct {
	Span         statementSpan
	Marketplaces []string
	Currency     string // empty: the one with most units
	Now          time.Time
}

func overviewQueryOf(f filter, currency string, now time.Time) overviewQuery {
	return overviewQuery{Span: statementSpan{f.From, f.To}, Marketplaces: f.Marketplaces, Currency: currency, Now: now}
}

// overviewLoad reads everything that the overview shows.
func overviewLoad(ctx context.Context, book *store.Book, q overviewQuery) (overviewData, error) {
	d := overviewData{Span: q.Span}
	var err error
	if d.Coverage, err = book.MoneyCoverage(ctx); err != nil {
		return d, err
	}
	sellsIn, err := book.SellsIn(ctx)
	if err != nil {
		return d, err
	}
	some, err := book.HasData(ctx)
	if err != nil || !some {
		return d, err
	}
	// Tiles reach back to the month before the last.
	wide := statementSpan{min(q.Span.From, q.Now.AddDate(0, -3, 0).Format(time.DateOnly)), max(q.Span.To, q.Now.AddDate(0, 0, 1).Format(time.DateOnly))}
	all, err := book.DaySums(ctx, store.SumFilter{From: wide.From, To: wide.To, Marketplaces: q.Marketplaces})
	if err != nil {
		return d, err
	}
	d.Currencies = overviewCurrencies(all, d.Coverage, q.Marketplaces, sellsIn)
	if len(d.Currencies) == 0 {
		return d, nil
	}
	d.Currency = d.Currencies[0]
	if slices.Contains(d.Currencies, q.Currency) {
		d.Currency = q.Currency
	}
	d.Rows = profitOnly(all, d.Currency)
	d.Covered = statementCovered(d.Coverage, d.Currency)
	of := overviewMarkets(d.Currency, q.Marketplaces, sellsIn)
	if len(of) == 1 {
		d.Market = of[0]
	}
	if err := d.today(ctx, book, of, q.Now); err != nil {
		return d, err
	}
	if err := d.tiles(ctx, book, q.Marketplaces); err != nil {
		return d, err
	}
	if err := d.products(ctx, book, q.Marketplaces); err != nil {
		return d, err
	}
	if d.Markets, err = overviewByMarket(all, d.Coverage, d.Currencies, q.Span); err != nil {
		return d, err
	}
	return d, d.facts(ctx, book, q, wide)
}

// overviewByMarket makes a statement of each marketplace in its own currency.
func overviewByMarket(rows []books.Rollup, coverage []books.Coverage, currencies []string, span statementSpan) ([]profitGroup, error) {
	var out []profitGroup
	for _, c := range currencies {
		own := span
		if covered := statementCovered(coverage, c); own.meets(covered) {
			own = own.within(covered)
		}
		of := slices.DeleteFunc(slices.Clone(rows), func(r books.Rollup) bool {
			return r.Currency != c || r.Day < own.From || r.Day > own.To
		})
		groups, err := profitGroups(of, coverage, own, c, func(r books.Rollup) []profitGroup { return []profitGroup{{Marketplace: r.Marketplace}} })
		if err != nil {
			return nil, err
		}
		out = append(out, groups...)
	}
	return out, nil
}

// overviewCurrencies are the currencies of the money, and where there is none
// yet, those of the marketplaces.
func overviewCurrencies(rows []books.Rollup, coverage []books.Coverage, chosen, sellsIn []string) []string {
	if out := profitCurrencies(rows, coverage, chosen); len(out) > 0 {
		return out
	}
	var out []string
	for _, id := range sellsIn {
		m, ok := markets.ByID(id)
		if ok && (len(chosen) == 0 || slices.Contains(chosen, id)) && !slices.Contains(out, m.Currency) {
			out = append(out, m.Currency)
		}
	}
	slices.Sort(out)
	return out
}

// overviewMarkets are the marketplaces of a currency that the book sells in.
func overviewMarkets(currency string, chosen, sellsIn []string) []string {
	var out []string
	for _, id := range sellsIn {
		m, ok := markets.ByID(id)
		if ok && m.Currency == currency && (len(chosen) == 0 || slices.Contains(chosen, id)) {
			out = append(out, id)
		}
	}
	return out
}

// today reads what was ordered in the marketplace's day.
func (d *overviewData) today(ctx context.Context, book *store.Book, of []string, now time.Time) error {
	zone := time.UTC
	if len(of) > 0 {
		zone = markets.Zone(of[0])
	}
	now = now.In(zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	d.Today.Day = midnight.Format(time.DateOnly)
	filter := store.OrderedFilter{From: midnight.AddDate(0, 0, -13), To: now.Add(time.Second), Marketplaces: of, Currency: d.Currency}
	days, err := book.OrderedByDay(ctx, filter)
	if err != nil {
		return err
	}
	ordered, err := overviewOrderedIn(ctx, book, of)
	if err != nil {
		return err
	}
	d.Today.Begun = ordered.begun(midnight)
	for day := midnight.AddDate(0, 0, -13); !day.After(midnight); day = day.AddDate(0, 0, 1) {
		o, next := overviewDay(days, day.Format(time.DateOnly)), day.AddDate(0, 0, 1)
		d.Today.Spark = append(d.Today.Spark, profitPlot(books.Money{Minor: o.Minor, Currency: d.Currency}))
		d.Today.Known = append(d.Today.Known, ordered.shown(day, next, now, o.Orders > 0))
	}
	d.Today.Now = overviewDay(days, d.Today.Day)
	filter.From, filter.To = midnight.AddDate(0, 0, -7), now.AddDate(0, 0, -7)
	d.Today.Whole = ordered.whole(filter.From, filter.To)
	if days, err = book.OrderedByDay(ctx, filter); err != nil {
		return err
	}
	d.Today.Before = overviewDay(days, filter.From.Format(time.DateOnly))
	return nil
}

func overviewDay(days []store.Ordered, day string) store.Ordered {
	for _, o := range days {
		if o.Day == day {
			return o
		}
	}
	return store.Ordered{Day: day}
}

// overviewSpans are the spans of the money tiles with the spans before them.
// What is not over yet ends with the last complete day.
func overviewSpans(today string, covered statementSpan) []overviewTile {
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return nil
	}
	write := func(t time.Time) string { return t.Format(time.DateOnly) }
	span := func(from, to time.Time) statementSpan { return statementSpan{write(from), write(to)} }
	yesterday := day.AddDate(0, 0, -1)
	month := day.AddDate(0, 0, 1-day.Day())
	lastMonth := month.AddDate(0, -1, 0)

	end := day
	if last := statementDay(covered.To); covered.To >= write(month) && last.Before(end) {
		end = last
	}
	before := lastMonth.AddDate(0, 0, end.Day()-1) // as many days; all of a shorter month
	if before.After(month.AddDate(0, 0, -1)) {
		before = month.AddDate(0, 0, -1)
	}
	return []overviewTile{
		{ID: "yesterday", Span: span(yesterday, yesterday), Before: span(yesterday.AddDate(0, 0, -1), yesterday.AddDate(0, 0, -1))},
		{ID: "month", Span: span(month, end), Before: span(lastMonth, before)},
		{ID: "forecast", Span: span(month, month.AddDate(0, 1, -1)), Before: span(lastMonth, month.AddDate(0, 0, -1))},
		{ID: "last_month", Span: span(lastMonth, month.AddDate(0, 0, -1)), Before: span(lastMonth.AddDate(0, -1, 0), lastMonth.AddDate(0, 0, -1))},
	}
}

func (d *overviewData) tiles(ctx context.Context, book *store.Book, marketplaces []string) error {
	d.Tiles = overviewSpans(d.Today.Day, d.Covered)
	var err error
	if d.Forecast, err = forecastOf(d.Rows, d.Coverage, d.Today.Day, d.Covered, d.Currency); err != nil {
		return err
	}
	for i := range d.Tiles {
		t := &d.Tiles[i]
		if t.Statement, err = statementOf(d.Rows, d.Coverage, t.Span, d.Currency); err != nil {
			return err
		}
		if t.Prior, err = statementOf(d.Rows, d.Coverage, t.Before, d.Currency); err != nil {
			return err
		}
		t.Orders, err = book.SoldOrders(ctx, store.SumFilter{From: t.Span.From, To: t.Span.To, Marketplaces: marketplaces, Currency: d.Currency})
		if err != nil {
			return err
		}
		spark := t.Span
		if t.ID == "yesterday" {
			spark.From = statementDay(t.Span.To).AddDate(0, 0, -13).Format(time.DateOnly)
		}
		for _, p := range statementPeriods(statementDays, spark, d.Covered) {
			s, err := statementOf(d.Rows, d.Coverage, p.statementSpan, d.Currency)
			if err != nil {
				return err
			}
			t.Spark, t.Known = append(t.Spark, profitPlot(s.NetProfit.Money)), append(t.Known, s.NetProfit.Known)
		}
	}
	return nil
}

// money is the part of the filter's span that is covered, or all of it when
// none is.
func (d *overviewData) money() statementSpan {
	if d.Span.meets(d.Covered) {
		return d.Span.within(d.Covered)
	}
	return d.Span
}

func (d *overviewData) products(ctx context.Context, book *store.Book, marketplaces []string) error {
	span := d.money()
	f := store.SumFilter{From: span.From, To: span.To, Marketplaces: marketplaces, Currency: d.Currency}
	rows, err := book.SKUSums(ctx, f)
	if err != nil {
		return err
	}
	titles, err := book.ProductTitles(ctx, f)
	if err != nil {
		return err
	}
	all, err := profitProducts(rows, titles, d.Coverage, span, d.Currency)
	if err != nil {
		return err
	}
	d.Products = slices.DeleteFunc(all, func(g profitGroup) bool { return g.SKU == "" })
	return nil
}

// overviewRanked orders products by net profit, best or worst first; those
// whose profit is not known come last either way.
func overviewRanked(all []profitGroup, worst bool) []profitGroup {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b profitGroup) int {
		x, y := a.NetProfit, b.NetProfit
		switch {
		case x.Known != y.Known && x.Known:
			return -1
		case x.Known != y.Known:
			return 1
		case worst:
			return cmp.Compare(x.Minor, y.Minor)
		}
		return cmp.Compare(y.Minor, x.Minor)
	})
	return out
}
