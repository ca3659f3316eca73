package costfiles_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"countinghouse/data/books"
	"countinghouse/data/costfiles"
)

func encoded(t testing.TB, e encoding.Encoding, text string) []byte {
	t.Helper()
	out, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A list saved by a spreadsheet of another country: its charset, separator, days,
// numbers and the line of sums below.
func TestListsThatSpreadsheetsSave(t *testing.T) {
	head := "date,sku,quantity,currency,price,supplier\r\n"
	for name, c := range map[string]struct {
		body []byte
		want string // day, SKU, price and supplier of each
	}{
		"Japan": {encoded(t, japanese.ShiftJIS, head+"2026/3/5,MUG-1,10,JPY,12000,株式会社 東京食器\r\n2026/03/06,MUG-2,1,JPY,5,ミドリ商事\r\n合計,,11,,12005,\r\n"),
			"2026-03-05 MUG-1 12000 株式会社 東京食器; 2026-03-06 MUG-2 5 ミドリ商事"},
		"Japan, vendor signs": {encoded(t, japanese.ShiftJIS, head+"2026年3月5日,MUG-1,10,JPY,12000,㈱髙島①\r\n"), "2026-03-05 MUG-1 12000 ㈱髙島①"},
		"Germany": {encoded(t, charmap.Windows1252, "sep=;\r\ndate;sku;quantity;currency;price;supplier\r\n05.03.2026;GERÄT-1;10;EUR;1.234,50;Müller & Söhne – Köln\r\n6.3.2026;B;1;EUR;0,99;Groß\r\nSumme;;11;;1.235,49;\r\n"),
			"2026-03-05 GERÄT-1 123450 Müller & Söhne – Köln; 2026-03-06 B 99 Groß"},
		"France":                                {encoded(t, charmap.Windows1252, "date;sku;quantity;currency;price;supplier\n2026-03-05;A;10;EUR;12,5;Café « L'Été »\n"), "2026-03-05 A 1250 Café « L'Été »"},
		"Euro":                                  {encoded(t, charmap.Windows1252, "date;sku;quantity;currency;price;supplier\n2026-03-05;A;10;EUR;12,5;ab 5 €\n"), "2026-03-05 A 1250 ab 5 €"},
		"America":                               {[]byte(head + "2026-03-05,A,10,USD,\"1,234.50\",Acme\nTotal,,10,,\"1,234.50\",\n"), "2026-03-05 A 123450 Acme"},
		"tabs with dots, as other numbers show": {[]byte("date\tsku\tquantity\tcurrency\tprice\trate\tsupplier\n2026-03-05\tA\t10\tKWD\t1.234\t1.0853\tx\n"), "2026-03-05 A 1234 x"},
		"a product called Total":                {[]byte(head + "2026-03-05,Total,10,USD,3,x\n"), "2026-03-05 Total 300 x"},
	} {
		got, bad, err := costfiles.Purchases(c.body, nil)
		var list []string
		for _, p := range got {
			list = append(list, fmt.Sprint(p.Day, " ", p.SKU, " ", p.Price, " ", p.Supplier))
		}
		if text := strings.Join(list, "; "); err != nil || len(bad) > 0 || text != c.want {
			t.Errorf("%s: %q, want %q; %v %v", name, text, c.want, bad, err)
		}
	}
	for name, c := range map[string]struct{ body, want string }{
		"a day that can be two":     {head + "3/4/2026,A,10,USD,3,x\n", "2 date day"},
		"a number that can be two":  {"date;sku;quantity;currency;price\n2026-03-05;A;10;KWD;1.234\n", "2 price number"},
		"a sum without its word":    {head + "2026-03-05,A,10,USD,3,x\n,,10,,3,\n", "3 date missing"},
		"after the separator's own": {"sep=;\ndate;sku;quantity;currency;price\nx;A;10;EUR;1\n", "3 date day"},
	} {
		_, bad, err := costfiles.Purchases([]byte(c.body), nil)
		if err != nil || len(bad) == 0 || fmt.Sprint(bad[0].Line, " ", bad[0].Column, " ", bad[0].Code) != c.want {
			t.Errorf("%s: %v %v, want %s", name, bad, err, c.want)
		}
	}
	outlays, bad, err := costfiles.Expenses(encoded(t, japanese.ShiftJIS, "expense,from,currency,amount,repeat\n家賃,2026/1/1,JPY,90000,monthly\n合計,,,90000,\n"), nil)
	if err != nil || len(bad) > 0 || len(outlays) != 1 || outlays[0].Code != "家賃" || outlays[0].From != "2026-01-01" || outlays[0].Repeat != books.Monthly {
		t.Errorf("expenses: %+v %v %v", outlays, bad, err)
	}
	rates, err := costfiles.ECBRates([]byte("Date;USD;JPY;\n20.11.2026;1,1512;179,84;\n19.11.2026;1,1538;N/A;\n"))
	if err != nil || len(rates) != 3 || rates[0].Day != "2026-11-20" || rates[0].Rate.String() != "1.1512" {
		t.Errorf("rates saved again: %+v %v", rates, err)
	}
}
