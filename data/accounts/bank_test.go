package accounts_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"countinghouse/data/accounts"
)

// rows writes what was read, one row a line.
func bankRows(f accounts.BankFile) string {
	var out []string
	for _, r := range f.Rows {
		out = append(out, r.Day+" "+r.Amount.String()+" "+r.Text)
	}
	return strings.Join(out, "\n")
}

func TestBanksOfManyCountries(t *testing.T) {
	windows, err := charmap.Windows1252.NewEncoder().String("Buchungstag;Empfänger;Verwendungszweck;Betrag;Währung\n06.09.2026;Amazon Payments Europe;Auszahlung für Händler;1.077,60;EUR\n07.09.2026;Bäckerei;Brot;-3,20;EUR\n")
	if err != nil {
		t.Fatal(err)
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().String("お取引日,摘要,お引出し,お預入れ,残高\n2026/09/07,振込 アマゾンジャパン,,\"76,718\",\"176,718\"\n2026/09/08,電気代,\"5,400\",,\"171,318\"\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		hint       accounts.BankHint
		want       string
	}{
		{"Germany, with lines above and a sum below",
			"\"Umsatzanzeige\"\n\"Konto\";\"DE00\"\n\n\"Buchungstag\";\"Auftraggeber/Empfänger\";\"Verwendungszweck\";\"Betrag\"\n" +
				"\"06.09.26\";\"AMAZON PAYMENTS\";\"Zahlung\n12\";\"1.077,60\"\n\"\";\"Summe\";\"\";\"1.077,60\"\n", accounts.BankHint{Currency: "EUR"},
			"2026-09-06 1077.60 EUR AMAZON PAYMENTS Zahlung 12"},
		{"Germany, Windows letters", windows, accounts.BankHint{},
			"2026-09-06 1077.60 EUR Amazon Payments Europe Auszahlung für Händler\n2026-09-07 -3.20 EUR Bäckerei Brot"},
		{"America, month first, told by a day", "Date,Description,Amount\n09/06/2026,AMAZON.COM SERVICES,\"2,588.84\"\n09/17/2026,RENT,(900.00)\n", accounts.BankHint{Currency: "USD"},
			"2026-09-06 2588.84 USD AMAZON.COM SERVICES\n2026-09-17 -900.00 USD RENT"},
		{"America, both ways, told by the user", "Posting Date,Description,Amount\n09/06/2026,AMZN,$10.00\n", accounts.BankHint{Currency: "USD", Days: "dmy"},
			"2026-06-09 10.00 USD AMZN"},
		{"Britain, paid in and out", "Date,Type,Description,Paid out,Paid in,Balance\n06 Sep 2026,BP,AMAZON UK,,£548.98,£600.00\n07 Sep 2026,DD,POWER,50.10,,£549.90\n", accounts.BankHint{Currency: "GBP"},
			"2026-09-06 548.98 GBP AMAZON UK\n2026-09-07 -50.10 GBP POWER"},
		{"Japan, Shift-JIS, yen", sjis, accounts.BankHint{Currency: "JPY"}, "2026-09-07 76718 JPY 振込 アマゾンジャパン\n2026-09-08 -5400 JPY 電気代"},
		{"Soll and Haben behind the amount, sign behind", "Datum;Buchungstext;Umsatz\n06.09.2026;Amazon;12,50 H\n07.09.2026;Miete;3,00 S\n08.09.2026;x;1,00-\n", accounts.BankHint{Currency: "EUR"},
			"2026-09-06 12.50 EUR Amazon\n2026-09-07 -3.00 EUR Miete\n2026-09-08 -1.00 EUR x"},
		{"tabs, a mark at the beginning, the currency beside the amount", "\xef\xbb\xbfDate\tAmount\tDetails\n2026-09-06\t12.50 EUR\tAmazon\n", accounts.BankHint{Currency: "EUR"},
			"2026-09-06 12.50 EUR Amazon"},
		{"day first, told by a day, with dashes", "Date,Amount\n12-12-2026,1.00\n13-12-2026,2.00\n", accounts.BankHint{Currency: "EUR"},
			"2026-12-12 1.00 EUR \n2026-12-13 2.00 EUR "},
		{"year first, with slashes, told by nothing", "Date,Amount\n2026/09/06,1.00\n", accounts.BankHint{Currency: "EUR", Days: "dmy"}, "2026-09-06 1.00 EUR "},
		{"one place behind a comma", "Datum;Betrag\n06.09.2026;12,5\n07.09.2026;1.000\n", accounts.BankHint{Currency: "EUR"},
			"2026-09-06 12.50 EUR \n2026-09-07 1000.00 EUR "},
		{"a currency of its own on each line", "Date,Amount,Currency,Description\n2026-09-06,1.00,€,a\n2026-09-07,2,円,b\n2026-09-08,3.00,,\n", accounts.BankHint{Currency: "USD"},
			"2026-09-06 1.00 EUR a\n2026-09-07 2 JPY b\n2026-09-08 3.00 USD "},
		{"a short line at the end", "Date,Amount,Payee,Description\n2026-09-06,1.00,a,b\n2026-09-07,2.00\n", accounts.BankHint{Currency: "USD"},
			"2026-09-06 1.00 USD a b\n2026-09-07 2.00 USD "},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := accounts.ReadBank([]byte(c.text), c.hint)
			if err != nil {
				t.Fatal(err)
			}
			if got := bankRows(f); got != c.want {
				t.Errorf("read\n%s\nwant\n%s", got, c.want)
			}
			if len(f.Bad) > 0 {
				t.Errorf("not read: %+v", f.Bad)
			}
		})
	}
}

