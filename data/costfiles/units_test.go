package costfiles_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"countinghouse/data/costfiles"
)

func TestUnitCosts(t *testing.T) {
	const head = "sku,marketplace,valid_from,unit_cost,currency\n"
	for name, c := range map[string]struct{ file, want string }{
		"plain": {head + "A,US,2026-01-01,3.335,USD\n", "A US 2026-01-01 3.335 USD"},
		"byte order mark, other order, more columns, CRLF": {"\ufeffCurrency,note,Unit_Cost,SKU,valid_from,marketplace\r\nusd,x,4,A,,US\r\n", "A US  4 USD"},
		"semicolons and decimal comma":                     {"sku;marketplace;valid_from;unit_cost;currency\nA;DE;01.01.2026;3,50;EUR\nB;;;1.234,5;EUR\n", "A DE 2026-01-01 3.5 EUR; B   1234.5 EUR"},
		"the later row replaces":                           {head + "A,US,2026-01-01,3,USD\nB,US,2026-01-01,5,USD\nA,US,2026-01-01,4,USD\n", "A US 2026-01-01 4 USD; B US 2026-01-01 5 USD"},
		"blank lines and no last line end":                 {head + "\nA,US,2026-01-01,3,USD\n\n  \nB,US,2026-01-01,0,USD", "A US 2026-01-01 3 USD; B US 2026-01-01 0 USD"},
		"a line of sums":                                   {head + "A,US,2026-01-01,3,USD\nTotal,,,3,\n", "A US 2026-01-01 3 USD"},
		"letters of Western Windows":                       {string(encoded(t, charmap.Windows1252, "sku;marketplace;valid_from;unit_cost;currency\nGRÜN-1;DE;;3,50;EUR\n")), "GRÜN-1 DE  3.5 EUR"},
	} {
		got, bad, err := costfiles.UnitCosts([]byte(c.file), known)
		var list []string
		for _, u := range got {
			list = append(list, fmt.Sprint(u.SKU, " ", u.Marketplace, " ", u.From, " ", u.Unit, " ", u.Currency))
		}
		if text := strings.Join(list, "; "); err != nil || len(bad) > 0 || text != c.want {
			t.Errorf("%s: %q, want %q; %v %v", name, text, c.want, bad, err)
		}
	}
	var book bytes.Buffer
	if err := costfiles.WriteXLSX(&book, "units", costfiles.UnitColumns(), [][]string{{"A", "US", "2026-01-01", "3.335", "USD"}}); err != nil {
		t.Fatal(err)
	}
	if got, bad, err := costfiles.UnitCosts(book.Bytes(), known); err != nil || len(bad) > 0 || len(got) != 1 || got[0].Unit.String() != "3.335" {
		t.Errorf("a workbook: %+v %v %v", got, bad, err)
	}
	got, bad, err := costfiles.UnitCosts([]byte(head+strings.Join([]string{
		"A,US,01/02/2026,3,USD", "A,US,2026-02-30,3,USD", "A,US,2026-01-01,\"3,50\",USD", "A,US,2026-01-01,-1,USD", "A,Mars,2026-01-01,3,USD",
		",US,2026-01-01,3,USD", "A,US,2026-01-01,3,Dollar", "A,US,2026-01-01", "A,US,2026-01-01,,USD", "A,US,2026-01-01,3,USD",
	}, "\n")), known)
	var have []string
	for _, b := range bad {
		have = append(have, fmt.Sprint(b.Line, " ", b.Column, " ", b.Code))
	}
	if want := []string{"2 valid_from day", "3 valid_from day", "4 unit_cost number", "5 unit_cost negative", "6 marketplace marketplace", "7 sku missing",
		"8 currency currency", "9 currency missing", "9 unit_cost missing", "10 unit_cost missing"}; err != nil || len(got) != 1 || !slices.Equal(have, want) {
		t.Errorf("%v, problems\n got %q\nwant %q", err, have, want)
	}
	for name, file := range map[string]string{"empty": "", "binary": "\x00\x01\x02\xff\xfe"} {
		if rows, _, err := costfiles.UnitCosts([]byte(file), nil); !errors.Is(err, costfiles.ErrFile) || rows != nil {
			t.Errorf("%s: %v %v", name, rows, err)
		}
	}
	for name, file := range map[string]string{"a column is missing": "sku,valid_from,unit_cost,currency\nA,2026-01-01,3,USD\n", "a page": "<!DOCTYPE html><html><body>Sign in</body></html>"} {
		if rows, bad, err := costfiles.UnitCosts([]byte(file), nil); err != nil || len(bad) == 0 || bad[0].Code != costfiles.NoColumn || rows != nil {
			t.Errorf("%s: %v %v %v", name, rows, bad, err)
		}
	}
}

func known(name string) (string, bool) { return name, name != "Mars" }

func FuzzUnitCosts(f *testing.F) {
	f.Add([]byte("sku,marketplace,valid_from,unit_cost,currency\nA,US,2026-01-01,3.335,USD\n"))
	f.Add([]byte("sku;marketplace;valid_from;unit_cost;currency\nA;DE;2026-01-01;3,50;EUR\n\""))
	f.Add([]byte("\ufeffsku\tmarketplace\tvalid_from\tunit_cost\tcurrency\nA\t\t\t1e2\tEUR\n"))
	f.Add([]byte("sep=;\nsku;marketplace;valid_from;unit_cost;currency\n\x8d\x87\x8cv;;;5;\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, _, err := costfiles.UnitCosts(file, nil)
		if err != nil && rows != nil {
			t.Fatal("rows of a refused file")
		}
		var back strings.Builder
		back.WriteString("sku,marketplace,valid_from,unit_cost,currency\n")
		for _, c := range rows {
			if c.Unit.Sign() < 0 || c.SKU == "" || len(c.Currency) != 3 {
				t.Fatalf("a row that should not be: %+v", c)
			}
			fmt.Fprintf(&back, "%q,%q,%s,%s,%s\n", "x", "y", c.From, c.Unit, c.Currency)
		}
		if _, bad, err := costfiles.UnitCosts([]byte(back.String()), nil); err != nil || len(bad) > 0 {
			t.Fatalf("what was read does not read again: %v %v", bad, err)
		}
	})
}
