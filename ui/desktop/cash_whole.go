package desktop

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/desktop/theme"
)

// cashWhole is the money of all currencies in the book's: payouts at the rate of
// their day, what Amazon holds at today's.
type cashWhole struct {
	Paid, Held store.BookTotal
	HeldKnown  bool // every currency's position is known
}

// cashInBook adds the currencies up; nil where there is nothing to add.
func cashInBook(ctx context.Context, b *store.Book, currencies []string, positions []store.CashPosition, paid []store.PaidOut, now time.Time) (*cashWhole, error) {
	code, err := b.BookCurrency(ctx)
	if err != nil || code == "" || len(currencies) == 1 && currencies[0] == code {
		return nil, err
	}
	w := &cashWhole{HeldKnown: true}
	var out, held []store.DatedMoney
	for _, p := range paid {
		out = append(out, store.DatedMoney{Day: p.Day, Amount: p.Amount})
	}
	for _, p := range positions {
		w.HeldKnown = w.HeldKnown && p.Total.Known
		held = append(held, store.DatedMoney{Day: now.UTC().Format(time.DateOnly), Amount: p.Total.Money})
	}
	if w.Paid, err = b.InBookCurrency(ctx, out); err != nil {
		return nil, err
	}
	w.Held, err = b.InBookCurrency(ctx, held)
	return w, err
}

// missing says which rate a total lacks; ok is false where it lacks none.
func (t cashText) missing(totals ...store.BookTotal) (text string, ok bool) {
	for _, x := range totals {
		if !x.Known() {
			m := x.Missing[0]
			return t.w.T("cash.whole.missing", x.Total.Currency, m.Amount.Currency, t.day(m.Day)), true
		}
	}
	return "", false
}

// whole says the totals in the book's currency, or which rate is missing.
func (t cashText) whole(w *cashWhole) (string, parts.Tone) {
	if text, ok := t.missing(w.Paid, w.Held); ok {
		return text, parts.Warn
	}
	held := t.w.T("cash.whole.unknown")
	if w.HeldKnown {
		held = t.w.T("cash.whole.held", t.l.Money(w.Held.Total))
	}
	return t.w.T("cash.whole.paid", w.Paid.Total.Currency, t.l.Money(w.Paid.Total)) + " · " + held, parts.Normal
}

// rates lists the newest rate of each currency and source that totals used.
func (t cashText) rates(totals ...store.BookTotal) string {
	newest := map[[2]string]books.Exchange{}
	var order [][2]string
	for _, total := range totals {
		for _, x := range total.Rates {
			key := [2]string{x.From, x.Source}
			had, seen := newest[key]
			if !seen {
				order = append(order, key)
			}
			if !seen || x.Day > had.Day {
				newest[key] = x
			}
		}
	}
	slices.SortFunc(order, func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
	var list []string
	for _, key := range order {
		x := newest[key]
		list = append(list, t.w.T("cash.whole.rate", x.From, t.l.Amount(x.Text()), x.To, t.w.T("cash.source."+x.Source), t.day(x.Day)))
	}
	return strings.Join(list, " · ")
}

// fillWhole shows the totals in the book's currency with their rates.
func (s *cashScreen) fillWhole() {
	s.whole.RemoveAll()
	if w := s.data.Whole; w != nil {
		word, tone := s.text().whole(w)
		s.whole.Add(s.text().bookLine(word, tone, w.Paid, w.Held))
	}
	s.whole.Refresh()
}

// bookLine is a line that says totals in the book's currency, with the rates that
// they were made at, unless the words are a warning.
func (t cashText) bookLine(word string, tone parts.Tone, totals ...store.BookTotal) fyne.CanvasObject {
	rates := parts.NewLabel("", theme.TextCaption, parts.Muted)
	if tone == parts.Normal {
		rates.SetText(t.rates(totals...), parts.Muted)
	}
	line := parts.NewBorder(nil, nil, parts.NewLabel(word, theme.TextBody, tone).Bold().Whole(), nil, rates)
	return container.New(layout.NewCustomPaddedLayout(0, theme.Scaled(theme.Space3), theme.Scaled(theme.Space1), 0), line)
}
