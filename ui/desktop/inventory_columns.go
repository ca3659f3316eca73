package desktop

import (
	"cmp"

	"countinghouse/data/books"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

// inventoryColumns are the columns of the list. A new one is one entry here.
func inventoryColumns(t inventoryText) []parts.Column[inventoryRow] {
	w := t.words.T
	orders := ordersText{loc: t.loc, words: t.words}
	count := func(id, title string, width float32, units func(inventoryRow) int64) parts.Column[inventoryRow] {
		return parts.Column[inventoryRow]{ID: id, Title: title, Width: width, Align: parts.Right, Compare: parts.By(units),
			Text:  func(r inventoryRow) string { return t.loc.Count(units(r)) },
			Value: func(r inventoryRow) any { return units(r) },
			Look: func(r inventoryRow) parts.Cell {
				if units(r) == 0 {
					return parts.Cell{Tone: parts.Muted}
				}
				return parts.Cell{}
			}}
	}
	known := func(id, title string, width float32, text func(inventoryRow) (string, string), order func(inventoryRow) int64) parts.Column[inventoryRow] {
		return parts.Column[inventoryRow]{ID: id, Title: title, Width: width, Align: parts.Right, Compare: parts.By(order),
			Text: func(r inventoryRow) string { s, _ := text(r); return s },
			Look: func(r inventoryRow) parts.Cell {
				s, why := text(r)
				if s == format.Unknown {
					return parts.UnknownCell(why)
				}
				return parts.Cell{Text: s, Tip: why}
			}}
	}
	sold := func(id, title string, days int64, units func(inventoryRow) int64) parts.Column[inventoryRow] {
		c := known(id, title, 74, func(r inventoryRow) (string, string) { return t.sold(r, units(r), days) }, units)
		c.Value = func(r inventoryRow) any {
			if r.Known < days {
				return nil
			}
			return units(r)
		}
		return c
	}
	spare := func(n int, c parts.Column[inventoryRow]) parts.Column[inventoryRow] { c.Spare = n; return c }
	hidden := func(c parts.Column[inventoryRow]) parts.Column[inventoryRow] { c.Hidden = true; return c }
	return []parts.Column[inventoryRow]{
		{ID: "sku", Title: w("orders.column.sku"), Width: 118, Mono: true, Text: func(r inventoryRow) string { return r.SKU },
			Compare: parts.By(func(r inventoryRow) string { return r.SKU })},
		{ID: "title", Title: w("inventory.column.title"), Width: 200, Grow: 1, Compare: parts.By(func(r inventoryRow) string { return r.Title }),
			Text: func(r inventoryRow) string { return cmp.Or(r.Title, format.Unknown) },
			Look: func(r inventoryRow) parts.Cell { return productCell(r.Title, r.SKU) }},
		{ID: "marketplace", Title: w("orders.column.marketplace"), Width: 48, Text: func(r inventoryRow) string { return orders.place(r.Marketplace) },
			Look:    func(r inventoryRow) parts.Cell { return parts.Cell{Tip: orders.placeTip(r.Marketplace)} },
			Compare: parts.By(func(r inventoryRow) string { return orders.place(r.Marketplace) })},
		count("available", w("inventory.column.available"), 86, inventoryRow.sellable),
		{ID: "share", Spare: 6, Title: "", Name: w("inventory.column.share"), Width: 60, Text: t.stock, Look: func(r inventoryRow) parts.Cell {
			c := parts.Cell{HasBar: true, Tip: t.stock(r)}
			if r.held() > 0 {
				c.Bar = float32(r.sellable()) / float32(r.held())
			}
			return c
		}},
		hidden(count("reserved", w("inventory.column.reserved"), 70, func(r inventoryRow) int64 { return r.Reserved })),
		spare(3, count("inbound", w("inventory.column.inbound"), 70, func(r inventoryRow) int64 { return r.Inbound })),
		hidden(count("unfulfillable", w("inventory.column.unfulfillable"), 78, func(r inventoryRow) int64 { return r.Unfulfillable })),
		hidden(sold("sold7", w("inventory.column.sold7"), 7, func(r inventoryRow) int64 { return r.Sold.Days7 })),
		sold("sold30", w("inventory.column.sold30"), 30, func(r inventoryRow) int64 { return r.Sold.Days30 }),
		spare(8, sold("sold90", w("inventory.column.sold90"), 90, func(r inventoryRow) int64 { return r.Sold.Days90 })),
		spare(7, known("velocity", w("inventory.column.velocity"), 62, func(r inventoryRow) (string, string) { return t.velocity(r.Pace) },
			func(r inventoryRow) int64 { v, _ := r.Pace.perDay(); return v })),
		known("cover", w("inventory.column.cover"), 76, t.cover, func(r inventoryRow) int64 {
			if days, ok := r.Pace.cover(r.sellable()); ok {
				return days
			}
			return 1 << 62
		}),
		{ID: "state", Title: w("inventory.column.state"), Width: 108, Text: func(r inventoryRow) string { word, _ := t.state(r.state()); return word },
			Look: func(r inventoryRow) parts.Cell {
				state := r.state()
				word, tone := t.state(state)
				if state == inventoryUnknown {
					return parts.Cell{Text: word, Tip: t.unknown(r), Tone: tone}
				}
				return parts.Cell{Text: word, Dot: tone}
			},
			// The most urgent first, among them what sells best.
			Compare: func(a, b inventoryRow) int {
				return cmp.Or(cmp.Compare(a.state(), b.state()), cmp.Compare(b.Sold.Days90, a.Sold.Days90), cmp.Compare(a.SKU, b.SKU))
			}},
		{ID: "next", Spare: 4, Title: w("inventory.column.next"), Width: 150, Text: func(r inventoryRow) string { text, _ := t.next(r); return text },
			Look: func(r inventoryRow) parts.Cell {
				text, why := t.next(r)
				return parts.Cell{Text: text, Tip: why, Tone: inventoryNextTone(text)}
			},
			Compare: parts.By(func(r inventoryRow) string { text, _ := t.next(r); return text })},
		{ID: "currency", Spare: 5, Title: "", Name: w("list.currency"), Width: 52, Look: func(inventoryRow) parts.Cell { return parts.Cell{Tone: parts.Hint} },
			Text: func(r inventoryRow) string {
				if r.Value == nil {
					return ""
				}
				return r.Value.Currency
			}},
		spare(5, inventoryMoney(t, "value", w("inventory.column.value"), 88, false, func(r inventoryRow) (*books.Money, string) {
			if r.Value == nil {
				return nil, w(r.ValueWhy)
			}
			return r.Value, ""
		})),
		inventoryMoney(t, "price", w("inventory.column.price"), 72, true, func(r inventoryRow) (*books.Money, string) {
			if r.Listing == nil || r.Listing.Price == nil {
				return nil, w("inventory.why.noprice")
			}
			return &books.Money{Minor: *r.Listing.Price, Currency: r.Listing.Currency}, ""
		}),
	}
}

func inventoryMoney(t inventoryText, id, title string, width float32, hidden bool, amount func(inventoryRow) (*books.Money, string)) parts.Column[inventoryRow] {
	return parts.Column[inventoryRow]{ID: id, Title: title, Width: width, Align: parts.Right, Hidden: hidden,
		Text: func(r inventoryRow) string {
			if m, _ := amount(r); m != nil {
				return t.loc.Money(*m)
			}
			return format.Unknown
		},
		Look: func(r inventoryRow) parts.Cell {
			if _, why := amount(r); why != "" {
				return parts.UnknownCell(why)
			}
			return parts.Cell{}
		},
		Value: func(r inventoryRow) any {
			if m, _ := amount(r); m != nil {
				return *m
			}
			return nil
		},
		// Amounts of two currencies have no order: within each, what is not
		// known last.
		Compare: func(a, b inventoryRow) int {
			x, _ := amount(a)
			y, _ := amount(b)
			switch {
			case x == nil || y == nil:
				return cmp.Compare(inventoryRank(x != nil), inventoryRank(y != nil))
			case x.Currency != y.Currency:
				return cmp.Compare(x.Currency, y.Currency)
			}
			return cmp.Compare(x.Minor, y.Minor)
		}}
}

// inventoryNextTone keeps rows without anything to do quiet.
func inventoryNextTone(text string) parts.Tone {
	if text == format.Unknown {
		return parts.Hint
	}
	return parts.Normal
}

func inventoryRank(b bool) int {
	if b {
		return 1
	}
	return 0
}
