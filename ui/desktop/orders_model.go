package desktop

import (
	"context"
	"sync"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// ordersRow is one order of the list.
type ordersRow struct {
	store.OrderLine
	Buyer bool // somebody is stored as its recipient
}

// ordersSource reads the list in pages.
type ordersSource struct {
	book *store.Book
	view store.OrdersView

	mu    sync.Mutex
	index *store.OrdersIndex
}

// Count implements parts.Source.
func (s *ordersSource) Count(ctx context.Context) (int, error) {
	x, err := s.book.OrdersIndex(ctx, s.view)
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index = x
	return x.Count, nil
}

// Rows implements parts.Source.
func (s *ordersSource) Rows(ctx context.Context, order parts.Order, offset, limit int) ([]ordersRow, error) {
	s.mu.Lock()
	x := s.index
	s.mu.Unlock()
	if x == nil {
		if _, err := s.Count(ctx); err != nil {
			return nil, err
		}
		return s.Rows(ctx, order, offset, limit)
	}
	sort, desc := store.OrderSort(order.Column), order.Desc
	if sort == "" {
		sort, desc = store.ByPurchase, true
	}
	lines, err := s.book.OrdersPage(ctx, x, sort, desc, offset, limit)
	if err != nil {
		return nil, err
	}
	people, err := s.book.HasPeople(ctx, lines)
	if err != nil {
		return nil, err
	}
	rows := make([]ordersRow, len(lines))
	for i, l := range lines {
		rows[i] = ordersRow{l, people[[2]string{l.Connection, l.ID}]}
	}
	return rows, nil
}

// ordersText says what an order is, in the reader's language.
type ordersText struct {
	loc   *format.Locale
	words *i18n.Words
	zones *bool // orders of several currencies are listed, so of several parts of the world; nil: no
}

// status is the word of an order's state.
func (t ordersText) status(o store.OrderLine) (string, parts.Tone) {
	if o.Money != nil && o.Money.Refunded {
		return t.words.T("orders.status.refunded"), parts.Loss
	}
	switch o.Status {
	case "PENDING", "PENDING_AVAILABILITY":
		return t.words.T("orders.status.pending"), parts.Hint
	case "UNSHIPPED":
		if o.FulfilledBy == "MERCHANT" {
			return t.words.T("orders.status.toship"), parts.Warn
		}
		return t.words.T("orders.status.processing"), parts.Hint
	case "PARTIALLY_SHIPPED":
		return t.words.T("orders.status.partly"), parts.Warn
	case "SHIPPED":
		return t.words.T("orders.status.shipped"), parts.Gain
	case "CANCELLED":
		return t.words.T("orders.status.cancelled"), parts.Hint
	case "UNFULFILLABLE":
		return t.words.T("orders.status.unfulfillable"), parts.Loss
	}
	return o.Status, parts.Hint // Amazon's newer word
}

// channel says who ships.
func (t ordersText) channel(by string) string {
	switch by {
	case "AMAZON":
		return t.words.T("orders.channel.fba")
	case "MERCHANT":
		return t.words.T("orders.channel.own")
	}
	return format.Unknown
}

// place is the country of the marketplace, or what is known of it.
func (t ordersText) place(marketplace string) string {
	if m, ok := markets.ByID(marketplace); ok {
		return m.Country
	}
	if marketplace == "" {
		return format.Unknown
	}
	return marketplace
}

func (t ordersText) placeTip(marketplace string) string {
	if m, ok := markets.ByID(marketplace); ok {
		return m.Name
	}
	return t.words.T("orders.why.marketplace")
}

func ordersTime(o store.OrderLine) time.Time { return o.Purchased.In(markets.Zone(o.Marketplace)) }

// bought is the time of an order in the list, which is by days of the marketplaces:
// with its zone where there are several, or the times would seem out of order.
func (t ordersText) bought(o store.OrderLine) string {
	at := ordersTime(o)
	if t.zones != nil && *t.zones {
		return t.loc.Moment(at) + " " + at.Format("MST")
	}
	return t.loc.Moment(at)
}

// moment is the whole time of an order, in its marketplace's zone.
func (t ordersText) moment(o store.OrderLine) string {
	at := ordersTime(o)
	return t.loc.Date(at) + " " + t.loc.Clock(at) + " " + at.Format("MST")
}

func (t ordersText) items(o store.OrderLine) string {
	name := o.Title
	if name == "" {
		name = o.SKU
	}
	switch {
	case o.Items == 0:
		return format.Unknown
	case o.Items > 1:
		return t.words.T("orders.items.more", name, t.loc.Count(o.Items-1))
	}
	return name
}

// whyNoMoney says why an order has no fees or profit.
func (t ordersText) whyNoMoney(o store.OrderLine) string {
	switch o.Status {
	case "PENDING", "PENDING_AVAILABILITY", "UNSHIPPED":
		return t.words.T("orders.why.unshipped")
	case "CANCELLED", "UNFULFILLABLE":
		return t.words.T("orders.why.cancelled")
	}
	return t.words.T("orders.why.nomoney")
}

// total is what the buyer pays.
func (t ordersText) total(o store.OrderLine) (m books.Money, why string) {
	if o.Total == nil {
		if o.Status == "CANCELLED" {
			return m, t.words.T("orders.why.notold.cancelled")
		}
		return m, t.words.T("orders.why.notold")
	}
	return books.Money{Minor: *o.Total, Currency: o.Currency}, ""
}

// fees are what Amazon keeps for selling and shipping.
func (t ordersText) fees(o store.OrderLine) (m books.Money, why string) {
	switch {
	case o.Money == nil:
		return m, t.whyNoMoney(o)
	case o.Money.Mixed:
		return m, t.words.T("orders.why.currencies")
	}
	return books.Money{Minor: o.Money.Fees, Currency: o.Money.Currency}, ""
}

// profit is what an order leaves, or why nobody knows.
func (t ordersText) profit(o store.OrderLine) (m books.Money, why string) {
	switch {
	case o.Money == nil:
		return m, t.whyNoMoney(o)
	case o.Money.Mixed:
		return m, t.words.T("orders.why.currencies")
	case o.Money.Uncovered > 0:
		return m, t.words.T("orders.why.nocost", t.loc.Count(o.Money.Uncovered))
	}
	return books.Money{Minor: o.Money.Profit, Currency: o.Money.Currency}, ""
}

// margin is profit of net sales.
func (t ordersText) margin(o store.OrderLine) (text, why string) {
	m, why := t.profit(o)
	switch {
	case why != "":
		return format.Unknown, why
	case o.Money.NetSales <= 0:
		return format.Unknown, t.words.T("orders.why.nosales")
	}
	return t.loc.Percent(m.Minor, o.Money.NetSales, 0), ""
}

// sums of the list, one currency each.
type ordersTotals struct {
	Orders, Units int64
	ByCurrency    []store.OrdersSum // those of which the currency is known
}

func ordersTotalsOf(sums []store.OrdersSum) ordersTotals {
	var t ordersTotals
	for _, s := range sums {
		t.Orders += s.Orders
		t.Units += s.Units
		if s.Currency != "" {
			t.ByCurrency = append(t.ByCurrency, s)
		}
	}
	return t
}

func (t ordersText) count(n int64) string {
	if t.loc.One(n) {
		return t.words.T("orders.count.one", t.loc.Count(n))
	}
	return t.words.T("orders.count.many", t.loc.Count(n))
}

// sumProfit is the profit of a sum: not known while any unit in it has no
// cost. leaves tells what it leaves out.
func (t ordersText) sumProfit(s store.OrdersSum) (m books.Money, why, leaves string) {
	switch {
	case s.Uncovered > 0:
		return m, t.words.T("orders.why.nocost", t.loc.Count(s.Uncovered)), ""
	case s.NoMoney == s.Orders:
		return m, t.words.T("orders.why.nomoney"), ""
	case s.NoMoney > 0:
		leaves = t.words.T("orders.sum.nomoney", t.loc.Count(s.NoMoney))
	}
	return books.Money{Minor: s.Profit, Currency: s.Currency}, "", leaves
}

// totals are the cells of the row below the list. Money stands there when all
// orders share a currency: two are never added.
func (t ordersText) totals(o ordersTotals) map[string]parts.Cell {
	cells := map[string]parts.Cell{"order": {Text: t.count(o.Orders)}, "units": {Text: t.loc.Count(o.Units)}}
	if len(o.ByCurrency) != 1 {
		return cells
	}
	s := o.ByCurrency[0]
	money := func(minor int64, leaves string) parts.Cell {
		c := parts.MoneyCell(t.loc, books.Money{Minor: minor, Currency: s.Currency})
		c.Tip = leaves
		return c
	}
	cells["currency"] = parts.Cell{Text: s.Currency}
	cells["total"] = parts.UnknownCell(t.words.T("orders.why.notold"))
	if s.NoTotal < s.Orders {
		leaves := ""
		if s.NoTotal > 0 {
			leaves = t.words.T("orders.sum.nototal", t.loc.Count(s.NoTotal))
		}
		cells["total"] = money(s.Total, leaves)
	}
	cells["fees"] = parts.UnknownCell(t.words.T("orders.why.nomoney"))
	if s.NoMoney < s.Orders {
		_, _, leaves := t.sumProfit(s)
		fees := money(s.Fees, leaves)
		fees.Tone = parts.Muted // as in the rows above
		cells["fees"] = fees
	}
	cells["profit"], cells["margin"] = t.sumCells(s)
	return cells
}

func (t ordersText) sumCells(s store.OrdersSum) (profit, margin parts.Cell) {
	m, why, leaves := t.sumProfit(s)
	if why != "" {
		return parts.UnknownCell(why), parts.UnknownCell(why)
	}
	profit = parts.MoneyCell(t.loc, m)
	profit.Tip = leaves
	margin = parts.UnknownCell(t.words.T("orders.why.nosales"))
	if s.NetSales > 0 {
		margin = parts.Cell{Text: t.loc.Percent(m.Minor, s.NetSales, 0), Tip: leaves}
	}
	return profit, margin
}

// sentence is one currency of several, below the list.
func (t ordersText) sentence(s store.OrdersSum) string {
	total := t.loc.Money(books.Money{Minor: s.Total, Currency: s.Currency})
	m, why, _ := t.sumProfit(s)
	if why != "" {
		return t.words.T("orders.sum.noprofit", s.Currency, total)
	}
	return t.words.T("orders.sum.profit", s.Currency, total, t.loc.Statement(m), t.loc.Percent(m.Minor, s.NetSales, 0))
}
