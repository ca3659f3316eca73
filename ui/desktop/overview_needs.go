package desktop

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// overviewFacts is what may need somebody.
type overviewFacts struct {
	Connections  []store.Connection
	States       []store.SyncState
	Due          store.DueOrders
	Gap          store.CostGap
	Unclassified store.Unclassified
	Difference   store.Difference
	Span         statementSpan    // that Gap and Unclassified were looked for in
	Renew        []appsync.Notice // secrets and authorisations that end soon
	Short        []inventoryRow   // that run out, the dearest first; read after the rest
	ShortRead    bool
}

// overviewShortest is how many products that run out have a line of their own.
const overviewShortest = 3

// overviewShort reads what runs out before more can come, in one currency: it
// needs the pace of every product, so it comes after the figures.
func overviewShort(ctx context.Context, book *store.Book, marketplaces []string, currency string, now time.Time) ([]inventoryRow, error) {
	d, err := inventoryRead(ctx, book, marketplaces, now)
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(d.Rows, func(r inventoryRow) bool {
		m, ok := markets.ByID(r.Marketplace)
		return !ok || m.Currency != currency || !r.runsOut()
	})
	slices.SortStableFunc(out, func(a, b inventoryRow) int {
		x, _ := a.month(currency)
		y, _ := b.month(currency)
		return cmp.Compare(y.Minor, x.Minor)
	})
	return out, nil
}

// runsOut tells whether a product that sells is out, or will be, with nothing
// sufficient inbound.
func (r inventoryRow) runsOut() bool {
	if s := r.state(); s != inventoryOut && s != inventoryLow {
		return false
	}
	cover, sells := r.Pace.cover(r.sellable() + r.Inbound)
	return sells && cover < inventorySoon
}

// month is what the sales of 30 days bring at today's price; false when the
// price is not known.
func (r inventoryRow) month(currency string) (books.Money, bool) {
	if r.Listing == nil || r.Listing.Price == nil || r.Listing.Currency != currency {
		return books.Money{}, false
	}
	price, err := books.ParseUnit(books.Money{Minor: *r.Listing.Price, Currency: currency}.Decimal())
	if err != nil {
		return books.Money{}, false
	}
	m, err := price.Times(r.Sold.Days30, currency)
	return m, err == nil
}

// facts reads what may need somebody.
func (d *overviewData) facts(ctx context.Context, book *store.Book, q overviewQuery, span statementSpan) error {
	f := &d.Facts
	f.Span = span
	sums := store.SumFilter{From: span.From, To: span.To, Marketplaces: q.Marketplaces, Currency: d.Currency}
	var err error
	if f.Connections, err = book.Connections(ctx); err != nil {
		return err
	}
	if f.States, err = book.SyncStates(ctx); err != nil {
		return err
	}
	if f.Due, err = book.DueToShip(ctx, q.Now.Add(24*time.Hour), q.Marketplaces, d.Currency); err != nil {
		return err
	}
	if f.Gap, err = book.CostGaps(ctx, sums); err != nil {
		return err
	}
	if f.Unclassified, err = book.UnclassifiedMoney(ctx, sums); err != nil {
		return err
	}
	if f.Difference, err = book.OpenDifferences(ctx, d.Currency); err != nil {
		return err
	}
	notices, err := appsync.Notices(ctx, book, q.Now)
	f.Renew = slices.DeleteFunc(notices, func(n appsync.Notice) bool { return n.Due.IsZero() })
	return err
}

// overviewNeed is one thing to look at: what, how much is at stake, and where
// to go.
type overviewNeed struct {
	Urgent        bool
	Title, Detail string
	Amount        string // empty when no money is at stake
	Action        string
	Route         route
}

