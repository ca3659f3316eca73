package store_test

import (
	"slices"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// Money of no order under a name that nobody knows, told by one source, is the
// same as what another tells under a known name: it counts once, whichever comes
// first, and is listed. Where there is nothing it could be, it counts.
func TestUnknownNamesCountOnce(t *testing.T) {
	at := time.Date(2026, 10, 20, 15, 0, 0, 0, time.UTC)
	fact := func(source books.Source, posting, typ, path, note string, minor int64, days int) books.Fact {
		return books.Fact{
			Connection: "na", Source: source, Posting: posting, Type: typ, Path: path, Note: note, Marketplace: usMarket,
			Amount: books.Money{Minor: minor, Currency: "USD"}, Posted: at.AddDate(0, 0, days), State: books.Released,
		}
	}
	tax := fact(books.Finances, "T1", "ServiceFee", "AmazonFees/FBADisposalFee/Tax", "", -150, 0)
	tax.Seq = 1
	disposal := []books.Fact{fact(books.Finances, "T1", "ServiceFee", "AmazonFees/FBADisposalFee/Base", "", -1000, 0), tax}
	coarse := func(posting string, minor int64, days int) books.Fact {
		return fact(books.DateRange, posting, "FBA Inventory Fee", "other", "A name in no language", minor, days)
	}
	of := func(account string, facts ...books.Fact) []books.Fact {
		for i := range facts {
			facts[i].Account = account
		}
		return facts
	}
	for name, c := range map[string]struct {
		facts            []books.Fact
		sum, unclear     int64
		open, notCounted int64
	}{
		"the whole of an event":       {append(slices.Clone(disposal), coarse("F:1", -1150, 1)), -1150, 0, 1, 1},
		"one line of it":              {append(slices.Clone(disposal), coarse("F:1", -1000, 1)), -1150, 0, 1, 1},
		"told twice, there once":      {append(slices.Clone(disposal), coarse("F:1", -1150, 1), coarse("F:2", -1150, 0)), -2300, -1150, 1, 1},
		"another amount":              {append(slices.Clone(disposal), coarse("F:1", -1149, 0)), -2299, -1149, 0, 0},
		"another week":                {append(slices.Clone(disposal), coarse("F:1", -1150, 9)), -2300, -1150, 0, 0},
		"of another kind of account":  {append(of("Standard Orders", slices.Clone(disposal)...), of("Invoiced Orders", coarse("F:1", -1150, 1))...), -2300, -1150, 0, 0},
		"of the same kind":            {append(of("Standard Orders", slices.Clone(disposal)...), of("Standard Orders", coarse("F:1", -1150, 1))...), -1150, 0, 1, 1},
		"of the same source":          {append(slices.Clone(disposal), fact(books.Finances, "T2", "ServiceFee", "AmazonFees/NewFee/Base", "", -1000, 0)), -2150, -1000, 0, 0},
		"the finer one is not known":  {[]books.Fact{fact(books.Finances, "T2", "ServiceFee", "AmazonFees/NewFee/Base", "", -700, 0), fact(books.DateRange, "F:1", "FBA Inventory Fee", "other", "FBA storage fee", -700, 0)}, -700, 0, 1, 1},
		"known too from all sources":  {append(slices.Clone(disposal), fact(books.DateRange, "F:1", "FBA Inventory Fee", "other", "FBA Disposal Fee", -1150, 0), coarse("F:2", -1150, 0)), -2300, -1150, 0, 0},
		"not known from both sources": {[]books.Fact{fact(books.Finances, "T2", "ServiceFee", "AmazonFees/NewFee/Base", "", -700, 0), coarse("F:1", -700, 0)}, -700, -700, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var first string
			for _, way := range []string{"forwards", "backwards"} {
				b := newBook(t)
				facts := slices.Clone(c.facts)
				if way == "backwards" {
					slices.Reverse(facts)
				}
				for _, f := range facts {
					addFacts(t, b, f)
				}
				if way == "backwards" {
					if err := b.Rebuild(t.Context(), nil); err != nil {
						t.Fatal(err)
					}
				}
				if got := number(t, b, `SELECT sum(amount_minor) FROM money_line`); got != c.sum {
					t.Errorf("%s: the books add up to %d, want %d", way, got, c.sum)
				}
				if got := number(t, b, `SELECT coalesce(sum(amount_minor), 0) FROM rollup WHERE line = 'unclassified'`); got != c.unclear {
					t.Errorf("%s: unclassified %d, want %d", way, got, c.unclear)
				}
				if got := number(t, b, `SELECT count(*) FROM open_item WHERE reason = '`+string(books.OpenElsewhere)+`'`); got != c.open {
					t.Errorf("%s: %d listed, want %d", way, got, c.open)
				}
				if got := number(t, b, `SELECT count(*) FROM open_item WHERE counted = 0`); got != c.notCounted {
					t.Errorf("%s: %d not counted, want %d", way, got, c.notCounted)
				}
				lines := text(t, b, `SELECT group_concat(line || ' ' || amount_minor || ' ' || event_day, ', ') FROM (SELECT line, amount_minor, event_day FROM event JOIN money_line ON event_id = id ORDER BY 1, 2, 3)`)
				if first == "" {
					first = lines
				}
				if lines != first {
					t.Errorf("%s: %s, before %s", way, lines, first)
				}
				if wrong, err := b.CheckSums(t.Context()); err != nil || len(wrong) > 0 {
					t.Errorf("%s: sums: %v %v", way, wrong, err)
				}
			}
		})
	}
}

// Assigning the name matches the money as any other: nothing is open then, and
// taking the rule back brings the list back.
func TestAnAssignedNameIsMatched(t *testing.T) {
	b := newBook(t)
	at := time.Date(2026, 10, 20, 15, 0, 0, 0, time.UTC)
	known := books.Fact{Connection: "na", Source: books.Finances, Posting: "T1", Type: "ServiceFee", Path: "AmazonFees/FBADisposalFee/Base", Marketplace: usMarket,
		Amount: books.Money{Minor: -1000, Currency: "USD"}, Posted: at, State: books.Released}
	unknown := known
	unknown.Source, unknown.Posting, unknown.Type, unknown.Path, unknown.Note = books.DateRange, "F:1", "FBA Inventory Fee", "other", "A name in no language"
	addFacts(t, b, known, unknown)
	rule := store.NameRule{Source: books.DateRange, Type: "FBA Inventory Fee", Path: "other", Line: books.FBARemoval}
	for _, step := range []struct {
		name       string
		do         func(*store.Tx) error
		open, told int64
	}{
		{"at first", func(*store.Tx) error { return nil }, 1, 0},
		{"assigned", func(tx *store.Tx) error { return tx.PutNameRule(rule) }, 0, 1},
		{"taken back", func(tx *store.Tx) error { return tx.DeleteNameRule(rule) }, 1, 0},
	} {
		write(t, b, step.do)
		if got := number(t, b, `SELECT sum(amount_minor) FROM money_line`); got != -1000 {
			t.Errorf("%s: %d", step.name, got)
		}
		if got := number(t, b, `SELECT count(*) FROM open_item`); got != step.open {
			t.Errorf("%s: %d open, want %d", step.name, got, step.open)
		}
		if got := number(t, b, `SELECT count(*) FROM money_line WHERE matched <> ''`); got != step.told {
			t.Errorf("%s: %d lines told twice, want %d", step.name, got, step.told)
		}
	}
}
