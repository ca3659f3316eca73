package desktop

import (
	"cmp"
	"context"
	"slices"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/markets"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// Cover below these days of sales is short, above the last it is excess. Sea
// freight and Amazon's intake take about a month together; beyond half a year
// Amazon charges for aged stock.
const (
	inventoryShort  = 14
	inventorySoon   = 30
	inventoryExcess = 180
)

// inventoryWindow is how many days velocity looks back on.
const inventoryWindow = 30

// inventoryPace is how fast a SKU sells: units sold in Days days of which it
// could be bought. Without such a day it is not known.
type inventoryPace struct{ Units, Days int64 }

// inventoryPaceOf tells the pace of the last 30 whole days. Days before the
// SKU was listed are not counted; nor are days that a snapshot showed without
// stock, as long as enough days remain to tell. known is how many of these days
// the book has orders of.
func inventoryPaceOf(sold store.SoldUnits, stocked store.StockedDays, listed, known int64) inventoryPace {
	days := min(int64(inventoryWindow), known)
	if listed > 0 {
		days = min(days, listed)
	}
	if empty := stocked.Seen - stocked.InStock; empty > 0 && days-empty >= 7 {
		days -= empty
	}
	return inventoryPace{sold.Days30, max(days, 0)}
}

// perDay is the pace in hundredths of a unit a day, rounded half up.
func (p inventoryPace) perDay() (hundredths int64, ok bool) {
	if p.Days <= 0 {
		return 0, false
	}
	return (p.Units*200 + p.Days) / (2 * p.Days), true
}

// cover is how many whole days the units last; not known for what does not
// sell.
func (p inventoryPace) cover(units int64) (days int64, ok bool) {
	if p.Days <= 0 || p.Units <= 0 {
		return 0, false
	}
	return units * p.Days / p.Units, true
}

// inventoryState is what cover means.
type inventoryState int

// The states, the most urgent first.
const (
	inventoryOut inventoryState = iota
	inventoryLow
	inventoryOrderSoon
	inventoryFine
	inventoryTooMuch
	inventoryIdle    // stock, and no sale in 30 days
	inventoryUnknown // stock, no sale, and not orders of all 30 days
	inventoryNothing // neither stock nor sales
)

// inventoryRow is one SKU in one marketplace.
type inventoryRow struct {
	store.StockRow
	Title    string
	Listing  *store.Listing
	Sold     store.SoldUnits
	Known    int64 // whole days of the last 90 that the book has orders of
	Pace     inventoryPace
	Cost     *books.Cost
	Value    *books.Money // at cost, of all units Amazon and the seller hold
	ValueWhy string       // key of the reason when Value is nil
}

// sellable are the units a buyer can buy now.
func (r inventoryRow) sellable() int64 {
	if r.OwnQuantity != nil {
		return r.Fulfillable + *r.OwnQuantity
	}
	return r.Fulfillable
}

// held are all units that belong to the seller.
func (r inventoryRow) held() int64 {
	return r.sellable() + r.Reserved + r.Inbound + r.Unfulfillable
}

func (r inventoryRow) state() inventoryState {
	cover, sells := r.Pace.cover(r.sellable())
	switch {
	case r.sellable() <= 0 && (sells || r.Sold.Days90 > 0):
		return inventoryOut
	case r.held() <= 0:
		return inventoryNothing
	case !sells && r.Known < inventoryWindow:
		return inventoryUnknown
	case !sells:
		return inventoryIdle
	case cover < inventoryShort:
		return inventoryLow
	case cover < inventorySoon:
		return inventoryOrderSoon
	case cover > inventoryExcess:
		return inventoryTooMuch
	}
	return inventoryFine
}

// inventoryData is everything the screen shows but one SKU's details.
type inventoryData struct {
	Rows  []inventoryRow
	Stock time.Time // day of the newest snapshot; zero without one
}

// inventoryRead reads the screen's rows: hundreds, so all of them.
func inventoryRead(ctx context.Context, book *store.Book, marketplaces []string, now time.Time) (*inventoryData, error) {
	today := func(marketplace string) string { return markets.Day(marketplace, now) }
	sold, err := book.Sold(ctx, now, today)
	if err != nil {
		return nil, err
	}
	listings, err := book.Listings(ctx)
	if err != nil {
		return nil, err
	}
	stocked, err := book.StockedDays(ctx, now.AddDate(0, 0, -inventoryWindow).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	coverage, err := book.Coverage(ctx)
	if err != nil {
		return nil, err
	}
	list, err := book.Costs(ctx)
	if err != nil {
		return nil, err
	}
	known, costs := inventoryKnown(coverage, now), books.NewCosts(list)
	d := &inventoryData{}
	err = book.Inventory(ctx, marketplaces, func(s store.StockRow) error {
		r := inventoryRow{StockRow: s, Title: s.Title, Sold: sold[s.Key()], Known: known[s.Connection]}
		listed := int64(0)
		if l, ok := listings[s.Key()]; ok {
			r.Listing = &l
			if !l.Created.IsZero() {
				listed = max(int64(now.Sub(l.Created).Hours()/24), 1)
			}
		}
		r.Pace = inventoryPaceOf(r.Sold, stocked[s.Key()], listed, r.Known)
		inventoryValue(&r, costs, today(s.Marketplace))
		if day, err := time.Parse(time.DateOnly, s.Day); err == nil && day.After(d.Stock) {
			d.Stock = day
		}
		d.Rows = append(d.Rows, r)
		return nil
	})
	if d.Stock.After(now) { // it is tomorrow already in Japan
		d.Stock = now
	}
	return d, err
}

// inventoryValue puts the units at today's cost.
func inventoryValue(r *inventoryRow, costs *books.Costs, today string) {
	currency := ""
	if m, ok := markets.ByID(r.Marketplace); ok {
		currency = m.Currency
	}
	c, ok := costs.At(r.SKU, r.Marketplace, currency, today)
	if !ok {
		r.ValueWhy = "inventory.why.nocost"
		return
	}
	r.Cost = &c
	v, err := c.Unit.Times(r.held(), c.Currency)
	if err != nil {
		r.ValueWhy = "inventory.why.large"
		return
	}
	r.Value = &v
}

// inventoryKnown counts, for each connection, the whole days back from
// yesterday that the book has orders of, at most 90.
func inventoryKnown(coverage []store.Coverage, now time.Time) map[string]int64 {
	known := map[string]int64{}
	for _, c := range coverage {
		// A list that ends more than two days ago tells nothing about now.
		if c.Source != "orders" || now.Sub(c.To) > 48*time.Hour {
			continue
		}
		known[c.Connection] = max(known[c.Connection], min(int64(now.Sub(c.From).Hours()/24), 90))
	}
	return known
}

// inventorySum is what the tiles show.
type inventorySum struct {
	Sellable, Inbound, Reserved, Unfulfillable int64
	Out, Low, Soon, Idle, Excess, Unknown      int64
	SKUs, NoCost                               int64
	Values                                     []books.Money // by currency, the largest share of SKUs first
	Cover                                      int64
	CoverKnown                                 bool
}

func inventorySumOf(rows []inventoryRow) (s inventorySum, err error) {
	value, skus := map[string]books.Money{}, map[string]int64{}
	var units, hundredths int64
	for _, r := range rows {
		s.SKUs++
		s.Sellable += r.sellable()
		s.Inbound += r.Inbound
		s.Reserved += r.Reserved
		s.Unfulfillable += r.Unfulfillable
		switch r.state() {
		case inventoryOut:
			s.Out++
		case inventoryLow:
			s.Low++
		case inventoryOrderSoon:
			s.Soon++
		case inventoryTooMuch:
			s.Excess++
		case inventoryIdle:
			s.Idle++
		case inventoryUnknown:
			s.Unknown++
		}
		if p, ok := r.Pace.perDay(); ok && r.Pace.Units > 0 {
			units, hundredths = units+r.sellable(), hundredths+p
		}
		switch {
		case r.Value != nil:
			skus[r.Value.Currency]++
			if value[r.Value.Currency], err = value[r.Value.Currency].Add(*r.Value); err != nil {
				return s, err
			}
		case r.held() > 0:
			s.NoCost++
		}
	}
	if hundredths > 0 {
		s.Cover, s.CoverKnown = units*100/hundredths, true
	}
	for _, v := range value {
		s.Values = append(s.Values, v)
	}
	slices.SortFunc(s.Values, func(a, b books.Money) int {
		return cmp.Or(cmp.Compare(skus[b.Currency], skus[a.Currency]), cmp.Compare(a.Currency, b.Currency))
	})
	return s, nil
}

// inventoryText says what a row is, in the reader's language.
type inventoryText struct {
	loc   *format.Locale
	words *i18n.Words
}

// state is the word and tone of a row's cover.
func (t inventoryText) state(s inventoryState) (string, parts.Tone) {
	switch s {
	case inventoryOut:
		return t.words.T("inventory.state.out"), parts.Loss
	case inventoryLow:
		return t.words.T("inventory.state.low"), parts.Loss
	case inventoryOrderSoon:
		return t.words.T("inventory.state.soon"), parts.Warn
	case inventoryTooMuch:
		return t.words.T("inventory.state.excess"), parts.Warn
	case inventoryIdle:
		return t.words.T("inventory.state.idle"), parts.Hint
	case inventoryUnknown:
		return format.Unknown, parts.Hint
	case inventoryNothing:
		return t.words.T("inventory.state.nothing"), parts.Hint
	}
	return t.words.T("inventory.state.fine"), parts.Gain
}

// sold is a count over days, or why it is not known.
func (t inventoryText) sold(r inventoryRow, units, days int64) (text, why string) {
	if r.Known < days {
		return format.Unknown, t.unknown(r)
	}
	return t.loc.Count(units), ""
}

// unknown is why nobody knows what was sold.
func (t inventoryText) unknown(r inventoryRow) string {
	if r.Known <= 0 {
		return t.words.T("inventory.why.noorders")
	}
	return t.words.T("inventory.why.days", t.loc.Count(r.Known))
}

// velocity is units a day with one or two places.
func (t inventoryText) velocity(p inventoryPace) (text, why string) {
	v, ok := p.perDay()
	if !ok {
		return format.Unknown, t.words.T("inventory.why.noorders")
	}
	return t.loc.Hundredths(v), t.words.T("inventory.pace", t.loc.Count(p.Units), t.loc.Count(p.Days))
}

// cover is days of cover, or why nobody knows.
func (t inventoryText) cover(r inventoryRow) (text, why string) {
	days, ok := r.Pace.cover(r.sellable())
	switch {
	case r.Pace.Days <= 0, !ok && r.Known < inventoryWindow:
		return format.Unknown, t.unknown(r)
	case !ok:
		return format.Unknown, t.words.T("inventory.why.nosales")
	case days > 999:
		return t.words.T("inventory.cover.more", t.loc.Count(999)), ""
	}
	return t.loc.Count(days), ""
}

func (t inventoryText) stock(r inventoryRow) string {
	return t.words.T("inventory.stock", t.loc.Count(r.sellable()), t.loc.Count(r.Reserved), t.loc.Count(r.Inbound), t.loc.Count(r.Unfulfillable))
}

// inventoryWeeks puts a SKU's sales of the last n weeks into slots, the last
// one ending yesterday. Slots before the book knows orders are not known.
type inventoryWeek struct {
	From  time.Time
	Units int64
	Known bool
}

func inventoryWeeks(sold []store.DayUnits, today time.Time, n int, knownDays int64) []inventoryWeek {
	weeks := make([]inventoryWeek, n)
	for i := range weeks {
		back := (n - i) * 7
		weeks[i] = inventoryWeek{From: today.AddDate(0, 0, -back), Known: int64(back) <= knownDays}
	}
	for _, d := range sold {
		day, err := time.Parse(time.DateOnly, d.Day)
		if err != nil {
			continue
		}
		age := int(today.Sub(day).Hours() / 24)
		if age >= 1 && age <= n*7 {
			weeks[n-1-(age-1)/7].Units += d.Units
		}
	}
	return weeks
}

// inventoryCost reads what was typed into the cost form, by the rules of all
// costs. The reason of a refusal is the key of a sentence.
func inventoryCost(sku, marketplace, currency, from, amount string) (c books.Cost, why string) {
	typed := map[string]string{"sku": "-", "valid_from": from, "unit_cost": amount, "currency": currency}
	c, bad := typedUnit(typed)
	c.SKU, c.Marketplace = sku, marketplace // a SKU of Amazon's may be any text
	for _, b := range bad {
		if b.Column == "valid_from" {
			return c, "inventory.cost.badday"
		}
		why = "inventory.cost.badamount"
	}
	return c, why
}

// inventoryCosts are the costs that may count for a SKU in a marketplace, the
// newest first.
func inventoryCosts(all []books.Cost, sku, marketplace string) []books.Cost {
	var out []books.Cost
	for _, c := range all {
		if c.SKU == sku && (c.Marketplace == "" || c.Marketplace == marketplace) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b books.Cost) int { return cmp.Compare(b.From, a.From) })
	return out
}
