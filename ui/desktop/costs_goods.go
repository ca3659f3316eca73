package desktop

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// goodsKinds are the moves of goods that a seller tells of.
var goodsKinds = []string{"returned", "lost", "found"}

// errGoodsPlace reports a return whose order the book does not know, or a
// marketplace in which no account sells.
var errGoodsPlace = errors.New("no order and no account of the book fits")

func (s *costsScreen) goodsColumns() []parts.Column[store.GoodsMoved] {
	t, loc := s.e.words.T, s.e.loc
	col := func(id string) string { return t("costs.column." + id) }
	type row = store.GoodsMoved
	text := func(id, title string, width float32, f func(row) string) parts.Column[row] {
		return parts.Column[row]{ID: id, Title: title, Width: width, Text: f, Compare: parts.By(f)}
	}
	day := text("moved", col("moved"), dayWidth(loc), func(r row) string { return s.text.day(goodsDay(r)) })
	day.Compare = parts.By(func(r row) int64 { return r.At.Unix() })
	sku := text("sku", "SKU", 130, func(r row) string { return r.SKU })
	sku.Mono, sku.Grow = true, 0.5
	order := text("order", t("costs.field.order"), 178, func(r row) string { return r.Order })
	order.Mono, order.Spare = true, 2
	note := text("note", col("note"), 120, func(r row) string { return r.Note })
	note.Grow, note.Spare = 1, 1
	cost := parts.Column[row]{
		ID: "cost", Title: col("effect"), Width: 100, Align: parts.Right, Text: func(r row) string { return figureText(loc, r.Cost) },
		Look: func(r row) parts.Cell {
			if !r.Cost.Known {
				return parts.UnknownCell(t("costs.goods.nocost"))
			}
			return parts.MoneyCell(loc, r.Cost.Money)
		},
		Value: func(r row) any { return figureValue(r.Cost) }, Compare: parts.By(func(r row) int64 { return r.Cost.Minor }),
	}
	code := text("currency", "", 50, func(r row) string { return r.Cost.Currency })
	code.Name = col("currency")
	return []parts.Column[row]{
		day, text("kind", t("costs.field.kind"), 170, func(r row) string { return t("costs.kind." + r.Kind) }), sku,
		{ID: "units", Title: col("units"), Width: 58, Align: parts.Right, Text: func(r row) string { return loc.Count(r.Units) },
			Value: func(r row) any { return r.Units }, Compare: parts.By(func(r row) int64 { return r.Units })},
		text("market", col("market"), 110, func(r row) string { return marketplaceWord(r.Marketplace, format.Unknown) }), order, cost, code, note,
	}
}

// goodsDay is the day of a move; one whose event is not booked has that of UTC.
func goodsDay(m store.GoodsMoved) string { return cmp.Or(m.Day, m.At.UTC().Format(time.DateOnly)) }

// askGoods takes in units that came back, were lost or were found; it begins with
// the product that the screen was asked for.
func (s *costsScreen) askGoods() {
	t, sku, market := s.e.words.T, s.given.SKU, marketplaceWord(s.given.Market, "")
	form := &costForm{
		s: s, title: t("costs.goods.add"),
		fields: []formField{
			{code: "kind", choices: goodsKinds, value: goodsKinds[1]}, {code: "day", hint: "2026-03-01", value: dayOf(s.e.now().UTC())},
			{code: "sku", value: sku}, {code: "quantity", value: "1"},
			{code: "marketplace", hint: "Amazon.de", value: market}, {code: "order", hint: t("costs.goods.order")},
			{code: "note", wide: true},
		},
		check: func(x map[string]string) (string, []costfiles.Problem) {
			g, bad := costfiles.GoodsMove(x, marketplaceOf)
			return s.text.goodsRule(g.Kind), bad
		},
		keep: func(x map[string]string) {
			g, _ := costfiles.GoodsMove(x, marketplaceOf)
			s.tryGoods(g)
		},
	}
	form.show()
}

// goodsRule says what a move of goods does to the books.
func (x costsText) goodsRule(kind string) string {
	if kind == "" {
		return ""
	}
	return x.words.T("costs.goods.rule." + kind)
}