// needs lists what somebody has to look at, the most urgent first.
func (o overviewTexts) needs(d *overviewData) []overviewNeed {
	var out []overviewNeed
	add := func(on bool, n overviewNeed) {
		if on {
			out = append(out, n)
		}
	}
	f, w := d.Facts, o.w
	money := func(minor int64) string { return o.l.MoneyWithCode(books.Money{Minor: minor, Currency: d.Currency}) }
	for _, c := range f.Connections {
		add(refusedByAmazon(c), overviewNeed{
			Urgent: true, Title: w.T("overview.need_connection", accountLabel(c.ID)),
			Detail: w.T("overview.since", o.l.Ago(c.StateAt, o.now)), Action: w.T("settings.reconnect"), Route: route{Screen: "connect", Account: c.ID},
		})
	}
	for _, id := range overviewFailing(f) {
		add(true, overviewNeed{
			Urgent: true, Title: w.T("overview.need_sync", accountLabel(id.connection)),
			Detail: w.T("overview.since_of", strings.Join(id.resources, ", "), o.l.Ago(id.since, o.now)),
			Action: w.T("overview.act_timeline"), Route: route{Screen: "timeline"},
		})
	}
	add(f.Due.Count > 0, overviewNeed{
		Urgent: f.Due.By.Before(o.now), Title: o.count("overview.need_ship", f.Due.Count),
		Detail: w.T("overview.need_ship_first", f.Due.Order, o.l.Until(f.Due.By, o.now)), Amount: money(f.Due.Minor),
		Action: w.T("overview.act_order"), Route: route{Screen: "orders", Order: f.Due.Order},
	})
	since := o.l.Date(statementDay(f.Span.From))
	for i, r := range f.Short[:min(len(f.Short), overviewShortest)] {
		add(true, o.short(r, d.Currency))
		if rest := len(f.Short) - overviewShortest; i == overviewShortest-1 && rest > 0 {
			add(true, overviewNeed{
				Title: o.count("overview.need_short_more", int64(rest)), Detail: w.T("overview.need_short_within", o.l.Count(inventoryShort)),
				Action: w.T("overview.act_stock"), Route: route{Screen: "inventory"},
			})
		}
	}
	for _, n := range f.Renew {
		key := "overview.need_secret"
		if n.Kind == appsync.NoticeConsentExpires {
			key = "overview.need_consent"
		}
		add(true, overviewNeed{
			Urgent: n.Due.Before(o.now), Title: w.T(key, accountLabel(n.Connection)),
			Detail: w.T("overview.need_renew", o.l.Date(n.Due.Local())), Action: w.T("overview.act_settings"), Route: route{Screen: "settings"},
		})
	}
	add(f.Gap.Units > 0, overviewNeed{
		Title:  o.count("overview.need_cost", f.Gap.Units),
		Detail: w.T("overview.need_cost_of", o.count("overview.products_count", f.Gap.SKUs), since), Amount: money(f.Gap.Minor),
		Action: w.T("overview.act_costs"), Route: overviewCosts(),
	})
	add(f.Difference.Items > 0, overviewNeed{
		Title: o.count("overview.need_difference", f.Difference.Items), Detail: w.T("overview.need_difference_of"),
		Amount: money(f.Difference.Minor), Action: w.T("overview.act_settlements"), Route: route{Screen: "settlements"},
	})
	add(f.Unclassified.Names > 0, overviewNeed{
		Title: o.count("overview.need_names", f.Unclassified.Names), Detail: f.Unclassified.Example, Amount: money(f.Unclassified.Minor),
		Action: w.T("overview.act_lines"),
		Route:  route{Screen: "profit", Line: string(books.Unclassified), From: f.Span.From, To: f.Span.To, Market: d.Market},
	})
	slices.SortStableFunc(out, func(a, b overviewNeed) int {
		switch {
		case a.Urgent == b.Urgent:
			return 0
		case a.Urgent:
			return -1
		}
		return 1
	})
	return out
}

// short is a product that is out of stock or soon will be.
func (o overviewTexts) short(r inventoryRow, currency string) overviewNeed {
	w := o.w
	n := overviewNeed{
		Title:  w.T("overview.need_out", r.SKU),
		Detail: w.T("overview.need_short_of", o.l.Count(max(r.sellable(), 0)), o.l.Count(r.Sold.Days30)),
		Action: w.T("overview.act_stock"), Route: route{Screen: "inventory", SKU: r.SKU, Market: r.Marketplace},
	}
	if n.Urgent = r.state() == inventoryOut; !n.Urgent {
		days, _ := r.Pace.cover(r.sellable())
		n.Title = w.T("overview.need_short", r.SKU, o.l.DayMonth(o.now.AddDate(0, 0, int(days))))
	}
	if m, ok := r.month(currency); ok {
		n.Amount = o.l.MoneyWithCode(m)
	}
	return n
}

