package costfiles_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
)

func lookup(name string) (string, bool) {
	id, ok := map[string]string{"Amazon.de": "DE", "Amazon.com": "US", "DE": "DE", "US": "US"}[name]
	return id, ok
}

func name(id string) string { return map[string]string{"DE": "Amazon.de", "US": "Amazon.com"}[id] }

func unit(t testing.TB, s string) books.Decimal {
	t.Helper()
	d, err := books.ParseUnit(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPurchasesInAllForms(t *testing.T) {
	want := books.Purchase{
		Code: "PO-1", Day: "2026-03-05", SKU: "00123", Units: 1200, Currency: "EUR", Price: 123456, Freight: 5050, Duty: 0, Prep: 100, Other: 7,
		Rate: unit(t, "1.0853"), Marketplaces: []string{"DE", "US"}, Supplier: "Müller & Söhne", Invoice: "R-77", Note: "two pallets",
	}
	head := costfiles.PurchaseColumns()
	var round bytes.Buffer
	if err := costfiles.WriteXLSX(&round, "purchases", head, [][]string{costfiles.PurchaseRow(want, name)}); err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	if err := costfiles.Write(&plain, "x.csv", "", head, [][]string{costfiles.PurchaseRow(want, name)}); err != nil {
		t.Fatal(err)
	}
	semicolons := "batch;Date;SKU;Units;currency;price;freight;prep;other;rate;marketplaces;supplier;invoice;note\r\n" +
		"PO-1;2026-03-05;00123;1200;eur;1.234,56;50,50;1,00;0,07;1,0853;Amazon.com|Amazon.de;Müller & Söhne;R-77;two pallets\r\n"
	for form, body := range map[string][]byte{
		"our XLSX": round.Bytes(), "our CSV": plain.Bytes(), "with a byte order mark": append([]byte("\xef\xbb\xbf"), plain.Bytes()...),
		"semicolons and commas": []byte(semicolons), "UTF-16": utf16(semicolons), "a spreadsheet's own cells": spreadsheet(t),
	} {
		got, bad, err := costfiles.Purchases(body, lookup)
		if err != nil || len(bad) > 0 || len(got) != 1 {
			t.Errorf("%s: %v %v %v", form, got, bad, err)
			continue
		}
		if !reflect.DeepEqual(got[0], want) {
			t.Errorf("%s:\n got %+v\nwant %+v", form, got[0], want)
		}
	}
}

func utf16(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

// spreadsheet types what a person would: numbers and a date as cells of their own
// kind.
func spreadsheet(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	row := []any{"PO-1", 46086, "00123", 1200, "EUR", 1234.56, 50.5, 0, 1, 0.07, 1.0853, "Amazon.de; Amazon.com", "Müller & Söhne", "R-77", "two pallets"}
	head := make([]any, 0, len(row))
	for _, c := range costfiles.PurchaseColumns() {
		head = append(head, c)
	}
	for i, r := range [][]any{head, row} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRowsWithProblems(t *testing.T) {
	text := `date,sku,quantity,currency,price,freight,marketplaces,batch
2026-13-01,A,1,EUR,1,,,
2026-03-01,,1,EUR,1,,,
2026-03-01,A,1.5,EUR,1,,,
2026-03-01,A,-2,EUR,1,,,
2026-03-01,A,1,EURO,1,,,
2026-03-01,A,1,EUR,1.005,,,
2026-03-01,A,1,JPY,1.5,,,
2026-03-01,A,1,EUR,"1,234",,,
2026-03-01,A,1,EUR,-1,,,
2026-03-01,A,1,EUR,abc,,,
2026-03-01,A,1,EUR,1,-2,,
2026-03-01,A,1,EUR,1,,Amazon.xx,
2026-03-01,A,1,EUR,,,,
2026-03-01,A,1,EUR,1,,,X
2026-03-01,B,1,EUR,1,,,X
2026-03-01,C,1,EUR,"1,234.50",,,
2026-03-01,C,2,EUR,99999999999999999999,,,
`
	got, bad, err := costfiles.Purchases([]byte(text), lookup)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, b := range bad {
		have = append(have, fmt.Sprint(b.Line, " ", b.Column, " ", b.Code))
		if !strings.HasPrefix(b.Error(), fmt.Sprintf("line %d: ", b.Line)) {
			t.Errorf("%v", b)
		}
	}
	want := []string{
		"2 date day", "3 sku missing", "4 quantity whole", "5 quantity whole", "6 currency currency", "7 price places", "8 price places",
		"9 price number", "10 price negative", "11 price number", "12 freight negative", "13 marketplaces marketplace", "14 price missing",
		"16 batch duplicate", "18 price number",
	}
	if !slices.Equal(have, want) {
		t.Errorf("problems\n got %q\nwant %q", have, want)
	}
	if len(got) != 2 || got[0].Code != "X" || got[1].Price != 123450 {
		t.Errorf("the good rows: %+v", got)
	}
}

func TestEqualPurchasesKeepTheirNames(t *testing.T) {
	text := "date,sku,quantity,currency,price\n2026-03-01,A,1,EUR,1\n2026-03-01,A,1,EUR,1\n"
	first, _, _ := costfiles.Purchases([]byte(text), nil)
	again, _, _ := costfiles.Purchases([]byte(text), nil)
	if len(first) != 2 || first[0].Code == first[1].Code || !reflect.DeepEqual(first, again) {
		t.Errorf("%+v, again %+v", first, again)
	}
}

func TestFilesThatAreNoLists(t *testing.T) {
	for form, body := range map[string]string{
		"empty": "", "no text": "\x00\x01\x02", "letters of no charset": "date,sku\nM\x81\xffller,1", "broken archive": "PK\x03\x04rubbish", "a zip of something": zipped("a.txt", "x"),
	} {
		if _, _, err := costfiles.Purchases([]byte(body), nil); !errors.Is(err, costfiles.ErrFile) {
			t.Errorf("%s: %v", form, err)
		}
	}
	_, bad, err := costfiles.Purchases([]byte("date,sku\n2026-01-01,A\n"), nil)
	if err != nil || len(bad) != 3 || bad[0].Code != costfiles.NoColumn || bad[0].Line != 1 {
		t.Errorf("missing columns: %v %v", bad, err)
	}
}

func TestExpenses(t *testing.T) {
	text := "expense,category,repeat,from,to,currency,amount,allocation\nRent,office,monthly,2026-01-01,,EUR,1200.00,revenue\nFair,,once,2026-05-03,2026-05-05,EUR,99.99,\n" +
		"Bad,,daily,2026-05-03,2026-05-01,EUR,1,half\n"
	got, bad, err := costfiles.Expenses([]byte(text), nil)
	if err != nil || len(got) != 2 || len(bad) != 3 {
		t.Fatalf("%+v %v %v", got, bad, err)
	}
	var round bytes.Buffer
	rows := [][]string{costfiles.ExpenseRow(got[0], name), costfiles.ExpenseRow(got[1], name)}
	if err := costfiles.WriteCSV(&round, costfiles.ExpenseColumns(), rows); err != nil {
		t.Fatal(err)
	}
	again, bad, err := costfiles.Expenses(round.Bytes(), nil)
	if err != nil || len(bad) > 0 || !reflect.DeepEqual(again, got) {
		t.Errorf("written and read again: %+v %v %v", again, bad, err)
	}
}

func zipped(file, text string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create(file)
	_, _ = w.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

func TestECBRates(t *testing.T) {
	hist := "Date,USD,JPY,BGN,\n2026-11-20,1.1512,179.84,N/A,\n2026-11-19,1.1538,180.55,1.9558,\n"
	want := []string{"2026-11-20 USD 1.1512", "2026-11-20 JPY 179.84", "2026-11-19 USD 1.1538", "2026-11-19 JPY 180.55", "2026-11-19 BGN 1.9558"}
	for form, body := range map[string]string{"csv": hist, "zip": zipped("eurofxref-hist.csv", hist), "line ends of Windows": strings.ReplaceAll(hist, "\n", "\r\n")} {
		got, err := costfiles.ECBRates([]byte(body))
		if err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		var have []string
		for _, q := range got {
			have = append(have, q.Day+" "+q.To+" "+q.Rate.String())
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s: %q", form, have)
		}
	}
	day, err := costfiles.ECBRates([]byte("Date, USD, JPY, \n20 November 2026, 1.1512, 179.84, \n"))
	if err != nil || len(day) != 2 || day[0].Day != "2026-11-20" {
		t.Errorf("a single day: %v %v", day, err)
	}
	for form, body := range map[string]string{
		"a cost list": "sku,price\nA,1\n", "no rates": "Date,USD\n2026-11-20,N/A\n", "a word for a rate": "Date,USD\n2026-11-20,one\n", "a rate below 0": "Date,USD\n2026-11-20,-1\n",
		"no day": "Date,USD\nyesterday,1\n", "a zip without one": zipped("a.txt", "x"),
	} {
		if _, err := costfiles.ECBRates([]byte(body)); !errors.Is(err, costfiles.ErrFile) {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func TestCarrierBills(t *testing.T) {
	ours := "tracking_number,order_id,date,amount,currency\n1Z 99 8,111-1,2026-03-01,7.20,USD\n1Z998,111-1,2026-03-01,7.20,USD\n,,2026-03-01,x,USD\n"
	got, bad, err := costfiles.CarrierBill([]byte(ours))
	if err != nil || len(got) != 2 || len(bad) != 1 || got[0].Tracking != "1Z998" || got[0].Amount.Minor != 720 {
		t.Errorf("%+v %v %v", got, bad, err)
	}
	german := "Sendungsnummer;Datum;Betrag;Währung\n00340;2026-03-01;4,99;EUR\n"
	got, bad, err = costfiles.CarrierBill([]byte(german))
	if err != nil || len(bad) > 0 || len(got) != 1 || got[0].Amount.String() != "4.99 EUR" {
		t.Errorf("%+v %v %v", got, bad, err)
	}
	if _, bad, _ := costfiles.CarrierBill([]byte("date,amount,currency\n")); len(bad) != 1 {
		t.Errorf("neither tracking nor order: %v", bad)
	}
}

func FuzzPurchases(f *testing.F) {
	f.Add([]byte("date,sku,quantity,currency,price\n2026-03-01,A,1,EUR,1\n"))
	f.Add(spreadsheet(f))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, _, err := costfiles.Purchases(body, lookup)
		if err != nil {
			return
		}
		for _, p := range got {
			if p.Units <= 0 || p.SKU == "" || p.Code == "" || p.Price < 0 {
				t.Errorf("taken: %+v", p)
			}
		}
	})
}
