package desktop

import (
	"cmp"
	"context"
	"slices"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// cashQuery is what the cash screen is asked to show.
type cashQuery struct {
	Span     statementSpan
	Currency string // empty: the first that has money
	Now      time.Time
}

// cashData is what the cash screen shows, in one currency.
type cashData struct {
	Query      cashQuery
	Currencies []string
	Position   store.CashPosition
	Paid       []store.PaidOut  // of the span, newest first
	Rest       []store.BankLine // lines of the bank that are no payout
	Due        []store.Due
	Whole      *cashWhole // nil: no book currency was chosen, or there is only one
}

// cashLoad reads what the query asks for. In a book without money Currencies is
// empty.
func cashLoad(ctx context.Context, b *store.Book, q cashQuery) (cashData, error) {
	d := cashData{Query: q}
	positions, err := b.CashPositions(ctx)
	if err != nil {
		return d, err
	}
	paid, rest, err := b.MatchBank(ctx, q.Span.From, q.Span.To)
	if err != nil {
		return d, err
	}
	due, err := b.PayoutCalendar(ctx)
	if err != nil {
		return d, err
	}
	for _, p := range positions {
		d.Currencies = append(d.Currencies, p.Currency)
	}
	for _, p := range paid {
		d.Currencies = append(d.Currencies, p.Amount.Currency)
	}
	slices.Sort(d.Currencies)
	d.Currencies = slices.Compact(d.Currencies)
	if len(d.Currencies) == 0 {
		return d, nil
	}
	if err := d.rank(ctx, b); err != nil {
		return d, err
	}
	if !slices.Contains(d.Currencies, q.Currency) {
		d.Query.Currency = d.Currencies[0]
	}
	if d.Whole, err = cashInBook(ctx, b, d.Currencies, positions, paid, q.Now); err != nil {
		return d, err
	}
	d.narrow(positions, paid, rest, due)
	return d, nil
}

// rank puts the currencies in the order that they have on all screens.
func (d *cashData) rank(ctx context.Context, b *store.Book) error {
	if len(d.Currencies) < 2 {
		return nil
	}
	rows, err := b.DaySums(ctx, store.SumFilter{From: d.Query.Span.From, To: d.Query.Span.To}) // without the products
	if err != nil {
		return err
	}
	sold := profitCurrencies(rows, nil, nil)
	place := func(currency string) int { // those without sales come last
		if i := slices.Index(sold, currency); i >= 0 {
			return i
		}
		return len(sold)
	}
	slices.SortStableFunc(d.Currencies, func(x, y string) int { return cmp.Compare(place(x), place(y)) })
	return nil
}

// narrow keeps what is of the chosen currency.
func (d *cashData) narrow(positions []store.CashPosition, paid []store.PaidOut, rest []store.BankLine, due []store.Due) {
	c := d.Query.Currency
	d.Position = store.CashPosition{Currency: c, Available: books.Figure{Money: books.Money{Currency: c}}, Total: books.Figure{Money: books.Money{Currency: c}}}
	for _, p := range positions {
		if p.Currency == c {
			d.Position = p
		}
	}
	for _, p := range slices.Backward(paid) {
		if p.Amount.Currency == c {
			d.Paid = append(d.Paid, p)
		}
	}
	for _, l := range slices.Backward(rest) {
		if l.Amount.Currency == c {
			d.Rest = append(d.Rest, l)
		}
	}
	for _, x := range due {
		if x.Amount.Currency == c {
			d.Due = append(d.Due, x)
		}
	}
}

// paidOut adds the payouts of the span up; ok is false beyond 64 bits.
func (d *cashData) paidOut() (sum books.Money, banked int, ok bool) {
	sum.Currency = d.Query.Currency
	for _, p := range d.Paid {
		var err error
		if sum, err = sum.Add(p.Amount); err != nil {
			return sum, banked, false
		}
		if p.Bank != nil {
			banked++
		}
	}
	return sum, banked, true
}

// next is the first announced payout.
func (d *cashData) next() *store.Due {
	for i := range d.Due {
		if d.Due[i].Kind == store.DuePayout {
			return &d.Due[i]
		}
	}
	return nil
}

// cashText writes what the model found.
type cashText struct {
	w *i18n.Words
	l *format.Locale
}

// counted writes a sentence with one number in it; key + ".one" is its singular.
func (t cashText) counted(key string, n int) string {
	if t.l.One(int64(n)) {
		key += ".one"
	}
	return t.w.T(key, t.l.Count(int64(n)))
}

// tiles are the four figures above the lists.
func (t cashText) tiles(d *cashData) []parts.TileData {
	c := d.Query.Currency
	sum, banked, ok := d.paidOut()
	paid := parts.TileData{Title: t.w.T("cash.tile.paid"), Unit: c, Figure: format.Unknown, Tone: parts.Hint, Foot: statementRange(t.l, d.Query.Span)}
	if ok {
		paid.Figure, paid.Tone = t.l.Money(sum), parts.Normal
		paid.Lines = []string{t.counted("cash.payouts", len(d.Paid)), t.counted("cash.banked", banked)}
	}
	held := t.figure("cash.tile.amazon", d.Position.Total, c)
	switch {
	case d.Position.Amazon == nil:
		held.Lines = append(held.Lines, t.w.T("cash.amazon.silent"))
	case d.Position.Total.Known && d.Position.Total.Minor == *d.Position.Amazon:
		held.Lines = append(held.Lines, t.w.T("cash.amazon.same"))
	default:
		held.Lines = append(held.Lines, t.w.T("cash.amazon.says", t.l.Money(books.Money{Minor: *d.Position.Amazon, Currency: c})))
	}
	if d.Position.Total.Known {
		held.Lines = append(held.Lines, t.w.T("cash.available", t.l.Money(d.Position.Available.Money)))
	}
	if !d.Position.AmazonAt.IsZero() {
		held.Foot = t.w.T("cash.asked", t.l.Ago(d.Position.AmazonAt, d.Query.Now))
	}
	deferred := t.figure("cash.tile.deferred", d.Position.Deferred, c)
	n := 0
	for _, x := range d.Due {
		if x.Kind == store.DueRelease {
			n += x.Count
		}
	}
	deferred.Lines = []string{t.counted("cash.transactions", n)}
	next := parts.TileData{Title: t.w.T("cash.tile.next"), Figure: format.Unknown, Tone: parts.Hint, Unit: c, Lines: []string{t.w.T("cash.next.silent")}}
	if p := d.next(); p != nil {
		next.Figure, next.Tone = t.l.Money(p.Amount), parts.Normal
		next.Lines = []string{t.day(p.Day), accountLabel(p.Connection)}
	}
	return []parts.TileData{paid, held, deferred, next}
}

func (t cashText) figure(key string, f books.Figure, currency string) parts.TileData {
	d := parts.TileData{Title: t.w.T(key), Figure: format.Unknown, Tone: parts.Hint, Unit: currency}
	if f.Known {
		d.Figure, d.Tone = t.l.Money(f.Money), parts.Normal
	} else {
		d.Lines = []string{t.w.T("cash.nosettlement")}
	}
	return d
}

// day writes a day, or that Amazon does not tell it.
func (t cashText) day(day string) string {
	if day == "" {
		return t.w.T("cash.noday")
	}
	return t.l.Date(statementDay(day))
}

// cashDifference is one thing that does not fit.
type cashDifference struct {
	What   string
	Detail string
	Tone   parts.Tone
	Amount *books.Money
	Line   *store.BankLine // of the bank, without a payout
	Payout *store.PaidOut  // without a line of the bank
}

// differences lists what does not fit: Amazon's balance, payouts without a line of
// the bank, lines of the bank without a payout.
func (t cashText) differences(d *cashData) []cashDifference {
	var out []cashDifference
	p := d.Position
	if p.Amazon != nil && p.Total.Known && *p.Amazon != p.Total.Minor {
		diff, err := p.Total.Add(books.Money{Minor: -*p.Amazon, Currency: p.Currency})
		if err == nil {
			out = append(out, cashDifference{What: t.w.T("cash.diff.balance"), Detail: t.w.T("cash.diff.balance.do"), Tone: parts.Warn, Amount: &diff})
		}
	}
	if p.AmazonDeferred != nil && *p.AmazonDeferred != p.Deferred.Minor {
		diff, err := p.Deferred.Add(books.Money{Minor: -*p.AmazonDeferred, Currency: p.Currency})
		if err == nil {
			out = append(out, cashDifference{What: t.w.T("cash.diff.deferred"), Detail: t.w.T("cash.diff.deferred.do"), Tone: parts.Warn, Amount: &diff})
		}
	}
	for i := range d.Rest {
		l := &d.Rest[i]
		what, tone := t.w.T("cash.diff.bank", t.day(l.Day)), parts.Warn
		if l.Link == store.NoPayout {
			what, tone = t.w.T("cash.diff.nopayout", t.day(l.Day)), parts.Hint
		}
		out = append(out, cashDifference{What: what, Detail: l.Text, Tone: tone, Amount: &l.Amount, Line: l})
	}
	_, banked, _ := d.paidOut()
	if banked == 0 {
		return out // no bank file was read yet: nothing is missing
	}
	for i := range d.Paid {
		if q := &d.Paid[i]; q.Bank == nil {
			out = append(out, cashDifference{What: t.w.T("cash.diff.payout", t.day(q.Day)), Detail: q.Settlement, Tone: parts.Warn, Amount: &q.Amount, Payout: q})
		}
	}
	return out
}
