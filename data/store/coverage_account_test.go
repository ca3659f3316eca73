package store_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
)

// A payments report of invoiced orders stands in the same days and currency as a
// settlement of the standard ones, which says nothing of it. Its rows are open only
// when the settlement that they name is here without them, in whatever order the
// files come.
func TestSettlementsCoverTheirOwnAccount(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 9, d, 12, 0, 0, 0, time.UTC) }
	row := func(order, settlement, currency string, on time.Time) books.Fact {
		f := sale(order, 10_00, books.Released)
		f.Source, f.Type, f.Path, f.Posting, f.Posted = books.DateRange, "Order", "product sales", "F:"+order, on
		f.Order, f.Settlement, f.Amount.Currency = order, settlement, currency
		return f
	}
	steps := map[string]func(tx *store.Tx) error{
		"payments report": func(tx *store.Tx) error {
			for _, f := range []books.Fact{
				row("1", "222", "USD", day(10)), row("2", "222", "USD", day(11)), row("3", "333", "USD", day(12)), row("4", "", "EUR", day(13)),
				row("5", "222", "USD", day(20).Add(2*time.Hour)), // posted a little after the end of its settlement
			} {
				if _, err := tx.AddFact(f); err != nil {
					return err
				}
			}
			return nil
		},
		"standard":   func(tx *store.Tx) error { return settle(tx, "111", "USD", day(1), day(20)) },
		"of the yen": func(tx *store.Tx) error { return settle(tx, "444", "JPY", day(1), day(20)) },
		"invoiced": func(tx *store.Tx) error {
			paid := sale("1", 10_00, books.Settled)
			paid.Source, paid.Type, paid.Path, paid.Posting, paid.Posted = books.Settlement, "Order", "ItemPrice/Principal", "222:1", day(10)
			paid.Order, paid.Settlement = "1", "222"
			if _, err := tx.AddFact(paid); err != nil {
				return err
			}
			return settle(tx, "222", "USD", day(1), day(20))
		},
	}
	for i, order := range [][]string{
		{"payments report", "standard", "of the yen", "invoiced"}, {"invoiced", "standard", "of the yen", "payments report"}, {"standard", "payments report", "invoiced", "of the yen"},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			b := newBook(t)
			seen := map[string]bool{}
			check := func(when string) {
				t.Helper()
				want := ""
				if seen["payments report"] && seen["invoiced"] {
					want = "2,5"
				}
				if got := text(t, b, `SELECT coalesce(group_concat(scope), '') FROM (SELECT scope FROM open_item ORDER BY scope)`); got != want {
					t.Errorf("%s: open are %q, want %q", when, got, want)
				}
			}
			for _, name := range order {
				write(t, b, steps[name])
				seen[name] = true
				check("after " + name)
			}
			if err := b.Rebuild(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			check("rebuilt")
		})
	}
}

// settle stores the header of a settlement.
func settle(tx *store.Tx, id, currency string, from, to time.Time) error {
	doc, err := tx.PutDocument("report", []byte("settlement "+id))
	if err != nil {
		return err
	}
	if _, err := tx.PutSettlement(store.SettlementHeader{Connection: "na", ID: id, Start: from, End: to, Total: books.Money{Currency: currency}, Document: doc}); err != nil {
		return err
	}
	return tx.AddCoverage("na", "settlement", store.Interval{From: from, To: to})
}

// Two accounts at Amazon with one currency: of the second no money was read yet, so
// that no day is covered, although the first one has all of it.
func TestUnreadAccountCoversNothing(t *testing.T) {
	b := newBook(t)
	usa := store.MarketplaceRow{ID: "ATVPDKIKX0DER", Name: "Amazon.com", Country: "US", Currency: "USD", Participating: true}
	write(t, b, func(tx *store.Tx) error {
		if err := tx.PutMarketplaces("na", []store.MarketplaceRow{usa}); err != nil {
			return err
		}
		return tx.AddCoverage("na", "finances", store.Interval{From: now.AddDate(0, -3, 0), To: now})
	})
	covered := func(currency string) string {
		t.Helper()
		all, err := b.MoneyCoverage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		from, _ := books.Covered(all, currency)
		return from
	}
	if covered("USD") == "" {
		t.Error("one account, and it is read: its days are covered")
	}
	write(t, b, func(tx *store.Tx) error {
		if err := tx.PutConnection(store.Connection{ID: "second", Region: "NA", Kind: store.KindAPI}, nil); err != nil {
			return err
		}
		return tx.PutMarketplaces("second", []store.MarketplaceRow{usa})
	})
	if from := covered("USD"); from != "" {
		t.Errorf("the second account was never read, and its money is covered from %s", from)
	}
	write(t, b, func(tx *store.Tx) error {
		return tx.AddCoverage("second", "finances", store.Interval{From: now.AddDate(0, -1, 0), To: now})
	})
	if from := covered("USD"); from != "2026-10-02" { // the whole days of the month that the second account has
		t.Errorf("covered from %q, want the month of the second account", from)
	}
}

