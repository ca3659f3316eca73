package accounts_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"countinghouse/data/accounts"
	"countinghouse/data/books"
)

func usd(minor int64) books.Money { return books.Money{Minor: minor, Currency: "USD"} }

func entries(t *testing.T, c accounts.Chart, o accounts.Options, items ...accounts.Item) []accounts.Entry {
	t.Helper()
	j := accounts.NewJournal(c, o)
	for _, i := range items {
		if err := j.Add(i); err != nil {
			t.Fatal(err)
		}
	}
	all, err := j.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// postings gives "account amount" lines of an entry.
func postings(e accounts.Entry) []string {
	var out []string
	for _, p := range e.Postings {
		out = append(out, p.Account.Name+" "+p.Amount.String())
	}
	return out
}

func TestEachKindOfMoneyMeetsItsAccount(t *testing.T) {
	for _, c := range []struct {
		name string
		item accounts.Item
		want []string
	}{
		{"a sale", accounts.Item{Line: books.SalesProduct, Amount: usd(2500)}, []string{"Income:Amazon:Sales -25.00 USD", "Assets:Amazon:Receivable 25.00 USD"}},
		{"a fee", accounts.Item{Line: books.FeeReferral, Amount: usd(-375)}, []string{"Expenses:Amazon:Fees:Referral 3.75 USD", "Assets:Amazon:Receivable -3.75 USD"}},
		{"a payout", accounts.Item{Line: books.CashPayout, Amount: usd(1759)}, []string{"Assets:Bank:Amazon-Payouts 17.59 USD", "Assets:Amazon:Receivable -17.59 USD"}},
		{"a charge", accounts.Item{Line: books.CashPayout, Amount: usd(-500)}, []string{"Assets:Bank:Amazon-Payouts -5.00 USD", "Assets:Amazon:Receivable 5.00 USD"}},
		{"a reserve kept back", accounts.Item{Line: books.CashReserve, Amount: usd(-900)}, []string{"Assets:Amazon:Reserve 9.00 USD", "Assets:Amazon:Receivable -9.00 USD"}},
		{"a loan", accounts.Item{Line: books.CashLoan, Amount: usd(80000)}, []string{"Liabilities:Amazon-Loan -800.00 USD", "Assets:Amazon:Receivable 800.00 USD"}},
		{"tax collected", accounts.Item{Line: books.TaxCollected, Amount: usd(200)}, []string{"Liabilities:Sales-Tax:Collected -2.00 USD", "Assets:Amazon:Receivable 2.00 USD"}},
		{"cost of goods", accounts.Item{Line: books.COGS, Amount: usd(-700), Own: true}, []string{"Expenses:Cost-of-Goods 7.00 USD", "Assets:Inventory -7.00 USD"}},
		{"own postage", accounts.Item{Line: books.Postage, Amount: usd(-320), Own: true}, []string{"Expenses:Postage 3.20 USD", "Liabilities:Own-Costs -3.20 USD"}},
		{"tax on a fee, a cost", accounts.Item{Line: books.FBAStorage, Path: "AmazonFees/FBAStorageFee/Tax", Amount: usd(-19)}, []string{"Expenses:Amazon:Fees:Tax-on-Fees 0.19 USD", "Assets:Amazon:Receivable -0.19 USD"}},
		{"tax on a fee, recovered", accounts.Item{Line: books.FBAStorage, Path: "AmazonFees/FBAStorageFee/Tax", Amount: usd(-19), Recoverable: true}, []string{"Assets:Input-Tax 0.19 USD", "Assets:Amazon:Receivable -0.19 USD"}},
		{"tax on a sale is no fee's", accounts.Item{Line: books.TaxCollected, Path: "Sales/Tax", Amount: usd(19), Recoverable: true}, []string{"Liabilities:Sales-Tax:Collected -0.19 USD", "Assets:Amazon:Receivable 0.19 USD"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.item.Day = "2026-03-04"
			all := entries(t, accounts.StandardChart(), accounts.Options{}, c.item)
			if len(all) != 1 {
				t.Fatalf("%d entries", len(all))
			}
			if d := cmp.Diff(c.want, postings(all[0])); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestASettlementOverTwoMonthsIsSplitAndCleared(t *testing.T) {
	all := entries(t, accounts.StandardChart(), accounts.Options{Settlement: "77"},
		accounts.Item{Day: "2026-03-30", Connection: "na", Line: books.SalesProduct, Amount: usd(1000)},
		accounts.Item{Day: "2026-03-31", Connection: "na", Line: books.FeeReferral, Amount: usd(-150)},
		accounts.Item{Day: "2026-04-01", Connection: "na", Line: books.SalesProduct, Amount: usd(2000)},
		accounts.Item{Day: "2026-04-05", Connection: "na", Line: books.CashPayout, Amount: usd(2850)})
	var got []string
	var clearing int64
	for _, e := range all {
		got = append(got, e.Day+" "+strings.Join(postings(e), ", "))
		for _, p := range e.Postings {
			if p.Key == accounts.Amazon {
				clearing += p.Amount.Minor
			}
		}
	}
	want := []string{
		"2026-03-31 Income:Amazon:Sales -10.00 USD, Expenses:Amazon:Fees:Referral 1.50 USD, Assets:Amazon:Receivable 8.50 USD",
		"2026-04-01 Income:Amazon:Sales -20.00 USD, Assets:Amazon:Receivable 20.00 USD",
		"2026-04-05 Assets:Bank:Amazon-Payouts 28.50 USD, Assets:Amazon:Receivable -28.50 USD",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if clearing != 0 {
		t.Errorf("the clearing account keeps %d", clearing)
	}
}

func TestAClosedMonthStandsOnItsLastDay(t *testing.T) {
	items := []accounts.Item{
		{Day: "2026-02-10", Connection: "na", Line: books.SalesProduct, Amount: usd(1000)},
		{Day: "2026-02-12", Connection: "na", Line: books.FeeReferral, Amount: usd(-150)},
		{Day: "2026-02-14", Connection: "na", Line: books.CashPayout, Amount: usd(850)}, // the bank has it on that day
	}
	for _, tt := range []struct {
		options accounts.Options
		days    string
	}{
		{accounts.Options{}, "2026-02-12 2026-02-14"},
		{accounts.Options{Last: true}, "2026-02-14 2026-02-28"},
		{accounts.Options{Detail: accounts.ByEvent, Last: true}, "2026-02-10 2026-02-12 2026-02-14"},
	} {
		var days []string
		for _, e := range entries(t, accounts.StandardChart(), tt.options, items...) {
			days = append(days, e.Day)
		}
		if got := strings.Join(days, " "); got != tt.days {
			t.Errorf("%+v: entries on %s, want %s", tt.options, got, tt.days)
		}
	}
}

func TestEveryEntryBalancesInEveryDetail(t *testing.T) {
	item := rapid.Custom(func(t *rapid.T) accounts.Item {
		return accounts.Item{
			Day:        fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 3).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")),
			Connection: rapid.SampledFrom([]string{"na", "eu"}).Draw(t, "connection"),
			Event:      rapid.StringMatching(`[a-c]`).Draw(t, "event"), SKU: rapid.String().Draw(t, "sku"),
			Line:   rapid.SampledFrom(books.Lines()).Draw(t, "line"),
			Amount: books.Money{Minor: rapid.Int64Range(-1e12, 1e12).Draw(t, "minor"), Currency: rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "currency")},
			Own:    rapid.Bool().Draw(t, "own"), Estimated: rapid.Bool().Draw(t, "estimated"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOf(item).Draw(t, "items")
		detail := rapid.SampledFrom([]accounts.Detail{accounts.ByMonth, accounts.ByDay, accounts.ByEvent}).Draw(t, "detail")
		j := accounts.NewJournal(accounts.StandardChart(), accounts.Options{Detail: detail})
		earned := map[string]int64{} // all but payouts, through Amazon: what the clearing account must hold
		for _, i := range items {
			if err := j.Add(i); err != nil {
				t.Fatal(err)
			}
			switch {
			case i.Line == books.CashPayout:
				earned[i.Amount.Currency] -= i.Amount.Minor
			case i.Line != books.COGS && !i.Own:
				earned[i.Amount.Currency] += i.Amount.Minor
			}
		}
		all, err := j.Entries()
		if err != nil {
			t.Fatal(err)
		}
		held := map[string]int64{}
		for _, e := range all {
			var sum int64
			for _, p := range e.Postings {
				if p.Amount.Currency != e.Postings[0].Amount.Currency {
					t.Fatalf("%s holds two currencies", e.ID)
				}
				sum += p.Amount.Minor
				if p.Key == accounts.Amazon {
					held[p.Amount.Currency] += p.Amount.Minor
				}
			}
			if sum != 0 {
				t.Fatalf("%s is off by %d", e.ID, sum)
			}
		}
		for c, want := range earned {
			if held[c] != want {
				t.Fatalf("the clearing account holds %d %s, want %d", held[c], c, want)
			}
		}
	})
}

func TestWhatCannotBeBookedIsRefused(t *testing.T) {
	j := accounts.NewJournal(accounts.StandardChart(), accounts.Options{})
	for _, i := range []accounts.Item{
		{Day: "", Line: books.SalesProduct, Amount: usd(1)},
		{Day: "2026-03-04", Line: books.SalesProduct, Amount: books.Money{Minor: 1}},
	} {
		if err := j.Add(i); err == nil {
			t.Errorf("%+v was booked", i)
		}
	}
	least := accounts.Item{Day: "2026-03-04", Line: books.SalesProduct, Amount: usd(math.MinInt64)}
	if err := j.Add(least); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("the least amount: %v", err)
	}
	most := accounts.Item{Day: "2026-03-04", Line: books.SalesProduct, Amount: usd(math.MaxInt64)}
	if err := errors.Join(j.Add(most), j.Add(most)); !errors.Is(err, books.ErrOverflow) {
		t.Errorf("twice the most: %v", err)
	}
}

// hostile is text that means something to CSV, spreadsheets, hledger or Beancount.
var hostile = []string{
	"=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", " =1", "a;b", "a\nb\n2026-01-01 fake\n    Assets:X  1 USD", "a  ; date:2026-99-99", "[2026-99-99]",
	`"quoted" \ back`, "a|b", "(x) y", "date:2026-99-99, b", "日本語 商品", "Größe", "a\x00b", "\u2028", "%41", "{x}", "!", "*", strings.Repeat("x", 5000),
}

func hostileEntries(t *testing.T) []accounts.Entry {
	t.Helper()
	c := accounts.StandardChart()
	c[accounts.Key(books.SalesProduct)] = accounts.Account{Name: "Erlöse:{marketplace}", Code: "8400", Type: accounts.Income}
	var items []accounts.Item
	for i, h := range hostile {
		items = append(items, accounts.Item{
			Day: "2026-03-04", Connection: "na", Marketplace: h, Settlement: h, Event: fmt.Sprint(i), Order: h, SKU: h,
			Line: books.SalesProduct, Amount: usd(int64(100 + i)),
		})
	}
	return entries(t, c, accounts.Options{Detail: accounts.ByEvent}, items...)
}

func TestHostileNamesStayTextInCSV(t *testing.T) {
	var out bytes.Buffer
	if err := accounts.WriteCSV(&out, hostileEntries(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+2*len(hostile) {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		for i, cell := range row {
			if strings.ContainsAny(cell, "\r\n\t\x00") {
				t.Errorf("column %s breaks its line: %q", accounts.CSVColumns[i], cell)
			}
			if s := strings.TrimLeft(cell, " "); s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
				t.Errorf("column %s runs %q", accounts.CSVColumns[i], cell)
			}
		}
	}
}

func TestHostileNamesPassHledger(t *testing.T) {
	all := hostileEntries(t)
	var out bytes.Buffer
	if err := accounts.WriteHledger(&out, all); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n2026-"); n != len(hostile) {
		t.Errorf("%d transactions, want %d", n, len(hostile))
	}
	hledger(t, out.String(), "check", "--strict")
	balance := hledger(t, out.String(), "balance", "-N", "--flat", "Assets:Amazon:Receivable")
	want := 0
	for i := range hostile {
		want += 100 + i
	}
	if got := strings.Fields(balance)[0]; got != usd(int64(want)).Decimal() {
		t.Errorf("hledger adds up to %s, want %s", got, usd(int64(want)).Decimal())
	}
}

// hledger runs Debian's hledger on a journal and gives what it prints.
func hledger(t *testing.T, journal string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("hledger")
	if err != nil {
		t.Skip("hledger is not installed")
	}
	file := filepath.Join(t.TempDir(), "books.journal")
	if err := os.WriteFile(file, []byte(journal), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{"-f", file}, args...)...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("hledger %v: %v\n%.2000s", args, err, out)
	}
	return string(out)
}

func TestHostileNamesStayStringsInBeancount(t *testing.T) {
	var out bytes.Buffer
	if err := accounts.WriteBeancount(&out, hostileEntries(t)); err != nil && !strings.Contains(err.Error(), "in Beancount") {
		t.Fatal(err)
	}
	one := entries(t, accounts.StandardChart(), accounts.Options{Detail: accounts.ByEvent},
		accounts.Item{Day: "2026-03-04", Connection: "na", SKU: "a\"b\\c\nd", Line: books.SalesProduct, Amount: usd(100)})
	out.Reset()
	if err := accounts.WriteBeancount(&out, one); err != nil {
		t.Fatal(err)
	}
	want := `2026-03-04 open Assets:Amazon:Receivable
  code: "1200"
2026-03-04 open Income:Amazon:Sales
  code: "4000"

2026-03-04 * "Amazon" "Amazon (na, USD)"
  entry: "2026-03-04-na-USD"
  sku: "a\"b\\c d"
  Income:Amazon:Sales                                          -1.00 USD
  Assets:Amazon:Receivable                                      1.00 USD
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}

func TestLastDay(t *testing.T) {
	for month, want := range map[string]string{
		"2026-01": "2026-01-31", "2026-02": "2026-02-28", "2028-02": "2028-02-29", "2100-02": "2100-02-28", "2000-02": "2000-02-29",
		"2026-04": "2026-04-30", "2026-06": "2026-06-30", "2026-09": "2026-09-30", "2026-11": "2026-11-30", "2026-12": "2026-12-31",
	} {
		if got := accounts.LastDay(month); got != want {
			t.Errorf("%s ends on %s, want %s", month, got, want)
		}
	}
}
