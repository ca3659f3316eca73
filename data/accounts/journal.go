package accounts

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"countinghouse/data/books"
)

// Detail says how much goes into one entry.
type Detail string

// The details.
const (
	ByMonth Detail = "month" // one entry per month, account of Amazon and currency
	ByDay   Detail = "day"   // one per day of it
	ByEvent Detail = "event" // one per event, with order and SKU
)

// Item is one counted amount of the books.
type Item struct {
	Day         string // when it arose, the marketplace's day, YYYY-MM-DD
	Connection  string
	Marketplace string // name, for {marketplace} and the reader; "" when not known
	Settlement  string // "" when not settled
	Event       string // key of the event
	Order, SKU  string
	Line        books.Line
	Path        string      // Amazon's names: they tell the tax on a fee
	Amount      books.Money // seller's sign; a payout is positive
	Own         bool        // the seller's own record, not through Amazon
	Estimated   bool
	Recoverable bool // tax on a fee comes back to the seller
}

// Posting is one side of an entry: debit positive, credit negative.
type Posting struct {
	Key     Key
	Account Account // placeholders filled in
	Amount  books.Money
}

// Entry is a balanced set of postings in one currency.
type Entry struct {
	ID          string // stable: the same books give the same ids
	Day         string
	Text        string
	Pending     bool // estimated: Amazon has not told the final amounts
	Connection  string
	Settlement  string
	Marketplace string // only of ByEvent, or where all items have the same
	Order, SKU  string // only of ByEvent
	Postings    []Posting
}

// Options say what a journal is of.
type Options struct {
	Detail Detail
	// Settlement is set when the journal is of one settlement: entries carry it.
	Settlement string
	// Last closes months: entries of ByMonth stand on the last day of the month
	// instead of their last item's.
	Last bool
}

// Journal gathers items into entries.
type Journal struct {
	chart   Chart
	o       Options
	entries map[string]*open
}

type open struct {
	Entry
	sums map[Posting]int64 // by posting without amount but its currency
}

// NewJournal starts a journal.
func NewJournal(c Chart, o Options) *Journal {
	if o.Detail == "" {
		o.Detail = ByMonth
	}
	return &Journal{chart: c, o: o, entries: map[string]*open{}}
}

// Add books one item. A day that is none or an item without currency is an error.
func (j *Journal) Add(i Item) error {
	if len(i.Day) != len("2006-01-02") || i.Amount.Currency == "" {
		return fmt.Errorf("book %s of %q: it needs a day and a currency", i.Line, i.Day)
	}
	if i.Amount.Minor == 0 {
		return nil
	}
	if i.Amount.Minor == math.MinInt64 { // its opposite does not fit
		return fmt.Errorf("book %s of %s: %w", i.Line, i.Day, books.ErrOverflow)
	}
	e := j.entry(i)
	e.Day = max(e.Day, i.Day)
	if e.Marketplace != i.Marketplace {
		e.Marketplace = ""
	}
	line, contra, sign := j.sides(i)
	if err := j.post(e, line, i, -sign); err != nil {
		return err
	}
	return j.post(e, contra, i, sign)
}

// sides gives the account of the item's line, the one that meets it, and +1 when
// earning debits the second.
func (j *Journal) sides(i Item) (line, contra Key, sign int64) {
	line, contra = Key(i.Line), Amazon
	if _, ok := j.chart[line]; !ok {
		line = Key(books.Unclassified)
	}
	switch {
	case i.Line == books.CashPayout:
		return line, contra, -1
	case i.Line == books.COGS:
		return line, Inventory, 1
	case i.Own:
		return line, Own, 1
	case i.Line == books.TaxInput, books.IsFeeTax(i.Line, i.Path) && i.Recoverable:
		return InputTax, contra, 1
	case books.IsFeeTax(i.Line, i.Path):
		return FeeTax, contra, 1
	}
	return line, contra, 1
}

// Balance books an amount that the clearing account has to lose, so that a
// settlement closes; it stands in the open, on the account of differences.
func (j *Journal) Balance(i Item, minor int64) error {
	e := j.entry(i)
	e.Day = max(e.Day, i.Day)
	i.Amount.Minor = minor
	if err := j.post(e, Amazon, i, -1); err != nil {
		return err
	}
	return j.post(e, Difference, i, 1)
}