// overviewCosts is where costs are entered.
func overviewCosts() route {
	if _, ok := screenOf("costs"); ok {
		return route{Screen: "costs"}
	}
	return route{Screen: "settings"}
}

// overviewFailure is a connection with resources that fail.
type overviewFailure struct {
	connection string
	resources  []string
	since      time.Time
}

// overviewFailing finds the resources whose last run failed, of connections
// that are not refused as a whole.
func overviewFailing(f overviewFacts) []overviewFailure {
	var out []overviewFailure
	for _, s := range f.States {
		refused := slices.ContainsFunc(f.Connections, func(c store.Connection) bool {
			return c.ID == s.Connection && c.State != store.StateActive
		})
		if s.Error == "" || refused || s.ErrorAt.Before(s.OK) {
			continue
		}
		i := slices.IndexFunc(out, func(have overviewFailure) bool { return have.connection == s.Connection })
		if i < 0 {
			out = append(out, overviewFailure{connection: s.Connection, since: s.ErrorAt})
			i = len(out) - 1
		}
		out[i].resources = append(out[i].resources, s.Resource)
		if s.ErrorAt.Before(out[i].since) {
			out[i].since = s.ErrorAt
		}
	}
	return out
}

// readShort adds what runs out.
func (o *overviewScreen) readShort() {
	d, f, now := o.data, o.env.filter(), o.env.now()
	o.stock.run(func(ctx context.Context) (func(), error) {
		rows, err := overviewShort(ctx, o.env.s.Book, f.Marketplaces, d.Currency, now)
		if err != nil {
			return nil, err
		}
		return func() {
			d.Facts.Short, d.Facts.ShortRead = rows, true
			o.fillNeeds()
		}, nil
	}, o.failed)
}

// fillNeeds lists what needs somebody, each with its one action.
func (o *overviewScreen) fillNeeds() {
	w := o.env.words
	needs := o.texts().needs(o.data)
	if len(needs) == 0 && !o.data.Facts.ShortRead {
		return // not known yet: the skeleton stays
	}
	if len(needs) == 0 {
		o.needsNote.SetText("", parts.Hint)
		o.needs.Objects = []fyne.CanvasObject{parts.NewEmptyState(w.T("overview.no_needs"), "", nil)}
		o.needs.Refresh()
		return
	}
	o.needsNote.SetText(o.texts().count("overview.needs_count", int64(len(needs))), parts.Hint)
	box := container.New(layout.NewCustomPaddedVBoxLayout(theme.Scaled(theme.Space1)))
	for _, n := range needs {
		box.Add(o.need(n))
	}
	// The scroll bar stands in the card's margin, beside the amounts.
	margin := theme.Scaled(theme.Space2)
	inner := container.New(layout.NewCustomPaddedLayout(0, 0, 0, margin), box)
	o.needs.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(0, 0, 0, -margin), parts.NewScroll(inner))}
	o.needsCard.Refresh() // the count may be wider than before
}

func (o *overviewScreen) need(n overviewNeed) fyne.CanvasObject {
	tone := parts.Warn
	if n.Urgent {
		tone = parts.Loss
	}
	title := parts.NewBorder(nil, nil, nil, parts.NewLabel(n.Amount, theme.TextBody, parts.Normal).Right(),
		parts.NewLabel(n.Title, theme.TextBody, tone).Bold())
	action := parts.NewButton(n.Action, parts.Text, func() { o.env.show(n.Route) })
	detail := parts.NewBorder(nil, nil, nil, action, parts.NewLabel(n.Detail, theme.TextCaption, parts.Muted))
	return container.New(layout.NewCustomPaddedVBoxLayout(0), title, detail)
}
