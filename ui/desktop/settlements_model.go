package desktop

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	"countinghouse/ui/desktop/parts"
	"countinghouse/ui/format"
	"countinghouse/ui/i18n"
)

// settlementsText is what the model needs to write.
type settlementsText struct {
	loc   *format.Locale
	words *i18n.Words
}

// settlementState is what the check of a settlement found.
type settlementState int

const (
	settlementMatched settlementState = iota
	settlementOpen                    // rows without a twin
	settlementDiffers                 // the rows do not add up to the payout
)

func settlementStateOf(r store.SettlementRow) settlementState {
	switch {
	case r.RowsMinor != r.TotalMinor:
		return settlementDiffers
	case r.Open > 0:
		return settlementOpen
	}
	return settlementMatched
}

// difference is what the rows lack of the payout, or have too much (negative).
func settlementDifference(r store.SettlementRow) books.Money {
	return books.Money{Minor: r.TotalMinor - r.RowsMinor, Currency: r.Currency}
}

func (t settlementsText) state(r store.SettlementRow) (string, parts.Tone) {
	switch settlementStateOf(r) {
	case settlementDiffers:
		return t.words.T("settlements.state.differs", t.loc.Change(settlementDifference(r))), parts.Loss
	case settlementOpen:
		return t.counted("settlements.state.open", r.Open), parts.Warn
	}
	return t.words.T("settlements.state.matched"), parts.Gain
}

// counted writes a sentence with one number in it; key + ".one" is its singular.
func (t settlementsText) counted(key string, n int64) string {
	if t.loc.One(n) {
		key += ".one"
	}
	return t.words.T(key, t.loc.Count(n))
}

func (t settlementsText) period(r store.SettlementRow) string { return t.loc.Range(r.Start, r.End) }

// settlementChips narrow the list, in their order.
var settlementChips = []string{"period", "all", "look"}

// settlementSets are the settlements that each chip shows.
type settlementSets struct {
	period, all, look []store.SettlementRow
	whole             map[string]*store.BookTotal // payouts of each chip in the book's currency; nil where there is nothing to convert
}

// convert adds up the payouts of each chip in the book's currency.
func (s *settlementSets) convert(ctx context.Context, b *store.Book) (err error) {
	s.whole = map[string]*store.BookTotal{}
	for _, chip := range settlementChips {
		if s.whole[chip], err = settlementsInBook(ctx, b, s.of(chip)); err != nil {
			return err
		}
	}
	return nil
}

// settlementSetsOf sorts the settlements by chip, newest first. One belongs to
// a period when a day of it does.
func settlementSetsOf(rows []store.SettlementRow, f filter) settlementSets {
	var s settlementSets
	s.all = slices.Clone(rows)
	slices.SortStableFunc(s.all, func(a, b store.SettlementRow) int {
		return cmp.Or(b.End.Compare(a.End), b.Start.Compare(a.Start), cmp.Compare(a.Connection, b.Connection), cmp.Compare(a.ID, b.ID))
	})
	for _, r := range s.all {
		from, to := r.Start.UTC().Format(time.DateOnly), r.End.UTC().Format(time.DateOnly)
		if (f.To == "" || from <= f.To) && (f.From == "" || to >= f.From) {
			s.period = append(s.period, r)
		}
		if settlementStateOf(r) != settlementMatched {
			s.look = append(s.look, r)
		}
	}
	return s
}

func (s settlementSets) of(chip string) []store.SettlementRow {
	switch chip {
	case "all":
		return s.all
	case "look":
		return s.look
	}
	return s.period
}

// settlementPayouts adds up the payouts of each currency, by code. Sums beyond
// 64 bits are left out.
func settlementPayouts(rows []store.SettlementRow) []books.Money {
	sums := map[string]books.Money{}
	broken := map[string]bool{}
	for _, r := range rows {
		sum, err := books.Money{Minor: sums[r.Currency].Minor, Currency: r.Currency}.Add(books.Money{Minor: r.TotalMinor, Currency: r.Currency})
		broken[r.Currency] = broken[r.Currency] || err != nil
		sums[r.Currency] = sum
	}
	var out []books.Money
	for c, m := range sums {
		if !broken[c] {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b books.Money) int { return cmp.Compare(a.Currency, b.Currency) })
	return out
}

