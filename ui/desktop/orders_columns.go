package desktop

import (
	"strings"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
)

// ordersColumns are the columns of the list. A new one is one entry here.
func ordersColumns(t ordersText) []parts.Column[ordersRow] {
	w := t.words.T
	money := func(id, title string, width float32, amount func(store.OrderLine) (books.Money, string)) parts.Column[ordersRow] {
		return parts.Column[ordersRow]{
			ID: id, Title: title, Width: width, Align: parts.Right,
			Text: func(r ordersRow) string {
				if m, why := amount(r.OrderLine); why == "" {
					return t.loc.Statement(m)
				}
				return format.Unknown
			},
			Look: func(r ordersRow) parts.Cell {
				m, why := amount(r.OrderLine)
				if why != "" {
					return parts.UnknownCell(why)
				}
				c := parts.MoneyCell(t.loc, m)
				if id == "fees" {
					c.Tone = parts.Muted // fees are always paid: red would cry at each
				}
				return c
			},
			Value: func(r ordersRow) any {
				if m, why := amount(r.OrderLine); why == "" {
					return m
				}
				return nil
			},
		}
	}
	total, profit := money("total", w("orders.column.total"), 76, t.total), money("profit", w("orders.column.profit"), 76, t.profit)
	total.Sortable, profit.Sortable = true, true
	fees := money("fees", w("orders.column.fees"), 78, t.fees)
	fees.Spare, profit.Spare = 6, 3 // the drawer tells the profit of its order
	return []parts.Column[ordersRow]{
		{ID: "date", Title: w("orders.column.date"), Width: ordersDateWidth(t.loc.Tag()), Sortable: true, Text: func(r ordersRow) string { return t.bought(r.OrderLine) },
			Look:  func(r ordersRow) parts.Cell { return parts.Cell{Tip: t.moment(r.OrderLine)} },
			Value: func(r ordersRow) any { return ordersTime(r.OrderLine) }},
		{ID: "order", Title: w("orders.column.order"), Width: 172, Mono: true, Sortable: true, Text: func(r ordersRow) string { return r.ID }},
		{ID: "marketplace", Spare: 7, Title: w("orders.column.marketplace"), Width: 48, Sortable: true, Text: func(r ordersRow) string { return t.place(r.Marketplace) },
			Look: func(r ordersRow) parts.Cell { return parts.Cell{Tip: t.placeTip(r.Marketplace)} }},
		{ID: "status", Title: w("orders.column.status"), Width: ordersStatusWidth(t.loc.Tag()), Sortable: true, Text: func(r ordersRow) string { word, _ := t.status(r.OrderLine); return word },
			Look: func(r ordersRow) parts.Cell { _, tone := t.status(r.OrderLine); return parts.Cell{Dot: tone} }},
		{ID: "items", Title: w("orders.column.items"), Width: 150, Grow: 1, Text: func(r ordersRow) string { return t.items(r.OrderLine) }},
		{ID: "sku", Spare: 8, Title: w("orders.column.sku"), Width: 110, Mono: true, Hidden: true, Text: func(r ordersRow) string { return r.SKU }},
		{ID: "channel", Spare: 8, Title: w("orders.column.channel"), Width: 60, Hidden: true, Text: func(r ordersRow) string { return t.channel(r.FulfilledBy) }},
		{ID: "buyer", Spare: 8, Title: w("orders.column.buyer"), Width: 70, Hidden: true,
			Text: func(r ordersRow) string {
				if r.Buyer {
					return ordersMask
				}
				return format.Unknown
			},
			Look: func(r ordersRow) parts.Cell {
				if r.Buyer {
					return parts.Cell{Tone: parts.Hint, Tip: w("orders.buyer.masked")}
				}
				return parts.UnknownCell(w("orders.buyer.none"))
			}},
		{ID: "units", Spare: 4, Title: w("orders.column.units"), Width: 60, Align: parts.Right, Sortable: true, Text: func(r ordersRow) string { return t.loc.Count(r.Units) },
			Value: func(r ordersRow) any { return r.Units }},
		{ID: "currency", Title: "", Name: w("list.currency"), Width: 52, Text: func(r ordersRow) string { return r.Currency },
			Look: func(r ordersRow) parts.Cell { return parts.Cell{Tone: parts.Hint} }},
		total,
		fees,
		profit,
		{ID: "margin", Spare: 5, Title: w("orders.column.margin"), Width: 62, Align: parts.Right, Text: func(r ordersRow) string { text, _ := t.margin(r.OrderLine); return text },
			Look: func(r ordersRow) parts.Cell {
				text, why := t.margin(r.OrderLine)
				if why != "" {
					return parts.UnknownCell(why)
				}
				return parts.Cell{Text: text}
			}},
		{ID: "note", Spare: 8, Title: w("orders.column.note"), Width: 140, Hidden: true, Text: func(r ordersRow) string { return strings.Join(strings.Fields(r.Note), " ") },
			Look: func(r ordersRow) parts.Cell { return parts.Cell{Tip: r.Note} }},
	}
}

// ordersMask stands for a buyer: always the same, for its length would tell
// something.
const ordersMask = "••••••"

// ordersDateWidth is room for a day, a time and its zone: they are longer in some
// languages.
func ordersDateWidth(tag string) float32 {
	switch tag {
	case "ja", "zh-Hans":
		return 144
	case "de":
		return 140
	}
	return 130
}

func ordersStatusWidth(tag string) float32 {
	switch tag {
	case "de":
		return 116
	case "ja", "zh-Hans":
		return 128
	}
	return 112
}