func (j *Journal) post(e *open, k Key, i Item, sign int64) error {
	a := j.chart[k]
	a.Name = strings.NewReplacer("{marketplace}", part(i.Marketplace), "{connection}", part(i.Connection),
		"{currency}", i.Amount.Currency).Replace(a.Name)
	p := Posting{Key: k, Account: a, Amount: books.Money{Currency: i.Amount.Currency}}
	sum, err := books.Money{Minor: e.sums[p], Currency: i.Amount.Currency}.Add(books.Money{Minor: sign * i.Amount.Minor, Currency: i.Amount.Currency})
	if err != nil {
		return fmt.Errorf("book %s of %s: %w", i.Line, i.Day, err)
	}
	e.sums[p] = sum.Minor
	return nil
}

// part makes outside text a part of an account's name.
func part(text string) string {
	out := strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`:;"|[]()*!=@{}`, r)
	}), "-")
	return cmp.Or(out, "Unassigned")
}

// entry finds the entry that an item belongs to.
func (j *Journal) entry(i Item) *open {
	period, text := i.Day[:7], "Amazon"
	switch {
	case i.Line == books.CashPayout:
		period, text = i.Day+" payout", "Amazon payout"
	case j.o.Detail == ByDay:
		period = i.Day
	case j.o.Detail == ByEvent:
		period = i.Day + " " + i.Event
		text = strings.TrimSpace("Amazon " + i.Order)
	}
	settlement := j.o.Settlement
	if i.Line == books.CashPayout {
		settlement = cmp.Or(i.Settlement, settlement)
	}
	id := []string{period, i.Connection, i.Amount.Currency, settlement}
	if i.Estimated {
		id = append(id, "estimated")
		text += ", estimated"
	}
	key := strings.Join(id, " ")
	if e, ok := j.entries[key]; ok {
		return e
	}
	if settlement != "" {
		text += ", settlement " + settlement
	}
	e := &open{Entry: Entry{
		ID: strings.Join(strings.Fields(key), "-"), Text: text + " (" + i.Connection + ", " + i.Amount.Currency + ")", Pending: i.Estimated,
		Connection: i.Connection, Settlement: settlement, Marketplace: i.Marketplace,
	}, sums: map[Posting]int64{}}
	if j.o.Detail == ByEvent {
		e.Order, e.SKU = i.Order, i.SKU
	}
	if j.o.Detail == ByMonth && j.o.Last && i.Line != books.CashPayout {
		e.Day = LastDay(i.Day[:7])
	}
	j.entries[key] = e
	return e
}

// errUnbalanced cannot happen: every item posts both sides.
var errUnbalanced = errors.New("debits and credits differ")

// Entries gives the journal, by day. Every entry balances.
func (j *Journal) Entries() ([]Entry, error) {
	place := map[Key]int{}
	for i, k := range Keys() {
		place[k] = i
	}
	out := make([]Entry, 0, len(j.entries))
	for _, key := range slices.Sorted(maps.Keys(j.entries)) {
		o := j.entries[key]
		var rest books.Money
		for p, minor := range o.sums {
			if minor == 0 {
				continue
			}
			p.Amount.Minor = minor
			var err error
			if rest, err = rest.Add(p.Amount); err != nil {
				return nil, fmt.Errorf("entry %s: %w", o.ID, err)
			}
			o.Postings = append(o.Postings, p)
		}
		if rest.Minor != 0 {
			return nil, fmt.Errorf("entry %s: %w by %s", o.ID, errUnbalanced, rest)
		}
		if len(o.Postings) == 0 {
			continue
		}
		slices.SortFunc(o.Postings, func(a, b Posting) int {
			return cmp.Or(cmp.Compare(place[a.Key], place[b.Key]), cmp.Compare(a.Account.Name, b.Account.Name))
		})
		out = append(out, o.Entry)
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return cmp.Compare(a.Day, b.Day) })
	return out, nil
}

// LastDay is the last day of a month given as YYYY-MM.
func LastDay(month string) string {
	first, err := time.Parse("2006-01", month)
	if err != nil {
		return month + "-28"
	}
	return first.AddDate(0, 1, -1).Format(time.DateOnly)
}
