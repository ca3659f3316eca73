package appsync_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/sync/reports"
	"countinghouse/sync/spapifake"
)

var march = settled{
	id: "70000000001", currency: "USD", market: "Amazon.com", order: "111-1111111-1111111", posted: "2026-03-02",
	price: 25_00, fee: -3_75, lines: 3,
}

// moneyTables are the tables that do not depend on which file came first.
var moneyTables = []string{"event", "line", "open", "rollup", "coverage"}

func only(all map[string]string, names []string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		out[n] = all[n]
	}
	return out
}

func sum(t *testing.T, b *store.Book, q string, args ...any) (n int64) {
	t.Helper()
	if err := b.Reader().QueryRowContext(t.Context(), q, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Two files that overlap in February give each row as often as it is genuine,
// whichever is read first.
func TestImportOverlappingFiles(t *testing.T) {
	day := func(month time.Month, d, second int) time.Time {
		return time.Date(2026, month, d, 18, 0, second, 0, time.UTC)
	}
	rows := []sold{
		{day(1, 5, 0), "Order", "111-0000001-0000001", "A", 10_00, -1_50},
		{day(2, 10, 7), "Order", "111-0000002-0000002", "B", 20_00, -3_00},
		{day(2, 10, 7), "Order", "111-0000002-0000002", "B", 20_00, -3_00}, // the same again: two were bought
		{day(2, 10, 8), "Order", "111-0000002-0000002", "B", 20_00, -3_00},
		{day(2, 20, 0), "Refund", "111-0000002-0000002", "B", -20_00, 2_40},
		{day(3, 15, 0), "Order", "111-0000003-0000003", "C", 30_00, -4_50},
	}
	var want int64
	for _, r := range rows {
		want += r.sales + r.fee
	}
	begin, feb, mar, end := day(1, 1, 0), day(2, 1, 0), day(3, 1, 0), day(4, 1, 0)
	early, late := dateRange(rows, begin, mar), dateRange(rows, feb, end)
	var first map[string]string
	for _, order := range [][]string{{"early", "late"}, {"late", "early"}, {"late", "early", "late", "early"}} {
		t.Run(strings.Join(order, " then "), func(t *testing.T) {
			b := emptyBook(t)
			for _, name := range order {
				importOne(t, b, file(t, name+".csv", map[string][]byte{"early": early, "late": late}[name]), "")
			}
			wantNothingLost(t, b, want)
			if n := sum(t, b, `SELECT count(DISTINCT posting) FROM fact`); n != int64(len(rows)) {
				t.Errorf("%d rows, want %d", n, len(rows))
			}
			got := only(fingerprints(t, b), moneyTables)
			if first == nil {
				first = got
			}
			wantSame(t, "in another order", got, first)
		})
	}
}

// A settlement is one payment: Amazon's two formats of it, or the same one by
// file and by sync, count once.
func TestImportSettlementOnce(t *testing.T) {
	for _, order := range []string{"V1 V2", "V2 V1"} {
		t.Run(order, func(t *testing.T) {
			b := emptyBook(t)
			files := map[string][]byte{"V1": march.v1(), "V2": march.v2()}
			var before map[string]string
			for i, name := range strings.Fields(order) {
				done := importOne(t, b, file(t, name+".txt", files[name]), "")
				if i == 0 {
					before = only(fingerprints(t, b), append(moneyTables, "fact", "settlement"))
				} else if done.New != 0 {
					t.Errorf("%d rows are new", done.New)
				}
			}
			wantSame(t, "read in the other format", only(fingerprints(t, b), append(moneyTables, "fact", "settlement")), before)
			wantNothingLost(t, b, march.total())
		})
	}
	t.Run("damaged copy", func(t *testing.T) {
		b := emptyBook(t)
		importOne(t, b, file(t, "good.txt", march.v2()), "")
		before := fingerprints(t, b)
		other := march
		other.price++
		_, err := appsync.Import(t.Context(), b, file(t, "other.txt", other.v2()), "", reports.Hint{})
		if err == nil || !strings.Contains(err.Error(), "one of the two is damaged") {
			t.Errorf("another total under the same id: %v", err)
		}
		wantSame(t, "refused", fingerprints(t, b), before)
	})
	t.Run("in two connections", func(t *testing.T) {
		b := emptyBook(t)
		importOne(t, b, file(t, "a.txt", march.v2()), "")
		putConnections(t, b, store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI})
		before := fingerprints(t, b)
		_, err := appsync.Import(t.Context(), b, file(t, "b.txt", march.v1()), "na", reports.Hint{})
		if err == nil || !strings.Contains(err.Error(), "files-na") {
			t.Errorf("counted twice under two connections: %v", err)
		}
		wantSame(t, "refused", fingerprints(t, b), before)
	})
}

// The settlement files that Amazon's API handed out, given again by hand,
// change nothing; the stored text of each is a whole file.
func TestImportAfterSync(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 3, Orders: 200, Days: 60})
		b := newBook(t, s)
		syncAll(t, b, s)
		before := fingerprints(t, b)
		rows, err := b.Reader().QueryContext(t.Context(), `SELECT connection_id, settlement_id, document_id, total_minor FROM settlement`)
		if err != nil {
			t.Fatal(err)
		}
		type kept struct {
			connection, id string
			document       int64
			total          int64
		}
		var all []kept
		for rows.Next() {
			var k kept
			if err := rows.Scan(&k.connection, &k.id, &k.document, &k.total); err != nil {
				t.Fatal(err)
			}
			all = append(all, k)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(all) < 6 {
			t.Fatalf("%d settlements, %v", len(all), err)
		}
		for _, k := range all {
			d, err := b.Document(t.Context(), k.document)
			if err != nil {
				t.Fatal(err)
			}
			done := importOne(t, b, file(t, k.id+".txt", d.Body), k.connection)
			if done.New != 0 || len(done.Totals) != 1 || done.Totals[0].Minor != k.total {
				t.Errorf("settlement %s: %+v, want nothing new and the total %d", k.id, done, k.total)
			}
		}
		after := fingerprints(t, b)
		for _, table := range []string{"import", "document"} { // that it was read is noted
			delete(after, table)
			delete(before, table)
		}
		wantSame(t, "imported what was synced", after, before)
	})
}

