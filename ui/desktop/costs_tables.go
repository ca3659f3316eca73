package desktop

import (
	"strings"

	"fyne.io/fyne/v2"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
)

// table makes the table of a tab; the second result ends it.
func (s *costsScreen) table(tab string) (fyne.CanvasObject, func()) {
	f := &s.facts
	switch tab {
	case tabUnits:
		return costTable(s, f.units, s.unitColumns(), "costs.unit.none", "costs.unit.add", func() { s.askUnit(books.Cost{Currency: s.usualCurrency()}) }, s.askUnit, nil)
	case tabUncovered:
		return costTable(s, f.uncovered, s.uncoveredColumns(), "costs.uncovered.none", "", nil, func(u store.UncoveredSKU) {
			s.askPurchase(books.Purchase{SKU: u.SKU, Units: u.Units, Day: u.First, Currency: u.Currency})
		}, nil)
	case tabExpenses:
		return costTable(s, f.expenses, s.expenseColumns(), "costs.expense.none", "costs.expense.add", func() {
			s.askExpense(books.Outlay{Amount: books.Money{Currency: s.usualCurrency()}, Repeat: books.Monthly})
		}, s.askExpense, nil)
	case tabKits:
		return costTable(s, f.kits, s.kitColumns(), "costs.kit.none", "costs.kit.add", func() { s.askKit(kitRow{}) }, s.askKit, nil)
	case tabGoods:
		return costTable(s, f.goods, s.goodsColumns(), "costs.goods.none", "costs.goods.add", s.askGoods, s.askGoodsMove, nil)
	case tabPostage:
		return costTable(s, f.postage, s.postageColumns(), "costs.postage.none", "costs.postage.add", func() {
			s.askPostage(store.PostageRate{Currency: s.usualCurrency()})
		}, s.askPostage, nil)
	case tabRates:
		return costTable(s, f.rates, s.rateColumns(), "costs.rate.none", "costs.rate.import", func() { s.askImport(tabRates) }, nil, nil)
	}
	return costTable(s, f.purchases, s.purchaseColumns(), "costs.purchase.none", "costs.purchase.add", func() { s.askPurchase(books.Purchase{Currency: s.usualCurrency()}) },
		func(r purchaseRow) { s.askPurchase(r.Purchase) }, s.purchaseTotals())
}

func costTable[R any](s *costsScreen, rows []R, columns []parts.Column[R], none, action string, act func(), open func(R), totals map[string]parts.Cell) (fyne.CanvasObject, func()) {
	t := s.e.words.T
	word := ""
	if action != "" {
		word = t(action)
	}
	o := parts.TableOptions[R]{Post: s.e.post, Pinned: 1, Empty: parts.NewEmptyState(t(none), word, act)}
	if open != nil {
		o.OnOpen = func(r R, _ string) { open(r) }
	}
	table := parts.NewTable(s.e.ctx, columns, parts.Rows(rows, columns), o)
	if len(rows) > 0 && totals != nil {
		table.SetTotals(totals)
	}
	return table, table.Close
}

