package desktop

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
	"countinghouse/ui/format"
)

// fillDrawer shows an order in the drawer.
func (s *ordersScreen) fillDrawer(d *store.OrderDetail, buyer bool, noted time.Time) {
	box := detailBox(s.timeline(d))
	for _, part := range [][]fyne.CanvasObject{s.itemRows(d), s.moneyRows(d), s.parcelRows(d), s.buyerRows(d, buyer), s.noteRows(d, noted), s.documentRows(d)} {
		for _, o := range part {
			box.Add(o)
		}
	}
	note := []string{s.text.placeTip(d.Marketplace), s.text.channel(d.FulfilledBy)}
	if d.Currency != "" {
		note = append([]string{d.Currency}, note...)
	}
	if d.Business {
		note = append(note, s.e.words.T("orders.business"))
	}
	// The content keeps clear of the scroll bar.
	s.drawer.SetContent(d.ID, strings.Join(note, " · "), container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Scaled(theme.Space3)), box))
}

// timeline is the order's way in equal steps: a bar, a word, a time.
func (s *ordersScreen) timeline(d *store.OrderDetail) fyne.CanvasObject {
	row := container.New(parts.Shares{Gap: theme.Space1})
	for _, step := range s.text.steps(d) {
		color, tone := theme.Now().Skeleton, parts.Hint
		if step.Done {
			color, tone = theme.Now().Accent, parts.Normal
		}
		if step.Tone == parts.Loss {
			color, tone = theme.Now().Loss, parts.Loss
		}
		row.Add(detailBox(detailBar(color, 3), parts.NewLabel(step.Word, theme.TextCaption, tone), parts.NewLabel(step.When, theme.TextCaption, parts.Hint)))
	}
	return row
}

func (s *ordersScreen) itemRows(d *store.OrderDetail) []fyne.CanvasObject {
	t := s.e.words.T
	out := []fyne.CanvasObject{detailHead(t("orders.items"), "")}
	if len(d.Lines) == 0 {
		return append(out, parts.NewLabel(t("orders.items.none"), theme.TextBody, parts.Muted))
	}
	for _, i := range d.Lines {
		price := parts.NewLabel(format.Unknown, theme.TextBody, parts.Hint).Right()
		if i.Price != nil {
			price = parts.NewMoney(s.e.loc, books.Money{Minor: *i.Price, Currency: d.Currency})
		}
		name := i.Title
		if name == "" {
			name = i.SKU
		}
		out = append(out, detailRow(t("orders.items.times", s.e.loc.Count(i.Quantity), name), parts.Normal, price),
			parts.NewBorder(nil, nil, nil, parts.NewButton(t("orders.items.stock"), parts.Text, func() {
				s.e.show(route{Screen: "inventory", SKU: i.SKU, Market: d.Marketplace})
			}), parts.NewLabel(strings.TrimSpace(i.SKU+"  "+i.ASIN), theme.TextCaption, parts.Hint)))
	}
	return out
}

// moneyRows is the order's own statement. Each line opens what is behind it.
func (s *ordersScreen) moneyRows(d *store.OrderDetail) []fyne.CanvasObject {
	t := s.e.words.T
	if len(d.Rows) == 0 {
		return []fyne.CanvasObject{detailHead(t("orders.money"), ""), detailParagraph(s.text.whyNoMoney(d.OrderLine))}
	}
	whole := ordersState(d.Rows)
	out := []fyne.CanvasObject{detailHead(t("orders.money"), s.text.state(whole))}
	profit, beside, ok := ordersStatement(d.Rows)
	if !ok {
		return append(out, detailParagraph(t("orders.why.currencies")))
	}
	line := func(sum ordersSum) fyne.CanvasObject {
		name := s.text.line(sum.Line)
		if sum.State != "" && sum.State != whole {
			name = t("orders.money.state", name, s.text.state(sum.State))
		}
		open := parts.NewButton(name, parts.Plain, func() { s.e.show(route{Line: string(sum.Line), Order: d.ID}) })
		return parts.NewBorder(nil, nil, detailShift(open, theme.Space1, 1), nil, parts.NewLabel(s.e.loc.Statement(sum.Money), theme.TextBody, parts.Normal).Right())
	}
	for _, sum := range profit {
		out = append(out, line(sum))
	}
	out = append(out, detailRule(), s.profitRow(d))
	if len(beside) > 0 {
		out = append(out, container.New(layout.NewCustomPaddedLayout(theme.Scaled(theme.Space1), 0, 0, 0),
			parts.NewLabel(t("orders.money.beside"), theme.TextCaption, parts.Hint)))
	}
	for _, sum := range beside {
		out = append(out, line(sum))
	}
	return out
}