// A file that is not whole leaves nothing behind: no row, no connection, no
// document.
func TestImportRefuses(t *testing.T) {
	good := string(march.v2())
	must := func(from, to string) []byte {
		s := strings.Replace(good, from, to, 1)
		if s == good {
			t.Fatalf("nothing to damage: %q", from)
		}
		return []byte(s)
	}
	lines := strings.SplitAfter(good, "\n")
	for _, tc := range []struct {
		name string
		data []byte
		line bool // the sentence names a line
		says string
	}{
		{"cut after a line", []byte(strings.Join(lines[:len(lines)-2], "")), true, "sum to"},
		{"cut in a line", []byte(good[:len(good)-40]), true, "columns"},
		{"wrong columns", must("\tamount\t", "\tsum\t"), true, "missing"},
		{"a web page", []byte("<!DOCTYPE html><html><body>Sign in</body></html>"), false, "web page"},
		{"binary", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00"), false, "not a text file"},
		{"a made-up number", must("25.00", "25.0O"), true, "number"},
		{"an ambiguous number", []byte(strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(good, "25.00", "1,250"), "-3.75", "-1,375"), "63.75", "-375")), true, ""},
		{"an ambiguous date", []byte(strings.ReplaceAll(good, "2026-03-02", "03/04/2026")), true, "day or the month first"},
		{"a cut gzip", gzipped(t, march.v2())[:60], false, "cut"},
		{"good and bad in one zip", append([]byte{}, twoInZip(t, march.v2(), []byte("<html></html>"))...), false, "web page"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := emptyBook(t)
			before := fingerprints(t, b)
			_, err := appsync.Import(t.Context(), b, file(t, "given.txt", tc.data), "", reports.Hint{})
			var fe *reports.FileError
			if !errors.As(err, &fe) || (fe.Line > 0) != tc.line || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("error %v, want a line (%t) and %q", err, tc.line, tc.says)
			}
			wantSame(t, "refused", fingerprints(t, b), before)
		})
	}
}

// A zip is read whole or not at all: what cannot be stored takes the rest of
// the archive with it.
func TestImportZipIsOneWhole(t *testing.T) {
	b := emptyBook(t)
	importOne(t, b, file(t, "march.txt", march.v2()), "")
	before := fingerprints(t, b)
	fresh, clash := march, march
	fresh.id = "70000000002"
	clash.price++
	_, err := appsync.Import(t.Context(), b, file(t, "both.zip", twoInZip(t, fresh.v2(), clash.v2())), "", reports.Hint{})
	if err == nil {
		t.Fatal("no error")
	}
	wantSame(t, "refused", fingerprints(t, b), before)
}

