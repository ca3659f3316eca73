package reports_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"countinghouse/data/books"
	"countinghouse/resources"
	"countinghouse/sync/reports"
)

func collect(t testing.TB, f *reports.File) []reports.DateRangeRow {
	t.Helper()
	var out []reports.DateRangeRow
	for r, err := range f.DateRange() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func TestDateRangeFact(t *testing.T) {
	data := dateRangeFile("All amounts in USD, unless specified",
		[7]string{usDate, "Order", "111-1111111-1111111", "A-1", "19.69", "-1.00", "18.69"})
	f := mustOpen(t, data)
	row := collect(t, f)[0]
	base := books.Fact{
		Source: books.DateRange, Posting: f.SHA256 + ":4", Order: "111-1111111-1111111", SKU: "A-1", Type: "Order",
		Note: `A thing, 3" wide`, Posted: row.Posted, Settlement: "12345678901", State: books.Released, DocLine: 4,
	}
	sales, other := base, base
	sales.Path, sales.Amount, sales.Quantity = "product sales", books.Money{Minor: 1969, Currency: "USD"}, 1
	other.Path, other.Amount, other.Seq = "other", books.Money{Minor: -100, Currency: "USD"}, 1
	if diff := cmp.Diff([]books.Fact{sales, other}, row.Facts); diff != "" {
		t.Error(diff)
	}
	if row.Buyer != (reports.Place{City: "Springfield", State: "XX", PostalCode: "99999"}) {
		t.Errorf("buyer %+v", row.Buyer)
	}
	for _, personal := range []string{"Springfield", "XX", "99999"} {
		if strings.Contains(row.Raw, personal) {
			t.Errorf("the raw row tells %s: %s", personal, row.Raw)
		}
	}
	if want := strings.Replace(strings.Replace(strings.Replace(strings.Split(string(data), "\n")[3], "Springfield", "", 1), "XX", "", 1), "99999", "", 1); row.Raw != want {
		t.Errorf("raw\n%s\nwant\n%s", row.Raw, want)
	}
}

// The layout of 2025 and later in Mexico: two columns behind the total, times
// with GMT-7, deferred rows.
func TestDateRangeOfMexico(t *testing.T) {
	f := fixture(t, "date-range-mx.csv")
	if f.Language != "es-MX" || f.Currency != "MXN" || f.Account != "" || len(f.UnknownColumns) != 0 || f.Total.String() != "-407198.70 MXN" {
		t.Errorf("%s %s %q, total %s", f.Language, f.Currency, f.UnknownColumns, f.Total)
	}
	var got []string
	for _, r := range collect(t, f) {
		released := ""
		if !r.Released.IsZero() {
			released = r.Released.Format("2006-01-02")
		}
		got = append(got, r.Posted.Format("2006-01-02T15:04:05Z")+" "+r.Type+" "+string(r.Facts[0].State)+" "+released+" "+r.Total.Decimal())
	}
	want := []string{
		"2026-08-01T06:03:59Z Order released 2026-08-04 89.95",
		"2026-08-06T20:00:00Z Service Fee released  -116.00",
		"2026-08-07T20:00:00Z Transfer released  -407248.65",
		"2026-08-08T20:00:00Z Order deferred  76.00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The layout of India: an account type, columns of tax that the table does not
// know but that are part of the total.
func TestDateRangeOfIndia(t *testing.T) {
	f := fixture(t, "date-range-in.csv")
	if diff := cmp.Diff([]string{"Total sales tax liable(GST before adjusting TCS)", "TCS-CGST", "TDS (Section 194-O)", "warehouse"}, f.UnknownColumns); diff != "" {
		t.Error(diff)
	}
	var paths []string
	for _, fact := range collect(t, f)[0].Facts {
		paths = append(paths, fact.Path+" "+fact.Amount.Decimal())
		if fact.Account != "Electronic Transactions" {
			t.Errorf("account %q", fact.Account)
		}
	}
	want := []string{"product sales 123456.00", "selling fees -12345.60", "TCS-CGST -617.28", "TDS (Section 194-O) -123.46", "Total sales tax liable(GST before adjusting TCS) 18518.40"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
}

// An unknown column among the money that adds nothing is text, whatever it
// looks like.
func TestUnknownColumnsThatAreNoMoney(t *testing.T) {
	for _, cells := range [][2]string{{"left shelf", "right"}, {"12,5", "7"}, {"1,234", "1,235"}, {"", ""}, {"3", "4"}} {
		t.Run(cells[0], func(t *testing.T) {
			data := string(goodDateRange())
			data = strings.Replace(data, `"fba fees"`, `"fba fees","shelf"`, 1)
			data = strings.Replace(data, `"0","0","0","0","19.69"`, `"0","0","0","`+cells[0]+`","0","19.69"`, 1)
			data = strings.Replace(data, `"0","0","0","0","-5.00"`, `"0","0","0","`+cells[1]+`","0","-5.00"`, 1)
			f := mustOpen(t, []byte(data))
			if !slices.Equal(f.UnknownColumns, []string{"shelf"}) {
				t.Errorf("unknown columns %q", f.UnknownColumns)
			}
			if diff := cmp.Diff(rows(t, mustOpen(t, goodDateRange())), rows(t, f)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every language of the table: a file made of its headings and words is read
// as the English one.
func TestEveryLanguage(t *testing.T) {
	headings := table(t, resources.ReportHeadings)
	types := table(t, resources.ReportTypes)
	order := []string{"date/time", "settlement id", "type", "order id", "sku", "description", "quantity", "marketplace", "fulfillment",
		"product sales", "shipping credits", "promotional rebates", "selling fees", "fba fees", "other transaction fees", "other", "total"}
	for _, lang := range []string{"en", "de", "fr", "es", "es-MX", "it", "nl", "sv", "pl", "pt-BR", "tr", "ja"} {
		t.Run(lang, func(t *testing.T) {
			var head, row []string
			for _, column := range order {
				i := slices.IndexFunc(headings, func(r []string) bool { return r[0] == lang && r[2] == column })
				if i < 0 && column == "settlement id" { // not known in every language
					continue
				}
				if i < 0 {
					t.Fatalf("no heading for %s", column)
				}
				head = append(head, headings[i][1])
				cell := map[string]string{"date/time": "2025/03/02 6:04:30 JST", "type": "Order", "order id": "1", "sku": "A", "quantity": "1",
					"product sales": "10,50", "selling fees": "-1,00", "total": "9,50"}[column]
				if j := slices.IndexFunc(types, func(r []string) bool { return r[0] == lang && r[2] == "Order" }); column == "type" && j >= 0 {
					cell = types[j][1]
				}
				row = append(row, cell)
			}
			f := mustOpen(t, []byte(csvRow("x EUR y")+csvRow(head...)+csvRow(row...)))
			got := collect(t, f)[0]
			if f.Language != lang || got.Type != "Order" || len(got.Facts) != 2 || got.Facts[0].Path != "product sales" || got.Total.Decimal() != "9.50" {
				t.Errorf("language %s, type %s, facts %v", f.Language, got.Type, got.Facts)
			}
		})
	}
}

func table(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// The same rows have the same keys in two files whose periods overlap, in
// whatever language and charset; equal rows are numbered.
func TestRowKeys(t *testing.T) {
	a := [7]string{usDate, "Order", "1", "A", "1.00", "0", "1.00"}
	b := [7]string{usDate, "Order", "1", "A", "1.50", "0", "1.50"}
	c := [7]string{"Mar 2, 2025 1:00:00 AM PST", "Service Fee", "", "", "0", "-1.00", "-1.00"}
	first := collect(t, mustOpen(t, dateRangeFile("All amounts in USD", a, b, a, c)))
	second := collect(t, mustOpen(t, dateRangeFile("All amounts in USD", c, a, b, a)))
	type id struct {
		key   reports.RowKey
		equal int
	}
	ids := func(rows []reports.DateRangeRow) map[id]int {
		m := map[id]int{}
		for _, r := range rows {
			m[id{r.Key, r.Equal}]++
		}
		return m
	}
	if len(ids(first)) != 4 {
		t.Errorf("%d identities for 4 rows", len(ids(first)))
	}
	if diff := cmp.Diff(ids(first), ids(second)); diff != "" {
		t.Error(diff)
	}
	if first[0].Key != first[2].Key || first[0].Equal != 1 || first[2].Equal != 2 || first[0].Key == first[1].Key {
		t.Error("equal rows are not numbered, or unequal ones are equal")
	}
	moved := strings.NewReplacer("Springfield", "", "99999", "", "XX", "", `3"" wide`, `3"" w`).Replace(string(dateRangeFile("All amounts in USD", a)))
	if got := collect(t, mustOpen(t, []byte(moved)))[0].Key; got != first[0].Key {
		t.Error("a blanked place or a title cut elsewhere changes the key")
	}
	english, translated := collect(t, mustOpen(t, englishOfGerman())), collect(t, mustOpen(t, german()))
	for i := range english {
		if english[i].Key != translated[i].Key {
			t.Errorf("row %d has another key in another language", i)
		}
	}
}

// englishOfGerman is the report of german() as Seller Central gives it in
// English.
func englishOfGerman() []byte {
	return []byte(`"All amounts in EUR, unless specified"` + "\n" +
		`"date/time","settlement id","type","order id","sku","description","quantity","marketplace","product sales","product sales tax","selling fees","other","total"` + "\n" +
		`"28 Feb 2025 11:09:05 PM UTC","24364452482","Transfer","","","To account ending with: 201","","","0","0","0","-1,234.56","-1,234.56"` + "\n" +
		`"1 Mar 2025 11:09:05 PM UTC","24364452482","Order","302-1111111-1111111","ÄÖ-1","Size M","2","Amazon.de","19.99","3.80","-3.00","0","20.79"` + "\n")
}

func TestCurrency(t *testing.T) {
	row := [7]string{usDate, "Order", "1", "A", "1.00", "0", "1.00"}
	local := dateRangeFile("All amounts in local currency, unless specified", row, row)
	at := func(markets ...string) []byte {
		s := string(local)
		for _, m := range markets {
			s = strings.Replace(s, `"1","","Amazon"`, `"1","`+m+`","Amazon"`, 1)
		}
		return []byte(s)
	}
	for _, tc := range []struct {
		name string
		data []byte
		hint string
		want string // "" for refused
	}{
		{"marketplace", at("amazon.ae"), "", "AED"},
		{"marketplaces of one currency", at("amazon.de", "Amazon.fr"), "", "EUR"},
		{"marketplaces of two currencies", at("amazon.de", "Amazon.co.uk"), "", ""},
		{"hint", local, "SAR", "SAR"},
		{"file before hint", at("amazon.ae"), "USD", "AED"},
		{"hint that is none", local, "dirham", ""},
		{"nothing", local, "", ""},
		{"two codes above", dateRangeFile("All amounts in USD or EUR", row), "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files, err := open(t, "c.csv", tc.data, reports.Hint{Currency: tc.hint})
			if (err == nil) != (tc.want != "") {
				t.Fatalf("error %v", err)
			}
			if err == nil && files[0].Currency != tc.want {
				t.Errorf("currency %s", files[0].Currency)
			}
		})
	}
}

// A period without transactions is a report, not an error.
func TestDateRangeWithoutRows(t *testing.T) {
	f := mustOpen(t, dateRangeFile("All amounts in USD"))
	if f.Rows != 0 || f.Total.Minor != 0 || len(collect(t, f)) != 0 {
		t.Errorf("%d rows", f.Rows)
	}
}

// One file may be read by several goroutines.
func TestReadTwiceAtOnce(t *testing.T) {
	f := mustOpen(t, german())
	want := rows(t, f)
	var all [4][]string
	var group sync.WaitGroup
	for i := range all {
		group.Go(func() { all[i] = rows(t, f) })
	}
	group.Wait()
	for _, got := range all {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// The wrong method for the kind is an error, not an empty report.
func TestRowsOfAnotherKind(t *testing.T) {
	f := mustOpen(t, goodSettlement())
	for _, err := range f.DateRange() {
		if err == nil {
			t.Error("no error")
		}
	}
	for _, err := range f.AllOrders() {
		if err == nil {
			t.Error("no error")
		}
	}
	for _, err := range mustOpen(t, goodDateRange()).Settlement() {
		if err == nil {
			t.Error("no error")
		}
	}
}