// An account that was read and never had money brings the currencies of the
// marketplaces that it takes part in: it says nothing of another's yen, and of the
// dollars what it read.
func TestIdleAccountCoversItsMarketplaces(t *testing.T) {
	b := newBook(t)
	market := func(id, name, country, currency string) []store.MarketplaceRow {
		return []store.MarketplaceRow{{ID: id, Name: name, Country: country, Currency: currency, Participating: true}}
	}
	jst := time.FixedZone("JST", 9*60*60)
	write(t, b, func(tx *store.Tx) error {
		for _, c := range []struct {
			id      string
			markets []store.MarketplaceRow
			from    time.Time
		}{
			{"na", market("ATVPDKIKX0DER", "Amazon.com", "US", "USD"), now.AddDate(0, -3, 0)},
			{"fe", market("A1VC38T7YXB528", "Amazon.co.jp", "JP", "JPY"), time.Date(2026, 7, 1, 0, 0, 0, 0, jst)},
			{"idle", market("ATVPDKIKX0DER", "Amazon.com", "US", "USD"), now.AddDate(0, -1, 0)},
		} {
			if err := tx.PutConnection(store.Connection{ID: c.id, Region: "NA", Kind: store.KindAPI}, nil); err != nil {
				return err
			}
			if err := tx.PutMarketplaces(c.id, c.markets); err != nil {
				return err
			}
			if err := tx.AddCoverage(c.id, "finances", store.Interval{From: c.from, To: now}); err != nil {
				return err
			}
		}
		return nil
	})
	all, err := b.MoneyCoverage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for currency, want := range map[string]string{
		"JPY": "2026-07-01", // from midnight in Japan
		"USD": "2026-10-02", // the whole days of the month that the idle account has
	} {
		if from, _ := books.Covered(all, currency); from != want {
			t.Errorf("%s is covered from %q, want %s", currency, from, want)
		}
	}
	for _, c := range all {
		if !c.Idle {
			t.Errorf("%s has no money, and is told to have", c.Connection)
		}
	}
}

type dateRangeReport struct {
	currency, account string
	from, to          time.Time
	rows              []time.Time // that no report before it has; none: from and to
}

// putDateRanges stores the reports, each with its first and last row, of a seller in
// every marketplace.
func putDateRanges(tx *store.Tx, list []dateRangeReport) error {
	markets := []store.MarketplaceRow{
		{ID: "A1PA6795UKMFR9", Name: "Amazon.de", Country: "DE", Currency: "EUR", Participating: true},
		{ID: "A1F83G8C2ARO7P", Name: "Amazon.co.uk", Country: "GB", Currency: "GBP", Participating: true},
		{ID: "ATVPDKIKX0DER", Name: "Amazon.com", Country: "US", Currency: "USD", Participating: true},
		{ID: "A1VC38T7YXB528", Name: "Amazon.co.jp", Country: "JP", Currency: "JPY", Participating: true},
	}
	if err := tx.PutConnection(store.Connection{ID: "files", Region: "EU", Kind: store.KindFiles}, nil); err != nil {
		return err
	}
	if err := tx.PutMarketplaces("files", markets); err != nil {
		return err
	}
	for i, r := range list {
		doc, err := tx.PutDocument("report", []byte("report "+strconv.Itoa(i)))
		if err != nil {
			return err
		}
		if r.rows == nil {
			r.rows = []time.Time{r.from, r.to}
		}
		for k, at := range r.rows {
			f := sale(fmt.Sprint(i, "-", k), 10_00, books.Released)
			f.Connection, f.Source, f.Type, f.Path, f.Posting, f.Posted = "files", books.DateRange, "Order", "product sales", fmt.Sprint("daterange:", i, ":", k), at
			f.Account, f.Amount.Currency, f.Marketplace, f.Document = r.account, r.currency, "", doc
			if _, err := tx.AddFact(f); err != nil {
				return err
			}
		}
		if err := tx.AddDateRange("files", r.currency, r.account, store.Interval{From: r.from, To: r.to.Add(time.Second)}); err != nil {
			return err
		}
	}
	return nil
}