func putConnections(t testing.TB, b *store.Book, list ...store.Connection) {
	t.Helper()
	err := b.Write(t.Context(), func(tx *store.Tx) error {
		for _, c := range list {
			if err := tx.PutConnection(c, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestImportFindsItsConnection(t *testing.T) {
	us := store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI}
	other := store.Connection{ID: "na-2", Region: "NA", Kind: store.KindAPI}
	de := store.Connection{ID: "eu", Region: "EU", Kind: store.KindAPI}
	noMarket := march
	noMarket.market = ""
	dollars := noMarket
	dollars.currency = "XTS" // of no marketplace
	for _, tc := range []struct {
		name    string
		have    []store.Connection
		file    settled
		ask     string
		want    string
		err     error
		says    string
		created bool
	}{
		{name: "none yet", file: march, want: "files-na", created: true},
		{name: "the region's only one", have: []store.Connection{us, de}, file: march, want: "na"},
		{name: "of another region", have: []store.Connection{de}, file: march, want: "files-na", created: true},
		{name: "two fit", have: []store.Connection{us, other}, file: march, err: appsync.ErrConnection},
		{name: "two fit, one is named", have: []store.Connection{us, other}, file: march, ask: "na-2", want: "na-2"},
		{name: "a name that is not there", have: []store.Connection{us}, file: march, ask: "nowhere", says: `no connection "nowhere"`},
		{name: "another region's is named", have: []store.Connection{us, de}, file: march, ask: "eu", says: "region"},
		{name: "only the currency tells", have: []store.Connection{us, de}, file: noMarket, want: "na"},
		{name: "nothing tells", have: []store.Connection{us}, file: dollars, says: "--connection"},
		{name: "nothing tells, one is named", have: []store.Connection{us}, file: dollars, ask: "na", want: "na"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := emptyBook(t)
			putConnections(t, b, tc.have...)
			before := fingerprints(t, b)
			done, err := appsync.Import(t.Context(), b, file(t, "s.txt", tc.file.v2()), tc.ask, reports.Hint{})
			if tc.want == "" {
				if err == nil || (tc.err != nil && !errors.Is(err, tc.err)) || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("got %v, error %v; want %v %q", done, err, tc.err, tc.says)
				}
				wantSame(t, "refused", fingerprints(t, b), before)
				return
			}
			if err != nil || len(done) != 1 || done[0].Connection != tc.want {
				t.Fatalf("got %+v, %v; want %s", done, err, tc.want)
			}
			c, err := b.Connection(t.Context(), tc.want)
			if err != nil || (c.Kind == store.KindFiles) != tc.created {
				t.Errorf("connection %+v, %v", c, err)
			}
		})
	}
}

// A second file can make a fee's marketplace doubtful that was clear before:
// the books are then those that a rebuild makes.
func TestImportOfMoreMarketplacesIsWhatARebuildMakes(t *testing.T) {
	german, french, fees := march, march, march
	german.currency, german.market, german.order = "EUR", "Amazon.de", "302-1111111-1111111"
	french.id, french.currency, french.market, french.order = "70000000002", "EUR", "Amazon.fr", "402-2222222-2222222"
	fees.id, fees.currency, fees.market, fees.order = "70000000003", "EUR", "", ""
	french.month, french.posted = "2026-05", "2026-05-02"
	fees.month, fees.posted = "2026-07", "2026-07-02"
	files := map[string][]byte{"german": german.v2(), "french": french.v2(), "fees": fees.v2()}
	var want map[string]string
	for _, order := range []string{"fees german french", "german fees french", "french german fees", "german french fees"} {
		t.Run(order, func(t *testing.T) {
			b := emptyBook(t)
			for _, name := range strings.Fields(order) {
				importOne(t, b, file(t, name+".txt", files[name]), "")
			}
			got := fingerprints(t, b)
			if err := b.Rebuild(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			wantSame(t, "rebuilt", fingerprints(t, b), got)
			if want == nil {
				want = only(got, moneyTables)
			}
			wantSame(t, "in another order", got, want)
		})
	}
}

// A date without a time of day is that day wherever the marketplace is.
func TestImportKeepsTheDayOfADate(t *testing.T) {
	for market, currency := range map[string]string{"Amazon.com": "USD", "Amazon.de": "EUR", "Amazon.com.au": "AUD"} {
		t.Run(market, func(t *testing.T) {
			s := march
			s.market, s.currency = market, currency
			b := emptyBook(t)
			importOne(t, b, file(t, "s.txt", s.v2()), "")
			days := map[string]int64{}
			sums, err := b.Rollups(t.Context(), "", "", nil, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range sums {
				days[r.Day] += r.Minor
			}
			if want := map[string]int64{"2026-03-02": s.total()}; !maps.Equal(days, want) {
				t.Errorf("days %v, want %v", days, want)
			}
		})
	}
}

// A deferred row that a later file shows as released is released, once.
func TestImportOfAReleasedRow(t *testing.T) {
	row := sold{time.Date(2026, 2, 10, 18, 0, 0, 0, time.UTC), "Order", "111-0000002-0000002", "B", 20_00, -3_00}
	whole := dateRange([]sold{row}, row.at, row.at.Add(time.Hour))
	with := func(status string, more string) []byte {
		s := strings.Replace(string(whole), `,"total"`, `,"total","Transaction Status","Transaction Release Date"`, 1)
		at := strings.LastIndex(s, "\n")
		return []byte(s[:at] + fmt.Sprintf(`,"%s","%s"`, status, more) + s[at:])
	}
	files := map[string][]byte{"deferred": with("Deferred", ""), "released": with("Released", "Mar 1, 2026 3:00:00 AM PST")}
	for _, order := range []string{"deferred released", "released deferred"} {
		t.Run(order, func(t *testing.T) {
			b := emptyBook(t)
			for _, name := range strings.Fields(order) {
				importOne(t, b, file(t, name+".csv", files[name]), "")
			}
			wantNothingLost(t, b, row.sales+row.fee)
			if n := sum(t, b, `SELECT count(*) FROM money_line WHERE state = 'deferred'`); n != 0 {
				t.Errorf("%d lines are still deferred", n)
			}
		})
	}
}