// tryGoods shows what a move would change, and notes it on a second word.
func (s *costsScreen) tryGoods(g costfiles.Goods) {
	t, book := s.e.words.T, s.e.s.Book
	day, _ := time.Parse(time.DateOnly, g.Day) // the form took it
	m := store.GoodsMove{Kind: g.Kind, Order: g.Order, SKU: g.SKU, Marketplace: g.Marketplace, Units: g.Units, At: day.Add(12 * time.Hour), Note: g.Note}
	s.acts.run(func(ctx context.Context) (func(), error) {
		err := book.PlaceGoods(ctx, &m)
		if errors.Is(err, store.ErrNotFound) {
			return nil, errGoodsPlace
		}
		if err != nil {
			return nil, err
		}
		effects, err := book.TryGoods(ctx, func(tx *store.Tx) error { _, err := tx.AddGoodsMove(m); return err })
		return func() {
			s.sayEffects(t("costs.goods.ask"), s.text.goodsMove(m), effects, parts.NewButton(t("costs.goods.keep"), parts.Primary, nil), func() {
				s.change(t("costs.goods.kept"), s.text.goodsCause(m), func(tx *store.Tx) error { _, err := tx.AddGoodsMove(m); return err })
			})
		}, err
	}, s.refused)
}

// askGoodsMove shows a move that was noted, and takes it back if asked.
func (s *costsScreen) askGoodsMove(m store.GoodsMoved) {
	t := s.e.words.T
	drop := func(tx *store.Tx) error { return tx.DeleteGoodsMove(m.ID) }
	s.acts.run(func(ctx context.Context) (func(), error) {
		effects, err := s.e.s.Book.TryGoods(ctx, drop)
		return func() {
			s.sayEffects(t("costs.goods.drop"), s.text.goodsMove(m.GoodsMove), effects, parts.NewButton(t("costs.remove"), parts.Danger, nil), func() {
				s.change(t("costs.goods.dropped"), "removed: "+s.text.goodsCause(m.GoodsMove), drop)
			})
		}, err
	}, s.refused)
}

// sayEffects tells what a change of goods does to the cost of goods, and does it
// when the button is pressed.
func (s *costsScreen) sayEffects(title, what string, effects []store.GoodsEffect, do *parts.Button, act func()) {
	t := s.e.words.T
	box := container.NewVBox(flushText(what, parts.Normal), spacer(theme.Space2))
	if len(effects) == 0 {
		box.Add(flushText(t("costs.goods.nothing"), parts.Warn))
	} else {
		box.Add(parts.NewLabel(t("costs.goods.effects"), theme.TextCaption, parts.Muted).Bold())
	}
	for _, e := range effects {
		text, tone := s.text.effect(e)
		box.Add(flushText(text, tone))
	}
	var m *modal
	do.OnTapped = func() { m.hide(); act() }
	m = newModal(s.e, title, box, fyne.NewSize(520, 300), parts.NewButton(t("privacy.cancel"), parts.Quiet, func() { m.hide() }), do)
	m.show()
}

// goodsMove says a move in one sentence.
func (x costsText) goodsMove(m store.GoodsMove) string {
	list := []string{x.words.T("costs.kind." + m.Kind), x.loc.Count(m.Units) + " × " + m.SKU, x.day(m.At.UTC().Format(time.DateOnly))}
	for _, more := range []string{marketplaceWord(m.Marketplace, ""), m.Order, m.Note} {
		if more != "" {
			list = append(list, more)
		}
	}
	return strings.Join(list, " · ")
}

// goodsCause is how the audit log calls a move.
func (x costsText) goodsCause(m store.GoodsMove) string {
	return strings.TrimSpace(strconv.FormatInt(m.Units, 10) + " of " + m.SKU + " " + m.Kind + " " + m.Order)
}

// effect says what happens to the cost of goods of a month.
func (x costsText) effect(e store.GoodsEffect) (string, parts.Tone) {
	month, _ := time.Parse("2006-01", e.Month) // of a day in the book
	out, tone := x.loc.Month(month)+": ", parts.Gain
	if e.Change != 0 {
		key := "costs.goods.more"
		if e.Change < 0 {
			key, tone = "costs.goods.less", parts.Loss
		}
		change := books.Money{Minor: e.Change, Currency: e.Currency}
		out += x.words.T(key, x.loc.Change(change)+" "+e.Currency)
	}
	if e.Open != 0 {
		if e.Change != 0 {
			out += " · "
		}
		key, n := "costs.goods.open", e.Open
		if n < 0 {
			key, n = "costs.goods.closed", -n
		} else {
			tone = parts.Warn
		}
		if x.loc.One(n) {
			key += ".one"
		}
		out += x.words.T(key, x.loc.Count(n))
	}
	return out, tone
}