func (s *costsScreen) purchaseColumns() []parts.Column[purchaseRow] {
	t, loc := s.e.words.T, s.e.loc
	col := func(id string) string { return t("costs.column." + id) }
	text := func(id, title string, width float32, f func(purchaseRow) string) parts.Column[purchaseRow] {
		return parts.Column[purchaseRow]{ID: id, Title: title, Width: width, Text: f, Compare: parts.By(f)}
	}
	day := text("day", col("day"), dayWidth(loc), func(r purchaseRow) string { return s.text.day(r.Day) })
	day.Compare = parts.By(func(r purchaseRow) string { return r.Day })
	sku := text("sku", "SKU", 124, func(r purchaseRow) string { return r.SKU })
	sku.Mono, sku.Grow = true, 0.6
	batch := text("batch", col("batch"), 84, func(r purchaseRow) string { return r.Code })
	batch.Grow, batch.Spare = 0.4, 3
	supplier := text("supplier", col("supplier"), 96, func(r purchaseRow) string { return r.Supplier })
	supplier.Grow, supplier.Spare = 0.5, 4
	number := func(id string, f func(purchaseRow) int64) parts.Column[purchaseRow] {
		return parts.Column[purchaseRow]{
			ID: id, Title: col(id), Width: 54, Align: parts.Right, Text: func(r purchaseRow) string { return loc.Count(f(r)) },
			Value: func(r purchaseRow) any { return f(r) }, Compare: parts.By(f),
		}
	}
	left := number("left", func(r purchaseRow) int64 { return r.left.Units })
	left.Look = func(r purchaseRow) parts.Cell {
		if r.gone {
			return parts.Cell{Tone: parts.Muted, Tip: t("costs.gone")}
		}
		return parts.Cell{Tip: t("costs.left.tip", loc.Count(r.left.Units), loc.Count(r.Units))}
	}
	money := func(id string, f func(purchaseRow) books.Money) parts.Column[purchaseRow] {
		return parts.Column[purchaseRow]{
			ID: id, Title: col(id), Width: 84, Align: parts.Right, Text: func(r purchaseRow) string { return loc.Statement(f(r)) },
			Value: func(r purchaseRow) any { return f(r) }, Compare: parts.By(func(r purchaseRow) int64 { return f(r).Minor }),
		}
	}
	landed := money("landed", func(r purchaseRow) books.Money { return r.Landed })
	landed.Look = func(r purchaseRow) parts.Cell { return parts.Cell{Tip: s.landedTip(r)} }
	value := money("value", func(r purchaseRow) books.Money { m, _ := r.value(); return m })
	value.Look = func(r purchaseRow) parts.Cell {
		if _, known := r.value(); !known {
			return parts.UnknownCell(t("costs.value.unknown"))
		}
		return parts.Cell{Tone: map[bool]parts.Tone{true: parts.Muted}[r.gone]}
	}
	each := text("each", col("each"), 66, func(r purchaseRow) string { return loc.Money(r.rounded()) })
	each.Align, each.Compare = parts.Right, nil
	each.Look = func(r purchaseRow) parts.Cell { return parts.Cell{Tip: loc.Amount(r.each()) + " " + r.Currency} }
	paid := text("currency", "", 50, func(r purchaseRow) string { return r.Currency })
	paid.Name = col("currency")
	fixed := text("book", "", 50, func(r purchaseRow) string { return r.Fixed.Currency })
	fixed.Name = col("book")
	rate := text("rate", col("rate"), 70, func(r purchaseRow) string {
		if r.Currency == r.Fixed.Currency {
			return ""
		}
		return r.RateText
	})
	rate.Align, rate.Compare, rate.Spare = parts.Right, nil, 2
	rate.Look = func(r purchaseRow) parts.Cell {
		if r.Currency == r.Fixed.Currency {
			return parts.Cell{}
		}
		return parts.Cell{Tip: s.rateTip(r.Exchange.Source, r.Exchange.Day, r.Day)}
	}
	invoice := text("invoice", col("invoice"), 74, func(r purchaseRow) string { return r.Invoice })
	invoice.Spare = 1
	invoice.Look = func(r purchaseRow) parts.Cell {
		if r.Document == 0 {
			return parts.Cell{}
		}
		return parts.Cell{Badge: "✓", Tip: r.DocumentName}
	}
	market := text("market", col("market"), 96, func(r purchaseRow) string { return marketWords(r.Marketplaces, t("costs.every")) })
	market.Hidden = true
	note := text("note", col("note"), 140, func(r purchaseRow) string { return r.Note })
	note.Hidden = true
	return []parts.Column[purchaseRow]{day, sku, batch, supplier, number("units", func(r purchaseRow) int64 { return r.Units }), left, landed, paid, each, rate, value, fixed, invoice, market, note}
}

func marketWords(ids []string, every string) string {
	if len(ids) == 0 {
		return every
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = marketplaceWord(id, every)
	}
	return strings.Join(names, ", ")
}

// landedTip shows what a landed cost is made of.
func (s *costsScreen) landedTip(r purchaseRow) string {
	var out []string
	for _, p := range []struct {
		code  string
		minor int64
	}{{"price", r.Price}, {"freight", r.Freight}, {"duty", r.Duty}, {"preparation", r.Prep}, {"other", r.Other}} {
		if p.minor != 0 || p.code == "price" {
			out = append(out, s.text.column(p.code)+" "+s.e.loc.Money(books.Money{Minor: p.minor, Currency: r.Currency}))
		}
	}
	return strings.Join(out, " + ")
}