// settlementsInBook adds payouts up in the book's currency, each at the rate of the
// day it was paid on, or of the last day of a settlement that paid nothing; nil
// where there is nothing to convert.
func settlementsInBook(ctx context.Context, b *store.Book, rows []store.SettlementRow) (*store.BookTotal, error) {
	code, err := b.BookCurrency(ctx)
	if err != nil || code == "" || !slices.ContainsFunc(rows, func(r store.SettlementRow) bool { return r.Currency != code }) {
		return nil, err
	}
	paid := make([]store.DatedMoney, len(rows))
	for i, r := range rows {
		day := r.Deposit
		if day.IsZero() {
			day = r.End
		}
		paid[i] = store.DatedMoney{Day: day.UTC().Format(time.DateOnly), Amount: books.Money{Minor: r.TotalMinor, Currency: r.Currency}}
	}
	total, err := b.InBookCurrency(ctx, paid)
	return &total, err
}

// settlementGroup is one line of the statement within a settlement.
type settlementGroup struct {
	Line  string
	Minor int64
	Rows  int64
	Names []int64
}

// settlementGroups adds up a settlement's names by line, in the order of the
// statement. Sums beyond 64 bits are books.ErrOverflow.
func settlementGroups(names []store.SettlementName) ([]settlementGroup, error) {
	at := map[string]int{}
	var out []settlementGroup
	for _, n := range names {
		i, ok := at[n.Line]
		if !ok {
			i = len(out)
			at[n.Line] = i
			out = append(out, settlementGroup{Line: n.Line})
		}
		sum, err := books.Money{Minor: out[i].Minor}.Add(books.Money{Minor: n.Minor})
		if err != nil {
			return nil, err
		}
		out[i].Minor = sum.Minor
		out[i].Rows += n.Rows
		if !slices.Contains(out[i].Names, n.ID) {
			out[i].Names = append(out[i].Names, n.ID)
		}
	}
	order := books.Lines()
	slices.SortFunc(out, func(a, b settlementGroup) int {
		return cmp.Compare(slices.Index(order, books.Line(a.Line)), slices.Index(order, books.Line(b.Line)))
	})
	return out, nil
}

// line names a line of the statement.
func (t settlementsText) line(code string) string {
	if !books.KnownLine(books.Line(code)) {
		return code
	}
	return t.words.T("settlements.line." + code)
}

// reason says why a row found no twin.
func (t settlementsText) reason(code string) string {
	switch books.Reason(code) {
	case books.OpenMissing:
		return t.words.T("settlements.reason.missing")
	case books.OpenDiffers:
		return t.words.T("settlements.reason.differs")
	case books.OpenRelease:
		return t.words.T("settlements.reason.release")
	case books.OpenElsewhere:
		return t.words.T("settlements.reason.elsewhere")
	}
	return code
}

// originalField is one cell of Amazon's original with its heading.
type originalField struct{ Name, Value string }

// originalFields reads one line of a stored original: with its headings when it
// is a table, else as it is. ok is false when there is no such line.
func originalFields(body []byte, line int) (fields []originalField, ok bool) {
	if line <= 0 {
		return []originalField{{Value: indented(body)}}, len(body) > 0
	}
	lines := strings.Split(strings.TrimRight(string(body), "\n"), "\n")
	if line > len(lines) {
		return nil, false
	}
	text := strings.TrimRight(lines[line-1], "\r")
	head := ""
	for _, l := range lines[:line-1] {
		if l != "" {
			head = strings.TrimRight(l, "\r")
			break
		}
	}
	names, values := strings.Split(head, "\t"), strings.Split(text, "\t")
	if head == "" || len(names) < 2 || len(values) > len(names) {
		return []originalField{{Value: indented([]byte(text))}}, true
	}
	for i, v := range values {
		if v != "" {
			fields = append(fields, originalField{names[i], v})
		}
	}
	return fields, true
}

// indented makes JSON readable and leaves other text as it is.
func indented(text []byte) string {
	var b bytes.Buffer
	if json.Valid(text) && json.Indent(&b, text, "", "  ") == nil {
		return b.String()
	}
	return string(text)
}