func (s *ordersScreen) profitRow(d *store.OrderDetail) fyne.CanvasObject {
	t := s.e.words.T
	m, why := s.text.profit(d.OrderLine)
	open := parts.NewButton(t("orders.column.profit"), parts.Plain, func() { s.e.show(route{Line: "*", Order: d.ID}) })
	name := detailShift(open, theme.Space1, 1)
	if why != "" {
		return parts.NewBorder(nil, nil, name, nil, parts.NewLabel(format.Unknown+"  "+why, theme.TextBody, parts.Hint).Right())
	}
	text := t("orders.money.profit", s.e.loc.Statement(m), m.Currency)
	if margin, why := s.text.margin(d.OrderLine); why == "" {
		text = t("orders.money.margin", s.e.loc.Statement(m), m.Currency, margin)
	}
	tone := parts.Normal
	if m.Minor < 0 {
		tone = parts.Loss
	}
	return parts.NewBorder(nil, nil, name, nil, parts.NewLabel(text, theme.TextBody, tone).Bold().Right())
}

func (s *ordersScreen) parcelRows(d *store.OrderDetail) []fyne.CanvasObject {
	if len(d.Packages) == 0 {
		return nil
	}
	out := []fyne.CanvasObject{detailHead(s.e.words.T("orders.parcels"), "")}
	for _, p := range d.Packages {
		name := strings.TrimSpace(p.Carrier + " " + p.Service)
		if name == "" {
			name = p.Reference
		}
		out = append(out, detailText(name, p.TrackingNumber))
	}
	return out
}

// buyerRows is who gets the order, masked. Showing it is noted first.
func (s *ordersScreen) buyerRows(d *store.OrderDetail, buyer bool) []fyne.CanvasObject {
	t := s.e.words.T
	out := []fyne.CanvasObject{detailHead(t("orders.shipto"), "")}
	if !buyer {
		why := t("orders.shipto.none")
		switch {
		case s.e.s.Book.People() == nil:
			why = t("orders.shipto.locked")
		case d.FulfilledBy == "AMAZON":
			why = t("orders.shipto.amazon")
		}
		return append(out, detailParagraph(why))
	}
	lines := detailBox()
	var toggle *parts.Button
	mask := func() {
		lines.Objects = []fyne.CanvasObject{parts.NewLabel(ordersMask+" "+ordersMask, theme.TextBody, parts.Hint)}
		lines.Refresh()
		toggle.SetText(t("orders.shipto.show"))
	}
	shown := false
	toggle = parts.NewButton(t("orders.shipto.show"), parts.Text, func() {
		if shown {
			shown = false
			mask()
			return
		}
		s.unmask(d, func(p store.Person) {
			shown = true
			lines.RemoveAll()
			for _, l := range ordersAddress(p) {
				lines.Add(parts.NewLabel(l, theme.TextBody, parts.Normal))
			}
			toggle.SetText(t("orders.shipto.hide"))
			s.drawer.Refresh()
		})
	})
	mask()
	return append(out, parts.NewBorder(nil, nil, nil, container.NewVBox(toggle), lines),
		parts.NewLabel(t("orders.shipto.note"), theme.TextCaption, parts.Hint))
}

func (s *ordersScreen) unmask(d *store.OrderDetail, show func(store.Person)) {
	s.papers.run(func(ctx context.Context) (func(), error) {
		p, err := s.e.s.Book.Unmask(ctx, d.Connection, d.ID)
		return func() { show(p) }, err
	}, func(err error) {
		switch {
		case errors.Is(err, store.ErrNotFound):
			s.e.notify(s.e.words.T("orders.shipto.gone"))
		case errors.Is(err, store.ErrNoPeople):
			s.e.notify(s.e.words.T("orders.shipto.locked"))
		default:
			s.e.notify(s.e.words.T("orders.shipto.failed", err.Error()))
		}
	})
}

// ordersAddress is a recipient as on a parcel, empty lines left out.
func ordersAddress(p store.Person) []string {
	var out []string
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	add(p.Name)
	add(p.Company)
	for _, l := range strings.Split(p.Address, "\n") {
		add(l)
	}
	add(strings.TrimSpace(p.PostalCode + " " + p.City))
	add(strings.TrimSpace(p.Region + " " + p.Country))
	add(p.Phone)
	if p.BuyerName != p.Name {
		add(p.BuyerName)
	}
	add(p.BuyerEmail)
	add(p.GiftMessage)
	return out
}

// documentRows lists where Amazon told of the order; each opens the original.
func (s *ordersScreen) documentRows(d *store.OrderDetail) []fyne.CanvasObject {
	t := s.e.words.T
	if len(d.Documents) == 0 {
		return nil
	}
	out := []fyne.CanvasObject{detailHead(t("orders.evidence"), "")}
	for _, p := range detailPapers(d.Documents) {
		show := parts.NewButton(t("orders.evidence.show"), parts.Text, func() { detailShow(s.e, &s.papers, p) })
		out = append(out, detailRow(detailPlace(s.e, p), parts.Muted, show))
	}
	return out
}