// rateTip says where a rate comes from, and that a day without one has that of
// the last day before.
func (s *costsScreen) rateTip(source, published, wanted string) string {
	t := s.e.words.T
	out := t("costs.rate.source."+source) + ", " + s.text.day(published)
	if source != books.SourceTyped && published != wanted {
		out += " " + t("costs.rate.before", s.text.day(wanted))
	}
	return out
}

// purchaseTotals adds units up, and value where it has one currency.
func (s *costsScreen) purchaseTotals() map[string]parts.Cell {
	var units, left int64
	sums := map[string]int64{}
	unknown := false
	for _, r := range s.facts.purchases {
		units += r.Units
		left += r.left.Units
		m, known := r.value()
		sums[m.Currency] += m.Minor
		unknown = unknown || !known
	}
	out := map[string]parts.Cell{
		"sku": {Text: counted(s.e, "costs.purchase.count", int64(len(s.facts.purchases)))}, "units": {Text: s.e.loc.Count(units)}, "left": {Text: s.e.loc.Count(left)},
	}
	if len(sums) == 1 && !unknown {
		for code, minor := range sums {
			out["value"], out["book"] = parts.Cell{Text: s.e.loc.Statement(books.Money{Minor: minor, Currency: code})}, parts.Cell{Text: code}
		}
	}
	return out
}

func (s *costsScreen) unitColumns() []parts.Column[books.Cost] {
	t := s.e.words.T
	col := func(id string) string { return t("costs.column." + id) }
	return []parts.Column[books.Cost]{
		{ID: "sku", Title: "SKU", Width: 160, Grow: 1, Mono: true, Text: func(c books.Cost) string { return c.SKU }, Compare: parts.By(func(c books.Cost) string { return c.SKU })},
		{ID: "market", Title: col("market"), Width: 130, Grow: 0.5, Text: func(c books.Cost) string { return marketplaceWord(c.Marketplace, t("costs.every")) },
			Compare: parts.By(func(c books.Cost) string { return marketplaceWord(c.Marketplace, "") })},
		{ID: "from", Title: col("from"), Width: dayWidth(s.e.loc), Text: func(c books.Cost) string {
			if c.From == "" {
				return t("costs.beginning")
			}
			return s.text.day(c.From)
		}, Compare: parts.By(func(c books.Cost) string { return c.From })},
		{ID: "unit", Title: col("unit"), Width: 100, Align: parts.Right, Text: func(c books.Cost) string { return s.e.loc.Amount(c.Unit.String()) }},
		{ID: "currency", Title: "", Name: col("currency"), Width: 48, Text: func(c books.Cost) string { return c.Currency }},
	}
}

func (s *costsScreen) uncoveredColumns() []parts.Column[store.UncoveredSKU] {
	t, loc := s.e.words.T, s.e.loc
	col := func(id string) string { return t("costs.column." + id) }
	return []parts.Column[store.UncoveredSKU]{
		{ID: "sku", Title: "SKU", Width: 130, Mono: true, Text: func(u store.UncoveredSKU) string { return u.SKU }, Compare: parts.By(func(u store.UncoveredSKU) string { return u.SKU })},
		{ID: "title", Title: col("title"), Width: 140, Grow: 1, Spare: 1, Text: func(u store.UncoveredSKU) string { return u.Title },
			Look: func(u store.UncoveredSKU) parts.Cell { return parts.Cell{Tip: u.Title} }, Compare: parts.By(func(u store.UncoveredSKU) string { return u.Title })},
		{ID: "market", Title: col("market"), Width: 110, Text: func(u store.UncoveredSKU) string { return marketplaceWord(u.Marketplace, "") },
			Compare: parts.By(func(u store.UncoveredSKU) string { return u.Marketplace })},
		{ID: "units", Title: col("units"), Width: 64, Align: parts.Right, Text: func(u store.UncoveredSKU) string { return loc.Count(u.Units) },
			Value: func(u store.UncoveredSKU) any { return u.Units }, Compare: parts.By(func(u store.UncoveredSKU) int64 { return u.Units })},
		{ID: "first", Title: col("first"), Width: dayWidth(loc), Text: func(u store.UncoveredSKU) string { return s.text.day(u.First) }, Compare: parts.By(func(u store.UncoveredSKU) string { return u.First })},
		{ID: "last", Title: col("last"), Width: dayWidth(loc), Spare: 2, Text: func(u store.UncoveredSKU) string { return s.text.day(u.Last) }, Compare: parts.By(func(u store.UncoveredSKU) string { return u.Last })},
		{ID: "why", Title: col("why"), Width: 170, Grow: 0.6, Text: func(u store.UncoveredSKU) string { why, _ := s.text.gap(u); return why },
			Look: func(store.UncoveredSKU) parts.Cell { return parts.Cell{Dot: parts.Warn} }},
		{ID: "todo", Title: col("todo"), Width: 190, Grow: 0.8, Text: func(u store.UncoveredSKU) string { _, todo := s.text.gap(u); return todo },
			Look: func(store.UncoveredSKU) parts.Cell { return parts.Cell{Link: true, Tone: parts.Accent} }},
	}
}