func TestABankFileThatLeavesSomethingOpen(t *testing.T) {
	for _, c := range []struct {
		name, text string
		hint       accounts.BankHint
		want       error
	}{
		{"empty", "", accounts.BankHint{Currency: "EUR"}, accounts.ErrBankColumns},
		{"no headings", "2026-09-06,12.50\n", accounts.BankHint{Currency: "EUR"}, accounts.ErrBankColumns},
		{"a page instead", "<!DOCTYPE html><html></html>", accounts.BankHint{Currency: "EUR"}, accounts.ErrBankColumns},
		{"bytes", "\x00\xff\xfe\x80", accounts.BankHint{Currency: "EUR"}, accounts.ErrBankColumns},
		{"no currency", "Date,Amount\n2026-09-06,12.50\n", accounts.BankHint{}, accounts.ErrBankCurrency},
		{"day or month first", "Date,Amount\n06/09/2026,12.50\n12/12/2026,1.00\n", accounts.BankHint{Currency: "EUR"}, accounts.ErrBankDays},
		{"a date and no amount", "Date,Description\n2026-09-06,a\n", accounts.BankHint{Currency: "EUR"}, accounts.ErrBankColumns},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := accounts.ReadBank([]byte(c.text), c.hint); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	f, err := accounts.ReadBank([]byte("Date,Amount\n2026-09-06,abc\n2026-13-01,1.00\n2026-09-07,1.00\n2026-09-08,1.234\n"), accounts.BankHint{Currency: "EUR"})
	if err != nil || len(f.Rows) != 1 || len(f.Bad) != 3 || f.Bad[0].Line != 2 {
		t.Errorf("%+v, %v", f, err)
	}
}

// A file of two countries' habits is refused rather than guessed.
func TestABankFileOfTwoHabits(t *testing.T) {
	for name, text := range map[string]string{
		"decimal marks": "Date;Amount\n2026-09-06;1,50\n2026-09-07;1.50\n",
		"days":          "Date,Amount\n13/09/2026,1.00\n09/13/2026,1.00\n",
	} {
		if f, err := accounts.ReadBank([]byte(text), accounts.BankHint{Currency: "EUR"}); err == nil || !strings.Contains(err.Error(), "no single statement") {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func FuzzReadBank(f *testing.F) {
	f.Add([]byte("Date,Amount\n2026-09-06,12.50\n"), "EUR")
	f.Add([]byte("Buchungstag;Betrag\n06.09.26;1.234,56 S\n"), "EUR")
	f.Fuzz(func(t *testing.T, data []byte, currency string) {
		file, err := accounts.ReadBank(data, accounts.BankHint{Currency: currency})
		if err != nil {
			return
		}
		for _, r := range file.Rows {
			if len(r.Day) != 10 || len(r.Amount.Currency) != 3 || strings.ContainsAny(r.Text, "\r\n") {
				t.Errorf("%+v", r)
			}
		}
	})
}