// A date-range report covers its own currency and account, in the days of its own
// marketplace.
func TestDateRangeCoversItsOwn(t *testing.T) {
	at := func(month, day, hour int) time.Time {
		return time.Date(2026, time.Month(month), day, hour, 30, 0, 0, time.UTC)
	}
	cases := []struct {
		name    string
		reports []dateRangeReport
		want    map[string]string
	}{
		{"a German report and a British one", []dateRangeReport{
			{"EUR", "", at(1, 1, 8), at(3, 31, 20), nil}, {"GBP", "", at(1, 3, 8), at(1, 31, 23), nil},
		}, map[string]string{"EUR": "2026-01-01 2026-03-31", "GBP": "2026-01-03 2026-01-31"}}, // 23:30 in London is the next day in Berlin
		{"one more of invoiced orders", []dateRangeReport{
			{"USD", "Standard Orders", at(1, 1, 9), at(1, 31, 20), nil}, {"USD", "Invoiced Orders", at(1, 1, 9), at(2, 27, 20), nil},
		}, map[string]string{"USD": "2026-01-01 2026-01-31"}},
		{"one of all accounts", []dateRangeReport{
			{"USD", "", at(1, 1, 9), at(1, 31, 20), nil}, {"USD", "Standard Orders", at(2, 1, 9), at(2, 28, 20), nil},
		}, map[string]string{"USD": "2026-01-01 2026-02-28"}},
		{"of invoiced orders only", []dateRangeReport{{"USD", "Invoiced Orders", at(1, 1, 9), at(1, 31, 20), nil}}, map[string]string{"USD": "2026-01-01 2026-01-31"}},
		{"accounts as Japan calls them", []dateRangeReport{
			{"JPY", "標準注文", at(1, 1, 9), at(1, 31, 9), nil}, {"JPY", "請求書払い", at(2, 1, 9), at(2, 27, 9), nil},
		}, map[string]string{"JPY": "2026-01-01 2026-01-31"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBook(t)
			write(t, b, func(tx *store.Tx) error { return putDateRanges(tx, c.reports) })
			all, err := b.MoneyCoverage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for currency, want := range c.want {
				if from, to := books.Covered(all, currency); from+" "+to != want {
					t.Errorf("%s is covered from %s to %s, want %s", currency, from, to, want)
				}
			}
		})
	}
}

// A book of a version that did not tell reports apart learns from its coverage, and
// where reports differ, from their rows.
func TestDateRangesOfAnOlderBook(t *testing.T) {
	at := func(month, day int) time.Time { return time.Date(2026, time.Month(month), day, 8, 30, 0, 0, time.UTC) }
	// The quarter brought only what the months before did not have.
	months := []dateRangeReport{
		{"USD", "", at(1, 1), at(1, 31), nil}, {"USD", "", at(3, 1), at(3, 31), nil}, {"USD", "", at(1, 1), at(3, 31), []time.Time{at(2, 10), at(2, 20)}},
	}
	for name, c := range map[string]struct {
		reports []dateRangeReport
		want    string
	}{
		"of several currencies and accounts": {[]dateRangeReport{
			{"EUR", "", at(1, 1), at(3, 31), nil}, {"USD", "Standard Orders", at(1, 1), at(1, 31), nil}, {"USD", "Standard Orders", at(1, 1), at(2, 27), nil}, {"USD", "Invoiced Orders", at(1, 1), at(1, 31), nil},
		}, "EUR17672562000001774945801000,USDInvoiced Orders17672562000001769848201000,USDStandard Orders17672562000001772181001000"},
		"of one currency and account": {months, "USD17672562000001774945801000"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			write(t, b, func(tx *store.Tx) error { return putDateRanges(tx, c.reports) })
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			tamperClosed(t, b.Dir, store.BookFile, `DROP TABLE daterange_coverage; DELETE FROM migration WHERE name = '0024_daterange_coverage.sql'`)
			again, err := store.Open(t.Context(), b.Dir, keys)
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			got := text(t, again, `SELECT coalesce(group_concat(currency || account || from_at || to_at), '') FROM (SELECT * FROM daterange_coverage ORDER BY 1, 2, 3, 4)`)
			if got != c.want {
				t.Errorf("the days of the reports are %q, want %q", got, c.want)
			}
		})
	}
}

// An older book may hold millions of facts: the step reads only those of the reports.
func TestDateRangesOfAnOlderBookAreFound(t *testing.T) {
	step, err := os.ReadFile("migrations/0024_daterange_coverage.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(string(step), "\nWITH ")
	rows, err := newBook(t).Reader().QueryContext(t.Context(), "EXPLAIN QUERY PLAN WITH "+query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var what string
		if err := rows.Scan(&id, &parent, &unused, &what); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(what, " fact") {
			plan = append(plan, what)
		}
	}
	if want := []string{"SEARCH fact USING INDEX fact_by_posting (posting>? AND posting<?)"}; !slices.Equal(plan, want) || rows.Err() != nil {
		t.Errorf("facts are read by %q, want %q, %v", plan, want, rows.Err())
	}
}