func (s *costsScreen) expenseColumns() []parts.Column[books.Outlay] {
	t, loc := s.e.words.T, s.e.loc
	col := func(id string) string { return t("costs.column." + id) }
	text := func(id string, width, grow float32, f func(books.Outlay) string) parts.Column[books.Outlay] {
		return parts.Column[books.Outlay]{ID: id, Title: col(id), Width: width, Grow: grow, Text: f, Compare: parts.By(f)}
	}
	amount := text("amount", 100, 0, func(o books.Outlay) string { return loc.Statement(o.Amount) })
	amount.Align, amount.Compare = parts.Right, parts.By(func(o books.Outlay) int64 { return o.Amount.Minor })
	amount.Value = func(o books.Outlay) any { return o.Amount }
	code := text("currency", 48, 0, func(o books.Outlay) string { return o.Amount.Currency })
	code.Title, code.Name = "", col("currency")
	return []parts.Column[books.Outlay]{
		text("expense", 150, 1, func(o books.Outlay) string { return o.Code }), text("category", 110, 0.4, func(o books.Outlay) string { return o.Category }),
		text("repeat", 92, 0, func(o books.Outlay) string { return t("costs.repeat." + string(o.Repeat)) }),
		text("from", dayWidth(loc), 0, func(o books.Outlay) string { return s.text.day(o.From) }),
		text("to", dayWidth(loc), 0, func(o books.Outlay) string { return s.text.day(o.To) }), amount, code,
		text("market", 104, 0.3, func(o books.Outlay) string { return marketplaceWord(o.Marketplace, t("costs.whole")) }),
		text("product", 110, 0.3, func(o books.Outlay) string { return o.SKU }),
		text("allocation", 110, 0.3, func(o books.Outlay) string { return t("costs.allocation." + string(o.Allocation)) }),
	}
}

func (s *costsScreen) rateColumns() []parts.Column[store.RateSpan] {
	t, loc := s.e.words.T, s.e.loc
	col := func(id string) string { return t("costs.column." + id) }
	text := func(id string, width, grow float32, f func(store.RateSpan) string) parts.Column[store.RateSpan] {
		return parts.Column[store.RateSpan]{ID: id, Title: col(id), Width: width, Grow: grow, Text: f, Compare: parts.By(f)}
	}
	number := func(c parts.Column[store.RateSpan]) parts.Column[store.RateSpan] {
		c.Align = parts.Right
		return c
	}
	return []parts.Column[store.RateSpan]{
		text("pair", 140, 0.6, func(r store.RateSpan) string { return "1 " + r.From + " = … " + r.To }),
		number(text("rate", 110, 0, func(r store.RateSpan) string { return r.Rate })),
		text("source", 200, 1, func(r store.RateSpan) string { return t("costs.rate.source." + r.Source) }),
		text("first", dayWidth(loc), 0, func(r store.RateSpan) string { return s.text.day(r.First) }),
		text("last", dayWidth(loc), 0, func(r store.RateSpan) string { return s.text.day(r.Last) }),
		number(text("days", 80, 0, func(r store.RateSpan) string { return loc.Count(r.Count) })),
	}
}
